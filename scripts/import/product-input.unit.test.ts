import { currency } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { cellOf, losses, toInput } from './product-input.ts';
import { EUR, read, text } from './shopify-csv.fixture.ts';
import type { Columns, ProductItem } from './shopify-csv.ts';

const place = { channelId: 'chan_1', currency: currency('EUR') };

async function only(csv: string): Promise<{ item: ProductItem; columns: Columns }> {
  const items = await read(text(csv), EUR);
  const file = items.find((item) => item.kind === 'file');
  const product = items.find((item) => item.kind === 'product');
  return { item: product as ProductItem, columns: (file as { columns: Columns }).columns };
}

const full = [
  'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Fabric (product.metafields.custom.fabric),Care (product.metafields.custom.care-label),Variant Image,Cost per item,Status',
  'mug,Mug,<p>A mug</p>,Kiln,Home > Cups,Cup,"blue, gift",TRUE,Size,Small,Colour,Blue,M-S,300,4,deny,12.50,15.00,TRUE,TRUE,0401,https://p.example/2.jpg,2,Two,FALSE,Mug!,A mug.,Clay,,https://p.example/1.jpg,5,active',
  'mug,,,,,,,,,Large,,Blue,M-L,400,0,continue,14,,FALSE,FALSE,,https://p.example/1.jpg,1,One,,,,,Wash by hand,,,',
  '',
].join('\n');

describe('a product of a file as the graph takes it', () => {
  it('says all the file says', async () => {
    const { item, columns } = await only(full);
    expect(toInput(item.product, columns, place)).toEqual({
      handle: 'mug',
      name: 'Mug',
      published: true,
      description: '<p>A mug</p>',
      vendor: 'Kiln',
      productType: 'Cup',
      tags: ['blue', 'gift'],
      categoryPath: [{ name: 'Home' }, { name: 'Cups' }],
      seo: { title: 'Mug!', description: 'A mug.' },
      options: [
        { name: 'Size', values: ['Small', 'Large'] },
        { name: 'Colour', values: ['Blue'] },
      ],
      attributes: [
        { code: 'custom_fabric', name: 'Fabric', value: 'Clay' },
        { code: 'custom_care_label', name: 'Care label', value: 'Wash by hand' },
      ],
      images: [
        { src: 'https://p.example/1.jpg', alt: 'One', position: 1 },
        { src: 'https://p.example/2.jpg', alt: 'Two', position: 2 },
      ],
      variants: [
        {
          sku: 'M-S',
          optionValues: ['Small', 'Blue'],
          prices: [{ channelId: 'chan_1', currency: 'EUR', amount: '12.50', compareAt: '15.00' }],
          cost: { amount: '5.00', currency: 'EUR' },
          weightGrams: 300,
          requiresShipping: true,
          taxable: true,
          barcode: '0401',
          imageUrl: 'https://p.example/1.jpg',
        },
        {
          sku: 'M-L',
          optionValues: ['Large', 'Blue'],
          prices: [{ channelId: 'chan_1', currency: 'EUR', amount: '14.00', compareAt: null }],
          cost: null,
          weightGrams: 400,
          requiresShipping: false,
          taxable: false,
          barcode: null,
          imageUrl: null,
        },
      ],
    });
  });

  it('leaves unsaid what the file has no column for, so that the shop keeps it', async () => {
    const { item, columns } = await only('Handle,Title,Variant Price\nmug,Mug,12\n');
    expect(toInput(item.product, columns, place)).toEqual({
      handle: 'mug',
      name: 'Mug',
      published: true,
      options: [],
      variants: [
        {
          sku: 'mug',
          optionValues: [],
          prices: [{ channelId: 'chan_1', currency: 'EUR', amount: '12.00', compareAt: null }],
        },
      ],
    });
  });

  it('has the decimals of the currency', async () => {
    const { item, columns } = await only('Handle,Title,Variant Price\nmug,Mug,12\n');
    const input = toInput(
      { ...item.product, variants: [{ ...item.product.variants[0]!, priceMinor: 1200 }] },
      columns,
      {
        channelId: 'chan_1',
        currency: currency('JPY'),
      },
    );
    expect(input.variants?.[0]?.prices?.[0]?.amount).toBe('1200');
  });

  it.each([
    ['draft', false, []],
    ['archived', false, ['The archived product was imported as a draft, which shoppers do not see either.']],
    ['active', true, []],
  ])('of the status %s is for sale: %s', async (status, published, told) => {
    const { item, columns } = await only(`Handle,Title,Variant Price,Status\nmug,Mug,12,${status}\n`);
    expect(toInput(item.product, columns, place).published).toBe(published);
    expect([...losses(item.product)].map(({ problem }) => problem)).toEqual(told);
  });

  it('tells what the shop has no place for', async () => {
    const { item, columns } = await only(
      `Handle,Title,Variant Price,Variant Inventory Policy,Gift Card,Story (product.metafields.custom.story)\ncard,Card,12,continue,TRUE,${'x'.repeat(501)}\n`,
    );
    const input = toInput(item.product, columns, place);
    expect([input.published, input.attributes]).toEqual([false, []]);
    expect([...losses(item.product)]).toEqual([
      { field: 'giftCard', problem: 'The shop does not sell gift cards yet; this one was imported as a draft.' },
      {
        field: 'inventoryPolicy',
        problem: 'The shop does not sell what is out of stock; the policy “continue” was not imported.',
      },
      { field: null, problem: 'The metafield “custom.story” has more than 500 characters and was left out.' },
    ]);
  });
});

describe('a mistake the graph found', () => {
  it.each([
    ['handle', 2, 'Handle'],
    ['name', 2, 'Title'],
    ['description', 2, 'Body (HTML)'],
    ['categoryPath.1.name', 2, 'Product Category'],
    ['seo.title', 2, 'SEO Title'],
    ['seo.description', 2, 'SEO Description'],
    ['options.1.name', 2, 'Option2 Name'],
    ['options.0.values.1', 2, 'Option1 Value'],
    ['attributes.1.value', 2, 'Care (product.metafields.custom.care-label)'],
    ['images.0.src', 3, 'Image Src'],
    ['images.1.alt', 2, 'Image Alt Text'],
    ['variants.1.sku', 3, 'Variant SKU'],
    ['variants.1.optionValues', 3, 'Option1 Value'],
    ['variants.0.optionValues.1', 2, 'Option2 Value'],
    ['variants.1.prices.0.amount', 3, 'Variant Price'],
    ['variants.0.prices.0.compareAt', 2, 'Variant Compare At Price'],
    ['variants.1.weightGrams', 3, 'Variant Grams'],
    ['variants.1.imageUrl', 3, 'Variant Image'],
    ['variants', 2, null],
    ['translations.0.locale', 2, null],
    ['', 2, null],
  ])('at %s is in row %d, column %s', async (path, row, column) => {
    const { item, columns } = await only(full);
    const { origin, product, rows } = item;
    expect(cellOf(path.split('.'), { columns, first: rows[0], origin, product })).toEqual({ row, column });
  });
});
