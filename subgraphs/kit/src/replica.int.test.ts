import { generateKeyPairSync } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import { parse } from 'graphql';
import { sql } from 'kysely';
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { readConfig } from './config.ts';
import { openPostgres, type Postgres } from './db.houses.ts';
import type { Limits } from './db.replica.ts';
import { asAdministrator, newDatabase, silent, varied } from './db.testing.ts';
import { defineSubgraph, type HouseContext, type RunningHouse, startSubgraph, UserError } from './index.ts';
import { memoryKv } from './kv.memory.ts';
import type { Kv } from './kv.ts';
import { memoryLive } from './live.memory.ts';
import { Outage } from './outage.ts';
import { startPair, type TestPair } from './replica.testing.ts';
import { type ShelfDb, shelf } from './shelf.testing.ts';
import { anonymous, embeddedBus, guest } from './testing.ts';

type Ctx_ = HouseContext<ShelfDb>;

@ObjectType({ implements: UserError })
class StockError extends UserError {}
@ObjectType()
class StockPayload {
  @Field(() => Int, { nullable: true, description: 'As it is after the write.' })
  stock!: number;
  @Field(() => Boolean, { nullable: true, description: 'Whether the standby said so.' })
  standby!: boolean;
  @Field(() => [StockError], { description: 'Mistakes.' })
  errors!: StockError[];
}
@InputType()
class StockInput {
  @Field(() => Int, { description: 'Of what.' })
  id!: number;
  @Field(() => Int, { description: 'How many.' })
  stock!: number;
}
@ObjectType()
class Seen {
  @Field(() => Int, { nullable: true, description: 'How many.' })
  stock!: number | null;
  @Field(() => Boolean, { description: 'Whether the standby said so.' })
  standby!: boolean;
}

async function look(ctx: Ctx_, id: number): Promise<Seen> {
  const { rows } = await sql<Seen>`
    select (select stock from things where id = ${id}) as stock, pg_is_in_recovery() as standby`.execute(ctx.db);
  return rows[0]!;
}

@Resolver()
class ShelfResolver {
  @Query(() => Seen, { description: 'What is there.' })
  see(@Arg('id', () => Int) id: number, @Ctx() ctx: Ctx_): Promise<Seen> {
    return look(ctx, id);
  }
  @Query(() => Int, { description: 'Waits.' })
  async wait(@Ctx() ctx: Ctx_): Promise<number> {
    await sql`select pg_sleep(case when pg_is_in_recovery() then 600 else 0 end)`.execute(ctx.db);
    return 1;
  }
  @Mutation(() => StockPayload, { description: 'Sets the stock.' })
  put(@Arg('input', () => StockInput) { id, stock }: StockInput, @Ctx() ctx: Ctx_) {
    return ctx.mutate(
      'put',
      {},
      async (tx) => {
        await tx.db
          .insertInto('things')
          .values({ id, name: 'lamp', stock })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ stock }))
          .execute();
        return `${id}`;
      },
      () => look(ctx, id),
      { anonymous: true },
    );
  }
}

const definition = defineSubgraph<ShelfDb>({
  name: 'shelf',
  resolvers: [ShelfResolver],
  entities: {},
  migrations: shelf,
  hears: {},
  ticks: {},
  loaders: () => ({}),
});

const patient: Limits = { mostLagMs: 600_000, settleMs: 0, everyMs: 30, silenceMs: 1_000 };

