/** That something changed and which version it has now. Subscribers re-read the thing itself. */
export interface Touch {
  readonly id: string;
  readonly version: number;
}

/** That touches may have been lost, as after a broken connection: whoever hears it reads everything again. */
export interface Lost {
  readonly lost: true;
}

export type Heard = Touch | Lost;
export const LOST: Lost = { lost: true };
export const isLost = (heard: Heard): heard is Lost => 'lost' in heard;

/** What a subscriber hears. `return()` ends it at once, even while a `next()` waits. */
export interface Touches extends AsyncIterableIterator<Heard> {
  /**
   * Resolves once touches flow, so that nothing falls between them and what is read from then on. Where they cannot flow
   * now it resolves too, within a second, and `Lost` comes when they do. Never rejects.
   */
  readonly listening: Promise<void>;
}

/**
 * Tells processes at once that a thing changed. Best effort: a lost touch is made good by the next one, by the present
 * state that every subscription starts with, and by `Lost` wherever a loss can be known.
 */
export interface Live {
  /** Never fails whoever publishes: what cannot be sent now is sent later, if that can be. */
  publish(topic: string, touch: Touch): Promise<void>;
  /**
   * Touches of topics from when `listening` resolves, each topic's in the order of their publishing. A consumer that lags more than `bound` touches behind keeps the newest
   * of each id; one that lags behind on more ids than that gets `Lost` instead of them.
   */
  subscribe(topics: readonly string[], bound?: number): Touches;
  /** Ends every subscription. */
  close(): Promise<void>;
}
