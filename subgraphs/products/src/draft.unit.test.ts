import { type ChannelId, DEFAULT_CHANNEL, type ProductId } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { type Attribute } from './attribute.ts';
import { applyDraft, type ProductDraft } from './draft.ts';
import { Problems } from './problems.ts';
import { basePrices, listingsOf, moves, moveTo, newProduct, type Product, type ProductStatus } from './product.ts';

const now = new Date(Date.UTC(2026, 0, 10));
const attributes = new Map<string, Attribute>([
  ['size', { id: 'a1', code: 'size', name: 'Size', type: 'NUMBER', unit: 'mm' }],
]);
let ids = 0;
function apply(known: Product, draft: ProductDraft): { product: Product; errors: string[] } {
  const problems = new Problems();
  const context = { now, place: DEFAULT_CHANNEL, newId: () => `id-${++ids}`, attributes };
  const product = applyDraft(problems, known, draft, context);
  return { product, errors: problems.all.map((one) => `${one.code} ${one.field?.slice(1).join('.')}`) };
}
const blank = { ...newProduct('p1' as ProductId, now), slug: 'mug' };
const mug: ProductDraft = {
  name: 'Mug',
  published: true,
  options: [{ name: 'Colour', values: ['Red', 'Blue'] }],
  variants: [
    { optionValues: ['Red'], prices: [{ amount: '12' }] },
    { optionValues: ['Blue'], prices: [{ amount: '10' }] },
  ],
};

describe('a draft of a product', () => {
  it('makes a product with SKUs of its own', () => {
    const { product, errors } = apply(blank, mug);
    expect(errors).toEqual([]);
    expect(product.sku).toBe('mug');
    expect(product.variants.map((one) => one.sku)).toEqual(['mug-red', 'mug-blue']);
    expect(product.publishedAt).toBe(now.toISOString());
  });
  it('changes nothing when it is told again', () => {
    const { product } = apply(blank, mug);
    expect(apply(product, mug).product).toEqual(product);
    expect(apply(product, {}).product).toEqual(product);
  });
  it('adds a value a variant has to its option', () => {
    const { product } = apply(blank, mug);
    const more = {
      ...mug,
      options: [{ name: 'Colour', values: ['Red'] }],
      variants: [{ optionValues: ['Green'], prices: [{ amount: '1' }] }],
    };
    expect(apply(product, more).product.options).toEqual([{ name: 'Colour', values: ['Red', 'Green'] }]);
  });
  it('clears with null what may be empty and leaves what is left out', () => {
    const { product } = apply(blank, {
      ...mug,
      vendor: 'Aksu',
      tags: ['a', 'a', ' '],
      cost: { amount: '2', currency: 'EUR' },
    });
    expect([product.vendor, product.tags, product.cost]).toEqual([
      'Aksu',
      ['a'],
      { amountMinor: 200, currency: 'EUR' },
    ]);
    const cleared = apply(product, { vendor: null, tags: null, cost: null }).product;
    expect([cleared.vendor, cleared.tags, cleared.cost, cleared.name]).toEqual([null, [], null, 'Mug']);
  });
  it('records pictures once, those of variants too', () => {
    const { product } = apply(blank, {
      ...mug,
      images: [{ src: 'https://a.example/1.jpg' }, { src: 'https://a.example/1.jpg' }],
      variants: [{ optionValues: ['Red'], imageUrl: 'https://a.example/2.jpg', prices: [{ amount: '1' }] }],
    });
    expect(product.media.map((one) => [one.sourceUrl, one.status])).toEqual([
      ['https://a.example/1.jpg', 'PENDING'],
      ['https://a.example/2.jpg', 'PENDING'],
    ]);
    expect(product.variants[0]!.mediaId).toBe(product.media[1]!.id);
    const without = apply(product, { images: [] }).product;
    expect(without.media).toEqual([]);
    expect(without.variants[0]!.mediaId).toBeNull();
  });
  it.each<[string, ProductDraft, string[]]>([
    ['no name', { ...mug, name: ' ' }, ['INVALID name']],
    ['a long name', { ...mug, name: 'x'.repeat(301) }, ['INVALID name']],
    ['a bad slug', { ...mug, slug: 'A b' }, ['INVALID slug']],
    ['control characters', { ...mug, vendor: 'a\u0000b' }, ['INVALID vendor']],
    [
      'twins',
      { ...mug, variants: [mug.variants![0]!, { ...mug.variants![0]!, sku: 'other' }] },
      ['DUPLICATE_VARIANT variants.1'],
    ],
    [
      'one SKU twice',
      { ...mug, variants: mug.variants!.map((one) => ({ ...one, sku: 'x' })) },
      ['SKU_TAKEN variants.1.sku'],
    ],
    [
      'a value too many',
      { ...mug, variants: [{ optionValues: ['Red', 'S'], prices: [{ amount: '1' }] }] },
      ['INVALID variants.0.optionValues'],
    ],
    ['nothing to sell', { ...mug, variants: [] }, ['NO_VARIANTS variants']],
    ['no price', { ...mug, variants: [{ optionValues: ['Red'] }] }, ['NO_PRICE variants']],
    [
      'a word for a number',
      { ...mug, attributes: [{ code: 'size', value: 'big' }] },
      ['WRONG_TYPE attributes.0.value'],
    ],
    [
      'another type',
      { ...mug, attributes: [{ code: 'size', value: 'big', type: 'TEXT' }] },
      ['WRONG_TYPE attributes.0.type'],
    ],
    [
      'six options',
      { ...mug, options: Array.from({ length: 6 }, (_, n) => ({ name: `O${n}`, values: ['x'] })), variants: [] },
      ['LIMIT options'],
    ],
    ['a foreign scheme', { ...mug, images: [{ src: 'file:///etc/passwd' }] }, ['INVALID images.0.src']],
    ['a password in an address', { ...mug, images: [{ src: 'https://a:b@c.example/' }] }, ['INVALID images.0.src']],
    [
      'the shop’s own language',
      { ...mug, translations: [{ locale: 'en', name: 'x' }] },
      ['INVALID translations.0.locale'],
    ],
    [
      'a tax class with spaces',
      { ...mug, variants: [{ ...mug.variants![0]!, taxClass: 'a b' }] },
      ['INVALID variants.0.taxClass'],
    ],
    [
      'a weight of 2^31',
      { ...mug, variants: [{ ...mug.variants![0]!, weightGrams: 2 ** 31 }] },
      ['INVALID variants.0.weightGrams'],
    ],
    [
      'half a piece',
      { ...mug, variants: [{ ...mug.variants![0]!, maxPerOrder: 1.5 }] },
      ['INVALID variants.0.maxPerOrder'],
    ],
  ])('is refused for %s', (_name, draft, errors) => {
    expect(apply(blank, draft).errors).toEqual(errors);
  });
});

