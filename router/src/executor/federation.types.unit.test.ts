import { describe, expect, it } from 'vitest';
import { agree, type Toys } from './federation.agree.testing.ts';

describe('@interfaceObject', () => {
  const MEDIA = [
    { __typename: 'Book', id: 'b1', title: 'Graphs', pages: 90 },
    { __typename: 'Film', id: 'f1', title: 'Edges', minutes: 100 },
  ];
  const toys: Toys = {
    catalogue: {
      sdl: `type Query { media: [Media!]! first: Media }
        interface Media @key(fields: "id") { id: ID! title: String! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int }
        type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int }`,
      resolvers: { 'Query.media': () => MEDIA, 'Query.first': () => MEDIA[0] },
      entity: ({ id }) => MEDIA.find((one) => one.id === id) ?? null,
    },
    ratings: {
      sdl: `type Media @key(fields: "id") @interfaceObject { id: ID! title: String! @external stars: Int reviews: [Review!]!
          slug: String @requires(fields: "title") }
        type Review { id: ID! of: Media! } type Query { best: [Media!]! latest: Review }`,
      resolvers: {
        'Media.stars': ({ id }) => String(id).length + 1,
        'Media.slug': ({ title }) => String(title).toLowerCase(),
        'Media.reviews': ({ id }) => [{ id: `${id}-r`, of: { id } }],
        'Query.best': () => [{ id: 'f1' }, { id: 'b1' }],
        'Query.latest': () => ({ id: 'r', of: { id: 'b1' } }),
      },
    },
    lending: {
      sdl: `type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int @external lent: Boolean @requires(fields: "stars") }
        type Query { loans: Int }`,
      resolvers: { 'Media.lent': ({ stars }) => (stars as number) > 2 },
    },
  };

  it('adds to every type of an interface', async () => {
    const query =
      '{ media { __typename id stars ... on Book { pages s: stars } ... on Film { minutes reviews { id } } } }';
    expect((await agree(toys, query)).data).toEqual({
      media: [
        { __typename: 'Book', id: 'b1', stars: 3, pages: 90, s: 3 },
        { __typename: 'Film', id: 'f1', stars: 3, minutes: 100, reviews: [{ id: 'f1-r' }] },
      ],
    });
  });

  it('tells what a thing is by asking the owner of the interface', async () => {
    const query =
      '{ best { kind: __typename stars title ... on Film { minutes } } latest { of { __typename title reviews { of { title } } } } }';
    expect((await agree(toys, query)).data).toEqual({
      best: [
        { kind: 'Film', stars: 3, title: 'Edges', minutes: 100 },
        { kind: 'Book', stars: 3, title: 'Graphs' },
      ],
      latest: { of: { __typename: 'Book', title: 'Graphs', reviews: [{ of: { title: 'Graphs' } }] } },
    });
  });

  it('requires of the interface’s owner, and of another that adds to it', async () => {
    expect((await agree(toys, '{ media { slug lent } best { slug lent title } first { lent } }')).data).toEqual({
      media: [
        { slug: 'graphs', lent: true },
        { slug: 'edges', lent: true },
      ],
      best: [
        { slug: 'edges', lent: true, title: 'Edges' },
        { slug: 'graphs', lent: true, title: 'Graphs' },
      ],
      first: { lent: true },
    });
  });
});

