import { Validator } from '@seriousme/openapi-schema-validator';
import { encodeId, parseId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../caller.testing.ts';
import { letAppIn } from '../operations/apps.testing.ts';
import { address, key, openShop, type Shop } from '../shop.testing.ts';
import { startSouk, type TestSouk } from '../souk.testing.ts';
import { problemKinds } from './problems.ts';
import { routes } from './routes.ts';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answer;
  readonly text: string;
}

let souk: TestSouk;
let shop: Shop;
/** An app that does the shop's work. */
let staff: Record<string, string>;
/** An app of no scope: a shopper of its own. */
let shopper: Record<string, string>;

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${souk.url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null, text };
}

/** Problem details of RFC 9457, with a code of the closed list and nothing of ours or of what came in. */
function expectProblem(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.body.code, reply.text], reply.text).toEqual([status, code, reply.text]);
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(reply.body).toMatchObject({ type: `/api/v1/docs#${code}`, status, title: expect.any(String) });
  expect(reply.body.detail).toMatch(/\S/);
  expect(reply.body.requestId).toMatch(/\S/);
  expect(Object.keys(problemKinds)).toContain(reply.body.code);
  expect(reply.text).not.toMatch(/node_modules|\bat \S+ \(|stack|select .* from/i);
}

beforeAll(async () => {
  souk = await startSouk();
  shop = await openShop(souk, { MUG: { amount: '19.00', stock: 50 }, BOWL: { amount: '24.50', stock: 50 } });
  const admin = await souk.admin();
  const scopes = [
    'merchandiser:read',
    'merchandiser:write',
    'warehouse:read',
    'warehouse:write',
    'support:read',
    'support:write',
  ];
  staff = { 'souk-api-key': (await letAppIn(admin, { scopes })).secret };
  shopper = { 'souk-api-key': (await letAppIn(admin)).secret };
});
afterAll(async () => {
  await souk?.quiet();
  await souk?.stop();
});

