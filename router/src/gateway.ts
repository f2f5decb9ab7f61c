import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import { type Log, type RunningHouse, silenceVendors } from '@souk/kit';
import { houseSource } from './sources.ts';

/** Apollo's gateway over houses in this process. */
export function makeGateway(
  supergraphSdl: string,
  houses: ReadonlyMap<string, RunningHouse>,
  log: Log,
): { gateway: ApolloGateway; sources: ServiceMap } {
  silenceVendors();
  const sources: ServiceMap = Object.fromEntries([...houses].map(([name, house]) => [name, houseSource(house)]));
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
