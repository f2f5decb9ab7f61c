export function mapIterator<A, B>(
  source: AsyncIterable<A>,
  map: (value: A) => B | Promise<B>,
): AsyncIterableIterator<B> {
  const inner = source[Symbol.asyncIterator]();
  const step = async (result: Promise<IteratorResult<A>>): Promise<IteratorResult<B>> => {
    const { done, value } = await result;
    return done ? { done: true, value: undefined } : { done: false, value: await map(value) };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => step(inner.next()),
    return: async () => {
      await inner.return?.();
      return { done: true, value: undefined };
    },
  };
}
