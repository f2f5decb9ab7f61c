import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { describeMistake, explain, type Mistake } from './compose.explain.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@override"])\n';

function mistakesOf(subgraphs: Record<string, string>): Mistake[] {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({ name, typeDefs: parse(LINK + sdl), url: '' }));
  const documents = new Map(services.map(({ name, typeDefs }) => [name, typeDefs]));
  return explain(composeServices(services).errors ?? [], documents);
}

describe('what does not compose is explained', () => {
  it.each([
    [
      'a field of two owners',
      {
        users: 'type Query { me: User }\ntype User @key(fields: "id") {\n  id: ID!\n  name: String\n}',
        orders: 'type User @key(fields: "id") { id: ID! name: String }',
      },
      'INVALID_FIELD_SHARING',
      ['orders', 'users'],
      ['users:5', 'orders:2'],
      /Let one house own the field/,
    ],
    [
      'a field of two types',
      {
        users: 'type Query { me: User } type User @key(fields: "id") { id: ID! age: Int @shareable }',
        orders: 'type User @key(fields: "id") { id: ID! age: String @shareable }',
      },
      'FIELD_TYPE_MISMATCH',
      ['orders', 'users'],
      ['users:2', 'orders:2'],
      /the same type, list and null marks included/,
    ],
    [
      'a field nobody reaches',
      {
        users: 'type Query { me: User } type User { id: ID! @shareable }',
        orders: 'type Query { x: Int } type User { id: ID! @shareable orders: Int }',
      },
      'SATISFIABILITY_ERROR',
      ['orders', 'users'],
      [],
      /give the type the same @key in both subgraphs/,
    ],
    [
      'a requirement of what is not there',
      { users: 'type Query { me: User } type User @key(fields: "id") { id: ID! a: Int @requires(fields: "b") }' },
      'REQUIRES_INVALID_FIELDS',
      ['users'],
      ['users:2'],
      /the fields that @requires names/,
    ],
    [
      'one name for two things',
      { users: 'type Query { a: Thing } type Thing { id: ID }', orders: 'enum Thing { A }' },
      'TYPE_KIND_MISMATCH',
      ['orders', 'users'],
      ['users:2', 'orders:2'],
      /rename one of them/,
    ],
    [
      'nothing to ask',
      { users: 'type User @key(fields: "id") { id: ID! }' },
      'NO_QUERIES',
      [],
      [],
      /at least one subgraph a query/,
    ],
  ])('%s', (_, subgraphs, code, named, places, advice) => {
    const mistakes = mistakesOf(subgraphs as Record<string, string>);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatchObject({ code, subgraphs: named, advice: expect.stringMatching(advice) });
    expect([...mistakes[0]!.places].sort()).toEqual([...places].sort());
    expect(mistakes[0]!.message).toMatch(/\S/);
  });

  it('with the lines of the files, all mistakes at once', () => {
    const mistakes = mistakesOf({
      users: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String age: Int }',
      orders: 'type User @key(fields: "id") { id: ID! name: String age: Int }',
    });
    expect(mistakes.map(({ code }) => code)).toEqual(['INVALID_FIELD_SHARING', 'INVALID_FIELD_SHARING']);
    expect(describeMistake(mistakes[0]!, (name) => `schema/subgraphs/${name}.graphql`).split('\n')).toEqual([
      '✗ INVALID_FIELD_SHARING between orders, users',
      expect.stringContaining('"User.name"'),
      expect.stringMatching(/^ {2}at schema\/subgraphs\/orders\.graphql:2, schema\/subgraphs\/users\.graphql:2$/),
      expect.stringMatching(/^ {2}→ Let one house own the field/),
    ]);
  });
});
