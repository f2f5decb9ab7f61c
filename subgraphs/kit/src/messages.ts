import type { Fact, FactOf, FactType } from '@souk/schema';
import { facts as registry } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Ear, Mouth, Settled } from './bus.ts';
import type { PeerHouse } from './platform.ts';
import type { KitTables } from './tables.ts';
import { count, traced } from './telemetry.ts';
import { type Committed, type StoredFact, type Tx, transact } from './tx.ts';

/** Hears one fact: its effect and its inbox row are one transaction. Idempotent, for a replay may come by another road. */
export type Hear<Db, F extends Fact = Fact> = (tx: Tx<Db>, fact: F) => Promise<void>;
/** Hears many facts of one type in one transaction: for projections that take thousands. */
export interface HearBatch<Db, F extends Fact = Fact> {
  readonly batch: (tx: Tx<Db>, facts: readonly F[]) => Promise<void>;
}
export type Hears<Db> = { readonly [T in FactType]?: Hear<Db, FactOf<T>> | HearBatch<Db, FactOf<T>> };

/** One house's outbox. */
export function mouthOf(house: string, db: Kysely<KitTables>): Mouth {
  return {
    house,
    async listUnpublished(limit) {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('published_at', 'is', null)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ published_at: _, at, ...row }) => ({ ...row, at: at.toISOString() }));
    },
    async markPublished(ids) {
      await sql`update outbox set published_at = now() where id = any(${ids}::uuid[])`.execute(db);
    },
  };
}

interface EarOptions<Db> {
  readonly house: string;
  readonly db: Kysely<Db>;
  readonly hears: Hears<Db>;
  readonly committed: (done: Committed<unknown>) => void;
}

/** One house's ear: inbox, dead letters and parked keys around the house's own handlers. */
export function earOf<Db>({ house, db, hears, committed }: EarOptions<Db>): Ear & { loadParked(): Promise<void> } {
  const kit = db as unknown as Kysely<KitTables>;
  /** Keys with a dead letter: everything later of the same key waits behind it. */
  let parked = new Set<string>();
  const handlers = hears as Record<string, Hear<Db> | HearBatch<Db> | undefined>;
  const heard = Object.keys(hears);

  const isParked = (fact: Fact) => parked.has(parkKey(fact));

  async function deliver(facts: readonly Fact[]): Promise<Settled> {
    const waiting = facts.filter(isParked);
    for (const fact of waiting) await insertDeadLetter(kit, fact, 'KEY_PARKED', 0, null);
    const free = facts.filter((fact) => !isParked(fact));
    if (free.length > 0) await hear(free);
    return waiting.length > 0 ? 'PARKED' : 'HEARD';
  }

  async function hear(facts: readonly Fact[]): Promise<void> {
    const { type, trace } = facts[0]!;
    const handler = handlers[type];
    if (!handler) throw new Error(`${house} has no ear for ${type}`);
    let fresh: readonly Fact[] = [];
    await traced(`hear ${type}`, { house, facts: facts.length }, trace, async () => {
      const done = await transact(
        db,
        {
          house,
          opening: async (trx) => {
            const taken = await takeIn(trx as unknown as Transaction<KitTables>, facts);
            fresh = facts.filter((fact) => taken.ids.has(fact.id));
            return fresh.length > 0 ? taken.now : undefined;
          },
        },
        async (tx) => {
          if ('batch' in handler) await handler.batch(tx, fresh);
          else for (const fact of fresh) await handler(tx, fact);
        },
      );
      count('souk_facts_heard_total', fresh.length);
      if (done) committed(done);
    });
  }

  return {
    house,
    hears: heard,
    batches: heard.filter((type) => typeof handlers[type] === 'object'),
    deliver,
    async park(fact, tries, error) {
      await insertDeadLetter(kit, fact, 'FAILED', tries, error);
      parked.add(parkKey(fact));
    },
    async loadParked() {
      const rows = await kit.selectFrom('dead_letters').select(['type', 'key']).execute();
      parked = new Set(rows.map(parkKey));
    },
  };
}

/** Keys are the speaker's: two speakers may use one text for two things. */
const parkKey = (fact: { type: string; key: string }): string => `${fact.type.split('.')[0]}/${fact.key}`;

/** Inbox rows for facts not heard before; tells the time in the same statement. */
async function takeIn(trx: Transaction<KitTables>, facts: readonly Fact[]): Promise<{ ids: Set<string>; now: Date }> {
  const { rows } = await sql<{ fact_id: string; now: Date }>`
    insert into inbox (fact_id, type)
    select unnest(${facts.map((fact) => fact.id)}::uuid[]), ${facts[0]!.type}
    on conflict do nothing returning fact_id, now()`.execute(trx);
  return { ids: new Set(rows.map((row) => row.fact_id)), now: rows[0]?.now ?? new Date(0) };
}

