import { CurrencyCodeScalar, DateTime, Decimal, MoneyInput, MoneyType, SortDirection } from '@souk/kit';
import type { Money } from '@souk/schema';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { enumFrom } from './enum.types.ts';
import type { OrderStatus } from './order.ts';
import { Fulfillment, OrderError, OrderStatusEnum, OrderType, Refund, RefundLine } from './order.types.ts';

@InputType({ description: 'Where parcels or bills go.' })
export class OrderAddressInput {
  @Field(() => String, { description: 'First name.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company?: string | null;
  @Field(() => String, { description: 'Street and number.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'More of the street.' })
  addressLine2?: string | null;
  @Field(() => String, { description: 'City.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state?: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code, such as DE.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null;
  @Field(() => String, { nullable: true, description: 'Phone number.' })
  phone?: string | null;
}

@InputType({ description: 'Units of an article.' })
export class OrderLineInput {
  @Field(() => ID, { description: 'Which variant.' })
  variantId!: string;
  @Field(() => Int, { description: '1 to 999.' })
  quantity!: number;
}

@InputType({ description: 'An order as the shopper saw it in the cart’s quote.' })
export class CreateOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every order: a repeat gets the same order.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The cart it comes from.' })
  cartId!: string;
  @Field(() => Int, { description: 'The version of the cart that was shown. One order per version.' })
  cartVersion!: number;
  @Field(() => [OrderLineInput], { description: 'What is ordered; 100 lines at most.' })
  lines!: OrderLineInput[];
  @Field(() => MoneyInput, { description: 'The total the shopper saw. Another one is refused with PRICE_CHANGED.' })
  expectedTotal!: MoneyInput;
  @Field(() => String, { description: 'Where mail about it goes.' })
  email!: string;
  @Field(() => OrderAddressInput, { nullable: true, description: 'Needed where something is shipped.' })
  shippingAddress?: OrderAddressInput | null;
  @Field(() => OrderAddressInput, { nullable: true, description: 'The shipping address if unsaid.' })
  billingAddress?: OrderAddressInput | null;
  @Field(() => ID, { nullable: true, description: 'One of the quote’s shipping methods; the cheapest if unsaid.' })
  shippingMethodId?: string | null;
  @Field(() => String, { nullable: true, description: 'A word to the shop; 1000 characters at most.' })
  note?: string | null;
}

@InputType({ description: 'How an order is paid.' })
export class PayOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every try.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which order.' })
  orderId!: string;
  @Field(() => String, { description: 'The payment provider’s token of a payment method. Never a card number.' })
  paymentMethod!: string;
}

@InputType({ description: 'Which order to cancel.' })
export class CancelOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every wish.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which order.' })
  orderId!: string;
  @Field(() => String, { nullable: true, description: 'Why, in 500 characters at most.' })
  reason?: string | null;
}

@ObjectType({ description: 'The order, or why nothing happened.' })
export class OrderPayload {
  @Field(() => OrderType, { nullable: true, description: 'The order.' })
  order!: OrderType | null;
  @Field(() => [OrderError], { description: 'What to correct.' })
  errors!: OrderError[];
}
@ObjectType({ description: 'The new order, or why there is none.' })
export class CreateOrderPayload extends OrderPayload {}
@ObjectType({ description: 'The order with its payment on the way, or why not.' })
export class PayOrderPayload extends OrderPayload {}
@ObjectType({ description: 'The cancelled order, or why it was not cancelled.' })
export class CancelOrderPayload extends OrderPayload {}

@InputType({ description: 'Units of a line to pack.' })
export class PackLineInput {
  @Field(() => ID, { description: 'Which line.' })
  orderLineId!: string;
  @Field(() => Int, { description: 'Units.' })
  quantity!: number;
}

@InputType({ description: 'How to follow a parcel.' })
export class TrackingInput {
  @Field(() => String, { description: 'Who carries it.' })
  carrier!: string;
  @Field(() => String, { description: 'The carrier’s number of it.' })
  number!: string;
  @Field(() => String, { nullable: true, description: 'The carrier’s page of it, http or https.' })
  url?: string | null;
}

@InputType({ description: 'What goes into a parcel.' })
export class FulfilOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every parcel.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which order.' })
  orderId!: string;
  @Field(() => ID, { description: 'Where it leaves from.' })
  warehouseId!: string;
  @Field(() => [PackLineInput], { nullable: true, description: 'All that the warehouse has for the order if unsaid.' })
  lines?: PackLineInput[] | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Works it out and changes nothing.' })
  dryRun!: boolean;
}

@InputType({ description: 'A parcel that leaves: a packed one, or one packed now.' })
export class ShipOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every parcel.' })
  idempotencyKey!: string;
  @Field(() => ID, { nullable: true, description: 'Which order; unsaid with `fulfillmentId`.' })
  orderId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Where it leaves from; unsaid with `fulfillmentId`.' })
  warehouseId?: string | null;
  @Field(() => ID, { nullable: true, description: 'A parcel that was packed before.' })
  fulfillmentId?: string | null;
  @Field(() => [PackLineInput], { nullable: true, description: 'All that the warehouse has for the order if unsaid.' })
  lines?: PackLineInput[] | null;
  @Field(() => TrackingInput, { nullable: true, description: 'How to follow it.' })
  tracking?: TrackingInput | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Works it out and changes nothing.' })
  dryRun!: boolean;
}

@InputType({ description: 'Which packed parcel is taken apart.' })
export class CancelFulfillmentInput {
  @Field(() => String, { description: '8 to 200 characters.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which parcel.' })
  fulfillmentId!: string;
}

@InputType({ description: 'What has arrived.' })
export class DeliverOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every arrival.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which order.' })
  orderId!: string;
  @Field(() => ID, { nullable: true, description: 'Which parcel; all that are on their way if unsaid.' })
  fulfillmentId?: string | null;
}

