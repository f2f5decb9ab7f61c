import { isUuid } from '@souk/schema';
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { ArgsType, type ClassType, Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { badInput } from './errors.ts';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;
const COUNT_CAP = 1_000;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the start; 20 if unsaid, 100 at most.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;
  @Field(() => Int, { nullable: true, description: 'How many from the end; 100 at most.' })
  last?: number | null;
  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

@ObjectType({ description: 'Where a page stands in its list.' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'More follow.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'More come before.' })
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor!: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last edge.' })
  endCursor!: string | null;
}

export enum CountPrecision {
  EXACT = 'EXACT',
  AT_LEAST = 'AT_LEAST',
}
registerEnumType(CountPrecision, {
  name: 'CountPrecision',
  description: 'How far a count was taken.',
  valuesConfig: {
    EXACT: { description: 'All were counted.' },
    AT_LEAST: { description: 'Counting stopped at a cap.' },
  },
});

@ObjectType({ description: 'How many there are, up to a cap.' })
@Directive('@shareable')
export class Count {
  @Field(() => Int, { description: 'The number counted.' })
  value!: number;
  @Field(() => CountPrecision, { description: 'Whether counting went to the end.' })
  precision!: CountPrecision;
}

export interface Edge<T> {
  readonly node: T;
  readonly cursor: string;
}

/** A page of a growing list. `count` runs only where the client selected it. */
export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
  readonly count: () => Promise<Count>;
}

/** The connection and edge types of a node: `const { Connection: ProductConnection } = connectionOf('Product', () => Product)`. */
export function connectionOf<T extends object>(
  name: string,
  node: () => ClassType<T>,
): { Connection: ClassType<object>; Edge: ClassType<object> } {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list.` })
  class EdgeType {
    @Field(node, { description: 'The thing itself.' })
    node!: T;
    @Field(() => String, { description: 'Its place in the list.' })
    cursor!: string;
  }
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [node()], { description: 'The things themselves.' })
    nodes!: T[];
    @Field(() => [EdgeType], { description: 'The things with their cursors.' })
    edges!: EdgeType[];
    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo;
    @Field(() => Count, { description: 'How many the whole list holds, up to a cap.' })
    count(): Promise<Count> {
      // A method, so that type-graphql calls what the page brings; a property it would hand out uncalled.
      throw new Error('paginate brings the count');
    }
  }
  return { Connection: ConnectionType, Edge: EdgeType };
}

/** One column of a keyset order. The last one must be unique. Columns are not null. */
export interface KeysetColumn {
  /** The SQL expression sorted by, such as `sql.ref('product.name')`. */
  readonly sql: RawBuilder<unknown>;
  /** The PostgreSQL type its cursor value is cast to. */
  readonly type: 'uuid' | 'text' | 'bigint' | 'timestamptz' | 'double precision';
  readonly direction: 'asc' | 'desc';
}

type CursorValue = string | number;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 2_000 && !value.includes('\0');

/** Whether PostgreSQL will take the value for the type: a forged cursor is the client's mistake, not a fault. */
const fits: Readonly<Record<KeysetColumn['type'], (value: unknown) => boolean>> = {
  uuid: (value) => isText(value) && isUuid(value),
  text: isText,
  bigint: (value) => Number.isSafeInteger(value),
  'double precision': (value) => isText(value) && value !== '' && Number.isFinite(Number(value)),
  timestamptz: (value) => isText(value) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(value),
};

function decodeCursor(cursor: string, columns: readonly KeysetColumn[]): CursorValue[] {
  const values = parseCursor(cursor);
  if (
    Array.isArray(values) &&
    values.length === columns.length &&
    columns.every(({ type }, i) => fits[type](values[i]))
  ) {
    return values;
  }
  throw badInput('This cursor is not from this list. Start again without it.');
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** `(a, b) > (x, y)` spelled out, for directions may differ. */
function beyond(
  columns: readonly KeysetColumn[],
  values: readonly CursorValue[],
  reverse: boolean,
): RawBuilder<boolean> {
  const value = (index: number) => sql`${values[index]}::${sql.raw(columns[index]!.type)}`;
  const same = columns.every((column) => column.direction === columns[0]!.direction);
  if (same) {
    // A row comparison is one index range; the spelled-out form is not.
    const operator = (columns[0]!.direction === 'asc') !== reverse ? sql.raw('>') : sql.raw('<');
    return sql<boolean>`(${sql.join(columns.map((column) => column.sql))}) ${operator} (${sql.join(columns.map((_, i) => value(i)))})`;
  }
  const cases = columns.map((column, index) => {
    const operator = (column.direction === 'asc') !== reverse ? sql.raw('>') : sql.raw('<');
    const equal = columns.slice(0, index).map((earlier, i) => sql`${earlier.sql} = ${value(i)}`);
    return sql`(${sql.join([...equal, sql`${column.sql} ${operator} ${value(index)}`], sql` and `)})`;
  });
  return sql<boolean>`(${sql.join(cases, sql` or `)})`;
}

const checkSize = (size: number): number => {
  if (size < 1 || size > MAX_SIZE) throw badInput(`A page holds between 1 and ${MAX_SIZE}.`);
  return size;
};

/**
 * One keyset page of a query in one statement (two where `count` is selected). The cursor holds the sort values, so a
 * list that changes meanwhile neither repeats nor skips. Throws BAD_USER_INPUT on a foreign cursor or size.
 */
export async function paginate<DB, TB extends keyof DB, Row extends object>(
  db: Kysely<DB>,
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: readonly KeysetColumn[],
  args: PageArgs,
): Promise<Connection<Row>> {
  if (args.first != null && args.last != null) throw badInput('Ask for the first or for the last, not for both.');
  const backward = args.last != null;
  const size = checkSize(args.last ?? args.first ?? DEFAULT_SIZE);
  let paged = query as unknown as SelectQueryBuilder<DB, TB, Row & Record<`_k${number}`, CursorValue>>;
  columns.forEach((column, index) => {
    // Text keeps what a Date or a float would lose on the way to the cursor and back.
    const shown = column.type === 'bigint' ? column.sql : sql`${column.sql}::text`;
    paged = paged.select(sql<CursorValue>`${shown}`.as(`_k${index}`)) as unknown as typeof paged;
    const direction = (column.direction === 'asc') !== backward ? 'asc' : 'desc';
    paged = paged.orderBy(column.sql, direction);
  });
  if (args.after != null) paged = paged.where(beyond(columns, decodeCursor(args.after, columns), false));
  if (args.before != null) paged = paged.where(beyond(columns, decodeCursor(args.before, columns), true));
  const rows = await paged.limit(size + 1).execute();
  const more = rows.length > size;
  const page = rows.slice(0, size);
  if (backward) page.reverse();
  const edges = page.map((row) => {
    const values = columns.map((_, index) => (row as Record<string, unknown>)[`_k${index}`]);
    return { node: row as Row, cursor: Buffer.from(JSON.stringify(values)).toString('base64url') };
  });
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: backward ? args.before != null : more,
      hasPreviousPage: backward ? more : args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count: async () => {
      const capped = query
        .clearSelect()
        .clearOrderBy()
        .select(sql`1`.as('one'))
        .limit(COUNT_CAP + 1);
      const { rows: counted } = await sql<{ n: number }>`select count(*) as n from (${capped}) as capped`.execute(db);
      const n = counted[0]!.n;
      return {
        value: Math.min(n, COUNT_CAP),
        precision: n > COUNT_CAP ? CountPrecision.AT_LEAST : CountPrecision.EXACT,
      };
    },
  };
}
