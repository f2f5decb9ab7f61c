import type { CancelReason, FactOf, MissingLine, RefundId } from '@souk/schema';
import { type CreditChange, creditAtProvider, openAmount, settle } from './credit.ts';
import {
  type Actor,
  after,
  type Checkout,
  type Credit,
  type Entry,
  type EventKind,
  HOLD_SECONDS,
  HOLD_TRIES,
  type Order,
} from './order.ts';
import { no } from './rejections.ts';
import type { Say } from './sayings.ts';

/** Facts of other houses that the checkout acts on. */
export type CheckoutFact = FactOf<
  | 'inventory.StockHeld'
  | 'inventory.StockRefused'
  | 'payments.PaymentAuthorized'
  | 'payments.PaymentDeclined'
  | 'payments.PaymentActionRequired'
  | 'payments.PaymentCaptured'
  | 'payments.CaptureFailed'
  | 'payments.PaymentVoided'
  | 'payments.RefundSettled'
  | 'payments.RefundFailed'
  | 'payments.PaymentDisputed'
>;

/** What people and the clock ask of it. */
export type CheckoutCommand =
  | { readonly type: 'DEADLINE_PASSED' }
  | { readonly type: 'PAY'; readonly paymentMethod: string; readonly actor: Actor }
  | {
      readonly type: 'CANCEL';
      readonly actor: 'CUSTOMER' | 'STAFF';
      readonly actorId: string | null;
      readonly why: string | null;
    };

type Gist<F extends CheckoutFact> = F extends unknown ? Pick<F, 'type' | 'data'> : never;
export type Heard = Gist<CheckoutFact> | CheckoutCommand;

/** What follows. `order` is the very same object where nothing does. */
export interface Decision {
  readonly order: Order;
  readonly say: readonly Say[];
  readonly log: readonly Entry[];
  readonly credits: readonly CreditChange[];
}

const CAPTURE_MINUTES = 15;
const DAY_MS = 86_400_000;

const unchanged = (order: Order): Decision => ({ order, say: [], log: [], credits: [] });

/** Each fact takes a version of its own, so that no two facts of an order share one. */
export function change(
  order: Order,
  patch: Partial<Checkout>,
  now: Date,
  { say = [], log = [], credits = [] }: Partial<Omit<Decision, 'order'>> = {},
): Decision {
  const version = order.version + Math.max(1, say.length);
  return { order: { ...order, ...patch, version, updatedAt: now }, say, log, credits };
}

const entry = (kind: EventKind, data?: Entry['data'], actor: Actor = 'SYSTEM'): Entry => ({
  kind,
  actor,
  data: data ?? {},
});

function confirm(order: Order, patch: Partial<Checkout>, now: Date, log: readonly Entry[]): Decision {
  const captured = patch.captured ?? order.captured;
  const done = captured >= order.total;
  const next: Partial<Checkout> = {
    ...patch,
    status: 'CONFIRMED',
    step: done ? 'DONE' : 'CAPTURING',
    deadline: done ? null : after(now, CAPTURE_MINUTES * 60_000),
    deadlinesMet: 0,
    paymentMethod: null,
    confirmedAt: now,
  };
  return change(order, next, now, { say: [{ type: 'orders.OrderConfirmed' }], log: [...log, entry('CONFIRMED')] });
}

interface Cancelling {
  readonly reason: CancelReason;
  readonly patch?: Partial<Checkout>;
  readonly missing?: readonly MissingLine[];
  readonly actor?: Actor;
  readonly actorId?: string | null;
  /** In a person's own words. */
  readonly why?: string | null;
  readonly log?: readonly Entry[];
}