async function insertDeadLetter(
  db: Kysely<KitTables>,
  fact: Fact,
  reason: 'FAILED' | 'KEY_PARKED',
  tries: number,
  error: unknown,
): Promise<void> {
  const { seq: _, ...plain } = fact as StoredFact;
  // The class and code only: a message can carry a personal value.
  const cause =
    error instanceof Error ? [error.name, (error as { code?: string }).code].filter(Boolean).join(' ') : null;
  await sql`
    insert into dead_letters (fact_id, type, key, fact, reason, error, tries)
    select ${fact.id}, ${fact.type}, ${fact.key}, ${JSON.stringify(plain)}::jsonb, ${reason}, ${cause}, ${tries}
    where not exists (select from inbox where fact_id = ${fact.id})
    on conflict do nothing`.execute(db);
}

/**
 * Drives a key's dead letters again, oldest first, each in a transaction that swaps the letter for an inbox row. Stops at
 * the first that fails again. Returns how many were heard, or null where there is no such letter.
 */
export async function redrive<Db>(
  { house, db, hears, committed }: EarOptions<Db>,
  ear: { loadParked(): Promise<void> },
  factId: string,
): Promise<number | null> {
  const kit = db as unknown as Kysely<KitTables>;
  const letter = await kit
    .selectFrom('dead_letters')
    .select(['key', 'type'])
    .where('fact_id', '=', factId)
    .executeTakeFirst();
  if (!letter) return null;
  const speaker = `${letter.type.split('.')[0]}.%`;
  let heard = 0;
  for (;;) {
    const done = await transact(db, { house }, async (tx) => {
      const trx = tx.db as unknown as Transaction<KitTables>;
      const next = await trx
        .selectFrom('dead_letters')
        .selectAll()
        .where('key', '=', letter.key)
        .where('type', 'like', speaker)
        .orderBy('seq')
        .limit(1)
        .forUpdate()
        .executeTakeFirst();
      if (!next) return false;
      const fact = next.fact as Fact;
      await trx.deleteFrom('dead_letters').where('fact_id', '=', fact.id).execute();
      const { ids } = await takeIn(trx, [fact]);
      const handler = (hears as Record<string, Hear<Db> | HearBatch<Db> | undefined>)[fact.type];
      if (!handler) throw new Error(`${house} has no ear for ${fact.type}`);
      if (ids.size > 0) {
        if ('batch' in handler) await handler.batch(tx, [fact]);
        else await handler(tx, fact);
      }
      return true;
    });
    if (done) committed(done);
    if (!done?.result) break;
    heard += 1;
  }
  await ear.loadParked();
  return heard;
}

/** A house's dead letters as the admin reads them. */
export function deadLettersOf(
  house: string,
  db: Kysely<KitTables>,
): Pick<PeerHouse, 'deadLetters' | 'countDeadLetters'> {
  return {
    async deadLetters(after, limit) {
      let query = db
        .selectFrom('dead_letters')
        .select(['fact_id', 'type', 'key', 'reason', 'error', 'tries', 'parked_at'])
        .orderBy('fact_id')
        .limit(limit);
      if (after !== null) query = query.where('fact_id', '>', after);
      const rows = await query.execute();
      return rows.map(({ fact_id, parked_at, ...row }) => ({ ...row, house, factId: fact_id, parkedAt: parked_at }));
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

/** Blanks the personal fields of one person's facts in outbox and dead letters. Ids and amounts stay. */
export async function redactSubject(db: Kysely<KitTables>, subject: string): Promise<void> {
  for (const [type, info] of Object.entries(registry)) {
    if (info.personal.length === 0) continue;
    const fields = [...info.personal];
    await sql`update outbox set data = data - ${fields}::text[] where subject = ${subject} and type = ${type}`.execute(
      db,
    );
    await sql`
      update dead_letters set fact = jsonb_set(fact, '{data}', (fact->'data') - ${fields}::text[])
      where type = ${type} and fact->>'subject' = ${subject}`.execute(db);
  }
}

/** Rotates the partitions of a house's outbox and inbox and forgets idempotency keys older than two days. */
export async function maintain(db: Kysely<KitTables>): Promise<void> {
  await sql`select rotate_partitions(3, 30)`.execute(db);
  await sql`delete from idempotency where created_at < now() - interval '2 days'`.execute(db);
}
