import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './laws.ts';
import {
  attempt,
  buy,
  fillCart,
  key,
  mutate,
  ORDER,
  openShop,
  orderInput,
  pay,
  placeOrder,
  readCart,
  type Shop,
  watchOrder,
} from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

describe('a first sale', () => {
  let souk: TestSouk;
  let shop: Shop;
  beforeAll(async () => {
    souk = await startSouk();
    shop = await openShop(souk, {
      MUG: { amount: '19.00', stock: 100 },
      BOWL: { amount: '24.50', stock: 100 },
      LAST: { amount: '50.00', stock: 1 },
      NONE: { amount: '5.00', stock: 0 },
      MOVES: { amount: '10.00', stock: 100 },
    });
  });
  afterAll(async () => {
    await souk?.quiet();
    const broken = souk ? await violations((sql) => souk.sql(sql)) : [];
    await souk?.stop();
    expect(broken).toEqual([]);
  });

  it('quotes a cart by address, with tax in the price and shipping on top', async () => {
    const guest = await souk.guest();
    const { quote } = await fillCart(guest, shop, { MUG: 2 });
    expect(quote).toMatchObject({
      subtotal: { amount: '38.00' },
      shipping: { amount: '4.90' },
      // 42.90 gross at 19 %: tax is rounded per line, 6.07 on the mugs and 0.78 on the parcel.
      tax: { amount: '6.85' },
      total: { amount: '42.90', amountMinor: 4290, currency: 'EUR' },
      missing: [],
    });
  });

  it('sells to a guest who pays with 3-D Secure and watches it happen; ships, delivers and refunds', async () => {
    const guest = await souk.guest();
    const stock = guest.watch(
      'subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { eventId variant { sku name stock { available } product { name } } } }',
      { ids: [shop.variant('BOWL')] },
    );
    expect((await stock.next()).variantStockChanged.variant).toEqual({
      sku: 'BOWL',
      name: expect.any(String),
      stock: { available: 100 },
      product: { name: 'The bowl' },
    });
    const carts = guest.watch('subscription { cartUpdated { eventId cart { itemCount } } }');
    const quoted = await fillCart(guest, shop, { BOWL: 3, MUG: 1 });
    await carts.until(({ cartUpdated }) => cartUpdated.cart?.itemCount === 4);

    const order = await placeOrder(guest, quoted);
    expect(order).toMatchObject({ total: { amount: '97.40' } });
    const watching = watchOrder(guest, order.id);
    const held = await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    expect(held.orderUpdated.order.payment?.status ?? 'PENDING').toBe('PENDING');
    await stock.until(({ variantStockChanged }) => variantStockChanged.variant.stock.available === 97);

    await pay(guest, order.id, 'pm_card_threeDSecure2Required');
    const challenged = await watching.until(({ orderUpdated: { order: now } }) => now.payment?.nextAction);
    const { redirectUrl } = challenged.orderUpdated.order.payment.nextAction;
    const page = await fetch(redirectUrl);
    expect(page.status).toBe(200);
    await finishThreeDSecure(redirectUrl, await page.text());
    const confirmed = (await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'CONFIRMED'))
      .orderUpdated.order;
    expect(confirmed.version).toBeGreaterThan(order.version);
    await watching.until(({ orderUpdated }) => orderUpdated.order.payment.status === 'CAPTURED');
    await carts.until(({ cartUpdated }) => cartUpdated.cart?.itemCount === 0);
    await souk.quiet();

    const mails = async () =>
      (
        await souk.sql('select id from notifications.messages where order_id = $1', [
          await uuidOf(souk, order.orderNumber),
        ])
      ).length;
    expect(await mails()).toBe(1);
    const mailbox = await (await fetch(`${souk.url}/mailbox`)).text();
    expect(mailbox).toContain(order.orderNumber);

    const { admin } = shop;
    const { order: seen } = await admin.run(
      'query ($id: ID!) { order(id: $id) { lines { id quantity sku } allowedTransitions customer { id } } }',
      { id: order.id },
    );
    const bowls = seen.lines.find((line: { sku: string }) => line.sku === 'BOWL');
    await mutate(
      admin,
      'shipOrder',
      'ShipOrderInput',
      {
        idempotencyKey: key(),
        orderId: order.id,
        warehouseId: shop.warehouseId,
        lines: [{ orderLineId: bowls.id, quantity: 3 }],
        tracking: { carrier: 'DHL', number: '00340434' },
      },
      'fulfillment { id }',
    );
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'PARTIALLY_SHIPPED');
    await mutate(
      admin,
      'shipOrder',
      'ShipOrderInput',
      { idempotencyKey: key(), orderId: order.id, warehouseId: shop.warehouseId },
      'fulfillment { id }',
    );
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'SHIPPED');
    await mutate(
      admin,
      'deliverOrder',
      'DeliverOrderInput',
      { idempotencyKey: key(), orderId: order.id },
      'order { status }',
    );
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'DELIVERED');
    await souk.quiet();
    expect(await mails()).toBe(3);

    await mutate(
      admin,
      'refundOrder',
      'RefundOrderInput',
      {
        idempotencyKey: key(),
        orderId: order.id,
        lines: [{ orderLineId: bowls.id, quantity: 1, restock: true }],
        reason: 'A chip in the glaze.',
      },
      'refund { amount { amount } }',
    );
    const refunded = await watching.until(({ orderUpdated }) => orderUpdated.order.totalRefunded.amount === '24.50');
    expect(refunded.orderUpdated.order.payment).toMatchObject({ captured: { amount: '97.40' } });
    await stock.until(({ variantStockChanged }) => variantStockChanged.variant.stock.available === 98);
    await souk.quiet();
    expect(await mails()).toBe(4);
    watching.stop();
    stock.stop();
    carts.stop();
  });

  it('takes a second card after a declined one', async () => {
    const guest = await souk.guest();
    const order = await placeOrder(guest, await fillCart(guest, shop, { MUG: 1 }));
    const watching = watchOrder(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    await pay(guest, order.id, 'pm_card_visa_chargeDeclinedInsufficientFunds');
    const declined = await watching.until(({ orderUpdated: { order: now } }) => now.payment?.status === 'DECLINED');
    expect(declined.orderUpdated.order).toMatchObject({
      status: 'AWAITING_PAYMENT',
      payment: { declineMessage: expect.any(String) },
    });
    await pay(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'CONFIRMED');
    await souk.quiet();
    expect(
      await souk.sql(
        'select count(*)::int as n from payments.payments p join orders.orders o on o.id = p.order_id where o.order_number = $1',
        [order.orderNumber],
      ),
    ).toEqual([{ n: 1 }]);
    watching.stop();
  });

  it('cancels what is out of stock and says which lines', async () => {
    const guest = await souk.guest();
    await shop.stock('NONE', 1);
    await souk.quiet();
    const quoted = await fillCart(guest, shop, { NONE: 1, MUG: 1 });
    await shop.stock('NONE', 0);
    const order = await placeOrder(guest, quoted);
    const watching = watchOrder(guest, order.id);
    const { orderUpdated } = await watching.until(({ orderUpdated: { order: now } }) => now.status === 'CANCELLED');
    expect(orderUpdated.order).toMatchObject({
      cancelReason: 'OUT_OF_STOCK',
      missingLines: [{ requested: 1, available: 0, variant: { sku: 'NONE' } }],
    });
    watching.stop();
    await souk.quiet();
    expect((await readCart(guest)).lines).toHaveLength(2);
  });

  it('sells the last item to one of two', async () => {
    const rivals = await Promise.all([souk.guest(), souk.guest()]);
    const quotes = await Promise.all(rivals.map((rival) => fillCart(rival, shop, { LAST: 1 })));
    const orders = await Promise.all(rivals.map((rival, i) => placeOrder(rival, quotes[i]!)));
    await souk.quiet();
    const statuses = await Promise.all(
      rivals.map(
        async (rival, i) =>
          (await rival.run('query ($id: ID!) { order(id: $id) { status } }', { id: orders[i].id })).order.status,
      ),
    );
    expect(statuses.sort()).toEqual(['AWAITING_PAYMENT', 'CANCELLED']);
  });

  it('never charges a price that moved', async () => {
    const guest = await souk.guest();
    const quoted = await fillCart(guest, shop, { MOVES: 1 });
    await mutate(
      shop.admin,
      'setPrices',
      'SetPricesInput',
      { entries: [{ variantId: shop.variant('MOVES'), amount: '11.00' }] },
      'variants { id }',
    );
    await souk.quiet();
    const { createOrder } = await guest.run(
      'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { id } errors { code field currentTotal { amount } } } }',
      { input: orderInput(quoted) },
    );
    expect(createOrder).toEqual({
      order: null,
      errors: [{ code: 'PRICE_CHANGED', field: ['input', 'expectedTotal'], currentTotal: { amount: '15.90' } }],
    });
    const again = await placeOrder(guest, await readCart(guest));
    expect(again.total).toEqual({ amount: '15.90' });
  });

  it('makes one order of a double click, and refuses the key for another body', async () => {
    const guest = await souk.guest();
    const quoted = await fillCart(guest, shop, { MUG: 1 });
    const clicked = key();
    const orders = await Promise.all(Array.from({ length: 10 }, () => placeOrder(guest, quoted, clicked)));
    expect(new Set(orders.map((order) => order.id)).size).toBe(1);
    const other = await attempt(
      guest,
      'createOrder',
      'CreateOrderInput',
      { ...orderInput(quoted, clicked), email: 'else@shopper.example' },
      'order { id }',
    );
    expect(other).toMatchObject({ order: null, errors: [{ code: 'IDEMPOTENCY_CONFLICT' }] });
    const stranger = await souk.guest();
    const theirs = await placeOrder(stranger, await fillCart(stranger, shop, { MUG: 1 }), clicked);
    expect(theirs.id).not.toBe(orders[0].id);
  });

  it('keeps an order from everybody else, by every path', async () => {
    const guest = await souk.guest();
    const stranger = await souk.guest();
    const order = await buy(guest, shop, { MUG: 1 });
    const ask = 'query ($id: ID!) { order(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }';
    expect(await guest.run(ask, { id: order.id })).toEqual({
      order: { id: order.id },
      node: { id: order.id },
      nodes: [{ id: order.id }],
    });
    for (const other of [stranger, souk.caller(null), await souk.customer()]) {
      expect(await other.run(ask, { id: order.id })).toEqual({ order: null, node: null, nodes: [null] });
    }
    const refused = await attempt(
      stranger,
      'cancelOrder',
      'CancelOrderInput',
      { idempotencyKey: key(), orderId: order.id },
      'order { id }',
    );
    expect(refused).toMatchObject({ order: null, errors: [{ code: 'NOT_FOUND' }] });
    const denied = await attempt(
      stranger,
      'payOrder',
      'PayOrderInput',
      { idempotencyKey: key(), orderId: order.id, paymentMethod: 'pm_card_visa' },
      'order { id }',
    );
    expect(denied).toMatchObject({ order: null, errors: [{ code: 'NOT_FOUND' }] });
    await expect(watchOrder(stranger, order.id).next()).rejects.toThrow();
  });

  it('gives the money back when a confirmed order is cancelled', async () => {
    const guest = await souk.guest();
    const before = (
      await guest.run('query ($id: ID!) { variant(id: $id) { stock { available } } }', { id: shop.variant('BOWL') })
    ).variant.stock.available;
    const order = await buy(guest, shop, { BOWL: 2 });
    await souk.quiet();
    await mutate(
      guest,
      'cancelOrder',
      'CancelOrderInput',
      { idempotencyKey: key(), orderId: order.id },
      'order { status }',
    );
    await souk.quiet();
    const { order: now, variant } = await guest.run(
      `query ($id: ID!, $v: ID!) { order(id: $id) { ${ORDER} } variant(id: $v) { stock { available } } }`,
      { id: order.id, v: shop.variant('BOWL') },
    );
    expect(now).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'CUSTOMER',
      payment: { status: 'REFUNDED', captured: { amount: '53.90' }, refunded: { amount: '53.90' } },
    });
    expect(variant.stock.available).toBe(before);
  });

  it('gives a guest what they had when they sign in', async () => {
    const guest = await souk.guest();
    const order = await buy(guest, shop, { MUG: 1 });
    await mutate(guest, 'addToCart', 'AddToCartInput', { variantId: shop.variant('BOWL'), quantity: 2 }, 'cart { id }');
    const { register } = await guest.run(
      'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } errors { message } } }',
      {
        input: {
          email: `${key()}@shopper.example`,
          password: 'a long enough passphrase',
          firstName: 'Ada',
          lastName: 'Shopper',
        },
      },
    );
    const user = souk.caller(register.session.accessToken);
    await souk.quiet();
    const { myOrders, cart, me } = await user.run(
      '{ me { email orders { nodes { id } } } myOrders { nodes { id } } cart { lines { quantity variant { sku } } } }',
    );
    expect(myOrders.nodes).toEqual([{ id: order.id }]);
    expect(me.orders.nodes).toEqual([{ id: order.id }]);
    expect(cart.lines).toEqual([{ quantity: 2, variant: { sku: 'BOWL' } }]);
  });

  it.each([0, -1, 1000, 2_147_483_647])('refuses a quantity of %d with a typed error', async (quantity) => {
    const guest = await souk.guest();
    const { cart, errors } = await attempt(
      guest,
      'addToCart',
      'AddToCartInput',
      { variantId: shop.variant('MUG'), quantity },
      'cart { id }',
    );
    expect(cart).toBeNull();
    expect(errors).toHaveLength(1);
    expect(['INVALID_QUANTITY', 'QUANTITY_LIMIT']).toContain(errors[0].code);
  });

  it.each([2_147_483_648, 1.5, 'two', null])(
    'refuses a quantity that is no Int, and says what it takes: %j',
    async (quantity) => {
      const guest = await souk.guest();
      const { status, errors } = await guest.ask(
        'mutation ($input: AddToCartInput!) { addToCart(input: $input) { cart { id } } }',
        {
          input: { variantId: shop.variant('MUG'), quantity },
        },
      );
      expect(status).toBe(400);
      expect(errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
      expect(errors?.[0]?.message).toBe(
        `The value of "$input.quantity" is not valid. ${quantity === null ? 'It may not be null.' : WHOLE}`,
      );
    },
  );

  it.each(['var_00000000000000000000000000', 'prod_00000000000000000000000000', 'nonsense', ''])(
    'knows no variant %j',
    async (variantId) => {
      const guest = await souk.guest();
      const { cart, errors } = await attempt(
        guest,
        'addToCart',
        'AddToCartInput',
        { variantId, quantity: 1 },
        'cart { id }',
      );
      expect([cart, errors[0].code]).toEqual([null, 'NOT_FOUND']);
    },
  );
});

const WHOLE = 'It takes a whole number between -2147483648 and 2147483647.';

/** Presses the approving button of the provider's page. */
async function finishThreeDSecure(url: string, html: string): Promise<void> {
  const form = /<form[^>]*action="([^"]+)"/.exec(html);
  const button = /<button[^>]*name="([^"]+)"[^>]*value="([^"]*succe[^"]*|[^"]*approve[^"]*)"/i.exec(html);
  const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
    ([, name, value]): [string, string] => [name!, value!],
  );
  const body = new URLSearchParams(hidden);
  if (button) body.set(button[1]!, button[2]!);
  const answer = await fetch(new URL(form?.[1]?.replaceAll('&amp;', '&') ?? url, url), {
    method: 'POST',
    body,
    redirect: 'manual',
  });
  expect([200, 302, 303]).toContain(answer.status);
}

const uuidOf = async (souk: TestSouk, orderNumber: string): Promise<string> =>
  (await souk.sql<{ id: string }>('select id from orders.orders where order_number = $1', [orderNumber]))[0]!.id;
