/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Operation } from '../operation.ts';
/** An article to add. */
export type AddToCartInput = {
  /** The cart one means; refused where it is not one’s current cart. */
  readonly cartId?: string | number | null | undefined;
  /** Units, added to what is there: 1 to 999. */
  readonly quantity?: number;
  /** The variant. */
  readonly variantId: string | number;
};

/** An attribute and what is wanted of it. */
export type AttributeFilter = {
  /** Its code. */
  readonly code: string;
  /** For numbers: at most this. */
  readonly max?: string | null | undefined;
  /** For numbers: at least this. */
  readonly min?: string | null | undefined;
  /** Any of these. */
  readonly values?: ReadonlyArray<string> | null | undefined;
};

/** Which order to cancel. */
export type CancelOrderInput = {
  /** 8 to 200 characters, fresh for every wish. */
  readonly idempotencyKey: string;
  /** Which order. */
  readonly orderId: string | number;
  /** Why, in 500 characters at most. */
  readonly reason?: string | null | undefined;
};

/** Why an order was cancelled. */
export type CancelReason =
  /** Its owner cancelled it. */
  | 'CUSTOMER'
  /** It was not paid in time. */
  | 'EXPIRED'
  /** Not every line was in stock; `missingLines` names them. */
  | 'OUT_OF_STOCK'
  /** The payment failed for good. */
  | 'PAYMENT_FAILED'
  /** The shop cancelled it. */
  | 'STAFF';

/** Where a cart goes, or its bill. */
export type CartAddressInput = {
  /** Street and number, up to 200 characters. */
  readonly addressLine1: string;
  /** Flat, floor, building, up to 200 characters. */
  readonly addressLine2?: string | null | undefined;
  /** City, up to 100 characters. */
  readonly city: string;
  /** Company, up to 200 characters. */
  readonly company?: string | null | undefined;
  /** ISO 3166-1 alpha-2 code, such as DE. */
  readonly country: string;
  /** First name of the recipient, up to 100 characters. */
  readonly firstName: string;
  /** Last name of the recipient, up to 100 characters. */
  readonly lastName: string;
  /** Telephone number, up to 40 characters. */
  readonly phone?: string | null | undefined;
  /** Postal code, up to 20 characters. */
  readonly postalCode?: string | null | undefined;
  /** State or province, up to 100 characters. */
  readonly state?: string | null | undefined;
};

/** Why a cart was not changed. */
export type CartErrorCode =
  /** No more of it are in stock. */
  | 'INSUFFICIENT_STOCK'
  /** A part of an address is missing or too long. */
  | 'INVALID_ADDRESS'
  /** Not an e-mail address. */
  | 'INVALID_EMAIL'
  /** The note is too long. */
  | 'INVALID_NOTE'
  /** Not a quantity one can buy. */
  | 'INVALID_QUANTITY'
  /** A cart may not hold so many different articles. */
  | 'LINE_LIMIT'
  /** There is no such article, cart or line. */
  | 'NOT_FOUND'
  /** One order may not hold so many. */
  | 'QUANTITY_LIMIT'
  /** The article is not for sale. */
  | 'UNAVAILABLE';

/** What a shopper should know about a cart. */
export type CartProblemCode =
  /** The last change got less than was asked. */
  | 'ADJUSTED'
  /** Fewer are in stock than the line holds. */
  | 'INSUFFICIENT_STOCK'
  /** The cart of the guest was added to the one of the account. */
  | 'MERGED'
  /** One order may not hold so many. */
  | 'QUANTITY_LIMIT'
  /** The article is not for sale any more. */
  | 'UNAVAILABLE';

/** An order as the shopper saw it in the cart’s quote. */
export type CreateOrderInput = {
  /** The shipping address if unsaid. */
  readonly billingAddress?: OrderAddressInput | null | undefined;
  /** The cart it comes from. */
  readonly cartId: string | number;
  /** The version of the cart that was shown. One order per version. */
  readonly cartVersion: number;
  /** Where mail about it goes. */
  readonly email: string;
  /** The total the shopper saw. Another one is refused with PRICE_CHANGED. */
  readonly expectedTotal: MoneyInput;
  /** 8 to 200 characters, fresh for every order: a repeat gets the same order. */
  readonly idempotencyKey: string;
  /** What is ordered; 100 lines at most. */
  readonly lines: ReadonlyArray<OrderLineInput>;
  /** A word to the shop; 1000 characters at most. */
  readonly note?: string | null | undefined;
  /** Needed where something is shipped. */
  readonly shippingAddress?: OrderAddressInput | null | undefined;
  /** One of the quote’s shipping methods; the cheapest if unsaid. */
  readonly shippingMethodId?: string | number | null | undefined;
};

