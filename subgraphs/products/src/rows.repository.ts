import { type Kysely, sql } from 'kysely';
import type { ProductsDb } from './product.tables.ts';

type Table = keyof ProductsDb & string;
/** A row as JSON carries it: times are ISO-8601 text. */
export type JsonRow = Readonly<Record<string, unknown>>;

const columnList = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

/**
 * Writes many rows in one statement with one parameter, however many there are. Rows name the same columns; on a
 * conflict over `keys` the others are overwritten. Null keys: every row must be new.
 */
export async function upsertRows(
  db: Kysely<ProductsDb>,
  table: Table,
  rows: readonly JsonRow[],
  keys: readonly string[] | null,
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!);
  const changing = columns.filter((column) => !keys?.includes(column));
  const conflict =
    keys === null
      ? sql``
      : changing.length === 0
        ? sql`on conflict do nothing`
        : sql`on conflict (${columnList(keys)}) do update set ${sql.join(
            changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
          )}`;
  await sql`
    insert into ${sql.table(table)} (${columnList(columns)})
    select ${columnList(columns)} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)
    ${conflict}`.execute(db);
}

/** Deletes many rows by their keys in one statement. */
export async function deleteRows(
  db: Kysely<ProductsDb>,
  table: Table,
  rows: readonly JsonRow[],
  keys: readonly string[],
): Promise<void> {
  if (rows.length === 0) return;
  const named = rows.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
  await sql`
    delete from ${sql.table(table)} using jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(named)}::jsonb) as gone
    where ${sql.join(
      keys.map((key) => sql`${sql.ref(`${table}.${key}`)} = ${sql.ref(`gone.${key}`)}`),
      sql` and `,
    )}`.execute(db);
}
