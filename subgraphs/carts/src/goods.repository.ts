import { oneOf, type Parts } from '@souk/kit';
import type { ProductId, VariantId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { CartsDb } from './cart.tables.ts';
import type { Goods } from './cart.ts';

/** Products' word on variants for sale. Older words are ignored. */
export async function upsertSold(
  db: Transaction<CartsDb>,
  variants: readonly {
    variantId: VariantId;
    productId: ProductId;
    productVersion: number;
    published: boolean;
    maxPerOrder: number | null;
  }[],
): Promise<void> {
  await sql`
    insert into variants (variant_id, product_id, product_version, published, max_per_order)
    select "variantId", "productId", "productVersion", published, "maxPerOrder"
    from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) as v(
      "variantId" uuid, "productId" uuid, "productVersion" bigint, published boolean, "maxPerOrder" int)
    order by "variantId"
    on conflict (variant_id) do update set
      product_id = excluded.product_id, product_version = excluded.product_version, published = excluded.published,
      max_per_order = case when excluded.published then excluded.max_per_order else variants.max_per_order end
      where excluded.product_version > variants.product_version`.execute(db);
}

/** Inventory's word on what there is. Older words are ignored. */
export const upsertStock = (stock: readonly { variantId: VariantId; version: number; available: number }[]): Parts => ({
  with: [
    sql`known as (
      insert into variants (variant_id, stock_version, available)
      select "variantId", version, available
      from jsonb_to_recordset(${JSON.stringify(stock)}::jsonb) as v("variantId" uuid, version bigint, available int)
      order by "variantId"
      on conflict (variant_id) do update set stock_version = excluded.stock_version, available = excluded.available
        where excluded.stock_version > variants.stock_version
      returning variant_id)`,
  ],
  answer: 'known',
});

/** What is known of variants that products told of. */
export async function listGoods(db: Kysely<CartsDb>, ids: readonly VariantId[]): Promise<Goods[]> {
  return db
    .selectFrom('variants')
    .select(['variant_id as variantId', 'published', 'max_per_order as maxPerOrder', 'available'])
    .where('variant_id', '=', oneOf<VariantId>(ids))
    .where('product_version', '>', 0)
    .execute();
}
