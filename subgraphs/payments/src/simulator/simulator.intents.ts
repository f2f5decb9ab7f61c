import { type CardBehaviour, cardByName, type Decline } from './simulator.cards.ts';
import { refused, StripeFault } from './simulator.errors.ts';

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';

/** A stored payment method: what Stripe shows of the card, and the name of the test card it was made from. */
export interface PaymentMethod {
  readonly id: string;
  readonly created: number;
  readonly card: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly billing: { readonly name: string | null; readonly email: string | null; readonly phone: string | null };
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Refund {
  readonly id: string;
  readonly amount: number;
  readonly created: number;
  readonly reason: string | null;
  readonly status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  readonly failureReason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Dispute {
  readonly id: string;
  readonly amount: number;
  readonly created: number;
  readonly reason: string;
  readonly status: 'needs_response' | 'won' | 'lost';
}

export interface Charge {
  readonly id: string;
  readonly amount: number;
  readonly amountCaptured: number;
  readonly captured: boolean;
  readonly created: number;
  readonly captureBefore: number | null;
  readonly released: boolean;
  readonly decline: Decline | null;
  readonly authenticated: boolean;
  readonly paymentMethod: PaymentMethod;
  readonly refunds: readonly Refund[];
  readonly dispute: Dispute | null;
}

export interface PaymentError {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
  readonly charge: string | null;
  readonly type: 'card_error' | 'invalid_request_error';
  readonly paymentMethod: PaymentMethod;
}

/** One PaymentIntent with everything that hangs on it: the unit that is locked, changed and saved. */
export interface Intent {
  readonly id: string;
  readonly clientSecret: string;
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: 'manual' | 'automatic';
  readonly created: number;
  readonly status: IntentStatus;
  readonly description: string | null;
  readonly receiptEmail: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowedMethodTypes: readonly string[] | null;
  readonly paymentMethod: PaymentMethod | null;
  readonly returnUrl: string | null;
  readonly authentication: { readonly token: string } | null;
  readonly lastError: PaymentError | null;
  readonly canceledAt: number | null;
  readonly cancellationReason: string | null;
  readonly charges: readonly Charge[];
}

/** The outside of a transition: the time in seconds and fresh ids. */
export interface World {
  readonly now: number;
  newId(prefix: string): string;
}

/** Something that happened to an object of this intent; becomes one Stripe event. */
export interface Said {
  readonly type: string;
  readonly object: string;
}

/** The intent after a step, the events it causes, and the error answered where the step ended in a decline. */
export interface Step {
  readonly intent: Intent;
  readonly said: readonly Said[];
  readonly decline: PaymentError | null;
  /** A refund whose final status arrives later, by itself. */
  readonly settles?: { readonly refund: string; readonly outcome: 'succeeded' | 'failed' };
}

const AUTHORIZATION_SECONDS = 7 * 24 * 3600;
const DISPUTE_FROM = 'charge.dispute';

const step = (intent: Intent, ...said: Said[]): Step => ({ intent, said, decline: null });
const say = (type: string, object: string): Said => ({ type, object });

function unexpected(intent: Intent, verb: string): StripeFault {
  return refused(
    'payment_intent_unexpected_state',
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
  );
}

export const lastCharge = (intent: Intent): Charge | null => intent.charges.at(-1) ?? null;

/** The charge money was (or is) held on, or null. */
export function paidCharge(intent: Intent): Charge | null {
  const charge = lastCharge(intent);
  return charge !== null && charge.decline === null ? charge : null;
}

export const refundedAmount = (charge: Charge): number =>
  charge.refunds.reduce((sum, r) => (r.status === 'pending' || r.status === 'succeeded' ? sum + r.amount : sum), 0);

const withCharge = (intent: Intent, charge: Charge): Intent => ({
  ...intent,
  charges: intent.charges.map((c) => (c.id === charge.id ? charge : c)),
});

export type NewIntent = Pick<
  Intent,
  'amount' | 'currency' | 'captureMethod' | 'description' | 'receiptEmail' | 'metadata' | 'allowedMethodTypes'
> & { readonly paymentMethod: PaymentMethod | null };

export function create(given: NewIntent, world: World): Step {
  const id = world.newId('pi_3');
  const intent: Intent = {
    ...given,
    id,
    clientSecret: `${id}_secret_${world.newId('')}`,
    created: world.now,
    status: given.paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
    returnUrl: null,
    authentication: null,
    lastError: null,
    canceledAt: null,
    cancellationReason: null,
    charges: [],
  };
  return step(intent, say('payment_intent.created', id));
}

const CONFIRMABLE: readonly IntentStatus[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function confirm(
  before: Intent,
  given: { paymentMethod: PaymentMethod | null; returnUrl: string | null },
  world: World,
): Step {
  if (!CONFIRMABLE.includes(before.status)) throw unexpected(before, 'confirm');
  const paymentMethod = given.paymentMethod ?? before.paymentMethod;
  if (paymentMethod === null) {
    throw refused(
      'payment_intent_unexpected_state',
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
    );
  }
  const intent: Intent = {
    ...before,
    paymentMethod,
    returnUrl: given.returnUrl ?? before.returnUrl,
    lastError: null,
    authentication: null,
  };
  if (cardByName(paymentMethod.card).authentication === 'required') {
    return step(
      { ...intent, status: 'requires_action', authentication: { token: world.newId('') } },
      say('payment_intent.requires_action', intent.id),
    );
  }
  return charge(intent, paymentMethod, false, world);
}

/** The cardholder's answer on the 3-D Secure page. */
export function completeAuthentication(before: Intent, outcome: 'succeeded' | 'failed', world: World): Step {
  if (before.status !== 'requires_action' || before.paymentMethod === null) {
    throw unexpected(before, 'authenticate a payment on');
  }
  const intent: Intent = { ...before, authentication: null };
  if (outcome === 'succeeded') return charge(intent, before.paymentMethod, true, world);
  const lastError: PaymentError = {
    code: 'payment_intent_authentication_failure',
    declineCode: null,
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    charge: null,
    type: 'invalid_request_error',
    paymentMethod: before.paymentMethod,
  };
  return step(
    { ...intent, status: 'requires_payment_method', paymentMethod: null, lastError },
    say('payment_intent.payment_failed', intent.id),
  );
}

function charge(intent: Intent, paymentMethod: PaymentMethod, authenticated: boolean, world: World): Step {
  const card = cardByName(paymentMethod.card);
  const automatic = intent.captureMethod === 'automatic';
  const made: Charge = {
    id: world.newId('ch_3'),
    amount: intent.amount,
    amountCaptured: automatic && card.decline === null ? intent.amount : 0,
    captured: automatic && card.decline === null,
    created: world.now,
    captureBefore: automatic || card.decline !== null ? null : world.now + AUTHORIZATION_SECONDS,
    released: false,
    decline: card.decline,
    authenticated,
    paymentMethod,
    refunds: [],
    dispute: null,
  };
  const charged: Intent = { ...intent, charges: [...intent.charges, made] };
  if (card.decline !== null) return decline(charged, made, card.decline);
  if (!automatic) {
    return step(
      { ...charged, status: 'requires_capture' },
      say('charge.succeeded', made.id),
      say('payment_intent.amount_capturable_updated', intent.id),
    );
  }
  return disputed(
    step(
      { ...charged, status: 'succeeded' },
      say('charge.succeeded', made.id),
      say('payment_intent.succeeded', intent.id),
    ),
    card,
    world,
  );
}

function decline(intent: Intent, made: Charge, why: Decline): Step {
  const error: PaymentError = { ...why, charge: made.id, type: 'card_error', paymentMethod: made.paymentMethod };
  return {
    intent: { ...intent, status: 'requires_payment_method', paymentMethod: null, lastError: error },
    said: [say('charge.failed', made.id), say('payment_intent.payment_failed', intent.id)],
    decline: error,
  };
}

/** Cards that dispute do it as soon as the money is taken. */
function disputed(taken: Step, card: CardBehaviour, world: World): Step {
  if (card.dispute === null) return taken;
  const opened = openDispute(taken.intent, { reason: card.dispute, amount: null }, world);
  return { ...opened, said: [...taken.said, ...opened.said] };
}

/** Takes all or a part of the held money; what is not taken is released for good. */
export function capture(intent: Intent, amount: number | null, world: World): Step {
  const held = paidCharge(intent);
  if (intent.status !== 'requires_capture' || held === null) throw unexpected(intent, 'capture');
  const taken = amount ?? held.amount;
  if (taken < 1 || taken > held.amount) {
    throw refused(
      'amount_too_large',
      `The amount to capture (${taken}) must be at least 1 and at most the amount capturable (${held.amount}).`,
      { param: 'amount_to_capture' },
    );
  }
  const captured: Charge = { ...held, captured: true, amountCaptured: taken, captureBefore: null };
  return disputed(
    step(
      { ...withCharge(intent, captured), status: 'succeeded' },
      say('charge.captured', held.id),
      say('payment_intent.succeeded', intent.id),
    ),
    cardByName(held.paymentMethod.card),
    world,
  );
}

export function cancel(intent: Intent, reason: string | null, world: World): Step {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpected(intent, 'cancel');
  const held = paidCharge(intent);
  const canceled: Intent = {
    ...(held === null ? intent : withCharge(intent, { ...held, released: true, captureBefore: null })),
    status: 'canceled',
    authentication: null,
    canceledAt: world.now,
    cancellationReason: reason,
  };
  const said = say('payment_intent.canceled', intent.id);
  return held === null ? step(canceled, said) : step(canceled, say('charge.refunded', held.id), said);
}

/** The bank gives up its hold after seven days, and Stripe cancels the intent itself. */
export function expire(intent: Intent, world: World): Step {
  if (intent.status !== 'requires_capture') throw unexpected(intent, 'expire the authorization of');
  return cancel(intent, 'automatic', world);
}

export function refund(
  intent: Intent,
  given: { amount: number | null; reason: string | null; metadata: Readonly<Record<string, string>> },
  world: World,
): Step {
  const paid = paidCharge(intent);
  if (paid === null || !paid.captured) {
    throw refused(
      'payment_intent_unexpected_state',
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    );
  }
  const left = paid.amountCaptured - refundedAmount(paid);
  if (left === 0) {
    throw refused('charge_already_refunded', `Charge ${paid.id} has already been refunded.`, { charge: paid.id });
  }
  const amount = given.amount ?? left;
  if (amount > left) {
    throw refused(null, `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  if (paid.dispute !== null && paid.dispute.status !== 'won') {
    throw refused('charge_disputed', `Charge ${paid.id} has been charged back; cannot issue a refund.`, {
      charge: paid.id,
    });
  }
  const behaviour = cardByName(paid.paymentMethod.card).refund;
  const made: Refund = {
    id: world.newId('re_3'),
    amount,
    created: world.now,
    reason: given.reason,
    status: behaviour === 'pends' ? 'pending' : 'succeeded',
    failureReason: null,
    metadata: given.metadata,
  };
  const done = step(
    withCharge(intent, { ...paid, refunds: [...paid.refunds, made] }),
    say('refund.created', made.id),
    say('charge.refunded', paid.id),
  );
  if (behaviour === 'succeeds') return done;
  return { ...done, settles: { refund: made.id, outcome: behaviour === 'pends' ? 'succeeded' : 'failed' } };
}

/** The bank's later word on a refund: also one that looked settled can come back. */
export function settleRefund(intent: Intent, refundId: string, outcome: 'succeeded' | 'failed'): Step {
  const paid = intent.charges.find((c) => c.refunds.some((r) => r.id === refundId));
  const before = paid?.refunds.find((r) => r.id === refundId);
  if (paid === undefined || before === undefined) throw new Error(`intent ${intent.id} has no refund ${refundId}`);
  if (before.status === outcome || before.status === 'failed' || before.status === 'canceled') return step(intent);
  const after: Refund = {
    ...before,
    status: outcome,
    failureReason: outcome === 'failed' ? 'expired_or_canceled_card' : null,
  };
  const settled = withCharge(intent, { ...paid, refunds: paid.refunds.map((r) => (r.id === refundId ? after : r)) });
  const updated = [say('refund.updated', refundId), say('charge.refund.updated', refundId)];
  return step(settled, ...updated, ...(outcome === 'failed' ? [say('refund.failed', refundId)] : []));
}

export function openDispute(intent: Intent, given: { reason: string; amount: number | null }, world: World): Step {
  const paid = paidCharge(intent);
  if (paid === null || !paid.captured || paid.dispute !== null) {
    throw refused(null, 'Only a captured charge that is not disputed yet can be disputed.');
  }
  const dispute: Dispute = {
    id: world.newId('du_1'),
    amount: given.amount ?? paid.amountCaptured,
    created: world.now,
    reason: given.reason,
    status: 'needs_response',
  };
  return step(
    withCharge(intent, { ...paid, dispute }),
    say(`${DISPUTE_FROM}.created`, dispute.id),
    say(`${DISPUTE_FROM}.funds_withdrawn`, dispute.id),
  );
}

export function closeDispute(intent: Intent, disputeId: string, outcome: 'won' | 'lost'): Step {
  const paid = intent.charges.find((c) => c.dispute?.id === disputeId);
  if (paid?.dispute?.status !== 'needs_response') throw refused(null, 'Only an open dispute can be closed.');
  const closed = withCharge(intent, { ...paid, dispute: { ...paid.dispute, status: outcome } });
  return step(
    closed,
    ...(outcome === 'won' ? [say(`${DISPUTE_FROM}.funds_reinstated`, disputeId)] : []),
    say(`${DISPUTE_FROM}.closed`, disputeId),
  );
}
