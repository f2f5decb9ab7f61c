import { type Cache, memoryCache, readConfig } from '@souk/kit';
import { unheld } from '@souk/kit/config';
import { freePorts } from '@souk/kit/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, callersOf } from '../caller.testing.ts';
import { type Front, openFrontDoor } from '../front.ts';
import { mutate, openShop, type Shop } from '../shop.testing.ts';
import { startSouk, type TestSouk } from '../souk.testing.ts';
import { localUpstream } from '../upstream.ts';

const PAGE = `query ($slug: String!) { productBySlug(slug: $slug) {
  id name slug price { amount } category { name } collections { name } variants { id name price { amount } product { name } } } }`;

let souk: TestSouk;
let shop: Shop;
let other: Front;
let elsewhere: ReturnType<typeof callersOf>;
/** What the other router keeps, and how often it was looked into. */
let store: Cache;

beforeAll(async () => {
  souk = await startSouk();
  shop = await openShop(souk, {
    LAMP: { amount: '20.00', stock: 3 },
    DESK: { amount: '90.00', stock: 1 },
    MUG: { amount: '5.00', stock: 1 },
    CHAIR: { amount: '40.00', stock: 1 },
  });
  const [port] = (await freePorts(1, '127.0.0.1')) as [number];
  store = memoryCache();
  other = await openFrontDoor({
    config: readConfig({ SOUK_ENV: 'test', SOUK_LOG_LEVEL: 'silent', SOUK_PORT: String(port), ...unheld }),
    log: souk.platform.log,
    kv: souk.platform.kv,
    live: souk.platform.live,
    keep: { store },
    publicKey: souk.platform.tokenKey.publicKey,
    upstreams: new Map([...souk.houses].map(([name, house]) => [name, localUpstream(house)])),
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    consoleRoot: null,
  });
  elsewhere = callersOf(`http://127.0.0.1:${port}/graphql`);
}, 120_000);
afterAll(async () => {
  elsewhere?.stop();
  await other?.close();
  await souk?.stop();
});

