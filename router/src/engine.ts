import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { type Config, type Log, silenceVendors } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, print } from 'graphql';
import { plannable } from './admission/links.ts';
import type { EntityCache } from './cache/cache.ts';
import type { Fetched } from './executor/data.ts';
import { chooseOperation } from './executor/document.ts';
import { makeExecutor } from './executor/executor.ts';
import { compileIntrospection } from './executor/introspection.ts';
import { type Ask, askOf, type Called, sourceOf } from './sources.ts';
import { compiledSubscriber, subscriber } from './subscriptions.ts';
import type { Supergraph } from './supergraph.ts';
import { type Operation, type RouterContext, routerContext, type Upstream } from './upstream.ts';

/** Who runs the plans: Apollo Server over Apollo's gateway, or our own executor on its planner. */
export type EngineKind = 'stock' | 'compiled';

/** An operation that was found to fit the schema. */
export interface EngineRequest {
  readonly document: DocumentNode;
  /** Tells documents apart; null where this one is not worth remembering. */
  readonly hash: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly viewer: Viewer;
  /** The schema that it fits. */
  readonly schema: GraphQLSchema;
}

/** Runs operations over the subgraphs. A mistake is a result without `data`. */
export interface Engine {
  /** What clients may ask; another object after a new supergraph was taken. */
  schema(): GraphQLSchema;
  execute(request: EngineRequest): Promise<ExecutionResult>;
  subscribe(request: EngineRequest): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
  stop(): Promise<void>;
}

interface Options {
  readonly supergraph: Supergraph;
  readonly asks: Asks;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly log: Log;
  /** Of the compiled executor; Apollo's keeps nothing. */
  readonly cache?: EntityCache | undefined;
  /** False lets nobody wait for what another asks of a subgraph. */
  readonly share?: boolean;
}

export function openEngine(kind: EngineKind, options: Options): Promise<Engine> {
  silenceVendors();
  return kind === 'stock' ? openStock(options) : openCompiled(options);
}

export type Asks = ReadonlyMap<string, Ask>;

/** How each subgraph is asked: one set for all engines, so that a circuit that is open stays open on a new supergraph. */
export const asksOf = (upstreams: Options['upstreams'], deadlines?: Deadlines, told?: (call: Called) => void): Asks =>
  new Map([...upstreams].map(([name, upstream]) => [name, askOf(upstream, { deadlineMs: deadlines?.(name), told })]));

/** How long each subgraph is waited for. */
export type Deadlines = (subgraph: string) => (operation: Operation) => number;

/** What is read is waited for no longer than a person waits for a page; what is changed, until it is surely too late. */
export const deadlinesOf =
  ({
    SOUK_QUERY_DEADLINE_MS: query,
    SOUK_MUTATION_DEADLINE_MS: mutation,
    SOUK_SUBGRAPH_DEADLINES: own,
  }: Pick<Config, 'SOUK_QUERY_DEADLINE_MS' | 'SOUK_MUTATION_DEADLINE_MS' | 'SOUK_SUBGRAPH_DEADLINES'>): Deadlines =>
  (subgraph) => {
    const reading = own.get(subgraph) ?? query;
    return (operation) => (operation.query.startsWith('mutation') ? mutation : reading);
  };

async function openCompiled({ supergraph, asks, upstreams, log, cache, share = true }: Options): Promise<Engine> {
  const { sdl, operations } = supergraph;
  const executor = makeExecutor({ supergraphSdl: sdl, operations, asks, cache, share });
  return {
    schema: executor.schema,
    execute: ({ viewer, ...request }) => executor.execute({ ...request, context: routerContext(viewer) }),
    subscribe: compiledSubscriber({ executor, upstreams, log }),
    stop: async () => undefined,
  };
}

async function openStock({ supergraph, asks, upstreams, log }: Options): Promise<Engine> {
  const { sdl: supergraphSdl, operations } = supergraph;
  const sources: ServiceMap = Object.fromEntries([...asks].map(([name, ask]) => [name, sourceOf(ask)]));
  const logger = asApolloLogger(log);
  const gateway = new ApolloGateway({
    supergraphSdl: plannable(supergraphSdl),
    buildService: ({ name }) => {
      const source = sources[name];
      if (!source) throw new Error(`supergraph.graphql names the subgraph ${name}, which does not run`);
      return source;
    },
    logger,
  });
  // What clients may ask, how much of it, and what they are told is the pipeline's.
  const server = new ApolloServer<RouterContext>({
    gateway,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    logger,
  });
  await server.start();
  return {
    schema: () => gateway.schema!,
    async execute({ document, operationName, variables, viewer }) {
      const { body } = await server.executeOperation(
        {
          query: print(document),
          variables: variables as Record<string, unknown>,
          ...(operationName ? { operationName } : {}),
        },
        { contextValue: routerContext(viewer) },
      );
      if (body.kind !== 'single') throw new Error('nothing here answers in increments');
      const { data, errors } = body.singleResult;
      const chosen = chooseOperation(document, operationName);
      // Apollo's gateway would show everybody everything.
      const introspected = compileIntrospection(operations.shownTo, chosen)?.(variables as Fetched, viewer);
      return {
        ...(data === undefined ? {} : { data: data && { ...data, ...introspected } }),
        ...(errors ? { errors: errors.map(({ message, ...more }) => new GraphQLError(message, more as object)) } : {}),
      };
    },
    subscribe: subscriber({ supergraphSdl, upstreams, sources, log }),
    stop: () => server.stop(),
  };
}

const asApolloLogger = (log: Log) => ({
  debug: (message?: unknown) => log.debug({}, String(message)),
  info: (message?: unknown) => log.debug({}, String(message)),
  warn: (message?: unknown) => log.warn({}, String(message)),
  error: (message?: unknown) => log.error({}, String(message)),
});
