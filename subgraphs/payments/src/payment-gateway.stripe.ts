import { isUuid, type OrderId, type RefundId } from '@souk/schema';
import Stripe from 'stripe';
import {
  type CancelOutcome,
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
  type RefundOutcome,
  type Refusal,
  WebhookRefused,
} from './payment-gateway.ts';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts';

export interface StripeGatewayOptions {
  readonly secretKey: string;
  /** `https://api.stripe.com`, or the simulator's address: the only other thing that differs between them is the key. */
  readonly apiUrl: string;
  /** All that are accepted: two while a secret is being rolled. */
  readonly webhookSecrets: readonly string[];
  /** 20 seconds where absent. */
  readonly timeoutMs?: number;
}

/** What Stripe's endpoint has to be subscribed to (`enabled_events`): all that changes anything here. */
export const stripeEvents = [
  'payment_intent.requires_action',
  'payment_intent.processing',
  'payment_intent.payment_failed',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.canceled',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
] as const;

const ORDER_ID = 'order_id';
const REFUND_ID = 'refund_id';

/** The gateway over Stripe's own SDK; the same code talks to Stripe and to the simulator. */
export function stripeGateway(options: StripeGatewayOptions): PaymentGateway {
  const url = new URL(options.apiUrl);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  const stripe = new Stripe(options.secretKey, {
    host: url.hostname,
    port: url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port),
    protocol,
    telemetry: false,
    timeout: options.timeoutMs ?? 20_000,
    // The SDK repeats with the same idempotency key, so that a repeat is no second charge.
    maxNetworkRetries: 2,
  });
  const livemode = /^(?:sk|rk)_live_/.test(options.secretKey);
  const expand = ['latest_charge'];

  const retrieve = async (intentId: GatewayIntentId): Promise<GatewayIntent | null> => {
    try {
      return toIntent(await stripe.paymentIntents.retrieve(intentId, { expand }));
    } catch (error) {
      const fault = toFault(error);
      if (fault.kind === 'UNKNOWN_INTENT') return null;
      throw fault;
    }
  };
  const retrieveKnown = async (intentId: GatewayIntentId): Promise<GatewayIntent> => {
    const intent = await retrieve(intentId);
    if (intent === null) throw new GatewayFault('UNKNOWN_INTENT', `The payment provider knows no intent ${intentId}.`);
    return intent;
  };
  const refusalOf = async (error: Stripe.errors.StripeError, intentId: GatewayIntentId): Promise<Refusal> => ({
    outcome: 'REFUSED',
    code: error.decline_code || error.code || 'refused',
    message: error.message,
    intent: await retrieveKnown(intentId),
  });

  return {
    createIntent: async ({ orderId, amount, idempotencyKey, description, metadata }) => {
      const params: Stripe.PaymentIntentCreateParams = {
        amount: toStripeAmount(amount),
        currency: amount.currency.toLowerCase(),
        capture_method: 'manual',
        allowed_payment_method_types: ['card'],
        metadata: { ...metadata, [ORDER_ID]: orderId },
        ...(description === undefined ? {} : { description }),
      };
      return answered(async () => toIntent(await stripe.paymentIntents.create(params, { idempotencyKey })));
    },

    confirm: async ({ intentId, paymentMethod, returnUrl, idempotencyKey }) => {
      const params = { payment_method: paymentMethod, return_url: returnUrl, expand };
      try {
        return toIntent(await stripe.paymentIntents.confirm(intentId, params, { idempotencyKey }));
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) {
          if (error.payment_intent !== undefined) return toIntent(error.payment_intent);
          return {
            ...(await retrieveKnown(intentId)),
            state: declined(error.decline_code || error.code, error.message),
          };
        }
        if (isCode(error, 'payment_intent_unexpected_state')) return retrieveKnown(intentId);
        if (isCode(error, 'resource_missing') && error.param === 'payment_method') {
          return { ...(await retrieveKnown(intentId)), state: declined('invalid_payment_method', error.message) };
        }
        throw toFault(error);
      }
    },

    capture: async ({ intentId, amount, idempotencyKey }): Promise<CaptureOutcome> => {
      const params = { amount_to_capture: toStripeAmount(amount), expand };
      try {
        const intent = toIntent(await stripe.paymentIntents.capture(intentId, params, { idempotencyKey }));
        return captured(intent);
      } catch (error) {
        if (!isCode(error, ...CAPTURE_REFUSALS) && !(error instanceof Stripe.errors.StripeCardError))
          throw toFault(error);
        const refusal = await refusalOf(error, intentId);
        return refusal.intent.state.status === 'CAPTURED' ? captured(refusal.intent) : refusal;
      }
    },

    cancel: async ({ intentId, idempotencyKey }): Promise<CancelOutcome> => {
      try {
        const intent = toIntent(await stripe.paymentIntents.cancel(intentId, { expand }, { idempotencyKey }));
        return { outcome: 'CANCELLED', intent };
      } catch (error) {
        if (!isCode(error, 'payment_intent_unexpected_state')) throw toFault(error);
        const refusal = await refusalOf(error, intentId);
        return refusal.intent.state.status === 'CANCELLED' ? { outcome: 'CANCELLED', intent: refusal.intent } : refusal;
      }
    },

    refund: async ({ intentId, refundId, amount, idempotencyKey }): Promise<RefundOutcome> => {
      const params: Stripe.RefundCreateParams = {
        payment_intent: intentId,
        amount: toStripeAmount(amount),
        reason: 'requested_by_customer',
        metadata: { [REFUND_ID]: refundId },
      };
      try {
        const refund = toRefund(await stripe.refunds.create(params, { idempotencyKey }));
        return { outcome: refund.state.status, refund };
      } catch (error) {
        if (!isRefundRefusal(error)) throw toFault(error);
        return { outcome: 'REFUSED', code: error.code ?? 'refund_refused', message: error.message };
      }
    },

    retrieve,

    listRefunds: async (intentId) =>
      answered(async () => {
        const refunds: GatewayRefund[] = [];
        for await (const refund of stripe.refunds.list({ payment_intent: intentId, limit: 100 }))
          refunds.push(toRefund(refund));
        return refunds.reverse();
      }),

    verifyWebhook: (rawBody, signatureHeader) => {
      const { event, signedAt } = verified(stripe, options.webhookSecrets, rawBody, signatureHeader);
      if (event.livemode !== livemode) {
        throw new WebhookRefused('WRONG_MODE', 'A test event was sent to a live shop, or a live one to a test shop.');
      }
      return { event: toEvent(event), signedAt };
    },

    assertChargeable: (amount) => {
      toStripeAmount(amount);
    },
  };
}

