import { readFileSync } from 'node:fs';
import type { ApolloGateway } from '@apollo/gateway';
import { systemViewer } from '@souk/kit';
import { DEFAULT_CHANNEL, type Viewer } from '@souk/schema';
import fc from 'fast-check';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, fillCart, openShop, type Shop } from '../shop.testing.ts';
import { type Caller, startSouk, type TestSouk } from '../souk.testing.ts';
import { type Ask, askOf, sourceOf } from '../sources.ts';
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

  const asks = new Map<string, Ask>([...souk.houses].map(([name, house]) => [name, askOf(localUpstream(house))]));
  stock = await loadStock(supergraphSdl, new Map([...asks].map(([name, ask]) => [name, sourceOf(ask)])));
  compiled = makeExecutor({ supergraphSdl, asks });
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
