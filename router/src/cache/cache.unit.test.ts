import { type Cache, memoryCache } from '@souk/kit';
import fc from 'fast-check';
import { type ExecutionResult, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeExecutor } from '../executor/executor.ts';
import { federate, type Toy } from '../executor/federation.testing.ts';
import { compileOperations } from '../executor/operation.ts';
import type { Ask } from '../sources.ts';
import type { RouterContext } from '../upstream.ts';
import { entityCache } from './cache.ts';
import { caching, somebody } from './caching.testing.ts';

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Two houses whose answers wait, where a test wants them to. */
function houses() {
  const held = { around: (ask: Ask): Ask => ask };
  const names = new Map([
    ['1', 'Lamp'],
    ['2', 'Desk'],
  ]);
  const notes = { holdsMs: undefined as number | undefined, fails: false };
  const products: Toy = caching({
    sdl: `
      type Query { product(id: ID!): Product @cacheControl(maxAge: 60) shelf: [Product!]! @cacheControl(maxAge: 60) latest: [Product!]! }
      type Mutation { rename(id: ID!, name: String!): Product }
      type Product @key(fields: "id") { id: ID! name(upper: Boolean): String @cacheControl(maxAge: 300)
        mine: String @cacheControl(maxAge: 60, scope: PRIVATE) stock: Int maker: Maker @cacheControl(maxAge: 60) }
      type Maker @key(fields: "id") { id: ID! }`,
    resolvers: {
      'Query.product': (_, { id }) => (names.has(id as string) ? { id, name: names.get(id as string) } : null),
      'Query.shelf': () => [...names].map(([id, name]) => ({ id, name })),
      'Query.latest': () => [...names.keys()].map((id) => ({ id })),
      'Mutation.rename': (_, { id, name }) => {
        names.set(id as string, name as string);
        return { id, name };
      },
      'Product.name': ({ id }, { upper }) => {
        if (notes.fails) throw new Error('no');
        const name = names.get(id as string)!;
        return upper ? name.toUpperCase() : name;
      },
      'Product.mine': ({ id }) => `mine ${id}`,
      'Product.stock': () => 3,
      'Product.maker': () => ({ id: 'm' }),
    },
    entity: ({ id }) => (names.has(id as string) ? { id } : null),
  });
  const lists: Toy = caching({
    sdl: `type Query { wishes: [Product!]! } type Product @key(fields: "id") { id: ID! }
      type Maker @key(fields: "id") { id: ID! title: String @cacheControl(maxAge: 60) }`,
    resolvers: { 'Query.wishes': () => [{ id: '1' }, { id: '2' }], 'Maker.title': () => 'Maker' },
  });
  const federation = federate({ products, lists }, (service, ask) => {
    const noting: Ask = async (operation, context) => {
      const result = await ask(operation, context);
      const renamed = /^mutation/.test(operation.query) ? Object.values(operation.variables ?? {})[0] : undefined;
      const souk = {
        ...(renamed && service === 'products' ? { evicted: [`Product:${String(renamed)}`] } : {}),
        ...(notes.holdsMs === undefined ? {} : { holdsMs: notes.holdsMs }),
      };
      return { ...result, extensions: { souk } };
    };
    return (operation, context) => held.around(noting)(operation, context);
  });
  const operations = compileOperations(federation.supergraphSdl);
  return { federation, operations, names, notes, held };
}

/** A router over them that has just begun. */
function shop({ store = memoryCache(), of = houses() }: { store?: Cache; of?: ReturnType<typeof houses> } = {}) {
  const { federation, operations } = of;
  const cache = entityCache(store);
  const executor = makeExecutor({ ...federation, operations, cache });
  const ask = async (
    text: string,
    context: RouterContext = somebody(),
    variables: Record<string, unknown> = {},
  ): Promise<ExecutionResult> => plain(await executor.execute({ document: parse(text), context, variables }));
  return { ...federation, ...of, executor, cache, ask };
}

const RENAME = 'mutation ($id: ID!, $name: String!) { rename(id: $id, name: $name) { name } }';
const WISHES = '{ wishes { name } }';

