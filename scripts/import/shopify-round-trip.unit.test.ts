import { currency } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImportedProduct, type ImportedVariant, readShopifyCsv, type ShopifyItem } from './shopify-csv.ts';

/** Text as people write it: quotes, commas, line breaks, other scripts; no control characters, no blank ends. */
const text = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
      fc.string({
        unit: fc.constantFrom('a', 'B', '"', ',', ';', '\n', '\r\n', ' ', 'é', '日', 'ع', '😀', "'"),
        minLength: 1,
        maxLength,
      }),
    )
    .filter(
      (value) =>
        value.trim() === value &&
        value !== '' &&
        value.length <= 100 &&
        !/[^\P{Cc}\t\r\n]|\ufffd|[\u00c2\u00c3][\u0080-\u00bf]|â€/u.test(value),
    );

const plain = text(20).filter((value) => value.toLowerCase() !== 'default title' && !value.startsWith("'"));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const url = fc.nat(9999).map((id) => `https://pictures.example.com/${id}.jpg`);

const variant = (
  options: readonly { values: readonly string[] }[],
  index: number,
  handle: string,
): fc.Arbitrary<ImportedVariant> =>
  fc
    .record({
      priceMinor: fc.nat(9_999_999),
      reduction: maybe(fc.integer({ min: 1, max: 99_999 })),
      costMinor: maybe(fc.nat(9_999_999)),
      weightGrams: fc.nat(1_000_000),
      weightUnit: fc.constantFrom('g', 'kg', 'oz', 'lb'),
      requiresShipping: fc.boolean(),
      taxable: fc.boolean(),
      taxCode: maybe(fc.constant('P0000000')),
      barcode: maybe(fc.stringMatching(/^\d{8,13}$/)),
      quantity: maybe(fc.nat(10_000)),
      sellWhenOutOfStock: fc.boolean(),
    })
    .map(({ reduction, ...rest }) => ({
      ...rest,
      sku: `${handle}-${index}`,
      skuGenerated: false,
      compareAtMinor: reduction === null ? null : rest.priceMinor + reduction,
      pictureUrl: null,
      markets: [],
      optionValues: options.map(
        ({ values }, at) =>
          values[
            Math.floor(index / options.slice(0, at).reduce((count, one) => count * one.values.length, 1)) %
              values.length
          ]!,
      ),
    }));

const distinct = { selector: (value: string) => value.toLowerCase() };

const product = (handle: string): fc.Arbitrary<ImportedProduct> =>
  fc
    .uniqueArray(fc.tuple(plain, fc.uniqueArray(plain, { minLength: 1, maxLength: 3, ...distinct })), {
      maxLength: 3,
      selector: ([name]) => name.toLowerCase(),
    })
    .map((all) => all.map(([name, values]) => ({ name, values })))
    .chain((options) => {
      const count = options.reduce((all, { values }) => all * values.length, 1);
      return fc.record({
        handle: fc.constant(handle),
        title: text(40),
        descriptionHtml: fc.oneof(fc.constant(''), text(60)),
        vendor: maybe(text(20)),
        type: maybe(text(20)),
        category: fc.uniqueArray(
          text(10).filter((name) => !name.includes('>')),
          { maxLength: 3 },
        ),
        tags: fc.uniqueArray(
          text(10).filter((tag) => !tag.includes(',')),
          { maxLength: 4, ...distinct },
        ),
        status: fc.constantFrom('ACTIVE', 'DRAFT', 'ARCHIVED'),
        giftCard: fc.boolean(),
        seo: fc.record({ title: maybe(text(40)), description: maybe(text(60)) }),
        options: fc.constant(options),
        variants: fc.tuple(...Array.from({ length: count }, (_, index) => variant(options, index, handle))),
        pictures: fc.uniqueArray(fc.record({ url, alt: maybe(text(20)) }), {
          maxLength: 5,
          selector: (picture) => picture.url,
        }),
        metafields: fc.constant([]),
      });
    });

const products: fc.Arbitrary<ImportedProduct[]> = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?$/), { minLength: 1, maxLength: 5 })
  .chain((handles) => fc.tuple(...handles.map(product)));

const HEADER = [
  'Handle',
  'Title',
  'Body (HTML)',
  'Vendor',
  'Product Category',
  'Type',
  'Tags',
  'Published',
  'Option1 Name',
  'Option1 Value',
  'Option2 Name',
  'Option2 Value',
  'Option3 Name',
  'Option3 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Qty',
  'Variant Inventory Policy',
  'Variant Price',
  'Variant Compare At Price',
  'Variant Requires Shipping',
  'Variant Taxable',
  'Variant Barcode',
  'Image Src',
  'Image Position',
  'Image Alt Text',
  'Gift Card',
  'SEO Title',
  'SEO Description',
  'Variant Weight Unit',
  'Variant Tax Code',
  'Cost per item',
  'Status',
] as const;

