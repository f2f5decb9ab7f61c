import type { OrderId, ProductId, UserId, VariantId, WarehouseId } from '@souk/schema';
import type { ColumnType, Generated } from 'kysely';
import type { AdjustmentKind } from './adjustment.ts';
import type { ReservationStatus, ReservedPart } from './reservation.ts';
import type { MovementKind } from './stock.ts';

type Json<T> = ColumnType<T, string, string>;

export interface WarehousesTable {
  id: WarehouseId;
  code: string;
  name: string;
  country: string;
  priority: number;
  active: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface VariantsTable {
  variant_id: VariantId;
  product_id: ProductId;
  product_version: number;
  version: Generated<number>;
  on_hand: Generated<number>;
  available: Generated<number>;
  low_stock_at: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface LevelsTable {
  variant_id: VariantId;
  warehouse_id: WarehouseId;
  on_hand: number;
  held: number;
  allocated: number;
  low_stock_at: number | null;
  low: ColumnType<boolean, never, never>;
  updated_at: Date;
}

export interface MovementsTable {
  id: string;
  variant_id: VariantId;
  warehouse_id: WarehouseId;
  kind: MovementKind;
  quantity: number;
  order_id: OrderId | null;
  reference: string;
  reason: string | null;
  actor_id: UserId | null;
  at: Date;
}

export interface AdjustmentsTable {
  id: string;
  kind: AdjustmentKind;
  reason: string | null;
  actor_id: UserId | null;
  entries: Json<readonly { variant_id: VariantId; warehouse_id: WarehouseId }[]>;
  created_at: Date;
}

export interface ReservationsTable {
  order_id: OrderId;
  status: ReservationStatus;
  version: number;
  parts: Json<readonly ReservedPart[]>;
  applied: string[];
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface InventoryDb {
  warehouses: WarehousesTable;
  variants: VariantsTable;
  levels: LevelsTable;
  movements: MovementsTable;
  adjustments: AdjustmentsTable;
  reservations: ReservationsTable;
}
