import { randomUUID } from 'node:crypto';
import { type Fact, Rejection, Rejections, type Saying, type Viewer } from '@souk/schema';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Kysely, Transaction } from 'kysely';
import { systemViewer } from './auth.ts';
import type { Ear, Mouth } from './bus.ts';
import { sleep } from './clock.ts';
import type { Migrations } from './db.ts';
import { isSystemCode, unauthenticated } from './errors.ts';
import { buildHouseSchema, type Class, type Entity } from './graphql.ts';
import type { Log } from './log.ts';
import { earOf, type Hears, maintain, mouthOf, redrive } from './messages.ts';
import { isOutage, unavailable } from './outage.ts';
import type { Parts } from './parts.ts';
import type { Platform } from './platform.ts';
import type { KitTables } from './tables.ts';
import { count, traced } from './telemetry.ts';
import {
  type Closing,
  type Committed,
  claimKey,
  type Following,
  hashInput,
  type Opening,
  type Tx,
  transact,
  writeAtOnce,
} from './tx.ts';

/** A duty that runs by time and at once when nudged: outside calls, expiry, sweeping. One at a time per process. */
export interface Tick<Db, Ports> {
  readonly everySeconds: number;
  readonly run: (duty: Duty<Db, Ports>) => Promise<void>;
}

/** What a tick works with. Each `transact` is a transaction of its own; between them it may call the outside world. */
export interface Duty<Db, Ports> {
  readonly db: Kysely<Db>;
  readonly ports: Ports;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** `opening` as in `MutateOptions`. */
  transact<T>(work: (tx: Tx<Db>) => Promise<T>, opening?: (db: Transaction<Db>) => Promise<Date>): Promise<T>;
  /**
   * Writes and says by one statement, a transaction of its own. For a compare-and-set of what was read before: where it
   * answers no row, nothing follows. Timestamps in its answer are text.
   */
  writeAtOnce<Row>(write: Parts<Row>, following: Following): Promise<readonly Row[]>;
}

/** A duty before the ports are there: what an adapter may do in its own house. */
export type OwnDuty<Db> = Omit<Duty<Db, unknown>, 'ports'>;

/** A plain HTTP request at a house's own route, body unparsed. */
export interface HttpRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Whoever the request's token speaks for. */
  readonly viewer: Viewer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | NodeJS.ReadableStream;
}

/** What no graph can carry: webhooks, files, pages. The router mounts it under the same limits as the graph. */
export interface HttpRoute<Db, Ports> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Such as `/media/:key`. Paths are unique over all houses. */
  readonly path: string;
  /** Bytes; 1 MB if unsaid. */
  readonly bodyLimit?: number;
  readonly handle: (request: HttpRequest, duty: Duty<Db, Ports>) => Promise<HttpAnswer>;
}

/** The door of a house: everything the platform needs to know of it. */
export interface Subgraph<Db = never, Loaders = unknown, Ports = unknown> {
  readonly name: string;
  readonly resolvers: readonly Class[];
  readonly orphans?: readonly Class[];
  readonly entities: Readonly<Record<string, Entity>>;
  readonly migrations: Migrations;
  readonly hears: Hears<Db>;
  readonly ticks: Readonly<Record<string, Tick<Db, Ports>>>;
  readonly loaders: (context: { db: Kysely<Db>; viewer: Viewer; ports: Ports }) => Loaders;
  /** Adapters to the outside world, made once per process. `own` is for one that calls back into its house. */
  readonly ports?: (platform: Platform, db: Kysely<Db>, own: OwnDuty<Db>) => Ports | Promise<Ports>;
  /** Lets go of what `ports` opened. */
  readonly closePorts?: (ports: Ports) => Promise<void>;
  readonly routes?: readonly HttpRoute<Db, Ports>[];
  /** Its present state as facts, for a new house or a wiped broker. */
  readonly snapshot?: (db: Kysely<Db>) => AsyncIterable<Saying>;
}

/** A house of any kind, as composition roots hold it. */
// biome-ignore lint/suspicious/noExplicitAny: composition roots hold houses of every kind in one list
export type AnySubgraph = Subgraph<any, any, any>;

