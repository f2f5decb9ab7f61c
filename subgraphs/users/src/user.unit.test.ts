import { Rejection, Rejections, type Role, type UserId } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { type AddressInput, addressFields, MAX_ADDRESSES, roomForAnother } from './address.ts';
import { UserAddressErrorCode } from './address.types.ts';
import { addressRange } from './attempt-limiter.kv.ts';
import { Mistakes } from './mistakes.ts';
import { checkPassword } from './password.ts';
import { argon2Hasher } from './password-hasher.argon2.ts';
import { judgeRefresh, type Presented, refreshExpiry } from './session.ts';
import { changeRoles, emailAddress, mayChangeStatus, register, type User } from './user.ts';
import { AccountErrorCode } from './user.types.ts';

const codesOf = (work: () => unknown): string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof Rejection) return [error.code];
    if (error instanceof Rejections) return error.all.map((one) => one.code);
    throw error;
  }
};
const at = (iso: string): Date => new Date(iso);
const now = at('2026-03-01T12:00:00Z');
const user = (roles: Role[], status: User['status'] = 'ACTIVE'): User => ({
  id: '01900000-0000-7000-8000-000000000001' as UserId,
  email: 'aiko@example.org',
  firstName: 'Aiko',
  lastName: 'Sato',
  phone: null,
  locale: 'ja',
  status,
  statusReason: null,
  roles,
  version: 3,
  createdAt: now,
  updatedAt: now,
});

describe('an e-mail address', () => {
  it.each(['a@b.co', ' Aiko.Sato+shop@mail.example.org ', "o'brien@example.ie", 'søren@bücher.example'])(
    'may be %j',
    (text) => {
      expect(emailAddress(text)).toBe(text.trim());
    },
  );
  it.each([
    '',
    'a@b',
    'a b@c.de',
    'a@b@c.de',
    'a@.de',
    'a@-b.de',
    '.a@b.de',
    'a.@b.de',
    'a..b@c.de',
    'a@b.d',
    'a@b.de\r\nbcc: x@y.zz',
    'a\u0000@b.de',
    '<a@b.de>',
    `${'a'.repeat(250)}@b.de`,
  ])('may not be %j', (text) => {
    expect(emailAddress(text)).toBeNull();
  });
});

describe('a password', () => {
  const check = (password: string) =>
    codesOf(() => {
      const mistakes = new Mistakes();
      checkPassword(password, 'aiko.sato@example.org', mistakes, 'password');
      mistakes.refuse();
    });
  it.each([
    'correct horse battery',
    'påsswörter sind schön',
    '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵',
    'x1x1x1x1x1yz',
    'ab34'.repeat(50),
  ])('may be %j', (password) => {
    expect(check(password)).toEqual([]);
  });
  it.each([
    ['', 'PASSWORD_TOO_SHORT'],
    ['ninechars', 'PASSWORD_TOO_SHORT'],
    ['🦊🐻🐼🐨🐯🦁🐮🐷🐸', 'PASSWORD_TOO_SHORT'],
    ['abc4'.repeat(51), 'PASSWORD_TOO_LONG'],
    ['aaaaaaaaaaaa', 'PASSWORD_TOO_COMMON'],
    ['1212121212121', 'PASSWORD_TOO_COMMON'],
    ['Password 123', 'PASSWORD_TOO_COMMON'],
    ['QWERTYUIOP', 'PASSWORD_TOO_COMMON'],
    ['----------!!', 'PASSWORD_TOO_COMMON'],
    ['aiko.sato@example.org', 'PASSWORD_TOO_COMMON'],
    ['Aiko - Sato', 'PASSWORD_TOO_COMMON'],
  ])('may not be %j', (password, code) => {
    expect(check(password)).toEqual([code]);
  });
});

describe('a presented refresh token', () => {
  const good: Presented = {
    usedAt: null,
    expiresAt: at('2026-03-02T00:00:00Z'),
    sessionRevokedAt: null,
    sessionExpiresAt: at('2026-06-01T00:00:00Z'),
    status: 'ACTIVE',
  };
  it.each([
    ['is swapped when it is good', good, 'ROTATE'],
    ['is a reuse when it was used', { ...good, usedAt: now }, 'REUSE'],
    ['is a reuse also after it expired', { ...good, usedAt: now, expiresAt: now }, 'REUSE'],
    ['is refused at its expiry', { ...good, expiresAt: now }, 'REFUSE'],
    ['is refused at its session’s expiry', { ...good, sessionExpiresAt: now }, 'REFUSE'],
    ['is refused when its session was ended, used or not', { ...good, usedAt: now, sessionRevokedAt: now }, 'REFUSE'],
    ['is refused while the account is suspended', { ...good, status: 'SUSPENDED' }, 'REFUSE'],
    ['is refused when it is unknown', undefined, 'REFUSE'],
  ] as [string, Presented | undefined, string][])('%s', (_, token, verdict) => {
    expect(judgeRefresh(token, now)).toBe(verdict);
  });
  it('lives 30 days, but never longer than its session', () => {
    expect(refreshExpiry(now, at('2026-06-01T00:00:00Z'))).toEqual(at('2026-03-31T12:00:00Z'));
    expect(refreshExpiry(now, at('2026-03-05T00:00:00Z'))).toEqual(at('2026-03-05T00:00:00Z'));
  });
});

