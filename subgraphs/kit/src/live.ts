/** That something changed and which version it has now. Subscribers re-read the thing itself. */
export interface Touch {
  readonly id: string;
  readonly version: number;
}

/**
 * Tells processes at once that a thing changed. Best effort: a lost touch is made good by the next one and by the
 * present state that every subscription starts with.
 */
export interface Live {
  publish(topic: string, touch: Touch): Promise<void>;
  /**
   * Touches of a topic from the moment this returns. A consumer that lags more than `bound` touches behind keeps the
   * newest of each id. `return()` ends it at once, even while a `next()` waits.
   */
  subscribe(topics: readonly string[], bound?: number): AsyncIterableIterator<Touch>;
  close(): Promise<void>;
}
