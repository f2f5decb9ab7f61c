import { Kysely, PostgresDialect, type PostgresPool, sql, type Transaction, WithSchemaPlugin } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as first from './migrations/0001_simulator.ts';
import type { Intent, PaymentMethod, Step } from './simulator.intents.ts';
import { type ObjectKind, SCHEMA, type SimulatorDb } from './simulator.tables.ts';

export type Db = Kysely<SimulatorDb>;
export type Tx = Transaction<SimulatorDb>;

const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001_simulator': { up: first.up } };

/** Brings the simulator's schema up to date and gives the database in which it is the default one. */
export async function openStore(pool: PostgresPool): Promise<Db> {
  const db = new Kysely<SimulatorDb>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new WithSchemaPlugin(SCHEMA)],
  });
  const migrator = new Migrator({
    db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }),
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return db;
}

/** The database's time: the simulator has no clock of its own. */
export const databaseNow = sql<Date>`now()`;

export async function readNow(db: Db): Promise<Date> {
  return (await db.selectNoFrom(databaseNow.as('now')).executeTakeFirstOrThrow()).now;
}

/** Starts a write: its time, and whether it alone works under this idempotency key until the transaction ends. */
export async function beginWrite(tx: Tx, key: string | null): Promise<{ now: Date; alone: boolean }> {
  if (key === null) return { now: await readNow(tx), alone: true };
  const { rows } = await sql<{ now: Date; alone: boolean }>`
    select ${databaseNow} as now, pg_try_advisory_xact_lock(hashtextextended(${`${SCHEMA}:${key}`}, 0)) as alone`.execute(
    tx,
  );
  return rows[0]!;
}

export const findKey = (db: Db, key: string) =>
  db.selectFrom('idempotency_keys').selectAll().where('key', '=', key).executeTakeFirst();

export async function deleteKey(tx: Tx, key: string): Promise<void> {
  await tx.deleteFrom('idempotency_keys').where('key', '=', key).execute();
}

export interface KeptAnswer {
  readonly key: string;
  readonly endpoint: string;
  readonly params_hash: string;
  readonly request_id: string;
  readonly status: number;
  readonly body: string;
  readonly created_at: Date;
}

/** The primary key is the last word on "once": a second answer under one key cannot be stored. */
export async function insertKey(tx: Tx, answer: KeptAnswer): Promise<void> {
  await tx.insertInto('idempotency_keys').values(answer).execute();
}

export async function findIntent(db: Db, id: string): Promise<Intent | undefined> {
  return (await db.selectFrom('payment_intents').select('state').where('id', '=', id).executeTakeFirst())?.state;
}

export async function lockIntent(tx: Tx, id: string): Promise<Intent | undefined> {
  const row = await tx
    .selectFrom('payment_intents')
    .select('state')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state;
}

export async function findIntentIdOf(db: Db, objectId: string): Promise<string | undefined> {
  const row = await db.selectFrom('intent_objects').select('intent_id').where('id', '=', objectId).executeTakeFirst();
  return row?.intent_id;
}

/** Writes the intent and indexes the charges, refunds and disputes it did not have before. */
export async function saveStep(tx: Tx, before: Intent | null, step: Step, now: Date): Promise<void> {
  const { intent } = step;
  const state = JSON.stringify(intent);
  if (before === null) {
    await tx.insertInto('payment_intents').values({ id: intent.id, created_at: now, state }).execute();
  } else {
    await tx.updateTable('payment_intents').set({ state }).where('id', '=', intent.id).execute();
  }
  const known = new Set(before === null ? [] : objectsOf(before).map((o) => o.id));
  const added = objectsOf(intent).filter((o) => !known.has(o.id));
  if (added.length > 0) {
    await tx
      .insertInto('intent_objects')
      .values(added.map((o) => ({ ...o, intent_id: intent.id })))
      .execute();
  }
  if (step.settles !== undefined) {
    await tx
      .insertInto('settlements')
      .values({ refund_id: step.settles.refund, intent_id: intent.id, outcome: step.settles.outcome, due_at: now })
      .execute();
  }
}

function objectsOf(intent: Intent): { id: string; kind: ObjectKind }[] {
  return intent.charges.flatMap((charge) => [
    { id: charge.id, kind: 'charge' as const },
    ...charge.refunds.map((refund) => ({ id: refund.id, kind: 'refund' as const })),
    ...(charge.dispute === null ? [] : [{ id: charge.dispute.id, kind: 'dispute' as const }]),
  ]);
}

