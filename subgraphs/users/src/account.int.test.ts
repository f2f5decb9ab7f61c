import { readFile } from 'node:fs/promises';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { decodeId, encodeId, type FactType, type Role, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureAdmin, revokedKey, users, verifyAccessToken } from './index.ts';

const PASSWORD = 'correct horse battery';
const NOBODY = encodeId('User', '01900000-0000-7000-8000-00000000dead');

describe('accounts', () => {
  let t: TestHouses;
  let admin: Viewer;
  let count = 0;
  beforeAll(async () => {
    t = await startTestHouses([users]);
    expect(await ensureAdmin(t.house('users'), { email: 'admin@souk.example', password: PASSWORD })).toBe(true);
    const [row] = await t.sql<{ id: string }>('select id from users.users');
    admin = { ...customer(row!.id), roles: ['CUSTOMER', 'ADMIN'] };
  });
  afterAll(() => t.stop());

  const errors = 'errors { code message field }';

  async function newUser(roles: Role[] = []) {
    count += 1;
    const email = `person${count}@example.org`;
    const { register } = await t.run(
      'users',
      anonymous(),
      `mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken refreshToken user { id version } } errors { code } } }`,
      { input: { email, password: PASSWORD, firstName: 'Noor', lastName: `Haddad ${count}` } },
    );
    const claims = await verifyAccessToken(register.session.accessToken, t.platform.tokenKey.publicKey);
    const id: string = register.session.user.id;
    if (roles.length > 0) await setRoles(admin, id, roles);
    const viewer: Viewer = {
      ...customer(claims!.userId!),
      sessionId: claims!.sessionId,
      roles: ['CUSTOMER', ...roles],
    };
    return { id, uuid: decodeId('User', id)!, email, viewer, refreshToken: register.session.refreshToken as string };
  }
  const setRoles = (as: Viewer, id: string, roles: Role[], expectedVersion?: number) =>
    t
      .run(
        'users',
        as,
        `mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { user { id roles version } ${errors} } }`,
        { input: { id, roles, expectedVersion } },
      )
      .then((data) => data.setUserRoles);
  const setStatus = (
    as: Viewer,
    mutation: 'suspendUser' | 'reactivateUser',
    id: string,
    reason = 'fraud',
    expectedVersion?: number,
  ) =>
    t
      .run(
        'users',
        as,
        `mutation ($input: UserStatusInput!) { ${mutation}(input: $input) { user { id status statusReason } ${errors} } }`,
        { input: { id, reason, expectedVersion } },
      )
      .then((data) => data[mutation]);
  const isRevoked = async (sessionId: string | null) => (await t.platform.kv.get(revokedKey(sessionId!))) === true;

  describe('the first administrator', () => {
    it('is made once only', async () => {
      expect(await ensureAdmin(t.house('users'), { email: 'other@souk.example', password: PASSWORD })).toBe(false);
      expect(await t.sql(`select 1 as n from users.users where 'ADMIN' = any(roles)`)).toHaveLength(1);
    });
    it('needs a password that an account may have', async () => {
      const empty = await startTestHouses([users]);
      const made = ensureAdmin(empty.house('users'), { email: 'admin@souk.example', password: 'password123' });
      await expect(made).rejects.toThrow('The first administrator could not be made.');
      expect(await empty.sql('select 1 from users.users')).toEqual([]);
      const [a, b] = await Promise.all(
        ['a', 'b'].map((name) =>
          ensureAdmin(empty.house('users'), { email: `${name}@souk.example`, password: PASSWORD }),
        ),
      );
      expect([a, b].sort()).toEqual([false, true]);
      await empty.stop();
    });
  });

  describe('who sees an account', () => {
    const q = 'query ($id: ID!) { user(id: $id) { id email } }';
    it('is its owner and support, and for everyone else it is not there', async () => {
      const one = await newUser();
      const seen = async (as: Viewer) => (await t.run('users', as, q, { id: one.id })).user;
      const shown = { id: one.id, email: one.email };
      expect(await seen(one.viewer)).toEqual(shown);
      expect(await seen(staff('SUPPORT'))).toEqual(shown);
      expect(await seen(admin)).toEqual(shown);
      for (const as of [anonymous(), guest(), customer(), staff('MERCHANDISER', 'WAREHOUSE', 'FINANCE')]) {
        expect(await seen(as)).toBeNull();
        expect(await t.platform.peers.see(as, [one.id])).toEqual([null]);
      }
      expect(await t.platform.peers.see(one.viewer, [one.id, NOBODY])).toEqual(['User', null]);
    });
    it.each([NOBODY, '', 'user_', encodeId('Order', '01900000-0000-7000-8000-00000000dead')])(
      'is nobody for the id %j',
      async (id) => {
        expect((await t.run('users', admin, q, { id })).user).toBeNull();
      },
    );
    it('is the viewer by `me`, and nobody for a guest', async () => {
      const one = await newUser();
      expect((await t.run('users', one.viewer, '{ me { id } }')).me).toEqual({ id: one.id });
      expect((await t.run('users', guest(), '{ me { id } }')).me).toBeNull();
    });
    it('keeps the reason of a status from its owner', async () => {
      const one = await newUser();
      const { errors: why } = await t.ask('users', one.viewer, '{ me { id statusReason } }');
      expect(why?.[0]?.extensions.code).toBe('FORBIDDEN');
    });
  });

  describe('the list of accounts', () => {
    const q = `query ($search: String, $role: Role, $status: UserStatus, $first: Int, $after: String) {
      users(search: $search, role: $role, status: $status, first: $first, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } count { value precision }
      }
    }`;
    const list = async (variables: object, as = staff('SUPPORT')) =>
      (await t.run('users', as, q, { ...variables })).users;
    it('finds by a part of name or e-mail, by role and by status, newest first, in pages', async () => {
      const [a, b] = [await newUser(['WAREHOUSE']), await newUser(['WAREHOUSE'])];
      const both = await list({ role: 'WAREHOUSE' });
      expect(both.nodes).toEqual([{ id: b.id }, { id: a.id }]);
      expect(both.count).toEqual({ value: 2, precision: 'EXACT' });
      const page = await list({ role: 'WAREHOUSE', first: 1 });
      expect(page.pageInfo.hasNextPage).toBe(true);
      expect((await list({ role: 'WAREHOUSE', first: 1, after: page.pageInfo.endCursor })).nodes).toEqual([
        { id: a.id },
      ]);
      expect((await list({ search: a.email.toUpperCase() })).nodes).toContainEqual({ id: a.id });
      expect((await list({ search: `noor haddad ${count}` })).nodes).toEqual([{ id: b.id }]);
      expect((await list({ search: '%%' })).nodes).toEqual([]);
      await setStatus(admin, 'suspendUser', a.id);
      expect((await list({ role: 'WAREHOUSE', status: 'SUSPENDED' })).nodes).toEqual([{ id: a.id }]);
    });
    it('is not for others', async () => {
      for (const [as, code] of [
        [anonymous(), 'UNAUTHENTICATED'],
        [guest(), 'UNAUTHENTICATED'],
        [customer(), 'FORBIDDEN'],
        [staff('FINANCE', 'MERCHANDISER', 'WAREHOUSE'), 'FORBIDDEN'],
      ] as const) {
        expect((await t.ask('users', as, q)).errors?.[0]?.extensions.code).toBe(code);
      }
    });
    it.each([
      { search: 'x' },
      { search: 'x'.repeat(101) },
      { first: 0 },
      { first: 101 },
      { first: -1 },
      { after: 'nonsense' },
    ])('refuses %j', async (variables) => {
      const { errors: why } = await t.ask('users', admin, q, variables);
      expect(why?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });
  });

  describe('a profile', () => {
    const doc = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { firstName lastName phone locale version } ${errors} } }`;
    it('changes what is named and keeps the rest', async () => {
      const { viewer } = await newUser();
      const change = async (input: object) => (await t.run('users', viewer, doc, { input })).updateProfile;
      expect(await change({ firstName: ' Zoë ', phone: '+49 30 1234', locale: 'de-at' })).toEqual({
        user: { firstName: 'Zoë', lastName: `Haddad ${count}`, phone: '+49 30 1234', locale: 'de-AT', version: 2 },
        errors: [],
      });
      expect((await change({ phone: null })).user).toMatchObject({ firstName: 'Zoë', phone: null, version: 3 });
      expect((await change({})).user).toMatchObject({ firstName: 'Zoë', phone: null });
    });
    it('refuses what is no name, number or language, and changes nothing', async () => {
      const { viewer } = await newUser();
      const input = { firstName: 'x'.repeat(101), lastName: '', phone: '12', locale: 'no such thing' };
      const { updateProfile } = await t.run('users', viewer, doc, { input });
      expect(updateProfile.errors.map((error: { code: string }) => error.code)).toEqual([
        'NAME_INVALID',
        'NAME_INVALID',
        'PHONE_INVALID',
        'LOCALE_INVALID',
      ]);
      expect((await t.run('users', viewer, '{ me { version } }')).me.version).toBe(1);
    });
    it('is nothing that a guest has', async () => {
      const { errors: why } = await t.ask('users', guest(), doc, { input: { firstName: 'x' } });
      expect(why?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
  });

  describe('a password', () => {
    const doc = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } ${errors} } }`;
    const change = async (as: Viewer, currentPassword: string, newPassword: string) =>
      (await t.run('users', as, doc, { input: { currentPassword, newPassword } })).changePassword;
    const signIn = async (email: string, password: string) =>
      (
        await t.run(
          'users',
          anonymous(),
          `mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code } } }`,
          { input: { email, password } },
        )
      ).signIn;
    it('changes, and every other session of the account ends at once', async () => {
      const one = await newUser();
      const { session } = await signIn(one.email, PASSWORD);
      const other = await verifyAccessToken(session.accessToken, t.platform.tokenKey.publicKey);
      expect(await change(one.viewer, PASSWORD, 'another good phrase')).toEqual({ user: { id: one.id }, errors: [] });
      expect(await isRevoked(other!.sessionId)).toBe(true);
      expect(await isRevoked(one.viewer.sessionId)).toBe(false);
      expect((await signIn(one.email, PASSWORD)).errors[0].code).toBe('INVALID_CREDENTIALS');
      expect((await signIn(one.email, 'another good phrase')).errors).toEqual([]);
    });
    it('stays where the present one is wrong or the new one unfit', async () => {
      const one = await newUser();
      const codes = async (now: string, next: string) =>
        (await change(one.viewer, now, next)).errors.map((error: { code: string }) => error.code);
      expect(await codes('not it at all', 'another good phrase')).toEqual(['PASSWORD_WRONG']);
      expect(await codes(PASSWORD, PASSWORD)).toEqual(['PASSWORD_UNCHANGED']);
      expect(await codes(PASSWORD, 'short')).toEqual(['PASSWORD_TOO_SHORT']);
      expect(await codes(PASSWORD, 'x'.repeat(201))).toEqual(['PASSWORD_TOO_LONG']);
      expect(await codes(PASSWORD, 'Password-123')).toEqual(['PASSWORD_TOO_COMMON']);
      expect((await signIn(one.email, PASSWORD)).errors).toEqual([]);
    });
    it('cannot be guessed with a stolen session', async () => {
      const one = await newUser();
      for (let i = 0; i < 10; i++) await change(one.viewer, 'not it at all', 'another good phrase');
      const input = { currentPassword: PASSWORD, newPassword: 'another good phrase' };
      const { errors: why } = await t.ask('users', one.viewer, doc, { input });
      expect(why?.[0]?.extensions.code).toBe('RATE_LIMITED');
    });
    it('is changed by one of two at a time', async () => {
      const one = await newUser();
      const both = await Promise.all(
        ['first new phrase', 'second new phrase'].map((next) => change(one.viewer, PASSWORD, next)),
      );
      expect(both.map((answer) => answer.errors[0]?.code ?? 'OK').sort()).toEqual(['OK', 'PASSWORD_WRONG']);
    });
  });

  describe('suspending', () => {
    it('shuts the account, ends its sessions at once and says so; a repeat says nothing', async () => {
      const one = await newUser();
      const support = staff('SUPPORT');
      expect(await setStatus(support, 'suspendUser', one.id)).toEqual({
        user: { id: one.id, status: 'SUSPENDED', statusReason: 'fraud' },
        errors: [],
      });
      expect(await isRevoked(one.viewer.sessionId)).toBe(true);
      await setStatus(support, 'suspendUser', one.id, 'again');
      const facts = (await t.said('users', 'users.UserStatusChanged')).filter((fact) => fact.key === one.uuid);
      expect(facts.map(({ version, data }) => ({ version, data }))).toEqual([
        { version: 2, data: { userId: one.uuid, status: 'SUSPENDED' } },
      ]);
      const attempt = async (password: string) =>
        (
          await t.run('users', anonymous(), 'mutation ($i: SignInInput!) { signIn(input: $i) { errors { code } } }', {
            i: { email: one.email, password },
          })
        ).signIn.errors;
      expect(await attempt(PASSWORD)).toEqual([{ code: 'ACCOUNT_SUSPENDED' }]);
      expect(await attempt('not the password')).toEqual([{ code: 'INVALID_CREDENTIALS' }]);
      const { refreshSession } = await t.run(
        'users',
        anonymous(),
        'mutation ($i: RefreshSessionInput!) { refreshSession(input: $i) { errors { code } } }',
        { i: { refreshToken: one.refreshToken } },
      );
      expect(refreshSession.errors).toEqual([{ code: 'INVALID_REFRESH_TOKEN' }]);
      expect((await setStatus(support, 'reactivateUser', one.id, 'cleared')).user.status).toBe('ACTIVE');
      expect(await attempt(PASSWORD)).toEqual([]);
    });
    it('publishes the ended sessions again when repeated, for a publish may have failed', async () => {
      const one = await newUser();
      await setStatus(admin, 'suspendUser', one.id);
      await t.platform.kv.delete(revokedKey(one.viewer.sessionId!));
      await setStatus(admin, 'suspendUser', one.id);
      expect(await isRevoked(one.viewer.sessionId)).toBe(true);
    });
    it('of a colleague takes an administrator', async () => {
      const colleague = await newUser(['FINANCE']);
      const { errors: why } = await setStatus(staff('SUPPORT'), 'suspendUser', colleague.id);
      expect(why).toMatchObject([{ code: 'STAFF_ACCOUNT', field: ['input', 'id'] }]);
      expect((await setStatus(admin, 'suspendUser', colleague.id)).errors).toEqual([]);
    });
    it('wants a reason and an account that is there', async () => {
      const one = await newUser();
      const codes = async (id: string, reason: string) =>
        (await setStatus(admin, 'suspendUser', id, reason)).errors.map((error: { code: string }) => error.code);
      expect(await codes(one.id, ' ')).toEqual(['REASON_INVALID']);
      expect(await codes(one.id, 'x'.repeat(501))).toEqual(['REASON_INVALID']);
      expect(await codes(NOBODY, 'fraud')).toEqual(['NOT_FOUND']);
      expect(await codes('nonsense', 'fraud')).toEqual(['NOT_FOUND']);
    });
    it('goes over no change that was not seen', async () => {
      const one = await newUser();
      expect((await setStatus(admin, 'suspendUser', one.id, 'fraud', 7)).errors).toMatchObject([
        { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
      ]);
      expect((await t.run('users', one.viewer, '{ me { status version } }')).me).toEqual({
        status: 'ACTIVE',
        version: 1,
      });
      expect((await setStatus(admin, 'suspendUser', one.id, 'fraud', 1)).errors).toEqual([]);
      expect((await setStatus(admin, 'reactivateUser', one.id, 'cleared', 1)).errors).toMatchObject([
        { code: 'VERSION_CONFLICT' },
      ]);
    });
    it('is not for others: nothing changes and nothing is said', async () => {
      const one = await newUser();
      const before = await t.said('users');
      const doc = 'mutation ($input: UserStatusInput!) { suspendUser(input: $input) { errors { code } } }';
      for (const as of [anonymous(), guest(), one.viewer, customer(), staff('FINANCE', 'WAREHOUSE', 'MERCHANDISER')]) {
        const { errors: why } = await t.ask('users', as, doc, { input: { id: one.id, reason: 'x' } });
        expect(why?.[0]?.extensions.code).toBe(as.userId ? 'FORBIDDEN' : 'UNAUTHENTICATED');
      }
      expect((await t.run('users', one.viewer, '{ me { status } }')).me.status).toBe('ACTIVE');
      expect(await t.said('users')).toEqual(before);
    });
  });

  describe('roles', () => {
    it('are set by an administrator; CUSTOMER stays', async () => {
      const one = await newUser();
      expect(await setRoles(admin, one.id, ['WAREHOUSE', 'SUPPORT', 'SUPPORT'], 1)).toEqual({
        user: { id: one.id, roles: ['CUSTOMER', 'SUPPORT', 'WAREHOUSE'], version: 2 },
        errors: [],
      });
      expect(await isRevoked(one.viewer.sessionId)).toBe(false);
      expect((await setRoles(admin, one.id, ['WAREHOUSE', 'SUPPORT'])).user.version).toBe(2);
    });
    it('that are lost end the account’s sessions at once', async () => {
      const one = await newUser(['SUPPORT']);
      await setRoles(admin, one.id, []);
      expect(await isRevoked(one.viewer.sessionId)).toBe(true);
    });
    it('are not set over a change that was not seen', async () => {
      const one = await newUser();
      const { errors: why } = await setRoles(admin, one.id, ['ADMIN'], 7);
      expect(why).toMatchObject([{ code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] }]);
    });
    it('are not for others to set, support included', async () => {
      const one = await newUser();
      const doc = 'mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { errors { code } } }';
      for (const as of [anonymous(), guest(), one.viewer, staff('SUPPORT', 'FINANCE', 'WAREHOUSE', 'MERCHANDISER')]) {
        const { errors: why } = await t.ask('users', as, doc, { input: { id: one.id, roles: ['ADMIN'] } });
        expect(why?.[0]?.extensions.code).toBe(as.userId ? 'FORBIDDEN' : 'UNAUTHENTICATED');
      }
      expect((await t.run('users', one.viewer, '{ me { roles } }')).me.roles).toEqual(['CUSTOMER']);
    });
    it('leave the shop an active administrator, also when two take each other’s away at once', async () => {
      const last = { code: 'LAST_ADMIN' };
      const adminId = encodeId('User', admin.userId!);
      expect((await setRoles(admin, adminId, [])).errors).toMatchObject([last]);
      expect((await setStatus(admin, 'suspendUser', adminId)).errors).toMatchObject([last]);
      for (let round = 0; round < 5; round++) {
        const second = await newUser(['ADMIN']);
        const answers = await Promise.all([
          setRoles(second.viewer, adminId, []),
          round % 2 ? setRoles(admin, second.id, []) : setStatus(admin, 'suspendUser', second.id),
        ]);
        expect(answers.map((answer) => answer.errors[0]?.code ?? 'OK').sort()).toEqual(['LAST_ADMIN', 'OK']);
        await t.sql(`update users.users set roles = '{CUSTOMER,ADMIN}' where id = $1`, [admin.userId]);
        await t.sql(`update users.users set roles = '{CUSTOMER}' where id = $1`, [second.uuid]);
      }
    });
  });

  it('says facts in the shape of their examples, and says its present state again on demand', async () => {
    const before = (await t.said('users')).length;
    await t.run(
      'users',
      guest(),
      `mutation { register(input: { email: "facts@example.org", password: "${PASSWORD}", firstName: "A", lastName: "B" }) { errors { code } } }`,
    );
    const said = await t.house('users').resay();
    const [{ accounts, guests }] = (await t.sql<{ accounts: number; guests: number }>(
      'select (select count(*) from users.users)::int as accounts, (select count(*) from users.guest_identities)::int as guests',
    )) as [{ accounts: number; guests: number }];
    expect(said).toBe(2 * accounts + guests);
    const facts = await t.said('users');
    expect(facts.length).toBe(before + 2 + said);
    for (const type of [
      'users.UserRegistered',
      'users.UserStatusChanged',
      'users.GuestIdentified',
    ] satisfies FactType[]) {
      const text = await readFile(new URL(`../../../schema/events/examples/${type}.json`, import.meta.url), 'utf8');
      const example = JSON.parse(text) as { type: string; data: object };
      const real = facts.find((fact) => fact.type === type)!;
      expect(Object.keys(example).sort()).toEqual(Object.keys(real).sort());
      expect(example.type).toBe(type);
      expect(Object.keys(example.data).sort()).toEqual(Object.keys(real.data).sort());
    }
  });
});
