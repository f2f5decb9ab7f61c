import { parseNetworks } from '@souk/kit';
import { memoryKv } from '@souk/kit/distributed';
import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Admission, Asker } from '../pipeline.ts';
import { addressOf } from './addresses.ts';
import { askerOf, learn, prepare, viewers } from './admission.testing.ts';
import { costBudgets } from './budgets.ts';
import { addressKey, clientOf } from './clients.ts';
import { rateLimits } from './rates.ts';

const nobody = parseNetworks('')!;
const from = (
  clientAddress: string | null,
  who: keyof typeof viewers = 'anonymous',
  more: Partial<Asker> = {},
): Asker => askerOf({ ...viewers[who], clientAddress }, more);
const app = { appId: 'a1', requestsPerMinute: null, costPerMinute: null } as NonNullable<Asker['app']>;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

async function refusal(work: unknown): Promise<GraphQLError> {
  const error = await Promise.resolve(work).then(
    () => null,
    (why: unknown) => why,
  );
  expect(error).toBeInstanceOf(GraphQLError);
  return error as GraphQLError;
}

describe('whom a limit is counted for', () => {
  it('is an app by its key, a person by their session, and anybody else by their address', () => {
    expect(clientOf(from('10.0.0.1', 'customer', { app }))).toEqual({ kind: 'app', key: 'a1' });
    expect(clientOf(from('10.0.0.1', 'guest'))).toEqual({ kind: 'person', key: 'guest:1' });
    expect(clientOf(from('10.0.0.1'))).toEqual({ kind: 'address', key: '10.0.0.1' });
  });
  it('is one subscriber’s whole network in IPv6, and one address however it is written', () => {
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:0DB8:0001:0002::9')).toBe('2001:db8:1:2::/64');
    expect(addressKey('2001:db8::7')).toBe('2001:db8:0:0::/64');
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
    expect(addressKey('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(addressKey(null)).toBe(addressKey('nonsense'));
  });
});

describe('the address of a request', () => {
  const trusted = parseNetworks('10.0.0.0/8, 2001:db8::/32')!;
  const through = (peer: string | undefined, forwarded?: string | string[]) =>
    addressOf({ headers: { 'x-forwarded-for': forwarded as string }, socket: { remoteAddress: peer } }, trusted);
  it('is the peer’s, whatever it says of others', () => {
    expect(through('203.0.113.9', '1.1.1.1')).toBe('203.0.113.9');
    expect(through('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(through(undefined)).toBeNull();
  });
  it('is whom the last proxy of ours saw', () => {
    expect(through('10.1.1.1', '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9');
    expect(through('10.1.1.1', '6.6.6.6, 203.0.113.9, 10.2.2.2')).toBe('203.0.113.9');
    expect(through('::ffff:10.1.1.1', ['6.6.6.6', '[2001:db9::1]'])).toBe('2001:db9::1');
  });
  it('is the proxy’s own where it names nobody', () => {
    expect(through('10.1.1.1')).toBe('10.1.1.1');
    expect(through('10.1.1.1', 'unknown')).toBe('10.1.1.1');
    expect(through('10.1.1.1', '10.3.3.3')).toBe('10.3.3.3');
  });
});

describe('rate limits', () => {
  const size = (capacity: number, seconds: number) => ({ capacity, seconds });
  const gateOf = (unlimited = nobody) =>
    rateLimits({ kv: memoryKv(), unlimited, sizes: { address: size(4, 4), person: size(2, 10), app: size(3, 60) } });
  const headersOf = async (admission: Promise<Admission | undefined> | Admission | undefined) =>
    (await admission)?.after?.({ extensions: {} })?.headers;

  it('let through as many as there are, and tell how many are left', async () => {
    const gate = gateOf();
    expect(await headersOf(gate(from('10.0.0.1')))).toEqual({
      'ratelimit-policy': '"address";q=4;w=4',
      ratelimit: '"address";r=3;t=1',
    });
    expect(await headersOf(gate(from('10.0.0.1', 'guest')))).toEqual({
      'ratelimit-policy': '"address";q=4;w=4, "person";q=2;w=10',
      ratelimit: '"address";r=2;t=2, "person";r=1;t=5',
    });
  });
  it('refuse one too many with when to come back, and let it through then', async () => {
    const gate = gateOf();
    for (let n = 0; n < 4; n++) await gate(from('10.0.0.1'));
    const { extensions, message } = await refusal(gate(from('10.0.0.1')));
    expect(message).toBe('You ask too often. Try again in a second.');
    expect(extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfterMs: 1000,
      http: {
        status: 429,
        headers: { 'retry-after': '1', 'ratelimit-policy': '"address";q=4;w=4', ratelimit: '"address";r=0;t=4' },
      },
    });
    await gate(from('10.0.0.2'));
    vi.advanceTimersByTime(1_000);
    await gate(from('10.0.0.1'));
    await refusal(gate(from('10.0.0.1')));
  });
  it('count a person from wherever they ask, and an app by its quota', async () => {
    const gate = gateOf();
    await gate(from('10.0.0.1', 'customer'));
    await gate(from('10.0.0.2', 'customer'));
    expect((await refusal(gate(from('10.0.0.3', 'customer')))).extensions.retryAfterMs).toBe(5_000);
    const mine = { app: { ...app, requestsPerMinute: 1 } };
    await gate(from('10.0.0.4', 'app', mine));
    expect((await refusal(gate(from('10.0.0.5', 'app', mine)))).extensions.retryAfterMs).toBe(60_000);
  });
  it('take nothing of the address from whoever is refused as a person', async () => {
    const gate = gateOf();
    await gate(from('10.0.0.1', 'guest'));
    await gate(from('10.0.0.1', 'guest'));
    for (let n = 0; n < 5; n++) await refusal(gate(from('10.0.0.1', 'guest')));
    expect(await headersOf(gate(from('10.0.0.1')))).toMatchObject({ ratelimit: '"address";r=1;t=3' });
  });
  it('hold back nobody whom the shop lets ask without', async () => {
    const gate = gateOf(parseNetworks('10.0.0.0/24')!);
    for (let n = 0; n < 20; n++) expect(await gate(from('10.0.0.1', 'guest'))).toBeUndefined();
  });
});

describe('cost budgets', () => {
  const { schema, costs } = learn(`
    type Query { list(first: Int): Page @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false) }
    type Subscription { list: Page }
    type Page { nodes: [Item] } type Item { id: ID }
  `);
  const size = { capacity: 100, seconds: 10 };
  const logged: unknown[] = [];
  const log = { warn: (...all: unknown[]) => void logged.push(all) } as never;
  const stageOf = (unlimited = nobody) =>
    costBudgets({
      kv: memoryKv(),
      unlimited,
      log,
      costs: () => costs,
      sizes: { address: size, person: size, app: size },
    });
  const page = (first: number, kind = 'query') =>
    prepare(schema, `${kind} { list${kind === 'query' ? `(first: ${first})` : ''} { nodes { id } } }`);
  const items = (count: number) => ({
    data: { list: { nodes: Array.from({ length: count }, () => ({ id: 'x' })) } },
    extensions: {},
  });
  const settle = () => new Promise<void>((resolve) => void queueMicrotask(() => queueMicrotask(resolve)));

  it('take what it can cost, give back what it did not, and tell both', async () => {
    const stage = stageOf();
    const asker = from('10.0.0.1');
    const first = await stage(page(60), {}, asker);
    // While it runs, all of it is taken.
    expect((await refusal(stage(page(60), {}, asker))).extensions.code).toBe('RATE_LIMITED');
    expect(first?.after?.(items(4))).toEqual({
      extensions: { cost: { requested: 61, actual: 5, limit: 100, available: 95, restoreRate: 10 } },
    });
    await settle();
    const second = await stage(page(90), {}, asker);
    expect(second?.after?.({ data: null, extensions: {} })?.extensions).toEqual({
      cost: { requested: 91, actual: 0, limit: 100, available: 95, restoreRate: 10 },
    });
  });
  it('refuse what no budget could hold, without saying come back', async () => {
    const { message, extensions } = await refusal(stageOf()(page(100), {}, from('10.0.0.1')));
    expect(message).toBe(
      'This costs up to 101, and an operation may cost 100 at most. Ask for shorter pages, or for less in several operations.',
    );
    expect(extensions).toEqual({ code: 'COST_EXCEEDED', http: { status: 400 } });
  });
  it('refuse what this one does not hold just now, with when it will', async () => {
    const stage = stageOf();
    await stage(page(89), {}, from('10.0.0.1'));
    const { message, extensions } = await refusal(stage(page(29), {}, from('10.0.0.1')));
    expect(message).toBe('This costs 30, and of your budget of 100 only 10 are left. Try again in 2 seconds.');
    expect(extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 2_000,
      http: { status: 429, headers: { 'retry-after': '2' } },
    });
    vi.advanceTimersByTime(2_000);
    await stage(page(29), {}, from('10.0.0.1'));
  });
  it('tell the cost of a GET by a header, for its body may be kept', async () => {
    const admission = await stageOf()(page(3), {}, from('10.0.0.1', 'anonymous', { transport: 'GET' }));
    expect(admission?.after?.(items(1))).toEqual({
      headers: { 'souk-cost': 'requested=4, actual=2, limit=100, available=98, restore-rate=10' },
    });
  });
  it('keep what a stream was charged, however many events it has', async () => {
    const stage = stageOf();
    const admission = await stage(page(0, 'subscription'), {}, from('10.0.0.1'));
    for (let n = 0; n < 3; n++)
      expect(admission?.after?.(items(1))?.extensions?.cost).toMatchObject({ requested: 11, available: 89 });
    await settle();
    const next = await stage(page(0, 'subscription'), {}, from('10.0.0.1'));
    expect(next?.after?.(items(1))?.extensions?.cost).toMatchObject({ available: 78 });
  });
  it('charge nobody whom the shop lets ask without, and refuse even them what is too much at once', async () => {
    const stage = stageOf(parseNetworks('10.0.0.1')!);
    for (let n = 0; n < 5; n++) {
      const admission = await stage(page(90), {}, from('10.0.0.1'));
      expect(admission?.after?.(items(1))?.extensions?.cost).toMatchObject({ available: 100 });
    }
    expect((await refusal(stage(page(100), {}, from('10.0.0.1')))).extensions.code).toBe('COST_EXCEEDED');
  });
  it('go by an app’s own quota', async () => {
    const asker = from('10.0.0.1', 'app', { app: { ...app, costPerMinute: 30 } });
    expect((await refusal(stageOf()(page(40), {}, asker))).extensions.code).toBe('COST_EXCEEDED');
    const admission = await stageOf()(page(20), {}, asker);
    expect(admission?.after?.(items(20))?.extensions?.cost).toMatchObject({ limit: 30, available: 9 });
  });
});
