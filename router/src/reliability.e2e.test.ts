import { afterEach, describe, expect, it } from 'vitest';
import { violations } from './laws.ts';
import {
  attempt,
  fillCart,
  key,
  openShop,
  orderInput,
  pay,
  placeOrder,
  type Quoted,
  type Shop,
} from './shop.testing.ts';
import { type Caller, startSouk, type TestSouk } from './souk.testing.ts';

/** Runs work for every item, some at a time, in order of arrival. */
async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) {
        const index = next++;
        results[index] = await work(items[index]!, index);
      }
    }),
  );
  return results;
}

/** Mulberry32: the same seed shuffles alike, so that a failing run can be had again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const SEED = Number(process.env.SOUK_TEST_SEED ?? Date.now() % 1_000_000);

describe(`under pressure (SOUK_TEST_SEED=${SEED})`, () => {
  let souk: TestSouk | undefined;
  afterEach(async () => {
    await souk?.stop();
    souk = undefined;
  });

  const lawful = async (shop: TestSouk) => {
    await shop.quiet();
    expect(await violations((sql) => shop.sql(sql))).toEqual([]);
  };

  interface Shopper {
    readonly caller: Caller;
    readonly quoted: Quoted;
  }

  const shoppers = (shop: Shop, of: TestSouk, carts: readonly Record<string, number>[]): Promise<Shopper[]> =>
    inParallel(carts, 20, async (cart) => {
      const caller = await of.guest();
      return { caller, quoted: await fillCart(caller, shop, cart) };
    });

  it('500 shoppers at once for a stock of 50: exactly 50 are confirmed, 450 hear what is missing', async () => {
    souk = await startSouk();
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 50 }, B: { amount: '20.00', stock: 50 } });
    // Half of the carts hold the two in the other order: a lock taken in the order of a cart would deadlock.
    const carts = shuffled(
      Array.from({ length: 500 }, (_, i): Record<string, number> => (i % 2 ? { A: 1, B: 1 } : { B: 1, A: 1 })),
      SEED,
    );
    const crowd = await shoppers(shop, souk, carts);
    const statuses: number[] = [];
    const orders = await inParallel(crowd, 100, async ({ caller, quoted }) => {
      const answer = await caller.ask(
        'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { id } errors { code } } }',
        { input: orderInput(quoted) },
      );
      statuses.push(answer.status);
      expect(answer.errors).toBeUndefined();
      return answer.data.createOrder.order.id as string;
    });
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    await souk.quiet();
    const read = () =>
      inParallel(crowd, 20, async ({ caller }, i) => {
        const { order } = await caller.run(
          'query ($id: ID!) { order(id: $id) { status cancelReason missingLines { requested available variant { sku } } } }',
          { id: orders[i] },
        );
        return order;
      });
    const held = await read();
    expect(held.filter((order) => order.status === 'AWAITING_PAYMENT')).toHaveLength(50);
    const payers = crowd
      .map((one, i) => ({ ...one, id: orders[i]! }))
      .filter((_, i) => held[i].status === 'AWAITING_PAYMENT');
    await inParallel(payers, 25, ({ caller, id }) => pay(caller, id));
    await souk.quiet();
    const final = await read();
    expect(final.filter((order) => order.status === 'CONFIRMED')).toHaveLength(50);
    const refused = final.filter((order) => order.status === 'CANCELLED');
    expect(refused).toHaveLength(450);
    for (const order of refused) {
      expect(order.cancelReason).toBe('OUT_OF_STOCK');
      expect(
        order.missingLines.map((line: { requested: number; available: number }) => [line.requested, line.available]),
      ).toEqual([
        [1, 0],
        [1, 0],
      ]);
    }
    expect(
      await souk.sql(
        'select count(*)::int as n, sum(captured)::int as money from payments.payments where captured > 0',
      ),
    ).toEqual([{ n: 50, money: 50 * 3490 }]);
    await lawful(souk);
  });

  it('payment, cancellation and expiry race for 40 orders: each ends once, and nobody keeps what is not theirs', async () => {
    souk = await startSouk({ env: { SOUK_PAYMENT_DEADLINE_MINUTES: '0.05' } });
    const shop = await openShop(souk, { C: { amount: '10.00', stock: 40 } });
    const crowd = await shoppers(
      shop,
      souk,
      Array.from({ length: 40 }, () => ({ C: 1 })),
    );
    const orders = await inParallel(crowd, 40, ({ caller, quoted }) => placeOrder(caller, quoted));
    const moves = shuffled(
      crowd.flatMap(({ caller }, i) => [
        () =>
          attempt(
            caller,
            'payOrder',
            'PayOrderInput',
            { idempotencyKey: key(), orderId: orders[i].id, paymentMethod: 'pm_card_visa' },
            'order { id }',
          ),
        ...(i % 2
          ? [
              () =>
                attempt(
                  caller,
                  'cancelOrder',
                  'CancelOrderInput',
                  { idempotencyKey: key(), orderId: orders[i].id },
                  'order { id }',
                ),
            ]
          : []),
        ...(i % 5 === 0 ? [() => souk!.houses.get('orders')!.runTick('expireCheckouts')] : []),
      ]),
      SEED,
    );
    await inParallel<() => Promise<unknown>, unknown>(moves, 30, (move) => move());
    await expect
      .poll(
        async () => {
          await souk!.houses.get('orders')!.runTick('expireCheckouts');
          await souk!.quiet();
          return souk!.sql(
            `select count(*)::int as n from orders.orders where status in ('PENDING', 'AWAITING_PAYMENT')`,
          );
        },
        { timeout: 60_000, interval: 500 },
      )
      .toEqual([{ n: 0 }]);
    await souk.quiet();
    const [ends] = await souk.sql<{ sold: number; cancelled: number }>(
      `select count(*) filter (where status = 'CONFIRMED')::int as sold, count(*) filter (where status = 'CANCELLED')::int as cancelled from orders.orders`,
    );
    expect(ends!.sold + ends!.cancelled).toBe(40);
    const [level] = await souk.sql<{ available: number }>('select available from inventory.variants');
    expect(level!.available).toBe(40 - ends!.sold);
    await lawful(souk);
  });

  it('the same idempotency key 50 times at once, later, and for another body: one order, one charge', async () => {
    souk = await startSouk();
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 50 } });
    const guest = await souk.guest();
    const quoted = await fillCart(guest, shop, { A: 1 });
    const [ordered, paid] = [key(), key()];
    const orders = await Promise.all(Array.from({ length: 50 }, () => placeOrder(guest, quoted, ordered)));
    expect(new Set(orders.map((order) => order.id)).size).toBe(1);
    await souk.quiet();
    const payments = await Promise.all(
      Array.from({ length: 50 }, () => pay(guest, orders[0].id, 'pm_card_visa', paid)),
    );
    expect(new Set(payments.map(({ order }) => order.id)).size).toBe(1);
    await souk.quiet();
    expect((await placeOrder(guest, quoted, ordered)).id).toBe(orders[0].id);
    expect((await pay(guest, orders[0].id, 'pm_card_visa', paid)).order).toEqual({
      id: orders[0].id,
      status: 'CONFIRMED',
    });
    const other = await attempt(
      guest,
      'payOrder',
      'PayOrderInput',
      { idempotencyKey: paid, orderId: orders[0].id, paymentMethod: 'pm_card_mastercard' },
      'order { id }',
    );
    expect(other.errors.map((error: { code: string }) => error.code)).toEqual(['IDEMPOTENCY_CONFLICT']);
    await souk.quiet();
    expect(await souk.sql('select count(*)::int as orders from orders.orders')).toEqual([{ orders: 1 }]);
    expect(
      await souk.sql(
        `select count(*)::int as charges from payments.payment_transactions where kind = 'CAPTURE' and status = 'SUCCEEDED'`,
      ),
    ).toEqual([{ charges: 1 }]);
    await lawful(souk);
  });
});
