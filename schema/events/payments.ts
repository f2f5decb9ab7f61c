import type { OrderId, PaymentId, RefundId } from '../ids.ts';
import type { Money } from '../money.ts';
import type { Fact } from './envelope.ts';

/** The provider holds the money for us. State. Heard by orders. Keyed by orderId. */
export type PaymentAuthorized = Fact<
  'payments.PaymentAuthorized',
  { orderId: OrderId; paymentId: PaymentId; amount: Money }
>;

/** The provider said no; the same payment can be tried again. `code` is the provider's public decline code. State. Heard by orders. Keyed by orderId. */
export type PaymentDeclined = Fact<
  'payments.PaymentDeclined',
  { orderId: OrderId; paymentId: PaymentId; attempt: number; code: string; message: string }
>;

/** The shopper must do something first, such as 3-D Secure. State. Heard by orders. Keyed by orderId. */
export type PaymentActionRequired = Fact<
  'payments.PaymentActionRequired',
  { orderId: OrderId; paymentId: PaymentId; attempt: number }
>;

/** The held money is ours. State. Heard by orders. Keyed by orderId. */
export type PaymentCaptured = Fact<
  'payments.PaymentCaptured',
  { orderId: OrderId; paymentId: PaymentId; amount: Money }
>;

/** The held money could not be taken, for good: the order cannot be kept. State. Heard by orders. Keyed by orderId. */
export type CaptureFailed = Fact<'payments.CaptureFailed', { orderId: OrderId; paymentId: PaymentId; message: string }>;

/** The hold on the money was given up. State. Heard by orders. Keyed by orderId. */
export type PaymentVoided = Fact<'payments.PaymentVoided', { orderId: OrderId; paymentId: PaymentId }>;

/** A refund is done at the provider. State. Heard by orders. Keyed by orderId. */
export type RefundSettled = Fact<'payments.RefundSettled', { orderId: OrderId; refundId: RefundId; amount: Money }>;

/** The provider refused a refund. State. Heard by orders. Keyed by orderId. */
export type RefundFailed = Fact<
  'payments.RefundFailed',
  { orderId: OrderId; refundId: RefundId; amount: Money; message: string }
>;

/** The cardholder disputes the charge. State. Heard by orders (timeline). Keyed by orderId. */
export type PaymentDisputed = Fact<
  'payments.PaymentDisputed',
  { orderId: OrderId; paymentId: PaymentId; amount: Money; reason: string }
>;

export type PaymentsFact =
  | PaymentAuthorized
  | PaymentDeclined
  | PaymentActionRequired
  | PaymentCaptured
  | CaptureFailed
  | PaymentVoided
  | RefundSettled
  | RefundFailed
  | PaymentDisputed;
