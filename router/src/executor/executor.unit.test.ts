import { systemError } from '@souk/kit';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeExecutor } from './executor.ts';
import { anybody, type Federation, federate, type Toy } from './federation.testing.ts';

const run = async ({ supergraphSdl, asks }: Federation, query: string, variables: Record<string, unknown> = {}) => {
  const executor = makeExecutor({ supergraphSdl, asks });
  return plain(await executor.execute({ document: parse(query), variables, context: anybody() }));
};
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

const LAMPS = [
  { id: '1', name: 'Lamp', weight: 3, maker: { id: 'm1' } },
  { id: '2', name: 'Desk', weight: 20, maker: { id: 'm2' } },
  { id: '3', name: 'Mug', weight: 1, maker: { id: 'm1' } },
];

const products: Toy = {
  sdl: `
    type Query { products: [Product!]! first: Product lost: Product things: [Thing!]! thing(id: ID!): Thing }
    type Mutation { rename(id: ID!, name: String!): Product }
    type Product implements Thing @key(fields: "id") { id: ID! name: String! weight(unit: String): Int constructor: String maker: Maker }
    type Parcel implements Thing { id: ID! size: Int }
    interface Thing { id: ID! }
    type Maker @key(fields: "id") { id: ID! }`,
  resolvers: {
    'Query.products': () => LAMPS,
    'Query.first': () => LAMPS[0],
    'Query.lost': () => ({ id: '404', name: 'Lost' }),
    'Query.things': () => [
      { __typename: 'Product', ...LAMPS[0] },
      { __typename: 'Parcel', id: 'p', size: 4 },
    ],
    'Query.thing': (_, { id }) => ({ __typename: 'Parcel', id, size: 9 }),
    'Mutation.rename': (_, { id, name }) => ({ id, name }),
    'Product.weight': ({ weight }, { unit }) => (unit === 'grams' ? (weight as number) * 1_000 : weight),
    'Product.constructor': ({ name }) => `built by hand: ${name}`,
  },
  entity: ({ id }) => LAMPS.find((lamp) => lamp.id === id) ?? null,
};
const shipping: Toy = {
  sdl: `
    type Product @key(fields: "id") { id: ID! weight(unit: String): Int @external shippingCost: Int! @requires(fields: "weight") stock: Int }
    type Query { shippingContext: String }`,
  resolvers: {
    'Product.shippingCost': ({ weight, id }) => {
      if (id === '2') throw systemError('INTERNAL', 'too heavy');
      return (weight as number) * 10;
    },
    'Product.stock': ({ id }) => {
      if (id === '2') throw systemError('INTERNAL', 'no stock');
      return Number(id);
    },
  },
  entity: (representation) => (representation.id === '404' ? null : representation),
};
const makers: Toy = {
  sdl: 'type Maker @key(fields: "id") { id: ID! title: String country: String } type Query { makers: Int }',
  resolvers: {
    'Maker.title': ({ id }) => {
      if (id === 'm1') throw systemError('INTERNAL', 'unnamed');
      return `Maker ${id}`;
    },
    'Maker.country': ({ id }) => `Country of ${id}`,
  },
};
const shop = () => federate({ products, shipping, makers });

describe('names', () => {
  it('a client’s alias is never taken for a key that the planner adds', async () => {
    const query = '{ first { id: name stock } }';
    expect(await run(shop(), query)).toEqual({ data: { first: { id: 'Lamp', stock: 1 } } });
    // Apollo's executor sends the name as the id.
    expect(plain(await shop().stock(query))).not.toEqual({ data: { first: { id: 'Lamp', stock: 1 } } });
  });

  it('a client’s arguments never reach what the planner requires', async () => {
    const query = '{ first { weight(unit: "grams") shippingCost } }';
    expect(await run(shop(), query)).toEqual({ data: { first: { weight: 3_000, shippingCost: 30 } } });
  });

  it('every name is data: those that objects inherit too', async () => {
    const query = `{ first {
      __proto__: name constructor: stock toString: weight hasOwnProperty: id valueOf: maker { then: id } } }`;
    const { supergraphSdl, asks } = shop();
    const executor = makeExecutor({ supergraphSdl, asks });
    const { data, errors } = await executor.execute({ document: parse(query), context: anybody() });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toBe(
      '{"first":{"__proto__":"Lamp","constructor":1,"toString":3,"hasOwnProperty":"1","valueOf":{"then":"m1"}}}',
    );
    expect(({} as Record<string, unknown>).name).toBeUndefined();
  });

  it('a field called like what objects inherit is read, and is null where nothing came', async () => {
    expect(await run(shop(), '{ first { constructor } }')).toEqual({
      data: { first: { constructor: 'built by hand: Lamp' } },
    });
    const silent = federate({
      products: { ...products, resolvers: { ...products.resolvers, 'Product.constructor': () => null } },
      shipping,
      makers,
    });
    expect((await run(silent, '{ first { constructor } }')).data.first.constructor).toBeNull();
  });

  it('a variable may be called as the planner calls its own', async () => {
    const query =
      'query ($representations: String, $_r0: ID!) { first { weight(unit: $representations) stock } thing(id: $_r0) { id } }';
    const answer = await run(shop(), query, { representations: 'grams', _r0: 'x' });
    expect(answer).toEqual({ data: { first: { weight: 3_000, stock: 1 }, thing: { id: 'x' } } });
  });

  it('the answer has the client’s order and merges what it selects twice', async () => {
    const query = `query { ...A first { maker { country } name } } fragment A on Query { first { maker { id } b: id a: name } }`;
    const { data } = await run(shop(), query);
    expect(JSON.stringify(data)).toBe(
      '{"first":{"maker":{"id":"m1","country":"Country of m1"},"b":"1","a":"Lamp","name":"Lamp"}}',
    );
  });
});

