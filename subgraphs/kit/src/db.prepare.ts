import pg from 'pg';
import { explainPostgres, lacksExtension, notUrl, OLDEST, placeOf, tooOld } from './db.faults.ts';
import { migrate, requireMigrated } from './db.migrate.ts';
import { houseUrl } from './db.places.ts';
import { type Migrations, timeouts } from './db.ts';
import { StartupError } from './startup-error.ts';

const EXTENSIONS = ['pg_trgm', 'ltree', 'unaccent', 'citext', 'btree_gist', 'pgcrypto'];
const HOUSE = /^[a-z][a-z0-9_]{1,30}$/;

/** One server and database, with the houses that live there by one URL. */
export interface Site {
  readonly setting: string;
  /** Straight to PostgreSQL; a role that may only use its schema may come through a pooler. */
  readonly url: string;
  readonly houses: readonly { readonly name: string; readonly migrations: Migrations }[];
  /** Houses of the same URL that are not ours to prepare now: another process does. */
  readonly others?: readonly string[];
}

type Progress = (line: string) => void;

/** Who the URL's role is to a house. */
interface Rights {
  readonly version: number;
  readonly me: string;
  /** Makes roles: an administrator's URL serves many houses, each as a runtime role of its own. */
  readonly administers: boolean;
  readonly superuser: boolean;
  readonly may_create: boolean;
  /** Somebody stands between us and PostgreSQL. */
  readonly pooled: boolean;
}

/**
 * Makes database, roles, schemas and extensions as far as they are missing and the URL's role may, and runs the houses'
 * migrations. Answers each house's runtime URL. May run twice and in parallel: an advisory lock lets one go first.
 */
export async function prepareSite(site: Site, onProgress: Progress = () => undefined): Promise<Map<string, string>> {
  const { setting, url, houses } = site;
  for (const { name } of houses) {
    if (!HOUSE.test(name))
      throw new StartupError(`'${name}' is no name for a subgraph.`, 'Use lower-case letters, digits and _.');
  }
  try {
    const client = await enter(site);
    try {
      const rights = await readRights(client);
      if (rights.version < OLDEST * 10_000) throw tooOld(rights.version, setting, url);
      if (rights.administers) return await prepareAsAdministrator(site, client, rights, onProgress);
      return await prepareAsItself(site, client, rights, onProgress);
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainPostgres(error, setting, url);
  }
}

/** All houses on one cluster that we administer. */
export async function prepareDatabase(
  adminUrl: string,
  houses: readonly { name: string; migrations: Migrations }[],
  onProgress?: Progress,
): Promise<void> {
  await prepareSite({ setting: "the administrator's URL", url: adminUrl, houses }, onProgress);
}

export async function connect(url: string, timeoutMs = 15_000): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    // A password that was not given leaves the socket open, and the server waiting a minute for it.
    void client.end().catch(() => undefined);
    throw error;
  });
  return client;
}

const homeOf = (url: string): string => {
  const home = new URL(url);
  home.pathname = '/postgres';
  return home.toString();
};

const takeLock = (client: pg.Client) => client.query(`select pg_advisory_lock(hashtext('souk prepare'))`);

/** Connects to the site's database, and makes it where its role may. */
async function enter({ setting, url }: Site): Promise<pg.Client> {
  if (!URL.canParse(url) || new URL(url).pathname.length < 2) throw notUrl(setting);
  try {
    return await connect(url);
  } catch (missing) {
    if ((missing as { code?: unknown }).code !== '3D000') throw missing;
    const keeper = await connect(homeOf(url)).catch(() => {
      throw missing;
    });
    try {
      await takeLock(keeper);
      const database = decodeURIComponent(new URL(url).pathname.slice(1));
      const exists = await keeper.query('select from pg_database where datname = $1', [database]);
      if (exists.rowCount === 0) {
        await keeper.query(`create database ${pg.escapeIdentifier(database)}`).catch((error: { code?: unknown }) => {
          throw error.code === '42501' ? missing : error;
        });
      }
    } finally {
      await keeper.end();
    }
    return await connect(url);
  }
}

