import { randomUUID } from 'node:crypto';
import { customer, guest } from '@souk/kit/testing';
import type { PaymentId, RefundId } from '@souk/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordIntent } from './payment.repository.ts';
import { brokenLaws, EUR_4950, eur, startTestPayments, type TestOrder, type TestPayments } from './payments.testing.ts';

let t: TestPayments;
beforeAll(async () => {
  t = await startTestPayments();
});
afterEach(async () => {
  await t.control('faults/clear');
  await t.control('webhooks/resume');
  await t.settled();
  expect(await brokenLaws(t)).toEqual([]);
});
afterAll(() => t.stop());

const intentOf = async (order: TestOrder) => ({ intent: (await t.row(order)).gateway_intent_id });

async function authorized(paymentMethod = 'pm_card_visa', amount = EUR_4950): Promise<TestOrder> {
  const order = await t.requested(amount);
  await t.submitted(order, paymentMethod);
  await t.settled();
  return order;
}

async function captured(paymentMethod = 'pm_card_visa', amount = EUR_4950): Promise<TestOrder> {
  const order = await authorized(paymentMethod, amount);
  await t.confirmed(order);
  await t.settled();
  return order;
}

describe('a payment', () => {
  it('is made at the provider at once, held when submitted and taken when the order is confirmed', async () => {
    const order = await t.requested();
    await t.quiet();
    const secret = (await t.see(order, 'clientSecret')).clientSecret;
    expect(secret).toMatch(/^pi_\w+_secret_\w+$/);
    await t.submitted(order, 'pm_card_visa');
    await t.settled();
    expect(await t.atProvider(order)).toEqual({ status: 'requires_capture', charges: 1, received: 0, refunded: 0 });
    await t.confirmed(order);
    await t.settled();
    const { id } = await t.row(order);
    const data = { orderId: order.orderId, paymentId: id };
    expect(await t.words(order)).toEqual([
      ['PaymentAuthorized', { ...data, amount: EUR_4950 }],
      ['PaymentCaptured', { ...data, amount: EUR_4950 }],
    ]);
    const fields = `status amount { amount } captured { amount } refunded { amount } clientSecret
      card { brand last4 } transactions { kind status amount { amountMinor } }`;
    expect(await t.see(order, fields)).toEqual({
      status: 'CAPTURED',
      amount: { amount: '49.50' },
      captured: { amount: '49.50' },
      refunded: { amount: '0.00' },
      clientSecret: null,
      card: { brand: 'visa', last4: '4242' },
      transactions: [
        { kind: 'AUTHORIZATION', status: 'SUCCEEDED', amount: { amountMinor: 4950 } },
        { kind: 'CAPTURE', status: 'SUCCEEDED', amount: { amountMinor: 4950 } },
      ],
    });
  });

  it('is declined, and succeeds with another card on the same intent', async () => {
    const order = await authorized('pm_card_chargeDeclined');
    const before = await t.row(order);
    expect(before.status).toBe('DECLINED');
    expect(await t.see(order, 'declineCode declineMessage')).toEqual({
      declineCode: 'generic_decline',
      declineMessage: 'Your card was declined.',
    });
    await t.submitted(order, 'pm_card_visa', 2);
    await t.settled();
    const words = await t.words(order);
    expect(words.map(([type, { attempt, code }]) => [type, attempt, code])).toEqual([
      ['PaymentDeclined', 1, 'generic_decline'],
      ['PaymentAuthorized', undefined, undefined],
    ]);
    expect((await t.row(order)).gateway_intent_id).toBe(before.gateway_intent_id);
    expect(await t.see(order, 'status declineCode')).toEqual({ status: 'AUTHORIZED', declineCode: null });
  });

  it.each([
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_doesNotExist', 'invalid_payment_method'],
  ])('says why %s was declined: %s', async (card, code) => {
    const order = await authorized(card);
    expect(await t.words(order)).toEqual([
      ['PaymentDeclined', expect.objectContaining({ attempt: 1, code, message: expect.stringMatching(/\.$|:/) })],
    ]);
  });

  it('asks for 3-D Secure and goes on when the bank approves', async () => {
    const order = await authorized('pm_card_threeDSecure2Required');
    expect(await t.types(order)).toEqual(['PaymentActionRequired']);
    expect((await t.see(order, 'status nextAction { type redirectUrl }')).nextAction).toEqual({
      type: 'REDIRECT',
      redirectUrl: expect.stringMatching(/^http:\/\/localhost:4000\/simulator\/3d-secure\/pi_/),
    });
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
    expect(await t.see(order, 'status nextAction { type }')).toEqual({ status: 'AUTHORIZED', nextAction: null });
  });

  it('is declined when 3-D Secure fails, and takes another card', async () => {
    const order = await authorized('pm_card_threeDSecure2Required');
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'failed' });
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentDeclined']);
    await t.submitted(order, 'pm_card_visa', 2);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentDeclined', 'PaymentAuthorized']);
  });

  it('lets a shopper who left 3-D Secure try another card', async () => {
    const order = await authorized('pm_card_threeDSecure2Required');
    await t.submitted(order, 'pm_card_visa', 2);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
  });

  it('goes on without a single webhook: what is open is looked at', async () => {
    await t.control('webhooks/pause');
    const order = await authorized('pm_card_threeDSecure2Required');
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
    await t.quiet();
    expect((await t.row(order)).status).toBe('ACTION_REQUIRED');
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized']);
  });

  it('refuses an older attempt than the newest', async () => {
    const order = await t.requested();
    await t.submitted(order, 'pm_card_visa', 3);
    await t.submitted(order, 'pm_card_chargeDeclined', 2);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized']);
    expect((await t.row(order)).attempt).toBe(3);
  });

  it('fails for an amount that the provider cannot charge, and declines each attempt at it', async () => {
    const order = await t.requested({ amountMinor: 1234, currency: 'KWD' as typeof EUR_4950.currency });
    await t.settled();
    await t.submitted(order, 'pm_card_visa', 1);
    await t.settled();
    const words = await t.words(order);
    expect(words.map(([type, { attempt, code }]) => [type, attempt, code])).toEqual([
      ['PaymentDeclined', 0, 'invalid_call'],
      ['PaymentDeclined', 1, 'invalid_call'],
    ]);
    await t.cancelled(order);
    await t.settled();
    expect((await t.row(order)).status).toBe('VOIDED');
  });

  it('hears every fact twice and does everything once', async () => {
    const order = await t.requested(EUR_4950, guest(), 2);
    await t.submitted(order, 'pm_card_visa', 1, 2);
    await t.settled();
    await t.confirmed(order, 2);
    await t.settled();
    await t.refundRequested(order, eur(1000), randomUUID() as RefundId, 2);
    await t.settled();
    await t.cancelled(order, 2);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured', 'RefundSettled', 'RefundSettled']);
    expect(await t.atProvider(order)).toEqual({ status: 'succeeded', charges: 1, received: 4950, refunded: 4950 });
  });

  it('is said again as it stands when the house says its state again', async () => {
    const order = await captured();
    const before = (await t.types(order)).length;
    await t.house('payments').resay();
    expect((await t.types(order)).slice(before)).toEqual(['PaymentCaptured']);
  });
});

