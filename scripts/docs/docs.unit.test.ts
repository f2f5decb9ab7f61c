import type { FactInfo } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { eventsMarkdown, eventsPage } from './events.ts';
import { FactSourceError, readFacts } from './facts.ts';
import { framed } from './html.ts';
import { readReference, rolesOf } from './model.ts';
import { housePage, hrefOf, indexPage, sharedPage } from './pages.ts';
import { searchScript } from './search.ts';

const supergraph = `
schema { query: Query mutation: Mutation }
enum join__Graph { ORDERS @join__graph(name: "orders", url: "") USERS @join__graph(name: "users", url: "") }
type Query @join__type(graph: ORDERS) @join__type(graph: USERS) {
  "One order."
  order("Which <one>." id: ID! = "1"): Order @join__field(graph: ORDERS)
  "Everyone."
  users: [User!] @join__field(graph: USERS) @requiresScopes(scopes: [["support:read"]]) @tag(name: "admin")
}
type Mutation @join__type(graph: USERS) { "Changes it." rename(input: RenameInput!): User @authenticated }
"What was \`bought\`."
type Order @join__type(graph: ORDERS, key: "id") { id: ID! "Its price." total: Money "By whom." by: User note: String @deprecated(reason: "Use total. Removal after 2027-01-01") }
"A person."
type User @join__type(graph: ORDERS, key: "id") @join__type(graph: USERS, key: "id") {
  id: ID!
  "Who."
  name: String @join__field(graph: USERS)
  email: String @join__field(graph: USERS)
  "Bought."
  orders: [Order!] @join__field(graph: ORDERS)
}
"Money."
type Money @join__type(graph: ORDERS) @join__type(graph: USERS) { amount: Int }
input RenameInput @join__type(graph: USERS) { "New." name: String = "x" }
`;
const open =
  'type Query { order(id: ID!): Order } type Order { id: ID! total: Money by: User note: String } type User { id: ID! name: String orders: [Order!] email: String } type Money { amount: Int }';
const reference = readReference(supergraph, open);

