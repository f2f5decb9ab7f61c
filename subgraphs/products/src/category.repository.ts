import type { CategoryId, CollectionId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Category, NameTranslation } from './category.ts';
import type { ProductsDb } from './product.tables.ts';
import { type JsonRow, upsertRows } from './rows.repository.ts';

type Trx = Transaction<ProductsDb>;

/** One change of the tree at a time: a path is made of the paths above it. Held until the transaction ends. */
export async function lockTree(db: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('products.categories'))`.execute(db);
}

const columns = ['id', 'parent_id', 'name', 'slug', 'path', 'description', 'position', 'version'] as const;

interface CategoryRow {
  id: CategoryId;
  parent_id: CategoryId | null;
  name: string;
  slug: string;
  path: string;
  description: string;
  position: number;
  version: number;
}

const categoryOf = ({ parent_id, ...row }: CategoryRow): Category => ({ ...row, parentId: parent_id });

export async function findCategory(db: Kysely<ProductsDb>, id: CategoryId): Promise<Category | undefined> {
  const row = await db.selectFrom('categories').select(columns).where('id', '=', id).executeTakeFirst();
  return row && categoryOf(row);
}

export async function listCategoriesBySlugs(db: Kysely<ProductsDb>, slugs: readonly string[]): Promise<Category[]> {
  const rows = await db
    .selectFrom('categories')
    .select(columns)
    .where(sql<boolean>`slug = any(${slugs}::text[])`)
    .execute();
  return rows.map(categoryOf);
}

/** Categories whose name or slug is among these, with the whole of their branches above: what import paths are matched with. */
export async function listCategoriesNamed(
  db: Kysely<ProductsDb>,
  names: readonly string[],
  slugs: readonly string[],
): Promise<Category[]> {
  const rows = await db
    .selectFrom('categories')
    .select(columns)
    .where(sql<boolean>`name = any(${names}::text[]) or slug = any(${slugs}::text[])`)
    .orderBy('path')
    .execute();
  return rows.map(categoryOf);
}

export async function insertCategories(db: Trx, categories: readonly Category[], now: Date): Promise<void> {
  const at = now.toISOString();
  const rows = categories.map(({ parentId, ...one }) => ({
    ...one,
    parent_id: parentId,
    created_at: at,
    updated_at: at,
  }));
  await upsertRows(db, 'categories', rows, null);
  await releaseSlugs(
    db,
    'CATEGORY',
    categories.map((one) => one.slug),
  );
}

/** Saves one category; where its path changed, those of all below it follow in the same statement. */
export async function updateCategory(db: Trx, before: Category, after: Category, now: Date): Promise<void> {
  await sql`
    update categories set
      path = case when id = ${after.id} then ${after.path}::ltree
        else ${after.path}::ltree || subpath(path, nlevel(${before.path}::ltree)) end,
      parent_id = case when id = ${after.id} then ${after.parentId}::uuid else parent_id end,
      slug = case when id = ${after.id} then ${after.slug} else slug end,
      name = case when id = ${after.id} then ${after.name} else name end,
      description = case when id = ${after.id} then ${after.description} else description end,
      position = case when id = ${after.id} then ${after.position} else position end,
      version = version + 1, updated_at = ${now}
    where id = ${after.id} or (path <@ ${before.path}::ltree and ${before.path !== after.path})`.execute(db);
  if (before.slug !== after.slug) await retireSlug(db, 'CATEGORY', before, after.slug, now);
}

/** Products under a category are searched by its name: they are indexed again by a tick. */
export async function markSearchStale(db: Trx, path: string): Promise<void> {
  await sql`
    update products set search_stale = true
    where category_id in (select id from categories where path <@ ${path}::ltree)`.execute(db);
}

export async function releaseSlugs(db: Trx, kind: 'CATEGORY' | 'COLLECTION', slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return;
  await db.deleteFrom('slug_history').where('kind', '=', kind).where('slug', 'in', slugs).execute();
}

export async function retireSlug(
  db: Trx,
  kind: 'CATEGORY' | 'COLLECTION',
  before: { id: string; slug: string },
  slug: string,
  now: Date,
): Promise<void> {
  await releaseSlugs(db, kind, [slug]);
  const row = { kind, slug: before.slug, target_id: before.id, retired_at: now.toISOString() };
  await upsertRows(db, 'slug_history', [row], ['kind', 'slug']);
}

export async function saveNameTranslations(
  db: Trx,
  owner: { category_id: CategoryId } | { collection_id: CollectionId },
  translations: readonly NameTranslation[],
): Promise<void> {
  const rows: JsonRow[] = translations.map((one) => ({ ...owner, ...one }));
  if ('category_id' in owner) await upsertRows(db, 'category_translations', rows, ['category_id', 'locale']);
  else await upsertRows(db, 'collection_translations', rows, ['collection_id', 'locale']);
}
