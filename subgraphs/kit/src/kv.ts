import type { Budget, BudgetSize } from './budget.ts';
import type { Hot } from './hot.ts';

/**
 * Short-lived values a house can lose at any moment, all of them or those of some keys: caches, limiters, revocations. JSON
 * values; keys are the caller's, prefixed by its house. Values are never logged.
 *
 * Where the kv is away every call throws an Outage within about a second; it may have been done, or be done
 * yet where the server only hangs, but it is never sent again. What that means is the caller's to say, and each says it: a
 * limiter refuses (OVERLOADED, SUBGRAPH_UNAVAILABLE); whoever must know whether a session was ended asks the tables; a cache reads
 * the truth instead (`hot`).
 */
export interface Kv {
  get<T>(key: string): Promise<T | undefined>;
  /** Lives `ttlSeconds`, then is gone. */
  set(key: string, value: unknown, ttlSeconds: number): Promise<void>;
  /** Sets only where nothing is set; true when it was this call that set it. */
  setOnce(key: string, value: unknown, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Adds one and returns the sum; the first call starts the window of `ttlSeconds`. */
  increment(key: string, ttlSeconds: number): Promise<number>;
  /** Copies of a group of durable things, the same at every call. Never throws an Outage. */
  hot(group: string): Hot;
  /** Buckets of a kind, one a client. Never throws an Outage: while the kv is away each process counts by itself. */
  budget(kind: string, size: BudgetSize): Budget;
  close(): Promise<void>;
}
