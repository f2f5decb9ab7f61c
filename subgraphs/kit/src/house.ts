import type { Fact, Saying, Viewer } from '@souk/schema';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Kysely, Transaction } from 'kysely';
import type { Ear, Mouth } from './bus.ts';
import type { Migrations } from './db.ts';
import type { Class, Entity } from './graphql.ts';
import type { Log } from './log.ts';
import type { Hears } from './messages.ts';
import type { Parts } from './parts.ts';
import type { Platform, Redriven } from './platform.ts';
import type { Following, Tx } from './tx.ts';

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
  /** What is being answered holds for so many milliseconds and no longer, by the database's clock; null is for ever. */
  holds(ms: number | null): void;
  /** Tags of what this request's mutations evicted and no answer has told yet. */
  readonly evicted: Set<string>;
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
  /** Drives a dead letter and all behind it again, up to the first that fails again; null where there is none. */
  redrive(factId: string): Promise<Redriven | null>;
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

export type { Fact };