/** Undoes whatever was done: inventory releases, payments voids or refunds, and the whole rest of the total is credited. */
function cancel(
  order: Order,
  now: Date,
  { reason, patch = {}, missing, actor = 'SYSTEM', actorId = null, why = null, log = [] }: Cancelling,
): Decision {
  const paid = { ...order, ...patch };
  const amount = order.total - order.credited;
  const owesBack = amount > 0 && (paid.authorized || paid.captured > 0);
  const next: Partial<Checkout> = {
    ...patch,
    status: 'CANCELLED',
    step: 'CANCELLED',
    deadline: null,
    paymentMethod: null,
    cancelReason: reason,
    missing: missing ?? null,
    credited: order.total,
  };
  return change(order, next, now, {
    say: [{ type: 'orders.OrderCancelled' }],
    log: [...log, { kind: 'CANCELLED', actor, actorId, data: { reason } }],
    credits: [
      {
        insert: {
          id: order.cancelCreditId,
          kind: 'CANCELLATION',
          status: owesBack ? 'REQUESTED' : 'NOT_DUE',
          amount,
          shipping: 0,
          reason: why,
        },
      },
    ],
  });
}

/** Money for an order that no longer wants it: asked back under the credit of its cancellation, however often it comes. */
const giveBack = (order: Order, patch: Partial<Checkout>, now: Date): Decision =>
  change(order, patch, now, {
    say: [{ type: 'orders.VoidRequested' }],
    log: [entry('LATE_PAYMENT')],
    credits: [{ id: order.cancelCreditId, status: 'REQUESTED', failure: null }],
  });

/** True while the order is whole: nothing has left, so it can still be undone. */
export const isUndoable = ({ status }: Checkout): boolean =>
  status === 'PENDING' || status === 'AWAITING_PAYMENT' || status === 'CONFIRMED';

/**
 * What happens next, given what was heard. Pure. Replays, late facts and facts out of order leave the order as it is or
 * lead to the same end; only PAY and CANCEL can be refused.
 */
export function decide(order: Order, heard: Heard, now: Date): Decision {
  const { step } = order;
  switch (heard.type) {
    case 'inventory.StockHeld':
      return step === 'HOLDING' ? stockHeld(order, new Date(heard.data.expiresAt), now) : unchanged(order);

    case 'inventory.StockRefused':
      // After confirmation it means that the hold had run out and nothing was left to allocate.
      return isUndoable(order)
        ? cancel(order, now, { reason: 'OUT_OF_STOCK', missing: heard.data.missing })
        : unchanged(order);

    case 'payments.PaymentAuthorized': {
      const { amount } = heard.data;
      const matches = amount.amountMinor === order.total && amount.currency === order.currency;
      if (order.authorized) return unchanged(order);
      if (step === 'CANCELLED') return isSettled(order) ? unchanged(order) : giveBack(order, { authorized: true }, now);
      if (step !== 'HOLDING' && step !== 'PAYING') return unchanged(order);
      const patch = { authorized: true };
      if (!matches) return cancel(order, now, { reason: 'PAYMENT_FAILED', patch, log: [entry('PAYMENT_MISMATCH')] });
      const log = [entry('PAYMENT_AUTHORIZED')];
      return step === 'PAYING' ? confirm(order, patch, now, log) : change(order, patch, now, { log });
    }

    case 'payments.PaymentDeclined':
      // The order keeps waiting: another card may be tried until the deadline.
      return step === 'PAYING' && heard.data.attempt >= order.attempt
        ? change(order, {}, now, { log: [entry('PAYMENT_DECLINED', { code: heard.data.code })] })
        : unchanged(order);

    case 'payments.PaymentActionRequired':
      return step === 'PAYING' && heard.data.attempt >= order.attempt
        ? change(order, {}, now, { log: [entry('PAYMENT_ACTION_REQUIRED')] })
        : unchanged(order);

    case 'payments.PaymentCaptured':
      return captured(order, heard.data.amount, now);

    case 'payments.CaptureFailed':
      return isUndoable(order) && order.captured === 0
        ? cancel(order, now, { reason: 'PAYMENT_FAILED' })
        : unchanged(order);

    case 'payments.PaymentVoided':
      if (step === 'CANCELLED') return voided(order, now);
      // Nobody here asked for it: the authorization ran out or was given up at the provider.
      if (step === 'CAPTURING' && isUndoable(order)) {
        return cancel(order, now, {
          reason: 'PAYMENT_FAILED',
          patch: { authorized: false },
          log: [entry('PAYMENT_VOIDED')],
        });
      }
      return order.authorized && step !== 'DONE'
        ? change(order, { authorized: false }, now, { log: [entry('PAYMENT_VOIDED')] })
        : unchanged(order);

    case 'payments.RefundSettled':
      return refundSettled(order, heard.data.refundId, heard.data.amount.amountMinor, now);

    case 'payments.RefundFailed': {
      const { refundId, amount, message } = heard.data;
      return refundFailed(order, refundId, amount.amountMinor, message, now);
    }

    case 'payments.PaymentDisputed':
      return change(order, {}, now, {
        log: [entry('DISPUTED', { reason: heard.data.reason, amountMinor: heard.data.amount.amountMinor })],
      });

    case 'DEADLINE_PASSED':
      return deadlinePassed(order, now);

    case 'PAY': {
      const { paymentMethod, actor } = heard;
      const log = [entry('PAYMENT_SUBMITTED', {}, actor)];
      if (step === 'HOLDING') return change(order, { paymentMethod }, now, { log });
      if (step !== 'PAYING') throw no('NOT_PAYABLE', 'This order does not wait for a payment.', ['input', 'orderId']);
      const attempt = order.attempt + 1;
      const say: Say = { type: 'orders.PaymentSubmitted', attempt, paymentMethod };
      return change(order, { attempt }, now, { say: [say], log });
    }

    case 'CANCEL': {
      const { actor, actorId, why } = heard;
      if (!isUndoable(order)) {
        throw no('NOT_CANCELLABLE', 'This order can no longer be cancelled.', ['input', 'orderId']);
      }
      return cancel(order, now, { reason: actor, actor, actorId, why });
    }
  }
}

