import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EUR, HEADER, lines, notices, products, read, refusals, text } from './shopify-csv.fixture.ts';
import { fromFile, type ImportedProduct, readShopifyCsv, type Source } from './shopify-csv.ts';

const folder = `${import.meta.dirname}/../../../shared/data/shopify`;
const real = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [];

describe('the real exports', () => {
  if (real.length === 0) {
    console.warn(
      'The real product files are not here (../shared/data/shopify): scripts/import/sample.csv is read in their place.',
    );
  }

  it.runIf(real.includes('apparel.csv'))('apparel.csv: 20 products, the varsity top in three sizes', async () => {
    const items = await read(fromFile(`${folder}/apparel.csv`));
    expect(refusals(items)).toEqual([]);
    expect(notices(items)).toEqual([]);
    expect(items[0]).toMatchObject({ kind: 'file', rows: 22, products: 20, encoding: 'utf-8', delimiter: ',' });
    const all = products(items);
    expect(all.length).toBe(20);
    const top = all.find(({ handle }) => handle === 'classic-varsity-top')!;
    expect(top.options).toEqual([{ name: 'Size', values: ['Small', 'Medium', 'Large'] }]);
    expect(top.variants.map(({ sku, skuGenerated, priceMinor }) => [sku, skuGenerated, priceMinor])).toEqual([
      ['classic-varsity-top_small', true, 6000],
      ['classic-varsity-top_medium', true, 6000],
      ['classic-varsity-top_large', true, 6000],
    ]);
    const shirt = all[0]!;
    expect([shirt.options, shirt.variants.length, shirt.tags, shirt.status]).toEqual([[], 1, ['men'], 'ACTIVE']);
  });

  it.runIf(real.includes('home-and-garden.csv'))(
    'home-and-garden.csv: 20 products with what they cost before',
    async () => {
      const items = await read(fromFile(`${folder}/home-and-garden.csv`));
      expect(refusals(items)).toEqual([]);
      const all = products(items);
      expect(all.length).toBe(20);
      const pot = all[0]!;
      expect(
        pot.variants.map(({ optionValues, priceMinor, quantity }) => [optionValues, priceMinor, quantity]),
      ).toEqual([
        [['Regular'], 999, 1],
        [['Large'], 1599, 3],
      ]);
      expect(pot.pictures.length).toBe(2);
      expect(all.find(({ handle }) => handle === 'copper-light')!.variants[0]!.compareAtMinor).toBe(7500);
    },
  );

  it.each(real)('%s reads the same twice, and no SKU is given twice', async (name) => {
    const [one, two] = [await read(fromFile(`${folder}/${name}`)), await read(fromFile(`${folder}/${name}`))];
    expect(two).toEqual(one);
    const skus = products(one).flatMap(({ variants }) => variants.map(({ sku }) => sku));
    expect(new Set(skus).size).toBe(skus.length);
  });
});

