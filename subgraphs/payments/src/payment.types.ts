import { CurrencyCodeScalar, connectionOf, DateTime, IdField, MoneyType, Node, Staff, UserError } from '@souk/kit';
import type { Money, OrderId, PaymentId, UserId } from '@souk/schema';
import { Directive, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { accounts } from './ledger.ts';
import { moves } from './payment.ts';

const enumOf = <K extends string>(keys: readonly K[]): { [P in K]: P } =>
  Object.fromEntries(keys.map((key) => [key, key])) as { [P in K]: P };
const described = <K extends string>(texts: Readonly<Record<K, string>>) =>
  Object.fromEntries(Object.entries<string>(texts).map(([key, description]) => [key, { description }]));

export const PaymentStatusEnum = enumOf(Object.keys(moves) as (keyof typeof moves)[]);
registerEnumType(PaymentStatusEnum, {
  name: 'PaymentStatus',
  description: 'Where a payment stands.',
  valuesConfig: described<keyof typeof moves>({
    PENDING: 'Waits for the shopper to choose how to pay.',
    PROCESSING: 'The provider has not answered yet.',
    ACTION_REQUIRED: 'The shopper must do something first: see nextAction.',
    DECLINED: 'The provider said no; another attempt may be made.',
    AUTHORIZED: 'The provider holds the money for us.',
    CAPTURED: 'The money was taken.',
    PARTIALLY_REFUNDED: 'A part of the money was given back.',
    REFUNDED: 'All of the money was given back.',
    VOIDED: 'Given up before the money was taken.',
    FAILED: 'The provider cannot take this payment.',
  }),
});

export const TransactionKindEnum = enumOf(['AUTHORIZATION', 'CAPTURE', 'REFUND', 'VOID', 'DISPUTE']);
registerEnumType(TransactionKindEnum, {
  name: 'PaymentTransactionKind',
  description: 'What happened to the money.',
  valuesConfig: described({
    AUTHORIZATION: 'It was to be held.',
    CAPTURE: 'It was to be taken.',
    REFUND: 'It was to be given back.',
    VOID: 'The hold was given up.',
    DISPUTE: 'The cardholder disputes the charge.',
  }),
});

export const TransactionStatusEnum = enumOf(['SUCCEEDED', 'FAILED', 'PENDING']);
registerEnumType(TransactionStatusEnum, {
  name: 'PaymentTransactionStatus',
  description: 'How it ended.',
  valuesConfig: described({
    SUCCEEDED: 'It was done; of a dispute: won.',
    FAILED: 'It was refused; of a dispute: lost.',
    PENDING: 'The provider is at it.',
  }),
});

export const NextActionEnum = enumOf(['REDIRECT', 'PROVIDER_SDK']);
registerEnumType(NextActionEnum, {
  name: 'PaymentNextActionType',
  description: 'What the shopper has to do.',
  valuesConfig: described({
    REDIRECT: 'Go to redirectUrl, such as the bank’s 3-D Secure page, and come back.',
    PROVIDER_SDK: 'Let the provider’s own browser code go on with clientSecret.',
  }),
});

export const ProviderEnum = enumOf(['STRIPE', 'SIMULATOR']);
registerEnumType(ProviderEnum, {
  name: 'PaymentProvider',
  description: 'Who takes the money.',
  valuesConfig: described({ STRIPE: 'Stripe.', SIMULATOR: 'A stand-in on this machine: no money moves.' }),
});

export const LedgerAccountEnum = enumOf(accounts);
registerEnumType(LedgerAccountEnum, {
  name: 'LedgerAccount',
  description: 'An account of the books.',
  valuesConfig: described<(typeof accounts)[number]>({
    RECEIVABLE: 'What shoppers owe us.',
    CLEARING: 'What the provider holds for us.',
    REFUNDS: 'What went back to shoppers.',
    DISPUTES: 'What a bank took back while a dispute is open.',
    LOSSES: 'What lost disputes cost.',
  }),
});

export const DisputeStatusEnum = enumOf(['OPEN', 'WON', 'LOST']);
registerEnumType(DisputeStatusEnum, {
  name: 'PaymentDisputeStatus',
  description: 'How a dispute stands.',
  valuesConfig: described({ OPEN: 'Not decided.', WON: 'The money stays ours.', LOST: 'The cardholder keeps it.' }),
});

export const QuarantineReasonEnum = enumOf(['AMOUNT_MISMATCH', 'UNKNOWN_INTENT', 'UNKNOWN_REFUND', 'AFTER_FAILURE']);
registerEnumType(QuarantineReasonEnum, {
  name: 'QuarantineReason',
  description: 'Why a word of the provider was set aside.',
  valuesConfig: described({
    AMOUNT_MISMATCH: 'It is about another amount than we asked for.',
    UNKNOWN_INTENT: 'It names an order of ours, but a payment at the provider that we did not make.',
    UNKNOWN_REFUND: 'It is about a refund made at the provider that our books have no money left for.',
    AFTER_FAILURE: 'It settles a refund that we were told had failed.',
  }),
});

@ObjectType('Order')
@Directive('@key(fields: "id")')
export class OrderOfPayment {
  @IdField('Order')
  id!: OrderId;
}

@ObjectType({ description: 'What the shopper has to do before the payment can go on.' })
export class PaymentNextAction {
  @Field(() => NextActionEnum, { description: 'What kind of step.' })
  type!: keyof typeof NextActionEnum;
  @Field(() => String, { nullable: true, description: 'Where to send the browser, for REDIRECT.' })
  redirectUrl!: string | null;
}

@ObjectType({ description: 'What may be shown of a card.' })
export class PaymentCard {
  @Field(() => String, { description: 'Such as visa.' })
  brand!: string;
  @Field(() => String, { description: 'The last four digits.' })
  last4!: string;
  @Field(() => Int, { description: 'Month of expiry, 1 to 12.' })
  expMonth!: number;
  @Field(() => Int, { description: 'Year of expiry.' })
  expYear!: number;
}

@ObjectType({ description: 'One line of a payment’s history.' })
export class PaymentTransaction {
  @IdField('PaymentTransaction')
  id!: string;
  @Field(() => TransactionKindEnum, { description: 'What happened.' })
  kind!: keyof typeof TransactionKindEnum;
  @Field(() => TransactionStatusEnum, { description: 'How it ended.' })
  status!: keyof typeof TransactionStatusEnum;
  @Field(() => MoneyType, { description: 'How much.' })
  amount!: Money;
  @Field(() => String, { nullable: true, description: 'The provider’s sentence where it said no.' })
  message!: string | null;
  @Field(() => DateTime, { description: 'When we learned of it.' })
  at!: Date;
  @Staff('SUPPORT', 'FINANCE')
  @Field(() => String, { nullable: true, description: 'The provider’s id of it.' })
  providerReference!: string | null;
}

@ObjectType('Payment', {
  implements: Node,
  description: 'The money of one order. Seen by whoever placed the order, and by support and finance.',
})
@Directive('@key(fields: "id")')
export class PaymentType {
  @IdField('Payment')
  id!: PaymentId;
  @Field(() => PaymentStatusEnum, { description: 'Where it stands.' })
  status!: keyof typeof PaymentStatusEnum;
  @Field(() => MoneyType, { description: 'What the order costs.' })
  amount!: Money;
  @Field(() => MoneyType, { description: 'What was taken.' })
  captured!: Money;
  @Field(() => MoneyType, { description: 'What was given back.' })
  refunded!: Money;
  @Field(() => PaymentNextAction, { nullable: true, description: 'What the shopper must do now; null for nothing.' })
  nextAction!: PaymentNextAction | null;
  @Field(() => String, {
    nullable: true,
    description: 'For the provider’s own browser code. Shown to the owner alone, while there is something to pay.',
  })
  clientSecret!: string | null;
  @Field(() => String, { nullable: true, description: 'The provider’s public code of the last decline.' })
  declineCode!: string | null;
  @Field(() => String, { nullable: true, description: 'Why the last attempt was declined, in a sentence.' })
  declineMessage!: string | null;
  @Field(() => PaymentCard, { nullable: true, description: 'The card it was last tried with.' })
  card!: PaymentCard | null;
  @Field(() => [PaymentTransaction], { description: 'Its history, oldest first.' })
  transactions!: PaymentTransaction[];
  @Field(() => OrderOfPayment, { nullable: true, description: 'What it pays for.' })
  order!: OrderOfPayment | null;
  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'One balanced entry of the books: the same amount in a debit and a credit account.' })
