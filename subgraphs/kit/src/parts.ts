import { type RawBuilder, sql } from 'kysely';

/**
 * Parts of one statement, each `name as (…)`, and the name of the one whose rows are its answer. Its parts all read the
 * state before the statement, so none sees what another writes and no two may write the same row.
 */
export interface Parts<Row = unknown> {
  readonly with: readonly RawBuilder<unknown>[];
  readonly answer: string;
  /** Never there: it only tells what a row of the answer is. */
  readonly row?: Row;
}

/** Parts as a statement of their own. */
export const statementOf = <Row>({ with: parts, answer }: Parts<Row>): RawBuilder<Row> =>
  sql<Row>`with ${sql.join(parts)} select * from ${sql.ref(answer)}`;

/** A transaction's last write, which nothing in it reads any more. */
export interface Last<Row = unknown> extends Parts<Row> {
  /** Looks at the answer before the commit; timestamps in it are text. What it throws undoes everything. */
  readonly check?: (rows: readonly Row[]) => void;
  /** What a refusal of the database means. */
  readonly refused?: (error: unknown) => unknown;
}
