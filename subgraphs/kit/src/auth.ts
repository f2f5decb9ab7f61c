import { type KeyObject, sign, verify } from 'node:crypto';
import { type Access, DEFAULT_CHANNEL, type Role, scopesFor, type Viewer } from '@souk/schema';
import { unixSeconds } from './clock.ts';

/** Who acts where no person does: ears and ticks. */
export const systemViewer: Viewer = {
  principal: 'system',
  userId: null,
  guestId: null,
  sessionId: null,
  roles: [],
  channel: DEFAULT_CHANNEL,
  locale: DEFAULT_CHANNEL.defaultLocale,
  requestId: 'system',
  clientAddress: null,
  trace: null,
};

const isOneOf = ({ roles: mine, scopes }: Viewer, roles: readonly Role[], accesses: readonly Access[]): boolean =>
  mine.includes('ADMIN') ||
  roles.some((role) => mine.includes(role)) ||
  (scopes !== undefined &&
    accesses.some((access) => scopesFor([...roles, 'ADMIN'], access).some((one) => scopes.includes(one))));

/** Whether somebody may see what these roles see: ADMIN sees whatever any role does, an app what a scope of it says. */
export const hasRole = (viewer: Viewer, ...roles: readonly Role[]): boolean =>
  isOneOf(viewer, roles, ['read', 'write']);

/** The same for what is changed: an app that may only read does not count. */
export const mayChangeAs = (viewer: Viewer, ...roles: readonly Role[]): boolean => isOneOf(viewer, roles, ['write']);

const LIFETIME_SECONDS = 30;
const SKEW_SECONDS = 5;

/**
 * The viewer as the router signs it for one subgraph (Ed25519): `base64url(json).base64url(signature)`, good for half a
 * minute at one audience.
 */
export function signViewer(viewer: Viewer, audience: string, key: KeyObject): string {
  const claims = { viewer, aud: audience, exp: unixSeconds() + LIFETIME_SECONDS };
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}

/** The viewer of a signed header, or null for one that is forged, expired, from the future or meant for another house. */
export function verifyViewer(header: string, audience: string, keys: readonly KeyObject[]): Viewer | null {
  const [body, signature, more] = header.split('.');
  if (!body || !signature || more !== undefined) return null;
  const proof = Buffer.from(signature, 'base64url');
  if (!keys.some((key) => verify(null, Buffer.from(body), key, proof))) return null;
  const claims = parseClaims(body);
  if (!claims) return null;
  const now = unixSeconds();
  if (claims.aud !== audience || claims.exp < now - SKEW_SECONDS || claims.exp > now + LIFETIME_SECONDS + SKEW_SECONDS)
    return null;
  return claims.viewer;
}

function parseClaims(body: string): { viewer: Viewer; aud: string; exp: number } | null {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString());
  } catch {
    return null;
  }
}
