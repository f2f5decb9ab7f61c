import { type Money, type PaymentsFact, type RefundId, type Saying } from '@souk/schema';
import { type Entry, entryOf } from './ledger.ts';
import { isTaken, type NewTransaction, type Payment, type PaymentStatus } from './payment.ts';

/** From → to. A settled refund can come back, days later, where the card is gone. */
export const refundMoves = {
  PENDING: ['SETTLED', 'FAILED'],
  SETTLED: ['FAILED'],
  FAILED: [],
} as const satisfies Record<string, readonly string[]>;
export type RefundStatus = keyof typeof refundMoves;

export interface Refund {
  readonly id: RefundId;
  readonly amount: Money;
  readonly status: RefundStatus;
  /** The provider's id, null until it is told. */
  readonly gatewayRefundId: string | null;
  readonly tries: number;
  /** When the provider was first asked. */
  readonly askedAt: Date | null;
}

export interface RefundTold {
  readonly gatewayRefundId: string | null;
  readonly state:
    | { readonly status: 'PENDING' }
    | { readonly status: 'SETTLED' }
    | { readonly status: 'FAILED'; readonly message: string };
}

/** What follows; null where nothing does. */
export interface RefundChange {
  readonly refund: Refund;
  readonly failure: string | null;
  readonly payment: Payment;
  readonly say: readonly Saying<PaymentsFact>[];
  readonly history: readonly NewTransaction[];
  readonly entries: readonly Entry[];
}

/** What can be asked back: taken or about to be taken, and not on its way back already. */
export function refundable(payment: Payment): number {
  const has = isTaken(payment.status)
    ? payment.captured
    : payment.status === 'AUTHORIZED' && payment.captureWanted && payment.cancelRefundId === null
      ? payment.amount.amountMinor
      : 0;
  return has - payment.refunded - payment.refunding;
}

/** Why this amount cannot be given back, in a sentence for staff; null where it can. */
export function whyNotRefundable(payment: Payment, amount: Money): string | null {
  if (amount.currency !== payment.amount.currency) return 'The refund is in another currency than the payment.';
  if (amount.amountMinor <= 0) return 'A refund is more than nothing.';
  return amount.amountMinor > refundable(payment) ? 'More would be given back than was taken.' : null;
}

const statusOf = (captured: number, refunded: number): PaymentStatus =>
  refunded === 0 ? 'CAPTURED' : refunded >= captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED';

/** What follows from what the provider tells of a refund. What is known, or older than what is known, changes nothing. */
export function hearRefund(payment: Payment, refund: Refund, told: RefundTold): RefundChange | null {
  const { state } = told;
  const gatewayRefundId = told.gatewayRefundId ?? refund.gatewayRefundId;
  const { amountMinor } = refund.amount;
  // More than was taken cannot be back: word that another one was returned is still on its way. It is looked at again.
  const isEarly = state.status === 'SETTLED' && amountMinor > payment.captured - payment.refunded;
  if (state.status === 'PENDING' || (isEarly && refund.status === 'PENDING')) {
    if (refund.status !== 'PENDING' || refund.gatewayRefundId === gatewayRefundId) return null;
    const history = [lineOf(refund, 'PENDING', gatewayRefundId)];
    return { refund: { ...refund, gatewayRefundId }, failure: null, payment, say: [], history, entries: [] };
  }
  if (!(refundMoves[refund.status] as readonly RefundStatus[]).includes(state.status)) return null;
  const wasPending = refund.status === 'PENDING';
  const settled = state.status === 'SETTLED';
  const refunding = payment.refunding - (wasPending ? amountMinor : 0);
  const refunded = payment.refunded + (settled ? amountMinor : wasPending ? 0 : -amountMinor);
  const next: Payment = {
    ...payment,
    refunding,
    refunded,
    // A refund can fail before anything was taken: then the payment stands where it stood.
    status: isTaken(payment.status) ? statusOf(payment.captured, refunded) : payment.status,
    version: payment.version + 1,
  };
  const data = { orderId: payment.orderId, refundId: refund.id, amount: refund.amount };
  const message = state.status === 'FAILED' ? state.message : null;
  return {
    refund: { ...refund, status: state.status, gatewayRefundId },
    failure: message,
    payment: next,
    say: [
      {
        key: payment.orderId,
        version: next.version,
        ...(message === null
          ? { type: 'payments.RefundSettled', data }
          : { type: 'payments.RefundFailed', data: { ...data, message } }),
      },
    ],
    history: [lineOf(refund, settled ? 'SUCCEEDED' : 'FAILED', gatewayRefundId, message)],
    entries: settled
      ? [entryOf('REFUNDED', refund.amount)]
      : wasPending
        ? []
        : [entryOf('REFUND_RETURNED', refund.amount)],
  };
}

export const AT_PROVIDER = 'Refunded at the payment provider, not by this shop.';

/**
 * A refund that was made at the provider and not by us: settled there, so there is nothing to ask for. What we have asked for
 * and is under way does not stand against it: the money has gone, and the provider refuses what it has no money left for.
 */
export function adoptRefund(
  payment: Payment,
  id: RefundId,
  amount: Money,
  told: RefundTold,
): { readonly refund: Refund; readonly change: RefundChange } | null {
  const left = payment.captured - payment.refunded;
  if (told.state.status !== 'SETTLED' || amount.currency !== payment.amount.currency) return null;
  if (!isTaken(payment.status) || amount.amountMinor <= 0 || amount.amountMinor > left) return null;
  const refund: Refund = { id, amount, status: 'PENDING', gatewayRefundId: null, tries: 0, askedAt: null };
  const under = { ...payment, refunding: payment.refunding + amount.amountMinor };
  return { refund, change: hearRefund(under, refund, told)! };
}

const lineOf = (
  refund: Refund,
  status: NewTransaction['status'],
  reference: string | null,
  message: string | null = null,
): NewTransaction => ({ kind: 'REFUND', status, amount: refund.amount, reference, message });

export const MOST_REFUND_TRIES = 30;
const KEY_LIFE_MS = 23 * 3_600_000;

/**
 * True where the provider must be asked for its list before it is asked to refund: it may have done it and forgotten our
 * key by now, or so many tries had no answer that only the list can tell.
 */
export const mustLookFirst = (refund: Refund, now: Date): boolean =>
  refund.gatewayRefundId !== null ||
  refund.tries >= MOST_REFUND_TRIES ||
  (refund.askedAt !== null && now.getTime() - refund.askedAt.getTime() > KEY_LIFE_MS);
