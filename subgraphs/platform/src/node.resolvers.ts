import { badInput, Node } from '@souk/kit';
import { parseId } from '@souk/schema';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { PlatformContext } from './channel.resolvers.ts';
import { RequestContext } from './node.types.ts';

const MOST = 100;

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Anything by its id; null where there is nothing you may see.' })
  async node(@Arg('id', () => ID, { description: 'An id of any kind.' }) id: string, @Ctx() ctx: PlatformContext) {
    return (await see(ctx, [id]))[0];
  }

  @Query(() => [Node], { nullable: 'items', description: 'Up to 100 things by their ids, in the order asked for.' })
  nodes(@Arg('ids', () => [ID], { description: 'Ids of any kinds.' }) ids: string[], @Ctx() ctx: PlatformContext) {
    if (ids.length > MOST) throw badInput(`Ask for ${MOST} ids at most.`);
    return see(ctx, ids);
  }

  @Query(() => RequestContext, { description: 'Where and as whom this request is answered.' })
  async context(@Ctx() { viewer, loaders }: PlatformContext) {
    return {
      channel: await loaders.channelById.load(viewer.channel.id),
      currency: viewer.channel.currency,
      locale: viewer.locale,
      viewer: viewer.principal.split(':')[0],
      roles: viewer.roles,
      requestId: viewer.requestId,
    };
  }
}

/** The owner of each type is asked, with the viewer's eyes; the planner then fetches the fields from it. */
async function see({ platform, viewer }: PlatformContext, ids: readonly string[]) {
  const types = await platform.peers.see(viewer, ids);
  return types.map((type, index) => (type ? { __typename: type, id: parseId(ids[index]!)!.uuid } : null));
}