function captured(intent: GatewayIntent): CaptureOutcome {
  if (intent.state.status !== 'CAPTURED') {
    throw new GatewayFault('PROVIDER', `The provider accepted a capture and left the intent ${intent.state.status}.`);
  }
  return { outcome: 'CAPTURED', captured: intent.state.captured, intent };
}

function verified(
  stripe: Stripe,
  secrets: readonly string[],
  rawBody: Uint8Array | string,
  header: string | undefined,
): { event: Stripe.Event; signedAt: number } {
  if (header === undefined || header === '')
    throw new WebhookRefused('NO_SIGNATURE', 'The webhook carries no signature.');
  const times = header.split(',').filter((part) => part.startsWith('t='));
  const signedAt = times.length === 1 && /^t=\d{1,12}$/.test(times[0]!) ? Number(times[0]!.slice(2)) : null;
  if (signedAt === null) throw new WebhookRefused('MALFORMED', 'The signature of the webhook has no readable time.');
  const event = secrets.map((secret) => signedWith(stripe, secret, rawBody, header)).find((found) => found !== null);
  if (event === undefined)
    throw new WebhookRefused('BAD_SIGNATURE', 'The webhook is not signed with a secret of this shop.');
  return { event, signedAt };
}

function signedWith(stripe: Stripe, secret: string, rawBody: Uint8Array | string, header: string): Stripe.Event | null {
  try {
    const body = typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody);
    // Tolerance 0 switches the SDK's age check off: it lets any future time pass, so the age is judged by the caller.
    return stripe.webhooks.constructEvent(body, header, secret, 0);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw new WebhookRefused('MALFORMED', 'The webhook is signed, but its body is no event.');
  }
}

