/** Tells the router at once which sessions ended, although their access tokens still look good. */
export interface SessionRevocations {
  publish(sessionIds: readonly string[]): Promise<void>;
}
