import { generateKeyPairSync } from 'node:crypto';
import { firstAdmin, type Platform, type RunningHouse, readConfig, sleep, systemViewer } from '@souk/kit';
import { hasNats, hasRedis, startNats, startRedis } from '@souk/kit/engines.testing';
import { freePorts } from '@souk/kit/ports';
import { type Served, serveHouse } from '@souk/kit/serve';
import { ensureAdmin } from '@souk/users';
import type pg from 'pg';
import { startRouter } from './distributed.ts';
import { startEmbedded } from './embedded.ts';
import { houses as definitions } from './houses.ts';

/** A running Souk as stories meet it, whichever profile it runs in. */
export interface Running {
  readonly url: string;
  readonly urls: { readonly graph: string; readonly console: string; readonly mailbox: string };
  readonly houses: ReadonlyMap<string, RunningHouse>;
  /** What houses stand on; of one of them, where each has its own. */
  readonly platform: Platform;
  readonly logins: readonly { role: string; email: string; password: string }[];
  /** Resolves when no fact is under way and no tick runs. */
  quiet(): Promise<void>;
  /** Everything in the kv is gone. */
  loseKv(): Promise<void>;
  /** While this goes on, the kv answers nobody. */
  withoutKv(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface Starting {
  readonly postgresUrl: string;
  readonly database: pg.Pool;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ticks: boolean;
  readonly console: boolean;
}

export interface Profile {
  start(starting: Starting): Promise<Running>;
  /** Ends what outlives a restart. */
  end(): Promise<void>;
}

const embedded: Profile = {
  async start({ postgresUrl, dataDir, env, ticks, console }) {
    const souk = await startEmbedded({ postgresUrl, dataDir, port: 0, env, ticks, console });
    const { platform, houses } = souk.embedded;
    const { kv } = platform;
    return {
      url: new URL(souk.urls.graph).origin,
      urls: souk.urls,
      houses,
      platform,
      logins: souk.logins,
      quiet: () => souk.embedded.quiet(),
      loseKv: () => kv.close(),
      async withoutKv(work) {
        const { get } = kv;
        kv.get = () => Promise.reject(new Error('gone'));
        await work().finally(() => {
          kv.get = get;
        });
      },
      stop: () => souk.stop(),
    };
  },
  end: async () => undefined,
};

/** Whether stories can run on the distributed profile here. */
export const hasEngines = hasNats && hasRedis;

/**
 * Every house with a server of its own, the router before them, and between them real HTTP, WebSocket, NATS and Redis: all that
 * is left out of the distributed profile is that each has a process of its own.
 */
async function distributed(): Promise<Profile> {
  const names = definitions.map(({ name }) => name);
  const [nats, redis] = await Promise.all([
    startNats({ users: names }),
    startRedis({ args: () => ['--requirepass', 'secret'], adminPassword: 'secret' }),
  ]);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    async start({ postgresUrl, database, dataDir, env, ticks, console }) {
      const ports = await freePorts(names.length + 1);
      const port = ports.at(-1)!;
      const url = `http://localhost:${port}`;
      const shared = {
        ...env,
        SOUK_DATA_DIR: dataDir,
        SOUK_POSTGRES_URL: postgresUrl,
        SOUK_REDIS_URL: redis.url(':secret'),
        SOUK_PUBLIC_URL: env.SOUK_PUBLIC_URL ?? url,
        SOUK_SUBGRAPH_URLS: names.map((name, at) => `${name}=http://127.0.0.1:${ports[at]}`).join(','),
        SOUK_VIEWER_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        SOUK_VIEWER_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      };
      const admin = firstAdmin(readConfig(shared));
      const served = await Promise.all(
        definitions.map(
          (definition, at): Promise<Served> =>
            serveHouse(definition, {
              env: { ...shared, SOUK_PORT: String(ports[at]), SOUK_NATS_URL: nats.url(definition.name) },
              ticks,
              ...(definition.name === 'users' ? { started: (house) => ensureAdmin(house, admin) } : {}),
            }),
        ),
      );
      const router = await startRouter({
        env: { ...shared, SOUK_PORT: String(port), SOUK_NATS_URL: nats.url('platform') },
        console,
      });
      const houses = new Map(served.map(({ house }) => [house.name, house]));
      const platformOf = (house: RunningHouse) => house.context(systemViewer).platform;
      const said = async (): Promise<string> =>
        JSON.stringify(
          (await database.query(names.map((name) => `select max(seq) from ${name}.outbox`).join(' union all '))).rows,
        );
      return {
        url,
        urls: { graph: `${url}/graphql`, console: `${url}/console`, mailbox: `${url}/mailbox` },
        houses,
        platform: platformOf(served[0]!.house),
        logins: [{ role: 'ADMIN', ...admin }],
        async quiet() {
          // A fact can lead to another at a house that was looked at before: quiet is when a whole round heard nothing new.
          for (let still = 0, before = ''; still < 2; ) {
            for (const { house } of served) await platformOf(house).bus.drained();
            const now = await said();
            const moved = now !== before || served.some(({ house }) => house.busy);
            before = now;
            still = moved ? 0 : still + 1;
            await sleep(moved ? 10 : 1);
          }
        },
        loseKv: async () => void (await redis.each('FLUSHALL')),
        async withoutKv(work) {
          redis.freeze();
          await work().finally(() => redis.thaw());
        },
        async stop() {
          await router.stop();
          await Promise.all(served.map((one) => one.stop()));
        },
      };
    },
    async end() {
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
}

/** The profile that this test run is for: SOUK_TEST_PROFILE, embedded if unsaid. */
export const openProfile = async (): Promise<Profile> =>
  process.env.SOUK_TEST_PROFILE === 'distributed' ? distributed() : embedded;
