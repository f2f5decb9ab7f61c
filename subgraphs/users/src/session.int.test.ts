import { systemViewer } from '@souk/kit';
import { anonymous, guest, startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kvLimiter } from './attempt-limiter.kv.ts';
import { REVOCATIONS_PUBLISHED, revocableId, revokedKey, users, verifyAccessToken } from './index.ts';

const PASSWORD = 'correct horse battery';

describe('sessions', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([users]);
  });
  afterAll(() => t.stop());

  const session =
    'session { accessToken refreshToken expiresAt guestId user { id email roles status addresses { id } } }';
  const errors = 'errors { code message field }';
  const run = (name: string, kind: string, as: Viewer, input: object) =>
    t
      .run('users', as, `mutation ($input: ${kind}!) { ${name}(input: $input) { ${session} ${errors} } }`, { input })
      .then((data) => data[name]);
  const register = (email: string, as = anonymous(), password = PASSWORD) =>
    run('register', 'RegisterInput', as, { email, password, firstName: 'Aiko', lastName: 'Sato' });
  const signIn = (email: string, password: string, as = anonymous()) =>
    run('signIn', 'SignInInput', as, { email, password });
  const refresh = (refreshToken: string) => run('refreshSession', 'RefreshSessionInput', anonymous(), { refreshToken });
  const claimsOf = async (accessToken: string) =>
    (await verifyAccessToken(accessToken, t.platform.tokenKey.publicKey)) ?? expect.fail('the token does not verify');
  const viewerOf = async (accessToken: string): Promise<Viewer> => {
    const { principal, userId, guestId, sessionId, roles } = await claimsOf(accessToken);
    return { ...anonymous(), principal, userId, guestId, sessionId, roles };
  };
  const isRevoked = async (accessToken: string) => {
    const id = revocableId(await claimsOf(accessToken));
    return (await t.platform.kv.get(revokedKey(id!))) === true;
  };
  const wrong = {
    code: 'INVALID_CREDENTIALS',
    message: 'The e-mail address or the password is not right.',
    field: ['input'],
  };
  const ended = {
    session: null,
    errors: [
      {
        code: 'INVALID_REFRESH_TOKEN',
        message: 'This session has ended. Please sign in again.',
        field: ['input', 'refreshToken'],
      },
    ],
  };

  it('gives a guest a token of 30 days that verifies as that guest', async () => {
    const data = await t.run('users', anonymous(), `mutation { startGuestSession { ${session} ${errors} } }`);
    const { session: made, errors: none } = data.startGuestSession;
    expect(none).toEqual([]);
    expect(made).toMatchObject({ refreshToken: null, user: null });
    const claims = await claimsOf(made.accessToken);
    expect(claims).toMatchObject({ principal: `guest:${made.guestId}`, userId: null, sessionId: null, roles: [] });
    const [{ days }] = (await t.sql<{ days: number }>(
      'select round(extract(epoch from $1::timestamptz - now()) / 86400)::int as days',
      [made.expiresAt],
    )) as [{ days: number }];
    expect(days).toBe(30);
  });

  it('registers, says so, and answers a session whose user is shown', async () => {
    const { session: made, errors: none } = await register('Aiko@Example.org');
    expect(none).toEqual([]);
    expect(made.user).toMatchObject({
      email: 'Aiko@Example.org',
      roles: ['CUSTOMER'],
      status: 'ACTIVE',
      addresses: [],
    });
    const claims = await claimsOf(made.accessToken);
    expect(claims.roles).toEqual(['CUSTOMER']);
    const said = (await t.said('users', 'users.UserRegistered')).find((fact) => fact.key === claims.userId);
    expect(said).toMatchObject({
      version: 1,
      subject: claims.userId,
      data: { userId: claims.userId, email: 'Aiko@Example.org', firstName: 'Aiko', lastName: 'Sato', locale: 'en' },
    });
    const [row] = await t.sql<{ password_hash: string }>('select password_hash from users.users where id = $1', [
      claims.userId,
    ]);
    expect(row!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses an e-mail address that is taken in another case, and says nothing', async () => {
    await register('taken@example.org');
    const before = await t.said('users');
    const { session: none, errors: why } = await register('TAKEN@example.org');
    expect(none).toBeNull();
    expect(why).toEqual([
      {
        code: 'EMAIL_TAKEN',
        message: 'There is an account with this e-mail address. Sign in instead.',
        field: ['input', 'email'],
      },
    ]);
    expect(await t.said('users')).toEqual(before);
  });

  it('lets one of two registrations of an address in parallel win', async () => {
    const both = await Promise.all([register('race@example.org'), register('race@example.org')]);
    expect(both.map((one) => one.errors[0]?.code ?? 'OK').sort()).toEqual(['EMAIL_TAKEN', 'OK']);
    expect(await t.sql(`select 1 as n from users.users where email = 'race@example.org'`)).toHaveLength(1);
  });

  it('tells every mistake of a registration at once, and repeats no value', async () => {
    const input = {
      email: 'nobody at home',
      password: 'short',
      firstName: ' ',
      lastName: 'a\nb',
      phone: 'ring me',
      locale: 'de_!',
    };
    const { errors: why } = await run('register', 'RegisterInput', anonymous(), input);
    expect(why.map(({ code, field }: { code: string; field: string[] }) => [code, field])).toEqual([
      ['EMAIL_INVALID', ['input', 'email']],
      ['PASSWORD_TOO_SHORT', ['input', 'password']],
      ['NAME_INVALID', ['input', 'firstName']],
      ['NAME_INVALID', ['input', 'lastName']],
      ['PHONE_INVALID', ['input', 'phone']],
      ['LOCALE_INVALID', ['input', 'locale']],
    ]);
    expect(JSON.stringify(why)).not.toMatch(/nobody at home|short"|ring me|de_!/);
  });

  it('signs in by an address in any case; wrong password and unknown address get one answer', async () => {
    await register('signin@example.org');
    const { session: made } = await signIn('SignIn@Example.ORG', PASSWORD);
    expect(made.user.email).toBe('signin@example.org');
    expect(await signIn('signin@example.org', 'not the password')).toEqual({ session: null, errors: [wrong] });
    expect(await signIn('stranger@example.org', PASSWORD)).toEqual({ session: null, errors: [wrong] });
    expect(await signIn('\u0000', '\u0000')).toEqual({ session: null, errors: [wrong] });
  });

  it('counts tries per account, aliases too, and forgives after one that was right', async () => {
    await register('limit@example.org');
    for (let i = 0; i < 9; i++) await signIn('limit@example.org', 'not the password');
    expect((await signIn('LIMIT@example.org', PASSWORD)).errors).toEqual([]);
    const one = (n: number) =>
      `a${n}: signIn(input: { email: "limit@example.org", password: "not the password" }) { errors { code } }`;
    const { errors: limited } = await t.ask(
      'users',
      anonymous(),
      `mutation { ${[...Array(11).keys()].map(one).join(' ')} }`,
    );
    expect(limited?.map((error) => [error.path, error.extensions.code])).toEqual([[['a10'], 'RATE_LIMITED']]);
    const { errors: still } = await t.ask('users', anonymous(), `mutation { ${one(1)} }`);
    expect(still?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 900_000 });
  });

  it('counts tries per client address over all accounts', async () => {
    const from = { ...anonymous(), clientAddress: '203.0.113.7' };
    // The first 99 by the house's own limiter: as tries through the graph they would each cost a hash.
    const limiter = kvLimiter(t.platform.kv);
    for (let i = 0; i < 99; i++) await limiter.count('SIGN_IN', `nobody${i}@example.org`, from.clientAddress);
    expect(await signIn('nobody99@example.org', 'x', from)).toEqual({ session: null, errors: [wrong] });
    const doc = 'mutation { signIn(input: { email: "more@example.org", password: "x" }) { errors { code } } }';
    expect((await t.ask('users', from, doc)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await t.ask('users', { ...from, clientAddress: '203.0.113.8' }, doc)).errors).toBeUndefined();
  });

  it('never lets a try through where it cannot be counted', async () => {
    const { increment } = t.platform.kv;
    t.platform.kv.increment = () => Promise.reject(new Error('gone'));
    const doc = 'mutation { signIn(input: { email: "aiko@example.org", password: "x" }) { errors { code } } }';
    const { errors: why } = await t.ask('users', anonymous(), doc);
    t.platform.kv.increment = increment;
    expect(why?.[0]?.extensions.code).toBe('OVERLOADED');
  });

  it('rotates refresh tokens; the session stays the same', async () => {
    const { session: first } = await register('rotate@example.org');
    const { session: second } = await refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await claimsOf(second.accessToken)).sessionId).toBe((await claimsOf(first.accessToken)).sessionId);
    const { session: third } = await refresh(second.refreshToken);
    expect(third.user.email).toBe('rotate@example.org');
    expect(await isRevoked(third.accessToken)).toBe(false);
  });

  it('ends the whole family when a token is presented twice', async () => {
    const { session: first } = await register('reuse@example.org');
    const { session: second } = await refresh(first.refreshToken);
    expect(await refresh(first.refreshToken)).toEqual(ended);
    expect(await refresh(second.refreshToken)).toEqual(ended);
    expect(await isRevoked(second.accessToken)).toBe(true);
    const { userId } = await claimsOf(first.accessToken);
    expect(await t.sql('select revoked_for from users.sessions where user_id = $1', [userId])).toEqual([
      { revoked_for: 'REUSED' },
    ]);
  });

  it('takes the second of two parallel refreshes for a reuse: the family dies', async () => {
    const { session: first } = await register('parallel@example.org');
    const both = await Promise.all([refresh(first.refreshToken), refresh(first.refreshToken)]);
    const [winner] = both.filter((one) => one.session);
    expect(both.filter((one) => one.session)).toHaveLength(1);
    expect(both.filter((one) => !one.session)).toEqual([ended]);
    expect(await refresh(winner!.session.refreshToken)).toEqual(ended);
    expect(await isRevoked(first.accessToken)).toBe(true);
  });

  it('refuses a token that is unknown, expired, or of a session that ended', async () => {
    expect(await refresh('')).toEqual(ended);
    expect(await refresh('made up \u0000')).toEqual(ended);
    const { session: old } = await register('expired@example.org');
    const { userId } = await claimsOf(old.accessToken);
    await t.sql(
      `update users.refresh_tokens set expires_at = now() where session_id in (select id from users.sessions where user_id = $1)`,
      [userId],
    );
    expect(await refresh(old.refreshToken)).toEqual(ended);
  });

  it('signs out at once, and a repeat changes nothing', async () => {
    const { session: made } = await register('out@example.org');
    const as = await viewerOf(made.accessToken);
    const doc = `mutation { signOut { signedOut ${errors} } }`;
    expect((await t.run('users', as, doc)).signOut).toEqual({ signedOut: true, errors: [] });
    expect(await isRevoked(made.accessToken)).toBe(true);
    expect(await refresh(made.refreshToken)).toEqual(ended);
    expect((await t.run('users', as, doc)).signOut).toEqual({ signedOut: false, errors: [] });
  });

  it('signs out by the refresh token alone, where the access token has expired', async () => {
    const { session: made } = await register('outlater@example.org');
    const doc = `mutation ($input: SignOutInput) { signOut(input: $input) { signedOut ${errors} } }`;
    const input = { refreshToken: made.refreshToken };
    expect((await t.run('users', anonymous(), doc, { input })).signOut).toEqual({ signedOut: true, errors: [] });
    expect(await isRevoked(made.accessToken)).toBe(true);
  });

  it('says who a guest turned out to be, by registering and again by signing in', async () => {
    const as = guest();
    const { session: made } = await register('wasguest@example.org', as);
    const { userId } = await claimsOf(made.accessToken);
    await signIn('wasguest@example.org', PASSWORD, as);
    const said = (await t.said('users', 'users.GuestIdentified')).filter((fact) => fact.key === as.guestId);
    expect(said.map(({ version, subject, data }) => ({ version, subject, data }))).toEqual([
      { version: 1, subject: userId, data: { guestId: as.guestId, userId } },
      { version: 2, subject: userId, data: { guestId: as.guestId, userId } },
    ]);
  });

  it('ends a guest who signs out, once; no other', async () => {
    const start = async () =>
      (await t.run('users', anonymous(), `mutation { startGuestSession { ${session} } }`)).startGuestSession.session;
    const [made, other] = [await start(), await start()];
    const doc = `mutation { signOut { signedOut ${errors} } }`;
    const as = await viewerOf(made.accessToken);
    const twice = await Promise.all([t.run('users', as, doc), t.run('users', as, doc)]);
    expect(twice.map(({ signOut }) => signOut.signedOut).sort()).toEqual([false, true]);
    expect(await isRevoked(made.accessToken)).toBe(true);
    expect(await isRevoked(other.accessToken)).toBe(false);
    expect((await t.run('users', anonymous(), doc)).signOut).toEqual({ signedOut: false, errors: [] });
  });

  it('lets a guest’s token live on after signing in, so that a second click finds the same door open', async () => {
    const as = guest();
    const { session: first } = await register('twice@example.org', as);
    const [again, andAgain] = await Promise.all([
      signIn('twice@example.org', PASSWORD, as),
      signIn('twice@example.org', PASSWORD, as),
    ]);
    expect([again.errors, andAgain.errors]).toEqual([[], []]);
    expect(again.session.user.id).toBe(first.user.id);
    expect(await t.platform.kv.get(revokedKey(as.guestId!))).toBeUndefined();
  });

  it('publishes everything that is still in force into a kv that has none of it, and then says so', async () => {
    const { session: out } = await register('all@example.org');
    const { session: long } = await register('longago@example.org');
    const made = (await t.run('users', anonymous(), `mutation { startGuestSession { ${session} } }`)).startGuestSession;
    for (const token of [out, long, made.session].map((one) => one.accessToken)) {
      await t.run('users', await viewerOf(token), 'mutation { signOut { signedOut } }');
    }
    const { sessionId } = await claimsOf(long.accessToken);
    await t.sql(`update users.sessions set revoked_at = now() - interval '11 minutes' where id = $1`, [sessionId]);
    await t.sql(`update users.ended_guests set ended_at = now() - interval '29 days' where guest_id = $1`, [
      made.session.guestId,
    ]);
    const seen = async () => [
      await isRevoked(out.accessToken),
      await isRevoked(made.session.accessToken),
      await isRevoked(long.accessToken),
      await t.platform.kv.get(REVOCATIONS_PUBLISHED),
    ];
    // A restart's kv, for the tick; then for the router, which asks as the system.
    await t.platform.kv.close();
    await t.house('users').runTick('publishRevocations');
    expect(await seen()).toEqual([true, true, false, true]);
    await t.platform.kv.close();
    expect(await t.run('users', systemViewer, 'mutation { publishRevocations }')).toEqual({ publishRevocations: true });
    expect(await seen()).toEqual([true, true, false, true]);
    for (const as of [anonymous(), guest(), { ...anonymous(), principal: 'user:x', roles: ['ADMIN' as const] }]) {
      const { errors: why } = await t.ask('users', as, 'mutation { publishRevocations }');
      expect(why?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  it('publishes revocations again where the kv lost them', async () => {
    const { session: made } = await register('lost@example.org');
    await t.run('users', await viewerOf(made.accessToken), 'mutation { signOut { signedOut } }');
    await t.platform.kv.delete(revokedKey((await claimsOf(made.accessToken)).sessionId!));
    await t.house('users').runTick('publishRevocations');
    expect(await isRevoked(made.accessToken)).toBe(true);
  });

  it('forgets sessions and tokens a month after they expired', async () => {
    const { session: made } = await register('spent@example.org');
    const { sessionId } = await claimsOf(made.accessToken);
    const rows = () =>
      t.sql(
        'select s.id from users.sessions s left join users.refresh_tokens r on r.session_id = s.id where s.id = $1',
        [sessionId],
      );
    await t.house('users').runTick('sweepSessions');
    expect(await rows()).toHaveLength(1);
    await t.sql(`update users.sessions set expires_at = now() - interval '31 days' where id = $1`, [sessionId]);
    await t.sql('truncate users.ended_guests');
    for (const days of [29, 31]) {
      await t.sql(`insert into users.ended_guests values (uuidv7(), now() - make_interval(days => $1))`, [days]);
    }
    await t.house('users').runTick('sweepSessions');
    expect(await rows()).toEqual([]);
    expect(await t.sql(`select 1 from users.ended_guests where ended_at < now() - interval '30 days'`)).toEqual([]);
    expect(await t.sql('select 1 from users.ended_guests')).toHaveLength(1);
  });
});
