import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Ask } from '../sources.ts';
import { routerContext } from '../upstream.ts';
import { makeExecutor } from './executor.ts';
import { anybody, type Federation, federate, type Toy } from './federation.testing.ts';

const run = async ({ supergraphSdl, asks }: Federation, query: string, variables: Record<string, unknown> = {}) =>
  plain(await makeExecutor({ supergraphSdl, asks }).execute({ document: parse(query), variables, context: anybody() }));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

const people: Toy = {
  sdl: 'type Query { people: [Person!]! me: Person } type Person @key(fields: "id") { id: ID! name: String }',
  resolvers: { 'Query.people': () => [{ id: 'a' }, { id: 'b' }], 'Query.me': () => ({ id: 'a' }) },
  entity: ({ id }) => ({ id, name: `Name of ${id}` }),
};
const reviews: Toy = {
  sdl: `type Person @key(fields: "id") { id: ID! reviews: [Review!] }
    type Book @key(fields: "isbn") { isbn: ID! reviews: [Review!] }
    type Review @key(fields: "id") { id: ID! author: Person book: Book }`,
  resolvers: {
    'Person.reviews': ({ id }) => [{ id: `${id}1`, author: { id }, book: { isbn: id === 'a' ? '1' : '2' } }],
    'Book.reviews': ({ isbn }) => [
      { id: `${isbn}a`, author: { id: 'a' }, book: { isbn } },
      { id: `${isbn}b`, author: { id: 'b' }, book: { isbn } },
    ],
  },
};
const books: Toy = {
  sdl: `type Query { top: [Book!]! }
    type Book @key(fields: "isbn") { isbn: ID! title(upper: Boolean): String pages: Int }`,
  resolvers: {
    'Query.top': () => [{ isbn: '1' }, { isbn: '2' }],
    'Book.title': ({ isbn }, { upper }) => (upper ? `BOOK ${isbn}` : `Book ${isbn}`),
    'Book.pages': ({ isbn }) => Number(isbn) * 100,
  },
};

const HEAVY = `query ($up: Boolean) {
  people { name reviews { book { title(upper: $up) reviews { author { name } } } } }
  top { pages reviews { author { name reviews { book { title(upper: $up) } } } } }
}`;

describe('entity fetches to one subgraph', () => {
  it('go as one call where no step of the plan puts one after the other', async () => {
    const shelf = federate({ people, reviews, books });
    const answer = await run(shelf, HEAVY, { up: true });
    const calls = shelf.asked.length;
    const stock = federate({ people, reviews, books });
    expect(answer).toEqual(plain(await stock.stock(HEAVY, { up: true })));
    // Roots: 2 calls. Then reviews of people and of books together, then titles and names, each house once.
    expect([calls, stock.asked.length]).toEqual([5, 8]);
    const merged = shelf.asked.find(({ query }) => query.includes('_e1:'))!;
    expect(Object.keys(merged.variables!)).toEqual(['_r0', '_r1']);
  });

  it('ask of each entity once, wherever it stands', async () => {
    const shelf = federate({ people, reviews, books });
    await run(
      shelf,
      '{ people { name } me { name reviews { author { name } book { pages } } } top { reviews { book { pages } } } }',
    );
    for (const { variables } of shelf.asked) {
      const lists = Object.values(variables ?? {}).filter(Array.isArray);
      for (const list of lists) expect(new Set(list.map((one) => JSON.stringify(one))).size).toBe(list.length);
    }
  });

  it('wait for no branch that is stuck: what is ready goes ahead', async () => {
    const stuck = Promise.withResolvers<void>();
    const shelf = federate({ people, reviews, books }, (service, ask) =>
      service !== 'people'
        ? ask
        : async (operation, context) => {
            if (operation.query.includes('people')) await stuck.promise;
            return ask(operation, context);
          },
    );
    const answering = run(shelf, HEAVY);
    while (!shelf.asked.some(({ query }) => query.includes('...on Book{reviews'))) await new Promise(setImmediate);
    // The people’s reviews are asked for on their own, later.
    expect(shelf.asked.some(({ query }) => query.includes('...on Person{reviews{'))).toBe(false);
    stuck.resolve();
    expect(await answering).toEqual(await run(federate({ people, reviews, books }), HEAVY));
  });

  it('keep what they bring apart where more is written into it', async () => {
    const shelf = federate({ people, reviews, books });
    const query = `{ people { reviews { book { isbn } } } me { reviews { book { isbn pages title } author { name } } } }`;
    expect(await run(shelf, query)).toEqual(plain(await federate({ people, reviews, books }).stock(query)));
  });
});

/** A subgraph whose answers wait to be let go. */
function held(): { around: (service: string, ask: Ask) => Ask; waiting: (() => void)[] } {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    around: (_service, ask) => async (operation, context) => {
      const answer = ask(operation, context);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answer;
    },
  };
}

const turn = async (): Promise<void> => {
  for (let one = 0; one < 20; one++) await Promise.resolve();
};

