import { databaseNow, type Last, type Parts, statementOf } from '@souk/kit';
import { type Id, money, type OrderId, type PaymentId, type UserId } from '@souk/schema';
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import type { PaymentsDb, PaymentTable, TransactionTable } from './payment.tables.ts';
import type { Change, NewTransaction, Payment } from './payment.ts';
import { isOpen, moves, type PaymentStatus } from './payment.ts';

export type Db = Kysely<PaymentsDb>;
type Trx = Transaction<PaymentsDb>;

/** Longer than any call of the gateway takes; after it a crashed holder's work is anyone's. */
const lease = sql<Date>`${databaseNow} + interval '30 seconds'`;
const openStatuses = (Object.keys(moves) as PaymentStatus[]).filter(isOpen);

export const fromRow = (row: Selectable<PaymentTable>): Payment => ({
  id: row.id,
  orderId: row.order_id,
  orderNumber: row.order_number,
  amount: money(row.amount, row.currency),
  status: row.status,
  version: row.version,
  intentId: row.gateway_intent_id,
  clientSecret: row.client_secret,
  attempt: row.attempt,
  answeredAttempt: row.answered_attempt,
  paymentMethod: row.payment_method,
  decline: row.decline_code === null ? null : { code: row.decline_code, message: row.decline_message ?? '' },
  redirectUrl: row.redirect_url,
  card:
    row.card_brand === null
      ? null
      : {
          brand: row.card_brand,
          last4: row.card_last4!,
          expMonth: row.card_exp_month!,
          expYear: row.card_exp_year!,
        },
  captured: row.captured,
  refunded: row.refunded,
  refunding: row.refunding,
  captureWanted: row.capture_wanted,
  cancelRefundId: row.cancel_refund_id,
  asked: row.asked_at !== null,
  dueAt: row.due_at,
  tries: row.tries,
});

/** Everything but what never changes and what only a claim sets. */
const changing = (payment: Payment) => ({
  status: payment.status,
  version: payment.version,
  gateway_intent_id: payment.intentId,
  client_secret: payment.clientSecret,
  attempt: payment.attempt,
  answered_attempt: payment.answeredAttempt,
  payment_method: payment.paymentMethod,
  decline_code: payment.decline?.code ?? null,
  decline_message: payment.decline?.message ?? null,
  redirect_url: payment.redirectUrl,
  card_brand: payment.card?.brand ?? null,
  card_last4: payment.card?.last4 ?? null,
  card_exp_month: payment.card?.expMonth ?? null,
  card_exp_year: payment.card?.expYear ?? null,
  captured: payment.captured,
  refunded: payment.refunded,
  refunding: payment.refunding,
  capture_wanted: payment.captureWanted,
  cancel_refund_id: payment.cancelRefundId,
  due_at: payment.dueAt,
  tries: payment.tries,
});

export type NewPayment = Pick<PaymentTable, 'id' | 'order_id' | 'order_number' | 'principal' | 'currency' | 'amount'>;

/** One payment per order, whoever asks how often: the unique index decides. Its first call is due at once. */
export const insertPaymentOnce = (payment: NewPayment): Parts => ({
  with: [
    sql`opened as (
      insert into payments (id, order_id, order_number, principal, currency, amount, status, version, attempt,
        answered_attempt, captured, refunded, refunding, capture_wanted, due_at, tries, created_at, updated_at)
      values (${payment.id}, ${payment.order_id}, ${payment.order_number}, ${payment.principal}, ${payment.currency},
        ${payment.amount}, 'PENDING', 1, 0, 0, 0, 0, 0, false, ${databaseNow}, 0, ${databaseNow}, ${databaseNow})
      on conflict (order_id) do nothing returning id)`,
  ],
  answer: 'opened',
});

const openOnes = sql`status = any(${openStatuses}::text[]) and cancel_refund_id is null`;

export interface Submitted {
  /** Somebody is calling the provider about the payment just now. */
  readonly under_way: boolean;
}

/** Takes a newer attempt of a payment that is still open; no row where there is none such. */
export const submitAttempt = (submitted: {
  orderId: OrderId;
  attempt: number;
  paymentMethod: string;
}): Parts<Submitted> => ({
  with: [
    sql`submitted as (
      update payments set attempt = ${submitted.attempt}, payment_method = ${submitted.paymentMethod},
        version = version + 1, tries = 0, due_at = ${databaseNow}, updated_at = ${databaseNow}
      where order_id = ${submitted.orderId} and attempt < ${submitted.attempt} and ${openOnes}
      returning coalesce(lease_until > ${databaseNow}, false) as under_way)`,
  ],
  answer: 'submitted',
});

