import { type CurrencyCode, type Money, money, type ProductId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AttributeValue } from './attribute.ts';
import type { Media } from './media.ts';
import type { Price } from './price.ts';
import type { ProductsDb } from './product.tables.ts';
import { basePrices, listingsOf, type Product, type ProductStatus, pricesChangeAt, type Variant } from './product.ts';
import { deleteRows, type JsonRow, upsertRows } from './rows.repository.ts';
import { sortNameOf } from './slug.ts';

type Db = Kysely<ProductsDb>;
type Trx = Transaction<ProductsDb>;

/** What is stored of a product: the rows of each table. `derived` columns follow from the others and from the time. */
type Rows = Record<Section, readonly JsonRow[]>;
type Section =
  | 'products'
  | 'derived_products'
  | 'media'
  | 'product_options'
  | 'product_variants'
  | 'derived_variants'
  | 'product_prices'
  | 'product_attribute_values'
  | 'product_translations'
  | 'collection_products'
  | 'product_listings';

const keysOf: Record<Section, readonly string[]> = {
  products: ['id'],
  derived_products: ['id'],
  media: ['id'],
  product_options: ['product_id', 'position'],
  product_variants: ['id'],
  derived_variants: ['id'],
  product_prices: [
    'variant_id',
    'channel_id',
    'currency',
    'valid_from',
    'valid_to',
    'amount_minor',
    'compare_at_minor',
  ],
  product_attribute_values: ['product_id', 'attribute_id'],
  product_translations: ['product_id', 'locale'],
  collection_products: ['collection_id', 'product_id'],
  product_listings: ['product_id', 'channel_id', 'currency'],
};
const derivedSections: ReadonlySet<Section> = new Set(['derived_products', 'derived_variants', 'product_listings']);

/** A product as it was read under its lock, beside the rows it was read from. */
export interface Loaded {
  readonly product: Product;
  readonly rows: Rows;
  readonly priceIds: ReadonlyMap<string, number>;
  readonly updatedAt: string;
}

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

/** Locks products, in the order of their ids, and reads all that belongs to them in the same statement. */
export async function lockProducts(
  db: Trx,
  by: { ids: readonly string[] } | { slugs: readonly string[] },
): Promise<Loaded[]> {
  const wanted =
    'ids' in by
      ? sql`p.id = any(${by.ids}::uuid[])`
      : sql`(p.slug = any(${by.slugs}::text[]) or p.id in (
          select target_id from slug_history where kind = 'PRODUCT' and slug = any(${by.slugs}::text[])))`;
  const { rows: locked } = await sql<{ id: string }>`
    select p.id from products as p where ${wanted} order by p.id for update`.execute(db);
  return locked.length === 0
    ? []
    : readProducts(
        db,
        locked.map((row) => row.id),
      );
}

