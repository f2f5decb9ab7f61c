import { batchById, defineSubgraph, owned } from '@souk/kit';
import type { ChannelId } from '@souk/schema';
import { listChannels, listChannelsByIds } from './channel.repository.ts';
import { ChannelResolver, type PlatformContext, type PlatformLoaders } from './channel.resolvers.ts';
import { channelChanged } from './channel.service.ts';
import type { PlatformDb } from './channel.tables.ts';
import { ChannelError } from './channel.types.ts';
import { DeadLetterResolver } from './dead-letter.resolvers.ts';
import { DeadLetterError } from './dead-letter.types.ts';
import { migrations } from './migrations/0001_platform.ts';
import { operations } from './migrations/0002_operations.ts';
import { sharedOperations } from './migrations/0003_shared_operations.ts';
import { NodeResolver } from './node.resolvers.ts';
import { references } from './node.types.ts';
import { listOperationsByIds } from './operation.repository.ts';
import { OperationResolver } from './operation.resolvers.ts';
import { OperationError } from './operation.types.ts';
import { listSharedOperationsByIds } from './shared-operation.repository.ts';
import { SharedOperationResolver } from './shared-operation.resolvers.ts';
import { SharedOperationError } from './shared-operation.types.ts';

export { CHANNELS_TOPIC } from './channel.service.ts';
export { nodeKinds } from './node.types.ts';

export const platform = defineSubgraph<PlatformDb, PlatformLoaders>({
  name: 'platform',
  resolvers: [ChannelResolver, NodeResolver, DeadLetterResolver, OperationResolver, SharedOperationResolver],
  orphans: [ChannelError, DeadLetterError, OperationError, SharedOperationError, ...references],
  entities: { Channel: owned((id: ChannelId, ctx: PlatformContext) => ctx.loaders.channelById.load(id)) },
  migrations: { ...migrations, ...operations, ...sharedOperations },
  hears: {},
  ticks: {},
  loaders: ({ db }) => ({
    channelById: batchById((ids) => listChannelsByIds(db, ids)),
    operationById: batchById((ids) => listOperationsByIds(db, ids)),
    sharedOperationById: batchById((ids) => listSharedOperationsByIds(db, ids)),
  }),
  async *snapshot(db) {
    for (const channel of await listChannels(db)) yield channelChanged(channel);
  },
});
