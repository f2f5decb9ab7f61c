import type { Tx } from '@souk/kit';
import type { FactOf, OrderId, RefundId } from '@souk/schema';
import {
  insertIdentifiedGuest,
  insertPaymentOnce,
  lockPaymentOfOrder,
  saveChange,
  submitAttempt,
  wantCapture,
} from './payment.repository.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { type Change, cancel, isTaken, type Payment, submitToFailed } from './payment.ts';
import { failPendingRefunds } from './refund.service.ts';

export type PaymentsTx = Tx<PaymentsDb>;

/** Opens the payment of an order, once; its intent is made at the provider right after. */
export async function requestPayment(
  tx: PaymentsTx,
  { orderId, orderNumber, principal, amount }: FactOf<'orders.PaymentRequested'>['data'],
): Promise<void> {
  const payment = {
    id: tx.newId<'Payment'>(),
    order_id: orderId,
    order_number: orderNumber,
    principal,
    currency: amount.currency,
    amount: amount.amountMinor,
  };
  await insertPaymentOnce(tx.db, payment, tx.now);
  tx.nudge('settlePayments');
}

/** Takes an attempt to pay. An older one than known, or one for a payment that is over, changes nothing. */
export async function submitPayment(
  tx: PaymentsTx,
  submitted: FactOf<'orders.PaymentSubmitted'>['data'],
): Promise<void> {
  if (await submitAttempt(tx.db, submitted, tx.now)) {
    tx.nudge('settlePayments');
    return;
  }
  const payment = await lockPaymentOfOrder(tx.db, submitted.orderId);
  // The request is said before the attempt: it is on its way, and the bus brings this fact again.
  if (!payment) throw new Error('an attempt to pay came before the payment was requested');
  await commit(tx, payment, submitToFailed(payment, submitted.attempt, tx.now));
}

/** The order is kept, so the money is taken. An order that cost nothing has no payment. */
export async function capturePayment(tx: PaymentsTx, orderId: OrderId): Promise<void> {
  if (await wantCapture(tx.db, orderId, tx.now)) tx.nudge('settlePayments');
}

/** The order is off: whatever was held or taken, or will be, goes back under the refund's id. */
export async function cancelPayment(tx: PaymentsTx, orderId: OrderId, refundId: RefundId): Promise<void> {
  const payment = await lockPaymentOfOrder(tx.db, orderId);
  if (payment) await commit(tx, payment, cancel(payment, refundId, tx.now));
}

export async function identifyGuest(
  tx: PaymentsTx,
  { guestId, userId }: FactOf<'users.GuestIdentified'>['data'],
): Promise<void> {
  await insertIdentifiedGuest(tx.db, `guest:${guestId}`, userId, tx.now);
}

/** Saves a change of a payment that the caller has locked, and says what it says. */
export async function commit(tx: PaymentsTx, before: Payment, change: Change): Promise<void> {
  if (change.payment === before) return;
  const saved = await saveChange(tx.db, before, change, { now: tx.now, newId: () => tx.newId(), release: false });
  if (!saved) throw new Error('a payment was changed without its lock');
  await followUp(tx, change);
}

/** What a saved change leads to: its facts, and the calls that are due now. */
export async function followUp(tx: PaymentsTx, { payment, say, refund }: Change): Promise<void> {
  for (const saying of say) tx.emit(saying);
  if (payment.dueAt !== null && payment.dueAt <= tx.now) tx.nudge('settlePayments');
  if (isTaken(payment.status) && (refund !== null || payment.refunding > 0)) tx.nudge('settleRefunds');
  if (payment.status === 'VOIDED' && payment.refunding > 0) await failPendingRefunds(tx, payment);
}
