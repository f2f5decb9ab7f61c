import { systemViewer } from '@souk/kit';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from './caller.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

const ME = '{ me { email } }';
const SIGN_OUT = 'mutation { signOut { signedOut errors { code } } }';

/** Without ticks: what is loaded at the start is all that is known of what was ended before. */
describe('a token that was ended before its time', () => {
  let souk: TestSouk;
  beforeAll(async () => {
    souk = await startSouk({ ticks: false });
  });
  afterAll(() => souk?.stop());

  const codeOf = async (caller: Caller) => {
    const { status, errors } = await souk.caller(caller.token).ask(ME);
    return [status, ...(errors ?? []).map((error) => error.extensions.code)];
  };
  const good = [200];
  const refused = [401, 'UNAUTHENTICATED'];

  it('is refused at once, and still after a restart: a customer’s, a guest’s, and that of a suspended account', async () => {
    const [out, stays, shut] = [await souk.customer(), await souk.customer(), await souk.customer()];
    const [guestOut, guestStays] = [await souk.guest(), await souk.guest()];
    for (const caller of [out, stays, shut, guestOut, guestStays]) expect(await codeOf(caller)).toEqual(good);

    for (const caller of [out, guestOut]) {
      expect((await caller.run(SIGN_OUT)).signOut).toEqual({ signedOut: true, errors: [] });
    }
    const { me } = await shut.run('{ me { id } }');
    const suspended = await (await souk.admin()).run(
      'mutation ($input: UserStatusInput!) { suspendUser(input: $input) { user { status } errors { code } } }',
      { input: { id: me.id, reason: 'A card that was not theirs.' } },
    );
    expect(suspended.suspendUser).toEqual({ user: { status: 'SUSPENDED' }, errors: [] });
    for (const caller of [out, guestOut, shut]) expect(await codeOf(caller)).toEqual(refused);

    souk = await souk.restart();
    for (const caller of [out, guestOut, shut]) expect(await codeOf(caller)).toEqual(refused);
    for (const caller of [stays, guestStays]) expect(await codeOf(caller)).toEqual(good);
  });

  it('is refused by a kv that lost everything while the shop runs', async () => {
    const [out, stays] = [await souk.guest(), await souk.guest()];
    await out.run(SIGN_OUT);
    await souk.loseKv();
    // At once, and together: one asks for all.
    expect(await Promise.all([codeOf(out), codeOf(stays), codeOf(out)])).toEqual([refused, good, refused]);
  });

  it('is refused by what the tables know while the kv is away', async () => {
    const [out, stays, customer] = [await souk.guest(), await souk.guest(), await souk.customer()];
    await out.run(SIGN_OUT);
    await souk.withoutKv(async () => {
      expect(await codeOf(out)).toEqual(refused);
      expect(await codeOf(stays)).toEqual(good);
      expect(await codeOf(customer)).toEqual(good);
    });
    await expect.poll(() => codeOf(customer)).toEqual(good);
  });

  it('is not let through where nobody can tell: signed-in requests wait, all others go on', async () => {
    const customer = await souk.customer();
    await souk.loseKv();
    const users = souk.houses.get('users')!;
    const { execute } = users;
    users.execute = async () => ({ data: null });
    expect(await codeOf(customer)).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
    expect((await souk.caller(null).ask('{ channels { code } }')).errors).toBeUndefined();
    users.execute = execute;
    expect(await codeOf(customer)).toEqual(good);
  });

  it('is a matter of the system: nobody can ask for it through the graph', async () => {
    const admin = await souk.admin();
    expect((await admin.ask('mutation { publishRevocations }')).errors?.map((error) => error.extensions.code)).toEqual([
      'BAD_USER_INPUT',
    ]);
    const users = souk.houses.get('users')!;
    const ask = (roles: 'ADMIN'[]) =>
      users.execute({
        document: parse('mutation { publishRevocations }'),
        context: users.context({ ...systemViewer, principal: 'user:x', roles }),
      });
    expect((await ask(['ADMIN'])).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
