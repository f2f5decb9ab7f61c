import { type CurrencyCode, type Money, money } from '@souk/schema';
import type { LineProgress, OrderEvent, OrderLine, OrderRow } from './order.ts';
import { type Quote, type Taxed, taxOf } from './pricing.ts';
import { refundable } from './refund.ts';

/** Shapes of the graph made of domain values: amounts become money. */
export const taxed = ({ net, tax, gross }: Taxed, currency: CurrencyCode) => ({
  net: money(net, currency),
  tax: money(tax, currency),
  gross: money(gross, currency),
});

/** Basis points as percent text: 1900 → "19.00". */
export const percent = (basisPoints: number): string =>
  `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}`;

export function orderView(order: OrderRow) {
  const amount = (minor: number): Money => money(minor, order.currency);
  return {
    ...order,
    subtotal: amount(order.subtotal),
    discount: amount(order.discount),
    tax: amount(order.tax),
    shipping: amount(order.shipping),
    total: amount(order.total),
    totalRefunded: amount(order.refunded),
    refundable: amount(refundable(order)),
    paymentDeadline: order.step === 'PAYING' ? order.deadline : null,
    channel: { id: order.channelId },
    customer: order.userId === null ? null : { id: order.userId },
    shippingMethod: order.shippingMethodName === null ? null : { name: order.shippingMethodName },
    missingLines: order.missing?.map(({ variantId, requested, available }) => ({
      variant: { id: variantId },
      requested,
      available,
    })),
    row: order,
  };
}
export type OrderView = ReturnType<typeof orderView>;

export function quoteView(quote: Quote) {
  const { currency } = quote;
  const amount = (minor: number): Money => money(minor, currency);
  const option = ({ price, minDays, maxDays, ...rest }: Quote['options'][number]) => ({
    ...rest,
    price: amount(price),
    estimatedDays: minDays === null && maxDays === null ? null : { min: minDays, max: maxDays },
  });
  return {
    lines: quote.lines.map((line) => ({
      variant: { id: line.variantId },
      quantity: line.quantity,
      unitPrice: taxed(taxOf(line.unitPrice, line.taxRateBp, quote.pricesIncludeTax), currency),
      total: taxed(line, currency),
      discount: amount(line.discount),
      taxRate: percent(line.taxRateBp),
    })),
    subtotal: amount(quote.subtotal),
    discount: amount(quote.discount),
    shipping: amount(quote.shipping),
    tax: amount(quote.tax),
    total: amount(quote.total),
    shippingMethods: quote.options.map(option),
    selectedShippingMethod: quote.method && option(quote.method),
    missing: [...new Set(quote.gaps.map(({ gap }) => gap))],
    pricesIncludeTax: quote.pricesIncludeTax,
    channel: { id: quote.channelId },
    currency,
  };
}

const text = (value: string | number | null | undefined): string => String(value ?? '');

const sentences: { readonly [K in OrderEvent['kind']]: (data: OrderEvent['data']) => string } = {
  PLACED: () => 'The order was placed.',
  IMPORTED: () => 'The order was taken over from another system.',
  HOLD_ASKED_AGAIN: () => 'Stock did not answer in time and was asked again.',
  STOCK_HELD: () => 'Every line is reserved.',
  PAYMENT_SUBMITTED: () => 'A payment was submitted.',
  PAYMENT_ACTION_REQUIRED: () => 'The bank asks for a confirmation of the payment.',
  PAYMENT_DECLINED: () => 'The payment was declined. Another one can be tried.',
  PAYMENT_AUTHORIZED: () => 'The payment was authorized.',
  PAYMENT_MISMATCH: () => 'The payment was for another amount than the order’s total.',
  CONFIRMED: () => 'The order is confirmed.',
  PAYMENT_CAPTURED: () => 'The payment was received.',
  CAPTURE_LATE: () => 'Receiving the authorized payment takes longer than it should.',
  CANCELLED: ({ reason }) => `The order was cancelled: ${reasons[text(reason)] ?? 'the reason is not known'}.`,
  PAYMENT_VOIDED: () => 'The reserved payment was given up.',
  LATE_PAYMENT: () => 'A payment arrived after the order was cancelled; it goes back.',
  PACKED: () => 'A parcel was packed.',
  UNPACKED: () => 'A packed parcel was taken apart.',
  SHIPPED: () => 'A parcel was shipped.',
  DELIVERED: () => 'The delivery arrived.',
  REFUND_REQUESTED: () => 'A refund was started.',
  REFUND_SETTLED: () => 'A refund was paid out.',
  REFUNDED_AT_PROVIDER: () => 'A refund was made at the payment provider.',
  REFUND_FAILED: () => 'The payment provider refused a refund.',
  REFUND_RETRIED: () => 'A refused refund was started again.',
  DISPUTED: () => 'The cardholder disputes the payment.',
  ACCOUNT_LINKED: () => 'The order was linked to an account.',
};

const reasons: Readonly<Record<string, string>> = {
  CUSTOMER: 'the customer asked for it',
  STAFF: 'the shop decided so',
  OUT_OF_STOCK: 'not everything was in stock',
  EXPIRED: 'it was not paid in time',
  PAYMENT_FAILED: 'the payment failed',
};

export const eventView = ({ id, at, kind, actor, data }: OrderEvent) => ({
  id,
  at,
  kind,
  actor,
  message: sentences[kind](data),
});

export function lineView(order: OrderRow, line: OrderLine & LineProgress) {
  const amount = (minor: number): Money => money(minor, order.currency);
  return {
    id: line.id,
    variant: line.variantId === null ? null : { id: line.variantId },
    name: line.name,
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: amount(line.unitPrice),
    subtotal: amount(line.totalPrice),
    discount: amount(line.discount),
    total: amount(line.totalPrice - line.discount),
    taxedTotal: taxed(line, order.currency),
    taxRate: percent(line.taxRateBp),
    fulfilledQuantity: line.shipped,
    refundedQuantity: line.refunded,
    returnedQuantity: line.returned,
    cancelledQuantity: line.cancelled,
  };
}