@ObjectType({ description: 'Units of a line as they would be packed.' })
export class PackPreviewLine {
  @Field(() => ID, { description: 'Which line.' })
  orderLineId!: string;
  @Field(() => String, { description: 'Its SKU.' })
  sku!: string;
  @Field(() => Int, { description: 'Units.' })
  quantity!: number;
}

@ObjectType({ description: 'The order with its parcel, or why nothing moved.' })
export class FulfilOrderPayload extends OrderPayload {
  @Field(() => Fulfillment, { nullable: true, description: 'The parcel; null in a dry run.' })
  fulfillment!: Fulfillment | null;
  @Field(() => [PackPreviewLine], { nullable: true, description: 'What the parcel would hold, in a dry run.' })
  preview!: PackPreviewLine[] | null;
}
@ObjectType({ description: 'The order with its parcel on the way, or why nothing left.' })
export class ShipOrderPayload extends FulfilOrderPayload {}
@ObjectType({ description: 'The order without the parcel, or why it is still packed.' })
export class CancelFulfillmentPayload extends OrderPayload {}
@ObjectType({ description: 'The order with what arrived, or why nothing did.' })
export class DeliverOrderPayload extends OrderPayload {}

@InputType({ description: 'Units of a line to refund. Without a flag only money moves.' })
export class RefundLineInput {
  @Field(() => ID, { description: 'Which line.' })
  orderLineId!: string;
  @Field(() => Int, { description: 'Units.' })
  quantity!: number;
  @Field(() => Boolean, { defaultValue: false, description: 'They were shipped, came back and are sold again.' })
  restock!: boolean;
  @Field(() => Boolean, { defaultValue: false, description: 'They have not been shipped and will not be.' })
  cancelUnshipped!: boolean;
}

@InputType({ description: 'What money goes back for.' })
export class RefundOrderInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every refund.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which order.' })
  orderId!: string;
  @Field(() => [RefundLineInput], { nullable: true, description: 'Lines, at what they were sold for with tax.' })
  lines?: RefundLineInput[] | null;
  @Field(() => MoneyInput, { nullable: true, description: 'So much of shipping.' })
  shippingAmount?: MoneyInput | null;
  @Field(() => MoneyInput, { nullable: true, description: 'Instead of what lines and shipping come to.' })
  amount?: MoneyInput | null;
  @Field(() => String, { nullable: true, description: 'Why; the shopper can read it. 500 characters at most.' })
  reason?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Works it out and changes nothing.' })
  dryRun!: boolean;
}

@InputType({ description: 'Which refused refund to try again.' })
export class RetryRefundInput {
  @Field(() => String, { description: '8 to 200 characters, fresh for every try.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Which refund.' })
  refundId!: string;
}

@ObjectType({ description: 'A refund worked out and not done.' })
export class RefundPreview {
  @Field(() => MoneyType, { description: 'What would go back.' })
  amount!: Money;
  @Field(() => MoneyType, { description: 'How much of it is for shipping.' })
  shipping!: Money;
  @Field(() => [RefundLine], { description: 'What each line would come to.' })
  lines!: RefundLine[];
}

@ObjectType({ description: 'The refund and its order, or why no money moves.' })
export class RefundOrderPayload extends OrderPayload {
  @Field(() => Refund, { nullable: true, description: 'The refund; null in a dry run.' })
  refund!: Refund | null;
  @Field(() => RefundPreview, { nullable: true, description: 'What it would be, in a dry run.' })
  preview!: RefundPreview | null;
}
@ObjectType({ description: 'The refund that takes the refused one’s place, and its order; or why there is none.' })
export class RetryRefundPayload extends OrderPayload {
  @Field(() => Refund, { nullable: true, description: 'The new refund.' })
  refund!: Refund | null;
}