export const defineSubgraph = <Db, Loaders = unknown, Ports = unknown>(
  definition: Subgraph<Db, Loaders, Ports>,
): Subgraph<Db, Loaders, Ports> => definition;

/** A mistake as a payload shows it. */
export interface PayloadError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export interface MutateOptions {
  /** Lets a viewer without a session in: only for what starts one. */
  readonly anonymous?: boolean;
  /**
   * The first statement of the transaction, in place of the kit's, which only tells the time: a lock with which the work
   * begins anyway. Not with an idempotency key, which is taken first.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each house opens its own kind of database
  readonly opening?: (db: Transaction<any>, newId: Tx<any>['newId']) => Promise<Date>;
  /** Runs before the transaction opens, for slow work that must not hold a connection. Its Rejection becomes `errors` too. */
  readonly before?: () => Promise<void>;
}

/** What a resolver sees of one request. */
// biome-ignore lint/suspicious/noExplicitAny: resolvers of every house share this shape; each names its own types
export interface HouseContext<Db = any, Loaders = any, Ports = any> {
  readonly viewer: Viewer;
  readonly db: Kysely<Db>;
  readonly loaders: Loaders;
  readonly ports: Ports;
  readonly platform: Platform;
  readonly log: Log;
  /**
   * Runs a mutation in one transaction. `run` answers the result's id (a UUID, or null for none); `load` reads the
   * payload's fields after commit. With an `idempotencyKey` in the input the first committed id is the answer for good.
   * A Rejection becomes `errors` and leaves nothing behind.
   */
  mutate<P extends object>(
    operation: string,
    input: { idempotencyKey?: string | null },
    run: (tx: Tx<Db>) => Promise<string | null>,
    load: (id: string) => P | Promise<P>,
    options?: MutateOptions,
  ): Promise<Partial<P> & { errors: PayloadError[] }>;
}

/** A house at work in this process. */
export interface RunningHouse {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  /** Types it can tell the existence of. */
  readonly ownedTypes: readonly string[];
  readonly mouth: Mouth;
  readonly ear: Ear;
  context(viewer: Viewer): HouseContext;
  execute(request: HouseRequest): Promise<ExecutionResult>;
  subscribe(request: HouseRequest): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
  /** Runs a tick now and waits for it. */
  runTick(name: string): Promise<void>;
  /** True while a tick is running or asked for. */
  readonly busy: boolean;
  /** Drives a dead letter and all behind it again; how many were heard, null where there is none. */
  redrive(factId: string): Promise<number | null>;
  /** Says its present state again; how many facts. */
  resay(): Promise<number>;
  readonly routes: readonly BoundRoute[];
  startTicks(): void;
  stop(): Promise<void>;
}

