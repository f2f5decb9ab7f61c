import type { KeyObject } from 'node:crypto';
import { isUuid, type Role, type UserId } from '@souk/schema';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Claims, SKEW_SECONDS, type TokenSigner } from './access-token.ts';

const ISSUER = 'souk';
const AUDIENCE = 'souk';
const TYPE = 'at+jwt';
const ALGORITHM = 'EdDSA';

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Signs JWT access tokens (RFC 9068 type, Ed25519). */
export const joseSigner = (privateKey: KeyObject): TokenSigner => ({
  sign: ({ principal, guestId, sessionId, roles, expiresAt }, issuedAt) =>
    new SignJWT({ roles, ...(sessionId ? { sid: sessionId } : {}), ...(guestId ? { guest: true } : {}) })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(principal)
      .setIssuedAt(seconds(issuedAt))
      .setExpirationTime(seconds(expiresAt))
      .sign(privateKey),
});

/**
 * The claims of an access token, or null for one that is malformed, forged, expired, of another algorithm, type, issuer or
 * audience. It cannot tell whether the session was revoked: ask the kv for `revokedKey(sessionId)`.
 */
export async function verifyAccessToken(token: string, publicKey: KeyObject): Promise<Claims | null> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['sub', 'iat', 'exp', 'roles'],
    });
    return toClaims(payload);
  } catch (error) {
    // Whatever jose says of a token is one answer to its bearer; anything else is a fault of ours.
    if ((error as { code?: unknown }).code === undefined) throw error;
    return null;
  }
}

const known: ReadonlySet<unknown> = new Set<Role>([
  'CUSTOMER',
  'SUPPORT',
  'MERCHANDISER',
  'WAREHOUSE',
  'FINANCE',
  'ADMIN',
]);

function toClaims({ sub = '', exp = 0, sid, roles, guest }: JWTPayload): Claims | null {
  const [kind, id = '', more] = sub.split(':');
  if (more !== undefined || !isUuid(id)) return null;
  const expiresAt = new Date(exp * 1000);
  if (kind === 'guest') {
    if (guest !== true || sid !== undefined) return null;
    return { principal: sub, userId: null, guestId: id, sessionId: null, roles: [], expiresAt };
  }
  if (kind !== 'user' || typeof sid !== 'string' || !isUuid(sid) || guest !== undefined) return null;
  if (!Array.isArray(roles) || !roles.every((role) => known.has(role))) return null;
  return { principal: sub, userId: id as UserId, guestId: null, sessionId: sid, roles: roles as Role[], expiresAt };
}
