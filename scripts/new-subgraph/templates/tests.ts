import type { Names } from '../names.ts';

export const unitTest = ({
  Thing,
  file,
  one,
}: Names): string => `import { type ChannelId, DEFAULT_CHANNEL, type ${Thing}Id } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { archive, create, MAX_NAME, rename, type ${Thing} } from './${file}.ts';

const now = new Date('2026-03-01T09:30:00Z');
const later = new Date('2026-03-02T10:00:00Z');
const channelId = DEFAULT_CHANNEL.id as ChannelId;
const drafted = (name: string, channel?: { active: boolean }): ${Thing} =>
  create({
    id: '01980000-0000-7000-8000-000000000911' as ${Thing}Id,
    name,
    channelId,
    channel: channel && { id: channelId, version: 1, ...channel },
    now,
  });
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'OK';
};

describe('creating ${one}', () => {
  it('starts active, at version 1, with a trimmed name', () => {
    expect(drafted('  First ')).toEqual({
      id: '01980000-0000-7000-8000-000000000911',
      channelId,
      name: 'First',
      status: 'ACTIVE',
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
  });
  it('takes an open channel and one that nothing is known of, and refuses a closed one', () => {
    expect(code(() => drafted('First', { active: true }))).toBe('OK');
    expect(code(() => drafted('First'))).toBe('OK');
    expect(code(() => drafted('First', { active: false }))).toBe('CHANNEL_CLOSED');
  });
  it.each([
    ['an empty name', ''],
    ['blanks', '   '],
    ['a name of two lines', 'a\\nb'],
    ['a name with a NUL', 'a\\u0000b'],
    ['a name that is one too long', 'x'.repeat(MAX_NAME + 1)],
  ])('refuses %s', (_, name) => expect(code(() => drafted(name))).toBe('INVALID_NAME'));
  it('counts characters as people do', () => {
    expect(drafted('🌿'.repeat(MAX_NAME)).name).toBe('🌿'.repeat(MAX_NAME));
  });
});

describe('renaming', () => {
  it('raises the version', () => {
    expect(rename(drafted('First'), 'Second', 1, later)).toMatchObject({ name: 'Second', version: 2, updatedAt: later });
  });
  it('changes nothing where the name is the same', () => {
    const first = drafted('First');
    expect(rename(first, ' First', null, later)).toBe(first);
  });
  it('refuses a change made for another version', () => {
    expect(code(() => rename(drafted('First'), 'Second', 2, later))).toBe('CONFLICT');
  });
  it('refuses what is archived', () => {
    expect(code(() => rename(archive(drafted('First'), later), 'Second', null, later))).toBe('ALREADY_ARCHIVED');
  });
});

describe('archiving', () => {
  it('raises the version once', () => {
    const archived = archive(drafted('First'), later);
    expect(archived).toMatchObject({ status: 'ARCHIVED', version: 2, updatedAt: later });
    expect(archive(archived, later)).toBe(archived);
  });
});
`;

