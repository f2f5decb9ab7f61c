import { badInput, type LiveEvent, notFound, PageArgs, requireId, Staff, watch } from '@souk/kit';
import { decodeId, type VariantId, type WarehouseId } from '@souk/schema';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { listAdjustedLevels } from './adjustment.repository.ts';
import { type Adjusted, adjustStock, setStockLevels, transferStock } from './adjustment.service.ts';
import type { InventoryContext } from './inventory.repository.ts';
import {
  type LevelRow,
  listStock,
  type MovementRow,
  pageLowLevels,
  pageMovements,
  type StockRow,
} from './stock.repository.ts';
import { type InventoryTx, stockTopic } from './stock.service.ts';
import { availableOf, isLow, type Level } from './stock.ts';
import {
  AdjustStockInput,
  MovedOrder,
  SetStockLevelsInput,
  StockActor,
  StockedVariant,
  StockLevel,
  StockLevelConnection,
  StockMovement,
  StockMovementConnection,
  StockPayload,
  TransferStockInput,
  VariantStock,
  VariantStockEvent,
} from './stock.types.ts';
import { WarehouseType } from './warehouse.types.ts';

const MAX_WATCHED = 100;

const toLevel = (row: LevelRow): Level => ({
  variantId: row.variant_id,
  warehouseId: row.warehouse_id,
  priority: 0,
  onHand: row.on_hand,
  held: row.held,
  allocated: row.allocated,
  lowStockAt: row.low_stock_at,
});

const toStock = (row: StockRow): VariantStock => ({
  available: row.available,
  inStock: row.available > 0,
  lowStock: isLow({ available: row.available, lowStockAt: row.low_stock_at }),
});

@Resolver(() => StockedVariant)
export class VariantStockResolver {
  @FieldResolver(() => VariantStock, {
    nullable: true,
    description: 'What can be sold now; null for a variant that was never on sale.',
  })
  async stock(@Root() variant: StockedVariant, @Ctx() ctx: InventoryContext): Promise<VariantStock | null> {
    const row = await ctx.loaders.stockById.load(variant.id);
    return row && toStock(row);
  }

  @Staff('WAREHOUSE')
  @FieldResolver(() => [StockLevel], {
    nullable: true,
    description: 'What each warehouse has of it, in the order they are asked.',
  })
  async levels(@Root() variant: StockedVariant, @Ctx() ctx: InventoryContext): Promise<Level[]> {
    return (await ctx.loaders.levelsByVariant.load(variant.id)).map(toLevel);
  }

  @Subscription(() => VariantStockEvent, {
    description: 'The stock of variants: as it is, then each time it changes. Opened for up to 100 variants.',
    subscribe: ({ args, context }) => watchStock(args, context as InventoryContext),
  })
  variantStockChanged(
    @Root() event: LiveEvent<VariantId>,
    @Arg('ids', () => [ID], { description: 'The variants, up to 100. Unknown ones say nothing.' }) _ids: string[],
    @Arg('after', () => String, {
      nullable: true,
      description: 'An `eventId` seen before: its state is not sent again if nothing is newer.',
    })
    _after: string | null,
  ): VariantStockEvent {
    return { eventId: event.eventId, variant: { id: event.value } };
  }
}

function watchStock({ ids, after }: { ids?: string[]; after?: string | null }, ctx: InventoryContext) {
  const wire = ids ?? [];
  if (wire.length < 1 || wire.length > MAX_WATCHED) throw badInput(`Watch between 1 and ${MAX_WATCHED} variants.`);
  const known = [...new Set(wire.map((id) => decodeId('ProductVariant', id)).filter((id) => id !== null))];
  return watch<VariantId>({
    live: ctx.platform.live,
    topics: known.map(stockTopic),
    after: after ?? null,
    read: async (id) => {
      const asked = id === null ? known : [id as VariantId];
      const rows = asked.length > 0 ? await listStock(ctx.db, asked) : [];
      for (const row of rows) {
        // The stream's loaders live as long as it does: what they knew of this variant is over.
        ctx.loaders.stockById.clear(row.id).prime(row.id, row);
        ctx.loaders.levelsByVariant.clear(row.id);
      }
      return rows.map((row) => ({ id: row.id, version: row.version, value: row.id }));
    },
  });
}

@Resolver(() => StockLevel)
export class StockLevelResolver {
  @FieldResolver(() => StockedVariant, { nullable: true })
  variant(@Root() level: Level): StockedVariant {
    return { id: level.variantId };
  }
  @FieldResolver(() => WarehouseType)
  warehouse(@Root() level: Level, @Ctx() ctx: InventoryContext) {
    return ctx.loaders.warehouseById.load(level.warehouseId);
  }
  @FieldResolver(() => Number)
  available(@Root() level: Level): number {
    return availableOf(level);
  }
  @FieldResolver(() => Boolean)
  low(@Root() level: Level): boolean {
    return level.lowStockAt !== null && availableOf(level) <= level.lowStockAt;
  }

