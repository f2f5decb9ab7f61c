import { describe, expect, it } from 'vitest';
import { lines, notices, products, read, refusals, text } from './shopify-csv.fixture.ts';

describe('the rows of a product', () => {
  it('are put together when they do not stand together, and it says so', async () => {
    const items = await read(lines('a,A,Size,S,,1,', 'b,B,,,,2,', 'a,,,M,,3,'));
    expect(items.flatMap((item) => (item.kind === 'product' ? [[item.handle, item.rows]] : []))).toEqual([
      ['b', [3, 3]],
      ['a', [2, 4]],
    ]);
    expect(notices(items)).toEqual([
      [2, null, 'The rows of this product do not stand together (rows 2 to 4); they were put together.'],
    ]);
    expect(products(items)[1]!.options).toEqual([{ name: 'Size', values: ['S', 'M'] }]);
  });

  it('without a handle are refused, and so is the product they may belong to', async () => {
    const items = await read(lines('a,A,Size,S,,1,', ',,,M,,2,', 'b,B,,,,2,', ',C,,,,3,'));
    expect(refusals(items)).toEqual([
      [2, null, 'Row 3 has no handle and may be a part of this product, which is therefore not imported.'],
      [3, 'Handle', 'The row has no handle, so it cannot be told which product it belongs to.'],
      [5, 'Handle', 'The row has no handle, so it cannot be told which product it belongs to.'],
    ]);
    expect(products(items).map(({ handle }) => handle)).toEqual(['b']);
  });

  it('give the same product for handles in upper and lower case', async () => {
    expect(products(await read(lines('Mug,Mug,Size,S,,1,', 'mug,,,M,,2,')))[0]!.variants.map(({ sku }) => sku)).toEqual(
      ['mug_s', 'mug_m'],
    );
  });

  it('name pictures in the order of their positions, each once', async () => {
    const header = 'Handle,Title,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image';
    const items = await read(
      text(
        `${header}\na,A,1,https://x.example/2.jpg,2,,https://x.example/1.jpg\na,,,https://x.example/1.jpg,1,One,\na,,,https://x.example/2.jpg,3,Two,\na,,,not a picture,4,,\n`,
      ),
    );
    expect(products(items)[0]!.pictures).toEqual([
      { url: 'https://x.example/1.jpg', alt: 'One' },
      { url: 'https://x.example/2.jpg', alt: 'Two' },
    ]);
    expect(notices(items)).toEqual([
      [5, 'Image Src', '“not a picture” is not a web address of a picture. The picture was left out.'],
    ]);
  });

  it.each([
    ['no title', ['a,,,,,1,'], [[2, 'Title', 'The first row of the product has no title.']]],
    ['no price', ['a,A,,,S1,,'], [[2, 'Variant Price', 'The variant has no price.']]],
    [
      'only a picture',
      ['a,A,,,,,https://x.example/a.jpg'],
      [[2, 'Variant Price', 'The product has no variant with a price.']],
    ],
    [
      'a price that is no number',
      ['a,A,,,,free,'],
      [[2, 'Variant Price', '“free” is not an amount of money; write it like 1234.50, without a currency sign.']],
    ],
    [
      'a negative price',
      ['a,A,,,,-1,'],
      [[2, 'Variant Price', 'An amount of money cannot be negative, but this one is -1.']],
    ],
    [
      'an option without a value',
      ['a,A,Size,S,,1,', 'a,,,,X,2,'],
      [[3, 'Option1 Value', 'The variant has no value for the option “Size”.']],
    ],
    [
      'a value without an option',
      ['a,A,,Red,,1,'],
      [[2, 'Option1 Value', 'The variant has the value “Red” for an option that the product does not have.']],
    ],
    [
      'the same variant twice',
      ['a,A,Size,S,,1,', 'a,,,s,,2,'],
      [[3, 'Option1 Value', 'The variant “S” is already in row 2.']],
    ],
    [
      'two sole variants',
      ['a,A,,,,1,', 'a,,,,,2,'],
      [[3, 'Option1 Value', 'Row 2 is already the only variant of this product.']],
    ],
    ['one SKU twice', ['a,A,Size,S,X,1,', 'a,,,M,X,2,'], [[3, 'Variant SKU', 'The SKU “X” is already used in row 2.']]],
    [
      'a handle that is no part of an address',
      ['a/b,A,,,,1,'],
      [[2, 'Handle', '“a/b” cannot be part of a web address; a handle has letters, digits and hyphens, 200 at most.']],
    ],
    [
      'a control character',
      ['a,A\u0007,,,,1,'],
      [[2, 'Title', 'The text holds a control character, which no text of a shop needs.']],
    ],
    [
      'a title that is too long',
      [`a,${'A'.repeat(301)},,,,1,`],
      [[2, 'Title', 'The text has 301 characters; 300 are allowed.']],
    ],
  ])('are refused with %s', async (_, rows, expected) => {
    const items = await read(lines(...rows, 'z,Z,,,,1,'));
    expect(refusals(items)).toEqual(expected);
    expect(products(items).map(({ handle }) => handle)).toEqual(['z']);
  });

  it('name everything that is wrong at once', async () => {
    const header =
      'Handle,Title,Variant Price,Variant Compare At Price,Variant Inventory Qty,Variant Weight Unit,Variant Taxable,Status,Variant Inventory Policy,Cost per item';
    const items = await read(text(`${header}\na,A,x,y,1.5,stone,perhaps,gone,never,-2\n`));
    expect(refusals(items).map(([, column]) => column)).toEqual([
      'Variant Price',
      'Variant Compare At Price',
      'Cost per item',
      'Variant Weight Unit',
      'Variant Taxable',
      'Variant Inventory Qty',
      'Variant Inventory Policy',
      'Status',
    ]);
  });

  it('are refused with a fourth option and with more than a hundred variants', async () => {
    const four = await read(text('Handle,Title,Variant Price,Option4 Name,Option4 Value\na,A,1,Cut,Wide\n'));
    expect(refusals(four)).toEqual([[2, 'Option4 Name', 'A product can have three options at most.']]);
    const many = await read(
      lines(...Array.from({ length: 101 }, (_, at) => `a,${at === 0 ? 'A' : ''},${at === 0 ? 'Size' : ''},${at},,1,`)),
    );
    expect(refusals(many)).toEqual([[2, 'Option1 Value', 'The product has 101 variants; 100 are allowed.']]);
  });

  it('are refused when another product has their SKU', async () => {
    const items = await read(lines('a,A,,,X,1,', 'b,B,,,X,1,'));
    expect(refusals(items)).toEqual([[3, 'Variant SKU', 'The SKU “X” already belongs to the product “a” of row 2.']]);
  });

  it('keep the price to compare with only where it is higher, and count no less than nothing', async () => {
    const items = await read(
      text('Handle,Title,Variant Price,Variant Compare At Price,Variant Inventory Qty\na,A,10,8,-4\nb,B,10,0,2\n'),
    );
    expect(products(items).map(({ variants: [one] }) => [one!.compareAtMinor, one!.quantity])).toEqual([
      [null, 0],
      [null, 2],
    ]);
    expect(notices(items)).toEqual([
      [2, 'Variant Compare At Price', 'The price to compare with is not above the price and was left out.'],
      [2, 'Variant Inventory Qty', 'More was sold than there was: the quantity -4 is imported as 0.'],
    ]);
  });

  it('know drafts, archived products and gift cards', async () => {
    const items = await read(
      text(
        'Handle,Title,Variant Price,Published,Status,Gift Card\na,A,1,TRUE,active,\nb,B,1,false,active,\nc,C,1,true,archived,\nd,D,1,true,draft,true\ne,E,1,,,\n',
      ),
    );
    expect(products(items).map(({ status, giftCard }) => [status, giftCard])).toEqual([
      ['ACTIVE', false],
      ['DRAFT', false],
      ['ARCHIVED', false],
      ['DRAFT', true],
      ['ACTIVE', false],
    ]);
  });

  it('weigh what the grams say, or the weight in its unit', async () => {
    const grams = await read(text('Handle,Title,Variant Price,Variant Grams,Variant Weight Unit\na,A,1,454,lb\n'));
    const unit = await read(text('Handle,Title,Variant Price,Variant Weight,Variant Weight Unit\na,A,1,2,lb\n'));
    expect([grams, unit].map((items) => products(items)[0]!.variants[0]!.weightGrams)).toEqual([454, 907]);
  });

  it('are refused where a spreadsheet destroyed the barcode', async () => {
    const items = await read(text("Handle,Title,Variant Price,Variant Barcode\na,A,1,5.06E+12\nb,B,1,'0123\n"));
    expect(refusals(items)).toEqual([
      [2, 'Variant Barcode', 'A spreadsheet turned the barcode into the number “5.06E+12”; its digits are lost.'],
    ]);
    expect(products(items)[0]!.variants[0]!.barcode).toBe('0123');
  });

  it('in the names of the present product template are read too', async () => {
    const header =
      'Title,URL handle,Description,Published on online store,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,Charge tax,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description';
    const items = await read(
      text(
        `${header}\nMug,mug,<p>Hi</p>,TRUE,Active,M-1,,,12.00,,TRUE,4,FALSE,380,g,TRUE,https://x.example/m.jpg,1,A mug,,FALSE,T,D\n`,
      ),
    );
    expect([refusals(items), notices(items)]).toEqual([[], []]);
    expect(products(items)[0]).toMatchObject({
      handle: 'mug',
      title: 'Mug',
      descriptionHtml: '<p>Hi</p>',
      seo: { title: 'T', description: 'D' },
    });
    expect(products(items)[0]!.variants[0]).toMatchObject({
      sku: 'M-1',
      priceMinor: 1200,
      quantity: 4,
      weightGrams: 380,
      sellWhenOutOfStock: false,
    });
  });
});
