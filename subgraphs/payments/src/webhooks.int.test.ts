import { randomUUID } from 'node:crypto';
import { guest, staff } from '@souk/kit/testing';
import type { RefundId } from '@souk/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenLaws, eur, startTestPayments, type TestOrder, type TestPayments } from './payments.testing.ts';
import { signatureHeader } from './simulator/simulator.webhooks.ts';

/**
 * The reliability row "webhooks ×100, out of order, late, for another amount, from the future": one effect each, late
 * success is given back, mismatch is quarantined. Mutants that make it fail, each tried: `insertEventOnce` overwriting what
 * it has; `isMismatch` without its amounts; `judgeEvent` applying a decline of any age; `nextStep` forgetting the
 * cancellation; a signature from the future let through; `hearDispute` reopening what was decided.
 */
let t: TestPayments;
beforeAll(async () => {
  t = await startTestPayments();
});
afterEach(async () => {
  await t.control('webhooks/resume');
  await t.settled();
  expect(await brokenLaws(t)).toEqual([]);
});
afterAll(() => t.stop());

interface Replayed {
  readonly results: readonly { readonly status: number | null }[];
}

/** The simulator's events about an order's payment, oldest first. */
async function eventsOf(order: TestOrder): Promise<{ id: string; type: string; body: string }[]> {
  const { gateway_intent_id: intent } = await t.row(order);
  return t.sql(
    `select id, type, body from stripe_simulator.events
     where $1 in (body::json->'data'->'object'->>'id', body::json->'data'->'object'->>'payment_intent') order by seq`,
    [intent],
  );
}

async function eventOf(order: TestOrder, type: string): Promise<string> {
  const found = (await eventsOf(order)).filter((event) => event.type === type).at(-1);
  if (!found) throw new Error(`the simulator has no ${type} of this order`);
  return found.id;
}

const replay = async (event: string, more: Record<string, string> = {}): Promise<(number | null)[]> => {
  const { results } = await t.control<Replayed>('webhooks/replay', { event, ...more });
  await t.quiet();
  return [...new Set(results.map(({ status }) => status))];
};

const kept = (order: TestOrder) =>
  t.sql<{ status: string; quarantine_reason: string | null }>(
    `select e.status, e.quarantine_reason from payments.gateway_events e join payments.payments p on p.id = e.payment_id
     where p.order_id = $1 order by e.received_at, e.id`,
    [order.orderId],
  );

const intentOf = async (order: TestOrder) => ({ intent: (await t.row(order)).gateway_intent_id });

/** A payment whose webhooks have not come: the shopper has approved 3-D Secure. */
async function silentlyAuthorized(): Promise<TestOrder> {
  const order = await t.requested();
  await t.submitted(order, 'pm_card_threeDSecure2Required');
  await t.settled();
  await t.control('webhooks/pause');
  await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
  return order;
}

async function captured(paymentMethod = 'pm_card_visa'): Promise<TestOrder> {
  const order = await t.requested();
  await t.submitted(order, paymentMethod);
  await t.settled();
  await t.confirmed(order);
  await t.settled();
  return order;
}

const AUTHORIZED = 'payment_intent.amount_capturable_updated';

