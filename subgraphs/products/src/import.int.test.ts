import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from './index.ts';
import { importAll, merchandiser, simple, statementsOf } from './products.testing.ts';

const IMPORT = `mutation ($input: ImportProductsInput!) { importProducts(input: $input) {
  results { handle outcome product { id slug } errors { code message field } } errors { code field } } }`;

const full = (n: number): Record<string, unknown> => ({
  handle: `thing-${n}`,
  name: `Thing ${n}`,
  published: true,
  vendor: 'Maker',
  tags: ['one', 'two'],
  categoryPath: [{ name: 'Top' }, { name: `Shelf ${n % 5}` }],
  collections: [{ slug: 'all', name: 'All' }],
  attributes: [{ code: 'weight', type: 'NUMBER', unit: 'g', value: String(n) }],
  options: [{ name: 'Size', values: ['S', 'M', 'L'] }],
  variants: ['S', 'M', 'L'].map((size) => ({
    sku: `T-${n}-${size}`,
    optionValues: [size],
    prices: [
      { amount: `${n + 1}.00` },
      { amount: `${n + 2}.00`, currency: 'USD', channelId: 'chan_01j00000000000000000000001' },
    ],
    cost: { amount: '1.00', currency: 'EUR' },
    weightGrams: 100,
  })),
  images: [{ src: `https://pictures.example/${n}.jpg`, alt: 'Seen from the front' }],
  translations: [{ locale: 'de', name: `Ding ${n}` }],
});