export class LedgerEntry {
  @IdField('LedgerEntry')
  id!: string;
  @Field(() => LedgerAccountEnum, { description: 'Where the amount is added.' })
  debit!: keyof typeof LedgerAccountEnum;
  @Field(() => LedgerAccountEnum, { description: 'Where it is taken from.' })
  credit!: keyof typeof LedgerAccountEnum;
  @Field(() => MoneyType, { description: 'How much.' })
  amount!: Money;
  @Field(() => DateTime, { description: 'When it was booked.' })
  at!: Date;
  @Field(() => OrderOfPayment, { nullable: true, description: 'Whose money it is about.' })
  order!: OrderOfPayment | null;
}
export const { Connection: LedgerEntryConnection } = connectionOf('LedgerEntry', () => LedgerEntry);

@ObjectType({ description: 'A cardholder’s dispute of a charge.' })
export class PaymentDispute {
  @IdField('PaymentDispute')
  id!: string;
  @Field(() => DisputeStatusEnum, { description: 'How it stands.' })
  status!: keyof typeof DisputeStatusEnum;
  @Field(() => MoneyType, { description: 'How much is disputed.' })
  amount!: Money;
  @Field(() => String, { description: 'The provider’s code of the reason, such as fraudulent.' })
  reason!: string;
  @Field(() => String, { description: 'The provider’s id of it.' })
  providerReference!: string;
  @Field(() => OrderOfPayment, { nullable: true, description: 'What was paid for.' })
  order!: OrderOfPayment | null;
  @Field(() => DateTime, { description: 'When we learned of it.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}
export const { Connection: PaymentDisputeConnection } = connectionOf('PaymentDispute', () => PaymentDispute);

@ObjectType('User')
@Directive('@key(fields: "id")')
export class UserOfPayment {
  @IdField('User')
  id!: UserId;
}

@ObjectType({ description: 'What a person noted about an event that was set aside.' })
export class PaymentEventResolution {
  @Field(() => String, { description: 'What came of it, in the person’s own words.' })
  reason!: string;
  @Field(() => UserOfPayment, { nullable: true, description: 'Who noted it.' })
  by!: UserOfPayment | null;
  @Field(() => DateTime, { description: 'When it was noted.' })
  at!: Date;
}

@ObjectType({ description: 'A genuine word of the provider that does not fit our books; it had no effect.' })
export class QuarantinedPaymentEvent {
  @Field(() => String, { description: 'The provider’s id of the event.' })
  providerEventId!: string;
  @Field(() => QuarantineReasonEnum, { description: 'Why it was set aside.' })
  reason!: keyof typeof QuarantineReasonEnum;
  @Field(() => String, { description: 'The provider’s id of what it is about.' })
  providerReference!: string;
  @Field(() => MoneyType, { description: 'The amount it speaks of.' })
  amount!: Money;
  @IdField('Payment', { nullable: true, description: 'The payment it seems to be about.' })
  paymentId!: PaymentId | null;
  @Field(() => DateTime, { description: 'When the provider says it happened.' })
  occurredAt!: Date;
  @Field(() => DateTime, { description: 'When it came.' })
  receivedAt!: Date;
  @Field(() => PaymentEventResolution, {
    nullable: true,
    description: 'What came of it; null while it waits for a person.',
  })
  resolution!: PaymentEventResolution | null;
}
export const { Connection: QuarantinedPaymentEventConnection } = connectionOf(
  'QuarantinedPaymentEvent',
  () => QuarantinedPaymentEvent,
);

export const PaymentEventErrorCodeEnum = enumOf(['NOT_FOUND', 'ALREADY_RESOLVED', 'INVALID_TEXT']);
registerEnumType(PaymentEventErrorCodeEnum, {
  name: 'PaymentEventErrorCode',
  description: 'Why an event is not resolved.',
  valuesConfig: described({
    NOT_FOUND: 'No such event was set aside.',
    ALREADY_RESOLVED: 'It was resolved before, with another reason.',
    INVALID_TEXT: 'The reason is empty or too long.',
  }),
});

@ObjectType({ implements: UserError, description: 'Why an event is not resolved.' })
export class PaymentEventError extends UserError {
  @Field(() => PaymentEventErrorCodeEnum, { description: 'What is wrong.' })
  code!: keyof typeof PaymentEventErrorCodeEnum;
}

@InputType({ description: 'Which event was looked at, and what came of it.' })
export class ResolvePaymentEventInput {
  @Field(() => String, { description: 'The provider’s id of the event.' })
  providerEventId!: string;
  @Field(() => String, { description: 'What came of it, such as "Corrected by hand at the provider": one line.' })
  reason!: string;
}

@ObjectType({ description: 'The event, resolved, or why it is not.' })
export class ResolvePaymentEventPayload {
  @Field(() => QuarantinedPaymentEvent, { nullable: true, description: 'The event.' })
  event!: QuarantinedPaymentEvent | null;
  @Field(() => [PaymentEventError], { description: 'What to correct.' })
  errors!: PaymentEventError[];
}

@ObjectType({ description: 'The balance of one account.' })
export class LedgerBalance {
  @Field(() => LedgerAccountEnum, { description: 'Which account.' })
  account!: keyof typeof LedgerAccountEnum;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217. Each currency has books of its own.' })
  currency!: string;
  @Field(() => MoneyType, { description: 'Debits less credits. Over all accounts of a currency these sum to zero.' })
  balance!: Money;
}

@ObjectType({ description: 'A token of a test card.' })
export class TestCard {
  @Field(() => String, { description: 'Give it as paymentMethod.' })
  paymentMethod!: string;
  @Field(() => String, { description: 'What it does.' })
  description!: string;
}

@ObjectType({ description: 'What a client needs to know to take a payment.' })
export class PaymentConfig {
  @Field(() => ProviderEnum, { description: 'Who takes the money.' })
  provider!: keyof typeof ProviderEnum;
  @Field(() => String, { nullable: true, description: 'For the provider’s own browser code; null where it has none.' })
  publishableKey!: string | null;
  @Field(() => [TestCard], { nullable: true, description: 'Cards to try the shop with; null where money is real.' })
  testCards!: readonly TestCard[] | null;
}
