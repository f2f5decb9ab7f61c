import { type Connection, type KeysetColumn, oneOf, type PageArgs, paginate } from '@souk/kit';
import { type Channel, decodeId } from '@souk/schema';
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { ProductsDb } from './product.tables.ts';
import type { ProductStatus } from './product.ts';
import { type ProductView, productColumns, translationOf } from './product-view.repository.ts';

type Db = Kysely<ProductsDb>;

/** A filter with its amounts in minor units of the reader's currency. Everything said must hold. */
export interface ListFilter {
  /** A category and all below it: known by now, so that the planner sees how many products they hold. */
  readonly categoryIds?: readonly string[] | null;
  readonly collection?: string | null;
  readonly options?: readonly { readonly name: string; readonly values: readonly string[] }[] | null;
  readonly attributes?:
    | readonly {
        readonly code: string;
        readonly values?: readonly string[] | null;
        readonly min?: string | null;
        readonly max?: string | null;
      }[]
    | null;
  readonly priceMin?: number | null;
  readonly priceMax?: number | null;
  readonly inStock?: boolean | null;
  readonly tags?: readonly string[] | null;
  readonly vendors?: readonly string[] | null;
  readonly productTypes?: readonly string[] | null;
  readonly and?: readonly ListFilter[] | null;
  readonly or?: readonly ListFilter[] | null;
}

export type ListSort = 'NAME' | 'PRICE' | 'CREATED_AT' | 'RELEVANCE';

export interface ListRequest {
  readonly channel: Channel;
  readonly locales: readonly string[];
  /** Null is what shoppers see: published, with a price here. Statuses are staff's view of everything. */
  readonly statuses: readonly ProductStatus[] | null;
  readonly filter: ListFilter;
  /** A tsquery, or null for no search. */
  readonly search: string | null;
  readonly sort: ListSort;
  readonly direction: 'asc' | 'desc';
  readonly collectionOrder?: string | null;
}

/** Categories named by slug or wire id, each with all below it; one that is not there has none. */
export async function listBranches(db: Db, named: readonly string[]): Promise<Map<string, string[]>> {
  const ids = named.flatMap((one) => decodeId('Category', one) ?? []);
  const { rows } = await sql<{ id: string; slug: string; former: string[]; branch: string[] }>`
    select top.id, top.slug,
      array(select slug from slug_history where kind = 'CATEGORY' and target_id = top.id) as former,
      array(select below.id from categories as below where below.path <@ top.path) as branch
    from categories as top
    where top.id = any(${ids}::uuid[]) or top.slug = any(${named}::text[])
      or top.id in (select target_id from slug_history where kind = 'CATEGORY' and slug = any(${named}::text[]))`.execute(
    db,
  );
  const bySlug = new Map(rows.flatMap((row) => [...row.former, row.slug].map((slug) => [slug, row.branch] as const)));
  const byId = new Map(rows.map((row) => [row.id, row.branch]));
  return new Map(named.map((one) => [one, byId.get(decodeId('Category', one) ?? '') ?? bySlug.get(one) ?? []]));
}

type Condition = RawBuilder<boolean>;
/** Among this many matches the best are found first; what a search matches beyond them is too much to rank at each page. */
const RANKED = 1_000;
/** Sorts after every price: what staff see without one. */
const NO_PRICE = 9_000_000_000_000;

