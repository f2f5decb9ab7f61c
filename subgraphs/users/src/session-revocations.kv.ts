import type { Kv } from '@souk/kit';
import { ACCESS_SECONDS, revokedKey, SKEW_SECONDS } from './access-token.ts';
import type { SessionRevocations } from './session-revocations.ts';

/** Remembered until the last access token of the session has expired on the slowest clock. */
const KEEP_SECONDS = ACCESS_SECONDS + 2 * SKEW_SECONDS;

export const kvRevocations = (kv: Kv): SessionRevocations => ({
  async publish(sessionIds) {
    await Promise.all(sessionIds.map((id) => kv.set(revokedKey(id), true, KEEP_SECONDS)));
  },
});