/** One process of the house; several share `kv` as they would share Redis. */
async function startProcess(url: string, replicaUrl: string, kv: Kv, limits = patient) {
  const postgres: Postgres = await openPostgres({
    places: [
      {
        house: 'shelf',
        setting: 'SOUK_POSTGRES_URL',
        url,
        pooler: null,
        replica: { setting: 'SOUK_POSTGRES_REPLICA_URL', url: replicaUrl },
        sharedWith: [],
      },
    ],
    houses: [definition],
    share: 8,
    kv,
    log: silent,
    replicaLimits: limits,
  });
  const house: RunningHouse = await startSubgraph(definition, {
    config: readConfig({ SOUK_ENV: 'test' }),
    log: silent,
    bus: embeddedBus({ log: silent }),
    live: memoryLive(),
    kv,
    dataDir: '',
    adminUrl: null,
    tokenKey: generateKeyPairSync('ed25519'),
    publicUrl: 'http://localhost',
    peers: { see: async () => [], houses: [] },
    ...postgres,
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of a document it wrote itself
  const ask = async (viewer: Viewer, document: string): Promise<any> => {
    const { data, errors } = await house.execute({ document: parse(document), context: house.context(viewer) });
    if (errors) throw errors[0]!;
    return data;
  };
  return {
    house,
    postgres,
    see: async (viewer: Viewer, id: number): Promise<Seen> =>
      (await ask(viewer, `{ see(id: ${id}) { stock standby } }`)).see,
    wait: (viewer: Viewer) => ask(viewer, '{ wait }'),
    put: async (viewer: Viewer, id: number, stock: number): Promise<Seen> =>
      (await ask(viewer, `mutation { put(input: { id: ${id}, stock: ${stock} }) { stock standby } }`)).put,
    /** Until a stranger's query is answered by the standby. */
    async reads() {
      while (!(await this.see(guest(), 1)).standby) await sleep(20);
    },
  };
}

describe('a standby for queries', () => {
  let pair: TestPair;
  let url: string;
  let one: Awaited<ReturnType<typeof startProcess>>;
  let two: typeof one;
  const kv = memoryKv();
  const replay = (what: 'pause' | 'resume') => asAdministrator(`select pg_wal_replay_${what}()`, pair.standby.url);
  /** Without the role: each house comes as its own. */
  const standbyUrl = () =>
    varied(pair.standby.url, (at) => {
      at.username = '';
      at.password = '';
      at.pathname = '';
    });

  beforeAll(async () => {
    pair = await startPair();
    url = newDatabase(pair.primary.url).url;
    one = await startProcess(url, standbyUrl(), kv);
    two = await startProcess(url, standbyUrl(), kv);
    await one.put(guest(), 1, 7);
    await pair.caughtUp();
    for (const process of [one, two]) await process.reads();
  });
  afterAll(async () => {
    for (const process of [one, two]) await process.house.stop();
    await pair.stop();
  });

  it('answers the queries of whoever wrote nothing; a mutation reads what it wrote where it wrote it', async () => {
    expect(await two.see(guest(), 1)).toEqual({ stock: 7, standby: true });
    expect(await one.put(guest(), 1, 8)).toMatchObject({ stock: 8, standby: false });
    await pair.caughtUp();
  });

  it('never shows a viewer less than they wrote, in any process, however long it stands still', async () => {
    const writer = guest();
    const other = guest();
    await replay('pause');
    await one.put(writer, 1, 9);
    // Whoever wrote nothing reads the past: that is the proof that the standby had not got it.
    expect(await two.see(other, 1)).toEqual({ stock: 8, standby: true });
    for (const process of [one, two]) expect(await process.see(writer, 1)).toEqual({ stock: 9, standby: false });
    await replay('resume');
    while (!(await two.see(writer, 1)).standby) await sleep(20);
    expect(await two.see(writer, 1)).toEqual({ stock: 9, standby: true });
  });

  it('a guest who was nobody when they were made finds themselves', async () => {
    await replay('pause');
    await one.put(anonymous(), 2, 1);
    expect(await two.see(guest(), 2)).toEqual({ stock: 1, standby: false });
    const old = guest('01890000-0000-7000-8000-000000000000');
    expect(await two.see(old, 2)).toEqual({ stock: null, standby: true });
    await replay('resume');
    await pair.caughtUp();
  });

  it('writes, locks and transactions go to the primary, whoever asks for them', async () => {
    const { db } = two.postgres.replicaOf('shelf')!;
    const where = sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`;
    expect((await where.execute(db)).rows).toEqual([{ standby: true }]);
    expect((await db.transaction().execute((trx) => where.execute(trx))).rows).toEqual([{ standby: false }]);
    expect((await sql`select id from things where id = 1 for update`.execute(db)).rows).toEqual([{ id: 1 }]);
    await sql`update things set name = 'desk' where id = ${1}`.execute(db);
    await expect(sql`select 1 / ${0}::int`.execute(db)).rejects.toMatchObject({ code: '22012' });
  });

  it('one too far behind is not read by anybody', async () => {
    const strict = await startProcess(url, standbyUrl(), memoryKv(), { ...patient, mostLagMs: 300 });
    await strict.reads();
    await replay('pause');
    await one.put(guest(), 1, 10);
    while ((await strict.see(guest(), 1)).standby) await sleep(20);
    expect(await strict.see(guest(), 1)).toEqual({ stock: 10, standby: false });
    await replay('resume');
    await strict.reads();
    await strict.house.stop();
  });

  it('marks that cannot be read or were lost mean the primary', async () => {
    let away = false;
    const inner = memoryKv();
    const flaky: Kv = {
      ...inner,
      get: (key) => (away ? Promise.reject(new Outage('kv')) : inner.get(key)),
      set: (...words) => (away ? Promise.reject(new Outage('kv')) : inner.set(...words)),
    };
    const third = await startProcess(url, standbyUrl(), flaky, { ...patient, settleMs: 300 });
    await third.reads();
    const writer = guest();
    await replay('pause');
    away = true;
    await third.put(writer, 1, 11);
    expect(await third.see(guest(), 1)).toMatchObject({ stock: 11, standby: false });
    away = false;
    // What could not be told to the others is known here.
    expect(await third.see(writer, 1)).toEqual({ stock: 11, standby: false });
    const told = guest();
    await third.put(told, 1, 12);
    await inner.close();
    // Empty now, as Redis that lost its data: nobody can tell who wrote.
    expect(await third.see(told, 1)).toEqual({ stock: 12, standby: false });
    await replay('resume');
    await third.reads();
    await third.house.stop();
  });

  it('many viewers who write and read in turn, in both processes, each see what they wrote last', async () => {
    const places = { standby: 0, primary: 0 };
    const shopper = async (id: number) => {
      const viewer = guest();
      for (let round = 1; round <= 15; round++) {
        const [writes, reads] = round % 2 ? [one, two] : [two, one];
        await writes.put(viewer, id, round);
        for (let again = 0; again < 3; again++) {
          const seen = await reads.see(viewer, id);
          expect(seen.stock).toBe(round);
          places[seen.standby ? 'standby' : 'primary'] += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, at) => shopper(100 + at)));
    expect(places.standby).toBeGreaterThan(0);
  });

  it('frozen in the middle of queries, they are answered by the primary', async () => {
    await two.reads();
    const waiting = [1, 2, 3].map(() => two.wait(guest()));
    await sleep(100);
    pair.standby.freeze();
    expect(await Promise.all(waiting)).toEqual([{ wait: 1 }, { wait: 1 }, { wait: 1 }]);
    expect(await two.see(guest(), 1)).toMatchObject({ standby: false });
    pair.standby.thaw();
    await two.reads();
  });

  it('killed under load, no query fails, and it is read again when it is back', async () => {
    let done = false;
    let answered = 0;
    const browsing = Array.from({ length: 8 }, async () => {
      for (; !done; answered++) expect((await two.see(guest(), 1)).stock).not.toBeNull();
    });
    await sleep(200);
    await pair.standby.kill();
    await sleep(300);
    await pair.standby.start();
    await two.reads();
    done = true;
    await Promise.all(browsing);
    expect(answered).toBeGreaterThan(100);
  });

  it('a wrong word is told at the start; one that is merely away is waited for', async () => {
    const stranger = varied(pair.standby.url, (at) => {
      at.username = 'stranger';
    });
    await expect(startProcess(url, stranger, kv)).rejects.toMatchObject({
      name: 'StartupError',
      advice: expect.stringContaining('SOUK_POSTGRES_REPLICA_URL'),
    });
    await pair.standby.kill();
    const patiently = await startProcess(url, standbyUrl(), memoryKv());
    expect(await patiently.see(guest(), 1)).toMatchObject({ standby: false });
    await pair.standby.start();
    await patiently.reads();
    await patiently.house.stop();
  });

  it('with the primary away, what was there can still be read', async () => {
    await pair.caughtUp();
    for (const process of [one, two]) await process.reads();
    const { stock } = await one.see(guest(), 1);
    await pair.primary.kill();
    expect(await one.see(guest(), 1)).toEqual({ stock, standby: true });
    const { errors } = await one.house.execute({
      document: parse('mutation { put(input: { id: 1, stock: 3 }) { stock } }'),
      context: one.house.context(guest()),
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    await pair.primary.start();
    await one.put(guest(), 1, 4);
  });

  it('promoted, it is no standby any more and is left alone', async () => {
    await one.reads();
    await asAdministrator('select pg_promote()', pair.standby.url);
    await one.put(guest(), 1, 5);
    // It looks like a primary itself now, and knows nothing of this.
    while ((await one.see(guest(), 1)).stock !== 5) await sleep(20);
    for (let again = 0; again < 20; again++) expect((await one.see(guest(), 1)).stock).toBe(5);
  });
});