export const OrderSortField = enumFrom('OrderSortField', 'What orders are sorted by.', {
  PLACED_AT: 'When they were placed.',
});

@InputType({ description: 'The order of orders.' })
export class OrderSort {
  @Field(() => OrderSortField, { description: 'By what.' })
  field!: string;
  @Field(() => SortDirection, { description: 'Which end first.' })
  direction!: SortDirection;
}

@InputType({ description: 'Which orders. All that is named must hold.' })
export class OrderFilter {
  @Field(() => OrderStatusEnum, { nullable: true, description: 'In this status.' })
  status?: OrderStatus | null;
  @Field(() => ID, { nullable: true, description: 'Of this account.' })
  customerId?: string | null;
  @Field(() => String, { nullable: true, description: 'Placed with this e-mail address.' })
  email?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Placed then or later.' })
  placedFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Placed before.' })
  placedTo?: Date | null;
}

@ObjectType({ description: 'An order as it changed.' })
export class OrderUpdate {
  @Field(() => String, { description: 'Rises with every change: give it as `after` to go on from here.' })
  eventId!: string;
  @Field(() => OrderType, { nullable: true, description: 'The order as it is now.' })
  order!: OrderType | null;
}

export const ImportOutcome = enumFrom('ImportOrderOutcome', 'What became of one imported order.', {
  CREATED: 'It is new here.',
  UNCHANGED: 'An order with its number was here before.',
  REFUSED: 'It has mistakes; `errors` names them.',
});

@InputType({ description: 'A line of an order from elsewhere.' })
export class ImportOrderLineInput {
  @Field(() => String, { description: 'SKU; linked to the variant of that SKU where one is known.' })
  sku!: string;
  @Field(() => String, { description: 'Name as it was sold.' })
  name!: string;
  @Field(() => Int, { description: '1 to 999.' })
  quantity!: number;
  @Field(() => Decimal, { description: 'Price of one unit, tax included, in the order’s currency.' })
  unitPrice!: string;
  @Field(() => Decimal, { nullable: true, description: 'Tax rate in percent that the price holds; 0 if unsaid.' })
  taxRate?: string | null;
}

@InputType({ description: 'A finished order from elsewhere. No stock and no money moves for it.' })
export class ImportOrderInput {
  @Field(() => String, { description: 'Its number there. Not of the form S-100042, which is ours.' })
  orderNumber!: string;
  @Field(() => DateTime, { description: 'When it was placed; in the past.' })
  placedAt!: Date;
  @Field(() => Boolean, { defaultValue: false, description: 'It was cancelled; otherwise it was delivered.' })
  cancelled!: boolean;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217.' })
  currency!: string;
  @Field(() => String, { description: 'E-mail address of the customer.' })
  email!: string;
  @Field(() => ID, { nullable: true, description: 'The customer’s account here, if there is one.' })
  customerId?: string | null;
  @Field(() => [ImportOrderLineInput], { description: '1 to 100 lines.' })
  lines!: ImportOrderLineInput[];
  @Field(() => Decimal, { nullable: true, description: 'Shipping, tax included; 0 if unsaid.' })
  shipping?: string | null;
  @Field(() => OrderAddressInput, { nullable: true, description: 'Where it was shipped.' })
  shippingAddress?: OrderAddressInput | null;
}

@InputType({ description: 'Finished orders from elsewhere.' })
export class ImportOrdersInput {
  @Field(() => [ImportOrderInput], { description: '1 to 100 orders.' })
  orders!: ImportOrderInput[];
  @Field(() => Boolean, { defaultValue: false, description: 'Checks them and keeps nothing.' })
  dryRun!: boolean;
}

@ObjectType({ description: 'What became of one imported order.' })
export class ImportOrderResult {
  @Field(() => String, { description: 'Its number.' })
  orderNumber!: string;
  @Field(() => ImportOutcome, { description: 'What became of it.' })
  outcome!: string;
  @Field(() => [OrderError], { description: 'Its mistakes.' })
  errors!: OrderError[];
}

@ObjectType({ description: 'What became of each order.' })
export class ImportOrdersPayload {
  @Field(() => [ImportOrderResult], { nullable: true, description: 'In the order they were given.' })
  results!: ImportOrderResult[] | null;
  @Field(() => [OrderError], { description: 'Why nothing was looked at.' })
  errors!: OrderError[];
}
