import {
  CurrencyCodeScalar,
  connectionOf,
  DateTime,
  Decimal,
  IdField,
  MoneyType,
  Node,
  Staff,
  TaxedMoneyType,
  UserError,
} from '@souk/kit';
import type {
  ChannelId,
  FulfillmentId,
  Money,
  OrderId,
  OrderLineId,
  RefundId,
  UserId,
  VariantId,
  WarehouseId,
} from '@souk/schema';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { enumFrom } from './enum.types.ts';
import { moves, type OrderStatus } from './order.ts';
import { type OrderCode, orderCodes } from './rejections.ts';

export const OrderStatusEnum = enumFrom('OrderStatus', 'Where an order stands.', {
  PENDING: 'Placed; its stock is being reserved.',
  AWAITING_PAYMENT: 'Reserved; it waits for its payment until `paymentDeadline`.',
  CONFIRMED: 'Paid for and promised.',
  PARTIALLY_SHIPPED: 'Some of it has left.',
  SHIPPED: 'All of it has left.',
  DELIVERED: 'All of it has arrived.',
  CANCELLED: 'It will not happen; `cancelReason` says why.',
} satisfies Record<keyof typeof moves, string>);

export const CancelReasonEnum = enumFrom('CancelReason', 'Why an order was cancelled.', {
  CUSTOMER: 'Its owner cancelled it.',
  STAFF: 'The shop cancelled it.',
  OUT_OF_STOCK: 'Not every line was in stock; `missingLines` names them.',
  EXPIRED: 'It was not paid in time.',
  PAYMENT_FAILED: 'The payment failed for good.',
});

export const OrderActorEnum = enumFrom('OrderActor', 'Who did something to an order.', {
  CUSTOMER: 'Its owner.',
  STAFF: 'Someone of the shop.',
  SYSTEM: 'Souk by itself.',
});

export const OrderEventKindEnum = enumFrom('OrderEventKind', 'What happened to an order.', {
  PLACED: 'Placed.',
  IMPORTED: 'Taken over from another system.',
  HOLD_ASKED_AGAIN: 'Stock was asked again. Staff only.',
  STOCK_HELD: 'Every line is reserved.',
  PAYMENT_SUBMITTED: 'A payment was submitted.',
  PAYMENT_ACTION_REQUIRED: 'The bank asks for a confirmation.',
  PAYMENT_DECLINED: 'A payment was declined.',
  PAYMENT_AUTHORIZED: 'The payment was authorized.',
  PAYMENT_MISMATCH: 'The payment was for another amount. Staff only.',
  CONFIRMED: 'Confirmed.',
  PAYMENT_CAPTURED: 'The payment was received.',
  CAPTURE_LATE: 'Receiving the payment is late. Staff only.',
  CANCELLED: 'Cancelled.',
  PAYMENT_VOIDED: 'The reserved payment was given up.',
  LATE_PAYMENT: 'Money came after the cancellation and goes back.',
  PACKED: 'A parcel was packed.',
  UNPACKED: 'A packed parcel was taken apart.',
  SHIPPED: 'A parcel was shipped.',
  DELIVERED: 'A delivery arrived.',
  REFUND_REQUESTED: 'A refund was started.',
  REFUND_SETTLED: 'A refund was paid out.',
  REFUNDED_AT_PROVIDER: 'Money went back that was not asked for here, such as by hand at the payment provider.',
  REFUND_FAILED: 'A refund was refused. Staff only.',
  REFUND_RETRIED: 'A refused refund was started again. Staff only.',
  DISPUTED: 'The cardholder disputes the payment. Staff only.',
  ACCOUNT_LINKED: 'Linked to an account.',
});

export const FulfillmentStatusEnum = enumFrom('FulfillmentStatus', 'Where a parcel is.', {
  PACKED: 'Packed, not yet handed over.',
  SHIPPED: 'On its way.',
  DELIVERED: 'Arrived.',
  CANCELLED: 'Taken apart before it left.',
});

