import type { CategoryId, ChannelId, CollectionId, CurrencyCode, MediaId, ProductId, VariantId } from '@souk/schema';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { AttributeType } from './attribute.ts';
import type { MediaStatus } from './media.ts';
import type { ProductStatus } from './product.ts';

type Json<T> = ColumnType<T, string, string>;

export interface CategoryTable {
  id: CategoryId;
  parent_id: CategoryId | null;
  name: string;
  slug: string;
  path: string;
  description: string;
  position: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface ProductTable {
  id: ProductId;
  sku: string;
  name: string;
  sort_name: string;
  slug: string;
  description: string;
  status: ProductStatus;
  category_id: CategoryId | null;
  /** Lowest price now in the default channel and its currency; null where it has none there. */
  price: number | null;
  cost: number | null;
  cost_currency: CurrencyCode | null;
  vendor: string | null;
  product_type: string | null;
  tags: string[];
  seo_title: string | null;
  seo_description: string | null;
  version: number;
  /** When it was first for sale; kept for good. */
  published_at: Date | null;
  /** The next moment at which a price of it starts or ends. */
  prices_change_at: Date | null;
  search_stale: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface VariantTable {
  id: VariantId;
  product_id: ProductId;
  sku: string;
  /** Option name → value. */
  attributes: Json<Record<string, string>>;
  /** What it costs beyond `products.price`, in the default channel's minor unit. */
  price_modifier: Generated<number>;
  stock_quantity: Generated<number>;
  stock_version: Generated<number>;
  position: number;
  weight_grams: number;
  requires_shipping: boolean;
  tax_class: string;
  barcode: string | null;
  max_per_order: number | null;
  cost: number | null;
  cost_currency: CurrencyCode | null;
  media_id: MediaId | null;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface PriceTable {
  id: GeneratedAlways<number>;
  variant_id: VariantId;
  channel_id: ChannelId;
  currency: CurrencyCode;
  amount_minor: number;
  compare_at_minor: number | null;
  valid_from: Date | null;
  valid_to: Date | null;
}

export interface MediaTable {
  id: MediaId;
  product_id: ProductId;
  position: number;
  alt: string;
  source_url: string | null;
  status: MediaStatus;
  failure: string | null;
  key: string | null;
  content_type: string | null;
  content_hash: string | null;
  width: number | null;
  height: number | null;
  widths: number[] | null;
  tries: Generated<number>;
  lease_until: Date | null;
  created_at: Date;
}

export interface ListingTable {
  product_id: ProductId;
  channel_id: ChannelId;
  currency: CurrencyCode;
  price_minor: number;
  compare_at_minor: number | null;
  in_stock: boolean;
  sort_name: string;
  category_id: CategoryId | null;
  created_at: Date;
}

interface NameTranslation {
  locale: string;
  name: string;
  description: string | null;
}

/** Tables of the schema `products`. */
export interface ProductsDb {
  categories: CategoryTable;
  category_translations: NameTranslation & { category_id: CategoryId };
  products: ProductTable;
  slug_history: { kind: 'PRODUCT' | 'CATEGORY' | 'COLLECTION'; slug: string; target_id: string; retired_at: Date };
  product_options: { product_id: ProductId; position: number; name: string; values: string[] };
  product_variants: VariantTable;
  product_prices: PriceTable;
  attributes: {
    id: string;
    code: string;
    name: string;
    type: AttributeType;
    unit: string | null;
    created_at: Date;
  };
  product_attribute_values: {
    product_id: ProductId;
    attribute_id: string;
    position: number;
    text_value: string | null;
    number_value: string | null;
    boolean_value: boolean | null;
  };
  product_translations: {
    product_id: ProductId;
    locale: string;
    name: string | null;
    description: string | null;
    seo_title: string | null;
    seo_description: string | null;
  };
  label_translations: { locale: string; label: string; translated: string };
  media: MediaTable;
  media_orphans: { key: string; remove_at: Date; removing: Generated<boolean> };
  collections: {
    id: CollectionId;
    name: string;
    slug: string;
    description: string;
    version: number;
    created_at: Date;
    updated_at: Date;
  };
  collection_translations: NameTranslation & { collection_id: CollectionId };
  collection_products: { collection_id: CollectionId; product_id: ProductId; position: Generated<number> };
  product_listings: ListingTable;
  /** `headline` is the weightier part of `document`: short, for putting matches in order. */
  product_search: { product_id: ProductId; document: string; headline: string };
  search_words: { word: string };
}
