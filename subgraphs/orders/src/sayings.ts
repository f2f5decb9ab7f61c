import {
  type FactOf,
  type FulfillmentId,
  type Money,
  money,
  type OrderContact,
  type OrderedLine,
  type OrdersFact,
  type ReadableLine,
  type RefundId,
  type Saying,
  type VariantId,
  type WarehouseId,
} from '@souk/schema';
import { holdUntil, type Order, type OrderLine } from './order.ts';

type Goods = readonly FactOf<'orders.RefundRequested'>['data']['restock'][number][];

/** What an order wants to say, in its own words; `factOf` spells it out. */
export type Say =
  | { readonly type: 'orders.OrderCreated' }
  | { readonly type: 'orders.PaymentRequested' }
  | { readonly type: 'orders.PaymentSubmitted'; readonly attempt: number; readonly paymentMethod: string }
  | { readonly type: 'orders.OrderConfirmed' }
  | { readonly type: 'orders.OrderCancelled' }
  | { readonly type: 'orders.VoidRequested' }
  | { readonly type: 'orders.OrderDelivered' }
  | { readonly type: 'orders.OrderRefunded'; readonly refundId: RefundId; readonly amount: number }
  | {
      readonly type: 'orders.RefundRequested';
      readonly refundId: RefundId;
      readonly amount: number;
      readonly reason: string | null;
      readonly restock: Goods;
      readonly release: Goods;
    }
  | {
      readonly type: 'orders.OrderShipped';
      readonly fulfillmentId: FulfillmentId;
      readonly warehouseId: WarehouseId;
      readonly lines: readonly { readonly line: OrderLine & { variantId: VariantId }; readonly quantity: number }[];
      readonly tracking: { readonly carrier: string; readonly number: string; readonly url: string | null } | null;
    };

/** A line of an order whose variant is known: all of an order placed here. */
export const isOwn = <L extends OrderLine>(line: L): line is L & { variantId: VariantId } => line.variantId !== null;

const ordered = (order: Order): OrderedLine[] =>
  order.lines.filter(isOwn).map(({ id, variantId, quantity }) => ({ orderLineId: id, variantId, quantity }));

const readable = (line: OrderLine & { variantId: VariantId }, quantity: number, amount: Money): ReadableLine => ({
  variantId: line.variantId,
  name: line.name,
  sku: line.sku,
  quantity,
  total: amount,
});

function contactOf({ email, locale, shippingAddress, billingAddress }: Order): OrderContact {
  const person = billingAddress ?? shippingAddress;
  return { email, locale, firstName: person?.firstName ?? '', lastName: person?.lastName ?? '' };
}

/** The fact for what an order says, at a version of the order. `order` is its state after the change. */
export function factOf(order: Order, say: Say, version: number, now: Date): Saying<OrdersFact> {
  const { id: orderId, orderNumber, principal } = order;
  const amount = (minor: number) => money(minor, order.currency);
  const envelope = { key: orderId, version, subject: order.userId ?? principal };
  switch (say.type) {
    case 'orders.OrderCreated':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          orderNumber,
          principal,
          channelId: order.channelId,
          lines: ordered(order),
          total: amount(order.total),
          holdUntil: holdUntil(order.payWithinMs, now).toISOString(),
        },
      };
    case 'orders.PaymentRequested':
      return { ...envelope, type: say.type, data: { orderId, orderNumber, principal, amount: amount(order.total) } };
    case 'orders.PaymentSubmitted':
      return {
        ...envelope,
        type: say.type,
        data: { orderId, attempt: say.attempt, paymentMethod: say.paymentMethod },
      };
    case 'orders.OrderConfirmed':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          orderNumber,
          principal,
          cartId: order.cartId,
          lines: ordered(order),
          contact: contactOf(order),
          readable: order.lines.filter(isOwn).map((line) => readable(line, line.quantity, amount(line.totalPrice))),
          subtotal: amount(order.subtotal),
          shipping: amount(order.shipping),
          tax: amount(order.tax),
          total: amount(order.total),
        },
      };
    case 'orders.OrderCancelled':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          orderNumber,
          reason: order.cancelReason!,
          wasConfirmed: order.confirmedAt !== null,
          refundId: order.cancelCreditId,
          contact: contactOf(order),
        },
      };
    case 'orders.VoidRequested':
      return { ...envelope, type: say.type, data: { orderId, refundId: order.cancelCreditId } };
    case 'orders.OrderDelivered':
      return { ...envelope, type: say.type, data: { orderId, orderNumber } };
    case 'orders.OrderRefunded':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          orderNumber,
          refundId: say.refundId,
          amount: amount(say.amount),
          contact: contactOf(order),
        },
      };
    case 'orders.RefundRequested':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          refundId: say.refundId,
          amount: amount(say.amount),
          reason: say.reason,
          restock: [...say.restock],
          release: [...say.release],
        },
      };
    case 'orders.OrderShipped':
      return {
        ...envelope,
        type: say.type,
        data: {
          orderId,
          orderNumber,
          fulfillmentId: say.fulfillmentId,
          warehouseId: say.warehouseId,
          lines: say.lines.map(({ line, quantity }) => ({ variantId: line.variantId, quantity })),
          tracking: say.tracking,
          contact: contactOf(order),
          readable: say.lines.map(({ line, quantity }) => readable(line, quantity, amount(line.unitPrice * quantity))),
        },
      };
  }
}
