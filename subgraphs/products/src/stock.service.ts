import type { HearUnderLock } from '@souk/kit';
import type { ProductId, StockChanged } from '@souk/schema';
import type { ProductsDb } from './product.tables.ts';
import { refreshInStock, saveStock } from './stock.repository.ts';

/** Takes inventory's word on quantities; an older word than the one known is ignored. Lists follow when stock ends or returns. */
export const takeStock: HearUnderLock<ProductsDb, StockChanged, { product_id: ProductId }> = {
  many: true,
  lock: (facts) =>
    saveStock(facts.map(({ version, data }) => ({ variantId: data.variantId, available: data.available, version }))),
  // A statement of its own: it must see what other variants of the product were given before the product was locked.
  async hear(tx, _facts, turned) {
    if (turned.length > 0)
      await refreshInStock(
        tx.db,
        turned.map((row) => row.product_id),
      );
  },
};
