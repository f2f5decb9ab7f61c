import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unheld } from '@souk/kit/config';
import pg from 'pg';
import { type Caller, type Callers, callersOf, Refused } from './caller.testing.ts';
import type { Order, Told } from './souk.child.testing.ts';
import type { Reach } from './souk.distributed.testing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('./souk.child.testing.ts', import.meta.url));

/** A whole shop in a process of its own, on one database and one port over all its lives. */
export interface KillableSouk extends Callers {
  admin(): Promise<Caller>;
  /** Waits until no fact is under way and no tick runs in the process that lives now. */
  quiet(): Promise<void>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Calls the control surface of the Stripe simulator. */
  control(path: string, params?: Record<string, string>): Promise<unknown>;
  /** A counter of a house's metrics page, 0 where it was never counted. Only in the distributed profile has a house one. */
  metric(house: string, name: string): Promise<number>;
  /** SIGKILL: nothing is said good-bye to. Its connections are gone when this resolves. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Waits until the process has ended by itself, and its connections with it. */
  dies(): Promise<void>;
  /** Ends it as SIGTERM would: what is under way is answered first. */
  stop(): Promise<void>;
  readonly alive: boolean;
  readonly database: string;
  /** The administrator's, of its database. */
  readonly databaseUrl: string;
  readonly url: string;
  readonly dataDir: string;
  /** Kills, drops the database and removes the folder. */
  end(): Promise<void>;
}

export interface Killable {
  /** Of its process beside Souk's own settings, such as LD_PRELOAD. */
  readonly process?: Readonly<Record<string, string>>;
  /** Modules that are loaded before it. */
  readonly preload?: readonly string[];
  /** Engines of the distributed profile, all houses in this one process; the embedded one where absent. */
  readonly reach?: Reach;
  readonly release?: Order['release'];
  /** Another process of the same shop, whose database and folder outlive this one. */
  readonly beside?: Pick<KillableSouk, 'database' | 'dataDir'>;
}