  @Staff('WAREHOUSE')
  @Query(() => StockLevelConnection, { description: 'Levels at or below their low-stock mark.' })
  async lowStock(
    @Arg('warehouseId', () => ID, { nullable: true, description: 'Only in this warehouse.' })
    warehouseId: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: InventoryContext,
  ) {
    const at = warehouseId == null ? null : (decodeId('Warehouse', warehouseId) ?? NOWHERE);
    const rows = await pageLowLevels(ctx.db, at, page);
    return {
      ...rows,
      nodes: rows.nodes.map(toLevel),
      edges: rows.edges.map(({ node, cursor }) => ({ node: toLevel(node), cursor })),
    };
  }

  @Staff('WAREHOUSE')
  @Mutation(() => StockPayload, {
    description: 'Sets levels to what was counted, where the books still say what the counter saw.',
  })
  setStockLevels(
    @Arg('input', () => SetStockLevelsInput, { description: 'The counts.' }) input: SetStockLevelsInput,
    @Ctx() ctx: InventoryContext,
  ) {
    return change(ctx, 'setStockLevels', input, (tx) =>
      setStockLevels(tx, ctx.viewer, {
        ...input,
        entries: input.entries.map((entry, index) => ({ ...entry, ...placeOf(entry, index) })),
      }),
    );
  }

  @Staff('WAREHOUSE')
  @Mutation(() => StockPayload, { description: 'Adds to levels, or takes from them, whatever they are.' })
  adjustStock(
    @Arg('input', () => AdjustStockInput, { description: 'The differences.' }) input: AdjustStockInput,
    @Ctx() ctx: InventoryContext,
  ) {
    return change(ctx, 'adjustStock', input, (tx) =>
      adjustStock(tx, ctx.viewer, {
        ...input,
        entries: input.entries.map((entry, index) => ({ ...entry, ...placeOf(entry, index) })),
      }),
    );
  }

  @Staff('WAREHOUSE')
  @Mutation(() => StockPayload, { description: 'Moves free stock from one warehouse to another.' })
  transferStock(
    @Arg('input', () => TransferStockInput, { description: 'What goes where.' }) input: TransferStockInput,
    @Ctx() ctx: InventoryContext,
  ) {
    return change(ctx, 'transferStock', input, (tx) =>
      transferStock(tx, ctx.viewer, {
        ...input,
        fromWarehouseId: requireId('Warehouse', input.fromWarehouseId, ['input', 'fromWarehouseId'], 'warehouse'),
        toWarehouseId: requireId('Warehouse', input.toWarehouseId, ['input', 'toWarehouseId'], 'warehouse'),
        entries: input.entries.map(({ variantId, quantity }, index) => ({
          variantId: requireVariant(variantId, index),
          quantity,
        })),
      }),
    );
  }
}

const NOWHERE = '00000000-0000-0000-0000-000000000000' as WarehouseId;

const requireVariant = (wire: string, index: number): VariantId =>
  decodeId('ProductVariant', wire) ?? notFound('variant', ['input', 'entries', String(index), 'variantId']);

const placeOf = ({ variantId, warehouseId }: { variantId: string; warehouseId: string }, index: number) => ({
  variantId: requireVariant(variantId, index),
  warehouseId: requireId('Warehouse', warehouseId, ['input', 'entries', String(index), 'warehouseId'], 'warehouse'),
});

/** A dry run takes no idempotency key: it does nothing that could be done twice. */
function change(
  ctx: InventoryContext,
  operation: string,
  input: { idempotencyKey: string; dryRun: boolean },
  run: (tx: InventoryTx) => Promise<Adjusted>,
) {
  let preview: readonly Level[] = [];
  return ctx.mutate(
    operation,
    input.dryRun ? {} : input,
    async (tx) => {
      const { adjustmentId, levels } = await run(tx);
      preview = levels;
      return adjustmentId;
    },
    async (id) => ({
      levels: input.dryRun ? preview : (await listAdjustedLevels(ctx.db, id)).map(toLevel),
    }),
  );
}

@Resolver(() => StockMovement)
export class StockMovementResolver {
  @FieldResolver(() => WarehouseType)
  warehouse(@Root() movement: MovementRow, @Ctx() ctx: InventoryContext) {
    return ctx.loaders.warehouseById.load(movement.warehouse_id);
  }
  @FieldResolver(() => MovedOrder, { nullable: true })
  order(@Root() movement: MovementRow): MovedOrder | null {
    return movement.order_id && { id: movement.order_id };
  }
  @FieldResolver(() => StockActor, { nullable: true })
  actor(@Root() movement: MovementRow): StockActor | null {
    return movement.actor_id && { id: movement.actor_id };
  }

  @Staff('WAREHOUSE')
  @Query(() => StockMovementConnection, {
    description: 'What changed the quantity on hand of a variant, the newest first.',
  })
  movements(
    @Arg('variantId', () => ID, { description: 'Of which variant.' }) variantId: string,
    @Arg('warehouseId', () => ID, { nullable: true, description: 'Only in this warehouse.' })
    warehouseId: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: InventoryContext,
  ) {
    const variant = decodeId('ProductVariant', variantId) ?? (NOWHERE as string as VariantId);
    const at = warehouseId == null ? null : (decodeId('Warehouse', warehouseId) ?? NOWHERE);
    return pageMovements(ctx.db, variant, at, page);
  }
}
