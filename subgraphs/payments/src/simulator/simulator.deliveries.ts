import { sql } from 'kysely';
import { type Db, databaseNow, type StoredEvent, type Tx } from './simulator.store.ts';

export interface DueDelivery extends StoredEvent {
  readonly attempts: number;
  readonly created_at: Date;
}

const RETRY_FOR_MS = 3 * 24 * 3600 * 1000;

/**
 * Takes the deliveries that are due and puts their next try `leaseMs` ahead in the same statement: whoever is killed
 * while sending has only postponed them, and two workers never take the same one.
 */
export async function claimDeliveries(db: Db, now: Date, leaseMs: number, limit: number): Promise<DueDelivery[]> {
  const rows = await db
    .updateTable('deliveries as d')
    .from('events as e')
    .set({ attempts: sql<number>`d.attempts + 1`, next_attempt_at: new Date(now.getTime() + leaseMs) })
    .whereRef('e.id', '=', 'd.event_id')
    .where('d.event_id', 'in', (w) =>
      w
        .selectFrom('deliveries')
        .select('event_id')
        .where('delivered_at', 'is', null)
        .where('given_up', '=', false)
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['e.id', 'e.seq', 'e.type', 'e.body', 'e.created_at', 'd.attempts'])
    .execute();
  return rows.sort((a, b) => (BigInt(a.seq) < BigInt(b.seq) ? -1 : 1));
}

export async function markDelivered(db: Db, eventIds: readonly string[], now: Date): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ delivered_at: now, last_result: 'delivered' })
    .where('event_id', 'in', eventIds)
    .execute();
}

/** Puts the delivery off; three days after the event it is given up, as Stripe does. */
export async function postponeDelivery(
  db: Db,
  due: DueDelivery,
  now: Date,
  waitMs: number,
  result: string,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({
      next_attempt_at: new Date(now.getTime() + waitMs),
      last_result: result,
      given_up: now.getTime() - due.created_at.getTime() > RETRY_FOR_MS,
    })
    .where('event_id', '=', due.id)
    .execute();
}

/** Makes everything undelivered due now, also what waits for a later retry. */
export async function hurryDeliveries(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ next_attempt_at: now })
    .where('delivered_at', 'is', null)
    .where('given_up', '=', false)
    .execute();
}

export interface Due {
  readonly now: Date;
  readonly delivery: Date | null;
  readonly settlement: Date | null;
}

/** The time, and when the next delivery and the next settlement are due; null where nothing waits. */
export async function readDue(db: Db): Promise<Due> {
  return db
    .selectNoFrom((w) => [
      databaseNow.as('now'),
      w
        .selectFrom('deliveries')
        .select((x) => x.fn.min('next_attempt_at').as('at'))
        .where('delivered_at', 'is', null)
        .where('given_up', '=', false)
        .as('delivery'),
      w
        .selectFrom('settlements')
        .select((x) => x.fn.min('due_at').as('at'))
        .as('settlement'),
    ])
    .executeTakeFirstOrThrow();
}

export async function countUndelivered(db: Db): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((w) => w.fn.countAll<string>().as('count'))
    .where('delivered_at', 'is', null)
    .where('given_up', '=', false)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function lockDueSettlements(tx: Tx, now: Date) {
  return tx
    .selectFrom('settlements')
    .selectAll()
    .where('due_at', '<=', now)
    .orderBy('intent_id')
    .limit(20)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function deleteSettlement(tx: Tx, refundId: string): Promise<void> {
  await tx.deleteFrom('settlements').where('refund_id', '=', refundId).execute();
}

export async function readPaused(db: Db): Promise<boolean> {
  return (await db.selectFrom('settings').select('webhooks_paused').executeTakeFirstOrThrow()).webhooks_paused;
}

export async function savePaused(db: Db, paused: boolean): Promise<void> {
  await db.updateTable('settings').set({ webhooks_paused: paused }).execute();
}