function conditionsOf(filter: ListFilter, isStaffView: boolean): Condition[] {
  const found: Condition[] = [];
  const say = (condition: Condition) => found.push(condition);
  if (filter.categoryIds != null)
    say(sql`${sql.ref(isStaffView ? 'p.category_id' : 'l.category_id')} = any(${filter.categoryIds}::uuid[])`);
  if (filter.collection != null) {
    const id = decodeId('Collection', filter.collection);
    const named = id ? sql`${id}::uuid` : sql`(select id from collections where slug = ${filter.collection})`;
    say(sql`exists (select from collection_products as m where m.product_id = p.id and m.collection_id = ${named})`);
  }
  if (filter.options && filter.options.length > 0) {
    // All of them on one variant: red in M, not red in S and blue in M.
    const each = filter.options.map(
      ({ name, values }) =>
        sql`v.attributes @> any(${values.map((value) => JSON.stringify({ [name]: value }))}::jsonb[])`,
    );
    say(sql`exists (select from product_variants as v where v.product_id = p.id and v.archived_at is null
      and ${sql.join(each, sql` and `)})`);
  }
  for (const { code, values, min, max } of filter.attributes ?? []) {
    const parts: RawBuilder<unknown>[] = [];
    if (values) {
      const numbers = values.filter((value) => /^-?\d{1,13}(\.\d{1,6})?$/.test(value));
      const booleans = values.filter((value) => value === 'true' || value === 'false');
      parts.push(sql`(t.text_value = any(${values}::text[]) or t.number_value = any(${numbers}::numeric[])
        or t.boolean_value = any(${booleans}::boolean[]))`);
    }
    if (min != null) parts.push(sql`t.number_value >= ${min}::numeric`);
    if (max != null) parts.push(sql`t.number_value <= ${max}::numeric`);
    say(sql`exists (select from product_attribute_values as t join attributes as a on a.id = t.attribute_id
      where t.product_id = p.id and a.code = ${code} ${parts.length > 0 ? sql`and ${sql.join(parts, sql` and `)}` : sql``})`);
  }
  if (filter.priceMin != null) say(sql`l.price_minor >= ${filter.priceMin}`);
  if (filter.priceMax != null) say(sql`l.price_minor <= ${filter.priceMax}`);
  if (filter.inStock != null) say(sql`coalesce(l.in_stock, false) = ${filter.inStock}`);
  if (filter.tags) say(sql`p.tags && ${filter.tags}::text[]`);
  if (filter.vendors) say(sql`p.vendor = any(${filter.vendors}::text[])`);
  if (filter.productTypes) say(sql`p.product_type = any(${filter.productTypes}::text[])`);
  for (const inner of filter.and ?? []) found.push(...conditionsOf(inner, isStaffView));
  if (filter.or && filter.or.length > 0) {
    const any = filter.or.map((inner) => {
      const all = conditionsOf(inner, isStaffView);
      return all.length === 0 ? sql`true` : sql`(${sql.join(all, sql` and `)})`;
    });
    say(sql`(${sql.join(any, sql` or `)})`);
  }
  return found;
}

interface Joined extends ProductsDb {
  p: ProductsDb['products'];
  l: ProductsDb['product_listings'];
}

/** Products with their place in the reader's channel: theirs who have one, or everybody's for staff. */
function listed(db: Db, { channel, statuses }: ListRequest) {
  const here = sql<boolean>`l.product_id = p.id and l.channel_id = ${channel.id}::uuid and l.currency = ${channel.currency}`;
  if (statuses === null) {
    return db
      .selectFrom('products as p')
      .innerJoin('product_listings as l', (join) => join.on(here)) as unknown as SelectQueryBuilder<
      Joined,
      'p' | 'l',
      object
    >;
  }
  return db
    .selectFrom('products as p')
    .leftJoin('product_listings as l', (join) => join.on(here))
    .where(sql<boolean>`p.status = any(${statuses}::text[])`) as unknown as SelectQueryBuilder<
    Joined,
    'p' | 'l',
    object
  >;
}

/** One page of products in one statement, two where it is ranked or counted. */
export async function pageProducts(db: Db, request: ListRequest, page: PageArgs): Promise<Connection<ProductView>> {
  const { search, filter, collectionOrder, statuses } = request;
  const isRanked = search !== null && request.sort === 'RELEVANCE';
  const all = listed(db, request);
  const matched = search === null ? all : isRanked ? amongMatches(all, search) : withSearch(all, search);
  const filtered = conditionsOf(filter, statuses !== null).reduce(
    (query, condition) => query.where(condition),
    matched,
  );
  if (isRanked) return pageRanked(db, request, filtered, search, page);
  const placed = collectionOrder == null ? filtered : inCollection(filtered, collectionOrder);
  const columns = collectionOrder == null ? sortColumns(request) : collectionColumns;
  return paginate(db as unknown as Kysely<Joined>, viewed(placed, request), columns, page);
}

