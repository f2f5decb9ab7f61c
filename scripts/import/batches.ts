/** What the graph takes in one list. */
export const BATCH_ITEMS = 100;
/** The graph takes a megabyte; the rest of the request and what its framing adds must find room too. */
export const BATCH_BYTES = 900_000;

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Gathers things until another one would make the request too long or too large. */
export class Batch<T> {
  #items: T[] = [];
  #bytes = 0;

  /** The items so far, where this one does not fit beside them; it is then the first of the next batch. */
  add(item: T, bytes: number): T[] | null {
    const isFull = this.#items.length >= BATCH_ITEMS || this.#bytes + bytes > BATCH_BYTES;
    const full = isFull && this.#items.length > 0 ? this.take() : null;
    this.#items.push(item);
    // A comma between the items.
    this.#bytes += bytes + 1;
    return full;
  }

  take(): T[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}

/** Lists of at most `size`. */
export const slices = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
