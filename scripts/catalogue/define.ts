import { colours, isColour } from './colours.ts';
import type { Drawing } from './pictures.ts';
import { ar } from './translations/ar.ts';
import { de } from './translations/de.ts';
import { ja } from './translations/ja.ts';
import type { Locale, Picture, Product, ProductTranslation, TaxClass, Variant } from './types.ts';

/** EUR and USD in cents, as a shopkeeper would set them: two price tags, not one and a rate. */
type Tags = readonly [eur: number, usd: number];

/** How a product is written down. `complete` turns it into the catalogue's product with all its variants. */
export interface Draft {
  name: string;
  category: string;
  /** One paragraph each, plain text. */
  about: readonly string[];
  seo: readonly [title: string, description: string];
  brand: string;
  tags: readonly string[];
  tax?: TaxClass;
  price: Tags;
  /** The price before a reduction. */
  was?: Tags;
  /** EUR cents. */
  cost: number;
  grams: number;
  facts: Readonly<Record<string, string | number | boolean>>;
  options?: Readonly<Record<string, readonly string[]>>;
  /** What a value adds: to the price tags, to the cost, to the weight. */
  extra?: Readonly<Record<string, { price?: Tags; cost?: number; grams?: number }>>;
  drawing: Drawing;
  /** Variants of which few are left, and those sold out, by their values joined with ` / `; `all` for a sole variant. */
  few?: readonly string[];
  gone?: readonly string[];
}

const translations: Record<Locale, Readonly<Record<string, ProductTranslation>>> = { de, ja, ar };

export const toSlug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A small stable number from a text: stock must be the same in every fresh shop. */
function chance(text: string, from: number, to: number): number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619) >>> 0;
  return from + (hash % (to - from + 1));
}

const combinations = (lists: readonly (readonly string[])[]): string[][] =>
  lists.reduce<string[][]>((made, values) => made.flatMap((one) => values.map((value) => [...one, value])), [[]]);

/** The value a picture depends on: the first option that is a colour or has a drawing of its own. */
function shownColour(values: readonly string[]): string | undefined {
  return values.find(isColour);
}

function picturesOf(draft: Draft, slug: string, chosen: readonly string[][]): Picture[] {
  const shown = [...new Set(chosen.map((values) => shownColour(values)).filter((value) => value !== undefined))];
  if (shown.length === 0) return [{ key: slug, alt: draft.name, drawing: draft.drawing }];
  return shown.map((value) => ({
    key: `${slug}-${toSlug(value)}`,
    alt: `${draft.name} in ${value.toLowerCase()}`,
    drawing: { ...draft.drawing, main: isColour(value) ? colours[value] : draft.drawing.main },
  }));
}

function variantOf(draft: Draft, slug: string, values: readonly string[]): Variant {
  const extras = values.map((value) => draft.extra?.[value]);
  const add = (pick: (extra: NonNullable<Draft['extra']>[string]) => number | undefined): number =>
    extras.reduce((sum, extra) => sum + ((extra && pick(extra)) ?? 0), 0);
  const sku = [slug, ...values.map(toSlug)].join('-').toUpperCase();
  const label = values.length === 0 ? 'all' : values.join(' / ');
  const [rotterdam, newark] = draft.gone?.includes(label)
    ? [0, 0]
    : draft.few?.includes(label)
      ? [chance(sku, 1, 3), chance(`${sku}-us`, 0, 2)]
      : [chance(sku, 14, 70), chance(`${sku}-us`, 6, 40)];
  const price = (currency: 'EUR' | 'USD', at: 0 | 1) => ({
    currency,
    amountMinor: draft.price[at] + add((extra) => extra.price?.[at]),
    compareAtMinor: draft.was ? draft.was[at] + add((extra) => extra.price?.[at]) : null,
  });
  const colour = shownColour(values);
  return {
    sku,
    optionValues: values,
    prices: [price('EUR', 0), price('USD', 1)],
    costMinor: draft.cost + add((extra) => extra.cost),
    weightGrams: draft.grams + add((extra) => extra.grams),
    stock: [
      { warehouse: 'rotterdam', quantity: rotterdam },
      { warehouse: 'newark', quantity: newark },
    ],
    picture: colour === undefined ? slug : `${slug}-${toSlug(colour)}`,
  };
}

/** A misspelt value would silently leave a variant at its plain price or in full stock. */
function checkNames(draft: Draft, chosen: readonly string[][]): void {
  const labels = new Set(chosen.map((values) => (values.length === 0 ? 'all' : values.join(' / '))));
  const values = new Set(chosen.flat());
  const unknown = [
    ...[...(draft.few ?? []), ...(draft.gone ?? [])].filter((label) => !labels.has(label)),
    ...Object.keys(draft.extra ?? {}).filter((value) => !values.has(value)),
  ];
  if (unknown.length > 0) throw new Error(`${draft.name} has no variant or value “${unknown.join('”, “')}”.`);
}

/** Throws where the draft names a variant or a value that it does not have. */
export function complete(draft: Draft): Product {
  const slug = toSlug(draft.name);
  const options = Object.entries(draft.options ?? {}).map(([name, values]) => ({ name, values }));
  const chosen = combinations(options.map(({ values }) => values));
  checkNames(draft, chosen);
  const said = (Object.keys(translations) as Locale[]).flatMap((locale) => {
    const found = translations[locale][slug];
    return found ? [[locale, found] as const] : [];
  });
  return {
    slug,
    sku: slug.toUpperCase(),
    name: draft.name,
    descriptionHtml: draft.about.map((text) => `<p>${escapeHtml(text)}</p>`).join(''),
    category: draft.category,
    brand: draft.brand,
    tags: draft.tags,
    taxClass: draft.tax ?? 'standard',
    seo: { title: draft.seo[0], description: draft.seo[1] },
    attributes: Object.entries(draft.facts).map(([code, value]) => ({ code, value })),
    options,
    variants: chosen.map((values) => variantOf(draft, slug, values)),
    pictures: picturesOf(draft, slug, chosen),
    translations: Object.fromEntries(said),
  };
}