/** Where a parcel is. */
export type FulfillmentStatus =
  /** Taken apart before it left. */
  | 'CANCELLED'
  /** Arrived. */
  | 'DELIVERED'
  /** Packed, not yet handed over. */
  | 'PACKED'
  /** On its way. */
  | 'SHIPPED';

/** An amount in a currency. */
export type MoneyInput = {
  /** In the major unit, as text. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
};

/** An option and the values wanted of it. */
export type OptionFilter = {
  /** Name of the option, such as Colour. */
  readonly name: string;
  /** Any of these. */
  readonly values: ReadonlyArray<string>;
};

/** Where parcels or bills go. */
export type OrderAddressInput = {
  /** Street and number. */
  readonly addressLine1: string;
  /** More of the street. */
  readonly addressLine2?: string | null | undefined;
  /** City. */
  readonly city: string;
  /** Company. */
  readonly company?: string | null | undefined;
  /** ISO 3166-1 alpha-2 code, such as DE. */
  readonly country: string;
  /** First name. */
  readonly firstName: string;
  /** Last name. */
  readonly lastName: string;
  /** Phone number. */
  readonly phone?: string | null | undefined;
  /** Postal code. */
  readonly postalCode?: string | null | undefined;
  /** State or province. */
  readonly state?: string | null | undefined;
};

/** What can be wrong with a change of an order. */
export type OrderErrorCode =
  /** This version of the cart was ordered before with other details. */
  | 'CART_ALREADY_ORDERED'
  /** The order has no lines. */
  | 'EMPTY_CART'
  /** More than was captured and not credited yet; `refundable` is what is left. */
  | 'EXCEEDS_CAPTURED'
  /** More units than were shipped and not returned yet. */
  | 'EXCEEDS_SHIPPED'
  /** More units than were sold and not refunded yet. */
  | 'EXCEEDS_SOLD'
  /** More units than are still to be shipped. */
  | 'EXCEEDS_UNSHIPPED'
  /** The idempotency key was used for another request, or has a wrong length. */
  | 'IDEMPOTENCY_CONFLICT'
  /** A field of an address is missing or has a wrong form. */
  | 'INVALID_ADDRESS'
  /** An amount is no money of the order’s currency. */
  | 'INVALID_AMOUNT'
  /** A date is missing or in the future. */
  | 'INVALID_DATE'
  /** The e-mail address has a wrong form. */
  | 'INVALID_EMAIL'
  /** An order number has a wrong form or belongs to the shop’s own series. */
  | 'INVALID_ORDER_NUMBER'
  /** This is no payment method token of the provider. */
  | 'INVALID_PAYMENT_METHOD'
  /** A quantity is no whole number in the allowed range. */
  | 'INVALID_QUANTITY'
  /** A text is too long or holds control characters. */
  | 'INVALID_TEXT'
  /** The refund names neither lines nor shipping nor an amount. */
  | 'NOTHING_TO_REFUND'
  /** The warehouse has fewer of these units set aside for the order. */
  | 'NOT_ALLOCATED'
  /** The order can no longer be cancelled. */
  | 'NOT_CANCELLABLE'
  /** There is nothing on its way that could be delivered. */
  | 'NOT_DELIVERABLE'
  /** There is no such thing, or you may not see it. */
  | 'NOT_FOUND'
  /** The money has not been captured yet. */
  | 'NOT_PAID'
  /** The order does not wait for a payment. */
  | 'NOT_PAYABLE'
  /** Only a failed refund can be tried again. */
  | 'NOT_RETRYABLE'
  /** No shipping method serves this address and these goods. */
  | 'NOT_SHIPPABLE'
  /** The order is not in a state to be packed or shipped. */
  | 'NOT_SHIPPABLE_NOW'
  /** The total differs from the one you saw; `currentTotal` is the present one. */
  | 'PRICE_CHANGED'
  /** A price is not known here yet. Retry in a moment. */
  | 'PRICE_UNKNOWN'
  /** More units than one order may hold of this variant. */
  | 'QUANTITY_LIMIT'
  /** The chosen shipping method does not serve this address and these goods. */
  | 'SHIPPING_METHOD_UNAVAILABLE'
  /** More lines than one request may hold. */
  | 'TOO_MANY_LINES'
  /** A variant is unknown or not for sale. */
  | 'UNAVAILABLE'
  /** Nothing would be left of the order: cancel it instead. */
  | 'USE_CANCEL';

/** Units of an article. */
export type OrderLineInput = {
  /** 1 to 999. */
  readonly quantity: number;
  /** Which variant. */
  readonly variantId: string | number;
};

/** Where an order stands. */
export type OrderStatus =
  /** Reserved; it waits for its payment until `paymentDeadline`. */
  | 'AWAITING_PAYMENT'
  /** It will not happen; `cancelReason` says why. */
  | 'CANCELLED'
  /** Paid for and promised. */
  | 'CONFIRMED'
  /** All of it has arrived. */
  | 'DELIVERED'
  /** Some of it has left. */
  | 'PARTIALLY_SHIPPED'
  /** Placed; its stock is being reserved. */
  | 'PENDING'
  /** All of it has left. */
  | 'SHIPPED';

/** How an order is paid. */
export type PayOrderInput = {
  /** 8 to 200 characters, fresh for every try. */
  readonly idempotencyKey: string;
  /** Which order. */
  readonly orderId: string | number;
  /** The payment provider’s token of a payment method. Never a card number. */
  readonly paymentMethod: string;
};

/** Who takes the money. */
export type PaymentProvider =
  /** A stand-in on this machine: no money moves. */
  | 'SIMULATOR'
  /** Stripe. */
  | 'STRIPE';

/** Where a payment stands. */
export type PaymentStatus =
  /** The shopper must do something first: see nextAction. */
  | 'ACTION_REQUIRED'
  /** The provider holds the money for us. */
  | 'AUTHORIZED'
  /** The money was taken. */
  | 'CAPTURED'
  /** The provider said no; another attempt may be made. */
  | 'DECLINED'
  /** The provider cannot take this payment. */
  | 'FAILED'
  /** A part of the money was given back. */
  | 'PARTIALLY_REFUNDED'
  /** Waits for the shopper to choose how to pay. */
  | 'PENDING'
  /** The provider has not answered yet. */
  | 'PROCESSING'
  /** All of the money was given back. */
  | 'REFUNDED'
  /** Given up before the money was taken. */
  | 'VOIDED';

/** A range of prices, in the currency of the reader’s channel. */
export type PriceFilter = {
  /** At most this. */
  readonly max?: string | null | undefined;
  /** At least this. */
  readonly min?: string | null | undefined;
};

/** Which products. Everything said must hold. */
export type ProductFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<ProductFilter> | null | undefined;
  /** All of these hold. */
  readonly attributes?: ReadonlyArray<AttributeFilter> | null | undefined;
  /** Slug or id of a category; those below it count. */
  readonly category?: string | null | undefined;
  /** Slug or id of a collection. */
  readonly collection?: string | null | undefined;
  /** Whether any variant is in stock. */
  readonly inStock?: boolean | null | undefined;
  /** One variant has all of these. */
  readonly options?: ReadonlyArray<OptionFilter> | null | undefined;
  /** At least one of these holds. */
  readonly or?: ReadonlyArray<ProductFilter> | null | undefined;
  /** By lowest price. */
  readonly price?: PriceFilter | null | undefined;
  /** Any of these product types. */
  readonly productTypes?: ReadonlyArray<string> | null | undefined;
  /** For staff, at the top of the filter. One of these, priced here or not. Everybody sees what is published without it. */
  readonly status?: ReadonlyArray<ProductStatus> | null | undefined;
  /** Any of these tags. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** Any of these brands. */
  readonly vendors?: ReadonlyArray<string> | null | undefined;
};

