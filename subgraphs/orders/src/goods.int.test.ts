import { wireId } from '@souk/kit';
import { customer, guest, staff } from '@souk/kit/testing';
import type { OrderId, VariantId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BERLIN, CHAIR, EUR, HAMBURG, key, LAMP, type Shop, startShop, uuid } from './orders.testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const warehouse = (id: string) => wireId('Warehouse', id);
const tracking = { carrier: 'DHL', number: '00340434', url: 'https://dhl.example/00340434' };
const lineId = async (id: OrderId, variant: VariantId) =>
  wireId(
    'OrderLine',
    (
      await shop.t.sql<{ id: string }>(
        'select id from orders.order_items where order_id = $1 and product_variant_id = $2',
        [id, variant],
      )
    )[0]!.id,
  );
const ship = (input: object, as = staff('WAREHOUSE')) =>
  shop.mutate(
    as,
    'shipOrder',
    'ShipOrderInput',
    { idempotencyKey: key(), ...input },
    `fulfillment { id status tracking { carrier number url } lines { quantity line { sku } } } preview { sku quantity } order { id status version }`,
  );
const refund = (input: object, as = staff('FINANCE')) =>
  shop.mutate(
    as,
    'refundOrder',
    'RefundOrderInput',
    { idempotencyKey: key(), ...input },
    `refund { id status amount { amountMinor } lines { quantity amount { amountMinor } restocked } } preview { amount { amountMinor } lines { quantity amount { amountMinor } } } order { id status refunds { id } }`,
  );
const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);
const twoPlaces = () =>
  shop.paid(
    guest(),
    [
      [CHAIR, 3],
      [LAMP, 1],
    ],
    [
      [CHAIR, BERLIN, 2],
      [CHAIR, HAMBURG, 1],
      [LAMP, BERLIN, 1],
    ],
  );

