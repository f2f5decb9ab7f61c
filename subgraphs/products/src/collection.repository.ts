import type { CollectionId, ProductId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import { releaseSlugs, retireSlug } from './category.repository.ts';
import type { ProductsDb } from './product.tables.ts';
import { upsertRows } from './rows.repository.ts';

type Trx = Transaction<ProductsDb>;

export interface Collection {
  readonly id: CollectionId;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly version: number;
}

const columns = ['id', 'name', 'slug', 'description', 'version'] as const;

export const lockCollection = (db: Trx, id: CollectionId): Promise<Collection | undefined> =>
  db.selectFrom('collections').select(columns).where('id', '=', id).forUpdate().executeTakeFirst();

export const listCollectionsBySlugs = (db: Kysely<ProductsDb>, slugs: readonly string[]): Promise<Collection[]> =>
  db.selectFrom('collections').select(columns).where(sql<boolean>`slug = any(${slugs}::text[])`).execute();

export async function insertCollections(db: Trx, collections: readonly Collection[], now: Date): Promise<void> {
  const at = now.toISOString();
  await upsertRows(
    db,
    'collections',
    collections.map((one) => ({ ...one, created_at: at, updated_at: at })),
    null,
  );
  await releaseSlugs(
    db,
    'COLLECTION',
    collections.map((one) => one.slug),
  );
}

export async function updateCollection(db: Trx, before: Collection, after: Collection, now: Date): Promise<void> {
  const { id, ...changed } = after;
  await db
    .updateTable('collections')
    .set({ ...changed, updated_at: now })
    .where('id', '=', id)
    .execute();
  if (before.slug !== after.slug) await retireSlug(db, 'COLLECTION', before, after.slug, now);
}

/** The collection holds these products and no others, in this order. Answers what it held and what of these it holds. */
export async function replaceCollectionProducts(
  db: Trx,
  id: CollectionId,
  productIds: readonly ProductId[],
): Promise<{ readonly before: readonly ProductId[]; readonly after: readonly ProductId[] }> {
  const gone = await db
    .deleteFrom('collection_products')
    .where('collection_id', '=', id)
    .returning('product_id')
    .execute();
  const { rows } = await sql<{ product_id: ProductId }>`
    insert into collection_products (collection_id, product_id, position)
    select ${id}::uuid, p.id, wanted.position
    from unnest(${productIds}::uuid[]) with ordinality as wanted(id, position) join products as p on p.id = wanted.id
    returning product_id`.execute(db);
  return { before: gone.map((row) => row.product_id), after: rows.map((row) => row.product_id) };
}
