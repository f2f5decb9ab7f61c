import { readFileSync } from 'node:fs';
import { type DocumentNode, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeExecutor } from './executor/executor.ts';
import { anybody, federate, type Toy } from './executor/federation.testing.ts';
import { compileOperations, type Operations } from './executor/operation.ts';
import { type PlanFetch, type PlanStep, viewPlan } from './plan-view.ts';

const people: Toy = {
  sdl: `type Query { people: [Person!]! me: Person } type Subscription { joined: Person }
    type Person @key(fields: "id") { id: ID! name: String }`,
  resolvers: { 'Query.people': () => [{ id: 'a' }, { id: 'b' }], 'Query.me': () => ({ id: 'a' }) },
  entity: ({ id }) => ({ id, name: `Name of ${id}` }),
};
const reviews: Toy = {
  sdl: `type Person @key(fields: "id") { id: ID! reviews: [Review!] }
    type Book @key(fields: "isbn") { isbn: ID! reviews: [Review!] }
    type Review @key(fields: "id") { id: ID! author: Person book: Book }`,
  resolvers: {
    'Person.reviews': ({ id }) => [{ id: `${id}1`, author: { id }, book: { isbn: id === 'a' ? '1' : '2' } }],
    'Book.reviews': ({ isbn }) => [{ id: `${isbn}a`, author: { id: 'a' }, book: { isbn } }],
  },
};
const books: Toy = {
  sdl: 'type Query { top: [Book!]! } type Book @key(fields: "isbn") { isbn: ID! title(upper: Boolean): String pages: Int }',
  resolvers: {
    'Query.top': () => [{ isbn: '1' }, { isbn: '2' }],
    'Book.title': ({ isbn }) => `Book ${isbn}`,
    'Book.pages': ({ isbn }) => Number(isbn) * 100,
  },
};
const toys = { people, reviews, books };

const fetchesOf = (step: PlanStep | null): PlanFetch[] => {
  if (!step) return [];
  if (step.kind === 'FETCH') return [step];
  return step.kind === 'SUBSCRIPTION' ? [step.source, ...fetchesOf(step.rest)] : step.steps.flatMap(fetchesOf);
};

describe('the view of a plan', () => {
  const { supergraphSdl } = federate(toys);
  const { plan } = compileOperations(supergraphSdl);
  const view = (text: string, variables: Record<string, unknown> = {}) =>
    viewPlan({ document: parse(text), operationName: null, variables }, plan);

  it.each([
    ['{ people { name } }', 1, 1],
    ['{ people { name reviews { id } } top { pages } }', 3, 3],
    [
      `query ($up: Boolean) {
        people { name reviews { book { title(upper: $up) reviews { author { name } } } } }
        top { pages reviews { author { name reviews { book { title(upper: $up) } } } } }
      }`,
      5,
      8,
    ],
  ])('counts the calls that the executor makes: %s', async (text, calls, fetches) => {
    const shelf = federate(toys);
    await makeExecutor(shelf).execute({ document: parse(text), variables: {}, context: anybody() });
    const { calls: counted, fetches: drawn, services } = view(text);
    expect([counted, drawn]).toEqual([calls, fetches]);
    expect(counted).toBe(shelf.asked.length);
    const asked = (name: string) => shelf.asked.filter(({ service }) => service === name).length;
    for (const { name, calls: times } of services) expect([name, times]).toEqual([name, asked(name)]);
  });

  it('shows what is asked of whom, where, and what must be known first', () => {
    expect(view('query ($up: Boolean) { people { reviews { book { title(upper: $up) } } } }', {}).root).toEqual({
      kind: 'SEQUENCE',
      steps: [
        {
          kind: 'FETCH',
          service: 'people',
          call: 1,
          path: [],
          needs: null,
          asks: '{\n  people {\n    __typename\n    id\n  }\n}',
          variables: [],
        },
        {
          kind: 'FETCH',
          service: 'reviews',
          call: 2,
          path: ['people', '@'],
          needs: '… on Person {\n  id\n}',
          asks: '... on Person {\n  reviews {\n    book {\n      __typename\n      isbn\n    }\n  }\n}',
          variables: [],
        },
        {
          kind: 'FETCH',
          service: 'books',
          call: 3,
          path: ['people', '@', 'reviews', '@', 'book'],
          needs: '… on Book {\n  isbn\n}',
          asks: '... on Book {\n  title(upper: $up)\n}',
          variables: ['up'],
        },
      ],
    });
  });

  it('gives fetches that go together one number', () => {
    const { root } = view('{ people { reviews { id } } top { reviews { id } } }');
    expect(fetchesOf(root).map(({ service, call }) => `${service} ${call}`)).toEqual([
      'people 1',
      'reviews 2',
      'books 3',
      'reviews 2',
    ]);
  });

  it('shows of a subscription what is subscribed to and what completes each event', () => {
    const { root, calls } = view('subscription { joined { name reviews { id } } }');
    expect(root).toMatchObject({
      kind: 'SUBSCRIPTION',
      source: { service: 'people', path: [], needs: null },
      rest: { kind: 'FETCH', service: 'reviews', path: ['joined'] },
    });
    expect(calls).toBe(2);
    expect(view('subscription { joined { name } }').root).toMatchObject({ kind: 'SUBSCRIPTION', rest: null });
  });

  it('leaves out what @skip and @include leave out with the variables given', () => {
    const text = `query ($with: Boolean = true, $without: Boolean) {
      me { name reviews @include(if: $with) { id } } top @skip(if: $without) { pages } }`;
    const services = (variables: Record<string, unknown>) => {
      const { services: found, conditions } = view(text, variables);
      return [found.map(({ name }) => name).sort(), conditions];
    };
    expect(services({})).toEqual([['books', 'people', 'reviews'], { with: true, without: false }]);
    expect(services({ with: false, without: true })).toEqual([['people'], { with: false, without: true }]);
  });

  it('is empty where the schema alone answers', () => {
    expect(view('{ __typename __schema { queryType { name } } }')).toEqual({
      root: null,
      calls: 0,
      fetches: 0,
      services: [],
      conditions: {},
    });
  });

  it('refuses a document of two operations where none is named', () => {
    expect(() => view('query A { me { id } } query B { me { id } }')).toThrow('Name the one operation to run.');
  });
});

describe('over the supergraph', () => {
  let operations: Operations;
  beforeAll(() => {
    const path = new URL('../../schema/supergraph.graphql', import.meta.url);
    operations = compileOperations(readFileSync(path, 'utf8'));
  });

  it('draws every example of the console', () => {
    const folder = new URL('../console/examples/', import.meta.url);
    const { stories } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
      stories: { examples: { file: string }[] }[];
    };
    const documents = stories.flatMap(({ examples }) =>
      examples.map(({ file }): DocumentNode => parse(readFileSync(new URL(`${file}.graphql`, folder), 'utf8'))),
    );
    expect(documents.length).toBeGreaterThan(20);
    for (const document of documents) {
      const { root, calls, fetches } = viewPlan({ document, operationName: null, variables: {} }, operations.plan);
      const drawn = fetchesOf(root);
      expect([drawn.length, new Set(drawn.map(({ call }) => call)).size]).toEqual([fetches, calls]);
      expect(calls).toBeGreaterThan(0);
    }
  });
});
