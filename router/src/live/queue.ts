import { fromEventId } from '@souk/schema';

/** One event as all who hear it get it. */
export interface Event<T> {
  /** Null where it is not known, as for one that could not be completed. */
  readonly eventId: string | null;
  readonly value: T;
}

/** What one listener takes from its queue. */
export interface Taken<T> extends Event<T> {
  /** Older states that were passed over since the one before. */
  readonly leftOut: number;
}

/** Which versions of which things somebody was shown. */
export interface Seen {
  /** Whether this version of the thing, or a later one, was shown. */
  has(eventId: string): boolean;
  add(eventId: string): void;
}

/** Things that are remembered; one that was forgotten may be shown once more when a stream begins anew. */
const MOST_THINGS = 1_000;

/** Nothing yet, or what somebody says they saw; made-up event ids say nothing. */
export function seenSince(after: string | null): Seen {
  const versions = new Map<string, number>();
  const seen: Seen = {
    has(eventId) {
      const known = fromEventId(eventId);
      return known !== null && (versions.get(known.id) ?? -1) >= known.version;
    },
    add(eventId) {
      const known = fromEventId(eventId);
      if (!known) return;
      // Last in the order of the map, so that what is forgotten first is what was shown longest ago.
      versions.delete(known.id);
      versions.set(known.id, known.version);
      if (versions.size > MOST_THINGS) versions.delete(versions.keys().next().value!);
    },
  };
  if (after !== null) seen.add(after);
  return seen;
}

/**
 * What waits for one listener, who takes it when ready. Of each thing only the newest state waits, so that however slowly
 * somebody reads, memory stays the same and what they are shown last is true. Beyond `bound` things the one that waited
 * longest is left out. Nothing is shown twice, and no older state after a newer one.
 */
export interface Queue<T> extends AsyncIterableIterator<Taken<T>> {
  offer(event: Event<T>): void;
  /** What waits is still taken; then it is over. */
  end(): void;
  /** Also ends it at once where `next()` waits. */
  return(): Promise<IteratorResult<Taken<T>>>;
}

interface Options {
  readonly seen: Seen;
  readonly bound?: number;
  /** Called once when the listener leaves; not where the stream ends by itself. */
  readonly left?: () => void;
}

/** The most things that a subscription of ours watches. */
const BOUND = 100;
/** All events that name no thing are the same one. */
const NAMELESS = Symbol('nameless');

export function queueFor<T>({ seen, bound = BOUND, left = () => undefined }: Options): Queue<T> {
  const waiting = new Map<string | symbol, Event<T>>();
  let leftOut = 0;
  let wanting: ((result: IteratorResult<Taken<T>>) => void) | undefined;
  let over = false;
  let gone = false;
  const done = { value: undefined, done: true } as const;

  function take(): IteratorResult<Taken<T>> | undefined {
    const [first] = waiting;
    if (!first) return over || gone ? done : undefined;
    const [thing, event] = first;
    waiting.delete(thing);
    // Only now: what waits where somebody leaves this queue for another was not shown.
    if (event.eventId !== null) seen.add(event.eventId);
    const value = { ...event, leftOut };
    leftOut = 0;
    return { value, done: false };
  }

  function serve(): void {
    const taken = wanting && take();
    if (!taken) return;
    const resolve = wanting!;
    wanting = undefined;
    resolve(taken);
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    offer(event) {
      if (over || gone) return;
      const { eventId } = event;
      if (eventId !== null && seen.has(eventId)) return;
      const named = eventId === null ? null : fromEventId(eventId);
      const thing = named?.id ?? eventId ?? NAMELESS;
      const before = waiting.get(thing);
      if (before && named && versionOf(before) >= named.version) return;
      if (before) leftOut++;
      waiting.set(thing, event);
      if (waiting.size > bound) {
        waiting.delete(waiting.keys().next().value!);
        leftOut++;
      }
      serve();
    },
    end() {
      over = true;
      serve();
    },
    next() {
      const taken = take();
      if (taken) return Promise.resolve(taken);
      return new Promise((resolve) => {
        wanting = resolve;
      });
    },
    async return() {
      if (gone) return done;
      gone = true;
      waiting.clear();
      serve();
      if (!over) left();
      return done;
    },
  };
}

const versionOf = ({ eventId }: Event<unknown>): number =>
  eventId === null ? -1 : (fromEventId(eventId)?.version ?? -1);
