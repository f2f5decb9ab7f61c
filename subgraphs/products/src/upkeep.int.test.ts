import { readFile } from 'node:fs/promises';
import { anonymous, startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { ProductId, VariantId } from '@souk/schema';
import { decodeId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from './index.ts';
import { importAll, type MadeProduct, merchandiser, mutate, simple, statementsOf } from './products.testing.ts';

const examples = new URL('../../../schema/events/examples/', import.meta.url);
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
};

describe('what follows from time and other houses', () => {
  let t: TestHouses;
  let lamp: MadeProduct;
  const stock = async (variantId: string, available: number, version: number, times = 1) => {
    const uuid = decodeId('ProductVariant', variantId) as VariantId;
    await t.hear(
      'products',
      'inventory.StockChanged',
      { key: uuid, version, data: { variantId: uuid, available, onHand: available, lowStock: false } },
      times,
    );
  };
  const see = async (slug: string) => {
    const { productBySlug, products: list } = await t.run(
      'products',
      anonymous(),
      `{ productBySlug(slug: "${slug}") { price { amount } inStock variants { stockQuantity price { amount } } }
         products(filter: { inStock: true }) { nodes { slug } } }`,
    );
    return { ...productBySlug, listed: list.nodes.map((one: { slug: string }) => one.slug) };
  };

  beforeAll(async () => {
    t = await startTestHouses([products]);
    [lamp] = (await importAll(t, [simple('lamp', '40.00')])) as [MadeProduct];
  });
  afterAll(() => t.stop());

  it('stock is taken once however often it is told, and an older word is ignored', async () => {
    const [variant] = lamp.variants;
    await stock(variant!.id, 7, 3, 2);
    expect(await see('lamp')).toMatchObject({ inStock: true, variants: [{ stockQuantity: 7 }], listed: ['lamp'] });
    await stock(variant!.id, 99, 2, 2);
    await stock(variant!.id, 99, 3);
    expect(await see('lamp')).toMatchObject({ variants: [{ stockQuantity: 7 }] });
    await stock(variant!.id, 0, 4);
    expect(await see('lamp')).toMatchObject({ inStock: false, variants: [{ stockQuantity: 0 }], listed: [] });
    await stock('var_01j00000000000000000000001', 5, 1);
  });
  it('an edit does not bring old stock back', async () => {
    await stock(lamp.variants[0]!.id, 5, 5);
    await mutate(
      t,
      'updateVariant',
      'UpdateVariantInput',
      { id: lamp.variants[0]!.id, barcode: '123' },
      'variant { barcode }',
    );
    expect(await see('lamp')).toMatchObject({ inStock: true, variants: [{ stockQuantity: 5 }], listed: ['lamp'] });
  });
  it('takes three statements for a change of quantity, four where stock ends or returns', async () => {
    await t.quiet();
    expect(await statementsOf(() => stock(lamp.variants[0]!.id, 4, 6))).toHaveLength(3);
    expect(await statementsOf(() => stock(lamp.variants[0]!.id, 0, 7))).toHaveLength(4);
    await stock(lamp.variants[0]!.id, 4, 8);
  });
  it('a sale starts and ends by time, in lists too, and nothing is said of it twice', async () => {
    const [{ now }] = (await t.sql('select now() as now')) as [{ now: Date }];
    const inAnHour = new Date(now.getTime() + 3_600_000);
    const entry = {
      variantId: lamp.variants[0]!.id,
      amount: '25.00',
      compareAt: '40.00',
      validFrom: inAnHour.toISOString(),
    };
    const { errors } = await mutate(t, 'setPrices', 'SetPricesInput', { entries: [entry] }, 'variants { id }');
    expect(errors).toEqual([]);
    expect(await see('lamp')).toMatchObject({ price: { amount: '40.00' } });
    const said = (await t.said('products')).length;
    await t.sql(`update products.product_prices set valid_to = now() - interval '1 second' where valid_to is not null`);
    await t.sql(
      `update products.product_prices set valid_from = now() - interval '1 second' where valid_from is not null`,
    );
    await t.sql('update products.products set prices_change_at = now()');
    const list = async () =>
      (await t.run('products', anonymous(), '{ products { nodes { price { amount } compareAtPrice { amount } } } }'))
        .products.nodes;
    expect(await list()).toEqual([{ price: { amount: '40.00' }, compareAtPrice: null }]);
    await t.house('products').runTick('refreshPrices');
    expect(await list()).toEqual([{ price: { amount: '25.00' }, compareAtPrice: { amount: '40.00' } }]);
    expect(await see('lamp')).toMatchObject({ price: { amount: '25.00' } });
    expect(await t.sql(`select price, prices_change_at from products.products`)).toEqual([
      { price: '2500', prices_change_at: null },
    ]);
    expect((await t.said('products')).length).toBe(said);
  });
  it('a renamed category is found by its new name', async () => {
    await importAll(t, [{ ...simple('shelved'), categoryPath: [{ name: 'Lighting' }] }]);
    const find = async (search: string) =>
      (await t.run('products', anonymous(), `{ products(search: "${search}") { nodes { slug } } }`)).products.nodes
        .length;
    const { categoryBySlug } = await t.run('products', anonymous(), '{ categoryBySlug(slug: "lighting") { id } }');
    await mutate(
      t,
      'updateCategory',
      'UpdateCategoryInput',
      { id: categoryBySlug.id, name: 'Luminaires' },
      'category { name }',
    );
    await t.quiet();
    expect([await find('luminaires'), await find('lighting')]).toEqual([1, 0]);
  });
  it('says its present state again: prices before products, and what is off sale as such', async () => {
    const [gone] = (await importAll(t, [simple('gone')])) as [MadeProduct];
    await mutate(t, 'unpublishProduct', 'ProductIdInput', { id: gone.id }, 'product { status }');
    const before = (await t.said('products')).length;
    expect(await t.house('products').resay()).toBe(6);
    const said = (await t.said('products')).slice(before);
    expect(said.map((one) => one.type)).toEqual([
      'products.PriceChanged',
      'products.ProductPublished',
      'products.PriceChanged',
      'products.ProductPublished',
      'products.PriceChanged',
      'products.ProductUnpublished',
    ]);
    for (let n = 0; n < 6; n += 2) expect(said[n]!.version).toBe(said[n + 1]!.version - 1);
  });
  it('every version of a product’s facts is higher than the one before', async () => {
    const byKey = Map.groupBy(
      (await t.said('products')).filter((one) => one.key === decodeId('Product', lamp.id)),
      (one) => one.key as ProductId,
    );
    const versions = [...byKey.values()][0]!.map((one) => one.version).slice(0, -2);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });
  it.each(['products.ProductPublished', 'products.ProductUnpublished', 'products.PriceChanged'] as const)(
    'says %s as the example shows it',
    async (type) => {
      const [variant] = lamp.variants;
      await mutate(
        t,
        'updateVariant',
        'UpdateVariantInput',
        { id: variant!.id, maxPerOrder: 5, weightGrams: 900 },
        'variant { id }',
      );
      const said = await t.said('products', type);
      const file = new URL(`${type}.json`, examples);
      const example = JSON.parse(await readFile(file, 'utf8'));
      expect(example.type).toBe(type);
      expect(Object.keys(example).sort()).toEqual(Object.keys(said[0]!).sort());
      expect(Object.keys(example.data).sort()).toEqual(Object.keys(said[0]!.data).sort());
      const list = (one: { data: object }) =>
        (Object.values(one.data).find((value) => Array.isArray(value) && typeof value[0] === 'object') ?? [{}])[0];
      expect(Object.keys(shapeOf(list(example)) as object)).toEqual(Object.keys(shapeOf(list(said[0]!)) as object));
    },
  );
  it('is for staff alone to see what is not for sale, by every path', async () => {
    const [draft] = (await importAll(t, [
      {
        ...simple('secret', '1'),
        published: false,
        categoryPath: [{ name: 'Luminaires', slug: 'lighting' }],
        collections: [{ slug: 'c' }],
      },
    ])) as [MadeProduct];
    const paths = `query ($id: ID!, $variant: ID!) { product(id: $id) { slug } productBySlug(slug: "secret") { slug } variant(id: $variant) { sku } variantBySku(sku: "SECRET") { sku }
      products(search: "secret") { nodes { slug } } categoryBySlug(slug: "lighting") { products { nodes { slug } } } collectionBySlug(slug: "c") { products { nodes { slug } } } }`;
    const variables = { id: draft.id, variant: draft.variants[0]!.id };
    expect(await t.run('products', anonymous(), paths, variables)).toEqual({
      product: null,
      productBySlug: null,
      variant: null,
      variantBySku: null,
      products: { nodes: [] },
      categoryBySlug: { products: { nodes: [{ slug: 'shelved' }] } },
      collectionBySlug: { products: { nodes: [] } },
    });
    expect(await t.run('products', merchandiser, paths, variables)).toMatchObject({
      product: { slug: 'secret' },
      variant: { sku: 'SECRET' },
    });
    const entities = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Product { slug } ... on ProductVariant { sku availableForSale productName product { slug } } } }`;
    const refs = [
      { __typename: 'Product', id: draft.id },
      { __typename: 'ProductVariant', id: draft.variants[0]!.id },
    ];
    expect((await t.run('products', anonymous(), entities, { refs }))._entities).toEqual([null, null]);
    expect(await t.platform.peers.see(anonymous(), [draft.id, lamp.id])).toEqual([null, 'Product']);
  });
  it('goes on showing a variant of a product that was for sale once', async () => {
    const gone = (await t.run('products', merchandiser, '{ productBySlug(slug: "gone") { variants { id } } }'))
      .productBySlug;
    const entities = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on ProductVariant { name sku availableForSale productName product { slug } } } }`;
    const refs = [{ __typename: 'ProductVariant', id: gone.variants[0].id }];
    expect((await t.run('products', anonymous(), entities, { refs }))._entities).toEqual([
      { name: 'gone', sku: 'GONE', availableForSale: false, productName: 'gone', product: null },
    ]);
  });
});
