import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Caller } from './caller.testing.ts';
import { codesOf, expectClean, httpDoor, openSocket, type Said, socketDoor } from './doors.testing.ts';
import { buy, fillCart, mutate, openShop, pay, placeOrder, type Shop, watchOrder } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

let souk: TestSouk;
let shop: Shop;
const graph = () => `${souk.url}/graphql`;
const STOCK = `subscription ($ids: [ID!]!, $after: String) { variantStockChanged(ids: $ids, after: $after) {
  eventId variant { sku name stock { available } product { name slug } } } }`;

beforeAll(async () => {
  souk = await startSouk();
  shop = await openShop(souk, {
    MUG: { amount: '19.00', stock: 100 },
    BOWL: { amount: '24.50', stock: 100 },
    CUP: { amount: '9.00', stock: 5 },
  });
});
afterAll(() => souk?.stop());

describe('the WebSocket alone', () => {
  const upgrade = async (path: string, origin?: string): Promise<number> => {
    const ws = new WebSocket(
      `${souk.url.replace(/^http/, 'ws')}${path}`,
      'graphql-transport-ws',
      origin ? { origin } : {},
    );
    const [, response] = (await Promise.race([once(ws, 'unexpected-response'), once(ws, 'open')])) as [
      unknown,
      { statusCode: number } | undefined,
    ];
    ws.terminate();
    return response?.statusCode ?? 101;
  };

  it('is opened by pages of its own origin and by programs, at its own path', async () => {
    expect(await upgrade('/graphql')).toBe(101);
    expect(await upgrade('/graphql', souk.url)).toBe(101);
    expect(await upgrade('/graphql', 'https://evil.example')).toBe(403);
    expect(await upgrade('/graphql', 'null')).toBe(403);
    expect(await upgrade('/elsewhere')).toBe(404);
  });

  it('closes on what is no protocol, too large, too early, twice or silent', async () => {
    const closedBy = async (frame: string | object, before = 0): Promise<number> => {
      const socket = await openSocket(graph());
      for (let i = 0; i < 1 - before; i++) await socket.next();
      socket.send(frame);
      const said = await socket.next();
      return 'closed' in said ? said.closed : 0;
    };
    expect(await closedBy('{')).toBe(4400);
    expect(await closedBy({ type: 'subscribe', id: '1', payload: { query: 'x'.repeat(1_000_001) } })).toBe(1009);
    expect(await closedBy({ type: 'connection_init' })).toBe(4429);
    const early = new WebSocket(graph().replace(/^http/, 'ws'), 'graphql-transport-ws');
    await once(early, 'open');
    early.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }));
    expect((await once(early, 'close'))[0]).toBe(4401);
    const silent = new WebSocket(graph().replace(/^http/, 'ws'), 'graphql-transport-ws');
    expect((await once(silent, 'close'))[0]).toBe(4408);
  });

  it('runs 50 operations at a time on one socket, and refuses the next with a code', async () => {
    const socket = await openSocket(graph());
    await socket.next();
    const id = shop.variant('BOWL');
    for (let i = 0; i < 51; i++) {
      socket.send({ id: String(i), type: 'subscribe', payload: { query: STOCK, variables: { ids: [id] } } });
    }
    const seen = new Map<string, string>();
    while (seen.size < 51) {
      const said = await socket.next();
      if ('frame' in said) seen.set(said.frame.id, said.frame.payload[0]?.extensions.code ?? said.frame.type);
      else throw new Error(`closed: ${said.closed}`);
    }
    expect([...seen.values()].filter((type) => type === 'next')).toHaveLength(50);
    expect([...seen.values()].filter((type) => type !== 'next')).toEqual(['RATE_LIMITED']);
    socket.ws.terminate();
  });

  it('closes with 4403 when the token ends', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ guest: true, roles: [] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer('souk')
      .setAudience('souk')
      .setSubject(`guest:${randomUUID()}`)
      .setIssuedAt(now)
      .setExpirationTime(now + 2)
      .sign(souk.platform.tokenKey.privateKey);
    const socket = await openSocket(graph(), { authorization: `Bearer ${token}` });
    expect(await socket.next()).toMatchObject({ frame: { type: 'connection_ack' } });
    expect(await socket.next()).toEqual({ closed: 4403 });
  });

  it('closes with 4403 when a customer or a guest signs out, at the next operation and at the next look', async () => {
    const signedOut = async (caller: Caller) => {
      const connect = async () => {
        const socket = await openSocket(graph(), { authorization: `Bearer ${caller.token}` });
        expect(await socket.next()).toMatchObject({ frame: { type: 'connection_ack' } });
        return socket;
      };
      const [busy, watching] = [await connect(), await connect()];
      watching.send({
        id: '1',
        type: 'subscribe',
        payload: { query: STOCK, variables: { ids: [shop.variant('BOWL')] } },
      });
      expect(await watching.next()).toMatchObject({ frame: { type: 'next' } });
      await caller.run('mutation { signOut { errors { code } } }');
      busy.send({ id: '1', type: 'subscribe', payload: { query: '{ me { email } }' } });
      expect(await busy.next()).toEqual({ closed: 4403 });
      expect(await watching.next()).toEqual({ closed: 4403 });
    };
    await Promise.all([signedOut(await souk.customer()), signedOut(await souk.guest())]);
  });

  it('refuses a condition on the root of a subscription, two roots, and what it may not see', async () => {
    const door = socketDoor(graph);
    const id = shop.variant('BOWL');
    for (const query of [
      `subscription ($on: Boolean! = true) { variantStockChanged(ids: ["${id}"]) @include(if: $on) { eventId } }`,
      `subscription ($on: Boolean! = false) { ...F } fragment F on Subscription { variantStockChanged(ids: ["${id}"]) @skip(if: $on) { eventId } }`,
      `subscription { variantStockChanged(ids: ["${id}"]) { eventId } cartUpdated { eventId } }`,
      'subscription { __typename }',
    ]) {
      const said = await door.ask({ query });
      expectClean(said);
      expect(codesOf(said)).toContain('BAD_USER_INPUT');
    }
    const guest = await souk.guest();
    const order = await buy(guest, shop, { MUG: 1 });
    const query = `subscription { orderUpdated(id: "${order.id}") { order { email } } }`;
    for (const authorization of [undefined, `Bearer ${(await souk.guest()).token}`]) {
      const said = await door.ask({ query }, authorization ? { authorization } : {});
      expectClean(said, 'ada@shopper.example');
      expect(codesOf(said).length).toBe(1);
    }
  });
});

