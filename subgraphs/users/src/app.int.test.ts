import { createHash } from 'node:crypto';
import { newSystemViewer } from '@souk/kit';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { type AppId, encodeId, parseId, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from './index.ts';

const APP =
  'app { id name client scopes requestsPerMinute costPerMinute active version createdBy } errors { code field }';
const KEY = 'secret apiKey { id prefix expiresAt revokedAt revokedBy } errors { code field }';
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

describe('apps and their API keys', () => {
  let t: TestHouses;
  const admin = staff('ADMIN');
  beforeAll(async () => {
    t = await startTestHouses([users]);
  });
  afterAll(() => t.stop());

  const run = async (name: string, kind: string, input: object, selection: string, as: Viewer = admin) =>
    (await t.run('users', as, `mutation ($input: ${kind}!) { ${name}(input: $input) { ${selection} } }`, { input }))[
      name
    ];
  const createApp = (input: object = {}) =>
    run('createApp', 'CreateAppInput', { name: 'Stock sync', scopes: ['warehouse:write'], ...input }, APP);
  const createKey = (appId: string, more: object = {}) =>
    run('createApiKey', 'CreateApiKeyInput', { appId, ...more }, KEY);
  const updateApp = async (id: string, input: object) =>
    (
      await t.run(
        'users',
        admin,
        `mutation ($id: ID!, $input: UpdateAppInput!) { updateApp(id: $id, input: $input) { ${APP} } }`,
        { id, input },
      )
    ).updateApp;
  const grantOf = async (secret: string) =>
    (
      await t.run(
        'users',
        newSystemViewer(),
        'query ($hash: String!) { apiKeyGrant(hash: $hash) { id appId client scopes requestsPerMinute costPerMinute expiresAt } }',
        { hash: hashOf(secret) },
      )
    ).apiKeyGrant;
  const keysOf = async (id: string) =>
    (
      await t.run('users', admin, 'query ($id: ID!) { app(id: $id) { apiKeys { id prefix lastUsedAt revokedAt } } }', {
        id,
      })
    ).app.apiKeys;
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

  it('lets an app in and issues it a key, shown once and kept as a hash', async () => {
    const { app, errors } = await createApp({ name: ' Stock sync ', client: 'partner', requestsPerMinute: 60 });
    expect(errors).toEqual([]);
    expect(app).toEqual({
      id: expect.stringMatching(/^app_/),
      name: 'Stock sync',
      client: 'partner',
      scopes: ['warehouse:write'],
      requestsPerMinute: 60,
      costPerMinute: null,
      active: true,
      version: 1,
      createdBy: admin.principal,
    });
    const { secret, apiKey } = await createKey(app.id);
    expect(secret).toMatch(/^souk_[\w-]{43}$/);
    expect(apiKey).toMatchObject({ prefix: secret.slice(0, 13), expiresAt: null, revokedAt: null });
    const rows = await t.sql<{ row: string }>('select k::text as row from users.api_keys k');
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(secret.slice(13));
    expect(rows[0]!.row).toContain(hashOf(secret));
    expect(await grantOf(secret)).toEqual({
      id: parseId(apiKey.id)!.uuid,
      appId: parseId(app.id)!.uuid,
      client: 'partner',
      scopes: ['warehouse:write'],
      requestsPerMinute: 60,
      costPerMinute: null,
      expiresAt: null,
    });
    expect(await grantOf(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
  });

  it('tells every mistake of an app at once, and keeps nothing', async () => {
    const before = await t.sql('select id from users.apps');
    const { app, errors } = await createApp({
      name: ' ',
      client: 'No Client',
      scopes: ['everything'],
      requestsPerMinute: 0,
      costPerMinute: -1,
    });
    expect(app).toBeNull();
    expect(errors).toEqual([
      { code: 'INVALID_NAME', field: ['input', 'name'] },
      { code: 'INVALID_CLIENT', field: ['input', 'client'] },
      { code: 'INVALID_SCOPE', field: ['input', 'scopes'] },
      { code: 'INVALID_QUOTA', field: ['input', 'requestsPerMinute'] },
      { code: 'INVALID_QUOTA', field: ['input', 'costPerMinute'] },
    ]);
    expect(await t.sql('select id from users.apps')).toEqual(before);
  });

  it('changes what a key grants with its app, and turns the keys of a closed app away', async () => {
    const { app } = await createApp({ client: 'partner', requestsPerMinute: 5 });
    const { secret } = await createKey(app.id);
    const changed = await updateApp(app.id, {
      scopes: ['support:read', 'support:read'],
      client: null,
      expectedVersion: 1,
    });
    expect(changed.app).toMatchObject({
      name: 'Stock sync',
      scopes: ['support:read'],
      client: null,
      requestsPerMinute: 5,
      version: 2,
    });
    expect(await grantOf(secret)).toMatchObject({ scopes: ['support:read'], client: null, requestsPerMinute: 5 });
    expect((await updateApp(app.id, { name: 'x', expectedVersion: 1 })).errors).toEqual([
      { code: 'CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
    await updateApp(app.id, { active: false });
    expect(await grantOf(secret)).toBeNull();
    await updateApp(app.id, { active: true });
    expect(await grantOf(secret)).not.toBeNull();
  });

  it('revokes a key for good: whoever did it first stays', async () => {
    const { app } = await createApp();
    const { secret, apiKey } = await createKey(app.id);
    const other = staff('ADMIN');
    const revoke = (as: Viewer) =>
      run('revokeApiKey', 'RevokeApiKeyInput', { id: apiKey.id }, 'apiKey { revokedAt revokedBy } errors { code }', as);
    const first = await revoke(admin);
    expect(first).toEqual({ apiKey: { revokedAt: expect.any(String), revokedBy: admin.principal }, errors: [] });
    expect(await grantOf(secret)).toBeNull();
    expect(await revoke(other)).toEqual(first);
    const rotated = await run('rotateApiKey', 'RotateApiKeyInput', { id: apiKey.id }, KEY);
    expect(rotated).toMatchObject({ secret: null, apiKey: null, errors: [{ code: 'ENDED', field: ['input', 'id'] }] });
  });

  it('rotates a key: both are good for a while, then the new one alone', async () => {
    const { app } = await createApp();
    const old = await createKey(app.id, { expiresAt: later(60 * 24) });
    const next = await run('rotateApiKey', 'RotateApiKeyInput', { id: old.apiKey.id, overlapMinutes: 30 }, KEY);
    expect(next.errors).toEqual([]);
    expect(next.secret).not.toBe(old.secret);
    const ending = await grantOf(old.secret);
    expect(Date.parse(ending.expiresAt)).toBeLessThan(Date.now() + 31 * 60_000);
    expect(await grantOf(next.secret)).toMatchObject({ expiresAt: null });
    const now = await run('rotateApiKey', 'RotateApiKeyInput', { id: next.apiKey.id, overlapMinutes: 0 }, KEY);
    expect(await grantOf(next.secret)).toBeNull();
    expect(await grantOf(now.secret)).not.toBeNull();
    for (const overlapMinutes of [-1, 10_081]) {
      const refused = await run('rotateApiKey', 'RotateApiKeyInput', { id: now.apiKey.id, overlapMinutes }, KEY);
      expect(refused.errors).toEqual([{ code: 'INVALID_EXPIRY', field: ['input', 'overlapMinutes'] }]);
    }
  });

  it('ends a key by itself, and issues none that has ended', async () => {
    const { app } = await createApp();
    const { secret } = await createKey(app.id, { expiresAt: later(5) });
    expect(await grantOf(secret)).not.toBeNull();
    await t.sql(`update users.api_keys set expires_at = statement_timestamp() where key_hash = decode($1, 'hex')`, [
      hashOf(secret),
    ]);
    expect(await grantOf(secret)).toBeNull();
    expect((await createKey(app.id, { expiresAt: '2020-01-01T00:00:00Z' })).errors).toEqual([
      { code: 'INVALID_EXPIRY', field: ['input', 'expiresAt'] },
    ]);
  });

  it('holds an app to 20 keys, also when they are asked for at once', async () => {
    const { app } = await createApp();
    const answers = await Promise.all(Array.from({ length: 24 }, () => createKey(app.id)));
    expect(answers.filter(({ secret }) => secret)).toHaveLength(20);
    expect(answers.flatMap(({ errors }) => errors)).toEqual(Array(4).fill({ code: 'LIMIT', field: ['input'] }));
    expect(await keysOf(app.id)).toHaveLength(20);
  });

  it('notes when keys were used, once for many', async () => {
    const { app } = await createApp();
    const { apiKey } = await createKey(app.id);
    await createKey(app.id);
    const note = (ids: string[]) =>
      t.ask('users', newSystemViewer(), 'mutation ($ids: [String!]!) { noteApiKeyUse(ids: $ids) }', { ids });
    expect((await note([parseId(apiKey.id)!.uuid])).data).toEqual({ noteApiKeyUse: true });
    const keys = await keysOf(app.id);
    expect(keys.map(({ lastUsedAt }: { lastUsedAt: string | null }) => lastUsedAt)).toEqual([null, expect.any(String)]);
    for (const ids of [[], ['nonsense']]) expect((await note(ids)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    'nonsense',
    '',
    encodeId('User', '01900000-0000-7000-8000-000000000001'),
    encodeId('App', '01900000-0000-7000-8000-000000000001'),
  ])('knows no app and no key by the id %j', async (id) => {
    expect((await t.run('users', admin, 'query ($id: ID!) { app(id: $id) { name } }', { id })).app).toBeNull();
    expect((await createKey(id)).errors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'appId'] }]);
    expect((await updateApp(id, { name: 'x' })).errors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    const revoked = await run('revokeApiKey', 'RevokeApiKeyInput', { id }, 'apiKey { id } errors { code field }');
    expect(revoked.errors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  });

  const app = (...scopes: NonNullable<Viewer['scopes']>): Viewer => {
    const appId = '01900000-0000-7000-8000-0000000000aa' as AppId;
    return { ...anonymous(), principal: `app:${appId}`, appId, scopes };
  };

  it.each([
    ['nobody', anonymous(), 'UNAUTHENTICATED'],
    ['a guest', guest(), 'UNAUTHENTICATED'],
    ['a customer', customer(), 'FORBIDDEN'],
    ['support', staff('SUPPORT', 'FINANCE', 'MERCHANDISER', 'WAREHOUSE'), 'FORBIDDEN'],
    ['an app of every scope', app('admin:read', 'admin:write'), 'FORBIDDEN'],
  ])('lets no app in for %s, and changes none', async (_who, viewer, code) => {
    const before = await t.sql('select * from users.apps order by id');
    const keys = await t.sql('select * from users.api_keys order by id');
    for (const [document, variables] of [
      ['mutation ($i: CreateAppInput!) { createApp(input: $i) { app { id } } }', { i: { name: 'x', scopes: [] } }],
      ['mutation { updateApp(id: "x", input: { name: "x" }) { app { id } } }', {}],
      ['mutation { createApiKey(input: { appId: "x" }) { secret } }', {}],
      ['mutation { rotateApiKey(input: { id: "x" }) { secret } }', {}],
      ['mutation { revokeApiKey(input: { id: "x" }) { apiKey { id } } }', {}],
      ['mutation { noteApiKeyUse(ids: ["01900000-0000-7000-8000-0000000000aa"]) }', {}],
      [`{ apiKeyGrant(hash: "${'0'.repeat(64)}") { id } }`, {}],
    ] as const) {
      const { errors } = await t.ask('users', viewer, document, variables);
      const system = document.includes('noteApiKeyUse') || document.includes('apiKeyGrant');
      expect(
        errors?.map((error) => error.extensions.code),
        document,
      ).toEqual([system ? 'FORBIDDEN' : code]);
    }
    expect(await t.sql('select * from users.apps order by id')).toEqual(before);
    expect(await t.sql('select * from users.api_keys order by id')).toEqual(keys);
  });

  it('lists apps newest first, a page at a time', async () => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { apps } = await t.run(
        'users',
        admin,
        'query ($after: String) { apps(first: 3, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      names.push(...apps.nodes.map(({ name }: { name: string }) => name));
      after = apps.pageInfo.hasNextPage ? apps.pageInfo.endCursor : null;
    } while (after);
    const rows = await t.sql<{ name: string }>('select name from users.apps order by id desc');
    expect(names).toEqual(rows.map(({ name }) => name));
  });
});
