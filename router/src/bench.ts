import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { memoryCache, readConfig } from '@souk/kit';
import { createLog, memoryKv, memoryLive, remoteHouse } from '@souk/kit/distributed';
import { freePorts } from '@souk/kit/ports';
import { DEFAULT_CHANNEL, encodeId } from '@souk/schema';
import type { ExecutionResult } from 'graphql';
import { openFrontDoor } from './front.ts';
import { remoteUpstream, type Upstream } from './upstream.ts';

interface BenchRouter {
  readonly supergraphFile: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly cached: boolean;
  /** Signs viewers. */
  readonly key: KeyObject;
}

/** A house that knows one answer. */
const knowing = (name: string, data: Record<string, unknown>): Upstream => ({
  name,
  routes: [],
  execute: async (): Promise<ExecutionResult> => ({ data }),
  subscribe: async () => ({ errors: [] }),
});

/** The front door as it serves shoppers, over subgraphs that are not Souk's: for measuring it beside other routers. */
export async function openBenchRouter({ supergraphFile, urls, cached, key }: BenchRouter): Promise<{
  readonly url: string;
  counters(): Readonly<Record<string, number>> | null;
  stop(): Promise<void>;
}> {
  const [port] = (await freePorts(1, '127.0.0.1')) as [number];
  const config = readConfig({
    SOUK_SUPERGRAPH: supergraphFile,
    SOUK_PORT: String(port),
    SOUK_LOG_LEVEL: 'silent',
    // All requests come from one address. What they may cost is reckoned all the same.
    SOUK_UNLIMITED_ADDRESSES: '127.0.0.1',
    SOUK_OVERLOAD_DELAY_MS: '60000',
  });
  const log = createLog('silent');
  const remotes = Object.entries(urls).map(([name, url]) => remoteHouse({ name, urls: [url], key, log }));
  const channel = { ...DEFAULT_CHANNEL, id: encodeId('Channel', DEFAULT_CHANNEL.id), active: true };
  const front = await openFrontDoor({
    config,
    log,
    kv: memoryKv(),
    live: memoryLive(),
    keep: cached ? { store: memoryCache() } : null,
    publicKey: generateKeyPairSync('ed25519').publicKey,
    upstreams: new Map<string, Upstream>([
      ['platform', knowing('platform', { channels: [channel] })],
      ['users', knowing('users', { publishRevocations: true })],
      ...remotes.map((remote) => [remote.name, remoteUpstream(remote, [])] as const),
    ]),
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    consoleRoot: null,
  });
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    counters: () => (front.cacheCounters() ?? null) as Readonly<Record<string, number>> | null,
    async stop() {
      await front.close();
      await Promise.all(remotes.map((remote) => remote.close()));
    },
  };
}
