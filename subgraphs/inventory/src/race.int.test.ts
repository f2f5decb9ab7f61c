import { randomUUID } from 'node:crypto';
import { startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { Fact, FactType, OrderId, VariantId, WarehouseId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventory } from './index.ts';
import { cancelled, confirmed, created, id, lawless, level, openWarehouse, receive, sell } from './stock.testing.ts';

const ORDERS = 500;
const STOCK = 50;
const PAST = '2020-01-01T00:00:00.000Z';

/** Numbers that look drawn at random and are the same for the same seed. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('stock under a rush', () => {
  let t: TestHouses;
  let berlin: WarehouseId;
  let paris: WarehouseId;
  beforeAll(async () => {
    t = await startTestHouses([inventory], { env: { SOUK_POSTGRES_POOL: '24' } });
    berlin = await openWarehouse(t, 1);
    paris = await openWarehouse(t, 2);
  });
  afterAll(() => t.stop());

  const fact = (type: FactType, { key, version = 1, data }: { key: string; version?: number; data: object }): Fact => ({
    id: randomUUID(),
    type,
    at: '2026-01-01T00:00:00.000Z',
    key,
    version,
    subject: null,
    trace: null,
    data: JSON.parse(JSON.stringify(data)),
  });
  const deliver = (facts: readonly Fact[]) => t.house('inventory').ear.deliver(facts);
  /** Every second order names the two variants the other way round. */
  const linesOf = (index: number, [a, b]: readonly VariantId[]) =>
    (index % 2 === 0 ? [a!, b!] : [b!, a!]).map((variantId) => ({ variantId, quantity: 1 }));
  const count = async (orders: readonly OrderId[], type: FactType) =>
    (await t.said('inventory', type)).filter((one) => orders.includes(one.key as OrderId)).length;

  async function stocked(): Promise<VariantId[]> {
    const variants = await sell(t, 2);
    await receive(
      t,
      variants.flatMap((variantId) => [
        { variantId, warehouseId: berlin, quantity: 30 },
        { variantId, warehouseId: paris, quantity: STOCK - 30 },
      ]),
    );
    return variants;
  }

  it.each([
    ['each in a transaction of its own', 1],
    ['in batches', 37],
  ])('holds exactly what there is for 500 orders at once, %s', async (_how, size) => {
    const variants = await stocked();
    const orders = Array.from({ length: ORDERS }, () => id<'Order'>());
    const facts = orders.map((order, index) => fact('orders.OrderCreated', created(order, linesOf(index, variants))));
    const batches = Array.from({ length: Math.ceil(ORDERS / size) }, (_, n) => facts.slice(n * size, (n + 1) * size));
    await Promise.all(batches.map(deliver));
    expect(await count(orders, 'inventory.StockHeld')).toBe(STOCK);
    expect(await count(orders, 'inventory.StockRefused')).toBe(ORDERS - STOCK);
    for (const variantId of variants) {
      expect(await level(t, variantId, berlin)).toEqual([30, 30, 0]);
      expect(await level(t, variantId, paris)).toEqual([20, 20, 0]);
    }
    const refusals = (await t.said('inventory', 'inventory.StockRefused')).filter((one) =>
      orders.includes(one.data.orderId),
    );
    for (const { data } of refusals) {
      expect(data.missing).toEqual(variants.map((variantId) => ({ variantId, requested: 1, available: 0 })));
    }
    expect(await lawless(t)).toEqual([]);
  });

  it('says each variant’s totals in versions without a gap, the last of them true', async () => {
    const [variantId] = (await stocked()) as [VariantId];
    await Promise.all(
      Array.from({ length: 60 }, () =>
        deliver([fact('orders.OrderCreated', created(id<'Order'>(), [{ variantId, quantity: 1 }]))]),
      ),
    );
    const said = (await t.said('inventory', 'inventory.StockChanged')).filter((one) => one.key === variantId);
    const versions = said.map((one) => one.version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 1 + STOCK }, (_, n) => n + 1));
    const last = said.find((one) => one.version === 1 + STOCK)!;
    expect(last.data).toEqual({ variantId, available: 0, onHand: STOCK, lowStock: false });
  });

  it('keeps its laws while confirmations, cancellations and expiry race for the same orders', async () => {
    const random = drawn(20_260_101);
    const variants = await stocked();
    const orders = Array.from({ length: 150 }, () => id<'Order'>());
    const facts = orders.flatMap((order, index) => {
      const lines = linesOf(index, variants);
      return [
        fact('orders.OrderCreated', created(order, lines, index % 3 === 0 ? PAST : undefined)),
        fact('orders.OrderConfirmed', confirmed(order, lines)),
        ...(index % 2 === 0 ? [fact('orders.OrderCancelled', cancelled(order))] : []),
      ];
    });
    const shuffled = [...facts, ...facts]
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
    const work = shuffled.map((one) => () => deliver([one]).then(() => undefined));
    for (let at = 20; at < work.length; at += 20)
      work.splice(at, 0, async () => void (await t.house('inventory').runTick('expireHolds')));
    const lanes = Array.from({ length: 8 }, async () => {
      for (let next = work.shift(); next; next = work.shift()) await next();
    });
    await Promise.all(lanes);
    expect(await lawless(t)).toEqual([]);
    const rows = await t.sql<{ order_id: OrderId; status: string }>(
      'select order_id, status from inventory.reservations where order_id = any($1)',
      [orders],
    );
    const byOrder = new Map(rows.map((row) => [row.order_id, row.status]));
    const kept = orders.filter((_, index) => index % 2 === 1);
    expect(orders.filter((_, index) => index % 2 === 0).map((order) => byOrder.get(order))).toEqual(
      Array(75).fill('CANCELLED'),
    );
    // Cancelled orders come and go meanwhile, so how many of the others find stock is chance; none is left half way.
    for (const order of kept) expect(['ALLOCATED', 'REFUSED']).toContain(byOrder.get(order));
    expect(await t.sql('select 1 from inventory.dead_letters')).toEqual([]);
  });

  it('lets two shoppers race for the last unit: one gets it', async () => {
    for (let round = 0; round < 10; round++) {
      const [variantId] = (await sell(t, 1)) as [VariantId];
      await receive(t, [{ variantId, warehouseId: berlin, quantity: 1 }]);
      const orders = [id<'Order'>(), id<'Order'>()];
      await Promise.all(
        orders.map((order) => deliver([fact('orders.OrderCreated', created(order, [{ variantId, quantity: 1 }]))])),
      );
      expect(await count(orders, 'inventory.StockHeld')).toBe(1);
      expect(await level(t, variantId, berlin)).toEqual([1, 1, 0]);
    }
  });

  it('never made PostgreSQL break a deadlock', async () => {
    const [row] = await t.sql<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    );
    expect(row!.deadlocks).toBe(0);
  });
});