const viewed = (query: Query, { locales }: ListRequest) =>
  query
    .select(productColumns)
    .select(translationOf('product_translations', 'product_id', 'p.id', locales).as('translation'))
    .select(
      sql<ProductView['listing']>`case when l.product_id is null then null else jsonb_build_object(
        'price_minor', l.price_minor, 'compare_at_minor', l.compare_at_minor, 'in_stock', l.in_stock) end`.as(
        'listing',
      ),
    );

/**
 * The best of a bounded number of matches. They are put in order by id and rank alone; only the page's own rows are read
 * whole, in a statement of their own, or every page would read a thousand.
 */
async function pageRanked(
  db: Db,
  request: ListRequest,
  filtered: Query,
  search: string,
  page: PageArgs,
): Promise<Connection<ProductView>> {
  const hits = filtered
    .select(sql<string>`p.id`.as('product_id'))
    .select(sql<number>`ts_rank('{0.05, 0.2, 0.4, 1}', s.headline, ${search}::tsquery)::float8`.as('rank'))
    .limit(RANKED);
  const found = await paginate(
    db as unknown as Kysely<{ hit: { product_id: string; rank: number } }>,
    db.selectFrom(hits.as('hit') as never).select('hit.product_id' as never) as unknown as SelectQueryBuilder<
      { hit: { product_id: string; rank: number } },
      'hit',
      { product_id: string }
    >,
    [
      { sql: sql.ref('hit.rank'), type: 'double precision', direction: 'desc' },
      { sql: sql.ref('hit.product_id'), type: 'uuid', direction: 'desc' },
    ],
    page,
  );
  const ids = found.nodes.map((hit) => hit.product_id);
  const rows =
    ids.length === 0
      ? []
      : await viewed(listed(db, request), request)
          .where(sql<boolean>`p.id = ${oneOf(ids)}`)
          .execute();
  const views = new Map(rows.map((row) => [row.id as string, row as ProductView]));
  // What was taken off sale between the two statements is left out.
  const edges = found.edges.flatMap(({ node, cursor }) => {
    const view = views.get(node.product_id);
    return view ? [{ node: view, cursor }] : [];
  });
  return { ...found, edges, nodes: edges.map((edge) => edge.node) };
}

type Query = SelectQueryBuilder<Joined, 'p' | 'l', object>;

const withSearch = (query: Query, search: string): Query =>
  query
    .innerJoin('product_search as s', 's.product_id', 'p.id')
    .where(sql<boolean>`s.document @@ ${search}::tsquery`) as unknown as Query;

/**
 * The same from the index of words on. The planner thinks that looking into a document costs next to nothing: left to
 * itself it looks into each product's until it has found enough.
 */
const amongMatches = (query: Query, search: string): Query =>
  query
    .innerJoin(sql<{ product_id: string }>`search_matches(${search}::tsquery)`.as('found'), (join) =>
      join.on(sql<boolean>`found.product_id = p.id`),
    )
    .innerJoin('product_search as s', 's.product_id', 'p.id') as unknown as Query;

const inCollection = (query: Query, collectionId: string): Query =>
  query.innerJoin('collection_products as placed', (join) =>
    join.onRef('placed.product_id', '=', 'p.id').on(sql<boolean>`placed.collection_id = ${collectionId}::uuid`),
  ) as unknown as Query;

const collectionColumns: KeysetColumn[] = [
  { sql: sql.ref('placed.position'), type: 'bigint', direction: 'asc' },
  { sql: sql.ref('placed.product_id'), type: 'uuid', direction: 'asc' },
];

/** Shoppers' lists walk the listing's own indexes; staff's walk the products'. */
function sortColumns({ sort, direction, statuses }: ListRequest): KeysetColumn[] {
  const table = statuses === null ? 'l' : 'p';
  const id: KeysetColumn = { sql: sql.ref(statuses === null ? 'l.product_id' : 'p.id'), type: 'uuid', direction };
  if (sort === 'NAME') return [{ sql: sql.ref(`${table}.sort_name`), type: 'text', direction }, id];
  if (sort === 'PRICE') {
    const price =
      statuses === null ? sql.ref('l.price_minor') : sql`coalesce(l.price_minor, ${sql.lit(NO_PRICE)}::bigint)`;
    return [{ sql: price, type: 'bigint', direction }, id];
  }
  return [{ sql: sql.ref(`${table}.created_at`), type: 'timestamptz', direction }, id];
}
