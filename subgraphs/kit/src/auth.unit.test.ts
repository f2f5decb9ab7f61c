import { generateKeyPairSync } from 'node:crypto';
import type { AppId, Viewer } from '@souk/schema';
import { describe, expect, it, vi } from 'vitest';
import { hasRole, mayChangeAs, signViewer, systemViewer, verifyViewer } from './auth.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const header = signViewer(systemViewer, 'orders', privateKey);

describe('a signed viewer', () => {
  it('is believed by its audience under a known key', () => {
    expect(verifyViewer(header, 'orders', [other.publicKey, publicKey])).toEqual(systemViewer);
  });
  it('is refused by another house, under another key, changed, cut or extended', () => {
    const [body, signature] = header.split('.') as [string, string];
    const forged = Buffer.from(
      JSON.stringify({ viewer: { ...systemViewer, roles: ['ADMIN'] }, aud: 'orders', exp: 9e9 }),
    ).toString('base64url');
    expect(verifyViewer(header, 'carts', [publicKey])).toBeNull();
    expect(verifyViewer(header, 'orders', [other.publicKey])).toBeNull();
    for (const bad of [`${forged}.${signature}`, body, `${header}.x`, '', '.', `${body}.`, `.${signature}`]) {
      expect(verifyViewer(bad, 'orders', [publicKey])).toBeNull();
    }
  });
  it('is refused when it is too old or from the future', () => {
    vi.useFakeTimers({ now: Date.now() + 60_000 });
    expect(verifyViewer(header, 'orders', [publicKey])).toBeNull();
    vi.setSystemTime(Date.now() - 120_000);
    expect(verifyViewer(header, 'orders', [publicKey])).toBeNull();
    vi.useRealTimers();
  });
});

it('an administrator has every role', () => {
  expect(hasRole({ ...systemViewer, roles: ['ADMIN'] }, 'FINANCE')).toBe(true);
  expect(hasRole({ ...systemViewer, roles: ['SUPPORT'] }, 'FINANCE', 'WAREHOUSE')).toBe(false);
});

describe('an app in the eyes of a house', () => {
  const app = (...scopes: NonNullable<Viewer['scopes']>): Viewer => ({ ...systemViewer, principal: 'app:x', scopes });

  it.each([
    [[], false, false],
    [['support:read'], true, false],
    [['support:write'], true, true],
    [['admin:read'], true, false],
    [['admin:write'], true, true],
    [['warehouse:read', 'warehouse:write'], false, false],
  ] as const)('with %j sees what support sees: %s, and changes it: %s', (scopes, sees, changes) => {
    expect(hasRole(app(...scopes), 'SUPPORT')).toBe(sees);
    expect(mayChangeAs(app(...scopes), 'SUPPORT')).toBe(changes);
  });

  it('carries its scopes in the signed header', () => {
    const viewer = { ...app('support:read'), appId: '01900000-0000-7000-8000-0000000000aa' as AppId };
    expect(verifyViewer(signViewer(viewer, 'orders', privateKey), 'orders', [publicKey])).toEqual(viewer);
  });
});
