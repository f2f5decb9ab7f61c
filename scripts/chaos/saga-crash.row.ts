import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseId } from '@souk/schema';
import { type KillableSouk, startKillable, surely } from '../../router/src/killable.testing.ts';
import { fillCart, key, openShop, pay, placeOrder, type Shop } from '../../router/src/shop.testing.ts';
import { brokenWords, type Log } from '../../router/src/shoppers.testing.ts';
import { openEngines } from '../../router/src/souk.engines.testing.ts';
import { inspection, until, wrongsAtRest } from './rest.ts';
import type { Row, Scene } from './row.ts';

/** Points of each profile that the short form tries. */
const SAMPLE = 4;
/** Longer than a broker waits for a sign of life before it delivers again. */
const MEET_MS = 60_000;
/** Longer than deadlines, leases and back-offs that a kill may lead to, one after the other. */
const PATIENCE_MS = 120_000;

export const sagaCrash: Row = {
  name: 'saga-crash',
  promise:
    'killed before or after any commit, publish, acknowledgement or provider call of a checkout, the shop ends where it ends without the kill',
  async run(scene) {
    const embedded = await crashEverywhere(scene, 'embedded', {});
    if (scene.short) return embedded;
    const engines = await openEngines();
    try {
      const { port } = new URL(engines.nats.url());
      const distributed = await crashEverywhere(
        scene,
        'distributed',
        { reach: engines.reach },
        { CHAOS_NATS_PORT: port },
      );
      return {
        done: `${embedded.done}; ${distributed.done}`,
        wrongs: [...embedded.wrongs, ...distributed.wrongs],
      };
    } finally {
      await engines.stop();
    }
  },
};

async function crashEverywhere(
  { postgresUrl, folder, short, chance, say }: Scene,
  profile: string,
  how: Parameters<typeof startKillable>[2] & object,
  more: Record<string, string> = {},
) {
  const { wrongs, expect } = inspection();
  const points = await pointsIn(join(folder, profile));
  const souk = await startKillable(
    postgresUrl,
    {},
    {
      ...how,
      preload: [new URL('./crash-points.ts', import.meta.url).href],
      process: { CHAOS_POINTS: points.folder, ...more },
    },
  );
  try {
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 5_000 } });
    const logs: Log[] = [];
    say(`${profile}: counting what a checkout goes through`);
    // What comes by its own time is not in both.
    const [first, second] = [await buyInPeace(souk, shop, logs, points), await buyInPeace(souk, shop, logs, points)];
    const all = first.reached.filter((point) => second.reached.includes(point));
    const wanted = first.end;
    expect('how a second sound checkout ends', second.end, wanted);
    const chosen = short ? sample(all, SAMPLE, chance.below) : all;
    const missed: string[] = [];
    for (const [number, point] of chosen.entries()) {
      say(`${profile}: ${number + 1} of ${chosen.length} points, ${point}`);
      const shopper = await enter(souk, shop);
      await points.arm(point);
      const buying = checkOut(shopper);
      buying.catch(() => undefined);
      const met = await Promise.race([souk.dies().then(() => true), points.unmetAfter(MEET_MS).then(() => false)]);
      if (met) {
        // Half a minute passes: whoever was calling the provider is known to be dead.
        for (const table of ['payments', 'refunds']) {
          await souk.sql(`update payments.${table} set lease_until = null where lease_until is not null`);
        }
        await souk.start();
      } else missed.push(point);
      logs.push(await buying);
    }
    say(`${profile}: waiting until all is at rest`);
    for (const { orderId } of logs) {
      const end = await until(
        () => endOf(souk, orderId),
        (now) => JSON.stringify(now) === JSON.stringify(wanted),
        PATIENCE_MS,
      );
      expect(
        `${profile}: how order ${orderId} ended, killed ${chosen[logs.findIndex((log) => log.orderId === orderId) - 2]}`,
        end,
        wanted,
      );
    }
    wrongs.push(...(await wrongsAtRest(souk, PATIENCE_MS)), ...(await brokenWords(logs)));
    if (missed.length * 10 > chosen.length)
      wrongs.push(`${profile}: too many points were not met again: ${missed.join('; ')}.`);
    const dying = chosen.length - missed.length;
    return {
      done: `${profile}: killed at ${dying} of ${all.length} points${missed.length ? `, ${missed.length} not met again` : ''}`,
      wrongs,
    };
  } finally {
    await souk.end();
  }
}

