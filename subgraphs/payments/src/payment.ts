import type { Money, OrderId, PaymentId, PaymentsFact, RefundId, Saying } from '@souk/schema';
import { money } from '@souk/schema';
import { type Entry, entryOf } from './ledger.ts';

/** From → to. What the provider tells late or twice leads nowhere, for no arrow points back. */
export const moves = {
  PENDING: ['PROCESSING', 'ACTION_REQUIRED', 'DECLINED', 'AUTHORIZED', 'CAPTURED', 'VOIDED', 'FAILED'],
  PROCESSING: ['ACTION_REQUIRED', 'DECLINED', 'AUTHORIZED', 'CAPTURED', 'VOIDED'],
  ACTION_REQUIRED: ['PROCESSING', 'DECLINED', 'AUTHORIZED', 'CAPTURED', 'VOIDED'],
  DECLINED: ['PROCESSING', 'ACTION_REQUIRED', 'AUTHORIZED', 'CAPTURED', 'VOIDED'],
  AUTHORIZED: ['CAPTURED', 'VOIDED'],
  CAPTURED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['REFUNDED', 'CAPTURED'],
  REFUNDED: ['PARTIALLY_REFUNDED', 'CAPTURED'],
  VOIDED: [],
  FAILED: ['VOIDED'],
} as const satisfies Record<string, readonly string[]>;
export type PaymentStatus = keyof typeof moves;

const open: readonly PaymentStatus[] = ['PENDING', 'PROCESSING', 'ACTION_REQUIRED', 'DECLINED'];
const taken: readonly PaymentStatus[] = ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'];
/** The shopper's answer, or the bank's, is still out. */
export const isOpen = (status: PaymentStatus): boolean => open.includes(status);
/** The money is, or was, ours. */
export const isTaken = (status: PaymentStatus): boolean => taken.includes(status);

export interface Decline {
  readonly code: string;
  readonly message: string;
}

