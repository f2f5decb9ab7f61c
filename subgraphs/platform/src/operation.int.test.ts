import { newSystemViewer } from '@souk/kit';
import { anonymous, customer, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { encodeId, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { platform } from './index.ts';

const apollo = (...operations: object[]) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
const one = (id: string, body = `query ${id.toUpperCase()} { channels { code } }`, more: object = {}) => ({
  id,
  body,
  ...more,
});
const REGISTER =
  'mutation ($input: RegisterOperationsInput!) { registerOperations(input: $input) { registered unchanged errors { code message field } } }';
const SHIP =
  'mutation ($input: RegisterOperationsInput!) { shipOperations(input: $input) { registered unchanged errors { code } } }';
const RETIRE =
  'mutation ($input: RetireOperationInput!) { retireOperation(input: $input) { operation { documentId retiredAt retiredBy } errors { code field } } }';

describe('the registry of operations', () => {
  let t: TestHouses;
  const admin = staff('ADMIN');
  beforeAll(async () => {
    t = await startTestHouses([platform]);
  });
  afterAll(() => t.stop());
  beforeEach(async () => {
    await t.sql('delete from platform.operations');
    await t.sql('update platform.operations_version set version = 0');
  });

  const register = async (manifest: string, input: object = {}, as: Viewer = admin) =>
    (await t.run('platform', as, REGISTER, { input: { client: 'web', owner: 'shop front', manifest, ...input } }))
      .registerOperations;
  const ship = async (manifest: string) =>
    (await t.run('platform', newSystemViewer(), SHIP, { input: { client: 'web', owner: 'shop front', manifest } }))
      .shipOperations;
  const list = async (args = '', selection = 'documentId') =>
    (await t.run('platform', admin, `{ operations${args} { nodes { id ${selection} } } }`)).operations.nodes;
  const ids = async (args = '') => (await list(args)).map(({ documentId }: { documentId: string }) => documentId);
  const changes = async (since: number) =>
    (
      await t.run(
        'platform',
        newSystemViewer(),
        'query ($since: Int!) { changedOperations(since: $since) { version client documentId name owner body maxAge retiredAt } }',
        { since },
      )
    ).changedOperations;
  const retire = async (id: string, as: Viewer = admin) =>
    (await t.run('platform', as, RETIRE, { input: { id } })).retireOperation;

  it('takes a manifest of Apollo’s format, and once what is sent twice', async () => {
    const manifest = apollo(one('a', undefined, { maxAge: 60 }), one('b', 'mutation B { signOut { signedOut } }'));
    expect(await register(manifest)).toEqual({ registered: 2, unchanged: 0, errors: [] });
    expect(await register(manifest)).toEqual({ registered: 0, unchanged: 2, errors: [] });
    const shown = 'documentId name type client owner body maxAge scopes cost uses lastUsedAt registeredBy retiredAt';
    expect(await list('', shown)).toEqual([
      {
        id: expect.stringMatching(/^op_/),
        documentId: 'a',
        name: 'A',
        type: 'QUERY',
        client: 'web',
        owner: 'shop front',
        body: 'query A { channels { code } }',
        maxAge: 60,
        scopes: null,
        cost: null,
        uses: 0,
        lastUsedAt: null,
        registeredBy: admin.principal,
        retiredAt: null,
      },
      expect.objectContaining({ documentId: 'b', type: 'MUTATION', maxAge: null }),
    ]);
  });

  it('takes a manifest of Relay’s format', async () => {
    const relay = JSON.stringify({
      d41d8cd98f: 'query One { channels { code } }',
      x1: 'subscription Two { cartUpdated { eventId } }',
    });
    expect(await register(relay)).toEqual({ registered: 2, unchanged: 0, errors: [] });
    expect(await list('', 'documentId name type')).toMatchObject([
      { documentId: 'd41d8cd98f', name: 'One', type: 'QUERY' },
      { documentId: 'x1', name: 'Two', type: 'SUBSCRIPTION' },
    ]);
  });

  it.each([
    ['no JSON', '{', 'The manifest is not JSON.'],
    ['a list', '[]', 'The manifest is a JSON object.'],
    [
      'another format',
      '{"format":"x","version":1,"operations":[]}',
      'The manifest is of no known format: Apollo’s of version 1, or an object of ids and texts as Relay’s.',
    ],
    ['nothing', '{}', 'The manifest names no operation.'],
    ['no text', '{"a":1}', 'Operation 1 has no text of at most 100000 bytes.'],
    [
      'an id that fits no path',
      apollo(one('a b')),
      'Operation 1 has no id of 1 to 128 letters, digits, dots, colons, hyphens and underscores.',
    ],
    ['one id twice', apollo(one('a'), one('a')), 'Operation 2 has the id of an earlier one.'],
    ['no GraphQL', apollo(one('a'), one('b', 'query {')), 'Operation 2 is no GraphQL.'],
    [
      'two operations in one',
      apollo(one('a', 'query A { a } query B { b }')),
      'Operation 1 holds 2 operations in place of one.',
    ],
    ['an operation without a name', apollo(one('a', '{ a }')), 'Operation 1 has no name of at most 200 letters.'],
    [
      'a mutation that is kept',
      apollo(one('a', 'mutation A { a }', { maxAge: 1 })),
      'Operation 1 is no query, so nothing may be kept of it.',
    ],
    [
      'a time that is none',
      apollo(one('a', undefined, { maxAge: -1 })),
      'Operation 1 is kept for whole seconds, 1 to 31536000, or not at all.',
    ],
    [
      'too many',
      JSON.stringify(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`i${i}`, 'query A { a }']))),
      'A manifest names 1000 operations at most.',
    ],
  ])('refuses a manifest of %s whole', async (_what, manifest, message) => {
    expect(await register(manifest)).toEqual({
      registered: null,
      unchanged: null,
      errors: [{ code: 'INVALID_MANIFEST', message, field: ['input', 'manifest'] }],
    });
    expect(await ids()).toEqual([]);
  });

  it('refuses a client and an owner that are none', async () => {
    expect((await register(apollo(one('a')), { client: 'Not One' })).errors[0].code).toBe('INVALID_CLIENT');
    for (const owner of [' ', 'x'.repeat(101), 'a\nb']) {
      expect((await register(apollo(one('a')), { owner })).errors[0].code).toBe('INVALID_OWNER');
    }
    expect(await ids()).toEqual([]);
  });

  it('never changes the text behind an id, and keeps the same id of another client apart', async () => {
    await register(apollo(one('a')));
    const other = apollo(one('b'), one('a', 'query Other { channels { code } }'));
    expect((await register(other)).errors).toEqual([
      {
        code: 'ID_TAKEN',
        message: 'Operation 2 has another text than the one that was registered under its id. Give it a new id.',
        field: ['input', 'manifest'],
      },
    ]);
    expect(await ids()).toEqual(['a']);
    expect(await register(other, { client: 'mobile' })).toMatchObject({ registered: 2 });
  });

  it('tells routers what changed since a version, in the order in which it became visible', async () => {
    await register(apollo(one('a'), one('b')));
    const [first, second] = await changes(0);
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(first).toEqual({
      version: 1,
      client: 'web',
      documentId: 'a',
      name: 'A',
      owner: 'shop front',
      body: 'query A { channels { code } }',
      maxAge: null,
      retiredAt: null,
    });
    expect(await changes(2)).toEqual([]);
    await register(apollo(one('a', undefined, { maxAge: 5 })));
    await retire((await list('(filter: { name: "B" })'))[0].id);
    expect(await changes(2)).toMatchObject([
      { version: 3, documentId: 'a', maxAge: 5 },
      { version: 4, documentId: 'b', retiredAt: expect.any(String) },
    ]);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => register(apollo(one(`p${n}`), one(`q${n}`)), { client: `c${n}` })),
    );
    const versions = (await changes(4)).map(({ version }: { version: number }) => version);
    expect(versions).toEqual(Array.from({ length: 16 }, (_, n) => 5 + n));
  });

  it('retires an operation; a person takes it back, a router that starts does not', async () => {
    const manifest = apollo(one('a'));
    expect(await ship(manifest)).toEqual({ registered: 1, unchanged: 0, errors: [] });
    const [{ id }] = await list();
    const first = await retire(id);
    expect(first).toEqual({
      operation: { documentId: 'a', retiredAt: expect.any(String), retiredBy: admin.principal },
      errors: [],
    });
    expect(await retire(id, staff('ADMIN'))).toEqual(first);
    expect(await ship(manifest)).toEqual({ registered: 0, unchanged: 1, errors: [] });
    expect(await ids('(filter: { retired: true })')).toEqual(['a']);
    expect(await register(manifest)).toEqual({ registered: 1, unchanged: 0, errors: [] });
    expect(await ids('(filter: { retired: false })')).toEqual(['a']);
  });

  it('adds up what routers counted, and keeps what they know of cost and scopes', async () => {
    await register(apollo(one('a'), one('b')));
    const note = (uses: object[], as: Viewer = newSystemViewer()) =>
      t.ask('platform', as, 'mutation ($uses: [OperationUseInput!]!) { noteOperationUses(uses: $uses) }', { uses });
    const use = (documentId: string, uses: number, more: object = {}) => ({ client: 'web', documentId, uses, ...more });
    await Promise.all([
      note([use('a', 2, { cost: 12, scopes: ['admin:read'] }), use('b', 1)]),
      note([use('b', 4), use('a', 3), use('gone', 9)]),
    ]);
    expect(await list('', 'documentId uses cost scopes lastUsedAt')).toMatchObject([
      { documentId: 'a', uses: 5, cost: 12, scopes: ['admin:read'], lastUsedAt: expect.any(String) },
      { documentId: 'b', uses: 5, cost: null, scopes: null, lastUsedAt: expect.any(String) },
    ]);
    for (const uses of [[], [use('a', -1)]]) {
      expect((await note(uses)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    // Use is no change of the registry: routers need not read anything again.
    expect(await changes(2)).toEqual([]);
  });

  it('lists by client and name, filtered, a page at a time', async () => {
    await register(apollo(one('b'), one('a'), one('c', 'mutation C { x }')), { client: 'web' });
    await register(apollo(one('z', 'query Z { x }')), { client: 'admin', owner: 'back office' });
    expect(await ids()).toEqual(['z', 'a', 'b', 'c']);
    expect(await ids('(filter: { client: "web", type: QUERY })')).toEqual(['a', 'b']);
    expect(await ids('(filter: { owner: "back office" })')).toEqual(['z']);
    expect(await ids('(filter: { used: true })')).toEqual([]);
    const { operations } = await t.run('platform', admin, '{ operations(first: 2) { pageInfo { endCursor } } }');
    expect(await ids(`(first: 5, after: "${operations.pageInfo.endCursor}")`)).toEqual(['b', 'c']);
  });

  it.each([
    ['nobody', anonymous(), 'UNAUTHENTICATED'],
    ['a customer', customer(), 'FORBIDDEN'],
    ['support', staff('SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE'), 'FORBIDDEN'],
  ])('is shut to %s', async (_who, viewer, code) => {
    await register(apollo(one('a')));
    for (const [document, wanted] of [
      ['{ operations { nodes { id } } }', code],
      ['mutation { registerOperations(input: { client: "web", owner: "x", manifest: "{}" }) { registered } }', code],
      ['mutation { retireOperation(input: { id: "x" }) { errors { code } } }', code],
      ['{ changedOperations(since: 0) { version } }', 'FORBIDDEN'],
      ['mutation { shipOperations(input: { client: "web", owner: "x", manifest: "{}" }) { registered } }', 'FORBIDDEN'],
      ['mutation { noteOperationUses(uses: [{ client: "web", documentId: "a", uses: 1 }]) }', 'FORBIDDEN'],
    ] as const) {
      const { errors } = await t.ask('platform', viewer, document);
      expect(
        errors?.map((error) => error.extensions.code),
        document,
      ).toEqual([wanted]);
    }
    expect(await list('', 'documentId uses retiredAt')).toMatchObject([{ documentId: 'a', uses: 0, retiredAt: null }]);
  });

  it.each([
    'nonsense',
    '',
    encodeId('Channel', '01900000-0000-7000-8000-000000000001'),
    encodeId('RegisteredOperation', '01900000-0000-7000-8000-000000000001'),
  ])('retires nothing by the id %j', async (id) => {
    expect(await retire(id)).toEqual({ operation: null, errors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }] });
  });
});
