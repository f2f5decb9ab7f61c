import { notFound, requireId, type Tx } from '@souk/kit';
import { type CollectionId, decodeId, type ProductId, Rejection, type VariantId } from '@souk/schema';
import { insertAttributes } from './attribute.repository.ts';
import { planAttributes } from './attribute.service.ts';
import { getCategory } from './category.service.ts';
import { applyDraft, type DraftContext, type ProductDraft } from './draft.ts';
import { type PriceDraft, type PricePlace, readPrice, setPrice } from './price.ts';
import { Problems } from './problems.ts';
import type { ProductsDb } from './product.tables.ts';
import {
  applyTranslations,
  expectVersion,
  moveTo,
  newProduct,
  type Product,
  type ProductStatus,
  type TranslationDraft,
} from './product.ts';
import { listKnownCollections, listProductsOfVariants, listSlugsLike } from './product-lookup.repository.ts';
import type { Loaded } from './product-rows.repository.ts';
import { saveProducts } from './product-save.service.ts';
import { lockProducts } from './product-stored.repository.ts';
import { freeSlug, slugOf } from './slug.ts';
import { applyVariant, checkWhole, defaultSku, newVariant, type VariantFields, withUsedValues } from './variant.ts';

type ProductsTx = Tx<ProductsDb>;

/** A product's draft with references as wire ids. */
export interface ProductInput extends ProductDraft {
  readonly categoryId?: string | null;
  readonly collectionIds?: readonly string[] | null;
}

/** A product under its lock, or a Rejection NOT_FOUND. */
export async function getLocked(
  tx: ProductsTx,
  wireId: string,
  field: readonly string[] = ['input', 'id'],
): Promise<Loaded> {
  const id = requireId('Product', wireId, field, 'product');
  const [loaded] = await lockProducts(tx.db, [id]);
  return loaded ?? notFound('product', field);
}

async function contextOf(
  tx: ProductsTx,
  place: PricePlace,
  problems: Problems,
  input: ProductInput,
): Promise<DraftContext> {
  const { attributes, created } = await planAttributes(
    tx,
    (input.attributes ?? []).map((draft, index) => ({ draft, problems: problems.at('attributes', index) })),
  );
  if (created.length > 0 && problems.all.length === 0) await insertAttributes(tx.db, created, tx.now);
  return {
    now: tx.now,
    place,
    newId: () => tx.newId(),
    attributes,
    categoryId:
      input.categoryId === undefined
        ? undefined
        : input.categoryId === null
          ? null
          : (await getCategory(tx, input.categoryId, ['input', 'categoryId'])).id,
    collectionIds: input.collectionIds == null ? undefined : await collectionsOf(tx, problems, input.collectionIds),
  };
}

async function collectionsOf(tx: ProductsTx, problems: Problems, wireIds: readonly string[]): Promise<CollectionId[]> {
  const ids = [...new Set(wireIds.flatMap((one) => decodeId('Collection', one) ?? []))];
  const known = ids.length === 0 ? [] : await listKnownCollections(tx.db, ids);
  if (known.length !== new Set(wireIds).size) {
    problems.at('collectionIds').no('NOT_FOUND', 'One of these collections does not exist.');
  }
  return known;
}

/** Creates a product, as a draft unless it is said to be published. Its slug is made from its name if none is said. */
export async function createProduct(tx: ProductsTx, place: PricePlace, input: ProductInput): Promise<ProductId> {
  const problems = new Problems();
  const id = tx.newId<'Product'>();
  const slug = input.slug ?? (await chooseSlug(tx, input.name ?? '', id));
  const context = await contextOf(tx, place, problems, input);
  const after = applyDraft(
    problems,
    { ...newProduct(id, tx.now), slug },
    { ...input, name: input.name ?? null },
    context,
  );
  problems.refuse();
  await saveProducts(tx, [{ before: null, after }]);
  return id;
}

async function chooseSlug(tx: ProductsTx, name: string, id: ProductId): Promise<string> {
  const base = slugOf(name) || `product-${id.slice(-8)}`;
  const taken = await listSlugsLike(tx.db, base);
  return freeSlug(base, (slug) => taken.has(slug));
}

export async function editProduct(
  tx: ProductsTx,
  place: PricePlace,
  { id, expectedVersion, ...input }: ProductInput & { id: string; expectedVersion?: number | null },
): Promise<ProductId> {
  const before = await getLocked(tx, id);
  expectVersion(before.product.version, expectedVersion);
  const problems = new Problems();
  const context = await contextOf(tx, place, problems, input);
  const after = applyDraft(problems, before.product, input, context);
  problems.refuse();
  await saveProducts(tx, [{ before, after }]);
  return after.id;
}

/** Publishes, takes back or archives a product. Nothing that was sold is deleted. */
export async function changeStatus(
  tx: ProductsTx,
  input: { id: string; expectedVersion?: number | null },
  status: ProductStatus,
): Promise<ProductId> {
  const before = await getLocked(tx, input.id);
  expectVersion(before.product.version, input.expectedVersion);
  await saveProducts(tx, [{ before, after: moveTo(before.product, status, tx.now) }]);
  return before.product.id;
}

export interface VariantInput extends Omit<VariantFields, 'attributes' | 'mediaId'> {
  readonly selectedOptions?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly mediaId?: string | null;
}

