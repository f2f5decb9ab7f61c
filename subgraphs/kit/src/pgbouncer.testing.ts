import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestContext } from 'vitest';
import { sleep } from './clock.ts';
import { freePorts } from './ports.ts';
import { nobody } from './postgres.place.ts';

const [program] = ['pgbouncer', '/usr/sbin/pgbouncer'].filter((name) => spawnSync(name, ['--version']).status === 0);

/** Whether this machine has PgBouncer. */
export const hasPgbouncer = program !== undefined;

/** The one test of a suite whose pooler is absent: a loud skip on a person's machine, a failure where CI should have installed it. */
export function sayPgbouncerAbsent({ task, skip }: TestContext): void {
  task.meta.absentServer = 'PgBouncer: install the package pgbouncer';
  if (process.env.CI === 'true') throw new Error('pgbouncer is not installed');
  skip('pgbouncer is not installed');
}

export interface TestPgbouncer {
  /** `postgres://host:port`, as SOUK_POSTGRES_POOLER_URL takes it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * PgBouncer in transaction mode before a whole cluster. It learns everybody's password from the cluster itself, and has
 * fewer connections than its clients, so that each of their transactions may meet another one.
 */
export async function startPgbouncer(adminUrl: string, poolSize = 3): Promise<TestPgbouncer> {
  if (program === undefined) throw new Error('pgbouncer is not installed');
  const { hostname, port, username, password } = new URL(adminUrl);
  const dir = await mkdtemp(join(tmpdir(), 'souk-pgbouncer-'));
  const users = join(dir, 'users.txt');
  const settings = join(dir, 'pgbouncer.ini');
  const listen = (await freePorts(1))[0]!;
  await writeFile(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  await writeFile(
    settings,
    `[databases]
* = host=${hostname} port=${port} auth_user=${decodeURIComponent(username)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listen}
unix_socket_dir =
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
auth_type = scram-sha-256
auth_file = ${users}
server_idle_timeout = 2
`,
  );
  const runAs = process.getuid?.() === 0 ? nobody : null;
  await chmod(dir, 0o711);
  // PgBouncer refuses to run as root.
  if (runAs) for (const path of [users, settings, dir]) await chown(path, runAs.uid, runAs.gid);
  const child = spawn(program, ['-q', settings], { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], ...(runAs ?? {}) });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const end = async () => {
    await ended(child);
    await rm(dir, { recursive: true, force: true });
  };
  const url = `postgres://127.0.0.1:${listen}`;
  for (let tries = 0; !(await answers(adminUrl, listen)); tries++) {
    if (child.exitCode !== null || tries === 200) {
      await end();
      throw new Error(`pgbouncer did not start: ${said}`);
    }
    await sleep(50);
  }
  return { url, stop: end };
}

async function answers(adminUrl: string, port: number): Promise<boolean> {
  const url = new URL(adminUrl);
  url.host = `127.0.0.1:${port}`;
  const client = new pg.Client({ connectionString: url.toString() });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
