import { type Connection, databaseNow, oneOf, type PageArgs, paginate } from '@souk/kit';
import type { CategoryId, Channel, CollectionId, MediaId, ProductId, VariantId } from '@souk/schema';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AttributeType } from './attribute.ts';
import type { CategoryTable, MediaTable, ProductsDb, ProductTable, VariantTable } from './product.tables.ts';

type Db = Kysely<ProductsDb>;

interface TextTranslation {
  name: string | null;
  description: string | null;
  seo_title?: string | null;
  seo_description?: string | null;
}

/** A product as a reader sees it. `listing` is there where a list read it, with the price it was listed by. */
export interface ProductView extends Omit<ProductTable, 'sort_name' | 'price' | 'prices_change_at' | 'search_stale'> {
  translation: TextTranslation | null;
  listing?: { price_minor: number | null; compare_at_minor: number | null; in_stock: boolean } | null;
}

export interface VariantView
  extends Omit<VariantTable, 'attributes' | 'price_modifier' | 'stock_quantity' | 'stock_version'> {
  attributes: Record<string, string>;
  stock_quantity: number;
  product_status: ProductTable['status'];
  product_published_at: Date | null;
  product_name: string;
  product_translation: TextTranslation | null;
  option_names: string[];
  amount_minor: number | null;
  compare_at_minor: number | null;
  /** Milliseconds until one of its product's prices starts or ends; null where none will, 0 where nobody follows it. */
  prices_hold_ms: number | null;
}

export type MediaView = Omit<MediaTable, 'tries'> & { tries: number };

export interface OptionView {
  name: string;
  values: string[];
}

export interface AttributeView {
  code: string;
  name: string;
  type: AttributeType;
  unit: string | null;
  text: string | null;
  number: number | null;
  boolean: boolean | null;
}

export type CategoryView = CategoryTable & { translation: TextTranslation | null };
/** A category with all above it, the first level first. */
export type CategoryWithAncestors = CategoryView & { ancestors: CategoryView[] };

export interface CollectionView {
  id: CollectionId;
  name: string;
  slug: string;
  description: string;
  version: number;
  translation: TextTranslation | null;
}

/** The best translation for a reader as one JSON value, in the statement that reads the row. */
export function translationOf(
  table: string,
  owner: string,
  of: string,
  locales: readonly string[],
): RawBuilder<TextTranslation | null> {
  if (locales.length === 0) return sql`null::jsonb`;
  return sql`(select to_jsonb(t) from ${sql.table(table)} as t
    where t.${sql.ref(owner)} = ${sql.ref(of)} and t.locale = any(${locales}::text[])
    order by array_position(${locales}::text[], t.locale) limit 1)`;
}

export const productColumns = [
  'p.id',
  'p.sku',
  'p.name',
  'p.slug',
  'p.description',
  'p.status',
  'p.category_id',
  'p.cost',
  'p.cost_currency',
  'p.vendor',
  'p.product_type',
  'p.tags',
  'p.seo_title',
  'p.seo_description',
  'p.version',
  'p.published_at',
  'p.created_at',
  'p.updated_at',
] as const;

export const listProductsByIds = (
  db: Db,
  ids: readonly ProductId[],
  locales: readonly string[],
): Promise<ProductView[]> =>
  db
    .selectFrom('products as p')
    .select(productColumns)
    .select(translationOf('product_translations', 'product_id', 'p.id', locales).as('translation'))
    .where('p.id', '=', oneOf<ProductId>(ids))
    .execute();

/** By its present slug, else by one it had before. */
export const findProductBySlug = (db: Db, slug: string, locales: readonly string[]): Promise<ProductView | undefined> =>
  db
    .selectFrom('products as p')
    .select(productColumns)
    .select(translationOf('product_translations', 'product_id', 'p.id', locales).as('translation'))
    .where(sql<boolean>`p.id = coalesce((select id from products where slug = ${slug}),
      (select target_id from slug_history where kind = 'PRODUCT' and slug = ${slug}))`)
    .executeTakeFirst();

