import { type ExecutionResult, type GraphQLError, graphqlSync, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { askerOf, learn, prepare, viewers } from './admission.testing.ts';
import { authorization } from './authorization.ts';

const { schema, rules } = learn(`
  type Query {
    shop: Shop
    node: Node
    staff: [Person!]! @requiresScopes(scopes: [["support:read"], ["finance:read"]])
    books: Books @requiresScopes(scopes: [["finance:read"]])
    me: Person @authenticated
  }
  type Mutation {
    pay: Paid! @requiresScopes(scopes: [["finance:write"]])
    note: Paid @requiresScopes(scopes: [["finance:write"]])
    hire: Paid! @policy(policies: [["person"]])
    greet: Paid!
  }
  type Subscription { told: Books @requiresScopes(scopes: [["finance:read"]]) greeted: Shop }
  interface Node { id: ID! margin: Int }
  type Shop implements Node @join__implements(graph: A, interface: "Node") {
    id: ID!
    name: String
    margin: Int @requiresScopes(scopes: [["finance:read"]])
    total: Int @join__field(graph: A, requires: "margin books { balance }")
    deep: Int @join__field(graph: A, requires: "total")
    secret: Int! @requiresScopes(scopes: [["finance:read"]])
    people(first: Int): [Person!]!
    books: Books
    code: Code
  }
  type Person implements Node { id: ID! name: String margin: Int shop: Shop salary: Int @requiresScopes(scopes: [["finance:read"]]) }
  type Books @requiresScopes(scopes: [["finance:read"]]) { balance: Int }
  type Paid { ok: Boolean }
  scalar Code @authenticated
`);
const stage = authorization(() => rules);

const data = {
  shop: {
    __typename: 'Shop',
    id: 's',
    name: 'Souk',
    margin: 4,
    total: 5,
    deep: 6,
    secret: 7,
    code: 'c',
    books: { balance: 8 },
    people: [
      {
        __typename: 'Person',
        id: 'a',
        name: 'A',
        salary: 1,
        shop: { __typename: 'Shop', id: 's', secret: 7, name: 'Souk' },
      },
      { __typename: 'Person', id: 'b', name: 'B', salary: 2, shop: null },
    ],
  },
  node: { __typename: 'Shop', id: 's', margin: 4, name: 'Souk' },
  staff: [],
  books: { balance: 8 },
  me: { __typename: 'Person', name: 'Me' },
};

type Who = keyof typeof viewers;

/** What a viewer is answered, and what was asked of the houses for it. */
function ask(who: Who, text: string, variables: Record<string, unknown> = {}) {
  const prepared = prepare(schema, text);
  expect(validate(schema, prepared.document)).toEqual([]);
  const admission = stage(prepared, variables, askerOf(viewers[who]));
  if (admission instanceof Promise) throw new Error('it needs nobody to wait for');
  const document = admission?.narrowed?.document ?? prepared.document;
  expect(validate(schema, document)).toEqual([]);
  const source = print(document);
  const result = graphqlSync({ schema, source, rootValue: data, variableValues: variables });
  const shown: ExecutionResult = admission?.reshape?.(result) ?? result;
  return {
    asked: source.replace(/\s+/g, ' ').trim(),
    data: shown.data && JSON.parse(JSON.stringify(shown.data)),
    errors: (shown.errors ?? []).map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`),
  };
}

function refusal(who: Who, text: string): GraphQLError {
  try {
    ask(who, text);
  } catch (error) {
    return error as GraphQLError;
  }
  throw new Error('it was let through');
}

describe('authorization', () => {
  it('leaves alone what everybody may see', () => {
    expect(stage(prepare(schema, '{ shop { name } }'), {}, askerOf(viewers.anonymous))).toBeUndefined();
  });
  it('takes a field away before it is asked for, and answers null with an error at its place', () => {
    expect(ask('support', '{ shop { name margin id } }')).toEqual({
      asked: '{ shop { name margin: __typename id } }',
      data: { shop: { name: 'Souk', margin: null, id: 's' } },
      errors: ['shop.margin FORBIDDEN'],
    });
    expect(ask('finance', '{ shop { margin } }').data).toEqual({ shop: { margin: 4 } });
  });
  it('tells whoever has shown nothing to sign in, and others that they may not', () => {
    expect(ask('anonymous', '{ me { name } }').errors).toEqual(['me UNAUTHENTICATED']);
    expect(ask('guest', '{ me { name } }').errors).toEqual(['me UNAUTHENTICATED']);
    expect(ask('app', '{ me { name } }').errors).toEqual(['me FORBIDDEN']);
    expect(ask('customer', '{ me { name } }')).toMatchObject({ data: { me: { name: 'Me' } }, errors: [] });
  });
  it('sees through aliases, fragments and conditions', () => {
    const text = `query ($no: Boolean!) {
      shop { gain: margin ...Parts ... @include(if: $no) { m: margin } n: name @skip(if: $no) }
    } fragment Parts on Shop { other: margin ... on Node { nested: margin } }`;
    expect(ask('customer', text, { no: false })).toMatchObject({
      data: { shop: { gain: null, other: null, nested: null, n: 'Souk' } },
      errors: ['shop.gain FORBIDDEN', 'shop.other FORBIDDEN', 'shop.nested FORBIDDEN'],
    });
    expect(ask('customer', text, { no: true }).data).toEqual({
      shop: { gain: null, other: null, nested: null, m: null },
    });
  });
  it('tells each place in a list', () => {
    expect(ask('support', '{ shop { people(first: 2) { salary name } } }')).toMatchObject({
      data: {
        shop: {
          people: [
            { salary: null, name: 'A' },
            { salary: null, name: 'B' },
          ],
        },
      },
      errors: ['shop.people.0.salary FORBIDDEN', 'shop.people.1.salary FORBIDDEN'],
    });
  });
  it('takes what cannot be null away with what holds it', () => {
    expect(ask('support', '{ shop { name secret } }')).toMatchObject({
      data: { shop: null },
      errors: ['shop.secret FORBIDDEN'],
    });
    expect(ask('support', '{ shop { name people { name shop { name secret } } } }')).toMatchObject({
      data: {
        shop: {
          name: 'Souk',
          people: [
            { name: 'A', shop: null },
            { name: 'B', shop: null },
          ],
        },
      },
      errors: ['shop.people.0.shop.secret FORBIDDEN'],
    });
  });
  it('asks of a field of an interface what any of its types asks', () => {
    expect(ask('support', '{ node { id margin } }')).toMatchObject({
      data: { node: { id: 's', margin: null } },
      errors: ['node.margin FORBIDDEN'],
    });
    expect(ask('support', '{ node { ... on Person { margin } ... on Shop { name } } }')).toMatchObject({
      data: { node: { name: 'Souk' } },
      errors: [],
    });
  });
  it('asks of a field what the fields ask that it is computed from, on and on', () => {
    expect(ask('support', '{ shop { total deep name } }')).toMatchObject({
      data: { shop: { total: null, deep: null, name: 'Souk' } },
      errors: ['shop.total FORBIDDEN', 'shop.deep FORBIDDEN'],
    });
    expect(ask('finance', '{ shop { total deep } }').errors).toEqual([]);
  });
  it('asks of a field what its type asks, of an object and of a scalar', () => {
    expect(ask('support', '{ shop { books { balance } } }')).toMatchObject({
      data: { shop: { books: null } },
      errors: ['shop.books FORBIDDEN'],
    });
    expect(ask('anonymous', '{ shop { code } }').errors).toEqual(['shop.code UNAUTHENTICATED']);
    expect(ask('customer', '{ shop { code } }').data).toEqual({ shop: { code: 'c' } });
  });
  it('refuses a whole operation whose root could not be null, so that nothing of it is done', () => {
    const error = refusal('support', 'mutation { greet { ok } mine: pay { ok } }');
    expect([error.extensions.code, error.extensions.http, error.path]).toEqual([
      'FORBIDDEN',
      { status: 403 },
      ['mine'],
    ]);
    expect(refusal('anonymous', 'mutation { pay { ok } }').extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      http: { status: 401 },
    });
    expect(refusal('anonymous', 'query { ...Q } fragment Q on Query { staff { name } }').path).toEqual(['staff']);
  });
  it('does the rest of an operation where a root can be null', () => {
    expect(ask('support', 'mutation { note { ok } }')).toMatchObject({
      data: { note: null },
      errors: ['note FORBIDDEN'],
    });
  });
  it('refuses a subscription to what cannot be seen, and narrows one to what can', () => {
    expect(refusal('support', 'subscription { told { balance } }').extensions.code).toBe('FORBIDDEN');
    const { asked } = ask('support', 'subscription { greeted { name margin } }');
    expect(asked).toBe('subscription { greeted { name margin: __typename } }');
  });
  it('goes by an app’s scopes, and lets no app be a person', () => {
    expect(ask('app', 'mutation { pay { ok } }').errors).not.toContain('pay FORBIDDEN');
    expect(refusal('app', 'mutation { hire { ok } }').extensions.code).toBe('FORBIDDEN');
    expect(ask('app', '{ shop { margin } }').errors).toEqual(['shop.margin FORBIDDEN']);
  });
  it('leaves no variable and no fragment behind that nothing uses', () => {
    const text = `query Q($n: Int, $m: Int) { books { ...B } shop { people(first: $m) { name } } staff: shop { people(first: $n) { salary } } }
      fragment B on Books { balance }`;
    expect(ask('support', text).asked).toBe(
      'query Q($n: Int, $m: Int) { books: __typename shop { people(first: $m) { name } } staff: shop { people(first: $n) { salary: __typename } } }',
    );
    expect(
      ask(
        'support',
        'query ($n: Int) { shop { name } books { b: balance @skip(if: false) } node { id } me { shop { people(first: $n) { id } } } }',
      ).errors,
    ).toEqual(['books FORBIDDEN']);
  });
  it('changes nothing in an answer that others were given too', () => {
    const admission = stage(prepare(schema, '{ shop { margin name } }'), {}, askerOf(viewers.support));
    if (!admission || admission instanceof Promise) throw new Error('it is narrowed');
    const shared = { data: { shop: { margin: 'Shop', name: 'Souk' } } };
    expect(admission.reshape?.(shared).data).toEqual({ shop: { margin: null, name: 'Souk' } });
    expect(shared).toEqual({ data: { shop: { margin: 'Shop', name: 'Souk' } } });
  });
  it('names one document for everybody who stands alike', () => {
    const prepared = prepare(schema, '{ shop { margin } }');
    const by = (who: Who) => {
      const admission = stage(prepared, {}, askerOf(viewers[who]));
      return admission && !(admission instanceof Promise) ? admission.narrowed : undefined;
    };
    expect(by('anonymous')?.document).toBe(by('guest')?.document);
    expect(by('support')?.key).not.toBe(by('customer')?.key);
    expect(by('finance')).toBeUndefined();
  });
});
