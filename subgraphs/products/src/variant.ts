import type { MediaId, VariantId } from '@souk/schema';
import { type PriceDraft, type PricePlace, readCost, readPrice, replacePrices } from './price.ts';
import { optionalText, type Problems, requiredText, wholeNumber } from './problems.ts';
import { liveVariants, type Product, type ProductOption, type Variant, whyNotSellable } from './product.ts';
import { slugOf } from './slug.ts';

export const VARIANTS_MAX = 250;
export const OPTIONS_MAX = 5;
const VALUES_MAX = 100;

export interface VariantFields {
  readonly sku?: string | null;
  /** Option name → value. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly barcode?: string | null;
  readonly weightGrams?: number | null;
  readonly requiresShipping?: boolean | null;
  readonly taxable?: boolean | null;
  readonly taxClass?: string | null;
  readonly maxPerOrder?: number | null;
  readonly cost?: { readonly amount: string; readonly currency: string } | null;
  readonly mediaId?: MediaId | null;
  /** Replace what is known in the channels and currencies they name. */
  readonly prices?: readonly PriceDraft[] | null;
}

export const newVariant = (id: VariantId, position: number, now: Date): Variant => ({
  id,
  sku: '',
  attributes: {},
  position,
  weightGrams: 0,
  requiresShipping: true,
  taxClass: 'standard',
  barcode: null,
  maxPerOrder: null,
  cost: null,
  mediaId: null,
  archivedAt: null,
  createdAt: now.toISOString(),
  prices: [],
  stockQuantity: 0,
});

/** The variant with these fields changed; undefined leaves, null clears what may be empty. */
export function applyVariant(problems: Problems, variant: Variant, fields: VariantFields, place: PricePlace): Variant {
  const range = (what: string, min: number, max: number) => ({ what, min, max });
  const taxClass = fields.taxClass ?? (fields.taxable === false ? 'zero' : undefined);
  if (taxClass !== undefined && !/^[a-z][a-z0-9-]{0,49}$/.test(taxClass)) {
    problems.at('taxClass').no('INVALID', 'A tax class is a code of lower-case letters, digits and hyphens.');
  }
  const prices = (fields.prices ?? []).flatMap(
    (draft, index) => readPrice(problems.at('prices', index), draft, place) ?? [],
  );
  return {
    ...variant,
    sku:
      fields.sku == null || fields.sku.trim() === ''
        ? variant.sku
        : requiredText(problems.at('sku'), fields.sku, { what: 'A SKU', max: 100 }),
    attributes: fields.attributes ?? variant.attributes,
    barcode: optionalText(problems.at('barcode'), fields.barcode, variant.barcode, { what: 'A barcode', max: 100 }),
    weightGrams: wholeNumber(
      problems.at('weightGrams'),
      fields.weightGrams,
      variant.weightGrams,
      range('A weight in grams', 0, 100_000_000),
    ),
    requiresShipping: fields.requiresShipping ?? variant.requiresShipping,
    taxClass: taxClass ?? (fields.taxable === true && variant.taxClass === 'zero' ? 'standard' : variant.taxClass),
    maxPerOrder:
      fields.maxPerOrder === null
        ? null
        : fields.maxPerOrder === undefined
          ? variant.maxPerOrder
          : wholeNumber(
              problems.at('maxPerOrder'),
              fields.maxPerOrder,
              1,
              range('The most one order may hold', 1, 999_999),
            ),
    cost: readCost(problems.at('cost'), fields.cost, variant.cost),
    mediaId: fields.mediaId === undefined ? variant.mediaId : fields.mediaId,
    prices: fields.prices == null ? variant.prices : replacePrices(variant.prices, prices),
  };
}

/** Options as written → options meant. A lone `Title` of `Default Title` is how some shops say "no options". */
export function readOptions(problems: Problems, drafts: readonly ProductOption[]): ProductOption[] {
  if (isNoOption(drafts)) return [];
  if (drafts.length > OPTIONS_MAX) problems.no('LIMIT', `A product has at most ${OPTIONS_MAX} options.`);
  const options = drafts.map((draft, index) => {
    const at = problems.at(index);
    const name = requiredText(at.at('name'), draft.name, { what: 'The name of an option', max: 100 });
    const values = draft.values.map((value, i) =>
      requiredText(at.at('values', i), value, { what: 'The value of an option', max: 200 }),
    );
    if (new Set(values).size !== values.length) at.at('values').no('INVALID', 'An option has each value once.');
    return { name, values };
  });
  if (new Set(options.map((option) => option.name)).size !== options.length) {
    problems.no('INVALID', 'The options of a product have different names.');
  }
  return options;
}

export const isNoOption = (drafts: readonly ProductOption[]): boolean =>
  drafts.length === 1 && drafts[0]!.name === 'Title' && drafts[0]!.values.every((value) => value === 'Default Title');

/** The product with every value its live variants use listed in its options, in the order they were said. */
export function withUsedValues(product: Product): Product {
  const options = product.options.map((option) => {
    const used = liveVariants(product).flatMap((variant) => variant.attributes[option.name] ?? []);
    const values = [...new Set([...option.values, ...used])];
    return values.length === option.values.length ? option : { ...option, values };
  });
  return { ...product, options };
}

/** A SKU for a variant that was given none: the product's, with its option values where it has any. */
export function defaultSku(product: Product, variant: Variant): string {
  const values = product.options.map((option) => {
    const value = variant.attributes[option.name] ?? '';
    return slugOf(value) || String(option.values.indexOf(value) + 1);
  });
  return [product.sku, ...values].join('-').slice(0, 100);
}

/** Refuses a product whose parts do not fit together; paths lead to `variants` of the input where it has them. */
export function checkWhole(problems: Problems, product: Product): void {
  const live = liveVariants(product);
  const at = problems.at('variants');
  if (live.length > VARIANTS_MAX) at.no('LIMIT', `A product has at most ${VARIANTS_MAX} variants.`);
  if (product.options.some((option) => option.values.length > VALUES_MAX)) {
    problems.at('options').no('LIMIT', `An option has at most ${VALUES_MAX} values.`);
  }
  const combinations = new Set<string>();
  const skus = new Set<string>();
  live.forEach((variant, index) => {
    const values = product.options.map((option) => variant.attributes[option.name]);
    if (values.some((value) => !value) || Object.keys(variant.attributes).length !== product.options.length) {
      at.at(index).no('INVALID', 'A variant has one value for each option of its product, and no others.');
    }
    const combination = JSON.stringify(values);
    if (combinations.has(combination)) {
      at.at(index).no('DUPLICATE_VARIANT', 'Two variants of a product differ in at least one option value.');
    }
    combinations.add(combination);
    if (skus.has(variant.sku)) at.at(index, 'sku').no('SKU_TAKEN', 'Another variant has this SKU.');
    skus.add(variant.sku);
  });
  // A variant or price that was refused above is not missing as well.
  const why = problems.all.length === 0 ? whyNotSellable(product) : null;
  if (why) at.no(why.code, why.message);
}
