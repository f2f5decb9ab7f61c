import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import { type Log, silenceVendors } from '@souk/kit';
import { makeExecutor } from './executor/executor.ts';
import { askOf, sourceOf } from './sources.ts';
import { compiledSubscriber, type Subscribe, subscriber } from './subscriptions.ts';
import type { RouterContext, Upstream } from './upstream.ts';

/** Who runs the plans: Apollo's gateway itself, or our own executor on its planner. */
export type ExecutorKind = 'stock' | 'compiled';

/** Apollo's gateway over the subgraphs, which composes, plans and serves schemas, and the executor chosen. */
export function makeGateway(
  supergraphSdl: string,
  upstreams: ReadonlyMap<string, Upstream>,
  log: Log,
  kind: ExecutorKind = 'compiled',
): { gateway: ApolloGateway; subscribe: Subscribe } {
  silenceVendors();
  const asks = new Map([...upstreams].map(([name, upstream]) => [name, askOf(upstream)]));
  const sources: ServiceMap = Object.fromEntries([...asks].map(([name, ask]) => [name, sourceOf(ask)]));
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      const source = sources[name];
      if (!source) throw new Error(`supergraph.graphql names the subgraph ${name}, which does not run`);
      return source;
    },
    logger: asApolloLogger(log),
  });
  if (kind === 'stock') return { gateway, subscribe: subscriber({ supergraphSdl, upstreams, sources, log }) };
  const executor = makeExecutor({ supergraphSdl, asks });
  gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => executor.reload(coreSupergraphSdl));
  gateway.executor = ({ document, queryHash, request, context }) =>
    executor.execute({
      document,
      hash: queryHash,
      operationName: request.operationName,
      variables: request.variables,
      context: context as RouterContext,
    });
  return { gateway, subscribe: compiledSubscriber({ executor, upstreams, log }) };
}

export const asApolloLogger = (log: Log) => ({
  debug: (message?: unknown) => log.debug({}, String(message)),
  info: (message?: unknown) => log.debug({}, String(message)),
  warn: (message?: unknown) => log.warn({}, String(message)),
  error: (message?: unknown) => log.error({}, String(message)),
});
