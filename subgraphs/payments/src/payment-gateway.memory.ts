import { isUuid, type OrderId, type RefundId } from '@souk/schema';
import {
  type CaptureOutcome,
  type CardSummary,
  type GatewayEvent,
  GatewayFault,
  type GatewayIntent,
  type GatewayIntentId,
  type GatewayRefund,
  type GatewayRefundId,
  type PaymentGateway,
  type PaymentState,
  type SignedEvent,
  WebhookRefused,
} from './payment-gateway.ts';
import { type CardBehaviour, cardByName, cardByToken } from './simulator/simulator.cards.ts';
import { StripeFault } from './simulator/simulator.errors.ts';
import * as machine from './simulator/simulator.intents.ts';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts';

const ORDER_ID = 'order_id';
const REFUND_ID = 'refund_id';
const KEY = 'sk_test_memory';

/** A webhook as the provider sends it. */
export interface MemoryWebhook {
  readonly body: string;
  /** A header for a sending at this time, unix seconds. */
  sign(at: number): string;
}

/**
 * A payment provider in memory: the rules of the Stripe simulator without a network, a clock or chance of its own, so that
 * whoever drives it can have the same run again. It outlives the houses that call it, as another company does.
 */
export interface MemoryProvider {
  gateway(secretKey?: string): PaymentGateway;
  /** Everything it has to tell, oldest first; whether and when it is sent is the driver's to decide. */
  readonly webhooks: readonly MemoryWebhook[];
  intents(): readonly machine.Intent[];
  /** The shopper's answer on the bank's page; nothing where no answer is awaited. */
  answer(intentId: string, outcome: 'succeeded' | 'failed'): void;
  /** The bank gives up its hold; nothing where there is none. */
  expire(intentId: string): void;
  /** The bank's word on refunds that pend, or seemed to be done; `mind` may change it. */
  settleRefunds(mind?: (word: Word) => Word): void;
  /** A refund made in its dashboard, of which no shop knows; false where it refuses. All that is left by default. */
  refundByHand(intentId: string, minor: number | null): boolean;
  /** The bank's decision on a dispute that is open; nothing where there is none. */
  closeDispute(intentId: string, outcome: 'won' | 'lost'): void;
}

type Word = 'succeeded' | 'failed';

type Kept = { readonly of: string } & (
  | { readonly intent: machine.Intent; readonly refund: string | null }
  | { readonly refusal: { readonly code: string; readonly message: string } }
);