/** What products are put in order by. */
export type ProductSort = {
  /** Ascending if unsaid. */
  readonly direction?: SortDirection | null | undefined;
  /** By what. */
  readonly field: ProductSortField;
};

/** What products are put in order by. */
export type ProductSortField =
  /** When it was made. */
  | 'CREATED_AT'
  /** Name, without case and accents. */
  | 'NAME'
  /** Lowest price in the reader’s channel. */
  | 'PRICE'
  /** How well it fits the search, best first whatever the direction. Newest first without one. */
  | 'RELEVANCE';

/** Whether a product is for sale. */
export type ProductStatus =
  /** Put away. Orders go on showing it. */
  | 'ARCHIVED'
  /** Not yet, or not now: only staff see it. */
  | 'DRAFT'
  /** For sale. */
  | 'PUBLISHED';

/** Why a quote is an estimate that cannot be ordered. */
export type QuoteGap =
  /** There are no lines. */
  | 'EMPTY'
  /** No shipping method serves this destination and these goods. */
  | 'NOT_SHIPPABLE'
  /** Without a destination neither shipping nor tax is known. */
  | 'NO_ADDRESS'
  /** A price is not known here yet; the line is left out. */
  | 'PRICE_UNKNOWN'
  /** More units than one order may hold of a variant. */
  | 'QUANTITY_LIMIT'
  /** The chosen method does not serve this destination and these goods; the cheapest is shown. */
  | 'SHIPPING_METHOD_UNAVAILABLE'
  /** A variant is unknown or not for sale; it is left out. */
  | 'UNAVAILABLE';

