import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BudgetSize, memoryBuckets } from './budget.ts';
import { sleep } from './clock.ts';
import { memoryKv } from './kv.memory.ts';
import type { Kv } from './kv.ts';
import { createLog } from './log.ts';
import { hasRedis, redisKinds, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { type OpenRedis, openRedis } from './redis.ts';

interface Implementation {
  readonly name: string;
  readonly nodes: number | null;
}
const implementations: Implementation[] = [{ name: 'memory', nodes: null }, ...redisKinds];
const here = ({ nodes }: Implementation) => nodes === null || hasRedis;
const log = createLog('silent');

/** So slow that nothing comes back while a test looks. */
const still: BudgetSize = { capacity: 100, seconds: 100_000 };
/** A point a millisecond. */
const quick: BudgetSize = { capacity: 1_000, seconds: 1 };

describe.each(implementations.filter((one) => !here(one)))('a budget in $name', () => {
  it('keeps the same contract', sayAbsent);
});

describe.each(implementations.filter(here))('a budget in $name', ({ nodes }) => {
  let kv: Kv;
  let server: TestRedis | undefined;
  let opened: OpenRedis | undefined;
  beforeAll(async () => {
    if (nodes !== null) {
      server = await startRedis({ nodes });
      opened = await openRedis(server.url(), log);
    }
    kv = opened?.kv ?? memoryKv();
  });
  afterAll(async () => {
    await kv?.close();
    await opened?.close();
    await server?.stop();
  });
  const budgetOf = (size: BudgetSize) => {
    const budget = kv.budget(randomUUID(), size);
    return {
      take: (points: number, key = 'one') => budget.take(key, points),
      give: (points: number, key = 'one') => budget.give(key, points),
    };
  };

  it('is full at first, and apart for each client', async () => {
    const { take } = budgetOf(still);
    expect(await take(30)).toEqual({ ok: true, available: 70, retryAfterMs: 0 });
    expect(await take(70)).toEqual({ ok: true, available: 0, retryAfterMs: 0 });
    expect(await take(100, 'another')).toEqual({ ok: true, available: 0, retryAfterMs: 0 });
  });
  it('takes nothing from whoever asks for more than is there', async () => {
    const { take } = budgetOf(still);
    await take(90);
    const refused = await take(20);
    expect(refused).toMatchObject({ ok: false, available: 10 });
    expect(Math.round(refused.retryAfterMs / 1_000_000)).toBe(10);
    expect(await take(10)).toMatchObject({ ok: true, available: 0 });
  });
  it('lets exactly as many through as there is, of all who come at once', async () => {
    const { take } = budgetOf(still);
    const taken = await Promise.all(Array.from({ length: 50 }, () => take(7)));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(14);
  });
  it('takes back what was not used, and never holds more than it can', async () => {
    const { take, give } = budgetOf(still);
    await take(50);
    await give(20);
    expect(await take(0)).toMatchObject({ ok: true, available: 70 });
    await give(1_000);
    expect(await take(0)).toMatchObject({ ok: true, available: 100 });
  });
  it('fills by itself', async () => {
    const { take } = budgetOf(quick);
    await take(1_000);
    let { ok } = await take(200);
    expect(ok).toBe(false);
    while (!ok) {
      await sleep(20);
      ({ ok } = await take(200));
    }
  });
  it('keeps budgets of other kinds apart', async () => {
    const [one, other] = [budgetOf(still), budgetOf(still)];
    await one.take(100);
    expect(await other.take(100)).toMatchObject({ ok: true });
  });
});

describe.each(hasRedis ? redisKinds : [])('a budget in $name', ({ nodes }) => {
  it('is one for all processes, ends by itself, and is counted in each while the server is away', async () => {
    const server = await startRedis({ nodes });
    const [one, other] = await Promise.all([openRedis(server.url(), log), openRedis(server.url(), log)]);
    try {
      const budgets = [one, other].map(({ kv }) => kv.budget('shared', still));
      await budgets[0]!.take('key', 60);
      expect(await budgets[1]!.take('key', 60)).toMatchObject({ ok: false, available: 40 });
      const endless = await server.each(
        'EVAL',
        `local endless = 0
         for _, key in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', key) < 0 then endless = endless + 1 end end
         return endless`,
        0,
      );
      expect(endless).toEqual(endless.map(() => 0));
      for (let at = 0; at < nodes; at++) await server.kill(at);
      expect(await budgets[0]!.take('key', 60)).toMatchObject({ ok: true, available: 40 });
      expect(await budgets[0]!.take('key', 60)).toMatchObject({ ok: false, available: 40 });
      expect(await budgets[1]!.take('key', 60)).toMatchObject({ ok: true, available: 40 });
    } finally {
      await Promise.all([one.close(), other.close()]);
      await server.stop();
    }
  });
});

describe('buckets in this process', () => {
  it('forget the one longest untouched rather than grow', async () => {
    const buckets = memoryBuckets(() => 0, 2);
    const take = (key: string, points: string) => buckets.rlflxIncr([key, points, '10', '10', '10']);
    await take('a', '10');
    await take('b', '10');
    await take('c', '10');
    expect(await take('a', '1')).toEqual([1, 1_000]);
    expect(await take('c', '1')).toEqual([11, 1_000]);
  });
});