describe('rules of accounts', () => {
  it('lets support suspend customers, and administrators anyone but the last of them', () => {
    const suspend = (who: User, isAdmin: boolean, admins: number) =>
      codesOf(() => mayChangeStatus(who, 'SUSPENDED', { isAdmin }, admins));
    expect(suspend(user(['CUSTOMER']), false, 1)).toEqual([]);
    expect(suspend(user(['CUSTOMER', 'WAREHOUSE']), false, 1)).toEqual(['STAFF_ACCOUNT']);
    expect(suspend(user(['CUSTOMER', 'WAREHOUSE']), true, 1)).toEqual([]);
    expect(suspend(user(['CUSTOMER', 'ADMIN']), true, 1)).toEqual(['LAST_ADMIN']);
    expect(suspend(user(['CUSTOMER', 'ADMIN']), true, 2)).toEqual([]);
    expect(suspend(user(['CUSTOMER', 'ADMIN'], 'SUSPENDED'), true, 1)).toEqual([]);
  });
  it('keeps CUSTOMER, drops doubles, orders, and tells what is lost', () => {
    expect(changeRoles(user(['CUSTOMER', 'SUPPORT']), ['FINANCE', 'WAREHOUSE', 'FINANCE'], 3, 1)).toEqual({
      next: ['CUSTOMER', 'WAREHOUSE', 'FINANCE'],
      lost: ['SUPPORT'],
      changed: true,
    });
    expect(changeRoles(user(['CUSTOMER']), [], null, 1)).toEqual({ next: ['CUSTOMER'], lost: [], changed: false });
    expect(codesOf(() => changeRoles(user(['CUSTOMER', 'ADMIN']), [], null, 1))).toEqual(['LAST_ADMIN']);
    expect(codesOf(() => changeRoles(user(['CUSTOMER']), [], 2, 1))).toEqual(['VERSION_CONFLICT']);
  });
  it('knows a code for every mistake of a registration', () => {
    const codes = codesOf(() =>
      register({ email: '', password: '', firstName: '', lastName: '', phone: 'x', locale: '' }, 'en'),
    );
    expect(codes).toHaveLength(6);
    for (const code of codes) expect(Object.keys(AccountErrorCode)).toContain(code);
  });
});

describe('an address', () => {
  const typed: AddressInput = {
    firstName: 'Aiko',
    lastName: 'Sato',
    addressLine1: '1-2-3 Ginza',
    city: 'Tokyo',
    country: 'jp',
    postalCode: '104-0061',
  };
  it('is trimmed, its country in capitals, what is empty null', () => {
    expect(addressFields({ ...typed, city: ' Tokyo ', company: ' ' }, null)).toEqual({
      firstName: 'Aiko',
      lastName: 'Sato',
      company: null,
      addressLine1: '1-2-3 Ginza',
      addressLine2: null,
      city: 'Tokyo',
      state: null,
      country: 'JP',
      postalCode: '104-0061',
      phone: null,
    });
  });
  it('keeps what a change does not name, and empties what it names null', () => {
    const present = { ...addressFields({ ...typed, company: 'Souk', phone: '+81 3 1234' }, null) };
    expect(addressFields({ city: 'Kyoto', company: null }, present)).toEqual({
      ...present,
      city: 'Kyoto',
      company: null,
    });
  });
  it('tells every mistake at once, by a code of its enum', () => {
    const long = 'x'.repeat(201);
    const wrong = { firstName: '', lastName: 'a\nb', company: long, addressLine1: ' ', addressLine2: long };
    const more = { city: long, state: long, country: 'XX', postalCode: long, phone: 'x' };
    const codes = codesOf(() => addressFields({ ...wrong, ...more }, null));
    expect(codes).toEqual([
      'NAME_INVALID',
      'NAME_INVALID',
      'COMPANY_INVALID',
      'LINE_INVALID',
      'LINE_INVALID',
      'CITY_INVALID',
      'STATE_INVALID',
      'COUNTRY_INVALID',
      'POSTAL_CODE_INVALID',
      'PHONE_INVALID',
    ]);
    for (const code of codes) expect(Object.keys(UserAddressErrorCode)).toContain(code);
  });
  it('finds room among 50', () => {
    expect(codesOf(() => roomForAnother(MAX_ADDRESSES - 1))).toEqual([]);
    expect(codesOf(() => roomForAnother(MAX_ADDRESSES))).toEqual(['TOO_MANY']);
  });
});

describe('what counts as one client address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, range) => {
    expect(addressRange(address)).toBe(range);
  });
});

describe('the hasher', () => {
  it('proves a password, and proves nothing where there is no hash', async () => {
    const hasher = await argon2Hasher();
    const hash = await hasher.hash('correct horse battery');
    expect(await hasher.verify(hash, 'correct horse battery')).toBe(true);
    expect(await hasher.verify(hash, 'correct horse')).toBe(false);
    expect(await hasher.verify(null, 'correct horse battery')).toBe(false);
  });
  it('turns away whom the line has no room for, and serves all others', async () => {
    const hasher = await argon2Hasher({ atOnce: 1, waiting: 2 });
    const all = await Promise.allSettled([1, 2, 3, 4].map((n) => hasher.hash(`password number ${n}`)));
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(await hasher.hash('and then again')).toMatch(/^\$argon2id\$/);
  });
});
