import { type CurrencyCode, type Money, money, type PaymentId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { PaymentsDb } from './payment.tables.ts';

type Db = Kysely<PaymentsDb>;
type Trx = Transaction<PaymentsDb>;

/** Refunds of the provider that were set aside for want of money in our books, which have it now; oldest first. */
export async function listReadmittable(
  db: Db,
  limit: number,
): Promise<readonly { readonly id: string; readonly paymentId: PaymentId }[]> {
  const { rows } = await sql<{ id: string; paymentId: PaymentId }>`
    select e.id, e.payment_id as "paymentId" from gateway_events e join payments p on p.id = e.payment_id
    where e.quarantine_reason = 'UNKNOWN_REFUND' and e.resolved_at is null
      and (e.amount <= p.captured - p.refunded or exists (select from refunds r where r.gateway_refund_id = e.reference))
    order by e.received_at, e.id limit ${limit}`.execute(db);
  return rows;
}

/** The event, if it is still set aside for that and nobody has resolved it. The payment is locked. */
export async function lockSetAside(
  db: Trx,
  id: string,
): Promise<{ readonly gatewayRefundId: string; readonly amount: Money } | undefined> {
  const row = await db
    .selectFrom('gateway_events')
    .select(['reference', 'amount', 'currency'])
    .where('id', '=', id)
    .where('quarantine_reason', '=', 'UNKNOWN_REFUND')
    .where('resolved_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row && { gatewayRefundId: row.reference, amount: money(row.amount, row.currency as CurrencyCode) };
}

export async function updateEvent(db: Trx, id: string, status: 'APPLIED' | 'KNOWN'): Promise<void> {
  await db.updateTable('gateway_events').set({ status, quarantine_reason: null }).where('id', '=', id).execute();
}

/** Nothing can come any more of what was told of this refund before it failed. */
export async function passEventsOf(db: Trx, gatewayRefundId: string): Promise<void> {
  await db
    .updateTable('gateway_events')
    .set({ status: 'KNOWN', quarantine_reason: null })
    .where('reference', '=', gatewayRefundId)
    .where('quarantine_reason', '=', 'UNKNOWN_REFUND')
    .where('resolved_at', 'is', null)
    .execute();
}
