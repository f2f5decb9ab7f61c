import { describe, expect, it } from 'vitest';
import { agree, type Toys } from './federation.agree.testing.ts';

const named = (names: readonly string[]) => (list: readonly Record<string, unknown>[]) =>
  list.map((one) => Object.fromEntries(names.map((name) => [name, one[name]])));

describe('keys', () => {
  const PEOPLE = [
    { id: 'u1', name: 'Ada', tenant: { id: 't1', region: { code: 'eu' } } },
    { id: 'u2', name: 'Bo', tenant: { id: 't2', region: { code: 'us' } } },
  ];
  const toys: Toys = {
    accounts: {
      sdl: `type Query { people: [Person!]! lead: Person }
        type Person @key(fields: "id") @key(fields: "name tenant { id region { code } }") {
          id: ID! name: String! tenant: Tenant! boss: Person }
        type Tenant @shareable { id: ID! region: Region! }
        type Region @shareable { code: String! }`,
      resolvers: {
        'Query.people': () => PEOPLE,
        'Query.lead': () => PEOPLE[1],
        'Person.boss': ({ id }) => (id === 'u1' ? PEOPLE[1] : null),
      },
      entity: ({ id, name }) => PEOPLE.find((one) => one.id === id || one.name === name) ?? null,
    },
    payroll: {
      sdl: `type Person @key(fields: "name tenant { id region { code } }") { name: String! tenant: Tenant! pay: Int }
        type Tenant @shareable { id: ID! region: Region! } type Region @shareable { code: String! }
        type Query { slips: [Person!]! }`,
      resolvers: {
        'Person.pay': ({ name, tenant }) =>
          `${name}${(tenant as { region: { code: string } }).region.code}`.length * 100,
        'Query.slips': () => PEOPLE.map(({ name, tenant }) => ({ name, tenant })),
      },
    },
    desks: {
      sdl: 'type Person @key(fields: "id") { id: ID! desk: String } type Query { rooms: Int }',
      resolvers: { 'Person.desk': ({ id }) => `desk of ${id}` },
    },
  };

  it('of several fields, nested ones among them, are sent whole', async () => {
    const { data, asked } = await agree(toys, '{ people { pay } }');
    expect(data).toEqual({ people: [{ pay: 500 }, { pay: 400 }] });
    expect(asked[1]!.variables!.representations).toEqual(
      named(['__typename', 'name', 'tenant'])(PEOPLE.map((one) => ({ __typename: 'Person', ...one }))),
    );
  });

  it('of one kind lead to those of another by the subgraph that knows both', async () => {
    const { data, asked } = await agree(toys, '{ slips { pay desk } }');
    expect(data).toEqual({
      slips: [
        { pay: 500, desk: 'desk of u1' },
        { pay: 400, desk: 'desk of u2' },
      ],
    });
    expect(asked.map(({ service }) => service)).toEqual(['payroll', 'accounts', 'desks']);
  });

  it('are read where a client selects the same fields under other names, or other fields under theirs', async () => {
    const query = `{ people { id: name name: id tenant: __typename place: tenant { id: __typename region { id: code } } pay desk
      boss { name: desk desk: name id pay } } }`;
    expect((await agree(toys, query, {}, { apollo: 'errs' })).data).toEqual({
      people: [
        {
          id: 'Ada',
          name: 'u1',
          tenant: 'Person',
          place: { id: 'Tenant', region: { id: 'eu' } },
          pay: 500,
          desk: 'desk of u1',
          boss: { name: 'desk of u2', desk: 'Bo', id: 'u2', pay: 400 },
        },
        {
          id: 'Bo',
          name: 'u2',
          tenant: 'Person',
          place: { id: 'Tenant', region: { id: 'us' } },
          pay: 400,
          desk: 'desk of u2',
          boss: null,
        },
      ],
    });
  });

  it('that are null, and entities nobody knows, are holes', async () => {
    const library: Toys = {
      shelf: {
        sdl: 'type Query { books: [Book] } type Book @key(fields: "isbn") { isbn: ID place: Place } type Place @key(fields: "at") { at: Int! }',
        resolvers: {
          'Query.books': () => [
            { isbn: '1', place: { at: 1 } },
            { isbn: null, place: null },
            null,
            { isbn: 'gone', place: { at: 9 } },
          ],
        },
      },
      titles: {
        sdl: `type Book @key(fields: "isbn") { isbn: ID title: String } type Place @key(fields: "at") { at: Int! room: String }
          type Query { titles: Int }`,
        resolvers: {
          'Book.title': ({ isbn }) => `Book ${isbn}`,
          'Place.room': ({ at }) => `room ${at}`,
        },
        entity: (representation) =>
          representation.isbn === 'gone' || representation.isbn === null ? null : representation,
      },
    };
    expect((await agree(library, '{ books { isbn title place { room } } }')).data).toEqual({
      books: [
        { isbn: '1', title: 'Book 1', place: { room: 'room 1' } },
        { isbn: null, title: null, place: null },
        null,
        { isbn: 'gone', title: null, place: { room: 'room 9' } },
      ],
    });
  });
});

