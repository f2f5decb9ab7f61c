import { oneOf } from '@souk/kit';
import type { CollectionId, ProductId, VariantId } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import type { ProductsDb } from './product.tables.ts';

type Db = Kysely<ProductsDb>;

/** Products by their slugs, present or retired. */
export async function listIdsBySlugs(db: Db, slugs: readonly string[]): Promise<Map<string, ProductId>> {
  const { rows } = await sql<{ slug: string; id: ProductId; retired: boolean }>`
    select slug, id, false as retired from products where slug = any(${slugs}::text[])
    union all select slug, target_id, true from slug_history where kind = 'PRODUCT' and slug = any(${slugs}::text[])
    order by retired desc`.execute(db);
  return new Map(rows.map((row) => [row.slug, row.id]));
}

/** Which of these SKUs belong to products other than the named ones. */
export async function listForeignSkus(
  db: Db,
  skus: { products: readonly string[]; variants: readonly string[] },
  except: readonly string[],
): Promise<{ products: Set<string>; variants: Set<string> }> {
  const { rows } = await sql<{ sku: string; of_product: boolean }>`
    select sku, true as of_product from products where sku = any(${skus.products}::text[]) and id <> all(${except}::uuid[])
    union all select sku, false from product_variants
    where sku = any(${skus.variants}::text[]) and product_id <> all(${except}::uuid[])`.execute(db);
  const those = (ofProduct: boolean) =>
    new Set(rows.filter((row) => row.of_product === ofProduct).map((row) => row.sku));
  return { products: those(true), variants: those(false) };
}

/** Slugs in use that start like this one: what a free slug is chosen against. */
export async function listSlugsLike(db: Db, base: string): Promise<Set<string>> {
  const { rows } = await sql<{ slug: string }>`
    select slug from products where slug = ${base} or slug ~ ${`^${base}-[0-9]+$`}`.execute(db);
  return new Set(rows.map((row) => row.slug));
}

export async function listProductsOfVariants(db: Db, ids: readonly VariantId[]): Promise<Map<VariantId, ProductId>> {
  const rows = await db
    .selectFrom('product_variants')
    .select(['id', 'product_id'])
    .where(sql<boolean>`id = ${oneOf(ids)}`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.product_id]));
}

export async function listKnownCollections(db: Db, ids: readonly CollectionId[]): Promise<CollectionId[]> {
  const rows = await db
    .selectFrom('collections')
    .select('id')
    .where(sql<boolean>`id = ${oneOf(ids)}`)
    .execute();
  return rows.map((row) => row.id);
}

/** Products whose lists must be made again: a price of theirs has started or ended. */
export async function listPricesDue(db: Db, now: Date, limit: number): Promise<ProductId[]> {
  const rows = await db
    .selectFrom('products')
    .select('id')
    .where('prices_change_at', '<=', now)
    .orderBy('prices_change_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function listSearchStale(db: Db, limit: number): Promise<ProductId[]> {
  const rows = await db
    .selectFrom('products')
    .select('id')
    .where('search_stale', '=', true)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function markSearchFresh(db: Db, ids: readonly ProductId[]): Promise<void> {
  await db.updateTable('products').set({ search_stale: false }).where('id', 'in', ids).execute();
}

/** Ids of products in order, a chunk after another. */
export async function listProductIdsAfter(db: Db, after: ProductId | null, limit: number): Promise<ProductId[]> {
  const rows = await db
    .selectFrom('products')
    .select('id')
    .$if(after !== null, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
