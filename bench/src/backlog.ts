import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { memoryOf } from './processes.ts';
import type { Side } from './side.ts';

/** How a backlog of facts was heard. */
export interface Drained {
  readonly facts: number;
  readonly seconds: number;
  /** Most that Souk's own processes held together, bytes. */
  readonly peak: number;
}

const LOOK_EVERY_MS = 200;
/** Who hears `inventory.StockChanged`. */
const EARS = ['products', 'carts'] as const;

/**
 * Puts so many facts into the outbox of inventory in one transaction, as if the broker had been away: each says again what a
 * variant's stock is, under its next version, so that what comes after them still counts. `nudge` has inventory say something, for
 * nobody told its relay of these. Resolves when every ear has heard all.
 */
export async function drainBacklog(
  side: Side,
  postgresUrl: string,
  facts: number,
  nudge: () => Promise<void>,
): Promise<Drained> {
  const client = new pg.Client({ connectionString: postgresUrl, application_name: 'bench' });
  await client.connect();
  const pids = side.processes.filter(({ kind }) => kind === 'Souk').map(({ pid }) => pid);
  let peak = 0;
  const look = (): void => {
    peak = Math.max(
      peak,
      pids.reduce((sum, pid) => sum + memoryOf(pid), 0),
    );
  };
  const watching = setInterval(look, LOOK_EVERY_MS);
  const heard = async (): Promise<number> => {
    const counts = EARS.map(
      (house) => `(select count(*) from ${house}.inbox where type = 'inventory.StockChanged')`,
    ).join(' + ');
    return Number((await client.query<{ n: string }>(`select ${counts} as n`)).rows[0]!.n);
  };
  try {
    const before = await heard();
    await client.query('begin');
    await client.query(
      `with numbered as (
         select variant_id, version, on_hand, available, row_number() over (order by variant_id) - 1 as at, count(*) over () as many
         from inventory.variants),
       said as (
         insert into inventory.outbox (id, type, at, key, version, data)
         select uuidv7(), 'inventory.StockChanged', now(), v.variant_id::text, v.version + 1 + n / v.many,
           jsonb_build_object('variantId', v.variant_id, 'available', v.available, 'onHand', v.on_hand, 'lowStock', false)
         from generate_series(0, $1::int - 1) as n join numbered v on v.at = n % v.many order by n)
       update inventory.variants v set version = v.version + 1 + $1::int / many from numbered where numbered.variant_id = v.variant_id`,
      [facts],
    );
    await client.query('commit');
    const began = performance.now();
    const wanted = before + facts * EARS.length;
    await nudge();
    while ((await heard()) < wanted) await sleep(LOOK_EVERY_MS);
    const seconds = (performance.now() - began) / 1000;
    look();
    return { facts, seconds, peak };
  } finally {
    clearInterval(watching);
    await client.end();
  }
}
