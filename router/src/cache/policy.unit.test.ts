import { type FieldNode, parse, print, type SelectionSetNode, stripIgnoredCharacters } from 'graphql';
import { describe, expect, it } from 'vitest';
import { federate } from '../executor/federation.testing.ts';
import { caching } from './caching.testing.ts';
import { policiesOf, withLists } from './policy.ts';

const products = caching({
  sdl: `
    type Query {
      product(id: ID!): Product @cacheControl(maxAge: 60)
      shelf: [Product!]! @cacheControl(maxAge: 120)
      found: Product
      me: User @cacheControl(maxAge: 30, scope: PRIVATE)
      now: String @cacheControl(maxAge: 0)
      anything: Thing @cacheControl(maxAge: 60)
    }
    union Thing = Product | Seo
    type Product @key(fields: "id") {
      id: ID!
      name(upper: Boolean): String @cacheControl(maxAge: 300)
      stock: Int
      mine: String @cacheControl(maxAge: 300, scope: PRIVATE)
      price: Money @cacheControl(maxAge: 90)
      seo: Seo @cacheControl(maxAge: 200)
      category: Category @cacheControl(maxAge: 300)
      maker: Maker
    }
    type Maker @key(fields: "id") @cacheControl(maxAge: 40) { id: ID! name: String @cacheControl(inheritMaxAge: true) }
    type Category @key(fields: "id") { id: ID! name: String @cacheControl(maxAge: 300) above: [Category!] @cacheControl(maxAge: 100) }
    type Money { amount: String currency: String }
    type Seo { title: String links: [Link!] more: Link @cacheControl(inheritMaxAge: true) }
    type Link { href: String }
    type User @key(fields: "id") { id: ID! name: String @cacheControl(maxAge: 300) }`,
});
const reviews = { sdl: 'type Product @key(fields: "id") { id: ID! rating: Float }' };

const policies = policiesOf(federate({ products, reviews }).supergraphSdl, '_id');
const selectionOf = (text: string): SelectionSetNode => {
  const [operation] = parse(text, { noLocation: true }).definitions;
  return (operation as { selectionSet: SelectionSetNode }).selectionSet;
};
const entities = (inner: string) =>
  policies.ofEntities((selectionOf(`{ e ${inner} }`).selections[0] as FieldNode).selectionSet!);
const roots = (text: string) => policies.ofRoots(selectionOf(text));
const brief = (kept: ReturnType<typeof roots>) => kept && [kept.maxAgeMs / 1_000, kept.scope];

describe('what may be kept of entities', () => {
  it('is what each of their fields says for itself, and the shortest of it', () => {
    expect(brief(entities('{ ... on Product { name } }'))).toEqual([300, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { name price { amount currency } } }'))).toEqual([90, 'PUBLIC']);
    expect(brief(entities('{ __typename ... on Product { __typename id name } }'))).toEqual([300, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { name } ... on Category { above { name } } }'))).toEqual([100, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { name ... on Product { price { amount } } } }'))).toEqual([90, 'PUBLIC']);
  });

  it('is nothing where one field says nothing, such as one that another subgraph added', () => {
    for (const fields of [
      'stock',
      'name stock',
      'rating',
      'name category { name above { id name unknown: id } } stock',
    ]) {
      expect([fields, entities(`{ ... on Product { ${fields} } }`)]).toEqual([fields, null]);
    }
    expect(entities('{ ... on Product { seo { links { href } } } }')).toBeNull();
    expect(entities('{ ... on Product { id } }')).toBeNull();
  });

  it('is one viewer’s where a field is', () => {
    expect(brief(entities('{ ... on Product { name mine } }'))).toEqual([300, 'PRIVATE']);
  });

  it('is inherited by leaves of values, and where it is said so', () => {
    expect(brief(entities('{ ... on Product { seo { title } } }'))).toEqual([200, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { seo { title more { href } } } }'))).toEqual([200, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { maker { id } } }'))).toEqual([40, 'PUBLIC']);
    expect(brief(entities('{ ... on Product { maker { name } } }'))).toEqual([40, 'PUBLIC']);
  });
});

describe('what may be kept of root fields', () => {
  it('follows the same rules, and nothing behind a type that could be several', () => {
    expect(brief(roots('{ product(id: 1) { name } }'))).toEqual([60, 'PUBLIC']);
    expect(brief(roots('{ a: product(id: 1) { name } shelf { price { amount } } }'))).toEqual([60, 'PUBLIC']);
    expect(brief(roots('{ me { name } }'))).toEqual([30, 'PRIVATE']);
    for (const text of [
      '{ found { name } }',
      '{ now }',
      '{ product(id: 1) { stock } }',
      '{ anything { __typename } }',
      '{ product(id: 1) { name } found { name } }',
    ]) {
      expect([text, roots(text)]).toEqual([text, null]);
    }
  });
});

describe('what is kept', () => {
  it('asks for the id of every entity in it, under a name of its own', () => {
    const kept = entities('{ ... on Product { n: name category { above { name } } price { amount } } }')!;
    expect(stripIgnoredCharacters(print(kept.selection))).toBe(
      '{...on Product{n:name category{above{name _id:id}_id:id}price{amount}_id:id}}',
    );
    expect(
      [
        ...kept.tagsOf({ n: 'x', _id: 'p', category: { _id: 'c', above: [{ _id: 'a' }, { _id: 'b' }] } }, 'Product')!,
      ].sort(),
    ).toEqual(['Category', 'Category:a', 'Category:b', 'Category:c', 'Product', 'Product:p']);
    expect([...kept.tagsOf({ n: 'x', _id: 'p', category: null }, 'Product')!]).toEqual(['Product', 'Product:p']);
  });

  it('is nothing where an entity came without its id, or of another type', () => {
    const kept = entities('{ ... on Product { name category { name } } }')!;
    expect(kept.tagsOf({ _id: 'p', category: { name: 'x' } }, 'Product')).toBeNull();
    expect(kept.tagsOf({ _id: 'p' }, 'Category')).toBeNull();
  });

  it('depends on every entity of a type where a root field lists them, and is nothing where one found none', () => {
    const kept = roots('{ shelf { name } one: product(id: 1) { name } }')!;
    expect([...kept.tagsOf({ shelf: [{ _id: 'p' }], one: { _id: 'q' } }, null)!].sort()).toEqual([
      'Product',
      'Product*',
      'Product:p',
      'Product:q',
    ]);
    expect([...kept.tagsOf({ shelf: [], one: { _id: 'q' } }, null)!].sort()).toEqual([
      'Product',
      'Product*',
      'Product:q',
    ]);
    expect(kept.tagsOf({ shelf: [], one: null }, null)).toBeNull();
  });

  it('is evicted by an entity’s own tag, with the lists it may join', () => {
    expect(withLists(['Product:p', 'Product:q', 'Category'])).toEqual([
      'Product:p',
      'Product*',
      'Product:q',
      'Category',
      'Category*',
    ]);
  });
});
