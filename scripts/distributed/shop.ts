import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { firstAdmin, isOf } from '@souk/kit/config';
import { freePorts } from '@souk/kit/ports';
import type { App } from '../run/app.ts';
import type { RunOptions } from '../run/options.ts';
import { people } from '../seed/people.ts';
import type { Engines } from './engines.ts';
import { type Kept, keepProcess, type Plan } from './processes.ts';
import { publicHalf, type Secrets } from './secrets.ts';

export interface Shop extends App {
  readonly processes: readonly Kept[];
}

interface Options {
  readonly options: RunOptions;
  readonly houses: readonly string[];
  readonly engines: Engines;
  readonly secrets: Secrets;
  /** How many processes of a subgraph, or of the router, where it is not one. */
  readonly replicas?: ReadonlyMap<string, number> | undefined;
  /** How long a process may say nothing before it is started again, ms. */
  readonly patienceMs?: number | undefined;
  readonly onProgress: (line: string) => void;
  /** Told at once how to stop what runs so far: a person may change their mind during the start. */
  readonly onStarting: (stop: () => Promise<void>) => void;
}

const ROUTER = 'router';

/** A subgraph's or the router's, however many there are: `orders`, `orders-2`. */
const nameOf = (house: string, at: number): string => (at === 0 ? house : `${house}-${at + 1}`);
const houseOf = (name: string): string => name.replace(/-\d+$/, '');

