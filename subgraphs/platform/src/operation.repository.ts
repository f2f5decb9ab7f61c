import { type Connection, oneOf, type PageArgs, paginate } from '@souk/kit';
import type { RegisteredOperationId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { PlatformDb } from './channel.tables.ts';
import type { OperationsTable } from './operation.tables.ts';
import type { OperationKind, RegisteredOperation } from './operation.ts';

const fromRow = (row: Selectable<OperationsTable>): RegisteredOperation => ({
  id: row.id,
  client: row.client,
  documentId: row.document_id,
  name: row.name,
  type: row.type,
  owner: row.owner,
  body: row.body,
  maxAge: row.max_age,
  scopes: row.scopes,
  cost: row.cost,
  version: row.version,
  registeredAt: row.registered_at,
  registeredBy: row.registered_by,
  retiredAt: row.retired_at,
  retiredBy: row.retired_by,
  uses: row.uses,
  lastUsedAt: row.last_used_at,
});

export interface OperationCriteria {
  readonly client?: string | null;
  readonly name?: string | null;
  readonly owner?: string | null;
  readonly type?: OperationKind | null;
  readonly retired?: boolean | null;
  readonly used?: boolean | null;
}

/** By client and name. */
export async function listOperations(
  db: Kysely<PlatformDb>,
  { client, name, owner, type, retired, used }: OperationCriteria,
  page: PageArgs,
): Promise<Connection<RegisteredOperation>> {
  let query = db.selectFrom('operations').selectAll();
  if (client != null) query = query.where('client', '=', client);
  if (name != null) query = query.where('name', '=', name);
  if (owner != null) query = query.where('owner', '=', owner);
  if (type != null) query = query.where('type', '=', type);
  if (retired != null) query = query.where('retired_at', retired ? 'is not' : 'is', null);
  if (used != null) query = query.where('last_used_at', used ? 'is not' : 'is', null);
  const found = await paginate(
    db,
    query,
    [
      { sql: sql.ref('client'), type: 'text', direction: 'asc' },
      { sql: sql.ref('name'), type: 'text', direction: 'asc' },
      { sql: sql.ref('id'), type: 'uuid', direction: 'asc' },
    ],
    page,
  );
  const edges = found.edges.map(({ node, cursor }) => ({ node: fromRow(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}

export async function listOperationsByIds(
  db: Kysely<PlatformDb>,
  ids: readonly RegisteredOperationId[],
): Promise<RegisteredOperation[]> {
  return (await db.selectFrom('operations').selectAll().where('id', '=', oneOf(ids)).execute()).map(fromRow);
}

/** What changed since a version of the registry, oldest change first. */
export async function listOperationsSince(
  db: Kysely<PlatformDb>,
  version: number,
  limit: number,
): Promise<RegisteredOperation[]> {
  const query = db.selectFrom('operations').selectAll().where('version', '>', version);
  return (await query.orderBy('version').limit(limit).execute()).map(fromRow);
}

export async function listOperationsOf(
  trx: Transaction<PlatformDb>,
  client: string,
  documentIds: readonly string[],
): Promise<RegisteredOperation[]> {
  const query = trx.selectFrom('operations').selectAll().where('client', '=', client);
  return (await query.where('document_id', 'in', documentIds).execute()).map(fromRow);
}

/** The registry's version, locked: whoever else would change it waits, and readers see versions in their order. */
export async function lockOperationsVersion(trx: Transaction<PlatformDb>): Promise<number> {
  const row = await trx.selectFrom('operations_version').select('version').forUpdate().executeTakeFirstOrThrow();
  return row.version;
}

export async function updateOperationsVersion(trx: Transaction<PlatformDb>, version: number): Promise<void> {
  await trx.updateTable('operations_version').set({ version }).execute();
}

/** Writes operations as they are now; how often they were used stays. The registry's version is locked. */
export async function saveOperations(
  trx: Transaction<PlatformDb>,
  operations: readonly RegisteredOperation[],
): Promise<void> {
  await trx
    .insertInto('operations')
    .values(
      operations.map((one) => ({
        id: one.id,
        client: one.client,
        document_id: one.documentId,
        name: one.name,
        type: one.type,
        owner: one.owner,
        body: one.body,
        max_age: one.maxAge,
        scopes: one.scopes && [...one.scopes],
        cost: one.cost,
        version: one.version,
        registered_at: one.registeredAt,
        registered_by: one.registeredBy,
        retired_at: one.retiredAt,
        retired_by: one.retiredBy,
        last_used_at: one.lastUsedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((set) => ({
        owner: set.ref('excluded.owner'),
        max_age: set.ref('excluded.max_age'),
        version: set.ref('excluded.version'),
        registered_at: set.ref('excluded.registered_at'),
        registered_by: set.ref('excluded.registered_by'),
        retired_at: set.ref('excluded.retired_at'),
        retired_by: set.ref('excluded.retired_by'),
      })),
    )
    .execute();
}

export async function lockOperation(
  trx: Transaction<PlatformDb>,
  id: RegisteredOperationId,
): Promise<RegisteredOperation | undefined> {
  const row = await trx.selectFrom('operations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && fromRow(row);
}

export interface OperationUse {
  readonly client: string;
  readonly documentId: string;
  readonly uses: number;
  readonly cost: number | null;
  readonly scopes: readonly string[] | null;
}

/** Adds what a router counted, in one statement and in one order, so that two routers cannot block each other. */
export async function addOperationUses(
  trx: Transaction<PlatformDb>,
  uses: readonly OperationUse[],
  now: Date,
): Promise<void> {
  await sql`
    with told as (
      select * from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb)
        as t(client text, "documentId" text, uses bigint, cost int, scopes text[])
    ), locked as (
      select o.id, t.uses, t.cost, t.scopes
      from operations o join told t on t.client = o.client and t."documentId" = o.document_id
      order by o.id for update of o
    )
    update operations o
    set uses = o.uses + l.uses,
      last_used_at = case when l.uses > 0 then ${now}::timestamptz else o.last_used_at end,
      cost = coalesce(l.cost, o.cost),
      scopes = coalesce(l.scopes, o.scopes)
    from locked l where l.id = o.id`.execute(trx);
}
