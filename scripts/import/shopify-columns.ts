/** What a column means to us, whichever generation of the export named it. */
export type Field =
  | 'handle'
  | 'title'
  | 'body'
  | 'vendor'
  | 'category'
  | 'type'
  | 'tags'
  | 'published'
  | 'status'
  | 'option1Name'
  | 'option1Value'
  | 'option2Name'
  | 'option2Value'
  | 'option3Name'
  | 'option3Value'
  | 'sku'
  | 'grams'
  | 'weight'
  | 'weightUnit'
  | 'inventoryTracker'
  | 'inventoryQty'
  | 'inventoryPolicy'
  | 'price'
  | 'compareAt'
  | 'cost'
  | 'requiresShipping'
  | 'taxable'
  | 'taxCode'
  | 'barcode'
  | 'imageSrc'
  | 'imagePosition'
  | 'imageAlt'
  | 'variantImage'
  | 'giftCard'
  | 'seoTitle'
  | 'seoDescription';

/** Older exports, newer exports and the present product template, in lower case. */
const names: Readonly<Record<Field, readonly string[]>> = {
  handle: ['handle', 'url handle'],
  title: ['title'],
  body: ['body (html)', 'body html', 'body', 'description'],
  vendor: ['vendor'],
  category: ['product category', 'standard product type', 'standardized product type'],
  type: ['type', 'custom product type'],
  tags: ['tags'],
  published: ['published', 'published on online store'],
  status: ['status'],
  option1Name: ['option1 name'],
  option1Value: ['option1 value'],
  option2Name: ['option2 name'],
  option2Value: ['option2 value'],
  option3Name: ['option3 name'],
  option3Value: ['option3 value'],
  sku: ['variant sku', 'sku'],
  grams: ['variant grams', 'weight value (grams)'],
  weight: ['variant weight'],
  weightUnit: ['variant weight unit', 'weight unit for display'],
  inventoryTracker: ['variant inventory tracker', 'inventory tracker'],
  inventoryQty: ['variant inventory qty', 'inventory quantity'],
  inventoryPolicy: ['variant inventory policy', 'continue selling when out of stock'],
  price: ['variant price', 'price'],
  compareAt: ['variant compare at price', 'compare-at price', 'compare at price'],
  cost: ['cost per item', 'variant cost'],
  requiresShipping: ['variant requires shipping', 'requires shipping'],
  taxable: ['variant taxable', 'charge tax'],
  taxCode: ['variant tax code', 'tax code'],
  barcode: ['variant barcode', 'barcode'],
  imageSrc: ['image src', 'product image url'],
  imagePosition: ['image position'],
  imageAlt: ['image alt text'],
  variantImage: ['variant image', 'variant image url'],
  giftCard: ['gift card'],
  seoTitle: ['seo title'],
  seoDescription: ['seo description'],
};

const fields = new Map<string, Field>(
  (Object.entries(names) as [Field, readonly string[]][]).flatMap(([field, all]) =>
    all.map((name) => [name, field] as const),
  ),
);

/** Columns of the format that say nothing a shop here could use. Passing over them needs no word. */
const passedOver = [
  /^google shopping \//,
  /^variant fulfillment service$/,
  /^fulfillment service$/,
  /^option[123] linked to$/,
  /^(variant )?unit price /,
  /^image (width|height)$/,
];

export interface MarketColumn {
  cell: number;
  market: string;
  kind: 'included' | 'price' | 'compareAt';
}

export interface Columns {
  /** The header as written, by position: what reports name. */
  header: readonly string[];
  at: ReadonlyMap<Field, number>;
  markets: readonly MarketColumn[];
  metafields: readonly { cell: number; key: string }[];
  /** Columns that belong to no known format. */
  unknown: readonly string[];
  /** Cells of a fourth or later option. */
  moreOptions: readonly number[];
}

export interface ColumnProblem {
  cell: number | null;
  problem: string;
}

const quoted = (list: readonly string[]): string => list.map((name) => `“${name}”`).join(', ');

/** Reads a header. Without the columns that every product needs, and with one of them twice, nothing can be imported. */
export function readColumns(cells: readonly string[]): { columns: Columns } | { problems: readonly ColumnProblem[] } {
  const header = cells.map((cell) => cell.trim().replace(/\s+/g, ' '));
  const at = new Map<Field, number>();
  const markets: MarketColumn[] = [];
  const metafields: { cell: number; key: string }[] = [];
  const unknown: string[] = [];
  const moreOptions: number[] = [];
  const problems: ColumnProblem[] = [];
  header.forEach((name, cell) => {
    const lower = name.toLowerCase();
    const field = fields.get(lower);
    const metafield = /\((?:product|variant)\.metafields\.([^()]+)\)$/i.exec(name) ?? /^metafield: *(\S+)/i.exec(name);
    const market = /^(included|price|compare[ -]at price) \/ (.+)$/i.exec(name);
    if (field) {
      const earlier = at.get(field);
      if (earlier === undefined) at.set(field, cell);
      else
        problems.push({
          cell,
          problem: `The columns “${header[earlier]}” (number ${earlier + 1}) and “${name}” (number ${cell + 1}) mean the same; one of them must go.`,
        });
    } else if (metafield) metafields.push({ cell, key: metafield[1]! });
    else if (market) {
      const kind = market[1]!.toLowerCase();
      markets.push({ cell, market: market[2]!, kind: kind === 'included' || kind === 'price' ? kind : 'compareAt' });
    } else if (/^option([4-9]|\d\d+) (name|value)$/.test(lower)) moreOptions.push(cell);
    else if (name !== '' && !passedOver.some((pattern) => pattern.test(lower))) unknown.push(name);
  });
  const missing = (['handle', 'title', 'price'] as const).filter((field) => !at.has(field));
  if (missing.length > 0) {
    const wanted = missing.map((field) => ({ handle: 'Handle', title: 'Title', price: 'Variant Price' })[field]);
    const shown = header.filter((name) => name !== '').slice(0, 8);
    problems.push({
      cell: null,
      problem: `The file has no column ${quoted(wanted)}, which every product needs. Its columns begin with ${quoted(shown)}.`,
    });
  }
  return problems.length > 0 ? { problems } : { columns: { header, at, markets, metafields, unknown, moreOptions } };
}
