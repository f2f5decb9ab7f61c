import { readFileSync } from 'node:fs';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { costOfTyped, costsFrom, variablesIn } from '../console/costs.ts';
import { linkTo, readLink } from '../console/links.ts';
import { parkedBy } from '../console/parked.ts';
import { keepable } from '../console/safe-storage.ts';
import { holdsSecrets, withoutSecrets } from '../console/secrets.ts';
import { traceLink } from '../console/trace-link.ts';
import { costOf } from './admission/cost.ts';
import { type Costs, readCosts } from './admission/costs.ts';
import { readLinks } from './admission/links.ts';
import { compileOperations, type Operations } from './executor/operation.ts';
import { costTableOf } from './explain.ts';

describe('what the console keeps or hands on', () => {
  it.each([
    ['{"input":{"password":"hunter2"}}', '{"input":{"password":""}}'],
    ['{ "Authorization" : "Bearer abc" }', '{ "Authorization" : "" }'],
    [
      'mutation { signIn(input: { email: "a@b.c", password: "x\\"y" }) { id } }',
      'mutation { signIn(input: { email: "a@b.c", password: "" }) { id } }',
    ],
    ['{"refreshToken":"abc","accessToken":"def"}', '{"refreshToken":"","accessToken":""}'],
    ['{ reset(token: """a\nb""") }', '{ reset(token: "") }'],
    ['{"password":"half a te', '{"password":""'],
  ])('holds no secret: %s', (text, left) => {
    expect(withoutSecrets(text)).toBe(left);
    expect([holdsSecrets(text), holdsSecrets(left)]).toEqual([true, false]);
  });

  it.each([
    'query A($password: String!) { a(password: $password) }',
    '{ accessToken refreshToken }',
    '{"tokens":"many"}',
  ])('keeps the rest as it is: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('holds no header, however GraphiQL would store it', () => {
    const headers = '{"authorization":"Bearer secret"}';
    expect(keepable('graphiql:headers', headers)).toBeNull();
    expect(keepable('graphiql:shouldPersistHeaders', 'true')).toBeNull();
    const run = { query: '{ me { id } }', variables: '{"password":"secret"}', headers, operationName: null };
    const tabs = { tabs: [{ ...run, id: 'a', response: '{"accessToken":"secret"}' }], activeTabIndex: 0 };
    for (const [key, value] of [
      ['graphiql:queries', { queries: [run] }],
      ['graphiql:tabState', tabs],
    ] as const) {
      const kept = keepable(key, JSON.stringify(value))!;
      expect(kept).not.toContain('secret');
      expect(kept).toContain('{ me { id } }');
    }
    expect(keepable('graphiql:variables', '{"password":"secret"')).toBe('{"password":""');
    expect(keepable('graphiql:theme', 'dark')).toBe('dark');
  });

  it('goes by a link and comes back the same, whatever its letters, without its secrets', () => {
    const handed = { name: 'Größe', query: 'query Größe { ok } # ✓', variables: '{"token":"t","first":5}' };
    const link = new URL(linkTo(handed, 'http://localhost:4000/console/'));
    expect(link.search).toBe('');
    expect(readLink(link.hash)).toEqual({ ...handed, variables: '{"token":"","first":5}' });
  });

  it.each(['', '#operation=', '#operation=%%%', '#operation=bm90IGpzb24', '#operation=eyJuYW1lIjoxfQ', '#other'])(
    'is not read from %s',
    (hash) => expect(readLink(hash)).toBeNull(),
  );

  it('is too long for a link at some length', () => {
    expect(() => linkTo({ name: '', query: 'x'.repeat(40_000), variables: '' }, '/')).toThrow('too long for a link');
  });
});

describe('the link to a trace', () => {
  const ids = { traceId: 'abc', requestId: 'a b' };
  it.each([
    [null, null],
    ['https://traces.example/{traceId}?r={requestId}', 'https://traces.example/abc?r=a%20b'],
    ['javascript:alert("{traceId}")', null],
  ])('of %s is %s', (template, link) => expect(traceLink(template, ids)).toBe(link));
});

describe('dead letters', () => {
  it('stand by ear and key, oldest first', () => {
    const letter = (id: string, house: string, key: string) => ({
      id,
      house,
      key,
      type: 'orders.OrderCreated',
      reason: 'FAILED',
      error: null,
      tries: 5,
      parkedAt: '2026-01-01T00:00:00Z',
    });
    const parked = parkedBy([letter('1', 'carts', 'a'), letter('2', 'orders', 'a'), letter('3', 'carts', 'a')]);
    expect(parked.map(({ house, letters }) => [house, letters.map(({ id }) => id)])).toEqual([
      ['carts', ['1', '3']],
      ['orders', ['2']],
    ]);
  });
});

describe('the cost of what is typed', () => {
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  let operations: Operations;
  let costs: Costs;
  beforeAll(() => {
    operations = compileOperations(sdl);
    costs = readCosts(readLinks(sdl));
  });

  const folder = new URL('../console/examples/', import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
    stories: { examples: { file: string; variables?: object }[] }[];
  };
  const examples = manifest.stories.flatMap((story) => story.examples);

  it('is what the router asks, for every example, and its parts say why', () => {
    const { schema } = operations;
    const browser = costsFrom(schema, costTableOf(schema, costs));
    for (const { file, variables = {} } of examples) {
      const query = readFileSync(new URL(`${file}.graphql`, folder), 'utf8');
      const document = parse(query);
      const operation = getOperationAST(document)!;
      const asked = costOf({ document, operation, schema }, costs).requested(variables as Record<string, unknown>);
      const typed = costOfTyped({ query, variables: JSON.stringify(variables), operationName: null }, schema, browser)!;
      expect([file, typed.requested]).toEqual([file, asked]);
      expect([file, typed.parts.reduce((sum, { total }) => sum + total, 0)]).toEqual([file, asked]);
    }
  });

  it('tells which lists multiply, and what says how long they are', () => {
    const schema = buildSchema(
      'type Query { many(first: Int): [Item!]! some: [Item!]! of(ids: [ID!]): [Item] } type Item { name: String more: [Item!]! }',
    );
    const sized = { assumed: null, slicing: ['first'], sized: [] };
    const table = { weights: { 'Item.name': 2 }, sizes: { 'Query.many': sized }, inputs: {} };
    const browser = costsFrom(schema, table);
    const cost = (query: string, variables = '') =>
      costOfTyped({ query, variables, operationName: null }, schema, browser);
    expect(
      cost('query ($n: Int = 3) { many(first: $n) { name } some { more { name } } of(ids: ["a", "b"]) { name } }'),
    ).toEqual({
      requested: 9 + 310 + 6,
      parts: [
        {
          key: 'some',
          weight: 1,
          times: 10,
          reason: { by: 'USUAL' },
          total: 310,
          parts: [{ key: 'more', weight: 1, times: 10, reason: { by: 'USUAL' }, total: 300, parts: [] }],
        },
        { key: 'many', weight: 1, times: 3, reason: { by: 'ARGUMENT', name: 'first' }, total: 9, parts: [] },
        { key: 'of', weight: 1, times: 2, reason: { by: 'LIST', name: 'ids' }, total: 6, parts: [] },
      ],
    });
    expect(cost('query ($n: Int = 3) { many(first: $n) { name } }', '{"n": 5}')?.requested).toBe(15);
    expect(cost('{ many(')).toBeNull();
  });

  it('waits for variables that are not JSON yet', () => {
    expect(variablesIn('{"first":')).toEqual({});
  });
});
