import {
  type CategoryId,
  type CollectionId,
  DEFAULT_CHANNEL,
  type MediaId,
  type Money,
  type ProductId,
  Rejection,
  type VariantId,
} from '@souk/schema';
import type { AttributeValue } from './attribute.ts';
import { readHtml } from './html.ts';
import { BASE_LOCALE, canonicalLocale } from './locale.ts';
import { type Media, pathOf } from './media.ts';
import { isCurrent, lowestPrices, nextPriceChange, type Price, readCost } from './price.ts';
import type { Problems } from './problems.ts';
import { optionalText, requiredText } from './problems.ts';
import { isSlug } from './slug.ts';

/** Where a product can go from where it is. An archived one comes back as a draft. */
export const moves = {
  DRAFT: ['PUBLISHED', 'ARCHIVED'],
  PUBLISHED: ['DRAFT', 'ARCHIVED'],
  ARCHIVED: ['DRAFT'],
} as const satisfies Record<string, readonly string[]>;
export type ProductStatus = keyof typeof moves;

export interface ProductOption {
  readonly name: string;
  readonly values: readonly string[];
}

export interface Variant {
  readonly id: VariantId;
  readonly sku: string;
  /** Option name → value; one for each option of the product. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly position: number;
  readonly weightGrams: number;
  readonly requiresShipping: boolean;
  readonly taxClass: string;
  readonly barcode: string | null;
  readonly maxPerOrder: number | null;
  readonly cost: Money | null;
  readonly mediaId: MediaId | null;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  readonly prices: readonly Price[];
  /** Inventory's word, copied. */
  readonly stockQuantity: number;
}

export interface ProductTranslation {
  readonly locale: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly seoTitle: string | null;
  readonly seoDescription: string | null;
}

/** A product with all that belongs to it: loaded, changed and saved as a whole. Times are ISO-8601 UTC. */
export interface Product {
  readonly id: ProductId;
  readonly sku: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly status: ProductStatus;
  readonly categoryId: CategoryId | null;
  readonly cost: Money | null;
  readonly vendor: string | null;
  readonly productType: string | null;
  readonly tags: readonly string[];
  readonly seoTitle: string | null;
  readonly seoDescription: string | null;
  readonly version: number;
  readonly publishedAt: string | null;
  readonly createdAt: string;
  readonly options: readonly ProductOption[];
  readonly variants: readonly Variant[];
  readonly attributes: readonly AttributeValue[];
  readonly translations: readonly ProductTranslation[];
  readonly media: readonly Media[];
  readonly collectionIds: readonly CollectionId[];
}

export const newProduct = (id: ProductId, now: Date): Product => ({
  id,
  sku: '',
  name: '',
  slug: '',
  description: '',
  status: 'DRAFT',
  categoryId: null,
  cost: null,
  vendor: null,
  productType: null,
  tags: [],
  seoTitle: null,
  seoDescription: null,
  version: 0,
  publishedAt: null,
  createdAt: now.toISOString(),
  options: [],
  variants: [],
  attributes: [],
  translations: [],
  media: [],
  collectionIds: [],
});

export const liveVariants = (product: Product): Variant[] => product.variants.filter((one) => one.archivedAt === null);

/** The option values in the options' order, or null for a sole variant. */
export const variantName = (options: readonly ProductOption[], attributes: Variant['attributes']): string | null =>
  options.map((option) => attributes[option.name]).join(' / ') || null;

/** Moves a product to a status; a publish needs something to sell at a price. Throws a Rejection. */
export function moveTo(product: Product, status: ProductStatus, now: Date): Product {
  if (product.status === status) return product;
  if (!(moves[product.status] as readonly string[]).includes(status)) {
    throw new Rejection('WRONG_STATUS', 'An archived product is taken back as a draft before it is published.', [
      'input',
      'id',
    ]);
  }
  const moved = {
    ...product,
    status,
    publishedAt: status === 'PUBLISHED' ? (product.publishedAt ?? now.toISOString()) : product.publishedAt,
  };
  const why = whyNotSellable(moved);
  if (why) throw new Rejection(why.code, why.message, ['input', 'id']);
  return moved;
}

/** What keeps a published product from being sold at all, or null. */
export function whyNotSellable(product: Product): { code: string; message: string } | null {
  if (product.status !== 'PUBLISHED') return null;
  const live = liveVariants(product);
  if (live.length === 0) return { code: 'NO_VARIANTS', message: 'A published product has at least one variant.' };
  if (live.every((variant) => variant.prices.length === 0)) {
    return { code: 'NO_PRICE', message: 'A published product has a variant with a price.' };
  }
  return null;
}

