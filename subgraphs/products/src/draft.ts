import type { CategoryId, CollectionId, MediaId, VariantId } from '@souk/schema';
import { type Attribute, type AttributeDraft, readValue } from './attribute.ts';
import { MEDIA_PER_PRODUCT, type Media, readAlt, readSourceUrl } from './media.ts';
import type { PricePlace } from './price.ts';
import { Problems } from './problems.ts';
import {
  applyFields,
  applyTranslations,
  type Product,
  type ProductFields,
  type ProductOption,
  type TranslationDraft,
  type Variant,
} from './product.ts';
import {
  applyVariant,
  checkWhole,
  defaultSku,
  isNoOption,
  newVariant,
  readOptions,
  type VariantFields,
  withUsedValues,
} from './variant.ts';

export interface ImageDraft {
  readonly src: string;
  readonly alt?: string | null;
  readonly position?: number | null;
}

export interface VariantDraft extends Omit<VariantFields, 'attributes' | 'mediaId'> {
  /** One value for each option, in the options' order. */
  readonly optionValues?: readonly string[] | null;
  readonly imageUrl?: string | null;
}

/** A product as a merchant or a file describes it. What is undefined stays as it is. */
export interface ProductDraft extends ProductFields {
  readonly published?: boolean | null;
  readonly options?: readonly ProductOption[] | null;
  /** All of them: a variant that is not among these is archived. */
  readonly variants?: readonly VariantDraft[] | null;
  /** All of them. */
  readonly attributes?: readonly AttributeDraft[] | null;
  /** All that have an address; uploaded pictures stay. */
  readonly images?: readonly ImageDraft[] | null;
  readonly translations?: readonly TranslationDraft[] | null;
}

