import type { Fact, FactOf, FactType } from '@souk/schema';
import { facts as registry } from '@souk/schema';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Ear, Mouth, Settled } from './bus.ts';
import { isRetryable } from './db.ts';
import { count } from './metrics.ts';
import { parkedKeys } from './parked.ts';
import type { Parts } from './parts.ts';
import type { KitTables } from './tables.ts';
import { traced } from './telemetry.ts';
import { type Aftermath, type Committed, newId, type Touched, type Tx, transact } from './tx.ts';

/** Hears one fact: its effect and its inbox row are one transaction. Idempotent, for a replay may come by another road. */
export type Hear<Db, F extends Fact = Fact> = (tx: Tx<Db>, fact: F) => Promise<void>;
/** Hears many facts of one type in one transaction: for projections that take thousands. */
export interface HearBatch<Db, F extends Fact = Fact> {
  readonly batch: (tx: Tx<Db>, facts: readonly F[]) => Promise<void>;
}
/**
 * Hears under a lock that is taken in one statement with the inbox rows. Its parts may refer to `taken(fact_id)`, the facts
 * that were not heard before; `hear` is only called with those, and not at all where there are none. `many` says that it
 * takes many facts of the type at a time. `shortcut` is tried first, by one statement and without BEGIN and COMMIT: where it
 * answers a row it has done all there is to do and the fact is heard, where it answers none it has done nothing.
 */
// biome-ignore lint/suspicious/noExplicitAny: each ear names its own row; the registry holds all kinds
export interface HearUnderLock<Db, F extends Fact = Fact, Row = any> {
  readonly many?: true;
  /** Idempotent by itself, so that a fact that was heard before finds nothing to do; it may not refer to `taken`. */
  readonly shortcut?: Pick<HearAtOnce<F>, 'atOnce' | 'after'>;
  readonly lock: (facts: readonly F[], newId: Tx<Db>['newId']) => Parts<Row>;
  readonly hear: (tx: Tx<Db>, facts: readonly F[], rows: readonly Row[]) => Promise<void>;
}
/**
 * Hears by one statement, in which effect and inbox rows are written: a transaction of its own, without BEGIN and COMMIT.
 * For what says nothing. A part that is not idempotent asks `taken(fact_id)` whether the fact was heard before.
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export interface HearAtOnce<F extends Fact = Fact, Row = any> {
  readonly many?: true;
  readonly atOnce: (facts: readonly F[], newId: Tx<never>['newId']) => Parts<Row>;
  readonly after?: (aftermath: Aftermath, facts: readonly F[], rows: readonly Row[]) => void;
}
export type Ears<Db, F extends Fact> = Hear<Db, F> | HearBatch<Db, F> | HearUnderLock<Db, F> | HearAtOnce<F>;
export type Hears<Db> = { readonly [T in FactType]?: Ears<Db, FactOf<T>> };

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
    async unmark(since) {
      const from =
        since === null
          ? sql`'-infinity'::timestamptz`
          : since instanceof Date
            ? sql`${since}::timestamptz`
            : sql`now() - make_interval(secs => ${since.lastSeconds})`;
      const { numAffectedRows } = await sql`
        update outbox set published_at = null where published_at >= ${from}`.execute(db);
      return Number(numAffectedRows ?? 0);
    },
    async findBroker() {
      const row = await db.selectFrom('broker').selectAll().executeTakeFirst();
      return row && { madeAt: row.made_at, serverId: row.server_id, heardUntil: row.heard_until };
    },
    async saveBroker({ madeAt, serverId, heardUntil }) {
      const row = { made_at: madeAt, server_id: serverId, heard_until: heardUntil };
      await db
        .insertInto('broker')
        .values({ one: true, ...row })
        .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
        .execute();
    },
  };
}

export interface EarOptions<Db> {
  readonly house: string;
  readonly db: Kysely<Db>;
  readonly hears: Hears<Db>;
  readonly committed: (done: Committed<unknown>) => Promise<void>;
}

/** One house's ear: inbox, dead letters and parked keys around the house's own handlers. */
export function earOf<Db>({ house, db, hears, committed }: EarOptions<Db>): Ear & { loadParked(): Promise<void> } {
  const kit = db as unknown as Kysely<KitTables>;
  const parked = parkedKeys(kit);
  const handlers = hears as Record<string, Ears<Db, Fact> | undefined>;
  const heard = Object.keys(hears);

  async function deliver(facts: readonly Fact[]): Promise<Settled> {
    const free: Fact[] = [];
    for (const fact of facts) if (!(parked.has(fact) && (await parked.join(fact)))) free.push(fact);
    if (free.length > 0) await hear(free);
    return free.length < facts.length ? 'PARKED' : 'HEARD';
  }

  async function hear(facts: readonly Fact[]): Promise<void> {
    const { type, trace } = facts[0]!;
    const handler = handlers[type];
    if (!handler) throw new Error(`${house} has no ear for ${type}`);
    await traced(`hear ${type}`, { house, facts: facts.length }, trace, async () => {
      const heard = await hearBy(handler, facts);
      count('souk_facts_heard_total', heard);
    });
  }

  async function hearBy(handler: Ears<Db, Fact>, facts: readonly Fact[]): Promise<number> {
    if ('atOnce' in handler) return hearAtOnce(handler, facts, takeIn);
    const shortcut = 'lock' in handler ? handler.shortcut : undefined;
    const heard = shortcut ? await hearAtOnce(shortcut, facts, takeInAfter) : 0;
    return heard > 0 ? heard : hearInTransaction(handler, facts);
  }

  async function hearInTransaction(handler: Exclude<Ears<Db, Fact>, HearAtOnce>, facts: readonly Fact[]) {
    let taken: Taken = nothing;
    const opening = async (trx: Transaction<Db>) => {
      taken = await takeIn(
        trx as unknown as Transaction<KitTables>,
        facts,
        'lock' in handler ? handler.lock(facts, newId) : null,
      );
      return taken.fresh.length > 0 ? taken.now : undefined;
    };
    const done = await transact(db, { house, opening }, (tx) => handle(handler, tx, taken));
    if (done) await committed(done);
    return taken.fresh.length;
  }

  async function hearAtOnce(
    handler: Pick<HearAtOnce, 'atOnce' | 'after'>,
    facts: readonly Fact[],
    take: typeof takeIn,
  ): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { fresh, rows } = await take(kit, facts, handler.atOnce(facts, newId));
        const touched: Touched[] = [];
        const nudged: string[] = [];
        const aftermath: Aftermath = {
          touch: (topic, id, version) => void touched.push({ topic, id, version }),
          nudge: (tick) => void nudged.push(tick),
        };
        if (fresh.length > 0) handler.after?.(aftermath, fresh, rows);
        await committed({ result: undefined, facts: [], touched, nudged });
        return fresh.length;
      } catch (error) {
        if (!isRetryable(error) || attempt === AT_ONCE_TRIES) throw error;
      }
    }
  }

  return {
    house,
    hears: heard,
    batches: heard.filter((type) => takesMany(handlers[type]!)),
    deliver,
    park: parked.park,
    refresh: parked.refresh,
    loadParked: parked.load,
  };
}