describe('subscriptions', () => {
  it('take any federated selection, on the first event and on every later one', async () => {
    const guest = await souk.guest();
    const order = await placeOrder(guest, await fillCart(guest, shop, { BOWL: 2 }));
    const watching = guest.watch(
      `subscription ($id: ID!) { orderUpdated(id: $id) { order { status total { amount }
        lines { quantity variant { sku name product { name category { name } } stock { available } } }
        payment { status provider: __typename } } } }`,
      { id: order.id },
    );
    const lines = (available: number) => [
      {
        quantity: 2,
        variant: {
          sku: 'BOWL',
          name: expect.any(String),
          product: { name: 'The bowl', category: null },
          stock: { available: available },
        },
      },
    ];
    const held = await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    const { available } = held.orderUpdated.order.lines[0].variant.stock;
    expect(held.orderUpdated.order.lines).toEqual(lines(available));
    await pay(guest, order.id);
    const paid = await watching.until(({ orderUpdated }) => orderUpdated.order.payment?.status === 'CAPTURED');
    expect(paid.orderUpdated.order).toMatchObject({ status: 'CONFIRMED', total: { amount: '53.90' } });
    expect(paid.orderUpdated.order.lines).toEqual(lines(available));
    watching.stop();
  });

  it('start with the present; `after` skips it if nothing is newer, and gives it if something is', async () => {
    const caller = souk.caller(null);
    const ids = [shop.variant('MUG')];
    const first = caller.watch(STOCK, { ids });
    const { eventId, variant } = (await first.next()).variantStockChanged;
    expect(variant).toMatchObject({
      sku: 'MUG',
      product: { name: 'The mug', slug: 'mug' },
    });
    first.stop();
    const second = caller.watch(STOCK, { ids, after: eventId });
    const next = second.next();
    await shop.stock('MUG', 77);
    const changed = (await next).variantStockChanged;
    expect(changed.eventId).not.toBe(eventId);
    expect(changed.variant.stock.available).not.toBe(variant.stock.available);
    second.stop();
    const third = caller.watch(STOCK, { ids, after: eventId });
    expect((await third.next()).variantStockChanged.eventId).toBe(changed.eventId);
    third.stop();
  });

  it('go on for one subscriber when another leaves', async () => {
    const [one, two] = [souk.caller(null), souk.caller(null)];
    const ids = [shop.variant('CUP')];
    const [leaving, staying] = [one.watch(STOCK, { ids }), two.watch(STOCK, { ids })];
    await Promise.all([leaving.next(), staying.next()]);
    leaving.stop();
    await shop.stock('CUP', 61);
    await staying.until(({ variantStockChanged }) => variantStockChanged.variant.stock.available === 61);
    staying.stop();
  });

  it('outlive an event that could not be completed', async () => {
    const guest = await souk.guest();
    const order = await placeOrder(guest, await fillCart(guest, shop, { MUG: 1 }));
    const socket = await openSocket(graph(), { authorization: `Bearer ${guest.token}` });
    await socket.next();
    const query = `subscription { orderUpdated(id: "${order.id}") { order { status lines { variant { name } } } } }`;
    socket.send({ id: '1', type: 'subscribe', payload: { query } });
    const until = async (wanted: (payload: Said) => boolean): Promise<Said> => {
      for (;;) {
        const said = await socket.next();
        if (!('frame' in said)) throw new Error(`closed: ${said.closed}`);
        expect(said.frame.type).toBe('next');
        if (wanted(said.frame.payload)) return { ...said.frame.payload, text: JSON.stringify(said.frame) };
      }
    };
    await until(({ data }) => data.orderUpdated.order.status === 'AWAITING_PAYMENT');
    await souk.sql('alter table products.products rename to products_away');
    try {
      await pay(guest, order.id);
      const holed = await until(({ data }) => data.orderUpdated.order.status === 'CONFIRMED');
      expect(holed.data.orderUpdated.order.lines).toEqual([{ variant: null }]);
      expect(holed.extensions.degraded.map(({ subgraph }: { subgraph: string }) => subgraph)).toEqual(['products']);
      expectClean(holed);
    } finally {
      await souk.sql('alter table products.products_away rename to products');
    }
    await mutate(
      shop.admin,
      'cancelOrder',
      'CancelOrderInput',
      { idempotencyKey: randomUUID(), orderId: order.id },
      'order { id }',
    );
    const whole = await until(({ data }) => data.orderUpdated.order.status === 'CANCELLED');
    expect(whole.data.orderUpdated.order.lines).toEqual([{ variant: { name: expect.any(String) } }]);
    socket.ws.terminate();
  });
});

