import { requireId, Staff } from '@souk/kit';
import { decodeId, isStaff, type WarehouseId } from '@souk/schema';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { InventoryContext } from './inventory.repository.ts';
import { listWarehouses } from './warehouse.repository.ts';
import { changeWarehouse, createWarehouse } from './warehouse.service.ts';
import { CreateWarehouseInput, UpdateWarehouseInput, WarehousePayload, WarehouseType } from './warehouse.types.ts';

/** Staff of any role may see where things are; nobody else. */
export const loadWarehouse = (id: WarehouseId, ctx: InventoryContext) =>
  isStaff(ctx.viewer) ? ctx.loaders.warehouseById.load(id) : null;

const payload = (ctx: InventoryContext) => async (id: string) => ({
  warehouse: await ctx.loaders.warehouseById.load(id as WarehouseId),
});

@Resolver(() => WarehouseType)
export class WarehouseResolver {
  @Staff('WAREHOUSE', 'SUPPORT', 'MERCHANDISER', 'FINANCE')
  @Query(() => WarehouseType, { nullable: true, description: 'A warehouse.' })
  warehouse(@Arg('id', () => ID, { description: 'Which.' }) id: string, @Ctx() ctx: InventoryContext) {
    const uuid = decodeId('Warehouse', id);
    return uuid && loadWarehouse(uuid, ctx);
  }

  @Staff('WAREHOUSE', 'SUPPORT', 'MERCHANDISER', 'FINANCE')
  @Query(() => [WarehouseType], { description: 'All warehouses, in the order they are asked for stock.' })
  warehouses(@Ctx() ctx: InventoryContext) {
    return listWarehouses(ctx.db);
  }

  @Staff('WAREHOUSE')
  @Mutation(() => WarehousePayload, { description: 'Opens a warehouse.' })
  createWarehouse(
    @Arg('input', () => CreateWarehouseInput, { description: 'What it is.' }) input: CreateWarehouseInput,
    @Ctx() ctx: InventoryContext,
  ) {
    return ctx.mutate('createWarehouse', {}, (tx) => createWarehouse(tx, input), payload(ctx));
  }

  @Staff('WAREHOUSE')
  @Mutation(() => WarehousePayload, { description: 'Changes a warehouse, closes it or opens it again.' })
  updateWarehouse(
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('input', () => UpdateWarehouseInput, { description: 'What changes.' }) input: UpdateWarehouseInput,
    @Ctx() ctx: InventoryContext,
  ) {
    const given = Object.entries(input).filter(([, value]) => value != null);
    return ctx.mutate(
      'updateWarehouse',
      {},
      (tx) => changeWarehouse(tx, requireId('Warehouse', id, ['id'], 'warehouse'), Object.fromEntries(given)),
      payload(ctx),
    );
  }
}
