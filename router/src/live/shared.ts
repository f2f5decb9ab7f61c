import { sleep } from '@souk/kit';
import type { ExecutionResult } from 'graphql';
import { type Event, type Queue, queueFor, type Seen } from './queue.ts';

/** The events of one subscription upstream. */
export type Events = AsyncIterator<Event<ExecutionResult>>;

/** One subscription upstream, and everybody who hears it. */
export interface SharedStream {
  /** Begins with the present state, less what `seen` knows; an error result where it cannot start. */
  join(seen: Seen): Promise<Queue<ExecutionResult> | ExecutionResult>;
}

interface Options {
  /** Begins upstream, with the present state; an error result where it cannot start. Never throws. */
  readonly open: () => Promise<Events | ExecutionResult>;
  /** Said when the last has left and upstream was ended. */
  readonly empty: () => void;
  /** Told when upstream broke. */
  readonly broke: (error: unknown) => void;
  /** What everybody is told where a broken upstream cannot be had again. */
  readonly lost: ExecutionResult;
  /** Waits before a broken upstream is begun again, ms. */
  readonly again?: readonly number[];
}

const AGAIN_MS = [100, 250, 500, 1_000, 2_000] as const;

/** One life of the subscription upstream. */
interface Life {
  readonly listeners: Set<Queue<ExecutionResult>>;
  readonly opening: Promise<Events | ExecutionResult>;
  events: Events | undefined;
  /** It has brought something; whoever comes now would not be shown what it began with. */
  begun: boolean;
  over: boolean;
}

const isOpen = (opened: Events | ExecutionResult): opened is Events => 'next' in opened;

/**
 * However many listen, upstream is asked once and each event is completed once. Whoever comes later has missed the present
 * state with which a subscription starts, and must be shown it: for them upstream is begun anew, once for all who come until
 * it answers. With its first event everybody goes over to the new life and the one before is ended: it listened before it
 * read, so it brings whatever the other could still have brought, and event ids tell what each has seen. There are never
 * more than two lives, and mostly one.
 */
export function sharedStream({ open, empty, broke, lost, again = AGAIN_MS }: Options): SharedStream {
  let current: Life | undefined;
  /** Begun for those who came later; has brought nothing yet. */
  let next: Life | undefined;

  function begin(): Life {
    const life: Life = { listeners: new Set(), opening: open(), events: undefined, begun: false, over: false };
    void run(life);
    return life;
  }

  async function run(life: Life): Promise<void> {
    let opened = await life.opening;
    if (!isOpen(opened)) return fail(life, opened);
    for (let failures = 0; ; ) {
      if (isOpen(opened)) {
        life.events = opened;
        if (life.over) return end(life);
        try {
          for (;;) {
            const { value, done } = await opened.next();
            if (life.over) return;
            if (done) return finish(life);
            failures = 0;
            deliver(life, value);
          }
        } catch (error) {
          if (life.over) return;
          broke(error);
        }
      }
      const wait = again[failures++];
      if (wait === undefined) return fail(life, isOpen(opened) ? lost : opened);
      await sleep(wait);
      if (life.over) return;
      // What was missed meanwhile is made good by the present state it starts with.
      opened = await open();
    }
  }

  function deliver(life: Life, event: Event<ExecutionResult>): void {
    life.begun = true;
    const newcomers = [...life.listeners];
    if (life === next) {
      const before = current!;
      [current, next] = [life, undefined];
      move(before, life);
      end(before);
      // An event that names no thing cannot be known to be news to those who were there.
      if (event.eventId === null) {
        offer(newcomers, event);
        return;
      }
    }
    offer(life.listeners, event);
  }

  function move(from: Life, to: Life): void {
    for (const queue of from.listeners) to.listeners.add(queue);
    from.listeners.clear();
  }

  /** At once, also where it waits for an event. */
  function end(life: Life): void {
    life.over = true;
    const { events } = life;
    life.events = undefined;
    events?.return?.().catch(broke);
  }

  /** Upstream has said all it had to say. */
  function finish(life: Life): void {
    life.over = true;
    if (life === current && next) move(life, next);
    for (const queue of life.listeners) queue.end();
    life.listeners.clear();
    settle();
  }

  function fail(life: Life, refusal: ExecutionResult): void {
    offer(life.listeners, { eventId: null, value: refusal });
    for (const queue of life.listeners) queue.end();
    life.listeners.clear();
    life.over = true;
    settle();
  }

  function leave(queue: Queue<ExecutionResult>): void {
    const life = [current, next].find((one) => one?.listeners.has(queue));
    if (!life) return;
    life.listeners.delete(queue);
    if (life.listeners.size > 0) return;
    end(life);
    settle();
  }

  function settle(): void {
    if (next?.over) next = undefined;
    if (current?.over) [current, next] = [next, undefined];
    if (!current) empty();
  }

  return {
    async join(seen) {
      current ??= begin();
      if (current.begun) next ??= begin();
      const life = next ?? current;
      const queue: Queue<ExecutionResult> = queueFor({ seen, left: () => leave(queue) });
      life.listeners.add(queue);
      const opened = await life.opening;
      return isOpen(opened) ? queue : opened;
    },
  };
}

function offer(to: Iterable<Queue<ExecutionResult>>, event: Event<ExecutionResult>): void {
  for (const queue of to) queue.offer(event);
}