describe('webhooks', () => {
  it('a hundred times at once: one effect, one row, every one answered with 200', async () => {
    const order = await silentlyAuthorized();
    const event = await eventOf(order, AUTHORIZED);
    expect(await replay(event, { times: '100' })).toEqual([200]);
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
    expect(await t.sql('select status from payments.gateway_events where id = $1', [event])).toEqual([
      { status: 'APPLIED' },
    ]);
    expect((await t.see(order, 'transactions { kind }')).transactions).toEqual([{ kind: 'AUTHORIZATION' }]);
  });

  it('under a hundred ids: one effect, and each is kept', async () => {
    const order = await silentlyAuthorized();
    const event = await eventOf(order, AUTHORIZED);
    const before = (await kept(order)).length;
    await Promise.all(Array.from({ length: 20 }, () => replay(event, { fresh_id: 'true' })));
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
    const statuses = (await kept(order)).slice(before).map(({ status }) => status);
    expect(statuses.sort()).toEqual(['APPLIED', ...Array(19).fill('KNOWN')]);
  });

  it('in reverse order: the payment never goes backwards', async () => {
    await t.control('webhooks/pause');
    const order = await captured();
    for (const { id } of (await eventsOf(order)).reverse()) expect(await replay(id)).toEqual([200]);
    for (const { id } of await eventsOf(order)) expect(await replay(id, { fresh_id: 'true' })).toEqual([200]);
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
    expect((await t.row(order)).status).toBe('CAPTURED');
  });

  it('an old decline after a new success changes nothing, nor does one during the next challenge', async () => {
    const order = await t.requested();
    await t.submitted(order, 'pm_card_chargeDeclined', 1);
    await t.settled();
    const decline = await eventOf(order, 'payment_intent.payment_failed');
    await t.submitted(order, 'pm_card_threeDSecure2Required', 2);
    await t.settled();
    await replay(decline, { fresh_id: 'true' });
    expect((await t.row(order)).status).toBe('ACTION_REQUIRED');
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
    await t.settled();
    await replay(decline, { fresh_id: 'true' });
    expect(await t.types(order)).toEqual(['PaymentDeclined', 'PaymentActionRequired', 'PaymentAuthorized']);
  });

  it('replayed when everything is over: no effect', async () => {
    const order = await captured();
    const events = await eventsOf(order);
    await t.cancelled(order);
    await t.settled();
    const before = await t.words(order);
    for (const { id } of events) await replay(id, { times: '5', fresh_id: 'true' });
    expect(await t.words(order)).toEqual(before);
  });

  it('a late success of a cancelled order is given up', async () => {
    const order = await t.requested();
    await t.submitted(order, 'pm_card_threeDSecure2Required');
    await t.settled();
    // The cancellation cannot reach the provider yet.
    await t.control('faults', { kind: 'drop', times: '1000', path: '/cancel' });
    await t.cancelled(order);
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentActionRequired']);
    await t.control('faults/clear');
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentVoided']);
    expect((await t.atProvider(order)).status).toBe('canceled');
  });

  it('for another amount: set aside for finance, counted, without effect', async () => {
    const order = await silentlyAuthorized();
    const event = await eventOf(order, AUTHORIZED);
    expect(await replay(event, { amount: '1', fresh_id: 'true' })).toEqual([200]);
    expect((await t.row(order)).status).toBe('ACTION_REQUIRED');
    expect((await kept(order)).at(-1)).toEqual({ status: 'QUARANTINED', quarantine_reason: 'AMOUNT_MISMATCH' });
    const query = '{ quarantinedPaymentEvents(first: 1) { nodes { reason amount { amountMinor } } } }';
    expect((await t.run('payments', staff('FINANCE'), query)).quarantinedPaymentEvents.nodes).toEqual([
      { reason: 'AMOUNT_MISMATCH', amount: { amountMinor: 1 } },
    ]);
    await replay(event);
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
  });

  it('for another amount of a refund: set aside', async () => {
    const order = await captured();
    await t.refundRequested(order, eur(1000));
    await t.settled();
    const [refund] = await t.sql<{ id: string }>(
      `select id from stripe_simulator.events where type like '%refund%' and body like '%' || $1 || '%' order by seq limit 1`,
      [(await t.row(order)).gateway_intent_id],
    );
    const before = await t.words(order);
    await replay(refund!.id, { amount: '999', fresh_id: 'true' });
    expect((await kept(order)).at(-1)?.status).toBe('QUARANTINED');
    expect(await t.words(order)).toEqual(before);
  });

  it.each([
    ['from the future', { timestamp_offset: '3600' }],
    ['signed too long ago', { timestamp_offset: '-3600' }],
    ['signed with another secret', { signature: 'bad' }],
  ])('%s: 400 and nothing changes', async (_, how) => {
    const order = await silentlyAuthorized();
    const event = await eventOf(order, AUTHORIZED);
    expect(await replay(event, how)).toEqual([400]);
    expect(await t.types(order)).toEqual(['PaymentActionRequired']);
    expect(await t.sql('select from payments.gateway_events where id = $1', [event])).toEqual([]);
  });

  it('without a signature, or with a body that is no event: 400 without a word of why', async () => {
    const [route] = t.house('payments').routes.filter(({ path }) => path === '/webhooks/stripe');
    const post = (body: string, signature?: string) =>
      route!.handle({
        params: {},
        query: {},
        headers: { 'stripe-signature': signature },
        body: Buffer.from(body),
        viewer: guest(),
      });
    const [{ now }] = (await t.sql<{ now: number }>('select extract(epoch from now())::int as now')) as [
      { now: number },
    ];
    const signed = (body: string) => signatureHeader(body, t.ports.simulator!.webhookSecret, now);
    const answers = [await post('{}'), await post('{}', 'nonsense'), await post('not json', signed('not json'))];
    expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([400, 'Not accepted.']));
  });

  it('for a payment that is not ours: 200, and nothing is kept', async () => {
    const made = await t.ports.gateway.createIntent({
      orderId: randomUUID() as TestOrder['orderId'],
      amount: eur(100),
      idempotencyKey: randomUUID(),
    });
    await t.ports.gateway.confirm({
      intentId: made.intentId,
      paymentMethod: 'pm_card_visa',
      returnUrl: 'http://localhost',
      idempotencyKey: randomUUID(),
    });
    await t.settled();
    expect(await t.sql('select from payments.gateway_events where reference = $1', [made.intentId])).toEqual([]);
    await t.sql(`delete from stripe_simulator.intent_objects where intent_id = $1`, [made.intentId]);
  });

  it('for an order of ours, but a payment we never made: set aside', async () => {
    const order = await captured();
    const { intentId } = await t.ports.gateway.createIntent({
      orderId: order.orderId,
      amount: order.amount,
      idempotencyKey: randomUUID(),
    });
    await t.ports.gateway.confirm({
      intentId,
      paymentMethod: 'pm_card_visa',
      returnUrl: 'http://localhost',
      idempotencyKey: randomUUID(),
    });
    await t.settled();
    expect((await kept(order)).at(-1)).toEqual({ status: 'QUARANTINED', quarantine_reason: 'UNKNOWN_INTENT' });
    await t.sql('delete from stripe_simulator.intent_objects where intent_id = $1', [intentId]);
    await t.sql('delete from stripe_simulator.payment_intents where id = $1', [intentId]);
  });

  describe('of a refund made by hand at the provider', () => {
    const refundByHand = async (order: TestOrder, minor: number): Promise<void> => {
      const { gateway_intent_id: intentId } = await t.row(order);
      await t.ports.gateway.refund({
        intentId: intentId as never,
        refundId: randomUUID() as RefundId,
        amount: eur(minor),
        idempotencyKey: randomUUID(),
      });
      await t.settled();
    };
    const reasonsOf = async (order: TestOrder) => [
      ...new Set((await kept(order)).map((row) => row.quarantine_reason).filter((reason) => reason !== null)),
    ];

    it('is booked and said once, however often and in whatever order they come', async () => {
      const order = await captured();
      await refundByHand(order, 100);
      await refundByHand(order, 50);
      for (const { id } of (await eventsOf(order)).reverse()) await replay(id, { times: '3', fresh_id: 'true' });
      expect((await t.words(order)).filter(([type]) => type === 'RefundSettled')).toEqual([
        ['RefundSettled', expect.objectContaining({ amount: eur(100) })],
        ['RefundSettled', expect.objectContaining({ amount: eur(50) })],
      ]);
      expect(await reasonsOf(order)).toEqual([]);
      expect(await t.row(order)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: '150', refunding: '0' });
    });

    it('is taken back when a bank sends it back', async () => {
      const order = await captured('pm_card_refundFail');
      await t.control('webhooks/pause');
      await refundByHand(order, 100);
      for (const { id } of await eventsOf(order)) await replay(id);
      expect((await t.words(order)).map(([type]) => type).slice(-2)).toEqual(['RefundSettled', 'RefundFailed']);
      expect(await t.row(order)).toMatchObject({ status: 'CAPTURED', refunded: '0', refunding: '0' });
    });

    it('is booked although one of ours is under way, which the provider then has no money left for', async () => {
      const order = await captured();
      await t.control('faults', { kind: 'drop', path: '/v1/refunds', times: '50' });
      const ours = await t.refundRequested(order, eur(4000));
      await t.quiet();
      await t.control('faults/clear');
      await refundByHand(order, 3000);
      expect(await t.row(order)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: '3000', refunding: '4000' });
      await t.hurry();
      expect((await t.words(order)).slice(-2)).toEqual([
        ['RefundSettled', expect.objectContaining({ amount: eur(3000) })],
        ['RefundFailed', expect.objectContaining({ refundId: ours, amount: eur(4000) })],
      ]);
      expect(await t.row(order)).toMatchObject({ refunded: '3000', refunding: '0' });
      expect((await t.atProvider(order)).refunded).toBe(3000);
      expect(await reasonsOf(order)).toEqual([]);
    });

    it('is set aside while it comes before the return that made room for it, then booked by itself', async () => {
      const order = await captured('pm_card_refundFail');
      await t.control('webhooks/pause');
      await refundByHand(order, 3000);
      await refundByHand(order, 4000);
      const told = (await eventsOf(order)).filter(({ type }) => type.startsWith('refund.'));
      const event = (amount: number, status: string) =>
        told.find(({ body }) => {
          const { object } = JSON.parse(body).data;
          return object.amount === amount && object.status === status;
        })!.id;
      await replay(event(3000, 'succeeded'));
      await replay(event(4000, 'succeeded'));
      expect(await reasonsOf(order)).toEqual(['UNKNOWN_REFUND']);
      expect(await t.row(order)).toMatchObject({ refunded: '3000' });
      await replay(event(3000, 'failed'));
      expect(await reasonsOf(order)).toEqual([]);
      expect(await t.row(order)).toMatchObject({ refunded: '4000', status: 'PARTIALLY_REFUNDED' });
      await replay(event(4000, 'failed'));
      expect((await t.types(order)).slice(-4)).toEqual(Array(2).fill(['RefundSettled', 'RefundFailed']).flat());
      expect(await t.row(order)).toMatchObject({ refunded: '0', status: 'CAPTURED' });
    });

    it('of which the end is told first has no effect, whenever its beginning comes', async () => {
      const order = await captured('pm_card_refundFail');
      await t.control('webhooks/pause');
      await refundByHand(order, 100);
      const before = await t.types(order);
      for (const { id } of (await eventsOf(order)).reverse()) await replay(id);
      expect(await t.types(order)).toEqual(before);
      expect(await t.row(order)).toMatchObject({ status: 'CAPTURED', refunded: '0' });
    });

    it('is set aside for a person while more is on its way back than is left, and resolved with a reason, once', async () => {
      const order = await captured('pm_card_pendingRefund');
      await t.refundRequested(order, eur(4900));
      await t.quiet();
      await t.control('webhooks/pause');
      const { gateway_intent_id: intentId } = await t.row(order);
      const [refund] = await t.sql<{ id: string; body: string }>(
        `select id, body from stripe_simulator.events where type like '%refund%'
         and body::json->'data'->'object'->>'payment_intent' = $1 order by seq limit 1`,
        [intentId],
      );
      const changed = JSON.parse(refund!.body);
      changed.id = `evt_${randomUUID().replaceAll('-', '')}`;
      Object.assign(changed.data.object, { id: 're_byhand', amount: 100, status: 'succeeded', metadata: {} });
      const body = JSON.stringify(changed);
      const { webhookUrl, webhookSecret } = t.ports.simulator!;
      const headers = { 'stripe-signature': signatureHeader(body, webhookSecret, Math.floor(Date.now() / 1000)) };
      expect((await fetch(webhookUrl, { method: 'POST', headers, body })).status).toBe(200);
      expect(await reasonsOf(order)).toEqual(['UNKNOWN_REFUND']);

      const resolve = async (viewer = staff('FINANCE'), reason = 'Seen at the provider.', id = changed.id) =>
        (
          await t.run(
            'payments',
            viewer,
            `mutation ($input: ResolvePaymentEventInput!) { resolvePaymentEvent(input: $input) {
              event { providerEventId reason resolution { reason by { id } } } errors { code field } } }`,
            { input: { providerEventId: id, reason } },
          )
        ).resolvePaymentEvent as { event: object | null; errors: object[] };
      const waiting = async (resolved: boolean | null) => {
        const { quarantinedPaymentEvents } = await t.run(
          'payments',
          staff('FINANCE'),
          `query ($resolved: Boolean) { quarantinedPaymentEvents(resolved: $resolved, first: 100) { nodes { providerEventId } } }`,
          { resolved },
        );
        const { nodes } = quarantinedPaymentEvents as { nodes: { providerEventId: string }[] };
        return nodes.some(({ providerEventId }) => providerEventId === changed.id);
      };
      expect([await waiting(false), await waiting(true), await waiting(null)]).toEqual([true, false, true]);
      for (const reason of ['', '  ', 'x'.repeat(501), 'two\nlines']) {
        expect((await resolve(undefined, reason)).errors).toEqual([
          { code: 'INVALID_TEXT', field: ['input', 'reason'] },
        ]);
      }
      expect((await resolve(undefined, undefined, 'evt_nobody')).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
      const finance = staff('FINANCE');
      const done = await resolve(finance);
      expect(done).toMatchObject({
        errors: [],
        event: { providerEventId: changed.id, resolution: { reason: 'Seen at the provider.' } },
      });
      expect(await resolve(staff('ADMIN'))).toEqual(done);
      expect((await resolve(undefined, 'Something else.')).errors).toMatchObject([{ code: 'ALREADY_RESOLVED' }]);
      expect([await waiting(false), await waiting(true), await waiting(null)]).toEqual([false, true, true]);
    });
  });

  it('of a dispute: said once, booked, and ended once', async () => {
    const order = await captured('pm_card_createDispute');
    expect((await t.words(order)).filter(([type]) => type === 'PaymentDisputed')).toEqual([
      ['PaymentDisputed', expect.objectContaining({ amount: order.amount, reason: 'fraudulent' })],
    ]);
    const opened = await eventOf(order, 'charge.dispute.created');
    await replay(opened, { times: '20' });
    const [{ gateway_dispute_id: dispute }] = (await t.sql<{ gateway_dispute_id: string }>(
      'select gateway_dispute_id from payments.disputes d join payments.payments p on p.id = d.payment_id where p.order_id = $1',
      [order.orderId],
    )) as [{ gateway_dispute_id: string }];
    await t.control('disputes/close', { dispute, outcome: 'lost' });
    await t.settled();
    await replay(opened, { fresh_id: 'true' });
    const { disputes } = await t.run(
      'payments',
      staff('SUPPORT'),
      '{ disputes(first: 1) { nodes { status reason } } }',
    );
    expect(disputes.nodes).toEqual([{ status: 'LOST', reason: 'fraudulent' }]);
    const booked = await t.sql(
      `select debit, credit from payments.ledger_entries e join payments.payments p on p.id = e.payment_id
       where p.order_id = $1 order by e.at, e.id`,
      [order.orderId],
    );
    expect(booked).toEqual([
      { debit: 'CLEARING', credit: 'RECEIVABLE' },
      { debit: 'DISPUTES', credit: 'CLEARING' },
      { debit: 'LOSSES', credit: 'DISPUTES' },
    ]);
  });
});
