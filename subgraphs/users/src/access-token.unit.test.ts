import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { UserId } from '@souk/schema';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { joseSigner, verifyAccessToken } from './access-token.jose.ts';
import type { Claims } from './access-token.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const id = '01900000-0000-7000-8000-000000000001';
const sid = '01900000-0000-7000-8000-000000000002';
const inSeconds = (n: number): Date => new Date((Math.floor(performance.timeOrigin / 1000) + n) * 1000);
const user: Claims = {
  principal: `user:${id}`,
  userId: id as UserId,
  guestId: null,
  sessionId: sid,
  roles: ['CUSTOMER', 'SUPPORT'],
  expiresAt: inSeconds(3_600),
};
const guest: Claims = { ...user, principal: `guest:${id}`, userId: null, guestId: id, sessionId: null, roles: [] };
const sign = (claims: Claims) => joseSigner(privateKey).sign(claims, inSeconds(0));
const forge = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
  new SignJWT({ iss: 'souk', aud: 'souk', sub: `user:${id}`, sid, roles: ['ADMIN'], iat: 1, ...claims })
    .setExpirationTime(inSeconds(3_600))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
    .sign(privateKey);

describe('an access token', () => {
  it('says of a user and of a guest what was signed', async () => {
    expect(await verifyAccessToken(await sign(user), publicKey)).toEqual(user);
    expect(await verifyAccessToken(await sign(guest), publicKey)).toEqual(guest);
  });
  it('is nothing once it expired', async () => {
    expect(await verifyAccessToken(await sign({ ...user, expiresAt: inSeconds(-3_600) }), publicKey)).toBeNull();
  });
  it('is nothing under another key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(await verifyAccessToken(await sign(user), other)).toBeNull();
  });
  it('is nothing with no algorithm, or with the public key taken for an HMAC secret', async () => {
    const [, body] = (await sign(user)).split('.');
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
    expect(await verifyAccessToken(`${head('none')}.${body}.`, publicKey)).toBeNull();
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const mac = createHmac('sha256', pem)
      .update(`${head('HS256')}.${body}`)
      .digest('base64url');
    expect(await verifyAccessToken(`${head('HS256')}.${body}.${mac}`, publicKey)).toBeNull();
  });
  it.each([
    ['of another type', {}, { typ: 'JWT' }],
    ['from another issuer', { iss: 'other' }, {}],
    ['for another audience', { aud: 'other' }, {}],
    ['with an unknown role', { roles: ['ROOT'] }, {}],
    ['with roles that are no list', { roles: 'ADMIN' }, {}],
    ['of a principal that is no person', { sub: 'system' }, {}],
    ['of a user without a session', { sid: undefined }, {}],
    ['of a guest who does not say so', { sub: `guest:${id}`, sid: undefined }, {}],
    ['of a user who is also a guest', { guest: true }, {}],
  ])('is nothing %s', async (_, claims, header) => {
    expect(await verifyAccessToken(await forge(claims, header), publicKey)).toBeNull();
  });
  it('gives a guest no roles, whatever was signed', async () => {
    const token = await forge({ sub: `guest:${id}`, sid: undefined, guest: true });
    expect((await verifyAccessToken(token, publicKey))?.roles).toEqual([]);
  });
  it.each(['', 'x', 'a.b.c', '....', '\u0000'])('is nothing where the text is no token (%j)', async (text) => {
    expect(await verifyAccessToken(text, publicKey)).toBeNull();
  });
});
