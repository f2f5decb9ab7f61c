import { budgetIn, memoryBuckets } from './budget.ts';
import { monotonicMs } from './clock.ts';
import { memoryHot } from './hot.memory.ts';
import type { Hot } from './hot.ts';
import type { Kv } from './kv.ts';

/** One process's Kv. At most `capacity` entries: the oldest written goes first. */
export function memoryKv(capacity = 100_000): Kv {
  const entries = new Map<string, { json: string; until: number }>();
  const groups = new Map<string, Hot>();
  const buckets = memoryBuckets(monotonicMs, capacity);

  const live = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.until <= monotonicMs()) {
      entries.delete(key);
      return undefined;
    }
    return entry;
  };
  const put = (key: string, value: unknown, until: number) => {
    entries.delete(key);
    entries.set(key, { json: JSON.stringify(value), until });
    if (entries.size > capacity) entries.delete(entries.keys().next().value!);
  };

  return {
    async get<T>(key: string) {
      const entry = live(key);
      return entry && (JSON.parse(entry.json) as T);
    },
    async set(key, value, ttlSeconds) {
      put(key, value, monotonicMs() + ttlSeconds * 1000);
    },
    async setOnce(key, value, ttlSeconds) {
      if (live(key)) return false;
      put(key, value, monotonicMs() + ttlSeconds * 1000);
      return true;
    },
    async delete(key) {
      entries.delete(key);
    },
    async increment(key, ttlSeconds) {
      const entry = live(key);
      const sum = (entry ? (JSON.parse(entry.json) as number) : 0) + 1;
      put(key, sum, entry?.until ?? monotonicMs() + ttlSeconds * 1000);
      return sum;
    },
    hot(group) {
      const known = groups.get(group) ?? memoryHot();
      groups.set(group, known);
      return known;
    },
    budget: (kind, size) => budgetIn({ store: buckets, prefix: kind }, size),
    async close() {
      entries.clear();
      for (const group of groups.values()) await group.close();
    },
  };
}
