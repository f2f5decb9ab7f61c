import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { memoryLive } from './live.memory.ts';
import { type Heard, isLost, type Live, LOST, type Touch, type Touches } from './live.ts';
import { createLog } from './log.ts';
import { hasRedis, redisKinds, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { type OpenRedis, openRedis } from './redis.ts';
import { watch } from './subscription.ts';

const log = createLog('silent');

interface Implementation {
  readonly name: string;
  readonly nodes: number | null;
}
const implementations: Implementation[] = [{ name: 'memory', nodes: null }, ...redisKinds];
const isHere = ({ nodes }: Implementation) => nodes === null || hasRedis;

const topic = () => `contract:${randomUUID()}`;
const touch = (version: number, id = 'a'): Touch => ({ id, version });
const next = async (stream: Touches): Promise<Heard> => (await stream.next()).value;
/** The next touch: `Lost` may come at any time, wherever a loss is suspected. */
const nextTouch = async (stream: Touches): Promise<Touch> => {
  for (;;) {
    const heard = await next(stream);
    if (!isLost(heard)) return heard;
  }
};
/** Whatever was still to be heard, then the end. */
const end = async (stream: Touches, first = stream.next()): Promise<true> => {
  for (let heard = await first; !heard.done; heard = await stream.next());
  return true;
};
const take = async (stream: Touches, count: number): Promise<Touch[]> => {
  const taken: Touch[] = [];
  while (taken.length < count) taken.push(await nextTouch(stream));
  return taken;
};

describe.each(implementations.filter((one) => !isHere(one)))('live in $name', () => {
  it('keeps the same contract', sayAbsent);
});

describe.each(implementations.filter(isHere))('live in $name', ({ nodes }) => {
  /** Where one process listens and where another speaks. */
  let here: Live;
  let there: Live;
  let server: TestRedis | undefined;
  const opened: OpenRedis[] = [];
  const open = async () => {
    if (!server) return { here: memoryLive() };
    const redis = await openRedis(server.url(), log);
    opened.push(redis);
    return { here: redis.live };
  };
  const heard = async (live: Live, topics: string[], bound?: number) => {
    const stream = live.subscribe(topics, bound);
    await stream.listening;
    return stream;
  };
  beforeAll(async () => {
    if (nodes !== null) server = await startRedis({ nodes });
    here = (await open()).here;
    there = server ? (await open()).here : here;
  });
  afterAll(async () => {
    await here?.close();
    await there?.close();
    for (const redis of opened) await redis.close();
    await server?.stop();
  });
  it('brings what is published after subscribing, in order', async () => {
    const name = topic();
    await there.publish(name, touch(0));
    const stream = await heard(here, [name]);
    for (const version of [1, 2, 3]) await there.publish(name, touch(version));
    const [first, ...more] = await take(stream, 3);
    // Between the nodes of a cluster the one of before may still be under way.
    const brought = first!.version === 0 ? [...more, await nextTouch(stream)] : [first, ...more];
    expect(brought).toEqual([touch(1), touch(2), touch(3)]);
    await stream.return?.();
  });
  it('brings to one that waits', async () => {
    const name = topic();
    const stream = await heard(here, [name]);
    const waiting = nextTouch(stream);
    await there.publish(name, touch(1));
    expect(await waiting).toEqual(touch(1));
    await stream.return?.();
  });
  it('brings to every subscriber, and one that leaves takes nothing from the others', async () => {
    const name = topic();
    const [first, second] = [await heard(here, [name]), await heard(here, [name])];
    await there.publish(name, touch(1));
    expect(await Promise.all([nextTouch(first), nextTouch(second)])).toEqual([touch(1), touch(1)]);
    await first.return?.();
    await there.publish(name, touch(2));
    expect(await nextTouch(second)).toEqual(touch(2));
    await second.return?.();
  });
  it('keeps topics apart, and joins those one asks for', async () => {
    const [mine, also, other] = [topic(), topic(), topic()];
    const stream = await heard(here, [mine, also]);
    await there.publish(other, touch(1));
    await there.publish(mine, touch(2));
    await there.publish(also, touch(3));
    // Order is promised within a topic only.
    expect((await take(stream, 2)).toSorted((a, b) => a.version - b.version)).toEqual([touch(2), touch(3)]);
    await stream.return?.();
  });
  it('ends at once, even while somebody waits, and stays ended', async () => {
    const name = topic();
    const stream = await heard(here, [name]);
    const waiting = stream.next();
    await stream.return?.();
    expect(await end(stream, waiting)).toBe(true);
    await there.publish(name, touch(1));
    expect((await stream.next()).done).toBe(true);
    await stream.return?.();
  });
  it('keeps the newest of each id for one that lags behind', async () => {
    const name = topic();
    const stream = await heard(here, [name], 2);
    for (let version = 1; version <= 50; version++) {
      await there.publish(name, touch(version, 'a'));
      await there.publish(name, touch(version, 'b'));
    }
    // A remote publisher is heard in its own time: the newest of both must come, whatever older ones come before.
    const newest = new Map<string, number>();
    while (newest.get('a') !== 50 || newest.get('b') !== 50) {
      const { id, version } = await nextTouch(stream);
      expect(version).toBeGreaterThan(newest.get(id) ?? 0);
      newest.set(id, version);
    }
    await stream.return?.();
  });
  it('gives each subscriber a touch of its own', async () => {
    const name = topic();
    const [first, second] = [await heard(here, [name]), await heard(here, [name])];
    await there.publish(name, touch(1));
    Object.assign(await nextTouch(first), { version: 9 });
    expect(await nextTouch(second)).toEqual(touch(1));
    await first.return?.();
    await second.return?.();
  });
  it('does not mind a topic nobody listens to', async () => {
    await expect(there.publish(topic(), touch(1))).resolves.toBeUndefined();
  });
  it('tells one that lags behind on more things than it keeps to read again, once', async () => {
    const name = topic();
    const stream = await heard(here, [name], 3);
    const all = await heard(here, [name]);
    for (let id = 0; id < 10; id++) await there.publish(name, touch(1, `${id}`));
    // What all of them were heard by, the one that lags behind has heard too.
    await take(all, 10);
    expect(await next(stream)).toEqual(LOST);
    await there.publish(name, touch(2));
    expect(await nextTouch(stream)).toEqual(touch(2));
    await stream.return?.();
    await all.return?.();
  });
  it('can be left and joined again at once', async () => {
    const name = topic();
    for (let i = 0; i < 20; i++) {
      const [gone, stream] = [here.subscribe([name]), here.subscribe([name])];
      await gone.return?.();
      await stream.listening;
      await there.publish(name, touch(i));
      expect(await nextTouch(stream)).toEqual(touch(i));
      await stream.return?.();
    }
  });
  it('ends every subscription when it closes', async () => {
    const own = await open();
    const streams = [await heard(own.here, [topic()]), await heard(own.here, [topic()])];
    const waiting = streams.map((stream) => stream.next());
    await own.here.close();
    expect(await Promise.all(streams.map((stream, at) => end(stream, waiting[at])))).toEqual([true, true]);
  });
});

/** Publishes from a process of its own, again and again, until it is ended. */
const PUBLISHER = `
  const { openRedis } = await import(process.env.SOUK_TEST_REDIS_MODULE);
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const redis = await openRedis(process.env.SOUK_REDIS_URL, log);
  setInterval(() => redis.live.publish(process.env.SOUK_TEST_TOPIC, { id: 'a', version: 7 }), 50);
`;

describe.each(hasRedis ? redisKinds : [])('live in $name', ({ nodes }) => {
  let server: TestRedis;
  let here: OpenRedis;
  let there: OpenRedis;
  beforeAll(async () => {
    server = await startRedis({ nodes });
    [here, there] = await Promise.all([openRedis(server.url(), log), openRedis(server.url(), log)]);
  });
  afterAll(async () => {
    await here?.close();
    await there?.close();
    await server?.stop();
  });
  const all = Array.from({ length: nodes }, (_, at) => at);
  const stopAll = () => Promise.all(all.map((at) => server.kill(at)));
  const startAll = () => Promise.all(all.map((at) => server.start(at)));
  const reachable = async () => {
    while (!here.isReachable() || !there.isReachable()) await sleep(20);
  };
  const heard = async (name: string) => {
    const stream = here.live.subscribe([name]);
    await stream.listening;
    return stream;
  };
  /** A thing that is watched: `versions` is what the database says. */
  const watched = (name: string) => {
    const versions = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const read = async (id: string | null) =>
      [...versions]
        .filter(([one]) => id === null || one === id)
        .map(([one, version]) => ({ id: one, version, value: one }));
    return { versions, events: watch({ live: here.live, topics: [name], after: null, read }) };
  };
  const eventIds = async (events: ReturnType<typeof watched>['events'], count: number) => {
    const ids: string[] = [];
    while (ids.length < count) ids.push((await events.next()).value.eventId);
    return ids;
  };

  it('goes from one process to another', async () => {
    const name = topic();
    const stream = await heard(name);
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', '@oxc-node/core/register', '--input-type=module', '--eval', PUBLISHER],
      {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        stdio: 'ignore',
        env: {
          ...process.env,
          SOUK_REDIS_URL: server.url(),
          SOUK_TEST_TOPIC: name,
          SOUK_TEST_REDIS_MODULE: new URL('./redis.ts', import.meta.url).href,
        },
      },
    );
    expect(await nextTouch(stream)).toEqual(touch(7));
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await stream.return?.();
  });

  it('tells to read again when the connection was killed, then goes on', async () => {
    const name = topic();
    const [stream, other] = [await heard(name), await heard(topic())];
    await server.each('CLIENT', 'KILL', 'TYPE', 'pubsub');
    expect(await Promise.all([next(stream), next(other)])).toEqual([LOST, LOST]);
    await there.live.publish(name, touch(2));
    expect(await nextTouch(stream)).toEqual(touch(2));
    await stream.return?.();
    await other.return?.();
  });

  it('lets a subscription send what it missed while the server was away, and nothing twice', async () => {
    const name = topic();
    const { versions, events } = watched(name);
    expect(await eventIds(events, 2)).toEqual(['1-a', '1-b']);
    const waiting = events.next();
    await stopAll();
    versions.set('b', 2);
    await expect(there.live.publish(name, touch(2, 'b'))).resolves.toBeUndefined();
    await startAll();
    expect((await waiting).value.eventId).toBe('2-b');
    await reachable();
    versions.set('a', 2);
    await there.live.publish(name, touch(2, 'a'));
    versions.set('b', 3);
    await there.live.publish(name, touch(3, 'b'));
    expect(await eventIds(events, 2)).toEqual(['2-a', '3-b']);
    await events.return?.();
  });

  it('begins while the server is away: the present state is sent, events flow when it is back', async () => {
    const name = topic();
    await stopAll();
    const { versions, events } = watched(name);
    expect(await events.begin()).toBe(true);
    expect(await eventIds(events, 2)).toEqual(['1-a', '1-b']);
    versions.set('a', 2);
    await startAll();
    expect(await eventIds(events, 1)).toEqual(['2-a']);
    await reachable();
    versions.set('b', 2);
    await there.live.publish(name, touch(2, 'b'));
    expect(await eventIds(events, 1)).toEqual(['2-b']);
    await events.return?.();
  });

  it('is said later by who could not publish, to those whose connection was never lost', async () => {
    const name = topic();
    const stream = await heard(name);
    // Only who publishes is cut off: by name, since all connections of this test are alike.
    await server.each('ACL', 'SETUSER', 'default', '-publish');
    await there.live.publish(name, touch(1));
    await there.live.publish(name, touch(2));
    await server.each('ACL', 'SETUSER', 'default', '+publish');
    await server.each('CLIENT', 'KILL', 'TYPE', 'normal');
    expect(await nextTouch(stream)).toEqual(touch(2));
    await stream.return?.();
  });

  it('ends at once while the server is away, and a closed one leaves nothing behind', async () => {
    const own = await openRedis(server.url(), log);
    const stream = own.live.subscribe([topic()]);
    await stream.listening;
    await stopAll();
    const [waiting, late] = [stream.next(), own.live.subscribe([topic()])];
    await stream.return?.();
    await waiting;
    expect((await stream.next()).done).toBe(true);
    await own.close();
    expect(await end(late)).toBe(true);
    await startAll();
    await reachable();
  });
});
