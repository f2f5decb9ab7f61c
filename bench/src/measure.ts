import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { median, percentile } from './figures.ts';
import { cpuOf, cpuOfFamily, memoryOf, memoryOfFamily } from './processes.ts';
import type { Countable, Scenario } from './scenario.ts';
import type { Server } from './server.ts';
import { idleCount, isSimulator, type LoggedStatement, sumOf } from './statements.ts';

export interface Machinery {
  readonly server: Server;
  readonly database: Database;
}

/** One round of one scenario. */
export interface Measured {
  readonly operations: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor for one operation, with all that it sets off. */
  readonly serverCpu: number;
  readonly postgresCpu: number;
  /** Peaks, bytes. */
  readonly serverMemory: number;
  readonly postgresMemory: number;
}

/** Nothing is under way any more: no fact, no tick, no webhook, nothing that PostgreSQL logs. */
export async function silence({ server, database }: Machinery): Promise<void> {
  for (let before = -1; ; ) {
    await server.quiet();
    const now = await database.logged();
    if (now === before) return;
    before = now;
    await sleep(150);
  }
}

/** Runs a round and charges it with everything until the server is silent again. */
export async function measure(machinery: Machinery, scenario: Scenario, seconds: number): Promise<Measured> {
  const { server, database } = machinery;
  await scenario.prepare?.();
  await server.quiet();
  await server.collect();
  const memory = watchMemory(server.pid, database.pid);
  const before = { server: cpuOf(server.pid), postgres: cpuOfFamily(database.pid) };
  const { operations, seconds: took, latencies } = await scenario.round(seconds);
  await server.quiet();
  const after = { server: cpuOf(server.pid), postgres: cpuOfFamily(database.pid) };
  const peaks = memory();
  await scenario.leave?.();
  return {
    operations,
    perSecond: operations / took,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    serverCpu: (after.server - before.server) / operations,
    postgresCpu: (after.postgres - before.postgres) / operations,
    ...peaks,
  };
}

/** Looks at memory while a round runs; the answer ends it and tells the peaks. */
function watchMemory(server: number, postgres: number): () => Pick<Measured, 'serverMemory' | 'postgresMemory'> {
  const peaks = { serverMemory: 0, postgresMemory: 0 };
  const look = (): void => {
    peaks.serverMemory = Math.max(peaks.serverMemory, memoryOf(server));
    peaks.postgresMemory = Math.max(peaks.postgresMemory, memoryOfFamily(postgres));
  };
  look();
  const timer = setInterval(look, 1_000);
  return () => {
    clearInterval(timer);
    look();
    return peaks;
  };
}

/** The middle of each figure over the rounds, and the highest memory. */
export function summarize(rounds: readonly Measured[]): Measured {
  const middle = (figure: (round: Measured) => number): number => median(rounds.map(figure));
  const most = (figure: (round: Measured) => number): number => Math.max(...rounds.map(figure));
  return {
    operations: rounds.reduce((sum, round) => sum + round.operations, 0),
    perSecond: middle((round) => round.perSecond),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    serverCpu: middle((round) => round.serverCpu),
    postgresCpu: middle((round) => round.postgresCpu),
    serverMemory: most((round) => round.serverMemory),
    postgresMemory: most((round) => round.postgresMemory),
  };
}

export interface Counted {
  readonly title: string;
  readonly budget: number | undefined;
  readonly yardstick: number | undefined;
  /** The middle one of the single operations, less what an idle server sends in the same time. */
  readonly statements: number;
  readonly least: number;
  readonly most: number;
  /** What the provider's stand-in sent, not part of `statements`. */
  readonly simulator: number;
  /** Of the operation that is quoted. */
  readonly log: readonly LoggedStatement[];
}

export interface Idle {
  readonly statements: readonly LoggedStatement[];
  readonly stretch: { readonly from: number; readonly to: number };
}

/** What the server sends when nobody asks anything. */
export async function recordIdle(machinery: Machinery, seconds: number): Promise<Idle> {
  await silence(machinery);
  const stop = await machinery.database.record();
  const from = epoch();
  await sleep(seconds * 1000);
  const stretch = { from, to: epoch() };
  const statements = (await stop()).filter((statement) => !isSimulator(statement));
  return { statements, stretch };
}

/** By the system's clock, which is the database's too: the log's times are compared with these. */
export const epoch = (): number => performance.timeOrigin + performance.now();

/**
 * Counts single operations, each from silence to silence, so that no operation shares a batch with another. Sweeps that
 * run by time fall into few of them and do not move the middle one.
 */
export async function count(machinery: Machinery, countable: Countable, times: number, idle: Idle): Promise<Counted> {
  const singles: { log: LoggedStatement[]; total: number; simulator: number; ms: number }[] = [];
  await (await countable.prepare())();
  for (let time = 0; time < times; time++) {
    const operation = await countable.prepare();
    await silence(machinery);
    const stop = await machinery.database.record();
    const began = epoch();
    await operation();
    await silence(machinery);
    const ms = epoch() - began;
    const all = await stop();
    const log = all.filter((statement) => !isSimulator(statement));
    singles.push({ log, total: sumOf(log), simulator: sumOf(all) - sumOf(log), ms });
  }
  singles.sort((a, b) => a.total - b.total);
  const middle = singles[(singles.length - 1) >> 1]!;
  const sweeps = idleCount(idle.statements, idle.stretch, median(singles.map(({ ms }) => ms)));
  return {
    title: countable.title,
    budget: countable.budget,
    yardstick: countable.yardstick,
    statements: middle.total - sweeps,
    least: singles[0]!.total,
    most: singles.at(-1)!.total,
    simulator: median(singles.map(({ simulator }) => simulator)),
    log: middle.log,
  };
}
