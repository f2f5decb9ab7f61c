import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '@souk/kit/postgres';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Caller } from './caller.testing.ts';
import { type KillableSouk, type Stop, startKillable, stopAt, surely } from './killable.testing.ts';
import { violations } from './laws.ts';
import { attempt, fillCart, key, ORDER, openShop, pay, placeOrder, type Quoted, type Shop } from './shop.testing.ts';

const SEED = Number(process.env.SOUK_TEST_SEED ?? Date.now() % 1_000_000);

/** Mulberry32: the same seed throws alike, so that a failing run can be had again. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What one shopper was told, kept on the shopper's side. */
interface Log {
  readonly guest: Caller;
  readonly quoted: Quoted;
  readonly orderKey: string;
  readonly payKey: string;
  readonly orderId: string;
  /** True once paying was acknowledged. */
  paid: boolean;
}

interface Crowd {
  readonly logs: Log[];
  /** Answers so far. */
  readonly acknowledged: () => number;
  readonly done: Promise<void>;
}

/** `count` shoppers, a few at a time, each from a new session to a paid order; every sixth leaves without paying. */
function sendShoppers(souk: KillableSouk, shop: Shop, count: number): Crowd {
  const logs: Log[] = [];
  let answers = 0;
  let next = 0;
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    const answer = await surely(work);
    answers += 1;
    return answer;
  };
  async function buyOne(number: number): Promise<void> {
    const guest = await told(() => souk.guest());
    const quoted = await told(() => fillCart(guest, shop, number % 2 ? { A: 1, B: 1 } : { B: 1, A: 1 }));
    const [orderKey, payKey] = [key(), key()];
    const order = await told(() => placeOrder(guest, quoted, orderKey));
    const log: Log = { guest, quoted, orderKey, payKey, orderId: order.id, paid: false };
    logs.push(log);
    if (number % 6 === 5) return;
    const input = { idempotencyKey: payKey, orderId: order.id, paymentMethod: 'pm_card_visa' };
    const { errors } = await told(() => attempt(guest, 'payOrder', 'PayOrderInput', input, 'order { id }'));
    // After a long outage the deadline may have come first; that too is a final answer.
    if (errors.length > 0) expect(errors).toMatchObject([{ code: 'NOT_PAYABLE' }]);
    log.paid = errors.length === 0;
  }
  const done = Promise.all(
    Array.from({ length: 6 }, async () => {
      while (next < count) await buyOne(next++);
    }),
  ).then(() => undefined);
  // Whoever waits for it later hears of a failure then.
  done.catch(() => undefined);
  return { logs, acknowledged: () => answers, done };
}

