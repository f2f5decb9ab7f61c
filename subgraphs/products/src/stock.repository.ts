import { oneOf, type Parts } from '@souk/kit';
import type { ProductId, VariantId } from '@souk/schema';
import { sql, type Transaction } from 'kysely';
import type { ProductsDb } from './product.tables.ts';

export interface StockWord {
  readonly variantId: VariantId;
  readonly available: number;
  readonly version: number;
}

/**
 * Saves quantities that are newer than what is known and answers the products of variants that went out of stock or came
 * back. Products are locked first, as every writer of a product does, so that its lists are never made from a stale number.
 */
export const saveStock = (words: readonly StockWord[]): Parts<{ product_id: ProductId }> => ({
  with: [
    sql`heard as (
      select * from jsonb_to_recordset(${JSON.stringify(words)}::jsonb)
        as w("variantId" uuid, available bigint, version bigint))`,
    sql`locked as materialized (
      select id from products where id in (
        select product_id from product_variants where id in (select "variantId" from heard)
      ) order by id for update)`,
    sql`saved as (
      update product_variants as v set stock_quantity = heard.available, stock_version = heard.version
      from heard, locked
      where v.id = heard."variantId" and v.product_id = locked.id and v.stock_version < heard.version
      returning v.product_id, (old.stock_quantity > 0) <> (new.stock_quantity > 0) as turned)`,
    sql`turned as (select distinct product_id from saved where turned)`,
  ],
  answer: 'turned',
});

export async function refreshInStock(db: Transaction<ProductsDb>, productIds: readonly ProductId[]): Promise<void> {
  await sql`
    update product_listings as l set in_stock = now_is.in_stock
    from (
      select product_id, bool_or(stock_quantity > 0) as in_stock from product_variants
      where product_id = ${oneOf(productIds)} and archived_at is null group by product_id
    ) as now_is
    where l.product_id = now_is.product_id and l.in_stock <> now_is.in_stock`.execute(db);
}
