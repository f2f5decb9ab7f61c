import { wireId } from '@souk/kit';
import { exampleOf, guest, shapeOf, staff, statementsOf } from '@souk/kit/testing';
import { decodeId, type Fact, type FactType, facts, type OrderId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orders } from './index.ts';
import { BERLIN, CHAIR, key, LAMP, type Shop, startShop, uuid } from './orders.testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const spoken = Object.keys(facts).filter((type) => type.startsWith('orders.')) as Extract<
  FactType,
  `orders.${string}`
>[];

/** Makes an order say everything an order can say. */
async function sayAll(): Promise<void> {
  const viewer = guest();
  const late = await shop.awaiting(viewer);
  const own = { idempotencyKey: key(), orderId: wireId('Order', late.id) };
  await shop.mutate(viewer, 'payOrder', 'PayOrderInput', { ...own, paymentMethod: 'pm_card_visa' });
  await shop.mutate(viewer, 'cancelOrder', 'CancelOrderInput', { ...own, idempotencyKey: key() });
  await shop.authorized(late.id, late.total);
  const { id } = await shop.paid(viewer, [[CHAIR, 3]], [[CHAIR, BERLIN, 3]]);
  const orderId = wireId('Order', id);
  const line = wireId(
    'OrderLine',
    (await shop.t.sql<{ id: string }>('select id from orders.order_items where order_id = $1', [id]))[0]!.id,
  );
  const tracking = { carrier: 'DHL', number: 'JD01', url: 'https://track.example/JD01' };
  const ship = (more: object) =>
    shop.mutate(staff('WAREHOUSE'), 'shipOrder', 'ShipOrderInput', {
      idempotencyKey: key(),
      orderId,
      warehouseId: wireId('Warehouse', BERLIN),
      tracking,
      ...more,
    });
  await ship({ lines: [{ orderLineId: line, quantity: 2 }] });
  const refund = (one: object) =>
    shop.mutate(
      staff('FINANCE'),
      'refundOrder',
      'RefundOrderInput',
      { idempotencyKey: key(), orderId, reason: 'Chipped', lines: [{ orderLineId: line, quantity: 1, ...one }] },
      'refund { id }',
    );
  const back = await refund({ restock: true });
  await refund({ cancelUnshipped: true });
  await shop.say('payments.RefundSettled', id, {
    refundId: decodeId('Refund', back.refund.id),
    amount: { amountMinor: 4999, currency: 'EUR' },
  });
  await shop.mutate(staff('WAREHOUSE'), 'deliverOrder', 'DeliverOrderInput', { idempotencyKey: key(), orderId });
}

