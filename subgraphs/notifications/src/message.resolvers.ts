import { type HouseContext, hasRole, PageArgs, requireId, Staff } from '@souk/kit';
import type { OrderId } from '@souk/schema';
import type DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { listMessages } from './message.repository.ts';
import { resend, type SendingPorts } from './message.service.ts';
import type { NotificationsDb } from './message.tables.ts';
import type { Message, MessageStatus, Template } from './message.ts';
import {
  MessageConnection,
  MessageStatusEnum,
  MessagesOrder,
  MessageTemplateEnum,
  MessageType,
  ResendMessageInput,
  ResendMessagePayload,
} from './message.types.ts';
import { subjectOf } from './template.ts';

export interface NotificationsLoaders {
  messageById: DataLoader<string, Message | null>;
  messagesByOrderId: DataLoader<OrderId, Message[]>;
}
export type NotificationsContext = HouseContext<NotificationsDb, NotificationsLoaders, SendingPorts>;

/** A message as the viewer may see it: support any, everyone else none. */
export const findVisibleMessage = async (id: string, { viewer, loaders }: NotificationsContext) =>
  hasRole(viewer, 'SUPPORT') ? loaders.messageById.load(id) : null;

@Resolver(() => MessageType)
export class MessageResolver {
  @Staff('SUPPORT')
  @Query(() => MessageConnection, { description: 'Messages to people, newest first.' })
  messages(
    @Arg('status', () => MessageStatusEnum, { nullable: true, description: 'Only those of the status.' })
    status: MessageStatus | null,
    @Arg('template', () => MessageTemplateEnum, { nullable: true, description: 'Only those that tell this.' })
    template: Template | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { db }: NotificationsContext,
  ) {
    return listMessages(db, { status, template }, page);
  }

  @Staff('SUPPORT')
  @Mutation(() => ResendMessagePayload, { description: 'Sends a message again that failed for good.' })
  resendMessage(
    @Arg('input', () => ResendMessageInput, { description: 'Which message.' }) input: ResendMessageInput,
    @Ctx() ctx: NotificationsContext,
  ) {
    return ctx.mutate(
      'resendMessage',
      {},
      async (tx) => {
        const id = requireId('Message', input.id, ['input', 'id'], 'message');
        await resend(tx, id);
        return id;
      },
      async (id) => ({ message: await ctx.loaders.messageById.load(id) }),
    );
  }

  @FieldResolver(() => String)
  recipient(@Root() { contact }: Message) {
    return contact.email;
  }

  @FieldResolver(() => MessageTemplateEnum)
  template(@Root() { content }: Message) {
    return content.template;
  }

  @FieldResolver(() => String)
  locale(@Root() { contact }: Message) {
    return contact.locale;
  }

  @FieldResolver(() => String)
  subject(@Root() message: Message) {
    return subjectOf(message);
  }

  @FieldResolver(() => MessagesOrder)
  order(@Root() { orderId }: Message) {
    return { id: orderId };
  }
}

@Resolver(() => MessagesOrder)
export class OrderMessagesResolver {
  @Staff('SUPPORT')
  @FieldResolver(() => [MessageType], { nullable: true, description: 'Mails about the order, oldest first.' })
  messages(@Root() { id }: MessagesOrder, @Ctx() { loaders }: NotificationsContext) {
    return loaders.messagesByOrderId.load(id);
  }
}
