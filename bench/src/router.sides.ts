import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { openBenchRouter } from '@souk/router/bench';
import type { SideName } from './router.names.ts';

export interface SideStart {
  readonly side: SideName;
  readonly supergraphSdl: string;
  /** A file that holds it. */
  readonly supergraphFile: string;
  readonly urls: Readonly<Record<string, string>>;
}

export interface StartedSide {
  readonly url: string;
  /** What the entity cache has counted, where there is one. */
  counters(): Readonly<Record<string, number>> | null;
  stop(): Promise<void>;
}

export function startSide(start: SideStart): Promise<StartedSide> {
  switch (start.side) {
    case 'souk':
      return startSouk(start, false);
    case 'souk-cached':
      return startSouk(start, true);
    case 'stock':
      return startStock(start);
    case 'hive':
      return startHive(start, false);
    case 'hive-rust':
      return startHive(start, true);
  }
}

async function startSouk({ supergraphFile, urls }: SideStart, cached: boolean): Promise<StartedSide> {
  return openBenchRouter({ supergraphFile, urls, cached, key: generateKeyPairSync('ed25519').privateKey });
}

async function startStock({ supergraphSdl }: SideStart): Promise<StartedSide> {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({ supergraphSdl, logger: quiet });
  const server = new ApolloServer({ gateway, introspection: false, csrfPrevention: true, logger: quiet });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return {
    url: new URL('/graphql', url).href.replace('localhost', '127.0.0.1'),
    counters: () => null,
    stop: () => server.stop(),
  };
}

/** As its own types have it, of which only this is used. */
interface HiveRuntime {
  (request: unknown, response: unknown): unknown;
  [Symbol.asyncDispose](): Promise<void>;
}

async function startHive({ supergraphSdl }: SideStart, rust: boolean): Promise<StartedSide> {
  const hive = (await import('@graphql-hive/gateway')) as unknown as {
    createGatewayRuntime(config: object): HiveRuntime;
  };
  const handler = rust ? await import('@graphql-hive/router-runtime') : undefined;
  const runtime = hive.createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    landingPage: false,
    graphiql: false,
    maskedErrors: true,
    // Equal on all sides: nobody gets the answer that another asked for.
    transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
    ...(handler ? { unifiedGraphHandler: handler.unifiedGraphHandler } : {}),
  });
  const server = createServer(runtime as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    counters: () => null,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}
