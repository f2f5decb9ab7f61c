import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@souk/kit/config';
import { createLog, natsUsers, natsVersion, postgresVersion, redisVersion } from '@souk/kit/distributed';
import { freePorts } from '@souk/kit/ports';
import { StartupError } from '@souk/kit/startup-error';
import { type Database, keepDatabase } from '../run/database.ts';
import type { Secrets } from './secrets.ts';
import { findProgram, keepServer, type LocalServer } from './server.ts';

/** An engine as the table shows it. */
export interface Engine {
  readonly name: string;
  readonly version: string;
  /** Null where somebody else runs it. */
  readonly pid: number | null;
  /** Where, without its secrets. */
  readonly where: string;
}

export interface Engines {
  readonly list: () => readonly Engine[];
  /** Settings with which a house reaches all of them. */
  settingsOf(house: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

interface Options {
  readonly dataDir: string;
  readonly config: Config;
  readonly houses: readonly string[];
  readonly secrets: Secrets;
  readonly onProgress: (line: string) => void;
  /** Told when the database cannot be kept. */
  readonly onLost: (error: unknown) => void;
  /** Where a program of this machine is; on PATH if unsaid. */
  readonly find?: (program: string) => string | null;
}

/** Debian's and Homebrew's name of the package. */
const install = (name: string, url: string): string =>
  `Install it (apt-get install ${name} on Debian and Ubuntu, brew install ${name.replace('redis-server', 'redis')} on macOS), or set ${url} to one that runs elsewhere.`;

/** Uses the engines that the configuration names and starts the others here, on loopback. */
export async function openEngines(options: Options): Promise<Engines> {
  const { config, dataDir, houses, secrets, onProgress, find = findProgram } = options;
  const quiet = createLog('silent');
  const needed = [
    ['redis-server', 'Redis', 'SOUK_REDIS_URL'],
    ['nats-server', 'the NATS server', 'SOUK_NATS_URL'],
  ] as const;
  // Before anything starts: whoever has to install something should not wait for a database first.
  const programs = new Map(
    needed
      .filter(([, , setting]) => !config[setting])
      .map(([program, what, setting]) => {
        const path = find(program);
        if (path) return [program, path] as const;
        throw new StartupError(
          `${program} is not on this machine, and nothing says where ${what} is.`,
          install(program, setting),
        );
      }),
  );
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    // The database last: the others hold nothing that is not in it.
    for (const engine of started.splice(0).reverse()) await engine.stop();
  };
  try {
    const database = await openDatabase();
    const [redisPort, natsPort] = (await freePorts(2)) as [number, number];
    const redis = programs.has('redis-server') ? await startRedis(programs.get('redis-server')!, redisPort) : null;
    const redisUrl = config.SOUK_REDIS_URL ?? `redis://:${secrets.redisPassword}@127.0.0.1:${redisPort}`;
    const nats = programs.has('nats-server') ? await startNats(programs.get('nats-server')!, natsPort) : null;
    const natsUrl = async (house: string): Promise<string> =>
      config.SOUK_NATS_URL ?? `nats://${house}:${await secrets.natsPassword(house)}@127.0.0.1:${natsPort}`;
    onProgress('Asking the engines what they are');
    const first = houses[0]!;
    const versions = {
      postgres: database ? await postgresVersion(database.setting, database.url) : null,
      redis: await redisVersion(redisUrl, quiet),
      nats: await natsVersion(await natsUrl(first), first, quiet),
    };
    return {
      list: () => [
        ...(database
          ? [
              {
                name: 'PostgreSQL',
                version: versions.postgres!,
                pid: database.local?.pid ?? null,
                where: hostsOf(database.local?.url ?? database.url),
              },
            ]
          : []),
        {
          name: 'NATS',
          version: versions.nats,
          pid: nats?.pid ?? null,
          where: hostsOf(nats ? `nats://127.0.0.1:${natsPort}` : config.SOUK_NATS_URL!),
        },
        { name: 'Redis', version: versions.redis, pid: redis?.pid ?? null, where: hostsOf(redisUrl) },
      ],
      settingsOf: async (house) => ({
        ...(database ? { SOUK_POSTGRES_URL: database.url } : {}),
        SOUK_REDIS_URL: redisUrl,
        SOUK_NATS_URL: await natsUrl(house),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  /** Null where every house has a URL of its own. */
  async function openDatabase(): Promise<{ url: string; setting: string; local: Database | null } | null> {
    const setting = 'SOUK_POSTGRES_URL';
    if (config.SOUK_POSTGRES_URL) return { url: config.SOUK_POSTGRES_URL, setting, local: null };
    if (houses.every((house) => config.ofHouse[`${setting}_${house.toUpperCase()}`])) return null;
    const local = await keepDatabase(dataDir, onProgress, options.onLost);
    started.push(local);
    return { url: Object.assign(new URL(local.nearUrl), { pathname: '/souk' }).href, setting, local };
  }

  async function startRedis(program: string, port: number): Promise<LocalServer> {
    const dir = join(dataDir, 'redis');
    await mkdir(dir, { recursive: true });
    const file = join(dir, 'redis.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `requirepass ${secrets.redisPassword}`,
      `dir ${JSON.stringify(dir)}`,
      // Nothing in it is the truth, and what must not be dropped is not.
      'save ""',
      'appendonly no',
      'maxmemory-policy noeviction',
      // Its command line is how the next start knows it.
      'set-proc-title no',
    ];
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    return keep('Redis', program, [file], file, port);
  }

  async function startNats(program: string, port: number): Promise<LocalServer> {
    const dir = join(dataDir, 'nats');
    await mkdir(dir, { recursive: true });
    const file = join(dir, 'nats.conf');
    const users = await Promise.all(
      houses.map(async (house) => ({ house, password: await secrets.natsPassword(house) })),
    );
    const lines = [
      'server_name: souk',
      `listen: 127.0.0.1:${port}`,
      `jetstream { store_dir: ${JSON.stringify(dir)} }`,
      natsUsers(users),
    ];
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    return keep('NATS', program, ['-c', file], file, port);
  }

  async function keep(
    name: string,
    program: string,
    args: readonly string[],
    file: string,
    port: number,
  ): Promise<LocalServer> {
    const base = file.replace(/\.conf$/, '');
    onProgress(`Starting ${name}`);
    const server = await keepServer({ name, program, args, config: file, port, base, onProgress });
    started.push(server);
    return server;
  }
}

/** Hosts and ports of one URL, or of several with commas between them; no user, no password. */
export const hostsOf = (urls: string): string => urls.replaceAll(/[a-z+]+:\/\/(?:[^@,/]*@)?([^,/?]+)[^,]*/g, '$1');