describe('shipping', () => {
  it('goes in parts from two warehouses, then is delivered', async () => {
    const { id } = await twoPlaces();
    const orderId = wireId('Order', id);
    const preview = await ship({ orderId, warehouseId: warehouse(BERLIN), dryRun: true });
    expect(preview).toMatchObject({
      fulfillment: null,
      preview: [
        { sku: 'CHAIR', quantity: 2 },
        { sku: 'LAMP', quantity: 1 },
      ],
      errors: [],
    });
    expect(await shop.saidOf(id)).not.toContain('OrderShipped');
    const first = await ship({ orderId, warehouseId: warehouse(BERLIN), tracking });
    expect(first).toMatchObject({
      fulfillment: { status: 'SHIPPED', tracking, lines: [{ quantity: 2 }, { quantity: 1 }] },
      order: { status: 'PARTIALLY_SHIPPED' },
    });
    const [said] = (await shop.t.said('orders', 'orders.OrderShipped')).filter((fact) => fact.key === id);
    expect(said!.data).toMatchObject({
      warehouseId: BERLIN,
      lines: [
        { variantId: CHAIR, quantity: 2 },
        { variantId: LAMP, quantity: 1 },
      ],
      tracking,
    });
    expect(codes(await ship({ orderId, warehouseId: warehouse(BERLIN) }))).toEqual(['NOT_ALLOCATED']);
    const deliver = (more = {}) =>
      shop.mutate(staff('WAREHOUSE'), 'deliverOrder', 'DeliverOrderInput', { idempotencyKey: key(), orderId, ...more });
    expect((await deliver()).order.status).toBe('PARTIALLY_SHIPPED');
    expect(codes(await deliver())).toEqual(['NOT_DELIVERABLE']);
    expect((await ship({ orderId, warehouseId: warehouse(HAMBURG) })).order.status).toBe('SHIPPED');
    expect((await deliver()).order.status).toBe('DELIVERED');
    expect(await shop.saidOf(id)).toEqual([
      'OrderCreated',
      'PaymentRequested',
      'OrderConfirmed',
      'OrderShipped',
      'OrderShipped',
      'OrderDelivered',
    ]);
  });

  it('packs first, ships the parcel later, and takes a parcel apart again', async () => {
    const { id } = await twoPlaces();
    const orderId = wireId('Order', id);
    const fulfil = (input: object) =>
      shop.mutate(
        staff('WAREHOUSE'),
        'fulfilOrder',
        'FulfilOrderInput',
        { idempotencyKey: key(), orderId, ...input },
        'fulfillment { id status }',
      );
    const chair = await lineId(id, CHAIR);
    const one = await fulfil({ warehouseId: warehouse(BERLIN), lines: [{ orderLineId: chair, quantity: 1 }] });
    const two = await fulfil({ warehouseId: warehouse(BERLIN), lines: [{ orderLineId: chair, quantity: 1 }] });
    expect(
      codes(await fulfil({ warehouseId: warehouse(BERLIN), lines: [{ orderLineId: chair, quantity: 1 }] })),
    ).toEqual(['NOT_ALLOCATED']);
    const unpack = { idempotencyKey: key(), fulfillmentId: two.fulfillment.id };
    expect(
      (await shop.mutate(staff('WAREHOUSE'), 'cancelFulfillment', 'CancelFulfillmentInput', unpack)).errors,
    ).toEqual([]);
    expect(codes(await ship({ fulfillmentId: two.fulfillment.id }))).toEqual(['NOT_SHIPPABLE_NOW']);
    expect((await ship({ fulfillmentId: one.fulfillment.id, tracking })).fulfillment).toMatchObject({
      id: one.fulfillment.id,
      status: 'SHIPPED',
    });
    expect(codes(await ship({ fulfillmentId: one.fulfillment.id }))).toEqual(['NOT_SHIPPABLE_NOW']);
    expect(
      await shop.t.sql(
        'select packed_quantity, shipped_quantity from orders.order_items where order_id = $1 order by position',
        [id],
      ),
    ).toEqual([
      { packed_quantity: 0, shipped_quantity: 1 },
      { packed_quantity: 0, shipped_quantity: 0 },
    ]);
  });

  it('unpacks what was packed when the order is cancelled', async () => {
    const { id } = await twoPlaces();
    const orderId = wireId('Order', id);
    await shop.mutate(staff('WAREHOUSE'), 'fulfilOrder', 'FulfilOrderInput', {
      idempotencyKey: key(),
      orderId,
      warehouseId: warehouse(BERLIN),
    });
    await shop.mutate(staff('SUPPORT'), 'cancelOrder', 'CancelOrderInput', { idempotencyKey: key(), orderId });
    expect(await shop.t.sql('select status from orders.fulfillments where order_id = $1', [id])).toEqual([
      { status: 'CANCELLED' },
    ]);
    expect(
      await shop.t.sql('select 1 from orders.order_items where order_id = $1 and packed_quantity > 0', [id]),
    ).toEqual([]);
  });

  it('lets nothing leave twice however many ask at once', async () => {
    const { id } = await twoPlaces();
    const input = { orderId: wireId('Order', id), warehouseId: warehouse(BERLIN) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => ship(input)));
    expect(answers.filter(({ fulfillment }) => fulfillment)).toHaveLength(1);
    expect((await shop.saidOf(id)).filter((type) => type === 'OrderShipped')).toHaveLength(1);
  });

  it('lets nothing leave before the money is there', async () => {
    const { id } = await shop.confirmed(guest());
    const input = { orderId: wireId('Order', id), warehouseId: warehouse(BERLIN) };
    expect(codes(await ship(input))).toEqual(['NOT_PAID']);
    const { id: open } = await shop.awaiting(guest());
    expect(codes(await ship({ ...input, orderId: wireId('Order', open) }))).toEqual(['NOT_SHIPPABLE_NOW']);
  });

  it.each([
    ['an unknown order', { orderId: wireId('Order', uuid(9)) }, 'NOT_FOUND'],
    ['an unknown warehouse', { warehouseId: warehouse(uuid(9)) }, 'NOT_ALLOCATED'],
    ['a warehouse that is none', { warehouseId: 'x' }, 'NOT_FOUND'],
    ['no lines', { lines: [] }, 'INVALID_QUANTITY'],
    ['a foreign line', { lines: [{ orderLineId: wireId('OrderLine', uuid(9)), quantity: 1 }] }, 'NOT_FOUND'],
    ['a tracking page that runs script', { tracking: { ...tracking, url: 'javascript:alert(1)' } }, 'INVALID_TEXT'],
    ['a carrier without a name', { tracking: { ...tracking, carrier: '' } }, 'INVALID_TEXT'],
    ['an unknown parcel', { fulfillmentId: wireId('Fulfillment', uuid(9)) }, 'NOT_FOUND'],
  ])('refuses %s', async (_what, more, code) => {
    const { id } = await twoPlaces();
    expect(codes(await ship({ orderId: wireId('Order', id), warehouseId: warehouse(BERLIN), ...more }))).toEqual([
      code,
    ]);
  });

  it.each([0, -1, 4])('refuses %d of three', async (quantity) => {
    const { id } = await twoPlaces();
    const lines = [{ orderLineId: await lineId(id, CHAIR), quantity }];
    expect(codes(await ship({ orderId: wireId('Order', id), warehouseId: warehouse(BERLIN), lines }))).toEqual([
      'INVALID_QUANTITY',
    ]);
  });
});

