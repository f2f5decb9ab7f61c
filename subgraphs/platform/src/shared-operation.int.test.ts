import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { encodeId, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { platform } from './index.ts';

const FIELDS = 'id name description body variables version changeable createdBy { id } updatedBy { id }';
const SHARE = `mutation ($input: ShareOperationInput!) { shareOperation(input: $input) { sharedOperation { ${FIELDS} } errors { code message field } } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateSharedOperationInput!) { updateSharedOperation(id: $id, input: $input) { sharedOperation { ${FIELDS} } errors { code field } } }`;
const DELETE =
  'mutation ($input: DeleteSharedOperationInput!) { deleteSharedOperation(input: $input) { deletedId errors { code field } } }';
const LIST =
  'query ($first: Int, $after: String) { sharedOperations(first: $first, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } count { value } } }';
const orders = { name: 'Orders', body: 'query Orders { orders { nodes { id } } }', variables: '{"first":5}' };

describe('shared operations', () => {
  let t: TestHouses;
  const mine = staff('SUPPORT');
  const colleague = staff('FINANCE');
  const admin = staff('ADMIN');
  beforeAll(async () => {
    t = await startTestHouses([platform]);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.sql('truncate platform.shared_operations'));

  const share = async (viewer: Viewer, more: object = {}) =>
    (await t.run('platform', viewer, SHARE, { input: { ...orders, ...more } })).shareOperation;
  const update = async (viewer: Viewer, id: string, input: object) =>
    (await t.run('platform', viewer, UPDATE, { id, input })).updateSharedOperation;
  const remove = async (viewer: Viewer, input: object) =>
    (await t.run('platform', viewer, DELETE, { input })).deleteSharedOperation;
  const names = async (viewer: Viewer = mine) =>
    (await t.run('platform', viewer, LIST, {})).sharedOperations.nodes.map((one: { name: string }) => one.name);

  it.each([
    ['an anonymous viewer', anonymous(), 'UNAUTHENTICATED'],
    ['a guest', guest(), 'UNAUTHENTICATED'],
    ['a customer', customer(), 'FORBIDDEN'],
  ])('are nothing to %s', async (_who, viewer, code) => {
    const { sharedOperation } = await share(mine);
    for (const [document, variables] of [
      [LIST, {}],
      [SHARE, { input: { ...orders, name: 'Another' } }],
      [UPDATE, { id: sharedOperation.id, input: { name: 'x' } }],
      [DELETE, { input: { id: sharedOperation.id } }],
    ] as const) {
      const { errors } = await t.ask('platform', viewer, document, variables);
      expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
    }
    expect(await names()).toEqual(['Orders']);
  });

  it('are seen by every colleague, with who shared them', async () => {
    const me = encodeId('User', mine.userId!);
    expect(await share(mine)).toEqual({
      sharedOperation: {
        ...orders,
        id: expect.stringMatching(/^sop_/),
        description: '',
        version: 1,
        changeable: true,
        createdBy: { id: me },
        updatedBy: { id: me },
      },
      errors: [],
    });
    const { sharedOperations } = await t.run(
      'platform',
      colleague,
      '{ sharedOperations { nodes { name changeable createdBy { id } } } }',
    );
    expect(sharedOperations.nodes).toEqual([{ name: 'Orders', changeable: false, createdBy: { id: me } }]);
  });

  it('are shared once under one key, and refuse another under it', async () => {
    const idempotencyKey = 'share-it-once';
    const [first, again] = [await share(mine, { idempotencyKey }), await share(mine, { idempotencyKey })];
    expect(again).toEqual(first);
    expect(await names()).toEqual(['Orders']);
    const other = await share(mine, { idempotencyKey, name: 'Other' });
    expect(other.errors.map(({ code }: { code: string }) => code)).toEqual(['IDEMPOTENCY_CONFLICT']);
  });

  it('have names of their own, also where ten take one at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => share(mine, { name: at % 2 ? 'ORDERS' : 'orders' })),
    );
    expect(answers.filter(({ sharedOperation }) => sharedOperation)).toHaveLength(1);
    const codes = answers.flatMap(({ errors }) => errors.map(({ code }: { code: string }) => code));
    expect(codes).toEqual(Array(9).fill('NAME_TAKEN'));
    const { sharedOperation } = await share(colleague, { name: 'Mine' });
    expect(await update(colleague, sharedOperation.id, { name: 'Orders' })).toEqual({
      sharedOperation: null,
      errors: [{ code: 'NAME_TAKEN', field: ['input', 'name'] }],
    });
    expect((await names()).map((name: string) => name.toLowerCase())).toEqual(['mine', 'orders']);
  });

  it('are changed by who shared them and by administrators, from the version they saw', async () => {
    const { id } = (await share(mine)).sharedOperation;
    expect((await update(mine, id, { description: 'All of them.', variables: null })).sharedOperation).toMatchObject({
      version: 2,
      description: 'All of them.',
      variables: null,
      body: orders.body,
    });
    expect((await update(colleague, id, { name: 'Theirs' })).errors).toEqual([{ code: 'NOT_YOURS', field: ['id'] }]);
    expect((await update(admin, id, { name: 'Renamed', expectedVersion: 1 })).errors).toEqual([
      { code: 'CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
    const both = await Promise.all(['One', 'Two'].map((name) => update(admin, id, { name, expectedVersion: 2 })));
    expect(both.map(({ errors }) => errors[0]?.code ?? 'saved').sort()).toEqual(['CONFLICT', 'saved']);
    const [row] = await t.sql<{ version: number; updated_by: string; created_by: string }>(
      'select version, updated_by, created_by from platform.shared_operations',
    );
    expect(row).toEqual({ version: 3, updated_by: admin.principal, created_by: mine.principal });
  });

  it('are deleted once, by who may change them, from the version they saw', async () => {
    const { id } = (await share(mine)).sharedOperation;
    expect(await remove(colleague, { id })).toEqual({
      deletedId: null,
      errors: [{ code: 'NOT_YOURS', field: ['id'] }],
    });
    expect(await remove(mine, { id, expectedVersion: 7 })).toEqual({
      deletedId: null,
      errors: [{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }],
    });
    const gone = { deletedId: id, errors: [] };
    expect([await remove(mine, { id, expectedVersion: 1 }), await remove(mine, { id })]).toEqual([gone, gone]);
    expect(await names()).toEqual([]);
    expect((await update(mine, id, { name: 'x' })).errors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    for (const wrong of ['', 'nonsense', encodeId('User', mine.userId!)]) {
      expect((await update(mine, wrong, { name: 'x' })).errors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    }
  });

  it('are listed by name, a page at a time', async () => {
    for (const name of ['banana', 'Apple', 'cherry']) await share(mine, { name });
    const first = (await t.run('platform', colleague, LIST, { first: 2 })).sharedOperations;
    expect(first).toMatchObject({
      nodes: [{ name: 'Apple' }, { name: 'banana' }],
      pageInfo: { hasNextPage: true },
      count: { value: 3 },
    });
    const rest = await t.run('platform', colleague, LIST, { after: first.pageInfo.endCursor });
    expect(rest.sharedOperations.nodes).toEqual([{ name: 'cherry' }]);
  });
});
