import { Cached, type HouseContext, requireId, Staff } from '@souk/kit';
import type { ChannelId, RegisteredOperationId, SharedOperationId } from '@souk/schema';
import type DataLoader from 'dataloader';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { listChannels } from './channel.repository.ts';
import { changeChannel, createChannel } from './channel.service.ts';
import type { PlatformDb } from './channel.tables.ts';
import type { ManagedChannel } from './channel.ts';
import {
  ChannelType,
  CreateChannelInput,
  CreateChannelPayload,
  UpdateChannelInput,
  UpdateChannelPayload,
} from './channel.types.ts';
import type { RegisteredOperation } from './operation.ts';
import type { SharedOperation } from './shared-operation.ts';

export interface PlatformLoaders {
  channelById: DataLoader<ChannelId, ManagedChannel | null>;
  operationById: DataLoader<RegisteredOperationId, RegisteredOperation | null>;
  sharedOperationById: DataLoader<SharedOperationId, SharedOperation | null>;
}
export type PlatformContext = HouseContext<PlatformDb, PlatformLoaders>;

@Resolver(() => ChannelType)
export class ChannelResolver {
  @Cached(300)
  @Query(() => [ChannelType], { description: 'The channels of this shop, oldest first.' })
  channels(@Ctx() { db }: PlatformContext) {
    return listChannels(db);
  }

  @Cached(300)
  @Query(() => ChannelType, { nullable: true, description: 'The channel of a code.' })
  async channel(
    @Arg('code', () => String, { description: 'As in the souk-channel header.' }) code: string,
    @Ctx() { db }: PlatformContext,
  ) {
    return (await listChannels(db)).find((channel) => channel.code === code) ?? null;
  }

  @Staff('ADMIN')
  @Mutation(() => CreateChannelPayload, {
    description: 'Opens a channel. Its code, currency and tax mode stay for good.',
  })
  createChannel(
    @Arg('input', () => CreateChannelInput, { description: 'The new channel.' }) input: CreateChannelInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate(
      'createChannel',
      {},
      (tx) => createChannel(tx, input),
      async (id) => ({ channel: await ctx.loaders.channelById.load(id as ChannelId) }),
    );
  }

  @Staff('ADMIN')
  @Mutation(() => UpdateChannelPayload, { description: 'Changes a channel.' })
  updateChannel(
    @Arg('id', () => ID, { description: 'Which channel.' }) id: string,
    @Arg('input', () => UpdateChannelInput, { description: 'What changes.' }) {
      expectedVersion,
      ...wanted
    }: UpdateChannelInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate(
      'updateChannel',
      {},
      (tx) => changeChannel(tx, requireId('Channel', id, ['id'], 'channel'), wanted, expectedVersion ?? null),
      async (changed) => ({ channel: await ctx.loaders.channelById.load(changed as ChannelId) }),
    );
  }
}
