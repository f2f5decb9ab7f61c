import { chmod, mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, removePostgres, startPostgres } from './postgres.embedded.ts';

interface Shared {
  users: number;
  server: Promise<{ dir: string; postgres: EmbeddedPostgres }>;
}

// Every project loads its own copy of this module; the server is one for all of them.
const shared = globalThis as typeof globalThis & { soukTestPostgres?: Shared };
const prefix = 'souk-test-';

/** Gives the run one PostgreSQL that is fast because it may forget everything, and removes it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.soukTestPostgres ??= { users: 0, server: start() };
  const mine = shared.soukTestPostgres;
  mine.users += 1;
  project.provide('postgresUrl', (await mine.server).postgres.url);
  return async () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    delete shared.soukTestPostgres;
    const { dir, postgres } = await mine.server;
    await postgres.stop();
    await removePostgres(dir);
  };
}

async function start(): Promise<{ dir: string; postgres: EmbeddedPostgres }> {
  await sweep();
  const dir = await mkdtemp(join(tmpdir(), prefix));
  // Under root the server is another user, who must get through.
  await chmod(dir, 0o711);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  return { dir, postgres: await startPostgres({ dir, settings }) };
}

/** Removes what killed runs left; a folder younger than an hour may belong to a run that is just starting. */
async function sweep(): Promise<void> {
  const hourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (!name.startsWith(prefix)) continue;
    const found = await stat(dir).catch(() => undefined);
    if (!found || found.uid !== process.getuid?.() || found.mtimeMs > hourAgo) continue;
    // A living run refuses; its folder is not ours to touch.
    await removePostgres(dir).catch(() => undefined);
  }
}
