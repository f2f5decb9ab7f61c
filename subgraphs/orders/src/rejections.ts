import { Rejection, type RejectionData, Rejections } from '@souk/schema';

/** Every "no" an order mutation can say. The graph's enum is made of this list, so none can be missing there. */
export const orderCodes = {
  NOT_FOUND: 'There is no such thing, or you may not see it.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used for another request, or has a wrong length.',
  EMPTY_CART: 'The order has no lines.',
  TOO_MANY_LINES: 'More lines than one request may hold.',
  INVALID_QUANTITY: 'A quantity is no whole number in the allowed range.',
  QUANTITY_LIMIT: 'More units than one order may hold of this variant.',
  UNAVAILABLE: 'A variant is unknown or not for sale.',
  PRICE_UNKNOWN: 'A price is not known here yet. Retry in a moment.',
  PRICE_CHANGED: 'The total differs from the one you saw; `currentTotal` is the present one.',
  NOT_SHIPPABLE: 'No shipping method serves this address and these goods.',
  SHIPPING_METHOD_UNAVAILABLE: 'The chosen shipping method does not serve this address and these goods.',
  CART_ALREADY_ORDERED: 'This version of the cart was ordered before with other details.',
  INVALID_EMAIL: 'The e-mail address has a wrong form.',
  INVALID_ADDRESS: 'A field of an address is missing or has a wrong form.',
  INVALID_TEXT: 'A text is too long or holds control characters.',
  INVALID_AMOUNT: 'An amount is no money of the order’s currency.',
  INVALID_PAYMENT_METHOD: 'This is no payment method token of the provider.',
  NOT_PAYABLE: 'The order does not wait for a payment.',
  NOT_CANCELLABLE: 'The order can no longer be cancelled.',
  NOT_PAID: 'The money has not been captured yet.',
  NOT_SHIPPABLE_NOW: 'The order is not in a state to be packed or shipped.',
  NOT_ALLOCATED: 'The warehouse has fewer of these units set aside for the order.',
  NOT_DELIVERABLE: 'There is nothing on its way that could be delivered.',
  EXCEEDS_UNSHIPPED: 'More units than are still to be shipped.',
  EXCEEDS_SHIPPED: 'More units than were shipped and not returned yet.',
  EXCEEDS_SOLD: 'More units than were sold and not refunded yet.',
  EXCEEDS_CAPTURED: 'More than was captured and not credited yet; `refundable` is what is left.',
  NOTHING_TO_REFUND: 'The refund names neither lines nor shipping nor an amount.',
  USE_CANCEL: 'Nothing would be left of the order: cancel it instead.',
  NOT_RETRYABLE: 'Only a failed refund can be tried again.',
  INVALID_ORDER_NUMBER: 'An order number has a wrong form or belongs to the shop’s own series.',
  INVALID_DATE: 'A date is missing or in the future.',
} as const satisfies Record<string, string>;
export type OrderCode = keyof typeof orderCodes;

/** Every "no" a change of tax or shipping rules can say. */
export const ruleCodes = {
  NOT_FOUND: 'There is no such thing.',
  INVALID_NAME: 'A name is empty or too long.',
  INVALID_CODE: 'A code has a wrong form.',
  CODE_TAKEN: 'Another tax class has the code.',
  PLACE_TAKEN: 'Another tax zone holds the place.',
  INVALID_COUNTRY: 'A country is no ISO 3166-1 code, or a list of places is empty or too long.',
  INVALID_RATE: 'A rate is outside 0 to 10000 basis points.',
  INVALID_PERIOD: 'A period ends before it begins.',
  RATE_OVERLAP: 'Another rate of the class holds in this zone during the period.',
  INVALID_TIER: 'A tier has a wrong range, price or currency, or there are too many.',
  INVALID_DAYS: 'A delivery time is outside 0 to 365 days, or ends before it begins.',
  DEFAULT_CLASS: 'The standard class cannot be archived: everything unsaid is taxed by it.',
} as const satisfies Record<string, string>;
export type RuleCode = keyof typeof ruleCodes;

export const no = (code: OrderCode, message: string, field: readonly string[] | null = null, data?: RejectionData) =>
  new Rejection(code, message, field, data);

export const noRule = (code: RuleCode, message: string, field: readonly string[] | null = null) =>
  new Rejection(code, message, field);

/** Throws every mistake found, or does nothing where there is none. */
export function refuse(found: readonly Rejection[]): void {
  if (found.length > 0) throw new Rejections(found);
}
