import type { Hears } from '@souk/kit';
import { mergeCarts, removeOrdered } from './cart.service.ts';
import type { CartsDb } from './cart.tables.ts';
import { learnPublished, learnStock, learnUnpublished } from './goods.service.ts';

export const hears: Hears<CartsDb> = {
  'products.ProductPublished': { batch: learnPublished },
  'products.ProductUnpublished': { batch: learnUnpublished },
  'inventory.StockChanged': learnStock,
  'orders.OrderConfirmed': removeOrdered,
  'users.GuestIdentified': mergeCarts,
};
