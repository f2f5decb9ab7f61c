import { count, type Duty, type HttpAnswer, type HttpRequest, sleep } from '@souk/kit';
import { equal } from '@souk/schema';
import { adopt } from './adoption.service.ts';
import { hearDispute } from './dispute.ts';
import {
  findDispute,
  findPaymentIdOfOrder,
  insertDispute,
  insertEventOnce,
  keepKnownEvent,
  makeDue,
  type NewEvent,
  updateDispute,
} from './gateway-event.repository.ts';
import { isMismatch, judgeEvent } from './gateway-event.ts';
import { lockPaymentOfIntent } from './payment.repository.ts';
import { commit, type PaymentsTx } from './payment.service.ts';
import type { PaymentsDb, QuarantineReason } from './payment.tables.ts';
import { hear } from './payment.ts';
import {
  assertTimely,
  type GatewayEvent,
  type GatewayRefund,
  type SignedEvent,
  WebhookRefused,
} from './payment-gateway.ts';
import type { PaymentsPorts } from './payments.ports.ts';
import { findRefundIdOfGateway, lockRefund } from './refund.repository.ts';
import { commitRefund, toldOf } from './refund.service.ts';
import { hearRefund } from './refund.ts';
import { ownCall } from './settlement.service.ts';

type PaymentsDuty = Duty<PaymentsDb, PaymentsPorts>;
type EventOf<T extends GatewayEvent['type']> = Extract<GatewayEvent, { type: T }>;

const CALL_MS = 40;

const taken: HttpAnswer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"received":true}' };
const refused: HttpAnswer = { status: 400, headers: { 'content-type': 'text/plain' }, body: 'Not accepted.' };

/**
 * The provider's webhook. Whatever comes twice, late, out of order or for another amount has one effect or none: an event
 * is written down once with its effect in one transaction. Throws where that failed, so that the provider sends it again.
 */
export async function hearGateway(
  { body, headers }: Pick<HttpRequest, 'body' | 'headers'>,
  duty: PaymentsDuty,
): Promise<HttpAnswer> {
  try {
    await hearSigned(duty.ports.gateway.verifyWebhook(body, headers['stripe-signature']), duty);
    return taken;
  } catch (error) {
    if (!(error instanceof WebhookRefused)) throw error;
    count('souk_webhooks_refused_total');
    duty.log.warn({ reason: error.reason }, 'a webhook was refused');
    return refused;
  }
}

/** Each kind learns the database's time from a statement it sends anyway, and has no effect before its age is judged. */
async function hearSigned({ event, signedAt }: SignedEvent, duty: PaymentsDuty): Promise<void> {
  const timely = (work: (tx: PaymentsTx) => Promise<void>): Promise<void> =>
    duty.transact((tx) => {
      assertTimely(signedAt, tx.now);
      return work(tx);
    });
  switch (event.type) {
    case 'INTENT_CHANGED':
      return hearIntent(event, signedAt, timely, duty);
    case 'REFUND_CHANGED':
      return timely((tx) => hearRefundEvent(tx, event, duty));
    case 'DISPUTE_CHANGED':
      return timely((tx) => hearDisputeEvent(tx, event, duty));
    case 'IGNORED':
      return;
  }
}

async function hearIntent(
  event: EventOf<'INTENT_CHANGED'>,
  signedAt: number,
  timely: (work: (tx: PaymentsTx) => Promise<void>) => Promise<void>,
  duty: PaymentsDuty,
): Promise<void> {
  const { intent } = event;
  if (intent.state.status === 'NEW') return;
  const row = rowOf(event, intent.intentId, intent.amount);
  const consistent = !isMismatch({ amount: intent.amount }, intent);
  if (consistent) {
    await ownCall(intent.intentId, duty);
    const look = async () => {
      const { news, now } = await keepKnownEvent(duty.db, row, intent.state.status, signedAt);
      assertTimely(signedAt, now);
      return news;
    };
    let known = await look();
    // A call of another process is about to tell the same: its record is nearly written, and cheaper than ours.
    for (let again = 0; known === 'CALLING' && again < 2; again++) {
      await sleep(CALL_MS, duty.signal);
      known = await look();
    }
    if (known === 'KNOWN') return;
  }
  await timely(async (tx) => {
    const payment = await lockPaymentOfIntent(tx.db, intent.intentId);
    if (!payment) {
      // The account may serve other shops: only what names an order of ours concerns us.
      const ours = intent.orderId === null ? null : await findPaymentIdOfOrder(tx.db, intent.orderId);
      if (ours !== null) await quarantine(tx, row, 'UNKNOWN_INTENT', ours, duty);
      return;
    }
    if (isMismatch(payment, intent)) return quarantine(tx, row, 'AMOUNT_MISMATCH', payment.id, duty);
    const judged = judgeEvent(payment, intent.state);
    const status = judged === 'KNOWN' ? 'KNOWN' : 'APPLIED';
    if (!(await insertEventOnce(tx.db, row, { status, quarantine_reason: null, payment_id: payment.id }, tx.now)))
      return;
    if (judged === 'APPLY') await commit(tx, payment, hear(payment, intent, payment.attempt, tx.now));
    if (judged === 'LOOK') {
      await makeDue(tx.db, payment.id, tx.now);
      tx.nudge('settlePayments');
    }
  });
}