describe('@requires', () => {
  const toys: Toys = {
    catalogue: {
      sdl: `type Query { boxes: [Box!]! }
        type Box @key(fields: "id") { id: ID! size: Size! price(currency: String): Int parts: [Part!]! content: Content }
        type Size { width: Int! height: Int! } type Part { grams: Int! name: String }
        union Content = Book | Disc type Book { pages: Int } type Disc { minutes: Int }`,
      resolvers: {
        'Query.boxes': () => [
          {
            id: 'a',
            size: { width: 2, height: 3 },
            parts: [{ grams: 5 }, { grams: 7 }],
            content: { __typename: 'Book', pages: 90 },
          },
          { id: 'b', size: { width: 4, height: 5 }, parts: [], content: { __typename: 'Disc', minutes: 30 } },
          { id: 'c', size: { width: 1, height: 1 }, parts: [{ grams: 1 }], content: null },
        ],
        'Box.price': (_, { currency }) => (currency === 'JPY' ? 1_500 : currency === 'USD' ? 11 : 10),
      },
    },
    weights: {
      sdl: `type Box @key(fields: "id") { id: ID! size: Size! @external parts: [Part!]! @external
          area: Int @requires(fields: "size { width height }") grams: Int @requires(fields: "parts { grams }") }
        type Size @external { width: Int! height: Int! } type Part @external { grams: Int! } type Query { scales: Int }`,
      resolvers: {
        'Box.area': ({ size }) => (size as { width: number }).width * (size as { height: number }).height,
        'Box.grams': ({ parts }) => (parts as { grams: number }[]).reduce((sum, { grams }) => sum + grams, 0),
      },
    },
    shipping: {
      sdl: `type Box @key(fields: "id") { id: ID! area: Int @external grams: Int @external price(currency: String): Int @external
          content: Content @external
          cost: Int @requires(fields: "area grams") duty: Int @requires(fields: "price(currency: \\"USD\\")")
          label: String @requires(fields: "content { ... on Book { pages } ... on Disc { minutes } }")
          total: Int @requires(fields: "area price(currency: \\"USD\\")") }
        union Content = Book | Disc type Book @external { pages: Int } type Disc @external { minutes: Int } type Query { rates: Int }`,
      resolvers: {
        'Box.cost': ({ area, grams }) => (area as number) + (grams as number),
        'Box.duty': ({ price }) => (price as number) * 2,
        'Box.total': ({ area, price }) => (area as number) + (price as number),
        'Box.label': ({ content }) => {
          const { pages, minutes } = (content ?? {}) as { pages?: number; minutes?: number };
          return pages === undefined ? (minutes === undefined ? 'empty' : `${minutes} min`) : `${pages} p`;
        },
      },
    },
  };

  it('of what requires something itself is asked for in the order that needs', async () => {
    const { data, asked } = await agree(toys, '{ boxes { cost } }');
    expect(data).toEqual({ boxes: [{ cost: 18 }, { cost: 20 }, { cost: 2 }] });
    expect(asked.map(({ service }) => service)).toEqual(['catalogue', 'weights', 'shipping']);
  });

  it('of objects, lists and members of a union hands over just those', async () => {
    const { data, asked } = await agree(toys, '{ boxes { area grams label } }');
    expect(data).toEqual({
      boxes: [
        { area: 6, grams: 12, label: '90 p' },
        { area: 20, grams: 0, label: '30 min' },
        { area: 1, grams: 1, label: 'empty' },
      ],
    });
    const { representations } = asked.find(({ service }) => service === 'shipping')!.variables as {
      representations: unknown[];
    };
    expect(representations).toEqual([
      { __typename: 'Box', id: 'a', content: { pages: 90 } },
      { __typename: 'Box', id: 'b', content: { minutes: 30 } },
      { __typename: 'Box', id: 'c', content: null },
    ]);
  });

  it('with arguments is another field than the client’s with its own', async () => {
    const query = 'query ($c: String) { boxes { yen: price(currency: $c) price duty total } }';
    expect((await agree(toys, query, { c: 'JPY' }, { apollo: 'errs' })).data).toEqual({
      boxes: [
        { yen: 1_500, price: 10, duty: 22, total: 17 },
        { yen: 1_500, price: 10, duty: 22, total: 31 },
        { yen: 1_500, price: 10, duty: 22, total: 12 },
      ],
    });
  });

  it('whose subgraph is away leaves holes behind it alone', async () => {
    const { data, errors } = await agree(toys, '{ boxes { id price cost } }', {}, { away: 'weights' });
    expect(data).toEqual({ boxes: ['a', 'b', 'c'].map((id) => ({ id, price: 10, cost: null })) });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  });
});

