import { carts } from '@souk/carts';
import { inventory } from '@souk/inventory';
import type { AnySubgraph } from '@souk/kit';
import { notifications } from '@souk/notifications';
import { orders } from '@souk/orders';
import { payments } from '@souk/payments';
import { platform } from '@souk/platform';
import { products } from '@souk/products';
import { users } from '@souk/users';

/** Every house of the supergraph, in the order of supergraph.yaml. */
export const houses: readonly AnySubgraph[] = [
  users,
  products,
  inventory,
  carts,
  orders,
  payments,
  notifications,
  platform,
];
