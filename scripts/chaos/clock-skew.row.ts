import { globSync } from 'node:fs';
import { houses } from '@souk/router';
import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { openShop } from '../../router/src/shop.testing.ts';
import { brokenWords, sendShoppers } from '../../router/src/shoppers.testing.ts';
import type { Reach } from '../../router/src/souk.distributed.testing.ts';
import { openEngines } from '../../router/src/souk.engines.testing.ts';
import { inspection, wrongsAtRest } from './rest.ts';
import type { Row } from './row.ts';

const SKEWS = [600, -3_600] as const;
/** Long enough for a shopper to pay on a busy machine, and far shorter than the skews. */
const DEADLINE_SECONDS = 30;

export const clockSkew: Row = {
  name: 'clock-skew',
  promise:
    'with processes ten minutes ahead or an hour behind, the database’s clock decides what has expired, and every law holds',
  async run({ postgresUrl, say, short }) {
    const library = globSync(['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib/faketime/libfaketime.so.1'])[0];
    if (!library)
      return { done: '', wrongs: ['It was not tried: there is no libfaketime (apt-get install faketime).'] };
    const engines = short ? null : await openEngines();
    const count = short ? 6 : 36;
    try {
      const each = await Promise.all(
        SKEWS.map((skew) => sellUnder({ postgresUrl, library, skew, count, say, reach: undefined })),
      );
      // All houses of a shop that NATS and Redis connect, one skew after the other: they share the engines.
      if (engines) {
        const { reach } = engines;
        for (const skew of SKEWS) {
          each.push(await sellUnder({ postgresUrl, library, skew, count, say, reach }));
          await engines.nats.kill();
          await engines.nats.wipe();
          await engines.nats.start();
          await engines.redis.each('FLUSHALL');
        }
      }
      return {
        done: `${each.length} shops at ${SKEWS.map((skew) => `${skew > 0 ? '+' : '−'}${Math.abs(skew) / 60} min`).join(' and ')}, ${count * each.length} checkouts, a third left unpaid`,
        wrongs: each.flat(),
      };
    } finally {
      await engines?.stop();
    }
  },
};

interface Skewed {
  readonly postgresUrl: string;
  readonly library: string;
  readonly skew: number;
  readonly count: number;
  readonly reach: Reach | undefined;
  readonly say: (line: string) => void;
}

async function sellUnder({ postgresUrl, library, skew, count, reach, say }: Skewed): Promise<string[]> {
  const where = `A process ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}${reach ? ' over NATS and Redis' : ''}`;
  const { wrongs, expect } = inspection();
  const env = { SOUK_PAYMENT_DEADLINE_MINUTES: String(DEADLINE_SECONDS / 60) };
  const clock: Record<string, string> = {};
  say(`${where} starts`);
  const souk = await startKillable(postgresUrl, env, { process: clock, ...(reach ? { reach } : {}) });
  try {
    // A merchant's session is shorter than a skew, and ends at the router's clock: the goods are there before.
    const shop = await openShop(souk, { A: { amount: '10.00', stock: 500 }, B: { amount: '20.00', stock: 500 } });
    await souk.kill();
    // Waiting goes by the monotonic clock, which no skew moves.
    Object.assign(clock, {
      LD_PRELOAD: library,
      FAKETIME: `${skew > 0 ? '+' : ''}${skew}s`,
      DONT_FAKE_MONOTONIC: '1',
    });
    await souk.start();
    const [row] = await souk.sql<{ begin: Date }>(`select now() - interval '9 minutes' as begin`);
    const { begin } = row!;
    const told = Date.parse((await fetch(souk.url)).headers.get('date') ?? '');
    expect('the skew that its answers show', Math.abs(told - Date.now() - skew * 1000) < 60_000, true);
    const crowd = sendShoppers(souk, shop, { count, leaves: (number) => number % 3 === 2 });
    await crowd.done;
    say(`${where}: ${crowd.logs.length} ordered; waiting for those who do not pay`);
    wrongs.push(...crowd.stranded, ...(await wrongsAtRest(souk, 90_000)), ...(await brokenWords(crowd.logs)));
    await souk.quiet();
    const left = Math.floor(count / 3);
    expect('how orders ended', await souk.sql(ENDS), [
      { status: 'CANCELLED', reason: 'EXPIRED', n: left },
      { status: 'CONFIRMED', reason: null, n: count - left },
    ]);
    expect('orders that were given up before their time', await souk.sql(TOO_EARLY, [DEADLINE_SECONDS]), []);
    wrongs.push(...(await foreignTimes(souk, begin)));
    return wrongs.map((wrong) => `${where}: ${wrong}`);
  } finally {
    await souk.end();
  }
}

const ENDS = `
  select status, cancel_reason as reason, count(*)::int as n from orders.orders group by 1, 2 order by 1`;
const TOO_EARLY = `
  select o.order_number, e.at - o.created_at as after from orders.orders o
  join orders.order_events e on e.order_id = o.id and e.kind = 'CANCELLED'
  where e.at < o.created_at + make_interval(secs => $1)`;

/** What may lie ahead: it says until when, not when. */
const AHEAD = /expire|due|attempt|until|deadline|valid/;

/** Times of things that happened which the database's clock never showed meanwhile. */
async function foreignTimes(souk: KillableSouk, begin: Date): Promise<string[]> {
  const columns = await souk.sql<{ schema: string; table: string; column: string }>(
    `select n.nspname as schema, c.relname as table, a.attname as column
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.atttypid = 'timestamptz'::regtype and c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any($1)`,
    [houses.map(({ name }) => name)],
  );
  const wrongs: string[] = [];
  for (const { schema, table, column } of columns) {
    if (AHEAD.test(column)) continue;
    const [row] = await souk.sql<{ n: number; example: Date }>(
      `select count(*)::int as n, min(${column}) as example from ${schema}.${table} where ${column} > now()
        or ${column} < $1 and ${column} > $1 - interval '1 day'`,
      [begin],
    );
    if (row!.n > 0)
      wrongs.push(`${row!.n} times in ${schema}.${table}.${column} are not the database’s: ${row!.example}.`);
  }
  return wrongs;
}
