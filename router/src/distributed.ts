import { memoryCache, readConfig, StartupError } from '@souk/kit';
import {
  accessTokenPublicKey,
  createLog,
  openRedis,
  readTls,
  remoteHouse,
  subgraphUrls,
  viewerKey,
} from '@souk/kit/distributed';
import { openFrontDoor } from './front.ts';
import { houses } from './houses.ts';
import { remoteUpstream } from './upstream.ts';

export interface RouterStart {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False leaves the console page out. */
  readonly console?: boolean;
  readonly onProgress?: (line: string) => void;
}

/** The composition root of the router in a process of its own, over subgraphs that are reached by URLs. */
export async function startRouter({ env, console: withConsole = true, onProgress }: RouterStart): Promise<{
  readonly url: string;
  stop(): Promise<void>;
}> {
  const config = readConfig(env, 'router');
  const log = createLog(config.SOUK_LOG_LEVEL).child({ process: 'router' });
  const urls = subgraphUrls(config);
  const missing = houses.map((house) => house.name).filter((name) => !urls.has(name));
  if (missing.length > 0) {
    throw new StartupError(
      `Nothing says where ${missing.join(', ')} listen${missing.length === 1 ? 's' : ''}.`,
      'Name every subgraph in SOUK_SUBGRAPH_URLS.',
    );
  }
  if (!config.SOUK_REDIS_URL) throw new StartupError('Nothing says where Redis is.', 'Set SOUK_REDIS_URL.');
  const key = viewerKey(config);
  const tls = readTls(config);
  const dataDir = config.SOUK_DATA_DIR ?? '.souk';
  const publicUrl = config.SOUK_PUBLIC_URL ?? `http://localhost:${config.SOUK_PORT}`;
  const publicKey = accessTokenPublicKey(config, dataDir);
  const redis = await openRedis(config.SOUK_REDIS_URL, log);
  const remotes = houses.map((house) => ({
    house,
    remote: remoteHouse({ name: house.name, urls: urls.get(house.name)!, key, tls, log }),
  }));
  const closeAll = async (): Promise<void> => {
    await Promise.all(remotes.map(({ remote }) => remote.close()));
    await redis.close();
  };
  try {
    const front = await openFrontDoor({
      config,
      log,
      kv: redis.kv,
      live: redis.live,
      keep:
        config.ROUTER_CACHE === 'off'
          ? null
          : {
              store: config.ROUTER_CACHE === 'redis' ? redis.cache('router') : memoryCache(),
              onLiveLost: redis.onLiveLost,
            },
      publicKey,
      upstreams: new Map(remotes.map(({ house, remote }) => [house.name, remoteUpstream(remote, house.routes ?? [])])),
      port: config.SOUK_PORT,
      publicUrl,
      consoleRoot: withConsole ? dataDir : null,
      onProgress,
      lingerMs: config.SOUK_DRAIN_SECONDS * 1_000,
      health: async () =>
        Object.fromEntries(
          await Promise.all(remotes.map(async ({ remote }) => [remote.name, await remote.isReady()] as const)),
        ),
    });
    return {
      url: publicUrl,
      async stop() {
        await front.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
