import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { memoryKv } from './kv.memory.ts';
import type { Kv } from './kv.ts';
import { createLog } from './log.ts';
import { isOutage, Outage } from './outage.ts';
import { hasRedis, redisKinds, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { type OpenRedis, openRedis } from './redis.ts';

const log = createLog('silent');

interface Implementation {
  readonly name: string;
  readonly nodes: number | null;
}
/** Every implementation of the port, each opened as a house's process would. */
const implementations: Implementation[] = [{ name: 'memory', nodes: null }, ...redisKinds];
const here = ({ nodes }: Implementation) => nodes === null || hasRedis;

/** Long enough that nothing lapses while a test looks. */
const LONG = 600;
const SHORT = 0.05;

describe.each(implementations.filter((one) => !here(one)))('a kv in $name', () => {
  it('keeps the same contract', sayAbsent);
});

describe.each(implementations.filter(here))('a kv in $name', ({ nodes }) => {
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
  const key = () => `contract:${randomUUID()}`;
  const gone = async (name: string) => {
    while ((await kv.get(name)) !== undefined) await sleep(5);
  };

  it('knows nothing of what was never set', async () => {
    expect(await kv.get(key())).toBeUndefined();
  });
  it.each([0, 1.5, '', 'text', 'ünï☃', false, true, null, [], [1, [2]], {}, { a: { b: ['c', null] } }])(
    'gives %j back as it was set',
    async (value) => {
      const name = key();
      await kv.set(name, value, LONG);
      expect(await kv.get(name)).toEqual(value);
    },
  );
  it('keeps a value of its own: changing what was given or got changes nothing', async () => {
    const name = key();
    const value = { list: [1] };
    await kv.set(name, value, LONG);
    value.list.push(2);
    (await kv.get<typeof value>(name))!.list.push(3);
    expect(await kv.get(name)).toEqual({ list: [1] });
  });
  it('replaces, and deletes', async () => {
    const name = key();
    await kv.set(name, 1, LONG);
    await kv.set(name, 2, LONG);
    expect(await kv.get(name)).toBe(2);
    await kv.delete(name);
    await kv.delete(name);
    expect(await kv.get(name)).toBeUndefined();
  });
  it('keeps keys apart that look alike', async () => {
    const name = key();
    const names = [name, `${name}:`, `${name} `, name.toUpperCase(), `${name}*`];
    await Promise.all(names.map((one, index) => kv.set(one, index, LONG)));
    expect(await Promise.all(names.map((one) => kv.get(one)))).toEqual([0, 1, 2, 3, 4]);
  });
  it('forgets after its time, and replacing starts the time anew', async () => {
    const [lapsing, renewed] = [key(), key()];
    await kv.set(renewed, 1, SHORT);
    await kv.set(renewed, 2, LONG);
    await kv.set(lapsing, 1, SHORT);
    await gone(lapsing);
    expect(await kv.get(renewed)).toBe(2);
  });
  it('lets one of many set once, until it is deleted or lapses', async () => {
    const name = key();
    const wins = await Promise.all(Array.from({ length: 50 }, (_, index) => kv.setOnce(name, index, LONG)));
    expect(wins.filter((won) => won).length).toBe(1);
    expect(await kv.get(name)).toBe(wins.indexOf(true));
    await kv.delete(name);
    expect(await kv.setOnce(name, 'again', SHORT)).toBe(true);
    await gone(name);
    expect(await kv.setOnce(name, 'and again', LONG)).toBe(true);
  });
  it('does not set once over a value that is null', async () => {
    const name = key();
    await kv.set(name, null, LONG);
    expect(await kv.setOnce(name, 1, LONG)).toBe(false);
  });
  it('counts each of many increments once', async () => {
    const name = key();
    const sums = await Promise.all(Array.from({ length: 50 }, () => kv.increment(name, LONG)));
    expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(await kv.get(name)).toBe(50);
  });
  it('starts counting anew when the window of the first increment is over, however many came after', async () => {
    const name = key();
    await kv.increment(name, SHORT);
    await kv.increment(name, LONG);
    await gone(name);
    expect(await kv.increment(name, LONG)).toBe(1);
  });
});

describe.each(hasRedis ? redisKinds : [])('a kv in $name', ({ nodes }) => {
  let server: TestRedis;
  let one: OpenRedis;
  let other: OpenRedis;
  beforeAll(async () => {
    server = await startRedis({ nodes });
    [one, other] = await Promise.all([openRedis(server.url(), log), openRedis(server.url(), log)]);
  });
  afterAll(async () => {
    await one?.close();
    await other?.close();
    await server?.stop();
  });
  const keys = (many: number) => Array.from({ length: many }, () => `contract:${randomUUID()}`);
  const all = Array.from({ length: nodes }, (_, at) => at);
  const outage = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(Outage);
    expect(isOutage(error)).toBe(true);
    return error as Outage;
  };
  const usable = async ({ kv }: OpenRedis, names: readonly string[]) => {
    for (const name of names) while ((await kv.get(name).catch(() => 'away')) === 'away') await sleep(20);
  };

  it('is one for all processes', async () => {
    const [name, counter, once] = keys(3) as [string, string, string];
    await one.kv.set(name, { a: 1 }, LONG);
    expect(await other.kv.get(name)).toEqual({ a: 1 });
    const sums = await Promise.all([one, other, one, other].map(({ kv }) => kv.increment(counter, LONG)));
    expect(sums.toSorted()).toEqual([1, 2, 3, 4]);
    const wins = await Promise.all([one, other, one, other].map(({ kv }, at) => kv.setOnce(once, at, LONG)));
    expect(wins.filter((won) => won)).toHaveLength(1);
  });

  it('keeps keys wherever their slots are', async () => {
    const names = keys(60);
    await Promise.all(names.map((name, at) => one.kv.set(name, at, LONG)));
    expect(await Promise.all(names.map((name) => other.kv.get(name)))).toEqual(names.map((_, at) => at));
    const sizes = (await server.each('DBSIZE')) as number[];
    expect(sizes.every((size) => size > 0)).toBe(true);
  });

  it('gives every key an end, one that is counted too', async () => {
    await server.each('FLUSHALL');
    const [set, once, counter] = keys(3) as [string, string, string];
    await one.kv.set(set, 1, LONG);
    await one.kv.setOnce(once, 1, LONG);
    for (let i = 0; i < 3; i++) await one.kv.increment(counter, LONG);
    const endless = await server.each(
      'EVAL',
      `local endless = 0
       for _, key in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', key) < 0 then endless = endless + 1 end end
       return endless`,
      0,
    );
    expect(endless).toEqual(all.map(() => 0));
  });

  it('knows nothing after the server was wiped, and goes on', async () => {
    const [name, counter] = keys(2) as [string, string];
    await one.kv.set(name, 1, LONG);
    await one.kv.increment(counter, LONG);
    await server.each('FLUSHALL');
    expect(await one.kv.get(name)).toBeUndefined();
    expect(await one.kv.increment(counter, LONG)).toBe(1);
  });

  it('goes on with scripts the server has forgotten', async () => {
    const [counter] = keys(1) as [string];
    await one.kv.increment(counter, LONG);
    await server.each('SCRIPT', 'FLUSH');
    expect(await one.kv.increment(counter, LONG)).toBe(2);
  });

  it('says an outage, without a key or a value, while the server is away, and works when it is back', async () => {
    const [name] = keys(1) as [string];
    await one.kv.set(name, 'secret', LONG);
    await Promise.all(all.map((at) => server.kill(at)));
    for (const asked of [
      one.kv.get(name),
      one.kv.set(name, 'secret', LONG),
      one.kv.setOnce(name, 'secret', LONG),
      one.kv.delete(name),
      one.kv.increment(name, LONG),
    ]) {
      const error = await outage(asked);
      expect(JSON.stringify([error.message, String(error.cause), { ...error }])).not.toMatch(/secret|contract:/);
    }
    while (one.isReachable()) await sleep(20);
    await Promise.all(all.map((at) => server.start(at)));
    await usable(one, keys(30));
    // Nothing of what was asked meanwhile is done now.
    expect(await one.kv.increment(name, LONG)).toBe(1);
  });

  it('says an outage while the server does not answer, and works when it goes on', async () => {
    const [name, late] = keys(2) as [string, string];
    await usable(one, keys(30));
    for (const at of all) server.freeze(at);
    await outage(one.kv.get(name));
    await outage(one.kv.set(late, 1, LONG));
    for (const at of all) server.thaw(at);
    await usable(one, [name]);
    await one.kv.set(name, 2, LONG);
    expect(await one.kv.get(name)).toBe(2);
  });

  if (nodes > 1) {
    it('answers for the slots of those masters that are left', async () => {
      const names = keys(60);
      await usable(one, names);
      await server.kill(0);
      const answers = await Promise.all(
        names.map((name) =>
          one.kv.get(name).then(
            () => 'answered',
            (error) => (error instanceof Outage ? 'outage' : 'wrong'),
          ),
        ),
      );
      expect(new Set(answers)).toEqual(new Set(['answered', 'outage']));
      await server.start(0);
      await usable(one, names);
    });
  }
});