/** Wishes for the capture of a payment that is not over; no row where there is none such, or it was wished for. */
export const wantCapture = (orderId: OrderId): Parts => ({
  with: [
    sql`wanted as (
      update payments set capture_wanted = true, version = version + 1, tries = 0, due_at = ${databaseNow},
        updated_at = ${databaseNow}
      where order_id = ${orderId} and not capture_wanted and status = any(${[...openStatuses, 'AUTHORIZED']}::text[])
        and cancel_refund_id is null
      returning id)`,
  ],
  answer: 'wanted',
});

const one = (row: Selectable<PaymentTable> | undefined): Payment | undefined => row && fromRow(row);

/** The payment under lock and the transaction's time, as its first statement. */
export async function lockPayment(db: Trx, id: PaymentId): Promise<{ payment: Payment; now: Date }> {
  const { now, ...row } = await db
    .selectFrom('payments')
    .selectAll()
    .select(databaseNow.as('now'))
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { payment: fromRow(row), now };
}

export const lockPaymentOfOrder = async (db: Trx, orderId: OrderId): Promise<Payment | undefined> =>
  one(await db.selectFrom('payments').selectAll().where('order_id', '=', orderId).forUpdate().executeTakeFirst());

export const lockPaymentOfIntent = async (db: Trx, intentId: string): Promise<Payment | undefined> =>
  one(
    await db
      .selectFrom('payments')
      .selectAll()
      .where('gateway_intent_id', '=', intentId)
      .forUpdate()
      .executeTakeFirst(),
  );

export interface Claimed {
  readonly payment: Payment;
  /** The database's time of the claim. */
  readonly at: Date;
}

/** Takes payments whose next call is due, each for whoever asks first, and for half a minute. */
export async function claimPayments(db: Db, limit: number): Promise<Claimed[]> {
  const { rows } = await sql<Selectable<PaymentTable> & { claimed_at: Date }>`
    update payments set lease_until = ${lease}, asked_at = coalesce(asked_at, ${databaseNow})
    where id = any(array(
      select id from payments
      where due_at <= ${databaseNow} and (lease_until is null or lease_until <= ${databaseNow})
      order by due_at limit ${limit} for update skip locked))
    returning *, ${databaseNow} as claimed_at`.execute(db);
  return rows.map((row) => ({ payment: fromRow(row), at: row.claimed_at }));
}

/**
 * Writes down what the provider calls it. Answers the payment as it stands, still taken by the caller; undefined where it was
 * written down before, by a webhook or by whoever took the payment when the caller's lease was over: it has gone on since.
 */
export async function recordIntent(
  db: Db,
  id: PaymentId,
  intent: { intentId: string; clientSecret: string | null },
): Promise<Payment | undefined> {
  return one(
    await db
      .updateTable('payments')
      .set((eb) => ({
        gateway_intent_id: intent.intentId,
        client_secret: intent.clientSecret,
        version: eb('version', '+', 1),
        tries: 0,
        // With nothing submitted and nothing cancelled there is nothing more to do for now.
        due_at: sql<Date | null>`case when attempt > answered_attempt or cancel_refund_id is not null then ${databaseNow} end`,
        lease_until: sql<Date | null>`case when attempt > answered_attempt or cancel_refund_id is not null then ${lease} end`,
        updated_at: databaseNow,
      }))
      .where('id', '=', id)
      .where('gateway_intent_id', 'is', null)
      .returningAll()
      .executeTakeFirst(),
  );
}

/** Lets go of a taken payment until its next call is due. False where it changed meanwhile. */
export async function releasePayment(db: Db, payment: Payment, dueAt: Date | null, tries: number): Promise<boolean> {
  const done = await db
    .updateTable('payments')
    .set({ lease_until: null, due_at: dueAt, tries })
    .where('id', '=', payment.id)
    .where('version', '=', payment.version)
    .executeTakeFirstOrThrow();
  return done.numUpdatedRows > 0n;
}

/** Lets go of a taken payment that changed meanwhile: what it wants next is due at once. */
export async function releaseDue(db: Db, id: PaymentId): Promise<void> {
  await db.updateTable('payments').set({ lease_until: null, due_at: databaseNow }).where('id', '=', id).execute();
}

export interface Saving {
  /** Of the transaction; `databaseNow` in a statement that is one by itself. */
  readonly now: Date | RawBuilder<Date>;
  readonly newId: () => string;
  /** Lets go of the payment too: by whoever took it, and nobody else. */
  readonly release: boolean;
}

