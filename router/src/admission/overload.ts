import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemError } from '@souk/kit';
import type { GraphQLError } from 'graphql';
import type { Asker, Prepared } from '../pipeline.ts';

/** Who goes on longest, last: what strangers read, what others read, what strangers change, what others change. */
export type Rank = 0 | 1 | 2 | 3;

export interface Capacity {
  /** Operations at a time. */
  readonly atOnce: number;
  /** Operations that may wait. */
  readonly waiting: number;
  /** Lateness of the event loop from which what strangers read is refused, ms; 0 for never. */
  readonly delayMs: number;
}

export interface Load {
  readonly running: number;
  readonly waiting: number;
  readonly delayMs: number;
}

/** Those who buy are the last to be refused: sign-ins and guests' sessions lead there, and their carts and orders are it. */
export const rankOf = (operation: 'query' | 'mutation' | 'subscription', isKnown: boolean): Rank =>
  operation === 'mutation' ? (isKnown ? 3 : 2) : isKnown ? 1 : 0;

/** How much of the waiting room a rank may fill, and how many times the delay it outlives; the last is never refused for that. */
const SHARE: Readonly<Record<Rank, number>> = { 0: 0.25, 1: 0.5, 2: 0.75, 3: 1 };
const PATIENCE: Readonly<Record<Rank, number>> = { 0: 1, 1: 2, 2: 4, 3: Number.POSITIVE_INFINITY };

/**
 * Pure. Whether an operation runs, waits, or is refused. Where everything is late, those who are to make room have fewer places,
 * by as much as it is too late, but never less than half: refusing makes late too, and fewer would throw away what can still be done.
 */
export function decide(load: Load, capacity: Capacity, rank: Rank): 'run' | 'wait' | 'refuse' {
  const tolerable = capacity.delayMs * PATIENCE[rank];
  const isLate = capacity.delayMs > 0 && load.delayMs > tolerable;
  const left = Math.max(Math.ceil(capacity.atOnce / 2), Math.floor((capacity.atOnce * tolerable) / load.delayMs));
  const places = isLate ? left : capacity.atOnce;
  if (load.running < places && load.waiting === 0) return 'run';
  if (isLate) return 'refuse';
  return load.waiting < Math.ceil(capacity.waiting * SHARE[rank]) ? 'wait' : 'refuse';
}

interface Waiter {
  readonly rank: Rank;
  go(): void;
  refuse(): void;
}

/** A place at work; called once, it is free again. */
export type Leave = () => void;

/** Lets operations in as long as there is room, those who buy before all others. */
export interface Gatekeeper {
  /** Waits for a place. Throws OVERLOADED. */
  enter(prepared: Pick<Prepared, 'operation'>, asker: Pick<Asker, 'viewer'>): Promise<Leave> | Leave;
  readonly load: Load;
  stop(): void;
}

/** Whoever waits longer than a client would is not waited for any more. */
const LONGEST_WAIT_MS: Readonly<Record<Rank, number>> = { 0: 1_000, 1: 2_000, 2: 5_000, 3: 10_000 };
const RETRY_AFTER_SECONDS: Readonly<Record<Rank, number>> = { 0: 5, 1: 3, 2: 2, 3: 1 };
const SAMPLE_MS = 10;
const LOOK_MS = 250;

/** Over a measure of the event loop's lateness; see `loopDelay`. */
export function gatekeeper(capacity: Capacity, delayMs: () => number): Gatekeeper {
  const waiting: Record<Rank, Set<Waiter>> = { 0: new Set(), 1: new Set(), 2: new Set(), 3: new Set() };
  const ranks: readonly Rank[] = [3, 2, 1, 0];
  let running = 0;
  const waiters = (): number => ranks.reduce<number>((sum, rank) => sum + waiting[rank].size, 0);
  const load = (): Load => ({ running, waiting: waiters(), delayMs: delayMs() });

  function place(): Leave {
    running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      running -= 1;
      next();
    };
  }

  function next(): void {
    if (running >= capacity.atOnce) return;
    for (const rank of ranks) {
      const [first] = waiting[rank];
      if (first) {
        first.go();
        return;
      }
    }
  }

  /** The last of the lowest rank below this one makes room. */
  function displace(rank: Rank): boolean {
    for (const lower of ranks.toReversed()) {
      if (lower >= rank) return false;
      const last = [...waiting[lower]].at(-1);
      if (last) {
        last.refuse();
        return true;
      }
    }
    return false;
  }

  function wait(rank: Rank): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        rank,
        go() {
          gone();
          resolve(place());
        },
        refuse() {
          gone();
          reject(overloaded(rank));
        },
      };
      const timer = setTimeout(() => waiter.refuse(), LONGEST_WAIT_MS[rank]);
      function gone(): void {
        clearTimeout(timer);
        waiting[rank].delete(waiter);
      }
      waiting[rank].add(waiter);
    });
  }

  return {
    enter({ operation }, { viewer }) {
      const rank = rankOf(operation.operation, viewer.principal !== 'anonymous');
      const now = load();
      const decision = decide(now, capacity, rank);
      if (decision === 'run') return place();
      if (decision === 'wait') return wait(rank);
      const isFull = now.waiting >= Math.ceil(capacity.waiting * SHARE[rank]);
      if (isFull && displace(rank)) return wait(rank);
      throw overloaded(rank);
    },
    get load() {
      return load();
    },
    stop() {
      for (const rank of ranks) for (const waiter of [...waiting[rank]]) waiter.refuse();
    },
  };
}

const overloaded = (rank: Rank): GraphQLError => {
  const seconds = RETRY_AFTER_SECONDS[rank];
  return systemError('OVERLOADED', 'The shop is very busy just now. Please try again in a moment.', {
    retryAfterMs: seconds * 1000,
    http: { status: 503, headers: { 'retry-after': String(seconds) } },
  });
};

/** How late this process's timers are at the moment, ms: the mean of the last quarter of a second. */
export function loopDelay(): { lateMs(): number; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  histogram.enable();
  let late = 0;
  const timer = setInterval(() => {
    // A loop that stood still has sampled nothing.
    late = histogram.count === 0 ? LOOK_MS : Math.max(0, histogram.mean / 1e6 - SAMPLE_MS);
    histogram.reset();
  }, LOOK_MS);
  timer.unref();
  return {
    lateMs: () => late,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
