import type {
  CartId,
  ChannelId,
  FulfillmentId,
  OrderId,
  OrderLineId,
  RefundId,
  VariantId,
  WarehouseId,
} from '../ids.ts';
import type { Money } from '../money.ts';
import type { Fact } from './envelope.ts';

export interface OrderedLine {
  orderLineId: OrderLineId;
  variantId: VariantId;
  quantity: number;
}

export type CancelReason = 'CUSTOMER' | 'STAFF' | 'OUT_OF_STOCK' | 'EXPIRED' | 'PAYMENT_FAILED';

/** How a person is written to about an order. Personal. */
export interface OrderContact {
  email: string;
  firstName: string;
  lastName: string;
  locale: string;
}

/** A line as a person reads it in a mail: text in the order's locale, amounts gross of discounts, in the order's currency. */
export interface ReadableLine {
  variantId: VariantId;
  name: string;
  sku: string;
  quantity: number;
  total: Money;
}

/** A shopper committed to buy. State. Heard by inventory (hold). Keyed by orderId. */
export type OrderCreated = Fact<
  'orders.OrderCreated',
  {
    orderId: OrderId;
    orderNumber: string;
    principal: string;
    channelId: ChannelId;
    lines: OrderedLine[];
    total: Money;
    /** ISO-8601 UTC: until when the hold must last. */
    holdUntil: string;
  }
>;

/** Money is wanted for an order whose stock is held. State. Heard by payments. Keyed by orderId. */
export type PaymentRequested = Fact<
  'orders.PaymentRequested',
  { orderId: OrderId; orderNumber: string; principal: string; amount: Money }
>;

/** The shopper chose how to pay. `paymentMethod` is the provider's token, never a card number. State. Heard by payments. Keyed by orderId. */
export type PaymentSubmitted = Fact<
  'orders.PaymentSubmitted',
  { orderId: OrderId; attempt: number; paymentMethod: string }
>;

/** Paid for and promised. State. Heard by inventory (allocate), payments (capture), carts (remove), notifications (mail). Keyed by orderId. */
export type OrderConfirmed = Fact<
  'orders.OrderConfirmed',
  {
    orderId: OrderId;
    orderNumber: string;
    principal: string;
    cartId: CartId | null;
    lines: OrderedLine[];
    contact: OrderContact;
    readable: ReadableLine[];
    subtotal: Money;
    shipping: Money;
    tax: Money;
    total: Money;
  }
>;

/**
 * The order will not happen, or no longer. State. Heard by inventory (release), payments (void, or refund what was captured)
 * and notifications. Keyed by orderId.
 */
export type OrderCancelled = Fact<
  'orders.OrderCancelled',
  {
    orderId: OrderId;
    orderNumber: string;
    reason: CancelReason;
    wasConfirmed: boolean;
    refundId: RefundId;
    contact: OrderContact;
  }
>;

/** Money arrived for an order that no longer wants it: give the hold up, or refund what was captured. State. Heard by payments. Keyed by orderId. */
export type VoidRequested = Fact<'orders.VoidRequested', { orderId: OrderId; refundId: RefundId }>;

/** Some or all of an order left a warehouse. State. Heard by inventory (shipment) and notifications. Keyed by orderId. */
export type OrderShipped = Fact<
  'orders.OrderShipped',
  {
    orderId: OrderId;
    orderNumber: string;
    fulfillmentId: FulfillmentId;
    warehouseId: WarehouseId;
    lines: { variantId: VariantId; quantity: number }[];
    tracking: { carrier: string; number: string; url: string | null } | null;
    contact: OrderContact;
    readable: ReadableLine[];
  }
>;

/** Everything arrived. State. Keyed by orderId. */
export type OrderDelivered = Fact<'orders.OrderDelivered', { orderId: OrderId; orderNumber: string }>;

/** Money goes back: the credit is decided, payments settles it. State. Heard by payments and inventory (restock). Keyed by orderId. */
export type RefundRequested = Fact<
  'orders.RefundRequested',
  {
    orderId: OrderId;
    refundId: RefundId;
    amount: Money;
    reason: string | null;
    restock: { variantId: VariantId; warehouseId: WarehouseId; quantity: number }[];
    /** Units that were allocated and will not be shipped: inventory gives their allocation up. */
    release?: { variantId: VariantId; warehouseId: WarehouseId; quantity: number }[];
  }
>;

/** A refund reached the shopper. State. Heard by notifications. Keyed by orderId. */
export type OrderRefunded = Fact<
  'orders.OrderRefunded',
  { orderId: OrderId; orderNumber: string; refundId: RefundId; amount: Money; contact: OrderContact }
>;

export type OrdersFact =
  | OrderCreated
  | PaymentRequested
  | PaymentSubmitted
  | OrderConfirmed
  | OrderCancelled
  | VoidRequested
  | OrderShipped
  | OrderDelivered
  | RefundRequested
  | OrderRefunded;