describe('the sample in the newer format', () => {
  it('is read whole', async () => {
    const items = await read(fromFile(`${import.meta.dirname}/sample.csv`));
    expect(refusals(items)).toEqual([]);
    expect(notices(items)).toEqual([]);
    const [scarf, bell, card] = products(items) as [ImportedProduct, ImportedProduct, ImportedProduct];
    expect(scarf).toEqual({
      handle: 'quay-scarf',
      title: 'Quay Scarf',
      descriptionHtml: '<p>Woven in the harbour,\r\nin two lengths.</p>',
      vendor: 'Loom Street',
      type: 'Scarf',
      category: ['Apparel & Accessories', 'Clothing Accessories', 'Scarves'],
      tags: ['wool', 'winter'],
      status: 'ACTIVE',
      giftCard: false,
      seo: { title: 'Quay Scarf, woven', description: 'A woven wool scarf, short or long.' },
      options: [
        { name: 'Length', values: ['Short', 'Long'] },
        { name: 'Colour', values: ['Café'] },
      ],
      variants: [
        {
          sku: 'QS-SHORT-CAFE',
          skuGenerated: false,
          optionValues: ['Short', 'Café'],
          priceMinor: 3900,
          compareAtMinor: null,
          costMinor: 1450,
          weightGrams: 180,
          weightUnit: 'g',
          requiresShipping: true,
          taxable: true,
          taxCode: null,
          barcode: null,
          pictureUrl: 'https://pictures.example.com/quay-scarf-cafe.jpg',
          quantity: 12,
          sellWhenOutOfStock: false,
          markets: [{ market: 'International', included: true, price: '42.00', compareAt: null }],
        },
        {
          sku: 'QS-LONG-CAFE',
          skuGenerated: false,
          optionValues: ['Long', 'Café'],
          priceMinor: 4900,
          compareAtMinor: 5900,
          costMinor: 1800,
          weightGrams: 260,
          weightUnit: 'g',
          requiresShipping: true,
          taxable: true,
          taxCode: null,
          barcode: null,
          pictureUrl: null,
          quantity: 3,
          sellWhenOutOfStock: false,
          markets: [{ market: 'International', included: true, price: '52.00', compareAt: '62.00' }],
        },
      ],
      pictures: [
        { url: 'https://pictures.example.com/quay-scarf-1.jpg', alt: 'A folded scarf' },
        { url: 'https://pictures.example.com/quay-scarf-2.jpg', alt: null },
        { url: 'https://pictures.example.com/quay-scarf-3.jpg', alt: 'The fringe' },
        { url: 'https://pictures.example.com/quay-scarf-cafe.jpg', alt: null },
      ],
      metafields: [{ key: 'custom.fabric', value: 'Wool' }],
    });
    expect([bell.tags, bell.variants[0]!.sku, bell.variants[0]!.weightGrams, bell.variants[0]!.compareAtMinor]).toEqual(
      [['brass', '"door" bell'], 'brass-bell', 450, 3000],
    );
    expect([
      card.status,
      card.variants[0]!.requiresShipping,
      card.variants[0]!.sellWhenOutOfStock,
      card.variants[0]!.quantity,
    ]).toEqual(['DRAFT', false, true, null]);
  });
});

describe('a file that cannot be imported as a whole', () => {
  it.each([
    ['empty', '', 1, null, 'The file is empty.'],
    ['only a header', `${HEADER}\n`, 1, null, 'The file has a header but no products.'],
    [
      'without the needed columns',
      'Name,Cost\nx,1\n',
      1,
      null,
      'The file has no column “Handle”, “Title”, “Variant Price”, which every product needs. Its columns begin with “Name”, “Cost”.',
    ],
    [
      'with a column twice',
      'Handle,Title,Variant Price,Price\nx,X,1,2\n',
      1,
      'Price',
      'The columns “Variant Price” (number 3) and “Price” (number 4) mean the same; one of them must go.',
    ],
    [
      'with a quotation mark that never closes',
      `${HEADER}\na,A,,,,1,\nb,"B,,,,1,\n`,
      3,
      null,
      'A quotation mark opens here and is not closed, so the rows after it cannot be told apart. Nothing of the file was imported.',
    ],
  ])('is refused with one sentence: %s', async (_, content, row, column, problem) => {
    const items = await read(text(content));
    expect(refusals(items)).toEqual([[row, column, problem]]);
    expect(products(items)).toEqual([]);
  });

  it('says so when the name of a column is not UTF-8', async () => {
    const items = await read(text(Buffer.from('Handle,Title,Variant Price,Gr\xf6\xdfe\na,A,1,x\n', 'latin1')));
    expect(refusals(items)).toEqual([
      [
        1,
        'Größe',
        'The name of a column is not UTF-8. Read as Windows-1252 it says “Größe”; if that is right, import with --encoding windows-1252, or save the file as UTF-8.',
      ],
    ]);
  });
});