/** What a draft refers to, looked up by the caller; undefined stays as it is. */
export interface DraftContext {
  readonly now: Date;
  readonly place: PricePlace;
  readonly newId: () => string;
  readonly categoryId?: CategoryId | null;
  readonly collectionIds?: readonly CollectionId[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The product as the draft wants it. Every mistake is put on the list; then the result is not to be saved. */
export function applyDraft(problems: Problems, known: Product, draft: ProductDraft, context: DraftContext): Product {
  let product = applyFields(problems, known, draft);
  product = {
    ...product,
    sku: product.sku || product.slug.slice(0, 100),
    categoryId: context.categoryId === undefined ? product.categoryId : context.categoryId,
    collectionIds: context.collectionIds === undefined ? product.collectionIds : [...context.collectionIds].sort(),
    options: draft.options == null ? product.options : readOptions(problems.at('options'), draft.options),
    attributes:
      draft.attributes == null
        ? product.attributes
        : readAttributes(problems.at('attributes'), draft.attributes, context),
    translations: applyTranslations(problems.at('translations'), product.translations, draft.translations ?? []),
  };
  if (draft.images != null)
    product = { ...product, media: readImages(problems.at('images'), product.media, draft, context) };
  if (draft.variants != null) product = withVariants(problems, product, draft, context);
  product = withStatus(withoutLostPictures(withUsedValues(product)), draft.published, context.now);
  checkWhole(problems, product);
  return product;
}

function withStatus(product: Product, published: boolean | null | undefined, now: Date): Product {
  if (published == null) return product;
  if (!published) return { ...product, status: 'DRAFT' };
  return { ...product, status: 'PUBLISHED', publishedAt: product.publishedAt ?? now.toISOString() };
}

/** A variant whose picture is gone shows the product's. */
export function withoutLostPictures(product: Product): Product {
  const ids = new Set<MediaId | null>(product.media.map((one) => one.id));
  const variants = product.variants.map((variant) =>
    variant.mediaId && !ids.has(variant.mediaId) ? { ...variant, mediaId: null } : variant,
  );
  return { ...product, variants };
}

function readAttributes(
  problems: Problems,
  drafts: readonly AttributeDraft[],
  context: DraftContext,
): Product['attributes'] {
  const codes = new Set<string>();
  return drafts.flatMap((draft, index) => {
    const at = problems.at(index);
    const attribute = context.attributes.get(draft.code);
    if (!attribute) {
      at.at('code').no(
        'INVALID',
        'The code of an attribute starts with a lower-case letter, then has letters, digits and underscores.',
      );
      return [];
    }
    if (codes.has(draft.code)) at.at('code').no('INVALID', 'A product has each attribute once.');
    codes.add(draft.code);
    return readValue(at, attribute, draft) ?? [];
  });
}

/** Pictures by their addresses: known ones keep what was made of them, new ones wait to be fetched. */
function readImages(
  problems: Problems,
  known: readonly Media[],
  { images, variants }: ProductDraft,
  context: DraftContext,
): Media[] {
  const ofVariants = (variants ?? []).flatMap((variant) => (variant.imageUrl ? [{ src: variant.imageUrl }] : []));
  const drafts: readonly ImageDraft[] = [...(images ?? []), ...ofVariants];
  const wanted = new Map<string, Media>();
  drafts.forEach((draft, index) => {
    // A variant's own address is judged with the variant.
    const isListed = index < (images ?? []).length;
    const url = readSourceUrl(isListed ? problems.at(index, 'src') : new Problems(), draft.src);
    if (!url || wanted.has(url)) return;
    const old = known.find((one) => one.sourceUrl === url);
    wanted.set(url, {
      ...(old ?? waiting(context, url)),
      position: draft.position ?? index + 1,
      alt: readAlt(problems.at(index, 'alt'), draft.alt, old?.alt ?? ''),
    });
  });
  const all = [...wanted.values(), ...known.filter((one) => one.sourceUrl === null)];
  if (all.length > MEDIA_PER_PRODUCT) problems.no('LIMIT', `A product has at most ${MEDIA_PER_PRODUCT} pictures.`);
  return all.sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}

const waiting = ({ newId, now }: DraftContext, sourceUrl: string): Media => ({
  id: newId() as MediaId,
  position: 0,
  alt: '',
  sourceUrl,
  status: 'PENDING',
  failure: null,
  contentHash: null,
  image: null,
  createdAt: now.toISOString(),
});

/** A variant is known by its SKU, or by its option values. */
function findKnown(product: Product, draft: VariantDraft, attributes: Variant['attributes']): Variant | undefined {
  if (draft.sku) return product.variants.find((one) => one.sku === draft.sku);
  const same = JSON.stringify(Object.entries(attributes).sort());
  return product.variants.find(
    (one) => one.archivedAt === null && JSON.stringify(Object.entries(one.attributes).sort()) === same,
  );
}

function withVariants(problems: Problems, product: Product, draft: ProductDraft, context: DraftContext): Product {
  let media = product.media;
  const made = (draft.variants ?? []).map((one, index) => {
    const at = problems.at('variants', index);
    const attributes = readCombination(at.at('optionValues'), product, one);
    const old = findKnown(product, one, attributes);
    const variant = applyVariant(
      at,
      old ?? newVariant(context.newId() as VariantId, index + 1, context.now),
      { ...one, attributes },
      context.place,
    );
    let { mediaId } = variant;
    if (one.imageUrl === null) mediaId = null;
    else if (one.imageUrl !== undefined) {
      const url = readSourceUrl(at.at('imageUrl'), one.imageUrl);
      const shown = url ? media.find((picture) => picture.sourceUrl === url) : undefined;
      if (url && !shown) media = [...media, { ...waiting(context, url), position: media.length + 1 }];
      mediaId = url ? media.find((picture) => picture.sourceUrl === url)!.id : mediaId;
    }
    const placed = { ...variant, mediaId, position: index + 1, archivedAt: null };
    return placed.sku === '' ? { ...placed, sku: defaultSku(product, placed) } : placed;
  });
  const kept = new Set(made.map((variant) => variant.id));
  const archived = product.variants
    .filter((variant) => !kept.has(variant.id))
    .map((variant) => ({ ...variant, archivedAt: variant.archivedAt ?? context.now.toISOString() }));
  return { ...product, media, variants: [...made, ...archived] };
}

function readCombination(problems: Problems, product: Product, draft: VariantDraft): Record<string, string> {
  const values = draft.optionValues ?? [];
  const noOption = isNoOption([{ name: 'Title', values: values.length > 0 ? values : [''] }]);
  if (product.options.length === 0 && (values.length === 0 || noOption)) return {};
  if (values.length !== product.options.length || values.some((value) => value.trim() === '' || value.length > 200)) {
    problems.no('INVALID', 'A variant has one value for each option of its product, of at most 200 characters.');
  }
  return Object.fromEntries(
    product.options.map((option, index) => [option.name, (values[index] ?? '').normalize('NFC').trim()]),
  );
}