function stockHeld(order: Order, expiresAt: Date, now: Date): Decision {
  const log = [entry('STOCK_HELD')];
  if (order.total === 0 || order.authorized) return confirm(order, {}, now, log);
  const wanted = after(now, order.payWithinMs);
  const say: Say[] = [{ type: 'orders.PaymentRequested' }];
  const chosen = order.paymentMethod;
  const attempt = chosen === null ? order.attempt : order.attempt + 1;
  if (chosen !== null) say.push({ type: 'orders.PaymentSubmitted', attempt, paymentMethod: chosen });
  const patch: Partial<Checkout> = {
    status: 'AWAITING_PAYMENT',
    step: 'PAYING',
    // Never longer than the goods are ours.
    deadline: expiresAt < wanted ? expiresAt : wanted,
    deadlinesMet: 0,
    attempt,
    paymentMethod: null,
  };
  return change(order, patch, now, { say, log });
}

function captured(order: Order, amount: { amountMinor: number; currency: string }, now: Date): Decision {
  const { step } = order;
  const matches = amount.amountMinor === order.total && amount.currency === order.currency;
  const taken = Math.min(amount.amountMinor, order.total);
  const log = [entry('PAYMENT_CAPTURED', { amountMinor: amount.amountMinor })];
  const patch = { authorized: true, captured: Math.max(taken, order.captured) };
  if (order.captured > 0) return unchanged(order);
  if (step === 'CANCELLED') {
    const back = cancellationOf(order)?.status === 'SETTLED';
    return back ? change(order, patch, now, { log }) : giveBack(order, patch, now);
  }
  if (!matches && isUndoable(order)) {
    return cancel(order, now, { reason: 'PAYMENT_FAILED', patch, log: [...log, entry('PAYMENT_MISMATCH')] });
  }
  if (step === 'HOLDING') return change(order, patch, now, { log });
  if (step === 'PAYING') return confirm(order, patch, now, log);
  return change(order, { ...patch, step: 'DONE', deadline: null }, now, { log });
}