export function memoryProvider({ clock }: { readonly clock: () => Date }): MemoryProvider {
  const intents = new Map<string, machine.Intent>();
  const kept = new Map<string, Kept>();
  const webhooks: MemoryWebhook[] = [];
  let settlements: { readonly intentId: string; readonly refund: string; readonly outcome: Word }[] = [];
  let ids = 0;

  const world = (): machine.World => ({
    now: Math.floor(clock().getTime() / 1000),
    newId: (prefix) => `${prefix}${(++ids).toString().padStart(24, '0')}`,
  });

  function keep(step: machine.Step): machine.Intent {
    const { intent, settles } = step;
    intents.set(intent.id, intent);
    if (settles) settlements.push({ intentId: intent.id, ...settles });
    for (const { type, object } of step.said) {
      const told = toldOf(type, intent, object);
      if (told) tell(told);
    }
    return intent;
  }

  function tell(told: ProviderWord): void {
    const body = JSON.stringify({ eventId: `evt_${++ids}`, occurredAt: clock(), ...told });
    webhooks.push({ body, sign: (at) => `t=${at},v1=memory` });
  }

  function known(id: string): machine.Intent {
    const intent = intents.get(id);
    if (!intent) throw new GatewayFault('UNKNOWN_INTENT', `The payment provider knows no intent ${id}.`);
    return intent;
  }

  /** Does a call once per key: a repeat gets the answer that was given then. */
  function once(
    idempotencyKey: string,
    of: string,
    work: () => { intent: machine.Intent; refund: string | null },
  ): Kept {
    const before = kept.get(idempotencyKey);
    if (before) {
      if (before.of === of) return before;
      throw new GatewayFault('IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another payment call before.');
    }
    let done: Kept;
    try {
      done = { of, ...work() };
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      done = { of, refusal: { code: error.error.code ?? 'refused', message: error.error.message } };
    }
    kept.set(idempotencyKey, done);
    return done;
  }

  const step = (
    idempotencyKey: string,
    of: string,
    id: string,
    take: (intent: machine.Intent) => machine.Step,
  ): Kept => {
    known(id);
    return once(idempotencyKey, of, () => ({ intent: keep(take(known(id))), refund: null }));
  };

  function captured(intent: GatewayIntent): CaptureOutcome | undefined {
    const { state } = intent;
    return state.status === 'CAPTURED' ? { outcome: 'CAPTURED', captured: state.captured, intent } : undefined;
  }

  const gateway: PaymentGateway = {
    async createIntent({ orderId, amount, idempotencyKey, description, metadata }) {
      const given: machine.NewIntent = {
        amount: toStripeAmount(amount),
        currency: amount.currency.toLowerCase(),
        captureMethod: 'manual',
        description: description ?? null,
        receiptEmail: null,
        metadata: { ...metadata, [ORDER_ID]: orderId },
        allowedMethodTypes: ['card'],
        paymentMethod: null,
      };
      const done = once(idempotencyKey, `create ${JSON.stringify(given)}`, () => ({
        intent: keep(machine.create(given, world())),
        refund: null,
      }));
      if ('refusal' in done) throw new GatewayFault('INVALID_CALL', done.refusal.message);
      return toIntent(done.intent);
    },

    async confirm({ intentId, paymentMethod, returnUrl, idempotencyKey }) {
      const card = cardByToken(paymentMethod);
      if (!card) {
        const decline = { code: 'invalid_payment_method', message: `There is no such payment method.` };
        return { ...toIntent(known(intentId)), state: { status: 'DECLINED', decline } };
      }
      const done = step(idempotencyKey, `confirm ${intentId} ${paymentMethod} ${returnUrl}`, intentId, (intent) =>
        machine.confirm(intent, { paymentMethod: methodOf(card, paymentMethod, world()), returnUrl }, world()),
      );
      return toIntent('refusal' in done ? known(intentId) : done.intent);
    },

    async capture({ intentId, amount, idempotencyKey }) {
      const minor = toStripeAmount(amount);
      const done = step(idempotencyKey, `capture ${intentId} ${minor}`, intentId, (intent) =>
        machine.capture(intent, minor, world()),
      );
      if (!('refusal' in done)) return captured(toIntent(done.intent))!;
      const intent = toIntent(known(intentId));
      return captured(intent) ?? { outcome: 'REFUSED', ...done.refusal, intent };
    },

    async cancel({ intentId, idempotencyKey }) {
      const done = step(idempotencyKey, `cancel ${intentId}`, intentId, (intent) =>
        machine.cancel(intent, null, world()),
      );
      const intent = toIntent('refusal' in done ? known(intentId) : done.intent);
      return 'refusal' in done && intent.state.status !== 'CANCELLED'
        ? { outcome: 'REFUSED', ...done.refusal, intent }
        : { outcome: 'CANCELLED', intent };
    },

    async refund({ intentId, refundId, amount, idempotencyKey }) {
      known(intentId);
      const given = { amount: toStripeAmount(amount), reason: null, metadata: { [REFUND_ID]: refundId } };
      const done = once(idempotencyKey, `refund ${intentId} ${JSON.stringify(given)}`, () => {
        const intent = keep(machine.refund(known(intentId), given, world()));
        return { intent, refund: machine.paidCharge(intent)!.refunds.at(-1)!.id };
      });
      if ('refusal' in done) return { outcome: 'REFUSED', ...done.refusal };
      const refund = refundOf(done.intent, done.refund!);
      return { outcome: refund.state.status, refund };
    },

    async retrieve(intentId) {
      const intent = intents.get(intentId);
      return intent ? toIntent(intent) : null;
    },

    async listRefunds(intentId) {
      const intent = known(intentId);
      return intent.charges.flatMap((charge) => charge.refunds.map(({ id }) => refundOf(intent, id)));
    },

    verifyWebhook,

    assertChargeable(amount) {
      toStripeAmount(amount);
    },
  };

  return {
    gateway: (secretKey = KEY) => (secretKey === KEY ? gateway : lockedOut(gateway)),
    webhooks,
    intents: () => [...intents.values()],
    answer(intentId, outcome) {
      const intent = known(intentId);
      if (intent.status === 'requires_action') keep(machine.completeAuthentication(intent, outcome, world()));
    },
    expire(intentId) {
      const intent = known(intentId);
      if (intent.status === 'requires_capture') keep(machine.expire(intent, world()));
    },
    settleRefunds(mind = (word) => word) {
      const due = settlements;
      settlements = [];
      for (const { intentId, refund, outcome } of due)
        keep(machine.settleRefund(known(intentId), refund, mind(outcome)));
    },
    refundByHand(intentId, minor) {
      try {
        keep(machine.refund(known(intentId), { amount: minor, reason: null, metadata: {} }, world()));
        return true;
      } catch (error) {
        if (error instanceof StripeFault) return false;
        throw error;
      }
    },
    closeDispute(intentId, outcome) {
      const intent = known(intentId);
      const dispute = machine.paidCharge(intent)?.dispute;
      if (dispute?.status === 'needs_response') keep(machine.closeDispute(intent, dispute.id, outcome));
    },
  };
}

/** Every call of a key that the provider does not accept is refused. */
const lockedOut = (gateway: PaymentGateway): PaymentGateway =>
  new Proxy(gateway, {
    get: () => async () => {
      throw new GatewayFault('CREDENTIALS', 'The payment provider does not accept our key.');
    },
  });

