import { type CurrencyCode, type Money, money, type ProductId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AttributeValue } from './attribute.ts';
import type { Media } from './media.ts';
import type { Price } from './price.ts';
import type { ProductsDb } from './product.tables.ts';
import type { Product, ProductStatus, Variant } from './product.ts';
import { contentRows, keyOf, type Loaded, listingRow, priceRow, type Rows } from './product-rows.repository.ts';
import type { JsonRow } from './rows.repository.ts';

const iso = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());
const cost = (amount: number | null, currency: string | null): Money | null =>
  amount === null ? null : money(amount, currency as CurrencyCode);

interface StoredProduct {
  id: ProductId;
  sku: string;
  name: string;
  slug: string;
  description: string;
  status: ProductStatus;
  category_id: Product['categoryId'];
  price: number | null;
  cost: number | null;
  cost_currency: string | null;
  vendor: string | null;
  product_type: string | null;
  tags: string[];
  seo_title: string | null;
  seo_description: string | null;
  version: number;
  published_at: string | null;
  prices_change_at: string | null;
  created_at: string;
  updated_at: string;
}
interface StoredVariant {
  id: Variant['id'];
  sku: string;
  attributes: Record<string, string>;
  price_modifier: number;
  stock_quantity: number;
  position: number;
  weight_grams: number;
  requires_shipping: boolean;
  tax_class: string;
  barcode: string | null;
  max_per_order: number | null;
  cost: number | null;
  cost_currency: string | null;
  media_id: Variant['mediaId'];
  archived_at: string | null;
  created_at: string;
}
interface StoredPrice {
  id: number;
  variant_id: Variant['id'];
  channel_id: Price['channelId'];
  currency: Price['currency'];
  amount_minor: number;
  compare_at_minor: number | null;
  valid_from: string | null;
  valid_to: string | null;
}
interface StoredMedia {
  id: Media['id'];
  position: number;
  alt: string;
  source_url: string | null;
  status: Media['status'];
  failure: string | null;
  key: string | null;
  content_type: string | null;
  content_hash: string | null;
  width: number | null;
  height: number | null;
  widths: number[] | null;
  created_at: string;
}
interface Stored {
  product: StoredProduct;
  options: { name: string; values: string[] }[];
  variants: StoredVariant[];
  prices: StoredPrice[];
  attributes: {
    attribute_id: string;
    text_value: string | null;
    number_value: number | null;
    boolean_value: boolean | null;
  }[];
  translations: {
    locale: string;
    name: string | null;
    description: string | null;
    seo_title: string | null;
    seo_description: string | null;
  }[];
  media: StoredMedia[];
  collections: Product['collectionIds'][number][];
  listings: JsonRow[];
}

/** Locks products, in the order of their ids, and reads all that belongs to them. */
export async function lockProducts(db: Transaction<ProductsDb>, wanted: readonly string[]): Promise<Loaded[]> {
  const { rows: locked } = await sql<{ id: string }>`
    select id from products where id = any(${wanted}::uuid[]) order by id for update`.execute(db);
  const ids = locked.map((row) => row.id);
  return ids.length === 0 ? [] : readProducts(db, ids);
}

/** All that belongs to products. Without their lock it is only to be looked at. */
export async function readProducts(db: Kysely<ProductsDb>, ids: readonly string[]): Promise<Loaded[]> {
  const part = (table: string, order: string, from = sql.raw(table)) => sql`
    coalesce((select jsonb_agg(to_jsonb(t) order by ${sql.raw(order)}) from ${from} as t where t.product_id = p.id), '[]')`;
  const { rows } = await sql<Stored>`
    select to_jsonb(p) as product,
      ${part('product_options', 't.position')} as options,
      ${part('product_variants', 't.position, t.id')} as variants,
      coalesce((select jsonb_agg(to_jsonb(r) order by r.channel_id, r.currency, r.valid_from nulls first)
        from product_variants as v join product_prices as r on r.variant_id = v.id where v.product_id = p.id), '[]') as prices,
      ${part('product_attribute_values', 't.position')} as attributes,
      ${part('product_translations', 't.locale')} as translations,
      ${part('media', 't.position, t.id')} as media,
      coalesce((select jsonb_agg(c.collection_id order by c.collection_id)
        from collection_products as c where c.product_id = p.id), '[]') as collections,
      ${part('product_listings', 't.channel_id, t.currency')} as listings
    from products as p where p.id = any(${ids}::uuid[]) order by p.id`.execute(db);
  return rows.map(loadedOf);
}

