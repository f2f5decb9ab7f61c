import type { Duty } from '@souk/kit';
import type { ProductId, Saying } from '@souk/schema';
import type { MediaPorts } from './media.service.ts';
import type { ProductsDb } from './product.tables.ts';
import { listPricesDue, listProductIdsAfter, listSearchStale, markSearchFresh } from './product-lookup.repository.ts';
import {
  indexProducts,
  priceChanged,
  productPublished,
  productUnpublished,
  saveProducts,
} from './product-save.service.ts';
import { lockProducts, readProducts } from './product-stored.repository.ts';

const CHUNK = 100;

type ProductsDuty = Duty<ProductsDb, MediaPorts>;

/** Makes lists and base prices anew for products of which a price has started or ended. */
export async function refreshPrices(duty: ProductsDuty): Promise<void> {
  for (let more = true; more && !duty.signal.aborted; ) {
    more = await duty.transact(async (tx) => {
      const due = await listPricesDue(tx.db, tx.now, CHUNK);
      if (due.length === 0) return false;
      const loaded = await lockProducts(tx.db, due);
      await saveProducts(
        tx,
        loaded.map((before) => ({ before, after: before.product })),
      );
      return due.length === CHUNK;
    });
  }
}

/** Brings the search index up to products whose category was renamed or moved. */
export async function refreshSearch(duty: ProductsDuty): Promise<void> {
  for (let more = true; more && !duty.signal.aborted; ) {
    more = await duty.transact(async (tx) => {
      const stale = await listSearchStale(tx.db, CHUNK);
      if (stale.length === 0) return false;
      const loaded = await lockProducts(tx.db, stale);
      await indexProducts(
        tx,
        loaded.map((one) => one.product),
      );
      await markSearchFresh(tx.db, stale);
      return stale.length === CHUNK;
    });
  }
}

/**
 * What is for sale and at which prices, as facts. Prices come first and one version lower than the product, so that an ear
 * that keeps one version for both takes both, and one that knows the present version takes neither.
 */
export async function* snapshot(db: ProductsDuty['db']): AsyncIterable<Saying> {
  for (let after: ProductId | null = null; ; ) {
    const ids: ProductId[] = await listProductIdsAfter(db, after, CHUNK);
    if (ids.length === 0) return;
    for (const { product } of await readProducts(db, ids)) {
      const { id: key, version } = product;
      if (product.variants.some((variant) => variant.prices.length > 0)) {
        yield { ...priceChanged(product), key, version: version - 1 };
      }
      if (product.status === 'PUBLISHED') yield { ...productPublished(product), key, version };
      else if (product.publishedAt !== null) yield { ...productUnpublished(product), key, version };
    }
    after = ids.at(-1)!;
  }
}
