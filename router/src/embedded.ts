import { type Embedded, firstAdmin, memoryCache, readConfig, StartupError, startEmbeddedHouses } from '@souk/kit';
import { freePorts } from '@souk/kit/ports';
import { ensureAdmin } from '@souk/users';
import { openFrontDoor } from './front.ts';
import { houses as allHouses } from './houses.ts';
import { localUpstream } from './upstream.ts';

export interface EmbeddedStart {
  /** Superuser URL of the embedded PostgreSQL; its path names the database, which is made if absent. */
  readonly postgresUrl: string;
  readonly dataDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (line: string) => void;
  /** False leaves the console page out: tests and benchmarks start without building it. */
  readonly console?: boolean;
  readonly ticks?: boolean;
}

export interface RunningSouk {
  readonly urls: { readonly graph: string; readonly console: string; readonly mailbox: string };
  readonly logins: readonly { role: string; email: string; password: string }[];
  readonly embedded: Embedded;
  stop(): Promise<void>;
}

/** The composition root of the embedded profile: every house and the router in this process. */
export async function startEmbedded(start: EmbeddedStart): Promise<RunningSouk> {
  const { onProgress = () => undefined } = start;
  const config = readConfig(start.env);
  if (config.SOUK_ENV === 'production') {
    throw new StartupError(
      'The embedded profile is for trying and building, not for production.',
      'Leave SOUK_ENV unset, or set it to development.',
    );
  }
  if (config.ROUTER_CACHE === 'redis') {
    throw new StartupError('The embedded profile has no Redis to cache in.', 'Set ROUTER_CACHE to memory or off.');
  }
  // The address is part of mails and webhooks, so it is known before anything listens.
  const port = start.port || (await freePorts(1, config.SOUK_HOST))[0]!;
  const publicUrl = config.SOUK_PUBLIC_URL ?? `http://localhost:${port}`;
  onProgress('Preparing the database');
  const embedded = await startEmbeddedHouses({
    config,
    adminUrl: start.postgresUrl,
    dataDir: start.dataDir,
    publicUrl,
    houses: allHouses,
    onProgress,
    ...(start.ticks === undefined ? {} : { ticks: start.ticks }),
  });
  try {
    const admin = firstAdmin(config);
    await ensureAdmin(embedded.houses.get('users')!, admin);
    const { platform, houses } = embedded;
    const front = await openFrontDoor({
      config,
      log: platform.log,
      kv: platform.kv,
      live: platform.live,
      keep: config.ROUTER_CACHE === 'off' ? null : { store: memoryCache() },
      publicKey: platform.tokenKey.publicKey,
      upstreams: new Map([...houses].map(([name, house]) => [name, localUpstream(house)])),
      port,
      publicUrl,
      consoleRoot: start.console === false ? null : start.dataDir,
      onProgress,
    });
    return {
      urls: { graph: `${publicUrl}/graphql`, console: `${publicUrl}/console`, mailbox: `${publicUrl}/mailbox` },
      logins: [{ role: 'ADMIN', ...admin }],
      embedded,
      async stop() {
        await front.close();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
