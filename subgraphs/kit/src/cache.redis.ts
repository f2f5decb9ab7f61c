import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Cache, type Mark, MOST_EVICTED, MOST_TTL_MS } from './cache.ts';
import type { RedisLink } from './redis.ts';

/**
 * All that decides whether a value is true is in one key: the epoch, a clock that counts evictions, and when each tag was evicted
 * last. A server that loses it, by a restart, a wipe or for want of room, loses it whole, and then nothing that is kept counts
 * any more. Everything is in one slot, so that each script sees all of it.
 */
const LOOK = `
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'now', 0)
end
local answer = {epoch .. ' ' .. redis.call('HGET', KEYS[1], 'now')}
for i = 2, #KEYS do
  local kept = redis.call('HMGET', KEYS[i], 'epoch', 'mark', 'tags', 'value')
  answer[i] = ''
  if kept[1] == epoch then
    local tags = {}
    for tag in string.gmatch(kept[3], '[^\\n]+') do tags[#tags + 1] = 'tag ' .. tag end
    local holds = true
    if #tags > 0 then
      for _, at in ipairs(redis.call('HMGET', KEYS[1], unpack(tags))) do
        if at and tonumber(at) > tonumber(kept[2]) then holds = false end
      end
    end
    if holds then answer[i] = kept[4] end
  end
end
return answer`;

/** ARGV: epoch and clock of the mark, then for each key its tags, milliseconds and value. */
const PUT = `
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
local count = 0
for i = 2, #KEYS do
  local at = 3 * (i - 2) + 3
  local tags = {}
  for tag in string.gmatch(ARGV[at], '[^\\n]+') do tags[#tags + 1] = 'tag ' .. tag end
  local holds = true
  if #tags > 0 then
    for _, evicted in ipairs(redis.call('HMGET', KEYS[1], unpack(tags))) do
      if evicted and tonumber(evicted) > tonumber(ARGV[2]) then holds = false end
    end
  end
  if holds then
    redis.call('HSET', KEYS[i], 'epoch', ARGV[1], 'mark', ARGV[2], 'tags', ARGV[at], 'value', ARGV[at + 2])
    redis.call('PEXPIRE', KEYS[i], ARGV[at + 1])
    count = count + 1
  end
end
return count`;

/** ARGV: a fresh epoch, then tags; with none of them, or too many by now, the fresh epoch begins. */
const EVICT = `
if #ARGV == 1 or redis.call('HLEN', KEYS[1]) + #ARGV > ${MOST_EVICTED} then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'now', 0)
  return 0
end
if redis.call('HEXISTS', KEYS[1], 'epoch') == 0 then redis.call('HSET', KEYS[1], 'epoch', ARGV[1]) end
local now = redis.call('HINCRBY', KEYS[1], 'now', 1)
for i = 2, #ARGV do redis.call('HSET', KEYS[1], 'tag ' .. ARGV[i], now) end
return now`;

type Scripted = Redis & {
  soukCacheLook(keys: number, ...args: string[]): Promise<string[]>;
  soukCachePut(keys: number, ...args: (string | number)[]): Promise<number>;
  soukCacheEvict(state: string, ...args: string[]): Promise<number>;
};

/**
 * One cache for all routers. Where Redis is away nothing is known and nothing is kept. An eviction that could not be sent, and a
 * connection that was lost (the server may come back with what it knew before), begin a new epoch before anything is looked for
 * again.
 */
export function redisCache(link: RedisLink, name: string): Cache {
  const { commands } = link;
  commands.defineCommand('soukCacheLook', { lua: LOOK });
  commands.defineCommand('soukCachePut', { lua: PUT });
  commands.defineCommand('soukCacheEvict', { numberOfKeys: 1, lua: EVICT });
  const group = `${link.prefix}:{cache:${name}}`;
  const state = `${group}:state`;
  const at = (key: string) => `${group}:${createHash('sha256').update(key).digest('base64url')}`;
  /** Rises with each reason to begin a new epoch. */
  let doubts = 0;
  let settled = 0;
  link.onLost(() => {
    doubts += 1;
  });

  const ask = <T>(work: (scripted: Scripted) => Promise<T>) => link.ask((client) => work(client as Scripted));
  const begin = () => ask((scripted) => scripted.soukCacheEvict(state, randomUUID()));

  /** True once nothing that is kept is in doubt. */
  async function settle(): Promise<boolean> {
    while (settled < doubts) {
      const doubt = doubts;
      await begin();
      settled = Math.max(settled, doubt);
    }
    return true;
  }

  return {
    async look(keys) {
      const nothing = { mark: null, found: keys.map(() => undefined) };
      try {
        await settle();
        const before = doubts;
        const [mark, ...values] = await ask((scripted) =>
          scripted.soukCacheLook(keys.length + 1, state, ...keys.map(at), randomUUID()),
        );
        if (doubts !== before) return nothing;
        return {
          mark: mark!,
          found: values.map((value) => (value === '' ? undefined : (JSON.parse(value) as unknown))),
        };
      } catch {
        return nothing;
      }
    },
    async put(mark: Mark, all) {
      const entries = all.filter(({ ttlMs }) => ttlMs >= 1);
      if (typeof mark !== 'string' || settled < doubts || entries.length === 0) return 0;
      const [epoch, now] = mark.split(' ') as [string, string];
      const texts = entries.flatMap(({ tags, ttlMs, value }) => [
        tags.join('\n'),
        Math.floor(Math.min(ttlMs, MOST_TTL_MS)),
        JSON.stringify(value),
      ]);
      return ask((scripted) =>
        scripted.soukCachePut(entries.length + 1, state, ...entries.map(({ key }) => at(key)), epoch, now, ...texts),
      ).catch(() => 0);
    },
    async evict(tags) {
      if (tags.length === 0) return;
      try {
        await ask((scripted) => scripted.soukCacheEvict(state, randomUUID(), ...tags));
      } catch {
        doubts += 1;
      }
    },
    async forget() {
      doubts += 1;
      await settle().catch(() => false);
    },
    size: () => ({ entries: 0, bytes: 0 }),
  };
}
