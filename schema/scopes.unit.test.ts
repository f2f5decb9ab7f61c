import { describe, expect, it } from 'vitest';
import { isSignedIn, scopes, scopesFor, scopesOf, scopesOfRole } from './scopes.ts';

describe('scopes', () => {
  it('are two of each staff role', () => {
    expect(scopes).toEqual([
      'support:read',
      'support:write',
      'merchandiser:read',
      'merchandiser:write',
      'warehouse:read',
      'warehouse:write',
      'finance:read',
      'finance:write',
      'admin:read',
      'admin:write',
    ]);
  });

  it('are none of a customer, their own of staff, and all of ADMIN', () => {
    expect(scopesOfRole.CUSTOMER).toEqual([]);
    expect(scopesOfRole.FINANCE).toEqual(['finance:read', 'finance:write']);
    expect(scopesOfRole.ADMIN).toEqual(scopes);
  });

  it('say of a guard which of them open it', () => {
    expect(scopesFor(['MERCHANDISER', 'FINANCE'], 'read')).toEqual(['merchandiser:read', 'finance:read']);
    expect(scopesFor(['ADMIN'], 'write')).toEqual(['admin:write']);
  });

  it('are those of all roles of a person, and exactly the given ones of an app', () => {
    expect([...scopesOf({ roles: ['CUSTOMER', 'SUPPORT', 'WAREHOUSE'] })]).toEqual([
      'support:read',
      'support:write',
      'warehouse:read',
      'warehouse:write',
    ]);
    expect([...scopesOf({ roles: [], scopes: ['merchandiser:read'] })]).toEqual(['merchandiser:read']);
    expect([...scopesOf({ roles: ['CUSTOMER'] })]).toEqual([]);
  });

  it('take nobody for signed in who has no account', () => {
    expect(isSignedIn({ userId: null, principal: 'guest:1' })).toBe(false);
    expect(isSignedIn({ userId: null, principal: 'app:1' })).toBe(false);
    expect(isSignedIn({ userId: null, principal: 'system' })).toBe(true);
  });
});
