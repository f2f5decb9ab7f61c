import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rmdir, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { examineData, inspectPostgres, isSupportedMachine, tryBinaries } from '@souk/kit/postgres';
import { explainFileError, StartupError, systemCode } from '@souk/kit/startup-error';
import { nodePackageFor, stampOf, versionOf } from '../bootstrap.mjs';
import { requireFreePort } from './app.ts';
import { loadEnvFile, readOptions, root } from './options.ts';

/** One thing the doctor looked at: what it found and, where that is a problem, what to do. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly advice?: string;
}

const gibibyte = 1024 ** 3;

export function checkNode(version: string): Finding {
  const { major, minor } = versionOf(version);
  const what = 'Node';
  if (major > 22 || (major === 22 && minor >= 15)) return { what, found: version };
  return { what, found: version, advice: 'Install Node 24 from https://nodejs.org.' };
}

export function checkMachine(platform: string, arch: string): Finding {
  const what = 'System';
  const found = `${platform} on ${arch}`;
  if (isSupportedMachine(platform, arch)) return { what, found };
  return {
    what,
    found,
    advice: 'The embedded PostgreSQL runs on Linux and macOS, on x64 and arm64: use one of these.',
  };
}

export function checkMemory(bytes: number): Finding {
  const what = 'Memory';
  const found = `${(bytes / gibibyte).toFixed(1)} GB`;
  if (bytes >= 1.8 * gibibyte) return { what, found };
  return { what, found, advice: 'Souk with its database wants 2 GB: close other programs or add memory.' };
}

export function checkDisk(freeBytes: number, folder: string): Finding {
  const what = 'Disk';
  const found = `${(freeBytes / gibibyte).toFixed(1)} GB free for ${folder}`;
  if (freeBytes >= gibibyte) return { what, found };
  return { what, found, advice: 'Free at least 1 GB: the database stops taking orders on a full disk.' };
}

/** The first folder of the path that exists, as a data folder may still have to be made. */
function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}

