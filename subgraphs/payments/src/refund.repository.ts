import { databaseNow } from '@souk/kit';
import { type Money, money, type PaymentId, type RefundId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { changedPart, fromRow, recordsOf, type Saving } from './payment.repository.ts';
import type { PaymentsDb, PaymentTable, RefundTable } from './payment.tables.ts';
import type { Payment } from './payment.ts';
import type { Refund, RefundChange } from './refund.ts';

type Db = Kysely<PaymentsDb>;
type Trx = Transaction<PaymentsDb>;

export const refundFromRow = (row: Selectable<RefundTable>): Refund => ({
  id: row.id,
  amount: money(row.amount, row.currency),
  status: row.status,
  gatewayRefundId: row.gateway_refund_id,
  tries: row.tries,
  askedAt: row.asked_at,
});

export interface NewRefund {
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly reason: string | null;
  /** Why it cannot be made, or null for one that is due. */
  readonly failure: string | null;
  /** The provider's id of one that was made there. */
  readonly gatewayRefundId?: string | null;
}

/** False where there is such a refund already. */
export async function insertRefundOnce(db: Trx, refund: NewRefund, now: Date): Promise<boolean> {
  const done = await db
    .insertInto('refunds')
    .values({
      id: refund.id,
      payment_id: refund.paymentId,
      amount: refund.amount.amountMinor,
      currency: refund.amount.currency,
      status: refund.failure === null ? 'PENDING' : 'FAILED',
      reason: refund.reason,
      gateway_refund_id: refund.gatewayRefundId ?? null,
      failure: refund.failure,
      asked_at: null,
      due_at: refund.failure === null ? now : null,
      lease_until: null,
      tries: 0,
      created_at: now,
      updated_at: now,
    })
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export const findRefund = async (db: Db, id: RefundId): Promise<Refund | undefined> => {
  const row = await db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirst();
  return row && refundFromRow(row);
};

/** Sets what is on its way back of a payment, which the caller has locked. */
export async function saveRefunding(db: Trx, payment: Payment, refunding: number, now: Date): Promise<void> {
  await db
    .updateTable('payments')
    .set({ refunding, version: payment.version + 1, updated_at: now })
    .where('id', '=', payment.id)
    .execute();
}

export interface ClaimedRefund {
  readonly refund: Refund;
  readonly payment: Payment;
  readonly at: Date;
}

/** Takes refunds that are due, of payments that were captured, for half a minute. */
export async function claimRefunds(db: Db, limit: number): Promise<ClaimedRefund[]> {
  const { rows } = await sql<{ refund: RefundId; payment: PaymentId; at: Date }>`
    update refunds set lease_until = ${databaseNow} + interval '30 seconds', asked_at = coalesce(asked_at, ${databaseNow})
    where id = any(array(
      select r.id from refunds r join payments p on p.id = r.payment_id
      where r.due_at <= ${databaseNow} and (r.lease_until is null or r.lease_until <= ${databaseNow}) and p.captured > 0
      order by r.due_at limit ${limit} for update of r skip locked))
    returning id as refund, payment_id as payment, ${databaseNow} as at`.execute(db);
  if (rows.length === 0) return [];
  const refunds = await db
    .selectFrom('refunds')
    .selectAll()
    .where(
      'id',
      'in',
      rows.map((row) => row.refund),
    )
    .execute();
  const payments = await db
    .selectFrom('payments')
    .selectAll()
    .where(
      'id',
      'in',
      rows.map((row) => row.payment),
    )
    .execute();
  return rows.map(({ refund, payment, at }) => ({
    refund: refundFromRow(refunds.find((row) => row.id === refund)!),
    payment: fromRow(payments.find((row) => row.id === payment)! as Selectable<PaymentTable>),
    at,
  }));
}

/** The refund that the provider knows by an id of its own, or undefined. */
export const findRefundIdOfGateway = async (db: Db, gatewayRefundId: string): Promise<RefundId | undefined> =>
  (await db.selectFrom('refunds').select('id').where('gateway_refund_id', '=', gatewayRefundId).executeTakeFirst())?.id;

/** Payment first, then refund: the one order in which both are locked. */
export async function lockRefund(db: Trx, id: RefundId): Promise<{ refund: Refund; payment: Payment } | undefined> {
  const found = await db.selectFrom('refunds').select('payment_id').where('id', '=', id).executeTakeFirst();
  if (!found) return undefined;
  const payment = await db
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', found.payment_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const refund = await db.selectFrom('refunds').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
  return { refund: refundFromRow(refund), payment: fromRow(payment) };
}

/** Lets go of a taken refund until it is due again. */
export async function releaseRefund(db: Db, id: RefundId, dueAt: Date | null, tries: number): Promise<void> {
  await db
    .updateTable('refunds')
    .set({
      lease_until: null,
      due_at: sql<Date | null>`case when status = 'PENDING' then ${dueAt}::timestamptz end`,
      tries,
    })
    .where('id', '=', id)
    .execute();
}

/** Refund, payment, history and ledger in one statement. The caller has locked both. */
export async function saveRefundChange(
  db: Trx,
  before: Payment,
  change: RefundChange,
  { dueAt, ...saving }: Omit<Saving, 'release'> & { dueAt: Date | null },
): Promise<void> {
  const { refund } = change;
  const changed =
    change.payment === before
      ? sql`changed as (select ${before.id}::uuid as id)`
      : changedPart(before, change.payment, saving.now, false);
  const parts = [changed, ...recordsOf(change, saving, refund.id)];
  await sql`with ${sql.join(parts)}
    update refunds set status = ${refund.status}, gateway_refund_id = ${refund.gatewayRefundId}, failure = ${change.failure},
      due_at = ${dueAt}, lease_until = null, tries = 0, updated_at = ${saving.now}
    from changed where refunds.id = ${refund.id}`.execute(db);
}

export const listPendingRefundsOf = async (db: Trx, paymentId: PaymentId): Promise<Refund[]> =>
  (
    await db
      .selectFrom('refunds')
      .selectAll()
      .where('payment_id', '=', paymentId)
      .where('status', '=', 'PENDING')
      .orderBy('id')
      .execute()
  ).map(refundFromRow);

/** A page of settled or failed refunds by id with their order, for the snapshot. */
export const listRefundsAfter = (db: Db, after: RefundId | null, limit: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.amount', 'r.currency', 'r.status', 'r.failure', 'p.order_id', 'p.version'])
    .where('r.status', '<>', 'PENDING')
    .$if(after !== null, (q) => q.where('r.id', '>', after!))
    .orderBy('r.id')
    .limit(limit)
    .execute();
