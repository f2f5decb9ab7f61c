import type { Fact } from '@souk/schema';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { type EarOptions, type Ears, hearWithin } from './messages.ts';
import { isOutage } from './outage.ts';
import { causeOf } from './parked.ts';
import type { DeadLetterRow, PeerHouse, Redriven } from './platform.ts';
import type { KitTables } from './tables.ts';
import { type Tx, transact } from './tx.ts';

/**
 * Drives a key's dead letters again, oldest first, each in a transaction that swaps the letter for an inbox row. Stops at
 * the first that fails again, and notes that try and its cause on the letter. Null where there is no such letter. Throws where
 * the database is away: nothing was tried then.
 */
export async function redrive<Db>(
  options: EarOptions<Db>,
  ear: { loadParked(): Promise<void> },
  factId: string,
): Promise<Redriven | null> {
  const { house, db, committed } = options;
  const kit = db as unknown as Kysely<KitTables>;
  const letter = await kit
    .selectFrom('dead_letters')
    .select(['key', 'type'])
    .where('fact_id', '=', factId)
    .executeTakeFirst();
  if (!letter) return null;
  let heard = 0;
  let failed: DeadLetterRow | null = null;
  for (;;) {
    let tried: string | undefined;
    try {
      const done = await transact(db, { house }, async (tx) => {
        const next = await lockNext(tx.db as unknown as Transaction<KitTables>, letter);
        tried = next?.fact_id;
        if (next) await hear(options, tx, next.fact as Fact);
        return next !== undefined;
      });
      if (done) await committed(done);
      if (!done?.result) break;
      heard += 1;
    } catch (error) {
      if (tried === undefined || isOutage(error)) throw error;
      failed = await noteFailedAgain(house, kit, tried, error);
      break;
    }
  }
  await ear.loadParked();
  return { heard, failed };
}

/** The oldest letter of a key that waits at this ear. Keys are the speaker's. */
const lockNext = (trx: Transaction<KitTables>, { key, type }: { key: string; type: string }) =>
  trx
    .selectFrom('dead_letters')
    .selectAll()
    .where('key', '=', key)
    .where('type', 'like', `${type.split('.')[0]}.%`)
    .orderBy('seq')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();

async function hear<Db>({ house, hears }: EarOptions<Db>, tx: Tx<Db>, fact: Fact): Promise<void> {
  const trx = tx.db as unknown as Transaction<KitTables>;
  await trx.deleteFrom('dead_letters').where('fact_id', '=', fact.id).execute();
  const handler = (hears as Record<string, Ears<Db, Fact> | undefined>)[fact.type];
  if (!handler) throw new Error(`${house} has no ear for ${fact.type}`);
  await hearWithin(tx, handler, fact);
}

const columns = ['fact_id', 'type', 'key', 'reason', 'error', 'tries', 'parked_at'] as const;

const toRow = (
  house: string,
  { fact_id, parked_at, ...row }: Pick<Selectable<KitTables['dead_letters']>, (typeof columns)[number]>,
): DeadLetterRow => ({ ...row, house, factId: fact_id, parkedAt: parked_at });

/** Null where the letter is gone: somebody else drove it at the same time, and it was heard. */
async function noteFailedAgain(
  house: string,
  db: Kysely<KitTables>,
  factId: string,
  error: unknown,
): Promise<DeadLetterRow | null> {
  const row = await db
    .updateTable('dead_letters')
    .set({ reason: 'FAILED', error: causeOf(error) })
    .set((set) => ({ tries: set('tries', '+', 1) }))
    .where('fact_id', '=', factId)
    .returning(columns)
    .executeTakeFirst();
  return row ? toRow(house, row) : null;
}

/** A house's dead letters as the admin reads them. */
export function deadLettersOf(
  house: string,
  db: Kysely<KitTables>,
): Pick<PeerHouse, 'deadLetters' | 'countDeadLetters'> {
  return {
    async deadLetters(from, limit) {
      let query = db.selectFrom('dead_letters').select(columns).orderBy('fact_id').limit(limit);
      if (from !== null) query = query.where('fact_id', from.inclusive ? '>=' : '>', from.factId);
      return (await query.execute()).map((row) => toRow(house, row));
    },
    async countDeadLetters() {
      const { n } = await db
        .selectFrom('dead_letters')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return n;
    },
  };
}
