import { badInput, forbidden, PageArgs, requireId, Staff } from '@souk/kit';
import type { RegisteredOperationId, Viewer } from '@souk/schema';
import { Arg, Args, Ctx, Directive, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { PlatformContext } from './channel.resolvers.ts';
import { listOperations, listOperationsSince } from './operation.repository.ts';
import { noteOperationUses, type Registered, registerManifest, retireOperation } from './operation.service.ts';
import {
  OperationChange,
  OperationFilter,
  OperationUseInput,
  RegisteredOperationConnection,
  RegisteredOperationType,
  RegisterOperationsInput,
  RegisterOperationsPayload,
  RetireOperationInput,
  RetireOperationPayload,
} from './operation.types.ts';

const MOST_CHANGES = 500;
const MOST_USES = 1_000;

function forSystem({ principal }: Viewer): void {
  if (principal !== 'system') throw forbidden();
}

@Resolver(() => RegisteredOperationType)
export class OperationResolver {
  @Staff('ADMIN')
  @Query(() => RegisteredOperationConnection, {
    description: 'Operations that clients may ask for by their ids, by client and name.',
  })
  operations(
    @Arg('filter', () => OperationFilter, { nullable: true, description: 'Which of them.' })
    filter: OperationFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { db }: PlatformContext,
  ) {
    return listOperations(db, filter ?? {}, page);
  }

  @Staff('ADMIN')
  @Mutation(() => RegisterOperationsPayload, {
    description:
      'Registers the operations of a manifest for a client; those it does not name stay. Routers know them within seconds. Safe to repeat. Example: `registerOperations(input: { client: "web", owner: "shop front", manifest: "{…}" }) { registered unchanged errors { code message } }`.',
  })
  registerOperations(
    @Arg('input', () => RegisterOperationsInput, { description: 'The manifest.' }) input: RegisterOperationsInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return this.register(ctx, input, true);
  }

  @Staff('ADMIN')
  @Mutation(() => RetireOperationPayload, {
    description: 'Ends an operation: within seconds nobody can ask for it by its id. Safe to repeat.',
  })
  retireOperation(
    @Arg('input', () => RetireOperationInput, { description: 'Which operation.' }) input: RetireOperationInput,
    @Ctx() ctx: PlatformContext,
  ) {
    return ctx.mutate(
      'retireOperation',
      {},
      (tx) => retireOperation(tx, ctx.viewer, requireId('RegisteredOperation', input.id, ['input', 'id'], 'operation')),
      async (id) => ({ operation: await ctx.loaders.operationById.load(id as RegisteredOperationId) }),
    );
  }

  @Directive('@inaccessible')
  @Query(() => [OperationChange], {
    description: 'What changed in the registry since a version, for a router. For the system alone.',
  })
  changedOperations(
    @Arg('since', () => Int, { description: 'The version known.' }) since: number,
    @Ctx() { viewer, db }: PlatformContext,
  ) {
    forSystem(viewer);
    return listOperationsSince(db, since, MOST_CHANGES);
  }

  @Directive('@inaccessible')
  @Mutation(() => RegisterOperationsPayload, {
    description: 'Registers a manifest that a router came with; what was retired stays so. For the system alone.',
  })
  shipOperations(
    @Arg('input', () => RegisterOperationsInput, { description: 'The manifest.' }) input: RegisterOperationsInput,
    @Ctx() ctx: PlatformContext,
  ) {
    forSystem(ctx.viewer);
    return this.register(ctx, input, false);
  }

  @Directive('@inaccessible')
  @Mutation(() => Boolean, {
    description: 'Adds how often operations ran, for a router. For the system alone.',
  })
  async noteOperationUses(
    @Arg('uses', () => [OperationUseInput], { description: 'What was counted since it was told last.' })
    uses: OperationUseInput[],
    @Ctx() ctx: PlatformContext,
  ) {
    forSystem(ctx.viewer);
    if (uses.length === 0 || uses.length > MOST_USES || uses.some((use) => use.uses < 0)) {
      throw badInput('These are no counts of operations.');
    }
    await ctx.mutate(
      'noteOperationUses',
      {},
      async (tx) => {
        await noteOperationUses(tx, uses);
        return null;
      },
      () => ({}),
    );
    return true;
  }

  private register(ctx: PlatformContext, input: RegisterOperationsInput, revive: boolean) {
    let done: Registered;
    return ctx.mutate(
      'registerOperations',
      {},
      async (tx) => {
        done = await registerManifest(tx, ctx.viewer, input, { revive });
        return input.client;
      },
      () => ({ ...done }),
    );
  }
}