describe('a cancelled order', () => {
  it('voids what the provider has never heard of without asking it', async () => {
    await t.control('faults', { kind: 'drop', times: '50' });
    const order = await t.requested();
    await t.quiet();
    await t.control('faults/clear');
    await t.cancelled(order);
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentVoided']);
  });

  it('voids before the authorization', async () => {
    const order = await t.requested();
    await t.quiet();
    await t.cancelled(order);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentVoided']);
    expect((await t.atProvider(order)).status).toBe('canceled');
  });

  it('voids a hold', async () => {
    const order = await authorized();
    await t.cancelled(order);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentVoided']);
    expect((await t.atProvider(order)).status).toBe('canceled');
    const { transactions } = await t.see(order, 'transactions { kind status }');
    expect(transactions).toEqual([
      { kind: 'AUTHORIZATION', status: 'SUCCEEDED' },
      { kind: 'VOID', status: 'SUCCEEDED' },
    ]);
  });

  it('voids an authorization that arrives late, and the order never hears of it', async () => {
    const order = await authorized('pm_card_threeDSecure2Required');
    await t.sql(`update payments.payments set lease_until = now() + interval '1 hour' where order_id = $1`, [
      order.orderId,
    ]);
    await t.cancelled(order);
    await t.control('complete-3ds', { ...(await intentOf(order)), outcome: 'succeeded' });
    await t.settled();
    expect((await t.row(order)).status).toBe('AUTHORIZED');
    await t.sql('update payments.payments set lease_until = null where order_id = $1', [order.orderId]);
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentActionRequired', 'PaymentVoided']);
    expect((await t.atProvider(order)).status).toBe('canceled');
  });

  it('gives everything back that was taken, under the id of the cancellation', async () => {
    const order = await captured();
    await t.cancelled(order);
    await t.settled();
    expect((await t.words(order)).at(-1)).toEqual([
      'RefundSettled',
      { orderId: order.orderId, refundId: order.refundId, amount: EUR_4950 },
    ]);
    expect(await t.atProvider(order)).toEqual({ status: 'succeeded', charges: 1, received: 4950, refunded: 4950 });
    expect((await t.row(order)).status).toBe('REFUNDED');
  });

  it('gives back what a capture took whose answer was lost', async () => {
    const order = await authorized();
    await t.control('webhooks/pause');
    await t.control('faults', { kind: 'lose-answer', times: '3', path: '/capture' });
    await t.confirmed(order);
    await t.quiet();
    await t.control('faults/clear');
    await t.cancelled(order);
    await t.hurry();
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured', 'RefundSettled']);
    expect(await t.atProvider(order)).toEqual({ status: 'succeeded', charges: 1, received: 4950, refunded: 4950 });
  });

  it('gives back only what is left after a partial refund', async () => {
    const order = await captured();
    await t.refundRequested(order, eur(1950));
    await t.settled();
    await t.cancelled(order);
    await t.settled();
    expect((await t.words(order)).slice(-2).map(([, { amount }]) => amount)).toEqual([eur(1950), eur(3000)]);
  });

  it('is told once more where the payment was over already', async () => {
    const order = await authorized();
    await t.control('expire', await intentOf(order));
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentVoided']);
    await t.cancelled(order);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentVoided', 'PaymentVoided']);
  });
});

