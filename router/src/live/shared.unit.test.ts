import { type ExecutionResult, GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Event, type Queue, queueFor, seenSince } from './queue.ts';
import { type Events, sharedStream } from './shared.ts';

/** A subscription upstream whose events the test says. */
interface Upstream {
  say(version: number, thing?: string): void;
  fail(): void;
  finish(): void;
  readonly ended: boolean;
}

const result = (text: string): ExecutionResult => ({ data: { text } });
const refusal: ExecutionResult = { errors: [new GraphQLError('no')] };
const lost: ExecutionResult = { errors: [new GraphQLError('lost')] };

function upstreams() {
  const opened: Upstream[] = [];
  let refuse: ExecutionResult | undefined;
  let empty = 0;
  let broke = 0;
  const open = async (): Promise<Events | ExecutionResult> => {
    if (refuse) return refuse;
    const queue = queueFor<ExecutionResult>({ seen: seenSince(null) });
    let failing: ((error: Error) => void) | undefined;
    const failed = new Promise<never>((_, reject) => {
      failing = reject;
    });
    failed.catch(() => undefined);
    let ended = false;
    opened.push({
      say: (version, thing = 'a') =>
        queue.offer({ eventId: `${version}-${thing}`, value: result(`${thing}${version}`) }),
      fail: () => failing!(new Error('broken')),
      finish: () => queue.end(),
      get ended() {
        return ended;
      },
    });
    return {
      next: () => Promise.race([queue.next() as Promise<IteratorResult<Event<ExecutionResult>>>, failed]),
      async return() {
        ended = true;
        return queue.return();
      },
    };
  };
  const stream = sharedStream({
    open,
    empty: () => void empty++,
    broke: () => void broke++,
    lost,
    again: [1, 1],
  });
  return {
    stream,
    opened,
    refuse: (with_: ExecutionResult | undefined) => {
      refuse = with_;
    },
    get empty() {
      return empty;
    },
    get broke() {
      return broke;
    },
    async join(after: string | null = null) {
      const joined = await stream.join(seenSince(after));
      if (!('next' in joined)) throw new Error(JSON.stringify(joined));
      return joined;
    },
  };
}

const texts = async (queue: Queue<ExecutionResult>, many: number): Promise<unknown[]> => {
  const seen: unknown[] = [];
  while (seen.length < many) {
    const { value, done } = await queue.next();
    seen.push(done ? 'END' : (value.value.data?.text ?? value.value.errors?.[0]?.message));
  }
  return seen;
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a shared stream', () => {
  it('asks upstream once for all who come before it answers, and ends it when the last has left', async () => {
    const up = upstreams();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => up.join()));
    up.opened[0]!.say(1);
    expect(new Set((await Promise.all(all.map((queue) => texts(queue, 1)))).flat())).toEqual(new Set(['a1']));
    for (const queue of all.slice(1)) await queue.return();
    expect([up.opened.length, up.opened[0]!.ended, up.empty]).toEqual([1, false, 0]);
    up.opened[0]!.say(2);
    expect(await texts(all[0]!, 1)).toEqual(['a2']);
    const waiting = all[0]!.next();
    await all[0]!.return();
    expect((await waiting).done).toBe(true);
    expect([up.opened.length, up.opened[0]!.ended, up.empty]).toEqual([1, true, 1]);
  });

  it('shows whoever comes later the present state, nobody anything twice, and goes on with one upstream', async () => {
    const up = upstreams();
    const first = await up.join();
    up.opened[0]!.say(1);
    up.opened[0]!.say(1, 'b');
    expect(await texts(first, 2)).toEqual(['a1', 'b1']);
    const [second, third] = await Promise.all([up.join(), up.join()]);
    expect(up.opened.length).toBe(2);
    // What happens meanwhile comes by both.
    up.opened[0]!.say(2);
    expect(await texts(first, 1)).toEqual(['a2']);
    up.opened[1]!.say(2);
    expect([await texts(second, 1), await texts(third, 1)]).toEqual([['a2'], ['a2']]);
    up.opened[1]!.say(1, 'b');
    expect([await texts(second, 1), await texts(third, 1)]).toEqual([['b1'], ['b1']]);
    up.opened[1]!.say(3);
    for (const queue of [first, second, third]) expect(await texts(queue, 1)).toEqual(['a3']);
    expect([up.opened[0]!.ended, up.opened[1]!.ended, up.opened.length]).toEqual([true, false, 2]);
    await Promise.all([first.return(), second.return(), third.return()]);
    expect([up.opened[1]!.ended, up.empty]).toEqual([true, 1]);
  });

  it('skips what a client says it has seen', async () => {
    const up = upstreams();
    const [fresh, back] = await Promise.all([up.join(), up.join('1-a')]);
    up.opened[0]!.say(1);
    up.opened[0]!.say(2);
    expect(await texts(back, 1)).toEqual(['a2']);
    expect(await texts(fresh, 1)).toEqual(['a2']);
    expect(up.opened.length).toBe(1);
  });

  it('refuses whoever comes where upstream refuses, and whoever was there goes on', async () => {
    const up = upstreams();
    up.refuse(refusal);
    expect(await up.stream.join(seenSince(null))).toBe(refusal);
    expect(up.empty).toBe(1);
    up.refuse(undefined);
    const first = await up.join();
    up.opened[0]!.say(1);
    await texts(first, 1);
    up.refuse(refusal);
    expect(await up.stream.join(seenSince(null))).toBe(refusal);
    up.opened[0]!.say(2);
    expect(await texts(first, 1)).toEqual(['a2']);
    expect(up.opened[0]!.ended).toBe(false);
  });

  it('outlives an upstream that breaks, and shows what was missed', async () => {
    const up = upstreams();
    const queue = await up.join();
    up.opened[0]!.say(1);
    expect(await texts(queue, 1)).toEqual(['a1']);
    up.opened[0]!.fail();
    await settled();
    expect([up.broke, up.opened.length]).toEqual([1, 2]);
    up.opened[1]!.say(1);
    up.opened[1]!.say(3);
    expect(await texts(queue, 1)).toEqual(['a3']);
  });

  it('says why it ends where a broken upstream cannot be had again', async () => {
    const up = upstreams();
    const queue = await up.join();
    up.opened[0]!.say(1);
    await texts(queue, 1);
    up.refuse(refusal);
    up.opened[0]!.fail();
    expect(await texts(queue, 2)).toEqual(['no', 'END']);
    expect(up.empty).toBe(1);
  });

  it('ends with its upstream, and is begun anew by whoever comes then', async () => {
    const up = upstreams();
    const queue = await up.join();
    up.opened[0]!.say(1);
    up.opened[0]!.finish();
    expect(await texts(queue, 2)).toEqual(['a1', 'END']);
    expect(up.empty).toBe(1);
    await up.join();
    expect(up.opened.length).toBe(2);
  });

  it('ends both upstreams where everybody leaves while the second begins', async () => {
    const up = upstreams();
    const first = await up.join();
    up.opened[0]!.say(1);
    await texts(first, 1);
    const second = await up.join();
    await first.return();
    expect([up.opened[0]!.ended, up.opened[1]!.ended, up.empty]).toEqual([true, false, 0]);
    up.opened[1]!.say(1);
    expect(await texts(second, 1)).toEqual(['a1']);
    await second.return();
    expect([up.opened[1]!.ended, up.empty]).toEqual([true, 1]);
  });
});
