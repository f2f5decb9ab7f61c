import { createHash } from 'node:crypto';
import { encodeId, type Fact, type Id, type IdKind, Rejection, type Saying } from '@souk/schema';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { v7 } from 'uuid';
import { isRetryable } from './db.ts';
import type { Copy } from './hot.ts';
import { type Last, type Parts, statementOf } from './parts.ts';
import type { KitTables } from './tables.ts';
import { traceparent } from './telemetry.ts';

/**
 * One transaction of one house, opened at the door and passed first to everything inside.
 * `now` is the database's time at BEGIN. What is emitted, touched or nudged happens only if the transaction commits.
 */
export interface Tx<Db> {
  readonly db: Transaction<Db>;
  readonly now: Date;
  /** A fresh UUIDv7 that sorts after every earlier one of this process. */
  newId<Kind extends string>(): Id<Kind>;
  /** Says a fact of this house: into the outbox, in this transaction. */
  emit(saying: Saying): void;
  /** Tells live subscribers of `topic` after commit. */
  touch(topic: string, id: string, version: number): void;
  /**
   * Replaces the house's hot copy under `key` after commit, before anyone is told or answered; null for what is gone. Whoever
   * commits a change of what has one must.
   */
  hot<T>(key: string, copy: Copy<T> | null): void;
  /**
   * Says that entities are not what they were: before anyone is told or answered after commit, routers forget all they know of
   * them. Without ids all of the type are meant. Whoever changes what `@cacheControl` marks must.
   */
  evict(type: IdKind, ids?: readonly string[]): void;
  /** Runs a tick of this house at once after commit, rather than at its next sweep. */
  nudge(tick: string): void;
  /**
   * Hands over a write to be sent together with what is said, as the transaction's last statement. Nothing in the
   * transaction may read what it writes. A second one sends the first on its own.
   */
  last<Row>(write: Last<Row>): Promise<void>;
}

/** What an ear of one statement may still do: nothing that writes. */
export type Aftermath = Pick<Tx<never>, 'touch' | 'nudge'>;

export interface Touched {
  readonly topic: string;
  readonly id: string;
  readonly version: number;
}

export interface Replaced {
  readonly key: string;
  readonly copy: Copy<unknown> | null;
}

export interface StoredFact extends Fact {
  readonly seq: number;
}

/** What a commit leaves to do. */
export interface Committed<T> {
  readonly result: T;
  readonly facts: readonly StoredFact[];
  readonly touched: readonly Touched[];
  readonly copies?: readonly Replaced[];
  /** Tags of entities that changed, as caches know them. */
  readonly evicted?: readonly string[];
  readonly nudged: readonly string[];
}

/** The first statement of a transaction: it does its work and tells the time. Undefined stops: there is nothing to do. */
export type Opening<Db> = (db: Transaction<Db>, newId: Tx<Db>['newId']) => Promise<Date | undefined>;

const tellTime: Opening<KitTables> = async (db) => {
  const { rows } = await sql<{ now: Date }>`select now()`.execute(db);
  return rows[0]!.now;
};

export interface Closing {
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
  resultId: string | null;
}

interface Options<Db> {
  readonly house: string;
  readonly opening?: Opening<Db>;
  /** An idempotency row that takes the result's id before commit. */
  readonly closing?: Closing;
}

/** A fresh UUIDv7, for what needs one outside a transaction. */
export const newId = <Kind extends string>(): Id<Kind> => v7() as Id<Kind>;

const RETRIES = 5;

/**
 * Runs `work` in one transaction; outbox rows are written as its last statement. Runs the whole again when it lost a race
 * (40001, 40P01). Returns undefined where the opening said there is nothing to do.
 */
export async function transact<Db, T>(
  db: Kysely<Db>,
  options: Options<Db>,
  work: (tx: Tx<Db>) => Promise<T>,
): Promise<Committed<T> | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(db, options, work);
    } catch (error) {
      if (!isRetryable(error) || attempt === RETRIES) throw error;
    }
  }
}