export interface BoundRoute {
  readonly method: HttpRoute<never, never>['method'];
  readonly path: string;
  readonly bodyLimit: number;
  handle(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HouseRequest {
  readonly document: DocumentNode;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly context: HouseContext;
}

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
  const ticks = new Map(
    Object.entries({ ...definition.ticks, maintain: maintenance }).map(([tick, duty]) => [
      tick,
      tickRunner(tick, duty),
    ]),
  );

  function committed(done: Committed<unknown>): void {
    for (const { topic, id, version } of done.touched) {
      void platform.live
        .publish(topic, { id, version })
        .catch((error) => log.warn({ error, topic }, 'a live touch was lost'));
    }
    if (done.facts.length > 0) platform.bus.nudge(name, done.facts);
    for (const tick of done.nudged) void ticks.get(tick)?.run();
  }

  async function write<T>(work: (tx: Tx<unknown>) => Promise<T>, opening?: Opening<unknown>): Promise<T> {
    const done = await transact(db as Kysely<unknown>, { house: name, opening }, work);
    committed(done!);
    return done!.result;
  }

  async function writeOneStatement<Row>(parts: Parts<Row>, following: Following): Promise<readonly Row[]> {
    const done = await writeAtOnce(kit, name, parts, following);
    committed(done);
    return done.result;
  }

  function tickRunner(tick: string, duty: Tick<never, unknown>) {
    let running: Promise<void> | undefined;
    let again = false;
    const once = async (): Promise<void> => {
      do {
        again = false;
        await traced(`tick ${name}.${tick}`, {}, null, () => duty.run({ ...own, ports })).catch((error) => {
          if (!stopping.signal.aborted) log.error({ tick, error }, 'a tick failed and will run again');
        });
      } while (again && !stopping.signal.aborted);
    };
    return {
      everySeconds: duty.everySeconds,
      get busy() {
        return running !== undefined;
      },
      run(): Promise<void> {
        again = true;
        running ??= once().finally(() => {
          running = undefined;
        });
        return running;
      },
    };
  }

  const ear = earOf({ house: name, db: db as Kysely<unknown>, hears: definition.hears as Hears<unknown>, committed });
  await ear.loadParked();

  async function mutate<P extends object>(
    context: HouseContext,
    operation: string,
    input: { idempotencyKey?: string | null },
    run: (tx: Tx<unknown>) => Promise<string | null>,
    load: (id: string) => P | Promise<P>,
    { anonymous = false, before, opening }: MutateOptions = {},
  ): Promise<Partial<P> & { errors: PayloadError[] }> {
    const { principal } = context.viewer;
    if (principal === 'anonymous' && !anonymous) throw unauthenticated('Start a guest session or sign in first.');
    const key = input.idempotencyKey ?? null;
    try {
      if (key !== null && (key.length < 8 || key.length > 200)) {
        throw new Rejection('IDEMPOTENCY_CONFLICT', 'An idempotency key has between 8 and 200 characters.', [
          'input',
          'idempotencyKey',
        ]);
      }
      await before?.();
      const id = await traced(`${name}.${operation}`, {}, context.viewer.trace, () =>
        key === null ? write(run, opening) : writeOnce({ principal, operation, key }, input, run),
      );
      clearLoaders(context.loaders);
      const loaded: Partial<P> = id === null ? {} : await load(id);
      return { ...loaded, errors: [] };
    } catch (error) {
      const rejections = rejectionsOf(error);
      if (!rejections) throw error;
      count('souk_rejections_total');
      return { errors: rejections.map(toPayloadError) } as unknown as Partial<P> & { errors: PayloadError[] };
    }
  }

  async function writeOnce(
    claim: { principal: string; operation: string; key: string },
    input: object,
    run: (tx: Tx<unknown>) => Promise<string | null>,
  ): Promise<string | null> {
    const hash = hashInput(input);
    const closing: Closing = { ...claim, resultId: null };
    let replayed: string | null = null;
    const opening: Opening<unknown> = async (trx) => {
      const claimed = await claimKey(trx, { ...claim, hash });
      if (claimed.fresh) return claimed.now;
      replayed = claimed.resultId;
      return undefined;
    };
    const done = await transact(db as Kysely<unknown>, { house: name, opening, closing }, async (tx) => {
      closing.resultId = await run(tx);
      return closing.resultId;
    });
    if (!done) return replayed;
    committed(done);
    return done.result;
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
    context(viewer) {
      const context: HouseContext = {
        viewer,
        db: db as never,
        loaders: definition.loaders({ db: db as never, viewer, ports }),
        ports,
        platform,
        log,
        mutate: (operation, input, run, load, options) =>
          mutate(context, operation, input, run as never, load, options),
      };
      return context;
    },
    async execute({ document, variables, operationName, context }) {
      const result = await execute({
        schema,
        document,
        variableValues: variables,
        operationName,
        contextValue: context,
      });
      return masked(result, context.viewer, log);
    },
    async subscribe({ document, variables, operationName, context }) {
      const args = { schema, document, variableValues: variables, operationName };
      const source = await createSourceEventStream({ ...args, contextValue: context });
      if (!(Symbol.asyncIterator in source)) return masked(source, context.viewer, log);
      // A context per event: loaders that lived as long as the stream would answer with the past.
      return mapIterator(source, async (rootValue) =>
        masked(await execute({ ...args, rootValue, contextValue: house.context(context.viewer) }), context.viewer, log),
      );
    },
    async runTick(tick) {
      const runner = ticks.get(tick);
      if (!runner) throw new Error(`${name} has no tick ${tick}`);
      await runner.run();
    },
    get busy() {
      return [...ticks.values()].some((tick) => tick.busy);
    },
    routes: (definition.routes ?? []).map(({ method, path, bodyLimit = 1_000_000, handle }) => ({
      method,
      path,
      bodyLimit,
      handle: (request) => handle(request, { ...own, ports: ports as never }),
    })),
    redrive: (factId) =>
      redrive(
        { house: name, db: db as Kysely<unknown>, hears: definition.hears as Hears<unknown>, committed },
        ear,
        factId,
      ),
    async resay() {
      let said = 0;
      let chunk: Saying[] = [];
      const flush = async () => {
        const saying = chunk;
        chunk = [];
        if (saying.length > 0) {
          await write(async (tx) => {
            for (const one of saying) tx.emit(one);
          });
        }
        said += saying.length;
      };
      for await (const saying of definition.snapshot?.(db as never) ?? []) {
        chunk.push(saying);
        if (chunk.length === 500) await flush();
      }
      await flush();
      return said;
    },
    startTicks() {
      for (const [tick, runner] of ticks) void repeat(tick, runner);
      async function repeat(tick: string, runner: { everySeconds: number; run(): Promise<void> }): Promise<void> {
        while (!stopping.signal.aborted) {
          await runner.run();
          log.debug({ tick }, 'tick ran');
          await sleep(runner.everySeconds * 1000, stopping.signal);
        }
      }
    },
    async stop() {
      stopping.abort();
      while (house.busy) await sleep(5);
      await definition.closePorts?.(ports as never);
      await platform.closeDb(name);
    },
  };
  return house;
}

const toPayloadError = ({ code, message, field, data }: Rejection): PayloadError => ({ ...data, code, message, field });

function rejectionsOf(error: unknown): readonly Rejection[] | null {
  if (error instanceof Rejection) return [error];
  if (error instanceof Rejections) return error.all;
  return null;
}

/** DataLoaders that a commit made stale start afresh. */
function clearLoaders(loaders: unknown): void {
  for (const loader of Object.values((loaders ?? {}) as Record<string, unknown>)) {
    (loader as { clearAll?: () => void }).clearAll?.();
  }
}

/** Nothing of ours leaves by an error: what is not meant for the client becomes INTERNAL and is logged once, with its cause. */
function masked(result: ExecutionResult, viewer: Viewer, log: Log): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => maskError(error, viewer, log)) };
}