describe('the facts of orders', () => {
  it('are said as their examples show them, each with a version of its own', async () => {
    await sayAll();
    for (const type of spoken) {
      const said: Fact[] = await shop.t.said('orders', type);
      expect(said.length, type).toBeGreaterThan(0);
      const example = shapeOf(await exampleOf(type));
      if (type === 'orders.RefundRequested') {
        // Units come back or are given up: the example shows both, one real refund of a line has one of them.
        const lists = said.map(({ data }) => data as { restock: unknown[]; release: unknown[] });
        const whole = {
          ...said[0]!,
          data: { ...(said[0]!.data as object), restock: lists[0]!.restock, release: lists[1]!.release },
        };
        expect(shapeOf(whole), type).toEqual(example);
      } else expect(shapeOf(said[0]), type).toEqual(example);
    }
    const versions = (await shop.t.said('orders')).map((fact) => `${fact.key} ${fact.version}`);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('are said again for orders under way alone', async () => {
    const viewer = guest();
    const { id: open } = await shop.awaiting(viewer);
    const before = (await shop.t.said('orders')).length;
    const again = await shop.t.house('orders').resay();
    const said = (await shop.t.said('orders')).slice(before);
    expect(said).toHaveLength(again);
    expect(said.filter((fact) => fact.key === open).map(({ type }) => type)).toEqual([
      'orders.OrderCreated',
      'orders.PaymentRequested',
    ]);
    expect(said.some(({ type }) => type === 'orders.OrderDelivered' || type === 'orders.OrderCancelled')).toBe(false);
  });
});

describe('the facts of others', () => {
  it('are heard as their examples show them, twice as once', async () => {
    for (const type of Object.keys(orders.hears) as FactType[]) {
      const fact: Fact = await exampleOf(type);
      await shop.t.house('orders').ear.deliver([fact]);
      const said = (await shop.t.said('orders')).length;
      await shop.t.house('orders').ear.deliver([fact]);
      expect((await shop.t.said('orders')).length, type).toBe(said);
    }
  });

  it('teach articles and prices by their newest version, however they come', async () => {
    const productId = uuid(0x700) as never;
    const variantId = uuid(0x701) as never;
    const product = (version: number, ids: string[], name: string) =>
      shop.t.hear('orders', 'products.ProductPublished', {
        key: productId,
        version,
        data: {
          productId,
          slug: 's',
          name,
          categoryId: null,
          archivedVariantIds: [],
          variants: ids.map((id) => ({
            variantId: id as never,
            sku: id,
            name: null,
            weightGrams: 1,
            requiresShipping: false,
            taxClass: 'standard',
            maxPerOrder: null,
            imageUrl: null,
          })),
        },
      });
    const price = (version: number, ...amounts: number[]) =>
      shop.t.hear('orders', 'products.PriceChanged', {
        key: productId,
        version,
        data: {
          productId,
          prices: amounts.map((amountMinor) => ({
            variantId,
            channelId: '01900000-0000-7000-8000-000000000001' as never,
            currency: 'EUR' as never,
            amountMinor,
            compareAtMinor: null,
            validFrom: null,
            validTo: null,
          })),
        },
      });
    const known = () =>
      shop.t.sql(
        `select v.product_name as name, v.published, p.amount::int from orders.variant_copies v left join orders.price_copies p using (variant_id)
         where v.product_id = $1 order by v.variant_id`,
        [productId],
      );
    await price(2, 200);
    await product(3, [variantId, uuid(0x702)], 'new');
    await product(1, [variantId], 'old');
    await price(1, 100);
    expect(await known()).toEqual([
      { name: 'new', published: true, amount: 200 },
      { name: 'new', published: true, amount: null },
    ]);
    await product(4, [variantId], 'newer');
    await price(5);
    expect(await known()).toEqual([
      { name: 'newer', published: true, amount: null },
      { name: 'new', published: false, amount: null },
    ]);
    await shop.t.hear('orders', 'products.ProductUnpublished', {
      key: productId,
      version: 3,
      data: { productId, variantIds: [variantId] },
    });
    expect(await known()).toMatchObject([{ published: true }, { published: false }]);
    await shop.t.hear('orders', 'products.ProductUnpublished', {
      key: productId,
      version: 6,
      data: { productId, variantIds: [variantId] },
    });
    expect(await known()).toMatchObject([{ published: false }, { published: false }]);
  });
});

describe('the SQL of a checkout', () => {
  it('is counted, BEGIN and COMMIT included', async () => {
    const counts: Record<string, number> = {};
    // The relay's own marks come whenever they come, many facts in one: they are not the operation's.
    const count = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      let result!: T;
      counts[name] = (
        await statementsOf(async () => {
          result = await work();
        })
      ).filter((text) => !text.includes('published_at')).length;
      return result;
    };
    const viewer = guest();
    const slim = 'order { id orderNumber status version total { amountMinor } lines { sku } }';
    const input = shop.input([[LAMP, 2]]);
    const { order } = await count('createOrder', () =>
      shop.mutate(viewer, 'createOrder', 'CreateOrderInput', input, slim),
    );
    await count('the same again', () => shop.mutate(viewer, 'createOrder', 'CreateOrderInput', input, slim));
    const id = decodeId('Order', order.id) as OrderId;
    const pay = { idempotencyKey: key(), orderId: order.id, paymentMethod: 'pm_card_visa' };
    await count('StockHeld', () =>
      shop.say('inventory.StockHeld', id, { parts: [], expiresAt: '2999-01-01T00:00:00.000Z' }, 1),
    );
    await count('payOrder', () => shop.mutate(viewer, 'payOrder', 'PayOrderInput', pay, 'order { status }'));
    const amount = { amountMinor: order.total.amountMinor, currency: 'EUR' };
    await count('PaymentAuthorized', () =>
      shop.say('payments.PaymentAuthorized', id, { paymentId: uuid(7), amount }, 1),
    );
    await count('StockAllocated', () =>
      shop.say('inventory.StockAllocated', id, { parts: [{ variantId: LAMP, warehouseId: BERLIN, quantity: 2 }] }, 1),
    );
    await count('PaymentCaptured', () => shop.say('payments.PaymentCaptured', id, { paymentId: uuid(7), amount }, 1));
    await count('a replay', () => shop.say('payments.PaymentCaptured', id, { paymentId: uuid(7), amount }, 1));
    await count('order', () =>
      shop.t.run(
        'orders',
        viewer,
        'query ($id: ID!) { order(id: $id) { id status lines { sku } timeline { kind } } }',
        { id: order.id },
      ),
    );
    const cart = {
      __typename: 'Cart',
      id: wireId('Cart', uuid(1)),
      lines: [{ quantity: 1, variant: { id: wireId('ProductVariant', LAMP) } }],
      shippingAddress: { country: 'DE' },
    };
    await count('Cart.quote', () =>
      shop.t.run(
        'orders',
        viewer,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Cart { quote { total { amount } } } } }',
        { r: [cart] },
      ),
    );
    await count('orders(first: 20)', () =>
      shop.t.run(
        'orders',
        staff('SUPPORT'),
        '{ orders(first: 20) { nodes { id status lines { sku } timeline { kind } } } }',
      ),
    );
    expect(counts).toEqual({
      createOrder: 7,
      'the same again': 6,
      StockHeld: 4,
      payOrder: 5,
      PaymentAuthorized: 4,
      StockAllocated: 1,
      PaymentCaptured: 4,
      'a replay': 3,
      order: 3,
      'Cart.quote': 1,
      'orders(first: 20)': 3,
    });
  });

  it('reads lists by their index, however many orders there are', async () => {
    const plan = async (where: string) => {
      const rows = await shop.t.sql<{ 'QUERY PLAN': string }>(
        `explain select * from orders.orders ${where} order by placed_at desc, id desc limit 21`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    await shop.t.sql('set enable_seqscan = off');
    for (const [where, index] of [
      ['', 'orders_placed'],
      [`where principal = 'guest:1'`, 'orders_principal'],
      [`where status = 'CONFIRMED'`, 'orders_status'],
      [`where user_id = '${uuid(1)}'`, 'orders_user'],
      [`where lower(email) = 'ada@example.com'`, 'orders_email'],
    ] as const) {
      const text = await plan(where);
      expect(text).toContain(`using ${index}`);
      expect(text).not.toContain('Sort');
    }
  });
});
