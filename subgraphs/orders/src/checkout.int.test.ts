import { wireId } from '@souk/kit';
import { anonymous, customer, guest, staff } from '@souk/kit/testing';
import { decodeId, type UserId } from '@souk/schema';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  address,
  CHAIR,
  HIDDEN,
  key,
  LAMP,
  ORDER,
  type Shop,
  startShop,
  UNPRICED,
  uuid,
  VOUCHER,
} from './orders.testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

describe('Cart.quote', () => {
  const ask = async (cart: object) => {
    const { _entities } = await shop.t.run(
      'orders',
      guest(),
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Cart { quote {
        lines { quantity unitPrice { net { amountMinor } gross { amountMinor } } total { tax { amountMinor } gross { amountMinor } } taxRate }
        subtotal { amountMinor } shipping { amountMinor } tax { amountMinor } total { amountMinor }
        shippingMethods { id name price { amountMinor } estimatedDays { min max } } selectedShippingMethod { name } missing } } } }`,
      { refs: [{ __typename: 'Cart', id: wireId('Cart', uuid(1)), ...cart }] },
    );
    return _entities[0].quote;
  };
  const lines = [{ quantity: 2, variant: { id: wireId('ProductVariant', LAMP) } }];

  it('prices lines, tax and the cheapest shipping by our own copies', async () => {
    expect(await ask({ lines, shippingAddress: { country: 'DE', state: null } })).toEqual({
      lines: [
        {
          quantity: 2,
          unitPrice: { net: { amountMinor: 1639 }, gross: { amountMinor: 1950 } },
          total: { tax: { amountMinor: 623 }, gross: { amountMinor: 3900 } },
          taxRate: '19.00',
        },
      ],
      subtotal: { amountMinor: 3900 },
      shipping: { amountMinor: 490 },
      tax: { amountMinor: 623 + 78 },
      total: { amountMinor: 4390 },
      shippingMethods: [
        { id: shop.methods[0], name: 'Parcel', price: { amountMinor: 490 }, estimatedDays: { min: 2, max: 4 } },
        { id: shop.methods[1], name: 'Express', price: { amountMinor: 1290 }, estimatedDays: { min: null, max: 1 } },
      ],
      selectedShippingMethod: { name: 'Parcel' },
      missing: [],
    });
  });
  it('takes the method that was chosen', async () => {
    const quote = await ask({
      lines,
      shippingAddress: { country: 'DE', state: null },
      shippingMethodId: shop.methods[1],
    });
    expect(quote.total.amountMinor).toBe(3900 + 1290);
  });
  it('says what is missing to order', async () => {
    expect((await ask({ lines })).missing).toEqual(['NO_ADDRESS']);
    expect((await ask({ lines, shippingAddress: { country: 'JP', state: null } })).missing).toEqual(['NOT_SHIPPABLE']);
    expect((await ask({ lines: [] })).missing).toEqual(['EMPTY']);
    const odd = [
      { quantity: 1, variant: { id: wireId('ProductVariant', UNPRICED) } },
      { quantity: 1, variant: { id: wireId('ProductVariant', uuid(0xbad)) } },
      { quantity: 1, variant: null },
    ];
    expect((await ask({ lines: odd, shippingAddress: { country: 'DE', state: null } })).missing).toEqual([
      'PRICE_UNKNOWN',
      'UNAVAILABLE',
    ]);
  });
  it('taxes by the billing address where there is no other, and ships nowhere by it', async () => {
    const quote = await ask({ lines, billingAddress: { country: 'DE', state: null } });
    expect(quote).toMatchObject({ missing: ['NO_ADDRESS'], tax: { amountMinor: 623 }, shippingMethods: [] });
  });
  it('serves goods that are not shipped without an address', async () => {
    const quote = await ask({ lines: [{ quantity: 1, variant: { id: wireId('ProductVariant', VOUCHER) } }] });
    expect(quote).toMatchObject({
      missing: [],
      shippingMethods: [],
      total: { amountMinor: 1000 },
      tax: { amountMinor: 0 },
    });
  });
});

describe('createOrder', () => {
  it('places an order at our prices and asks for its stock', async () => {
    const viewer = guest();
    const { order, errors } = await shop.create(viewer);
    expect(errors).toEqual([]);
    expect(order).toMatchObject({
      orderNumber: expect.stringMatching(/^S-1\d{5}$/),
      status: 'PENDING',
      version: 1,
      total: { amountMinor: 4390 },
      tax: { amountMinor: 701 },
      allowedTransitions: ['CANCELLED'],
      timeline: [{ kind: 'PLACED', actor: 'CUSTOMER', message: 'The order was placed.' }],
    });
    const id = decodeId('Order', order.id)!;
    const [said] = (await shop.t.said('orders', 'orders.OrderCreated')).filter((fact) => fact.key === id);
    expect(said).toMatchObject({
      version: 1,
      subject: viewer.principal,
      data: { orderId: id, principal: viewer.principal, total: { amountMinor: 4390, currency: 'EUR' } },
    });
  });

  it('leads a double click fifty times to one order, and refuses another body under its key', async () => {
    const viewer = guest();
    const input = shop.input();
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.create(viewer, input)));
    expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1);
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await shop.saidOf(decodeId('Order', answers[0].order.id)!)).toEqual(['OrderCreated']);
    const other = await shop.create(viewer, { ...input, note: 'other' });
    expect(other.errors.map(({ code }: { code: string }) => code)).toEqual(['IDEMPOTENCY_CONFLICT']);
    const stranger = await shop.create(guest(), input);
    expect(stranger.order.id).not.toBe(answers[0].order.id);
  });

  it('makes one order of a cart version under two keys, and refuses the same version with other details', async () => {
    const viewer = guest();
    const input = shop.input();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.create(viewer, { ...input, idempotencyKey: key() })),
    );
    expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1);
    const moved = { ...input, idempotencyKey: key(), shippingAddress: { ...address, city: 'Potsdam' } };
    const answer = await shop.mutate(
      viewer,
      'createOrder',
      'CreateOrderInput',
      moved,
      'order { id } why: errors { code order { id } }',
    );
    expect(answer.why).toEqual([{ code: 'CART_ALREADY_ORDERED', order: { id: answers[0].order.id } }]);
    const cancel = { idempotencyKey: key(), orderId: answers[0].order.id };
    await shop.mutate(viewer, 'cancelOrder', 'CancelOrderInput', cancel);
    expect((await shop.create(viewer, { ...moved, idempotencyKey: key() })).errors).toEqual([]);
  });

  it('tells the total of now where it is not the one that was seen', async () => {
    const input = shop.input([[LAMP, 2]], { expectedTotal: { amount: '43.89', currency: 'EUR' } });
    const { order, errors } = await shop.create(guest(), input);
    expect(order).toBeNull();
    expect(errors).toMatchObject([
      { code: 'PRICE_CHANGED', field: ['input', 'expectedTotal'], currentTotal: { amountMinor: 4390 } },
    ]);
  });

  const line = (variantId: string, quantity: number) => ({ lines: [{ variantId, quantity }] });
  const lamp = wireId('ProductVariant', LAMP);
  const bad: [string, object, string, string[]][] = [
    ['no lines', { lines: [] }, 'EMPTY_CART', ['input', 'lines']],
    ['a quantity of 0', line(lamp, 0), 'INVALID_QUANTITY', ['input', 'lines', '0', 'quantity']],
    ['a quantity of -1', line(lamp, -1), 'INVALID_QUANTITY', ['input', 'lines', '0', 'quantity']],
    ['a quantity of 1000', line(lamp, 1000), 'INVALID_QUANTITY', ['input', 'lines', '0', 'quantity']],
    [
      'more than the article allows',
      line(wireId('ProductVariant', CHAIR), 21),
      'QUANTITY_LIMIT',
      ['input', 'lines', '0', 'quantity'],
    ],
    [
      '101 lines',
      { lines: Array.from({ length: 101 }, () => ({ variantId: lamp, quantity: 1 })) },
      'TOO_MANY_LINES',
      ['input', 'lines'],
    ],
    [
      'an unknown variant',
      line(wireId('ProductVariant', uuid(0xbad)), 1),
      'UNAVAILABLE',
      ['input', 'lines', '0', 'variantId'],
    ],
    [
      'a variant not for sale',
      line(wireId('ProductVariant', HIDDEN), 1),
      'UNAVAILABLE',
      ['input', 'lines', '0', 'variantId'],
    ],
    ['an id of another kind', line(wireId('Order', uuid(1)), 1), 'NOT_FOUND', ['input', 'lines', '0', 'variantId']],
    ['an id that is none', line('1', 1), 'NOT_FOUND', ['input', 'lines', '0', 'variantId']],
    [
      'a variant without a price',
      line(wireId('ProductVariant', UNPRICED), 1),
      'PRICE_UNKNOWN',
      ['input', 'lines', '0', 'variantId'],
    ],
    ['an e-mail that is none', { email: 'ada' }, 'INVALID_EMAIL', ['input', 'email']],
    ['an e-mail of 300 characters', { email: `${'a'.repeat(290)}@example.com` }, 'INVALID_EMAIL', ['input', 'email']],
    ['no address', { shippingAddress: null }, 'INVALID_ADDRESS', ['input', 'shippingAddress']],
    [
      'a country that is none',
      { shippingAddress: { ...address, country: 'XX' } },
      'INVALID_ADDRESS',
      ['input', 'shippingAddress', 'country'],
    ],
    [
      'an empty city',
      { shippingAddress: { ...address, city: ' ' } },
      'INVALID_ADDRESS',
      ['input', 'shippingAddress', 'city'],
    ],
    [
      'a line break in a name',
      { shippingAddress: { ...address, lastName: 'a\nb' } },
      'INVALID_ADDRESS',
      ['input', 'shippingAddress', 'lastName'],
    ],
    [
      'a country nobody ships to',
      { shippingAddress: { ...address, country: 'JP' } },
      'NOT_SHIPPABLE',
      ['input', 'shippingAddress'],
    ],
    [
      'a shipping method that is none',
      { shippingMethodId: wireId('ShippingMethod', uuid(1)) },
      'SHIPPING_METHOD_UNAVAILABLE',
      ['input', 'shippingMethodId'],
    ],
    [
      'a total of half a cent',
      { expectedTotal: { amount: '43.905', currency: 'EUR' } },
      'INVALID_AMOUNT',
      ['input', 'expectedTotal'],
    ],
    [
      'a total in another currency',
      { expectedTotal: { amount: '43.90', currency: 'USD' } },
      'PRICE_CHANGED',
      ['input', 'expectedTotal'],
    ],
    ['a note of 1001 characters', { note: 'x'.repeat(1001) }, 'INVALID_TEXT', ['input', 'note']],
    ['a key of 7 characters', { idempotencyKey: '1234567' }, 'IDEMPOTENCY_CONFLICT', ['input', 'idempotencyKey']],
    ['a cart that is none', { cartId: 'cart' }, 'NOT_FOUND', ['input', 'cartId']],
  ];
  it.each(bad)('refuses %s and leaves nothing behind', async (_what, more, code, field) => {
    const viewer = guest();
    const before = (await shop.t.said('orders')).length;
    const { order, errors } = await shop.create(viewer, shop.input([[LAMP, 2]], more));
    expect(order).toBeNull();
    expect(errors).toMatchObject([{ code, field }]);
    expect(await shop.t.sql('select 1 from orders.orders where principal = $1', [viewer.principal])).toEqual([]);
    expect(await shop.t.sql('select 1 from orders.idempotency where principal = $1', [viewer.principal])).toEqual([]);
    expect((await shop.t.said('orders')).length).toBe(before);
  });
  it.each([2 ** 31, 1.5])('refuses the quantity %d before it reaches the house', async (quantity) => {
    const { errors } = await shop.t.ask(
      'orders',
      guest(),
      'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }',
      { input: shop.input([[LAMP, 2]], line(lamp, quantity)) },
    );
    expect(errors).toHaveLength(1);
  });
  it('names every mistake of a form at once', async () => {
    const input = shop.input([[LAMP, 2]], { email: 'x', shippingAddress: { ...address, city: '', country: 'ZZ' } });
    const { errors } = await shop.create(guest(), input);
    expect(errors.map(({ field }: { field: string[] }) => field.slice(1).join('.'))).toEqual([
      'email',
      'shippingAddress.city',
      'shippingAddress.country',
    ]);
  });
  it('is not for anonymous viewers', async () => {
    const { errors } = await shop.t.ask(
      'orders',
      anonymous(),
      `mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }`,
      {
        input: shop.input(),
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the checkout', () => {
  it('goes from hold to capture, each fact heard twice', async () => {
    const viewer = guest();
    const { id, total } = await shop.confirmed(viewer);
    await shop.captured(id, total);
    const order = await shop.read(viewer, id);
    expect(order).toMatchObject({ status: 'CONFIRMED', version: 4, allowedTransitions: ['CANCELLED'] });
    expect(order.timeline.map(({ kind }: { kind: string }) => kind)).toEqual([
      'PLACED',
      'STOCK_HELD',
      'PAYMENT_AUTHORIZED',
      'CONFIRMED',
      'PAYMENT_CAPTURED',
    ]);
    expect(await shop.saidOf(id)).toEqual(['OrderCreated', 'PaymentRequested', 'OrderConfirmed']);
  });

  it('submits a payment chosen while stock was still being held', async () => {
    const viewer = guest();
    const { id } = await shop.placed(viewer);
    const pay = { orderId: wireId('Order', id), paymentMethod: 'pm_card_visa' };
    expect((await shop.mutate(viewer, 'payOrder', 'PayOrderInput', { ...pay, idempotencyKey: key() })).errors).toEqual(
      [],
    );
    await shop.held(id);
    const said = (await shop.t.said('orders')).filter((fact) => fact.key === id);
    expect(said.map(({ type, version }) => [type, version])).toEqual([
      ['orders.OrderCreated', 1],
      ['orders.PaymentRequested', 3],
      ['orders.PaymentSubmitted', 4],
    ]);
    expect(said[2]!.data).toEqual({ orderId: id, attempt: 1, paymentMethod: 'pm_card_visa' });
    await shop.say('payments.PaymentDeclined', id, {
      paymentId: uuid(7),
      attempt: 1,
      code: 'card_declined',
      message: 'No.',
    });
    expect(await shop.read(viewer, id)).toMatchObject({ status: 'AWAITING_PAYMENT', version: 5 });
    await shop.mutate(viewer, 'payOrder', 'PayOrderInput', { ...pay, idempotencyKey: key() });
    expect((await shop.t.said('orders', 'orders.PaymentSubmitted')).at(-1)!.data).toMatchObject({
      orderId: id,
      attempt: 2,
    });
  });

  it.each(['4242424242424242', '4242 4242 4242 4242', 'pm_4242424242424242', '', 'x'.repeat(300), 'pm card'])(
    'refuses %j as a payment method',
    async (paymentMethod) => {
      const viewer = guest();
      const { id } = await shop.awaiting(viewer);
      const input = { orderId: wireId('Order', id), paymentMethod, idempotencyKey: key() };
      const { errors } = await shop.mutate(viewer, 'payOrder', 'PayOrderInput', input);
      expect(errors).toMatchObject([{ code: 'INVALID_PAYMENT_METHOD' }]);
    },
  );

  it('cancels with the missing lines where stock refuses', async () => {
    const viewer = guest();
    const { id } = await shop.placed(viewer);
    await shop.say('inventory.StockRefused', id, { missing: [{ variantId: LAMP, requested: 2, available: 1 }] });
    expect(await shop.read(viewer, id)).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'OUT_OF_STOCK',
      missingLines: [{ requested: 2, available: 1 }],
      refunds: [],
      version: 2,
    });
    expect(await shop.saidOf(id)).toEqual(['OrderCreated', 'OrderCancelled']);
  });

  it('gives money back that comes after the deadline, under the credit of the cancellation', async () => {
    const viewer = guest();
    const { id, total } = await shop.awaiting(viewer);
    await shop.t.sql(`update orders.orders set deadline = now() - interval '1 second' where id = $1`, [id]);
    await Promise.all([
      shop.t.house('orders').runTick('expireCheckouts'),
      shop.t.house('orders').runTick('expireCheckouts'),
    ]);
    expect(await shop.read(viewer, id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'EXPIRED' });
    await shop.authorized(id, total);
    expect(await shop.saidOf(id)).toEqual(['OrderCreated', 'PaymentRequested', 'OrderCancelled', 'VoidRequested']);
    const [cancelled] = (await shop.t.said('orders', 'orders.OrderCancelled')).filter((fact) => fact.key === id);
    const [voiding] = (await shop.t.said('orders', 'orders.VoidRequested')).filter((fact) => fact.key === id);
    expect(voiding!.data.refundId).toBe(cancelled!.data.refundId);
    await shop.say('payments.PaymentVoided', id, { paymentId: uuid(7) });
    expect((await shop.read(viewer, id)).refunds).toMatchObject([{ status: 'VOIDED' }]);
  });

  it('takes a payment that comes at the last minute, before the tick has looked', async () => {
    const viewer = guest();
    const { id, total } = await shop.awaiting(viewer);
    await shop.t.sql(`update orders.orders set deadline = now() - interval '1 second' where id = $1`, [id]);
    await shop.authorized(id, total);
    await shop.t.house('orders').runTick('expireCheckouts');
    expect(await shop.read(viewer, id)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('refunds a confirmed order that is cancelled, whoever cancels', async () => {
    const viewer = guest();
    for (const canceller of [viewer, staff('SUPPORT')]) {
      const { id, total } = await shop.confirmed(viewer);
      await shop.captured(id, total);
      const input = { orderId: wireId('Order', id), idempotencyKey: key(), reason: 'Changed my mind' };
      const { order } = await shop.mutate(canceller, 'cancelOrder', 'CancelOrderInput', input);
      expect(order).toMatchObject({
        status: 'CANCELLED',
        refunds: [{ status: 'REQUESTED', amount: { amountMinor: total } }],
      });
      const [said] = (await shop.t.said('orders', 'orders.OrderCancelled')).filter((fact) => fact.key === id);
      expect(said!.data).toMatchObject({ wasConfirmed: true, reason: canceller === viewer ? 'CUSTOMER' : 'STAFF' });
      const refunded = { refundId: said!.data.refundId, amount: { amountMinor: total, currency: 'EUR' } };
      await shop.say('payments.RefundSettled', id, refunded);
      expect(await shop.read(viewer, id)).toMatchObject({
        totalRefunded: { amountMinor: total },
        refunds: [{ status: 'SETTLED' }],
      });
      expect((await shop.saidOf(id)).filter((type) => type === 'OrderRefunded')).toHaveLength(1);
    }
  });

  it('ignores facts about orders that are not there', async () => {
    const before = (await shop.t.said('orders')).length;
    await shop.held(uuid(0xdead) as never);
    expect((await shop.t.said('orders')).length).toBe(before);
  });
});

describe('who may see and do what', () => {
  it('shows an order to its owner and to staff who serve it, and to nobody else by any path', async () => {
    const owner = guest();
    const { id } = await shop.awaiting(owner);
    const wire = wireId('Order', id);
    for (const viewer of [owner, staff('SUPPORT'), staff('WAREHOUSE'), staff('FINANCE'), staff('ADMIN')]) {
      expect((await shop.read(viewer, id))?.id).toBe(wire);
    }
    for (const viewer of [guest(), customer(), anonymous(), staff('MERCHANDISER')]) {
      expect(await shop.read(viewer, id)).toBeNull();
      const { _entities } = await shop.t.run(
        'orders',
        viewer,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id } } }`,
        {
          r: [{ __typename: 'Order', id: wire }],
        },
      );
      expect(_entities).toEqual([null]);
      const house = shop.t.house('orders');
      const stream = await house.subscribe({
        document: parse(`subscription { orderUpdated(id: "${wire}") { order { id } } }`),
        context: house.context(viewer),
      });
      expect(stream).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });

  const mutations: [string, string, (id: string) => object, string[]][] = [
    ['payOrder', 'PayOrderInput', (orderId) => ({ orderId, paymentMethod: 'pm_card_visa' }), []],
    ['cancelOrder', 'CancelOrderInput', (orderId) => ({ orderId }), ['SUPPORT', 'FINANCE']],
    [
      'fulfilOrder',
      'FulfilOrderInput',
      (orderId) => ({ orderId, warehouseId: wireId('Warehouse', uuid(1)) }),
      ['WAREHOUSE'],
    ],
    [
      'shipOrder',
      'ShipOrderInput',
      (orderId) => ({ orderId, warehouseId: wireId('Warehouse', uuid(1)) }),
      ['WAREHOUSE'],
    ],
    ['deliverOrder', 'DeliverOrderInput', (orderId) => ({ orderId }), ['WAREHOUSE', 'SUPPORT']],
    ['refundOrder', 'RefundOrderInput', (orderId) => ({ orderId }), ['SUPPORT', 'FINANCE']],
  ];
  it.each(mutations)('%s changes and says nothing for whom it is not for', async (name, type, input) => {
    const { id } = await shop.awaiting(guest());
    const before = [await shop.t.sql('select * from orders.orders where id = $1', [id]), await shop.saidOf(id)];
    for (const viewer of [anonymous(), guest(), customer(), staff('MERCHANDISER')]) {
      const { data, errors } = await shop.t.ask(
        'orders',
        viewer,
        `mutation ($input: ${type}!) { ${name}(input: $input) { order { id } errors { code } } }`,
        {
          input: { ...input(wireId('Order', id)), idempotencyKey: key() },
        },
      );
      const payload = data?.[name] as { order: unknown; errors: { code: string }[] } | undefined;
      const refused = errors ? errors[0]!.extensions.code : payload!.errors[0]!.code;
      expect(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']).toContain(refused);
    }
    expect([await shop.t.sql('select * from orders.orders where id = $1', [id]), await shop.saidOf(id)]).toEqual(
      before,
    );
  });

  it('finds an order by number and e-mail for whoever knows both, until too many tries', async () => {
    const { order } = await shop.create(guest());
    const find = (number: string, email: string) =>
      shop.t.ask(
        'orders',
        anonymous(),
        `query ($n: String!, $e: String!) { orderByNumber(number: $n, email: $e) { ${ORDER} } }`,
        { n: number, e: email },
      );
    expect((await find(order.orderNumber.toLowerCase(), 'ADA@example.com')).data?.orderByNumber).toMatchObject({
      id: order.id,
    });
    for (let i = 0; i < 9; i++)
      expect((await find(order.orderNumber, `x${i}@example.com`)).data?.orderByNumber).toBeNull();
    expect((await find(order.orderNumber, 'ada@example.com')).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  it('gives a guest’s orders to the user the guest turns out to be, once', async () => {
    const someone = guest();
    const user = customer();
    const { id } = await shop.awaiting(someone);
    const userId = user.userId as UserId;
    await shop.t.hear(
      'orders',
      'users.GuestIdentified',
      { key: someone.guestId!, data: { guestId: someone.guestId!, userId } },
      2,
    );
    expect(await shop.read(someone, id)).toBeNull();
    expect(await shop.read(user, id)).toMatchObject({ version: 3 });
    const { myOrders } = await shop.t.run('orders', user, '{ myOrders { nodes { id } count { value } } }');
    expect(myOrders).toEqual({ nodes: [{ id: wireId('Order', id) }], count: { value: 1 } });
    const ref = { r: [{ __typename: 'User', id: wireId('User', userId) }] };
    const q = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { orders { nodes { id } } } } }`;
    expect((await shop.t.run('orders', user, q, ref))._entities).toEqual([
      { orders: { nodes: [{ id: wireId('Order', id) }] } },
    ]);
    expect((await shop.t.run('orders', customer(), q, ref))._entities).toEqual([{ orders: null }]);
  });

  it('tells a watcher each version, starting with the present one', async () => {
    const viewer = guest();
    const { id, total } = await shop.awaiting(viewer);
    const house = shop.t.house('orders');
    const stream = (await house.subscribe({
      document: parse(
        `subscription { orderUpdated(id: "${wireId('Order', id)}") { eventId order { status timeline { kind } } } }`,
      ),
      context: house.context(viewer),
    })) as AsyncIterableIterator<{ data: { orderUpdated: { order: { status: string; timeline: unknown[] } } } }>;
    const next = async () => (await stream.next()).value.data.orderUpdated;
    expect(await next()).toMatchObject({ eventId: `2-${id}`, order: { status: 'AWAITING_PAYMENT' } });
    await shop.say('payments.PaymentActionRequired', id, { paymentId: uuid(7), attempt: 1 });
    expect((await next()).order.timeline).toHaveLength(3);
    await shop.authorized(id, total);
    expect(await next()).toMatchObject({ eventId: `4-${id}`, order: { status: 'CONFIRMED' } });
    await stream.return?.();
  });
});