describe('errors', () => {
  it('stand at the place in the client’s answer, with list indexes and aliases', async () => {
    const { data, errors } = await run(shop(), '{ all: products { left: stock } }');
    expect(data).toEqual({ all: [{ left: 1 }, { left: null }, { left: 3 }] });
    expect(errors).toMatchObject([
      { message: 'no stock', path: ['all', 1, 'left'], extensions: { code: 'INTERNAL', serviceName: 'shipping' } },
    ]);
  });

  it('stand at every place of an entity that was asked for once', async () => {
    const shops = shop();
    const { data, errors } = await run(shops, '{ products { maker { title } } }');
    expect(data.products.map(({ maker }: { maker: object }) => maker)).toEqual([
      { title: null },
      { title: 'Maker m2' },
      { title: null },
    ]);
    expect(errors.map(({ path }: GraphQLError) => path)).toEqual([
      ['products', 0, 'maker', 'title'],
      ['products', 2, 'maker', 'title'],
    ]);
    expect(shops.asked.find(({ service }) => service === 'makers')!.variables!.representations).toHaveLength(2);
  });

  it('a null goes up to the nearest place that may be null, explained by the error that caused it', async () => {
    const { data, errors } = await run(shop(), '{ first { name } products { name shippingCost } }');
    expect(data).toBeNull();
    expect(errors.map(({ path }: GraphQLError) => path)).toEqual([['products', 1, 'shippingCost']]);
  });

  it('a null that nobody explains is an error of its own', async () => {
    expect(await run(shop(), '{ lost { name shippingCost } }')).toEqual({
      data: { lost: null },
      errors: [
        {
          message: 'The subgraphs gave no Product.shippingCost, which may not be null.',
          path: ['lost', 'shippingCost'],
          extensions: { code: 'INTERNAL' },
        },
      ],
    });
    // Apollo's executor tells nothing of it in `errors`.
    expect((await shop().stock('{ lost { name shippingCost } }')).errors).toBeUndefined();
  });

  it('a subgraph that is away is one error and a hole', async () => {
    const away = federate({ products, shipping, makers }, (service, ask) =>
      service === 'shipping'
        ? async () => ({ data: null, errors: [systemError('SUBGRAPH_UNAVAILABLE', 'away', { subgraph: service })] })
        : ask,
    );
    expect(await run(away, '{ first { name stock } }')).toMatchObject({
      data: { first: { name: 'Lamp', stock: null } },
      errors: [{ path: ['first', 'stock'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'shipping' } }],
    });
    const { errors } = await run(away, '{ products { name stock } }');
    expect(errors).toHaveLength(1);
    expect(errors[0].path).toBeUndefined();
  });

  it('a subgraph that breaks its word is an error, never a wrong entity', async () => {
    const wrong = federate({ products, shipping, makers }, (service, ask) =>
      service === 'shipping' ? async () => ({ data: { _entities: [{ stock: 9 }] } }) : ask,
    );
    const { data, errors } = await run(wrong, '{ products { stock } }');
    expect(data).toEqual({ products: [{ stock: null }, { stock: null }, { stock: null }] });
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL', serviceName: 'shipping' } }]);
    const thrown = federate({ products, shipping, makers }, (service, ask) =>
      service === 'shipping' ? async () => Promise.reject(new Error('boom')) : ask,
    );
    expect((await run(thrown, '{ first { stock } }')).data).toEqual({ first: { stock: null } });
  });

  it('an operation that no subgraph answers is refused as a whole', async () => {
    const { supergraphSdl, asks } = shop();
    const { QueryPlanner } = await import('@apollo/query-planner');
    const { buildQueryPlan } = QueryPlanner.prototype;
    QueryPlanner.prototype.buildQueryPlan = () => ({ kind: 'QueryPlan' });
    try {
      const executor = makeExecutor({ supergraphSdl, asks });
      const answer = await executor.execute({ document: parse('{ first { id } }'), context: anybody() });
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } }]);
      expect(await executor.execute({ document: parse('{ __typename }'), context: anybody() })).toEqual({
        data: { __typename: 'Query' },
      });
    } finally {
      QueryPlanner.prototype.buildQueryPlan = buildQueryPlan;
    }
  });

  it('variables that do not fit are told before anything is asked', async () => {
    const shops = shop();
    const { data, errors } = await run(shops, 'query ($id: ID!) { thing(id: $id) { id } }');
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(shops.asked).toEqual([]);
  });
});

