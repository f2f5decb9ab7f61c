import { graphqlSync, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { learn, prepare } from './admission.testing.ts';
import { costOf } from './cost.ts';

const { schema, costs } = learn(`
  type Query {
    product(id: ID): Product
    products(first: Int, last: Int, search: String @cost(weight: 10)): Products
      @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    nodes(ids: [ID!]!): [Node]
    matrix: [[Product]]
    all: [Product!]! @listSize(assumedSize: 50)
  }
  type Mutation { buy(input: BuyInput): Product @cost(weight: 10) }
  type Products { nodes: [Product!]! edges: [Edge!]! total: Int }
  type Edge { cursor: String node: Product }
  interface Node { id: ID! }
  type Product implements Node { id: ID! name: String tags: [String!]! stock: Int @cost(weight: 1) quote: Quote @cost(weight: 2) variants: [Variant!]! similar(first: Int): Products @listSize(assumedSize: 5, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false) }
  type Variant implements Node { id: ID! product: Product rare: Rare }
  type Quote { total: Rare }
  scalar Rare @cost(weight: 3)
  input BuyInput { id: ID lines: [LineInput!] gift: GiftInput }
  input LineInput { sku: String @cost(weight: 2) }
  input GiftInput { card: String @cost(weight: 5) }
`);

const requested = (text: string, variables: Record<string, unknown> = {}): number => {
  const prepared = prepare(schema, text);
  expect(validate(schema, prepared.document)).toEqual([]);
  return costOf(prepared, costs).requested(variables);
};
const product = {
  id: 'p',
  name: 'P',
  tags: ['a', 'b'],
  stock: 1,
  quote: { total: 1 },
  variants: [{ id: 'v' }, { id: 'w' }],
};
const actual = (text: string, rootValue: unknown, variables: Record<string, unknown> = {}): number => {
  const prepared = prepare(schema, text);
  const { data } = graphqlSync({ schema, source: text, rootValue, variableValues: variables });
  return costOf(prepared, costs).actual(data, variables);
};

describe('what an operation can cost', () => {
  it('is one for each object, nothing for what is in it, and what a directive says', () => {
    expect(requested('{ product { id name tags } }')).toBe(1);
    expect(requested('{ product { stock } }')).toBe(2);
    expect(requested('{ product { quote { total } } }')).toBe(1 + 2 + 3);
    expect(requested('mutation { buy { name } }')).toBe(10);
  });
  it('counts a page by its size, said or assumed', () => {
    expect(requested('{ products(first: 3) { nodes { name } total } }')).toBe(1 + 3);
    expect(requested('{ products(last: 4) { nodes { stock } } }')).toBe(1 + 4 * 2);
    expect(requested('{ products { edges { node { name } } } }')).toBe(1 + 20 * (1 + 1));
    expect(requested('{ products(first: 2) { edges { cursor } nodes { name } } }')).toBe(1 + 2 + 2);
    expect(requested('{ all { name } }')).toBe(50);
    expect(requested('{ product { variants { id } } }')).toBe(1 + 10);
  });
  it('multiplies pages in pages', () => {
    expect(requested('{ products(first: 3) { nodes { similar(first: 7) { nodes { name } } } } }')).toBe(
      1 + 3 * (1 + 1 + 7),
    );
  });
  it('counts what variables say, and what they say by default', () => {
    const text = 'query ($n: Int = 6, $s: String) { products(first: $n, search: $s) { nodes { name } } }';
    expect(requested(text)).toBe(1 + 6);
    expect(requested(text, { n: 100 })).toBe(1 + 100);
    expect(requested(text, { n: 1, s: 'mug' })).toBe(10 + 1 + 1);
    expect(requested(text, { n: -5 })).toBe(1);
  });
  it('counts no more things than ids that were given', () => {
    expect(requested('{ nodes(ids: ["a", "b"]) { id } }')).toBe(2);
    expect(requested('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] })).toBe(3);
  });
  it('counts inputs, those in lists and in variables too', () => {
    const text = 'mutation ($input: BuyInput) { buy(input: $input) { id } }';
    expect(requested(text, { input: { lines: [{ sku: 'a' }, { sku: 'b' }], gift: { card: 'c' } } })).toBe(
      10 + 2 * 2 + 5,
    );
    expect(requested('mutation { buy(input: { gift: { card: "c" }, lines: [{ sku: "x" }] }) { id } }')).toBe(
      10 + 5 + 2,
    );
  });
  it('counts what is selected twice once, and what conditions leave out not at all', () => {
    expect(requested('{ product { name } product { quote { total } } }')).toBe(1 + 2 + 3);
    const text = 'query ($all: Boolean!) { product { name ... @include(if: $all) { variants { id } } } }';
    expect(requested(text, { all: false })).toBe(1);
    expect(requested(text, { all: true })).toBe(1 + 10);
  });
  it('counts fragments wherever they are spread', () => {
    const text = `{ product { ...P variants { product { ...P } } } } fragment P on Product { quote { total } }`;
    expect(requested(text)).toBe(1 + 5 + 10 * (1 + 1 + 5));
    expect(requested('{ nodes(ids: ["a"]) { id ... on Product { stock } ... on Variant { rare } } }')).toBe(1 + 1 + 3);
  });
  it('cannot be told for a bomb of fragments, and that is found out at once', () => {
    const bomb = Array.from(
      { length: 40 },
      (_, i) =>
        `fragment F${i} on Product { a${i}: similar(first: 9) { nodes { ${i === 39 ? 'id' : `...F${i + 1}`} } } b${i}: similar(first: 9) { nodes { ${i === 39 ? 'id' : `...F${i + 1}`} } } }`,
    );
    expect(requested(`{ product { ...F0 } } ${bomb.join(' ')}`)).toBe(Number.POSITIVE_INFINITY);
  });
  it('is never more than a number can hold', () => {
    const deep = (levels: number): string =>
      levels === 0 ? 'id' : `similar(first: 100) { nodes { ${deep(levels - 1)} } }`;
    expect(requested(`{ product { ${deep(12)} } }`)).toBe(Number.MAX_SAFE_INTEGER);
  });
  it('is little for introspection', () => {
    expect(requested('{ __schema { types { name fields { name type { name } } } } }')).toBe(10);
  });
});

describe('what an operation did cost', () => {
  it('is the same weights on what came', () => {
    const rootValue = { products: { nodes: [product, product], edges: [], total: 2 }, product };
    expect(actual('{ products(first: 50) { nodes { name stock } total } }', rootValue)).toBe(1 + 2 * 2);
    expect(actual('{ product { quote { total } variants { id } } }', rootValue)).toBe(1 + 2 + 3 + 2);
  });
  it('is nothing for what is not there', () => {
    expect(actual('{ products(first: 50) { nodes { name } } }', { products: null })).toBe(1);
    expect(actual('{ product { name } }', null)).toBe(1);
    const prepared = prepare(schema, '{ product { name } }');
    expect(costOf(prepared, costs).actual(null, {})).toBe(0);
    expect(costOf(prepared, costs).actual(undefined, {})).toBe(0);
  });
  it('counts lists in lists, and arguments that were given', () => {
    expect(actual('{ matrix { name stock } }', { matrix: [[product], [product, product]] })).toBe(3 * 2);
    expect(
      actual(
        'query ($s: String) { products(search: $s) { nodes { name } } }',
        { products: { nodes: [product] } },
        { s: 'x' },
      ),
    ).toBe(10 + 1 + 1);
  });
});