describe('a house that fails', () => {
  const page = `query ($id: ID!) { variant(id: $id) { sku name product { name } stock { available } } context { channel { code } } }`;
  const whole = () => ({ sku: 'BOWL', name: expect.any(String), product: { name: 'The bowl' } });

  it('is a hole in the page, named in `degraded`, and the rest is there; back again, the page is whole', async () => {
    const door = httpDoor(graph);
    const ask = () => door.ask({ query: page, variables: { id: shop.variant('BOWL') } });
    await souk.sql('alter table inventory.variants rename to variants_away');
    const holed = await ask().finally(() => souk.sql('alter table inventory.variants_away rename to variants'));
    expect(holed.status).toBe(200);
    expect(holed.data).toEqual({ variant: { ...whole(), stock: null }, context: { channel: { code: 'default' } } });
    expect(holed.extensions.degraded).toEqual([{ subgraph: 'inventory', path: ['variant', 'stock'] }]);
    expect(holed.errors).toMatchObject([{ extensions: { code: 'INTERNAL', subgraph: 'inventory' } }]);
    expectClean(holed);
    expect(holed.extensions.requestId).toBe(holed.errors[0].extensions.requestId);
    const back = await ask();
    expect(back.data.variant).toEqual({ ...whole(), stock: { available: expect.any(Number) } });
    expect(back.extensions.degraded).toBeUndefined();
  });

  it('loses nothing of a mutation: an order placed while inventory fails is held when it is back', async () => {
    const guest = await souk.guest();
    const quoted = await fillCart(guest, shop, { BOWL: 1 });
    await souk.sql('alter table inventory.variants rename to variants_away');
    const order = await placeOrder(guest, quoted).finally(() =>
      souk.sql('alter table inventory.variants_away rename to variants'),
    );
    const watching = watchOrder(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    watching.stop();
  });
});

describe('a shop that does not introspect', () => {
  it('tells its schema to nobody, by any door, and suggests no names', async () => {
    const closed = await startSouk({ env: { SOUK_INTROSPECTION: 'false' } });
    try {
      const at = () => `${closed.url}/graphql`;
      for (const door of [httpDoor(at), socketDoor(at)]) {
        for (const query of ['{ __schema { types { name } } }', '{ __type(name: "User") { fields { name } } }']) {
          const said = await door.ask({ query });
          expectClean(said);
          expect(said.data).toBeNull();
          expect(codesOf(said)).toContain('BAD_USER_INPUT');
        }
        const typo = await door.ask({ query: '{ contex { locale } products(frst: 1) { nodes { nam } } }' });
        expect(typo.errors.length).toBeGreaterThan(0);
        expect(typo.text).not.toMatch(/did you mean/i);
        const fits = await door.ask({ query: '{ __typename context { __typename } }' });
        expect(fits.errors).toEqual([]);
      }
    } finally {
      await closed.stop();
    }
  });
});
