import type { Money, OrderId, RefundId } from '@souk/schema';

/** The provider's id of an intent; opaque to us. */
export type GatewayIntentId = string & { readonly __gatewayIntent: true };
/** The provider's id of a refund. */
export type GatewayRefundId = string & { readonly __gatewayRefund: true };

/** The last no to a payment. `code` is the provider's public decline code, `message` a sentence for the shopper. */
export interface Decline {
  readonly code: string;
  readonly message: string;
}

/** Where a payment stands at the provider. Everything but `NEW` is reached by `confirm` or later. */
export type PaymentState =
  | { readonly status: 'NEW' }
  /** The shopper must go to `redirectUrl` first (3-D Secure); the outcome arrives as an event. Null where only the provider's own browser code can do it. */
  | { readonly status: 'ACTION_REQUIRED'; readonly redirectUrl: string | null }
  /** No answer yet; it arrives as an event. */
  | { readonly status: 'PROCESSING' }
  /** The same intent can be confirmed again with another payment method. */
  | { readonly status: 'DECLINED'; readonly decline: Decline }
  /** Held for us until `expiresAt` (null where the provider does not say): capture before it, or the hold is lost. */
  | { readonly status: 'AUTHORIZED'; readonly authorized: Money; readonly expiresAt: Date | null }
  /** The money is ours, and what was authorized beyond `captured` is released. */
  | { readonly status: 'CAPTURED'; readonly captured: Money }
  /** Given up by us, or by the provider because the hold expired. */
  | { readonly status: 'CANCELLED'; readonly reason: 'REQUESTED' | 'EXPIRED' };