/** Whether the packages under `folder` are those its lockfile names. */
export async function checkInstall(folder: string): Promise<Finding> {
  const what = 'Packages';
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  const machine = `${process.platform}-${process.arch}`;
  const [stamp, lockfile, workspace] = await Promise.all(
    ['node_modules/.souk-stamp', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map(read),
  );
  const node = nodePackageFor(process.platform, process.arch);
  const complete = node === null || existsSync(join(folder, 'node_modules', node));
  if (complete && stamp === stampOf(lockfile ?? '', workspace ?? '', machine)) return { what, found: 'installed' };
  return { what, found: 'not as the lockfile says', advice: 'Remove node_modules and run the command again.' };
}

/** Packages with machine code come as optional ones, one per kind of machine: an npm told to leave these out leaves them all. */
const native: Readonly<Record<string, string>> = { sharp: 'subgraphs/products', '@node-rs/argon2': 'subgraphs/users' };

/** Whether each package with machine code loads. */
export function checkNative(
  load = (name: string): unknown => createRequire(join(root, native[name]!, 'package.json'))(name),
): Finding {
  const what = 'Machine code';
  const missing = Object.keys(native).filter((name) => {
    try {
      load(name);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return { what, found: `${Object.keys(native).join(', ')} load` };
  return {
    what,
    found: `${missing.join(', ')} cannot be loaded`,
    advice:
      'Remove node_modules, let npm install optional packages (npm config delete omit), and run the command again.',
  };
}

export async function checkPostgres(run: () => Promise<string> = tryBinaries): Promise<Finding> {
  const what = 'PostgreSQL';
  try {
    return { what, found: await run() };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return { what, found: error.message, advice: error.advice };
  }
}

/** `listed` is what `locale -a` says, or null where there is no such command: then nothing is known. */
export function checkLocale(platform: string, listed: string | null): Finding[] {
  if (platform !== 'linux' || listed === null) return [];
  const what = 'Locale';
  if (/^C\.utf-?8$/im.test(listed)) return [{ what, found: 'C.UTF-8' }];
  const advice =
    'Install it (Debian and Ubuntu: apt-get install libc-bin; Fedora: dnf install glibc-minimal-langpack).';
  return [{ what, found: 'this system lacks C.UTF-8, in which the database is made', advice }];
}

export async function checkFolder(dataDir: string): Promise<Finding[]> {
  const what = 'Data folder';
  const parent = existing(dataDir);
  try {
    if (!(await stat(parent)).isDirectory()) {
      return [
        { what, found: `${parent} is not a folder`, advice: 'Set SOUK_DATA_DIR to a folder, or remove that file.' },
      ];
    }
    // What may be written is known by writing: a disk may be read-only for root too.
    await rmdir(await mkdtemp(join(parent, '.souk-doctor-')));
  } catch (error) {
    const explained = explainFileError(error, parent);
    if (!(explained instanceof StartupError)) throw error;
    return [{ what, found: explained.message, advice: explained.advice }];
  }
  const database = join(dataDir, 'postgres');
  const wrong = await examineData(database);
  if (wrong) return [{ what, found: wrong.message, advice: wrong.advice }];
  const { holder, orphan, version } = await inspectPostgres(database);
  if (holder !== null) return [{ what, found: `${dataDir}, in use by Souk (process ${holder})` }];
  const findings: Finding[] = [
    {
      what,
      found: version === null ? `${dataDir}, to be filled at the first start` : `${dataDir}, PostgreSQL ${version}`,
    },
  ];
  if (orphan !== null) {
    const found = `a database server that a killed Souk left behind (process ${orphan})`;
    findings.push({ what: 'Left behind', found, advice: 'The next start stops it; nothing is lost.' });
  }
  return findings;
}

/** `ours` says that a Souk runs on the data folder, so that the port may well be its own. */
export async function checkPort(host: string, port: number, ours: boolean): Promise<Finding> {
  const what = 'Port';
  try {
    await requireFreePort(host, port);
    return { what, found: `${port} is free` };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    if (ours && systemCode(error.cause) === 'EADDRINUSE') return { what, found: `${port}, in use by Souk` };
    return { what, found: error.message, advice: error.advice };
  }
}

async function listLocales(): Promise<string | null> {
  return promisify(execFile)('locale', ['-a']).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/** Everything a start depends on, in the order a person would look. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const findings = [
    checkNode(process.version),
    checkMachine(process.platform, process.arch),
    checkMemory(totalmem()),
    await checkInstall(root),
    checkNative(),
    await checkPostgres(),
    ...checkLocale(process.platform, await listLocales()),
  ];
  try {
    loadEnvFile();
    const options = readOptions([], env);
    findings.push({ what: 'Configuration', found: existsSync(join(root, '.env')) ? 'read with .env' : 'defaults' });
    const folder = existing(options.dataDir);
    const { bavail, bsize } = await statfs(folder);
    findings.push(checkDisk(bavail * bsize, folder));
    const inFolder = await checkFolder(options.dataDir);
    const ours = inFolder.some(({ found }) => found.includes('in use by Souk'));
    findings.push(...inFolder, await checkPort(options.host, options.port, ours));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    findings.push({ what: 'Configuration', found: error.message, advice: error.advice });
  }
  return findings;
}

/** The findings as a page for a person: one line each, and below a problem what to do. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const indent = ' '.repeat(width + 11);
  const lines = findings.flatMap(({ what, found, advice }) => [
    `${advice === undefined ? 'ok     ' : 'PROBLEM'}  ${what.padEnd(width)}  ${found.replaceAll('\n', `\n${indent}`)}`,
    ...(advice === undefined ? [] : [`${indent}→ ${advice}`]),
  ]);
  const problems = findings.filter(({ advice }) => advice !== undefined).length;
  const sum = problems === 1 ? 'One thing needs your attention.' : `${problems} things need your attention.`;
  return [...lines, '', problems === 0 ? 'Nothing is wrong.' : sum].join('\n');
}
