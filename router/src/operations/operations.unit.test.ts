import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Asker } from '../pipeline.ts';
import { sha256 } from '../pipeline.ts';
import { buildManifest } from './build.ts';
import { finder, type OperationMode } from './find.ts';
import { knownOperations } from './known.ts';
import { keptTexts, type Texts } from './texts.ts';

const A = 'query A { a }';
const B = 'query B { b }';
const known = knownOperations();
known.add({ client: 'web', owner: 'x', id: 'a', name: 'A', body: A, maxAge: null });
known.add({ client: 'rest', owner: 'x', id: 'b', name: 'B', body: B, maxAge: 5 });
const noTexts: Texts = { get: () => undefined, put: () => undefined };
const log = { info: () => undefined } as never;
const asker = (more: object = {}): Asker =>
  ({ transport: 'POST', credentials: { clientAddress: null }, viewer: { roles: [] }, ...more }) as unknown as Asker;
const app = (client: string | null) => asker({ viewer: { roles: [], appId: 'x' }, app: { client } });
const staff = asker({ viewer: { roles: ['ADMIN'] } });
const codeOf = async (mode: OperationMode, asked: object, by: Asker) => {
  try {
    return (await finder({ mode, known, texts: noTexts, log })(asked, by)).registered?.name ?? 'text';
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};
const hashed = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } } });

describe('what a client may ask', () => {
  const NONE = 'PERSISTED_QUERY_NOT_FOUND';
  const ONLY = 'PERSISTED_QUERY_REQUIRED';
  it.each([
    ['an id', { documentId: 'a' }, asker(), 'A', 'A', 'A'],
    ['an id nobody registered', { documentId: 'c' }, asker(), NONE, NONE, NONE],
    ['an id like a property of objects', { documentId: 'constructor' }, asker(), NONE, NONE, NONE],
    ['an id without end', { documentId: 'x'.repeat(129) }, asker(), NONE, NONE, NONE],
    ['the hash of a registered text', hashed(A), asker(), 'A', 'A', 'A'],
    ['a hash nobody sent', hashed('{ c }'), asker(), NONE, NONE, NONE],
    ['a text', { query: '{ c }' }, asker(), 'text', ONLY, ONLY],
    ['a text with its hash', { query: '{ c }', ...hashed('{ c }') }, asker(), 'text', ONLY, ONLY],
    [
      'a text with another hash',
      { query: '{ c }', ...hashed(A) },
      asker(),
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ],
    ['a registered text with its hash', { query: A, ...hashed(A) }, asker(), 'A', 'A', 'A'],
    ['a text, by staff', { query: '{ c }' }, staff, 'text', 'text', 'text'],
    [
      'a text, by an app of a staff scope',
      { query: '{ c }' },
      asker({ viewer: { roles: [], scopes: ['admin:write'], appId: 'x' }, app: { client: null } }),
      'text',
      ONLY,
      ONLY,
    ],
    ['an id of another client, by an app', { documentId: 'b' }, app('web'), 'B', 'B', NONE],
    ['an id, by an app of no client', { documentId: 'b' }, app(null), 'B', 'B', 'B'],
    [
      'an id of another client, by who names one',
      { documentId: 'b' },
      asker({ credentials: { client: 'web' } }),
      'B',
      'B',
      NONE,
    ],
    ['an id of another client, by REST', { documentId: 'a' }, asker({ transport: 'REST' }), NONE, NONE, NONE],
    ['nothing', {}, asker(), 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
  ] as const)('%s', async (_what, asked, by, ...wanted) => {
    const modes = ['log', 'id', 'safelist'] as const;
    expect(await Promise.all(modes.map((mode) => codeOf(mode, asked, by)))).toEqual(wanted);
  });

  it('forgets what was removed, and keeps what another client has', () => {
    const some = knownOperations();
    for (const client of ['web', 'mobile']) some.add({ client, owner: 'x', id: 'a', name: 'A', body: A, maxAge: null });
    some.remove('web', 'a');
    some.remove('web', 'never');
    expect([
      some.find('web', 'a'),
      some.find('web', sha256(A)),
      some.find(null, 'a')?.registered?.client,
      some.size,
    ]).toEqual([undefined, undefined, 'mobile', 1]);
  });
});

describe('texts that clients sent', () => {
  const store = () => {
    const entries = new Map<string, unknown>();
    const kv = {
      get: async (key: string) => entries.get(key),
      set: async (key: string, value: unknown) => void entries.set(key, value),
    };
    return { entries, kv: kv as never };
  };

  it('are known to another router, and never more than there are places', async () => {
    const { entries, kv } = store();
    const [one, other] = [keptTexts(kv), keptTexts(kv)];
    for (let i = 0; i < 9_000; i++) one.put(sha256(`{ a${i} }`), `{ a${i} }`);
    expect(entries.size).toBeLessThanOrEqual(4_096);
    expect(await other.get(sha256('{ a8999 }'))).toBe('{ a8999 }');
    expect(await other.get(sha256('{ never }'))).toBeUndefined();
  });

  it('are hashed again: what somebody wrote into the kv decides nothing', async () => {
    const { entries, kv } = store();
    const hash = sha256('{ a }');
    entries.set(`router:text:${hash.slice(0, 3)}`, { hash, text: '{ forged }' });
    expect(await keptTexts(kv).get(hash)).toBeUndefined();
  });

  it('are known where they were sent while the kv is away', async () => {
    const away = async () => {
      throw new Error('away');
    };
    const texts = keptTexts({ get: away, set: away } as never);
    texts.put(sha256('{ a }'), '{ a }');
    expect(await texts.get(sha256('{ a }'))).toBe('{ a }');
    expect(await texts.get(sha256('{ b }'))).toBeUndefined();
  });
});

describe('a manifest', () => {
  const schema = buildSchema('type Query { a: Int b(x: Int): Query } type Mutation { m: Int }');
  const build = (...texts: string[]) =>
    buildManifest(
      'web',
      texts.map((text, at) => ({ path: `${at}.graphql`, text })),
      schema,
    );

  it('holds each operation with its own fragments, its id, and what its comment says', () => {
    const { text, mistakes } = build(
      '# owner: shop front\n\n# max-age: 60\nquery One { ...F }\nmutation Two { m }\nfragment F on Query { b { ...G } }\nfragment G on Query { a }\nfragment H on Query { a }',
    );
    expect(mistakes).toEqual([]);
    const manifest = JSON.parse(text);
    const body =
      'query One {\n  ...F\n}\n\nfragment F on Query {\n  b {\n    ...G\n  }\n}\n\nfragment G on Query {\n  a\n}';
    expect(manifest).toEqual({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      client: 'web',
      owner: 'shop front',
      operations: [
        { id: sha256(body), name: 'One', type: 'query', maxAge: 60, body },
        { id: sha256('mutation Two {\n  m\n}'), name: 'Two', type: 'mutation', body: 'mutation Two {\n  m\n}' },
      ],
    });
  });

  it.each([
    ['query {', 'Syntax Error'],
    ['{ a }', 'an operation: give it a name.'],
    ['query One { c }', 'Cannot query field "c"'],
    ['# max-age: 5\nmutation One { m }', 'take max-age away'],
    [`query One { ${'b { '.repeat(16)}a${' }'.repeat(16)} }`, 'nested deeper than 15 levels'],
    ['query One { a } query One { a }', 'has an operation of this name'],
  ])('refuses %s', (text, why) => {
    expect(build(text).mistakes.join('\n')).toContain(why);
  });
});
