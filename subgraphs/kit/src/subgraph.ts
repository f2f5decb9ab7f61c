import { randomUUID } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import { createSourceEventStream, type DocumentNode, execute, getOperationAST } from 'graphql';
import type { Kysely } from 'kysely';
import { systemViewer } from './auth.ts';
import { sleep } from './clock.ts';
import { redrive } from './dead-letters.ts';
import { buildHouseSchema } from './graphql.ts';
import type { AnySubgraph, HouseContext, RunningHouse, Tick } from './house.ts';
import { mapIterator } from './iterator.ts';
import { masked } from './mask.ts';
import { earOf, type Hears, maintain, mouthOf } from './messages.ts';
import { mutatorOf } from './mutate.ts';
import { noting, tellEvicted, withNotes } from './notes.ts';
import type { Parts } from './parts.ts';
import type { Platform } from './platform.ts';
import { resaySnapshot } from './resay.ts';
import type { KitTables } from './tables.ts';
import { ticksOf } from './ticks.ts';
import { type Committed, type Following, type Opening, type Tx, transact, writeAtOnce } from './tx.ts';

/** Hourly, in every house: partitions ahead and behind, idempotency keys older than two days. */
const maintenance: Tick<never, unknown> = {
  everySeconds: 3_600,
  run: ({ db }) => maintain(db as unknown as Kysely<KitTables>),
};

/** Opens a house's database, ports, ears and ticks. Its schema must have been migrated. */
export async function startSubgraph(definition: AnySubgraph, platform: Platform): Promise<RunningHouse> {
  const { name } = definition;
  const log = platform.log.child({ house: name });
  const db = await platform.openDb(name);
  const kit = db as unknown as Kysely<KitTables>;
  const stopping = new AbortController();
  const own = {
    db: db as never,
    log,
    signal: stopping.signal,
    transact: write as never,
    writeAtOnce: writeOneStatement as never,
  };
  const ports: unknown = await definition.ports?.(platform, db as never, own);
  const { schema, sdl } = buildHouseSchema(definition);
  const ticks = ticksOf(
    name,
    { ...definition.ticks, maintain: maintenance },
    () => ({ ...own, ports }),
    log,
    stopping.signal,
  );

  async function committed(done: Committed<unknown>): Promise<void> {
    if (done.facts.length > 0) platform.bus.nudge(name, done.facts);
    for (const tick of done.nudged) void ticks.run(tick);
    // Whoever is told of a change reads it at once, and must not find an old copy.
    const { copies = [] } = done;
    if (copies.length > 0) await Promise.all(copies.map(({ key, copy }) => platform.kv.hot(name).replace(key, copy)));
    // On its way before anything else is said, and before whoever asked is answered.
    if (done.evicted?.length) await tellEvicted(platform.live, done.evicted);
    for (const { topic, id, version } of done.touched) {
      void platform.live
        .publish(topic, { id, version })
        .catch((error) => log.warn({ error, topic }, 'a live touch was lost'));
    }
  }

  async function commit<T>(work: (tx: Tx<unknown>) => Promise<T>, opening?: Opening<unknown>): Promise<Committed<T>> {
    const done = await transact(db as Kysely<unknown>, { house: name, opening }, work);
    await committed(done!);
    return done!;
  }

  async function write<T>(work: (tx: Tx<unknown>) => Promise<T>, opening?: Opening<unknown>): Promise<T> {
    return (await commit(work, opening)).result;
  }

  async function writeOneStatement<Row>(parts: Parts<Row>, following: Following): Promise<readonly Row[]> {
    const done = await writeAtOnce(kit, name, parts, following);
    await committed(done);
    return done.result;
  }

  const ear = earOf({ house: name, db: db as Kysely<unknown>, hears: definition.hears as Hears<unknown>, committed });
  await ear.loadParked();

  const replica = platform.replicaOf?.(name);
  const mutate = mutatorOf({
    house: name,
    db: db as Kysely<unknown>,
    write: commit,
    committed,
    told: async (viewer) => replica?.told(viewer),
  });

  const contextOn = (viewer: Viewer, from: Kysely<never>): HouseContext => {
    const context: HouseContext = {
      viewer,
      db: from,
      loaders: definition.loaders({ db: from, viewer, ports }),
      ports,
      platform,
      log,
      holds: () => undefined,
      evicted: new Set(),
      mutate: (operation, input, run, load, options) => mutate(context, operation, input, run as never, load, options),
    };
    return context;
  };

  const twins = new WeakMap<HouseContext, HouseContext>();
  /** For a query whose viewer the standby knows enough for: the same request on the standby, with loaders of its own. */
  async function reading(context: HouseContext, document: DocumentNode, operationName?: string): Promise<HouseContext> {
    if (!replica || getOperationAST(document, operationName)?.operation !== 'query') return context;
    if (!(await replica.allows(context.viewer))) return context;
    const known = twins.get(context);
    if (known) return known;
    const twin = contextOn(context.viewer, replica.db);
    twins.set(context, twin);
    return twin;
  }

  const house: RunningHouse = {
    name,
    schema,
    sdl,
    ownedTypes: Object.entries(definition.entities)
      .filter(([, entity]) => entity.owned)
      .map(([type]) => type),
    mouth: mouthOf(name, kit),
    ear,
    context: (viewer) => contextOn(viewer, db as never),
    async execute({ document, variables, operationName, context }) {
      const from = replica ? await reading(context, document, operationName) : context;
      const { contextValue, noted } = noting(from);
      // A standby may not know yet what was evicted a moment ago: what it says is not for keeping.
      if (from !== context) contextValue.holds(0);
      const result = await execute({ schema, document, variableValues: variables, operationName, contextValue });
      return withNotes(masked(result, context.viewer, log), noted());
    },
    async subscribe({ document, variables, operationName, context }) {
      const args = { schema, document, variableValues: variables, operationName };
      const source = await createSourceEventStream({ ...args, contextValue: context });
      if (!(Symbol.asyncIterator in source)) return masked(source, context.viewer, log);
      // A context per event: loaders that lived as long as the stream would answer with the past.
      return mapIterator(source, async (rootValue) => {
        const event = await execute({ ...args, rootValue, contextValue: house.context(context.viewer) });
        // Whoever was shown this must not read the standby's older state next.
        await replica?.told(context.viewer);
        return masked(event, context.viewer, log);
      });
    },
    async runTick(tick) {
      const ran = ticks.run(tick);
      if (!ran) throw new Error(`${name} has no tick ${tick}`);
      await ran;
    },
    get busy() {
      return ticks.busy;
    },
    routes: (definition.routes ?? []).map(({ method, path, bodyLimit = 1_000_000, handle }) => ({
      method,
      path,
      bodyLimit,
      async handle(request) {
        const answer = await handle(request, { ...own, ports: ports as never });
        if (method !== 'GET') await replica?.told(request.viewer);
        return answer;
      },
    })),
    redrive: (factId) =>
      redrive(
        { house: name, db: db as Kysely<unknown>, hears: definition.hears as Hears<unknown>, committed },
        ear,
        factId,
      ),
    resay: () => resaySnapshot({ definition, db, committed }),
    startTicks: () => ticks.start(),
    async stop() {
      stopping.abort();
      while (house.busy) await sleep(5);
      await definition.closePorts?.(ports as never);
      await platform.closeDb(name);
    },
  };
  return house;
}

/** A viewer for work nobody asked for. */
export const newSystemViewer = (): Viewer => ({ ...systemViewer, requestId: randomUUID() });