function toEvent(event: Stripe.Event): GatewayEvent {
  const base = { eventId: event.id, occurredAt: new Date(event.created * 1000) };
  switch (event.type) {
    case 'payment_intent.created':
    case 'payment_intent.requires_action':
    case 'payment_intent.processing':
    case 'payment_intent.payment_failed':
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.succeeded':
    case 'payment_intent.canceled':
      return { ...base, type: 'INTENT_CHANGED', intent: toIntent(event.data.object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return { ...base, type: 'REFUND_CHANGED', refund: toRefund(event.data.object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed': {
      const dispute = event.data.object;
      const { status } = dispute;
      return {
        ...base,
        type: 'DISPUTE_CHANGED',
        disputeId: dispute.id,
        intentId: idOf(dispute.payment_intent) as GatewayIntentId | null,
        amount: fromStripeAmount(dispute.amount, dispute.currency),
        reason: dispute.reason,
        status: status === 'won' || status === 'warning_closed' ? 'WON' : status === 'lost' ? 'LOST' : 'OPEN',
      };
    }
    default:
      return { ...base, type: 'IGNORED', providerType: event.type };
  }
}

const idOf = (ref: string | { readonly id: string } | null): string | null =>
  typeof ref === 'string' ? ref : (ref?.id ?? null);

function toIntent(intent: Stripe.PaymentIntent): GatewayIntent {
  const orderId = intent.metadata[ORDER_ID];
  return {
    intentId: intent.id as GatewayIntentId,
    orderId: orderId !== undefined && isUuid(orderId) ? (orderId as OrderId) : null,
    amount: fromStripeAmount(intent.amount, intent.currency),
    clientSecret: intent.client_secret,
    card: toCard(intent),
    state: toState(intent),
  };
}

function toCard(intent: Stripe.PaymentIntent): CardSummary | null {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const card = charge?.payment_method_details?.card ?? intent.last_payment_error?.payment_method?.card;
  if (!card?.brand || !card.last4) return null;
  return { brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year };
}

const declined = (code: string | undefined, message: string | undefined): PaymentState => ({
  status: 'DECLINED',
  decline: { code: code ?? 'declined', message: message ?? 'The payment was declined.' },
});

function toState(intent: Stripe.PaymentIntent): PaymentState {
  switch (intent.status) {
    case 'requires_payment_method': {
      const error = intent.last_payment_error;
      return error === null ? { status: 'NEW' } : declined(error.decline_code ?? error.code, error.message);
    }
    case 'requires_confirmation':
      return { status: 'NEW' };
    case 'requires_action':
      return { status: 'ACTION_REQUIRED', redirectUrl: intent.next_action?.redirect_to_url?.url ?? null };
    case 'processing':
      return { status: 'PROCESSING' };
    case 'requires_capture': {
      const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
      const before = charge?.payment_method_details?.card?.capture_before;
      return {
        status: 'AUTHORIZED',
        authorized: fromStripeAmount(intent.amount_capturable, intent.currency),
        expiresAt: before === undefined ? null : new Date(before * 1000),
      };
    }
    case 'succeeded':
      return { status: 'CAPTURED', captured: fromStripeAmount(intent.amount_received, intent.currency) };
    case 'canceled': {
      const expired = intent.cancellation_reason === 'automatic' || intent.cancellation_reason === 'expired';
      return { status: 'CANCELLED', reason: expired ? 'EXPIRED' : 'REQUESTED' };
    }
    default:
      throw new GatewayFault('PROVIDER', `The payment provider tells a status we do not know: ${intent.status}.`);
  }
}

function toRefund(refund: Stripe.Refund): GatewayRefund {
  const refundId = refund.metadata?.[REFUND_ID];
  return {
    gatewayRefundId: refund.id as GatewayRefundId,
    refundId: refundId !== undefined && isUuid(refundId) ? (refundId as RefundId) : null,
    intentId: idOf(refund.payment_intent) as GatewayIntentId | null,
    amount: fromStripeAmount(refund.amount, refund.currency),
    state: toRefundState(refund),
  };
}

function toRefundState({ status, failure_reason: reason }: Stripe.Refund): GatewayRefund['state'] {
  if (status === 'succeeded') return { status: 'SETTLED' };
  if (status === 'failed' || status === 'canceled') {
    const code = reason ?? status;
    return { status: 'FAILED', code, message: `The bank did not take the refund back: ${code.replaceAll('_', ' ')}.` };
  }
  return { status: 'PENDING' };
}

const CAPTURE_REFUSALS = [
  'payment_intent_unexpected_state',
  'amount_too_large',
  'charge_expired_for_capture',
  'capture_charge_authorization_expired',
];

function isCode(error: unknown, ...codes: string[]): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError && codes.includes(error.code ?? '');
}

/** Stripe gives no code to an over-refund: whatever is not about the shape of the call is a refusal of the refund. */
function isRefundRefusal(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode !== 400) return false;
  return !/^(?:parameter_|resource_missing|url_invalid)/.test(error.code ?? '');
}

async function answered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toFault(error);
  }
}

/** Stripe's errors, sorted by what can be done about them. What is not Stripe's is thrown on as it is. */
function toFault(error: unknown): GatewayFault {
  if (error instanceof GatewayFault || !(error instanceof Stripe.errors.StripeError)) throw error;
  const fault = (kind: GatewayFault['kind'], message: string) =>
    new GatewayFault(kind, message, error.requestId ?? null, { cause: error });
  const { errors } = Stripe;
  if (error instanceof errors.StripeConnectionError)
    return fault('NETWORK', 'The payment provider could not be reached.');
  if (error instanceof errors.StripeRateLimitError)
    return fault('RATE_LIMITED', 'The payment provider asks us to slow down.');
  if (error.statusCode === 409) return fault('IN_PROGRESS', 'The payment provider is carrying this call out already.');
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError) {
    return fault('CREDENTIALS', 'The payment provider does not accept our key: check STRIPE_SECRET_KEY.');
  }
  if (error instanceof errors.StripeIdempotencyError) {
    return fault('IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another payment call before.');
  }
  if (error instanceof errors.StripeInvalidRequestError) {
    return fault(error.code === 'resource_missing' ? 'UNKNOWN_INTENT' : 'INVALID_CALL', error.message);
  }
  if (error instanceof errors.StripeCardError) return fault('INVALID_CALL', error.message);
  return fault('PROVIDER', 'The payment provider failed.');
}