function variantViews(db: Db, channel: Channel, locales: readonly string[]) {
  return db
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .leftJoin('product_prices as r', (join) =>
      join
        .onRef('r.variant_id', '=', 'v.id')
        .on('r.channel_id', '=', channel.id)
        .on('r.currency', '=', channel.currency)
        .on(sql<boolean>`tstzrange(r.valid_from, r.valid_to) @> ${databaseNow}`),
    )
    .select([
      'v.id',
      'v.product_id',
      'v.sku',
      'v.attributes',
      'v.stock_quantity',
      'v.position',
      'v.weight_grams',
      'v.requires_shipping',
      'v.tax_class',
      'v.barcode',
      'v.max_per_order',
      'v.cost',
      'v.cost_currency',
      'v.media_id',
      'v.archived_at',
      'v.created_at',
      'v.updated_at',
      'p.status as product_status',
      'p.published_at as product_published_at',
      'p.name as product_name',
      'r.amount_minor',
      'r.compare_at_minor',
    ])
    .select(
      sql<number | null>`case when v.archived_at is null
        then (extract(epoch from p.prices_change_at - ${databaseNow}) * 1000)::float8 else 0 end`.as('prices_hold_ms'),
    )
    .select(
      sql<string[]>`coalesce((select jsonb_agg(o.name order by o.position) from product_options as o
        where o.product_id = v.product_id), '[]')`.as('option_names'),
    )
    .select(translationOf('product_translations', 'product_id', 'p.id', locales).as('product_translation'));
}

export const listVariantsByIds = (
  db: Db,
  ids: readonly VariantId[],
  channel: Channel,
  locales: readonly string[],
): Promise<VariantView[]> => variantViews(db, channel, locales).where('v.id', '=', oneOf<VariantId>(ids)).execute();

export const listVariantsOfProducts = (
  db: Db,
  ids: readonly ProductId[],
  channel: Channel,
  locales: readonly string[],
): Promise<VariantView[]> =>
  variantViews(db, channel, locales)
    .where('v.product_id', '=', oneOf<ProductId>(ids))
    .where('v.archived_at', 'is', null)
    .orderBy('v.product_id')
    .orderBy('v.position')
    .orderBy('v.id')
    .execute();

export async function findVariantIdBySku(db: Db, sku: string): Promise<VariantId | undefined> {
  const row = await db.selectFrom('product_variants').select('id').where('sku', '=', sku).executeTakeFirst();
  return row?.id;
}

/** Options and attributes of products, both in one statement. */
export async function listDetailsOfProducts(
  db: Db,
  ids: readonly ProductId[],
): Promise<{ product_id: ProductId; options: OptionView[]; attributes: AttributeView[] }[]> {
  const { rows } = await sql<{ product_id: ProductId; options: OptionView[]; attributes: AttributeView[] }>`
    select p.id as product_id,
      coalesce((select jsonb_agg(jsonb_build_object('name', o.name, 'values', o."values") order by o.position)
        from product_options as o where o.product_id = p.id), '[]') as options,
      coalesce((select jsonb_agg(jsonb_build_object('code', a.code, 'name', a.name, 'type', a.type, 'unit', a.unit,
          'text', t.text_value, 'number', t.number_value, 'boolean', t.boolean_value) order by t.position)
        from product_attribute_values as t join attributes as a on a.id = t.attribute_id where t.product_id = p.id), '[]') as attributes
    from ${ids.length === 1 ? sql`(select ${ids[0]}::uuid)` : sql`unnest(${ids}::uuid[])`} as p(id)`.execute(db);
  return rows;
}

export const listMediaOfProducts = (db: Db, ids: readonly ProductId[]): Promise<MediaView[]> =>
  db
    .selectFrom('media')
    .selectAll()
    .where('product_id', '=', oneOf<ProductId>(ids))
    .orderBy('product_id')
    .orderBy('position')
    .orderBy('id')
    .execute();

/** Pictures with the status of their product, which decides who may see them. */
export const listMediaByIds = (
  db: Db,
  ids: readonly MediaId[],
): Promise<(MediaView & { product_published_at: Date | null; product_status: ProductTable['status'] })[]> =>
  db
    .selectFrom('media as m')
    .innerJoin('products as p', 'p.id', 'm.product_id')
    .selectAll('m')
    .select(['p.published_at as product_published_at', 'p.status as product_status'])
    .where('m.id', '=', oneOf<MediaId>(ids))
    .execute();

const categoryRow = (alias: string, locales: readonly string[]) =>
  sql`to_jsonb(${sql.ref(alias)}) || jsonb_build_object('path', ${sql.ref(`${alias}.path`)}::text,
    'translation', ${translationOf('category_translations', 'category_id', `${alias}.id`, locales)})`;

