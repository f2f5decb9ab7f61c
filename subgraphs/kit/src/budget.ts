import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** A bucket of points that fills evenly: empty, it is full again after so many seconds. */
export interface BudgetSize {
  readonly capacity: number;
  readonly seconds: number;
}

export interface Taken {
  readonly ok: boolean;
  /** Points that are left, also where there were too few. */
  readonly available: number;
  /** When there will be enough, ms; 0 where there were. */
  readonly retryAfterMs: number;
}

/**
 * What each client may still ask for: one bucket a key, full at first. Points are whole. Taking is one atomic step, and whoever
 * is refused has taken nothing.
 */
export interface Budget {
  readonly size: BudgetSize;
  take(key: string, points: number): Promise<Taken>;
  /** Puts back what was taken and not used. */
  give(key: string, points: number): Promise<void>;
}

/** What rate-limiter-flexible asks of its store. */
export interface BucketStore {
  readonly status: string;
  /** Key, points to take, and the bucket's capacity and seconds, as text; answers what is missing from a full bucket, and ms. */
  rlflxIncr(args: readonly string[]): Promise<[number, number]>;
}

/**
 * A bucket in Redis, for a limiter that by itself counts in windows: told what to take (less than nothing puts back), it answers
 * what is missing from a full bucket and in how many ms it is full. Where too little is in it nothing is taken, and the answer is
 * more than it can hold, by what is missing, and when that will be there.
 */
export const BUCKET = `
local points, capacity = tonumber(ARGV[1]), tonumber(ARGV[3])
local perMs = capacity / (tonumber(ARGV[4]) * 1000)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local tokens = capacity
local state = redis.call('GET', KEYS[1])
if state then
  local left, at = string.match(state, '^(%S+) (%d+)$')
  tokens = math.min(capacity, tonumber(left) + math.max(0, now - tonumber(at)) * perMs)
end
if points > tokens then
  local missing = points - tokens
  return { capacity + math.ceil(missing), math.ceil(missing / perMs) }
end
tokens = math.min(capacity, tokens - points)
local full = math.ceil((capacity - tokens) / perMs)
redis.call('SET', KEYS[1], string.format('%.4f %d', tokens, now), 'PX', full + 1)
return { math.ceil(capacity - tokens), full }`;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** The same arithmetic in this process. At most so many buckets: the one longest untouched goes first, and is full again. */
export function memoryBuckets(now: () => number, most = 100_000): BucketStore {
  const buckets = new Map<string, Bucket>();
  return {
    status: 'ready',
    async rlflxIncr([key, ...numbers]) {
      const [points, , capacity, seconds] = numbers.map(Number) as [number, number, number, number];
      const perMs = capacity / (seconds * 1000);
      const at = now();
      const known = buckets.get(key!);
      const tokens = known ? Math.min(capacity, known.tokens + Math.max(0, at - known.at) * perMs) : capacity;
      if (points > tokens) {
        const missing = points - tokens;
        return [capacity + Math.ceil(missing), Math.ceil(missing / perMs)];
      }
      const left = Math.min(capacity, tokens - points);
      buckets.delete(key!);
      buckets.set(key!, { tokens: left, at });
      if (buckets.size > most) buckets.delete(buckets.keys().next().value!);
      return [Math.ceil(capacity - left), Math.ceil((capacity - left) / perMs)];
    },
  };
}

interface Where {
  /** A connection of ioredis, or a store that answers like the script. */
  readonly store: unknown;
  readonly prefix: string;
  /** Counts in this process while the store is away: nobody is refused for that, and nobody is let have everything. */
  readonly meanwhile?: BucketStore;
}

export function budgetIn({ store, prefix, meanwhile }: Where, size: BudgetSize): Budget {
  const limiterOn = (storeClient: unknown, insuranceLimiter?: RateLimiterRedis) =>
    new RateLimiterRedis({
      storeClient,
      keyPrefix: prefix,
      points: size.capacity,
      duration: size.seconds,
      customIncrTtlLuaScript: BUCKET,
      rejectIfRedisNotReady: true,
      ...(insuranceLimiter ? { insuranceLimiter } : {}),
    });
  const limiter = limiterOn(store, meanwhile && limiterOn(meanwhile));
  const { capacity } = size;
  return {
    size,
    async take(key, points) {
      try {
        const { consumedPoints } = await limiter.consume(key, points);
        return { ok: true, available: Math.max(0, capacity - consumedPoints), retryAfterMs: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const missing = refused.consumedPoints - capacity;
        return { ok: false, available: Math.max(0, points - missing), retryAfterMs: Math.max(1, refused.msBeforeNext) };
      }
    },
    async give(key, points) {
      if (points > 0) await limiter.reward(key, points);
    },
  };
}
