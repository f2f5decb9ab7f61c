import type { MissingLine, StockPart, VariantId, WarehouseId } from '@souk/schema';

/** What one warehouse could give of one variant. A lower `priority` is asked first. */
export interface Shelf {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly priority: number;
  readonly available: number;
}

export interface Wanted {
  readonly variantId: VariantId;
  readonly quantity: number;
}

export type Allocation =
  | { readonly parts: StockPart[]; readonly missing: null }
  | { readonly parts: null; readonly missing: MissingLine[] };

/**
 * Which warehouse gives what: everything or nothing. The first warehouse by priority that has the whole order gives it, for
 * one parcel is cheaper than two; otherwise each variant is taken from the warehouses in order of priority. The order of
 * the arguments does not matter: equal priorities go by id.
 */
export function allocate(wanted: readonly Wanted[], shelves: readonly Shelf[]): Allocation {
  const sums = new Map<VariantId, number>();
  for (const { variantId, quantity } of wanted) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError('a quantity is a positive integer');
    sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  }
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  const ordered = [...shelves].sort(
    (a, b) => a.priority - b.priority || (a.warehouseId < b.warehouseId ? -1 : a.warehouseId > b.warehouseId ? 1 : 0),
  );
  const shelvesOf = Map.groupBy(ordered, (shelf) => shelf.variantId);
  const missing = lines
    .map(([variantId, requested]) => ({
      variantId,
      requested,
      available: (shelvesOf.get(variantId) ?? []).reduce((sum, shelf) => sum + shelf.available, 0),
    }))
    .filter((line) => line.available < line.requested);
  if (missing.length > 0) return { parts: null, missing };

  for (const warehouseId of new Set(ordered.map((shelf) => shelf.warehouseId))) {
    const whole = lines.every(([variantId, quantity]) =>
      shelvesOf.get(variantId)!.some((shelf) => shelf.warehouseId === warehouseId && shelf.available >= quantity),
    );
    if (whole)
      return { parts: lines.map(([variantId, quantity]) => ({ variantId, warehouseId, quantity })), missing: null };
  }
  const parts = lines.flatMap(([variantId, quantity]) => {
    let left = quantity;
    return shelvesOf
      .get(variantId)!
      .map(({ warehouseId, available }) => {
        const taken = Math.min(left, available);
        left -= taken;
        return { variantId, warehouseId, quantity: taken };
      })
      .filter((part) => part.quantity > 0);
  });
  return { parts, missing: null };
}