async function hearRefundEvent(tx: PaymentsTx, event: EventOf<'REFUND_CHANGED'>, duty: PaymentsDuty): Promise<void> {
  const { refund: told } = event;
  const row = rowOf(event, told.gatewayRefundId, told.amount);
  const own = told.refundId === null ? undefined : await lockRefund(tx.db, told.refundId);
  const locked = own ?? (await lockAdopted(tx, told));
  if (!locked) return;
  if ('adopting' in locked) {
    if (await adopt(tx, locked.adopting, row, told)) return;
    return quarantine(tx, row, 'UNKNOWN_REFUND', locked.adopting.id, duty);
  }
  const { payment, refund } = locked;
  if (!equal(refund.amount, told.amount)) return quarantine(tx, row, 'AMOUNT_MISMATCH', payment.id, duty);
  if (refund.status === 'FAILED' && told.state.status === 'SETTLED' && refund.gatewayRefundId === null) {
    return quarantine(tx, row, 'AFTER_FAILURE', payment.id, duty);
  }
  const change = hearRefund(payment, refund, toldOf(told));
  const outcome = { status: change ? 'APPLIED' : 'KNOWN', quarantine_reason: null, payment_id: payment.id } as const;
  if (!(await insertEventOnce(tx.db, row, outcome, tx.now)) || !change) return;
  await commitRefund(tx, payment, change);
  // What came back may be what another refund, heard of too early, was made of.
  if (change.refund.status === 'FAILED') tx.nudge('readmitRefunds');
}

/** A refund that is not of our making: as we have booked it, or its payment, where it is new. */
async function lockAdopted(tx: PaymentsTx, { intentId, gatewayRefundId }: GatewayRefund) {
  // Under the payment's lock, or two events about it would both find it new.
  const adopting = intentId === null ? undefined : await lockPaymentOfIntent(tx.db, intentId);
  if (!adopting) return undefined;
  const id = await findRefundIdOfGateway(tx.db, gatewayRefundId);
  return id === undefined ? { adopting } : lockRefund(tx.db, id);
}

async function hearDisputeEvent(tx: PaymentsTx, event: EventOf<'DISPUTE_CHANGED'>, duty: PaymentsDuty): Promise<void> {
  const payment = event.intentId === null ? undefined : await lockPaymentOfIntent(tx.db, event.intentId);
  if (!payment) return;
  const row = rowOf(event, event.disputeId, event.amount);
  const { currency } = payment.amount;
  const before = await findDispute(tx.db, event.disputeId);
  if (event.amount.currency !== currency || (before && !equal(before.amount, event.amount))) {
    return quarantine(tx, row, 'AMOUNT_MISMATCH', payment.id, duty);
  }
  const change = hearDispute(payment, before?.status ?? null, event, tx.now);
  const outcome = { status: change ? 'APPLIED' : 'KNOWN', quarantine_reason: null, payment_id: payment.id } as const;
  if (!(await insertEventOnce(tx.db, row, outcome, tx.now)) || !change) return;
  if (before) await updateDispute(tx.db, before.id, event.status, tx.now);
  else {
    await insertDispute(tx.db, {
      id: tx.newId(),
      gateway_dispute_id: event.disputeId,
      payment_id: payment.id,
      amount: event.amount.amountMinor,
      currency,
      reason: event.reason,
      status: event.status,
      created_at: tx.now,
      updated_at: tx.now,
    });
  }
  await commit(tx, payment, change);
}

const rowOf = (
  event: Exclude<GatewayEvent, { type: 'IGNORED' }>,
  reference: string,
  amount: NewEvent['amount'],
): NewEvent => ({ id: event.eventId, type: event.type, reference, amount, occurred_at: event.occurredAt });

/** Kept for a person, without any effect. */
async function quarantine(
  tx: PaymentsTx,
  row: NewEvent,
  reason: QuarantineReason,
  paymentId: NonNullable<Awaited<ReturnType<typeof findPaymentIdOfOrder>>>,
  { log }: PaymentsDuty,
): Promise<void> {
  const outcome = { status: 'QUARANTINED', quarantine_reason: reason, payment_id: paymentId } as const;
  if (!(await insertEventOnce(tx.db, row, outcome, tx.now))) return;
  count('souk_webhooks_quarantined_total');
  const told = { event: row.id, reason, payment: paymentId };
  // What comes too early for our books mostly fits them soon, and is looked at again by itself.
  if (reason === 'UNKNOWN_REFUND') log.warn(told, 'a refund made at the provider does not fit our books yet');
  else log.error(told, 'a webhook does not fit our books and was set aside');
}