const decimal = (minor: number | null): string =>
  minor === null ? '' : `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

/** One product as the format writes it: variants and pictures side by side, whichever are more. */
function rowsOf(one: ImportedProduct): Record<string, string>[] {
  const sole = one.options.length === 0;
  return Array.from({ length: Math.max(one.variants.length, one.pictures.length) }, (_, at) => {
    const row: Record<string, string> = { Handle: one.handle };
    if (at === 0) {
      Object.assign(row, {
        Title: one.title,
        'Body (HTML)': one.descriptionHtml,
        Vendor: one.vendor ?? '',
        'Product Category': one.category.join(' > '),
        Type: one.type ?? '',
        Tags: one.tags.join(', '),
        Published: one.status === 'DRAFT' ? 'FALSE' : 'TRUE',
        Status: one.status.toLowerCase(),
        'Gift Card': String(one.giftCard),
        'SEO Title': one.seo.title ?? '',
        'SEO Description': one.seo.description ?? '',
        'Option1 Name': sole ? 'Title' : '',
      });
      one.options.forEach(({ name }, option) => {
        row[`Option${option + 1} Name`] = name;
      });
    }
    const own = one.variants[at];
    if (own) {
      if (sole) row['Option1 Value'] = 'Default Title';
      own.optionValues.forEach((value, option) => {
        row[`Option${option + 1} Value`] = value;
      });
      Object.assign(row, {
        'Variant SKU': own.sku,
        'Variant Grams': String(own.weightGrams),
        'Variant Weight Unit': own.weightUnit,
        'Variant Inventory Qty': own.quantity === null ? '' : String(own.quantity),
        'Variant Inventory Policy': own.sellWhenOutOfStock ? 'continue' : 'deny',
        'Variant Price': decimal(own.priceMinor),
        'Variant Compare At Price': decimal(own.compareAtMinor),
        'Variant Requires Shipping': String(own.requiresShipping),
        'Variant Taxable': String(own.taxable),
        'Variant Tax Code': own.taxCode ?? '',
        'Variant Barcode': own.barcode ?? '',
        'Cost per item': decimal(own.costMinor),
      });
    }
    const picture = one.pictures[at];
    if (picture)
      Object.assign(row, {
        'Image Src': picture.url,
        'Image Position': String(at + 1),
        'Image Alt Text': picture.alt ?? '',
      });
    return row;
  });
}

interface Style {
  delimiter: ',' | ';' | '\t';
  lineBreak: '\n' | '\r\n';
  mark: boolean;
  encoding: 'utf8' | 'utf16le';
  piece: number;
}

function write(all: readonly ImportedProduct[], { delimiter, lineBreak, mark, encoding }: Style): Buffer {
  const cell = (value: string): string => (/["\r\n,;\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const rows = all.flatMap(rowsOf).map((row) => HEADER.map((name) => cell(row[name] ?? '')).join(delimiter));
  return Buffer.from((mark ? '\ufeff' : '') + [HEADER.join(delimiter), ...rows, ''].join(lineBreak), encoding);
}

const style: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  mark: fc.boolean(),
  encoding: fc.constantFrom('utf8', 'utf16le'),
  piece: fc.constantFrom(1, 13, 997, 65_536),
});

async function read(content: Buffer, piece: number): Promise<ShopifyItem[]> {
  const items: ShopifyItem[] = [];
  const source = async function* () {
    for (let at = 0; at < content.length; at += piece) yield content.subarray(at, at + piece);
  };
  for await (const item of readShopifyCsv(source, { currency: currency('EUR') })) items.push(item);
  return items;
}

describe('products written in the format', () => {
  it('are read as they were, whatever the delimiter, the line breaks, the encoding and the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(products, style, async (all, how) => {
        const items = await read(write(all, how), how.piece);
        expect(items.filter(({ kind }) => kind === 'refused')).toEqual([]);
        expect(items.flatMap((item) => (item.kind === 'product' ? [item.product] : []))).toEqual(all);
      }),
      { numRuns: 60 },
    );
  });

  it('never make the reader fail or fall silent, however their bytes are damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        products,
        style,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (all, how, damage, cut) => {
          const content = write(all, how);
          for (const [at, byte] of damage) content[at % content.length] = byte;
          const items = await read(
            content.subarray(0, content.length - (cut % Math.ceil(content.length / 4))),
            how.piece,
          );
          const spoken = items.filter(({ kind }) => kind === 'product' || kind === 'refused');
          expect(spoken.length > 0).toBe(true);
          const file = items.find((item) => item.kind === 'file');
          const told = new Set(
            spoken.flatMap((item) => ('handle' in item && item.handle !== null ? [item.handle] : [])),
          );
          if (file) expect(told.size).toBe(file.products);
          for (const item of items)
            if (item.kind === 'refused' || item.kind === 'notice') expect(item.problem).toMatch(/[.]$/u);
        },
      ),
      { numRuns: 120 },
    );
  });
});
