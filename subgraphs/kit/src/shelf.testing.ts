import { type Kysely, sql } from 'kysely';
import { prepareSite } from './db.prepare.ts';
import type { Migrations } from './db.ts';

export interface ShelfDb {
  things: { id: number; name: string; stock: number };
}

/** A house with one table. */
export const shelf: Migrations = {
  '0001_things': {
    async up(db: Kysely<unknown>) {
      await sql`create table things (id int primary key, name text not null, stock int not null check (stock >= 0))`.execute(
        db,
      );
    },
  },
};

/** Slow enough to be killed in the middle: half of it is done when it waits. */
export const slowShelf: Migrations = {
  ...shelf,
  '0002_slow': {
    async up(db: Kysely<unknown>) {
      await sql`create table half_done (id int primary key)`.execute(db);
      await sql`insert into things values (1, 'lamp', 1)`.execute(db);
      await sql`select pg_sleep(${Number(process.env.SOUK_TEST_SLEEP ?? 0)})`.execute(db);
    },
  },
};

// Run as a program it is one process of a house that starts; each line it says is a migration run.
const url = process.env.SOUK_TEST_PREPARE;
if (url) {
  await prepareSite({ setting: 'SOUK_POSTGRES_URL', url, houses: [{ name: 'shelf', migrations: slowShelf }] }, (line) =>
    process.stdout.write(`${line}\n`),
  );
}
