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

/** Seconds a revocation is remembered: until the last token of its kind has expired on the slowest clock. */
export const REMEMBERED_SECONDS = {
  session: ACCESS_SECONDS + 2 * SKEW_SECONDS,
  guest: GUEST_SECONDS + 2 * SKEW_SECONDS,
} as const;

/** What ends a token before its time: the end of its session, or of the guest who has no other. */
export const revocableId = ({ sessionId, guestId }: Pick<Claims, 'sessionId' | 'guestId'>): string | null =>
  sessionId ?? guestId;

/**
 * Key in the kv under which the router finds that a session, or a guest, was ended before its tokens expired. The tag in braces
 * keeps all of them in one place of a Redis Cluster, with the note that all are there: they are lost together or not at all.
 */
export const revokedKey = (id: string): string => `{session-revocations}:${id}`;

/**
 * Key that is in the kv as long as all revocations in force are. Where it is missing the kv was lost, or is new: nobody is let
 * in by a token before the mutation `publishRevocations` has brought them back.
 */
export const REVOCATIONS_PUBLISHED = '{session-revocations}:published';

/** Makes access tokens. */
export interface TokenSigner {
  sign(claims: Claims, issuedAt: Date): Promise<string>;
}
