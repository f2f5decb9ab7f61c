import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { type Binaries, findBinaries } from './postgres.binaries.ts';
import { broken, cannotRun, explainServer, isPortTaken, type Paths } from './postgres.faults.ts';
import { environment, prepareData, requireSoundData, superuser } from './postgres.initdb.ts';
import { commandOf, isAlive, markOf, readOwner, takeFolder } from './postgres.owner.ts';
import { isTraversable, nobody, placeOutside, type RunAs } from './postgres.place.ts';
import { diskFull, explainFileError, StartupError, systemCode } from './startup-error.ts';

export { isSupportedMachine } from './postgres.binaries.ts';
export { StartupError } from './startup-error.ts';

export interface PostgresOptions {
  /** The folder that holds the database, its password and its log; made if absent. */
  readonly dir: string;
  /** A free one is picked if absent. */
  readonly port?: number;
  /** Server settings over ours, such as `fsync: 'off'` for tests or `log_statement: 'all'` for a bench. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Opens a socket beside the port, for whoever asks very often: see `nearUrl`. */
  readonly socket?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** The superuser's URL with its password, to the database `postgres`. */
  readonly url: string;
  /** The same by the server's socket, where one was asked for and this system has them: a round trip costs half. */
  readonly nearUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
  readonly pid: number;
  /** Settles when the server has ended, by `stop()` or by itself. */
  readonly ended: Promise<void>;
  /** A fast shutdown: open transactions are rolled back, everything committed is kept. May be called twice. */
  stop(): Promise<void>;
}

const host = '127.0.0.1';
/** Above every process number that Linux or macOS gives. */
const numberOfNobody = 4_999_999;
const mebibyte = 1024 * 1024;

const defaults: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '120',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Compiling a plan costs more than it saves on statements as short as ours.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

/**
 * PostgreSQL outlives a parent that dies by SIGKILL, so a shell stands between them: the pipe to it closes with the
 * parent, and it then asks PostgreSQL to shut down. It runs in a process group of its own, so that Ctrl-C reaches
 * only the parent, which stops things in order.
 */
const supervisor = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
( read -r _ <&3; kill -INT "$server" ) </dev/null >/dev/null 2>&1 &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/**
 * Starts the PostgreSQL 18 that npm installed, on 127.0.0.1 only, with its data under `dir`. Takes over whatever a
 * killed predecessor left. Throws a StartupError, whose text is for the person, when the port is taken, the disk full,
 * the folder broken, foreign or in use, or the machine unsupported.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const progress = options.onProgress ?? (() => undefined);
  let release: (() => Promise<void>) | undefined;
  try {
    await mkdir(dir, { recursive: true });
    release = await takeFolder(join(dir, 'owner.json'), dir);
    const runAs = await accountFor(dir);
    const paths = await pathsOf(dir, runAs);
    const binaries = await findBinaries(runAs, progress);
    await stopOrphan(paths.data, progress);
    await requireRoom(dir);
    const password = await prepareData(paths, binaries, runAs, options.settings ?? {}, progress);
    await rotateLog(paths.log);
    return await launch(paths, binaries, runAs, password, options, release);
  } catch (error) {
    await release?.();
    throw explainFileError(error, dir);
  }
}

/** Removes the database under `dir` for good. Refuses while a living process uses it; an orphan is stopped. */
export async function removePostgres(dir: string): Promise<void> {
  const folder = resolve(dir);
  if (!(await lstat(folder).catch(() => undefined))) return;
  const release = await takeFolder(join(folder, 'owner.json'), folder);
  try {
    const { data } = await pathsOf(folder, await accountFor(folder));
    await stopOrphan(data, () => undefined);
    await rm(data, { recursive: true, force: true });
    const place = dirname(data);
    if (place !== folder) await rmdir(place).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    await release();
    throw explainFileError(error, folder);
  }
}

export interface PostgresFindings {
  /** A living process that runs the server, and may go on doing so. */
  readonly holder: number | null;
  /** A server that a killed process left behind; the next start stops it. */
  readonly orphan: number | null;
  /** The major version that made the data, or null where there is none. */
  readonly version: string | null;
  /** The superuser's URL of a server that runs, to the database `postgres`; null where none does. */
  readonly url: string | null;
}

