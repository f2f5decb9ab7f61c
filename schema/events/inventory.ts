import type { OrderId, VariantId, WarehouseId } from '../ids.ts';
import type { Fact } from './envelope.ts';

export interface StockPart {
  variantId: VariantId;
  warehouseId: WarehouseId;
  quantity: number;
}

export interface MissingLine {
  variantId: VariantId;
  requested: number;
  available: number;
}

/** Every line of an order is held until `expiresAt` (ISO-8601 UTC). State. Heard by orders. Keyed by orderId. */
export type StockHeld = Fact<'inventory.StockHeld', { orderId: OrderId; parts: StockPart[]; expiresAt: string }>;

/** Not every line could be held, so nothing was. State. Heard by orders. Keyed by orderId. */
export type StockRefused = Fact<'inventory.StockRefused', { orderId: OrderId; missing: MissingLine[] }>;

/** A hold or an allocation was given back. State. Keyed by orderId. */
export type StockReleased = Fact<'inventory.StockReleased', { orderId: OrderId; reason: 'CANCELLED' | 'EXPIRED' }>;

/** A confirmed order's stock is set aside, by warehouse. State. Heard by orders. Keyed by orderId. */
export type StockAllocated = Fact<'inventory.StockAllocated', { orderId: OrderId; parts: StockPart[] }>;

/**
 * The sellable quantity of a variant over all warehouses. State. Heard by products (stock_quantity) and carts (problems).
 * Keyed by variantId.
 */
export type StockChanged = Fact<
  'inventory.StockChanged',
  { variantId: VariantId; available: number; onHand: number; lowStock: boolean }
>;

export type InventoryFact = StockHeld | StockRefused | StockReleased | StockAllocated | StockChanged;
