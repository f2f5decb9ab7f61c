import { GraphQLError } from 'graphql';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sleep } from './clock.ts';
import { openPostgres, type Postgres } from './db.houses.ts';
import { houseUrl, throughUrl } from './db.places.ts';
import { prepareSite } from './db.prepare.ts';
import { asAdministrator, newDatabase, silent } from './db.testing.ts';
import { openDb, openPool, timeouts } from './db.ts';
import { memoryKv } from './kv.memory.ts';
import { maskError } from './mask.ts';
import { isOutage, isTimeout } from './outage.ts';
import { hasPgbouncer, sayPgbouncerAbsent, startPgbouncer, type TestPgbouncer } from './pgbouncer.testing.ts';
import { preparing } from './prepared.ts';
import { type ShelfDb, shelf } from './shelf.testing.ts';
import { anonymous } from './testing.ts';
import { transact } from './tx.ts';

if (!hasPgbouncer) it('behind PgBouncer', sayPgbouncerAbsent);

const HOUSE = 'bounced';
const POOL = 3;
const quick = { statement_timeout: '300ms', lock_timeout: '150ms', idle_in_transaction_session_timeout: '300ms' };
const maskedAs = (error: Error) =>
  maskError(new GraphQLError(error.message, { path: ['thing'], originalError: error }), anonymous(), silent);
const refusal = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error('it went through')),
    (error: Error) => error,
  );

