import { type Connection, databaseNow, oneOf, type PageArgs, paginate } from '@souk/kit';
import type { ApiKeyId, AppId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ApiKeysTable, AppsTable } from './app.tables.ts';
import type { ApiKey, ApiKeyGrant, App } from './app.ts';
import type { UsersDb } from './user.tables.ts';

const toApp = (row: Selectable<AppsTable>): App => ({
  id: row.id,
  name: row.name,
  client: row.client,
  scopes: row.scopes,
  requestsPerMinute: row.requests_per_minute,
  costPerMinute: row.cost_per_minute,
  active: row.active,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toRow = (app: App): AppsTable => ({
  id: app.id,
  name: app.name,
  client: app.client,
  scopes: [...app.scopes],
  requests_per_minute: app.requestsPerMinute,
  cost_per_minute: app.costPerMinute,
  active: app.active,
  version: app.version,
  created_by: app.createdBy,
  created_at: app.createdAt,
  updated_at: app.updatedAt,
});

const keyColumns = [
  'id',
  'app_id',
  'prefix',
  'created_by',
  'created_at',
  'expires_at',
  'revoked_at',
  'revoked_by',
  'last_used_at',
] as const;

const toKey = (row: Pick<Selectable<ApiKeysTable>, (typeof keyColumns)[number]>): ApiKey => ({
  id: row.id,
  appId: row.app_id,
  prefix: row.prefix,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  revokedBy: row.revoked_by,
  lastUsedAt: row.last_used_at,
});

/** Newest first. */
export async function listApps(db: Kysely<UsersDb>, page: PageArgs): Promise<Connection<App>> {
  const query = db.selectFrom('apps').selectAll();
  const found = await paginate(db, query, [{ sql: sql.ref('id'), type: 'uuid', direction: 'desc' }], page);
  const edges = found.edges.map(({ node, cursor }) => ({ node: toApp(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}

export async function listAppsByIds(db: Kysely<UsersDb>, ids: readonly AppId[]): Promise<App[]> {
  return (await db.selectFrom('apps').selectAll().where('id', '=', oneOf(ids)).execute()).map(toApp);
}

/** The keys of apps, newest first. */
export async function listApiKeysByAppIds(db: Kysely<UsersDb>, ids: readonly AppId[]): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select(keyColumns)
    .where('app_id', '=', oneOf(ids))
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toKey);
}

export async function listApiKeysByIds(db: Kysely<UsersDb>, ids: readonly ApiKeyId[]): Promise<ApiKey[]> {
  return (await db.selectFrom('api_keys').select(keyColumns).where('id', '=', oneOf(ids)).execute()).map(toKey);
}

export async function insertApp(db: Transaction<UsersDb>, app: App): Promise<void> {
  await db.insertInto('apps').values(toRow(app)).execute();
}

export async function updateApp(db: Transaction<UsersDb>, app: App): Promise<void> {
  await db.updateTable('apps').set(toRow(app)).where('id', '=', app.id).execute();
}

export async function lockApp(db: Transaction<UsersDb>, id: AppId): Promise<App | undefined> {
  const row = await db.selectFrom('apps').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toApp(row);
}

/** A key and its app, locked: app before key, as every other writer goes. */
export async function lockApiKey(db: Transaction<UsersDb>, id: ApiKeyId): Promise<ApiKey | undefined> {
  const owner = await db.selectFrom('api_keys').select('app_id').where('id', '=', id).executeTakeFirst();
  if (!owner) return undefined;
  await lockApp(db, owner.app_id);
  const row = await db.selectFrom('api_keys').select(keyColumns).where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toKey(row);
}

export async function countLiveApiKeys(db: Transaction<UsersDb>, appId: AppId, now: Date): Promise<number> {
  const { n } = await db
    .selectFrom('api_keys')
    .select(sql<number>`count(*)::int`.as('n'))
    .where('app_id', '=', appId)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .executeTakeFirstOrThrow();
  return n;
}

export async function insertApiKey(
  db: Transaction<UsersDb>,
  { id, appId, prefix, createdBy, createdAt, expiresAt }: ApiKey,
  hash: Buffer,
): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({
      id,
      app_id: appId,
      prefix,
      key_hash: hash,
      created_by: createdBy,
      created_at: createdAt,
      expires_at: expiresAt,
      revoked_at: null,
      revoked_by: null,
      last_used_at: null,
    })
    .execute();
}

export async function updateApiKeyEnd(
  db: Transaction<UsersDb>,
  id: ApiKeyId,
  end: { readonly expires_at: Date } | { readonly revoked_at: Date; readonly revoked_by: string },
): Promise<void> {
  await db.updateTable('api_keys').set(end).where('id', '=', id).execute();
}

/** What a key grants now; nothing where it is unknown, expired, revoked, or its app is closed. */
export async function findApiKeyGrant(db: Kysely<UsersDb>, hash: Buffer): Promise<ApiKeyGrant | undefined> {
  const row = await db
    .selectFrom('api_keys as k')
    .innerJoin('apps as a', 'a.id', 'k.app_id')
    .select([
      'k.id',
      'k.app_id as appId',
      'k.expires_at as expiresAt',
      'a.client',
      'a.scopes',
      'a.requests_per_minute as requestsPerMinute',
      'a.cost_per_minute as costPerMinute',
    ])
    .where('k.key_hash', '=', hash)
    .where('k.revoked_at', 'is', null)
    .where((where) => where.or([where('k.expires_at', 'is', null), where('k.expires_at', '>', databaseNow)]))
    .where('a.active', '=', true)
    .executeTakeFirst();
  return row;
}

/** Notes that keys were used; of several routers the latest word stays. */
export async function touchApiKeys(db: Transaction<UsersDb>, ids: readonly ApiKeyId[], now: Date): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: now })
    .where('id', '=', oneOf(ids))
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', now)]))
    .execute();
}
