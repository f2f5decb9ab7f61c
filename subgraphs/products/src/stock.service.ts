import type { Tx } from '@souk/kit';
import type { ProductsDb } from './product.tables.ts';
import { refreshInStock, type StockWord, saveStock } from './stock.repository.ts';

/** Takes inventory's word on quantities; an older word than the one known is ignored. Lists follow when stock ends or returns. */
export async function takeStock(tx: Tx<ProductsDb>, words: readonly StockWord[]): Promise<void> {
  const turned = await saveStock(tx.db, words);
  if (turned.length > 0) await refreshInStock(tx.db, turned);
}
