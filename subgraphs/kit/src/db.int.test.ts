import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { sleep } from './clock.ts';
import { openPostgres } from './db.houses.ts';
import { newDatabase, silent } from './db.testing.ts';
import { openDb, openPool, poolShare, sql } from './db.ts';
import { memoryKv } from './kv.memory.ts';
import { placesAt } from './platform.embedded.ts';
import { shelf } from './shelf.testing.ts';

const name = `loss_${randomBytes(4).toString('hex')}`;
let admin: pg.Client;
beforeAll(async () => {
  admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
});
afterAll(() => admin.end());

it('a connection lost in the middle of a transaction fails that transaction and nothing else', async () => {
  const pool = openPool(inject('postgresUrl'), 2, name);
  const db = openDb(pool);
  const gone = async (): Promise<void> => {
    const { rowCount } = await admin.query(
      'select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = $1',
      [`souk-${name}`],
    );
    expect(rowCount).toBe(1);
  };
  const work = db.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx);
    await gone();
    // Long enough for the news of its death to come while no statement is under way.
    await sleep(50);
    await sql`select 1`.execute(trx);
  });
  await expect(work).rejects.toThrow();
  expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  await gone();
  await sleep(50);
  expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  await db.destroy();
});

it('houses together open no more connections than the one total, however many ask at once', async () => {
  const database = newDatabase();
  const houses = ['attic', 'cellar', 'shelf'].map((house) => ({ name: house, migrations: shelf }));
  const postgres = await openPostgres({
    places: placesAt(database.url, houses),
    houses,
    share: poolShare(9, houses.length),
    kv: memoryKv(),
    log: silent,
  });
  const dbs = await Promise.all(houses.map((house) => postgres.openDb(house.name)));
  const burst = dbs.flatMap((db) => Array.from({ length: 50 }, () => sql`select pg_sleep(0.005)`.execute(db)));
  let over = false;
  const working = Promise.all(burst).then(() => {
    over = true;
  });
  let most = 0;
  while (!over) {
    const { rows } = await admin.query(`select count(*)::int as n from pg_stat_activity where datname = $1`, [
      database.name,
    ]);
    most = Math.max(most, rows[0].n);
  }
  await working;
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(9);
  for (const house of houses) await postgres.closeDb(house.name);
  await database.drop();
});
