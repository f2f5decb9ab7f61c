import type { Hears } from '@souk/kit';
import type { InventoryDb } from './inventory.tables.ts';
import { applyRefunds, cancelOrders, confirmOrders, holdOrders, shipOrders } from './reservation.service.ts';
import { learnVariants } from './stock.service.ts';

/** All take many at a time: under a rush on one variant, a hundred orders share one lock and one commit. */
export const hears: Hears<InventoryDb> = {
  'products.ProductPublished': { batch: learnVariants },
  'orders.OrderCreated': holdOrders,
  'orders.OrderConfirmed': confirmOrders,
  'orders.OrderCancelled': cancelOrders,
  'orders.OrderShipped': shipOrders,
  'orders.RefundRequested': applyRefunds,
};
