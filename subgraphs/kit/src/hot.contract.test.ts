import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import type { Copy, Hot } from './hot.ts';
import { memoryKv } from './kv.memory.ts';
import type { Kv } from './kv.ts';
import { createLog } from './log.ts';
import { hasRedis, redisKinds, sayAbsent, startRedis, startWire, type TestRedis } from './redis.testing.ts';
import { type OpenRedis, openRedis } from './redis.ts';

const log = createLog('silent');

interface Implementation {
  readonly name: string;
  readonly nodes: number | null;
}
const implementations: Implementation[] = [{ name: 'memory', nodes: null }, ...redisKinds];
const isHere = ({ nodes }: Implementation) => nodes === null || hasRedis;

/** What the durable table says of one key, with every state it ever had: `at` rises with each commit. */
function durable(isThere: boolean) {
  let id = 'thing 0';
  const states: (Copy<{ at: number }> | undefined)[] = [isThere ? { id, version: 1, value: { at: 0 } } : undefined];
  return {
    states,
    now: () => states.at(-1),
    commit(copy: 'gone' | 'next') {
      const version = (states.at(-1)?.version ?? 0) + 1;
      if (copy === 'gone') id = `thing ${states.length}`;
      states.push(copy === 'gone' ? undefined : { id, version, value: { at: states.length } });
      return states.length - 1;
    },
  };
}

describe.each(implementations.filter((one) => !isHere(one)))('hot copies in $name', () => {
  it('keep the same contract', sayAbsent);
});

describe.each(implementations.filter(isHere))('hot copies in $name', ({ nodes }) => {
  let server: TestRedis | undefined;
  const opened: OpenRedis[] = [];
  let hots: Hot[];
  const kvs: Kv[] = [];

  beforeAll(async () => {
    if (nodes !== null) {
      server = await startRedis({ nodes });
      opened.push(await openRedis(server.url(), log), await openRedis(server.url(), log));
      kvs.push(...opened.map(({ kv }) => kv));
    } else {
      const kv = memoryKv();
      kvs.push(kv, kv);
    }
    hots = kvs.map((kv) => kv.hot('contract'));
  });
  afterAll(async () => {
    for (const kv of kvs) await kv.close();
    for (const redis of opened) await redis.close();
    await server?.stop();
  });

  const copy = (version: number, value: unknown = { version }): Copy<unknown> => ({ id: 'a', version, value });
  const never = (): Promise<Copy<unknown>> => Promise.reject(new Error('the durable table was asked'));
  /** Until copies are used: at the start, and after a loss, it takes a moment. */
  const warm = async () => {
    for (const hot of hots) {
      for (let asked = true; asked; ) {
        const key = randomUUID();
        await hot.get(key, async () => copy(1));
        asked = false;
        await hot.get(key, async () => {
          asked = true;
          return copy(1);
        });
        if (asked) await sleep(20);
      }
    }
  };
  /** A reading that takes until it is told what it found. */
  const slowly = <T>() => {
    const [begun, found] = [Promise.withResolvers<void>(), Promise.withResolvers<T>()];
    const reading = () => {
      begun.resolve();
      return found.promise;
    };
    return { reading, began: begun.promise, finish: found.resolve };
  };
  const [here, there] = [() => hots[0]!, () => hots[1]!];

  it('save the second reading, in whichever process, also of what is not there', async () => {
    await warm();
    const [some, none] = [randomUUID(), randomUUID()];
    expect(await here().get(some, async () => copy(3, { a: [1, null, 'ü'] }))).toEqual(copy(3, { a: [1, null, 'ü'] }));
    expect(await there().get(some, never)).toEqual(copy(3, { a: [1, null, 'ü'] }));
    expect(await here().get(none, async () => undefined)).toBeUndefined();
    expect(await there().get(none, never)).toBeUndefined();
  });
  it('are replaced by a commit at once, everywhere', async () => {
    await warm();
    const key = randomUUID();
    await here().get(key, async () => copy(1));
    await there().replace(key, copy(2));
    expect(await here().get(key, never)).toEqual(copy(2));
    await here().replace(key, copy(1));
    expect(await there().get(key, never)).toEqual(copy(2));
  });
  it('are not put back by a reading that began before the commit', async () => {
    await warm();
    const key = randomUUID();
    const { reading, finish, began } = slowly<Copy<unknown>>();
    const slow = here().get(key, reading);
    await began;
    await there().replace(key, copy(2));
    finish(copy(1));
    expect(await slow).toEqual(copy(2));
    expect(await here().get(key, never)).toEqual(copy(2));
  });
  it('are gone with the thing, and a reading that began before brings none back', async () => {
    await warm();
    const key = randomUUID();
    await here().get(key, async () => copy(7));
    await there().replace(key, null);
    const { reading, finish, began } = slowly<undefined>();
    const slow = here().get(key, reading);
    await began;
    finish(undefined);
    expect(await slow).toBeUndefined();
    expect(await there().get(key, async () => copy(1))).toEqual(copy(1));
  });
  it('let an error of the reading through and keep nothing of it', async () => {
    await warm();
    const key = randomUUID();
    await expect(here().get(key, never)).rejects.toThrow('the durable table was asked');
    expect(await here().get(key, async () => copy(1))).toEqual(copy(1));
  });

  /** One client: what it was answered, and by which commit that was made. */
  it('never answer an older state after a newer one, however readings, commits and losses interleave', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ op: fc.constant('read' as const), by: fc.nat(1) }) },
      { weight: 4, arbitrary: fc.record({ op: fc.constant('finish' as const), by: fc.nat(5) }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('commit' as const), by: fc.nat(1) }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('commit, tell later' as const), by: fc.nat(1) }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('tell' as const), by: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('remove' as const), by: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('remove, tell later' as const), by: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('wipe' as const), by: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('cut' as const), by: fc.nat(1) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 4, maxLength: 30 }), async (isThere, steps) => {
        await warm();
        const key = randomUUID();
        const table = durable(isThere);
        let floor = 0;
        const readings: (() => void)[] = [];
        const untold: (() => Promise<void>)[] = [];
        const underWay: Promise<void>[] = [];
        const answered = (at: number) => {
          floor = Math.max(floor, at);
        };
        const read = async (hot: Hot) => {
          const least = floor;
          const got = await hot.get(key, async () => {
            const seen = table.now();
            await new Promise<void>((resolve) => readings.push(resolve));
            return seen;
          });
          // Nothing was the state at several times: the oldest that would do is not held against it.
          const at = got ? got.value.at : table.states.findIndex((state, at) => at >= least && state === undefined);
          expect(at).toBeGreaterThanOrEqual(least);
          answered(at);
        };
        const commit = (hot: Hot, what: 'gone' | 'next') => {
          const at = table.commit(what);
          const now = table.now() ?? null;
          return async () => {
            await hot.replace(key, now);
            answered(at);
          };
        };
        for (const { op, by } of steps) {
          const hot = hots[by % 2]!;
          if (op === 'read') underWay.push(read(hot));
          if (op === 'finish') readings.splice(by % (readings.length || 1), 1)[0]?.();
          // One change of a thing at a time: its row is locked until it is committed, but not until that is told.
          if (op === 'commit') underWay.push(commit(hot, 'next')());
          if (op === 'commit, tell later') untold.push(commit(hot, 'next'));
          if (op === 'tell') underWay.push(...untold.splice(by % (untold.length || 1), 1).map((tell) => tell()));
          if (op === 'remove, tell later') untold.push(commit(hot, 'gone'));
          if (op === 'remove') underWay.push(commit(hot, 'gone')());
          if (op === 'wipe') await server?.each('FLUSHALL');
          if (op === 'cut') await server?.each('CLIENT', 'KILL', 'TYPE', 'normal');
          await sleep(by % 3);
        }
        underWay.push(...untold.map((tell) => tell()));
        const all = Promise.all(underWay).then(() => true);
        while (!(await Promise.race([all, sleep(1).then(() => false)])))
          for (const finish of readings.splice(0)) finish();
      }),
      { numRuns: nodes === null ? 300 : 15 },
    );
  });
});