/** The history and ledger rows of a change, as parts of one statement behind `changed`. */
export function recordsOf(
  { history, entries }: { history: readonly NewTransaction[]; entries: Change['entries'] },
  { now, newId }: Pick<Saving, 'now' | 'newId'>,
  refundId: string | null = null,
): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = [];
  if (history.length > 0) {
    const rows = history.map(({ amount, ...line }) => ({
      ...line,
      id: newId(),
      amount: amount.amountMinor,
      currency: amount.currency,
    }));
    parts.push(sql`history as (
      insert into payment_transactions (id, payment_id, refund_id, kind, status, amount, currency, reference, message, at)
      select h.id, changed.id, ${refundId}::uuid, h.kind, h.status, h.amount, h.currency, h.reference, h.message, ${now}
      from changed, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(id uuid, kind text, status text, amount bigint,
        currency text, reference text, message text))`);
  }
  if (entries.length > 0) {
    const rows = entries.map(({ debit, credit, amount }) => ({
      id: newId(),
      debit,
      credit,
      amount: amount.amountMinor,
      currency: amount.currency,
    }));
    parts.push(sql`booked as (
      insert into ledger_entries (id, payment_id, debit, credit, amount, currency, at)
      select e.id, changed.id, e.debit, e.credit, e.amount, e.currency, ${now}
      from changed, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(id uuid, debit text, credit text, amount bigint,
        currency text))`);
  }
  return parts;
}

/** `changed`: the payment's row takes its new values, unless it is at another version by now. */
export function changedPart(
  before: Payment,
  after: Payment,
  now: Saving['now'],
  release: boolean,
): RawBuilder<unknown> {
  const sets = Object.entries({ ...changing(after), updated_at: now, ...(release ? { lease_until: null } : {}) }).map(
    ([column, value]) => sql`${sql.ref(column)} = ${value}`,
  );
  return sql`changed as (
    update payments set ${sql.join(sets)} where id = ${before.id} and version = ${before.version} returning id)`;
}

/** Payment, history, ledger and refund of a change. The payment is locked by the caller. */
export function savedChange(before: Payment, change: Change, saving: Saving): Last<{ id: PaymentId }> {
  const { payment, refund } = change;
  return {
    with: [
      changedPart(before, payment, saving.now, saving.release),
      ...recordsOf(change, saving),
      ...(refund === null
        ? []
        : [
            sql`asked_back as (
              insert into refunds (id, payment_id, amount, currency, status, reason, tries, due_at, created_at, updated_at)
              select ${refund.id}::uuid, changed.id, ${refund.amount.amountMinor}::bigint, ${refund.amount.currency}, 'PENDING',
                'The order was cancelled.', 0, ${saving.now}::timestamptz, ${saving.now}, ${saving.now} from changed)`,
          ]),
    ],
    answer: 'changed',
    check(rows) {
      if (rows.length === 0) throw new Error('a payment was changed without its lock');
    },
  };
}

export async function saveChange(db: Trx, saved: Last<{ id: PaymentId }>): Promise<void> {
  const { rows } = await statementOf(saved).execute(db);
  saved.check?.(rows);
}

export interface PaymentRow extends Payment {
  /** Whose it is now. */
  readonly principal: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const withOwner = (db: Db) =>
  db
    .selectFrom('payments as p')
    .leftJoin('identified_guests as g', 'g.guest_principal', 'p.principal')
    .selectAll('p')
    .select(sql<string>`coalesce('user:' || g.user_id, p.principal)`.as('owner'));

const readable = (row: Selectable<PaymentTable> & { owner: string }): PaymentRow => ({
  ...fromRow(row),
  principal: row.owner,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const listPaymentsByIds = async (db: Db, ids: readonly PaymentId[]): Promise<PaymentRow[]> =>
  (await withOwner(db).where('p.id', 'in', ids).execute()).map(readable);

export const listPaymentsByOrders = async (db: Db, orderIds: readonly OrderId[]): Promise<PaymentRow[]> =>
  (await withOwner(db).where('p.order_id', 'in', orderIds).execute()).map(readable);

/** A page of all payments by id, for the snapshot. */
export const listPaymentsAfter = async (db: Db, after: PaymentId | null, limit: number): Promise<Payment[]> =>
  (
    await db
      .selectFrom('payments')
      .selectAll()
      .$if(after !== null, (q) => q.where('id', '>', after!))
      .orderBy('id')
      .limit(limit)
      .execute()
  ).map(fromRow);

export type TransactionRow = Selectable<TransactionTable>;

export const listTransactionsOf = (db: Db, paymentIds: readonly PaymentId[]): Promise<TransactionRow[]> =>
  db
    .selectFrom('payment_transactions')
    .selectAll()
    .where('payment_id', 'in', paymentIds)
    .orderBy('at')
    .orderBy('id')
    .execute();

/** The guest's payments are the user's from now on. */
export async function insertIdentifiedGuest(
  db: Trx,
  guestPrincipal: string,
  userId: Id<'User'> & UserId,
  now: Date,
): Promise<void> {
  await db
    .insertInto('identified_guests')
    .values({ guest_principal: guestPrincipal, user_id: userId, identified_at: now })
    .onConflict((c) => c.column('guest_principal').doNothing())
    .execute();
}