/** What the process tells and is told, through files: nothing is lost when it dies. */
async function pointsIn(folder: string) {
  await mkdir(folder);
  const [armed, reached] = [join(folder, 'armed'), join(folder, 'reached')];
  return {
    folder,
    arm: (point: string) => writeFile(armed, point),
    /** Resolves when the armed point was not met for so long, and disarms it. */
    async unmetAfter(ms: number) {
      for (let waited = 0; waited < ms; waited += 100) {
        await sleep(100);
        // It was met: the process dies, and whoever waits for that hears of it.
        if (!existsSync(armed)) return new Promise<void>(() => undefined);
      }
      await rm(armed, { force: true });
    },
    forget: () => rm(reached, { force: true }),
    list: async () => [...new Set((await readFile(reached, 'utf8')).split('\n').filter(Boolean))],
  };
}

function sample(all: readonly string[], count: number, below: (n: number) => number): string[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]!);
}

/** With a full cart, before the door of the checkout: filling it twice, as who lost an answer would, makes it another cart. */
async function enter(souk: KillableSouk, shop: Shop): Promise<Log> {
  const guest = await souk.guest();
  const quoted = await fillCart(guest, shop, { A: 1 });
  return { guest, quoted, orderKey: key(), payKey: key(), orderId: '', paid: true };
}

async function checkOut(log: Log): Promise<Log> {
  const { guest, quoted, orderKey, payKey } = log;
  const order = await surely(() => placeOrder(guest, quoted, orderKey));
  await surely(() => pay(guest, order.id, 'pm_card_visa', payKey));
  return { ...log, orderId: order.id };
}

async function buyInPeace(souk: KillableSouk, shop: Shop, logs: Log[], points: Awaited<ReturnType<typeof pointsIn>>) {
  const shopper = await enter(souk, shop);
  await souk.quiet();
  await points.forget();
  const log = await checkOut(shopper);
  logs.push(log);
  const end = await until(
    () => endOf(souk, log.orderId),
    (now) => now?.step === 'DONE' && now.mails === 'ORDER_CONFIRMED SENT',
  );
  await souk.quiet();
  return { end, reached: await points.list() };
}

const END = `
  select o.status, o.step, o.total::int, p.status as payment, p.captured::int, p.refunded::int,
    (select string_agg(e.kind, ' ' order by e.kind) from orders.order_events e where e.order_id = o.id) as events,
    (select string_agg(m.template || ' ' || m.status, ', ' order by m.template) from notifications.messages m where m.order_id = o.id) as mails,
    (select status from inventory.reservations r where r.order_id = o.id) as stock,
    (select string_agg(t.kind || ' ' || t.status, ', ' order by t.kind, t.status) from payments.payment_transactions t where t.payment_id = p.id) as transactions,
    (select string_agg(l.debit || '→' || l.credit || ' ' || l.amount, ', ' order by l.debit, l.credit) from payments.ledger_entries l where l.payment_id = p.id) as ledger,
    (select count(*)::int from carts.cart_lines c where c.cart_id = o.cart_id) as left_in_cart,
    (select string_agg(type, ' ' order by type) from (
      select type from orders.outbox where key = o.id::text union all select type from payments.outbox where key = o.id::text
      union all select type from inventory.outbox where key = o.id::text) said) as said
  from orders.orders o left join payments.payments p on p.order_id = o.id where o.id = $1`;

interface End {
  readonly step: string;
  readonly mails: string | null;
}

/** Everything that a checkout leaves behind which does not hold a time or an id. */
async function endOf(souk: KillableSouk, orderId: string): Promise<End | undefined> {
  return (await souk.sql<End>(END, [parseId(orderId)!.uuid]))[0];
}
