import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { openPostgres, type Postgres } from './db.houses.ts';
import { asAdministrator, newDatabase, silent } from './db.testing.ts';
import type { Migrations } from './db.ts';
import { memoryKv } from './kv.memory.ts';
import { transact } from './tx.ts';

/**
 * One column gets another name while the house serves: `name` becomes `title`. Each version is the code and the migrations
 * of one release, and two neighbours always serve side by side.
 */
const first: Migrations = {
  '0001_books': {
    async up(db: Kysely<unknown>) {
      await sql`create table books (id uuid primary key, name text not null, sold int not null default 0)`.execute(db);
    },
  },
};
/** Adds, and keeps both alike whoever writes: the old code does not know that there is a title. */
const expand: Migrations = {
  ...first,
  '0002_title': {
    async up(db: Kysely<unknown>) {
      await sql`alter table books add column title text`.execute(db);
      await sql`alter table books alter column name drop not null`.execute(db);
      await sql`
        create function books_alike() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and new.title is not distinct from old.title then new.title := new.name; end if;
          new.title := coalesce(new.title, new.name);
          new.name := new.title;
          return new;
        end $$`.execute(db);
      await sql`create trigger books_alike before insert or update on books for each row execute function books_alike()`.execute(
        db,
      );
      await sql`update books set title = name`.execute(db);
    },
  },
};
/** Takes away what no serving version knows any more. */
const contract: Migrations = {
  ...expand,
  '0003_name_contract': {
    async up(db: Kysely<unknown>) {
      await sql`drop trigger books_alike on books`.execute(db);
      await sql`drop function books_alike()`.execute(db);
      await sql`alter table books alter column title set not null`.execute(db);
      await sql`alter table books drop column name`.execute(db);
    },
  },
};

interface Db {
  books: { id: string; name?: string; title?: string | null; sold: number };
}

const database = newDatabase();
const started: Postgres[] = [];
afterAll(async () => {
  for (const one of started) await one.closeDb('books');
  await database.drop();
});

async function startVersion(migrations: Migrations, column: 'name' | 'title') {
  const postgres = await openPostgres({
    places: [
      { house: 'books', setting: 'SOUK_POSTGRES_URL', url: database.url, pooler: null, replica: null, sharedWith: [] },
    ],
    houses: [{ name: 'books', migrations }],
    share: 4,
    kv: memoryKv(),
    log: silent,
  });
  started.push(postgres);
  const db = (await postgres.openDb('books')) as Kysely<Db>;
  const stop = new AbortController();
  const told = { requests: 0, failed: [] as unknown[] };
  // All columns, as most reads of the houses take them: that is what a changed table makes stale.
  const read = (on: Kysely<Db>, id: string) =>
    on.selectFrom('books').selectAll().where('id', '=', id).executeTakeFirst();
  const request = async () => {
    const id = randomUUID();
    const made = `${column} ${id}`;
    await transact(db, { house: 'books' }, async (tx) => {
      await tx.db
        .insertInto('books')
        .values({ id, [column]: made, sold: 0 } as never)
        .execute();
      await read(tx.db, id);
    });
    await transact(db, { house: 'books' }, async (tx) => {
      await tx.db.updateTable('books').set({ sold: sql`sold + 1` }).where('id', '=', id).execute();
      await tx.db
        .updateTable('books')
        .set({ [column]: `${made}!` } as never)
        .where('id', '=', id)
        .execute();
      await read(tx.db, id);
    });
    expect(await read(db, id)).toMatchObject({ [column]: `${made}!`, sold: 1 });
  };
  const shopper = async () => {
    while (!stop.signal.aborted) {
      await request().catch((error: unknown) => told.failed.push(error));
      told.requests += 1;
    }
  };
  const shoppers = [1, 2, 3, 4, 5, 6].map(shopper);
  return {
    told,
    /** Until it has answered so many more. */
    async serves(more = 60) {
      for (const until = told.requests + more; told.requests < until; ) await sleep(10);
    },
    async stop() {
      stop.abort();
      await Promise.all(shoppers);
    },
  };
}

const rows = 2_000;

it('two versions serve at once while the table changes under them, and no request fails', async () => {
  const v1 = await startVersion(first, 'name');
  await asAdministrator(
    `insert into books.books select gen_random_uuid(), 'book ' || n from generate_series(1, ${rows}) n`,
    database.url,
  );
  await v1.serves();
  const v2 = await startVersion(expand, 'title');
  await Promise.all([v1.serves(), v2.serves()]);
  // A process of the old version that dies now comes back: what it lacks only adds.
  const again = await startVersion(first, 'name');
  await Promise.all([v1.serves(), v2.serves(), again.serves()]);
  await v1.stop();
  await again.stop();
  const v3 = await startVersion(contract, 'title');
  await Promise.all([v2.serves(), v3.serves()]);
  await v2.stop();
  await v3.stop();
  for (const { told } of [v1, v2, again, v3]) expect(told.failed).toEqual([]);

  const [{ all, alike }] = (await asAdministrator<{ all: number; alike: number }>(
    `select count(*)::int as all, count(*) filter (where title is not null)::int as alike from books.books`,
    database.url,
  )) as [{ all: number; alike: number }];
  const made = [v1, v2, again, v3].reduce((sum, { told }) => sum + told.requests, 0);
  expect({ all, alike }).toEqual({ all: rows + made, alike: rows + made });
});

it('what knows nothing of the change is refused once its column is gone; the version before is not', async () => {
  await expect(startVersion(first, 'name')).rejects.toMatchObject({
    name: 'StartupError',
    message: expect.stringContaining('0003_name_contract'),
  });
  const before = await startVersion(expand, 'title');
  await before.serves(10);
  await before.stop();
  expect(before.told.failed).toEqual([]);
});

it('a migration that finds its table in use steps back for others, and is done when it is free', async () => {
  const v3 = await startVersion(contract, 'title');
  const holder = await openPostgres({
    places: [
      { house: 'books', setting: 'SOUK_POSTGRES_URL', url: database.url, pooler: null, replica: null, sharedWith: [] },
    ],
    houses: [{ name: 'books', migrations: contract }],
    share: 1,
    kv: memoryKv(),
    log: silent,
  });
  started.push(holder);
  const db = (await holder.openDb('books')) as Kysely<Db>;
  let release: () => void = () => undefined;
  const held = db.transaction().execute(async (trx) => {
    await trx.selectFrom('books').select('id').limit(1).execute();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  const more: Migrations = {
    ...contract,
    '0004_pages': {
      async up(to: Kysely<unknown>) {
        await sql`alter table books add column pages int`.execute(to);
      },
    },
  };
  const v4 = startVersion(more, 'title');
  // It waits for the table, so whoever comes next waits too: were it for good, nothing would be served here.
  const waiting = `select from pg_stat_activity where datname = '${database.name}' and wait_event_type = 'Lock' and query like 'alter table books%'`;
  while ((await asAdministrator(waiting)).length === 0) await sleep(10);
  await v3.serves(60);
  release();
  await held;
  const next = await v4;
  await next.serves(10);
  for (const version of [v3, next]) {
    await version.stop();
    expect(version.told.failed).toEqual([]);
  }
});
