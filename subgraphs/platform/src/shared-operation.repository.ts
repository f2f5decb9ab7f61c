import { type Connection, oneOf, type PageArgs, paginate } from '@souk/kit';
import type { SharedOperationId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { PlatformDb } from './channel.tables.ts';
import type { SharedOperationTable } from './shared-operation.tables.ts';
import type { SharedOperation } from './shared-operation.ts';

const fromRow = (row: Selectable<SharedOperationTable>): SharedOperation => ({
  id: row.id,
  name: row.name,
  description: row.description,
  body: row.body,
  variables: row.variables,
  version: row.version,
  createdAt: row.created_at,
  createdBy: row.created_by,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
});

const toRow = (operation: SharedOperation): Selectable<SharedOperationTable> => ({
  id: operation.id,
  name: operation.name,
  description: operation.description,
  body: operation.body,
  variables: operation.variables,
  version: operation.version,
  created_at: operation.createdAt,
  created_by: operation.createdBy,
  updated_at: operation.updatedAt,
  updated_by: operation.updatedBy,
});

/** By name, whatever its letters' case. */
export async function listSharedOperations(
  db: Kysely<PlatformDb>,
  page: PageArgs,
): Promise<Connection<SharedOperation>> {
  const found = await paginate(
    db,
    db.selectFrom('shared_operations').selectAll(),
    [{ sql: sql`lower(name)`, type: 'text', direction: 'asc' }],
    page,
  );
  const edges = found.edges.map(({ node, cursor }) => ({ node: fromRow(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}

export async function listSharedOperationsByIds(
  db: Kysely<PlatformDb>,
  ids: readonly SharedOperationId[],
): Promise<SharedOperation[]> {
  return (await db.selectFrom('shared_operations').selectAll().where('id', '=', oneOf(ids)).execute()).map(fromRow);
}

export async function lockSharedOperation(
  trx: Transaction<PlatformDb>,
  id: SharedOperationId,
): Promise<SharedOperation | undefined> {
  const row = await trx.selectFrom('shared_operations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && fromRow(row);
}

/** False where another has the name. */
export async function insertSharedOperationOnce(
  trx: Transaction<PlatformDb>,
  operation: SharedOperation,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('shared_operations')
    .values(toRow(operation))
    .onConflict((conflict) => conflict.expression(sql`lower(name)`).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** A name that another has is refused by the index `shared_operations_name`. The row is locked. */
export async function updateSharedOperation(trx: Transaction<PlatformDb>, operation: SharedOperation): Promise<void> {
  await trx.updateTable('shared_operations').set(toRow(operation)).where('id', '=', operation.id).execute();
}

export async function deleteSharedOperation(trx: Transaction<PlatformDb>, id: SharedOperationId): Promise<void> {
  await trx.deleteFrom('shared_operations').where('id', '=', id).execute();
}
