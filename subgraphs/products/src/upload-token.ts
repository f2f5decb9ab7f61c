import { type KeyObject, sign, verify } from 'node:crypto';
import type { ProductId } from '@souk/schema';

/** What an upload address allows: one picture for one product, for a while. */
export interface UploadGrant {
  readonly productId: ProductId;
  readonly alt: string;
  readonly position: number | null;
  /** Unix milliseconds of the database's clock. */
  readonly expiresAt: number;
}

// A prefix of its own: a signature over these words is good for nothing else, nor another for this.
const signed = (body: string): Buffer => Buffer.from(`souk media upload\n${body}`);

export function signGrant(grant: UploadGrant, key: KeyObject): string {
  const body = Buffer.from(JSON.stringify(grant)).toString('base64url');
  return `${body}.${sign(null, signed(body), key).toString('base64url')}`;
}

/** The grant of a token, or null for one that is forged or over. */
export function readGrant(token: string, key: KeyObject, now: Date): UploadGrant | null {
  const [body, signature, more] = token.split('.');
  if (!body || !signature || more !== undefined) return null;
  if (!verify(null, signed(body), key, Buffer.from(signature, 'base64url'))) return null;
  const grant = JSON.parse(Buffer.from(body, 'base64url').toString()) as UploadGrant;
  return grant.expiresAt > now.getTime() ? grant : null;
}
