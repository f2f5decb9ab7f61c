/** A stream that can be begun anew under its reader, who notices nothing but what is new. */
export interface Lasting<T, By> extends AsyncIterableIterator<T> {
  /** Asks anew, as somebody whose rights are others now, or of a graph that is another. */
  renew(by?: By): Promise<void>;
  return(): Promise<IteratorResult<T>>;
}

interface Options<T, By> {
  /** What is shown last instead of a stream, where it may not go on; undefined where it may, and just cannot be begun now. */
  readonly again: (by: By | undefined) => Promise<AsyncIterableIterator<T> | { readonly last: T | undefined }>;
  /** Calls back when the graph is another; the answer ends that. */
  readonly changes: (changed: () => void) => () => void;
}

/** What was shown before is known to whoever begins the stream anew: it is not shown twice, and nothing is left out. */
export function lasting<T, By>(first: AsyncIterableIterator<T>, { again, changes }: Options<T, By>): Lasting<T, By> {
  let inner: AsyncIterableIterator<T> | undefined = first;
  let last: T | undefined;
  let over = false;
  let renewing: Promise<void> = Promise.resolve();
  const ignore = changes(() => void stream.renew());
  const done = { value: undefined, done: true } as const;

  async function swap(by: By | undefined): Promise<void> {
    if (over) return;
    const begun = await again(by);
    const before = inner;
    if ('last' in begun) {
      // Best kept as it is until the next time.
      if (begun.last === undefined) return;
      last = begun.last;
      inner = undefined;
    } else if (over) {
      await begun.return?.();
      return;
    } else {
      inner = begun;
    }
    await before?.return?.();
  }

  async function finish(): Promise<void> {
    over = true;
    ignore();
    const before = inner;
    inner = undefined;
    await before?.return?.();
  }

  const stream: Lasting<T, By> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for (;;) {
        const from = inner;
        if (over) return done;
        if (!from) {
          const value = last;
          await finish();
          return value === undefined ? done : { value, done: false };
        }
        const step = await from.next();
        if (over) return done;
        if (!step.done) return step;
        // Ended by itself, not because another took its place.
        if (from === inner) {
          await finish();
          return done;
        }
      }
    },
    async return() {
      if (!over) await finish();
      return done;
    },
    renew(by) {
      renewing = renewing.then(() => swap(by));
      return renewing;
    },
  };
  return stream;
}
