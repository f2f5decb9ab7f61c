import { PageArgs, requireId, Staff } from '@souk/kit';
import type { SharedOperationId } from '@souk/schema';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PlatformContext } from './channel.resolvers.ts';
import { UserReference } from './node.types.ts';
import { listSharedOperations } from './shared-operation.repository.ts';
import { changeSharedOperation, shareOperation, unshareOperation } from './shared-operation.service.ts';
import { mayChange, type SharedOperation } from './shared-operation.ts';
import {
  DeleteSharedOperationInput,
  DeleteSharedOperationPayload,
  SharedOperationConnection,
  SharedOperationPayload,
  SharedOperationType,
  ShareOperationInput,
  UpdateSharedOperationInput,
} from './shared-operation.types.ts';

const idOf = (wire: string, field: readonly string[]): SharedOperationId =>
  requireId('SharedOperation', wire, field, 'shared operation');

/** Users' own eyes decide whether the viewer sees who it was. */
const userOf = (principal: string) => {
  const [, id] = /^user:(.+)$/.exec(principal) ?? [];
  return id ? { id } : null;
};

@Resolver(() => SharedOperationType)
export class SharedOperationResolver {
  @Staff('SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN')
  @Query(() => SharedOperationConnection, { description: 'Operations that staff keep for each other, by name.' })
  sharedOperations(@Args(() => PageArgs) page: PageArgs, @Ctx() { db }: PlatformContext) {
    return listSharedOperations(db, page);
  }

  @Staff('SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN')
  @Mutation(() => SharedOperationPayload, {
    description:
      'Shares an operation with the other staff. Example: `shareOperation(input: { name: "Today’s orders", body: "query Orders { orders { nodes { orderNumber } } }" }) { sharedOperation { id } errors { code message } }`.',
  })
  shareOperation(
    @Arg('input', () => ShareOperationInput, { description: 'The operation.' }) input: ShareOperationInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate('shareOperation', input, (tx) => shareOperation(tx, ctx.viewer, input), load(ctx));
  }

  @Staff('SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN')
  @Mutation(() => SharedOperationPayload, {
    description: 'Changes a shared operation: who shared it may, and administrators.',
  })
  updateSharedOperation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('input', () => UpdateSharedOperationInput, { description: 'What changes.' }) {
      expectedVersion,
      ...wanted
    }: UpdateSharedOperationInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate(
      'updateSharedOperation',
      {},
      (tx) => changeSharedOperation(tx, ctx.viewer, idOf(id, ['id']), wanted, expectedVersion ?? null),
      load(ctx),
    );
  }

  @Staff('SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN')
  @Mutation(() => DeleteSharedOperationPayload, {
    description: 'Deletes a shared operation: who shared it may, and administrators. Safe to repeat.',
  })
  deleteSharedOperation(
    @Arg('input', () => DeleteSharedOperationInput, { description: 'Which one.' }) input: DeleteSharedOperationInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate(
      'deleteSharedOperation',
      {},
      (tx) => unshareOperation(tx, ctx.viewer, idOf(input.id, ['input', 'id']), input.expectedVersion ?? null),
      (deleted) => ({ deletedId: deleted }),
    );
  }

  @FieldResolver(() => UserReference, { nullable: true })
  createdBy(@Root() { createdBy }: SharedOperation) {
    return userOf(createdBy);
  }

  @FieldResolver(() => UserReference, { nullable: true })
  updatedBy(@Root() { updatedBy }: SharedOperation) {
    return userOf(updatedBy);
  }

  @FieldResolver(() => Boolean)
  changeable(@Root() operation: SharedOperation, @Ctx() { viewer }: PlatformContext): boolean {
    return mayChange(operation, viewer);
  }
}

const load = (ctx: PlatformContext) => async (id: string) => ({
  sharedOperation: await ctx.loaders.sharedOperationById.load(id as SharedOperationId),
});
