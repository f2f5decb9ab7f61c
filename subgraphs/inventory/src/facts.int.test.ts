import { exampleOf, shapeOf, startTestHouses, statementsOf, type TestHouses } from '@souk/kit/testing';
import type { Fact, FactType, VariantId, WarehouseId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventory } from './index.ts';
import {
  cancelled,
  confirmed,
  created,
  id,
  lawless,
  openWarehouse,
  receive,
  refunded,
  sell,
  shipped,
} from './stock.testing.ts';

describe('facts', () => {
  let t: TestHouses;
  let berlin: WarehouseId;
  let mug: VariantId;
  beforeAll(async () => {
    t = await startTestHouses([inventory]);
    berlin = await openWarehouse(t);
    [mug] = (await sell(t, 1)) as [VariantId];
    await receive(t, [{ variantId: mug, warehouseId: berlin, quantity: 50 }]);
  });
  afterAll(() => t.stop());
  const lines = () => [{ variantId: mug, quantity: 1 }];

  it('are said as their examples show them', async () => {
    const order = id<'Order'>();
    await t.hear('inventory', 'orders.OrderCreated', created(order, lines()));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(order, lines()));
    await t.hear('inventory', 'orders.OrderCancelled', cancelled(order));
    await t.hear('inventory', 'orders.OrderCreated', created(id<'Order'>(), [{ variantId: mug, quantity: 99 }]));
    const types = Object.keys({
      'inventory.StockHeld': true,
      'inventory.StockRefused': true,
      'inventory.StockReleased': true,
      'inventory.StockAllocated': true,
      'inventory.StockChanged': true,
    } satisfies { [T in FactType as T extends `inventory.${string}` ? T : never]: true }) as FactType[];
    for (const type of types) {
      const [real] = await t.said('inventory', type);
      expect(shapeOf(real)).toEqual(shapeOf(await exampleOf(type)));
    }
  });

  it.each(Object.keys(inventory.hears) as FactType[])('of other houses are heard: %s, twice as once', async (type) => {
    const example: Fact = await exampleOf(type);
    // The warehouse and the variants of an example are nobody's: goods can only move where they are.
    const text = JSON.stringify(example).replaceAll(/"warehouseId":"[^"]+"/g, `"warehouseId":"${berlin}"`);
    const fact = JSON.parse(text.replaceAll(/"variantId":"[^"]+"/g, `"variantId":"${mug}"`)) as Fact;
    await t.house('inventory').ear.deliver([fact]);
    const said = (await t.said('inventory')).length;
    await t.house('inventory').ear.deliver([fact]);
    expect((await t.said('inventory')).length).toBe(said);
    expect(await lawless(t)).toEqual([]);
  });

  it('are said again as things stand', async () => {
    const held = id<'Order'>();
    const allocated = id<'Order'>();
    await t.hear('inventory', 'orders.OrderCreated', created(held, lines()));
    await t.hear('inventory', 'orders.OrderConfirmed', confirmed(allocated, lines()));
    const before = (await t.said('inventory')).length;
    await t.house('inventory').resay();
    const again = (await t.said('inventory')).slice(before);
    const mine = again.filter((fact) => [held, allocated, mug].includes(fact.key as never));
    const latest = (await t.said('inventory'))
      .slice(0, before)
      .filter((fact) => fact.key === mug)
      .at(-1)!;
    const [stock] = mine.filter((fact) => fact.type === 'inventory.StockChanged');
    expect([stock!.version, stock!.data]).toEqual([latest.version, latest.data]);
    expect(mine.map((fact) => [fact.type, fact.key]).sort()).toEqual(
      [
        ['inventory.StockAllocated', allocated],
        ['inventory.StockChanged', mug],
        ['inventory.StockHeld', held],
      ].sort(),
    );
  });

  it('cost a fixed number of statements, however many come together', async () => {
    const orders = Array.from({ length: 20 }, () => id<'Order'>());
    const fact = (type: FactType, { key, version, data }: { key: string; version?: number; data: object }): Fact => ({
      id: id(),
      type,
      at: '2026-01-01T00:00:00.000Z',
      key,
      version: version ?? 1,
      subject: null,
      trace: null,
      data: JSON.parse(JSON.stringify(data)),
    });
    // The relay marks what it carried in its own time.
    const relay = /outbox[\s\S]*published_at/;
    const cost = async (facts: Fact[]) =>
      (await statementsOf(() => t.house('inventory').ear.deliver(facts))).filter((text) => !relay.test(text)).length;
    const [one, ...many] = orders;
    expect(await cost([fact('orders.OrderCreated', created(one!, lines()))])).toBe(4);
    expect(await cost(many.map((order) => fact('orders.OrderCreated', created(order, lines()))))).toBe(4);
    expect(await cost(orders.map((order) => fact('orders.OrderConfirmed', confirmed(order, lines()))))).toBe(4);
    expect(await cost([fact('orders.OrderShipped', shipped(one!, berlin, lines()))])).toBe(4);
    const back = refunded(one!, [{ variantId: mug, warehouseId: berlin, quantity: 1 }]);
    expect(await cost([fact('orders.RefundRequested', back)])).toBe(4);
    expect(await cost([fact('orders.RefundRequested', refunded(one!, []))])).toBe(3);
    expect(await cost(many.map((order) => fact('orders.OrderCancelled', cancelled(order))))).toBe(4);
    await t.quiet();
    expect(await statementsOf(() => t.house('inventory').runTick('expireHolds'))).toHaveLength(4);
  });
});