describe('a product', () => {
  const { product } = apply(blank, mug);
  it('goes only where its status lets it', () => {
    for (const from of Object.keys(moves) as ProductStatus[]) {
      for (const to of Object.keys(moves) as ProductStatus[]) {
        const go = () => moveTo({ ...product, status: from }, to, now).status;
        if (from === to || (moves[from] as readonly string[]).includes(to)) expect(go()).toBe(to);
        else expect(go).toThrow('taken back as a draft');
      }
    }
  });
  it('is not published without a price', () => {
    const bare = {
      ...product,
      status: 'DRAFT' as const,
      variants: product.variants.map((one) => ({ ...one, prices: [] })),
    };
    expect(() => moveTo(bare, 'PUBLISHED', now)).toThrow('a variant with a price');
  });
  it('costs the lowest of its variants, and modifiers add up to the others', () => {
    const { price, modifiers } = basePrices(product, now);
    expect(price).toBe(1000);
    expect(product.variants.map((one) => price! + modifiers.get(one.id)!)).toEqual([1200, 1000]);
  });
  it('is listed where it has a price now, and not as a draft', () => {
    const later = apply(product, {
      variants: [{ optionValues: ['Red'], prices: [{ amount: '5', validFrom: new Date(Date.UTC(2027, 0, 1)) }] }],
    }).product;
    expect(listingsOf(product, now).map((one) => [one.channelId, one.amountMinor])).toEqual([
      [DEFAULT_CHANNEL.id as ChannelId, 1000],
    ]);
    expect(listingsOf(later, now)).toEqual([]);
    expect(listingsOf({ ...product, status: 'DRAFT' }, now)).toEqual([]);
  });
});
