import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removePostgres } from '@souk/kit';
import { type Drained, drainBacklog } from './backlog.ts';
import { type Bench, folderOf, ROOT } from './bench.ts';
import { checkoutScenario } from './buying.ts';
import { openClient } from './client.ts';
import { type Database, startDatabase } from './database.ts';
import { median, percentile, show } from './figures.ts';
import { digestTables, markFilled, stateOf } from './keeping.ts';
import { cpuOf, cpuOfFamily, memoryOf, memoryOfFamily } from './processes.ts';
import type { ProfilesOptions } from './profiles.options.ts';
import { startProvider } from './provider.ts';
import { describeMachine } from './report.ts';
import { adjustStock, administratorOf, learnShop } from './shop.ts';
import { type Side, type StartSide, startEmbeddedSide } from './side.ts';
import { fanoutScenario } from './watching.ts';

export interface ProfilesBench extends ProfilesOptions, Pick<Bench, 'seed' | 'onProgress'> {
  /** Starts the distributed profile: every subgraph and the router as a process, on NATS and Redis. */
  readonly startDistributed: StartSide;
}

/** What one profile came to. */
export interface ProfileFigures {
  readonly name: string;
  readonly shop: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor for one checkout with all that it sets off. */
  readonly cpu: { readonly souk: number; readonly engines: number; readonly postgres: number };
  /** From the commit in PostgreSQL to the subscriber, ms. */
  readonly delay: { readonly p50: number; readonly p99: number };
  readonly drained: readonly [Drained, Drained];
  /** At rest after all of it, bytes. */
  readonly memory: { readonly souk: number; readonly engines: number; readonly postgres: number };
  readonly processes: number;
}

export interface ProfilesResult {
  readonly machine: string;
  readonly rounds: string;
  readonly profiles: readonly ProfileFigures[];
}

export interface RunningProfiles {
  readonly done: Promise<ProfilesResult>;
  stop(): Promise<void>;
}

const WARM_UP_SECONDS = 3;

/** Measures the profiles one after the other, each on a PostgreSQL, with a payment provider and a filled shop of its own. */
export function startProfiles(bench: ProfilesBench): RunningProfiles {
  let open: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    const closing = open.reverse();
    open = [];
    for (const close of closing) await close();
  };
  const run = async (): Promise<ProfilesResult> => {
    const profiles: ProfileFigures[] = [];
    let machine = '';
    for (const [name, start] of [
      ['embedded', startEmbeddedSide],
      ['distributed', bench.startDistributed],
    ] as const) {
      const { database, side, folder } = await serve(bench, name, start, open);
      machine = describeMachine(database);
      profiles.push(await measureSide(bench, name, side, database, folder));
      await stop();
    }
    const rounds = `Checkouts in ${bench.rounds} rounds of ${show(bench.seconds)} s after a warm-up; the profiles one after the other.`;
    return { machine, rounds, profiles };
  };
  return { done: run().finally(stop), stop };
}

async function serve(bench: ProfilesBench, name: string, start: StartSide, open: (() => Promise<void>)[]) {
  const { size, seed, fresh } = bench;
  const onProgress = (line: string): void => bench.onProgress(`${name}: ${line}`);
  const folder = join(folderOf(size), '..', `${size}-${name}`);
  const digest = await digestTables(ROOT);
  if (fresh || (await stateOf(folder, digest)) === 'STALE') {
    for (const one of ['postgres', 'provider']) await removePostgres(join(folder, one));
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  const database = await startDatabase(join(folder, 'postgres'), { sampling: false, onProgress });
  open.push(() => database.stop());
  const provider = await startProvider(folder, onProgress);
  open.push(() => provider.stop());
  const side = await start({ postgresUrl: database.url, dataDir: folder, provider, onProgress });
  open.push(() => side.stop());
  if ((await stateOf(folder, digest)) !== 'FILLED') {
    onProgress(`Filling a ${size} shop`);
    await seed(size, { url: side.url, admin: administratorOf(side.logins), onProgress });
    await side.quiet();
    await database.settle();
    await markFilled(folder, digest);
  }
  return { database, side, folder };
}

async function measureSide(
  bench: ProfilesBench,
  name: string,
  side: Side,
  database: Database,
  folder: string,
): Promise<ProfileFigures> {
  const { seconds, rounds, events, backlogs } = bench;
  const onProgress = (line: string): void => bench.onProgress(`${name}: ${line}`);
  const client = openClient(side.url);
  try {
    const shop = await learnShop(client, side.logins);
    const checkout = checkoutScenario(shop);
    onProgress('Warming up');
    await checkout.round(WARM_UP_SECONDS);
    await side.quiet();
    const measured: Awaited<ReturnType<typeof roundOf>>[] = [];
    for (let round = 1; round <= rounds; round++) {
      measured.push(await roundOf(side, database, () => checkout.round(seconds)));
      onProgress(`Round ${round} of ${rounds}: ${show(measured.at(-1)!.perSecond)} checkouts per s`);
    }
    const middle = (figure: (one: (typeof measured)[number]) => number): number => median(measured.map(figure));
    onProgress(`Timing ${events} changes on their way to a subscriber`);
    const watched = fanoutScenario(shop, database, { clients: 1, events });
    await watched.prepare?.();
    const { latencies } = await watched.round(0);
    await watched.leave?.();
    const drained: Drained[] = [];
    for (const facts of backlogs) {
      await side.quiet();
      const one = await drainBacklog(side, database.url, facts, () =>
        adjustStock(client, shop.admin, [{ variantId: shop.variants[0]!, warehouseId: shop.warehouse, delta: 1 }]),
      );
      onProgress(`${facts.toLocaleString('en-US')} facts were heard in ${show(one.seconds)} s`);
      drained.push(one);
    }
    await side.quiet();
    return {
      name,
      shop: shop.holds,
      perSecond: middle((one) => one.perSecond),
      p50: middle((one) => one.p50),
      p99: middle((one) => one.p99),
      cpu: {
        souk: middle((one) => one.souk),
        engines: middle((one) => one.engines),
        postgres: middle((one) => one.postgres),
      },
      delay: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
      drained: [drained[0]!, drained[1]!],
      memory: {
        souk: sumOver(side, 'Souk', memoryOf),
        engines: sumOver(side, 'NATS and Redis', memoryOf),
        postgres: memoryOfFamily(database.pid),
      },
      processes: side.processes.length,
    };
  } catch (error) {
    onProgress(`What it was doing is in ${folder}`);
    throw error;
  } finally {
    client.close();
  }
}

const sumOver = (side: Side, kind: Side['processes'][number]['kind'], of: (pid: number) => number): number =>
  side.processes.filter((one) => one.kind === kind).reduce((sum, { pid }) => sum + of(pid), 0);

/** One round, charged with everything until the shop is silent again. */
async function roundOf(
  side: Side,
  database: Database,
  round: () => Promise<{ operations: number; seconds: number; latencies: readonly number[] }>,
) {
  const times = () => ({
    souk: sumOver(side, 'Souk', cpuOf),
    engines: sumOver(side, 'NATS and Redis', cpuOf),
    postgres: cpuOfFamily(database.pid),
  });
  const before = times();
  const { operations, seconds, latencies } = await round();
  await side.quiet();
  const after = times();
  return {
    perSecond: operations / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    souk: (after.souk - before.souk) / operations,
    engines: (after.engines - before.engines) / operations,
    postgres: (after.postgres - before.postgres) / operations,
  };
}
