import type { UserId, Viewer, WarehouseId } from '@souk/schema';
import { insertAdjustment } from './adjustment.repository.ts';
import {
  type AdjustmentKind,
  type Author,
  adjust,
  type CountEntry,
  checkEntries,
  checkOpen,
  count,
  type DeltaEntry,
  type Place,
  reasonOf,
  sameWarehouse,
  type TransferEntry,
  transfer,
} from './adjustment.ts';
import { lockStock } from './stock.repository.ts';
import { type InventoryTx, keep } from './stock.service.ts';
import type { Level, StockBook } from './stock.ts';
import { lockOpenWarehouses } from './warehouse.repository.ts';

/** What was done, or with `dryRun` what would have been: nothing of a dry run is kept. */
export interface Adjusted {
  readonly adjustmentId: string;
  readonly levels: readonly Level[];
}

interface Asked<Entry> {
  readonly reason?: string | null;
  readonly dryRun?: boolean | null;
  readonly entries: readonly Entry[];
}

interface Work {
  readonly kind: AdjustmentKind;
  readonly asked: Asked<{ variantId: Level['variantId'] }>;
  readonly viewer: Viewer;
  readonly places: readonly Place[];
  readonly change: (book: StockBook, author: Author) => void;
}

async function run(tx: InventoryTx, { kind, asked, viewer, places, change }: Work): Promise<Adjusted> {
  const author: Author = {
    reference: tx.newId(),
    reason: reasonOf(asked.reason),
    actorId: viewer.userId as UserId | null,
    newId: tx.newId,
  };
  checkOpen(
    await lockOpenWarehouses(
      tx.db,
      places.map((place) => place.warehouseId),
    ),
    places,
  );
  const variantIds = [...new Set(places.map((place) => place.variantId))];
  const { book } = await lockStock(tx.db, { orderIds: [], variantIds });
  change(book, author);
  const levels = places.map(({ variantId, warehouseId }) => book.level(variantId, warehouseId));
  const { reference: adjustmentId, reason, actorId } = author;
  if (asked.dryRun) return { adjustmentId, levels };
  await insertAdjustment(tx.db, tx.now, { id: adjustmentId, kind, reason, actorId, places });
  await keep(tx, book);
  return { adjustmentId, levels };
}

const placeKey = (entry: { variantId: string; warehouseId: string }): string =>
  `${entry.variantId}/${entry.warehouseId}`;

/** Sets levels to what was counted. */
export function setStockLevels(tx: InventoryTx, viewer: Viewer, asked: Asked<CountEntry>): Promise<Adjusted> {
  checkEntries(asked.entries.map(placeKey));
  return run(tx, {
    kind: 'COUNT',
    asked,
    viewer,
    places: asked.entries.map(({ variantId, warehouseId, quantity }, index) => ({
      variantId,
      warehouseId,
      takes: quantity > 0,
      field: ['entries', index, 'warehouseId'],
    })),
    change: (book, author) => count(book, asked.entries, author),
  });
}

/** Adds to levels or takes from them. */
export function adjustStock(tx: InventoryTx, viewer: Viewer, asked: Asked<DeltaEntry>): Promise<Adjusted> {
  checkEntries(asked.entries.map(placeKey));
  return run(tx, {
    kind: 'ADJUSTMENT',
    asked,
    viewer,
    places: asked.entries.map(({ variantId, warehouseId, delta }, index) => ({
      variantId,
      warehouseId,
      takes: delta > 0,
      field: ['entries', index, 'warehouseId'],
    })),
    change: (book, author) => adjust(book, asked.entries, author),
  });
}

/** Moves free stock from one warehouse to another. */
export function transferStock(
  tx: InventoryTx,
  viewer: Viewer,
  asked: Asked<TransferEntry> & { fromWarehouseId: WarehouseId; toWarehouseId: WarehouseId },
): Promise<Adjusted> {
  const { fromWarehouseId, toWarehouseId, entries } = asked;
  checkEntries(entries.map((entry) => entry.variantId));
  if (fromWarehouseId === toWarehouseId) throw sameWarehouse();
  return run(tx, {
    kind: 'TRANSFER',
    asked,
    viewer,
    places: entries.flatMap(({ variantId }) => [
      { variantId, warehouseId: fromWarehouseId, takes: false, field: ['fromWarehouseId'] },
      { variantId, warehouseId: toWarehouseId, takes: true, field: ['toWarehouseId'] },
    ]),
    change: (book, author) => transfer(book, fromWarehouseId, toWarehouseId, entries, author),
  });
}