export function maskError(error: GraphQLError, viewer: Viewer, log: Log): GraphQLError {
  const { requestId } = viewer;
  const again = (message: string, code: string, more: object = {}) =>
    new GraphQLError(message, {
      nodes: error.nodes,
      path: error.path,
      extensions: { ...more, code, requestId },
    });
  const cause = error.originalError;
  const rejections = rejectionsOf(cause);
  if (rejections) return again(rejections.map((one) => one.message).join(' '), 'BAD_USER_INPUT');
  const own = cause instanceof GraphQLError ? cause : cause ? null : error;
  if (own && isSystemCode(own.extensions.code)) return again(own.message, own.extensions.code, own.extensions);
  // Without a path nothing was run yet: variables that do not fit. GraphQL's own message would repeat their values.
  if (!error.path) return again('The variables do not fit what the operation asks for.', 'BAD_USER_INPUT');
  log.error({ requestId, path: error.path, error: cause ?? error }, 'a request failed');
  if (isOutage(cause)) return again(unavailable.message, unavailable.code, unavailable.more);
  return again('Something went wrong on our side. Please try again.', 'INTERNAL');
}

export function mapIterator<A, B>(
  source: AsyncIterable<A>,
  map: (value: A) => B | Promise<B>,
): AsyncIterableIterator<B> {
  const inner = source[Symbol.asyncIterator]();
  const step = async (result: Promise<IteratorResult<A>>): Promise<IteratorResult<B>> => {
    const { done, value } = await result;
    return done ? { done: true, value: undefined } : { done: false, value: await map(value) };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => step(inner.next()),
    return: async () => {
      await inner.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** A viewer for work nobody asked for. */
export const newSystemViewer = (): Viewer => ({ ...systemViewer, requestId: randomUUID() });

export type { Fact };
