import { fromEventId, toEventId } from '@souk/schema';
import { isLost, type Live } from './live.ts';

interface Watch<T> {
  readonly live: Live;
  readonly topics: readonly string[];
  /** The client's `after`: an eventId it has seen, or null to start with the present state. */
  readonly after: string | null;
  /** Reads one thing as it is now, or all of them for null; nothing for what is gone or may no longer be seen. */
  readonly read: (id: string | null) => Promise<readonly { id: string; version: number; value: T }[]>;
}

/** An event as a subscription's payload shows it. */
export interface LiveEvent<T> {
  /** Rises with every change of the thing: give it as `after` to go on from here. */
  readonly eventId: string;
  readonly value: T;
}

/** A stream of events. `begin` makes the first read at once and tells whether anything is there. */
export interface Watched<T> extends AsyncIterableIterator<LiveEvent<T>> {
  begin(): Promise<boolean>;
}

/**
 * The events of a subscription: the present state first (unless `after` says it is known), then one for each version
 * that is newer than the last one sent. Listening starts before the first read, so nothing falls between; where touches
 * were lost everything is read again. Nothing is sent twice, and no older version after a newer one.
 */
export function watch<T>({ live, topics, after, read }: Watch<T>): Watched<T> {
  const touches = live.subscribe(topics);
  const sent = new Map<string, number>();
  const seen = after === null ? null : fromEventId(after);
  if (seen) sent.set(seen.id, seen.version);
  let queue: LiveEvent<T>[] = [];
  let started: Promise<boolean> | undefined;

  const take = (things: Awaited<ReturnType<Watch<T>['read']>>) => {
    for (const { id, version, value } of things) {
      if ((sent.get(id) ?? -1) >= version) continue;
      sent.set(id, version);
      queue.push({ eventId: toEventId({ id, version }), value });
    }
  };

  const begin = (): Promise<boolean> => {
    started ??= touches.listening
      .then(() => read(null))
      .then((things) => {
        take(things);
        return things.length > 0;
      });
    return started;
  };

  return {
    begin,
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      await begin();
      for (;;) {
        const ready = queue.shift();
        if (ready) return { value: ready, done: false };
        const heard = await touches.next();
        if (heard.done) return { value: undefined, done: true };
        if (isLost(heard.value)) take(await read(null));
        else if ((sent.get(heard.value.id) ?? -1) < heard.value.version) take(await read(heard.value.id));
      }
    },
    async return() {
      queue = [];
      await touches.return?.();
      return { value: undefined, done: true };
    },
  };
}