export const RefundStatusEnum = enumFrom('RefundStatus', 'Where a refund stands.', {
  REQUESTED: 'Asked of the payment provider.',
  SETTLED: 'Paid out.',
  FAILED: 'Refused by the payment provider; staff can retry.',
  RETRIED: 'Refused; another refund took its place.',
  VOIDED: 'The payment was given up before it was taken, so none had to go back.',
  NOT_DUE: 'Not owed any more: the money went back by refunds made at the payment provider.',
});

export const OrderErrorCode = enumFrom('OrderErrorCode', 'What can be wrong with a change of an order.', orderCodes);

@ObjectType('ProductVariant')
@Directive('@key(fields: "id")')
export class OrderedVariant {
  @IdField('ProductVariant')
  id!: VariantId;
}

@ObjectType('Warehouse')
@Directive('@key(fields: "id")')
export class ShippingWarehouse {
  @IdField('Warehouse')
  id!: WarehouseId;
}

@ObjectType('Channel')
@Directive('@key(fields: "id")')
export class SellingChannel {
  @IdField('Channel')
  id!: ChannelId;
}

@ObjectType('User')
@Directive('@key(fields: "id")')
export class OrderCustomer {
  @IdField('User')
  id!: UserId;
}

@ObjectType({ description: 'Where parcels or bills of an order go.' })
export class OrderAddress {
  @Field(() => String, { description: 'First name.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company!: string | null;
  @Field(() => String, { description: 'Street and number.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'More of the street.' })
  addressLine2!: string | null;
  @Field(() => String, { description: 'City.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state!: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;
  @Field(() => String, { nullable: true, description: 'Phone number.' })
  phone!: string | null;
}

@ObjectType({ description: 'One article of an order, at the price it was sold for.' })
export class OrderLine {
  @IdField('OrderLine')
  id!: OrderLineId;
  @Field(() => OrderedVariant, { nullable: true, description: 'The article as it is in the catalogue today.' })
  variant!: OrderedVariant | null;
  @Field(() => String, { description: 'Its name when it was ordered.' })
  name!: string;
  @Field(() => String, { description: 'Its SKU when it was ordered.' })
  sku!: string;
  @Field(() => Int, { description: 'Units ordered.' })
  quantity!: number;
  @Field(() => MoneyType, { description: 'Price of one unit as it was shown.' })
  unitPrice!: Money;
  @Field(() => MoneyType, { description: 'Unit price times quantity, before discounts.' })
  subtotal!: Money;
  @Field(() => MoneyType, { description: 'What was taken off.' })
  discount!: Money;
  @Field(() => MoneyType, { description: 'What the line costs as shown, after discounts.' })
  total!: Money;
  @Field(() => TaxedMoneyType, { description: 'The total with and without tax.' })
  taxedTotal!: object;
  @Field(() => Decimal, { description: 'Tax rate in percent.' })
  taxRate!: string;
  @Field(() => Int, { description: 'Units shipped so far.' })
  fulfilledQuantity!: number;
  @Field(() => Int, { description: 'Units refunded so far.' })
  refundedQuantity!: number;
  @Field(() => Int, { description: 'Units that came back.' })
  returnedQuantity!: number;
  @Field(() => Int, { description: 'Units that were refunded before they were shipped.' })
  cancelledQuantity!: number;
}

@ObjectType({ description: 'How an order is shipped, by the name it was chosen under.' })
export class OrderShippingMethod {
  @Field(() => String, { description: 'Name.' })
  name!: string;
}

@ObjectType({ description: 'A line that was not in stock in full when an order asked for it.' })
export class OrderMissingLine {
  @Field(() => OrderedVariant, { nullable: true, description: 'The article.' })
  variant!: OrderedVariant | null;
  @Field(() => Int, { description: 'Units asked for.' })
  requested!: number;
  @Field(() => Int, { description: 'Units there were.' })
  available!: number;
}

@ObjectType({ description: 'One step of an order’s story.' })
export class OrderEvent {
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;
  @Field(() => OrderEventKindEnum, { description: 'What.' })
  kind!: string;
  @Field(() => String, { description: 'A sentence for people.' })
  message!: string;
  @Field(() => OrderActorEnum, { description: 'Who.' })
  actor!: string;
}

@ObjectType({ description: 'Units of one line in a parcel.' })
export class FulfillmentLine {
  @Field(() => OrderLine, { description: 'The line.' })
  line!: OrderLine;
  @Field(() => Int, { description: 'Units in the parcel.' })
  quantity!: number;
}

@ObjectType({ description: 'How to follow a parcel.' })
export class Tracking {
  @Field(() => String, { description: 'Who carries it.' })
  carrier!: string;
  @Field(() => String, { description: 'The carrier’s number of it.' })
  number!: string;
  @Field(() => String, { nullable: true, description: 'The carrier’s page of it.' })
  url!: string | null;
}

@ObjectType({ description: 'A parcel of an order.' })
export class Fulfillment {
  @IdField('Fulfillment')
  id!: FulfillmentId;
  @Field(() => FulfillmentStatusEnum, { description: 'Where it is.' })
  status!: string;
  @Field(() => [FulfillmentLine], { description: 'What is in it.' })
  lines!: FulfillmentLine[];
  @Field(() => Tracking, { nullable: true, description: 'How to follow it.' })
  tracking!: Tracking | null;
  @Staff('WAREHOUSE', 'SUPPORT', 'FINANCE')
  @Field(() => ShippingWarehouse, { nullable: true, description: 'Where it leaves from.' })
  warehouse!: ShippingWarehouse | null;
  @Field(() => DateTime, { description: 'When it was packed.' })
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it left.' })
  shippedAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it arrived.' })
  deliveredAt!: Date | null;
}

@ObjectType({ description: 'Units of one line in a refund.' })
export class RefundLine {
  @Field(() => OrderLine, { description: 'The line.' })
  line!: OrderLine;
  @Field(() => Int, { description: 'Units refunded.' })
  quantity!: number;
  @Field(() => MoneyType, { description: 'What these units were sold for, tax included.' })
  amount!: Money;
  @Field(() => Boolean, { description: 'The units came back into stock.' })
  restocked!: boolean;
}

@ObjectType({ description: 'Money that goes back to the shopper.' })
export class Refund {
  @IdField('Refund')
  id!: RefundId;
  @Field(() => RefundStatusEnum, { description: 'Where it stands.' })
  status!: string;
  @Field(() => MoneyType, { description: 'How much.' })
  amount!: Money;
  @Field(() => MoneyType, { description: 'How much of it is for shipping.' })
  shipping!: Money;
  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null;
  @Staff('SUPPORT', 'FINANCE')
  @Field(() => String, { nullable: true, description: 'Why the provider refused it.' })
  failure!: string | null;
  @Field(() => [RefundLine], { description: 'What it is for; empty for a refund of an amount.' })
  lines!: RefundLine[];
  @Field(() => DateTime, { description: 'When it was started.' })
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it was paid out or given up.' })
  settledAt!: Date | null;
}

@ObjectType({ description: 'Units a warehouse set aside for an order.' })
export class OrderAllocation {
  @Field(() => OrderedVariant, { nullable: true, description: 'Of which article.' })
  variant!: OrderedVariant | null;
  @Field(() => ShippingWarehouse, { nullable: true, description: 'Where.' })
  warehouse!: ShippingWarehouse | null;
  @Field(() => Int, { description: 'Units set aside.' })
  quantity!: number;
  @Field(() => Int, { description: 'Units in parcels that have not left.' })
  packed!: number;
  @Field(() => Int, { description: 'Units that left.' })
  shipped!: number;
  @Field(() => Int, { description: 'Units given up before they left.' })
  released!: number;
}

@ObjectType('Order', { implements: Node, description: 'What a shopper ordered, and what became of it.' })
@Directive('@key(fields: "id")')
export class OrderType {
  @IdField('Order')
  id!: OrderId;
  @Field(() => String, { description: 'The number people call it by, such as S-100042.' })
  orderNumber!: string;
  @Field(() => OrderStatusEnum, { description: 'Where it stands.' })
  status!: OrderStatus;
  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
  @Field(() => [OrderLine], { description: 'What was ordered.' })
  lines!: OrderLine[];
  @Field(() => MoneyType, { description: 'Lines as prices were shown, before discounts.' })
  subtotal!: Money;
  @Field(() => MoneyType, { description: 'What was taken off the lines.' })
  discount!: Money;
  @Field(() => MoneyType, { description: 'Shipping as it was shown.' })
  shipping!: Money;
  @Field(() => MoneyType, {
    description: 'Tax of lines and shipping. Part of the other amounts where prices include tax.',
  })
  tax!: Money;
  @Field(() => MoneyType, { description: 'What is paid.' })
  total!: Money;
  @Field(() => MoneyType, { description: 'What has gone back so far.' })
  totalRefunded!: Money;
  @Field(() => Boolean, { description: 'Whether the prices held the tax already.' })
  pricesIncludeTax!: boolean;
  @Field(() => CurrencyCodeScalar, { description: 'Currency of all its amounts.' })
  currency!: string;
  @Field(() => SellingChannel, { nullable: true, description: 'Where it was placed.' })
  channel!: SellingChannel | null;
  @Field(() => String, { description: 'Where mail about it goes.' })
  email!: string;
  @Field(() => OrderAddress, { nullable: true, description: 'Where it is shipped.' })
  shippingAddress!: OrderAddress | null;
  @Field(() => OrderAddress, { nullable: true, description: 'Who is billed.' })
  billingAddress!: OrderAddress | null;
  @Field(() => OrderShippingMethod, { nullable: true, description: 'How it is shipped.' })
  shippingMethod!: OrderShippingMethod | null;
  @Field(() => String, { nullable: true, description: 'What the shopper wrote.' })
  note!: string | null;
  @Field(() => OrderCustomer, { nullable: true, description: 'The account that placed it; null for a guest.' })
  customer!: OrderCustomer | null;
  @Field(() => CancelReasonEnum, { nullable: true, description: 'Why it was cancelled.' })
  cancelReason!: string | null;
  @Field(() => [OrderMissingLine], { nullable: true, description: 'What was out of stock, where that ended it.' })
  missingLines!: OrderMissingLine[] | null;
  @Field(() => [OrderEvent], { description: 'Its story, oldest first.' })
  timeline!: OrderEvent[];
  @Field(() => [OrderStatusEnum], { description: 'The statuses you could move it to now.' })
  allowedTransitions!: OrderStatus[];
  @Field(() => [Fulfillment], { description: 'Its parcels.' })
  fulfillments!: Fulfillment[];
  @Field(() => [Refund], { description: 'Money that went or goes back.' })
  refunds!: Refund[];
  @Staff('WAREHOUSE', 'SUPPORT', 'FINANCE')
  @Field(() => [OrderAllocation], { nullable: true, description: 'Where its goods are set aside.' })
  allocations!: OrderAllocation[] | null;
  @Staff('SUPPORT', 'FINANCE')
  @Field(() => MoneyType, { nullable: true, description: 'What could still be refunded.' })
  refundable!: Money | null;
  @Field(() => DateTime, { nullable: true, description: 'Until when it waits for its payment.' })
  paymentDeadline!: Date | null;
  @Field(() => DateTime, { description: 'When it was placed.' })
  placedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed.' })
  confirmedAt!: Date | null;
  @Field(() => DateTime, { description: 'When Souk made it.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const { Connection: OrderConnection, Edge: OrderEdge } = connectionOf('Order', () => OrderType);

@ObjectType({ implements: UserError, description: 'A mistake in a change of an order.' })
export class OrderError extends UserError {
  @Field(() => OrderErrorCode, { description: 'What is wrong.' })
  code!: OrderCode;
  @Field(() => Boolean, { description: 'True where the same request may succeed in a moment.' })
  retryable!: boolean;
  @Field(() => MoneyType, { nullable: true, description: 'PRICE_CHANGED: the total as it is now.' })
  currentTotal!: Money | null;
  @Field(() => Int, { nullable: true, description: 'QUANTITY_LIMIT: the most one order may hold.' })
  maxQuantity!: number | null;
  @Field(() => MoneyType, { nullable: true, description: 'EXCEEDS_CAPTURED: what could still be refunded.' })
  refundable!: Money | null;
  @Field(() => OrderType, { nullable: true, description: 'CART_ALREADY_ORDERED: the order there is.' })
  order!: OrderType | null;
}
