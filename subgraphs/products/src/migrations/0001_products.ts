import type { Migrations } from '@souk/kit';
import { sql } from 'kysely';

/** Amounts are minor units up to 10^11; text lengths are the same as in the domain. */
const statements = [
  `create table categories (
    id uuid primary key,
    parent_id uuid references categories (id),
    name text not null check (length(name) between 1 and 200),
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
    path ltree not null unique,
    description text not null default '' check (length(description) <= 20000),
    position int not null default 0,
    version bigint not null check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (subpath(path, -1, 1)::text = slug),
    check ((parent_id is null) = (nlevel(path) = 1)),
    check (parent_id <> id)
  )`,
  'create index categories_path on categories using gist (path)',
  'create index categories_parent on categories (parent_id, position, name, id)',
  `create table category_translations (
    category_id uuid not null references categories (id),
    locale text not null check (length(locale) between 2 and 35),
    name text not null check (length(name) between 1 and 200),
    description text,
    primary key (category_id, locale)
  )`,
  `create table products (
    id uuid primary key,
    sku text not null constraint products_sku_key unique deferrable initially immediate check (length(sku) between 1 and 100),
    name text not null check (length(name) between 1 and 300),
    sort_name text not null,
    slug text not null constraint products_slug_key unique deferrable initially immediate
      check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 200),
    description text not null,
    status text not null check (status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
    category_id uuid references categories (id),
    price bigint check (price between 0 and 100000000000),
    cost bigint check (cost between 0 and 100000000000),
    cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
    vendor text check (length(vendor) between 1 and 200),
    product_type text check (length(product_type) between 1 and 200),
    tags text[] not null,
    seo_title text check (length(seo_title) <= 300),
    seo_description text check (length(seo_description) <= 2000),
    version bigint not null check (version > 0),
    published_at timestamptz,
    prices_change_at timestamptz,
    search_stale boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((cost is null) = (cost_currency is null)),
    check (status <> 'PUBLISHED' or published_at is not null)
  )`,
  'create index products_category on products (category_id)',
  'create index products_by_name on products (sort_name, id)',
  'create index products_by_age on products (created_at, id)',
  'create index products_tags on products using gin (tags)',
  'create index products_prices_change on products (prices_change_at) where prices_change_at is not null',
  'create index products_search_stale on products (id) where search_stale',
  `create table slug_history (
    kind text not null check (kind in ('PRODUCT', 'CATEGORY', 'COLLECTION')),
    slug text not null,
    target_id uuid not null,
    retired_at timestamptz not null,
    primary key (kind, slug)
  )`,
  'create index slug_history_target on slug_history (target_id)',
  `create table product_options (
    product_id uuid not null references products (id),
    position int not null check (position between 0 and 9),
    name text not null check (length(name) between 1 and 100),
    "values" text[] not null check (cardinality("values") > 0),
    primary key (product_id, position)
  )`,
  `create table media (
    id uuid primary key,
    product_id uuid not null references products (id),
    position int not null,
    alt text not null check (length(alt) <= 500),
    source_url text check (length(source_url) <= 2000),
    status text not null check (status in ('PENDING', 'READY', 'FAILED')),
    failure text,
    key text unique,
    content_type text,
    content_hash text,
    width int check (width > 0),
    height int check (height > 0),
    widths int[],
    tries int not null default 0,
    lease_until timestamptz,
    created_at timestamptz not null,
    check ((status = 'READY') = (key is not null and content_type is not null and width is not null
      and height is not null and widths is not null)),
    check (key is not null or source_url is not null)
  )`,
  'create index media_product on media (product_id, position, id)',
  'create unique index media_source on media (product_id, source_url) where source_url is not null',
  'create unique index media_content on media (product_id, content_hash) where content_hash is not null',
  `create index media_pending on media (lease_until nulls first, id) where status = 'PENDING'`,
  `create table media_orphans (
    key text primary key,
    remove_at timestamptz not null,
    removing boolean not null default false
  )`,
  'create index media_orphans_due on media_orphans (remove_at)',
  `create table product_variants (
    id uuid primary key,
    product_id uuid not null references products (id),
    sku text not null constraint product_variants_sku_key unique deferrable initially immediate
      check (length(sku) between 1 and 100),
    attributes jsonb not null check (jsonb_typeof(attributes) = 'object'),
    price_modifier bigint not null default 0,
    stock_quantity bigint not null default 0 check (stock_quantity >= 0),
    stock_version bigint not null default 0,
    position int not null,
    weight_grams int not null check (weight_grams between 0 and 100000000),
    requires_shipping boolean not null,
    tax_class text not null check (length(tax_class) between 1 and 50),
    barcode text check (length(barcode) between 1 and 100),
    max_per_order int check (max_per_order between 1 and 999999),
    cost bigint check (cost between 0 and 100000000000),
    cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
    media_id uuid references media (id) on delete set null,
    archived_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((cost is null) = (cost_currency is null)),
    constraint product_variants_combination exclude using btree (product_id with =, attributes with =)
      where (archived_at is null) deferrable initially immediate
  )`,
  'create index product_variants_product on product_variants (product_id, position, id)',
  'create index product_variants_attributes on product_variants using gin (attributes jsonb_path_ops) where archived_at is null',
  'create index product_variants_media on product_variants (media_id) where media_id is not null',
  `create table product_prices (
    id bigint generated always as identity primary key,
    variant_id uuid not null references product_variants (id),
    channel_id uuid not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint not null check (amount_minor between 0 and 100000000000),
    compare_at_minor bigint check (compare_at_minor <= 100000000000),
    valid_from timestamptz,
    valid_to timestamptz,
    check (compare_at_minor > amount_minor),
    check (valid_to > valid_from),
    constraint product_prices_overlap exclude using gist (
      variant_id with =, channel_id with =, currency with =, tstzrange(valid_from, valid_to) with &&
    )
  )`,
  'create index product_prices_variant on product_prices (variant_id, channel_id, currency)',
  `create table attributes (
    id uuid primary key,
    code text not null unique check (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    name text not null check (length(name) between 1 and 100),
    type text not null check (type in ('TEXT', 'NUMBER', 'BOOLEAN')),
    unit text check (length(unit) between 1 and 30),
    created_at timestamptz not null
  )`,
  `create table product_attribute_values (
    product_id uuid not null references products (id),
    attribute_id uuid not null references attributes (id),
    position int not null,
    text_value text check (length(text_value) between 1 and 500),
    number_value numeric(20, 6),
    boolean_value boolean,
    primary key (product_id, attribute_id),
    check (num_nonnulls(text_value, number_value, boolean_value) = 1)
  )`,
  'create index product_attribute_values_text on product_attribute_values (attribute_id, text_value)',
  'create index product_attribute_values_number on product_attribute_values (attribute_id, number_value)',
  `create table product_translations (
    product_id uuid not null references products (id),
    locale text not null check (length(locale) between 2 and 35),
    name text check (length(name) between 1 and 300),
    description text,
    seo_title text check (length(seo_title) <= 300),
    seo_description text check (length(seo_description) <= 2000),
    primary key (product_id, locale)
  )`,
  `create table label_translations (
    locale text not null check (length(locale) between 2 and 35),
    label text not null check (length(label) between 1 and 500),
    translated text not null check (length(translated) between 1 and 500),
    primary key (locale, label)
  )`,
  `create table collections (
    id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
    description text not null default '' check (length(description) <= 20000),
    version bigint not null check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  'create index collections_by_name on collections (name, id)',
  `create table collection_translations (
    collection_id uuid not null references collections (id),
    locale text not null check (length(locale) between 2 and 35),
    name text not null check (length(name) between 1 and 200),
    description text,
    primary key (collection_id, locale)
  )`,
  `create table collection_products (
    collection_id uuid not null references collections (id),
    product_id uuid not null references products (id),
    position bigint generated by default as identity,
    primary key (collection_id, product_id)
  )`,
  'create index collection_products_order on collection_products (collection_id, position, product_id)',
  'create index collection_products_product on collection_products (product_id)',
  // One row per published product and place where it has a price now: what lists read, filter and sort by.
  `create table product_listings (
    product_id uuid not null references products (id),
    channel_id uuid not null,
    currency text not null,
    price_minor bigint not null,
    compare_at_minor bigint,
    in_stock boolean not null,
    sort_name text not null,
    category_id uuid,
    created_at timestamptz not null,
    primary key (product_id, channel_id, currency)
  )`,
  'create index product_listings_by_name on product_listings (channel_id, currency, sort_name, product_id)',
  'create index product_listings_by_price on product_listings (channel_id, currency, price_minor, product_id)',
  'create index product_listings_by_age on product_listings (channel_id, currency, created_at, product_id)',
  'create index product_listings_category on product_listings (channel_id, currency, category_id)',
  `create table product_search (
    product_id uuid primary key references products (id),
    document tsvector not null,
    headline tsvector not null
  )`,
  'create index product_search_document on product_search using gin (document)',
  // What shoppers can have meant: words of names, brands, types and tags, for the correction of typing errors.
  `create table search_words (word text primary key)`,
  'create index search_words_trigrams on search_words using gin (word gin_trgm_ops)',
  'create index search_words_prefix on search_words (word text_pattern_ops)',
  `create aggregate merge_documents(tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '')`,
];

export const migrations: Migrations = {
  '0001_products': {
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
};