describe('products over REST', () => {
  it('are listed a page at a time, with links to the neighbours', async () => {
    const first = await ask('GET', '/products?first=1&sort=name');
    expect(first.status).toBe(200);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual(['The bowl']);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
    const second = await ask('GET', next.slice('/api/v1'.length));
    expect(second.body.items.map(({ name }: { name: string }) => name)).toEqual(['The mug']);
    const prev = /<([^>]+)>; rel="prev"/.exec(second.headers.get('link')!)![1]!;
    expect((await ask('GET', prev.slice('/api/v1'.length))).body.items).toEqual(first.body.items);
    const dear = await ask('GET', '/products?priceMin=20&inStock=true&sort=-price');
    expect(dear.body.items).toMatchObject([{ name: 'The bowl', price: { amount: '24.50', currency: 'EUR' } }]);
  });

  it('are kept by a CDN and validated by their bytes', async () => {
    const [one] = (await ask('GET', '/products?first=1')).body.items;
    const read = await ask('GET', `/products/${one.id}`);
    expect(read.headers.get('cache-control')).toBe('public, max-age=30');
    const etag = read.headers.get('etag')!;
    expect((await ask('GET', `/products/${one.id}`, undefined, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask('GET', `/products/${one.id}`, undefined, { 'if-none-match': '"x"' })).status).toBe(200);
    const mine = await ask('GET', `/products/${one.id}`, undefined, shopper);
    expect(mine.headers.get('cache-control')).toBe('private, no-cache');
    // The bare UUID names it too.
    expect((await ask('GET', `/products/${parseId(one.id)!.uuid}`)).body).toEqual(read.body);
  });

  it('are made, changed and archived by who may', async () => {
    const made = await ask('POST', '/products', { name: 'Plate', vendor: 'Kiln' }, staff);
    expect([made.status, made.body.name, made.body.status]).toEqual([201, 'Plate', 'DRAFT']);
    expect(made.headers.get('location')).toBe(`/api/v1/products/${made.body.id}`);
    const changed = await ask(
      'PUT',
      `/products/${made.body.id}`,
      { name: 'Big plate', expectedVersion: made.body.version },
      staff,
    );
    expect([changed.status, changed.body.name, changed.body.vendor]).toEqual([200, 'Big plate', 'Kiln']);
    const stale = await ask(
      'PUT',
      `/products/${made.body.id}`,
      { name: 'x', expectedVersion: made.body.version },
      staff,
    );
    expectProblem(stale, 409, 'CONFLICT');
    // A draft is there for who may see it.
    expect((await ask('GET', `/products/${made.body.id}`, undefined, staff)).status).toBe(200);
    expectProblem(await ask('GET', `/products/${made.body.id}`), 404, 'NOT_FOUND');
    const gone = await ask('DELETE', `/products/${made.body.id}`, undefined, staff);
    expect([gone.status, gone.body.status]).toEqual([200, 'ARCHIVED']);
  });

  it('tell what is wrong with a body, each with its place', async () => {
    const reply = await ask('POST', '/products', { name: ' ' }, staff);
    expectProblem(reply, 422, 'INVALID');
    expect(reply.body.errors).toEqual([{ code: 'INVALID', message: expect.any(String), pointer: '/name' }]);
  });

  it.each([
    ['nobody', {}, 401, 'UNAUTHENTICATED'],
    ['a key of no scope', 'shopper', 403, 'FORBIDDEN'],
    ['a key that is none', { 'souk-api-key': `souk_${'A'.repeat(43)}` }, 401, 'UNAUTHENTICATED'],
    ['a token that is none', { authorization: 'Bearer nonsense-nonsense-nonsense' }, 401, 'UNAUTHENTICATED'],
  ] as const)('are not made by %s', async (_who, headers, status, code) => {
    const by = headers === 'shopper' ? shopper : headers;
    expectProblem(await ask('POST', '/products', { name: 'Forged' }, by), status, code);
    expect((await ask('GET', '/products?search=Forged')).body.items).toEqual([]);
  });
});

describe('a cart and its orders over REST', () => {
  const items = async (headers: Record<string, string>) => (await ask('GET', '/cart', undefined, headers)).body;

  async function asGuest(): Promise<Record<string, string>> {
    return { ...shopper, authorization: `Bearer ${(await souk.guest()).token}` };
  }

  it('is one for each app, guest and user', async () => {
    expectProblem(await ask('GET', '/cart', undefined, shopper), 404, 'NOT_FOUND');
    const added = await ask('POST', '/cart/items', { variantId: shop.variant('MUG'), quantity: 2 }, shopper);
    expect([added.status, added.headers.get('location'), added.body.itemCount]).toEqual([201, '/api/v1/cart', 2]);
    const [line] = added.body.lines;
    const set = await ask('PUT', `/cart/items/${line.id}`, { quantity: 3 }, shopper);
    expect([set.status, set.body.itemCount]).toEqual([200, 3]);
    const guest = await asGuest();
    expectProblem(await ask('GET', '/cart', undefined, guest), 404, 'NOT_FOUND');
    // A bare UUID does for a variant too.
    const bare = parseId(shop.variant('BOWL'))!.uuid;
    expect((await ask('POST', '/cart/items', { variantId: bare }, guest)).body.itemCount).toBe(1);
    expectProblem(await ask('PUT', `/cart/items/${line.id}`, { quantity: 1 }, guest), 404, 'NOT_FOUND');
    const taken = await ask('DELETE', `/cart/items/${line.id}`, undefined, shopper);
    expect([taken.status, taken.body.lines]).toEqual([200, []]);
    expect((await items(guest)).lines).toHaveLength(1);
  });

  it('becomes an order once, however often its shopper tries, and goes its way', async () => {
    const guest = await asGuest();
    await ask('POST', '/cart/items', { variantId: shop.variant('MUG'), quantity: 2 }, guest);
    const cart = await items(guest);
    const idempotencyKey = key();
    const body = {
      cartVersion: cart.version,
      expectedTotal: { amount: '42.90', currency: 'EUR' },
      email: 'ada@shopper.example',
      shippingAddress: address,
      billingAddress: address,
    };
    const checkout = (by: Record<string, string> = guest, wanted: object = body) =>
      ask('POST', '/cart/checkout', wanted, { ...by, 'idempotency-key': idempotencyKey });
    expectProblem(await checkout(guest, { ...body, cartVersion: cart.version + 7 }), 409, 'CONFLICT');
    const placed = await checkout();
    expect([placed.status, placed.body.total?.amount], placed.text).toEqual([201, '42.90']);
    expect(placed.headers.get('location')).toBe(`/api/v1/orders/${placed.body.id}`);
    expect((await checkout()).body.id).toBe(placed.body.id);
    expectProblem(await checkout(guest, { ...body, email: 'other@shopper.example' }), 409, 'CONFLICT');

    const { id } = placed.body;
    await expect
      .poll(async () => (await ask('GET', `/orders/${id}`, undefined, guest)).body.status)
      .toBe('AWAITING_PAYMENT');
    expect((await ask('GET', '/orders', undefined, guest)).body.items).toMatchObject([{ id }]);
    expect((await ask('GET', '/orders', undefined, await asGuest())).body.items).toEqual([]);
    expectProblem(await ask('GET', `/orders/${id}`, undefined, await asGuest()), 404, 'NOT_FOUND');
    const all = await ask('GET', '/orders?status=AWAITING_PAYMENT&sort=-placed_at', undefined, staff);
    expect(all.body.items.map((order: Answer) => order.id)).toContain(id);
    const status = (to: object, by: Record<string, string> = staff) =>
      ask('PUT', `/orders/${id}/status`, to, { ...by, 'idempotency-key': key() });
    expectProblem(await status({ status: 'SHIPPED', warehouseId: shop.warehouseId }), 422, 'INVALID');

    const { token } = { token: guest.authorization!.slice('Bearer '.length) };
    await souk.caller(token).run('mutation ($input: PayOrderInput!) { payOrder(input: $input) { errors { code } } }', {
      input: { idempotencyKey: key(), orderId: id, paymentMethod: 'pm_card_visa' },
    });
    await expect
      .poll(async () => (await ask('GET', `/orders/${id}`, undefined, guest)).body.status, { timeout: 30_000 })
      .toBe('CONFIRMED');
    expect((await checkout()).body.id).toBe(id);
    await souk.quiet();
    expectProblem(await status({ status: 'SHIPPED', warehouseId: shop.warehouseId }, guest), 401, 'UNAUTHENTICATED');
    const shipped = await status({ status: 'SHIPPED', warehouseId: shop.warehouseId });
    expect([shipped.status, shipped.body.status], shipped.text).toEqual([200, 'SHIPPED']);
    expect((await status({ status: 'DELIVERED' })).body.status).toBe('DELIVERED');
    const late = await ask(
      'POST',
      `/orders/${id}/cancel`,
      { reason: 'Too late' },
      { ...guest, 'idempotency-key': key() },
    );
    expectProblem(late, 422, 'INVALID');
  });

  it('is placed and cancelled by whoever owns it', async () => {
    const guest = await asGuest();
    await ask('POST', '/cart/items', { variantId: shop.variant('BOWL') }, guest);
    const cart = await items(guest);
    const placed = await ask(
      'POST',
      '/orders',
      {
        cartId: cart.id,
        cartVersion: cart.version,
        lines: [{ variantId: shop.variant('BOWL'), quantity: 1 }],
        expectedTotal: { amount: '29.40', currency: 'EUR' },
        email: 'ada@shopper.example',
        shippingAddress: address,
      },
      { ...guest, 'idempotency-key': key() },
    );
    expect(placed.status, placed.text).toBe(201);
    expectProblem(
      await ask('POST', `/orders/${placed.body.id}/cancel`, {}, { ...(await asGuest()), 'idempotency-key': key() }),
      404,
      'NOT_FOUND',
    );
    const cancelled = await ask('POST', `/orders/${placed.body.id}/cancel`, {}, { ...guest, 'idempotency-key': key() });
    expect([cancelled.status, cancelled.body.status, cancelled.body.cancelReason]).toEqual([
      200,
      'CANCELLED',
      'CUSTOMER',
    ]);
  });
});

describe('what REST does not take', () => {
  const keyed = () => ({ ...shopper, 'idempotency-key': key() });
  it.each([
    ['a path that is none', () => ask('GET', '/nothing'), 404, 'NOT_FOUND'],
    [
      'an id of another kind',
      () => ask('GET', `/products/${encodeId('Order', '01900000-0000-7000-8000-000000000001')}`),
      404,
      'NOT_FOUND',
    ],
    ['an id that is none', () => ask('GET', '/products/constructor'), 404, 'NOT_FOUND'],
    ['another method', () => ask('DELETE', '/products'), 405, 'BAD_USER_INPUT'],
    ['a parameter that is none', () => ask('GET', '/products?first=1&constructor=2'), 400, 'BAD_USER_INPUT'],
    ['a number that is none', () => ask('GET', '/products?first=many'), 400, 'BAD_USER_INPUT'],
    ['a page too large', () => ask('GET', '/products?first=101'), 400, 'BAD_USER_INPUT'],
    ['a cursor that is none', () => ask('GET', '/products?after=nonsense'), 400, 'BAD_USER_INPUT'],
    ['a sort that is none', () => ask('GET', '/products?sort=secret'), 400, 'BAD_USER_INPUT'],
    ['one parameter twice', () => ask('GET', '/products?first=1&first=2'), 400, 'BAD_USER_INPUT'],
    ['a filter for staff', () => ask('GET', '/orders?status=PENDING', undefined, shopper), 400, 'BAD_USER_INPUT'],
    [
      'a channel that is none',
      () => ask('GET', '/products', undefined, { 'souk-channel': 'mars' }),
      400,
      'BAD_USER_INPUT',
    ],
    ['a body that is no JSON', () => ask('POST', '/cart/items', '{', shopper), 400, 'BAD_USER_INPUT'],
    ['a body that is a list', () => ask('POST', '/cart/items', [], shopper), 400, 'BAD_USER_INPUT'],
    [
      'a body of another type',
      () => ask('POST', '/cart/items', 'x=1', { ...shopper, 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'BAD_USER_INPUT',
    ],
    [
      'a field of another type',
      () => ask('POST', '/cart/items', { variantId: 'x', quantity: 'many' }, shopper),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a field that is none',
      () => ask('POST', '/cart/items', { variantId: 'x', price: 1 }, shopper),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a list too long',
      () => ask('POST', '/orders', { lines: Array(101).fill({ variantId: 'x', quantity: 1 }) }, keyed()),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a body without end',
      () => ask('POST', '/cart/items', { variantId: 'x'.repeat(1_000_001) }, shopper),
      413,
      'BAD_USER_INPUT',
    ],
    ['an order without a key', () => ask('POST', '/orders', {}, shopper), 400, 'BAD_USER_INPUT'],
    [
      'a key too short',
      () => ask('POST', '/orders', {}, { ...shopper, 'idempotency-key': 'short' }),
      400,
      'BAD_USER_INPUT',
    ],
    ['a key in the body', () => ask('POST', '/orders', { idempotencyKey: key() }, keyed()), 400, 'BAD_USER_INPUT'],
    ['a status that is none', () => ask('PUT', '/orders/x/status', { status: 'LOST' }, keyed()), 400, 'BAD_USER_INPUT'],
    ['a cart of nobody', () => ask('GET', '/cart'), 404, 'NOT_FOUND'],
    ['an item of nobody', () => ask('POST', '/cart/items', { variantId: shop.variant('MUG') }), 401, 'UNAUTHENTICATED'],
    ['a variant that is none', () => ask('POST', '/cart/items', { variantId: 'var_x' }, shopper), 422, 'INVALID'],
  ])('is %s', async (_what, send, status, code) => expectProblem(await send(), status, code));

  it('is what a page of another origin sends; a page of ours may use every method', async () => {
    const foreign = await fetch(`${souk.url}/api/v1/products`, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    const preflight = await fetch(`${souk.url}/api/v1/products/x`, {
      method: 'OPTIONS',
      headers: { origin: souk.url, 'access-control-request-method': 'PUT' },
    });
    if (preflight.status !== 403) {
      expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
      expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    }
  });
});

describe('the documentation of REST', () => {
  it('is an OpenAPI 3.1 document of all 15 routes that a validator takes', async () => {
    const { body } = await ask('GET', '/openapi.json');
    const checked = await new Validator().validate(structuredClone(body));
    expect(checked.errors ?? []).toEqual([]);
    expect(checked.valid).toBe(true);
    const listed = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
    expect(routes).toHaveLength(15);
  });

  it('names no schema that it does not hold', async () => {
    const { text, body } = await ask('GET', '/openapi.json');
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in body.components.schemas))).toEqual([]);
  });

  it('is a page that loads nothing from elsewhere and runs nothing', async () => {
    const response = await fetch(`${souk.url}/api`);
    expect(response.url).toBe(`${souk.url}/api/v1/docs`);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    expect(html).not.toMatch(/<script|https?:\/\/(?!localhost|127)/);
    for (const { path } of routes) expect(html).toContain(path.replace(/:(\w+)/g, '{$1}'));
    for (const code of Object.keys(problemKinds)) expect(html).toContain(`id="${code}"`);
  });
});
