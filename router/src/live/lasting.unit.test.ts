import { describe, expect, it } from 'vitest';
import { lasting } from './lasting.ts';
import { queueFor, seenSince } from './queue.ts';

function source() {
  let ended = false;
  const left = (): void => {
    ended = true;
  };
  const queue = queueFor<string>({ seen: seenSince(null), left });
  let version = 0;
  return {
    say: (value: string) => queue.offer({ eventId: `1-${version++}`, value }),
    end: () => queue.end(),
    stream: queue as AsyncIterableIterator<{ value: string }>,
    get ended() {
      return ended;
    },
  };
}

function watched(
  again: (by: string | undefined) => ReturnType<Parameters<typeof lasting<{ value: string }, string>>[1]['again']>,
) {
  const first = source();
  let change: (() => void) | undefined;
  const stream = lasting<{ value: string }, string>(first.stream, {
    again,
    changes(changed) {
      change = changed;
      return () => {
        change = undefined;
      };
    },
  });
  return { first, stream, change: () => change?.(), followed: () => change !== undefined };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a lasting stream', () => {
  it('goes over to another stream where its reader waits, and ends the one before', async () => {
    const second = source();
    const { first, stream, change } = watched(async () => second.stream);
    first.say('one');
    expect((await stream.next()).value.value).toBe('one');
    const waiting = stream.next();
    change();
    await settled();
    expect(first.ended).toBe(true);
    second.say('two');
    expect((await waiting).value.value).toBe('two');
    await stream.return();
    expect(second.ended).toBe(true);
  });

  it('ends with what is to be shown last', async () => {
    const { first, stream, change, followed } = watched(async () => ({ last: { value: 'gone' } }));
    const waiting = stream.next();
    change();
    expect((await waiting).value.value).toBe('gone');
    expect((await stream.next()).done).toBe(true);
    expect([first.ended, followed()]).toEqual([true, false]);
  });

  it('stays as it is where it cannot be begun anew just now', async () => {
    const { first, stream, change } = watched(async () => ({ last: undefined }));
    change();
    await settled();
    first.say('one');
    expect((await stream.next()).value.value).toBe('one');
    expect(first.ended).toBe(false);
  });

  it('is begun anew by whoever it is now, one after the other', async () => {
    const sources = [source(), source()];
    const by: unknown[] = [];
    const { stream } = watched(async (who) => {
      by.push(who);
      await settled();
      return sources[by.length - 1]!.stream;
    });
    await Promise.all([stream.renew('a'), stream.renew('b')]);
    expect(by).toEqual(['a', 'b']);
    expect(sources[0]!.ended).toBe(true);
    sources[1]!.say('x');
    expect((await stream.next()).value.value).toBe('x');
  });

  it('leaves no stream open that began while its reader left', async () => {
    const second = source();
    const { stream, change } = watched(async () => {
      await settled();
      return second.stream;
    });
    change();
    await new Promise(setImmediate);
    await stream.return();
    await settled();
    await settled();
    expect(second.ended).toBe(true);
    expect((await stream.next()).done).toBe(true);
  });

  it('ends with its source', async () => {
    const { first, stream, followed } = watched(async () => ({ last: undefined }));
    first.say('one');
    first.end();
    expect((await stream.next()).value.value).toBe('one');
    expect((await stream.next()).done).toBe(true);
    expect(followed()).toBe(false);
  });
});
