import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { type Config, type Embedded, readConfig, StartupError, startEmbeddedHouses } from '@souk/kit';
import { ensureAdmin } from '@souk/users';
import { followChannels } from './channels.ts';
import { buildConsole, registerConsole } from './console.ts';
import { makeGateway } from './gateway.ts';
import { houses as allHouses } from './houses.ts';
import { makeHttp } from './http.ts';
import { defaultLimits } from './limits.ts';
import { originCheck } from './origin.ts';
import { followRevocations } from './revocations.ts';
import { makeServer } from './server.ts';
import { subscriber } from './subscriptions.ts';
import { identifier } from './viewer.ts';
import { serveWebSocket } from './websocket.ts';

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

/** Known to everybody who reads this: production insists on another. */
const DEMO_PASSWORD = 'souk-demo-admin';

const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url);

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
  // The address is part of mails and webhooks, so it is known before anything listens.
  const port = start.port || (await freePort(config.SOUK_HOST));
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
    const admin = { email: config.SOUK_ADMIN_EMAIL, password: config.SOUK_ADMIN_PASSWORD ?? DEMO_PASSWORD };
    await ensureAdmin(embedded.houses.get('users')!, admin);
    const front = await openFrontDoor(embedded, config, { ...start, port, publicUrl, onProgress });
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

interface Front {
  close(): Promise<void>;
}

async function openFrontDoor(
  embedded: Embedded,
  config: Config,
  start: EmbeddedStart & { publicUrl: string; onProgress: (line: string) => void },
): Promise<Front> {
  const { platform, houses } = embedded;
  const { log } = platform;
  const limits = defaultLimits;
  const introspection = config.SOUK_INTROSPECTION ?? config.SOUK_ENV !== 'production';
  const supergraphSdl = await readFile(SUPERGRAPH, 'utf8');
  const channels = await followChannels(houses.get('platform')!, platform.live);
  const revocations = followRevocations({ kv: platform.kv, users: houses.get('users')!, log });
  // Before the first request: the kv starts empty, and a token that was ended before must not work until a request looks.
  await revocations.load();
  const identify = identifier({ channels, revocations, publicKey: platform.tokenKey.publicKey });
  const originAllowed = originCheck(start.publicUrl, config.SOUK_ALLOWED_ORIGINS);
  const { gateway, sources } = makeGateway(supergraphSdl, houses, log);
  const server = makeServer({ gateway, limits, introspection, log });
  await server.start();
  const http = await makeHttp({
    server,
    identify,
    limits,
    originAllowed,
    routes: [...houses.values()].flatMap((house) => house.routes),
    log,
  });
  if (start.console !== false) {
    await registerConsole(http, await buildConsole({ outRoot: start.dataDir, onProgress: start.onProgress }));
  }
  await http.ready();
  const closeSockets = serveWebSocket({
    http: http.server,
    server,
    schema: () => gateway.schema!,
    subscribe: subscriber({ supergraphSdl, houses, sources, log }),
    identify,
    limits,
    introspection,
    originAllowed,
  });
  await http.listen({ port: start.port, host: config.SOUK_HOST });
  return {
    async close() {
      await closeSockets();
      await http.close();
      await server.stop();
      await channels.stop();
    },
  };
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  probe.listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