describe('what was kept', () => {
  it('is not asked for again: root fields and entities, each entity for itself', async () => {
    const { ask, asked } = shop();
    const first = [await ask('{ product(id: 1) { name } }'), await ask(WISHES)];
    const before = asked.length;
    expect([await ask('{ product(id: 1) { name } }'), await ask(WISHES)]).toEqual(first);
    // Wishes themselves may not be kept.
    expect(asked.slice(before).map(({ service }) => service)).toEqual(['lists']);
  });

  it('fills a hole of a list alone', async () => {
    const { ask, asked, cache } = shop();
    await ask(WISHES);
    await cache.evict(['Product:2']);
    asked.length = 0;
    expect(await ask(WISHES)).toEqual({ data: { wishes: [{ name: 'Lamp' }, { name: 'Desk' }] } });
    const [, entities] = asked;
    expect(entities!.variables).toEqual({ representations: [{ __typename: 'Product', id: '2' }] });
  });

  it('is told apart by arguments, variables and selection', async () => {
    const { ask, asked } = shop();
    const texts = ['{ wishes { name } }', '{ wishes { name(upper: true) } }', '{ wishes { name maker { title } } }'];
    for (const text of texts) await ask(text);
    const upper = 'query ($up: Boolean) { wishes { name(upper: $up) } }';
    const answers = [await ask(upper, somebody(), { up: true }), await ask(upper, somebody(), { up: false })];
    expect(answers.map(({ data }) => (data as { wishes: { name: string }[] }).wishes[0]!.name)).toEqual([
      'LAMP',
      'Lamp',
    ]);
    asked.length = 0;
    for (const text of texts) await ask(text);
    expect(asked.map(({ service }) => service)).toEqual(['lists', 'lists', 'lists']);
  });

  it('is written into by nobody', async () => {
    const { ask } = shop();
    const text = '{ product(id: 1) { name maker { title } } }';
    const first = await ask(text);
    expect(await ask(text)).toEqual(first);
    expect(await ask('{ product(id: 1) { name maker { id } } }')).toEqual({
      data: { product: { name: 'Lamp', maker: { id: 'm' } } },
    });
    expect(await ask(text)).toEqual(first);
  });

  it('is written into by nobody who puts it together with what another subgraph brings', async () => {
    let rating = 1 as number | null;
    const both = federate({
      names: caching({
        sdl: `type Query { top: Top @shareable @cacheControl(maxAge: 60) }
          type Top { name: String maker: Maker @cacheControl(maxAge: 60) }
          type Maker @key(fields: "id") { id: ID! }`,
        resolvers: { 'Query.top': () => ({ name: 'Lamp', maker: { id: 'm' } }) },
      }),
      ratings: caching({
        sdl: 'type Query { top: Top @shareable } type Top { rating: Int }',
        resolvers: { 'Query.top': () => ({ rating }) },
      }),
    });
    const executor = makeExecutor({ ...both, cache: entityCache(memoryCache()) });
    const document = parse('{ top { name maker { id } rating } }');
    const ask = async () => plain(await executor.execute({ document, context: somebody() }));
    const top = { name: 'Lamp', maker: { id: 'm' } };
    expect(await ask()).toEqual({ data: { top: { ...top, rating: 1 } } });
    rating = null;
    expect(await ask()).toEqual({ data: { top: { ...top, rating: null } } });
    expect(both.asked.map(({ service }) => service).sort()).toEqual(['names', 'ratings', 'ratings']);
  });

  it.each([
    ['a channel', { channel: { ...somebody().viewer.channel, id: 'other' as never } }],
    ['a currency', { channel: { ...somebody().viewer.channel, currency: 'USD' as never } }],
    ['a locale', { locale: 'de' }],
  ])('is kept for %s alone', async (_what, more) => {
    const { ask, asked } = shop();
    for (const viewer of [{}, more, {}, more]) await ask('{ product(id: 1) { name } }', somebody(viewer));
    expect(asked).toHaveLength(2);
  });

  it('is shared by all who are shown the same, and by nobody who may be shown more', async () => {
    const { ask, asked } = shop();
    const one = '{ product(id: 1) { name } }';
    for (const principal of ['anonymous', 'guest:a', 'user:b']) {
      await ask(one, somebody({ principal, roles: principal === 'user:b' ? ['CUSTOMER'] : [] }));
    }
    expect(asked).toHaveLength(1);
    for (const viewer of [
      { roles: ['MERCHANDISER' as const] },
      { scopes: ['merchandiser:read' as const] },
      { principal: 'system' },
    ]) {
      await ask(one, somebody(viewer));
    }
    expect(asked).toHaveLength(4);
  });

  it('is kept for one viewer alone where it is personal', async () => {
    const { ask, asked } = shop();
    const one = '{ product(id: 1) { name mine } }';
    for (const principal of ['user:a', 'user:b', 'user:a', 'user:b']) await ask(one, somebody({ principal }));
    expect(asked).toHaveLength(2);
  });

  it('is nothing of what may not be kept, failed, or is not there', async () => {
    const { ask, asked, notes } = shop();
    for (const text of ['{ latest { id } }', '{ product(id: 1) { name stock } }', '{ product(id: 9) { name } }']) {
      await ask(text);
      await ask(text);
    }
    expect(asked).toHaveLength(6);
    notes.fails = true;
    expect((await ask(WISHES)).errors).toHaveLength(2);
    notes.fails = false;
    expect((await ask(WISHES)).errors).toBeUndefined();
  });

  it('is given no longer than its house says it holds', async () => {
    const { ask, asked, notes } = shop();
    notes.holdsMs = 0;
    for (let one = 0; one < 2; one++) await ask('{ product(id: 1) { name } }');
    expect(asked).toHaveLength(2);
    notes.holdsMs = 5_000;
    for (let one = 0; one < 2; one++) await ask('{ product(id: 1) { name } }');
    expect(asked).toHaveLength(3);
  });

  it('is gone when a mutation is answered, and a mutation uses none of it', async () => {
    const { ask, asked } = shop();
    await ask('{ product(id: 1) { name } }');
    await ask('{ shelf { name } }');
    await ask('{ product(id: 2) { name } }');
    const renamed = await ask(RENAME, somebody(), { id: '1', name: 'Candle' });
    // No client sees what houses tell the router.
    expect(renamed).toEqual({ data: { rename: { name: 'Candle' } } });
    expect((await ask('{ product(id: 1) { name } }')).data).toEqual({ product: { name: 'Candle' } });
    expect((await ask('{ shelf { name } }')).data).toEqual({ shelf: [{ name: 'Candle' }, { name: 'Desk' }] });
    asked.length = 0;
    await ask('{ product(id: 2) { name } }');
    expect(asked).toHaveLength(0);
  });

  it('is counted', async () => {
    const { ask, cache } = shop();
    await ask(WISHES);
    await ask(WISHES);
    await ask(RENAME, somebody(), { id: '1', name: 'Candle' });
    expect(cache.counters()).toMatchObject({ hits: 2, misses: 2, fills: 2, discarded: 0, evictions: 1, entries: 1 });
  });
});

