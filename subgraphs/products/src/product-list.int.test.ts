import { anonymous, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from './index.ts';
import { importAll, type MadeProduct, merchandiser, mutate, simple, statementsOf } from './products.testing.ts';

const LIST = `query ($filter: ProductFilter, $sort: ProductSort, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
  products(filter: $filter, sort: $sort, search: $search, first: $first, after: $after, last: $last, before: $before) {
    nodes { slug price { amount } compareAtPrice { amount } inStock name media { url } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('the list of products', () => {
  let t: TestHouses;
  let made: MadeProduct[];
  const list = async (variables: Record<string, unknown>, as: Viewer = anonymous()) =>
    (await t.run('products', as, LIST, variables)).products;
  const slugs = async (variables: Record<string, unknown>, as?: Viewer): Promise<string[]> =>
    (await list(variables, as)).nodes.map((one: { slug: string }) => one.slug);

  beforeAll(async () => {
    t = await startTestHouses([products]);
    made = await importAll(t, [
      {
        handle: 'copper-lamp',
        name: 'Copper Lamp',
        published: true,
        vendor: 'Aksu',
        productType: 'Lamps',
        tags: ['brass', 'gift'],
        description: '<p>Hammered by hand in Gaziantep.</p>',
        categoryPath: [{ name: 'Home' }, { name: 'Lighting' }],
        collections: [{ slug: 'favourites', name: 'Favourites' }],
        attributes: [
          { code: 'height', type: 'NUMBER', unit: 'mm', value: '320' },
          { code: 'material', value: 'Copper' },
        ],
        options: [
          { name: 'Colour', values: ['Red', 'Blue'] },
          { name: 'Size', values: ['S', 'M'] },
        ],
        variants: [
          { optionValues: ['Red', 'S'], prices: [{ amount: '40.00' }] },
          { optionValues: ['Blue', 'M'], prices: [{ amount: '35.00', compareAt: '45.00' }] },
        ],
        translations: [
          { locale: 'de', name: 'Kupferlampe', description: '<p>Von Hand gehämmerte Leuchte</p>' },
          { locale: 'ja', name: '銅のランプ' },
        ],
      },
      {
        ...simple('zebra-rug', '120.00'),
        name: 'apple Rug',
        tags: ['wool'],
        categoryPath: [{ name: 'Home' }, { name: 'Textiles' }],
        attributes: [{ code: 'height', type: 'NUMBER', unit: 'mm', value: '12' }],
      },
      {
        ...simple('cafe-creme', '6.50'),
        name: 'Café Crème',
        tags: ['gift'],
        categoryPath: [{ name: 'Pantry' }],
        collections: [{ slug: 'favourites' }],
      },
      { ...simple('hidden-lamp', '1.00'), name: 'Hidden lamp', published: false },
    ]);
  });
  afterAll(() => t.stop());

  const orders: [string, unknown, string[]][] = [
    ['name', { field: 'NAME' }, ['zebra-rug', 'cafe-creme', 'copper-lamp']],
    ['name downwards', { field: 'NAME', direction: 'DESC' }, ['copper-lamp', 'cafe-creme', 'zebra-rug']],
    ['price', { field: 'PRICE' }, ['cafe-creme', 'copper-lamp', 'zebra-rug']],
    ['price downwards', { field: 'PRICE', direction: 'DESC' }, ['zebra-rug', 'copper-lamp', 'cafe-creme']],
  ];
  const filters: [string, unknown, string[]][] = [
    ['a category with all below it', { category: 'home' }, ['copper-lamp', 'zebra-rug']],
    ['a category by slug', { category: 'lighting' }, ['copper-lamp']],
    ['an unknown category', { category: 'nowhere' }, []],
    ['a collection', { collection: 'favourites' }, ['copper-lamp', 'cafe-creme']],
    ['an option', { options: [{ name: 'Colour', values: ['Red', 'Green'] }] }, ['copper-lamp']],
    [
      'two options of one variant',
      {
        options: [
          { name: 'Colour', values: ['Red'] },
          { name: 'Size', values: ['M'] },
        ],
      },
      [],
    ],
    ['an attribute', { attributes: [{ code: 'material', values: ['Copper'] }] }, ['copper-lamp']],
    ['a number', { attributes: [{ code: 'height', min: '10', max: '20.5' }] }, ['zebra-rug']],
    ['a number by value', { attributes: [{ code: 'height', values: ['320'] }] }, ['copper-lamp']],
    ['a price from', { price: { min: '35.00' } }, ['copper-lamp', 'zebra-rug']],
    ['a price to', { price: { max: '34.99' } }, ['cafe-creme']],
    ['stock', { inStock: true }, []],
    ['no stock', { inStock: false }, ['copper-lamp', 'zebra-rug', 'cafe-creme']],
    ['a tag', { tags: ['gift', 'nothing'] }, ['copper-lamp', 'cafe-creme']],
    ['a brand', { vendors: ['Aksu'] }, ['copper-lamp']],
    ['a type', { productTypes: ['Lamps'] }, ['copper-lamp']],
    ['one or the other', { or: [{ tags: ['wool'] }, { category: 'pantry' }] }, ['zebra-rug', 'cafe-creme']],
    ['one and the other', { and: [{ tags: ['gift'] }, { price: { max: '10' } }] }, ['cafe-creme']],
  ];
  it.each(orders)('is in order of %s', async (_name, sort, expected) => {
    expect(await slugs({ sort })).toEqual(expected);
  });
  it.each(filters)('is filtered by %s in every order', async (_name, filter, expected) => {
    for (const [, sort, all] of orders) {
      expect(await slugs({ filter, sort })).toEqual(all.filter((slug) => expected.includes(slug)));
    }
    expect((await slugs({ filter })).sort()).toEqual([...expected].sort());
    expect((await slugs({ filter }, merchandiser)).sort()).toEqual([...expected].sort());
  });

  const searches: [string, string, string[]][] = [
    ['a word', 'lamp', ['copper-lamp']],
    ['its plural', 'lamps', ['copper-lamp']],
    ['the beginning of a word', 'copp', ['copper-lamp']],
    ['two words', 'copper lamp', ['copper-lamp']],
    ['a word with a typing error', 'coper', ['copper-lamp']],
    ['another typing error', 'copperr lamp', ['copper-lamp']],
    ['a word without its accents', 'cafe creme', ['cafe-creme']],
    ['a word with its accents', 'café', ['cafe-creme']],
    ['a word of the description', 'hammered', ['copper-lamp']],
    ['a German word', 'kupferlampe', ['copper-lamp']],
    ['a German stem', 'Leuchten', ['copper-lamp']],
    ['Japanese', 'ランプ', ['copper-lamp']],
    ['one Japanese letter', '銅', ['copper-lamp']],
    ['an SKU', 'COPPER-LAMP-RED-S', ['copper-lamp']],
    ['a category', 'textiles', ['zebra-rug']],
    ['an option value', 'blue', ['copper-lamp']],
    ['nothing there is', 'bicycle', []],
    ['a stop word', 'the', []],
    ['signs alone', '&|!():*\'"\\', []],
    ['a query of PostgreSQL', "lamp' | !copper:*", ['copper-lamp']],
  ];
  it.each(searches)('finds %s', async (_name, search, expected) => {
    const as = /leuchten/i.test(search) ? { ...anonymous(), locale: 'de' } : anonymous();
    expect(await slugs({ search }, as)).toEqual(expected);
    for (const field of ['NAME', 'PRICE', 'CREATED_AT', 'RELEVANCE']) {
      expect(await slugs({ search, sort: { field } }, as)).toEqual(expected);
    }
  });
  it('puts a match of the name before one of the description', async () => {
    await importAll(t, [
      { ...simple('plain-thing', '5.00'), description: '<p>Goes well with a samovar.</p>' },
      { ...simple('samovar', '5.00'), name: 'Samovar' },
    ]);
    expect(await slugs({ search: 'samovar' })).toEqual(['samovar', 'plain-thing']);
    for (const slug of ['samovar', 'plain-thing']) {
      const { productBySlug } = await t.run('products', merchandiser, `{ productBySlug(slug: "${slug}") { id } }`);
      await mutate(t, 'archiveProduct', 'ProductIdInput', { id: productBySlug.id }, 'product { status }');
    }
    expect(await slugs({ search: 'samovar' })).toEqual([]);
  });

  it('shows names in the reader’s language and falls back to the shop’s own', async () => {
    const names = async (locale: string) =>
      (await list({ sort: { field: 'PRICE' } }, { ...anonymous(), locale })).nodes.map(
        (one: { name: string }) => one.name,
      );
    expect(await names('de-AT')).toEqual(['Café Crème', 'Kupferlampe', 'apple Rug']);
    expect(await names('en-GB')).toEqual(['Café Crème', 'Copper Lamp', 'apple Rug']);
    expect(await names('fr')).toEqual(['Café Crème', 'Copper Lamp', 'apple Rug']);
  });
  it('shows nothing in a channel where nothing has a price', async () => {
    const elsewhere = { ...anonymous().channel, id: '01900000-0000-7000-8000-0000000000ff' as never };
    expect(await slugs({}, { ...anonymous(), channel: elsewhere })).toEqual([]);
  });
  it('shows drafts to staff that ask for them, and refuses everybody else', async () => {
    expect(await slugs({ filter: { status: ['DRAFT'] } }, staff('SUPPORT'))).toEqual(['hidden-lamp']);
    expect(await slugs({ filter: { status: ['DRAFT', 'PUBLISHED'] }, sort: { field: 'PRICE' } }, merchandiser)).toEqual(
      ['cafe-creme', 'copper-lamp', 'zebra-rug', 'hidden-lamp'],
    );
    const { errors } = await t.ask('products', anonymous(), LIST, { filter: { status: ['DRAFT'] } });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
  it('keeps its pages while products come and go', async () => {
    const first = await list({ sort: { field: 'PRICE' }, first: 2 });
    expect(first.nodes.map((one: { slug: string }) => one.slug)).toEqual(['cafe-creme', 'copper-lamp']);
    await importAll(t, [simple('cheap-newcomer', '2.00')]);
    const second = await list({ sort: { field: 'PRICE' }, first: 2, after: first.pageInfo.endCursor });
    expect(second.nodes.map((one: { slug: string }) => one.slug)).toEqual(['zebra-rug']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = await list({ sort: { field: 'PRICE' }, last: 2, before: second.pageInfo.startCursor });
    expect(back.nodes.map((one: { slug: string }) => one.slug)).toEqual(['cafe-creme', 'copper-lamp']);
  });
  it('is read in two statements, by category in three, by search in four, a product with everything in five', async () => {
    const selection = (args: string) =>
      `{ products${args} { nodes { id name slug price { amount } compareAtPrice { amount } media { url } inStock } } }`;
    await t.quiet();
    expect(await statementsOf(() => t.run('products', anonymous(), selection('(first: 24)')))).toHaveLength(2);
    expect(await statementsOf(() => t.run('products', anonymous(), selection('(search: "lamp")')))).toHaveLength(4);
    expect(
      await statementsOf(() => t.run('products', anonymous(), selection('(filter: { category: "home" })'))),
    ).toHaveLength(3);
    const german = { ...anonymous(), locale: 'de' };
    expect(await statementsOf(() => t.run('products', german, selection('(first: 24)')))).toHaveLength(2);
    const page = `{ productBySlug(slug: "copper-lamp") { name description price { amount } compareAtPrice { amount } inStock
      options { name label values { value label } } attributes { code label } media { url alt } seo { title }
      category { name slug ancestors { name slug } }
      variants { id sku name price { amount } compareAtPrice { amount } selectedOptions { name value label } availableForSale } } }`;
    expect(await statementsOf(() => t.run('products', anonymous(), page))).toHaveLength(5);
    const { productBySlug } = await t.run('products', german, page);
    expect(productBySlug).toMatchObject({
      name: 'Kupferlampe',
      price: { amount: '35.00' },
      compareAtPrice: { amount: '45.00' },
      category: { slug: 'lighting', ancestors: [{ slug: 'home' }] },
      attributes: [
        { code: 'height', label: '320 mm' },
        { code: 'material', label: 'Copper' },
      ],
      variants: [
        { name: 'Red / S', availableForSale: true },
        { name: 'Blue / M', availableForSale: true },
      ],
    });
  });
  it('refuses what no page or filter can be', async () => {
    for (const bad of [
      { first: 0 },
      { first: 101 },
      { first: -1 },
      { first: 5, last: 5 },
      { after: 'nonsense' },
      { search: 'x'.repeat(201) },
      { filter: { price: { min: '1.001' } } },
      { filter: { and: Array.from({ length: 30 }, () => ({ inStock: true })) } },
      { filter: { and: [{ status: ['DRAFT'] }] } },
    ]) {
      const { errors } = await t.ask('products', merchandiser, LIST, bad);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(made).toHaveLength(4);
  });
});