describe('what several subgraphs know', () => {
  const toys: Toys = {
    reviews: {
      sdl: `type Query { reviews: [Review!]! shop: Shop @shareable }
        type Review { text: String author: Person @provides(fields: "name") stranger: Person }
        type Person @key(fields: "id") { id: ID! name: String @external karma: Int }
        type Shop @shareable { name: String open: Hours } type Hours @shareable { from: Int }`,
      resolvers: {
        'Query.reviews': () => [{ text: 'Good', author: { id: '1', name: 'Ada here' }, stranger: { id: '1' } }],
        'Query.shop': () => ({ name: 'Souk', open: { from: 9 } }),
        'Person.karma': ({ id }) => Number(id) * 7,
      },
    },
    people: {
      sdl: `type Person @key(fields: "id") { id: ID! name: String @shareable email: String }
        type Query { shop: Shop @shareable } type Shop @shareable { name: String staff: Int } `,
      resolvers: {
        'Person.name': () => 'Ada there',
        'Person.email': ({ id }) => `${id}@people.example`,
        'Query.shop': () => ({ name: 'Souk', staff: 3 }),
      },
    },
  };

  it('is taken where it is @provided, and asked of its owner elsewhere', async () => {
    const provided = await agree(toys, '{ reviews { author { name } } }');
    expect([provided.data, provided.asked.length]).toEqual([{ reviews: [{ author: { name: 'Ada here' } }] }, 1]);
    const { data } = await agree(toys, '{ reviews { author { name email karma } stranger { name } } }');
    expect(data).toEqual({
      reviews: [{ author: { name: 'Ada here', email: '1@people.example', karma: 7 }, stranger: { name: 'Ada there' } }],
    });
  });

  it('is put together from root fields that share a name', async () => {
    const { data, asked } = await agree(toys, '{ shop { name staff open { from } } also: shop { staff } }');
    expect(data).toEqual({ shop: { name: 'Souk', staff: 3, open: { from: 9 } }, also: { staff: 3 } });
    expect(new Set(asked.map(({ service }) => service))).toEqual(new Set(['reviews', 'people']));
  });

  it('is read where its subgraph calls its root types differently', async () => {
    const renamed: Toys = {
      ...toys,
      counters: {
        sdl: `schema { query: Questions mutation: Commands } type Questions { count: Int! people: [Person!]! }
          type Commands { add(by: Int!): Questions! } type Person @key(fields: "id") { id: ID! visits: Int }`,
        resolvers: {
          'Questions.count': () => 1,
          'Questions.people': () => [{ id: '4' }],
          'Commands.add': () => ({}),
          'Person.visits': ({ id }) => Number(id) * 10,
        },
      },
    };
    const { data } = await agree(renamed, '{ __typename count people { name visits } reviews { author { visits } } }');
    expect(data).toEqual({
      __typename: 'Query',
      count: 1,
      people: [{ name: 'Ada there', visits: 40 }],
      reviews: [{ author: { visits: 10 } }],
    });
    const mutation = 'mutation { __typename add(by: 2) { __typename count shop { staff } } }';
    const changed = await agree(renamed, mutation, {}, { apollo: 'errs' });
    expect(changed.data).toEqual({
      __typename: 'Mutation',
      add: { __typename: 'Query', count: 1, shop: { staff: 3 } },
    });
  });

  it('is asked of the one that took it over by @override', async () => {
    const moved: Toys = {
      old: {
        sdl: `type Query { bills: [Bill!]! } type Bill @key(fields: "id") { id: ID! amount: Int note: String size: Int }`,
        resolvers: {
          'Query.bills': () => [{ id: '1' }],
          'Bill.amount': () => 1,
          'Bill.size': () => 5,
          'Bill.note': () => 'old',
        },
      },
      young: {
        sdl: `type Bill @key(fields: "id") { id: ID! size: Int @external amount: Int @override(from: "old") @requires(fields: "size") }
          type Query { youngest: Bill }`,
        resolvers: { 'Bill.amount': ({ size }) => (size as number) * 100, 'Query.youngest': () => ({ id: '2' }) },
      },
    };
    expect((await agree(moved, '{ bills { amount note } youngest { amount } }')).data).toEqual({
      bills: [{ amount: 500, note: 'old' }],
      youngest: { amount: 500 },
    });
  });
});