function once<Db, T>(
  db: Kysely<Db>,
  { house, opening = tellTime as unknown as Opening<Db>, closing }: Options<Db>,
  work: (tx: Tx<Db>) => Promise<T>,
): Promise<Committed<T> | undefined> {
  return db.transaction().execute(async (trx) => {
    const now = await opening(trx, newId);
    if (!now) return undefined;
    const said: Fact[] = [];
    const touched: Touched[] = [];
    const copies: Replaced[] = [];
    const evicted = new Set<string>();
    const nudged: string[] = [];
    const trace = traceparent();
    let last: Last | undefined;
    const result = await work({
      db: trx,
      now,
      newId,
      emit: (saying) => void said.push(factOf(house, saying, now.toISOString(), trace)),
      touch: (topic, id, version) => void touched.push({ topic, id, version }),
      hot: (key, copy) => void copies.push({ key, copy }),
      evict: (type, ids) => tagsOf(type, ids).forEach((tag) => void evicted.add(tag)),
      nudge: (tick) => void nudged.push(tick),
      async last(write) {
        const before = last;
        last = write as unknown as Last;
        if (before) await send(before, async () => (await statementOf(before).execute(trx)).rows);
      },
    });
    const facts = await close(trx as unknown as Transaction<KitTables>, said, closing, last);
    return { result, facts, touched, copies, evicted: [...evicted], nudged };
  });
}

/** More entities than these are evicted as the whole of their type. */
const MOST_IDS = 500;

function tagsOf(type: IdKind, ids: readonly string[] | undefined): string[] {
  if (!ids || ids.length > MOST_IDS) return [type];
  return ids.map((id) => `${type}:${encodeId(type, id as Id<typeof type>)}`);
}

function factOf(house: string, saying: Saying, at: string, trace: string | null): Fact {
  const { type, key, version, subject = null, data } = saying;
  if (!type.startsWith(`${house}.`)) throw new Error(`${house} may not say ${type}`);
  return { id: v7(), type, at, key, version, subject, trace, data };
}

/** What follows from a write of one statement, if it answers a row. */
export interface Following {
  readonly say?: readonly Saying[];
  readonly nudge?: readonly string[];
}

/**
 * Writes and says by one statement, which is a transaction of its own. For a compare-and-set: where it answers no row nothing
 * is said. Runs again when it lost a race.
 */
export async function writeAtOnce<Row>(
  db: Kysely<KitTables>,
  house: string,
  write: Parts<Row>,
  { say = [], nudge = [] }: Following,
): Promise<Committed<readonly Row[]>> {
  const trace = traceparent();
  const facts = say.map((saying) => factOf(house, saying, '', trace));
  const rows = JSON.stringify(facts.map(({ at: _, ...fact }) => fact));
  const statement = sql<{ said: { id: string; seq: number; at: string }[]; answer: Row[] }>`
    with ${sql.join(write.with)}, kit_said as (
      insert into outbox (id, type, at, key, version, subject, trace, data)
      select f.id, f.type, date_trunc('milliseconds', now()), f.key, f.version, f.subject, f.trace, f.data
      from jsonb_to_recordset(${rows}::jsonb)
        as f(id uuid, type text, key text, version bigint, subject text, trace text, data jsonb)
      where exists (select from ${sql.ref(write.answer)})
      returning id, seq, at)
    select ${rowsOf('kit_said')} as said, ${rowsOf(write.answer)} as answer`;
  for (let attempt = 1; ; attempt++) {
    try {
      const [{ said, answer }] = (await statement.execute(db)).rows as [{ said: never[]; answer: Row[] }];
      if (answer.length === 0) return { result: answer, facts: [], touched: [], nudged: [] };
      return { result: answer, facts: toStored(facts, said), touched: [], nudged: nudge };
    } catch (error) {
      if (!isRetryable(error) || attempt === RETRIES) throw error;
    }
  }
}

/** The rows of a part as one JSON array. */
const rowsOf = (part: string | undefined): RawBuilder<unknown> =>
  part === undefined ? sql`'[]'::jsonb` : sql`(select coalesce(jsonb_agg(p), '[]') from ${sql.ref(part)} p)`;