describe('the reference', () => {
  it('knows who owns what, who is shown it and who may ask', () => {
    const told = (name: string) => {
      const { owner, isPublic, usedBy } = reference.types.get(name)!;
      return { owner, isPublic, usedBy };
    };
    expect(reference.houses).toEqual(['orders', 'users']);
    expect(told('User')).toEqual({
      owner: 'users',
      isPublic: true,
      usedBy: ['Query.users', 'Mutation.rename', 'Order.by'],
    });
    expect(told('Money')).toEqual({ owner: null, isPublic: true, usedBy: ['Order.total'] });
    expect(told('RenameInput')).toEqual({ owner: 'users', isPublic: false, usedBy: ['Mutation.rename'] });
    const users = reference.types.get('Query')!.members.find(({ name }) => name === 'users')!;
    expect({ roles: rolesOf(users.guard), isPublic: users.isPublic, houses: users.houses }).toEqual({
      roles: ['SUPPORT', 'ADMIN'],
      isPublic: false,
      houses: ['users'],
    });
    expect([...reference.types.keys()].filter((name) => name.includes('__'))).toEqual([]);
  });

  it('has a place for everything, and every link leads to one', () => {
    expect(hrefOf(reference, 'Query.order')).toBe('orders.html#Query.order');
    expect(hrefOf(reference, 'Money')).toBe('shared.html#Money');
    expect(hrefOf(reference, 'String')).toBeNull();
    const pages = [
      indexPage(reference, new Map()),
      ...reference.houses.map((house) => housePage(reference, house, 'Its *words*.')),
      sharedPage(reference),
    ];
    const texts = new Map(pages.map((page) => [page.file, framed(page, [])]));
    const dead = [...texts].flatMap(([file, text]) =>
      [...text.matchAll(/href="([^"#]*)(?:#([^"]+))?"/g)].flatMap(([, page, id]) => {
        if (['style.css', 'events.html'].includes(page!)) return [];
        const target = texts.get(page || file);
        return target && (!id || target.includes(`id="${id}"`)) ? [] : [`${file}: ${page}#${id}`];
      }),
    );
    expect(dead).toEqual([]);
  });

  it('tells a field with its arguments, owner, roles and deprecation, and nothing of a description is markup', () => {
    const orders = housePage(reference, 'orders', '').body;
    expect(orders).toContain('Which &lt;one&gt;.');
    expect(orders).toContain('<code>bought</code>');
    expect(orders).toContain('= &quot;1&quot;');
    expect(orders).toContain('<strong>Deprecated.</strong> Use total. Removal after 2027-01-01');
    // A field that orders adds to a person of users.
    expect(orders).toContain('Fields on types of others');
    const users = housePage(reference, 'users', '').body;
    expect(users).toContain('SUPPORT · ADMIN');
    expect(users).toContain('signed in');
    expect(users).toMatch(/User\.orders[\s\S]*<a class="badge house" href="orders.html">orders<\/a>/);
  });

  it('can be searched', () => {
    const script = searchScript(reference, []);
    expect(script).toMatch(/^window\.soukIndex = \[/);
    expect(JSON.parse(script.slice('window.soukIndex = '.length, -2))).toContainEqual([
      'Query.order',
      'field',
      'orders.html#Query.order',
      'One order.',
    ]);
  });
});

const source = `import type { Fact } from './envelope.ts';

/** A line of it. */
export interface Line {
  id: string;
}

/** Somebody bought. State. Heard by stock. Keyed by orderId. */
export type OrderMade = Fact<
  'orders.OrderMade',
  {
    orderId: string;
    lines: Line[];
  }
>;

/** It is over. State. Keyed by orderId. */
export type OrderEnded = Fact<'orders.OrderEnded', { orderId: string }>;

export type OrdersFact = OrderMade | OrderEnded;
`;
const info: FactInfo = { kind: 'state', personal: ['lines'], heardBy: ['stock'] };
const registry = { 'orders.OrderMade': info, 'orders.OrderEnded': { ...info, personal: [], heardBy: [] } };
const read = (text: string, known: Readonly<Record<string, FactInfo>> = registry) =>
  readFacts('orders', text, known, (type) => `{ "type": "${type}" }\n`);

describe('the catalogue of facts', () => {
  it('is read from the source', () => {
    expect(read(source)).toEqual([
      {
        ...info,
        type: 'orders.OrderMade',
        house: 'orders',
        meaning: 'Somebody bought.',
        key: 'orderId',
        data: '{\n  orderId: string;\n  lines: Line[];\n}',
        parts: [{ name: 'Line', meaning: 'A line of it.', source: 'export interface Line {\n  id: string;\n}' }],
        example: '{ "type": "orders.OrderMade" }',
      },
      expect.objectContaining({ type: 'orders.OrderEnded', data: '{ orderId: string }', parts: [], heardBy: [] }),
    ]);
  });

  it.each([
    ['a fact that nobody registered', source, {}, /is declared and not in schema\/events\/index\.ts/],
    [
      'a fact that nobody declares',
      source,
      { ...registry, 'orders.OrderLost': info },
      /No declaration was found of orders\.OrderLost/,
    ],
    [
      'a fact without a key',
      source.replace('Keyed by orderId. */\nexport type OrderMade', '*/\nexport type OrderMade'),
      registry,
      /what it is keyed by/,
    ],
    ['a fact without a meaning', source.replace('Somebody bought. ', ''), registry, /what it means/],
    [
      'a fact of another name',
      source.replace("'orders.OrderMade'", "'orders.OrderBegun'"),
      { ...registry, 'orders.OrderBegun': info },
      /is called OrderMade/,
    ],
  ])('refuses %s', (_, text, known, message) => {
    expect(() => read(text, known)).toThrow(FactSourceError);
    expect(() => read(text, known)).toThrow(message);
  });

  it('tells each fact whole, as Markdown and as a page', () => {
    const markdown = eventsMarkdown(read(source));
    expect(markdown).toContain('| [orders.OrderMade](#ordersordermade) | stock | orderId | state |');
    expect(markdown).toContain('Heard by stock. Keyed by orderId. State. Personal fields: lines.');
    expect(markdown).toContain('Heard by nobody yet. Keyed by orderId. State. Personal fields: none.');
    const { body } = eventsPage(read(source));
    for (const text of [
      'Somebody bought.',
      'lines: Line[];',
      '&quot;type&quot;: &quot;orders.OrderMade&quot;',
      'nobody yet',
    ])
      expect(body).toContain(text);
  });
});
