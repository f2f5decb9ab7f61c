import type { Platform, RunningHouse } from '@souk/kit';
import type pg from 'pg';
import { startEmbedded } from './embedded.ts';
import { startOverEngines } from './souk.distributed.testing.ts';
import { openEngines } from './souk.engines.testing.ts';

/** A running Souk as stories meet it, whichever profile it runs in. */
export interface Running {
  readonly url: string;
  readonly urls: { readonly graph: string; readonly console: string; readonly mailbox: string };
  readonly houses: ReadonlyMap<string, RunningHouse>;
  /** Addresses of houses that have one of their own. */
  readonly subgraphs: Readonly<Record<string, string>>;
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

export { hasEngines } from './souk.engines.testing.ts';

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
      subgraphs: {},
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

async function distributed(): Promise<Profile> {
  const engines = await openEngines();
  return { start: (starting) => startOverEngines(starting, engines), end: () => engines.stop() };
}

/** The profile that this test run is for: SOUK_TEST_PROFILE, embedded if unsaid. */
export const openProfile = async (): Promise<Profile> =>
  process.env.SOUK_TEST_PROFILE === 'distributed' ? distributed() : embedded;