describe(`after a kill (SOUK_TEST_SEED=${SEED})`, () => {
  let souk: KillableSouk | undefined;
  let postgres: { server: EmbeddedPostgres; dir: string } | undefined;
  afterEach(async () => {
    await souk?.end();
    souk = undefined;
    await postgres?.server.stop();
    if (postgres) await removePostgres(postgres.dir);
    postgres = undefined;
  });

  const open = () =>
    surelySql(`select id, status from orders.orders where status in ('PENDING', 'AWAITING_PAYMENT')
      or (status = 'CONFIRMED' and step <> 'DONE')`);
  /** The database itself may be the one that was killed. */
  async function surelySql<Row extends object>(text: string): Promise<Row[]> {
    for (;;) {
      try {
        return await souk!.sql<Row>(text);
      } catch (error) {
        if (!/ECONN|terminat|shutting down|starting up|recovery|not yet accepting/i.test(String(error))) throw error;
        await sleep(100);
      }
    }
  }

  /** Everything ends by itself: no order is open, and at rest every law holds. */
  async function comesToRest(): Promise<void> {
    await expect.poll(open, { timeout: 240_000, interval: 250 }).toEqual([]);
    await souk!.quiet();
    await expect
      .poll(() => violations((sql) => surelySql(sql)).then((found) => JSON.stringify(found)), {
        timeout: 60_000,
        interval: 1_000,
      })
      .toBe('[]');
    expect(await open()).toEqual([]);
  }

  /** What the provider did, told by the provider alone: one intent an order, and never more taken than it cost. */
  async function chargedOnce(): Promise<void> {
    const twice = await surelySql(`
      with asked as (
        select p.order_id, p.amount, i.state,
          (select coalesce(sum((c->>'amountCaptured')::int), 0) from jsonb_array_elements(i.state->'charges') c) as taken,
          (select count(*) from jsonb_array_elements(i.state->'charges') c
            where (c->>'captured')::boolean or not (c->>'released')::boolean and c->'decline' = 'null') as charges
        from stripe_simulator.payment_intents i left join payments.payments p on p.gateway_intent_id = i.id)
      select * from asked where order_id is null or taken > amount or charges > 1
      union all select order_id, 0, null, 0, count(*) from asked group by order_id having count(*) > 1`);
    expect(twice).toEqual([]);
  }

  /** Each acknowledgement is kept: the order is there, its key leads to it, and who was told "paid" has it or the money. */
  async function keptItsWord(logs: readonly Log[]): Promise<void> {
    for (const { guest, quoted, orderKey, payKey, orderId, paid } of logs) {
      const { order } = await guest.run(`query ($id: ID!) { order(id: $id) { ${ORDER} } }`, { id: orderId });
      expect(order?.id).toBe(orderId);
      expect((await placeOrder(guest, quoted, orderKey)).id).toBe(orderId);
      if (!paid) {
        expect([order.status, order.cancelReason]).toEqual(['CANCELLED', 'EXPIRED']);
        continue;
      }
      expect((await pay(guest, orderId, 'pm_card_visa', payKey)).order.id).toBe(orderId);
      const { status, payment, total, cancelReason } = order;
      if (status === 'CONFIRMED') expect(payment).toMatchObject({ status: 'CAPTURED', captured: total });
      else expect([status, cancelReason, payment.captured]).toEqual(['CANCELLED', 'EXPIRED', payment.refunded]);
    }
    await souk!.quiet();
    expect(await surelySql('select count(*)::int as orders from orders.orders')).toEqual([{ orders: logs.length }]);
  }

  it('36 checkouts under five kills of the whole process: nothing acknowledged is lost, nothing is charged twice', async () => {
    souk = await startKillable(inject('postgresUrl'), { SOUK_PAYMENT_DEADLINE_MINUTES: '0.75' });
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 500 }, B: { amount: '20.00', stock: 500 } });
    const below = dice(SEED);
    const crowd = sendShoppers(souk, shop, 36);
    let ended = false;
    void crowd.done.finally(() => {
      ended = true;
    });
    for (let kills = 0; kills < 5; kills++) {
      const wait = crowd.acknowledged() + 8 + below(15);
      while (crowd.acknowledged() < wait && !ended) await sleep(2);
      await sleep(below(60));
      await souk.kill();
      await souk.start();
    }
    await crowd.done;
    await comesToRest();
    await chargedOnce();
    await keptItsWord(crowd.logs);
    expect(crowd.logs).toHaveLength(36);
  });

  it('goes on from every step it can be killed at, and ends as if nothing had been', async () => {
    const url = inject('postgresUrl');
    souk = await startKillable(url);
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 500 } });
    const heard = (house: string, type: string): Stop => ({
      table: `${house}.inbox`,
      event: 'insert',
      when: `new.type = '${type}'`,
    });
    const recorded = (what: string): Stop => ({ table: 'payments.payments', event: 'update', when: what });
    const stops: Record<string, Stop> = {
      'before the order is committed': {
        table: 'orders.outbox',
        event: 'insert',
        when: `new.type = 'orders.OrderCreated'`,
      },
      'after the order is committed, before anybody heard of it': heard('inventory', 'orders.OrderCreated'),
      'after stock is held, before the checkout knows': heard('orders', 'inventory.StockHeld'),
      'before the payment is opened': heard('payments', 'orders.PaymentRequested'),
      'after the provider made the intent, before we wrote it down': recorded(
        'old.gateway_intent_id is null and new.gateway_intent_id is not null',
      ),
      'before the attempt reaches payments': heard('payments', 'orders.PaymentSubmitted'),
      'after the provider authorized, before we wrote it down': recorded(
        `old.status <> 'AUTHORIZED' and new.status = 'AUTHORIZED'`,
      ),
      'after authorization, before the checkout knows': heard('orders', 'payments.PaymentAuthorized'),
      'after confirmation, before stock is allocated': heard('inventory', 'orders.OrderConfirmed'),
      'after confirmation, before the money is asked for': heard('payments', 'orders.OrderConfirmed'),
      'after the provider captured, before we wrote it down': recorded(
        `old.status <> 'CAPTURED' and new.status = 'CAPTURED'`,
      ),
      'after the capture, before the checkout knows': heard('orders', 'payments.PaymentCaptured'),
      'after all ears have heard, before the facts are marked': {
        table: 'orders.outbox',
        event: 'update',
        when: `new.type = 'orders.OrderConfirmed' and new.published_at is not null`,
      },
    };
    const logs: Log[] = [];
    for (const [where, stop] of Object.entries(stops)) {
      const guest = await souk.guest();
      const quoted = await fillCart(guest, shop, { A: 1 });
      const [orderKey, payKey] = [key(), key()];
      const held = await stopAt(souk, url, stop);
      const buying = (async () => {
        const order = await surely(() => placeOrder(guest, quoted, orderKey));
        await surely(() => pay(guest, order.id, 'pm_card_visa', payKey));
        return order.id as string;
      })();
      await held.reached();
      await souk.kill();
      await held.release();
      // Half a minute passes: whoever was calling the provider is known to be dead.
      await souk.sql('update payments.payments set lease_until = null where lease_until is not null');
      await souk.start();
      const orderId = await buying;
      const read = () =>
        surely(() => guest.run('query ($id: ID!) { order(id: $id) { status payment { status } } }', { id: orderId }));
      await expect
        .poll(read, { timeout: 120_000, interval: 100, message: where })
        .toEqual({ order: { status: 'CONFIRMED', payment: { status: 'CAPTURED' } } });
      logs.push({ guest, quoted, orderKey, payKey, orderId, paid: true });
    }
    await comesToRest();
    await chargedOnce();
    await keptItsWord(logs);
    const mails = await souk.sql<{ n: number }>(
      'select count(*)::int as n from notifications.messages group by order_id',
    );
    expect(mails.map(({ n }) => n)).toEqual(logs.map(() => 1));
  });

  it('a provider that does the work and loses its answer is asked again, and does it once', async () => {
    souk = await startKillable(inject('postgresUrl'));
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 500 } });
    const logs: Log[] = [];
    for (const path of ['/v1/payment_intents', '/confirm', '/capture']) {
      await souk.control('faults', { kind: 'lose-answer', path, times: '4' });
      const guest = await souk.guest();
      const quoted = await fillCart(guest, shop, { A: 1 });
      const [orderKey, payKey] = [key(), key()];
      const { id: orderId } = await placeOrder(guest, quoted, orderKey);
      await pay(guest, orderId, 'pm_card_visa', payKey);
      logs.push({ guest, quoted, orderKey, payKey, orderId, paid: true });
      await expect
        .poll(async () => (await guest.run('query ($id: ID!) { order(id: $id) { status } }', { id: orderId })).order, {
          timeout: 120_000,
          interval: 100,
          message: path,
        })
        .toEqual({ status: 'CONFIRMED' });
      await souk.control('faults/clear');
    }
    await comesToRest();
    await chargedOnce();
    await keptItsWord(logs);
  });

  it('PostgreSQL killed under 30 checkouts, first one of its processes, then the server: the shop recovers by itself', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'souk-killed-db-'));
    postgres = { dir, server: await startPostgres({ dir }) };
    souk = await startKillable(postgres.server.url, { SOUK_PAYMENT_DEADLINE_MINUTES: '0.75' });
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 500 }, B: { amount: '20.00', stock: 500 } });
    const below = dice(SEED + 1);
    const crowd = sendShoppers(souk, shop, 30);
    const after = async (answers: number) => {
      const wait = crowd.acknowledged() + answers;
      while (crowd.acknowledged() < wait) await Promise.race([sleep(2), crowd.done]);
      await sleep(below(60));
    };
    await after(15 + below(10));
    // A backend that dies takes the others with it, and the server recovers from its log.
    const [backend] = await souk.sql<{ pid: number }>(
      `select pid from pg_stat_activity where usename = 'orders_app' limit 1`,
    );
    process.kill(backend!.pid, 'SIGKILL');
    await after(15 + below(10));
    process.kill(postgres.server.pid, 'SIGKILL');
    await postgres.server.ended;
    await postgres.server.stop();
    postgres.server = await startPostgres({ dir, port: postgres.server.port });
    await crowd.done;
    await comesToRest();
    expect(souk.alive).toBe(true);
    await chargedOnce();
    await keptItsWord(crowd.logs);
  });
});