describe.each(hasRedis ? redisKinds : [])('hot copies in $name', ({ nodes }) => {
  let server: TestRedis;
  let one: OpenRedis;
  beforeAll(async () => {
    server = await startRedis({ nodes });
    one = await openRedis(server.url(), log);
  });
  afterAll(async () => {
    await one?.close();
    await server?.stop();
  });
  const all = Array.from({ length: nodes }, (_, at) => at);

  it('are not waited for while the server is away, and start anew when it is back', async () => {
    const hot = one.kv.hot('contract');
    const key = randomUUID();
    await hot.replace(key, { id: 'a', version: 5, value: 'before' });
    await Promise.all(all.map((at) => server.kill(at)));
    expect(await hot.get(key, async () => ({ id: 'a', version: 6, value: 'now' }))).toEqual({
      id: 'a',
      version: 6,
      value: 'now',
    });
    await hot.replace(key, { id: 'a', version: 7, value: 'changed' });
    await Promise.all(all.map((at) => server.start(at)));
    for (let asked = true; asked; await sleep(20)) {
      asked = false;
      const got = await hot.get(key, async () => {
        asked = true;
        return { id: 'a', version: 7, value: 'changed' };
      });
      expect(got).toEqual({ id: 'a', version: 7, value: 'changed' });
    }
  });
});

describe.each(hasRedis ? redisKinds.slice(0, 1) : [])('a process that is cut off from $name', () => {
  it('is not waited for by its clients when copies are used by nobody any more, and by all again when it is back', async () => {
    const server = await startRedis();
    const wire = await startWire(server.url());
    const [one, other] = [await openRedis(wire.url, log), await openRedis(server.url(), log)];
    const [mine, theirs] = [one.kv.hot('cut'), other.kv.hot('cut')];
    const key = randomUUID();
    let table = { id: 'a', version: 1, value: 'old' };
    const hit = async (hot: Hot) => {
      for (let asked = true; asked; await sleep(20)) {
        asked = false;
        const got = await hot.get(key, async () => {
          asked = true;
          return table;
        });
        if (!asked) return got;
      }
    };
    expect(await hit(theirs)).toEqual({ id: 'a', version: 1, value: 'old' });
    expect(await hit(mine)).toEqual({ id: 'a', version: 1, value: 'old' });
    wire.cut();
    table = { id: 'a', version: 2, value: 'new' };
    await mine.replace(key, table);
    expect(await theirs.get(key, async () => table)).toEqual(table);
    wire.mend();
    expect(await hit(mine)).toEqual(table);
    expect(await hit(theirs)).toEqual(table);
    for (const { kv, close } of [one, other]) {
      await kv.close();
      await close();
    }
    wire.close();
    await server.stop();
  });
});
