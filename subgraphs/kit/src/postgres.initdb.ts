import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Binaries } from './postgres.binaries.ts';
import { broken, cannotRun, explainServer, type Paths } from './postgres.faults.ts';
import type { RunAs } from './postgres.place.ts';
import { StartupError, systemCode } from './startup-error.ts';

const major = '18';
export const superuser = 'postgres';

/** The environment of the server's processes: nothing of ours leaks into them. */
export function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: 'C', LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8' };
}

/** The password of the data that is there. Throws a StartupError for data that this PostgreSQL cannot use. */
export async function requireSoundData(paths: Paths): Promise<string> {
  const version = (await readFile(join(paths.data, 'PG_VERSION'), 'utf8').catch(missing)).trim();
  if (version === '') throw broken(paths, 'it lacks the file PG_VERSION');
  if (version !== major) {
    throw new StartupError(
      `The data folder ${paths.data} was made by PostgreSQL ${version}, and this Souk runs PostgreSQL ${major}.`,
      `Use the Souk that made it, or start over with "npm start -- --fresh", which deletes what it holds.`,
    );
  }
  const password = (await readFile(paths.password, 'utf8').catch(missing)).trim();
  if (password === '') throw broken(paths, `its password file ${paths.password} is missing`);
  return password;
}

/** Checks the data that is there or makes a new database, and answers the superuser's password. */
export async function prepareData(
  paths: Paths,
  binaries: Binaries,
  runAs: RunAs | null,
  settings: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<string> {
  if (await lstat(paths.data).catch(() => undefined)) return requireSoundData(paths);
  const elsewhere = dirname(paths.data) !== paths.dir;
  // Root's PostgreSQL is another user, who cannot enter every folder.
  progress(elsewhere ? `Creating the database in ${paths.data}` : 'Creating the database');
  const password = randomBytes(24).toString('base64url');
  // Made under another name and renamed when whole: a start that is killed here leaves no half database behind.
  const draft = `${paths.data}.${randomUUID().slice(0, 8)}`;
  const secret = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(secret, password, { mode: 0o600 });
    if (runAs) for (const path of [draft, secret]) await chown(path, runAs.uid, runAs.gid);
    await runInitdb(binaries, draft, secret, runAs, settings.fsync === 'off', paths);
    await writeFile(paths.password, password, { mode: 0o600 });
    await chmod(paths.password, 0o600);
    await rename(draft, paths.data);
  } finally {
    await rm(secret, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
  return password;
}

function missing(error: unknown): string {
  if (systemCode(error) === 'ENOENT') return '';
  throw error;
}

async function runInitdb(
  binaries: Binaries,
  data: string,
  secret: string,
  runAs: RunAs | null,
  unsafe: boolean,
  paths: Paths,
): Promise<void> {
  // macOS has no C.UTF-8 of its own; PostgreSQL's built-in one sorts the same everywhere.
  const locale =
    process.platform === 'darwin'
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=en_US.UTF-8']
      : ['--locale=C.UTF-8'];
  const args = ['-D', data, '-U', superuser, '-E', 'UTF8', ...locale, '--auth=scram-sha-256', `--pwfile=${secret}`];
  if (unsafe) args.push('--no-sync');
  const child = spawn(binaries.initdb, args, {
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(runAs ?? {}),
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    throw cannotRun(error);
  })) as [number | null];
  if (code !== 0) throw explainServer(said, paths, undefined);
}