/**
 * What would keep a start from using the data under `dir`, as that start would say it; null where nothing does or there is
 * none yet. Changes nothing.
 */
export async function examineData(dir: string): Promise<StartupError | null> {
  const folder = resolve(dir);
  if (!(await lstat(folder).catch(() => undefined))) return null;
  try {
    const paths = await pathsOf(folder, await accountFor(folder));
    if (!(await lstat(paths.data).catch(() => undefined))) return null;
    await requireSoundData(paths);
    const control = join('global', 'pg_control');
    if (await lstat(join(paths.data, control)).catch(() => undefined)) return null;
    return broken(paths, `it lacks the file ${control}`);
  } catch (error) {
    const explained = explainFileError(error, folder);
    if (explained instanceof StartupError) return explained;
    throw error;
  }
}

/** The version of the binaries that npm installed, as they tell it when run. Throws a StartupError where they cannot. */
export async function tryBinaries(): Promise<string> {
  const { postgres } = await findBinaries(null, () => undefined);
  const child = spawn(postgres, ['--version'], { cwd: '/', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    throw cannotRun(error);
  })) as [number | null];
  if (code === 0) return said.trim();
  throw new StartupError(
    `The PostgreSQL binaries (${postgres}) do not run: ${said.trim().split('\n')[0] || `exit code ${code}`}.`,
    'Remove node_modules and run the command again; if that changes nothing, this system is too old for them.',
  );
}

/** Looks at the database under `dir` and changes nothing. */
export async function inspectPostgres(dir: string): Promise<PostgresFindings> {
  const folder = resolve(dir);
  if (!(await lstat(folder).catch(() => undefined))) return { holder: null, orphan: null, version: null, url: null };
  const owner = await readOwner(join(folder, 'owner.json'));
  const { data, password } = await pathsOf(folder, await accountFor(folder));
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim() || null;
  const server = await serverOf(data);
  // Line 4 of postmaster.pid is the port.
  const port =
    server === null ? undefined : (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[3]?.trim();
  const url = port ? urlOf((await readFile(password, 'utf8')).trim(), Number(port)) : null;
  return { holder: owner?.pid ?? null, orphan: owner ? null : server, version, url };
}

const urlOf = (password: string, port: number, at = host): string =>
  `postgres://${superuser}:${encodeURIComponent(password)}@${encodeURIComponent(at)}:${port}/postgres`;

/** A socket's whole path must fit into a short field of the system's. */
const hasSockets = (folder: string): boolean =>
  process.platform !== 'win32' && Buffer.byteLength(join(folder, '.s.PGSQL.65535.lock')) < 100;

/** Root runs PostgreSQL as the user who owns the data already there, or as nobody. */
async function accountFor(dir: string): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null;
  const there = await stat(join(dir, 'data')).catch(() => undefined);
  return there && there.uid !== 0 ? { uid: there.uid, gid: there.gid } : nobody;
}

async function pathsOf(dir: string, runAs: RunAs | null): Promise<Paths> {
  const home = runAs === null || (await isTraversable(dir, runAs)) ? dir : await placeOutside(dir, true);
  return {
    dir,
    data: join(home, 'data'),
    password: join(dir, 'password'),
    log: join(dir, 'postgres.log'),
    owner: join(dir, 'owner.json'),
  };
}

async function requireRoom(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < 150 * mebibyte) throw diskFull(dir);
}

/** The process id of a living server on `data`, or null. Anything else that has got its number is not it. */
async function serverOf(data: string): Promise<number | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return markOf(pid) && commandOf(pid).includes(data) ? pid : null;
}