/** A line to take out. */
export type RemoveCartLineInput = {
  /** The line. */
  readonly lineId: string | number;
};

/** Where a cart and its bill go. What is left out stays, null is forgotten. */
export type SetCartAddressInput = {
  /** Where the bill goes, if elsewhere. */
  readonly billing?: CartAddressInput | null | undefined;
  /** Where the parcel goes. */
  readonly shipping?: CartAddressInput | null | undefined;
};

/** How the cart is to be shipped. */
export type SetCartShippingMethodInput = {
  /** One of the quote’s methods; null leaves the choice open. */
  readonly shippingMethodId?: string | number | null | undefined;
};

/** Which end comes first. */
export type SortDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Largest or newest first. */
  | 'DESC';

/** A new quantity for a line. */
export type UpdateCartLineInput = {
  /** The line. */
  readonly lineId: string | number;
  /** Units, 0 to 999; 0 takes the line out. */
  readonly quantity: number;
};

export type ProductsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  search?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  sort?: ProductSort | null | undefined;
}>;


export type ProductsQuery = { readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly slug: string, readonly sku: string, readonly inStock: boolean, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null, readonly media: ReadonlyArray<{ readonly url: string | null, readonly alt: string }>, readonly variants: ReadonlyArray<{ readonly id: string, readonly sku: string }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ProductQueryVariables = Exact<{
  id: string | number;
}>;


export type ProductQuery = { readonly product: { readonly description: string, readonly id: string, readonly name: string, readonly slug: string, readonly sku: string, readonly inStock: boolean, readonly options: ReadonlyArray<{ readonly name: string, readonly values: ReadonlyArray<{ readonly value: string, readonly label: string }> }>, readonly variants: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly availableForSale: boolean, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null, readonly selectedOptions: ReadonlyArray<{ readonly name: string, readonly value: string }>, readonly stock: { readonly available: number, readonly inStock: boolean } | null }>, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null, readonly media: ReadonlyArray<{ readonly url: string | null, readonly alt: string }> } | null };

export type VariantStockQueryVariables = Exact<{
  id: string | number;
}>;


export type VariantStockQuery = { readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly stock: { readonly available: number, readonly inStock: boolean, readonly lowStock: boolean } | null } | null };

export type VariantStockChangedSubscriptionVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
  after?: string | null | undefined;
}>;


export type VariantStockChangedSubscription = { readonly variantStockChanged: { readonly eventId: string, readonly variant: { readonly id: string, readonly sku: string, readonly stock: { readonly available: number, readonly inStock: boolean, readonly lowStock: boolean } | null } | null } };

export type ProductCardFragment = { readonly id: string, readonly name: string, readonly slug: string, readonly sku: string, readonly inStock: boolean, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null, readonly media: ReadonlyArray<{ readonly url: string | null, readonly alt: string }>, readonly variants: ReadonlyArray<{ readonly id: string, readonly sku: string }> };

export type StartGuestSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type StartGuestSessionMutation = { readonly startGuestSession: { readonly session: { readonly accessToken: string, readonly expiresAt: string, readonly guestId: string | null } | null } };

export type CartQueryVariables = Exact<{ [key: string]: never; }>;


export type CartQuery = { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null };

export type AddToCartMutationVariables = Exact<{
  input: AddToCartInput;
}>;


export type AddToCartMutation = { readonly addToCart: { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null, readonly warnings: ReadonlyArray<{ readonly code: CartProblemCode, readonly message: string }> | null, readonly errors: ReadonlyArray<{ readonly code: CartErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly availableQuantity: number | null, readonly maxQuantity: number | null }> } };

