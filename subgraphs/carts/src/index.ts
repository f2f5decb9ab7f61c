import { defineSubgraph, owned } from '@souk/kit';
import { hears } from './cart.events.ts';
import { CartResolver, loadCart } from './cart.resolvers.ts';
import { resayCarts, sweepCarts } from './cart.service.ts';
import type { CartsDb } from './cart.tables.ts';
import { CartError } from './cart.types.ts';
import { type CartsPorts, cartReader, loaders } from './hot-cart.repository.ts';
import { migrations } from './migrations/0001_carts.ts';
import { appCarts } from './migrations/0002_app_carts.ts';

export const carts = defineSubgraph<CartsDb, ReturnType<typeof loaders>, CartsPorts>({
  name: 'carts',
  // The group of copies that `tx.hot` replaces is called like the house.
  ports: ({ kv }, db) => ({ findCart: cartReader(kv.hot('carts'), db) }),
  resolvers: [CartResolver],
  orphans: [CartError],
  entities: { Cart: owned(loadCart) },
  migrations: { ...migrations, ...appCarts },
  hears,
  ticks: { sweepCarts: { everySeconds: 600, run: sweepCarts } },
  loaders,
  snapshot: resayCarts,
});