describe('importing products', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([products]);
  });
  afterAll(() => t.stop());
  const run = async (input: Record<string, unknown>, as = merchandiser) =>
    (await t.run('products', as, IMPORT, { input })).importProducts;
  const outcomes = (answer: { results: { outcome: string }[] }) => answer.results.map((one) => one.outcome);

  it('creates everything once, and the same again changes and says nothing', async () => {
    const input = { products: Array.from({ length: 100 }, (_, n) => full(n)) };
    const first = await statementsOf(async () =>
      expect(new Set(outcomes(await run(input)))).toEqual(new Set(['CREATED'])),
    );
    const said = (await t.said('products')).length;
    expect(said).toBe(200);
    const second = await statementsOf(async () =>
      expect(new Set(outcomes(await run(input)))).toEqual(new Set(['UNCHANGED'])),
    );
    expect((await t.said('products')).length).toBe(said);
    // Both without the relay's own look at the outbox, which goes on beside.
    const own = (sent: string[]) => sent.filter((one) => !/outbox (set|where|order)|from "outbox"/.test(one)).length;
    expect([own(first), own(second)]).toEqual([29, 11]);
    expect(await t.sql('select count(*)::int as n from products.media where status = $1', ['PENDING'])).toEqual([
      { n: 100 },
    ]);
  });
  it('has base price and modifier add up to the price rows', async () => {
    const off = await t.sql(
      `select v.sku from products.product_variants v join products.products p on p.id = v.product_id
       join products.product_prices r on r.variant_id = v.id and r.currency = 'EUR'
       where p.price is null or p.price + v.price_modifier <> r.amount_minor`,
    );
    expect(off).toEqual([]);
  });
  it('changes only what differs', async () => {
    const answer = await run({
      products: [full(1), { ...full(2), name: 'Renamed' }, { handle: 'thing-3', tags: ['three'] }],
    });
    expect(outcomes(answer)).toEqual(['UNCHANGED', 'UPDATED', 'UPDATED']);
    const { productBySlug } = await t.run(
      'products',
      anonymous(),
      '{ productBySlug(slug: "thing-3") { name tags variants { sku } } }',
    );
    expect(productBySlug).toEqual({
      name: 'Thing 3',
      tags: ['three'],
      variants: [{ sku: 'T-3-S' }, { sku: 'T-3-M' }, { sku: 'T-3-L' }],
    });
  });
  it('archives a variant that is not told any more, and takes it back', async () => {
    const two = { ...full(4), variants: (full(4).variants as unknown[]).slice(0, 2) };
    const skus = async () =>
      (
        await t.run('products', anonymous(), '{ productBySlug(slug: "thing-4") { variants { sku } } }')
      ).productBySlug.variants.map((one: { sku: string }) => one.sku);
    expect(outcomes(await run({ products: [two] }))).toEqual(['UPDATED']);
    expect(await skus()).toEqual(['T-4-S', 'T-4-M']);
    expect(outcomes(await run({ products: [two] }))).toEqual(['UNCHANGED']);
    expect(outcomes(await run({ products: [full(4)] }))).toEqual(['UPDATED']);
    expect(await skus()).toEqual(['T-4-S', 'T-4-M', 'T-4-L']);
  });
  it('knows a product by a slug it had before', async () => {
    const id = (await importAll(t, [simple('old-name')]))[0]!.id;
    await t.run(
      'products',
      merchandiser,
      'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { errors { code } } }',
      {
        input: { id, slug: 'new-name' },
      },
    );
    const { results } = await run({ products: [simple('old-name')] });
    expect(results).toMatchObject([{ outcome: 'UNCHANGED', product: { id, slug: 'new-name' } }]);
  });
  it('takes Title of Default Title for no options at all', async () => {
    await importAll(t, [
      {
        ...simple('lone'),
        options: [{ name: 'Title', values: ['Default Title'] }],
        variants: [{ optionValues: ['Default Title'], prices: [{ amount: '1' }] }],
      },
    ]);
    const { productBySlug } = await t.run(
      'products',
      anonymous(),
      '{ productBySlug(slug: "lone") { options { name } variants { name sku } } }',
    );
    expect(productBySlug).toEqual({ options: [], variants: [{ name: 'lone', sku: 'lone' }] });
  });
  it('refuses a product with mistakes alone, and says where each is', async () => {
    const { results } = await run({
      products: [
        simple('fine'),
        { handle: '日本', name: 'x' },
        { handle: 'no-name' },
        {
          ...simple('bad-price'),
          variants: [
            {
              prices: [
                { amount: '-1' },
                { amount: '5', compareAt: '4' },
                { amount: '1.005' },
                { amount: '1', currency: 'XXZ' },
              ],
            },
          ],
        },
        { ...simple('twice'), variants: [{ sku: 'T-1-S', prices: [{ amount: '1' }] }] },
        simple('fine'),
        { ...simple('no-variants'), variants: [] },
        {
          ...simple('odd'),
          options: [{ name: 'Size', values: ['S'] }],
          variants: [{ optionValues: ['S', 'M'], prices: [{ amount: '1' }] }],
        },
        {
          ...simple('heavy'),
          variants: [{ weightGrams: -1, maxPerOrder: 0, imageUrl: 'ftp://x', prices: [{ amount: '1' }] }],
        },
        {
          ...simple('typed'),
          attributes: [
            { code: 'weight', value: 'light' },
            { code: 'Bad Code', value: 'x' },
          ],
        },
        { ...simple('shown'), images: [{ src: 'javascript:alert(1)' }] },
        { ...simple('told'), translations: [{ locale: 'not a locale', name: 'x' }] },
        {
          ...simple('placed'),
          variants: [{ prices: [{ amount: '1', channelId: 'prod_01j00000000000000000000001' }] }],
        },
      ],
    });
    const seen = results.map(
      ({
        handle,
        outcome,
        errors,
      }: {
        handle: string;
        outcome: string;
        errors: { code: string; field: string[] }[];
      }) => [handle, outcome, ...errors.map((error) => `${error.code} ${error.field.slice(3).join('.')}`)],
    );
    expect(seen).toEqual([
      ['fine', 'CREATED'],
      ['日本', 'REFUSED', 'INVALID handle'],
      ['no-name', 'REFUSED', 'INVALID name'],
      [
        'bad-price',
        'REFUSED',
        'INVALID variants.0.prices.0.amount',
        'INVALID variants.0.prices.1.compareAt',
        'INVALID variants.0.prices.2.amount',
        'INVALID variants.0.prices.3.currency',
      ],
      ['twice', 'REFUSED', 'SKU_TAKEN variants.0.sku'],
      ['fine', 'REFUSED', 'INVALID handle', 'SKU_TAKEN sku', 'SKU_TAKEN variants.0.sku'],
      ['no-variants', 'REFUSED', 'NO_VARIANTS variants'],
      ['odd', 'REFUSED', 'INVALID variants.0.optionValues'],
      [
        'heavy',
        'REFUSED',
        'INVALID variants.0.weightGrams',
        'INVALID variants.0.maxPerOrder',
        'INVALID variants.0.imageUrl',
      ],
      ['typed', 'REFUSED', 'WRONG_TYPE attributes.0.value', 'INVALID attributes.1.code'],
      ['shown', 'REFUSED', 'INVALID images.0.src'],
      ['told', 'REFUSED', 'INVALID translations.0.locale'],
      ['placed', 'REFUSED', 'NOT_FOUND variants.0.prices.0.channelId'],
    ]);
  });
  it('keeps nothing where it is to stop at a mistake, and nothing in a dry run', async () => {
    const before = await t.sql('select count(*)::int as n from products.products');
    const said = (await t.said('products')).length;
    const bad = [simple('would-be'), { handle: 'no-name-either' }];
    expect(outcomes(await run({ products: bad, errorPolicy: 'ABORT' }))).toEqual(['SKIPPED', 'REFUSED']);
    const dry = await run({
      products: [{ ...simple('would-be'), categoryPath: [{ name: 'Never' }] }, full(1), { ...full(2), name: 'Again' }],
      dryRun: true,
    });
    expect(outcomes(dry)).toEqual(['CREATED', 'UNCHANGED', 'UPDATED']);
    expect(dry.results[0].product).toBeNull();
    expect(await t.sql('select count(*)::int as n from products.products')).toEqual(before);
    expect(await t.sql(`select 1 from products.categories where name = 'Never'`)).toEqual([]);
    expect((await t.said('products')).length).toBe(said);
  });
  it('makes one product of two imports at once', async () => {
    const input = {
      products: Array.from({ length: 10 }, (_, n) => ({ ...full(500 + n), categoryPath: [{ name: 'Race' }] })),
    };
    const answers = await Promise.all([run(input), run(input), run(input)]);
    const all = answers.flatMap((answer) => outcomes(answer));
    expect(all.filter((one) => one === 'CREATED')).toHaveLength(10);
    expect(all.filter((one) => one === 'UNCHANGED')).toHaveLength(20);
    expect(await t.sql(`select count(*)::int as n from products.categories where name = 'Race'`)).toEqual([{ n: 1 }]);
  });
  it('takes between 1 and 100 products', async () => {
    for (const count of [0, 101]) {
      expect(await run({ products: Array.from({ length: count }, (_, n) => simple(`many-${n}`)) })).toEqual({
        results: [],
        errors: [{ code: 'LIMIT', field: ['input', 'products'] }],
      });
    }
  });
  it('is for merchandisers', async () => {
    const said = (await t.said('products')).length;
    for (const [viewer, code] of [
      [anonymous(), 'UNAUTHENTICATED'],
      [guest(), 'UNAUTHENTICATED'],
      [customer(), 'FORBIDDEN'],
      [staff('SUPPORT'), 'FORBIDDEN'],
      [staff('WAREHOUSE'), 'FORBIDDEN'],
      [staff('FINANCE'), 'FORBIDDEN'],
    ] as const) {
      const { errors } = await t.ask('products', viewer, IMPORT, { input: { products: [simple('forbidden')] } });
      expect(errors?.[0]?.extensions.code).toBe(code);
    }
    expect((await t.said('products')).length).toBe(said);
    expect(outcomes(await run({ products: [simple('by-admin')] }, staff('ADMIN')))).toEqual(['CREATED']);
  });
});