describe('how a file is written', () => {
  it('in Latin-1, names row and column, refuses that product and imports the others', async () => {
    const source = text(Buffer.from(`${HEADER}\ncafe,Caf\xe9,,,,3,\ntea,Tea,,,,2,\n`, 'latin1'));
    const items = await read(source);
    expect(refusals(items)).toEqual([
      [
        2,
        'Title',
        'The text is not UTF-8. Read as Windows-1252 it says “Café”; if that is right, import with --encoding windows-1252, or save the file as UTF-8.',
      ],
    ]);
    expect(products(items).map(({ title }) => title)).toEqual(['Tea']);
    expect(products(await read(source, { ...EUR, encoding: 'windows-1252' })).map(({ title }) => title)).toEqual([
      'Café',
      'Tea',
    ]);
  });

  it('with semicolons and decimal commas, is read and says so', async () => {
    const items = await read(text('Handle;Title;Variant Price\ntea;Tea;2,50\n'));
    expect(products(items)[0]!.variants[0]!.priceMinor).toBe(250);
    expect(notices(items)).toEqual([
      [1, null, 'The cells are separated by semicolons instead of commas and were read as such.'],
    ]);
  });

  it('with text that was decoded wrongly before, is imported with a notice', async () => {
    const items = await read(lines('cafe,CafÃ©,,,,3,', 'lost,L\ufffdst,,,,3,'));
    expect(notices(items)).toEqual([
      [2, 'Title', 'The text looks as if it had been decoded wrongly before this file was written: “CafÃ©”.'],
      [3, 'Title', 'A letter was lost before this file was written: “L\ufffdst”.'],
    ]);
    expect(products(items).length).toBe(2);
  });

  it('with unknown columns, names each once', async () => {
    const items = await read(text('Handle,Title,Variant Price,Shelf,Google Shopping / Gender\na,A,1,x,y\nb,B,1,x,y\n'));
    expect(notices(items)).toEqual([[1, 'Shelf', 'The column does not belong to the format and was not imported.']]);
  });

  it('with a row cut off at the end of the file, does not import what is left of it', async () => {
    const items = await read(text(`${HEADER}\na,A,,,,1,\nb,B,,,,12`));
    expect(refusals(items)).toEqual([
      [3, null, 'The row has 6 cells and the header 7; the file seems to be cut off here.'],
    ]);
    expect(products(items).map(({ handle }) => handle)).toEqual(['a']);
  });

  it('with short and long rows, reads the one and refuses the other', async () => {
    const items = await read(lines('a,A,,,,1', 'b,B, with a comma,,,,1,https://x.example/b.jpg', 'c,C,,,,1,,,,'));
    expect(notices(items)).toEqual([
      [2, null, 'The row has 6 cells and the header 7; the missing ones were read as empty.'],
    ]);
    expect(refusals(items)).toEqual([
      [
        3,
        null,
        'The row has 8 cells and the header only 7; a text with a comma in it is probably not in quotation marks.',
      ],
    ]);
    expect(products(items).map(({ handle }) => handle)).toEqual(['a', 'c']);
  });
});

describe('a file of 100,000 rows', () => {
  it('gives out its first product before a tenth of it is read the second time', async () => {
    let opened = 0;
    let bytes = 0;
    const source: Source = async function* () {
      opened += 1;
      bytes = 0;
      yield Buffer.from(`${HEADER}\n`);
      for (let at = 0; at < 50_000; at += 100) {
        const piece = Buffer.from(
          Array.from(
            { length: 100 },
            (_, more) => `p-${at + more},Product ${at + more},Size,S,,1.50,\np-${at + more},,,M,,2.50,\n`,
          ).join(''),
        );
        bytes += piece.length;
        yield piece;
      }
    };
    let count = 0;
    let early = 0;
    let total = 0;
    for await (const item of readShopifyCsv(source, EUR)) {
      if (item.kind === 'file') {
        total = bytes;
        expect([item.rows, item.products]).toEqual([100_000, 50_000]);
      }
      if (item.kind === 'product' && ++count === 1) early = bytes;
      if (item.kind === 'refused') throw new Error(item.problem);
    }
    expect([count, opened, early < total / 10]).toEqual([50_000, 3, true]);
  });

  it('whose rows lie too far apart is refused product by product, not held in memory', async () => {
    const source: Source = async function* () {
      yield Buffer.from(`${HEADER}\n`);
      for (const size of ['S', 'M']) {
        for (let at = 0; at < 25_000; at++)
          yield Buffer.from(`p-${at},${size === 'S' ? 'P' : ''},${size === 'S' ? 'Size' : ''},${size},,1,\n`);
      }
    };
    const items = await read(source);
    expect(products(items).length).toBe(20_000);
    const sorted = refusals(items).filter(([, , problem]) =>
      String(problem).endsWith('lie too far apart; sort the file by “Handle”.'),
    );
    expect([sorted.length, refusals(items).length]).toEqual([5_000, 10_000]);
  });
});
