import type {
  CancelReason,
  CartId,
  ChannelId,
  CurrencyCode,
  MissingLine,
  OrderId,
  OrderLineId,
  RefundId,
  UserId,
  VariantId,
} from '@souk/schema';
import type { Address } from './address.ts';
import type { Quote, ShippingMethodId, Wanted } from './pricing.ts';
import { no } from './rejections.ts';

/** Every way an order's status can move. */
export const moves = {
  PENDING: ['AWAITING_PAYMENT', 'CONFIRMED', 'CANCELLED'],
  AWAITING_PAYMENT: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['SHIPPED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;
export type OrderStatus = keyof typeof moves;

export const canMove = (from: OrderStatus, to: OrderStatus): boolean => (moves[from] as readonly string[]).includes(to);

/** Where the checkout stands. Each step but the last two has a deadline. */
export type CheckoutStep = 'HOLDING' | 'PAYING' | 'CAPTURING' | 'DONE' | 'CANCELLED';

export type CreditStatus = 'NOT_DUE' | 'REQUESTED' | 'SETTLED' | 'FAILED' | 'VOIDED' | 'RETRIED';

/** A part of the total that is no longer owed. NOT_DUE: nothing had been paid, so no money travels. */
export interface Credit {
  readonly id: RefundId;
  readonly kind: 'CANCELLATION' | 'REFUND';
  readonly status: CreditStatus;
  readonly amount: number;
  readonly shipping: number;
  readonly reason: string | null;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

export interface OrderLine {
  readonly id: OrderLineId;
  readonly position: number;
  /** Null only in imported orders, for goods this shop does not know. */
  readonly variantId: VariantId | null;
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly totalPrice: number;
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxRateBp: number;
  readonly requiresShipping: boolean;
}

/** What has become of a line's units. Packed ones are in a parcel that has not left. */
export interface LineProgress {
  readonly packed: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly returned: number;
  readonly refunded: number;
}

/** What the checkout moves. Amounts in minor units of the order's currency. */
export interface Checkout {
  readonly status: OrderStatus;
  readonly version: number;
  readonly step: CheckoutStep;
  readonly deadline: Date | null;
  /** How often the present step's deadline has passed. */
  readonly deadlinesMet: number;
  /** Payments submitted so far. */
  readonly attempt: number;
  /** A payment chosen while stock was still being held: submitted as soon as it is. */
  readonly paymentMethod: string | null;
  readonly authorized: boolean;
  readonly captured: number;
  readonly credited: number;
  readonly refunded: number;
  readonly shippingRefunded: number;
  readonly cancelReason: CancelReason | null;
  readonly missing: readonly MissingLine[] | null;
  readonly confirmedAt: Date | null;
  readonly updatedAt: Date;
}

/** What an order is from the start and stays, but for whose it is. */
export interface OrderTerms {
  readonly id: OrderId;
  readonly orderNumber: string;
  readonly userId: UserId | null;
  readonly principal: string;
  readonly origin: 'SHOP' | 'IMPORTED';
  readonly cartId: CartId | null;
  readonly cartVersion: number | null;
  readonly channelId: ChannelId;
  readonly currency: CurrencyCode;
  readonly pricesIncludeTax: boolean;
  readonly locale: string;
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly shipping: number;
  readonly shippingGross: number;
  readonly total: number;
  readonly email: string;
  readonly shippingAddress: Address | null;
  readonly billingAddress: Address | null;
  readonly shippingMethodId: ShippingMethodId | null;
  readonly shippingMethodName: string | null;
  readonly note: string | null;
  readonly payWithinMs: number;
  /** Reserved with the order, so that every road to a cancellation names the same credit. */
  readonly cancelCreditId: RefundId;
  readonly placedAt: Date;
  readonly createdAt: Date;
}

export interface OrderRow extends OrderTerms, Checkout {}

/** An order as it is loaded under lock, with its lines' terms and its credits. */
export interface Order extends OrderRow {
  readonly lines: readonly OrderLine[];
  readonly credits: readonly Credit[];
}

export type Actor = 'CUSTOMER' | 'STAFF' | 'SYSTEM';

export type EventKind =
  | 'PLACED'
  | 'IMPORTED'
  | 'HOLD_ASKED_AGAIN'
  | 'STOCK_HELD'
  | 'PAYMENT_SUBMITTED'
  | 'PAYMENT_ACTION_REQUIRED'
  | 'PAYMENT_DECLINED'
  | 'PAYMENT_AUTHORIZED'
  | 'PAYMENT_MISMATCH'
  | 'CONFIRMED'
  | 'PAYMENT_CAPTURED'
  | 'CAPTURE_LATE'
  | 'CANCELLED'
  | 'PAYMENT_VOIDED'
  | 'LATE_PAYMENT'
  | 'PACKED'
  | 'UNPACKED'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'REFUND_REQUESTED'
  | 'REFUND_SETTLED'
  | 'REFUNDED_AT_PROVIDER'
  | 'REFUND_FAILED'
  | 'REFUND_RETRIED'
  | 'DISPUTED'
  | 'ACCOUNT_LINKED';

/** One line of the timeline, before it has an id. */
export interface Entry {
  readonly kind: EventKind;
  readonly actor: Actor;
  readonly actorId?: string | null;
  /** Never personal: the timeline outlives an erased account. */
  readonly data?: Readonly<Record<string, string | number | null>>;
}

export interface OrderEvent {
  readonly id: string;
  readonly at: Date;
  readonly kind: EventKind;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, string | number | null>>;
}

/** Kinds that tell staff about our own troubles. */
export const internalKinds: ReadonlySet<EventKind> = new Set([
  'HOLD_ASKED_AGAIN',
  'CAPTURE_LATE',
  'PAYMENT_MISMATCH',
  'REFUND_FAILED',
  'REFUND_RETRIED',
  'DISPUTED',
]);

export interface Placing {
  readonly id: OrderId;
  readonly lineIds: readonly OrderLineId[];
  readonly cancelCreditId: RefundId;
  readonly principal: string;
  readonly userId: UserId | null;
  readonly cartId: CartId;
  readonly cartVersion: number;
  readonly locale: string;
  readonly quote: Quote;
  readonly expectedTotal: { readonly amountMinor: number; readonly currency: string };
  readonly email: string;
  readonly shippingAddress: Address | null;
  readonly billingAddress: Address | null;
  readonly note: string | null;
  readonly payWithinMs: number;
  readonly now: Date;
}

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;

/** How long stock may take to answer before the order asks again, and how often it asks. */
export const HOLD_SECONDS = 30;
export const HOLD_TRIES = 3;

export const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** Until when a hold must last: every chance to be held, and then the whole time to pay. */
export const holdUntil = (payWithinMs: number, now: Date): Date =>
  after(now, HOLD_SECONDS * 1000 * (HOLD_TRIES + 1) + payWithinMs);

/** Checks the wanted lines and joins those of one variant. */
export function joinLines(wanted: readonly Wanted[], field: readonly string[] = ['input', 'lines']): Wanted[] {
  if (wanted.length === 0) throw no('EMPTY_CART', 'An order needs at least one line.', field);
  if (wanted.length > MAX_LINES) throw no('TOO_MANY_LINES', `An order holds at most ${MAX_LINES} lines.`, field);
  const sums = new Map<VariantId, number>();
  for (const [i, { variantId, quantity }] of wanted.entries()) {
    const sum = (sums.get(variantId) ?? 0) + quantity;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || sum > MAX_QUANTITY) {
      throw no('INVALID_QUANTITY', `A quantity is a whole number from 1 to ${MAX_QUANTITY}.`, [
        ...field,
        String(i),
        'quantity',
      ]);
    }
    sums.set(variantId, sum);
  }
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/** Prices are ours, never the client's; `expectedTotal` protects the shopper from a price that moved meanwhile. */
export function place(placing: Placing): Omit<Order, 'orderNumber'> {
  const { quote, expectedTotal, now, payWithinMs } = placing;
  const { method } = quote;
  if (quote.total !== expectedTotal.amountMinor || quote.currency !== expectedTotal.currency) {
    throw no(
      'PRICE_CHANGED',
      'The total changed since you looked. Please check it and order again.',
      ['input', 'expectedTotal'],
      { currentTotal: { amountMinor: quote.total, currency: quote.currency } },
    );
  }
  const { id, principal, userId, cartId, cartVersion, locale, email, shippingAddress, billingAddress, note } = placing;
  return {
    id,
    principal,
    userId,
    origin: 'SHOP',
    cartId,
    cartVersion,
    channelId: quote.channelId,
    currency: quote.currency,
    pricesIncludeTax: quote.pricesIncludeTax,
    locale,
    status: 'PENDING',
    version: 1,
    subtotal: quote.subtotal,
    discount: quote.discount,
    tax: quote.tax,
    shipping: quote.shipping,
    shippingGross: quote.shippingGross,
    total: quote.total,
    email,
    shippingAddress,
    billingAddress,
    shippingMethodId: method?.id ?? null,
    shippingMethodName: method?.name ?? null,
    note,
    payWithinMs,
    cancelCreditId: placing.cancelCreditId,
    step: 'HOLDING',
    deadline: after(now, HOLD_SECONDS * 1000),
    deadlinesMet: 0,
    attempt: 0,
    paymentMethod: null,
    authorized: false,
    captured: 0,
    credited: 0,
    refunded: 0,
    shippingRefunded: 0,
    cancelReason: null,
    missing: null,
    placedAt: now,
    confirmedAt: null,
    createdAt: now,
    updatedAt: now,
    credits: [],
    lines: quote.lines.map(({ amount, ...line }, position) => ({
      id: placing.lineIds[position]!,
      position,
      ...line,
      totalPrice: amount,
    })),
  };
}

/** Refuses what a quote found missing, for an order is no estimate. `at` finds the input line of a variant. */
export function refuseGaps({ gaps }: Quote, at: (variantId: VariantId) => string): void {
  const first = gaps[0];
  if (!first) return;
  const { gap, variantId, limit } = first;
  const line = variantId === null ? ['input', 'lines'] : ['input', 'lines', at(variantId)];
  switch (gap) {
    case 'EMPTY':
      throw no('EMPTY_CART', 'An order needs at least one line.', line);
    case 'UNAVAILABLE':
      throw no('UNAVAILABLE', 'This article is not for sale. Remove it to go on.', [...line, 'variantId']);
    case 'PRICE_UNKNOWN':
      throw no('PRICE_UNKNOWN', 'The price of this article is not known here yet. Please try again in a moment.', [
        ...line,
        'variantId',
      ]);
    case 'QUANTITY_LIMIT':
      throw no(
        'QUANTITY_LIMIT',
        `One order may hold at most ${limit ?? MAX_QUANTITY} of this article.`,
        [...line, 'quantity'],
        { maxQuantity: limit ?? MAX_QUANTITY },
      );
    case 'NO_ADDRESS':
      throw no('INVALID_ADDRESS', 'These goods are shipped: an order of them needs a shipping address.', [
        'input',
        'shippingAddress',
      ]);
    case 'NOT_SHIPPABLE':
      throw no('NOT_SHIPPABLE', 'We cannot ship these goods to this address.', ['input', 'shippingAddress']);
    case 'SHIPPING_METHOD_UNAVAILABLE':
      throw no('SHIPPING_METHOD_UNAVAILABLE', 'This shipping method does not serve the address. Choose another one.', [
        'input',
        'shippingMethodId',
      ]);
  }
}

/** May be seen by its owner and by staff who serve it; for everyone else it does not exist. */
export const serving = ['SUPPORT', 'WAREHOUSE', 'FINANCE'] as const;