describe('mutations', () => {
  const counters = (): Toys => {
    let value = 5;
    const add = (by: unknown): number => {
      value += by as number;
      return value;
    };
    return {
      adding: {
        sdl: 'type Query { value: Int! } type Mutation { add(by: Int!): Int! added(by: Int!): Sum }  type Sum @key(fields: "value") { value: Int! }',
        resolvers: {
          'Mutation.add': (_, { by }) => add(by),
          'Mutation.added': (_, { by }) => ({ value: add(by) }),
          'Query.value': () => value,
        },
      },
      multiplying: {
        sdl: 'type Query { one: Int } type Mutation { multiply(by: Int!): Int! } type Sum @key(fields: "value") { value: Int! twice: Int }',
        resolvers: {
          'Mutation.multiply': (_, { by }) => add(value * ((by as number) - 1)),
          'Sum.twice': ({ value: of }) => (of as number) * 2,
        },
      },
    };
  };

  it('of several subgraphs run in the order of the document, fragments unfolded', async () => {
    const query = `mutation ($by: Int!) { a: add(by: 1) m: multiply(by: $by) ...More s: added(by: 3) { twice t: __typename } }
      fragment More on Mutation { b: add(by: 10) ... on Mutation { n: multiply(by: 2) } }`;
    expect((await agree(counters, query, { by: 4 })).data).toEqual({
      a: 6,
      m: 24,
      b: 34,
      n: 68,
      s: { twice: 142, t: 'Sum' },
    });
  });

  it('leave out what conditions take away, and nothing else', async () => {
    const query = `mutation ($yes: Boolean!) { a: add(by: 1) @skip(if: $yes) ... @include(if: $yes) { b: add(by: 2) }
      c: multiply(by: 3) @include(if: $yes) @skip(if: false) d: add(by: 4) @include(if: false) }`;
    expect((await agree(counters, query, { yes: true })).data).toEqual({ b: 7, c: 21 });
    expect((await agree(counters, query, { yes: false })).data).toEqual({ a: 6 });
  });
});