export type UpdateCartLineMutationVariables = Exact<{
  input: UpdateCartLineInput;
}>;


export type UpdateCartLineMutation = { readonly updateCartLine: { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null, readonly warnings: ReadonlyArray<{ readonly code: CartProblemCode, readonly message: string }> | null, readonly errors: ReadonlyArray<{ readonly code: CartErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly availableQuantity: number | null, readonly maxQuantity: number | null }> } };

export type RemoveCartLineMutationVariables = Exact<{
  input: RemoveCartLineInput;
}>;


export type RemoveCartLineMutation = { readonly removeCartLine: { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null, readonly errors: ReadonlyArray<{ readonly code: CartErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SetCartAddressMutationVariables = Exact<{
  input: SetCartAddressInput;
}>;


export type SetCartAddressMutation = { readonly setCartAddress: { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null, readonly errors: ReadonlyArray<{ readonly code: CartErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SetCartShippingMethodMutationVariables = Exact<{
  input: SetCartShippingMethodInput;
}>;


export type SetCartShippingMethodMutation = { readonly setCartShippingMethod: { readonly cart: { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null } | null, readonly errors: ReadonlyArray<{ readonly code: CartErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type PaymentConfigQueryVariables = Exact<{ [key: string]: never; }>;


export type PaymentConfigQuery = { readonly paymentConfig: { readonly provider: PaymentProvider, readonly publishableKey: string | null, readonly testCards: ReadonlyArray<{ readonly paymentMethod: string, readonly description: string }> | null } };

export type CartContentFragment = { readonly id: string, readonly version: number, readonly itemCount: number, readonly shippingMethodId: string | null, readonly lines: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly variant: { readonly id: string, readonly sku: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } | null } | null }>, readonly quote: { readonly missing: ReadonlyArray<QuoteGap>, readonly subtotal: { readonly amount: string }, readonly shipping: { readonly amount: string }, readonly tax: { readonly amount: string }, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly shippingMethods: ReadonlyArray<{ readonly id: string, readonly name: string, readonly price: { readonly amount: string, readonly amountMinor: number, readonly currency: string } }> } | null };

export type CreateOrderMutationVariables = Exact<{
  input: CreateOrderInput;
}>;


export type CreateOrderMutation = { readonly createOrder: { readonly order: { readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null } | null, readonly errors: ReadonlyArray<{ readonly code: OrderErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean, readonly currentTotal: { readonly amount: string, readonly currency: string } | null }> } };

export type PayOrderMutationVariables = Exact<{
  input: PayOrderInput;
}>;


export type PayOrderMutation = { readonly payOrder: { readonly order: { readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null } | null, readonly errors: ReadonlyArray<{ readonly code: OrderErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } };

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { readonly cancelOrder: { readonly order: { readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null } | null, readonly errors: ReadonlyArray<{ readonly code: OrderErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type OrderQueryVariables = Exact<{
  id: string | number;
}>;


export type OrderQuery = { readonly order: { readonly email: string, readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly lines: ReadonlyArray<{ readonly id: string, readonly name: string, readonly sku: string, readonly quantity: number, readonly total: { readonly amount: string, readonly currency: string } }>, readonly fulfillments: ReadonlyArray<{ readonly id: string, readonly status: FulfillmentStatus, readonly tracking: { readonly carrier: string, readonly number: string, readonly url: string | null } | null }>, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null } | null };

export type MyOrdersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MyOrdersQuery = { readonly myOrders: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OrderUpdatedSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type OrderUpdatedSubscription = { readonly orderUpdated: { readonly eventId: string, readonly order: { readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null } | null } };

export type OrderStateFragment = { readonly id: string, readonly orderNumber: string, readonly status: OrderStatus, readonly version: number, readonly allowedTransitions: ReadonlyArray<OrderStatus>, readonly cancelReason: CancelReason | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: string, readonly amountMinor: number, readonly currency: string }, readonly payment: { readonly status: PaymentStatus, readonly declineMessage: string | null, readonly nextAction: { readonly redirectUrl: string | null } | null } | null };

/** Every operation of the manifest. */
export const operations = {
  addToCart: { id: '4727a2f50a78542e69b6c5b81445ea10ef6783c3c50a98d14ff60b9962fb4fe7', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', AddToCartMutation, AddToCartMutationVariables>,
  cancelOrder: { id: '6e2fd8faaf0aa3b53e5ea4b2a0d91d1d5c516d0c58473b086607feb351103644', kind: 'mutation', cached: false, keyed: true } as Operation<'mutation', CancelOrderMutation, CancelOrderMutationVariables>,
  cart: { id: '5b2a2370407501068d6b6bed0635270053e8226138e86f699e9f6df360b90277', kind: 'query', cached: false, keyed: false } as Operation<'query', CartQuery, CartQueryVariables>,
  createOrder: { id: 'de6e732a2521de7c423bcb2fbc23f3d220f1b7fbb27772a9c397839fb4e16f7b', kind: 'mutation', cached: false, keyed: true } as Operation<'mutation', CreateOrderMutation, CreateOrderMutationVariables>,
  myOrders: { id: '67d8c6096c43cd88e9461e4636a5a5ab21412f7f02a333dd20a3702e73513ad2', kind: 'query', cached: false, keyed: false } as Operation<'query', MyOrdersQuery, MyOrdersQueryVariables>,
  order: { id: '8a3ea85a76c3a6668233eb6ae9377754323cfb80489fad77bd66b566041be1b8', kind: 'query', cached: false, keyed: false } as Operation<'query', OrderQuery, OrderQueryVariables>,
  orderUpdated: { id: 'dd613b88cfe656712dbdd2e5201be3ffbe433fb55f832defe2e248c48335f9c5', kind: 'subscription', cached: false, keyed: false } as Operation<'subscription', OrderUpdatedSubscription, OrderUpdatedSubscriptionVariables>,
  payOrder: { id: '717a8f9bc38fef7d884598cabe32497d1ce9a6c87e454d93ad10fe4f0c193178', kind: 'mutation', cached: false, keyed: true } as Operation<'mutation', PayOrderMutation, PayOrderMutationVariables>,
  paymentConfig: { id: '28544d3e0e016bb255409fb865fe12936852819c80ad0e1cb9978f650d6e38ec', kind: 'query', cached: false, keyed: false } as Operation<'query', PaymentConfigQuery, PaymentConfigQueryVariables>,
  product: { id: '90718e50e073a6ddaf734ba810afa1dc9aacd725f57c67d16ebf690bd2046ecb', kind: 'query', cached: true, keyed: false } as Operation<'query', ProductQuery, ProductQueryVariables>,
  products: { id: 'e988fd6dde818c258d45e422154b450b73dd5de4209a66902fac20bec69de491', kind: 'query', cached: true, keyed: false } as Operation<'query', ProductsQuery, ProductsQueryVariables>,
  removeCartLine: { id: 'c6edf57fedf576b0ef30b48d683b2cd5d48f908a393fe6783b302c658dbcfda2', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', RemoveCartLineMutation, RemoveCartLineMutationVariables>,
  setCartAddress: { id: '778eec6afbfaa798f4499881cbe08ebe31bf5797fc74af0e8229ee9d9bcdcac8', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', SetCartAddressMutation, SetCartAddressMutationVariables>,
  setCartShippingMethod: { id: '15e3115f5ac9ed8418d858c40ed9e0ef44358118430222122ec77125e3588c1e', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', SetCartShippingMethodMutation, SetCartShippingMethodMutationVariables>,
  startGuestSession: { id: 'd0b6ae3e72c40304952eb56a34505bf2210f27ea3110575468a647682ba05898', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', StartGuestSessionMutation, StartGuestSessionMutationVariables>,
  updateCartLine: { id: '124dc5446dd3ed064581b36ef8b1dbcf666eea557eb881f04761966ac13f1fc8', kind: 'mutation', cached: false, keyed: false } as Operation<'mutation', UpdateCartLineMutation, UpdateCartLineMutationVariables>,
  variantStock: { id: '1756f8bf49eb86ae9fbadba880048150a2c023171dd7a6613531c4db0484129d', kind: 'query', cached: false, keyed: false } as Operation<'query', VariantStockQuery, VariantStockQueryVariables>,
  variantStockChanged: { id: 'a3a441ff67ecf5888ba9c9134e0b0bfd6fdf5ee27d01c8c40da6329142572236', kind: 'subscription', cached: false, keyed: false } as Operation<'subscription', VariantStockChangedSubscription, VariantStockChangedSubscriptionVariables>,
} as const;
