/** The same stream, which says once that it is over: by itself, by a fault, or because its reader left. */
export function untilOver<T>(stream: AsyncIterableIterator<T>, over: () => void): AsyncIterableIterator<T> {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    over();
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const step = await stream.next();
        if (step.done) tell();
        return step;
      } catch (error) {
        tell();
        throw error;
      }
    },
    async return() {
      tell();
      await stream.return?.();
      return { value: undefined, done: true };
    },
  };
}
