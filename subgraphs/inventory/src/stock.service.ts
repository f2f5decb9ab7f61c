import type { Tx } from '@souk/kit';
import type { ProductPublished } from '@souk/schema';
import type { InventoryDb } from './inventory.tables.ts';
import type { Reservation } from './reservation.ts';
import { savedStock, upsertVariants } from './stock.repository.ts';
import { type StockBook, stockChanged } from './stock.ts';

export type InventoryTx = Tx<InventoryDb>;

/** Writes what a book changed, says each variant's new totals once, and wakes whoever watches it. */
export async function keep(tx: InventoryTx, book: StockBook, reservations: readonly Reservation[] = []): Promise<void> {
  const saved = savedStock(tx.now, { book, reservations });
  if (saved) await tx.last(saved);
  for (const variant of book.changes().variants) {
    tx.emit(stockChanged(variant));
    tx.touch(stockTopic(variant.variantId), variant.variantId, variant.version);
  }
}

export const stockTopic = (variantId: string): string => `stock:${variantId}`;

/** Stock is taken for known variants only. */
export async function learnVariants(tx: InventoryTx, facts: readonly ProductPublished[]): Promise<void> {
  const variants = facts.flatMap(({ version, data }) =>
    [...data.variants.map((variant) => variant.variantId), ...data.archivedVariantIds].map((variantId) => ({
      variantId,
      productId: data.productId,
      productVersion: version,
    })),
  );
  if (variants.length > 0) await upsertVariants(tx.db, tx.now, variants);
}
