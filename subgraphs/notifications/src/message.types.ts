import { connectionOf, DateTime, IdField, Node, Staff, UserError } from '@souk/kit';
import type { OrderId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { MessageStatus, Template } from './message.ts';

export const MessageTemplateEnum: { readonly [T in Template]: T } = {
  ORDER_CONFIRMED: 'ORDER_CONFIRMED',
  ORDER_CANCELLED: 'ORDER_CANCELLED',
  ORDER_SHIPPED: 'ORDER_SHIPPED',
  ORDER_REFUNDED: 'ORDER_REFUNDED',
};
registerEnumType(MessageTemplateEnum, {
  name: 'MessageTemplate',
  description: 'What a message tells.',
  valuesConfig: {
    ORDER_CONFIRMED: { description: 'The order is paid and promised.' },
    ORDER_CANCELLED: { description: 'The order will not happen, and why.' },
    ORDER_SHIPPED: { description: 'A parcel is on its way.' },
    ORDER_REFUNDED: { description: 'Money went back.' },
  },
});

export const MessageStatusEnum: { readonly [S in MessageStatus]: S } = {
  PENDING: 'PENDING',
  SENT: 'SENT',
  FAILED: 'FAILED',
};
registerEnumType(MessageStatusEnum, {
  name: 'MessageStatus',
  description: 'What became of a message.',
  valuesConfig: {
    PENDING: { description: 'Due, or waiting for its next try.' },
    SENT: { description: 'The mail server took it.' },
    FAILED: { description: 'Refused for good, or every try failed.' },
  },
});

export enum MessageErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  NOT_FAILED = 'NOT_FAILED',
}
registerEnumType(MessageErrorCode, {
  name: 'MessageErrorCode',
  description: 'Why a message is not sent again.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such message.' },
    NOT_FAILED: { description: 'It is still being tried, or was sent.' },
  },
});

/** Another house's order, to which this one adds its messages. */
@ObjectType('Order')
@Directive('@key(fields: "id")')
export class MessagesOrder {
  @IdField('Order')
  id!: OrderId;
}

@ObjectType('Message', { implements: Node, description: 'A mail to a person about an order. For support.' })
@Directive('@key(fields: "id")')
export class MessageType {
  @IdField('Message')
  id!: string;
  @Field(() => MessageTemplateEnum, { description: 'What it tells.' })
  template!: Template;
  @Field(() => MessageStatusEnum, { description: 'What became of it.' })
  status!: MessageStatus;
  @Staff('SUPPORT')
  @Field(() => String, { nullable: true, description: 'E-mail address it goes to.' })
  recipient!: string;
  @Field(() => String, { description: 'Language tag of its reader.' })
  locale!: string;
  @Staff('SUPPORT')
  @Field(() => String, { nullable: true, description: 'Subject line.' })
  subject!: string;
  @Field(() => Int, { description: 'How often sending was tried.' })
  attempts!: number;
  @Field(() => String, { nullable: true, description: 'Code of the last failure, such as SMTP_550 or ETIMEDOUT.' })
  failure!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; null where it is not.' })
  nextAttemptAt!: Date | null;
  @Field(() => DateTime, { description: 'When it became due.' })
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When the mail server took it.' })
  sentAt!: Date | null;
  @Field(() => MessagesOrder, { nullable: true, description: 'The order it is about.' })
  order!: MessagesOrder | null;
}

export const { Connection: MessageConnection } = connectionOf('Message', () => MessageType);

@ObjectType({ implements: UserError, description: 'Why a message is not sent again.' })
export class MessageError extends UserError {
  @Field(() => MessageErrorCode, { description: 'What is wrong.' })
  code!: MessageErrorCode;
}

@InputType({ description: 'Which message to send again.' })
export class ResendMessageInput {
  @Field(() => ID, { description: 'Which message.' })
  id!: string;
}

@ObjectType({ description: 'The message, due again, or why it is not.' })
export class ResendMessagePayload {
  @Field(() => MessageType, { nullable: true, description: 'The message.' })
  message!: MessageType | null;
  @Field(() => [MessageError], { description: 'What to correct.' })
  errors!: MessageError[];
}
