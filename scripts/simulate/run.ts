import { createHash } from 'node:crypto';
import { wrongs } from './checks.ts';
import { nothingAcknowledged } from './clients.ts';
import type { SimulatedDatabase } from './database.ts';
import { everybody } from './everybody.ts';
import type { Houses } from './houses.ts';
import { begin } from './own.ts';
import { type Base, openShop } from './shop.ts';
import { type Counts, Stage } from './stage.ts';

export interface Outcome {
  readonly seed: number;
  readonly counts: Counts;
  /** Orders by their final status. */
  readonly orders: Readonly<Record<string, number>>;
  /** What is wrong; empty where the run is sound. */
  readonly wrongs: readonly string[];
  readonly trace: readonly string[];
  /** Of the trace: equal for equal runs. */
  readonly fingerprint: string;
}

/** Steps in which things go wrong; afterwards everything comes to rest. */
const WILD_STEPS = 220;
const DAY_MS = 86_400_000;

/** How every order ended, for the trace. */
const ENDS = `
  select concat_ws(' ', 'order', order_number, status, cancel_reason, total, captured, credited, refunded, version) as line
  from orders.orders order by order_number`;

/** Brings the shop of every run into being, with nothing going wrong. */
export async function prepare(database: SimulatedDatabase, houses: Houses): Promise<Base> {
  begin(0, -DAY_MS);
  const stage = new Stage(0, database, houses);
  await stage.startAll();
  const waiters: (() => void)[] = [];
  const opening = openShop(houses, () => new Promise((resolve) => waiters.push(resolve)));
  let open = true;
  const ended = () => {
    open = false;
  };
  opening.then(ended, ended);
  while (open) {
    await stage.quieten();
    for (const resolve of waiters.splice(0)) resolve();
  }
  const base = await opening;
  await stage.quieten();
  if (stage.complaints.length > 0) throw new Error(stage.complaints.join('\n'));
  return base;
}

/** One run of one seed, from the base to rest; whatever it decides it decides by the seed. */
export async function simulate(
  seed: number,
  database: SimulatedDatabase,
  houses: Houses,
  base: Base,
): Promise<Outcome> {
  begin(seed, 0);
  const stage = new Stage(seed, database, houses);
  await stage.startAll();
  const told = nothingAcknowledged();
  const { points, provider } = stage;
  const scene = { seed, houses, points, provider, base, told, note: (line: string) => stage.note(line) };
  let left = 0;
  for (const one of everybody(scene)) {
    left += 1;
    void one
      .catch((error: unknown) => stage.wrong(String(error instanceof Error ? error.message : error)))
      .finally(() => {
        left -= 1;
      });
  }
  const found: string[] = [];
  try {
    await stage.points.settled();
    stage.calm = false;
    for (let step = 0; step < WILD_STEPS && stage.sound; step++) await stage.step(false);
    found.push(...(await stage.rest(() => left)));
    found.push(...stage.complaints);
    if (found.length === 0) found.push(...(await wrongs(database, provider.bank, told, base)));
  } catch (error) {
    found.push(...stage.complaints, `the run could not go on: ${error instanceof Error ? error.stack : error}`);
  }
  const rows = await database.prepared<{ status: string; n: number }>(
    'final',
    'select status, count(*)::int as n from orders.orders group by 1 order by 1',
  );
  for (const { line } of await database.prepared<{ line: string }>('ends', ENDS)) stage.note(line);
  return {
    seed,
    counts: stage.total(),
    orders: Object.fromEntries(rows.map(({ status, n }) => [status, n])),
    wrongs: found,
    trace: stage.trace,
    fingerprint: createHash('sha256').update(stage.trace.join('\n')).digest('hex').slice(0, 16),
  };
}