/** Categories with everything above them, in one statement. */
export async function listCategoriesByIds(
  db: Db,
  ids: readonly CategoryId[],
  locales: readonly string[],
): Promise<CategoryWithAncestors[]> {
  const { rows } = await sql<{ category: CategoryView; ancestors: CategoryView[] }>`
    select ${categoryRow('c', locales)} as category,
      coalesce((select jsonb_agg(${categoryRow('a', locales)} order by nlevel(a.path))
        from categories as a where a.path @> c.path and a.id <> c.id), '[]') as ancestors
    from categories as c where c.id = ${oneOf(ids)}`.execute(db);
  return rows.map(({ category, ancestors }) => ({ ...category, ancestors }));
}

export async function findCategoryIdBySlug(db: Db, slug: string): Promise<CategoryId | undefined> {
  const { rows } = await sql<{ id: CategoryId | null }>`
    select coalesce((select id from categories where slug = ${slug}),
      (select target_id from slug_history where kind = 'CATEGORY' and slug = ${slug})) as id`.execute(db);
  return rows[0]?.id ?? undefined;
}

/** Children of categories, or the first level for `null`; in the order a menu shows them. */
export async function listChildCategories(
  db: Db,
  parents: readonly (CategoryId | 'root')[],
): Promise<{ id: CategoryId; parent: CategoryId | 'root' }[]> {
  const { rows } = await sql<{ id: CategoryId; parent: CategoryId | 'root' }>`
    select id, coalesce(parent_id::text, 'root') as parent from categories
    where parent_id = any(${parents.filter((one) => one !== 'root')}::uuid[])
      or (parent_id is null and ${parents.includes('root')})
    order by position, name, id`.execute(db);
  return rows;
}

export const listCollectionsByIds = (
  db: Db,
  ids: readonly CollectionId[],
  locales: readonly string[],
): Promise<CollectionView[]> =>
  db
    .selectFrom('collections as c')
    .select(['c.id', 'c.name', 'c.slug', 'c.description', 'c.version'])
    .select(translationOf('collection_translations', 'collection_id', 'c.id', locales).as('translation'))
    .where('c.id', '=', oneOf<CollectionId>(ids))
    .execute();

/** Collections by name, a page at a time. */
export const pageCollections = (
  db: Db,
  locales: readonly string[],
  page: PageArgs,
): Promise<Connection<CollectionView>> =>
  paginate(
    db,
    db
      .selectFrom('collections')
      .select(['id', 'name', 'slug', 'description', 'version'])
      .select(translationOf('collection_translations', 'collection_id', 'collections.id', locales).as('translation')),
    [
      { sql: sql.ref('collections.name'), type: 'text', direction: 'asc' },
      { sql: sql.ref('collections.id'), type: 'uuid', direction: 'asc' },
    ],
    page,
  );

export async function findCollectionIdBySlug(db: Db, slug: string): Promise<CollectionId | undefined> {
  const { rows } = await sql<{ id: CollectionId | null }>`
    select coalesce((select id from collections where slug = ${slug}),
      (select target_id from slug_history where kind = 'COLLECTION' and slug = ${slug})) as id`.execute(db);
  return rows[0]?.id ?? undefined;
}

export const listCollectionsOfProducts = (
  db: Db,
  ids: readonly ProductId[],
  locales: readonly string[],
): Promise<(CollectionView & { product_id: ProductId })[]> =>
  db
    .selectFrom('collection_products as m')
    .innerJoin('collections as c', 'c.id', 'm.collection_id')
    .select(['m.product_id', 'c.id', 'c.name', 'c.slug', 'c.description', 'c.version'])
    .select(translationOf('collection_translations', 'collection_id', 'c.id', locales).as('translation'))
    .where('m.product_id', '=', oneOf<ProductId>(ids))
    .orderBy('c.name')
    .orderBy('c.id')
    .execute();

/** Texts of options, values and attributes in the reader's language, where they are known in it. */
export async function listLabels(
  db: Db,
  labels: readonly string[],
  locales: readonly string[],
): Promise<{ label: string; translated: string }[]> {
  const { rows } = await sql<{ label: string; translated: string }>`
    select distinct on (label) label, translated from label_translations
    where label = any(${labels}::text[]) and locale = any(${locales}::text[])
    order by label, array_position(${locales}::text[], locale)`.execute(db);
  return rows;
}