describe('a capture', () => {
  it('fails for good where the hold has run out', async () => {
    await t.control('webhooks/pause');
    const order = await authorized();
    await t.control('expire', await intentOf(order));
    await t.confirmed(order);
    await t.quiet();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'CaptureFailed']);
    await t.cancelled(order);
    await t.settled();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'CaptureFailed', 'PaymentVoided']);
  });
});

describe('refunds', () => {
  it('give parts back until nothing is left, and refuse more', async () => {
    const order = await captured();
    const first = await t.refundRequested(order, eur(1000));
    await t.settled();
    expect(await t.see(order, 'status refunded { amountMinor }')).toEqual({
      status: 'PARTIALLY_REFUNDED',
      refunded: { amountMinor: 1000 },
    });
    await t.refundRequested(order, eur(3950));
    await t.settled();
    expect((await t.row(order)).status).toBe('REFUNDED');
    const third = await t.refundRequested(order, eur(1));
    await t.settled();
    const words = await t.words(order);
    expect(words.slice(2)).toEqual([
      ['RefundSettled', { orderId: order.orderId, refundId: first, amount: eur(1000) }],
      ['RefundSettled', expect.objectContaining({ amount: eur(3950) })],
      [
        'RefundFailed',
        {
          orderId: order.orderId,
          refundId: third,
          amount: eur(1),
          message: 'More would be given back than was taken.',
        },
      ],
    ]);
  });

  it('race, and never give back more than was taken', async () => {
    const order = await captured();
    await Promise.all(Array.from({ length: 8 }, () => t.refundRequested(order, eur(1000))));
    await t.settled();
    const types = (await t.types(order)).slice(2).sort();
    expect(types).toEqual([...Array(4).fill('RefundFailed'), ...Array(4).fill('RefundSettled')]);
    expect((await t.atProvider(order)).refunded).toBe(4000);
  });

  it('wait for a capture that is under way', async () => {
    await t.control('faults', { kind: 'drop', times: '1000', path: '/capture' });
    const order = await authorized();
    await t.confirmed(order);
    await t.refundRequested(order, eur(950));
    await t.quiet();
    expect(await t.types(order)).toEqual(['PaymentAuthorized']);
    await t.control('faults/clear');
    await t.hurry();
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured', 'RefundSettled']);
  });

  it('settle later where the bank takes its time', async () => {
    const order = await captured('pm_card_pendingRefund');
    await t.control('webhooks/pause');
    await t.refundRequested(order, eur(950));
    await t.quiet();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
    await t.control('webhooks/resume');
    await t.settled();
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured', 'RefundSettled']);
  });

  it('can come back after they were settled, and the books say so', async () => {
    const order = await captured('pm_card_refundFail');
    await t.refundRequested(order, eur(950));
    await t.settled();
    await t.hurry();
    expect((await t.types(order)).slice(2)).toEqual(['RefundSettled', 'RefundFailed']);
    expect((await t.row(order)).status).toBe('CAPTURED');
  });
});

