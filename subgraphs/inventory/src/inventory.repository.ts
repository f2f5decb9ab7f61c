import { batchById, batchManyBy, type HouseContext } from '@souk/kit';
import type { VariantId, WarehouseId } from '@souk/schema';
import type { Kysely } from 'kysely';
import type { InventoryDb } from './inventory.tables.ts';
import { listLevels, listStock } from './stock.repository.ts';
import { listWarehousesByIds } from './warehouse.repository.ts';

export const loaders = ({ db }: { db: Kysely<InventoryDb> }) => ({
  warehouseById: batchById((ids: readonly WarehouseId[]) => listWarehousesByIds(db, ids)),
  stockById: batchById((ids: readonly VariantId[]) => listStock(db, ids)),
  levelsByVariant: batchManyBy(
    (ids: readonly VariantId[]) => listLevels(db, ids),
    (level) => level.variant_id,
  ),
});

export type InventoryContext = HouseContext<InventoryDb, ReturnType<typeof loaders>>;