describe('the same question asked by many at once', () => {
  it('is one call for those who came before it began', async () => {
    const { around, waiting } = held();
    const shelf = federate({ books }, around);
    const executor = makeExecutor(shelf);
    const ask = () => executor.execute({ document: parse('{ top { title } }'), context: anybody() });
    const first = ask();
    const others = [ask(), ask(), ask()];
    await turn();
    expect(shelf.asked).toHaveLength(1);
    waiting.shift()!();
    const answer = await first;
    await turn();
    // They came while it was under way: what it read may be older than their question.
    expect(shelf.asked).toHaveLength(2);
    waiting.shift()!();
    for (const other of await Promise.all(others)) expect(plain(other)).toEqual(plain(answer));
    expect(shelf.asked).toHaveLength(2);
  });

  it('is asked by each identity for itself, and by each mutation', async () => {
    const { around, waiting } = held();
    const shelf = federate({ books: { ...books, sdl: `${books.sdl} type Mutation { top: Int }` } }, around);
    const executor = makeExecutor(shelf);
    const somebody = () => routerContext({ ...anybody().viewer, principal: 'user:1' });
    const asking = [
      executor.execute({ document: parse('{ top { isbn } }'), context: anybody() }),
      executor.execute({ document: parse('{ top { isbn } }'), context: somebody() }),
      executor.execute({ document: parse('mutation { top }'), context: somebody() }),
      executor.execute({ document: parse('mutation { top }'), context: somebody() }),
    ];
    await turn();
    expect(shelf.asked).toHaveLength(4);
    for (const go of waiting) go();
    await Promise.all(asking);
  });

  it('is asked by each where the answer tells of the request', async () => {
    const { around, waiting } = held();
    const shelf = federate({ self: { sdl: 'type Query { requestId: String }' } }, around);
    const executor = makeExecutor(shelf);
    const asking = [1, 2].map(() => executor.execute({ document: parse('{ requestId }'), context: anybody() }));
    await turn();
    expect(shelf.asked).toHaveLength(2);
    for (const go of waiting) go();
    await Promise.all(asking);
  });

  it('is asked again by those whom a refusal was not meant for, and not after an outage', async () => {
    for (const [code, calls] of [
      ['FORBIDDEN', 4],
      ['SUBGRAPH_UNAVAILABLE', 2],
    ] as const) {
      const { around, waiting } = held();
      const refusing: Toy = {
        sdl: 'type Query { secret: String }',
        resolvers: {
          'Query.secret': () => {
            throw Object.assign(new Error('no'), { extensions: { code } });
          },
        },
      };
      const shelf = federate({ refusing }, around);
      const executor = makeExecutor(shelf);
      const asking = [1, 2, 3, 4].map(() => executor.execute({ document: parse('{ secret }'), context: anybody() }));
      for (let one = 0; one < 8; one++) {
        await turn();
        waiting.shift()?.();
      }
      for (const { errors } of await Promise.all(asking)) expect(errors).toMatchObject([{ extensions: { code } }]);
      expect([code, shelf.asked.length]).toEqual([code, calls]);
    }
  });

  it('gives each an answer of its own to write into', async () => {
    const { around, waiting } = held();
    const shelf = federate({ people, reviews, books }, around);
    const executor = makeExecutor(shelf);
    const query = '{ top { pages reviews { author { name } } } }';
    const asking = [1, 2, 3].map(() => executor.execute({ document: parse(query), context: anybody() }));
    let done = false;
    const all = Promise.all(asking).finally(() => {
      done = true;
    });
    while (!done) {
      await turn();
      for (const go of waiting.splice(0)) go();
      await new Promise(setImmediate);
    }
    const expected = plain(await federate({ people, reviews, books }).stock(query));
    for (const answer of await all) expect(plain(answer)).toEqual(expected);
  });
});

describe('a field on its way to another subgraph', () => {
  const old: Toy = {
    sdl: 'type Query { first: Bill } type Bill @key(fields: "id") { id: ID! amount: Int }',
    resolvers: { 'Query.first': () => ({ id: '1' }), 'Bill.amount': () => 1 },
  };
  const young = (label: string): Toy => ({
    sdl: `type Bill @key(fields: "id") { id: ID! amount: Int @override(from: "old", label: "${label}") }`,
    resolvers: { 'Bill.amount': () => 2 },
  });
  const amounts = async (label: string, decide: boolean) => {
    const { supergraphSdl, asks } = federate({ old, young: young(label) });
    const executor = makeExecutor({ supergraphSdl, asks, decideLabel: () => decide });
    const seen: number[] = [];
    for (let one = 0; one < 200; one++) {
      const context = routerContext({ ...anybody().viewer, principal: `user:${one % 100}` });
      const { data } = await executor.execute({ document: parse('{ first { amount } }'), context });
      seen.push((data as { first: { amount: number } }).first.amount);
    }
    return seen;
  };

  it('is asked of the one its label says', async () => {
    expect(new Set(await amounts('moved', true))).toEqual(new Set([2]));
    expect(new Set(await amounts('moved', false))).toEqual(new Set([1]));
  });

  it('is asked of the new one for its percentage of viewers, the same each time', async () => {
    const seen = await amounts('percent(30)', false);
    expect(seen.slice(0, 100)).toEqual(seen.slice(100));
    expect(seen.slice(0, 100).filter((amount) => amount === 2)).toHaveLength(28);
  });
});
