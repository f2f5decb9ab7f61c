import { databaseNow, type PageArgs, paginate } from '@souk/kit';
import { type CurrencyCode, type Money, money, type OrderId, type PaymentId, type UserId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { knownIn } from './gateway-event.ts';
import type { Account } from './ledger.ts';
import type { DisputeTable, GatewayEventTable, PaymentsDb } from './payment.tables.ts';
import type { ProviderState } from './payment.ts';
import { WEBHOOK_TOLERANCE_SECONDS } from './payment-gateway.ts';

type Db = Kysely<PaymentsDb>;
type Trx = Transaction<PaymentsDb>;

export type NewEvent = Pick<GatewayEventTable, 'id' | 'type' | 'reference' | 'occurred_at'> & {
  readonly amount: Money;
};

/**
 * KNOWN where an event of an intent tells nothing new, by its id or by the payment's state: it is kept then. CALLING where it
 * may be about a call of ours that is under way. One statement outside a transaction: a state that was passed is never entered
 * again. It tells the time too, by which the caller judges the event's age: one that is not timely is not kept.
 */
export async function keepKnownEvent(
  db: Db,
  event: NewEvent,
  state: ProviderState['status'],
  signedAt: number,
): Promise<{ news: 'KNOWN' | 'CALLING' | 'NEWS'; now: Date }> {
  const { rows } = await sql<{ known: boolean; calling: boolean; now: Date }>`
    with told as (
      select id from payments where gateway_intent_id = ${event.reference} and status = any(${[...knownIn(state)]}::text[])
        and amount = ${event.amount.amountMinor} and currency = ${event.amount.currency}
        and abs(floor(extract(epoch from ${databaseNow})) - ${signedAt}) <= ${WEBHOOK_TOLERANCE_SECONDS}),
    kept as (
      insert into gateway_events (id, type, status, payment_id, reference, amount, currency, occurred_at, received_at)
      select ${event.id}, ${event.type}, 'KNOWN', told.id, ${event.reference}, ${event.amount.amountMinor}::bigint,
        ${event.amount.currency}, ${event.occurred_at}::timestamptz, ${databaseNow} from told
      on conflict do nothing)
    select exists (select from told) or exists (select from gateway_events where id = ${event.id}) as known,
      exists (select from payments where gateway_intent_id = ${event.reference} and lease_until > ${databaseNow}) as calling,
      ${databaseNow} as now`.execute(db);
  const { known, calling, now } = rows[0]!;
  return { news: known ? 'KNOWN' : calling ? 'CALLING' : 'NEWS', now };
}

/** False where the event was taken before: its unique id decides. */
export async function insertEventOnce(
  db: Trx,
  { amount, ...event }: NewEvent,
  outcome: Pick<GatewayEventTable, 'status' | 'quarantine_reason' | 'payment_id'>,
  now: Date,
): Promise<boolean> {
  const done = await db
    .insertInto('gateway_events')
    .values({
      ...event,
      ...outcome,
      amount: amount.amountMinor,
      currency: amount.currency,
      received_at: now,
      resolution: null,
      resolved_at: null,
      resolved_by: null,
    })
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Has the payment looked at once more, at once. */
export async function makeDue(db: Trx, id: PaymentId, now: Date): Promise<void> {
  await db
    .updateTable('payments')
    .set((eb) => ({ due_at: now, tries: 0, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export const findPaymentIdOfOrder = async (db: Db, orderId: OrderId): Promise<PaymentId | null> =>
  (await db.selectFrom('payments').select('id').where('order_id', '=', orderId).executeTakeFirst())?.id ?? null;

export interface Dispute {
  readonly id: string;
  readonly amount: Money;
  readonly status: DisputeTable['status'];
}

/** The dispute as it was before, or undefined where this one is the first that is heard of it. The payment is locked. */
export async function findDispute(db: Trx, gatewayDisputeId: string): Promise<Dispute | undefined> {
  const row = await db
    .selectFrom('disputes')
    .select(['id', 'amount', 'currency', 'status'])
    .where('gateway_dispute_id', '=', gatewayDisputeId)
    .executeTakeFirst();
  return row && { id: row.id, amount: money(row.amount, row.currency), status: row.status };
}

export async function insertDispute(db: Trx, dispute: DisputeTable): Promise<void> {
  await db.insertInto('disputes').values(dispute).execute();
}

export async function updateDispute(db: Trx, id: string, status: DisputeTable['status'], now: Date): Promise<void> {
  await db.updateTable('disputes').set({ status, updated_at: now }).where('id', '=', id).execute();
}

const newestFirst = (time: string, id: string, idType: 'uuid' | 'text') =>
  [
    { sql: sql.ref(time), type: 'timestamptz', direction: 'desc' },
    { sql: sql.ref(id), type: idType, direction: 'desc' },
  ] as const;

const selectDisputes = (db: Db) =>
  db
    .selectFrom('disputes')
    .innerJoin('payments', 'payments.id', 'disputes.payment_id')
    .selectAll('disputes')
    .select('order_id');

export const pageDisputes = (db: Db, args: PageArgs) =>
  paginate(db, selectDisputes(db), newestFirst('disputes.created_at', 'disputes.id', 'uuid'), args);

const quarantined = (db: Db) => db.selectFrom('gateway_events').selectAll().where('status', '=', 'QUARANTINED');

export type QuarantinedRow = Selectable<GatewayEventTable>;

/** Words of the provider that were set aside, newest first; `resolved` null for all of them. */
export function pageQuarantined(db: Db, resolved: boolean | null, args: PageArgs) {
  const set = quarantined(db).$if(resolved !== null, (q) => q.where('resolved_at', resolved ? 'is not' : 'is', null));
  return paginate(db, set, newestFirst('received_at', 'id', 'text'), args);
}

export const lockQuarantined = (db: Trx, id: string) =>
  quarantined(db).where('id', '=', id).forUpdate().executeTakeFirst();

export const getQuarantined = (db: Db, id: string) => quarantined(db).where('id', '=', id).executeTakeFirstOrThrow();

export async function updateResolution(
  db: Trx,
  id: string,
  resolution: string,
  by: UserId | null,
  now: Date,
): Promise<void> {
  await db
    .updateTable('gateway_events')
    .set({ resolution, resolved_at: now, resolved_by: by })
    .where('id', '=', id)
    .execute();
}

export function pageLedger(db: Db, args: PageArgs) {
  const entries = db
    .selectFrom('ledger_entries')
    .innerJoin('payments', 'payments.id', 'ledger_entries.payment_id')
    .selectAll('ledger_entries')
    .select('order_id');
  return paginate(db, entries, newestFirst('ledger_entries.at', 'ledger_entries.id', 'uuid'), args);
}

export const listDisputesAfter = (db: Db, after: string | null, limit: number) =>
  selectDisputes(db)
    .select('payments.version')
    .$if(after !== null, (q) => q.where('disputes.id', '>', after!))
    .orderBy('disputes.id')
    .limit(limit)
    .execute();

/** The balance of each account that was booked on. */
export async function listBalances(db: Db) {
  const { rows } = await sql<{ account: Account; currency: CurrencyCode; balance: number }>`
    select account, currency, balance from ledger_balances order by currency, account`.execute(db);
  return rows;
}
