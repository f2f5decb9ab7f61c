import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../caller.testing.ts';
import { codesOf, expectClean, openSocket, post, type Said } from '../doors.testing.ts';
import { startSouk, type TestSouk } from '../souk.testing.ts';
import { idsOf, type LetIn, letAppIn } from './apps.testing.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });
const CONTEXT = '{ context { viewer roles } }';
/** A text nobody sent before. */
const fresh = () => `{ x${randomUUID().replaceAll('-', '')}: __typename }`;
const rest = idsOf('rest');
const partner = idsOf('partner');

let souk: TestSouk;
const graph = () => `${souk.url}/graphql`;
const ask = (payload: object, headers: Record<string, string> = {}): Promise<Said> =>
  post(graph(), JSON.stringify(payload), { 'content-type': 'application/json', ...headers });
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${graph()}${path}`, { headers });

describe('operations by their ids', () => {
  beforeAll(async () => {
    souk = await startSouk();
  });
  afterAll(() => souk?.stop());

  it('are texts that clients sent with their hashes: asked for by hash, sent once, then known', async () => {
    const text = fresh();
    const unknown = await ask({ extensions: persisted(sha(text)) });
    expectClean(unknown);
    // The very words and status that Apollo's clients look for.
    expect(unknown.status).toBe(200);
    expect(unknown.errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect((await ask({ query: text, extensions: persisted(sha(text)) })).errors).toEqual([]);
    expect((await ask({ extensions: persisted(sha(text)) })).data).toEqual({ [text.slice(2, 35)]: 'Query' });
    const byGet = await get(`?extensions=${encodeURIComponent(JSON.stringify(persisted(sha(text))))}`);
    expect(((await byGet.json()) as Answer).errors).toBeUndefined();
  });

  it.each([
    ['the hash of another text', { query: CONTEXT, extensions: persisted(sha('other')) }],
    ['a hash that is none', { extensions: persisted('nonsense') }],
    ['a hash that is a number', { extensions: { persistedQuery: { sha256Hash: 7 } } }],
    ['neither text nor id', {}],
    ['an id that is no text', { documentId: 7 }],
    ['extensions that are no object', { query: CONTEXT, extensions: 'x' }],
  ])('are not found by %s', async (_what, payload) => {
    const said = await ask(payload);
    expectClean(said);
    expect([said.status, ...codesOf(said)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('are not kept where the text is longer than 16,000 characters', async () => {
    const text = `${fresh()}#${'x'.repeat(16_000)}`;
    expect((await ask({ query: text, extensions: persisted(sha(text)) })).errors).toEqual([]);
    expect(codesOf(await ask({ extensions: persisted(sha(text)) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('are known to another router that shares the kv, and sent again where it was lost', async () => {
    const text = fresh();
    await ask({ query: text, extensions: persisted(sha(text)) });
    await souk.loseKv();
    // What was sent here is known here, kv or not.
    expect((await ask({ extensions: persisted(sha(text)) })).errors).toEqual([]);
  });

  it('are those of the manifests, by documentId, by hash and by path', async () => {
    const id = partner.get('PaymentConfig')!;
    const data = { paymentConfig: { provider: 'SIMULATOR', publishableKey: null, testCards: expect.any(Array) } };
    for (const payload of [{ documentId: id }, { extensions: persisted(id) }])
      expect((await ask(payload)).data).toEqual(data);
    const byPath = await get(`/${id}`);
    expect([byPath.status, byPath.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(((await byPath.json()) as Answer).data).toEqual(data);
    const variables = encodeURIComponent(JSON.stringify({ id: 'nothing' }));
    const none = await post(`${graph()}/${rest.get('GetProduct')}?variables=${variables}`, undefined, {});
    expect(none.data).toEqual({ product: null });
  });

  it('run over WebSocket too', async () => {
    const socket = await openSocket(graph());
    await socket.next();
    socket.send({
      id: '1',
      type: 'subscribe',
      payload: { query: '', extensions: persisted(partner.get('PaymentConfig')!) },
    });
    expect(await socket.next()).toMatchObject({
      frame: { type: 'next', payload: { data: { paymentConfig: { provider: 'SIMULATOR' } } } },
    });
    socket.ws.terminate();
  });

  it('that nobody registered are refused', async () => {
    for (const [said, status] of [
      [await ask({ documentId: 'no-such-operation' }), 404],
      [await ask({ documentId: 'x'.repeat(500) }), 404],
      [await post(`${graph()}/no-such-operation`, undefined, {}), 404],
      [await post(`${graph()}/constructor`, undefined, {}), 404],
    ] as const) {
      expectClean(said);
      expect([said.status, ...codesOf(said)]).toEqual([status, 'PERSISTED_QUERY_NOT_FOUND']);
    }
    const mutation = await post(`${graph()}/${partner.get('StartGuestSession')}`, undefined, {});
    expect([mutation.status, ...codesOf(mutation)]).toEqual([405, 'BAD_USER_INPUT']);
    const wrong = await post(`${graph()}/${rest.get('GetProduct')}?variables=%7B`, undefined, {});
    expect([wrong.status, ...codesOf(wrong)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('that are public can be held by a CDN: time to live, validator, and nothing of one request in the body', async () => {
    const path = `/${rest.get('ListProducts')}?variables=${encodeURIComponent('{"first":5}')}`;
    const first = await get(path);
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('public, max-age=30');
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const name of [
      'authorization',
      'souk-api-key',
      'souk-channel',
      'souk-currency',
      'souk-locale',
      'accept-language',
    ]) {
      expect(first.headers.get('vary')).toContain(name);
    }
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.headers.get('souk-cost')).toMatch(/requested=\d+/);
    const body = await first.text();
    expect(Object.keys(JSON.parse(body))).toEqual(['data']);

    const again = await get(path, { 'if-none-match': `"other", ${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(await (await get(path, { 'if-none-match': '"other"' })).text()).toBe(body);

    const { token } = await souk.guest();
    const mine = await get(path, { authorization: `Bearer ${token}` });
    expect([mine.headers.get('cache-control'), mine.headers.get('etag')]).toEqual(['no-store', null]);
    // By POST nothing is kept.
    expect(Object.keys(JSON.parse((await ask({ documentId: rest.get('ListProducts') })).text))).toContain('extensions');
  });

  it('are registered through the graph, work within seconds, and are retired as fast', async () => {
    const admin = await souk.admin();
    const body = `query Fresh { x${randomUUID().replaceAll('-', '')}: __typename }`;
    const manifest = JSON.stringify({ 'fresh:1': body });
    const { registerOperations } = await admin.run(
      'mutation ($input: RegisterOperationsInput!) { registerOperations(input: $input) { registered errors { message } } }',
      { input: { client: 'mobile', owner: 'app team', manifest } },
    );
    expect(registerOperations).toEqual({ registered: 1, errors: [] });
    await expect.poll(async () => (await ask({ documentId: 'fresh:1' })).status).toBe(200);
    const shown = async () =>
      (
        await admin.run(
          '{ operations(filter: { client: "mobile" }) { nodes { id documentId owner uses cost scopes lastUsedAt } } }',
        )
      ).operations.nodes[0];
    // What ran is told in batches.
    await expect.poll(async () => (await shown()).uses, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0);
    expect(await shown()).toMatchObject({
      owner: 'app team',
      cost: expect.any(Number),
      scopes: [],
      lastUsedAt: expect.any(String),
    });

    await admin.run(
      'mutation ($input: RetireOperationInput!) { retireOperation(input: $input) { errors { message } } }',
      {
        input: { id: (await shown()).id },
      },
    );
    await expect.poll(async () => codesOf(await ask({ documentId: 'fresh:1' }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('that are known go on working while the registry is away', async () => {
    const platform = souk.houses.get('platform')!;
    const { execute } = platform;
    platform.execute = async () => ({ data: null });
    try {
      expect((await ask({ documentId: rest.get('ListProducts') })).errors).toEqual([]);
    } finally {
      platform.execute = execute;
    }
  });

  it('are listed with those that the router came with', async () => {
    const { operations } = await (await souk.admin()).run(
      '{ operations(first: 100, filter: { client: "rest" }) { nodes { name owner maxAge registeredBy retiredAt } } }',
    );
    expect(operations.nodes.map(({ name }: { name: string }) => name)).toEqual([...rest.keys()].sort());
    expect(operations.nodes.find(({ name }: { name: string }) => name === 'GetProduct')).toEqual({
      name: 'GetProduct',
      owner: 'shop API',
      maxAge: 30,
      registeredBy: 'system',
      retiredAt: null,
    });
  });
});

describe('an app with an API key', () => {
  beforeAll(async () => {
    souk = await startSouk();
  });
  afterAll(() => souk?.stop());
  const withKey = (secret: string, token: string | null = null) => souk.caller(token, { 'souk-api-key': secret });

  it('is a viewer of its own', async () => {
    const { secret } = await letAppIn(await souk.admin());
    const app = withKey(secret);
    expect((await app.run(CONTEXT)).context).toEqual({ viewer: 'app', roles: [] });
  });

  it('acts for a guest or a user by their token, as a shopper alone', async () => {
    const { secret } = await letAppIn(await souk.admin(), { scopes: ['admin:read', 'admin:write'] });
    const guest = await souk.guest();
    expect((await withKey(secret, guest.token).run(CONTEXT)).context).toEqual({ viewer: 'guest', roles: [] });
    const admin = await souk.admin();
    const through = withKey(secret, admin.token);
    expect((await through.run(CONTEXT)).context).toEqual({ viewer: 'user', roles: ['CUSTOMER'] });
    expect((await through.ask('{ users(first: 1) { nodes { id } } }')).errors).toHaveLength(1);
  });

  it('may do what its scopes say, and nothing else', async () => {
    const admin = await souk.admin();
    const reads = withKey((await letAppIn(admin, { scopes: ['support:read'] })).secret);
    expect((await reads.run('{ orders(first: 1) { nodes { id } } }')).orders.nodes).toEqual([]);
    const bare = withKey((await letAppIn(admin)).secret);
    for (const [app, document] of [
      [bare, '{ orders(first: 1) { nodes { id } } }'],
      [reads, 'mutation { createProduct(input: { name: "x" }) { errors { code } } }'],
      [reads, 'mutation { suspendUser(input: { id: "x", reason: "x" }) { errors { code } } }'],
      [reads, 'mutation { createApp(input: { name: "x", scopes: [] }) { app { id } } }'],
      [
        withKey((await letAppIn(admin, { scopes: ['admin:write'] })).secret),
        'mutation { createApp(input: { name: "x", scopes: [] }) { app { id } } }',
      ],
    ] as const) {
      const { errors } = await app.ask(document);
      const codes = errors?.map(({ extensions }) => extensions.code);
      // Whoever has no right at all is not even shown that there is such a field.
      expect(['FORBIDDEN', 'BAD_USER_INPUT'], document).toContain(codes?.[0]);
    }
    const { apps } = await admin.run('{ apps(first: 100) { nodes { name } } }');
    expect(apps.nodes.map(({ name }: { name: string }) => name)).not.toContain('x');
  });

  it('is refused with a key that is none, at every door, and nothing runs', async () => {
    for (const key of ['nonsense', `souk_${'A'.repeat(43)}`, 'souk_', 'x'.repeat(5_000)]) {
      const said = await ask({ query: CONTEXT }, { 'souk-api-key': key });
      expectClean(said, ...(key.length > 6 ? [key] : []));
      expect([said.status, ...codesOf(said)]).toEqual([401, 'UNAUTHENTICATED']);
    }
    const socket = await openSocket(graph(), { 'souk-api-key': `souk_${'A'.repeat(43)}` });
    expect(await socket.next()).toEqual({ closed: 4403 });
  });

  it('is turned away within seconds once its key is revoked, open sockets too', async () => {
    const admin = await souk.admin();
    const { secret, keyId, appId } = await letAppIn(admin);
    const app = withKey(secret);
    const socket = await openSocket(graph(), { 'souk-api-key': secret });
    expect(await socket.next()).toMatchObject({ frame: { type: 'connection_ack' } });
    expect((await app.run(CONTEXT)).context.viewer).toBe('app');
    await admin.run('mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { errors { message } } }', {
      input: { id: keyId },
    });
    await expect.poll(async () => (await app.ask(CONTEXT)).status).toBe(401);
    expect(await socket.next()).toEqual({ closed: 4403 });
    // What it did is known: when the key was used last.
    const lastUsed = async () =>
      (await admin.run('query ($id: ID!) { app(id: $id) { apiKeys { lastUsedAt } } }', { id: appId })).app.apiKeys[0]
        .lastUsedAt;
    await expect.poll(lastUsed, { timeout: 60_000, interval: 500 }).toEqual(expect.any(String));
  });

  it('goes on for a while, and is never let in unchecked, while users cannot be asked', async () => {
    const { secret } = await letAppIn(await souk.admin());
    const users = souk.houses.get('users')!;
    const { execute } = users;
    users.execute = async () => ({ data: null });
    try {
      const { status, errors } = await withKey(secret).ask(CONTEXT);
      expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
    } finally {
      users.execute = execute;
    }
    expect((await withKey(secret).ask(CONTEXT)).status).toBe(200);
  });
});

describe('a shop that runs registered operations alone', () => {
  let app: LetIn;
  beforeAll(async () => {
    souk = await startSouk({ env: { SOUK_PERSISTED_OPERATIONS: 'safelist' } });
    const administrator = souk.logins[0]!;
    const signedIn = await ask(
      {
        documentId: idsOf('admin').get('SignIn'),
        variables: { input: { email: administrator.email, password: administrator.password } },
      },
      { 'souk-client': 'admin' },
    );
    app = await letAppIn(souk.caller(signedIn.data.signIn.session.accessToken), { client: 'partner' });
  });
  afterAll(() => souk?.stop());

  const codes = async (payload: object, headers: Record<string, string> = {}) => {
    const said = await ask(payload, headers);
    expectClean(said);
    return codesOf(said);
  };

  it('takes no text of anybody but staff, who write operations in the console', async () => {
    const text = fresh();
    expect(await codes({ query: CONTEXT })).toEqual(['PERSISTED_QUERY_REQUIRED']);
    expect(await codes({ query: text, extensions: persisted(sha(text)) })).toEqual(['PERSISTED_QUERY_REQUIRED']);
    expect(await codes({ extensions: persisted(sha(text)) })).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await codes({ query: CONTEXT }, { 'souk-api-key': app.secret })).toEqual(['PERSISTED_QUERY_REQUIRED']);
  });

  it('runs for each client what is registered for it', async () => {
    const key = { 'souk-api-key': app.secret };
    const products = { documentId: partner.get('Products') };
    expect(await codes(products, key)).toEqual([]);
    expect(await codes(products, { 'souk-client': 'partner' })).toEqual([]);
    // A key decides, whatever the header says.
    expect(await codes({ documentId: rest.get('ListOrders') }, { ...key, 'souk-client': 'rest' })).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
    expect(await codes(products, { 'souk-client': 'rest' })).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await codes(products, { 'souk-client': '__proto__' })).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('is as strict over WebSocket', async () => {
    const socket = await openSocket(graph(), { 'souk-api-key': app.secret });
    await socket.next();
    socket.send({ id: '1', type: 'subscribe', payload: { query: CONTEXT } });
    expect(await socket.next()).toMatchObject({
      frame: { type: 'error', payload: [{ extensions: { code: 'PERSISTED_QUERY_REQUIRED' } }] },
    });
    socket.ws.terminate();
  });

  it('serves the REST routes, which run nothing else', async () => {
    const response = await fetch(`${souk.url}/api/v1/products`);
    expect(response.status).toBe(200);
  });
});
