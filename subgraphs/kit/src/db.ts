import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import pg from 'pg';
import { isStalePlan, type Preparing, preparing } from './prepared.ts';

/** Amounts and counts are int8 within 2^53: they come as numbers, never as text. */
const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

export type Migrations = Readonly<Record<string, Migration>>;

export interface Pool {
  readonly pool: pg.Pool;
  readonly max: number;
}

/**
 * A connection that dies, idle or between two statements of a transaction, fails its next query and nothing else: unheard,
 * its `error` would end the process.
 */
export function surviveLoss(pool: pg.Pool): pg.Pool {
  pool.on('error', () => undefined);
  // While a connection is out the pool does not listen to it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * What a runtime role allows itself, so that nothing holds a connection or a lock for good. Settings of the role, not of
 * the connection: a pooler in transaction mode refuses or forgets what a client asks for at its start.
 */
export const timeouts = {
  statement_timeout: '30s',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '30s',
} as const;

/** Past every timeout of the server's own: only a server that is gone without a word answers nothing for so long. */
const SILENCE_MS = 45_000;

/** A bounded pool. Connections that die are dropped: the next query opens another. */
export function openPool(url: string, max: number, name: string): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: `souk-${name}`,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  });
  return { pool: surviveLoss(pool), max };
}

/** `named: false` for a pool behind a pooler that changes the server's connection between transactions. */
export const openDb = <Db>(pool: Pool, options?: Preparing): Kysely<Db> =>
  new Kysely<Db>({ dialect: new PostgresDialect({ pool: preparing(pool.pool, options) }) });

/** What each house may open of the one total: `SOUK_POSTGRES_POOL` is for all houses of the installation together. */
export const poolShare = (total: number, houses: number): number => Math.max(1, Math.floor(total / houses));

/** True for a transaction that may simply be run again as a whole: serialization failure, deadlock, a plan outdated by a migration. */
export const isRetryable = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40001' || code === '40P01' || isStalePlan(error);
};

/** The name of the unique or check constraint that refused a write, or null for any other error. */
export function violated(error: unknown): string | null {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return (code === '23505' || code === '23514' || code === '23P01') && typeof constraint === 'string'
    ? constraint
    : null;
}

/** The database's clock, for reads that run outside a transaction; inside one, `tx.now` is the time. */
export const databaseNow = sql<Date>`now()`;

/**
 * The right side of `=` for "is one of these". A single one is compared plainly: behind an array that it has not seen
 * PostgreSQL guesses ten elements, finds a plan kept for them too dear, and plans anew each time.
 */
export const oneOf = <T extends string>(ids: readonly T[]): RawBuilder<T> =>
  ids.length === 1 ? sql<T>`${ids[0]}::uuid` : sql<T>`any(${ids}::uuid[])`;

export { houseUrl } from './db.places.ts';
export { prepareDatabase } from './db.prepare.ts';
export { sql };
