import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { median, percentile } from './figures.ts';
import { cpuOf, cpuOfFamily, memoryOf, memoryOfFamily } from './processes.ts';
import type { Countable, Scenario } from './scenario.ts';
import type { Server } from './server.ts';
import { type LoggedStatement, sumOf, withoutSweeps } from './statements.ts';

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

/** Longer than anything that a server under no load puts off, such as marking facts as published. */
const STILL_MS = 1_300;

/**
 * Nothing is under way any more: PostgreSQL has logged nothing for a while. Only then the server is asked too, for a
 * server that is asked makes haste, and would do in several statements what it does in one.
 */
export async function silence({ server, database }: Machinery): Promise<void> {
  for (let before = -1; ; ) {
    const now = await database.logged();
    if (now === before) break;
    before = now;
    await sleep(STILL_MS);
  }
  await server.quiet();
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
  /** The middle one of the single operations. */
  readonly statements: number;
  readonly least: number;
  readonly most: number;
  /** Of them those that were sent before the client had its answer; the others follow from it. */
  readonly beforeAnswer: number;
  /** Of the operation that is quoted. */
  readonly log: readonly LoggedStatement[];
}

/** What the server sends when nobody asks anything. */
export async function recordIdle(machinery: Machinery, seconds: number): Promise<LoggedStatement[]> {
  await silence(machinery);
  const stop = await machinery.database.record();
  await sleep(seconds * 1000);
  return stop();
}

/** By the system's clock, which is the database's too: the times of its log are compared with these. */
export const epoch = (): number => performance.timeOrigin + performance.now();

/**
 * Counts single operations, each from silence to silence, so that no operation shares a batch with another. The server
 * must run without its ticks' time: what remains of sweeps has shapes of its own and is left out by them.
 */
export async function count(
  machinery: Machinery,
  countable: Countable,
  times: number,
  idle: readonly LoggedStatement[],
): Promise<Counted> {
  const singles: { log: LoggedStatement[]; total: number; answered: number }[] = [];
  await (await countable.prepare())();
  for (let time = 0; time < times; time++) {
    const operation = await countable.prepare();
    await silence(machinery);
    const stop = await machinery.database.record();
    await operation();
    const answered = epoch();
    await silence(machinery);
    const log = withoutSweeps(await stop(), idle);
    singles.push({ log, total: sumOf(log), answered });
  }
  singles.sort((a, b) => a.total - b.total);
  const middle = singles[(singles.length - 1) >> 1]!;
  return {
    title: countable.title,
    budget: countable.budget,
    yardstick: countable.yardstick,
    statements: middle.total,
    least: singles[0]!.total,
    most: singles.at(-1)!.total,
    beforeAnswer: sumOf(middle.log.filter(({ at }) => at <= middle.answered)),
    log: middle.log,
  };
}
