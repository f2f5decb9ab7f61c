import { createHmac } from 'node:crypto';
import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { StartupError } from './errors.ts';
import { kitMigrations } from './migrations.ts';
import { isStalePlan, preparing } from './prepared.ts';

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

/** A bounded pool. Connections that die are dropped: the next query opens another. */
export function openPool(url: string, max: number, name: string): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: `souk-${name}`,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  return { pool: surviveLoss(pool), max };
}

export const openDb = <Db>(pool: Pool): Kysely<Db> =>
  new Kysely<Db>({ dialect: new PostgresDialect({ pool: preparing(pool.pool) }) });

const EXTENSIONS = ['pg_trgm', 'ltree', 'unaccent', 'citext', 'btree_gist', 'pgcrypto'];
const HOUSE = /^[a-z][a-z0-9_]{1,30}$/;

/** The house's own URL on a cluster that we administer: its runtime role with a password derived from the administrator's. */
export function houseUrl(adminUrl: string, house: string): string {
  const url = new URL(adminUrl);
  const secret = decodeURIComponent(url.password);
  url.username = `${house}_app`;
  url.password = createHmac('sha256', secret).update(`souk role ${house}`).digest('hex');
  return url.toString();
}

/**
 * Makes database, roles, schemas and extensions for the houses and runs their migrations, on a cluster that we administer.
 * May run twice and in parallel: an advisory lock on the administrator's database lets one go first.
 */
export async function prepareDatabase(
  adminUrl: string,
  houses: readonly { name: string; migrations: Migrations }[],
  onProgress: (line: string) => void = () => undefined,
): Promise<void> {
  const home = new URL(adminUrl);
  const database = home.pathname.slice(1);
  home.pathname = '/postgres';
  const keeper = new pg.Client({ connectionString: home.toString() });
  keeper.on('error', () => undefined);
  await keeper.connect();
  try {
    await keeper.query(`select pg_advisory_lock(hashtext('souk prepare'))`);
    const exists = await keeper.query('select 1 from pg_database where datname = $1', [database]);
    if (exists.rowCount === 0) await keeper.query(`create database ${pg.escapeIdentifier(database)}`);
    for (const { name } of houses) await ensureRoles(keeper, adminUrl, name);
    const admin = new pg.Client({ connectionString: adminUrl });
    admin.on('error', () => undefined);
    await admin.connect();
    try {
      await ensureSchemas(
        admin,
        database,
        houses.map((house) => house.name),
      );
    } finally {
      await admin.end();
    }
    for (const { name, migrations } of houses) {
      const applied = await migrate(adminUrl, name, migrations);
      if (applied > 0) onProgress(`${name}: ${applied} migration${applied === 1 ? '' : 's'}`);
    }
  } finally {
    await keeper.end();
  }
}

async function ensureRoles(keeper: pg.Client, adminUrl: string, house: string): Promise<void> {
  if (!HOUSE.test(house))
    throw new StartupError(`'${house}' is no name for a subgraph.`, 'Use lower-case letters, digits and _.');
  const password = pg.escapeLiteral(decodeURIComponent(new URL(houseUrl(adminUrl, house)).password));
  const roles = await keeper.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
    [`${house}_owner`, `${house}_app`],
  ]);
  const known = new Set(roles.rows.map((row) => row.rolname));
  if (!known.has(`${house}_owner`)) await keeper.query(`create role ${house}_owner nologin`);
  if (!known.has(`${house}_app`)) await keeper.query(`create role ${house}_app login password ${password}`);
  else await keeper.query(`alter role ${house}_app password ${password}`);
  await keeper.query(`alter role ${house}_app set search_path = ${house}, ext`);
}

async function ensureSchemas(admin: pg.Client, database: string, houses: readonly string[]): Promise<void> {
  await admin.query('create schema if not exists ext');
  for (const extension of EXTENSIONS) await admin.query(`create extension if not exists ${extension} schema ext`);
  await admin.query(`revoke all on database ${pg.escapeIdentifier(database)} from public`);
  await admin.query('revoke all on schema public from public');
  for (const house of houses) {
    await admin.query(`
      grant connect on database ${pg.escapeIdentifier(database)} to ${house}_app;
      create schema if not exists ${house} authorization ${house}_owner;
      grant usage on schema ext to ${house}_app, ${house}_owner;
      grant usage on schema ${house} to ${house}_app;
      alter default privileges for role ${house}_owner in schema ${house}
        grant select, insert, update, delete on tables to ${house}_app;
      alter default privileges for role ${house}_owner in schema ${house} grant usage, select on sequences to ${house}_app;
    `);
  }
}

/** Runs the kit's and the house's own migrations as the schema's owner; returns how many were new. */
async function migrate(adminUrl: string, house: string, migrations: Migrations): Promise<number> {
  const url = new URL(adminUrl);
  url.searchParams.set('options', `-c role=${house}_owner -c search_path=${house},ext`);
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: surviveLoss(new pg.Pool({ connectionString: url.toString(), max: 2 })) }),
  });
  try {
    const migrator = new Migrator({
      db,
      migrationTableSchema: house,
      provider: { getMigrations: async () => ({ ...kitMigrations, ...migrations }) },
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) {
      const at = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first';
      throw new StartupError(
        `The migration ${at} of ${house} failed; nothing of it was kept.`,
        'If the data folder was written by a newer Souk, use that version; otherwise report this with the log.',
        { cause: error },
      );
    }
    return results?.length ?? 0;
  } finally {
    await db.destroy();
  }
}

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

export { sql };