export interface Card {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/** Money for one order. All amounts are of its currency; `captured`, `refunded`, `refunding` in minor units. */
export interface Payment {
  readonly id: PaymentId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly amount: Money;
  readonly status: PaymentStatus;
  readonly version: number;
  /** The provider's id, null until the provider has told it. */
  readonly intentId: string | null;
  readonly clientSecret: string | null;
  /** The last attempt that was submitted, and the last one the provider has answered. */
  readonly attempt: number;
  readonly answeredAttempt: number;
  readonly paymentMethod: string | null;
  readonly decline: Decline | null;
  readonly redirectUrl: string | null;
  readonly card: Card | null;
  readonly captured: number;
  readonly refunded: number;
  /** Asked back and not settled yet. */
  readonly refunding: number;
  readonly captureWanted: boolean;
  /** The order was cancelled: whatever is or comes in goes back under this refund. */
  readonly cancelRefundId: RefundId | null;
  /** True once a call about it may have reached the provider. */
  readonly asked: boolean;
  /** When the next call is due; null for none. */
  readonly dueAt: Date | null;
  /** Tries of that call that had no answer, or looks that found nothing new. */
  readonly tries: number;
}

/** Where it stands at the provider. */
export type ProviderState =
  | { readonly status: 'NEW' }
  | { readonly status: 'ACTION_REQUIRED'; readonly redirectUrl: string | null }
  | { readonly status: 'PROCESSING' }
  | { readonly status: 'DECLINED'; readonly decline: Decline }
  | { readonly status: 'AUTHORIZED'; readonly authorized: Money }
  | { readonly status: 'CAPTURED'; readonly captured: Money }
  | { readonly status: 'CANCELLED' };

/** What the provider tells of an intent. */
export interface Told {
  readonly intentId: string;
  readonly amount: Money;
  readonly card: Card | null;
  readonly state: ProviderState;
}

export type TransactionKind = 'AUTHORIZATION' | 'CAPTURE' | 'REFUND' | 'VOID' | 'DISPUTE';
export type TransactionStatus = 'SUCCEEDED' | 'FAILED' | 'PENDING';

/** A line of the payment's history. `reference` is the provider's id of the thing. */
export interface NewTransaction {
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  readonly amount: Money;
  readonly reference: string | null;
  readonly message: string | null;
}

/** What follows. `payment` is the very same object where nothing does. */
export interface Change {
  readonly payment: Payment;
  readonly say: readonly Saying<PaymentsFact>[];
  readonly history: readonly NewTransaction[];
  readonly entries: readonly Entry[];
  /** A refund to make: all that is left of a cancelled order's money. */
  readonly refund: { readonly id: RefundId; readonly amount: Money } | null;
}

export const unchanged = (payment: Payment): Change => ({
  payment,
  say: [],
  history: [],
  entries: [],
  refund: null,
});

/** What the provider is asked next. */
export type Step = 'CREATE' | 'CONFIRM' | 'CAPTURE' | 'VOID' | 'RETRIEVE';

/**
 * The one next call, from wishes and state alone: a payment never has two calls under way. RETRIEVE is the net under lost
 * webhooks: it looks whether a shopper came back from 3-D Secure, or whether a hold has run out.
 */
export function nextStep(payment: Payment): Step | null {
  const { status } = payment;
  if (!isOpen(status) && status !== 'AUTHORIZED') return null;
  if (payment.cancelRefundId !== null) return 'VOID';
  if (status === 'AUTHORIZED') return payment.captureWanted ? 'CAPTURE' : 'RETRIEVE';
  if (payment.intentId === null) return 'CREATE';
  if (payment.attempt > payment.answeredAttempt) return 'CONFIRM';
  return status === 'ACTION_REQUIRED' || status === 'PROCESSING' ? 'RETRIEVE' : null;
}

const LOOK_MS = 30_000;
const WATCH_MS = 6 * 3_600_000;
const LONGEST_LOOK_MS = 3_600_000;
const LONGEST_WAIT_MS = 5 * 60_000;

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** The payment with its next call scheduled. */
export function schedule(payment: Payment, now: Date): Payment {
  const step = nextStep(payment);
  const wait = step === 'RETRIEVE' ? (payment.status === 'AUTHORIZED' ? WATCH_MS : LOOK_MS) : 0;
  return { ...payment, tries: 0, dueAt: step === null ? null : later(now, wait) };
}

/** Wait before try n of a call without an answer: a second, doubled up to five minutes. */
export const retryAt = (tries: number, now: Date): Date =>
  later(now, Math.min(1_000 * 2 ** Math.min(tries - 1, 20), LONGEST_WAIT_MS));

/** When to look again where a look found nothing new: half a minute, doubled up to an hour. */
export const lookAgainAt = (payment: Payment, now: Date): Date =>
  payment.status === 'AUTHORIZED'
    ? later(now, WATCH_MS)
    : later(now, Math.min(LOOK_MS * 2 ** Math.min(payment.tries, 20), LONGEST_LOOK_MS));

/** Tries after which a call is given up. Voiding and looking have no end: both are harmless to repeat. */
export const mostTries = { CREATE: 10, CONFIRM: 10, CAPTURE: 30, VOID: null, RETRIEVE: null } as const satisfies Record<
  Step,
  number | null
>;

const base = ({ orderId, id }: Payment) => ({ orderId, paymentId: id });

type Words = PaymentsFact extends infer F ? (F extends PaymentsFact ? Pick<F, 'type' | 'data'> : never) : never;

/** Each fact takes a version of its own. */
export function change(
  before: Payment,
  patch: Partial<Payment>,
  now: Date,
  words: readonly Words[] = [],
  more: Partial<Pick<Change, 'history' | 'entries' | 'refund'>> = {},
): Change {
  const version = before.version + Math.max(1, words.length);
  const payment = schedule({ ...before, ...patch, version }, now);
  const say = words.map((one, index) => ({ ...one, key: before.orderId, version: before.version + 1 + index }));
  return { ...unchanged(payment), say, ...more };
}

const NOT_COMPLETED: Decline = { code: 'not_completed', message: 'The payment was not completed. Please try again.' };

/**
 * What follows from what the provider tells. `attempt` is the attempt it speaks of. What is known already, or is older than
 * what is known, changes nothing; the amounts have been checked.
 */
export function hear(payment: Payment, told: Told, attempt: number, now: Date): Change {
  const { state } = told;
  const reference = told.intentId;
  const answered = {
    intentId: told.intentId,
    card: told.card ?? payment.card,
    answeredAttempt: Math.max(attempt, payment.answeredAttempt),
    redirectUrl: null,
    decline: null,
    // A token is of no use after its attempt.
    paymentMethod: attempt >= payment.attempt ? null : payment.paymentMethod,
  };
  const line = (kind: TransactionKind, status: TransactionStatus, amount: Money, message: string | null = null) => ({
    history: [{ kind, status, amount, reference, message }],
  });
  if (state.status === 'CAPTURED') return taking(payment, answered, state.captured, reference, now);
  if (state.status === 'AUTHORIZED') {
    if (!isOpen(payment.status)) return unchanged(payment);
    const patch = { ...answered, status: 'AUTHORIZED', answeredAttempt: payment.attempt, paymentMethod: null } as const;
    const said: Words[] =
      payment.cancelRefundId === null
        ? [{ type: 'payments.PaymentAuthorized', data: { ...base(payment), amount: payment.amount } }]
        : [];
    return change(payment, patch, now, said, line('AUTHORIZATION', 'SUCCEEDED', state.authorized));
  }
  if (state.status === 'CANCELLED') return givenUp(payment, reference, now);
  if (!isOpen(payment.status)) return unchanged(payment);
  if (state.status === 'NEW') {
    if (payment.status !== 'PROCESSING' && payment.status !== 'ACTION_REQUIRED') return unchanged(payment);
    return hear(payment, { ...told, state: { status: 'DECLINED', decline: NOT_COMPLETED } }, attempt, now);
  }
  const isNew = attempt > payment.answeredAttempt || payment.status !== state.status;
  switch (state.status) {
    case 'PROCESSING':
      return isNew ? change(payment, { ...answered, status: 'PROCESSING' }, now) : unchanged(payment);
    case 'ACTION_REQUIRED': {
      if (!isNew && payment.redirectUrl === state.redirectUrl) return unchanged(payment);
      const patch = { ...answered, status: 'ACTION_REQUIRED', redirectUrl: state.redirectUrl } as const;
      const said: Words[] = isNew
        ? [{ type: 'payments.PaymentActionRequired', data: { ...base(payment), attempt } }]
        : [];
      return change(payment, patch, now, said);
    }
    case 'DECLINED': {
      if (!isNew) return unchanged(payment);
      const { code, message } = state.decline;
      return change(
        payment,
        { ...answered, status: 'DECLINED', decline: state.decline },
        now,
        [{ type: 'payments.PaymentDeclined', data: { ...base(payment), attempt, code, message } }],
        line('AUTHORIZATION', 'FAILED', payment.amount, message),
      );
    }
  }
}

function taking(payment: Payment, answered: Partial<Payment>, captured: Money, reference: string, now: Date): Change {
  if (!isOpen(payment.status) && payment.status !== 'AUTHORIZED') return unchanged(payment);
  const wasOpen = isOpen(payment.status);
  const patch = {
    ...answered,
    status: 'CAPTURED',
    captured: captured.amountMinor,
    answeredAttempt: payment.attempt,
    paymentMethod: null,
  } as const;
  const said: Words[] = [{ type: 'payments.PaymentCaptured', data: { ...base(payment), amount: captured } }];
  if (wasOpen && payment.cancelRefundId === null) {
    said.unshift({ type: 'payments.PaymentAuthorized', data: { ...base(payment), amount: payment.amount } });
  }
  const change_ = change(payment, patch, now, said, {
    history: [{ kind: 'CAPTURE', status: 'SUCCEEDED', amount: captured, reference, message: null }],
    entries: [entryOf('CAPTURED', captured)],
  });
  return payment.cancelRefundId === null ? change_ : giveAllBack(change_, payment.cancelRefundId);
}

/** The hold is gone, by us or by the provider. */
function givenUp(payment: Payment, reference: string | null, now: Date): Change {
  const { status } = payment;
  if (!isOpen(status) && status !== 'AUTHORIZED') return unchanged(payment);
  const lost = status === 'AUTHORIZED' && payment.captureWanted && payment.cancelRefundId === null;
  const said: Words = lost
    ? {
        type: 'payments.CaptureFailed',
        data: { ...base(payment), message: 'The authorization ran out before the money was taken.' },
      }
    : { type: 'payments.PaymentVoided', data: base(payment) };
  const history: NewTransaction[] =
    status === 'AUTHORIZED'
      ? [{ kind: 'VOID', status: 'SUCCEEDED', amount: payment.amount, reference, message: null }]
      : [];
  const patch = { status: 'VOIDED', redirectUrl: null, paymentMethod: null, clientSecret: null } as const;
  return change(payment, patch, now, [said], { history });
}

/** What is left goes back under `id`. Where other refunds take or took it all, that one fails: its asker waits for an end. */
function giveAllBack(so: Change, id: RefundId): Change {
  const { payment } = so;
  const { orderId, amount } = payment;
  const left = payment.captured - payment.refunded - payment.refunding;
  if (left <= 0) {
    const version = payment.version + 1;
    const message = 'Other refunds of this payment leave nothing to give back.';
    const data = { orderId, refundId: id, amount: money(0, amount.currency), message };
    const failed = { type: 'payments.RefundFailed', key: orderId, version, data } as const;
    return { ...so, payment: { ...payment, version }, say: [...so.say, failed] };
  }
  return {
    ...so,
    payment: { ...payment, refunding: payment.refunding + left },
    refund: { id, amount: money(left, payment.amount.currency) },
  };
}

/**
 * The order is off, and the money goes back under `refundId` if it was taken. The first wish counts. A payment the provider
 * never heard of is voided on the spot; one that was over already says so again, for the asker cannot know.
 */
export function cancel(payment: Payment, refundId: RefundId, now: Date): Change {
  if (payment.cancelRefundId !== null) return unchanged(payment);
  const patch = { cancelRefundId: refundId };
  const { status } = payment;
  if (isTaken(status)) return giveAllBack(change(payment, patch, now), refundId);
  if (status === 'VOIDED' || status === 'FAILED' || !payment.asked) {
    const said: Words = { type: 'payments.PaymentVoided', data: base(payment) };
    return change(payment, { ...patch, status: 'VOIDED', paymentMethod: null }, now, [said]);
  }
  return change(payment, patch, now);
}

/** A call that will never have a good answer. `message` is for people. */
export function giveUp(payment: Payment, step: Step, cause: Decline, now: Date): Change {
  const declined = (attempt: number): Words => ({
    type: 'payments.PaymentDeclined',
    data: { ...base(payment), attempt, ...cause },
  });
  switch (step) {
    case 'CREATE':
      if (payment.status !== 'PENDING' || payment.intentId !== null) return unchanged(payment);
      if (payment.cancelRefundId !== null) return givenUp(payment, null, now);
      return change(payment, { status: 'FAILED', decline: cause, paymentMethod: null }, now, [
        declined(payment.attempt),
      ]);
    case 'CONFIRM':
      return hear(
        payment,
        {
          intentId: payment.intentId!,
          amount: payment.amount,
          card: null,
          state: { status: 'DECLINED', decline: cause },
        },
        payment.attempt,
        now,
      );
    case 'CAPTURE':
      if (payment.status !== 'AUTHORIZED' || !payment.captureWanted) return unchanged(payment);
      return change(
        payment,
        { captureWanted: false },
        now,
        [{ type: 'payments.CaptureFailed', data: { ...base(payment), message: cause.message } }],
        {
          history: [
            {
              kind: 'CAPTURE',
              status: 'FAILED',
              amount: payment.amount,
              reference: payment.intentId,
              message: cause.message,
            },
          ],
        },
      );
    case 'VOID':
    case 'RETRIEVE':
      return unchanged(payment);
  }
}

/** No try of the attempt had an answer: whether it arrived is unknown, so it is looked at until the provider tells. */
export function loseSight(payment: Payment, now: Date): Change {
  if (!isOpen(payment.status)) return unchanged(payment);
  return change(payment, { status: 'PROCESSING', answeredAttempt: payment.attempt, paymentMethod: null }, now);
}

/** An attempt at a payment that could never be made is declined as it comes. */
export function submitToFailed(payment: Payment, attempt: number, now: Date): Change {
  if (payment.status !== 'FAILED' || attempt <= payment.attempt || payment.decline === null) return unchanged(payment);
  return change(payment, { attempt, answeredAttempt: attempt }, now, [
    { type: 'payments.PaymentDeclined', data: { ...base(payment), attempt, ...payment.decline } },
  ]);
}