describe('refunds', () => {
  const shipped = async () => {
    const { id, total } = await twoPlaces();
    const orderId = wireId('Order', id);
    await ship({ orderId, warehouseId: warehouse(BERLIN) });
    return { id, orderId, total, chair: await lineId(id, CHAIR) };
  };

  it('credits lines at what they were sold for and asks for the money and the goods', async () => {
    const { id, orderId, chair } = await shipped();
    const lines = [{ orderLineId: chair, quantity: 1, restock: true }];
    const dry = await refund({ orderId, lines, dryRun: true });
    expect(dry).toMatchObject({
      refund: null,
      preview: { amount: { amountMinor: 4999 }, lines: [{ quantity: 1 }] },
      errors: [],
    });
    expect(await shop.saidOf(id)).not.toContain('RefundRequested');
    const done = await refund({ orderId, lines, reason: 'Wobbles' });
    expect(done).toMatchObject({
      refund: { status: 'REQUESTED', amount: { amountMinor: 4999 }, lines: [{ quantity: 1, restocked: true }] },
    });
    const [said] = (await shop.t.said('orders', 'orders.RefundRequested')).filter((fact) => fact.key === id);
    expect(said!.data).toMatchObject({
      amount: { amountMinor: 4999, currency: EUR },
      reason: 'Wobbles',
      restock: [{ variantId: CHAIR, warehouseId: BERLIN, quantity: 1 }],
      release: [],
    });
    const { refundId } = said!.data;
    const failed = { refundId, amount: { amountMinor: 4999, currency: 'EUR' } };
    await shop.say('payments.RefundFailed', id, { ...failed, message: 'insufficient balance' });
    expect(await shop.read(guest(), id)).toBeNull();
    const retry = { refundId: wireId('Refund', refundId), idempotencyKey: key() };
    const retried = (more: object) =>
      shop.mutate(
        staff('FINANCE'),
        'retryRefund',
        'RetryRefundInput',
        { ...retry, ...more },
        'refund { id status lines { quantity } }',
      );
    const { refund: next } = await retried({});
    expect(next).toMatchObject({ status: 'REQUESTED', lines: [{ quantity: 1 }] });
    expect(codes(await retried({ idempotencyKey: key() }))).toEqual(['NOT_RETRYABLE']);
    const asked = (await shop.t.said('orders', 'orders.RefundRequested')).filter((fact) => fact.key === id);
    expect(
      asked.map(({ data }) => [wireId('Refund', data.refundId), data.amount.amountMinor, data.restock.length]),
    ).toEqual([
      [wireId('Refund', refundId), 4999, 1],
      [next.id, 4999, 0],
    ]);
    await shop.say('payments.RefundSettled', id, { ...failed, refundId: asked[1]!.data.refundId });
    expect(await shop.t.sql('select status from orders.credits where order_id = $1 order by id', [id])).toEqual([
      { status: 'RETRIED' },
      { status: 'SETTLED' },
    ]);
    expect(await shop.t.sql('select credited::int, refunded::int from orders.orders where id = $1', [id])).toEqual([
      { credited: 4999, refunded: 4999 },
    ]);
    expect((await shop.saidOf(id)).filter((type) => type === 'OrderRefunded')).toHaveLength(1);
  });

  it('gives up the allocation of units that will not be shipped, and then all of it has left', async () => {
    const { id, orderId, chair } = await shipped();
    const done = await refund({ orderId, lines: [{ orderLineId: chair, quantity: 1, cancelUnshipped: true }] });
    expect(done).toMatchObject({ order: { status: 'SHIPPED' } });
    const [said] = (await shop.t.said('orders', 'orders.RefundRequested')).filter((fact) => fact.key === id);
    expect(said!.data.release).toEqual([{ variantId: CHAIR, warehouseId: HAMBURG, quantity: 1 }]);
    expect(codes(await ship({ orderId, warehouseId: warehouse(HAMBURG) }))).toEqual(['NOT_SHIPPABLE_NOW']);
  });

  it('never credits more than was captured, however many ask at once', async () => {
    const { id, orderId, total } = await shipped();
    const half = { amount: (Math.ceil(total / 2) / 100).toFixed(2), currency: 'EUR' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund({ orderId, amount: half })));
    expect(answers.filter((answer) => answer.refund)).toHaveLength(total % 2 === 0 ? 2 : 1);
    expect(new Set(answers.flatMap(codes))).toEqual(new Set(['EXCEEDS_CAPTURED']));
    const [sums] = await shop.t.sql<{ credited: number; sum: number; total: number }>(
      'select credited::int, total::int, (select sum(amount)::int from orders.credits where order_id = o.id) as sum from orders.orders o where id = $1',
      [id],
    );
    expect(sums!.sum).toBe(sums!.credited);
    expect(sums!.credited).toBeLessThanOrEqual(sums!.total);
  });

  it('answers a repeat with the same refund', async () => {
    const { orderId, chair } = await shipped();
    const input = { orderId, idempotencyKey: key(), lines: [{ orderLineId: chair, quantity: 1 }] };
    const by = staff('FINANCE');
    const answers = await Promise.all([refund(input, by), refund(input, by), refund(input, by)]);
    expect(new Set(answers.map((answer) => answer.refund.id)).size).toBe(1);
    expect((await refund(input, by)).refund.id).toBe(answers[0].refund.id);
  });

  it('sums to the captured money when a whole order goes back in pieces', async () => {
    const { id, orderId, total } = await shipped();
    for (const variant of [CHAIR, CHAIR, CHAIR, LAMP]) {
      expect(
        codes(await refund({ orderId, lines: [{ orderLineId: await lineId(id, variant), quantity: 1 }] })),
      ).toEqual([]);
    }
    expect(codes(await refund({ orderId, lines: [{ orderLineId: await lineId(id, LAMP), quantity: 1 }] }))).toEqual([
      'EXCEEDS_SOLD',
    ]);
    const [{ left }] = (await shop.t.sql<{ left: number }>(
      'select (captured - credited)::int as left from orders.orders where id = $1',
      [id],
    )) as [{ left: number }];
    expect(left).toBe(0);
    expect(total).toBe(3 * 4999 + 1950);
  });

  it.each([
    ['nothing', {}, 'NOTHING_TO_REFUND'],
    ['more shipping than was paid', { shippingAmount: { amount: '0.01', currency: 'EUR' } }, 'EXCEEDS_SOLD'],
    ['another currency', { amount: { amount: '1.00', currency: 'USD' } }, 'INVALID_AMOUNT'],
    ['a negative amount', { amount: { amount: '-1.00', currency: 'EUR' } }, 'INVALID_AMOUNT'],
    ['more than all', { amount: { amount: '99999.00', currency: 'EUR' } }, 'EXCEEDS_CAPTURED'],
    ['a foreign line', { lines: [{ orderLineId: wireId('OrderLine', uuid(9)), quantity: 1 }] }, 'NOT_FOUND'],
    [
      'a reason of 501 characters',
      { amount: { amount: '1.00', currency: 'EUR' }, reason: 'x'.repeat(501) },
      'INVALID_TEXT',
    ],
  ])('refuses %s', async (_what, more, code) => {
    const { orderId } = await shipped();
    expect(codes(await refund({ orderId, ...more }))).toEqual([code]);
  });

  it.each([
    ['restocks what was not shipped', { quantity: 3, restock: true }, 'EXCEEDS_SHIPPED'],
    ['cancels what was shipped', { quantity: 2, cancelUnshipped: true }, 'EXCEEDS_UNSHIPPED'],
    ['names more than were sold', { quantity: 4 }, 'INVALID_QUANTITY'],
  ])('refuses a refund that %s', async (_what, more, code) => {
    const { orderId, chair } = await shipped();
    expect(codes(await refund({ orderId, lines: [{ orderLineId: chair, ...more }] }))).toEqual([code]);
  });

  it('asks to cancel where nothing would be left, and refuses what was never paid', async () => {
    const { id } = await shop.paid(guest(), [[LAMP, 1]], [[LAMP, BERLIN, 1]]);
    const orderId = wireId('Order', id);
    const lines = [{ orderLineId: await lineId(id, LAMP), quantity: 1, cancelUnshipped: true }];
    expect(codes(await refund({ orderId, lines }))).toEqual(['USE_CANCEL']);
    const { id: open } = await shop.confirmed(guest());
    expect(
      codes(await refund({ orderId: wireId('Order', open), amount: { amount: '1.00', currency: 'EUR' } })),
    ).toEqual(['NOT_PAID']);
  });

  it('stays in the staff’s hands', async () => {
    const { orderId } = await shipped();
    const { errors } = await shop.t.ask(
      'orders',
      customer(),
      `mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { order { id } } }`,
      {
        input: { orderId, idempotencyKey: key(), amount: { amount: '1.00', currency: 'EUR' } },
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('importOrders', () => {
  const one = (orderNumber: string, more: object = {}) => ({
    orderNumber,
    placedAt: '2024-05-06T07:08:09Z',
    currency: 'EUR',
    email: 'ada@example.com',
    lines: [
      { sku: 'LAMP', name: 'Lamp', quantity: 2, unitPrice: '11.90', taxRate: '19' },
      { sku: 'GONE', name: 'Gone', quantity: 1, unitPrice: '1.00' },
    ],
    shipping: '4.90',
    ...more,
  });
  const run = async (orders: object[], more: object = {}, as = staff('ADMIN')) =>
    (
      await shop.t.run(
        'orders',
        as,
        `mutation ($input: ImportOrdersInput!) { importOrders(input: $input) { results { orderNumber outcome errors { code field } } errors { code } } }`,
        {
          input: { orders, ...more },
        },
      )
    ).importOrders;

  it('takes each over once, beside those with mistakes', async () => {
    const before = (await shop.t.said('orders')).length;
    const batch = [
      one('H-1'),
      one('S-100001'),
      one('H-2', { cancelled: true }),
      one('H-1'),
      one('H-3', { placedAt: '2999-01-01T00:00:00Z', email: 'x' }),
    ];
    const dry = await run(batch, { dryRun: true });
    expect(dry.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'CREATED',
      'REFUSED',
      'CREATED',
      'UNCHANGED',
      'REFUSED',
    ]);
    expect(await run(batch)).toEqual({
      errors: [],
      results: [
        { orderNumber: 'H-1', outcome: 'CREATED', errors: [] },
        {
          orderNumber: 'S-100001',
          outcome: 'REFUSED',
          errors: [{ code: 'INVALID_ORDER_NUMBER', field: ['input', 'orders', '1', 'orderNumber'] }],
        },
        { orderNumber: 'H-2', outcome: 'CREATED', errors: [] },
        { orderNumber: 'H-1', outcome: 'UNCHANGED', errors: [] },
        {
          orderNumber: 'H-3',
          outcome: 'REFUSED',
          errors: [
            { code: 'INVALID_DATE', field: ['input', 'orders', '4', 'placedAt'] },
            { code: 'INVALID_EMAIL', field: ['input', 'orders', '4', 'email'] },
          ],
        },
      ],
    });
    expect((await run(batch)).results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'UNCHANGED',
      'REFUSED',
      'UNCHANGED',
      'UNCHANGED',
      'REFUSED',
    ]);
    expect((await shop.t.said('orders')).length).toBe(before);
    const { orders } = await shop.t.run(
      'orders',
      staff('SUPPORT'),
      '{ orders(search: "h-1") { nodes { orderNumber status placedAt total { amountMinor } tax { amountMinor } allowedTransitions lines { sku variant { id } } timeline { kind } } } }',
    );
    expect(orders.nodes).toEqual([
      {
        orderNumber: 'H-1',
        status: 'DELIVERED',
        placedAt: '2024-05-06T07:08:09.000Z',
        total: { amountMinor: 2380 + 100 + 490 },
        tax: { amountMinor: 380 },
        allowedTransitions: [],
        lines: [
          { sku: 'LAMP', variant: { id: wireId('ProductVariant', LAMP) } },
          { sku: 'GONE', variant: null },
        ],
        timeline: [{ kind: 'IMPORTED' }],
      },
    ]);
  });
  it('takes between 1 and 100 at once, from an admin', async () => {
    expect((await run([])).errors).toEqual([{ code: 'TOO_MANY_LINES' }]);
    expect((await run(Array.from({ length: 101 }, (_, i) => one(`T-${i}`)))).errors).toEqual([
      { code: 'TOO_MANY_LINES' },
    ]);
    await expect(run([one('T-1')], {}, staff('SUPPORT'))).rejects.toThrow('Your account may not do this.');
  });
});
