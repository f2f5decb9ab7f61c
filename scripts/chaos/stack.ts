import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstAdmin, readConfig, unheld } from '@souk/kit/config';
import { freePorts } from '@souk/kit/ports';
import { houses as definitions } from '@souk/router';
import { laws, violations } from '@souk/router/laws';
import pg from 'pg';
import { type Caller, type Callers, callersOf } from '../../router/src/caller.testing.ts';
import { OPEN_ORDERS } from '../../router/src/shoppers.testing.ts';
import { openEngines } from '../distributed/engines.ts';
import { takeReplicas } from '../distributed/replicas.ts';
import { keepSecrets } from '../distributed/secrets.ts';
import { startShop } from '../distributed/shop.ts';
import type { Scene } from './row.ts';

export interface StackOptions {
  /** Settings of every process. Engines are started where no URL names them. */
  readonly env?: Readonly<Record<string, string>>;
  /** A PostgreSQL of its own, which may be killed too; otherwise a database on the scene's server. */
  readonly ownPostgres?: boolean;
  /** How many processes of each, as `--replicas` of start:distributed says it. */
  readonly replicas?: string;
  /** How long a process may say nothing before it is ended and started again, ms. */
  readonly patienceMs?: number;
}

/** The distributed profile as `npm run start:distributed` runs it: a process each, kept alive, and engines of its own. */
export interface Stack extends Callers {
  readonly url: string;
  /** Of every router: whoever starts several balances between them. */
  readonly routers: readonly string[];
  admin(): Promise<Caller>;
  /** Every process: engines that were started here (`PostgreSQL`, `NATS`, `Redis`), subgraphs, and `router`. */
  readonly names: readonly string[];
  /** Of the process of that name that lives now. */
  pid(name: string): number;
  /** Those that were killed and do not serve again yet. */
  readonly down: ReadonlySet<string>;
  /** False where there is no such process at the moment. */
  signal(name: string, signal: NodeJS.Signals): boolean;
  /** The administrator's, of the first house. */
  readonly postgresUrl: string;
  /** As the administrator of the database; waits out a database that is away. */
  sql<Row extends object>(text: string): Promise<Row[]>;
  /** Waits until each ear has heard each fact that was said. */
  quiet(): Promise<void>;
  /** The same for so many seconds at most; whether it came to that. */
  heard(seconds: number): Promise<boolean>;
  /**
   * Waits until no order is open and every law holds, for so many seconds; what is still wrong then, as sentences, and how long it took.
   */
  rest(seconds: number): Promise<Rest>;
  end(): Promise<void>;
}

export interface Rest {
  readonly seconds: number;
  readonly wrongs: readonly string[];
}

const AWAY = /ECONN|terminat|shutting down|starting up|recovery|not yet accepting|Connection ended/i;
const DATABASE = 'PostgreSQL';
const EACH_HEARD = laws.find(({ number }) => number === 5)!.sql;

