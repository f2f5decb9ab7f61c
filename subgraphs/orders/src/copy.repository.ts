import { oneOf } from '@souk/kit';
import type { ChannelId, CurrencyCode, FactOf, VariantId } from '@souk/schema';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { OrdersDb } from './order.tables.ts';
import type { VariantCopy } from './pricing.ts';

type Published = FactOf<'products.ProductPublished'>;
type Unpublished = FactOf<'products.ProductUnpublished'>;
type Priced = FactOf<'products.PriceChanged'>;

interface CopyRow extends Omit<VariantCopy, 'name' | 'prices'> {
  readonly productName: string;
  readonly variantName: string | null;
  readonly prices: readonly { amount: number; validFrom: string | null; validTo: string | null }[];
}

/** The variants as orders knows them, with the price rows of a channel and currency: a JSON list for another statement. */
export const copiesJson = (
  ids: readonly VariantId[],
  channelId: ChannelId,
  currency: CurrencyCode,
): RawBuilder<readonly CopyRow[]> => sql`
  (select coalesce(jsonb_agg(jsonb_build_object('variantId', v.variant_id, 'published', v.published,
      'productName', v.product_name, 'variantName', v.variant_name, 'sku', v.sku, 'weightGrams', v.weight_grams,
      'requiresShipping', v.requires_shipping, 'taxClass', v.tax_class, 'maxPerOrder', v.max_per_order,
      'prices', (select coalesce(jsonb_agg(jsonb_build_object('amount', p.amount, 'validFrom', p.valid_from,
          'validTo', p.valid_to)), '[]') from price_copies p
        where p.variant_id = v.variant_id and p.channel_id = ${channelId} and p.currency = ${currency}))), '[]')
    from variant_copies v where v.variant_id = ${oneOf(ids)})`;

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

export const toCopies = (rows: readonly CopyRow[]): VariantCopy[] =>
  rows.map(({ productName, variantName, prices, ...row }) => ({
    ...row,
    name: variantName === null ? productName : `${productName} – ${variantName}`,
    prices: prices.map(({ amount, validFrom, validTo }) => ({
      amount,
      validFrom: dateOf(validFrom),
      validTo: dateOf(validTo),
    })),
  }));

/** The variant of each SKU that is known. */
export async function listVariantsBySku(
  db: Kysely<OrdersDb>,
  skus: readonly string[],
): Promise<Map<string, VariantId>> {
  if (skus.length === 0) return new Map();
  const rows = await db.selectFrom('variant_copies').select(['sku', 'variant_id']).where('sku', 'in', skus).execute();
  return new Map(rows.map((row) => [row.sku, row.variant_id]));
}

/** Replaces what is known of products by newer facts; older ones change nothing. One statement for all. */
export async function saveProducts(db: Transaction<OrdersDb>, facts: readonly Published[]): Promise<void> {
  const products = facts.map(({ version, data }) => ({ id: data.productId, version }));
  const variants = facts.flatMap(({ data }) =>
    data.variants.map((variant) => ({ ...variant, productId: data.productId, productName: data.name })),
  );
  await sql`
    with newer as (
      insert into product_copies (product_id, catalogue_version)
      select id, version from jsonb_to_recordset(${JSON.stringify(products)}::jsonb) as p(id uuid, version bigint)
      on conflict (product_id) do update set catalogue_version = excluded.catalogue_version
      where excluded.catalogue_version > product_copies.catalogue_version
      returning product_id
    ), said as (
      select v.* from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) as v("variantId" uuid, "productId" uuid,
        "productName" text, name text, sku text, "weightGrams" int, "requiresShipping" boolean, "taxClass" text,
        "maxPerOrder" int) join newer on newer.product_id = v."productId"
    ), gone as (
      update variant_copies set published = false
      where product_id in (select product_id from newer) and variant_id not in (select "variantId" from said) and published
    )
    insert into variant_copies (variant_id, product_id, published, product_name, variant_name, sku, weight_grams,
      requires_shipping, tax_class, max_per_order)
    select "variantId", "productId", true, "productName", name, sku, "weightGrams", "requiresShipping", "taxClass",
      "maxPerOrder" from said
    on conflict (variant_id) do update set product_id = excluded.product_id, published = true,
      product_name = excluded.product_name, variant_name = excluded.variant_name, sku = excluded.sku,
      weight_grams = excluded.weight_grams, requires_shipping = excluded.requires_shipping,
      tax_class = excluded.tax_class, max_per_order = excluded.max_per_order`.execute(db);
}

export async function unpublishProducts(db: Transaction<OrdersDb>, facts: readonly Unpublished[]): Promise<void> {
  const products = facts.map(({ version, data }) => ({ id: data.productId, version }));
  await sql`
    with newer as (
      insert into product_copies (product_id, catalogue_version)
      select id, version from jsonb_to_recordset(${JSON.stringify(products)}::jsonb) as p(id uuid, version bigint)
      on conflict (product_id) do update set catalogue_version = excluded.catalogue_version
      where excluded.catalogue_version > product_copies.catalogue_version
      returning product_id
    )
    update variant_copies set published = false where product_id in (select product_id from newer)`.execute(db);
}

/** Every price row of a product replaces those known before. Two statements, for one cannot delete and insert a key at once. */
export async function savePrices(db: Transaction<OrdersDb>, facts: readonly Priced[]): Promise<void> {
  const products = facts.map(({ version, data }) => ({ id: data.productId, version }));
  const { rows } = await sql<{ product_id: string }>`
    with newer as (
      insert into product_copies (product_id, price_version)
      select id, version from jsonb_to_recordset(${JSON.stringify(products)}::jsonb) as p(id uuid, version bigint)
      on conflict (product_id) do update set price_version = excluded.price_version
      where excluded.price_version > product_copies.price_version
      returning product_id
    ), gone as (delete from price_copies where product_id in (select product_id from newer))
    select product_id from newer`.execute(db);
  const newer = new Set(rows.map((row) => row.product_id));
  const prices = facts
    .filter(({ data }) => newer.has(data.productId))
    .flatMap(({ data }) => data.prices.map((price) => ({ ...price, productId: data.productId })));
  if (prices.length === 0) return;
  await sql`
    insert into price_copies (variant_id, product_id, channel_id, currency, amount, valid_from, valid_to)
    select "variantId", "productId", "channelId", currency, "amountMinor", "validFrom", "validTo"
    from jsonb_to_recordset(${JSON.stringify(prices)}::jsonb) as p("variantId" uuid, "productId" uuid, "channelId" uuid,
      currency text, "amountMinor" bigint, "validFrom" timestamptz, "validTo" timestamptz)`.execute(db);
}
