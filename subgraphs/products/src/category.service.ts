import { requireId, type Tx, violated } from '@souk/kit';
import { type CategoryId, Rejection } from '@souk/schema';
import {
  findCategory,
  insertCategories,
  listCategoriesBySlugs,
  lockTree,
  markSearchStale,
  saveNameTranslations,
  updateCategory,
} from './category.repository.ts';
import {
  type Category,
  type CategoryFields,
  categorySlug,
  DEPTH_MAX,
  isWithin,
  type NameTranslationDraft,
  pathBelow,
  readNameTranslations,
  readNaming,
} from './category.ts';
import { Problems, wholeNumber } from './problems.ts';
import type { ProductsDb } from './product.tables.ts';
import { expectVersion } from './product.ts';
import { slugOf } from './slug.ts';

type ProductsTx = Tx<ProductsDb>;

export interface CategoryDraft extends CategoryFields {
  readonly parentId?: string | null;
  readonly translations?: readonly NameTranslationDraft[] | null;
}

/** A category of a mutation's input, or a Rejection NOT_FOUND. */
export async function getCategory(tx: ProductsTx, wireId: string, field: readonly string[]): Promise<Category> {
  const found = await findCategory(tx.db, requireId('Category', wireId, field, 'category'));
  if (!found) throw new Rejection('NOT_FOUND', 'There is no such category.', field);
  return found;
}

/** Creates a category below its parent, or on the first level. */
export async function createCategory(tx: ProductsTx, draft: CategoryDraft): Promise<CategoryId> {
  await lockTree(tx.db);
  const parent = draft.parentId == null ? null : await getCategory(tx, draft.parentId, ['input', 'parentId']);
  const problems = new Problems();
  const naming = readNaming(problems, { name: '', slug: '', description: '' }, { ...draft, name: draft.name ?? null });
  const position = wholeNumber(problems.at('position'), draft.position, 0, {
    what: 'A position',
    min: 0,
    max: 1_000_000,
  });
  const translations = readNameTranslations(problems.at('translations'), draft.translations ?? []);
  problems.refuse();
  const id = tx.newId<'Category'>();
  const slug = naming.slug || (await chooseSlug(tx, naming.name, parent, id));
  const category = {
    ...naming,
    id,
    slug,
    position,
    parentId: parent?.id ?? null,
    path: pathBelow(parent, slug),
    version: 1,
  };
  refuseDepth(category.path);
  await slugRejections(() => insertCategories(tx.db, [category], tx.now));
  await saveNameTranslations(tx.db, { category_id: id }, translations);
  tx.evict('Category');
  return id;
}

async function chooseSlug(tx: ProductsTx, name: string, parent: Category | null, id: string): Promise<string> {
  const own = slugOf(name);
  const near = [
    own,
    ...(parent ? [`${parent.slug}-${own}`] : []),
    ...numbered(own),
    ...numbered(`${parent?.slug ?? ''}-${own}`),
  ];
  const taken = new Set((await listCategoriesBySlugs(tx.db, near)).map((one) => one.slug));
  return categorySlug(name, parent?.slug ?? null, (slug) => taken.has(slug), `category-${id.slice(-8)}`);
}

const numbered = (slug: string): string[] => Array.from({ length: 20 }, (_, n) => `${slug}-${n + 2}`);

/** Changes a category in place; its slug is part of the paths of all below it. */
export async function editCategory(
  tx: ProductsTx,
  { id, expectedVersion, ...draft }: CategoryDraft & { id: string; expectedVersion?: number | null },
): Promise<CategoryId> {
  await lockTree(tx.db);
  const before = await getCategory(tx, id, ['input', 'id']);
  expectVersion(before.version, expectedVersion);
  const problems = new Problems();
  const naming = readNaming(problems, before, draft);
  const position = wholeNumber(problems.at('position'), draft.position, before.position, {
    what: 'A position',
    min: 0,
    max: 1_000_000,
  });
  const translations = readNameTranslations(problems.at('translations'), draft.translations ?? []);
  problems.refuse();
  const above = before.path.slice(0, -before.slug.length);
  const after = { ...before, ...naming, position, path: `${above}${naming.slug}` };
  await slugRejections(() => updateCategory(tx.db, before, after, tx.now));
  await saveNameTranslations(tx.db, { category_id: before.id }, translations);
  if (before.name !== after.name) await reindexBelow(tx, after.path);
  // Those below have it in their paths, those beside and above in their lists.
  tx.evict('Category');
  return before.id;
}

/** Hangs a category, with everything below it, under another parent or on the first level. */
export async function moveCategory(
  tx: ProductsTx,
  input: { id: string; parentId?: string | null; position?: number | null; expectedVersion?: number | null },
): Promise<CategoryId> {
  await lockTree(tx.db);
  const before = await getCategory(tx, input.id, ['input', 'id']);
  expectVersion(before.version, input.expectedVersion);
  const parent = input.parentId == null ? null : await getCategory(tx, input.parentId, ['input', 'parentId']);
  if (parent && isWithin(parent.path, before.path)) {
    throw new Rejection('CYCLE', 'A category cannot lie below itself.', ['input', 'parentId']);
  }
  const problems = new Problems();
  const position = wholeNumber(problems.at('position'), input.position, before.position, {
    what: 'A position',
    min: 0,
    max: 1_000_000,
  });
  problems.refuse();
  const after = { ...before, position, parentId: parent?.id ?? null, path: pathBelow(parent, before.slug) };
  refuseDepth(after.path);
  await updateCategory(tx.db, before, after, tx.now);
  if (before.path !== after.path) await reindexBelow(tx, after.path);
  tx.evict('Category');
  return before.id;
}

async function reindexBelow(tx: ProductsTx, path: string): Promise<void> {
  await markSearchStale(tx.db, path);
  tx.nudge('refreshSearch');
}

function refuseDepth(path: string): void {
  if (path.split('.').length > DEPTH_MAX) {
    throw new Rejection('TOO_DEEP', `The tree of categories has at most ${DEPTH_MAX} levels.`, ['input', 'parentId']);
  }
}

/** Two who take one slug at once: the database lets one. */
async function slugRejections(save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    const constraint = violated(error);
    if (constraint === 'categories_slug_key' || constraint === 'categories_path_key') {
      throw new Rejection('SLUG_TAKEN', 'Another category has this address.', ['input', 'slug']);
    }
    throw error;
  }
}
