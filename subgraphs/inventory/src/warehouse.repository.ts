import { oneOf } from '@souk/kit';
import type { WarehouseId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { InventoryDb, WarehousesTable } from './inventory.tables.ts';
import type { Warehouse } from './warehouse.ts';

export type WarehouseRow = WarehousesTable;

export const listWarehousesByIds = (db: Kysely<InventoryDb>, ids: readonly WarehouseId[]): Promise<WarehouseRow[]> =>
  db.selectFrom('warehouses').selectAll().where('id', '=', oneOf<WarehouseId>(ids)).execute();

/** All of them in the order they are asked for stock. */
export const listWarehouses = (db: Kysely<InventoryDb>): Promise<WarehouseRow[]> =>
  db.selectFrom('warehouses').selectAll().orderBy('priority').orderBy('id').execute();

export const lockWarehouse = (db: Transaction<InventoryDb>, id: WarehouseId): Promise<WarehouseRow | undefined> =>
  db.selectFrom('warehouses').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Which of them take stock; they stay so until this transaction ends. */
export async function lockOpenWarehouses(
  db: Transaction<InventoryDb>,
  ids: readonly WarehouseId[],
): Promise<ReadonlyMap<WarehouseId, boolean>> {
  const rows = await db
    .selectFrom('warehouses')
    .select(['id', 'active'])
    .where('id', '=', oneOf<WarehouseId>(ids))
    .orderBy('id')
    .forShare()
    .execute();
  return new Map(rows.map((row) => [row.id, row.active]));
}

export async function hasStock(db: Transaction<InventoryDb>, id: WarehouseId): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from levels where warehouse_id = ${id} and on_hand > 0) as found`.execute(db);
  return rows[0]!.found;
}

export async function insertWarehouse(db: Transaction<InventoryDb>, now: Date, warehouse: Warehouse): Promise<void> {
  await db
    .insertInto('warehouses')
    .values({ ...warehouse, created_at: now, updated_at: now })
    .execute();
}

export async function updateWarehouse(db: Transaction<InventoryDb>, now: Date, warehouse: Warehouse): Promise<void> {
  const { id, ...fields } = warehouse;
  await db
    .updateTable('warehouses')
    .set({ ...fields, updated_at: now })
    .where('id', '=', id)
    .execute();
}
