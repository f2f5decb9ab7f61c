export type Revocable = 'session' | 'guest';

/** Tells the router at once which sessions and guests ended, although their access tokens still look good. */
export interface SessionRevocations {
  /** Once it resolves, no token of these is taken any more. */
  publish(kind: Revocable, ids: readonly string[]): Promise<void>;
  /** Notes that all revocations in force have been published. Whatever loses one of them must lose this note too. */
  markPublished(): Promise<void>;
  /** False where they may have been lost. */
  arePublished(): Promise<boolean>;
}
