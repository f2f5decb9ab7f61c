import type { Fact } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import type { KitTables } from './tables.ts';
import type { StoredFact } from './tx.ts';

/** Keys with a dead letter: everything later of the same key waits behind it. */
export interface ParkedKeys {
  /** Whether it waits, as far as this process knows. */
  has(fact: Fact): boolean;
  /** Sets a fact aside that failed too often; its key is parked from now on. */
  park(fact: Fact, tries: number, error: unknown): Promise<void>;
  /** Sets a fact behind the dead letter of its key; false where that is gone, driven again by whichever process. */
  join(fact: Fact): Promise<boolean>;
  /** What other processes of the house parked, or drove again, of these facts' keys. */
  refresh(facts: readonly Fact[]): Promise<void>;
  /** All that is parked. */
  load(): Promise<void>;
}

/** What is parked lies in the dead letters; this remembers it, so that a fact of a key that is free costs no look. */
export function parkedKeys(db: Kysely<KitTables>): ParkedKeys {
  let keys = new Set<string>();
  return {
    has: (fact) => keys.has(parkKey(fact)),
    async park(fact, tries, error) {
      await sql`
        insert into dead_letters (fact_id, type, key, fact, reason, error, tries)
        select ${fact.id}, ${fact.type}, ${fact.key}, ${textOf(fact)}::jsonb, 'FAILED', ${causeOf(error)}, ${tries}
        where not exists (select from inbox where fact_id = ${fact.id})
        on conflict do nothing`.execute(db);
      keys.add(parkKey(fact));
    },
    async join(fact) {
      // Whoever drives the letter again holds it until its effect is committed: then it is gone, or this one is seen behind it.
      const { rows } = await sql<{ parked: boolean }>`
        with ahead as (
          select from dead_letters where key = ${fact.key} and type like ${`${speakerOf(fact)}.%`}
          order by seq limit 1 for share),
        joined as (
          insert into dead_letters (fact_id, type, key, fact, reason, error, tries)
          select ${fact.id}, ${fact.type}, ${fact.key}, ${textOf(fact)}::jsonb, 'KEY_PARKED', null, 0 from ahead
          where not exists (select from inbox where fact_id = ${fact.id})
          on conflict do nothing)
        select exists (select from ahead) as parked`.execute(db);
      const { parked } = rows[0]!;
      if (!parked) keys.delete(parkKey(fact));
      return parked;
    },
    async refresh(facts) {
      const rows = await db
        .selectFrom('dead_letters')
        .select(['type', 'key'])
        .where('key', 'in', [...new Set(facts.map(({ key }) => key))])
        .execute();
      const parked = new Set(rows.map(parkKey));
      for (const key of facts.map(parkKey)) parked.has(key) ? keys.add(key) : keys.delete(key);
    },
    async load() {
      const rows = await db.selectFrom('dead_letters').select(['type', 'key']).execute();
      keys = new Set(rows.map(parkKey));
    },
  };
}

const speakerOf = ({ type }: { type: string }): string => type.split('.')[0]!;

/** Keys are the speaker's: two speakers may use one text for two things. */
const parkKey = (fact: { type: string; key: string }): string => `${speakerOf(fact)}/${fact.key}`;

const textOf = (fact: Fact): string => {
  const { seq: _, ...plain } = fact as StoredFact;
  return JSON.stringify(plain);
};

/** What is kept of an error: its class and code, for a message can carry a personal value. */
export const causeOf = (error: unknown): string | null =>
  error instanceof Error ? [error.name, (error as { code?: string }).code].filter(Boolean).join(' ') : null;
