import type { Tick } from '@souk/kit';
import { expireSome } from './order.service.ts';
import type { OrdersDb } from './order.tables.ts';

/** Moves every checkout whose deadline has passed, a few at a time. */
export const expireCheckouts: Tick<OrdersDb, unknown> = {
  everySeconds: 5,
  async run({ transact, signal }) {
    while (!signal.aborted && (await transact(expireSome)));
  },
};
