import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { sleep } from './clock.ts';
import { type Migrations, surviveLoss } from './db.ts';
import { kitMigrations } from './migrations.ts';
import { StartupError } from './startup-error.ts';

export interface Migrating {
  readonly house: string;
  readonly migrations: Migrations;
  /** Straight to PostgreSQL: a pooler would change the connection under it. */
  readonly url: string;
  /** The schema's owner, where the URL's own role is not. */
  readonly owner: string | null;
}

/**
 * A migration waits this long for a table and then steps back: whoever comes after it for the same table waits too, so a
 * long wait would be an outage.
 */
const LOCK_TIMEOUT = '2s';
const TRIES = 60;

const all = (migrations: Migrations): Migrations => ({ ...kitMigrations, ...migrations });

/**
 * Runs the kit's and the house's own migrations as the schema's owner, in one transaction; returns how many were new. Code
 * that is one version behind its data finds nothing to do and serves it.
 */
export async function migrate({ house, migrations, url, owner }: Migrating): Promise<number> {
  const at = new URL(url);
  const session = {
    ...(owner === null ? {} : { role: owner }),
    search_path: `${house},ext`,
    lock_timeout: LOCK_TIMEOUT,
    statement_timeout: '0',
    idle_in_transaction_session_timeout: '0',
    // A process that was killed must not leave its statement running, with its locks held.
    client_connection_check_interval: '1s',
  };
  at.searchParams.set(
    'options',
    Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  );
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: surviveLoss(new pg.Pool({ connectionString: at.toString(), max: 2 })) }),
  });
  try {
    for (let tries = 1; ; tries++) {
      if (isReady(house, Object.keys(all(migrations)), await listApplied(db, house))) return 0;
      const migrator = new Migrator({
        db,
        migrationTableSchema: house,
        // The kit's and the house's own each have their order; between the two there is none.
        allowUnorderedMigrations: true,
        provider: { getMigrations: async () => all(migrations) },
      });
      const { error, results } = await migrator.migrateToLatest();
      if (!error) return results?.length ?? 0;
      if (lostToTraffic(error) && tries < TRIES) {
        await sleep(100 + 50 * tries);
        continue;
      }
      const name = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first';
      throw new StartupError(
        lostToTraffic(error)
          ? `The migration ${name} of ${house} found its tables in use for too long; nothing of it was kept.`
          : `The migration ${name} of ${house} failed; nothing of it was kept.`,
        lostToTraffic(error)
          ? 'Look for a transaction that stays open (pg_stat_activity), and start again.'
          : 'If the data folder was written by a newer Souk, use that version; otherwise report this with the log.',
        { cause: error },
      );
    }
  } finally {
    await db.destroy();
  }
}

/** For a role that may not migrate: throws a StartupError unless somebody else has. */
export async function requireMigrated(client: pg.Client, house: string, migrations: Migrations): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: alone(client) }) });
  const known = Object.keys(all(migrations));
  if (isReady(house, known, await listApplied(db, house))) return;
  throw new StartupError(
    `The data of ${house} is older than this version, and its role may not migrate it.`,
    `Start this version once with a role that owns the schema ${house}, or with the administrator's.`,
  );
}

/** One connection that somebody else opened and will close. */
const alone = (client: pg.Client) =>
  ({
    options: {},
    connect: async () => ({ query: client.query.bind(client), release: () => undefined }),
    end: async () => undefined,
  }) as unknown as pg.Pool;

async function listApplied(db: Kysely<unknown>, house: string): Promise<string[]> {
  const table = `${house}.kysely_migration`;
  const { rows: there } = await sql<{ there: boolean }>`select to_regclass(${table}) is not null as there`.execute(db);
  if (!there[0]!.there) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(db);
  return rows.map((row) => row.name);
}

const lostToTraffic = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(String((error as { code?: unknown } | null)?.code));

/**
 * True where nothing is left to migrate. Code may meet migrations newer than itself: those that only add leave what it knows
 * in place. One that takes away (its name ends in `_contract`) is for data whose every serving version knew what replaced it,
 * so code that lacks an earlier migration too is refused.
 */
export function isReady(house: string, known: readonly string[], applied: readonly string[]): boolean {
  const newer = applied.filter((name) => !known.includes(name)).sort();
  const contract = newer.find((name, at) => at > 0 && /_contract$/.test(name));
  const missing = known.filter((name) => !applied.includes(name));
  if (contract !== undefined || (newer.length > 0 && missing.length > 0)) {
    throw new StartupError(
      `The data of ${house} was migrated by a newer Souk (${contract ?? newer.at(-1)}), which this version cannot serve.`,
      'Use that version, or restore a backup from before it.',
    );
  }
  return missing.length === 0;
}