async function readRights(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query<Omit<Rights, 'pooled'> & { pid: number }>(`
    select current_setting('server_version_num')::int as version, current_user::text as me, pg_backend_pid() as pid,
      rolsuper as superuser, rolsuper or rolcreaterole as administers,
      has_database_privilege(current_database(), 'CREATE') as may_create
    from pg_roles where rolname = current_user`);
  const { pid, ...rights } = rows[0]!;
  return { ...rights, pooled: isPooled(client, pid) };
}

/** A pooler gives its clients process numbers of its own, for it has many clients to one process of the server. */
export const isPooled = (client: pg.Client, pid: number): boolean =>
  (client as unknown as { processID: number | null }).processID !== pid;

const pooledSetup = ({ setting, url }: Site): StartupError =>
  new StartupError(
    `${setting} leads to a connection pooler at ${placeOf(url)}, and migrations need PostgreSQL itself.`,
    `Let ${setting} lead straight to PostgreSQL, and name the pooler in ${setting.replace('_URL', '_POOLER_URL')}.`,
  );

async function prepareAsAdministrator(site: Site, admin: pg.Client, rights: Rights, onProgress: Progress) {
  const { setting, url, houses } = site;
  if (rights.pooled) throw pooledSetup(site);
  if (new URL(url).password === '') {
    throw new StartupError(
      `${setting} has no password, from which the passwords of the subgraphs' own roles are made.`,
      'Give that role a password, or each subgraph a URL of its own.',
    );
  }
  // Roles are the whole cluster's, so the lock is taken where everybody meets; a cluster may lack that database.
  const keeper = await connect(homeOf(url)).catch(() => connect(url));
  try {
    await takeLock(keeper);
    for (const { name } of houses) await ensureRoles(keeper, url, name, rights);
    await ensureExtensions(admin, url);
    await ensureSchemas(
      admin,
      houses.map((house) => house.name),
    );
    for (const { name, migrations } of houses)
      progressed(onProgress, name, await migrate({ house: name, migrations, url, owner: `${name}_owner` }));
  } finally {
    await keeper.end();
  }
  return new Map(houses.map(({ name }) => [name, houseUrl(url, name)]));
}

/** One house by a role of its own: the schema's owner, who migrates and serves, or somebody who may only serve. */
async function prepareAsItself(site: Site, client: pg.Client, rights: Rights, onProgress: Progress) {
  const { setting, url, houses, others = [] } = site;
  const [house] = houses;
  if (!house || houses.length + others.length > 1) {
    throw new StartupError(
      `${setting} is for several subgraphs, and its role '${rights.me}' may not make a role for each.`,
      `Give ${setting} a role with CREATEROLE, or each subgraph a URL and a role of its own (SOUK_POSTGRES_URL_ORDERS and so on).`,
    );
  }
  const { name, migrations } = house;
  const { rows } = await client.query<{ mine: boolean }>(
    `select pg_has_role(nspowner, 'USAGE') as mine from pg_namespace where nspname = $1`,
    [name],
  );
  const serves = rows[0] ? !rows[0].mine : false;
  if (serves) {
    await requireMigrated(client, name, migrations);
  } else {
    if (rights.pooled) throw pooledSetup(site);
    await takeLock(client);
    if (!rows[0]) await client.query(`create schema ${name}`);
    await ensureExtensions(client, url);
    progressed(onProgress, name, await migrate({ house: name, migrations, url, owner: null }));
  }
  await settleItself(client, name);
  return new Map([[name, url]]);
}

function progressed(onProgress: Progress, house: string, applied: number): void {
  if (applied > 0) onProgress(`${house}: ${applied} migration${applied === 1 ? '' : 's'}`);
}