function loadedOf(stored: Stored): Loaded {
  const product = productOf(stored);
  const modifiers = new Map(stored.variants.map((variant) => [variant.id, variant.price_modifier]));
  const rows: Rows = {
    ...contentRows(product),
    derived_products: [
      { id: product.id, price: stored.product.price, prices_change_at: iso(stored.product.prices_change_at) },
    ],
    derived_variants: product.variants.map(({ id }) => ({ id, price_modifier: modifiers.get(id) ?? 0 })),
    product_listings: stored.listings
      .map((row) => ({ ...row, created_at: iso(row.created_at as string) }))
      .map(listingRow),
  };
  const priceIds = new Map(
    stored.prices.map((price) => [keyOf('product_prices', priceRow(price.variant_id, priceOf(price))), price.id]),
  );
  return { product, rows, priceIds, updatedAt: iso(stored.product.updated_at)! };
}

const priceOf = (row: StoredPrice): Price => ({
  channelId: row.channel_id,
  currency: row.currency,
  amountMinor: row.amount_minor,
  compareAtMinor: row.compare_at_minor,
  validFrom: iso(row.valid_from),
  validTo: iso(row.valid_to),
});

function productOf({ product: row, ...stored }: Stored): Product {
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    slug: row.slug,
    description: row.description,
    status: row.status,
    categoryId: row.category_id,
    cost: cost(row.cost, row.cost_currency),
    vendor: row.vendor,
    productType: row.product_type,
    tags: row.tags,
    seoTitle: row.seo_title,
    seoDescription: row.seo_description,
    version: row.version,
    publishedAt: iso(row.published_at),
    createdAt: iso(row.created_at)!,
    options: stored.options.map(({ name, values }) => ({ name, values })),
    variants: stored.variants.map((variant) => ({
      id: variant.id,
      sku: variant.sku,
      attributes: variant.attributes,
      position: variant.position,
      weightGrams: variant.weight_grams,
      requiresShipping: variant.requires_shipping,
      taxClass: variant.tax_class,
      barcode: variant.barcode,
      maxPerOrder: variant.max_per_order,
      cost: cost(variant.cost, variant.cost_currency),
      mediaId: variant.media_id,
      archivedAt: iso(variant.archived_at),
      createdAt: iso(variant.created_at)!,
      stockQuantity: variant.stock_quantity,
      prices: stored.prices.filter((price) => price.variant_id === variant.id).map(priceOf),
    })),
    attributes: stored.attributes.map(
      (one): AttributeValue => ({
        attributeId: one.attribute_id,
        text: one.text_value,
        number: one.number_value,
        boolean: one.boolean_value,
      }),
    ),
    translations: stored.translations.map((one) => ({
      locale: one.locale,
      name: one.name,
      description: one.description,
      seoTitle: one.seo_title,
      seoDescription: one.seo_description,
    })),
    media: stored.media.map(mediaOf),
    collectionIds: stored.collections,
  };
}

const mediaOf = (row: StoredMedia): Media => ({
  id: row.id,
  position: row.position,
  alt: row.alt,
  sourceUrl: row.source_url,
  status: row.status,
  failure: row.failure,
  contentHash: row.content_hash,
  image:
    row.status === 'READY'
      ? { key: row.key!, contentType: row.content_type!, width: row.width!, height: row.height!, widths: row.widths! }
      : null,
  createdAt: iso(row.created_at)!,
});
