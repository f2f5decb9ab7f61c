import type { Role, UserId, UserStatus } from '@souk/schema';
import { ACCESS_SECONDS, type Claims, GUEST_SECONDS } from './access-token.ts';

/** A refresh token not used for so long is no longer good. */
export const REFRESH_DAYS = 30;
/** However often it is refreshed, a session ends after this: then the password is asked for again. */
export const SESSION_DAYS = 180;

const DAY_MS = 24 * 3_600_000;

export const secondsAfter = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const daysAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * DAY_MS);

export type SessionEnd = 'SIGNED_OUT' | 'REUSED' | 'SUSPENDED' | 'PASSWORD_CHANGED' | 'ROLE_LOST';

export const sessionExpiry = (now: Date): Date => daysAfter(now, SESSION_DAYS);

/** A refresh token never outlives its session. */
export function refreshExpiry(now: Date, sessionExpiresAt: Date): Date {
  const sliding = daysAfter(now, REFRESH_DAYS);
  return sliding < sessionExpiresAt ? sliding : sessionExpiresAt;
}

/** A presented refresh token with the session (its family) and the account, all locked. */
export interface Presented {
  readonly usedAt: Date | null;
  readonly expiresAt: Date;
  readonly sessionRevokedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly status: UserStatus;
}

/**
 * What a presented refresh token leads to. A token is good once: seen again, someone has a copy, and as nobody can tell
 * thief from owner the whole family dies. There is no grace: of two parallel refreshes of one token the second is a reuse.
 */
export function judgeRefresh(token: Presented | undefined, now: Date): 'ROTATE' | 'REUSE' | 'REFUSE' {
  if (!token || token.sessionRevokedAt || token.sessionExpiresAt <= now || token.status !== 'ACTIVE') return 'REFUSE';
  if (token.usedAt) return 'REUSE';
  return token.expiresAt > now ? 'ROTATE' : 'REFUSE';
}

export const userClaims = (user: { id: UserId; roles: readonly Role[] }, sessionId: string, now: Date): Claims => ({
  principal: `user:${user.id}`,
  userId: user.id,
  guestId: null,
  sessionId,
  roles: user.roles,
  expiresAt: secondsAfter(now, ACCESS_SECONDS),
});

export const guestClaims = (guestId: string, now: Date): Claims => ({
  principal: `guest:${guestId}`,
  userId: null,
  guestId,
  sessionId: null,
  roles: [],
  expiresAt: secondsAfter(now, GUEST_SECONDS),
});
