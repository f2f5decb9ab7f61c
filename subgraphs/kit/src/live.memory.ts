import type { Live, Touch } from './live.ts';

type Listener = (touch: Touch) => void;

/** One process's Live. */
export function memoryLive(): Live {
  const topics = new Map<string, Set<Listener>>();
  const open = new Set<() => void>();

  return {
    async publish(topic, touch) {
      for (const listener of topics.get(topic) ?? []) listener({ ...touch });
    },
    subscribe(names, bound = 100) {
      const iterator = touchIterator(bound, (listener) => {
        for (const name of names) {
          const listeners = topics.get(name) ?? new Set();
          topics.set(name, listeners.add(listener));
        }
        return () => {
          open.delete(end);
          for (const name of names) {
            const listeners = topics.get(name);
            listeners?.delete(listener);
            if (listeners?.size === 0) topics.delete(name);
          }
        };
      });
      const end = () => void iterator.return?.();
      open.add(end);
      return iterator;
    },
    async close() {
      for (const end of [...open]) end();
    },
  };
}

/**
 * An explicit iterator, not an async generator: `return()` on a parked generator would hold its source open until the
 * next event. `attach` starts the flow and returns how to stop it.
 */
export function touchIterator(
  bound: number,
  attach: (listener: (touch: Touch) => void) => () => void,
): AsyncIterableIterator<Touch> {
  let queue: Touch[] = [];
  let waiting: ((result: IteratorResult<Touch>) => void) | undefined;
  let ended = false;
  const detach = attach((touch) => {
    if (ended) return;
    if (waiting) {
      const resolve = waiting;
      waiting = undefined;
      resolve({ value: touch, done: false });
      return;
    }
    if (queue.length >= bound) queue = queue.filter((queued) => queued.id !== touch.id);
    if (queue.length >= bound) queue.shift();
    queue.push(touch);
  });
  const finish = async (): Promise<IteratorResult<Touch>> => {
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
