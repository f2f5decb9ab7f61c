import type { HearAtOnce, Tx } from '@souk/kit';
import type { ProductPublished, ProductUnpublished, StockChanged } from '@souk/schema';
import type { CartsDb } from './cart.tables.ts';
import { upsertSold, upsertStock } from './goods.repository.ts';

/** Which variants can be bought, and how many of each in one order. */
export async function learnPublished(tx: Tx<CartsDb>, facts: readonly ProductPublished[]): Promise<void> {
  const variants = facts.flatMap(({ version, data: { productId, variants, archivedVariantIds } }) => [
    ...variants.map(({ variantId, maxPerOrder }) => ({
      variantId,
      productId,
      productVersion: version,
      published: true,
      maxPerOrder,
    })),
    ...archivedVariantIds.map((variantId) => ({
      variantId,
      productId,
      productVersion: version,
      published: false,
      maxPerOrder: null,
    })),
  ]);
  if (variants.length > 0) await upsertSold(tx.db, variants);
}

/** Which variants can no longer be bought. */
export async function learnUnpublished(tx: Tx<CartsDb>, facts: readonly ProductUnpublished[]): Promise<void> {
  const variants = facts.flatMap(({ version, data: { productId, variantIds } }) =>
    variantIds.map((variantId) => ({
      variantId,
      productId,
      productVersion: version,
      published: false,
      maxPerOrder: null,
    })),
  );
  if (variants.length > 0) await upsertSold(tx.db, variants);
}

/** How many there are. */
export const learnStock: HearAtOnce<StockChanged> = {
  many: true,
  atOnce: (facts) =>
    upsertStock(facts.map(({ version, data: { variantId, available } }) => ({ variantId, version, available }))),
};
