import { count, type Duty, type Tx } from '@souk/kit';
import type { FactOf } from '@souk/schema';
import { drain } from './drain.service.ts';
import { lockPaymentOfOrder } from './payment.repository.ts';
import type { PaymentsDb } from './payment.tables.ts';
import type { Payment } from './payment.ts';
import { retryAt } from './payment.ts';
import { GatewayFault, type GatewayRefund, gatewayIntentId } from './payment-gateway.ts';
import type { PaymentsPorts } from './payments.ports.ts';
import {
  type ClaimedRefund,
  claimRefunds,
  findRefund,
  insertRefundOnce,
  listPendingRefundsOf,
  lockRefund,
  releaseRefund,
  saveRefundChange,
  saveRefunding,
} from './refund.repository.ts';
import {
  hearRefund,
  MOST_REFUND_TRIES,
  mustLookFirst,
  type Refund,
  type RefundChange,
  type RefundTold,
  whyNotRefundable,
} from './refund.ts';

type PaymentsDuty = Duty<PaymentsDb, PaymentsPorts>;

const CALLS_AT_ONCE = 4;

/** Notes a refund to make, once per refund id. What cannot be given back is said to have failed at once. */
export async function requestRefund(
  tx: Tx<PaymentsDb>,
  { orderId, refundId, amount, reason }: FactOf<'orders.RefundRequested'>['data'],
): Promise<void> {
  const payment = await lockPaymentOfOrder(tx.db, orderId);
  if (!payment) throw new Error('a refund was requested for an order without a payment');
  if (await findRefund(tx.db, refundId)) return;
  const failure = whyNotRefundable(payment, amount);
  await insertRefundOnce(tx.db, { id: refundId, paymentId: payment.id, amount, reason, failure }, tx.now);
  if (failure === null) {
    await saveRefunding(tx.db, payment, payment.refunding + amount.amountMinor, tx.now);
    tx.nudge('settleRefunds');
    return;
  }
  await saveRefunding(tx.db, payment, payment.refunding, tx.now);
  tx.emit({
    type: 'payments.RefundFailed',
    key: orderId,
    version: payment.version + 1,
    data: { orderId, refundId, amount, message: failure },
  });
}

/** Makes the refunds that are due, and looks after those the provider has not settled yet. */
export const settleRefunds = (duty: PaymentsDuty): Promise<void> =>
  drain(
    CALLS_AT_ONCE,
    (limit) => claimRefunds(duty.db, limit),
    async (claimed) => {
      await settleRefund(duty, claimed);
      return 'DONE';
    },
    duty,
  );

async function settleRefund(duty: PaymentsDuty, { refund, payment, at }: ClaimedRefund): Promise<void> {
  try {
    await recordRefund(duty, refund, await askForRefund(duty, refund, payment, at));
  } catch (error) {
    if (!(error instanceof GatewayFault)) throw error;
    count('souk_gateway_faults_total');
    duty.log.warn(
      { refund: refund.id, kind: error.kind, tries: refund.tries + 1, providerRequest: error.requestId },
      'a refund had no answer',
    );
    if (error.retryable || error.kind === 'CREDENTIALS') {
      const tries = refund.tries + 1;
      await releaseRefund(duty.db, refund.id, retryAt(tries, at), tries);
    } else {
      const message = 'The payment provider did not accept the refund.';
      await recordRefund(duty, refund, { gatewayRefundId: null, state: { status: 'FAILED', message } });
    }
  }
}

async function askForRefund({ ports }: PaymentsDuty, refund: Refund, payment: Payment, now: Date): Promise<RefundTold> {
  const intentId = gatewayIntentId(payment.intentId!);
  if (mustLookFirst(refund, now)) {
    const found = (await ports.gateway.listRefunds(intentId)).find((one) => one.refundId === refund.id);
    if (found) return toldOf(found);
    if (refund.gatewayRefundId !== null) return { gatewayRefundId: null, state: { status: 'PENDING' } };
    if (refund.tries >= MOST_REFUND_TRIES) {
      const message = 'The payment provider did not answer, and has no such refund.';
      return { gatewayRefundId: null, state: { status: 'FAILED', message } };
    }
  }
  const answer = await ports.gateway.refund({
    intentId,
    refundId: refund.id,
    amount: refund.amount,
    idempotencyKey: `refund:${refund.id}`,
  });
  return answer.outcome === 'REFUSED'
    ? { gatewayRefundId: null, state: { status: 'FAILED', message: answer.message } }
    : toldOf(answer.refund);
}

export const toldOf = ({ gatewayRefundId, state }: GatewayRefund): RefundTold => ({ gatewayRefundId, state });

async function recordRefund(duty: PaymentsDuty, { id }: Refund, told: RefundTold): Promise<void> {
  await duty.transact(async (tx) => {
    const locked = (await lockRefund(tx.db, id))!;
    const change = hearRefund(locked.payment, locked.refund, told);
    if (change) return commitRefund(tx, locked.payment, change);
    // Nothing new of a refund that is under way: looked at again, ever more seldom.
    const tries = locked.refund.tries + 1;
    await releaseRefund(tx.db, id, retryAt(tries + 5, tx.now), tries);
  });
}

/** Saves what follows for a refund and its payment, both locked by the caller, and says it. */
export async function commitRefund(tx: Tx<PaymentsDb>, before: Payment, change: RefundChange): Promise<void> {
  const dueAt = change.refund.status === 'PENDING' ? retryAt(6, tx.now) : null;
  await saveRefundChange(tx.db, before, change, { now: tx.now, newId: () => tx.newId(), dueAt });
  for (const saying of change.say) tx.emit(saying);
}

/** The hold is gone, so nothing will be taken that could be given back. */
export async function failPendingRefunds(tx: Tx<PaymentsDb>, payment: Payment): Promise<void> {
  let before = payment;
  for (const refund of await listPendingRefundsOf(tx.db, payment.id)) {
    const state = { status: 'FAILED', message: 'The money was never taken.' } as const;
    const change = hearRefund(before, refund, { gatewayRefundId: null, state })!;
    await commitRefund(tx, before, change);
    before = change.payment;
  }
}
