import { requireId, type Tx, violated } from '@souk/kit';
import { type CollectionId, Rejection } from '@souk/schema';
import { saveNameTranslations } from './category.repository.ts';
import {
  CATEGORY_SLUG_MAX,
  type CategoryFields,
  type NameTranslationDraft,
  readNameTranslations,
  readNaming,
} from './category.ts';
import {
  type Collection,
  insertCollections,
  listCollectionsBySlugs,
  lockCollection,
  replaceCollectionProducts,
  updateCollection,
} from './collection.repository.ts';
import { Problems } from './problems.ts';
import type { ProductsDb } from './product.tables.ts';
import { expectVersion } from './product.ts';
import { freeSlug, slugOf } from './slug.ts';

type ProductsTx = Tx<ProductsDb>;
const PRODUCTS_MAX = 1_000;

export interface CollectionDraft extends Omit<CategoryFields, 'position'> {
  readonly translations?: readonly NameTranslationDraft[] | null;
}

export async function createCollection(tx: ProductsTx, draft: CollectionDraft): Promise<CollectionId> {
  const problems = new Problems();
  const naming = readNaming(problems, { name: '', slug: '', description: '' }, { ...draft, name: draft.name ?? null });
  const translations = readNameTranslations(problems.at('translations'), draft.translations ?? []);
  problems.refuse();
  const id = tx.newId<'Collection'>();
  const slug = naming.slug || (await chooseSlug(tx, naming.name, id));
  await slugRejections(() => insertCollections(tx.db, [{ ...naming, id, slug, version: 1 }], tx.now));
  await saveNameTranslations(tx.db, { collection_id: id }, translations);
  tx.evict('Collection');
  return id;
}

async function chooseSlug(tx: ProductsTx, name: string, id: string): Promise<string> {
  const own = slugOf(name, CATEGORY_SLUG_MAX) || `collection-${id.slice(-8)}`;
  const near = [own, ...Array.from({ length: 20 }, (_, n) => `${own}-${n + 2}`)];
  const taken = new Set((await listCollectionsBySlugs(tx.db, near)).map((one) => one.slug));
  return freeSlug(own, (slug) => taken.has(slug), CATEGORY_SLUG_MAX);
}

export async function editCollection(
  tx: ProductsTx,
  { id, expectedVersion, ...draft }: CollectionDraft & { id: string; expectedVersion?: number | null },
): Promise<CollectionId> {
  const before = await getCollection(tx, id);
  expectVersion(before.version, expectedVersion);
  const problems = new Problems();
  const naming = readNaming(problems, before, draft);
  const translations = readNameTranslations(problems.at('translations'), draft.translations ?? []);
  problems.refuse();
  await slugRejections(() =>
    updateCollection(tx.db, before, { ...before, ...naming, version: before.version + 1 }, tx.now),
  );
  await saveNameTranslations(tx.db, { collection_id: before.id }, translations);
  // All of them where an old address may have gone from one to another.
  tx.evict('Collection', before.slug === naming.slug ? [before.id] : undefined);
  return before.id;
}

/** Sets what a collection holds, in order. An unknown product refuses the whole. */
export async function setCollectionProducts(
  tx: ProductsTx,
  input: { id: string; productIds: readonly string[]; expectedVersion?: number | null },
): Promise<CollectionId> {
  const before = await getCollection(tx, input.id);
  expectVersion(before.version, input.expectedVersion);
  if (input.productIds.length > PRODUCTS_MAX) {
    throw new Rejection('LIMIT', `A collection is set with at most ${PRODUCTS_MAX} products.`, ['input', 'productIds']);
  }
  const ids = input.productIds.map((one, index) =>
    requireId('Product', one, ['input', 'productIds', String(index)], 'product'),
  );
  const once = [...new Set(ids)];
  const held = await replaceCollectionProducts(tx.db, before.id, once);
  if (held.after.length !== once.length) {
    throw new Rejection('NOT_FOUND', 'One of these products does not exist.', ['input', 'productIds']);
  }
  await updateCollection(tx.db, before, { ...before, version: before.version + 1 }, tx.now);
  tx.evict('Collection', [before.id]);
  tx.evict('Product', [...new Set([...held.before, ...held.after])]);
  return before.id;
}

async function getCollection(tx: ProductsTx, wireId: string): Promise<Collection> {
  const found = await lockCollection(tx.db, requireId('Collection', wireId, ['input', 'id'], 'collection'));
  if (!found) throw new Rejection('NOT_FOUND', 'There is no such collection.', ['input', 'id']);
  return found;
}

async function slugRejections(save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (violated(error) === 'collections_slug_key') {
      throw new Rejection('SLUG_TAKEN', 'Another collection has this address.', ['input', 'slug']);
    }
    throw error;
  }
}