/** What each process runs and knows: the router and the subgraphs find each other by addresses that stay over restarts. */
export async function plansOf({
  options,
  houses,
  engines,
  secrets,
  replicas = new Map(),
}: Omit<Options, 'onProgress' | 'onStarting' | 'patienceMs'>): Promise<Plan[]> {
  const { config, dataDir, host, port } = options;
  const several = (house: string): number[] => Array.from({ length: replicas.get(house) ?? 1 }, (_, at) => at);
  const secured = config.SOUK_TLS_CERT !== undefined;
  const local = '127.0.0.1';
  const own = houses.flatMap((house) => several(house).map((at) => ({ house, name: nameOf(house, at) })));
  const ports = await freePorts(own.length * 2 + several(ROUTER).length);
  const subgraphs = own.map((one) => ({ ...one, port: ports.pop()!, healthPort: ports.pop()! }));
  const urlOf = ({ port: at }: { port: number }): string => `${secured ? 'https' : 'http'}://${local}:${at}`;
  const publicUrl = config.SOUK_PUBLIC_URL ?? `http://localhost:${port}`;
  const privateKey = config.SOUK_VIEWER_PRIVATE_KEY ?? secrets.viewerPrivateKey;
  const publicKeys = config.SOUK_VIEWER_PUBLIC_KEYS ?? publicHalf(privateKey);
  // The router proves what users signs, and is not told with what.
  const { SOUK_JWT_PUBLIC_KEY: given, SOUK_JWT_PRIVATE_KEY: tokenKey } = config;
  const tokenPublicKey = given ?? (tokenKey && publicHalf(tokenKey));
  const { SOUK_VIEWER_PRIVATE_KEY: _private, ...inherited } = options.env;
  const shared = {
    ...(Object.fromEntries(Object.entries(inherited).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >),
    SOUK_DATA_DIR: dataDir,
    SOUK_PUBLIC_URL: publicUrl,
    SOUK_SUBGRAPH_URLS: subgraphs.map((one) => `${one.house}=${urlOf(one)}`).join(','),
    SOUK_VIEWER_PUBLIC_KEYS: publicKeys,
  };
  const envOf = async (house: string, where: { host: string; port: number }) => ({
    // Whoever is broken into can tell only what it needs itself.
    ...Object.fromEntries(Object.entries(shared).filter(([name]) => isOf(name, house))),
    ...(await engines.settingsOf(house === ROUTER ? houses[0]! : house)),
    ...(isOf('SOUK_JWT_PUBLIC_KEY', house) && tokenPublicKey ? { SOUK_JWT_PUBLIC_KEY: tokenPublicKey } : {}),
    ...(isOf('SOUK_VIEWER_PRIVATE_KEY', house) ? { SOUK_VIEWER_PRIVATE_KEY: privateKey } : {}),
    SOUK_HOST: where.host,
    SOUK_PORT: String(where.port),
  });
  return Promise.all([
    ...subgraphs.map(async (one) => ({
      name: one.name,
      program: `subgraphs/${one.house}/src/main.ts`,
      url: urlOf(one),
      live: `http://${local}:${secured ? one.healthPort : one.port}/health/live`,
      env: {
        ...(await envOf(one.house, { host: local, port: one.port })),
        ...(secured ? { SOUK_HEALTH_PORT: String(one.healthPort) } : {}),
      },
    })),
    ...several(ROUTER).map(async (at) => {
      // The first is where people come; whoever wants more of them balances between them.
      const its = at === 0 ? { host, port } : { host: local, port: ports.pop()! };
      return {
        name: nameOf(ROUTER, at),
        program: 'router/src/main.ts',
        url: at === 0 ? publicUrl : `http://${local}:${its.port}`,
        live: `http://${host === '0.0.0.0' ? local : its.host}:${its.port}/health/live`,
        env: await envOf(ROUTER, its),
      };
    }),
  ]);
}

/** Starts every subgraph and then the router, each as a process of its own, and fills the shop if it was never filled. */
export async function startShop({ options, onProgress, onStarting, patienceMs, ...rest }: Options): Promise<Shop> {
  const { dataDir, config, env } = options;
  const plans = await plansOf({ options, ...rest });
  const logDir = join(dataDir, 'logs');
  const cacheDir = join(dataDir, 'compiled');
  await mkdir(logDir, { recursive: true });
  const kept = new Map<string, Kept>();
  const isRouter = (name: string): boolean => houseOf(name) === ROUTER;
  const keep = async (plan: Plan): Promise<void> => {
    kept.set(plan.name, await keepProcess(plan, { logDir, cacheDir, onProgress, patienceMs }));
  };
  const stop = async (): Promise<void> => {
    // The front door first, so that what is under way still finds its subgraphs.
    await Promise.all([...kept].filter(([name]) => isRouter(name)).map(([, process]) => process.stop()));
    await Promise.all([...kept.values()].map((process) => process.stop()));
  };
  onStarting(stop);
  try {
    const houses = plans.filter(({ name }) => !isRouter(name));
    let ready = 0;
    onProgress(`Starting the subgraphs: 0 of ${houses.length}`);
    await inParallel(houses, Math.max(2, availableParallelism()), async (plan) => {
      await keep(plan);
      ready += 1;
      onProgress(`Starting the subgraphs: ${ready} of ${houses.length}`);
    });
    onProgress('Starting the router');
    await Promise.all(plans.filter(({ name }) => isRouter(name)).map(keep));
    const publicUrl = config.SOUK_PUBLIC_URL ?? `http://localhost:${options.port}`;
    const graph = `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${options.port}/graphql`;
    const seeded = join(dataDir, 'seeded');
    if (!existsSync(seeded)) {
      onProgress('Filling the demo shop');
      const { seed } = await import('../seed.ts');
      await seed('demo', { url: graph, onProgress, admin: firstAdmin(config) });
      await writeFile(seeded, 'demo\n');
    }
    return {
      urls: { graph: `${publicUrl}/graphql`, console: `${publicUrl}/console`, mailbox: `${publicUrl}/mailbox` },
      logins: env.SOUK_ENV === 'production' ? [] : [{ role: 'ADMIN', ...firstAdmin(config) }, ...people],
      processes: plans.map(({ name }) => kept.get(name)!),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All of it, so many at a time; what fails first is thrown when the others under way have ended. */
async function inParallel<T>(all: readonly T[], many: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      try {
        await work(one);
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: many }, worker));
  const failed = ended.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
