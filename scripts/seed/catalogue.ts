import { currency, money, toDecimal } from '@souk/schema';
import type { Catalogue, Category, Collection, Locale, Product } from '../catalogue/index.ts';
import type { ImportProductInput, SeedProductsMutation } from '../gql/graphql.ts';
import { Batch, bytesOf } from '../import/batches.ts';
import { accepted, type Shop } from '../import/shop.ts';
import {
  categoryTree,
  collectionBySlug,
  createCategory,
  createCollection,
  seedProducts,
  setCollectionProducts,
  setLabels,
} from './documents.ts';
import type { Meter } from './meter.ts';

export type SeededProduct = NonNullable<SeedProductsMutation['importProducts']['results'][number]['product']>;
/** Handle → product as the shop knows it. */
export type Seeded = ReadonlyMap<string, SeededProduct>;

const amount = (minor: number, code: string): string => toDecimal(money(minor, currency(code)));
/** Codes of attributes are written with underscores in the graph: `netWeight` → `net_weight`. */
const attributeCode = (code: string): string => code.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const locales = ['de', 'ja', 'ar'] as const satisfies readonly Locale[];

/** A product of the catalogue as the bulk mutation takes it. `channels` is by currency. */
export function toInput(
  product: Product,
  { attributes, categories }: Catalogue,
  channels: Readonly<Record<'EUR' | 'USD', string>>,
): ImportProductInput {
  const definitions = new Map(attributes.map((one) => [one.code, one]));
  return {
    handle: product.slug,
    sku: product.sku,
    name: product.name,
    description: product.descriptionHtml,
    vendor: product.brand,
    tags: product.tags,
    published: true,
    seo: product.seo,
    categoryPath: pathTo(product.category, categories),
    options: product.options,
    attributes: product.attributes.map(({ code, value }) => {
      const { name, type, unit } = definitions.get(code)!;
      return { code: attributeCode(code), value: String(value), name, type, unit };
    }),
    variants: product.variants.map((variant) => ({
      sku: variant.sku,
      optionValues: variant.optionValues,
      weightGrams: variant.weightGrams,
      taxClass: product.taxClass,
      cost: { amount: amount(variant.costMinor, 'EUR'), currency: 'EUR' },
      prices: variant.prices.map((price) => ({
        channelId: channels[price.currency],
        currency: price.currency,
        amount: amount(price.amountMinor, price.currency),
        compareAt: price.compareAtMinor === null ? null : amount(price.compareAtMinor, price.currency),
      })),
    })),
    translations: locales.flatMap((locale) => {
      const said = product.translations[locale];
      if (!said) return [];
      return [{ locale, name: said.name, ...(said.descriptionHtml && { description: said.descriptionHtml }) }];
    }),
  };
}

function pathTo(slug: string, categories: readonly Category[]): { name: string; slug: string }[] {
  const { name, parent } = categories.find((one) => one.slug === slug)!;
  return [...(parent === null ? [] : pathTo(parent, categories)), { name, slug }];
}

const namesIn = (translations: Category['translations']) =>
  locales.flatMap((locale) => {
    const said = translations[locale];
    return said ? [{ locale, name: said.name }] : [];
  });

/** Made one by one, parents first: the bulk mutation makes categories too, but knows neither their texts nor their order. */
export async function ensureCategories(shop: Shop, categories: readonly Category[]): Promise<void> {
  const tree = (await shop.run(categoryTree, {})).categories;
  const known = new Map(tree.flatMap((one) => [one, ...one.children]).map(({ slug, id }) => [slug, id]));
  for (const [position, { slug, name, description, parent, translations }] of categories.entries()) {
    if (known.has(slug)) continue;
    const parentId = parent === null ? null : known.get(parent)!;
    const input = { name, slug, description, parentId, position, translations: namesIn(translations) };
    const { category } = accepted((await shop.run(createCategory, { input })).createCategory, `The category ${name}`);
    known.set(slug, category!.id);
  }
}

/** Sends products in as few requests as they fit into. Throws where the shop refuses one: they are ours, and right. */
export async function ensureProducts(
  shop: Shop,
  products: readonly ImportProductInput[],
  meter: Meter,
): Promise<Seeded> {
  const known = new Map<string, SeededProduct>();
  const batch = new Batch<ImportProductInput>();
  const send = async (sent: readonly ImportProductInput[]): Promise<void> => {
    if (sent.length === 0) return;
    const { importProducts } = await shop.run(seedProducts, { input: { products: sent, errorPolicy: 'ABORT' } });
    accepted(importProducts, 'The products');
    for (const { handle, product, errors } of importProducts.results) {
      accepted({ errors }, `The product ${handle}`);
      known.set(handle, product!);
    }
    meter.add(sent.length);
  };
  for (const product of products) {
    const full = batch.add(product, bytesOf(product));
    if (full) await send(full);
  }
  await send(batch.take());
  return known;
}

/** Words of options, their values and attributes in the other locales. */
export async function setWords(shop: Shop, { words, attributes }: Catalogue): Promise<void> {
  for (const locale of locales) {
    const labels = new Map(Object.entries(words[locale]));
    for (const { name, translations } of attributes) {
      const said = translations[locale];
      if (said) labels.set(name, said.name);
    }
    const all = [...labels].map(([label, translated]) => ({ label, translated }));
    for (let at = 0; at < all.length; at += 100) {
      const input = { locale, labels: all.slice(at, at + 100) };
      accepted((await shop.run(setLabels, { input })).setLabels, `The words in ${locale}`);
    }
  }
}

/** Collections with those of their products that there are, in their order. */
export async function ensureCollections(
  shop: Shop,
  collections: readonly Collection[],
  products: Seeded,
): Promise<void> {
  for (const { slug, name, description, products: handles, translations } of collections) {
    const productIds = handles.flatMap((handle) => products.get(handle)?.id ?? []);
    if (productIds.length === 0) continue;
    const known = (await shop.run(collectionBySlug, { slug })).collectionBySlug;
    let id = known?.id;
    if (id === undefined) {
      const input = { name, slug, description, translations: namesIn(translations) };
      const made = (await shop.run(createCollection, { input })).createCollection;
      id = accepted(made, `The collection ${name}`).collection!.id;
    }
    if (known?.products.nodes.map((one) => one.id).join() === productIds.join()) continue;
    const input = { id, productIds };
    accepted((await shop.run(setCollectionProducts, { input })).setCollectionProducts, `The collection ${name}`);
  }
}
