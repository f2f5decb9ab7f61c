import { startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { OrderId, VariantId, WarehouseId } from '@souk/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inventory } from './index.ts';
import {
  cancelled,
  confirmed,
  created,
  id,
  lawless,
  level,
  openWarehouse,
  receive,
  refunded,
  sell,
  shipped,
} from './stock.testing.ts';

describe('an order’s stock', () => {
  let t: TestHouses;
  let berlin: WarehouseId;
  let paris: WarehouseId;
  let mug: VariantId;
  let plate: VariantId;
  let order: OrderId;
  beforeAll(async () => {
    t = await startTestHouses([inventory]);
    berlin = await openWarehouse(t, 1);
    paris = await openWarehouse(t, 2, 'FR');
  });
  afterAll(() => t.stop());
  afterEach(async () => expect(await lawless(t)).toEqual([]));

  /** A fresh mug (5 in Berlin, 3 in Paris), a fresh plate (4 in Paris) and an order that nobody has heard of. */
  async function stocked(): Promise<void> {
    [mug, plate] = (await sell(t, 2)) as [VariantId, VariantId];
    await receive(t, [
      { variantId: mug, warehouseId: berlin, quantity: 5 },
      { variantId: mug, warehouseId: paris, quantity: 3 },
      { variantId: plate, warehouseId: paris, quantity: 4 },
    ]);
    order = id<'Order'>();
  }
  const saidOf = async (key: string) =>
    (await t.said('inventory'))
      .filter((fact) => fact.key === key)
      .map(({ type, version, data }) => ({ type, version, data }));
  const status = async () =>
    (await t.sql<{ status: string }>('select status from inventory.reservations where order_id = $1', [order]))[0]
      ?.status;

  it('is held in the first warehouse that has all of it, once, and says each total once', async () => {
    await stocked();
    await t.hear('inventory', 'orders.OrderCreated', created(order, [{ variantId: mug, quantity: 2 }]), 2);
    expect(await level(t, mug, berlin)).toEqual([5, 2, 0]);
    expect(await saidOf(order)).toEqual([
      {
        type: 'inventory.StockHeld',
        version: 1,
        data: {
          orderId: order,
          parts: [{ variantId: mug, warehouseId: berlin, quantity: 2 }],
          expiresAt: '2999-01-01T00:05:00.000Z',
        },
      },
    ]);
    expect(await saidOf(mug)).toEqual([
      {
        type: 'inventory.StockChanged',
        version: 1,
        data: { variantId: mug, available: 8, onHand: 8, lowStock: false },
      },
      {
        type: 'inventory.StockChanged',
        version: 2,
        data: { variantId: mug, available: 6, onHand: 8, lowStock: false },
      },
    ]);
  });
  it('is held once even where the fact is said again under another id', async () => {
    await stocked();
    for (let again = 0; again < 3; again++) {
      await t.hear('inventory', 'orders.OrderCreated', created(order, [{ variantId: mug, quantity: 2 }]));
    }
    expect(await level(t, mug, berlin)).toEqual([5, 2, 0]);
    expect((await saidOf(order)).length).toBe(1);
  });
  it('comes from one warehouse where one has everything, else from several by priority', async () => {
    await stocked();
    await t.hear(
      'inventory',
      'orders.OrderCreated',
      created(order, [
        { variantId: mug, quantity: 3 },
        { variantId: plate, quantity: 1 },
      ]),
    );
    expect([await level(t, mug, berlin), await level(t, mug, paris), await level(t, plate, paris)]).toEqual([
      [5, 0, 0],
      [3, 3, 0],
      [4, 1, 0],
    ]);
    order = id<'Order'>();
    await stocked();
    await t.hear('inventory', 'orders.OrderCreated', created(order, [{ variantId: mug, quantity: 7 }]));
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [5, 5, 0],
      [3, 2, 0],
    ]);
  });
  it('is refused as a whole where a line is short, with what is missing', async () => {
    await stocked();
    const unknown = id<'ProductVariant'>();
    await t.hear(
      'inventory',
      'orders.OrderCreated',
      created(order, [
        { variantId: mug, quantity: 2 },
        { variantId: plate, quantity: 5 },
        { variantId: unknown, quantity: 1 },
      ]),
      2,
    );
    const missing = [
      { variantId: plate, requested: 5, available: 4 },
      { variantId: unknown, requested: 1, available: 0 },
    ].sort((a, b) => (a.variantId < b.variantId ? -1 : 1));
    expect(await saidOf(order)).toEqual([
      { type: 'inventory.StockRefused', version: 1, data: { orderId: order, missing } },
    ]);
    expect([await level(t, mug, berlin), await level(t, plate, paris)]).toEqual([
      [5, 0, 0],
      [4, 0, 0],
    ]);
  });
  it('is allocated on confirmation without changing what can be sold', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 2 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines), 2);
    expect(await level(t, mug, berlin)).toEqual([5, 0, 2]);
    expect((await saidOf(order)).at(-1)).toEqual({
      type: 'inventory.StockAllocated',
      version: 2,
      data: { orderId: order, parts: [{ variantId: mug, warehouseId: berlin, quantity: 2 }] },
    });
    expect((await saidOf(mug)).length).toBe(2);
  });
  it('is given back on cancellation, whether held or allocated, once', async () => {
    for (const confirm of [false, true]) {
      await stocked();
      const lines = [{ variantId: mug, quantity: 6 }];
      await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
      if (confirm) await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
      await t.hear('inventory', 'orders.OrderCancelled', cancelled(order), 2);
      await t.hear('inventory', 'orders.OrderCancelled', cancelled(order));
      expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
        [5, 0, 0],
        [3, 0, 0],
      ]);
      expect((await saidOf(order)).at(-1)?.data).toEqual({ orderId: order, reason: 'CANCELLED' });
      expect((await saidOf(order)).filter((fact) => fact.type === 'inventory.StockReleased').length).toBe(1);
    }
  });
  it('is never held for an order that was cancelled first', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 2 }];
    await t.hear('inventory', 'orders.OrderCancelled', cancelled(order));
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    expect(await level(t, mug, berlin)).toEqual([5, 0, 0]);
    expect(await saidOf(order)).toEqual([]);
  });
  it('is allocated straight away where the confirmation overtakes the order', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 2 }];
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    expect(await level(t, mug, berlin)).toEqual([5, 0, 2]);
    expect((await saidOf(order)).map((fact) => fact.type)).toEqual(['inventory.StockAllocated']);
  });
  it('expires by the tick after its time and the grace, and is looked for again on a late confirmation', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 2 }];
    const minutesAgo = (n: number) => `2020-01-01T00:${String(60 - n).padStart(2, '0')}:00.000Z`;
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines, minutesAgo(10)));
    const waiting = id<'Order'>();
    await t.hear('inventory', 'orders.OrderCreated', created(waiting, lines));
    await t.house('inventory').runTick('expireHolds');
    await t.house('inventory').runTick('expireHolds');
    expect(await status()).toBe('EXPIRED');
    expect(await level(t, mug, berlin)).toEqual([5, 2, 0]);
    expect((await saidOf(order)).at(-1)?.data).toEqual({ orderId: order, reason: 'EXPIRED' });
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines), 2);
    expect(await level(t, mug, berlin)).toEqual([5, 2, 2]);
    expect((await saidOf(order)).map((fact) => [fact.type, fact.version])).toEqual([
      ['inventory.StockHeld', 1],
      ['inventory.StockReleased', 2],
      ['inventory.StockAllocated', 3],
    ]);
  });
  it('is refused on a late confirmation where others bought it meanwhile', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 8 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines, '2020-01-01T00:00:00.000Z'));
    await t.house('inventory').runTick('expireHolds');
    await t.hear('inventory', 'orders.OrderCreated', created(id<'Order'>(), [{ variantId: mug, quantity: 1 }]));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines), 2);
    expect((await saidOf(order)).at(-1)).toEqual({
      type: 'inventory.StockRefused',
      version: 3,
      data: { orderId: order, missing: [{ variantId: mug, requested: 8, available: 7 }] },
    });
    await t.hear('inventory', 'orders.OrderCancelled', cancelled(order));
    expect(await level(t, mug, berlin)).toEqual([5, 1, 0]);
  });
  it('leaves the books with each parcel, per warehouse and in parts', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 7 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, berlin, [{ variantId: mug, quantity: 3 }]), 2);
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [2, 0, 2],
      [3, 0, 2],
    ]);
    expect(await status()).toBe('ALLOCATED');
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, berlin, [{ variantId: mug, quantity: 2 }]));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, paris, [{ variantId: mug, quantity: 2 }]));
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(await status()).toBe('SHIPPED');
    expect((await saidOf(mug)).at(-1)?.data).toEqual({ variantId: mug, available: 1, onHand: 1, lowStock: false });
  });
  it('counts one parcel once, however often it is told', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 4 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    const parcel = shipped(order, berlin, [{ variantId: mug, quantity: 1 }]);
    for (let again = 0; again < 3; again++) await t.hear('inventory', 'orders.OrderShipped', parcel);
    expect(await level(t, mug, berlin)).toEqual([4, 0, 3]);
  });
  it('gives back what another warehouse shipped instead', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 2 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, paris, lines));
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [5, 0, 0],
      [1, 0, 0],
    ]);
    expect(await status()).toBe('SHIPPED');
  });
  it('corrects the books where more left than they had, without touching what others were promised', async () => {
    await stocked();
    await t.hear('inventory', 'orders.OrderCreated', created(id<'Order'>(), [{ variantId: plate, quantity: 3 }]));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, paris, [{ variantId: plate, quantity: 2 }]));
    expect(await level(t, plate, paris)).toEqual([3, 3, 0]);
    expect(
      await t.sql('select kind, quantity from inventory.movements where order_id = $1 order by id', [order]),
    ).toEqual([
      { kind: 'CORRECTION', quantity: 1 },
      { kind: 'SHIPMENT', quantity: -2 },
    ]);
  });
  it('keeps what was shipped when the rest is cancelled, and takes returns back once', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 4 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, berlin, [{ variantId: mug, quantity: 3 }]));
    await t.hear('inventory', 'orders.OrderCancelled', cancelled(order));
    expect(await level(t, mug, berlin)).toEqual([2, 0, 0]);
    const back = refunded(order, [{ variantId: mug, warehouseId: paris, quantity: 2 }]);
    for (let again = 0; again < 3; again++) await t.hear('inventory', 'orders.RefundRequested', back, 2);
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [2, 0, 0],
      [5, 0, 0],
    ]);
  });
  it('lets go of what a refund says will not be shipped, and never of more', async () => {
    await stocked();
    const lines = [{ variantId: mug, quantity: 4 }];
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines));
    await t.hear('inventory', 'orders.OrderShipped', shipped(order, berlin, [{ variantId: mug, quantity: 1 }]));
    const release = refunded(order, [], [{ variantId: mug, warehouseId: berlin, quantity: 2 }]);
    await t.hear('inventory', 'orders.RefundRequested', release, 2);
    expect(await level(t, mug, berlin)).toEqual([4, 0, 1]);
    await t.hear(
      'inventory',
      'orders.RefundRequested',
      refunded(order, [], [{ variantId: mug, warehouseId: paris, quantity: 9 }]),
    );
    expect(await level(t, mug, berlin)).toEqual([4, 0, 0]);
    expect(await status()).toBe('SHIPPED');
  });
  it('takes a return into a warehouse that never had the variant', async () => {
    await stocked();
    await t.hear(
      'inventory',
      'orders.RefundRequested',
      refunded(order, [{ variantId: plate, warehouseId: berlin, quantity: 2 }]),
    );
    expect(await level(t, plate, berlin)).toEqual([2, 0, 0]);
    expect((await saidOf(plate)).at(-1)?.data).toEqual({ variantId: plate, available: 6, onHand: 6, lowStock: false });
  });
});
