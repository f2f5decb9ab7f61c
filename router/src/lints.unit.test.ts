import { readFileSync } from 'node:fs';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { federate } from './executor/federation.testing.ts';
import { lint } from './lints.ts';

const compose = (subgraphs: Record<string, string>): string =>
  federate(Object.fromEntries(Object.entries(subgraphs).map(([name, sdl]) => [name, { sdl }]))).supergraphSdl;

/** What Apollo's planner makes of a query, on one line. */
function planOf(supergraphSdl: string, query: string): string {
  const supergraph = Supergraph.build(supergraphSdl);
  const operation = operationFromDocument(supergraph.apiSchema(), parse(query));
  return prettyFormatQueryPlan(new QueryPlanner(supergraph).buildQueryPlan(operation)).replace(/\s+/g, ' ');
}

const rules = (supergraphSdl: string): string[] => lint(supergraphSdl).map(({ rule, where }) => `${rule} ${where}`);

describe('one field required with two sets of arguments', () => {
  const products =
    'type Query { products: [Product] } type Product @key(fields: "id") { id: ID! price(currency: String!): Int }';
  const shipping = (usd: string, eur: string) =>
    `type Product @key(fields: "id") { id: ID! price(currency: String!): Int @external
      usd: Int @requires(fields: "price(currency: \\"${usd}\\")") eur: Int @requires(fields: "price(currency: \\"${eur}\\")") }`;
  const both = compose({ products, shipping: shipping('USD', 'EUR') });

  it('is asked for once by the planner, which gives both the same answer', () => {
    const plan = planOf(both, '{ products { usd eur } }');
    expect(plan.match(/price\(currency: "\w+"\)/g)).toEqual(['price(currency: "EUR")']);
    expect(plan).toContain('usd eur');
  });

  it('is found, with who requires what', () => {
    expect(lint(both)).toEqual([
      {
        rule: 'requires-arguments',
        where: 'Product.price',
        message:
          'Product.price is required with different arguments: by Product.usd as price(currency: "USD"), Product.eur as price(currency: "EUR"). The planner asks for it once and hands both the same answer.',
        advice: expect.stringMatching(/^Let its owner offer a field without arguments/),
      },
    ]);
  });

  it('is found where two subgraphs require it, and inside of other fields', () => {
    const owner = `type Query { products: [Product] } type Category { average(in: String!): Int }
      type Product @key(fields: "id") { id: ID! category: Category }`;
    const other = (name: string, currency: string) =>
      `type Product @key(fields: "id") { id: ID! category: Category @external
        ${name}: Boolean @requires(fields: "category { average(in: \\"${currency}\\") }") }
       type Category @external { average(in: String!): Int }`;
    const composed = compose({ owner, a: other('dear', 'USD'), b: other('cheap', 'EUR') });
    expect(rules(composed)).toEqual(['requires-arguments Category.average']);
  });

  it('is none where the arguments are the same', () => {
    expect(rules(compose({ products, shipping: shipping('USD', 'USD') }))).toEqual([]);
  });
});

describe('a key that is not resolvable and is entered', () => {
  const owner =
    'type Query { x: Int } type Thing @key(fields: "id") @key(fields: "code") { id: ID! code: ID! weight: Int }';
  const user = (keys: string) =>
    `type Query { thing: Thing } type Thing ${keys} { id: ID! code: ID! @shareable weight: Int @external label: String @requires(fields: "weight") }`;
  const closed = compose({
    owner: owner.replace('code: ID!', 'code: ID! @shareable'),
    user: user('@key(fields: "id", resolvable: false)'),
  });

  it('is entered by the planner after a detour for what a field requires', () => {
    const plan = planOf(closed, '{ thing { label } }');
    expect(plan).toMatch(
      /Fetch\(service: "user"\) \{ \{ \.\.\. on Thing \{ __typename weight id \} \} => \{ \.\.\. on Thing \{ label \} \} \}/,
    );
  });

  it('is found', () => {
    expect(lint(closed)).toEqual([
      {
        rule: 'entered-key',
        where: 'Thing.label',
        message:
          'For Thing.label behind Query.thing the planner enters user by a key of Thing that is not resolvable: user fails or answers the wrong thing.',
        advice: 'Make the key of Thing in user resolvable, or move label to a subgraph that can be entered.',
      },
    ]);
  });

  it('is found where another key would be resolvable and is not taken', () => {
    const composed = compose({
      owner: owner.replace('code: ID!', 'code: ID! @shareable'),
      user: user('@key(fields: "id", resolvable: false) @key(fields: "code")'),
    });
    expect(planOf(composed, '{ thing { label } }')).toMatch(
      /\{ __typename weight id \} \} => \{ \.\.\. on Thing \{ label \}/,
    );
    expect(rules(composed)).toEqual(['entered-key Thing.label']);
  });

  it('is found where it leads to no plan at all', () => {
    const composed = compose({
      a: 'interface Node @key(fields: "id") { id: ID! } type Query { a: Node }',
      b: 'type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! field: String } type Query { b: Node }',
    });
    expect(planOf(composed, '{ a { field } }')).toBe('QueryPlan {}');
    expect(rules(composed)).toContain('entered-key Node.field');
  });

  it('is none where nothing leads back, or the key is resolvable', () => {
    const plain = user('@key(fields: "id", resolvable: false)').replace(/weight: .*"\)/, 'label: String @shareable');
    expect(
      rules(
        compose({
          owner: owner
            .replace('code: ID!', 'code: ID! @shareable')
            .replace('weight: Int', 'weight: Int label: String @shareable'),
          user: plain,
        }),
      ),
    ).toEqual([]);
    expect(
      rules(compose({ owner: owner.replace('code: ID!', 'code: ID! @shareable'), user: user('@key(fields: "id")') })),
    ).toEqual([]);
  });
});

describe('a security directive that nobody enforces', () => {
  const clean = compose({ a: 'type Query { a: Int }' });
  const marked = clean.replace(
    /(@link\(url: "https:\/\/specs\.apollo\.dev\/join\/v[\d.]+", for: EXECUTION\))/,
    '$1\n  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)',
  );

  it('is found', () => {
    expect(marked).not.toBe(clean);
    expect(lint(marked)).toEqual([
      {
        rule: 'unenforced-directive',
        where: '@link',
        message: 'The supergraph asks for the security feature context, and this router does not enforce it.',
        advice: 'Take the directive out of the subgraphs, or run a router that knows it.',
      },
    ]);
  });

  it('is none of those that are enforced', () => {
    expect(rules(clean)).toEqual([]);
    expect(
      rules(
        clean.replace(
          /(for: EXECUTION\))/,
          '$1 @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)',
        ),
      ),
    ).toEqual([]);
  });
});

it('finds nothing in the supergraph of the repository', () => {
  expect(lint(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'))).toEqual([]);
});
