import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metricsText } from '@souk/kit/metrics';
import { createClient as createSseClient } from 'graphql-sse';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from './caller.testing.ts';
import { buy, mutate, openShop, type Shop } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';
import { type Heard, streamWays } from './streams.testing.ts';

let souk: TestSouk;
let shop: Shop;
let folder: string;
let supergraph: string;
const SUPERGRAPH = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const graph = () => `${souk.url}/graphql`;
const ways = streamWays(graph);
const STOCK = `subscription ($ids: [ID!]!, $after: String) { variantStockChanged(ids: $ids, after: $after) {
  variant { sku stock { available } product { name } } } }`;
const CART = 'subscription { cartUpdated { cart { itemCount } } }';
/** With its description. */
const CART_UPDATED = /\n {2}"""[^"]*"""\n {2}cartUpdated\([\s\S]*?\): CartEvent!.*\n/;
const stockOf = (heard: Heard): Answer => heard.kind === 'payload' && heard.data.variantStockChanged.variant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-streams-'));
  supergraph = join(folder, 'supergraph.graphql');
  await copyFile(SUPERGRAPH, supergraph);
  souk = await startSouk({ env: { SOUK_SUPERGRAPH: supergraph } });
  shop = await openShop(souk, {
    MUG: { amount: '19.00', stock: 100 },
    BOWL: { amount: '24.50', stock: 100 },
    CUP: { amount: '9.00', stock: 100 },
  });
});
afterAll(async () => {
  await souk?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A metric of this process: all houses and the router are in it. */
async function metric(line: string): Promise<number> {
  const found = (await metricsText()).split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** Shows the router another supergraph, as a deployment does. */
async function show(change: (sdl: string) => string): Promise<void> {
  const before = supergraph.replace(/graphql$/, 'next');
  await writeFile(before, change(await readFile(SUPERGRAPH, 'utf8')));
  await rename(before, supergraph);
}

let counted = 1_000;
/** A stock that was not counted before. */
const another = (): number => counted++;
/** How a way says that nobody may come back with this token. */
const ENDED = {
  WebSocket: { closed: 4403 },
  SSE: { done: true, codes: ['UNAUTHENTICATED'] },
  multipart: { done: true, codes: ['UNAUTHENTICATED'] },
} as const;

describe.each(ways)('a stream by $name', ({ name, open }) => {
  it('starts with the present, goes on with what changes, and says an event id with each', async () => {
    const ids = [shop.variant('MUG')];
    const first = await open({ query: STOCK, variables: { ids } });
    const present = await first.hear();
    expect(stockOf(present)).toMatchObject({ sku: 'MUG', product: { name: 'The mug' } });
    const { eventId } = (present as Answer).extensions;
    expect(eventId).toMatch(/^\d+-/);
    const known = await open({ query: STOCK, variables: { ids, after: eventId } });
    const quantity = another();
    await shop.stock('MUG', quantity);
    for (const listening of [first, known]) {
      const changed = await listening.hear();
      expect(stockOf(changed).stock.available).toBe(quantity);
      expect((changed as Answer).extensions.eventId).not.toBe(eventId);
      expect((changed as Answer).extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
      listening.leave();
    }
  });

  it('tells what is wrong with an operation, by a code', async () => {
    for (const query of [
      'subscription { nothing }',
      `subscription { variantStockChanged(ids: []) { eventId } }`,
      '{',
    ]) {
      const heard = await (await open({ query })).hear();
      const codes = heard.kind === 'payload' ? heard.errors.map(({ extensions }) => extensions.code) : heard.codes;
      expect(codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('ends when the token ends', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ guest: true, roles: [] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer('souk')
      .setAudience('souk')
      .setSubject(`guest:${randomUUID()}`)
      .setIssuedAt(now)
      .setExpirationTime(now + 2)
      .sign(souk.platform.tokenKey.privateKey);
    const stock = await open({ query: STOCK, variables: { ids: [shop.variant('BOWL')] }, token });
    expect(await stock.end()).toMatchObject(ENDED[name]);
  });

  it('ends when the session is signed out, the account suspended or a role taken away, and nobody else’s does', async () => {
    const admin = await souk.admin();
    const order = await buy(await souk.guest(), shop, { CUP: 1 });
    const watch = async (caller: Caller) => {
      const listening = await open({
        query: STOCK,
        variables: { ids: [shop.variant('CUP')] },
        token: caller.token,
      });
      expect((await listening.hear()).kind).toBe('payload');
      return listening;
    };
    const idOf = async (caller: Caller): Promise<string> => (await caller.run('{ me { id } }')).me.id;
    const [leaver, suspended, staff, bystander] = await Promise.all([1, 2, 3, 4].map(() => souk.customer()));
    const staffId = await idOf(staff!);
    await mutate(admin, 'setUserRoles', 'SetUserRolesInput', { id: staffId, roles: ['SUPPORT'] }, 'user { id }');
    const { signIn } = await souk
      .caller(null)
      .run('mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }', {
        input: { email: staff!.email, password: 'a long enough passphrase' },
      });
    const support = souk.caller(signIn.session.accessToken);
    const seen = await open({
      query: 'subscription ($id: ID!) { orderUpdated(id: $id) { order { orderNumber } } }',
      variables: { id: order.id },
      token: support.token,
    });
    expect((await seen.hear()).kind).toBe('payload');
    const [left, gone, stays] = await Promise.all([watch(leaver!), watch(suspended!), watch(bystander!)]);
    await leaver!.run('mutation { signOut { errors { code } } }');
    await mutate(
      admin,
      'suspendUser',
      'UserStatusInput',
      { id: await idOf(suspended!), reason: 'Test' },
      'user { id }',
    );
    await mutate(admin, 'setUserRoles', 'SetUserRolesInput', { id: staffId, roles: [] }, 'user { id }');
    for (const listening of [left, gone, seen]) expect(await listening.end()).toMatchObject(ENDED[name]);
    await shop.stock('CUP', another());
    expect((await stays.hear()).kind).toBe('payload');
    stays.leave();
  });

  it('outlives a new supergraph without a gap or an event twice, and ends with a code where it no longer fits', async () => {
    const ids = [shop.variant('BOWL')];
    const stock = await open({ query: STOCK, variables: { ids } });
    await stock.hear();
    const guest = await souk.guest();
    await mutate(guest, 'addToCart', 'AddToCartInput', { variantId: ids[0], quantity: 1 }, 'cart { id }');
    const cart = await open({ query: CART, token: guest.token });
    await cart.hear();
    await show((sdl) => sdl.replace(CART_UPDATED, '\n'));
    // Refused where it is gone; what is left goes on.
    const last = await cart.hear();
    expect(last.kind === 'payload' ? last.errors.map(({ extensions }) => extensions.code) : last.kind).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await cart.end()).toMatchObject({ kind: 'over' });
    const quantity = another();
    await shop.stock('BOWL', quantity);
    expect(stockOf(await stock.hear()).stock.available).toBe(quantity);
    stock.leave();
    await show((sdl) => sdl);
    const isBack = async (): Promise<boolean> => {
      const again = await open({ query: CART, token: guest.token });
      const heard = await again.hear();
      again.leave();
      return heard.kind === 'payload' && heard.errors.length === 0;
    };
    await expect.poll(isBack, { timeout: 20_000 }).toBe(true);
  });

  it('is one upstream for all who watch alike, and none when the last has left', async () => {
    const upstream = () => metric('souk_streams{side="upstream"}');
    await expect.poll(upstream, { timeout: 20_000 }).toBe(0);
    const ids = [shop.variant('MUG'), shop.variant('BOWL')];
    const all = await Promise.all(Array.from({ length: 20 }, () => open({ query: STOCK, variables: { ids } })));
    await Promise.all(all.map((listening) => listening.hear()));
    await expect.poll(upstream).toBe(1);
    for (const listening of all.slice(1)) listening.leave();
    const quantity = another();
    await shop.stock('BOWL', quantity);
    await all[0]!.until((heard) => stockOf(heard).stock.available === quantity);
    expect(await upstream()).toBe(1);
    all[0]!.leave();
    await expect.poll(upstream, { timeout: 20_000 }).toBe(0);
  });
});

describe('streams over HTTP', () => {
  const accept = 'text/event-stream';

  it('go on by GET from the last event id a browser gives back', async () => {
    const url = new URL(graph());
    url.searchParams.set('query', STOCK);
    url.searchParams.set('variables', JSON.stringify({ ids: [shop.variant('BOWL')] }));
    const read = async (headers: Record<string, string>) => {
      const leaving = new AbortController();
      const response = await fetch(url, { headers: { accept, ...headers }, signal: leaving.signal });
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (/\ndata: .*\n\n/.test(text)) break;
      }
      leaving.abort();
      return { id: /\nid: (.*)\n/.exec(text)?.[1], text };
    };
    const { id } = await read({});
    expect(id).toMatch(/^\d+-/);
    const next = read({ 'last-event-id': id! });
    await shop.stock('BOWL', 901);
    const changed = await next;
    expect(changed.id).not.toBe(id);
    expect(changed.text).toContain('"available":901');
  });

  it('run queries and mutations of whoever accepts a stream, and no mutation by GET', async () => {
    const post = (query: string) =>
      fetch(graph(), {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
    const text = await (await post('{ context { channel { code } } }')).text();
    expect(text).toMatch(/^:\n\nevent: next\ndata: \{"data":\{"context".*\n\nevent: complete\ndata:\n\n$/);
    const mutation = await fetch(
      `${graph()}?query=${encodeURIComponent('mutation { startGuestSession { session { accessToken } } }')}`,
      {
        headers: { accept },
      },
    );
    expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
    expect(((await mutation.json()) as Answer).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('begin for no page of another site, whatever it accepts', async () => {
    const url = `${graph()}?query=${encodeURIComponent(CART)}`;
    const strange: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of strange) {
      const refused = await fetch(url, { headers: { accept, ...headers } });
      expect(refused.status).toBe(403);
      await refused.text();
    }
  });

  it('refuse a bad token before they begin', async () => {
    for (const way of ways.slice(1)) {
      const heard = await (await way.open({ query: CART, token: 'x'.repeat(40) })).hear();
      expect(heard).toEqual({ kind: 'refused', status: 401, codes: ['UNAUTHENTICATED'] });
    }
  });

  it('are a hundred at a time for one viewer, with a word about when to try again', async () => {
    const [, bySse] = ways;
    const { token } = await souk.guest();
    const open = () => bySse!.open({ query: STOCK, variables: { ids: [shop.variant('CUP')] }, token });
    const all = await Promise.all(Array.from({ length: 100 }, open));
    await Promise.all(all.map((listening) => listening.hear()));
    expect(await (await open()).hear()).toEqual({ kind: 'refused', status: 429, codes: ['RATE_LIMITED'] });
    all[0]!.leave();
    const hasPlace = async (): Promise<boolean> => {
      const again = await open();
      const heard = await again.hear();
      again.leave();
      return heard.kind === 'payload';
    };
    await expect.poll(hasPlace, { timeout: 20_000 }).toBe(true);
    for (const listening of all) listening.leave();
  });

  it('are understood by the client of graphql-sse', async () => {
    const client = createSseClient({ url: graph(), retryAttempts: 0 });
    const events = client.iterate<Answer>({ query: STOCK, variables: { ids: [shop.variant('MUG')] } });
    expect((await events.next()).value.data.variantStockChanged.variant.sku).toBe('MUG');
    await shop.stock('MUG', 888);
    expect((await events.next()).value.data.variantStockChanged.variant.stock.available).toBe(888);
    await events.return?.();
    const once = client.iterate<Answer>({ query: '{ context { channel { code } } }' });
    expect((await once.next()).value.data).toEqual({ context: { channel: { code: 'default' } } });
    expect((await once.next()).done).toBe(true);
    client.dispose();
  });
});

describe('a router that goes away', () => {
  it('ends every stream so that its client comes back elsewhere', async () => {
    const other = await startSouk();
    const query = 'subscription { variantStockChanged(ids: ["prod_x"]) { eventId } }';
    const all = await Promise.all(streamWays(() => `${other.url}/graphql`).map((way) => way.open({ query })));
    const over = Promise.all(all.map((listening) => listening.end()));
    // Whoever has not begun would be refused.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await other.stop();
    expect(await over).toMatchObject([
      { closed: 1001, done: false },
      { done: false, codes: [] },
      { done: true, codes: ['OVERLOADED'] },
    ]);
  });
});
