import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ApolloGateway } from '@apollo/gateway';
import { systemViewer } from '@souk/kit';
import { DEFAULT_CHANNEL, type Viewer } from '@souk/schema';
import fc from 'fast-check';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannable } from '../admission/links.ts';
import { buy, fillCart, openShop, type Shop } from '../shop.testing.ts';
import { type Caller, startSouk, type TestSouk } from '../souk.testing.ts';
import { type Ask, askOf, sourceOf } from '../sources.ts';
import { compiledSubscriber, type Subscribe, subscriber } from '../subscriptions.ts';
import { localUpstream, routerContext } from '../upstream.ts';
import { type Pool, queryOf } from './documents.testing.ts';
import { type Executor, makeExecutor } from './executor.ts';
import { askStock, loadStock } from './federation.testing.ts';

const supergraphSdl = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
const SEED = 20_261_123;
const DOCUMENTS = 120;

let souk: TestSouk;
let shop: Shop;
let stock: ApolloGateway;
let compiled: Executor;
let subscribeStock: Subscribe;
let subscribeCompiled: Subscribe;
let schema: GraphQLSchema;
let pool: Pool;
const viewers = new Map<string, Viewer>();

/** Whoever this token is about, as the houses see them. */
function viewerOf({ token }: Caller): Viewer {
  const { sub = '', roles = [], sid = null } = token ? decodeJwt<{ roles: Viewer['roles']; sid: string }>(token) : {};
  const [kind, id] = sub.split(':');
  return {
    ...systemViewer,
    principal: sub || 'anonymous',
    userId: (kind === 'user' ? id! : null) as Viewer['userId'],
    guestId: kind === 'guest' ? id! : null,
    sessionId: sid,
    roles,
    channel: DEFAULT_CHANNEL,
    requestId: 'the-same-for-both',
  };
}

const quoted = (...values: string[]): string[] => values.map((value) => JSON.stringify(value));

beforeAll(async () => {
  souk = await startSouk({ ticks: false });
  shop = await openShop(souk, {
    MUG: { amount: '19.00', stock: 40 },
    BOWL: { amount: '24.50', stock: 3 },
    VASE: { amount: '99.95', stock: 0 },
  });
  const customer = await souk.customer();
  const order = await buy(customer, shop, { MUG: 2, BOWL: 1 });
  await fillCart(customer, shop, { MUG: 1, BOWL: 1 });
  const guest = await souk.guest();
  await fillCart(guest, shop, { MUG: 3 });
  await souk.quiet();
  const { products, users } = await shop.admin.run('{ products { nodes { id slug } } users { nodes { id } } }');
  const productIds = products.nodes.map(({ id }: { id: string }) => id);
  pool = {
    first: ['2', '1', '5'],
    last: ['2'],
    search: quoted('mug', 'the bowl', 'ada'),
    slug: quoted(...products.nodes.map((product: { slug: string }) => product.slug), 'nowhere'),
    sku: quoted('MUG', 'BOWL'),
    code: quoted('default', 'nowhere'),
    currency: ['EUR'],
    width: ['200'],
    variantId: quoted(shop.variant('MUG')),
    warehouseId: quoted(shop.warehouseId),
    ids: [`[${quoted(productIds[0], shop.variant('MUG'), 'prod_nothing', order.id).join(', ')}]`],
    id: quoted(order.id),
    'Query.product.id': quoted(...productIds),
    'Query.variant.id': quoted(...shop.variants.values()),
    'Query.warehouse.id': quoted(shop.warehouseId),
    'Query.user.id': quoted(...users.nodes.map(({ id }: { id: string }) => id)),
    'Query.node.id': quoted(order.id, productIds[1], shop.variant('BOWL'), shop.warehouseId),
  };
  viewers.set('staff', viewerOf(shop.admin));
  viewers.set('a customer', viewerOf(customer));
  viewers.set('a guest', viewerOf(guest));

  const upstreams = new Map([...souk.houses].map(([name, house]) => [name, localUpstream(house)]));
  const asks = new Map<string, Ask>([...upstreams].map(([name, upstream]) => [name, askOf(upstream)]));
  const sources = new Map([...asks].map(([name, ask]) => [name, sourceOf(ask)]));
  stock = await loadStock(plannable(supergraphSdl), sources);
  compiled = makeExecutor({ supergraphSdl, asks });
  const { log } = souk.platform;
  subscribeStock = subscriber({ supergraphSdl, upstreams, sources: Object.fromEntries(sources), log });
  subscribeCompiled = compiledSubscriber({ executor: compiled, upstreams, log });
  schema = stock.schema!;
});
afterAll(() => souk?.stop());

interface Comparable {
  readonly data: unknown;
  readonly errors: readonly string[];
}

/** Answers without the order of errors, and that of keys, where Apollo's executor leaves the specification's. */
function comparable({ data, errors = [] }: ExecutionResult): Comparable {
  const told = errors.map(({ path, message, extensions }) => JSON.stringify([path ?? null, extensions.code, message]));
  return { data: JSON.stringify(data, byName), errors: [...new Set(told)].sort() };
}

const byName = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

async function both(document: DocumentNode, viewer: Viewer, variables: Record<string, unknown> = {}) {
  const one = await askStock(stock, document, variables, routerContext(viewer)).catch(
    (error): ExecutionResult => ({ errors: [error as GraphQLError] }),
  );
  const other = await compiled.execute({ document, variables, context: routerContext(viewer) });
  return { stock: comparable(one), compiled: comparable(other) };
}

const without = new Set([
  // One try of it counts against the next.
  'Query.orderByNumber',
  // Addresses that are signed anew each time they are asked for.
  'Query.paymentConfig',
]);