describe('an eviction while something is being fetched', () => {
  it('lets it be answered, for it was asked before, and not be kept', async () => {
    const gate = Promise.withResolvers<void>();
    let holding = true;
    const { ask, names, cache, asked, held } = shop();
    held.around = (inner) => async (operation, context) => {
      const result = await inner(operation, context);
      if (holding && operation.query.includes('product(')) await gate.promise;
      return result;
    };
    const reading = ask('{ product(id: 1) { name } }');
    while (asked.length === 0) await new Promise(setImmediate);
    names.set('1', 'Candle');
    await cache.evict(['Product:1']);
    holding = false;
    gate.resolve();
    expect((await reading).data).toEqual({ product: { name: 'Lamp' } });
    expect((await ask('{ product(id: 1) { name } }')).data).toEqual({ product: { name: 'Candle' } });
    expect(cache.counters()).toMatchObject({ fills: 1, discarded: 1 });
  });
});

describe('a router that may miss evictions', () => {
  it('gives and keeps nothing until it hears them again, and then begins anew', async () => {
    const { ask, asked, cache } = shop();
    const one = () => ask('{ product(id: 1) { name } }');
    await one();
    cache.leave();
    await one();
    await one();
    expect(asked).toHaveLength(3);
    await cache.rejoin();
    await one();
    await one();
    expect(asked).toHaveLength(4);
  });
});

/** Steps of readers, writers and answers, in any order that a scheduler finds. */
describe('in any order of reads, writes, delays and evictions', () => {
  it('nobody who was told of a commit is answered what was before it', async () => {
    const things = ['1', '2'];
    const of = houses();
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(
          fc.record({
            kind: fc.constantFrom('read', 'read', 'list', 'write', 'forget'),
            thing: fc.constantFrom(...things),
          }),
          { minLength: 4, maxLength: 16 },
        ),
        async (scheduler, steps) => {
          const slow = memoryCache();
          const store: Cache = {
            ...slow,
            look: async (keys) => {
              const looked = await slow.look(keys);
              await scheduler.schedule(Promise.resolve(), 'looked');
              return looked;
            },
            put: async (mark, entries) => {
              await scheduler.schedule(Promise.resolve(), 'put');
              return slow.put(mark, entries);
            },
          };
          const { ask, names, cache, held } = shop({ store, of });
          held.around = (inner) => async (operation, context) => {
            await scheduler.schedule(Promise.resolve(), 'asked');
            const result = await inner(operation, context);
            await scheduler.schedule(Promise.resolve(), 'answered');
            return result;
          };
          for (const id of things) names.set(id, '0');
          const told: Record<string, number> = { 1: 0, 2: 0 };
          let version = 0;
          const run = async ({ kind, thing }: (typeof steps)[number]): Promise<void> => {
            if (kind === 'forget') return cache.forget();
            if (kind === 'write') {
              version += 1;
              const mine = version;
              await ask(RENAME, somebody(), { id: thing, name: String(mine) });
              told[thing] = Math.max(told[thing]!, mine);
              return;
            }
            const known = { ...told };
            if (kind === 'read') {
              const { data } = await ask('query ($id: ID!) { product(id: $id) { name } }', somebody(), { id: thing });
              expect(Number((data as { product: { name: string } }).product.name)).toBeGreaterThanOrEqual(
                known[thing]!,
              );
              return;
            }
            const { data } = await ask('{ wishes { name } }');
            const seen = (data as { wishes: { name: string }[] }).wishes.map(({ name }) => Number(name));
            for (const [index, name] of seen.entries()) expect(name).toBeGreaterThanOrEqual(known[things[index]!]!);
          };
          // A write of a thing waits for the one before it, as its row lock would make it; all else runs across.
          const last = new Map<string, Promise<void>>();
          const running = steps.map(async (step) => {
            await scheduler.schedule(Promise.resolve(), step.kind);
            if (step.kind !== 'write') return run(step);
            const done = (last.get(step.thing) ?? Promise.resolve()).then(() => run(step));
            last.set(step.thing, done);
            return done;
          });
          await scheduler.waitFor(Promise.all(running));
        },
      ),
      { numRuns: 300 },
    );
  });
});
