import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedPostgres,
  inspectPostgres,
  removePostgres,
  StartupError,
  startPostgres,
} from './postgres.embedded.ts';
import { markOf } from './postgres.owner.ts';

const settings = { fsync: 'off', shared_buffers: '16MB' };
let dir: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-launcher-'));
  await chmod(folder, 0o711);
  dir = join(folder, 'postgres');
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop();
  await removePostgres(dir).catch(() => undefined);
  await rm(join(dir, '..'), { recursive: true, force: true });
});

async function start(
  more: { port?: number; socket?: boolean; settings?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dir, settings, ...more });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** A process that starts the server on `dir` and then only lives; resolves with what it printed when ready. */
async function startElsewhere(): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const launcher = fileURLToPath(new URL('./postgres.embedded.ts', import.meta.url));
  const source = `
    const { startPostgres } = await import(${JSON.stringify(launcher)});
    const { url, pid } = await startPostgres({ dir: ${JSON.stringify(dir)}, settings: ${JSON.stringify(settings)} });
    console.log(JSON.stringify({ url, pid }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', '@oxc-node/core/register', '--input-type=module', '-e', source],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    },
  );
  children.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { url: string; pid: number }) };
}

async function untilGone(pid: number): Promise<void> {
  while (markOf(pid)) await sleep(20);
}

/** The StartupError that the start ends with. */
async function refusal(starting: Promise<unknown>): Promise<StartupError> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  return error as StartupError;
}

describe('the embedded PostgreSQL', () => {
  it('is version 18 in UTF-8, asks for its password and listens on loopback only', async () => {
    const postgres = await start();
    expect(await query(postgres.url, 'show server_version_num')).toEqual(['180004']);
    expect(
      await query(
        postgres.url,
        "select pg_encoding_to_char(encoding), datctype from pg_database where datname = 'postgres'",
      ),
    ).toEqual(['UTF8', 'C.UTF-8']);
    expect(await query(postgres.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    expect(await query(postgres.url, 'show unix_socket_directories')).toEqual(['']);
    expect(postgres.nearUrl).toBe(postgres.url);
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('has a socket in its data folder where one is asked for, behind the same password', async () => {
    const postgres = await start({ socket: true });
    expect(await query(postgres.nearUrl, 'select inet_server_addr() is null')).toEqual([true]);
    expect(await query(postgres.url, 'select inet_server_addr() is null')).toEqual([false]);
    const wrong = new URL(postgres.nearUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('leaves nothing of a killed server’s socket behind', async () => {
    const first = await start({ socket: true });
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await first.stop();
    const { port } = await start({ socket: true });
    const sockets = (await readdir(join(dir, 'data'))).filter((name) => name.startsWith('.s.PGSQL.'));
    expect(sockets.sort()).toEqual([`.s.PGSQL.${port}`, `.s.PGSQL.${port}.lock`]);
  });

  it('has the extensions that the subgraphs use', async () => {
    const { url } = await start();
    const wanted = ['btree_gist', 'citext', 'ltree', 'pg_stat_statements', 'pg_trgm', 'pgcrypto', 'unaccent'];
    for (const name of wanted) await query(url, `create extension ${name}`);
    expect(await query(url, "select extname from pg_extension where extname <> 'plpgsql' order by 1")).toEqual(wanted);
  });

  it('keeps what was committed over a stop and a start', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    await first.stop();
    await first.ended;
    expect(markOf(first.pid)).toBeNull();
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
  });

  it('takes settings over its own and logs statements when told to', async () => {
    const postgres = await start({ settings: { ...settings, log_statement: 'all' } });
    await query(postgres.url, 'select 4711');
    expect(await readFile(postgres.logFile, 'utf8')).toContain('statement: select 4711');
  });

  it('ends by itself when its parent is killed, and starts again with its data', async () => {
    const { child, url, pid } = await startElsewhere();
    await query(url, 'create table kept as select 42 as answer');
    child.kill('SIGKILL');
    await untilGone(pid);
    const again = await start();
    expect(await query(again.url, 'select answer from kept')).toEqual([42]);
  });

  it('stops an orphan whose supervisor was killed with its parent', async () => {
    const { child, url, pid } = await startElsewhere();
    await query(url, 'create table kept as select 42 as answer');
    const supervisor = Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[1]);
    const watchers = (await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8'))
      .trim()
      .split(' ')
      .map(Number);
    // The watcher first: it would still stop the server when the supervisor's pipe closes.
    for (const other of [...watchers.filter((one) => one !== pid), supervisor]) process.kill(other, 'SIGKILL');
    child.kill('SIGKILL');
    await untilGone(child.pid!);
    expect(await inspectPostgres(dir)).toEqual({
      holder: null,
      orphan: pid,
      version: '18',
      url: expect.stringContaining('127.0.0.1'),
    });
    const again = await start();
    expect(markOf(pid)).toBeNull();
    expect(await query(again.url, 'select answer from kept')).toEqual([42]);
  });

  it('starts again after the server itself was killed', async () => {
    const { child, url, pid } = await startElsewhere();
    await query(url, 'create table kept as select 42 as answer');
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await untilGone(child.pid!);
    const again = await start();
    expect(await query(again.url, 'select answer from kept')).toEqual([42]);
  });

  it("starts when a stranger has got the dead server's process number", async () => {
    await (await start()).stop();
    await writeFile(
      join(dir, 'data', 'postmaster.pid'),
      `${process.pid}\n${dir}/data\n1\n5432\n\n127.0.0.1\n\nready   \n`,
    );
    const again = await start();
    expect(await query(again.url, 'select 1')).toEqual([1]);
  });

  it('begins anew when a first start was killed half way', async () => {
    await mkdir(join(dir, 'data.half'), { recursive: true });
    const postgres = await start();
    expect(await query(postgres.url, 'select 1')).toEqual([1]);
  });

  it('says that another Souk is running on the folder', async () => {
    await start();
    const error = await refusal(start());
    expect(error.message).toBe(`Another Souk (process ${process.pid}) is already running on ${dir}.`);
    expect(error.advice).toBe('Stop it first with Ctrl-C in its window, or use that one.');
    expect(await inspectPostgres(dir)).toEqual({
      holder: process.pid,
      orphan: null,
      version: '18',
      url: expect.stringContaining('127.0.0.1'),
    });
  });

  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const error = await refusal(start({ port: address.port }));
    other.close();
    expect(error.message).toBe(`Port ${address.port}, which the database should use, is taken by another program.`);
  });

  it('says that the data folder is broken', async () => {
    await (await start()).stop();
    await rm(join(dir, 'data', 'global', 'pg_control'));
    const error = await refusal(start());
    expect(error.message).toBe(
      `The data folder ${dir}/data cannot be used: PostgreSQL says "could not find the database system" (see ${dir}/postgres.log).`,
    );
    expect(error.advice).toContain('npm start -- --fresh');
    await rm(join(dir, 'data', 'PG_VERSION'));
    expect((await refusal(start())).message).toBe(
      `The data folder ${dir}/data cannot be used: it lacks the file PG_VERSION.`,
    );
  });

  it('says that the data folder is of another PostgreSQL', async () => {
    await (await start()).stop();
    await writeFile(join(dir, 'data', 'PG_VERSION'), '15\n');
    const error = await refusal(start());
    expect(error.message).toBe(
      `The data folder ${dir}/data was made by PostgreSQL 15, and this Souk runs PostgreSQL 18.`,
    );
  });

  it('gives the folder back when a start failed', async () => {
    await (await start()).stop();
    const good = await readFile(join(dir, 'data', 'PG_VERSION'), 'utf8');
    await writeFile(join(dir, 'data', 'PG_VERSION'), '15\n');
    await refusal(start());
    await writeFile(join(dir, 'data', 'PG_VERSION'), good);
    expect(await query((await start()).url, 'select 1')).toEqual([1]);
  });

  it('runs, keeps and removes its data in a folder that nobody else may enter', async () => {
    await chmod(join(dir, '..'), 0o700);
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    const [data] = await query(first.url, 'show data_directory');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
    await second.stop();
    await removePostgres(dir);
    await expect(stat(String(data))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is removed only when nobody uses it', async () => {
    const postgres = await start();
    expect((await refusal(removePostgres(dir))).message).toContain('is already running');
    await postgres.stop();
    await removePostgres(dir);
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
