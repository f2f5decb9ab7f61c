import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, readFile, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { inspectPostgres, isSupportedMachine } from '@souk/kit/postgres';
import { StartupError } from '@souk/kit/startup-error';
import { nodePackageFor, stampOf, versionOf } from '../bootstrap.mjs';
import { readOptions, root } from './options.ts';

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

async function checkInstall(): Promise<Finding> {
  const what = 'Packages';
  const read = (name: string) => readFile(join(root, name), 'utf8').catch(() => '');
  const machine = `${process.platform}-${process.arch}`;
  const [stamp, lockfile, workspace] = await Promise.all(
    ['node_modules/.souk-stamp', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map(read),
  );
  const node = nodePackageFor(process.platform, process.arch);
  const complete = node === null || existsSync(join(root, 'node_modules', node));
  if (complete && stamp === stampOf(lockfile ?? '', workspace ?? '', machine)) return { what, found: 'installed' };
  return { what, found: 'not as the lockfile says', advice: 'Remove node_modules and run the command again.' };
}

async function checkFolder(dataDir: string): Promise<Finding[]> {
  const what = 'Data folder';
  const parent = existing(dataDir);
  try {
    await access(parent, constants.W_OK | constants.X_OK);
  } catch {
    return [{ what, found: `${parent} cannot be written by this user`, advice: `Give it to this user with chown.` }];
  }
  const database = join(dataDir, 'postgres');
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

async function checkPort(host: string, port: number, ours: boolean): Promise<Finding> {
  const what = 'Port';
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return { what, found: `${port} is free` };
  } catch {
    if (ours) return { what, found: `${port}, in use by Souk` };
    return {
      what,
      found: `${port} on ${host} cannot be used`,
      advice: `Choose another: npm start -- --port ${port + 1}`,
    };
  } finally {
    probe.close();
  }
}

/** Everything a start depends on, in the order a person would look. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const findings = [
    checkNode(process.version),
    checkMachine(process.platform, process.arch),
    checkMemory(totalmem()),
    await checkInstall(),
  ];
  try {
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
