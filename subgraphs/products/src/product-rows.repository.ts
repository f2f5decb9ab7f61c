import type { Price } from './price.ts';
import { basePrices, listingsOf, type Product, pricesChangeAt } from './product.ts';
import type { JsonRow } from './rows.repository.ts';
import { sortNameOf } from './slug.ts';

/** What is stored of a product: the rows of each table. `derived` columns follow from the others and from the time. */
export type Rows = Record<Section, readonly JsonRow[]>;
export type Section =
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

export const keysOf: Record<Section, readonly string[]> = {
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
export const derivedSections: ReadonlySet<Section> = new Set([
  'derived_products',
  'derived_variants',
  'product_listings',
]);

/** A product as it was read under its lock, beside the rows it was read from. */
export interface Loaded {
  readonly product: Product;
  readonly rows: Rows;
  readonly priceIds: ReadonlyMap<string, number>;
  readonly updatedAt: string;
}

export const priceRow = (variantId: string, price: Price): JsonRow => ({
  variant_id: variantId,
  channel_id: price.channelId,
  currency: price.currency,
  valid_from: price.validFrom,
  valid_to: price.validTo,
  amount_minor: price.amountMinor,
  compare_at_minor: price.compareAtMinor,
});

export const listingRow = (row: JsonRow): JsonRow => ({
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
export function contentRows(
  product: Product,
): Omit<Rows, 'derived_products' | 'derived_variants' | 'product_listings'> {
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

export function rowsOf(product: Product, now: Date): Rows {
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

export const keyOf = (section: Section, row: JsonRow): string => JSON.stringify(keysOf[section].map((key) => row[key]));
