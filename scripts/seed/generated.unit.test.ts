import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/index.ts';
import { generateOrder, generateProduct, orderNumberOf, stockOf } from './generated.ts';
import { kinds } from './generated-words.ts';

const channels = { EUR: 'chan_eur', USD: 'chan_usd' };
const paths = new Map(catalogue.categories.map(({ slug, name }) => [slug, [{ name, slug }]] as const));
const products = Array.from({ length: 2_000 }, (_, index) => generateProduct(index, channels, paths));
const repeated = (values: readonly string[]): string[] => values.filter((value, at) => values.indexOf(value) !== at);

describe('generated products', () => {
  it('are the same every time', () => {
    expect(generateProduct(1234, channels, paths)).toEqual(products[1234]);
    expect(stockOf(7)).toEqual(stockOf(7));
  });

  it('have a handle and SKUs of their own, and fit into what the shop takes', () => {
    expect(repeated(products.map(({ handle }) => handle))).toEqual([]);
    expect(repeated(products.flatMap(({ variants }) => variants!.map(({ sku }) => sku!)))).toEqual([]);
    expect(
      products.filter(({ handle, name }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(handle) || name!.length > 100),
    ).toEqual([]);
    for (const { variants } of products)
      expect(repeated(variants!.map(({ optionValues }) => optionValues!.join()))).toEqual([]);
  });

  it('have about three variants each, different names and different prices', () => {
    const variants = products.flatMap((product) => product.variants!);
    expect(Math.round((variants.length / products.length) * 2) / 2).toBe(3);
    expect(new Set(products.map(({ name }) => name)).size).toBeGreaterThan(1_900);
    expect(new Set(variants.map(({ prices }) => prices![0]!.amount)).size).toBeGreaterThan(200);
  });

  it('are compared only with higher prices, and cost more than they cost the shop', () => {
    for (const { variants } of products) {
      for (const { prices, cost } of variants!) {
        for (const { amount, compareAt, currency } of prices!) {
          if (compareAt != null) expect(Number(compareAt)).toBeGreaterThan(Number(amount));
          if (currency === 'EUR') expect(Number(amount)).toBeGreaterThan(Number(cost!.amount));
        }
      }
    }
  });

  it('lie in categories of the demo', () => {
    const leaves = new Set(catalogue.categories.filter(({ parent }) => parent !== null).map(({ slug }) => slug));
    expect(kinds.filter(({ category }) => !leaves.has(category))).toEqual([]);
  });
});

describe('generated orders', () => {
  const orders = Array.from({ length: 500 }, (_, index) => generateOrder(index * 200, 2_000));

  it('name lines of products that there are, each once', () => {
    const skus = new Set(products.flatMap(({ variants }) => variants!.map(({ sku }) => sku)));
    for (const { lines } of orders) {
      expect(lines.filter(({ sku }) => !skus.has(sku))).toEqual([]);
      expect(repeated(lines.map(({ sku }) => sku))).toEqual([]);
    }
  });

  it('are numbered in the order in which they were placed, within two years', () => {
    const times = orders.map(({ placedAt }) => placedAt);
    expect([...times].sort()).toEqual(times);
    expect([times[0], orderNumberOf(0), orderNumberOf(99_999)]).toEqual([
      '2023-01-01T00:00:00.000Z',
      'H-000001',
      'H-100000',
    ]);
    expect(times.at(-1)! < '2025-01-01').toBe(true);
  });

  it('are the same every time', () => expect(generateOrder(42)).toEqual(generateOrder(42)));
});
