import { describe, expect, it } from 'vitest';
import { distance } from './colour.ts';
import { isColour } from './colours.ts';
import { catalogue, draw, type Locale } from './index.ts';
import { shapeNames } from './pictures.ts';
import { ar } from './translations/ar.ts';
import { de } from './translations/de.ts';
import { ja } from './translations/ja.ts';

const { products, categories, collections, attributes, warehouses, words } = catalogue;
const variants = products.flatMap((product) => product.variants);
const pictures = products.flatMap((product) => product.pictures);

const repeated = (values: readonly string[]): string[] => values.filter((value, at) => values.indexOf(value) !== at);

describe('the demo catalogue', () => {
  it('holds 84 products in 27 categories of 10 departments', () => {
    const departments = categories.filter(({ parent }) => parent === null);
    const filled = new Set(products.map(({ category }) => category));
    expect([products.length, filled.size, departments.length]).toEqual([84, 27, 10]);
  });

  it('names every product, variant, picture and category once', () => {
    expect(repeated(products.map(({ slug }) => slug))).toEqual([]);
    expect(repeated(products.map(({ sku }) => sku))).toEqual([]);
    expect(repeated(variants.map(({ sku }) => sku))).toEqual([]);
    expect(repeated(pictures.map(({ key }) => key))).toEqual([]);
    expect(repeated(categories.map(({ slug }) => slug))).toEqual([]);
  });

  it('writes slugs and SKUs that need no escaping', () => {
    expect(products.filter(({ slug }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))).toEqual([]);
    expect(variants.filter(({ sku }) => !/^[A-Z0-9]+(-[A-Z0-9]+)*$/.test(sku) || sku.length > 64)).toEqual([]);
  });

  it('keeps the category tree two levels deep, parents first', () => {
    const seen = new Map<string, string | null>();
    for (const { slug, parent } of categories) {
      if (parent !== null) expect(seen.get(parent)).toBe(null);
      seen.set(slug, parent);
    }
    for (const product of products) expect(seen.get(product.category)).toEqual(expect.any(String));
  });

  it('leaves no category of the second level empty', () => {
    const used = new Set(products.map(({ category }) => category));
    expect(categories.filter(({ slug, parent }) => parent !== null && !used.has(slug))).toEqual([]);
  });

  it('prices every variant in euros and dollars, above its cost, and below the price it is compared with', () => {
    for (const { sku, prices, costMinor } of variants) {
      expect([sku, prices.map(({ currency }) => currency)]).toEqual([sku, ['EUR', 'USD']]);
      for (const { amountMinor, compareAtMinor } of prices) {
        expect([sku, Number.isSafeInteger(amountMinor), amountMinor > costMinor]).toEqual([sku, true, true]);
        if (compareAtMinor !== null) expect([sku, compareAtMinor > amountMinor]).toEqual([sku, true]);
      }
    }
  });

  it('has some reduced, some scarce and some sold out variants, and weighs and stocks all of them', () => {
    const left = variants.map(({ stock }) => stock.reduce((sum, { quantity }) => sum + quantity, 0));
    expect(products.filter(({ variants: [first] }) => first!.prices[0]!.compareAtMinor !== null).length).toBe(11);
    expect(left.filter((quantity) => quantity === 0).length).toBe(11);
    expect(left.filter((quantity) => quantity > 0 && quantity < 6).length).toBe(23);
    expect(variants.filter(({ weightGrams, costMinor }) => weightGrams < 1 || costMinor < 1)).toEqual([]);
    const codes = warehouses.map(({ code }) => code);
    expect(variants.filter(({ stock }) => stock.some(({ warehouse }, at) => warehouse !== codes[at]))).toEqual([]);
  });

  it('gives every variant one value per option and no combination twice', () => {
    for (const { slug, options, variants: own } of products) {
      expect([slug, options.length <= 3, own.length <= 100]).toEqual([slug, true, true]);
      expect(own.length).toBe(options.reduce((count, { values }) => count * values.length, 1));
      for (const { optionValues } of own) {
        expect(optionValues.map((value, at) => options[at]!.values.includes(value))).toEqual(options.map(() => true));
      }
      expect(repeated(own.map(({ optionValues }) => optionValues.join(' / ')))).toEqual([]);
    }
  });

  it('uses attributes that are defined, each with a value of its type', () => {
    const types = new Map(attributes.map(({ code, type }) => [code, type]));
    for (const { slug, attributes: values } of products) {
      for (const { code, value } of values) {
        expect([slug, code, types.get(code)]).toEqual([
          slug,
          code,
          typeof value === 'string' ? 'TEXT' : typeof value === 'number' ? 'NUMBER' : 'BOOLEAN',
        ]);
      }
      expect([slug, values.some(({ code }) => code === 'origin')]).toEqual([slug, true]);
    }
  });

  it('taxes food and books at the reduced rate and nothing else', () => {
    const reduced = new Set(['tea-and-coffee', 'larder', 'books']);
    expect(products.filter(({ category, taxClass }) => (taxClass === 'reduced') !== reduced.has(category))).toEqual([]);
  });

  it('keeps SEO text within what search engines show', () => {
    expect(products.filter(({ seo }) => seo.title.length > 60 || seo.description.length > 155)).toEqual([]);
    expect(repeated(products.map(({ seo }) => seo.title))).toEqual([]);
  });

  it('puts only its own products into collections', () => {
    const slugs = new Set(products.map(({ slug }) => slug));
    expect(collections.flatMap((collection) => collection.products).filter((slug) => !slugs.has(slug))).toEqual([]);
    expect(collections.flatMap((collection) => repeated(collection.products))).toEqual([]);
  });

  it('keeps the promise of the collection “Gifts under 30”', () => {
    const gifts = collections.find(({ slug }) => slug === 'gifts-under-30')!.products;
    const cheapest = gifts.map((slug) =>
      products
        .find((product) => product.slug === slug)!
        .variants[0]!.prices.every(({ amountMinor }) => amountMinor < 3000),
    );
    expect(cheapest).toEqual(gifts.map(() => true));
  });

  it('translates only products and words that exist', () => {
    const slugs = new Set(products.map(({ slug }) => slug));
    for (const one of [de, ja, ar]) expect(Object.keys(one).filter((slug) => !slugs.has(slug))).toEqual([]);
    expect(Object.keys(de).length).toBe(products.length);
  });

  it('translates every option and value that is not a number or a letter size', () => {
    const texts = products.flatMap(({ options }) => options.flatMap(({ name, values }) => [name, ...values]));
    const needed = [...new Set(texts)].filter((text) => !/^\d|^(S|M|L|XL)$/.test(text));
    for (const locale of ['de', 'ja', 'ar'] satisfies Locale[]) {
      expect(needed.filter((text) => words[locale][text] === undefined)).toEqual([]);
      expect(Object.keys(words[locale]).filter((text) => !needed.includes(text))).toEqual([]);
    }
  });

  it('writes descriptions without claims about health or the environment', () => {
    const claims =
      /\b(organic|sustainab|eco-?friendly|healthy|healing|detox|non-toxic|antibacterial|natural(ly)? good|climate|carbon[- ](neutral|free)|vegan|cures?|boosts?)\b/i;
    expect(
      products.filter(({ descriptionHtml, seo }) => claims.test(`${descriptionHtml} ${seo.title} ${seo.description}`)),
    ).toEqual([]);
  });
});

