import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestSimulator, TEST_KEY, TEST_SECRET, type TestSimulator } from './simulator.testing.ts';
import { SimulatorRefused, startSimulator } from './simulator.ts';

let stripe: TestSimulator;
let sdk: Stripe;

const newSdk = (key = TEST_KEY, maxNetworkRetries = 0) =>
  new Stripe(key, {
    host: '127.0.0.1',
    port: stripe.simulator.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries,
  });

beforeAll(async () => {
  stripe = await startTestSimulator();
  sdk = newSdk();
});
afterAll(() => stripe.stop());

const intentOf = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  sdk.paymentIntents.create({ amount: 4950, currency: 'eur', capture_method: 'manual', ...more });

async function paid(paymentMethod = 'pm_card_visa'): Promise<Stripe.PaymentIntent> {
  const { id } = await intentOf();
  await sdk.paymentIntents.confirm(id, { payment_method: paymentMethod });
  return sdk.paymentIntents.capture(id);
}

/** A bare call, to see status, headers and body as they travel. */
async function raw(path: string, init: RequestInit = {}, key = TEST_KEY) {
  const response = await fetch(`${stripe.simulator.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const form = (params: Record<string, string>, idempotencyKey?: string): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(params),
  headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
});

const countRows = async (table: string): Promise<number> => {
  const { rows } = await stripe.pool.query<{ count: number }>(
    `select count(*)::int as count from stripe_simulator.${table}`,
  );
  return rows[0]!.count;
};

describe('where real money is meant', () => {
  it.each([{ NODE_ENV: 'production' }, { SOUK_ENV: 'production' }])('refuses to start with %o', async (environment) => {
    await expect(startSimulator({ ...stripe.options, environment })).rejects.toThrow(SimulatorRefused);
  });

  it.each(['sk_live_abc', 'rk_live_abc', 'pk_test_abc', ''])('refuses to start with the key %j', async (secretKey) => {
    await expect(startSimulator({ ...stripe.options, secretKey })).rejects.toThrow('takes a test key');
  });
});

describe('the protocol', () => {
  it.each([
    ['no key', ''],
    ['another key', 'sk_test_another'],
    ['a live key', 'sk_live_simulator'],
  ])('answers 401 to %s', async (_, key) => {
    const answer = await raw('/v1/payment_intents', {}, key);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).error.type).toBe('invalid_request_error');
    expect(answer.headers.get('request-id')).toMatch(/^req_\w{24}$/);
  });

  it('answers 404 for what it does not know', async () => {
    await expect(sdk.paymentIntents.retrieve('pi_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    await expect(sdk.refunds.retrieve('re_none')).rejects.toMatchObject({ statusCode: 404 });
    await expect(sdk.customers.create({})).rejects.toMatchObject({ statusCode: 404 });
    await expect(sdk.charges.retrieve((await intentOf()).id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it.each([
    [{ currency: 'eur' }, 'parameter_missing', 'amount'],
    [{ amount: '12.5', currency: 'eur' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: '-1', currency: 'eur' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: '49', currency: 'eur' }, 'amount_too_small', 'amount'],
    [{ amount: '100000000', currency: 'eur' }, 'amount_too_large', 'amount'],
    [{ amount: '150', currency: 'isk' }, 'invalid_charge_amount_no_decimal_compatible', 'amount'],
    [{ amount: '1000', currency: 'eur', typo: '1' }, 'parameter_unknown', 'typo'],
    [
      { amount: '1000', currency: 'eur', 'payment_method_types[0]': 'card' },
      'parameter_unknown',
      'payment_method_types',
    ],
    [{ amount: '1000', currency: 'eur', payment_method: 'pm_none' }, 'resource_missing', 'payment_method'],
  ])('refuses %o as Stripe does', async (params, code, param) => {
    const before = await countRows('payment_intents');
    const answer = await raw('/v1/payment_intents', form(params));
    expect([answer.status, JSON.parse(answer.text).error]).toEqual([
      code === 'resource_missing' ? 404 : 400,
      expect.objectContaining({ type: 'invalid_request_error', code, param, message: expect.any(String) }),
    ]);
    expect(await countRows('payment_intents')).toBe(before);
  });

  it('answers a decline with 402, the decline code and the intent inside', async () => {
    const { id } = await intentOf();
    const confirm = sdk.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclinedInsufficientFunds' });
    await expect(confirm).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      payment_intent: {
        id,
        status: 'requires_payment_method',
        last_payment_error: { decline_code: 'insufficient_funds' },
      },
    });
  });

  it('expands what it is asked to expand, and nothing else', async () => {
    const { id } = await paid();
    const intent = await sdk.paymentIntents.retrieve(id, { expand: ['latest_charge', 'payment_method'] });
    expect(intent.latest_charge).toMatchObject({ object: 'charge', captured: true, amount_captured: 4950 });
    expect(intent.payment_method).toMatchObject({ object: 'payment_method', card: { last4: '4242' } });
    const list = await sdk.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] });
    expect(list.data[0]!.latest_charge).toMatchObject({ payment_intent: id });
    await expect(sdk.paymentIntents.retrieve(id, { expand: ['customer'] })).rejects.toMatchObject({ param: 'expand' });
  });

  it('pages through lists, newest first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await intentOf()).id);
    const first = await sdk.paymentIntents.list({ limit: 2 });
    expect([first.data.map((i) => i.id), first.has_more]).toEqual([made.slice(0, 2), true]);
    const second = await sdk.paymentIntents.list({ limit: 2, starting_after: made[1]! });
    expect(second.data.map((i) => i.id)).toEqual(made.slice(2, 4));
    const back = await sdk.paymentIntents.list({ limit: 2, ending_before: made[2]! });
    expect(back.data.map((i) => i.id)).toEqual(made.slice(0, 2));
  });

  it('makes payment methods from published test numbers, keeps no number and refuses any other', async () => {
    const card = { number: '4242 4242 4242 4242', exp_month: 12, exp_year: 2050, cvc: '123' };
    const method = await sdk.paymentMethods.create({ type: 'card', card });
    expect(method.card).toMatchObject({ brand: 'visa', last4: '4242', exp_year: 2050 });
    const { rows } = await stripe.pool.query<{ all: string }>(
      'select coalesce(string_agg(body::text, $1), $1) as all from stripe_simulator.payment_methods',
      [''],
    );
    expect(rows[0]!.all).not.toMatch(/\d{12,}/);
    const refused = (number: string) => sdk.paymentMethods.create({ type: 'card', card: { ...card, number } });
    await expect(refused('4242424242424241')).rejects.toMatchObject({ code: 'incorrect_number', statusCode: 402 });
    await expect(refused('4539578763621486')).rejects.toMatchObject({ code: 'card_declined', statusCode: 402 });
    const token = await sdk.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    expect(token.card?.brand).toBe('mastercard');
  });
});

describe('idempotency keys', () => {
  const create = (key: string, amount = '4950', path = '/v1/payment_intents') =>
    raw(path, form({ amount, currency: 'eur' }, key));

  it('replay the first answer to the byte, also after a restart', async () => {
    const first = await create('again');
    const second = await create('again');
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'));
    await stripe.restart();
    expect((await create('again')).text).toBe(first.text);
  });

  it('refuse other parameters and another endpoint', async () => {
    await create('taken');
    for (const answer of [await create('taken', '4951'), await create('taken', '4950', '/v1/refunds')]) {
      expect([answer.status, JSON.parse(answer.text).error.type]).toEqual([400, 'idempotency_error']);
    }
  });

  it('do not keep the answer to a request that failed its checks', async () => {
    expect((await create('corrected', 'x')).status).toBe(400);
    expect((await create('corrected')).status).toBe(200);
  });

  it('keep declines and refusals', async () => {
    const { id } = await intentOf();
    const decline = () =>
      raw(`/v1/payment_intents/${id}/confirm`, form({ payment_method: 'pm_card_chargeDeclined' }, 'declined'));
    const first = await decline();
    expect(first.status).toBe(402);
    expect(await decline()).toMatchObject({ status: 402, text: first.text });
    expect((await sdk.charges.list({ payment_intent: id })).data).toHaveLength(1);
    const early = () => raw(`/v1/payment_intents/${id}/capture`, form({}, 'early'));
    expect((await early()).status).toBe(400);
    await sdk.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect((await early()).status).toBe(400);
  });

  it('do the work once when 50 requests race', async () => {
    const before = await countRows('payment_intents');
    const answers = await Promise.all(Array.from({ length: 50 }, () => create('race')));
    const texts = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
    expect(texts.size).toBe(1);
    for (const { status, text } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, JSON.parse(text).error.code]).toEqual([409, 'idempotency_key_in_use']);
    }
    expect(await countRows('payment_intents')).toBe(before + 1);
  });
});

describe('refunds that race', () => {
  it('never give back more than was taken', async () => {
    const { id } = await paid();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => sdk.refunds.create({ payment_intent: id, amount: 1000 })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const { data } = await sdk.refunds.list({ payment_intent: id });
    expect(data.map((refund) => refund.amount)).toEqual([1000, 1000, 1000, 1000]);
  });
});

describe('webhooks', () => {
  const about = (id: string) => stripe.receiver.received.filter(({ body }) => body.includes(id));
  const eventFor = async (id: string, type: string) => {
    const { data } = await sdk.events.list({ type, limit: 100 });
    return data.find((event) => (event.data.object as { id: string }).id === id)!;
  };

  beforeEach(async () => {
    expect(await stripe.control('webhooks/flush')).toEqual({ undelivered: 0 });
  });
  afterEach(async () => {
    await stripe.control('webhooks/resume');
  });

  it('are signed so that the SDK believes them, and carry the event that the list shows', async () => {
    const { id } = await intentOf();
    await stripe.receiver.until(() => about(id).length === 1);
    const { body, signature } = about(id)[0]!;
    const event = sdk.webhooks.constructEvent(body, signature, TEST_SECRET);
    expect(event).toEqual(await sdk.events.retrieve(event.id));
    expect(event).toMatchObject({ type: 'payment_intent.created', data: { object: { id } }, livemode: false });
  });

  it('are sent again until they are taken', async () => {
    stripe.receiver.refuse(503, 2);
    const { id } = await intentOf();
    await stripe.receiver.until(() => about(id).length === 1);
    const event = await eventFor(id, 'payment_intent.created');
    const undelivered = async () =>
      (
        await stripe.pool.query(
          'select 1 from stripe_simulator.deliveries where event_id = $1 and delivered_at is null',
          [event.id],
        )
      ).rowCount;
    while ((await undelivered()) !== 0) await new Promise((resolve) => setImmediate(resolve));
    const { rows } = await stripe.pool.query(
      'select attempts, last_result from stripe_simulator.deliveries where event_id = $1',
      [event.id],
    );
    expect(rows).toEqual([{ attempts: 3, last_result: 'delivered' }]);
  });

  it('wait in the store while they are paused, across a restart', async () => {
    await stripe.control('webhooks/pause');
    const { id } = await intentOf();
    await stripe.restart();
    expect(about(id)).toEqual([]);
    expect(await stripe.control('webhooks/flush')).toEqual({ undelivered: 1 });
    await stripe.control('webhooks/resume');
    await stripe.receiver.until(() => about(id).length === 1);
  });

  it('can be replayed a hundred times, from the future, for another amount, with a bad signature, as a new event', async () => {
    const { id } = await intentOf();
    await stripe.receiver.until(() => about(id).length === 1);
    const event = (await eventFor(id, 'payment_intent.created')).id;
    const last = () => about(id).at(-1)!;
    await stripe.control('webhooks/replay', { event, times: '100' });
    expect(new Set(about(id).map(({ body }) => body)).size).toBe(1);
    expect(about(id)).toHaveLength(101);

    const signedAt = () => Number(/t=(\d+)/.exec(last().signature)![1]);
    const earlier = signedAt();
    await stripe.control('webhooks/replay', { event, timestamp_offset: '3600' });
    expect(signedAt()).toBeGreaterThanOrEqual(earlier + 3600);
    expect(sdk.webhooks.constructEvent(last().body, last().signature, TEST_SECRET).id).toBe(event);

    await stripe.control('webhooks/replay', { event, amount: '1' });
    expect(last().event.data.object).toMatchObject({ id, amount: 1 });
    await stripe.control('webhooks/replay', { event, fresh_id: 'true' });
    expect(last().event.id).not.toBe(event);
    await stripe.control('webhooks/replay', { event, signature: 'bad' });
    expect(() => sdk.webhooks.constructEvent(last().body, last().signature, TEST_SECRET)).toThrow(/signature/i);
  });
});

describe('disputes', () => {
  it('open by a card or by hand and close won or lost', async () => {
    const { id } = await paid();
    await stripe.control('disputes', { intent: id, reason: 'product_not_received', amount: '500' });
    const [dispute] = (await sdk.disputes.list({ payment_intent: id })).data;
    expect(dispute).toMatchObject({ amount: 500, reason: 'product_not_received', status: 'needs_response' });
    await expect(sdk.refunds.create({ payment_intent: id })).rejects.toMatchObject({ code: 'charge_disputed' });
    await stripe.control('disputes/close', { dispute: dispute!.id, outcome: 'won' });
    expect((await sdk.disputes.retrieve(dispute!.id)).status).toBe('won');
    expect((await sdk.refunds.create({ payment_intent: id })).amount).toBe(4950);
    expect((await sdk.disputes.list({ payment_intent: (await paid('pm_card_createDispute')).id })).data).toHaveLength(
      1,
    );
  });
});

describe('a killed simulator', () => {
  it('forgets nothing: intents, refunds, idempotency keys and events not delivered yet', async () => {
    const source = `
      import pg from 'pg';
      const [simulator, url, hook] = process.argv.slice(1);
      const { startSimulator } = await import(simulator);
      const { port } = await startSimulator({
        pool: new pg.Pool({ connectionString: url }), secretKey: '${TEST_KEY}', webhook: { url: hook, secret: '${TEST_SECRET}' },
        environment: { SOUK_ENV: 'test' },
      });
      console.log(port);`;
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', '@oxc-node/core/register', '--input-type=module', '-e', source].concat(
        new URL('./simulator.ts', import.meta.url).href,
        stripe.databaseUrl,
        'http://127.0.0.1:9/nobody-listens',
      ),
      { cwd: fileURLToPath(new URL('../../../..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const line = await Promise.race([
      once(child.stdout, 'data').then(([chunk]) => String(chunk)),
      once(child, 'exit').then(() => Promise.reject(new Error('the child simulator did not start'))),
    ]);
    await stripe.simulator.stop();
    const doomed = new Stripe(TEST_KEY, { host: '127.0.0.1', port: Number(line), protocol: 'http', telemetry: false });
    const create = { amount: 4950, currency: 'eur', capture_method: 'manual' } as const;
    const intent = await doomed.paymentIntents.create(create, { idempotencyKey: 'before the kill' });
    await doomed.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    await doomed.paymentIntents.capture(intent.id, { amount_to_capture: 4000 });
    const refund = await doomed.refunds.create({ payment_intent: intent.id, amount: 500 });
    child.kill('SIGKILL');
    await once(child, 'exit');

    stripe.simulator = await startSimulator(stripe.options);
    sdk = newSdk();
    expect(await sdk.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'succeeded', amount_received: 4000 });
    expect(await sdk.refunds.retrieve(refund.id)).toMatchObject({ amount: 500, status: 'succeeded' });
    expect((await sdk.paymentIntents.create(create, { idempotencyKey: 'before the kill' })).id).toBe(intent.id);
    await stripe.control('webhooks/flush');
    const types = () =>
      stripe.receiver.received.filter(({ body }) => body.includes(intent.id)).map(({ event }) => event.type);
    await stripe.receiver.until(() => new Set(types()).size === 7);
    expect([...new Set(types())].sort()).toEqual([
      'charge.captured',
      'charge.refunded',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.created',
      'payment_intent.succeeded',
      'refund.created',
    ]);
  });
});
