import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { serverAudits } from 'graphql-http';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, type Door, expectClean, httpDoor, openSocket, post, type Said, socketDoor } from './doors.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

let souk: TestSouk;
const graph = () => `${souk.url}/graphql`;
const doors: Door[] = [httpDoor(graph), socketDoor(graph)];
const CONTEXT = '{ context { channel { code } } }';

beforeAll(async () => {
  souk = await startSouk();
});
afterAll(() => souk?.stop());

/** A refusal of the request as a whole, at either door. */
function expectRefused(said: Said, message: string | RegExp): void {
  expectClean(said);
  expect(said.data).toBeNull();
  if (said.status !== null) expect(said.status).toBe(400);
  expect(codesOf(said)).toContain('BAD_USER_INPUT');
  expect(said.errors.map((error) => error.message).join('\n')).toMatch(message);
}

const nested = (depth: number): string =>
  `{ product(id: "x") { category ${'{ parent '.repeat(depth - 3)}{ id }${' }'.repeat(depth - 3)} } }`;
const aliases = (count: number): string =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} }`;
/** Inline fragments are neither depth nor fields, so that nothing but the tokens counts. */
const tokens = (count: number): string =>
  `{ ${'... { '.repeat(600)}${'__typename '.repeat(count - 1_802)}${'} '.repeat(600)}}`;
const session = 'startGuestSession { session { accessToken } }';
const mutations = (count: number): string =>
  `mutation { ${Array.from({ length: count }, (_, i) => `m${i}: ${session}`).join(' ')} }`;
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `prod_${i}`);
const bomb = `query { ...F0 } ${Array.from({ length: 25 }, (_, i) => `fragment F${i} on Query { x: __typename ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F25 on Query { __typename }`;

describe.each(doors)('the limits over $name', (door) => {
  it.each([
    ['15 levels', { query: nested(15) }],
    ['30 aliases', { query: aliases(30) }],
    ['2,000 tokens', { query: tokens(2_000) }],
    ['5 mutations', { query: mutations(5) }],
    ['100 items in the query', { query: `{ nodes(ids: ${JSON.stringify(ids(100))}) { id } }` }],
    [
      '100 items in a variable',
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: ids(100) } },
    ],
  ])('take %s', async (_, payload) => {
    const said = await door.ask(payload);
    expect(said.errors).toEqual([]);
    expect(said.data).not.toBeNull();
  });

  it.each([
    ['16 levels', { query: nested(16) }, 'The query is nested deeper than 15 levels.'],
    ['31 aliases', { query: aliases(31) }, 'The query has more than 30 aliases.'],
    ['30,000 aliases', { query: aliases(30_000) }, '2000 tokens'],
    ['2,001 tokens', { query: tokens(2_001) }, '2000 tokens'],
    ['6 mutations', { query: mutations(6) }, 'One request may hold 5 mutations at most.'],
    [
      '6 mutations in a fragment',
      { query: `mutation { ...F } fragment F on Mutation ${mutations(6).slice('mutation '.length)}` },
      'One request may hold 5 mutations at most.',
    ],
    [
      '6 mutations in inline fragments',
      { query: `mutation { ${Array.from({ length: 6 }, (_, i) => `... { m${i}: ${session} }`).join(' ')} }` },
      'One request may hold 5 mutations at most.',
    ],
    ['a bomb of fragments', { query: bomb }, 'The query has more than 30 aliases.'],
    [
      'a circle of fragments',
      { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
      'Cannot spread fragment',
    ],
    [
      '101 items in the query',
      { query: `{ nodes(ids: ${JSON.stringify(ids(101))}) { id } }` },
      'A list in the input may hold 100 items at most.',
    ],
    [
      '101 items in a variable',
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: ids(101) } },
      'A list in the input may hold 100 items at most.',
    ],
    ['no query', {}, /./],
    ['a query that is none', { query: '{' }, 'Syntax Error'],
    ['a field that is not there', { query: '{ contxt { locale } }' }, 'Cannot query field "contxt" on type "Query".'],
    ['two operations without a name', { query: `query A ${CONTEXT} query B ${CONTEXT}` }, /./],
    [
      'a persisted query nobody registered',
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } } },
      /./,
    ],
  ])('refuse %s', async (what, payload, message) => {
    const said = await door.ask(payload);
    // graphql-ws has no word for a request without a text but closing.
    if (door.name === 'WebSocket' && !('query' in payload)) return expect(said.closed).toBe(4400);
    if (what === 'a persisted query nobody registered') {
      expectClean(said);
      return expect(codesOf(said)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    }
    expectRefused(said, message);
  });

  it('answers an innocent request while hostile ones come', async () => {
    const hostile = [bomb, aliases(30_000), nested(600), tokens(2_000), mutations(40)].flatMap((query) =>
      Array.from({ length: 4 }, () => door.ask({ query })),
    );
    const innocent = await doors[0]!.ask({ query: CONTEXT });
    expect(innocent.data).toEqual({ context: { channel: { code: 'default' } } });
    for (const said of await Promise.all(hostile)) expectClean(said);
  });

  it('refuses variables that are nested without end', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${deep}}}`;
    if (door.name === 'HTTP') {
      const said = await post(graph(), text, { 'content-type': 'application/json' });
      expect(said.status).toBe(400);
      expect(codesOf(said)).toEqual(['BAD_USER_INPUT']);
      return expectClean(said);
    }
    const socket = await openSocket(graph());
    await socket.next();
    socket.send(`{"id":"1","type":"subscribe","payload":${text}}`);
    expect(await socket.next()).toMatchObject({
      frame: { type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    socket.ws.terminate();
  });

  it('repeats no value that came in', async () => {
    const secret = `hunter2-${randomUUID()}`;
    const inText = await door.ask({ query: `{ product(id: {password: "${secret}"}) { id } }` });
    const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }';
    const inVariable = await door.ask({ query, variables: { input: { email: 'a@b.example', password: [secret] } } });
    for (const said of [inText, inVariable]) {
      expectRefused(said, /./);
      expectClean(said, secret);
    }
  });

  it('refuses a channel that is not there, and a currency that is not the channel’s', async () => {
    const wrong: Record<string, string>[] = [{ 'souk-channel': 'mars' }, { 'souk-currency': 'JPY' }];
    for (const headers of wrong) {
      const said = await door.ask({ query: CONTEXT }, headers);
      if (door.name === 'WebSocket') expect(said.closed).toBe(4400);
      else expectRefused(said, /channel/);
    }
  });

  describe('tokens', () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    const own = (): KeyObject => souk.platform.tokenKey.privateKey;
    const guest = `guest:${randomUUID()}`;
    const token = (by: KeyObject, change: Record<string, unknown> = {}, header: object = {}): Promise<string> =>
      new SignJWT({ guest: true, roles: [], ...change })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
        .setIssuer((change.iss as string) ?? 'souk')
        .setAudience((change.aud as string) ?? 'souk')
        .setSubject((change.sub as string) ?? guest)
        .setIssuedAt()
        .setExpirationTime((change.exp as number) ?? '10m')
        .sign(by);
    const hourAgo = Math.floor(Date.now() / 1000) - 3600;
    const bearers: Record<string, () => Promise<string>> = {
      'of another key': () => token(other),
      expired: () => token(own(), { exp: hourAgo }),
      'of another issuer': () => token(own(), { iss: 'elsewhere' }),
      'of another audience': () => token(own(), { aud: 'elsewhere' }),
      'of another type': () => token(own(), {}, { typ: 'JWT' }),
      'of no subject we know': () => token(own(), { sub: 'root' }),
      'that gives a guest a role and a session': () => token(own(), { sid: randomUUID(), roles: ['ADMIN'] }),
      'without a signature': async () =>
        new UnsecuredJWT({ guest: true, roles: ['ADMIN'] })
          .setSubject(guest)
          .setIssuer('souk')
          .setAudience('souk')
          .encode(),
      'that was changed': async () => {
        const [head, , proof] = (await token(own())).split('.');
        const body = Buffer.from(JSON.stringify({ sub: `user:${randomUUID()}`, roles: ['ADMIN'] })).toString(
          'base64url',
        );
        return `${head}.${body}.${proof}`;
      },
      'signed with our public key as a secret': () => {
        const secret = souk.platform.tokenKey.publicKey.export({ type: 'spki', format: 'pem' });
        return new SignJWT({ guest: true, roles: [] })
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
          .setSubject(guest)
          .setIssuer('souk')
          .setAudience('souk')
          .setIssuedAt()
          .setExpirationTime('10m')
          .sign(Buffer.from(secret));
      },
      'that is none': async () => 'x'.repeat(40),
    };

    it('takes a good one', async () => {
      const said = await door.ask({ query: CONTEXT }, { authorization: `Bearer ${await token(own())}` });
      expect(codesOf(said)).toEqual([]);
    });

    it.each(Object.entries(bearers))('refuses one %s', async (_, make) => {
      const said = await door.ask({ query: CONTEXT }, { authorization: `Bearer ${await make()}` });
      if (door.name === 'WebSocket') return expect(said.closed).toBe(4403);
      expect([said.status, ...codesOf(said)]).toEqual([401, 'UNAUTHENTICATED']);
      expectClean(said);
    });

    it('refuses a scheme that is not Bearer', async () => {
      const said = await door.ask({ query: CONTEXT }, { authorization: 'Basic YWRtaW46YWRtaW4=' });
      if (door.name === 'WebSocket') return expect(said.closed).toBe(4403);
      expect([said.status, ...codesOf(said)]).toEqual([401, 'UNAUTHENTICATED']);
    });

    it('refuses that of a session that was signed out', async () => {
      const customer = await souk.customer();
      const authorization = `Bearer ${customer.token}`;
      expect(codesOf(await door.ask({ query: '{ me { email } }' }, { authorization }))).toEqual([]);
      await customer.run('mutation { signOut { errors { code } } }');
      const said = await door.ask({ query: '{ me { email } }' }, { authorization });
      if (door.name === 'WebSocket') return expect(said.closed).toBe(4403);
      expect([said.status, ...codesOf(said)]).toEqual([401, 'UNAUTHENTICATED']);
      expectClean(said);
    });
  });
});

describe('HTTP alone', () => {
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: CONTEXT });

  it.each([
    ['JSON that breaks off', '{"query": "{', json, 400],
    ['a body that is no object', '"hello"', json, 400],
    ['a batch', JSON.stringify([{ query: CONTEXT }, { query: CONTEXT }]), json, 400],
    ['text/plain, which a form of another page can send', body, { 'content-type': 'text/plain' }, 415],
    ['a form', 'query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['more than a megabyte', JSON.stringify({ query: CONTEXT, variables: { a: 'x'.repeat(1_000_001) } }), json, 413],
    ['variables that are no object', JSON.stringify({ query: CONTEXT, variables: 'x' }), json, 400],
  ])('refuses %s', async (_, text, headers, status) => {
    const said = await post(graph(), text, headers);
    expect([said.status, ...codesOf(said)]).toEqual([status, 'BAD_USER_INPUT']);
    expectClean(said);
  });

  it('refuses a mutation by GET, and any GET that a page of another site makes', async () => {
    const query = encodeURIComponent(`mutation { ${session} }`);
    const mutation = await post(`${graph()}?query=${query}`, undefined, { 'apollo-require-preflight': 'true' });
    expect([mutation.status, ...codesOf(mutation)]).toEqual([405, 'BAD_USER_INPUT']);
    expect(mutation.headers.allow).toBe('POST');
    const read = (headers: Record<string, string>) =>
      post(`${graph()}?query=${encodeURIComponent(CONTEXT)}`, undefined, headers);
    const elsewhere = await read({ 'sec-fetch-site': 'cross-site' });
    expect([elsewhere.status, ...codesOf(elsewhere)]).toEqual([403, 'FORBIDDEN']);
    for (const said of [mutation, elsewhere]) expectClean(said);
    const fine: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'apollo-require-preflight': '1' },
    ];
    for (const headers of fine) expect((await read(headers)).status).toBe(200);
  });

  it('tells by the status what is wrong, but to clients that know the body alone', async () => {
    const ask = (accept: string, payload: object) =>
      post(graph(), JSON.stringify(payload), { 'content-type': 'application/json', accept });
    const mistakes = [
      { query: '{' },
      { query: '{ contxt { locale } }' },
      { query: 'query ($a: ID!) { node(id: $a) { id } }' },
    ];
    for (const payload of mistakes) {
      const modern = await ask('application/graphql-response+json, application/json;q=0.9', payload);
      expect([modern.status, modern.headers['content-type']]).toEqual([
        400,
        'application/graphql-response+json; charset=utf-8',
      ]);
      expect(JSON.parse(modern.text)).not.toHaveProperty('data');
      const old = await ask('application/json', payload);
      expect([old.status, old.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
      expect(codesOf(old)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('says by which methods the graph is asked', async () => {
    const put = await fetch(graph(), { method: 'PUT', headers: json, body });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('passes every audit of GraphQL over HTTP', async () => {
    const results = await Promise.all(serverAudits({ url: graph() }).map((audit) => audit.fn()));
    expect(results.length).toBeGreaterThan(40);
    expect(results.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${status}: ${name}`)).toEqual([]);
  });

  it('sends subscriptions to the WebSocket', async () => {
    const said = await doors[0]!.ask({ query: 'subscription { cartUpdated { eventId } }' });
    expectRefused(said, 'Subscriptions run over WebSocket at the same path, or here for who accepts');
    const conditional = 'subscription ($on: Boolean! = true) { cartUpdated @include(if: $on) { eventId } }';
    expectRefused(await doors[0]!.ask({ query: conditional }), 'The root field of a subscription takes no @skip');
    const other = { query: `query A ${CONTEXT} ${conditional}`, operationName: 'A' };
    expectRefused(await doors[0]!.ask(other), 'The root field of a subscription takes no @skip');
  });

  it('lets its own origin in by CORS, by name, and no other', async () => {
    const ask = (origin: string, method: string) =>
      fetch(graph(), {
        method,
        headers: {
          origin,
          ...(method === 'OPTIONS'
            ? {
                'access-control-request-method': 'POST',
                'access-control-request-headers': 'content-type,authorization',
              }
            : json),
        },
        ...(method === 'OPTIONS' ? {} : { body }),
      });
    const preflight = await ask(souk.url, 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(souk.url);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const actual = await ask(souk.url, 'POST');
    expect([actual.status, actual.headers.get('access-control-allow-origin')]).toEqual([200, souk.url]);
    expect(actual.headers.get('vary')).toMatch(/origin/i);
    for (const origin of ['https://evil.example', 'null', `${souk.url}.evil.example`]) {
      for (const method of ['OPTIONS', 'POST']) {
        const refused = await ask(origin, method);
        expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
        const said = { ...((await refused.json()) as object), text: '' } as Said;
        expect(codesOf(said)).toEqual(['FORBIDDEN']);
        expectClean(said);
      }
    }
  });
});
