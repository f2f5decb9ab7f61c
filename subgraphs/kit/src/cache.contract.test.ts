import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCache } from './cache.memory.ts';
import type { Cache, Mark } from './cache.ts';
import { sleep } from './clock.ts';
import { createLog } from './log.ts';
import { hasRedis, redisKinds, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { type OpenRedis, openRedis } from './redis.ts';

const log = createLog('silent');
const LONG = 60_000;

interface Implementation {
  readonly name: string;
  readonly nodes: number | null;
}
const implementations: Implementation[] = [{ name: 'memory', nodes: null }, ...redisKinds];
const isHere = ({ nodes }: Implementation) => nodes === null || hasRedis;

describe.each(implementations.filter((one) => !isHere(one)))('a cache in $name', () => {
  it('keeps the same contract', sayAbsent);
});

describe.each(implementations.filter(isHere))('a cache in $name', ({ nodes }) => {
  let server: TestRedis | undefined;
  const opened: OpenRedis[] = [];
  /** Two processes of one cache; in memory one and the same. */
  let here: Cache;
  let there: Cache;
  const unique = () => randomUUID();
  const one = async (cache: Cache, key: string): Promise<{ mark: Mark; value: unknown }> => {
    const {
      mark,
      found: [value],
    } = await cache.look([key]);
    return { mark, value };
  };
  const fill = async (cache: Cache, key: string, tags: string[], value: unknown, ttlMs = LONG): Promise<number> => {
    const { mark } = await one(cache, key);
    return cache.put(mark, [{ key, tags, value, ttlMs }]);
  };

  beforeAll(async () => {
    if (nodes === null) {
      here = memoryCache();
      there = here;
      return;
    }
    server = await startRedis({ nodes });
    opened.push(await openRedis(server.url(), log), await openRedis(server.url(), log));
    [here, there] = opened.map((redis) => redis.cache('contract')) as [Cache, Cache];
  });
  afterAll(async () => {
    for (const redis of opened) await redis.close();
    await server?.stop();
  });

  it('gives what was put, key by key, and nothing for what was not', async () => {
    const [known, other, unknown] = [unique(), unique(), unique()];
    await fill(here, known, ['a'], { text: 'ünï', list: [1, null] });
    await fill(there, other, ['b', 'c'], 'other');
    expect((await there.look([known, unknown, other])).found).toEqual([
      { text: 'ünï', list: [1, null] },
      undefined,
      'other',
    ]);
    expect((await here.look([])).found).toEqual([]);
  });

  it('forgets by any tag, and by no other', async () => {
    const [both, left] = [unique(), unique()];
    const [first, second, foreign] = [unique(), unique(), unique()];
    await fill(here, both, [first, second], 1);
    await fill(here, left, [first], 2);
    await here.evict([foreign]);
    expect((await there.look([both, left])).found).toEqual([1, 2]);
    await there.evict([second]);
    expect((await here.look([both, left])).found).toEqual([undefined, 2]);
  });

  it('keeps nothing whose tag was evicted since it was marked', async () => {
    const [key, tag] = [unique(), unique()];
    const { mark } = await one(here, key);
    await there.evict([tag]);
    expect(
      await here.put(mark, [
        { key, tags: ['x', tag], value: 'old', ttlMs: LONG },
        { key: `${key}2`, tags: ['x'], value: 'untouched', ttlMs: LONG },
      ]),
    ).toBe(1);
    expect((await here.look([key, `${key}2`])).found).toEqual([undefined, 'untouched']);
    expect(await fill(here, key, ['x', tag], 'new')).toBe(1);
    expect((await there.look([key])).found).toEqual(['new']);
  });

  it('begins a new epoch: nothing is known, and what was marked before is not kept', async () => {
    const key = unique();
    await fill(here, key, ['a'], 1);
    const { mark } = await one(here, unique());
    await there.forget();
    expect((await here.look([key])).found).toEqual([undefined]);
    expect(await here.put(mark, [{ key, tags: ['a'], value: 1, ttlMs: LONG }])).toBe(0);
    expect(await fill(here, key, ['a'], 2)).toBe(1);
  });

  it('forgets after its time, and keeps nothing whose time is over already', async () => {
    const [short, over] = [unique(), unique()];
    await fill(here, short, ['a'], 1, 30);
    expect(await fill(here, over, ['a'], 1, 0)).toBe(0);
    expect(await fill(here, over, ['a'], 1, -5)).toBe(0);
    while ((await one(here, short)).value !== undefined) await sleep(5);
    expect((await one(here, over)).value).toBeUndefined();
  });

  it('takes nothing without a mark', async () => {
    const key = unique();
    expect(await here.put(null, [{ key, tags: ['a'], value: 1, ttlMs: LONG }])).toBe(0);
    expect((await one(here, key)).value).toBeUndefined();
  });

  it('never gives what is older than an eviction that is over, in any order of readings, writes and evictions', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), thing: fc.nat(2), at: fc.nat(1) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('put' as const), reading: fc.nat(9), late: fc.boolean() }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const), thing: fc.nat(2), at: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), at: fc.nat(1) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const shop = unique();
        const caches = [here, there];
        const versions = [0, 0, 0];
        const told = [0, 0, 0];
        const readings: { cache: Cache; mark: Mark; thing: number; seen: number }[] = [];
        for (const now of steps) {
          if (now.do === 'look') {
            const cache = caches[now.at]!;
            const { mark, value } = await one(cache, `${shop} ${now.thing}`);
            if (value !== undefined) expect(value).toBeGreaterThanOrEqual(told[now.thing]!);
            // The table is read after the mark, as a subgraph would.
            else readings.push({ cache, mark, thing: now.thing, seen: versions[now.thing]! });
          } else if (now.do === 'put') {
            const reading = readings[now.reading % Math.max(1, readings.length)];
            if (!reading) continue;
            const { cache, mark, thing, seen } = reading;
            await cache.put(mark, [{ key: `${shop} ${thing}`, tags: [`${shop}:${thing}`], value: seen, ttlMs: LONG }]);
          } else if (now.do === 'commit') {
            versions[now.thing]! += 1;
            await caches[now.at]!.evict([`${shop}:${now.thing}`]);
            told[now.thing] = versions[now.thing]!;
          } else {
            await caches[now.at]!.forget();
          }
        }
      }),
      { numRuns: nodes === null ? 500 : 60 },
    );
  });
});