const AT_ONCE_TRIES = 5;

const takesMany = <Db>(ear: Ears<Db, Fact>): boolean =>
  typeof ear === 'object' && ('batch' in ear || ear.many === true);

interface Taken {
  /** Those that were not heard before. */
  readonly fresh: readonly Fact[];
  readonly now: Date;
  readonly rows: readonly unknown[];
}
const nothing: Taken = { fresh: [], now: new Date(0), rows: [] };

/** Inbox rows for facts not heard before; tells the time, and does the ear's own parts, in the same statement. */
async function takeIn(db: Kysely<KitTables>, facts: readonly Fact[], parts: Parts | null): Promise<Taken> {
  return takeBy(db, facts, parts, [inboxRows(facts, sql``), ...(parts?.with ?? [])]);
}

/** The same, but inbox rows only where the parts answer a row. */
async function takeInAfter(db: Kysely<KitTables>, facts: readonly Fact[], parts: Parts | null): Promise<Taken> {
  const done = sql`where exists (select from ${sql.ref(parts!.answer)})`;
  return takeBy(db, facts, parts, [...parts!.with, inboxRows(facts, done)]);
}

const inboxRows = (facts: readonly Fact[], condition: RawBuilder<unknown>) => sql`taken as (
  insert into inbox (fact_id, type)
  select id, ${facts[0]!.type} from unnest(${facts.map((fact) => fact.id)}::uuid[]) as id ${condition}
  on conflict do nothing returning fact_id)`;

async function takeBy(
  db: Kysely<KitTables>,
  facts: readonly Fact[],
  parts: Parts | null,
  statements: readonly RawBuilder<unknown>[],
): Promise<Taken> {
  const answer: RawBuilder<unknown> = parts
    ? sql`(select) as one left join (select true as kit_found, a.* from ${sql.ref(parts.answer)} a) as a on true`
    : sql`(select null as kit_found) as a`;
  const { rows } = await sql<{ kit_now: Date; kit_taken: string[]; kit_found: true | null }>`
    with ${sql.join(statements)}
    select now() as kit_now, array(select fact_id from taken) as kit_taken, a.* from ${answer}`.execute(db);
  const ids = new Set(rows[0]!.kit_taken);
  return {
    fresh: facts.filter((fact) => ids.has(fact.id)),
    now: rows[0]!.kit_now,
    rows: rows.filter((row) => row.kit_found),
  };
}

/** Lets an ear hear one fact inside a transaction: its inbox row and its effect, unless it was heard before. */
export async function hearWithin<Db>(tx: Tx<Db>, handler: Ears<Db, Fact>, fact: Fact): Promise<void> {
  const parts =
    'atOnce' in handler ? handler.atOnce([fact], newId) : 'lock' in handler ? handler.lock([fact], newId) : null;
  const taken = await takeIn(tx.db as unknown as Transaction<KitTables>, [fact], parts);
  if (taken.fresh.length === 0) return;
  if ('atOnce' in handler) handler.after?.(tx, taken.fresh, taken.rows);
  else await handle(handler, tx, taken);
}

async function handle<Db>(
  handler: Exclude<Ears<Db, Fact>, HearAtOnce>,
  tx: Tx<Db>,
  { fresh, rows }: Taken,
): Promise<void> {
  if ('lock' in handler) await handler.hear(tx, fresh, rows);
  else if ('batch' in handler) await handler.batch(tx, fresh);
  else for (const fact of fresh) await handler(tx, fact);
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