/** Facts as the outbox has them. Their data went through JSON: a Date or undefined cannot slip through to ears. */
function toStored(facts: readonly Fact[], rows: readonly { id: string; seq: number; at: string }[]): StoredFact[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  return facts.map((fact) => {
    const { seq, at } = found.get(fact.id)!;
    return { ...fact, data: JSON.parse(JSON.stringify(fact.data)), at: new Date(at).toISOString(), seq };
  });
}

async function send(write: Last, execute: () => Promise<readonly unknown[]>): Promise<void> {
  const rows = await execute().catch((error: unknown) => {
    throw write.refused?.(error) ?? error;
  });
  write.check?.(rows);
}

/** Writes the last write, what was said, and the idempotent result's id, in one statement. */
async function close(
  trx: Transaction<KitTables>,
  said: Fact[],
  closing: Closing | undefined,
  last: Last | undefined,
): Promise<StoredFact[]> {
  const parts: RawBuilder<unknown>[] = [...(last?.with ?? [])];
  if (closing?.resultId) {
    parts.push(sql`kit_settled as (update idempotency set result_id = ${closing.resultId}
      where principal = ${closing.principal} and operation = ${closing.operation} and key = ${closing.key})`);
  }
  if (parts.length === 0 && said.length === 0) return [];
  if (said.length > 0) {
    parts.push(sql`kit_said as (
      insert into outbox (id, type, at, key, version, subject, trace, data)
      select * from jsonb_to_recordset(${JSON.stringify(said)}::jsonb)
        as f(id uuid, type text, at timestamptz, key text, version bigint, subject text, trace text, data jsonb)
      returning id, seq, at)`);
  }
  const statement = sql<{ said: { id: string; seq: number; at: string }[]; answer: unknown[] }>`
    with ${sql.join(parts)}
    select ${rowsOf(said.length > 0 ? 'kit_said' : undefined)} as said, ${rowsOf(last?.answer)} as answer`;
  let written: { id: string; seq: number; at: string }[] = [];
  const execute = async () => {
    const [row] = (await statement.execute(trx)).rows;
    written = row!.said;
    return row!.answer;
  };
  await (last ? send(last, execute) : execute());
  return toStored(said, written);
}

/** A stable hash of a mutation's input without its key: what "the same request" means. */
export function hashInput(input: object): Buffer {
  const canonical = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(canonical);
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    const entries = Object.entries(value)
      .filter(([name, inner]) => name !== 'idempotencyKey' && inner !== undefined && inner !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, inner]) => [name, canonical(inner)]));
  };
  return createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest();
}

/** What a door learned about an idempotency key. */
export type Claim =
  | { readonly fresh: true; readonly now: Date }
  | { readonly fresh: false; readonly resultId: string | null };

/**
 * Takes the key inside the transaction. A second taker waits for the first to end, then reads its result; another body
 * under the same key is refused.
 */
export async function claimKey<Db>(
  db: Transaction<Db>,
  claim: { principal: string; operation: string; key: string; hash: Buffer },
): Promise<Claim> {
  const trx = db as unknown as Transaction<KitTables>;
  const { rows } = await sql<{ now: Date }>`
    insert into idempotency (principal, operation, key, input_hash)
    values (${claim.principal}, ${claim.operation}, ${claim.key}, ${claim.hash})
    on conflict do nothing returning now()`.execute(trx);
  if (rows[0]) return { fresh: true, now: rows[0].now };
  const earlier = await trx
    .selectFrom('idempotency')
    .select(['input_hash', 'result_id'])
    .where('principal', '=', claim.principal)
    .where('operation', '=', claim.operation)
    .where('key', '=', claim.key)
    .executeTakeFirstOrThrow();
  if (!earlier.input_hash.equals(claim.hash)) {
    throw new Rejection(
      'IDEMPOTENCY_CONFLICT',
      'This idempotency key was used for another request. Choose a new one.',
      ['input', 'idempotencyKey'],
    );
  }
  return { fresh: false, resultId: earlier.result_id };
}