describe.runIf(hasPgbouncer)('behind PgBouncer in transaction mode', () => {
  let database: ReturnType<typeof newDatabase>;
  let bouncer: TestPgbouncer;
  let postgres: Postgres;
  let db: Kysely<ShelfDb>;

  const open = (poolerUrl: string, share = 12) =>
    openPostgres({
      places: [
        {
          house: HOUSE,
          setting: 'SOUK_POSTGRES_URL',
          url: database.url,
          pooler: { setting: 'SOUK_POSTGRES_POOLER_URL', url: poolerUrl },
          replica: null,
          sharedWith: [],
        },
      ],
      houses: [{ name: HOUSE, migrations: shelf }],
      share,
      kv: memoryKv(),
      log: silent,
    });

  beforeAll(async () => {
    database = newDatabase();
    bouncer = await startPgbouncer(inject('postgresUrl'), POOL);
    postgres = await open(bouncer.url);
    db = await postgres.openDb(HOUSE);
    await db.insertInto('things').values({ id: 1, name: 'lamp', stock: 40 }).execute();
  });
  afterAll(async () => {
    await postgres.closeDb(HOUSE);
    await bouncer.stop();
    await database.drop();
  });

  it('twelve clients share three connections, each with the schema and the timeouts of its role', async () => {
    const seen = await Promise.all(
      Array.from({ length: 60 }, () =>
        sql<Record<string, string>>`
          select pg_backend_pid() as pid, current_schema() as schema, ${sql.join(
            Object.keys(timeouts).map((name) => sql`current_setting(${sql.lit(name)}) as ${sql.ref(name)}`),
          )}, pg_sleep(0.01)`.execute(db),
      ),
    );
    const rows = seen.map((one) => one.rows[0]!);
    expect(new Set(rows.map((row) => row.pid)).size).toBeLessThanOrEqual(POOL);
    for (const row of rows) expect(row).toMatchObject({ schema: HOUSE, ...timeouts });
  });

  it('sells what there is and no more, however many buy at once', async () => {
    const buy = () =>
      transact(db, { house: HOUSE }, async (tx) => {
        const { numUpdatedRows } = await tx.db
          .updateTable('things')
          .set({ stock: sql`stock - 1` })
          .where('id', '=', 1)
          .where('stock', '>', 0)
          .executeTakeFirstOrThrow();
        const mine = await tx.db.selectFrom('things').select('stock').where('id', '=', 1).executeTakeFirstOrThrow();
        return { sold: Number(numUpdatedRows), left: mine.stock };
      });
    const sales = await Promise.all(Array.from({ length: 100 }, buy));
    const sold = sales.map((sale) => sale!.result).filter((sale) => sale.sold === 1);
    expect(sold.map((sale) => sale.left).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at));
  });

  it('statements have no names there: named ones would meet those of others', async () => {
    const named = async (with_: string) => {
      const again = await open(with_, 6);
      const own = await again.openDb(HOUSE);
      const read = (at: number) =>
        sql`select ${at}::int + ${sql.lit(at)}, pg_sleep(0.005)`.execute(own as unknown as Kysely<unknown>);
      const settled = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => read(at % 10)));
      await again.closeDb(HOUSE);
      return settled.filter((one) => one.status === 'rejected').length;
    };
    expect(await named(bouncer.url)).toBe(0);
    // The proof that the test would see it: told to name them, they collide.
    expect(await named(`${bouncer.url}?prepare=true`)).toBeGreaterThan(0);
  });

  it('each timeout fires, is told as what it is, and leaves the connection to others', async () => {
    for (const [name, value] of Object.entries(quick))
      await asAdministrator(`alter role ${HOUSE}_app set ${name} = '${value}'`);
    // A pooler that was open before keeps connections with the old ones.
    const fresh = await startPgbouncer(inject('postgresUrl'), POOL);
    const pool = openPool(throughUrl(houseUrl(database.url, HOUSE), `${fresh.url}/${database.name}`), 6, HOUSE);
    const hurried = openDb<ShelfDb>(pool, { named: false });
    try {
      const slow = await refusal(sql`select pg_sleep(30), ${'hunter2'}::text`.execute(hurried));
      expect(slow).toMatchObject({ code: '57014' });
      expect(isTimeout(slow)).toBe(true);

      const behind = await refusal(
        hurried.transaction().execute(async (trx) => {
          await sql`select from things where id = 1 for update`.execute(trx);
          await sql`update things set name = ${'hunter2'} where id = 1`.execute(hurried);
        }),
      );
      expect(behind).toMatchObject({ code: '55P03' });
      expect(isTimeout(behind)).toBe(true);

      const idle = await refusal(
        hurried.transaction().execute(async (trx) => {
          await sql`select from things where id = 1 for update`.execute(trx);
          await sleep(600);
          await sql`select 1`.execute(trx);
        }),
      );
      expect(isOutage(idle)).toBe(true);
      // The lock that it held is free.
      expect(await hurried.selectFrom('things').select('id').forUpdate().execute()).toEqual([{ id: 1 }]);

      for (const [error, code] of [
        [slow, 'TIMEOUT'],
        [behind, 'TIMEOUT'],
        [idle, 'SUBGRAPH_UNAVAILABLE'],
      ] as const) {
        const told = maskedAs(error);
        expect(told.extensions).toMatchObject({ code, retryAfterMs: expect.any(Number) });
        expect(JSON.stringify(told)).not.toMatch(/hunter2|sleep|lock|select|things/i);
      }
    } finally {
      await hurried.destroy();
      await fresh.stop();
      for (const [name, value] of Object.entries(timeouts))
        await asAdministrator(`alter role ${HOUSE}_app set ${name} = '${value}'`);
    }
  });

  it('what an operator chose for a role stays at the next start', async () => {
    await asAdministrator(`alter role ${HOUSE}_app set statement_timeout = '7s'`);
    await prepareSite({ setting: 'it', url: database.url, houses: [{ name: HOUSE, migrations: shelf }] });
    const own = new Kysely<unknown>({
      dialect: new PostgresDialect({
        pool: preparing(new pg.Pool({ connectionString: houseUrl(database.url, HOUSE), max: 1 })),
      }),
    });
    expect((await sql`show statement_timeout`.execute(own)).rows).toEqual([{ statement_timeout: '7s' }]);
    await own.destroy();
    await asAdministrator(`alter role ${HOUSE}_app set statement_timeout = '${timeouts.statement_timeout}'`);
  });

  it('migrations refuse to go through it, in one sentence', async () => {
    const url = throughUrl(database.url, `${bouncer.url}/${database.name}`);
    const said = await refusal(
      prepareSite({ setting: 'SOUK_POSTGRES_URL', url, houses: [{ name: HOUSE, migrations: shelf }] }),
    );
    expect(said).toMatchObject({
      name: 'StartupError',
      message: expect.stringContaining('leads to a connection pooler'),
      advice: expect.stringContaining('SOUK_POSTGRES_POOLER_URL'),
    });
  });

  it('a pooler that is not there or knows nobody is one sentence too', async () => {
    expect(await refusal(open('postgres://127.0.0.1:1'))).toMatchObject({
      name: 'StartupError',
      advice: expect.stringContaining('SOUK_POSTGRES_POOLER_URL'),
    });
    expect(await refusal(open(bouncer.url.replace('//', '//stranger:hunter2@')))).toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(/refuses the role 'stranger'/),
    });
  });
});
