import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstAdmin, readConfig, unheld } from '@souk/kit/config';
import { freePorts } from '@souk/kit/ports';
import { houses as definitions } from '@souk/router';
import { laws } from '@souk/router/laws';
import pg from 'pg';
import type { Counted, StartSide } from '../../bench/src/side.ts';
import { openEngines } from '../distributed/engines.ts';
import { keepSecrets } from '../distributed/secrets.ts';
import { startShop } from '../distributed/shop.ts';

const EACH_HEARD = laws.find(({ number }) => number === 5)!.sql;
const STILL_MS = 200;

/** The distributed profile as `npm run start:distributed` runs it, on the bench's database and payment provider. */
export const startDistributedSide: StartSide = async ({ postgresUrl, dataDir: folder, provider, onProgress }) => {
  const dataDir = join(folder, 'shop');
  await mkdir(dataDir, { recursive: true });
  // The bench fills it itself.
  await writeFile(join(dataDir, 'seeded'), 'by the bench\n');
  const [port] = (await freePorts(1)) as [number];
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: 'UTC',
    NODE_ENV: 'production',
    // Production refuses a provider that is not Stripe; what it costs is the same.
    SOUK_ENV: 'development',
    SOUK_LOG_LEVEL: 'silent',
    ...unheld,
    SOUK_POSTGRES_URL: postgresUrl,
    STRIPE_API_URL: provider.url,
    STRIPE_SECRET_KEY: provider.secretKey,
    STRIPE_WEBHOOK_SECRET: provider.webhookSecret,
    SOUK_PORT: String(port),
  };
  const config = readConfig(env);
  const houses = definitions.map(({ name }) => name);
  const secrets = await keepSecrets(dataDir);
  const common = { houses, secrets, onProgress };
  const engines = await openEngines({ ...common, dataDir, config, onLost: () => undefined });
  const options = { fresh: false, host: '127.0.0.1', port, dataDir, config, env };
  const shop = await startShop({ ...common, options, engines, onStarting: () => undefined }).catch(
    async (error: unknown) => {
      await engines.stop();
      throw error;
    },
  );
  const url = `http://127.0.0.1:${port}/graphql`;
  await provider.deliverTo(new URL('/webhooks/stripe', url).href);
  const pool = new pg.Pool({ connectionString: postgresUrl, max: 1, application_name: 'bench' });
  pool.on('error', () => undefined);

  /** Whether each ear has heard what was said, and how much that is. */
  async function heard(): Promise<string | null> {
    const { rowCount } = await pool.query(`select * from (${EACH_HEARD}) as broken limit 1`);
    if (rowCount) return null;
    const said = houses.map((name) => `select max(seq) from ${name}.outbox`).join(' union all ');
    return JSON.stringify((await pool.query(said)).rows);
  }

  return {
    url,
    logins: [{ role: 'ADMIN', ...firstAdmin(config) }],
    processes: [
      ...engines.list().flatMap(({ pid }): Counted[] => (pid === null ? [] : [{ kind: 'NATS and Redis', pid }])),
      ...shop.processes.map(({ pid }): Counted => ({ kind: 'Souk', pid })),
    ],
    async quiet() {
      // A fact can lead to another, at a house or at the provider: quiet is when nothing new was said meanwhile.
      for (let before: string | null = null; ; await sleep(STILL_MS)) {
        await provider.quiet();
        const now = await heard();
        if (now !== null && now === before) return;
        before = now;
      }
    },
    async stop() {
      await pool.end();
      await shop.stop();
      await engines.stop();
    },
  };
};
