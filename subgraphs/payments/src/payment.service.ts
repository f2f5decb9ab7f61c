import type { Aftermath, HearAtOnce, HearUnderLock, Tx } from '@souk/kit';
import type { FactOf, OrderId, RefundId } from '@souk/schema';
import {
  insertIdentifiedGuest,
  insertPaymentOnce,
  lockPaymentOfOrder,
  type Submitted,
  saveChange,
  savedChange,
  submitAttempt,
  wantCapture,
} from './payment.repository.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { type Change, cancel, isTaken, type Payment, submitToFailed } from './payment.ts';
import { failPendingRefunds } from './refund.service.ts';

export type PaymentsTx = Tx<PaymentsDb>;

/** Opens the payment of an order, once; its intent is made at the provider right after. */
export const requestPayment: HearAtOnce<FactOf<'orders.PaymentRequested'>> = {
  atOnce([fact], newId) {
    const { orderId, orderNumber, principal, amount } = fact!.data;
    return insertPaymentOnce({
      id: newId<'Payment'>(),
      order_id: orderId,
      order_number: orderNumber,
      principal,
      currency: amount.currency,
      amount: amount.amountMinor,
    });
  },
  after: (aftermath) => aftermath.nudge('settlePayments'),
};

const submitted = (aftermath: Aftermath, [taken]: readonly Submitted[]): void => {
  // Whoever is calling about the payment looks, when done, at what it wants next.
  if (taken && !taken.under_way) aftermath.nudge('settlePayments');
};

/** Takes an attempt to pay. An older one than known, or one for a payment that is over, changes nothing. */
export const submitPayment: HearUnderLock<PaymentsDb, FactOf<'orders.PaymentSubmitted'>, Submitted> = {
  shortcut: {
    atOnce: ([fact]) => submitAttempt(fact!.data),
    after: (aftermath, _facts, taken) => submitted(aftermath, taken),
  },
  lock: ([fact]) => submitAttempt(fact!.data),
  async hear(tx, [fact], taken) {
    if (taken.length > 0) return submitted(tx, taken);
    const { orderId, attempt } = fact!.data;
    const payment = await lockPaymentOfOrder(tx.db, orderId);
    // The request is said before the attempt: it is on its way, and the bus brings this fact again.
    if (!payment) throw new Error('an attempt to pay came before the payment was requested');
    await commit(tx, payment, submitToFailed(payment, attempt, tx.now));
  },
};

/** The order is kept, so the money is taken. An order that cost nothing has no payment. */
export const capturePayment: HearAtOnce<FactOf<'orders.OrderConfirmed'>> = {
  atOnce: ([fact]) => wantCapture(fact!.data.orderId),
  after(aftermath, _facts, wanted) {
    if (wanted.length > 0) aftermath.nudge('settlePayments');
  },
};

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

/** Saves a change of a payment that the caller has locked, and says what it says. `release` by whoever took the payment. */
export async function commit(tx: PaymentsTx, before: Payment, change: Change, release = false): Promise<void> {
  if (change.payment === before) return;
  const saved = savedChange(before, change, { now: tx.now, newId: () => tx.newId(), release });
  // Refunds that fail with it are written on top of it.
  await (endsRefunds(change.payment) ? saveChange(tx.db, saved) : tx.last(saved));
  await followUp(tx, change);
}

/** Such a change writes more than one statement. */
export const endsRefunds = ({ status, refunding }: Payment): boolean => status === 'VOIDED' && refunding > 0;

/** What a saved change leads to: its facts, and the calls that are due now. */
async function followUp(tx: PaymentsTx, change: Change): Promise<void> {
  for (const saying of change.say) tx.emit(saying);
  for (const tick of dueAfter(change, tx.now)) tx.nudge(tick);
  if (endsRefunds(change.payment)) await failPendingRefunds(tx, change.payment);
}

/** The ticks for which a change leaves something to do at once. */
export function dueAfter({ payment, refund }: Change, now: Date): string[] {
  const ticks: string[] = [];
  if (payment.dueAt !== null && payment.dueAt <= now) ticks.push('settlePayments');
  if (isTaken(payment.status) && (refund !== null || payment.refunding > 0)) ticks.push('settleRefunds');
  return ticks;
}