const roots = new Set([
  'cart',
  'order',
  'orders',
  'myOrders',
  'product',
  'productBySlug',
  'products',
  'variant',
  'variantBySku',
  'node',
  'nodes',
  'me',
  'users',
  'movements',
  'lowStock',
  'warehouses',
  'ledger',
  'shippingZones',
]);

describe('the compiled executor answers as Apollo’s does', () => {
  it.each(['staff', 'a customer', 'a guest'])('to %s, whatever is asked', async (who) => {
    const viewer = viewers.get(who)!;
    let asked = 0;
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9_999), { minLength: 100, maxLength: 600 }), async (choices) => {
        const query = queryOf(choices, { schema, pool, without, roots });
        const document = parse(query);
        // Two types of one interface may have fields of one name that do not go together.
        fc.pre(validate(schema, document).length === 0);
        const answers = await both(document, viewer);
        expect(answers.compiled, query).toEqual(answers.stock);
        asked += 1;
        if (answers.compiled.errors.length === 0) whole += 1;
      }),
      { seed: SEED, numRuns: DOCUMENTS },
    );
    expect(asked).toBe(DOCUMENTS);
    // Otherwise little was compared but refusals.
    expect(whole).toBeGreaterThan(DOCUMENTS / 4);
  });
});

/** A guest nobody has met. */
function stranger(): Viewer {
  const id = randomUUID();
  return { ...viewers.get('a guest')!, principal: `guest:${id}`, guestId: id, sessionId: null };
}

/** Ids and times are each side's own: told by the order in which they are met. */
function alike({ data, errors }: Comparable): Comparable {
  const met = new Map<string, string>();
  const text = String(data).replace(/\b[a-z]{2,6}_[0-9a-z]{26}\b|"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, (one) => {
    if (one.startsWith('"')) return '"a time"';
    const known = met.get(one) ?? `${one.split('_')[0]}_${met.size}`;
    met.set(one, known);
    return known;
  });
  return { data: text, errors };
}

const changing = () => {
  const input = (fields: string): string => `{ ${fields} }`;
  return {
    schema,
    without,
    kind: 'mutation' as const,
    roots: new Set(['addToCart', 'setCartNote', 'setCartEmail', 'clearCart']),
    pool: {
      ...pool,
      'Mutation.addToCart.input': ['MUG', 'BOWL', 'VASE'].flatMap((sku) =>
        [1, 2, 50].map((quantity) => input(`variantId: "${shop.variant(sku)}", quantity: ${quantity}`)),
      ),
      'Mutation.setCartNote.input': [input('note: "Ring twice"'), input('note: null')],
      'Mutation.setCartEmail.input': [input('email: "ada@shopper.example"'), input('email: "nowhere"')],
    },
  };
};

describe('the compiled executor changes what Apollo’s does', () => {
  it('in the same order, and tells the same of it', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(9_999), { minLength: 40, maxLength: 300 }), { minLength: 1, maxLength: 3 }),
        async (several) => {
          const documents = several.map((choices) => parse(queryOf(choices, changing())));
          fc.pre(documents.every((document) => validate(schema, document).length === 0));
          const [one, other] = [stranger(), stranger()];
          for (const document of documents) {
            const theirs = await askStock(stock, document, {}, routerContext(one)).catch(
              (error): ExecutionResult => ({ errors: [error as GraphQLError] }),
            );
            const ours = await compiled.execute({ document, variables: {}, context: routerContext(other) });
            const text = document.loc!.source.body;
            expect(alike(comparable(ours)), text).toEqual(alike(comparable(theirs)));
            if (!ours.errors) whole += 1;
          }
        },
      ),
      { seed: SEED, numRuns: 40 },
    );
    expect(whole).toBeGreaterThan(20);
  });
});

describe('the compiled executor completes events as Apollo’s does', () => {
  const first = async (events: AsyncIterableIterator<ExecutionResult>): Promise<Comparable> => {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream has ended');
    return alike(comparable(value));
  };

  it('of a cart: as it is, and as it becomes', async () => {
    const viewer = stranger();
    const change = async (note: string): Promise<void> => {
      const document = parse(
        'mutation ($note: String!) { setCartNote(input: { note: $note }) { errors { message } } }',
      );
      const { errors } = await compiled.execute({ document, variables: { note }, context: routerContext(viewer) });
      expect(errors).toBeUndefined();
    };
    const add = parse(`mutation { addToCart(input: { variantId: "${shop.variant('MUG')}" }) { errors { message } } }`);
    await compiled.execute({ document: add, context: routerContext(viewer) });
    const options = { schema, pool, without, roots: new Set(['cartUpdated']), kind: 'subscription' as const };
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9_999), { minLength: 40, maxLength: 300 }), async (choices) => {
        const document = parse(queryOf(choices, options));
        fc.pre(validate(schema, document).length === 0);
        // Apollo’s plan of an event does not carry the defaults of variables to the house.
        const variables = { yes: true, no: false };
        const request = { document, hash: null, operationName: null, variables, viewer, schema };
        const streams = [await subscribeStock(request), await subscribeCompiled(request)] as const;
        const [theirs, ours] = streams as readonly AsyncIterableIterator<ExecutionResult>[] as [
          AsyncIterableIterator<ExecutionResult>,
          AsyncIterableIterator<ExecutionResult>,
        ];
        const text = document.loc!.source.body;
        expect(await first(ours), text).toEqual(await first(theirs));
        await change(`Note ${++seen}`);
        expect(await first(ours), text).toEqual(await first(theirs));
        await Promise.all([theirs.return?.(), ours.return?.()]);
      }),
      { seed: SEED, numRuns: 25 },
    );
    expect(seen).toBeGreaterThanOrEqual(25);
  });
});