export async function openStack(
  scene: Scene,
  { env = {}, ownPostgres = false, replicas = '1', patienceMs }: StackOptions = {},
): Promise<Stack> {
  const dataDir = join(scene.folder, 'shop');
  await mkdir(dataDir, { mode: 0o711 });
  // What a row sells, it makes itself.
  await writeFile(join(dataDir, 'seeded'), 'nothing\n');
  const [port] = (await freePorts(1)) as [number];
  const outside = Object.entries(process.env).filter(([name]) => !/^(VITEST|SOUK_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  const database = new URL(scene.postgresUrl);
  database.pathname = `/chaos_${process.pid}_${port}`;
  const all: Record<string, string | undefined> = {
    ...Object.fromEntries(outside),
    SOUK_ENV: 'test',
    SOUK_LOG_LEVEL: 'warn',
    SOUK_PORT: String(port),
    ...unheld,
    // Compiled code is the same for all rows of a run.
    NODE_COMPILE_CACHE: join(dirname(scene.folder), 'compiled'),
    ...(ownPostgres ? {} : { SOUK_POSTGRES_URL: database.href }),
    ...env,
  };
  const config = readConfig(all);
  const houses = definitions.map(({ name }) => name);
  const secrets = await keepSecrets(dataDir);
  const lost: string[] = [];
  const down = new Map<string, number>();
  const onProgress = (line: string): void => {
    const [, back] = /^(\S+) is back/.exec(line) ?? [];
    if (back) down.delete(back);
    scene.say(line);
  };
  const engines = await openEngines({
    dataDir,
    config,
    houses,
    secrets,
    onProgress,
    onLost: (error) => void lost.push(`The database was given up: ${String(error)}`),
  });
  const options = { fresh: false, host: '127.0.0.1', port, dataDir, config, env: all };
  const shop = await startShop({
    options,
    houses,
    engines,
    secrets,
    replicas: takeReplicas(['--replicas', replicas]).wanted(houses),
    patienceMs,
    onProgress,
    onStarting: () => undefined,
  }).catch(async (error: unknown) => {
    await engines.stop();
    throw error;
  });
  const { SOUK_POSTGRES_URL: url } = await engines.settingsOf(houses[0]!);
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  pool.on('error', () => undefined);
  const callers = callersOf(shop.urls.graph);
  let administrator: Promise<Caller> | undefined;

  const pids = (): Map<string, number> =>
    new Map([
      ...engines.list().flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid] as const])),
      ...shop.processes.map(({ name, pid }) => [name, pid] as const),
    ]);

  const sql: Stack['sql'] = async <Row extends object>(text: string): Promise<Row[]> => {
    for (;;) {
      try {
        return (await pool.query<Row>(text)).rows;
      } catch (error) {
        if (!AWAY.test(String(error)) || lost.length > 0) throw error;
        await sleep(100);
      }
    }
  };

  /** What is not yet at rest or never will be. */
  async function unrest(): Promise<string[]> {
    const open = await sql<{ id: string; status: string }>(`${OPEN_ORDERS} limit 10`);
    if (open.length > 0) return open.map(({ id, status }) => `Order ${id} is still open: ${status}.`);
    return (await violations(sql)).map(
      ({ law, examples }) => `Law ${law.number} (${law.text}) is broken: ${JSON.stringify(examples)}`,
    );
  }

  const heard: Stack['heard'] = async (seconds) => {
    // A fact can lead to another: all is heard when nothing new was said meanwhile.
    const said = houses.map((name) => `select max(seq) from ${name}.outbox`).join(' union all ');
    const since = performance.now();
    for (let before = ''; performance.now() - since < seconds * 1000; await sleep(20)) {
      const waiting = await sql(`select * from (${EACH_HEARD}) as broken limit 1`);
      const now = JSON.stringify(await sql(said));
      if (waiting.length === 0 && now === before) return true;
      before = now;
    }
    return false;
  };

  const signal: Stack['signal'] = (name, what) => {
    try {
      const pid = pids().get(name)!;
      process.kill(pid, what);
      if (what === 'SIGKILL' || what === 'SIGTERM') down.set(name, pid);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      return false;
    }
  };

  return {
    ...callers,
    url: new URL(shop.urls.graph).origin,
    routers: shop.processes.filter(({ name }) => /^router(-\d+)?$/.test(name)).map(({ url: at }) => new URL(at).origin),
    admin() {
      const { email, password } = firstAdmin(config);
      administrator ??= callers.signedIn(email, password);
      return administrator;
    },
    names: [...pids().keys()],
    pid: (name) => pids().get(name)!,
    get down() {
      // Of the database nobody says that it is back: its process is another only when it serves.
      if (down.has(DATABASE) && down.get(DATABASE) !== pids().get(DATABASE)) down.delete(DATABASE);
      return new Set(down.keys());
    },
    signal,
    postgresUrl: url!,
    sql,
    quiet: async () => void (await heard(Number.POSITIVE_INFINITY)),
    heard,
    async rest(seconds) {
      const since = performance.now();
      const passed = () => (performance.now() - since) / 1000;
      for (;;) {
        const wrongs = [...lost, ...(await unrest())];
        if (wrongs.length === 0 || passed() > seconds) return { seconds: passed(), wrongs };
        await sleep(250);
      }
    },
    async end() {
      callers.stop();
      await pool.end();
      // A process that was halted does not hear that it should end.
      for (const [name] of pids()) signal(name, 'SIGCONT');
      await shop.stop();
      await engines.stop();
      if (ownPostgres) return;
      const keeper = new pg.Client({ connectionString: scene.postgresUrl });
      await keeper.connect();
      await keeper.query(`drop database if exists ${database.pathname.slice(1)} with (force)`);
      await keeper.end();
    },
  };
}

/** Opens a stack for a piece of work and ends it after, however it went. */
export async function withStack<T>(
  scene: Scene,
  options: StackOptions,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const stack = await openStack(scene, options);
  try {
    return await work(stack);
  } finally {
    await stack.end();
  }
}