async function ensureRoles(keeper: pg.Client, adminUrl: string, house: string, rights: Rights): Promise<void> {
  const password = pg.escapeLiteral(decodeURIComponent(new URL(houseUrl(adminUrl, house)).password));
  const roles = await keeper.query<{ rolname: string; rolconfig: string[] | null }>(
    'select rolname, rolconfig from pg_roles where rolname = any($1)',
    [[`${house}_owner`, `${house}_app`]],
  );
  const known = new Map(roles.rows.map((row) => [row.rolname, row.rolconfig ?? []]));
  if (!known.has(`${house}_owner`)) await keeper.query(`create role ${house}_owner nologin`);
  // Since PostgreSQL 16 who makes a role may not become it without saying so.
  if (!rights.superuser) await keeper.query(`grant ${house}_owner to current_user`);
  const settings = known.get(`${house}_app`);
  if (!settings) await keeper.query(`create role ${house}_app login password ${password}`);
  else await keeper.query(`alter role ${house}_app password ${password}`);
  await keeper.query(`alter role ${house}_app set search_path = ${house}, ext`);
  for (const [timeout, value] of Object.entries(timeouts)) {
    // One that the operator chose stays.
    if (settings?.some((setting) => setting.startsWith(`${timeout}=`))) continue;
    await keeper.query(`alter role ${house}_app set ${timeout} = '${value}'`);
  }
}

/** A role's settings of its own, in this database, where nobody has chosen others. */
async function settleItself(client: pg.Client, house: string): Promise<void> {
  const wanted = Object.entries({ search_path: `${house}, ext`, ...timeouts });
  const { rows } = await client.query<{ database: string; path: string } & Record<string, string>>(
    `select current_database() as database, current_setting('search_path') as path,
      ${Object.keys(timeouts).map((name) => `current_setting('${name}') as ${name}`)}`,
  );
  const { database, path, ...now } = rows[0]!;
  for (const [name, value] of wanted) {
    const settled = name === 'search_path' ? path.split(',')[0]!.trim() === house : now[name] !== '0';
    if (settled) continue;
    const given = name === 'search_path' ? value : `'${value}'`;
    await client.query(`alter role current_user in database ${pg.escapeIdentifier(database)} set ${name} = ${given}`);
  }
}

async function ensureExtensions(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query<{ extname: string; schema: string }>(
    'select extname, nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace',
  );
  const there = new Map(rows.map((row) => [row.extname, row.schema]));
  const elsewhere = EXTENSIONS.find((name) => there.has(name) && there.get(name) !== 'ext');
  if (elsewhere) {
    throw new StartupError(
      `The extension ${elsewhere} at ${placeOf(url)} is in the schema ${there.get(elsewhere)}, and Souk looks for it in ext.`,
      `Move it: CREATE SCHEMA IF NOT EXISTS ext; ALTER EXTENSION ${elsewhere} SET SCHEMA ext.`,
    );
  }
  const missing = EXTENSIONS.filter((name) => !there.has(name));
  if (missing.length === 0) return;
  // Asking for "if not exists" would need the right to make one even where it is there.
  const ext = await client.query(`select from pg_namespace where nspname = 'ext'`);
  if (ext.rowCount === 0) await client.query('create schema ext');
  for (const name of missing) {
    await client.query(`create extension if not exists ${name} schema ext`).catch((error: { code?: unknown }) => {
      throw ['0A000', '58P01'].includes(String(error.code)) ? lacksExtension(name, url, error) : error;
    });
  }
}

async function ensureSchemas(admin: pg.Client, houses: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ database: string; open: boolean }>(
    `select current_database() as database, to_regnamespace('public') is not null as open`,
  );
  const database = pg.escapeIdentifier(rows[0]!.database);
  await admin.query(`revoke all on database ${database} from public`);
  if (rows[0]!.open) await admin.query('revoke all on schema public from public');
  for (const house of houses) {
    await admin.query(`
      grant connect on database ${database} to ${house}_app;
      create schema if not exists ${house} authorization ${house}_owner;
      grant usage on schema ext to ${house}_app, ${house}_owner;
      grant usage on schema ${house} to ${house}_app;
      alter default privileges for role ${house}_owner in schema ${house}
        grant select, insert, update, delete on tables to ${house}_app;
      alter default privileges for role ${house}_owner in schema ${house} grant usage, select on sequences to ${house}_app;
    `);
  }
}
