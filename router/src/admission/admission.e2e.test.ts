import { randomUUID } from 'node:crypto';
import type { Role } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, type Door, expectClean, httpDoor, openSocket, post, socketDoor } from '../doors.testing.ts';
import { startSouk, type TestSouk } from '../souk.testing.ts';

const PASSWORD = 'a long enough passphrase';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }';
const ROLES = 'mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { errors { message } } }';
const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }';

describe('who may see what', () => {
  let souk: TestSouk;
  const graph = () => `${souk.url}/graphql`;
  const doors: Door[] = [httpDoor(graph), socketDoor(graph)];
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    souk = await startSouk();
    const admin = await souk.admin();
    for (const role of ['CUSTOMER', 'SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN'] as const) {
      const email = `${role.toLowerCase()}-${randomUUID()}@souk.example`;
      const input = { email, password: PASSWORD, firstName: 'Ada', lastName: 'Staff' };
      const { register } = await souk.caller(null).run(REGISTER, { input });
      const { me } = await souk.caller(register.session.accessToken).run('{ me { id } }');
      const roles: Role[] = role === 'CUSTOMER' ? ['CUSTOMER'] : ['CUSTOMER', role];
      await admin.run(ROLES, { input: { id: me.id, roles } });
      const { signIn } = await souk.caller(null).run(SIGN_IN, { input: { email, password: PASSWORD } });
      tokens.set(role, signIn.session.accessToken);
    }
    const { startGuestSession } = await souk
      .caller(null)
      .run('mutation { startGuestSession { session { accessToken } } }');
    tokens.set('GUEST', startGuestSession.session.accessToken);
  });
  afterAll(() => souk?.stop());

  const headersOf = (who: string): Record<string, string> =>
    who === 'ANONYMOUS' ? {} : { authorization: `Bearer ${tokens.get(who)}` };
  const everybody = ['ANONYMOUS', 'GUEST', 'CUSTOMER', 'SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN'];
  const no = (who: string) => (['ANONYMOUS', 'GUEST'].includes(who) ? 'UNAUTHENTICATED' : 'FORBIDDEN');

  describe.each(doors)('over $name', ({ ask }) => {
    it.each(everybody)('is the same for %s, where a field can be null', async (who) => {
      const said = await ask({ query: '{ channels { code edits: version } }' }, headersOf(who));
      expectClean(said);
      const [channel] = said.data.channels;
      expect(channel.code).toBe('default');
      if (['MERCHANDISER', 'ADMIN'].includes(who)) {
        expect(channel.edits).toEqual(expect.any(Number));
        expect(said.errors).toEqual([]);
      } else {
        expect(channel.edits).toBeNull();
        expect(said.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
          [['channels', 0, 'edits'], no(who)],
        ]);
      }
    });

    it.each(everybody)('is the same for %s, where the whole operation falls with it', async (who) => {
      const said = await ask({ query: '{ context { locale } users(first: 1) { nodes { id } } }' }, headersOf(who));
      expectClean(said);
      if (['SUPPORT', 'ADMIN'].includes(who)) expect(said.data.users.nodes).toHaveLength(1);
      else {
        expect(said.data).toBeNull();
        expect(codesOf(said)).toEqual([no(who)]);
        if (said.status !== null) expect(said.status).toBe(no(who) === 'FORBIDDEN' ? 403 : 401);
      }
    });

    it('does none of a request of which one mutation is refused', async () => {
      const input = { email: `${randomUUID()}@souk.example`, password: PASSWORD, firstName: 'N', lastName: 'O' };
      const query = `mutation ($input: RegisterInput!, $tax: CreateTaxClassInput!) {
        register(input: $input) { errors { message } } createTaxClass(input: $tax) { errors { message } } }`;
      const said = await ask({ query, variables: { input, tax: { code: 'x', name: 'X' } } }, headersOf('CUSTOMER'));
      expectClean(said);
      expect(said.data).toBeNull();
      const rows = await souk.sql('select 1 from users.users where email = $1', [input.email]);
      expect(rows).toEqual([]);
    });

    it('tells what an operation cost', async () => {
      const said = await ask({ query: '{ products(first: 3) { nodes { id } } }' }, headersOf('CUSTOMER'));
      expect(said.extensions.cost).toEqual({
        requested: 4,
        actual: 1,
        limit: 50_000,
        available: 50_000,
        restoreRate: 2_500,
      });
    });
  });
});