const methodOf = (card: CardBehaviour, id: string, { now }: machine.World): machine.PaymentMethod => ({
  id,
  created: now,
  card: card.name,
  expMonth: 12,
  expYear: new Date(now * 1000).getUTCFullYear() + 1,
  billing: { name: null, email: null, phone: null },
  metadata: {},
});

function cardOf(method: machine.PaymentMethod): CardSummary {
  const { brand, last4 } = cardByName(method.card);
  return { brand, last4, expMonth: method.expMonth, expYear: method.expYear };
}

/** An intent as a call answers it. Events do not carry the charge: neither its card nor when its hold ends. */
function toIntent(intent: machine.Intent, inEvent = false): GatewayIntent {
  const orderId = intent.metadata[ORDER_ID];
  const charge = inEvent ? null : machine.lastCharge(intent);
  const method = charge?.paymentMethod ?? intent.lastError?.paymentMethod;
  return {
    intentId: intent.id as GatewayIntentId,
    orderId: orderId !== undefined && isUuid(orderId) ? (orderId as OrderId) : null,
    amount: fromStripeAmount(intent.amount, intent.currency),
    clientSecret: intent.clientSecret,
    card: method ? cardOf(method) : null,
    state: stateOf(intent, inEvent),
  };
}

function stateOf(intent: machine.Intent, inEvent: boolean): PaymentState {
  const paid = machine.paidCharge(intent);
  switch (intent.status) {
    case 'requires_payment_method': {
      const error = intent.lastError;
      if (error === null) return { status: 'NEW' };
      return { status: 'DECLINED', decline: { code: error.declineCode ?? error.code, message: error.message } };
    }
    case 'requires_confirmation':
      return { status: 'NEW' };
    case 'requires_action':
      return { status: 'ACTION_REQUIRED', redirectUrl: `https://bank.example/${intent.id}` };
    case 'requires_capture': {
      const before = inEvent ? null : paid!.captureBefore;
      return {
        status: 'AUTHORIZED',
        authorized: fromStripeAmount(paid!.amount, intent.currency),
        expiresAt: before === null ? null : new Date(before * 1000),
      };
    }
    case 'succeeded':
      return { status: 'CAPTURED', captured: fromStripeAmount(paid!.amountCaptured, intent.currency) };
    case 'canceled':
      return { status: 'CANCELLED', reason: intent.cancellationReason === 'automatic' ? 'EXPIRED' : 'REQUESTED' };
  }
}

function refundOf(intent: machine.Intent, id: string): GatewayRefund {
  const refund = intent.charges.flatMap((charge) => charge.refunds).find((one) => one.id === id)!;
  const refundId = refund.metadata[REFUND_ID];
  const code = refund.failureReason ?? refund.status;
  return {
    gatewayRefundId: refund.id as GatewayRefundId,
    refundId: refundId !== undefined && isUuid(refundId) ? (refundId as RefundId) : null,
    intentId: intent.id as GatewayIntentId,
    amount: fromStripeAmount(refund.amount, intent.currency),
    state:
      refund.status === 'succeeded'
        ? { status: 'SETTLED' }
        : refund.status === 'pending'
          ? { status: 'PENDING' }
          : { status: 'FAILED', code, message: 'The bank did not take the refund back.' },
  };
}

type ProviderWord = GatewayEvent extends infer E
  ? E extends GatewayEvent
    ? Omit<E, 'eventId' | 'occurredAt'>
    : never
  : never;

/** What is told of a happening; null where the shop's endpoint does not ask for it. */
function toldOf(type: string, intent: machine.Intent, object: string): ProviderWord | null {
  if (type.startsWith('payment_intent.')) return { type: 'INTENT_CHANGED', intent: toIntent(intent, true) };
  if (type.startsWith('refund.')) return { type: 'REFUND_CHANGED', refund: refundOf(intent, object) };
  const dispute = /^charge\.dispute\.(created|closed)$/.test(type) ? machine.paidCharge(intent)?.dispute : undefined;
  if (!dispute) return null;
  return {
    type: 'DISPUTE_CHANGED',
    disputeId: dispute.id,
    intentId: intent.id as GatewayIntentId,
    amount: fromStripeAmount(dispute.amount, intent.currency),
    reason: dispute.reason,
    status: dispute.status === 'won' ? 'WON' : dispute.status === 'lost' ? 'LOST' : 'OPEN',
  };
}

function verifyWebhook(rawBody: Uint8Array | string, header: string | undefined): SignedEvent {
  const signedAt = /^t=(\d{1,12}),v1=memory$/.exec(header ?? '')?.[1];
  if (signedAt === undefined) throw new WebhookRefused('BAD_SIGNATURE', 'The webhook is not signed by the provider.');
  const event = JSON.parse(typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody).toString('utf8'));
  return { event: { ...event, occurredAt: new Date(event.occurredAt) }, signedAt: Number(signedAt) };
}
