import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from './clock.ts';
import { asAdministrator } from './db.testing.ts';
import { type EmbeddedPostgres, removePostgres, startPostgres } from './postgres.embedded.ts';

export interface TestPair {
  readonly primary: Server;
  readonly standby: Server;
  /** Until the standby has replayed whatever the primary has written. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface Server {
  /** The superuser's; the same over restarts. */
  readonly url: string;
  /** SIGKILL for all its processes. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP for all its processes, and on again. */
  freeze(): void;
  thaw(): void;
}

/** A primary and a standby that streams from it: a copy of its data, which goes its own way by `standby.signal`. */
export async function startPair(delay = '0'): Promise<TestPair> {
  const root = await mkdtemp(join(tmpdir(), 'souk-pair-'));
  // Under root the server is another user, who must get through.
  await chmod(root, 0o711);
  const folders = ['primary', 'standby'].map((name) => join(root, name)) as [string, string];
  for (const folder of folders) {
    await mkdir(folder);
    await chmod(folder, 0o711);
  }
  const shared = { fsync: 'off', wal_keep_size: '256MB', max_connections: '100' };
  const first = await startPostgres({ dir: folders[0], settings: shared });
  await first.stop();
  for (const part of ['data', 'password']) execFileSync('cp', ['-a', join(folders[0], part), folders[1]]);
  const signal = join(folders[1], 'data', 'standby.signal');
  await writeFile(signal, '');
  await chmod(signal, 0o644);

  const { hostname, port, username, password } = new URL(first.url);
  const primary = await serverIn(folders[0], shared, Number(port));
  const standby = await serverIn(folders[1], {
    ...shared,
    primary_conninfo: `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`,
    recovery_min_apply_delay: delay,
    wal_retrieve_retry_interval: '100ms',
  });
  return {
    primary,
    standby,
    async caughtUp() {
      const [{ lsn }] = (await asAdministrator<{ lsn: string }>(
        'select pg_current_wal_insert_lsn()::text as lsn',
        primary.url,
      )) as [{ lsn: string }];
      for (;;) {
        const [row] = await asAdministrator<{ there: boolean }>(
          `select pg_last_wal_replay_lsn() >= '${lsn}'::pg_lsn as there`,
          standby.url,
        );
        if (row?.there) return;
        await sleep(20);
      }
    },
    async stop() {
      for (const server of [standby, primary]) await server.stop();
      for (const folder of folders) await removePostgres(folder);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function serverIn(dir: string, settings: Record<string, string>, fixedPort?: number) {
  let running: EmbeddedPostgres = await startPostgres({ dir, settings, ...(fixedPort ? { port: fixedPort } : {}) });
  const { url, port } = running;
  const all = (): number[] => {
    const children = execFileSync('sh', ['-c', `pgrep -P ${running.pid} || true`], { encoding: 'utf8' });
    return [running.pid, ...children.split('\n').filter(Boolean).map(Number)];
  };
  const send = (signal: NodeJS.Signals) => {
    for (const pid of all()) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // One that ended meanwhile needs none.
        if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
      }
    }
  };
  return {
    url,
    async kill() {
      send('SIGKILL');
      await running.ended;
      await running.stop();
    },
    async start() {
      running = await startPostgres({ dir, settings, port });
    },
    freeze: () => send('SIGSTOP'),
    thaw: () => send('SIGCONT'),
    stop: () => running.stop(),
  };
}