/** What may be shown of a card. */
export interface CardSummary {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

export interface GatewayIntent {
  readonly intentId: GatewayIntentId;
  /** The order it was made for, or null for an intent that is not ours. */
  readonly orderId: OrderId | null;
  readonly amount: Money;
  /** For the provider's own browser code; never logged. */
  readonly clientSecret: string | null;
  /** Null before a card was charged, and in events, which do not carry it: `retrieve` does. */
  readonly card: CardSummary | null;
  readonly state: PaymentState;
}

export interface GatewayRefund {
  readonly gatewayRefundId: GatewayRefundId;
  /** Our refund, or null for one made by hand at the provider. */
  readonly refundId: RefundId | null;
  readonly intentId: GatewayIntentId | null;
  readonly amount: Money;
  /** A SETTLED refund can still come back as FAILED, days later. */
  readonly state:
    | { readonly status: 'PENDING' }
    | { readonly status: 'SETTLED' }
    | { readonly status: 'FAILED'; readonly code: string; readonly message: string };
}

/** An expected no: nothing was done, and repeating it changes nothing. `intent` is how things stand instead. */
export interface Refusal {
  readonly outcome: 'REFUSED';
  readonly code: string;
  readonly message: string;
  readonly intent: GatewayIntent;
}

export type CaptureOutcome =
  | { readonly outcome: 'CAPTURED'; readonly captured: Money; readonly intent: GatewayIntent }
  | Refusal;
export type CancelOutcome = { readonly outcome: 'CANCELLED'; readonly intent: GatewayIntent } | Refusal;
export type RefundOutcome =
  | { readonly outcome: 'SETTLED' | 'PENDING' | 'FAILED'; readonly refund: GatewayRefund }
  | { readonly outcome: 'REFUSED'; readonly code: string; readonly message: string };

/** What a signed webhook says. A state fact: `intent` and `refund` are as they were when the event was made. */
export type GatewayEvent = { readonly eventId: string; readonly occurredAt: Date } & (
  | { readonly type: 'INTENT_CHANGED'; readonly intent: GatewayIntent }
  | { readonly type: 'REFUND_CHANGED'; readonly refund: GatewayRefund }
  | {
      readonly type: 'DISPUTE_CHANGED';
      readonly disputeId: string;
      readonly intentId: GatewayIntentId | null;
      readonly amount: Money;
      readonly reason: string;
      readonly status: 'OPEN' | 'WON' | 'LOST';
    }
  /** Genuine, and of no interest to us. */
  | { readonly type: 'IGNORED'; readonly providerType: string }
);

export interface SignedEvent {
  readonly event: GatewayEvent;
  /** Unix seconds, by the provider's clock. */
  readonly signedAt: number;
}

export interface CreateIntent {
  readonly orderId: OrderId;
  readonly amount: Money;
  readonly idempotencyKey: string;
  /** Shown in the provider's dashboard and on the 3-D Secure page. No personal data. */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ConfirmIntent {
  readonly intentId: GatewayIntentId;
  /** A token of the provider: card numbers never reach us. */
  readonly paymentMethod: string;
  /** Where the shopper comes back to after 3-D Secure. */
  readonly returnUrl: string;
  readonly idempotencyKey: string;
}

export interface CaptureIntent {
  readonly intentId: GatewayIntentId;
  /** At most what is authorized; the rest is released. One capture per intent. */
  readonly amount: Money;
  readonly idempotencyKey: string;
}

export interface CancelIntent {
  readonly intentId: GatewayIntentId;
  readonly idempotencyKey: string;
}

export interface RefundPayment {
  readonly intentId: GatewayIntentId;
  readonly refundId: RefundId;
  readonly amount: Money;
  readonly idempotencyKey: string;
}

/**
 * The one way to money. Two-step: `confirm` holds, `capture` takes.
 *
 * Every call either answers with what is now true (a decline is an answer), or throws a GatewayFault. After a
 * **retryable** fault nobody knows whether the call was carried out: repeat it with the **same** idempotency key, which
 * does it once; keys are remembered for 24 hours, after which `retrieve` and `listRefunds` say what happened. A
 * **permanent** fault needs a person. Never call it inside a transaction.
 */
export interface PaymentGateway {
  createIntent(request: CreateIntent): Promise<GatewayIntent>;
  /** Tries to hold the money. On an intent that is past it already, answers how it stands. */
  confirm(request: ConfirmIntent): Promise<GatewayIntent>;
  /** On an intent that is captured already, answers CAPTURED with what was captured then. */
  capture(request: CaptureIntent): Promise<CaptureOutcome>;
  /** Gives the hold up. On an intent that is cancelled already, answers CANCELLED; on a captured one, REFUSED. */
  cancel(request: CancelIntent): Promise<CancelOutcome>;
  /** Gives captured money back. The provider refuses to give back more than was taken, whoever asks. */
  refund(request: RefundPayment): Promise<RefundOutcome>;
  /** Null where the provider knows no such intent. */
  retrieve(intentId: GatewayIntentId): Promise<GatewayIntent | null>;
  /** Every refund of the intent, oldest first. */
  listRefunds(intentId: GatewayIntentId): Promise<readonly GatewayRefund[]>;
  /**
   * Proves that the raw body was signed by the provider; throws a WebhookRefused otherwise. Says nothing about whether it
   * was seen before, nor about its age: that is `assertTimely`'s, by the database's time.
   */
  verifyWebhook(rawBody: Uint8Array | string, signatureHeader: string | undefined): SignedEvent;
  /** Throws a permanent fault for an amount the provider cannot be told exactly, such as 1.234 KWD. */
  assertChargeable(amount: Money): void;
}

export type FaultKind =
  /** No connection, or it broke: whether the call arrived is unknown. */
  | 'NETWORK'
  /** The provider failed or is overloaded. */
  | 'PROVIDER'
  | 'RATE_LIMITED'
  /** The same call is being carried out right now. */
  | 'IN_PROGRESS'
  /** Key or account are not accepted. */
  | 'CREDENTIALS'
  /** The idempotency key was used for another call before. */
  | 'IDEMPOTENCY_CONFLICT'
  | 'UNKNOWN_INTENT'
  /** The provider does not understand the call, or the amount cannot be expressed to it. */
  | 'INVALID_CALL';

const RETRYABLE: ReadonlySet<FaultKind> = new Set(['NETWORK', 'PROVIDER', 'RATE_LIMITED', 'IN_PROGRESS']);

/** The call has no answer. `requestId` is the provider's, for its support. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  readonly retryable: boolean;
  constructor(
    readonly kind: FaultKind,
    message: string,
    readonly requestId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.retryable = RETRYABLE.has(kind);
  }
}

export type WebhookRefusal =
  | 'NO_SIGNATURE'
  | 'BAD_SIGNATURE'
  | 'TOO_OLD'
  | 'FROM_THE_FUTURE'
  | 'MALFORMED'
  | 'WRONG_MODE';

/** A webhook not to be believed: answer 400, change nothing. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  constructor(
    readonly reason: WebhookRefusal,
    message: string,
  ) {
    super(message);
  }
}

/** A webhook may be this much older or younger than the database's time. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

/** Throws a WebhookRefused for what was signed too long before or after `now`. */
export function assertTimely(signedAt: SignedEvent['signedAt'], now: Date): void {
  const age = Math.floor(now.getTime() / 1000) - signedAt;
  if (age > WEBHOOK_TOLERANCE_SECONDS)
    throw new WebhookRefused('TOO_OLD', 'The webhook was signed more than 5 minutes ago.');
  if (age < -WEBHOOK_TOLERANCE_SECONDS) {
    throw new WebhookRefused('FROM_THE_FUTURE', 'The webhook was signed more than 5 minutes in the future.');
  }
}

export const gatewayIntentId = (text: string): GatewayIntentId => text as GatewayIntentId;