describe('interfaces and unions', () => {
  const toys: Toys = {
    shop: {
      sdl: `type Query { things: [Thing]! found(text: String): [Hit] nested: [[Thing!]] owner: Owner @shareable }
        interface Thing { id: ID! name: String }
        type Product implements Thing @key(fields: "id") { id: ID! name: String size: String }
        type Parcel implements Thing @key(fields: "id") { id: ID! name: String size: Int inside: [Thing!] }
        union Hit = Product | Parcel | Page
        type Page { id: ID! words: Int constructor: String }
        union Owner = Person | Firm
        type Person @shareable { first: String } type Firm { seat: String }`,
      resolvers: {
        'Query.things': () => [
          { __typename: 'Product', id: '1', name: 'Lamp', size: 'XL' },
          null,
          { __typename: 'Parcel', id: '2', size: 4, inside: [{ __typename: 'Product', id: '3', size: 'S' }] },
        ],
        'Query.nested': () => [
          [{ __typename: 'Product', id: '1' }],
          null,
          [],
          [
            { __typename: 'Parcel', id: '2', size: 1 },
            { __typename: 'Product', id: '404' },
          ],
        ],
        'Query.found': (_, { text }) => [
          { __typename: 'Page', id: 'p', words: 3, constructor: text },
          { __typename: 'Product', id: '1', size: 'M' },
        ],
        'Query.owner': () => ({ __typename: 'Person', first: 'Ada' }),
      },
    },
    stock: {
      sdl: `type Product @key(fields: "id") { id: ID! left: Int! } type Parcel @key(fields: "id") { id: ID! left: Int weight: Float }
        type Query { owner: Owner @shareable } union Owner = Person | State type Person @shareable { first: String } type State { name: String }`,
      resolvers: {
        'Product.left': ({ id }) => {
          if (id === '404') throw new Error('no such product');
          return Number(id) * 10;
        },
        'Parcel.left': ({ id }) => Number(id),
        'Parcel.weight': () => 1.5,
        'Query.owner': () => ({ __typename: 'Person', first: 'Ada' }),
      },
    },
  };

  it('are completed by whoever knows each type, at every place', async () => {
    const query = `{ things { __typename id ... on Product { left } ...P } found { ... on Thing { id name } ... on Product { size } ... on Page { words } } }
      fragment P on Parcel { left weight inside { id ... on Product { left size } } }`;
    expect((await agree(toys, query)).data).toEqual({
      things: [
        { __typename: 'Product', id: '1', left: 10 },
        null,
        { __typename: 'Parcel', id: '2', left: 2, weight: 1.5, inside: [{ id: '3', left: 30, size: 'S' }] },
      ],
      found: [{ words: 3 }, { id: '1', name: null, size: 'M' }],
    });
  });

  it('may give one name to fields of different types, where a client does so by aliases', async () => {
    const query = `query ($t: String) { found(text: $t) { ... on Product { id: size constructor: left } ... on Page { id constructor } }
      things { ... on Product { text: size } ... on Parcel { number: size } } }`;
    expect((await agree(toys, query, { t: '__proto__' }, { apollo: 'errs' })).data).toEqual({
      found: [
        { id: 'p', constructor: '__proto__' },
        { id: 'M', constructor: 10 },
      ],
      things: [{ text: 'XL' }, null, { number: 4 }],
    });
  });

  it('have members in one subgraph that another does not know', async () => {
    const query = '{ owner { __typename ... on Person { first } ... on Firm { seat } ... on State { name } } }';
    expect((await agree(toys, query)).data).toEqual({ owner: { __typename: 'Person', first: 'Ada' } });
  });

  it('in lists of lists have their errors at both indexes, and nulls go up as far as they must', async () => {
    const { data, errors } = await agree(
      toys,
      '{ nested { kind: __typename ... on Product { rest: left } ... on Parcel { weight } } }',
    );
    expect(data).toEqual({
      nested: [[{ kind: 'Product', rest: 10 }], null, [], null],
    });
    expect(errors).toMatchObject([{ path: ['nested', 3, 1, 'rest'] }]);
  });
});

