import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePostgres } from '@souk/kit';
import { listScenario, productScenario, searchScenario } from './browsing.ts';
import { cartScenario, checkoutScenario } from './buying.ts';
import { openClient } from './client.ts';
import { type Database, startDatabase } from './database.ts';
import { show } from './figures.ts';
import { digestTables, markFilled, stateOf } from './keeping.ts';
import { type Counted, count, type Machinery, type Measured, measure, recordIdle, summarize } from './measure.ts';
import type { BenchOptions, ScenarioId, Size } from './options.ts';
import { describeHotSpots, describeTimes, readHotSpots } from './profile.ts';
import { type Provider, startProvider } from './provider.ts';
import { type BenchResult, describeMachine } from './report.ts';
import type { Scenario } from './scenario.ts';
import { startServer } from './server.ts';
import { administratorOf, learnShop, type Shop } from './shop.ts';
import { shapesOf, sumOf } from './statements.ts';
import { fanoutScenario } from './watching.ts';

export interface Bench extends BenchOptions {
  /** Fills an empty shop through the graph. */
  readonly seed: (
    size: Size,
    shop: { url: string; admin: { email: string; password: string }; onProgress: (line: string) => void },
  ) => Promise<void>;
  readonly onProgress: (line: string) => void;
}

export interface RunningBench {
  /** Rejects when something answered wrongly or the bench was stopped. */
  readonly done: Promise<BenchResult>;
  /** Ends server and database; safe at any time. */
  stop(): Promise<void>;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const RESULTS = join(ROOT, 'bench', 'results.md');
const IDLE_SECONDS = 12;
const WARM_UP_SECONDS = 3;

export const folderOf = (size: Size): string => join(ROOT, '.souk', 'bench', size);

const scenarios: Record<ScenarioId, (shop: Shop, database: Database) => Scenario> = {
  list: listScenario,
  product: productScenario,
  search: searchScenario,
  cart: cartScenario,
  checkout: checkoutScenario,
  fanout: fanoutScenario,
};

/** Starts a shop of its own, loads it and measures what that costs. */
export function startBench(bench: Bench): RunningBench {
  const open: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      for (const close of open.reverse()) await close();
    })();
    return stopping;
  };
  return { done: run(bench, open).finally(stop), stop };
}

