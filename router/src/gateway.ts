import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import { type Log, silenceVendors } from '@souk/kit';
import { askOf, sourceOf } from './sources.ts';
import type { Upstream } from './upstream.ts';

/** Apollo's gateway over the subgraphs. */
export function makeGateway(
  supergraphSdl: string,
  upstreams: ReadonlyMap<string, Upstream>,
  log: Log,
): { gateway: ApolloGateway; sources: ServiceMap } {
  silenceVendors();
  const sources: ServiceMap = Object.fromEntries(
    [...upstreams].map(([name, upstream]) => [name, sourceOf(askOf(upstream))]),
  );
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      const source = sources[name];
      if (!source) throw new Error(`supergraph.graphql names the subgraph ${name}, which does not run`);
      return source;
    },
    logger: asApolloLogger(log),
  });
  return { gateway, sources };
}

export const asApolloLogger = (log: Log) => ({
  debug: (message?: unknown) => log.debug({}, String(message)),
  info: (message?: unknown) => log.debug({}, String(message)),
  warn: (message?: unknown) => log.warn({}, String(message)),
  error: (message?: unknown) => log.error({}, String(message)),
});
