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
import { NodeResolver } from './node.resolvers.ts';
import { references } from './node.types.ts';

export { CHANNELS_TOPIC } from './channel.service.ts';
export { nodeKinds } from './node.types.ts';

export const platform = defineSubgraph<PlatformDb, PlatformLoaders>({
  name: 'platform',
  resolvers: [ChannelResolver, NodeResolver, DeadLetterResolver],
  orphans: [ChannelError, DeadLetterError, ...references],
  entities: { Channel: owned((id: ChannelId, ctx: PlatformContext) => ctx.loaders.channelById.load(id)) },
  migrations,
  hears: {},
  ticks: {},
  loaders: ({ db }) => ({ channelById: batchById((ids) => listChannelsByIds(db, ids)) }),
  async *snapshot(db) {
    for (const channel of await listChannels(db)) yield channelChanged(channel);
  },
});
