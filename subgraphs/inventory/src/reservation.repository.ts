import type { OrderId } from '@souk/schema';
import type { Kysely } from 'kysely';
import type { InventoryDb } from './inventory.tables.ts';
import type { Reservation } from './reservation.ts';

/** Orders whose hold is past its time, the oldest first. */
export async function listDueHolds(db: Kysely<InventoryDb>, now: Date, limit: number): Promise<OrderId[]> {
  const rows = await db
    .selectFrom('reservations')
    .select('order_id')
    .where('status', '=', 'HELD')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.order_id);
}

/** A page of the reservations that promise something, by order, for re-saying them. */
export async function listPromisesAfter(
  db: Kysely<InventoryDb>,
  after: string | null,
  limit: number,
): Promise<Reservation[]> {
  const rows = await db
    .selectFrom('reservations')
    .select(['order_id', 'status', 'version', 'parts', 'applied', 'expires_at'])
    .where('status', 'in', ['HELD', 'ALLOCATED'])
    .$if(after !== null, (query) => query.where('order_id', '>', after as OrderId))
    .orderBy('order_id')
    .limit(limit)
    .execute();
  return rows.map(({ order_id, expires_at, ...row }) => ({ ...row, orderId: order_id, expiresAt: expires_at }));
}