const page = async (caller: Caller, slug: string): Promise<Answer> => (await caller.run(PAGE, { slug })).productBySlug;
const here = (headers?: Record<string, string>): Caller => souk.caller(null, headers);
const there = (headers?: Record<string, string>): Caller => elsewhere.caller(null, headers);
/** Read until it shows what is wanted: within the live delay. */
const seen = async (read: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> => {
  for (;;) {
    const answer = await read();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const idOf = async (slug: string): Promise<string> => (await page(here(), slug)).id;

describe('a page that routers keep', () => {
  it('is asked of no subgraph again', async () => {
    const first = await page(there(), 'lamp');
    const { hits } = other.cacheCounters()!;
    expect(await page(there(), 'lamp')).toEqual(first);
    expect(other.cacheCounters()!.hits).toBe(hits + 1);
    expect(store.size().entries).toBeGreaterThan(0);
  });

  it('shows a new name at once where it was given, by every way to it, and soon at another router', async () => {
    const id = await idOf('lamp');
    await page(there(), 'lamp');
    await mutate(shop.admin, 'updateProduct', 'UpdateProductInput', { id, name: 'The candle' }, 'product { id }');
    const renamed = await page(here(), 'lamp');
    expect([renamed.name, renamed.variants[0].product.name]).toEqual(['The candle', 'The candle']);
    await seen(
      () => page(there(), 'lamp'),
      ({ name }) => name === 'The candle',
    );
  });

  it('shows a new price at once where it was set, and soon at another router', async () => {
    await page(there(), 'desk');
    await page(here(), 'desk');
    const entries = [{ variantId: shop.variant('DESK'), amount: '75.00' }];
    await mutate(shop.admin, 'setPrices', 'SetPricesInput', { entries }, 'variants { id }');
    const { price, variants } = await page(here(), 'desk');
    expect([price.amount, variants[0].price.amount]).toEqual(['75.00', '75.00']);
    await seen(
      () => page(there(), 'desk'),
      (one) => one.price.amount === '75.00',
    );
  });

  it('is gone at once when it is taken off sale, and back when it is for sale again', async () => {
    const id = await idOf('mug');
    await page(there(), 'mug');
    await mutate(shop.admin, 'unpublishProduct', 'ProductIdInput', { id }, 'product { id }');
    expect(await page(here(), 'mug')).toBeNull();
    await seen(
      () => page(there(), 'mug'),
      (one) => one === null,
    );
    await mutate(shop.admin, 'publishProduct', 'ProductIdInput', { id }, 'product { id }');
    expect((await page(here(), 'mug')).id).toBe(id);
    await seen(
      () => page(there(), 'mug'),
      (one) => one !== null,
    );
  });

  it('shows what its category and its collections are called, and which they are', async () => {
    const id = await idOf('chair');
    const { category } = await mutate(
      shop.admin,
      'createCategory',
      'CreateCategoryInput',
      { name: 'Seats' },
      'category { id }',
    );
    const { collection } = await mutate(
      shop.admin,
      'createCollection',
      'CreateCollectionInput',
      { name: 'New' },
      'collection { id }',
    );
    expect((await page(here(), 'chair')).category).toBeNull();
    await mutate(shop.admin, 'updateProduct', 'UpdateProductInput', { id, categoryId: category.id }, 'product { id }');
    await mutate(
      shop.admin,
      'setCollectionProducts',
      'SetCollectionProductsInput',
      { id: collection.id, productIds: [id] },
      'collection { id }',
    );
    expect(await page(here(), 'chair')).toMatchObject({ category: { name: 'Seats' }, collections: [{ name: 'New' }] });
    await mutate(
      shop.admin,
      'updateCategory',
      'UpdateCategoryInput',
      { id: category.id, name: 'Chairs' },
      'category { id }',
    );
    await mutate(
      shop.admin,
      'updateCollection',
      'UpdateCollectionInput',
      { id: collection.id, name: 'Newest' },
      'collection { id }',
    );
    expect(await page(here(), 'chair')).toMatchObject({
      category: { name: 'Chairs' },
      collections: [{ name: 'Newest' }],
    });
    await mutate(
      shop.admin,
      'setCollectionProducts',
      'SetCollectionProductsInput',
      { id: collection.id, productIds: [] },
      'collection { id }',
    );
    expect((await page(here(), 'chair')).collections).toEqual([]);
  });

  it('is another product’s when that takes its old address', async () => {
    const id = await idOf('lamp');
    await mutate(shop.admin, 'updateProduct', 'UpdateProductInput', { id, slug: 'candle' }, 'product { id }');
    expect((await page(here(), 'lamp')).id).toBe(id);
    const desk = await idOf('desk');
    await mutate(shop.admin, 'updateProduct', 'UpdateProductInput', { id: desk, slug: 'lamp' }, 'product { id }');
    expect((await page(here(), 'lamp')).id).toBe(desk);
    expect((await page(here(), 'desk')).id).toBe(desk);
  });

  it('ends a price when its time comes, though nobody edits anything', async () => {
    const [{ now }] = (await souk.sql<{ now: Date }>('select now()')) as [{ now: Date }];
    const validTo = new Date(now.getTime() + 4_000).toISOString();
    const entries = [{ variantId: shop.variant('MUG'), amount: '1.00', validTo }];
    await mutate(shop.admin, 'setPrices', 'SetPricesInput', { entries }, 'variants { id }');
    for (const read of [() => page(here(), 'mug'), () => page(there(), 'mug')]) {
      await seen(read, (one) => one.price.amount === '5.00');
    }
    const [after] = (await souk.sql<{ now: Date }>('select now()')) as [{ now: Date }];
    expect(after.now.getTime()).toBeGreaterThanOrEqual(Date.parse(validTo));
  });

  it('is told in each language and each channel for itself', async () => {
    const id = await idOf('mug');
    const translations = [{ locale: 'de', name: 'Der Becher' }];
    await mutate(
      shop.admin,
      'setTranslations',
      'SetTranslationsInput',
      { productId: id, translations },
      'product { id }',
    );
    const { createChannel } = await shop.admin.run(
      'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { id } errors { message } } }',
      {
        input: {
          code: 'usa',
          name: 'USA',
          currency: 'USD',
          defaultLocale: 'en',
          timeZone: 'America/New_York',
          pricesIncludeTax: false,
        },
      },
    );
    const price = { channelId: createChannel.channel.id, currency: 'USD', amount: '7.00' };
    await mutate(
      shop.admin,
      'setPrices',
      'SetPricesInput',
      { entries: [{ variantId: shop.variant('MUG'), ...price }] },
      'variants { id }',
    );
    const american = { 'souk-channel': 'usa' };
    await seen(
      () => here(american).ask('{ context { currency } }'),
      ({ data }) => data?.context.currency === 'USD',
    );
    const shown = async (headers: Record<string, string>): Promise<string[]> => {
      const { name, price: now } = await page(here(headers), 'mug');
      return [name, now.amount];
    };
    for (let round = 0; round < 2; round++) {
      expect(await shown({ 'souk-locale': 'en' })).toEqual(['The mug', '5.00']);
      expect(await shown({ 'souk-locale': 'de' })).toEqual(['Der Becher', '5.00']);
      expect(await shown({ ...american, 'souk-locale': 'en' })).toEqual(['The mug', '7.00']);
    }
  });

  it('shows staff what they alone see, and nobody else', async () => {
    const id = await idOf('chair');
    await mutate(shop.admin, 'unpublishProduct', 'ProductIdInput', { id }, 'product { id }');
    for (let round = 0; round < 2; round++) {
      expect((await page(shop.admin, 'chair')).id).toBe(id);
      expect(await page(here(), 'chair')).toBeNull();
      expect(await page(await souk.guest(), 'chair')).toBeNull();
    }
  });
});
