import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { sleep } from './clock.ts';
import { openDb, openPool, sql } from './db.ts';

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
