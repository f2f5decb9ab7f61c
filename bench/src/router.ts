import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { type Child, startChild } from './child.ts';
import { WrongAnswer } from './client.ts';
import { median, show } from './figures.ts';
import { describeHotSpots, readHotSpots } from './profile.ts';
import type { HousesAsk } from './router.houses.process.ts';
import { houses, sdlOf } from './router.houses.ts';
import { type Load, type Loaded, loadFor, openLoad } from './router.load.ts';
import { type SideName, titles } from './router.names.ts';
import { heavy, light, page, pageWithStock, type RouterQuery } from './router.queries.ts';
import type { SideAsk, Usage } from './router.side.process.ts';

export interface RouterBench {
  readonly seconds: number;
  readonly rounds: number;
  readonly sides: readonly SideName[];
  /** Folder for CPU profiles of our side; null takes none. */
  readonly profileTo: string | null;
  readonly onProgress: (line: string) => void;
}

/** A query, asked with one text or with another each time. */
export interface Task {
  readonly query: RouterQuery;
  readonly texts: 'fixed' | 'never repeated';
  readonly sides: readonly SideName[];
}

export interface Figures extends Loaded {
  readonly cpuMs: number;
  readonly calls: number;
  readonly rss: number;
}

export interface RouterResult {
  readonly machine: string;
  readonly rounds: string;
  /** Of the last minute, when measuring began and when it ended. */
  readonly loadAverage: readonly [number, number];
  readonly tasks: readonly {
    readonly task: Task;
    readonly figures: ReadonlyMap<SideName, Figures>;
  }[];
}

const CONNECTIONS = 8;
/** Of each round's time, before the first: a compiler that has just begun is not what is measured. */
const WARM_UP = 0.75;

const RIVALS = ['souk', 'stock', 'hive', 'hive-rust'] as const;
const CACHED = ['souk-cached', 'souk', 'stock'] as const;
const TASKS: readonly Task[] = [
  { query: heavy, texts: 'fixed', sides: RIVALS },
  { query: light, texts: 'fixed', sides: RIVALS },
  { query: heavy, texts: 'never repeated', sides: RIVALS },
  { query: light, texts: 'never repeated', sides: RIVALS },
  { query: page, texts: 'fixed', sides: CACHED },
  { query: pageWithStock, texts: 'fixed', sides: CACHED },
];

