import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { memoryKv } from './kv.memory.ts';
import type { Kv } from './kv.ts';

/** Every implementation of the port, each opened as a house's process would. */
const implementations: { name: string; open: () => Promise<Kv> }[] = [{ name: 'memory', open: async () => memoryKv() }];

/** Long enough that nothing lapses while a test looks. */
const LONG = 600;
const SHORT = 0.05;

describe.each(implementations)('a kv in $name', ({ open }) => {
  let kv: Kv;
  beforeAll(async () => {
    kv = await open();
  });
  afterAll(() => kv.close());
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
