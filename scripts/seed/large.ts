import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../catalogue/index.ts';
import type { ImportOrderInput, ImportProductInput } from '../gql/graphql.ts';
import { BATCH_ITEMS } from '../import/batches.ts';
import { importProducts } from '../import/documents.ts';
import { accepted, type Shop } from '../import/shop.ts';
import { type Count, setStock } from '../import/stock.ts';
import { importOrders } from './documents.ts';
import { generateOrder, generateProduct, ORDERS, PRODUCTS, stockOf } from './generated.ts';
import { Meter, parallel } from './meter.ts';

const AT_ONCE = 2;

export interface LargeShop {
  readonly shop: Shop;
  readonly channels: Readonly<Record<'EUR' | 'USD', string>>;
  /** Ids of the warehouses that share the generated stock. */
  readonly warehouses: readonly string[];
  readonly catalogue: Catalogue;
  readonly onProgress: (line: string) => void;
}

/** How much is generated; the whole of `large` if unsaid. */
export interface Amounts {
  readonly products: number;
  readonly orders: number;
}

/** The generated part of a large shop. Stopped and run again, it goes on where it was. */
export async function fillLarge(
  large: LargeShop,
  amounts: Amounts = { products: PRODUCTS, orders: ORDERS },
): Promise<void> {
  await fillProducts(large, amounts.products);
  await fillOrders(large, amounts);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

/**
 * The first batch whose last item is not there. Batches are sent in order, so all before it are there but for those that
 * were under way when the last run was stopped: these are gone through again.
 */
export async function firstMissing(batches: number, isThere: (batch: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, batches];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isThere(middle)) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - AT_ONCE);
}

async function fillProducts(
  { shop, channels, warehouses, catalogue, onProgress }: LargeShop,
  total: number,
): Promise<void> {
  const { categories } = catalogue;
  const paths = new Map(
    categories.map(({ slug, name, parent }) => {
      const above = categories.find((one) => one.slug === parent);
      return [slug, [...(above ? [{ name: above.name, slug: above.slug }] : []), { name, slug }]] as const;
    }),
  );
  const generate = (index: number): ImportProductInput => generateProduct(index, channels, paths);
  const batches = Math.ceil(total / BATCH_ITEMS);
  const lastOf = (batch: number): number => Math.min(total, (batch + 1) * BATCH_ITEMS) - 1;
  const from = await firstMissing(batches, async (batch) => {
    const products = [generate(lastOf(batch))];
    const payload = (await shop.run(importProducts, { input: { products, dryRun: true } })).importProducts;
    return payload.results[0]?.outcome !== 'CREATED';
  });
  const meter = new Meter('Generated products', total, onProgress, Math.min(total, from * BATCH_ITEMS));
  const runId = randomUUID();
  await parallel(range(from, batches), AT_ONCE, async (batch) => {
    const indexes = range(batch * BATCH_ITEMS, lastOf(batch) + 1);
    const payload = await shop.run(importProducts, {
      input: { products: indexes.map(generate), errorPolicy: 'ABORT' },
    });
    const { results } = accepted(payload.importProducts, 'The generated products');
    const counts = results.flatMap(({ handle, product, errors }, at): Count[] => {
      accepted({ errors }, `The product ${handle}`);
      const ids = new Map(product!.variants.map((variant) => [variant.sku, variant.id]));
      return stockOf(indexes[at]!).flatMap(({ sku, quantity }) =>
        quantity === 0
          ? []
          : [{ variantId: ids.get(sku)!, warehouseId: warehouses[indexes[at]! % warehouses.length]!, quantity }],
      );
    });
    const counted = await setStock(shop, counts, { runId, reason: 'First stock', keep: true, fresh: true });
    const refused = counted.find((one) => one.outcome === 'refused');
    if (refused?.outcome === 'refused') throw new Error(`The stock of generated products: ${refused.problem}`);
    meter.add(indexes.length);
  });
}

async function fillOrders({ shop, onProgress }: LargeShop, { products, orders: total }: Amounts): Promise<void> {
  const generate = (index: number): ImportOrderInput => generateOrder(index, products);
  const batches = Math.ceil(total / BATCH_ITEMS);
  const lastOf = (batch: number): number => Math.min(total, (batch + 1) * BATCH_ITEMS) - 1;
  const from = await firstMissing(batches, async (batch) => {
    const orders = [generate(lastOf(batch))];
    const payload = (await shop.run(importOrders, { input: { orders, dryRun: true } })).importOrders;
    return payload.results?.[0]?.outcome === 'UNCHANGED';
  });
  const meter = new Meter('Past orders', total, onProgress, Math.min(total, from * BATCH_ITEMS));
  await parallel(range(from, batches), AT_ONCE, async (batch) => {
    const orders = range(batch * BATCH_ITEMS, lastOf(batch) + 1).map(generate);
    const payload = accepted(
      (await shop.run(importOrders, { input: { orders, dryRun: false } })).importOrders,
      'The orders',
    );
    for (const { orderNumber, errors } of payload.results ?? []) accepted({ errors }, `The order ${orderNumber}`);
    meter.add(orders.length);
  });
}
