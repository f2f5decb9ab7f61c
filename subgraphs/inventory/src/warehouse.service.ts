import { notFound, violated } from '@souk/kit';
import type { WarehouseId } from '@souk/schema';
import type { InventoryTx } from './stock.service.ts';
import { hasStock, insertWarehouse, lockWarehouse, updateWarehouse } from './warehouse.repository.ts';
import { codeTaken, create, notEmpty, update, type WarehouseChange, type WarehouseDetails } from './warehouse.ts';

/** Opens a warehouse. Its code decides who was first. */
export async function createWarehouse(
  tx: InventoryTx,
  input: WarehouseDetails & { code: string },
): Promise<WarehouseId> {
  const warehouse = create(tx.newId(), input);
  try {
    await insertWarehouse(tx.db, tx.now, warehouse);
  } catch (error) {
    throw violated(error) === 'warehouses_code' ? codeTaken() : error;
  }
  return warehouse.id;
}

/** Changes a warehouse; closes it only when it is empty. */
export async function changeWarehouse(tx: InventoryTx, id: WarehouseId, change: WarehouseChange): Promise<WarehouseId> {
  const row = await lockWarehouse(tx.db, id);
  if (!row) notFound('warehouse', ['id']);
  const { created_at: _, updated_at: __, ...before } = row;
  const after = update(before, change);
  if (before.active && !after.active && (await hasStock(tx.db, id))) throw notEmpty();
  await updateWarehouse(tx.db, tx.now, after);
  return id;
}
