import { type Kysely, sql } from 'kysely';
import { Args, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionOf, defineSubgraph, type HouseContext, PageArgs, paginate } from './index.ts';
import { anonymous, startTestHouses, type TestHouses } from './testing.ts';

interface Row {
  id: string;
  name: string;
  rank: number;
}
type Ctx_ = HouseContext<{ rows: Row }>;

@ObjectType('Row')
class RowType {
  @Field(() => String, { description: 'Name.' })
  name!: string;
}
const { Connection: RowConnection } = connectionOf('Row', () => RowType);

@Resolver()
class RowResolver {
  @Query(() => RowConnection, { description: 'By rank, then id.' })
  same(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: Ctx_) {
    return paginate(
      db,
      db.selectFrom('rows').select(['id', 'name']),
      [
        { sql: sql.ref('rank'), type: 'bigint', direction: 'asc' },
        { sql: sql.ref('id'), type: 'uuid', direction: 'asc' },
      ],
      args,
    );
  }
  @Query(() => RowConnection, { description: 'By rank falling, then id rising.' })
  mixed(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: Ctx_) {
    return paginate(
      db,
      db.selectFrom('rows').select(['id', 'name']),
      [
        { sql: sql.ref('rank'), type: 'bigint', direction: 'desc' },
        { sql: sql.ref('id'), type: 'uuid', direction: 'asc' },
      ],
      args,
    );
  }
}

const pages = defineSubgraph<{ rows: Row }>({
  name: 'pages',
  resolvers: [RowResolver],
  entities: {},
  migrations: {
    '0001_rows': {
      up: async (db: Kysely<unknown>) => {
        await sql`create table rows (id uuid primary key, name text not null, rank int not null)`.execute(db);
      },
    },
  },
  hears: {},
  ticks: {},
  loaders: () => ({}),
});

const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('a keyset page', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([pages]);
    // Ranks 0,0,0,1,1,1,…: a page border falls inside a tie.
    for (let n = 1; n <= 12; n++) {
      await t.sql('insert into pages.rows values ($1, $2, $3)', [uuid(n), `r${n}`, Math.floor((n - 1) / 3)]);
    }
  });
  afterAll(() => t.stop());

  interface Page {
    nodes: { name: string }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  }
  const page = async (field: string, args: string): Promise<Page> =>
    (
      await t.run(
        'pages',
        anonymous(),
        `{ ${field}(${args}) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      )
    )[field];
  const names = (one: Page): string[] => one.nodes.map((node) => node.name);

  it.each([
    ['same', ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11', 'r12']],
    ['mixed', ['r10', 'r11', 'r12', 'r7', 'r8', 'r9', 'r4', 'r5', 'r6', 'r1', 'r2', 'r3']],
  ])('walks %s forward and backward without a gap or a repeat', async (field, all) => {
    const forward: string[] = [];
    for (let after = ''; ; ) {
      const one = await page(field, `first: 5${after && `, after: "${after}"`}`);
      forward.push(...names(one));
      expect(one.pageInfo.hasPreviousPage).toBe(after !== '');
      if (!one.pageInfo.hasNextPage) break;
      after = one.pageInfo.endCursor;
    }
    expect(forward).toEqual(all);
    const backward: string[] = [];
    for (let before = ''; ; ) {
      const one = await page(field, `last: 5${before && `, before: "${before}"`}`);
      backward.unshift(...names(one));
      if (!one.pageInfo.hasPreviousPage) break;
      before = one.pageInfo.startCursor;
    }
    expect(backward).toEqual(all);
  });

  it('neither repeats nor skips when rows come and go meanwhile', async () => {
    const first = await page('same', 'first: 4');
    await t.sql('delete from pages.rows where id = $1', [uuid(4)]);
    await t.sql('insert into pages.rows values ($1, $2, 0)', [uuid(0), 'r0']);
    expect(names(await page('same', `first: 2, after: "${first.pageInfo.endCursor}"`))).toEqual(['r5', 'r6']);
    await t.sql('insert into pages.rows values ($1, $2, 1)', [uuid(4), 'r4']);
    await t.sql('delete from pages.rows where id = $1', [uuid(0)]);
  });

  it('counts up to its cap and says so', async () => {
    const count = async () => (await t.run('pages', anonymous(), '{ same { count { value precision } } }')).same.count;
    expect(await count()).toEqual({ value: 12, precision: 'EXACT' });
    await t.sql(`insert into pages.rows select uuidv7(), 'x', 9 from generate_series(1, 1000)`);
    expect(await count()).toEqual({ value: 1000, precision: 'AT_LEAST' });
    await t.sql('delete from pages.rows where rank = 9');
  });

  it.each([
    ['first: 0', 'A page holds between 1 and 100.'],
    ['first: 101', 'A page holds between 1 and 100.'],
    ['first: -1', 'A page holds between 1 and 100.'],
    ['first: 1, last: 1', 'Ask for the first or for the last, not for both.'],
    ['after: "nonsense"', 'This cursor is not from this list. Start again without it.'],
    ['after: "WzFd"', 'This cursor is not from this list. Start again without it.'],
  ])('refuses %s with a sentence', async (args, message) => {
    const { errors } = await t.ask('pages', anonymous(), `{ same(${args}) { nodes { name } } }`);
    expect(errors?.map((error) => [error.message, error.extensions.code])).toEqual([[message, 'BAD_USER_INPUT']]);
  });

  it('refuses a cursor whose values are of another type, without a fault', async () => {
    const foreign = Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url');
    const { errors } = await t.ask('pages', anonymous(), `{ same(after: "${foreign}") { nodes { name } } }`);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
