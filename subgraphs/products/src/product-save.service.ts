import { type Tx, violated } from '@souk/kit';
import { type FactOf, type PriceRow, type ProductId, Rejection, type Saying, type VariantFacts } from '@souk/schema';
import { shownValue } from './attribute.ts';
import { textOf } from './html.ts';
import { type Diff, diffProduct, saveDiffs } from './product.repository.ts';
import type { ProductsDb } from './product.tables.ts';
import { liveVariants, type Product, pictureOf, variantName } from './product.ts';
import type { Loaded } from './product-rows.repository.ts';
import { saveSearch } from './search.repository.ts';
import { searchParts } from './search-text.ts';

export interface Edit {
  readonly before: Loaded | null;
  readonly after: Product;
}

export type Outcome = 'CREATED' | 'UPDATED' | 'UNCHANGED';

/**
 * Saves products as they should be: writes what differs, keeps lists, base prices and the search index true to it, and
 * says what other houses need to know. A product that does not differ is not touched and nothing is said of it.
 * A lost race for a slug or a SKU is a Rejection, or with `raw` the database's own error.
 */
export async function saveProducts(
  tx: Tx<ProductsDb>,
  edits: readonly Edit[],
  { raw = false }: { readonly raw?: boolean } = {},
): Promise<Map<ProductId, Outcome>> {
  const outcomes = new Map<ProductId, Outcome>();
  const diffs: Diff[] = [];
  const sayings: Saying[] = [];
  for (const { before, after } of edits) {
    const diff = diffProduct(before, after, tx.now);
    const edited = diff.contentChanged || diff.pricesChanged;
    outcomes.set(after.id, !before ? 'CREATED' : edited ? 'UPDATED' : 'UNCHANGED');
    if (!edited && !diff.derivedChanged) continue;
    const said = edited ? factsOf(diff) : [];
    // Each fact has a version of its own, so that an ear may keep one version for all it knows of a product.
    const known = before?.product.version ?? 1;
    const version = edited ? known + Math.max(1, said.length) : known;
    said.forEach((fact, index) => {
      sayings.push({ ...fact, key: after.id, version: version - said.length + index + 1 });
    });
    diffs.push({ ...diff, after: { ...after, version } });
  }
  const save = () => saveDiffs(tx.db, diffs, tx.now);
  evict(tx, diffs, await (raw ? save() : asRejections(save)));
  await indexProducts(
    tx,
    diffs.filter((diff) => diff.contentChanged).map((diff) => diff.after),
  );
  for (const saying of sayings) tx.emit(saying);
  if (diffs.some((diff) => diff.sections.media.gone.length > 0)) tx.nudge('removeFiles');
  if (diffs.some((diff) => diff.sections.media.written.some((row) => row.status === 'PENDING')))
    tx.nudge('fetchImages');
  return outcomes;
}

/** What a product shows is told by its variants and pictures too, and the other way round. */
function evict(tx: Tx<ProductsDb>, diffs: readonly Diff[], displaced: readonly ProductId[]): void {
  const both = diffs.flatMap(({ before, after }) => (before ? [before.product, after] : [after]));
  const ids = (of: (product: Product) => readonly string[]): string[] => [...new Set(both.flatMap(of))];
  if (both.length > 0) tx.evict('Product', [...ids(({ id }) => [id]), ...displaced]);
  for (const [type, list] of [
    ['ProductVariant', ids(({ variants }) => variants.map(({ id }) => id))],
    ['Media', ids(({ media }) => media.map(({ id }) => id))],
  ] as const) {
    if (list.length > 0) tx.evict(type, list);
  }
}

/** Another product's claim on a slug or a SKU is told by the database alone: it settles the race. */
async function asRejections<T>(save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    const constraint = violated(error);
    if (constraint === 'products_slug_key') {
      throw new Rejection('SLUG_TAKEN', 'Another product has this address.', ['input', 'slug']);
    }
    if (constraint === 'products_sku_key')
      throw new Rejection('SKU_TAKEN', 'Another product has this SKU.', ['input', 'sku']);
    if (constraint === 'product_variants_sku_key') {
      throw new Rejection('SKU_TAKEN', 'A variant of another product has this SKU.', ['input', 'sku']);
    }
    throw error;
  }
}

type Said = Pick<Saying, 'type' | 'data'>;

function factsOf({ before, after, contentChanged, pricesChanged }: Diff): Said[] {
  const said: Said[] = [];
  const was = before?.product.status === 'PUBLISHED';
  const is = after.status === 'PUBLISHED';
  if (pricesChanged) said.push(priceChanged(after));
  if (is && (contentChanged || !was)) said.push(productPublished(after));
  if (was && !is) said.push(productUnpublished(after));
  return said;
}

export function productPublished(product: Product): {
  type: string;
  data: FactOf<'products.ProductPublished'>['data'];
} {
  const variants = liveVariants(product).map(
    (variant): VariantFacts => ({
      variantId: variant.id,
      sku: variant.sku,
      name: variantName(product.options, variant.attributes),
      weightGrams: variant.weightGrams,
      requiresShipping: variant.requiresShipping,
      taxClass: variant.taxClass,
      maxPerOrder: variant.maxPerOrder,
      imageUrl: pictureOf(product, variant),
    }),
  );
  const { id: productId, slug, name, categoryId } = product;
  const archivedVariantIds = product.variants.filter((one) => one.archivedAt !== null).map((one) => one.id);
  return {
    type: 'products.ProductPublished',
    data: { productId, slug, name, categoryId, variants, archivedVariantIds },
  };
}

export function productUnpublished({ id, variants }: Product): Said {
  const data: FactOf<'products.ProductUnpublished'>['data'] = {
    productId: id,
    variantIds: variants.map((one) => one.id),
  };
  return { type: 'products.ProductUnpublished', data };
}

export function priceChanged({ id, variants }: Product): {
  type: string;
  data: FactOf<'products.PriceChanged'>['data'];
} {
  const prices = variants.flatMap((variant) =>
    variant.prices.map(
      (price): PriceRow => ({
        variantId: variant.id,
        channelId: price.channelId,
        currency: price.currency,
        amountMinor: price.amountMinor,
        compareAtMinor: price.compareAtMinor,
        validFrom: price.validFrom,
        validTo: price.validTo,
      }),
    ),
  );
  return { type: 'products.PriceChanged', data: { productId: id, prices } };
}

/** Brings the search index up to these products. */
export async function indexProducts(tx: Tx<ProductsDb>, products: readonly Product[]): Promise<void> {
  await saveSearch(
    tx.db,
    products.map((product) => ({
      productId: product.id,
      parts: searchParts({
        name: product.name,
        codes: [product.sku, ...liveVariants(product).flatMap((one) => [one.sku, one.barcode ?? ''])],
        facets: [product.vendor ?? '', product.productType ?? '', ...product.tags],
        values: [
          ...product.options.flatMap((option) => option.values),
          ...product.attributes.filter((one) => one.text !== null).map(shownValue),
        ],
        description: textOf(product.description),
        translations: product.translations.map(({ locale, name, description }) => ({
          locale,
          name,
          description: textOf(description ?? ''),
        })),
      }),
    })),
  );
}
