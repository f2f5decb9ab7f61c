import type { CategoryId, ChannelId, ProductId, VariantId } from '../ids.ts';
import type { CurrencyCode } from '../money.ts';
import type { Fact } from './envelope.ts';

/** What other houses need to know of a variant to sell it. `name` is the option values, or null for a sole variant. */
export interface VariantFacts {
  variantId: VariantId;
  sku: string;
  name: string | null;
  /** Grams, for shipping tiers. */
  weightGrams: number;
  requiresShipping: boolean;
  /** Code of the tax class, `standard` where the merchant set none. */
  taxClass: string;
  /** Most units one order may hold, or null for the platform's limit. */
  maxPerOrder: number | null;
  imageUrl: string | null;
}

/** A product and its variants are for sale, or changed while they are. State. Heard by carts, orders, inventory. Keyed by productId. */
export type ProductPublished = Fact<
  'products.ProductPublished',
  {
    productId: ProductId;
    slug: string;
    name: string;
    categoryId: CategoryId | null;
    variants: VariantFacts[];
    /** Variants that were sold once and are archived now: they can no longer be bought. */
    archivedVariantIds: VariantId[];
  }
>;

/** A product is no longer for sale. Its variants stay known, for orders hold them. State. Heard by carts and orders. Keyed by productId. */
export type ProductUnpublished = Fact<'products.ProductUnpublished', { productId: ProductId; variantIds: VariantId[] }>;

export interface PriceRow {
  variantId: VariantId;
  channelId: ChannelId;
  currency: CurrencyCode;
  amountMinor: number;
  compareAtMinor: number | null;
  /** ISO-8601 UTC; null is open. `validTo` is exclusive. */
  validFrom: string | null;
  validTo: string | null;
}

/** Every price row of a product's variants, absolute amounts: replaces the rows known before. State. Heard by orders. Keyed by productId. */
export type PriceChanged = Fact<'products.PriceChanged', { productId: ProductId; prices: PriceRow[] }>;

export type ProductsFact = ProductPublished | ProductUnpublished | PriceChanged;
