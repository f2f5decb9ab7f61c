import { type Heard, isLost, type Live, LOST, type Touch, type Touches } from './live.ts';

type Listener = (heard: Heard) => void;

/** One process's Live. */
export function memoryLive(): Live {
  const hub = touchHub();
  return {
    async publish(topic, touch) {
      hub.say(topic, touch);
    },
    subscribe(topics, bound) {
      return hub.subscribe(topics, bound, { listening: Promise.resolve(), leave: () => undefined });
    },
    async close() {
      hub.close();
    },
  };
}

/** How a subscription is tied to what lies beneath the hub. */
export interface Tie {
  readonly listening: Promise<void>;
  readonly leave: () => void;
}

/** The listeners of one process. */
export interface TouchHub {
  say(topic: string, touch: Touch): void;
  subscribe(topics: readonly string[], bound: number | undefined, tie: Tie): Touches;
  /** Every subscription, for telling one after the other that touches were lost. */
  listeners(): Iterable<Listener>;
  close(): void;
}

export function touchHub(): TouchHub {
  const topics = new Map<string, Set<Listener>>();
  const open = new Map<Listener, () => void>();

  return {
    say(topic, touch) {
      for (const listener of topics.get(topic) ?? []) listener({ ...touch });
    },
    subscribe(names, bound = 100, { listening, leave }) {
      const iterator = touchIterator(bound, listening, (listener) => {
        for (const name of names) {
          const listeners = topics.get(name) ?? new Set();
          topics.set(name, listeners.add(listener));
        }
        open.set(listener, () => void iterator.return?.());
        return () => {
          open.delete(listener);
          for (const name of names) {
            const listeners = topics.get(name);
            listeners?.delete(listener);
            if (listeners?.size === 0) topics.delete(name);
          }
          leave();
        };
      });
      return iterator;
    },
    listeners: () => [...open.keys()],
    close() {
      for (const end of [...open.values()]) end();
    },
  };
}

/**
 * An explicit iterator, not an async generator: `return()` on a parked generator would hold its source open until the
 * next event. `attach` starts the flow and returns how to stop it.
 */
function touchIterator(bound: number, listening: Promise<void>, attach: (listener: Listener) => () => void): Touches {
  let queue: Heard[] = [];
  let waiting: ((result: IteratorResult<Heard>) => void) | undefined;
  let ended = false;
  const detach = attach((heard) => {
    if (ended) return;
    if (waiting) {
      const resolve = waiting;
      waiting = undefined;
      resolve({ value: heard, done: false });
      return;
    }
    queue = queued(queue, heard, bound);
  });
  const finish = async (): Promise<IteratorResult<Heard>> => {
    if (!ended) {
      ended = true;
      detach();
      queue = [];
      waiting?.({ value: undefined, done: true });
      waiting = undefined;
    }
    return { value: undefined, done: true };
  };
  return {
    listening,
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      const queued = queue.shift();
      if (queued) return Promise.resolve({ value: queued, done: false });
      if (ended) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    return: finish,
    async throw(error) {
      await finish();
      throw error;
    },
  };
}

/** A queue with one more. Reading everything again stands for all that waits, and for what comes before it is done. */
function queued(queue: Heard[], heard: Heard, bound: number): Heard[] {
  if (isLost(heard)) return [LOST];
  if (queue.length > 0 && isLost(queue[0]!)) return queue;
  queue.push(heard);
  if (queue.length <= bound) return queue;
  const newest = new Map<string, Touch>();
  for (const touch of queue as Touch[]) {
    newest.delete(touch.id);
    newest.set(touch.id, touch);
  }
  return newest.size <= bound ? [...newest.values()] : [LOST];
}