describe('how much one may ask', () => {
  let souk: TestSouk;
  const graph = () => `${souk.url}/graphql`;
  let last = 0;
  /** Somebody nobody has met: the test is a proxy that is believed. */
  const someone = (): Record<string, string> => ({ 'x-forwarded-for': `203.0.113.${++last}` });
  const door = httpDoor(graph);

  beforeAll(async () => {
    souk = await startSouk({
      env: {
        SOUK_UNLIMITED_ADDRESSES: '',
        SOUK_TRUSTED_PROXIES: '127.0.0.1,::1',
        SOUK_RATE_ADDRESS: '5/1000',
        SOUK_BUDGET_ADDRESS: '100/1000',
      },
    });
  });
  afterAll(() => souk?.stop());

  it('is so many requests, told by headers, whatever is in them', async () => {
    const headers = { 'content-type': 'application/json', ...someone() };
    const ask = (body: string) => fetch(graph(), { method: 'POST', headers, body });
    const first = await ask('{"query":"{ context { locale } }"}');
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=5;w=1000');
    expect(first.headers.get('ratelimit')).toBe('"address";r=4;t=200');
    for (let n = 0; n < 4; n++) expect((await ask('{"query":"{ nonsense }"}')).status).toBe(400);
    const refused = await ask('{"query":"{ nonsense }"}');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(190);
    const { errors } = (await refused.json()) as { errors: { extensions: { code: string; retryAfterMs: number } }[] };
    expect(errors[0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    const another = await fetch(graph(), {
      method: 'POST',
      headers: { ...headers, ...someone() },
      body: '{"query":"{ context { locale } }"}',
    });
    expect(another.status).toBe(200);
  });

  it('is so much cost at once and in time', async () => {
    const headers = someone();
    const dear = await door.ask({ query: '{ products(first: 100) { nodes { id } } }' }, headers);
    expectClean(dear);
    expect([dear.status, codesOf(dear)]).toEqual([400, ['COST_EXCEEDED']]);
    // The shop is empty: all but the page itself comes back.
    const said = await door.ask({ query: '{ products(first: 90) { nodes { id } } }' }, headers);
    expect(said.extensions.cost).toEqual({ requested: 91, actual: 1, limit: 100, available: 99, restoreRate: 0 });
  });

  it('is counted over a socket as over HTTP, from one budget', async () => {
    const socket = await openSocket(graph());
    try {
      expect(await socket.next()).toMatchObject({ frame: { type: 'connection_ack' } });
      const codes: string[] = [];
      for (let n = 0; n < 6; n++) {
        socket.send({ id: `${n}`, type: 'subscribe', payload: { query: '{ context { locale } }' } });
        const answer = await socket.next();
        if (!('frame' in answer)) throw new Error('the socket was closed');
        if (answer.frame.type === 'next') {
          codes.push('fine');
          await socket.next();
        } else codes.push(answer.frame.payload[0].extensions.code);
      }
      expect(codes).toEqual(['fine', 'fine', 'fine', 'fine', 'fine', 'RATE_LIMITED']);
      const said = await door.ask({ query: '{ context { locale } }' });
      expect([said.status, codesOf(said)]).toEqual([429, ['RATE_LIMITED']]);
    } finally {
      socket.ws.terminate();
    }
  });

  it('is told by a header where the answer may be kept', async () => {
    const query = encodeURIComponent('{ context { locale } }');
    const response = await fetch(`${graph()}?query=${query}`, { headers: someone() });
    expect(response.headers.get('souk-cost')).toBe('requested=1, actual=1, limit=100, available=99, restore-rate=0');
    expect(((await response.json()) as { extensions: object }).extensions).not.toHaveProperty('cost');
  });

  it('goes by no address that a client makes up behind a stranger’s back', async () => {
    const victim = someone();
    const forged = { 'x-forwarded-for': `${victim['x-forwarded-for']}, ${someone()['x-forwarded-for']}` };
    for (let n = 0; n < 6; n++) await door.ask({ query: '{ context { locale } }' }, forged);
    expect((await post(`${graph()}?query={context{locale}}`, undefined, victim)).status).toBe(200);
  });
});
