import { encodeId } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { isKnown } from '../cacheable.ts';
import { answerOf } from './answer.ts';
import { cartOf } from './checkout.ts';
import { problemOfMistakes } from './problems.ts';
import { operationOf, variablesOf } from './request.ts';
import { type Route, routes } from './routes.ts';

const uuid = '01900000-0000-7000-8000-000000000001';
const route = (method: string, path: string): Route =>
  routes.find((one) => one.method === method && one.path === path)!;
const given = (more: object = {}) => ({ params: {}, query: {}, body: undefined, idempotencyKey: undefined, ...more });

describe('a request', () => {
  it('becomes the variables of its operation', () => {
    expect(
      variablesOf(
        route('GET', '/products'),
        given({ query: { first: '5', tag: ['a', 'b'], priceMin: '1.50', inStock: 'false', sort: '-created_at' } }),
      ),
    ).toEqual({
      first: 5,
      filter: { tags: ['a', 'b'], price: { min: '1.50' }, inStock: false },
      sort: { field: 'CREATED_AT', direction: 'DESC' },
    });
    expect(
      variablesOf(
        route('PUT', '/orders/:id/status'),
        given({ params: { id: uuid }, body: { status: 'SHIPPED', warehouseId: uuid }, idempotencyKey: 'k'.repeat(8) }),
      ),
    ).toEqual({
      input: { orderId: encodeId('Order', uuid), warehouseId: encodeId('Warehouse', uuid), idempotencyKey: 'kkkkkkkk' },
    });
    expect(operationOf(route('PUT', '/orders/:id/status'), { status: 'CANCELLED' })).toBe('CancelOrder');
    for (const status of ['constructor', 'PENDING', 7, undefined]) {
      expect(() => operationOf(route('PUT', '/orders/:id/status'), { status })).toThrow('`status` is one of');
    }
  });

  it('keeps keys that could reach a prototype as data', () => {
    const body = JSON.parse('{"name":"x","__proto__":{"polluted":true},"constructor":{"x":1}}');
    const { input } = variablesOf(route('POST', '/products'), given({ body })) as { input: Record<string, unknown> };
    expect(Object.keys(input).sort()).toEqual(['__proto__', 'constructor', 'name']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('an answer', () => {
  const shown = (data: unknown, extensions: object = {}) =>
    ({ status: 200, headers: {}, result: { data, extensions } }) as never;
  const asked = { requestId: 'r', url: '/api/v1/products?first=2&sort=name&after=x' };

  it('links to its neighbours with what was asked', () => {
    const pageInfo = { hasNextPage: true, hasPreviousPage: true, startCursor: 's=', endCursor: 'e=' };
    const { headers } = answerOf(
      route('GET', '/products'),
      shown({ products: { nodes: [], pageInfo, count: {} } }),
      asked,
    );
    expect(headers.link).toBe(
      '</api/v1/products?first=2&sort=name&after=e%3D>; rel="next", </api/v1/products?sort=name&before=s%3D&last=2>; rel="prev"',
    );
  });

  it('names the parts that are missing', () => {
    const answer = answerOf(
      route('GET', '/cart'),
      shown({ cart: { id: 'c' } }, { degraded: [{ subgraph: 'orders' }, { subgraph: 'orders' }] }),
      asked,
    );
    expect([answer.status, answer.headers['souk-degraded'], answer.body]).toEqual([200, 'orders', { id: 'c' }]);
  });

  it('is a problem where the payload says no: what the path names, a conflict, or the body', () => {
    const mistakes = (code: string, field: string[] | null) =>
      problemOfMistakes([{ code, message: 'No.', field }], { requestId: 'r', pathField: 'input.orderId' });
    expect(mistakes('NOT_FOUND', ['input', 'orderId']).status).toBe(404);
    expect(mistakes('NOT_FOUND', ['input', 'warehouseId']).status).toBe(422);
    expect(mistakes('IDEMPOTENCY_CONFLICT', ['input', 'idempotencyKey']).status).toBe(409);
    expect(mistakes('INVALID_ADDRESS', ['input', 'a/b', 'c~d']).errors).toEqual([
      { code: 'INVALID_ADDRESS', message: 'No.', pointer: '/a~1b/c~0d' },
    ]);
  });

  it('is known to a client by its bytes alone', () => {
    expect([
      isKnown('"a"', '"a"'),
      isKnown('W/"a", "b"', '"b"'),
      isKnown('*', '"a"'),
      isKnown('"b"', '"a"'),
      isKnown(undefined, '"a"'),
    ]).toEqual([true, true, true, false, false]);
  });
});

describe('a checkout', () => {
  const store = () => {
    const entries = new Map<string, unknown>();
    return {
      get: async (key: string) => entries.get(key),
      set: async (key: string, value: unknown) => void entries.set(key, value),
    } as never;
  };
  const wish = { principal: 'guest:1', idempotencyKey: 'key-of-a-wish', cartVersion: 3 };
  const seen = { cartId: 'c', cartVersion: 3, lines: [{ variantId: 'v', quantity: 1 }] };

  it('is of the cart of its first try, whatever became of the cart since', async () => {
    const kv = store();
    expect(await cartOf(kv, wish, async () => seen)).toEqual(seen);
    expect(await cartOf(kv, wish, async () => ({ ...seen, cartVersion: 4, lines: [] }))).toEqual(seen);
    expect(await cartOf(kv, { ...wish, principal: 'guest:2' }, async () => null)).toBeNull();
  });

  it('is refused for a cart that its shopper did not see', async () => {
    await expect(cartOf(store(), { ...wish, cartVersion: 2 }, async () => seen)).rejects.toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
    for (const cartVersion of [undefined, '3', 1.5]) {
      await expect(cartOf(store(), { ...wish, cartVersion }, async () => seen)).rejects.toMatchObject({
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
  });

  it('goes on while the kv is away', async () => {
    const away = async () => {
      throw new Error('away');
    };
    expect(await cartOf({ get: away, set: away } as never, wish, async () => seen)).toEqual(seen);
  });
});
