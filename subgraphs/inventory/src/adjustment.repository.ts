import type { UserId, VariantId, WarehouseId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AdjustmentKind } from './adjustment.ts';
import type { InventoryDb } from './inventory.tables.ts';
import type { LevelRow } from './stock.repository.ts';

export interface Adjustment {
  readonly id: string;
  readonly kind: AdjustmentKind;
  readonly reason: string | null;
  readonly actorId: UserId | null;
  readonly places: readonly { variantId: VariantId; warehouseId: WarehouseId }[];
}

export async function insertAdjustment(db: Transaction<InventoryDb>, now: Date, adjustment: Adjustment): Promise<void> {
  const { id, kind, reason, actorId, places } = adjustment;
  const entries = places.map(({ variantId, warehouseId }) => ({ variant_id: variantId, warehouse_id: warehouseId }));
  await db
    .insertInto('adjustments')
    .values({ id, kind, reason, actor_id: actorId, entries: JSON.stringify(entries), created_at: now })
    .execute();
}

/** The levels an adjustment named, as they are now, in its order. */
export async function listAdjustedLevels(db: Kysely<InventoryDb>, adjustmentId: string): Promise<LevelRow[]> {
  const { rows } = await sql<LevelRow>`
    select l.* from adjustments a
    cross join lateral rows from (jsonb_to_recordset(a.entries) as (variant_id uuid, warehouse_id uuid))
      with ordinality as e(variant_id, warehouse_id, place)
    join levels l on l.variant_id = e.variant_id and l.warehouse_id = e.warehouse_id
    where a.id = ${adjustmentId} order by e.place`.execute(db);
  return rows;
}
