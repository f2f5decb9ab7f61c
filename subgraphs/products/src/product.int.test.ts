import { anonymous, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from './index.ts';
import { importAll, merchandiser, mutate, simple } from './products.testing.ts';

describe('a product', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([products]);
  });
  afterAll(() => t.stop());

  it('is made, priced and published, and then everybody sees it', async () => {
    const made = await mutate(
      t,
      'createProduct',
      'CreateProductInput',
      {
        name: 'Crème Brûlée Set',
        description: '<h1>Hi</h1><script>alert(1)</script><p onclick="x()">For two</p>',
        options: [{ name: 'Colour', values: ['Blue'] }],
        variants: [{ optionValues: ['Blue'], prices: [{ amount: '24.50', compareAt: '30.00' }], weightGrams: 400 }],
      },
      'product { id slug sku status description price { amount } variants { id sku name } }',
    );
    expect(made.errors).toEqual([]);
    expect(made.product).toMatchObject({
      slug: 'creme-brulee-set',
      sku: 'creme-brulee-set',
      status: 'DRAFT',
      description: '<h2>Hi</h2><p>For two</p>',
      price: { amount: '24.50' },
      variants: [{ sku: 'creme-brulee-set-blue', name: 'Blue' }],
    });
    const see = `query ($id: ID!) { product(id: $id) { name price { amount } compareAtPrice { amount } inStock } productBySlug(slug: "creme-brulee-set") { id } }`;
    expect(await t.run('products', anonymous(), see, { id: made.product.id })).toEqual({
      product: null,
      productBySlug: null,
    });
    const published = await mutate(
      t,
      'publishProduct',
      'ProductIdInput',
      { id: made.product.id },
      'product { status version }',
    );
    expect(published).toEqual({ product: { status: 'PUBLISHED', version: 3 }, errors: [] });
    expect(await t.run('products', anonymous(), see, { id: made.product.id })).toEqual({
      product: {
        name: 'Crème Brûlée Set',
        price: { amount: '24.50' },
        compareAtPrice: { amount: '30.00' },
        inStock: false,
      },
      productBySlug: { id: made.product.id },
    });
    const said = await t.said('products');
    expect(said.map(({ type, version }) => [type, version])).toEqual([
      ['products.PriceChanged', 2],
      ['products.ProductPublished', 3],
    ]);
  });
  it('lists', async () => {
    await importAll(t, [simple('a-thing', '3.00'), simple('b-thing', '2.00')]);
    const { products: list } = await t.run(
      'products',
      anonymous(),
      '{ products(sort: { field: PRICE }, first: 2) { nodes { slug price { amount } media { url } inStock } count { value precision } pageInfo { hasNextPage endCursor } } }',
    );
    expect(list.nodes.map((one: { slug: string }) => one.slug)).toEqual(['b-thing', 'a-thing']);
    expect(list.count).toEqual({ value: 3, precision: 'EXACT' });
    const found = await t.run('products', anonymous(), '{ products(search: "brule") { nodes { slug } } }');
    expect(found.products.nodes).toEqual([{ slug: 'creme-brulee-set' }]);
    expect(merchandiser.roles).toEqual(['MERCHANDISER']);
  });
});
