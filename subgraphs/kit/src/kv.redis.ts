import type { Redis } from 'ioredis';
import { budgetIn, memoryBuckets } from './budget.ts';
import { monotonicMs } from './clock.ts';
import { redisHot } from './hot.redis.ts';
import type { Hot } from './hot.ts';
import type { Kv } from './kv.ts';
import type { RedisLink } from './redis.ts';

/** Adds one; who makes the key starts its window. One step, or a crash between two would leave a count that never ends. */
const INCREMENT = `
local sum = redis.call('INCR', KEYS[1])
if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return sum`;

type Scripted = Redis & { soukIncrement(key: string, ms: number): Promise<number> };

const milliseconds = (seconds: number): number => Math.max(1, Math.round(seconds * 1000));

/**
 * Kv in Redis. Each call touches one key, so that it works on a cluster wherever the key lives. A call that is not answered
 * throws an Outage: it may have been done or not.
 */
export function redisKv(link: RedisLink): Kv {
  link.commands.defineCommand('soukIncrement', { numberOfKeys: 1, lua: INCREMENT });
  const groups = new Map<string, Hot>();
  const meanwhile = memoryBuckets(monotonicMs);
  const at = (key: string) => `${link.prefix}:kv:${key}`;

  return {
    async get<T>(key: string) {
      const json = await link.ask((commands) => commands.get(at(key)));
      return json === null ? undefined : (JSON.parse(json) as T);
    },
    async set(key, value, ttlSeconds) {
      await link.ask((commands) => commands.set(at(key), JSON.stringify(value), 'PX', milliseconds(ttlSeconds)));
    },
    async setOnce(key, value, ttlSeconds) {
      const json = JSON.stringify(value);
      return (await link.ask((commands) => commands.set(at(key), json, 'PX', milliseconds(ttlSeconds), 'NX'))) === 'OK';
    },
    async delete(key) {
      await link.ask((commands) => commands.del(at(key)));
    },
    increment: (key, ttlSeconds) =>
      link.ask((commands) => (commands as Scripted).soukIncrement(at(key), milliseconds(ttlSeconds))),
    hot(group) {
      const known = groups.get(group) ?? redisHot(link, group);
      groups.set(group, known);
      return known;
    },
    budget: (kind, size) => budgetIn({ store: link.commands, prefix: at(`budget:${kind}`), meanwhile }, size),
    // The connections are its opener's.
    async close() {
      for (const group of groups.values()) await group.close();
    },
  };
}
