import { type CurrencyCode, money, toDecimal } from '@souk/schema';
import type { ImportProductInput } from '../gql/graphql.ts';
import type { Columns, Field, ImportedProduct, Origin } from './shopify-csv.ts';

/** Where the file's prices are meant. */
export interface Place {
  readonly channelId: string;
  readonly currency: CurrencyCode;
}

/** `custom.care-label` → `custom_care_label`, what an attribute may be called; empty where nothing is left. */
const attributeCode = (key: string): string =>
  key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60);

/** `custom.care-label` → `Care label`. */
function attributeName(key: string): string {
  const last = (key.split('.').at(-1) ?? key).replaceAll(/[_-]+/g, ' ').trim() || key;
  return (last[0]!.toUpperCase() + last.slice(1)).slice(0, 100);
}

const ATTRIBUTE_MAX = 500;

/** Metafields that become attributes; of two with the same code the first. */
function attributesOf({ metafields }: ImportedProduct): { key: string; code: string; name: string; value: string }[] {
  const codes = new Set<string>();
  return metafields.flatMap(({ key, value }) => {
    const code = attributeCode(key);
    if (code === '' || codes.has(code) || value.length > ATTRIBUTE_MAX) return [];
    codes.add(code);
    return [{ key, code, name: attributeName(key), value }];
  });
}

/**
 * The product as the graph's bulk mutation takes it. What the file has no column for is left unsaid, and the shop keeps
 * what it knows; what has a column and no text is cleared.
 */
export function toInput(product: ImportedProduct, columns: Columns, place: Place): ImportProductInput {
  const has = (...fields: Field[]): boolean => fields.some((field) => columns.at.has(field));
  const decimal = (minor: number): string => toDecimal(money(minor, place.currency));
  return {
    handle: product.handle,
    name: product.title,
    published: product.status === 'ACTIVE' && !product.giftCard,
    options: product.options.map(({ name, values }) => ({ name, values })),
    ...(has('body') && { description: product.descriptionHtml }),
    ...(has('vendor') && { vendor: product.vendor }),
    ...(has('type') && { productType: product.type }),
    ...(has('tags') && { tags: product.tags }),
    ...(has('category') && { categoryPath: product.category.map((name) => ({ name })) }),
    ...(has('seoTitle', 'seoDescription') && {
      seo: {
        ...(has('seoTitle') && { title: product.seo.title }),
        ...(has('seoDescription') && { description: product.seo.description }),
      },
    }),
    ...(columns.metafields.length > 0 && {
      attributes: attributesOf(product).map(({ code, name, value }) => ({ code, name, value })),
    }),
    ...(has('imageSrc', 'variantImage') && {
      images: product.pictures.map(({ url, alt }, at) => ({ src: url, alt, position: at + 1 })),
    }),
    variants: product.variants.map((variant) => ({
      sku: variant.sku,
      optionValues: variant.optionValues,
      prices: [
        {
          channelId: place.channelId,
          currency: place.currency,
          amount: decimal(variant.priceMinor),
          compareAt: variant.compareAtMinor === null ? null : decimal(variant.compareAtMinor),
        },
      ],
      ...(has('cost') && {
        cost: variant.costMinor === null ? null : { amount: decimal(variant.costMinor), currency: place.currency },
      }),
      ...(has('grams', 'weight') && { weightGrams: variant.weightGrams }),
      ...(has('requiresShipping') && { requiresShipping: variant.requiresShipping }),
      ...(has('taxable') && { taxable: variant.taxable }),
      ...(has('barcode') && { barcode: variant.barcode }),
      ...(has('variantImage') && { imageUrl: variant.pictureUrl }),
    })),
  };
}

/** What the file says and the shop has no place for, in whole sentences. */
export function* losses(product: ImportedProduct): Generator<{ field: Field | null; problem: string }> {
  if (product.giftCard) {
    yield { field: 'giftCard', problem: 'The shop does not sell gift cards yet; this one was imported as a draft.' };
  } else if (product.status === 'ARCHIVED') {
    yield {
      field: 'status',
      problem: 'The archived product was imported as a draft, which shoppers do not see either.',
    };
  }
  if (product.variants.some((variant) => variant.sellWhenOutOfStock)) {
    yield {
      field: 'inventoryPolicy',
      problem: 'The shop does not sell what is out of stock; the policy “continue” was not imported.',
    };
  }
  const long = product.metafields.find(({ value }) => value.length > ATTRIBUTE_MAX);
  if (long) {
    yield {
      field: null,
      problem: `The metafield “${long.key}” has more than ${ATTRIBUTE_MAX} characters and was left out.`,
    };
  }
}

const productFields: Readonly<Record<string, Field>> = {
  handle: 'handle',
  name: 'title',
  description: 'body',
  vendor: 'vendor',
  productType: 'type',
  tags: 'tags',
  categoryPath: 'category',
  published: 'published',
};
const variantFields: Readonly<Record<string, Field>> = {
  sku: 'sku',
  optionValues: 'option1Value',
  cost: 'cost',
  weightGrams: 'grams',
  requiresShipping: 'requiresShipping',
  taxable: 'taxable',
  taxClass: 'taxable',
  barcode: 'barcode',
  imageUrl: 'variantImage',
};

/**
 * Which cell of the file a mistake is in, by the path the graph gives it below `input.products.N`. The first row and no
 * column where no single cell is to blame.
 */
export function cellOf(
  path: readonly string[],
  { columns, first, origin, product }: { columns: Columns; first: number; origin: Origin; product: ImportedProduct },
): { row: number; column: string | null } {
  const [part = '', index = '', ...rest] = path;
  const at = (field: Field | undefined, row = first) => {
    const cell = field === undefined ? undefined : columns.at.get(field);
    return { row, column: cell === undefined ? null : columns.header[cell]! };
  };
  const number = Number(index);
  if (part === 'variants' && index !== '') {
    const row = origin.variants[number] ?? first;
    const [name = '', nth = '', leaf = ''] = rest;
    if (name === 'prices') return at(leaf === 'compareAt' ? 'compareAt' : 'price', row);
    if (name === 'optionValues' && nth !== '') return at(`option${(Number(nth) + 1) as 1 | 2 | 3}Value`, row);
    return at(variantFields[name], row);
  }
  if (part === 'images') return at(rest[0] === 'alt' ? 'imageAlt' : 'imageSrc', origin.pictures[number]);
  if (part === 'options' && index !== '') {
    return at(`option${(number + 1) as 1 | 2 | 3}${rest[0] === 'values' ? 'Value' : 'Name'}`);
  }
  if (part === 'seo') return at(index === 'title' ? 'seoTitle' : 'seoDescription');
  if (part === 'attributes') {
    const key = attributesOf(product)[number]?.key;
    const cell = columns.metafields.find((metafield) => metafield.key === key)?.cell;
    return { row: first, column: cell === undefined ? null : columns.header[cell]! };
  }
  return at(productFields[part]);
}