describe('a cache in memory', () => {
  const fill = async (cache: Cache, key: string, value: unknown): Promise<number> =>
    cache.put((await cache.look([])).mark, [{ key, tags: [`tag of ${key}`], value, ttlMs: LONG }]);

  it('holds so many entries and bytes and no more: what was not asked for longest goes', async () => {
    const cache = memoryCache({ entries: 3, bytes: 10_000 });
    for (const key of ['a', 'b', 'c']) await fill(cache, key, key);
    await cache.look(['a']);
    await fill(cache, 'd', 'd');
    expect((await cache.look(['a', 'b', 'c', 'd'])).found).toEqual(['a', undefined, 'c', 'd']);
    expect(cache.size().entries).toBe(3);
    await fill(cache, 'e', 'x'.repeat(900));
    expect(cache.size().bytes).toBeLessThan(10_000);
    // One that would take a tenth of all is not worth the others.
    await fill(cache, 'f', 'x'.repeat(1_000));
    expect((await cache.look(['f'])).found).toEqual([undefined]);
  });

  it('takes no more room after everything was evicted', async () => {
    const cache = memoryCache();
    for (const key of ['a', 'b']) await fill(cache, key, key);
    await cache.evict(['tag of a', 'tag of b']);
    expect(cache.size()).toEqual({ entries: 0, bytes: 0 });
  });

  it('forgets everything rather than lose count of evictions', async () => {
    const cache = memoryCache();
    await fill(cache, 'a', 'a');
    const { mark } = await cache.look(['b']);
    for (let batch = 0; batch < 6; batch++) {
      await cache.evict(Array.from({ length: 10_000 }, (_, at) => `${batch} ${at}`));
    }
    expect(await cache.put(mark, [{ key: 'b', tags: ['0 1'], value: 'old', ttlMs: LONG }])).toBe(0);
    expect((await cache.look(['a'])).found).toEqual([undefined]);
  });
});

describe.each(hasRedis ? redisKinds : [])('a cache in $name that goes away', ({ nodes }) => {
  it('knows nothing while it is away, and nothing of before when it is back', async () => {
    const server = await startRedis({ nodes });
    const redis = await openRedis(server.url(), log);
    const cache = redis.cache('away');
    try {
      const put = async (key: string) =>
        cache.put((await cache.look([key])).mark, [{ key, tags: ['a'], value: 1, ttlMs: LONG }]);
      expect(await put('known')).toBe(1);
      const { mark } = await cache.look(['late']);
      for (let at = 0; at < nodes; at++) server.freeze(at);
      // Not told to the server: it may come back with what it knew.
      await cache.evict(['a']);
      expect(await cache.look(['known'])).toEqual({ mark: null, found: [undefined] });
      for (let at = 0; at < nodes; at++) server.thaw(at);
      while ((await cache.look([])).mark === null) await sleep(20);
      expect((await cache.look(['known'])).found).toEqual([undefined]);
      expect(await cache.put(mark, [{ key: 'late', tags: ['b'], value: 1, ttlMs: LONG }])).toBe(0);
      expect(await put('known')).toBe(1);
      expect((await cache.look(['known'])).found).toEqual([1]);
    } finally {
      await redis.close();
      await server.stop();
    }
  });

  it('knows nothing after its state was lost, whatever values are left', async () => {
    const server = await startRedis({ nodes });
    const redis = await openRedis(server.url(), log);
    const cache = redis.cache('lost');
    try {
      const { mark } = await cache.look(['a']);
      await cache.put(mark, [{ key: 'a', tags: ['t'], value: 1, ttlMs: LONG }]);
      const keys = (await server.each('KEYS', '*cache:lost}:state')) as string[][];
      const [state] = keys.flat();
      const found = keys.findIndex((some) => some.length > 0);
      expect(found).toBeGreaterThanOrEqual(0);
      await server.each('DEL', state!).catch(() => undefined);
      if (nodes === 1) expect((await cache.look(['a'])).found).toEqual([undefined]);
      await server.each('FLUSHALL');
      expect((await cache.look(['a'])).found).toEqual([undefined]);
      expect(await cache.put(mark, [{ key: 'a', tags: ['t'], value: 1, ttlMs: LONG }])).toBe(0);
    } finally {
      await redis.close();
      await server.stop();
    }
  });
});
