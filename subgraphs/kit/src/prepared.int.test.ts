import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { openDb, openPool, sql } from './db.ts';
import { transact } from './tx.ts';

interface Db {
  things: { id: number; name: string };
}

const schema = `prepared_${randomBytes(4).toString('hex')}`;
let db: Kysely<Db>;
let other: Kysely<Db>;

function open(): Kysely<Db> {
  const url = new URL(inject('postgresUrl'));
  url.searchParams.set('options', `-c search_path=${schema}`);
  return openDb<Db>(openPool(url.toString(), 1, schema));
}

beforeAll(async () => {
  db = open();
  other = open();
  await sql.raw(`create schema ${schema}`).execute(other);
});
afterAll(async () => {
  await sql.raw(`drop schema ${schema} cascade`).execute(other);
  await Promise.all([db.destroy(), other.destroy()]);
});
beforeEach(async () => {
  await sql`drop table if exists things`.execute(other);
  await sql`create table things (id int primary key, name text not null)`.execute(other);
  await sql`insert into things values (1, 'lamp')`.execute(other);
});

const find = (on: Kysely<Db>, id: number) =>
  on.selectFrom('things').selectAll().where('id', '=', id).executeTakeFirst() as Promise<object | undefined>;

it('a statement is prepared once on its connection, and used again with other values', async () => {
  expect(await find(db, 1)).toEqual({ id: 1, name: 'lamp' });
  expect(await find(db, 2)).toBeUndefined();
  const { rows } = await sql<{ statement: string; calls: number }>`
    select statement, (generic_plans + custom_plans)::int as calls from pg_prepared_statements
    where statement like '%"things"%'`.execute(db);
  expect(rows).toEqual([{ statement: 'select * from "things" where "id" = $1', calls: 2 }]);
});

it('a read goes on after a migration changed its columns', async () => {
  await find(db, 1);
  await sql`alter table things add column colour text default 'red'`.execute(other);
  expect(await find(db, 1)).toEqual({ id: 1, name: 'lamp', colour: 'red' });
  await sql`alter table things drop column colour`.execute(other);
  expect(await find(db, 1)).toEqual({ id: 1, name: 'lamp' });
});

it('a transaction that meets such a change runs again as a whole, and its writes happen once', async () => {
  await find(db, 1);
  await sql`alter table things add column colour text default 'red'`.execute(other);
  let runs = 0;
  const committed = await transact(db, { house: 'things' }, async (tx) => {
    runs += 1;
    await tx.db.insertInto('things').values({ id: 2, name: 'desk' }).execute();
    return await find(tx.db, 1);
  });
  expect(runs).toBe(2);
  expect(committed?.result).toEqual({ id: 1, name: 'lamp', colour: 'red' });
  expect(await find(other, 2)).toEqual({ id: 2, name: 'desk', colour: 'red' });
});

it('a mistake in a prepared statement is the error it was', async () => {
  const twice = db.insertInto('things').values({ id: 1, name: 'lamp' }).execute();
  await expect(twice).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' });
  expect(await find(db, 1)).toEqual({ id: 1, name: 'lamp' });
});

it('past its bound, texts are sent unprepared', async () => {
  const fresh = open();
  for (let at = 0; at < 450; at++) await sql`select ${at}::int + ${sql.lit(at)}`.execute(fresh);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_prepared_statements`.execute(
    fresh,
  );
  expect(rows).toEqual([{ count: 400 }]);
  expect(await find(fresh, 1)).toEqual({ id: 1, name: 'lamp' });
  await fresh.destroy();
});
