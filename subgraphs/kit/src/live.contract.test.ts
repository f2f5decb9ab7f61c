import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryLive } from './live.memory.ts';
import type { Live, Touch } from './live.ts';

/** Every implementation: where one process listens and where another speaks. */
const implementations: { name: string; open: () => Promise<{ here: Live; there: Live }> }[] = [
  {
    name: 'memory',
    open: async () => {
      const live = memoryLive();
      return { here: live, there: live };
    },
  },
];

describe.each(implementations)('live in $name', ({ open }) => {
  let here: Live;
  let there: Live;
  beforeAll(async () => {
    ({ here, there } = await open());
  });
  afterAll(async () => {
    await here.close();
    await there.close();
  });
  const topic = () => `contract:${randomUUID()}`;
  const touch = (version: number, id = 'a'): Touch => ({ id, version });
  const next = async (stream: AsyncIterableIterator<Touch>): Promise<Touch> => (await stream.next()).value;
  const take = async (stream: AsyncIterableIterator<Touch>, count: number): Promise<Touch[]> => {
    const taken: Touch[] = [];
    while (taken.length < count) taken.push(await next(stream));
    return taken;
  };

  it('brings what is published after subscribing, in order', async () => {
    const name = topic();
    await there.publish(name, touch(0));
    const stream = here.subscribe([name]);
    for (const version of [1, 2, 3]) await there.publish(name, touch(version));
    expect(await take(stream, 3)).toEqual([touch(1), touch(2), touch(3)]);
    await stream.return?.();
  });
  it('brings to one that waits', async () => {
    const name = topic();
    const stream = here.subscribe([name]);
    const waiting = next(stream);
    await there.publish(name, touch(1));
    expect(await waiting).toEqual(touch(1));
    await stream.return?.();
  });
  it('brings to every subscriber, and one that leaves takes nothing from the others', async () => {
    const name = topic();
    const [first, second] = [here.subscribe([name]), here.subscribe([name])];
    await there.publish(name, touch(1));
    expect(await Promise.all([next(first), next(second)])).toEqual([touch(1), touch(1)]);
    await first.return?.();
    await there.publish(name, touch(2));
    expect(await next(second)).toEqual(touch(2));
    await second.return?.();
  });
  it('keeps topics apart, and joins those one asks for', async () => {
    const [mine, also, other] = [topic(), topic(), topic()];
    const stream = here.subscribe([mine, also]);
    await there.publish(other, touch(1));
    await there.publish(mine, touch(2));
    await there.publish(also, touch(3));
    expect(await take(stream, 2)).toEqual([touch(2), touch(3)]);
    await stream.return?.();
  });
  it('ends at once, even while somebody waits, and stays ended', async () => {
    const name = topic();
    const stream = here.subscribe([name]);
    const waiting = stream.next();
    await stream.return?.();
    expect((await waiting).done).toBe(true);
    await there.publish(name, touch(1));
    expect((await stream.next()).done).toBe(true);
    await stream.return?.();
  });
  it('keeps the newest of each id for one that lags behind', async () => {
    const name = topic();
    const stream = here.subscribe([name], 2);
    for (let version = 1; version <= 50; version++) {
      await there.publish(name, touch(version, 'a'));
      await there.publish(name, touch(version, 'b'));
    }
    // A remote publisher is heard in its own time: the newest of both must come, whatever older ones come before.
    const newest = new Map<string, number>();
    while (newest.get('a') !== 50 || newest.get('b') !== 50) {
      const { id, version } = await next(stream);
      expect(version).toBeGreaterThan(newest.get(id) ?? 0);
      newest.set(id, version);
    }
    await stream.return?.();
  });
  it('gives each subscriber a touch of its own', async () => {
    const name = topic();
    const [first, second] = [here.subscribe([name]), here.subscribe([name])];
    await there.publish(name, touch(1));
    Object.assign(await next(first), { version: 9 });
    expect(await next(second)).toEqual(touch(1));
    await first.return?.();
    await second.return?.();
  });
  it('does not mind a topic nobody listens to', async () => {
    await expect(there.publish(topic(), touch(1))).resolves.toBeUndefined();
  });
  it('ends every subscription when it closes', async () => {
    const own = await open();
    const streams = [own.here.subscribe([topic()]), own.here.subscribe([topic()])];
    const waiting = streams.map((stream) => stream.next());
    await own.here.close();
    await own.there.close();
    expect((await Promise.all(waiting)).map((result) => result.done)).toEqual([true, true]);
  });
});