async function run(bench: Bench, open: (() => Promise<void>)[]): Promise<BenchResult> {
  const { size, only, onProgress } = bench;
  const folder = folderOf(size);
  const state = await stateOf(folder, await digestTables(ROOT));
  if (state === 'STALE') onProgress('The tables were changed since this shop was filled: starting over');
  if (state === 'STALE' || bench.fresh) {
    for (const engine of ['postgres', 'provider']) await removePostgres(join(folder, engine));
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  const database = await startDatabase(join(folder, 'postgres'), { sampling: bench.profile, onProgress });
  open.push(() => database.stop());
  const provider = await startProvider(folder, onProgress);
  open.push(() => provider.stop());
  const scenes = (shop: Shop): Scenario[] => only.map((id) => scenarios[id](shop, database));

  const served = await serve(bench, { database, provider, folder, ticks: true, open });
  onProgress(`The shop holds ${served.shop.holds}`);
  const chosen = scenes(served.shop);
  const measured = await measureAll(bench, served.machinery, chosen);
  onProgress('Listening to the idle server');
  const idle = sumOf(await recordIdle(served.machinery, IDLE_SECONDS)) / IDLE_SECONDS;
  if (bench.profile) await profileAll(bench, served.machinery, chosen, folder);
  await served.machinery.server.stop();

  const still = await serve(bench, { database, provider, folder, ticks: false, open });
  const counted = await countAll(bench, still.machinery, scenes(still.shop), folder);
  return {
    size,
    shop: served.shop.holds,
    machine: describeMachine(database),
    rounds: `${bench.rounds} alternating rounds of ${show(bench.seconds)} s each after a warm-up.`,
    idle,
    results: chosen.map((scenario, index) => ({
      scenario,
      measured: summarize(measured[index]!),
      counted: counted[index]!,
    })),
  };
}

interface Serving {
  readonly database: Database;
  readonly provider: Provider;
  readonly folder: string;
  readonly ticks: boolean;
  readonly open: (() => Promise<void>)[];
}

async function serve(
  bench: Bench,
  { database, provider, folder, ticks, open }: Serving,
): Promise<{ machinery: Machinery; shop: Shop }> {
  const { onProgress } = bench;
  const server = await startServer({ postgresUrl: database.url, dataDir: folder, ticks, provider, onProgress });
  open.push(() => server.stop());
  const machinery: Machinery = { server, database };
  await fill(bench, machinery, folder);
  const client = openClient(server.url);
  open.push(async () => client.close());
  return { machinery, shop: await learnShop(client, server.logins) };
}

async function fill({ size, seed, onProgress }: Bench, { server, database }: Machinery, folder: string): Promise<void> {
  const digest = await digestTables(ROOT);
  if ((await stateOf(folder, digest)) === 'FILLED') return;
  onProgress(`Filling a ${size} shop`);
  await seed(size, { url: server.url, admin: administratorOf(server.logins), onProgress });
  await server.quiet();
  onProgress('Letting the database settle');
  await database.settle();
  await markFilled(folder, digest);
}

async function measureAll(
  { seconds, rounds, onProgress }: Bench,
  machinery: Machinery,
  chosen: readonly Scenario[],
): Promise<Measured[][]> {
  for (const scenario of chosen) {
    onProgress(`Warming up: ${scenario.title}`);
    await measure(machinery, scenario, WARM_UP_SECONDS);
  }
  const measured: Measured[][] = chosen.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, scenario] of chosen.entries()) {
      const one = await measure(machinery, scenario, seconds);
      measured[index]!.push(one);
      onProgress(
        `Round ${round} of ${rounds}, ${scenario.title}: ${show(one.perSecond)} per s, ` +
          `CPU ${show(one.serverCpu)} + ${show(one.postgresCpu)} ms`,
      );
    }
  }
  return measured;
}

async function countAll(
  { counts, onProgress }: Bench,
  machinery: Machinery,
  chosen: readonly Scenario[],
  folder: string,
): Promise<Counted[][]> {
  const idle = await recordIdle(machinery, IDLE_SECONDS);
  const counted: Counted[][] = [];
  for (const scenario of chosen) {
    onProgress(`Counting statements: ${scenario.title}`);
    const all: Counted[] = [];
    for (const countable of scenario.countables) all.push(await count(machinery, countable, counts, idle));
    await scenario.leave?.();
    counted.push(all);
    await writeFile(join(folder, `statements-${scenario.id}.txt`), all.map(listStatements).join('\n'));
  }
  return counted;
}

/** What was counted, shape by shape and then in order: where to look when there are too many. */
function listStatements({ title, log }: Counted): string {
  const shapes = shapesOf(log).map(
    ({ application, shape, count: n }) => `${String(n).padStart(5)}  ${application}  ${shape}`,
  );
  const order = log.map(({ application, text }) => `${application}  ${text.replace(/\s+/g, ' ').trim()}`);
  return [`# ${title}: ${sumOf(log)} statements`, '', ...shapes, '', ...order, ''].join('\n');
}

async function profileAll(
  { seconds, onProgress }: Bench,
  { server, database }: Machinery,
  chosen: readonly Scenario[],
  folder: string,
): Promise<void> {
  for (const scenario of chosen) {
    const file = join(folder, `${scenario.id}.cpuprofile`);
    await scenario.prepare?.();
    const save = await server.profile(file);
    const stop = await database.sample();
    const { operations } = await scenario.round(seconds);
    await server.quiet();
    const times = await stop();
    await save();
    await scenario.leave?.();
    onProgress(`Profiled ${scenario.title} into ${file}`);
    const spots = describeHotSpots(scenario.title, await readHotSpots(file));
    await writeFile(join(folder, `${scenario.id}.profile.txt`), `${spots}\n${describeTimes(times, operations)}`);
  }
}