describe('the drawn pictures', () => {
  it('show every variant', () => {
    for (const product of products) {
      const keys = new Set(product.pictures.map(({ key }) => key));
      expect(product.variants.filter(({ picture }) => !keys.has(picture))).toEqual([]);
    }
  });

  it('use every shape there is', () => {
    const used = new Set(pictures.map(({ drawing }) => drawing.shape));
    expect(shapeNames.filter((shape) => !used.has(shape))).toEqual([]);
  });

  it('are all different, and the same every time', () => {
    const drawn = pictures.map(({ drawing }) => draw(drawing));
    expect(new Set(drawn).size).toBe(pictures.length);
    expect(pictures.map(({ drawing }) => draw(drawing))).toEqual(drawn);
  });

  it('are well-formed: every name used is defined, no number is missing', () => {
    for (const { key, drawing } of pictures) {
      const svg = draw(drawing);
      expect([key, /NaN|undefined|Infinity/.test(svg)]).toEqual([key, false]);
      const used = [...svg.matchAll(/url\(#(d\d+)\)/g)].map(([, id]) => id!);
      const defined = new Set([...svg.matchAll(/ id="(d\d+)"/g)].map(([, id]) => id!));
      expect([key, used.filter((id) => !defined.has(id))]).toEqual([key, []]);
      expect([key, svg.match(/<g[ >]/g)?.length ?? 0]).toEqual([key, svg.match(/<\/g>/g)?.length ?? 0]);
    }
  });

  it('tell the colours of one product apart', () => {
    for (const product of products) {
      const mains = product.pictures.map(({ drawing }) => drawing.main);
      const near = mains.flatMap((one, at) => mains.slice(at + 1).filter((other) => distance(one, other) < 0.06));
      expect([product.slug, near]).toEqual([product.slug, []]);
    }
  });

  it('carry a text for those who cannot see them', () => {
    expect(pictures.filter(({ alt }) => alt.length < 5)).toEqual([]);
    expect(pictures.find(({ key }) => key === 'tide-mug-sea')?.alt).toBe('Tide Mug in sea');
    expect(isColour('Sea')).toBe(true);
  });
});