describe('a crash or a lost answer', () => {
  it.each([
    ['/v1/payment_intents', 'the intent'],
    ['/confirm', 'the authorization'],
  ])('of %s leads to one charge: %s is asked for again under the same key', async (path) => {
    await t.control('faults', { kind: 'lose-answer', times: '3', path });
    const order = await t.requested();
    await t.submitted(order, 'pm_card_visa');
    await t.quiet();
    await t.hurry();
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentAuthorized']);
    expect((await t.atProvider(order)).charges).toBe(1);
    const intents = 'select count(*)::int as n from stripe_simulator.payment_intents where state::text like $1';
    expect(await t.sql(intents, [`%${order.orderId}%`])).toEqual([{ n: 1 }]);
  });

  it('does not take back what happened since: an intent that is written down late changes nothing', async () => {
    const order = await authorized();
    await t.sql(`update payments.payments set lease_until = now() + interval '1 hour' where order_id = $1`, [
      order.orderId,
    ]);
    await t.confirmed(order);
    const before = await t.row(order);
    expect(before.due_at).not.toBeNull();
    const { db } = t.house('payments').context(order.viewer) as unknown as { db: Parameters<typeof recordIntent>[0] };
    const intent = { intentId: before.gateway_intent_id, clientSecret: null };
    expect(await recordIntent(db, before.id as PaymentId, intent)).toBeUndefined();
    expect(await t.row(order)).toEqual(before);
    await t.sql('update payments.payments set lease_until = null where order_id = $1', [order.orderId]);
    await t.hurry();
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
  });

  it('between a call and its record leads to one charge: the tick asks again when the lease is over', async () => {
    await t.control('webhooks/pause');
    const order = await captured();
    const before = await t.words(order);
    // As if the process had died with the provider's answer in hand: the row as it was when it was taken.
    const { id } = await t.row(order);
    await t.sql('alter table payments.ledger_entries disable trigger ledger_entries_stay');
    await t.sql('delete from payments.ledger_entries where payment_id = $1', [id]);
    await t.sql('alter table payments.ledger_entries enable trigger ledger_entries_stay');
    await t.sql('delete from payments.payment_transactions where payment_id = $1', [id]);
    await t.sql(
      `update payments.payments set status = 'PENDING', answered_attempt = 0, payment_method = 'pm_card_visa', captured = 0,
        due_at = now(), lease_until = now() + interval '1 hour' where id = $1`,
      [id],
    );
    await t.house('payments').runTick('settlePayments');
    expect(await t.words(order)).toEqual(before);
    await t.sql('update payments.payments set lease_until = now() where id = $1', [id]);
    await t.hurry();
    expect((await t.types(order)).slice(2)).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
    expect(await t.atProvider(order)).toEqual({ status: 'succeeded', charges: 1, received: 4950, refunded: 0 });
  });

  it.each([
    ['while the provider knows our key', '1 minute'],
    ['when it has forgotten it', '2 days'],
  ])('of a refund leads to one refund, %s', async (_, ago) => {
    const order = await captured();
    await t.control('webhooks/pause');
    await t.control('faults', { kind: 'lose-answer', times: '3', path: '/v1/refunds' });
    await t.refundRequested(order, eur(1000));
    await t.quiet();
    await t.sql(`update payments.refunds set asked_at = now() - $1::interval where status = 'PENDING'`, [ago]);
    await t.hurry();
    expect((await t.types(order)).slice(2)).toEqual(['RefundSettled']);
    expect((await t.atProvider(order)).refunded).toBe(1000);
  });

  it('ends after bounded tries: an attempt without an answer is looked up', async () => {
    await t.control('webhooks/pause');
    const order = await t.requested();
    await t.quiet();
    await t.control('faults', { kind: 'error', status: '503', times: '1000', path: '/confirm' });
    await t.sql('update payments.payments set tries = 9 where order_id = $1', [order.orderId]);
    await t.submitted(order, 'pm_card_visa');
    await t.sql('update payments.payments set tries = 9 where order_id = $1', [order.orderId]);
    await t.quiet();
    await t.sql('update payments.payments set tries = 9 where order_id = $1', [order.orderId]);
    await t.hurry();
    await t.control('faults/clear');
    await t.hurry();
    expect(await t.words(order)).toEqual([
      ['PaymentDeclined', expect.objectContaining({ attempt: 1, code: 'not_completed' })],
    ]);
  });
});

describe('whose payment it is', () => {
  it('follows a guest who signs in', async () => {
    const before = guest();
    const order = await t.requested(EUR_4950, before);
    await t.quiet();
    const after = customer();
    await t.hear(
      'payments',
      'users.GuestIdentified',
      {
        key: before.guestId!,
        data: { guestId: before.guestId!, userId: after.userId! },
      },
      2,
    );
    expect(await t.see(order, 'status', after)).toEqual({ status: 'PENDING' });
    expect(await t.see(order, 'status', before)).toBeNull();
  });
});