/** Only for the holder of the folder: then a server that lives on it has lost its parent. */
async function stopOrphan(data: string, progress: (line: string) => void): Promise<void> {
  const orphan = await serverOf(data);
  if (orphan !== null) {
    progress(`Stopping the database server that an earlier Souk left behind (process ${orphan})`);
    await endServer(orphan);
  }
  // PostgreSQL refuses to start if a stranger has got the dead server's number meanwhile. The file itself must stay: by
  // its other lines PostgreSQL knows that the dead server's last processes are gone.
  const file = join(data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (markOf(Number(lines[0]))) await writeFile(file, [String(numberOfNobody), ...lines.slice(1)].join('\n'));
  // So would the lock of its socket; there is one for each port that was ever picked.
  for (const name of await readdir(data).catch(() => [])) {
    if (name.startsWith('.s.PGSQL.')) await rm(join(data, name), { force: true });
  }
}

/** Asks ever harder: fast shutdown, immediate shutdown, kill. Committed data is safe with each of them. */
async function endServer(pid: number): Promise<void> {
  const mark = markOf(pid);
  if (!mark) return;
  for (const [signal, seconds] of [
    ['SIGINT', 30],
    ['SIGQUIT', 10],
    ['SIGKILL', 10],
  ] as const) {
    signalTo(pid, signal);
    for (let waited = 0; waited < seconds * 1000; waited += 20) {
      if (!isAlive(mark)) return;
      await sleep(20);
    }
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

async function rotateLog(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size > 20 * mebibyte) await rename(log, `${log}.1`);
}

async function launch(
  paths: Paths,
  binaries: Binaries,
  runAs: RunAs | null,
  password: string,
  options: PostgresOptions,
  release: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePorts(1))[0]!;
    const from = (await stat(paths.log).catch(() => undefined))?.size ?? 0;
    const socket = options.socket === true && hasSockets(paths.data) ? paths.data : null;
    const child = await spawnServer(paths, binaries, runAs, port, socket, options.settings ?? {});
    const ended =
      child.exitCode === null && child.signalCode === null
        ? once(child, 'exit').then(() => undefined)
        : Promise.resolve();
    const pid = await whenReady(paths.data, child, options.onProgress ?? (() => undefined));
    if (pid !== null) return handle(paths, child, ended, pid, port, socket, password, release);
    const said = (await readFile(paths.log, 'utf8').catch(() => '')).slice(from);
    // A killed server's last processes hold its shared memory for a moment; a picked port may be lost to another program.
    const passing = /pre-existing shared memory block/.test(said) || (options.port === undefined && isPortTaken(said));
    if (!passing || attempt >= 40) throw explainServer(said, paths, port);
    await sleep(250);
  }
}

async function spawnServer(
  paths: Paths,
  binaries: Binaries,
  runAs: RunAs | null,
  port: number,
  socket: string | null,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const doors = { listen_addresses: host, port: String(port), unix_socket_directories: socket ?? '' };
  const all = { ...defaults, ...settings, ...doors };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(paths.log, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', supervisor, 'souk-postgres', binaries.postgres, '-D', paths.data, ...flags], {
      cwd: '/',
      env: environment(),
      stdio: ['pipe', log.fd, log.fd],
      detached: true,
      ...(runAs ?? {}),
    });
    await once(child, 'spawn');
    // A program that ends without stop() must be able to end: the closing pipe then stops the server.
    child.unref();
    child.stdin?.on('error', () => undefined);
    return child;
  } finally {
    await log.close();
  }
}

/** The server's process id once it accepts connections, or null if it ended instead. */
async function whenReady(data: string, child: ChildProcess, progress: (line: string) => void): Promise<number | null> {
  for (let waited = 0; ; waited += 20) {
    const [first, , , , , , , state] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split(
      '\n',
    );
    // The file may still be the dead predecessor's.
    if (state?.trim() === 'ready' && (await serverOf(data)) === Number(first)) return Number(first);
    if (child.exitCode !== null || child.signalCode !== null) return null;
    if (waited === 3000) progress('The database is recovering from an earlier crash');
    await sleep(20);
  }
}

function handle(
  paths: Paths,
  child: ChildProcess,
  ended: Promise<void>,
  pid: number,
  port: number,
  socket: string | null,
  password: string,
  release: () => Promise<void>,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    child.ref();
    if (child.exitCode === null && child.signalCode === null) await endServer(pid);
    child.stdin?.end();
    await ended;
    await release();
  };
  return {
    url: urlOf(password, port),
    nearUrl: urlOf(password, port, socket ?? host),
    host,
    port,
    logFile: paths.log,
    pid,
    ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