/** Refuses an edit made on an older version than the present one. */
export function expectVersion(known: number, expected: number | null | undefined): void {
  if (expected != null && expected !== known) {
    throw new Rejection('CONFLICT', 'This was changed meanwhile. Look at it again before you change it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

/** Text fields of a product: undefined leaves what is known, null clears what may be empty. */
export interface ProductFields {
  readonly sku?: string | null;
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly description?: string | null;
  readonly vendor?: string | null;
  readonly productType?: string | null;
  readonly tags?: readonly string[] | null;
  readonly seo?: { readonly title?: string | null; readonly description?: string | null } | null;
  readonly cost?: { readonly amount: string; readonly currency: string } | null;
}

/** The product with these fields changed. Mistakes are gathered; slug and SKU are given by the caller where they are unsaid. */
export function applyFields(problems: Problems, product: Product, fields: ProductFields): Product {
  const name =
    fields.name === undefined
      ? product.name
      : requiredText(problems.at('name'), fields.name, { what: 'A name', max: 300 });
  if (fields.slug != null && !isSlug(fields.slug)) {
    problems
      .at('slug')
      .no('INVALID', 'A slug has lower-case letters and digits, joined by single hyphens; 200 at most.');
  }
  return {
    ...product,
    name,
    sku: fields.sku == null ? product.sku : requiredText(problems.at('sku'), fields.sku, { what: 'A SKU', max: 100 }),
    slug: fields.slug ?? product.slug,
    description: readHtml(problems.at('description'), fields.description, product.description),
    vendor: optionalText(problems.at('vendor'), fields.vendor, product.vendor, { what: 'A vendor', max: 200 }),
    productType: optionalText(problems.at('productType'), fields.productType, product.productType, {
      what: 'A product type',
      max: 200,
    }),
    tags: readTags(problems.at('tags'), fields.tags, product.tags),
    seoTitle: readSeo(problems.at('seo', 'title'), fields.seo, 'title', product.seoTitle),
    seoDescription: readSeo(problems.at('seo', 'description'), fields.seo, 'description', product.seoDescription),
    cost: readCost(problems.at('cost'), fields.cost, product.cost),
  };
}

function readSeo(
  problems: Problems,
  seo: ProductFields['seo'],
  part: 'title' | 'description',
  known: string | null,
): string | null {
  if (seo === null) return null;
  return optionalText(problems, seo?.[part], known, { what: `A search ${part}`, max: part === 'title' ? 300 : 2_000 });
}

function readTags(
  problems: Problems,
  tags: readonly string[] | null | undefined,
  known: readonly string[],
): readonly string[] {
  if (tags === undefined) return known;
  const read = (tags ?? []).map((tag) => tag.normalize('NFC').trim()).filter((tag) => tag !== '');
  if (read.length > 100 || read.some((tag) => tag.length > 100)) {
    problems.no('INVALID', 'A product has at most 100 tags of at most 100 characters each.');
    return known;
  }
  return [...new Set(read)];
}

export interface TranslationDraft {
  readonly locale: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly seo?: { readonly title?: string | null; readonly description?: string | null } | null;
}

/** The translations with these laid over them; one that says nothing any more is gone. */
export function applyTranslations(
  problems: Problems,
  known: readonly ProductTranslation[],
  drafts: readonly TranslationDraft[],
): ProductTranslation[] {
  const byLocale = new Map(known.map((one) => [one.locale, one]));
  drafts.forEach((draft, index) => {
    const at = problems.at(index);
    const locale = canonicalLocale(draft.locale);
    if (!locale || locale === BASE_LOCALE) {
      at.at('locale').no(
        'INVALID',
        `A translation is in a language tag such as de or pt-BR, other than ${BASE_LOCALE}.`,
      );
      return;
    }
    const old = byLocale.get(locale) ?? { locale, name: null, description: null, seoTitle: null, seoDescription: null };
    const described =
      draft.description === null ? null : readHtml(at.at('description'), draft.description, old.description ?? '');
    byLocale.set(locale, {
      locale,
      name: optionalText(at.at('name'), draft.name, old.name, { what: 'A name', max: 300 }),
      description: described || null,
      seoTitle: readSeo(at.at('seo', 'title'), draft.seo, 'title', old.seoTitle),
      seoDescription: readSeo(at.at('seo', 'description'), draft.seo, 'description', old.seoDescription),
    });
  });
  return [...byLocale.values()]
    .filter(
      (one) => one.name !== null || one.description !== null || one.seoTitle !== null || one.seoDescription !== null,
    )
    .sort((a, b) => (a.locale < b.locale ? -1 : 1));
}

/** The picture that stands for a variant: its own, else the product's first; only one that is stored. */
export function pictureOf(product: Product, variant: Variant): string | null {
  const own = product.media.find((one) => one.id === variant.mediaId && one.image);
  const first = [...product.media].sort((a, b) => a.position - b.position).find((one) => one.image);
  return pathOf((own ?? first)?.image ?? null);
}

const livePrices = (product: Product): Price[] => liveVariants(product).flatMap((variant) => variant.prices);

/** What lists show, sort and filter by, in each channel and currency where a published product has a price now. */
export function listingsOf(product: Product, now: Date): readonly (Price & { readonly inStock: boolean })[] {
  if (product.status !== 'PUBLISHED') return [];
  const inStock = liveVariants(product).some((variant) => variant.stockQuantity > 0);
  return lowestPrices(livePrices(product), now).map((price) => ({ ...price, inStock }));
}

export const pricesChangeAt = (product: Product, now: Date): Date | null => nextPriceChange(livePrices(product), now);

/** The base price and what each variant costs beyond it, both in the default channel: they add up to the price row. */
export function basePrices(product: Product, now: Date): { price: number | null; modifiers: Map<VariantId, number> } {
  const base = (prices: readonly Price[]): number | null =>
    prices.find(
      (one) => one.channelId === DEFAULT_CHANNEL.id && one.currency === DEFAULT_CHANNEL.currency && isCurrent(one, now),
    )?.amountMinor ?? null;
  const price = base(lowestPrices(livePrices(product), now));
  const modifiers = new Map(
    product.variants.map((variant) => [variant.id, price === null ? 0 : (base(variant.prices) ?? price) - price]),
  );
  return { price, modifiers };
}