function fieldsOf(
  problems: Problems,
  product: Product,
  { selectedOptions, mediaId, ...fields }: VariantInput,
): VariantFields {
  const picture = mediaId == null ? mediaId : product.media.find((one) => one.id === decodeId('Media', mediaId))?.id;
  if (mediaId != null && !picture) problems.at('mediaId').no('NOT_FOUND', 'This product has no such picture.');
  return {
    ...fields,
    mediaId: picture,
    attributes:
      selectedOptions == null
        ? undefined
        : Object.fromEntries(
            selectedOptions.map(({ name, value }) => [name.normalize('NFC').trim(), value.normalize('NFC').trim()]),
          ),
  };
}

export async function createVariant(
  tx: ProductsTx,
  place: PricePlace,
  { productId, ...input }: VariantInput & { productId: string },
): Promise<VariantId> {
  const before = await getLocked(tx, productId, ['input', 'productId']);
  const { product } = before;
  const problems = new Problems();
  const position = Math.max(0, ...product.variants.map((one) => one.position)) + 1;
  const made = applyVariant(
    problems,
    newVariant(tx.newId(), position, tx.now),
    fieldsOf(problems, product, input),
    place,
  );
  const extended = withUsedValues({ ...product, variants: [...product.variants, made] });
  const named = { ...made, sku: made.sku || defaultSku(extended, made) };
  const after = { ...extended, variants: [...product.variants, named] };
  checkWhole(problems, after);
  problems.refuse();
  await saveProducts(tx, [{ before, after }]);
  return made.id;
}

async function getLockedByVariant(tx: ProductsTx, wireId: string): Promise<{ before: Loaded; variantId: VariantId }> {
  const field = ['input', 'id'];
  const variantId = requireId('ProductVariant', wireId, field, 'variant');
  const productId = (await listProductsOfVariants(tx.db, [variantId])).get(variantId);
  if (!productId) return notFound('variant', field);
  const [before] = await lockProducts(tx.db, [productId]);
  return { before: before!, variantId };
}

export async function editVariant(
  tx: ProductsTx,
  place: PricePlace,
  { id, expectedVersion, ...input }: VariantInput & { id: string; expectedVersion?: number | null },
): Promise<VariantId> {
  const { before, variantId } = await getLockedByVariant(tx, id);
  expectVersion(before.product.version, expectedVersion);
  const problems = new Problems();
  const variants = before.product.variants.map((variant) =>
    variant.id === variantId
      ? applyVariant(problems, variant, fieldsOf(problems, before.product, input), place)
      : variant,
  );
  const after = withUsedValues({ ...before.product, variants });
  checkWhole(problems, after);
  problems.refuse();
  await saveProducts(tx, [{ before, after }]);
  return variantId;
}

/** A variant that is archived can no longer be bought; orders go on showing it. */
export async function archiveVariant(tx: ProductsTx, input: { id: string }): Promise<VariantId> {
  const { before, variantId } = await getLockedByVariant(tx, input.id);
  const variants = before.product.variants.map((variant) =>
    variant.id === variantId ? { ...variant, archivedAt: variant.archivedAt ?? tx.now.toISOString() } : variant,
  );
  const problems = new Problems();
  const after = { ...before.product, variants };
  checkWhole(problems, after);
  problems.refuse();
  await saveProducts(tx, [{ before, after }]);
  return variantId;
}

export interface PriceEntry extends PriceDraft {
  readonly variantId: string;
}

const ENTRIES_MAX = 500;

/**
 * Sets prices of many variants: within its validity each is the price from now on, and what stood there before and after
 * stays. All or nothing. Answers the variants, in the entries' order.
 */
export async function setPrices(
  tx: ProductsTx,
  place: PricePlace,
  { entries, dryRun }: { entries: readonly PriceEntry[]; dryRun: boolean },
): Promise<VariantId[]> {
  if (entries.length === 0 || entries.length > ENTRIES_MAX) {
    throw new Rejection('LIMIT', `Between 1 and ${ENTRIES_MAX} prices are set at once.`, ['input', 'entries']);
  }
  const problems = new Problems(['input', 'entries']);
  const ids = entries.map((entry) => decodeId('ProductVariant', entry.variantId));
  const owners = await listProductsOfVariants(
    tx.db,
    ids.flatMap((id) => id ?? []),
  );
  const loaded = new Map(
    (await lockProducts(tx.db, [...new Set(owners.values())])).map((one) => [one.product.id, one]),
  );
  const after = new Map([...loaded].map(([id, one]) => [id, one.product]));
  entries.forEach((entry, index) => {
    const at = problems.at(index);
    const id = ids[index];
    const product = after.get(owners.get(id as VariantId) as ProductId);
    const price = readPrice(at, entry, place);
    if (!product) {
      at.at('variantId').no('NOT_FOUND', 'There is no such variant.');
      return;
    }
    if (!price) return;
    const variants = product.variants.map((one) =>
      one.id === id ? { ...one, prices: setPrice(one.prices, price) } : one,
    );
    after.set(product.id, { ...product, variants });
  });
  problems.refuse();
  if (!dryRun) {
    await saveProducts(
      tx,
      [...after].map(([id, product]) => ({ before: loaded.get(id)!, after: product })),
    );
  }
  return [...new Set(ids as VariantId[])];
}

export async function setTranslations(
  tx: ProductsTx,
  input: { productId: string; translations: readonly TranslationDraft[]; expectedVersion?: number | null },
): Promise<ProductId> {
  const before = await getLocked(tx, input.productId, ['input', 'productId']);
  expectVersion(before.product.version, input.expectedVersion);
  const problems = new Problems();
  const translations = applyTranslations(problems.at('translations'), before.product.translations, input.translations);
  problems.refuse();
  await saveProducts(tx, [{ before, after: { ...before.product, translations } }]);
  return before.product.id;
}