describe('selections', () => {
  it('obey @skip and @include, by variables and defaults, even where nothing is left', async () => {
    const query = `query ($yes: Boolean! = true, $no: Boolean!) {
      first { id @skip(if: $yes) name @include(if: $no) stock @include(if: true) }
      products @include(if: $no) { id }
      lost { name @skip(if: $yes) }
      ... @include(if: $yes) { things { id } }
      ...F @skip(if: $yes)
    } fragment F on Query { shippingContext }`;
    expect(await run(shop(), query, { no: false })).toEqual({
      data: { first: { stock: 1 }, lost: {}, things: [{ id: '1' }, { id: 'p' }] },
    });
    expect(await run(shop(), '{ first @skip(if: true) { id } }')).toEqual({ data: {} });
  });

  it('tell types apart', async () => {
    const query = '{ things { type: __typename id ... on Product { name stock } ... on Parcel { size } } }';
    const shops = shop();
    const expected = {
      data: {
        things: [
          { type: 'Product', id: '1', name: 'Lamp', stock: 1 },
          { type: 'Parcel', id: 'p', size: 4 },
        ],
      },
    };
    expect(await run(shops, query)).toEqual(expected);
    expect(plain(await shops.stock(query))).toEqual(expected);
  });

  it('mix with questions about the schema', async () => {
    const query = `query ($name: String!) { first { name } kind: __type(name: $name) { ...T } __typename }
      fragment T on __Type { name fields { name } }`;
    const answer = await run(shop(), query, { name: 'Parcel' });
    expect(answer).toEqual({
      data: {
        first: { name: 'Lamp' },
        kind: { name: 'Parcel', fields: [{ name: 'id' }, { name: 'size' }] },
        __typename: 'Query',
      },
    });
  });

  it('of a mutation run in turn and are completed by queries', async () => {
    const shops = shop();
    const query =
      'mutation { a: rename(id: "1", name: "One") { name stock } b: rename(id: "3", name: "Three") { name } }';
    expect(await run(shops, query)).toEqual({ data: { a: { name: 'One', stock: 1 }, b: { name: 'Three' } } });
    expect(shops.asked.map(({ service }) => service)).toEqual(['products', 'shipping']);
  });
});

describe('an event of a subscription', () => {
  const sold: Toy = { ...products, sdl: `${products.sdl} type Subscription { sold(after: String): Product }` };
  const opened = async () => {
    const { supergraphSdl, asks } = federate({ sold, shipping, makers });
    const executor = makeExecutor({ supergraphSdl, asks });
    const query = 'subscription ($after: String) { done: sold(after: $after) { id: name stock } }';
    const subscribed = executor.subscribe({ document: parse(query), variables: { after: 'x' }, context: anybody() });
    if (!('complete' in subscribed)) throw new Error('refused');
    return subscribed;
  };

  it('is completed by the other subgraphs, in the client’s names', async () => {
    const { service, query, variables, complete } = await opened();
    expect([service, { ...variables }]).toEqual(['sold', { after: 'x' }]);
    expect(query).toContain('_p0:sold(after:$after)');
    const data = { _p0: { __typename: 'Product', id: '2', _p1: 'Desk' } };
    const kept = structuredClone(data);
    expect(plain(await complete({ data }, anybody()))).toMatchObject({
      data: { done: { id: 'Desk', stock: null } },
      errors: [{ path: ['done', 'stock'], extensions: { serviceName: 'shipping' } }],
    });
    // Others may hear the same event.
    expect(data).toEqual(kept);
  });

  it('tells its house’s errors at their place', async () => {
    const { complete, place } = await opened();
    const error = new GraphQLError('no name', { path: ['_p0', '_p1'], extensions: { code: 'INTERNAL' } });
    const data = { _p0: { __typename: 'Product', id: '1', _p1: null } };
    const { errors } = await complete({ data, errors: [error] }, anybody());
    expect(errors).toMatchObject([{ message: 'no name', path: ['done', 'id'] }]);
    expect(place([error])).toMatchObject([{ path: ['done', 'id'] }]);
  });
});
