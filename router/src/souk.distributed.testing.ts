import { firstAdmin, type RunningHouse, readConfig, sleep, systemViewer } from '@souk/kit';
import { freePorts } from '@souk/kit/ports';
import { type Served, serveHouse } from '@souk/kit/serve';
import { ensureAdmin } from '@souk/users';
import { startRouter } from './distributed.ts';
import { houses } from './houses.ts';
import type { TestEngines } from './souk.engines.testing.ts';
import type { Running, Starting } from './souk.profile.testing.ts';

/** What processes of one shop share, as one of them is told it. */
export interface Reach {
  /** By house: each has a login of its own. */
  readonly natsUrls: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  readonly viewerKey: string;
  readonly viewerPublicKey: string;
}

/**
 * Every house with a server of its own, the router before them, and between them real HTTP, WebSocket, NATS and Redis: all that
 * is left out of the distributed profile is that each has a process of its own. `port` 0 picks a free one for the router.
 */
export async function startOverEngines(
  { postgresUrl, database, dataDir, env, ticks, console }: Starting,
  { reach, redis }: Pick<TestEngines, 'reach'> & Partial<Pick<TestEngines, 'redis'>>,
  { definitions = houses, port: wanted = 0 } = {},
): Promise<Running> {
  const names = definitions.map(({ name }) => name);
  const ports = await freePorts(names.length + 1);
  const port = wanted || ports.at(-1)!;
  const url = `http://localhost:${port}`;
  const shared = {
    ...env,
    SOUK_DATA_DIR: dataDir,
    SOUK_POSTGRES_URL: postgresUrl,
    SOUK_REDIS_URL: reach.redisUrl,
    SOUK_PUBLIC_URL: env.SOUK_PUBLIC_URL ?? url,
    // Nobody balances here.
    SOUK_DRAIN_SECONDS: '0',
    SOUK_SUBGRAPH_URLS: names.map((name, at) => `${name}=http://127.0.0.1:${ports[at]}`).join(','),
    SOUK_VIEWER_PRIVATE_KEY: reach.viewerKey,
    SOUK_VIEWER_PUBLIC_KEYS: reach.viewerPublicKey,
  };
  const admin = firstAdmin(readConfig(shared));
  const served = await Promise.all(
    definitions.map(
      (definition, at): Promise<Served> =>
        serveHouse(definition, {
          env: { ...shared, SOUK_PORT: String(ports[at]), SOUK_NATS_URL: reach.natsUrls[definition.name]! },
          ticks,
          ...(definition.name === 'users' ? { started: (house) => ensureAdmin(house, admin) } : {}),
        }),
    ),
  );
  const router = await startRouter({
    env: { ...shared, SOUK_PORT: String(port), SOUK_NATS_URL: reach.natsUrls.platform! },
    console,
  });
  const running = new Map(served.map(({ house }) => [house.name, house]));
  const platformOf = (house: RunningHouse) => house.context(systemViewer).platform;
  const said = async (): Promise<string> =>
    JSON.stringify(
      (await database.query(names.map((name) => `select max(seq) from ${name}.outbox`).join(' union all '))).rows,
    );
  const here = () => {
    if (!redis) throw new Error('this process did not start Redis');
    return redis;
  };
  return {
    url,
    urls: { graph: `${url}/graphql`, console: `${url}/console`, mailbox: `${url}/mailbox` },
    houses: running,
    subgraphs: Object.fromEntries(served.map(({ house, url: at }) => [house.name, at])),
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
    loseKv: async () => void (await here().each('FLUSHALL')),
    async withoutKv(work) {
      here().freeze();
      await work().finally(() => here().thaw());
    },
    async stop() {
      await router.stop();
      await Promise.all(served.map((one) => one.stop()));
    },
  };
}