export async function startKillable(
  postgresUrl: string,
  env: Record<string, string> = {},
  { process: around = {}, preload = [], reach, release, beside }: Killable = {},
): Promise<KillableSouk> {
  const url = new URL(postgresUrl);
  const database = beside?.database ?? `crash_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${database}`;
  const dataDir = beside?.dataDir ?? (await mkdtemp(join(tmpdir(), 'souk-crash-')));
  const port = await freePort();
  const callers = callersOf(`http://localhost:${port}/graphql`);
  const options: Order = {
    postgresUrl: url.href,
    dataDir,
    port,
    env: { SOUK_ENV: 'test', SOUK_LOG_LEVEL: process.env.SOUK_TEST_LOG ?? 'silent', ...unheld, ...env },
    console: false,
    ...(reach ? { reach } : {}),
    ...(release ? { release } : {}),
  };
  const keeper = new pg.Pool({ connectionString: postgresUrl, max: 1 });
  const admin = new pg.Pool({ connectionString: url.href, max: 3 });
  for (const pool of [keeper, admin]) pool.on('error', () => undefined);
  let child: ChildProcess | undefined;
  let ready: Extract<Told, { kind: 'ready' }> | undefined;
  let administrator: Promise<Caller> | undefined;

  async function start(): Promise<void> {
    const loaded = ['@oxc-node/core/register', ...preload].flatMap((module) => ['--import', module]);
    const flags = ['--conditions=source', ...loaded];
    const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|SOUK_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
    const born = spawn(process.execPath, [...flags, program, JSON.stringify(options)], {
      cwd: root,
      // Compiled code of packages, for its later lives.
      env: { ...Object.fromEntries(own), NODE_COMPILE_CACHE: join(dataDir, 'compiled'), ...around },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = born;
    ready = await new Promise((resolve, reject) => {
      born.once('message', (told: Told) => told.kind === 'ready' && resolve(told));
      born.once('exit', (code, signal) => reject(new Error(`Souk ended while it started (${code ?? signal}).`)));
    });
  }

  const isOver = (one: ChildProcess): boolean => one.exitCode !== null || one.signalCode !== null;

  async function dies(): Promise<void> {
    const dying = child;
    child = undefined;
    if (!dying) return;
    if (!isOver(dying)) await once(dying, 'exit');
    if (beside) return;
    // A backend that waits for a lock does not see that its client is gone.
    await keeper.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1 and usename <> current_user`,
      [database],
    );
  }

  async function kill(): Promise<void> {
    if (child && !isOver(child)) child.kill('SIGKILL');
    await dies();
  }

  await start();
  return {
    ...callers,
    database,
    databaseUrl: url.href,
    url: `http://localhost:${port}`,
    dataDir,
    start,
    kill,
    dies,
    async stop() {
      const ending = child!;
      const answered = once(ending, 'message');
      ending.send('stop');
      await answered;
      child = undefined;
      const gone = once(ending, 'exit');
      ending.kill('SIGKILL');
      await gone;
    },
    get alive() {
      return child !== undefined && !isOver(child);
    },
    admin() {
      const { email, password } = ready!.logins.find((login) => login.role === 'ADMIN')!;
      administrator ??= callers.signedIn(email, password);
      return administrator;
    },
    async quiet() {
      const answered = once(child!, 'message');
      child!.send('quiet');
      await answered;
    },
    async sql(text, values) {
      return (await admin.query(text, values)).rows;
    },
    async control(path, params = {}) {
      const { url: at, secretKey } = ready!.simulator!;
      const response = await fetch(`${at}/_simulator/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}` },
        body: new URLSearchParams(params),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    async metric(house, name) {
      const at = ready!.subgraphs[house];
      if (!at) throw new Error(`${house} has no address of its own`);
      const page = await (await fetch(`${at}/metrics`)).text();
      return Number(new RegExp(`^${name} (.+)$`, 'm').exec(page)?.[1] ?? 0);
    },
    async end() {
      callers.stop();
      await kill().catch(() => undefined);
      await admin.end();
      if (!beside) await keeper.query(`drop database if exists ${database} with (force)`).catch(() => undefined);
      await keeper.end();
      if (!beside) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const OUTAGES = new Set<unknown>(['INTERNAL', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'OVERLOADED']);

/** True for what a client may meet while the shop is down: no answer, half an answer, or a fault of the shop's own. */
function isOutage(error: unknown): boolean {
  if (error instanceof Refused) return error.codes.some((code) => OUTAGES.has(code));
  // `fetch` throws a TypeError where nobody answers, and a body that breaks off is no JSON.
  return error instanceof TypeError || error instanceof SyntaxError || (error as Error).name === 'SocketError';
}

/** Longer than any start takes: a shop that is silent so long has gone for good. */
const PATIENCE_MS = 180_000;

/** Does it again, as a patient client would, until the shop answers; any answer, good or bad, is the answer. */
export async function surely<T>(work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || performance.now() - since > PATIENCE_MS) throw error;
      await sleep(100);
    }
  }
}

export interface Stop {
  /** A table with its schema. */
  readonly table: string;
  readonly event: 'insert' | 'update';
  /** SQL over `new` (and `old`, on an update): the row change to stop at. */
  readonly when: string;
}

/** Holds the world still just before a row is written: whoever would write it waits. */
export async function stopAt(
  souk: KillableSouk,
  postgresUrl: string,
  { table, event, when }: Stop,
): Promise<{ reached(): Promise<void>; release(): Promise<void> }> {
  const url = new URL(postgresUrl);
  url.pathname = `/${souk.database}`;
  const guard = new pg.Client({ connectionString: url.href });
  guard.on('error', () => undefined);
  await guard.connect();
  await guard.query(`select pg_advisory_lock(4242)`);
  await guard.query(`
    create or replace function ext.hold_the_world() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(4242); return new; end $$;
    create trigger hold_the_world before ${event} on ${table} for each row when (${when})
      execute function ext.hold_the_world()`);
  return {
    async reached() {
      for (;;) {
        const { rowCount } = await guard.query(
          `select from pg_locks l join pg_database d on d.oid = l.database
           where l.locktype = 'advisory' and l.objid = 4242 and not l.granted and d.datname = current_database()`,
        );
        if (rowCount) return;
        await sleep(20);
      }
    },
    async release() {
      await guard.query(`drop trigger hold_the_world on ${table}`);
      await guard.end();
    },
  };
}
