import { describe, expect, it } from 'vitest';
import { type Event, queueFor, seenSince } from './queue.ts';

const event = (eventId: string | null, value: string): Event<string> => ({ eventId, value });

describe('a listener’s queue', () => {
  it('gives what came in order, at once or when it comes', async () => {
    const queue = queueFor<string>({ seen: seenSince(null) });
    queue.offer(event('1-a', 'a1'));
    queue.offer(event('1-b', 'b1'));
    expect((await queue.next()).value).toEqual({ eventId: '1-a', value: 'a1', leftOut: 0 });
    expect((await queue.next()).value.value).toBe('b1');
    const waiting = queue.next();
    queue.offer(event('2-a', 'a2'));
    expect((await waiting).value.value).toBe('a2');
  });

  it('keeps of each thing the newest state only, and says how many it left out', async () => {
    const queue = queueFor<string>({ seen: seenSince(null) });
    for (let version = 1; version <= 10_000; version++) queue.offer(event(`${version}-a`, `a${version}`));
    queue.offer(event('1-b', 'b1'));
    expect((await queue.next()).value).toEqual({ eventId: '10000-a', value: 'a10000', leftOut: 9_999 });
    expect((await queue.next()).value).toEqual({ eventId: '1-b', value: 'b1', leftOut: 0 });
  });

  it('holds a bounded number of things, and leaves out the one that waited longest', async () => {
    const queue = queueFor<string>({ seen: seenSince(null), bound: 3 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) queue.offer(event(`1-${id}`, id));
    queue.end();
    const taken = [];
    for await (const { value, leftOut } of queue) taken.push([value, leftOut]);
    expect(taken).toEqual([
      ['c', 2],
      ['d', 0],
      ['e', 0],
    ]);
  });

  it('shows nothing twice and nothing older after something newer, whether shown or waiting', async () => {
    const queue = queueFor<string>({ seen: seenSince('3-a') });
    for (const id of ['2-a', '3-a', '5-b', '4-b', '5-b']) queue.offer(event(id, id));
    queue.end();
    const taken = [];
    for await (const { value, leftOut } of queue) taken.push([value, leftOut]);
    expect(taken).toEqual([['5-b', 0]]);
  });

  it('counts as shown what was taken, not what waited when its reader left for another queue', async () => {
    const seen = seenSince(null);
    const left = queueFor<string>({ seen });
    left.offer(event('1-a', 'a1'));
    await left.next();
    left.offer(event('2-a', 'a2'));
    await left.return();
    expect([seen.has('1-a'), seen.has('2-a')]).toEqual([true, false]);
  });

  it('lets one event that names no thing wait, the newest', async () => {
    const queue = queueFor<string>({ seen: seenSince(null) });
    for (const value of ['x', 'y', 'z']) queue.offer(event(null, value));
    queue.end();
    expect((await queue.next()).value).toEqual({ eventId: null, value: 'z', leftOut: 2 });
    expect((await queue.next()).done).toBe(true);
  });

  it('ends at once where somebody waits and its reader leaves, and says so once', async () => {
    let left = 0;
    const queue = queueFor<string>({ seen: seenSince(null), left: () => void left++ });
    const waiting = queue.next();
    await queue.return();
    await queue.return();
    expect((await waiting).done).toBe(true);
    queue.offer(event('1-a', 'a1'));
    expect((await queue.next()).done).toBe(true);
    expect(left).toBe(1);
  });

  it('gives what waits before it ends', async () => {
    const queue = queueFor<string>({ seen: seenSince(null) });
    queue.offer(event('1-a', 'a1'));
    queue.end();
    queue.offer(event('2-a', 'a2'));
    expect((await queue.next()).value.value).toBe('a1');
    expect((await queue.next()).done).toBe(true);
  });
});

describe('what somebody has seen', () => {
  it('takes event ids a client made up for none', () => {
    const seen = seenSince('nonsense');
    expect([seen.has('nonsense'), seen.has('0-a')]).toEqual([false, false]);
  });

  it('forgets the thing that was shown longest ago, so that it stays small', () => {
    const seen = seenSince(null);
    for (let thing = 0; thing < 2_000; thing++) seen.add(`1-${thing}`);
    seen.add('2-1000');
    seen.add('1-new');
    expect([seen.has('1-0'), seen.has('1-1000'), seen.has('1-1001'), seen.has('1-1999')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
