import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePostgres } from '@souk/kit/postgres';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeApp, requireFreePort } from './app.ts';
import { type Database, keepDatabase, prepareDataDir } from './database.ts';

const silent = (): void => undefined;
let folder: string;
let dataDir: string;
let database: Database | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-run-'));
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
});

afterEach(async () => {
  await database?.stop();
  database = undefined;
  await removePostgres(join(dataDir, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  client.on('error', silent);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const serverPid = async (): Promise<number> =>
  Number.parseInt(await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10);

describe('the data folder', () => {
  it('is emptied by a fresh start and kept by any other', async () => {
    await prepareDataDir(dataDir, false, silent);
    await writeFile(join(dataDir, 'seeded'), 'demo');
    await prepareDataDir(dataDir, false, silent);
    expect(existsSync(join(dataDir, 'seeded'))).toBe(true);
    await prepareDataDir(dataDir, true, silent);
    expect(existsSync(join(dataDir, 'seeded'))).toBe(false);
  });

  it("is never emptied when it is somebody else's", async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'thesis.txt'), 'years of work');
    await expect(prepareDataDir(dataDir, true, silent)).rejects.toThrow(
      `${dataDir} holds files that Souk did not put there, so it is not emptied.`,
    );
    expect(await readFile(join(dataDir, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('is refused while another Souk stays on it', async () => {
    await prepareDataDir(dataDir, false, silent);
    database = await keepDatabase(dataDir, silent, silent);
    await expect(prepareDataDir(dataDir, true, silent)).rejects.toThrow(
      `Another Souk (process ${process.pid}) is already running on ${dataDir}.`,
    );
  });
});

describe('the database of a running Souk', () => {
  it('comes back under the same URLs, with its data, when its server is killed', async () => {
    const said: string[] = [];
    await prepareDataDir(dataDir, false, silent);
    database = await keepDatabase(dataDir, (line) => said.push(line), silent);
    await ask(database.url, 'create table kept as select 42 as answer');
    const killed = await serverPid();
    process.kill(killed, 'SIGKILL');
    while ((await serverPid().catch(() => killed)) === killed) await sleep(20);
    while (!(await ask(database.url, 'select 1').catch(() => undefined))) await sleep(20);
    expect(await ask(database.url, 'select answer from kept')).toBe(42);
    expect(database.nearUrl).not.toBe(database.url);
    expect(await ask(database.nearUrl, 'select answer from kept')).toBe(42);
    expect(said.at(-1)).toBe('The database server ended unexpectedly; starting it again');
  });
});

describe('the port', () => {
  it('is refused with another one to try when a program has it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await expect(requireFreePort('127.0.0.1', address.port)).rejects.toMatchObject({
      message: `Port ${address.port} is taken by another program.`,
      advice: `Stop that program, or choose another port: npm start -- --port ${address.port + 1}`,
    });
    other.close();
    await once(other, 'close');
    await requireFreePort('127.0.0.1', address.port);
  });
});

it('ends by saying where everything is and who can sign in', () => {
  const urls = {
    graph: 'http://localhost:4000/graphql',
    console: 'http://localhost:4000/console',
    mailbox: 'http://localhost:4000/mailbox',
  };
  const logins = [
    { role: 'admin', email: 'admin@souk.example', password: 'one' },
    { role: 'warehouse', email: 'warehouse@souk.example', password: 'two' },
  ];
  expect(describeApp({ urls, logins }, '/srv/souk').split('\n')).toEqual([
    '',
    'Souk is running.',
    '',
    '  Graph    http://localhost:4000/graphql',
    '  Console  http://localhost:4000/console',
    '  Mailbox  http://localhost:4000/mailbox',
    '',
    'Demo logins',
    '',
    '  admin      admin@souk.example      one',
    '  warehouse  warehouse@souk.example  two',
    '',
    'Data is kept in /srv/souk; "npm start -- --fresh" starts over. Ctrl-C stops everything.',
    '',
  ]);
});
