import type { Role, UserId } from '@souk/schema';

/** Seconds an access token of a signed-in user is good for; a revocation has to be remembered just as long. */
export const ACCESS_SECONDS = 600;
/** Seconds a guest's token is good for. There is no refresh: it is all that a guest has. */
export const GUEST_SECONDS = 30 * 24 * 3_600;
/** Seconds by which two clocks may differ. */
export const SKEW_SECONDS = 5;

/** What a verified access token says of its bearer. */
export interface Claims {
  /** `user:<uuid>` or `guest:<uuid>`. */
  readonly principal: string;
  readonly userId: UserId | null;
  readonly guestId: string | null;
  /** The session it belongs to, which may have been revoked meanwhile; null for a guest. */
  readonly sessionId: string | null;
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
}

/** Key in the kv under which the router finds that a session was ended before its tokens expired. */
export const revokedKey = (sessionId: string): string => `session-revoked:${sessionId}`;

/** Makes access tokens. */
export interface TokenSigner {
  sign(claims: Claims, issuedAt: Date): Promise<string>;
}