/** All that belongs to products. Without their lock it is only to be looked at. */
export async function readProducts(db: Db, ids: readonly string[]): Promise<Loaded[]> {
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

const priceRow = (variantId: string, price: Price): JsonRow => ({
  variant_id: variantId,
  channel_id: price.channelId,
  currency: price.currency,
  valid_from: price.validFrom,
  valid_to: price.validTo,
  amount_minor: price.amountMinor,
  compare_at_minor: price.compareAtMinor,
});

const listingRow = (row: JsonRow): JsonRow => ({
  product_id: row.product_id,
  channel_id: row.channel_id,
  currency: row.currency,
  price_minor: row.price_minor,
  compare_at_minor: row.compare_at_minor,
  in_stock: row.in_stock,
  sort_name: row.sort_name,
  category_id: row.category_id,
  created_at: row.created_at,
});

/** Rows of what a person or another house said. Attributes are stored with their keys sorted, as jsonb keeps them. */
function contentRows(product: Product): Omit<Rows, 'derived_products' | 'derived_variants' | 'product_listings'> {
  const { id } = product;
  return {
    products: [
      {
        id,
        sku: product.sku,
        name: product.name,
        sort_name: sortNameOf(product.name),
        slug: product.slug,
        description: product.description,
        status: product.status,
        category_id: product.categoryId,
        cost: product.cost?.amountMinor ?? null,
        cost_currency: product.cost?.currency ?? null,
        vendor: product.vendor,
        product_type: product.productType,
        tags: product.tags,
        seo_title: product.seoTitle,
        seo_description: product.seoDescription,
        published_at: product.publishedAt,
        created_at: product.createdAt,
      },
    ],
    media: product.media.map(({ image, ...one }) => ({
      id: one.id,
      product_id: id,
      position: one.position,
      alt: one.alt,
      source_url: one.sourceUrl,
      status: one.status,
      failure: one.failure,
      key: image?.key ?? null,
      content_type: image?.contentType ?? null,
      content_hash: one.contentHash,
      width: image?.width ?? null,
      height: image?.height ?? null,
      widths: image?.widths ?? null,
      created_at: one.createdAt,
    })),
    product_options: product.options.map(({ name, values }, position) => ({ product_id: id, position, name, values })),
    product_variants: product.variants.map((variant) => ({
      id: variant.id,
      product_id: id,
      sku: variant.sku,
      attributes: Object.fromEntries(Object.entries(variant.attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
      position: variant.position,
      weight_grams: variant.weightGrams,
      requires_shipping: variant.requiresShipping,
      tax_class: variant.taxClass,
      barcode: variant.barcode,
      max_per_order: variant.maxPerOrder,
      cost: variant.cost?.amountMinor ?? null,
      cost_currency: variant.cost?.currency ?? null,
      media_id: variant.mediaId,
      archived_at: variant.archivedAt,
      created_at: variant.createdAt,
    })),
    product_prices: product.variants.flatMap((variant) => variant.prices.map((price) => priceRow(variant.id, price))),
    product_attribute_values: product.attributes.map((one, position) => ({
      product_id: id,
      attribute_id: one.attributeId,
      position,
      text_value: one.text,
      number_value: one.number,
      boolean_value: one.boolean,
    })),
    product_translations: product.translations.map((one) => ({
      product_id: id,
      locale: one.locale,
      name: one.name,
      description: one.description,
      seo_title: one.seoTitle,
      seo_description: one.seoDescription,
    })),
    collection_products: product.collectionIds.map((collection_id) => ({ collection_id, product_id: id })),
  };
}

function rowsOf(product: Product, now: Date): Rows {
  const { price, modifiers } = basePrices(product, now);
  const content = contentRows(product);
  return {
    ...content,
    derived_products: [
      { id: product.id, price, prices_change_at: pricesChangeAt(product, now)?.toISOString() ?? null },
    ],
    derived_variants: product.variants.map(({ id }) => ({ id, price_modifier: modifiers.get(id) ?? 0 })),
    product_listings: listingsOf(product, now).map((listing) =>
      listingRow({
        product_id: product.id,
        channel_id: listing.channelId,
        currency: listing.currency,
        price_minor: listing.amountMinor,
        compare_at_minor: listing.compareAtMinor,
        in_stock: listing.inStock,
        sort_name: sortNameOf(product.name),
        category_id: product.categoryId,
        created_at: product.createdAt,
      }),
    ),
  };
}

const keyOf = (section: Section, row: JsonRow): string => JSON.stringify(keysOf[section].map((key) => row[key]));

interface SectionDiff {
  readonly written: readonly JsonRow[];
  readonly gone: readonly JsonRow[];
}

/** What saving a product would change. */
export interface Diff {
  readonly before: Loaded | null;
  readonly after: Product;
  readonly sections: Readonly<Record<Section, SectionDiff>>;
  readonly rows: Rows;
  /** Anything but prices and what follows from them and the time. */
  readonly contentChanged: boolean;
  readonly pricesChanged: boolean;
  readonly derivedChanged: boolean;
}

export function diffProduct(before: Loaded | null, after: Product, now: Date): Diff {
  const rows = rowsOf(after, now);
  const sections = {} as Record<Section, SectionDiff>;
  for (const section of Object.keys(rows) as Section[]) {
    const known = new Map((before?.rows[section] ?? []).map((row) => [keyOf(section, row), row]));
    const wanted = new Set<string>();
    const written = rows[section].filter((row) => {
      const key = keyOf(section, row);
      wanted.add(key);
      const old = known.get(key);
      return !old || JSON.stringify(old) !== JSON.stringify(row);
    });
    sections[section] = { written, gone: [...known].filter(([key]) => !wanted.has(key)).map(([, row]) => row) };
  }
  const changed = (section: Section) => sections[section].written.length + sections[section].gone.length > 0;
  const names = Object.keys(sections) as Section[];
  return {
    before,
    after,
    sections,
    rows,
    contentChanged: names.some((name) => name !== 'product_prices' && !derivedSections.has(name) && changed(name)),
    pricesChanged: changed('product_prices'),
    derivedChanged: names.some((name) => derivedSections.has(name) && changed(name)),
  };
}

/** Writes what differs, of all products together: one statement for each table that something differs in. */
export async function saveDiffs(db: Trx, diffs: readonly Diff[], now: Date): Promise<void> {
  const written = (section: Section) => diffs.flatMap((diff) => diff.sections[section].written);
  const gone = (section: Section) => diffs.flatMap((diff) => diff.sections[section].gone);
  const at = now.toISOString();
  await saveProductRows(db, diffs, at);
  await retireSlugs(db, diffs, at);
  // Variants let go of pictures before these go; new pictures are there before variants show them.
  await upsertRows(db, 'media', written('media'), ['id']);
  await deleteRows(db, 'product_options', gone('product_options'), keysOf.product_options);
  await upsertRows(db, 'product_options', written('product_options'), keysOf.product_options);
  await saveVariantRows(db, diffs, at);
  await forgetMedia(db, gone('media'), at);
  const priceIds = diffs.flatMap((diff) =>
    diff.sections.product_prices.gone.map((row) => diff.before!.priceIds.get(keyOf('product_prices', row))!),
  );
  if (priceIds.length > 0) await db.deleteFrom('product_prices').where('id', 'in', priceIds).execute();
  await upsertRows(db, 'product_prices', written('product_prices'), null);
  for (const table of [
    'product_attribute_values',
    'product_translations',
    'collection_products',
    'product_listings',
  ] as const) {
    await deleteRows(db, table, gone(table), keysOf[table]);
    await upsertRows(db, table, written(table), keysOf[table]);
  }
}

/** Products carry their version and derived columns; a price that starts or ends by time is no edit, so `updated_at` stays. */
async function saveProductRows(db: Trx, diffs: readonly Diff[], at: string): Promise<void> {
  const rows = diffs
    .filter((diff) => diff.contentChanged || diff.pricesChanged || diff.derivedChanged)
    .map(({ before, after, rows, contentChanged, pricesChanged }) => ({
      ...rows.products[0],
      ...rows.derived_products[0],
      version: after.version,
      search_stale: false,
      updated_at: contentChanged || pricesChanged || !before ? at : before.updatedAt,
    }));
  await upsertRows(db, 'products', rows, ['id']);
}

async function saveVariantRows(db: Trx, diffs: readonly Diff[], at: string): Promise<void> {
  const rows = diffs.flatMap(({ sections, rows: { product_variants, derived_variants } }) => {
    const changed = new Set(
      [...sections.product_variants.written, ...sections.derived_variants.written].map((row) => row.id),
    );
    return product_variants.flatMap((row, index) =>
      changed.has(row.id) ? [{ ...row, ...derived_variants[index], updated_at: at }] : [],
    );
  });
  // New ones start without stock: only inventory's word changes it.
  const known = new Set(
    diffs.flatMap((diff) => diff.before?.product.variants.map((variant) => variant.id as string) ?? []),
  );
  const isNew = (row: JsonRow) => !known.has(row.id as string);
  await upsertRows(
    db,
    'product_variants',
    rows.filter((row) => !isNew(row)),
    ['id'],
  );
  await upsertRows(db, 'product_variants', rows.filter(isNew), null);
}

/** Old addresses lead to the product for good, unless another product takes one as its own. */
async function retireSlugs(db: Trx, diffs: readonly Diff[], at: string): Promise<void> {
  const renamed = diffs.filter((diff) => diff.before?.product.slug !== diff.after.slug);
  if (renamed.length === 0) return;
  await db
    .deleteFrom('slug_history')
    .where('kind', '=', 'PRODUCT')
    .where(
      'slug',
      'in',
      renamed.map((diff) => diff.after.slug),
    )
    .execute();
  const retired = renamed.flatMap(({ before }) =>
    before ? [{ kind: 'PRODUCT', slug: before.product.slug, target_id: before.product.id, retired_at: at }] : [],
  );
  await upsertRows(db, 'slug_history', retired, ['kind', 'slug']);
}

/** Pictures that are gone leave files behind, which a tick removes. */
async function forgetMedia(db: Trx, rows: readonly JsonRow[], at: string): Promise<void> {
  await deleteRows(db, 'media', rows, ['id']);
  const orphans = rows.flatMap((row) => (row.key === null ? [] : [{ key: row.key, remove_at: at }]));
  await upsertRows(db, 'media_orphans', orphans, ['key']);
}