const cancellationOf = (order: Order): Credit | undefined =>
  order.credits.find(({ id }) => id === order.cancelCreditId);

/** True where the money of a cancelled order has gone back already: a late fact of its coming changes nothing. */
function isSettled(order: Order): boolean {
  const status = cancellationOf(order)?.status;
  return status === 'SETTLED' || status === 'VOIDED';
}

function voided(order: Order, now: Date): Decision {
  if (isSettled(order)) return unchanged(order);
  return change(order, { authorized: false }, now, {
    log: [entry('PAYMENT_VOIDED')],
    credits: [{ id: order.cancelCreditId, status: 'VOIDED', failure: null }],
  });
}

function refundSettled(order: Order, refundId: RefundId, amountMinor: number, now: Date): Decision {
  const credit = order.credits.find(({ id }) => id === refundId);
  if (credit?.status === 'SETTLED') return unchanged(order);
  const refunded = order.refunded + amountMinor;
  const say: Say[] = [{ type: 'orders.OrderRefunded', refundId, amount: amountMinor }];
  if (credit) {
    const log = [entry('REFUND_SETTLED', { refundId, amountMinor })];
    const { added, credits } = settle(order, credit, amountMinor);
    return change(order, { refunded, credited: order.credited + added }, now, { say, log, credits });
  }
  // Nobody here asked for it, but the money has gone: every refund names a credit, so this one gets its own.
  const { added, credits } = creditAtProvider(order, refundId, amountMinor);
  const log = [entry('REFUNDED_AT_PROVIDER', { refundId, amountMinor })];
  return change(order, { refunded, credited: order.credited + added }, now, { say, log, credits });
}

/** Refused, or come back from a bank after it was settled: the credit stays, and another try can pay it out. */
function refundFailed(order: Order, refundId: RefundId, amountMinor: number, message: string, now: Date): Decision {
  const credit = order.credits.find(({ id }) => id === refundId);
  const settled = credit?.status === 'SETTLED';
  if (!credit || (!settled && credit.status !== 'REQUESTED' && credit.status !== 'NOT_DUE')) return unchanged(order);
  const refunded = order.refunded - (settled ? amountMinor : 0);
  // By other refunds all of it may have gone back meanwhile: then nothing is owed, and nobody need look after it.
  if (openAmount(credit, { ...order, refunded }) === 0) {
    if (credit.status === 'NOT_DUE') return unchanged(order);
    return change(order, {}, now, { credits: [{ id: refundId, status: 'NOT_DUE', failure: null }] });
  }
  return change(order, settled ? { refunded } : {}, now, {
    log: [entry('REFUND_FAILED', { refundId, amountMinor })],
    credits: [{ id: refundId, status: 'FAILED', failure: message }],
  });
}

function deadlinePassed(order: Order, now: Date): Decision {
  const { step, deadline, deadlinesMet } = order;
  if (deadline === null || deadline > now) return unchanged(order);
  const met = deadlinesMet + 1;
  if (step === 'HOLDING' && met <= HOLD_TRIES) {
    return change(order, { deadlinesMet: met, deadline: after(now, HOLD_SECONDS * 1000) }, now, {
      say: [{ type: 'orders.OrderCreated' }],
      log: [entry('HOLD_ASKED_AGAIN')],
    });
  }
  if (step === 'HOLDING' || step === 'PAYING') return cancel(order, now, { reason: 'EXPIRED' });
  // Payments keeps trying and says CaptureFailed when it gives up; until then staff only need to know.
  return change(order, { deadlinesMet: met, deadline: after(now, DAY_MS) }, now, { log: [entry('CAPTURE_LATE')] });
}