export function composeHouses(urls: Readonly<Record<string, string>>): string {
  const services = Object.keys(houses).map((name) => ({ name, typeDefs: parse(sdlOf(name)), url: urls[name] ?? '' }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors!.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

interface Side {
  readonly name: SideName;
  readonly child: Child<SideAsk>;
  readonly load: Load;
  turn: number;
}

export interface RunningRouterBench {
  readonly done: Promise<RouterResult>;
  stop(): Promise<void>;
}

/** Starts the houses and every router in processes of their own, and asks them in alternating rounds. */
export function startRouterBench(bench: RouterBench): RunningRouterBench {
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

async function run(bench: RouterBench, open: (() => Promise<void>)[]): Promise<RouterResult> {
  const { onProgress, rounds, seconds } = bench;
  const folder = await mkdtemp(join(tmpdir(), 'souk-router-bench-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const served = startChild<HousesAsk>({ name: 'the synthetic subgraphs', entry: './router.houses.process.ts' });
  open.push(() => served.stop({ kind: 'stop' }));
  const urls = (await served.ask({ kind: 'start' })) as Record<string, string>;
  const supergraphSdl = composeHouses(urls);
  const supergraphFile = join(folder, 'supergraph.graphql');
  await writeFile(supergraphFile, supergraphSdl);

  const sides = new Map<SideName, Side>();
  for (const name of bench.sides) {
    onProgress(`Starting ${titles[name]}`);
    const child = startChild<SideAsk>({ name: titles[name], entry: './router.side.process.ts' });
    open.push(() => child.stop({ kind: 'stop' }));
    const started = await child.ask({ kind: 'start', side: name, supergraphSdl, supergraphFile, urls });
    const load = openLoad((started as { url: string }).url, CONNECTIONS);
    open.push(async () => load.close());
    sides.set(name, { name, child, load, turn: 0 });
  }
  const calls = async (): Promise<number> => (await served.ask({ kind: 'calls' })) as number;

  const tasks = TASKS.map((task) => ({ ...task, sides: task.sides.filter((name) => sides.has(name)) }));
  for (const task of tasks) await compareAnswers(task, sides);
  onProgress('All routers answer the same');

  const loadBefore = loadavg()[0]!;
  const measured = tasks.map(({ sides: names }) => new Map(names.map((name) => [name, [] as Figures[]])));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, task] of tasks.entries()) {
      for (const name of task.sides) {
        const side = sides.get(name)!;
        if (round === 0) {
          side.load.reconnect();
          await loadFor(seconds * WARM_UP, CONNECTIONS, () => ask(side, task));
          continue;
        }
        const figures = await measure(side, task, seconds, calls);
        measured[index]!.get(name)!.push(figures);
        onProgress(
          `Round ${round} of ${rounds}, ${task.query.id}, ${task.texts}, ${titles[name]}: CPU ${show(figures.cpuMs)} ms, ` +
            `${show(figures.perSecond)} per s, ${show(figures.calls)} calls, ${figures.bytes} bytes`,
        );
      }
    }
  }
  const loadAfter = loadavg()[0]!;
  if (bench.profileTo !== null) await profile(bench.profileTo, sides.get('souk')!, tasks, bench);
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'} · Node ${process.versions.node}`,
    rounds: `${rounds} alternating rounds of ${show(seconds)} s each after a warm-up, ${CONNECTIONS} connections.`,
    loadAverage: [loadBefore, loadAfter],
    tasks: tasks.map((task, index) => ({
      task,
      figures: new Map(task.sides.map((name) => [name, middle(measured[index]!.get(name)!)])),
    })),
  };
}

/**
 * Nobody is given the answer that somebody else asked for: no two requests that are under way at a time come with one language
 * tag, and so each is another identity's. Where the cache is measured everybody is alike.
 */
const localeOf = ({ name, turn }: Side): string | null =>
  name === 'souk-cached' ? null : `en-x-${(turn % (CONNECTIONS * 8)).toString(36)}`;

function ask(side: Side, { query, texts }: Task): Promise<string> {
  side.turn += 1;
  const name = texts === 'fixed' ? 'Q' : `Q${side.turn}`;
  return side.load.post(
    JSON.stringify({ query: query.text(name), variables: query.variables(side.turn) }),
    localeOf(side),
  );
}

async function compareAnswers(task: Task, sides: ReadonlyMap<SideName, Side>): Promise<void> {
  const answers: { name: SideName; data: unknown }[] = [];
  for (const name of task.sides) {
    const side = sides.get(name)!;
    side.turn = 0;
    side.load.reconnect();
    const answer = JSON.parse(await ask(side, task)) as { data?: unknown; errors?: unknown };
    if (answer.errors || !answer.data)
      throw new WrongAnswer(`${titles[name]}: ${JSON.stringify(answer).slice(0, 600)}`);
    answers.push({ name, data: answer.data });
  }
  const other = answers.find(({ data }) => !isDeepStrictEqual(data, answers[0]!.data));
  if (other)
    throw new WrongAnswer(`${titles[other.name]} answers ${task.query.id} unlike ${titles[answers[0]!.name]}.`);
}

async function measure(side: Side, task: Task, seconds: number, calls: () => Promise<number>): Promise<Figures> {
  await side.child.ask({ kind: 'collect' });
  side.load.reconnect();
  await calls();
  const before = (await side.child.ask({ kind: 'usage' })) as Usage;
  const loaded = await loadFor(seconds, CONNECTIONS, () => ask(side, task));
  const after = (await side.child.ask({ kind: 'usage' })) as Usage;
  return {
    ...loaded,
    cpuMs: (after.cpuMs - before.cpuMs) / loaded.requests,
    calls: (await calls()) / loaded.requests,
    rss: after.rss,
  };
}

function middle(rounds: readonly Figures[]): Figures {
  const of = (figure: (one: Figures) => number): number => median(rounds.map(figure));
  return {
    requests: rounds.reduce((sum, one) => sum + one.requests, 0),
    perSecond: of((one) => one.perSecond),
    p50: of((one) => one.p50),
    p99: of((one) => one.p99),
    bytes: of((one) => one.bytes),
    cpuMs: of((one) => one.cpuMs),
    calls: of((one) => one.calls),
    rss: Math.max(...rounds.map((one) => one.rss)),
  };
}

async function profile(
  folder: string,
  side: Side,
  tasks: readonly Task[],
  { seconds, onProgress }: RouterBench,
): Promise<void> {
  for (const task of tasks.filter(({ sides }) => sides.includes('souk'))) {
    const name = `router-${task.query.id}-${task.texts.replace(' ', '-')}`;
    const file = join(folder, `${name}.cpuprofile`);
    side.load.reconnect();
    await side.child.ask({ kind: 'profile' });
    await loadFor(seconds, CONNECTIONS, () => ask(side, task));
    await side.child.ask({ kind: 'save-profile', file });
    await writeFile(join(folder, `${name}.txt`), describeHotSpots(name, await readHotSpots(file, 40)));
    onProgress(`Profiled into ${file}`);
  }
}