export const intTest = ({
  house,
  Thing,
  thing,
  things,
  word,
  words,
  one,
  table,
}: Names): string => `import { readFile } from 'node:fs/promises';
import { wireId } from '@souk/kit';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { type ChannelChanged, type ChannelId, DEFAULT_CHANNEL, type Fact, type Viewer } from '@souk/schema';
import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ${house} } from './index.ts';

const SHAPE = '${thing} { id name status version channel { id } } errors { code message field }';
const documents = {
  create: \`mutation ($input: Create${Thing}Input!) { answer: create${Thing}(input: $input) { \${SHAPE} } }\`,
  rename: \`mutation ($id: ID!, $input: Rename${Thing}Input!) { answer: rename${Thing}(id: $id, input: $input) { \${SHAPE} } }\`,
  archive: \`mutation ($id: ID!) { answer: archive${Thing}(id: $id) { \${SHAPE} } }\`,
  one: 'query ($id: ID!) { ${thing}(id: $id) { id name status } }',
  list: \`query ($first: Int, $after: String, $last: Int, $before: String) {
    ${things}(first: $first, after: $after, last: $last, before: $before) {
      nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } count { value precision }
    }
  }\`,
};
const exampleOf = async (type: string): Promise<Fact> =>
  JSON.parse(await readFile(new URL(\`../../../schema/events/examples/\${type}.json\`, import.meta.url), 'utf8'));

describe('${words}', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([${house}]);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.sql('truncate ${house}.${table}, ${house}.known_channels, ${house}.outbox'));

  const merchandiser = staff('MERCHANDISER');
  const act = async (document: keyof typeof documents, as: Viewer, variables: object) =>
    (await t.run('${house}', as, documents[document], { ...variables })).answer;
  const make = async (name: string, as: Viewer = merchandiser): Promise<string> =>
    (await act('create', as, { input: { name } })).${thing}.id;
  const see = async (id: string, as: Viewer) => (await t.run('${house}', as, documents.one, { id })).${thing};
  const list = async (as: Viewer, page: object = {}) => (await t.run('${house}', as, documents.list, { ...page })).${things};
  const rows = () => t.sql('select * from ${house}.${table} order by id');
  const channelSays = (version: number, active: boolean, times?: number) => {
    const { id: channelId, code, currency, defaultLocale, timeZone, pricesIncludeTax } = DEFAULT_CHANNEL;
    const data: ChannelChanged['data'] = { channelId, code, currency, defaultLocale, timeZone, pricesIncludeTax, active };
    return t.hear('${house}', 'platform.ChannelChanged', { key: channelId, version, data }, times);
  };

  it('are created, shown to everybody, and said in the shape of their example', async () => {
    const id = await make(' First ');
    expect(await see(id, anonymous())).toEqual({ id, name: 'First', status: 'ACTIVE' });
    const [fact, ...more] = await t.said('${house}', '${house}.${Thing}Created');
    expect(more).toEqual([]);
    expect(wireId('${Thing}', fact!.data.${thing}Id)).toBe(id);
    expect(fact).toMatchObject({
      key: fact!.data.${thing}Id,
      version: 1,
      subject: null,
      data: { channelId: DEFAULT_CHANNEL.id, name: 'First' },
    });
    const example = await exampleOf('${house}.${Thing}Created');
    expect(Object.keys(fact!).sort()).toEqual(Object.keys(example).sort());
    expect(Object.keys(fact!.data).sort()).toEqual(Object.keys(example.data as object).sort());
  });

  it('are renamed by whoever has read the newest version', async () => {
    const id = await make('First');
    expect(await act('rename', merchandiser, { id, input: { name: 'Second', expectedVersion: 1 } })).toEqual({
      ${thing}: {
        id,
        name: 'Second',
        status: 'ACTIVE',
        version: 2,
        channel: { id: wireId('Channel', DEFAULT_CHANNEL.id) },
      },
      errors: [],
    });
    const late = await act('rename', merchandiser, { id, input: { name: 'Third', expectedVersion: 1 } });
    expect(late).toEqual({
      ${thing}: null,
      errors: [
        {
          code: 'CONFLICT',
          message: 'Somebody changed this ${word} meanwhile. Look at it again.',
          field: ['input', 'expectedVersion'],
        },
      ],
    });
  });

  it('let one of two renames of the same version win', async () => {
    const id = await make('First');
    const both = await Promise.all(
      ['left', 'right'].map((name) => act('rename', merchandiser, { id, input: { name, expectedVersion: 1 } })),
    );
    expect(both.map(({ errors }) => errors[0]?.code ?? 'OK').sort()).toEqual(['CONFLICT', 'OK']);
    expect(await rows()).toMatchObject([{ version: 2 }]);
  });

  it('are archived for good, and then seen by staff alone', async () => {
    const id = await make('First');
    for (const _ of ['once', 'twice']) {
      expect(await act('archive', merchandiser, { id })).toMatchObject({
        ${thing}: { status: 'ARCHIVED', version: 2 },
        errors: [],
      });
    }
    expect(await act('rename', merchandiser, { id, input: { name: 'Second' } })).toMatchObject({
      ${thing}: null,
      errors: [{ code: 'ALREADY_ARCHIVED', field: ['id'] }],
    });
    for (const viewer of [anonymous(), guest(), customer()]) {
      expect(await see(id, viewer)).toBeNull();
      expect((await list(viewer)).nodes).toEqual([]);
    }
    expect(await see(id, staff('SUPPORT'))).toEqual({ id, name: 'First', status: 'ARCHIVED' });
    expect((await list(staff('SUPPORT'))).nodes).toEqual([{ name: 'First' }]);
  });

  it('change at the hands of a merchandiser or an administrator alone', async () => {
    const id = await make('First');
    const before = { rows: await rows(), said: await t.said('${house}') };
    const attempts = [
      ['create', { input: { name: 'Mine' } }],
      ['rename', { id, input: { name: 'Mine' } }],
      ['archive', { id }],
    ] as const;
    for (const [document, variables] of attempts) {
      for (const viewer of [anonymous(), guest()]) {
        const { errors } = await t.ask('${house}', viewer, documents[document], variables);
        expect(errors?.[0]?.extensions.code, document).toBe('UNAUTHENTICATED');
      }
      for (const viewer of [customer(), staff('SUPPORT'), staff('WAREHOUSE'), staff('FINANCE')]) {
        const { errors } = await t.ask('${house}', viewer, documents[document], variables);
        expect(errors?.[0]?.extensions.code, document).toBe('FORBIDDEN');
      }
    }
    expect({ rows: await rows(), said: await t.said('${house}') }).toEqual(before);
    expect(await act('archive', staff('ADMIN'), { id })).toMatchObject({ errors: [] });
  });

  it('refuse bad input in a typed way, and keep nothing of it', async () => {
    const id = await make('First');
    const before = { rows: await rows(), said: await t.said('${house}') };
    const unknown = wireId('${Thing}', '01980000-0000-7000-8000-00000000dead');
    const name = (bad: string) => ['create', { input: { name: bad } }, 'INVALID_NAME', ['input', 'name']] as const;
    const table = [
      name(''),
      name('x'.repeat(101)),
      name('a\\u0000b'),
      ['rename', { id, input: { name: '\\n' } }, 'INVALID_NAME', ['input', 'name']],
      ['rename', { id, input: { name: 'Second', expectedVersion: 2_147_483_647 } }, 'CONFLICT', ['input', 'expectedVersion']],
      ['rename', { id, input: { name: 'Second', expectedVersion: -1 } }, 'CONFLICT', ['input', 'expectedVersion']],
      ['create', { input: { name: 'Second', idempotencyKey: 'short' } }, 'IDEMPOTENCY_CONFLICT', ['input', 'idempotencyKey']],
      ...['', 'nothing', unknown, wireId('Channel', DEFAULT_CHANNEL.id)].flatMap(
        (bad) =>
          [
            ['rename', { id: bad, input: { name: 'Second' } }, 'NOT_FOUND', ['id']],
            ['archive', { id: bad }, 'NOT_FOUND', ['id']],
          ] as const,
      ),
    ] as const;
    for (const [document, variables, code, field] of table) {
      const answer = await act(document, merchandiser, variables);
      expect({ ...answer, errors: answer.errors.map((error: { code: string; field: string[] }) => [error.code, error.field]) }).toEqual({
        ${thing}: null,
        errors: [[code, field]],
      });
    }
    for (const bad of ['', 'nothing', unknown]) expect(await see(bad, merchandiser)).toBeNull();
    expect({ rows: await rows(), said: await t.said('${house}') }).toEqual(before);
  });

  it('come to be once per idempotency key, however often it is sent', async () => {
    const input = { name: 'First', idempotencyKey: \`key-\${guest().guestId}\` };
    const five = await Promise.all(Array.from({ length: 5 }, () => act('create', merchandiser, { input })));
    expect(new Set(five.map(({ ${thing}: made }) => made.id)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
    expect(await t.said('${house}')).toHaveLength(1);
    expect((await act('create', merchandiser, { input: { ...input, name: 'Second' } })).errors).toMatchObject([
      { code: 'IDEMPOTENCY_CONFLICT', field: ['input', 'idempotencyKey'] },
    ]);
  });

  it('hear a channel’s facts twice and in any order, and keep the newest', async () => {
    await channelSays(2, false, 2);
    await channelSays(1, true);
    const known = () => t.sql('select id, active, version from ${house}.known_channels');
    expect(await known()).toEqual([{ id: DEFAULT_CHANNEL.id, active: false, version: 2 }]);
    expect(await act('create', merchandiser, { input: { name: 'First' } })).toMatchObject({
      ${thing}: null,
      errors: [{ code: 'CHANNEL_CLOSED', field: null }],
    });
    expect(await rows()).toEqual([]);
    await channelSays(3, true);
    expect(await make('First')).toMatch(/^[a-z]+_/);
  });

  it('hear the example of a channel’s fact', async () => {
    const { key, version, data } = (await exampleOf('platform.ChannelChanged')) as ChannelChanged;
    await t.hear('${house}', 'platform.ChannelChanged', { key, version, data });
    expect(await t.sql('select id, active, version from ${house}.known_channels')).toEqual([
      { id: data.channelId, active: data.active, version },
    ]);
  });

  it('are paged both ways, newest first, within one channel', async () => {
    for (const name of ['one', 'two', 'three']) await make(name);
    const elsewhere = { ...DEFAULT_CHANNEL, id: '01980000-0000-7000-8000-000000000921' as ChannelId };
    await make('elsewhere', { ...merchandiser, channel: elsewhere });
    const head = await list(anonymous(), { first: 2 });
    expect(head).toMatchObject({
      nodes: [{ name: 'three' }, { name: 'two' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      count: { value: 3, precision: 'EXACT' },
    });
    const tail = await list(anonymous(), { first: 2, after: head.pageInfo.endCursor });
    expect(tail).toMatchObject({ nodes: [{ name: 'one' }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    const back = await list(anonymous(), { last: 2, before: tail.pageInfo.startCursor });
    expect(back.nodes).toEqual(head.nodes);
    const { errors } = await t.ask('${house}', anonymous(), documents.list, { first: 101 });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('answer what other subgraphs refer to, and null for what may not be seen', async () => {
    const [shown, hidden] = [await make('shown'), await make('hidden')];
    await act('archive', merchandiser, { id: hidden });
    const representations = [shown, hidden].map((id) => ({ __typename: '${Thing}', id }));
    const document = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${Thing} { name } } }';
    const { _entities } = await t.run('${house}', guest(), document, { representations });
    expect(_entities).toEqual([{ name: 'shown' }, null]);
  });

  it('are watched live: ${one} as it is, then as it changes', async () => {
    const id = await make('First');
    const running = t.house('${house}');
    const stream = (await running.subscribe({
      document: parse('subscription ($id: ID!) { ${thing}Updated(id: $id) { ${thing} { name } } }'),
      variables: { id },
      context: running.context(anonymous()),
    })) as AsyncIterableIterator<{ data: unknown }>;
    expect((await stream.next()).value).toEqual({ data: { ${thing}Updated: { ${thing}: { name: 'First' } } } });
    const next = stream.next();
    await act('rename', merchandiser, { id, input: { name: 'Second' } });
    expect((await next).value).toEqual({ data: { ${thing}Updated: { ${thing}: { name: 'Second' } } } });
    await stream.return?.();
  });

  it('are said again on demand, as they are now', async () => {
    const id = await make('First');
    await act('rename', merchandiser, { id, input: { name: 'Second' } });
    expect(await t.house('${house}').resay()).toBe(1);
    const said = await t.said('${house}', '${house}.${Thing}Created');
    expect(said.map(({ version, data }) => [version, data.name])).toEqual([
      [1, 'First'],
      [2, 'Second'],
    ]);
  });
});
`;