export async function findPaymentMethod(db: Db, id: string): Promise<PaymentMethod | undefined> {
  return (await db.selectFrom('payment_methods').select('body').where('id', '=', id).executeTakeFirst())?.body;
}

export async function insertPaymentMethod(tx: Tx, method: PaymentMethod): Promise<void> {
  await tx
    .insertInto('payment_methods')
    .values({ id: method.id, body: JSON.stringify(method) })
    .execute();
}

/** Stripe's paging: newest first, after or before an object, one row more than asked to know whether there is more. */
export interface Page {
  readonly limit: number;
  readonly startingAfter: string | null;
  readonly endingBefore: string | null;
}

export interface Paged<T> {
  readonly data: T[];
  readonly hasMore: boolean;
}

function paged<T>(rows: T[], page: Page): Paged<T> {
  const data = rows.slice(0, page.limit);
  return { data: page.endingBefore === null ? data : data.reverse(), hasMore: rows.length > page.limit };
}

export async function listIntents(db: Db, page: Page): Promise<Paged<Intent>> {
  const cursor = page.startingAfter ?? page.endingBefore;
  const rows = await db
    .selectFrom('payment_intents')
    .select('state')
    .$if(cursor !== null, (q) =>
      q.where('seq', page.endingBefore === null ? '<' : '>', (w) =>
        w.selectFrom('payment_intents').select('seq').where('id', '=', cursor!),
      ),
    )
    .orderBy('seq', page.endingBefore === null ? 'desc' : 'asc')
    .limit(page.limit + 1)
    .execute();
  return paged(
    rows.map((row) => row.state),
    page,
  );
}

/** Charges, refunds or disputes with the intent each belongs to; `intentId` narrows to one intent. */
export async function listObjects(
  db: Db,
  kind: ObjectKind,
  intentId: string | null,
  page: Page,
): Promise<Paged<{ id: string; intent: Intent }>> {
  const cursor = page.startingAfter ?? page.endingBefore;
  const rows = await db
    .selectFrom('intent_objects as o')
    .innerJoin('payment_intents as i', 'i.id', 'o.intent_id')
    .select(['o.id', 'i.state'])
    .where('o.kind', '=', kind)
    .$if(intentId !== null, (q) => q.where('o.intent_id', '=', intentId!))
    .$if(cursor !== null, (q) =>
      q.where('o.seq', page.endingBefore === null ? '<' : '>', (w) =>
        w.selectFrom('intent_objects').select('seq').where('id', '=', cursor!),
      ),
    )
    .orderBy('o.seq', page.endingBefore === null ? 'desc' : 'asc')
    .limit(page.limit + 1)
    .execute();
  return paged(
    rows.map((row) => ({ id: row.id, intent: row.state })),
    page,
  );
}

export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

export async function insertEvents(
  tx: Tx,
  events: readonly StoredEvent[],
  now: Date,
  deliver: (type: string) => boolean,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, created_at: now }));
  const sent = events.filter(({ type }) => deliver(type));
  if (sent.length === 0) {
    await tx.insertInto('events').values(rows).execute();
    return;
  }
  const deliveries = sent.map(({ id }) => ({ event_id: id, attempts: 0, next_attempt_at: now, given_up: false }));
  // One statement; the foreign key is checked at its end, when both are there.
  await tx
    .with('said', (q) => q.insertInto('events').values(rows))
    .insertInto('deliveries')
    .values(deliveries)
    .execute();
}

export const findEvent = (db: Db, id: string): Promise<StoredEvent | undefined> =>
  db.selectFrom('events').select(['id', 'type', 'body']).where('id', '=', id).executeTakeFirst();

export async function listEvents(db: Db, types: readonly string[], page: Page): Promise<Paged<StoredEvent>> {
  const cursor = page.startingAfter ?? page.endingBefore;
  const rows = await db
    .selectFrom('events')
    .select(['id', 'type', 'body'])
    .$if(types.length > 0, (q) => q.where('type', 'in', types))
    .$if(cursor !== null, (q) =>
      q.where('seq', page.endingBefore === null ? '<' : '>', (w) =>
        w.selectFrom('events').select('seq').where('id', '=', cursor!),
      ),
    )
    .orderBy('seq', page.endingBefore === null ? 'desc' : 'asc')
    .limit(page.limit + 1)
    .execute();
  return paged(rows, page);
}