describe('conditions', () => {
  const toys: Toys = {
    a: {
      sdl: `type Query { one: Thing two: [Thing!]! } interface Named { name: String } type Thing implements Named @key(fields: "id") { id: ID! name: String other: Thing }`,
      resolvers: {
        'Query.one': () => ({ id: '1', name: 'One', other: { id: '2', name: 'Two' } }),
        'Query.two': () => [{ id: '3', name: 'Three' }],
      },
    },
    b: {
      sdl: 'type Thing @key(fields: "id") { id: ID! price: Int tax: Int } type Query { none: Int }',
      resolvers: { 'Thing.price': ({ id }) => Number(id) * 10, 'Thing.tax': ({ id }) => Number(id) },
    },
  };
  const query = `query ($a: Boolean!, $b: Boolean! = false) {
    one @skip(if: $b) { __typename n: name @include(if: $a) price @skip(if: $a) tax @include(if: $b)
      other @include(if: $a) { ...F @skip(if: $b) ... on Named @include(if: $b) { name } __typename } }
    two { __typename ... @include(if: $a) { ... @skip(if: $b) { id price } } kind: __typename @include(if: $b) }
    ...Q @include(if: $a)
  } fragment F on Thing { price tax @skip(if: $a) } fragment Q on Query { again: one { id @include(if: $b) __typename } }`;

  it.each([[{ a: true }], [{ a: false }], [{ a: true, b: true }], [{ a: false, b: true }]])(
    'on fields and fragments of every kind hold with %j',
    async (variables) => {
      const { a, b = false } = variables as { a: boolean; b?: boolean };
      const other = { ...(b ? {} : { price: 20, ...(a ? {} : { tax: 2 }) }), ...(b ? { name: 'Two' } : {}) };
      const one = {
        __typename: 'Thing',
        ...(a ? { n: 'One' } : { price: 10 }),
        ...(b ? { tax: 1 } : {}),
        ...(a ? { other: { ...other, __typename: 'Thing' } } : {}),
      };
      const two = { __typename: 'Thing', ...(a && !b ? { id: '3', price: 30 } : {}), ...(b ? { kind: 'Thing' } : {}) };
      expect((await agree(toys, query, variables)).data).toEqual({
        ...(b ? {} : { one }),
        two: [two],
        ...(a ? { again: { ...(b ? { id: '1' } : {}), __typename: 'Thing' } } : {}),
      });
    },
  );
});

describe('values', () => {
  it('of an enum that a client is not to know are nulls, and errors', async () => {
    const toys: Toys = {
      a: {
        sdl: 'type Query { open: State hidden: State all: [State] } enum State { OPEN SECRET @inaccessible }',
        resolvers: {
          'Query.open': () => 'OPEN',
          'Query.hidden': () => 'SECRET',
          'Query.all': () => ['OPEN', 'SECRET'],
        },
      },
    };
    const { data, errors } = await agree(toys, '{ open hidden all }', {}, { apollo: 'errs' });
    expect(data).toEqual({ open: 'OPEN', hidden: null, all: ['OPEN', null] });
    expect(errors).toMatchObject([{ path: ['hidden'] }, { path: ['all', 1] }]);
    expect(JSON.stringify(errors)).not.toContain('SECRET');
  });

  it('of variables reach those subgraphs that are asked with them, as they are', async () => {
    const toys: Toys = {
      a: {
        sdl: `scalar Any input In { list: [[Int!]], deep: In, any: Any, name: String = "default" }
          type Query { echo(in: In, ids: [ID!], flag: Boolean): Any thing: Thing } type Thing @key(fields: "id") { id: ID! }`,
        resolvers: {
          'Query.echo': (_, args) => JSON.stringify(args),
          'Query.thing': () => ({ id: '1' }),
        },
      },
      b: {
        sdl: `input In { list: [[Int!]], deep: In, any: Any, name: String = "default" } scalar Any
          type Thing @key(fields: "id") { id: ID! told(in: In): Any } type Query { none: Int }`,
        resolvers: { 'Thing.told': (_, args) => JSON.stringify(args) },
      },
    };
    const query = `query ($in: In, $n: String, $ids: [ID!] = ["d"], $unset: Boolean) {
      echo(in: $in, ids: $ids, flag: $unset) mixed: echo(in: { name: $n, list: [[1]], any: { a: [$n] } }) thing { told(in: $in) } }`;
    const input = {
      list: [[1, 2], null, []],
      deep: { any: { __typename: 'x', n: null }, name: null },
      any: [1, 'two', null],
    };
    const { data } = await agree(toys, query, { in: input, n: 'constructor' });
    const { echo, mixed, thing } = data as { echo: string; mixed: string; thing: { told: string } };
    expect(JSON.parse(echo)).toEqual({ in: { ...input, name: 'default' }, ids: ['d'] });
    expect(JSON.parse(mixed)).toEqual({ in: { name: 'constructor', list: [[1]], any: { a: ['constructor'] } } });
    expect(JSON.parse(thing.told)).toEqual({ in: { ...input, name: 'default' } });
  });
});
