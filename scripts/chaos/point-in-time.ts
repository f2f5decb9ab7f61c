import { chmod, chown, copyFile, lstat, mkdir, readdir, readlink, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startPostgres } from '@souk/kit/postgres';
import pg from 'pg';

/** Settings with which a server puts its log into a folder, segment by segment, at least every so many seconds. */
export async function archiveTo(folder: string, seconds: number): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true });
  // Under root the server is another user; the folder above lets nobody else in.
  await chmod(folder, 0o777);
  return {
    archive_mode: 'on',
    // What is there already is never written over; a half copy never has the name.
    archive_command: `test ! -f ${folder}/%f && cp %p ${folder}/%f.part && mv ${folder}/%f.part ${folder}/%f`,
    archive_timeout: `${seconds}s`,
  };
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** What a copy of a running server's data must not hold: it is the running one's, or comes from the archive. */
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|pg_wal\/.+|pg_replslot\/.+|pg_dynshmem\/.+|pg_notify\/.+|pg_serial\/.+|pg_snapshots\/.+|pg_stat_tmp\/.+|pg_subtrans\/.+)$|(^|\/)pgsql_tmp/;

/**
 * Copies the data of a running server by PostgreSQL's low-level backup: pg_basebackup does not come with the npm package. Done
 * when the log that it needs is in the archive too.
 */
export async function takeBaseBackup(url: string, data: string, to: string): Promise<void> {
  const client = await connect(url);
  try {
    await client.query(`select pg_backup_start('drill', fast => true)`);
    await copyData(data, to, (path) => LEFT_OUT.test(path.split(sep).join('/')));
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      'select labelfile, spcmapfile from pg_backup_stop(wait_for_archive => true)',
    );
    const { labelfile, spcmapfile } = rows[0]!;
    await addFile(to, 'backup_label', labelfile);
    if (spcmapfile) await addFile(to, 'tablespace_map', spcmapfile);
  } finally {
    await client.end();
  }
}

/** Puts what was written last into the archive. */
export async function lastLogIsArchived(url: string): Promise<void> {
  const client = await connect(url);
  try {
    const switched = await client.query<{ segment: string }>('select pg_walfile_name(pg_switch_wal()) as segment');
    const { segment } = switched.rows[0]!;
    for (;;) {
      const { rows } = await client.query<{ last: string | null }>(
        'select last_archived_wal as last from pg_stat_archiver',
      );
      // Segments of one line of time are named in their order.
      if (rows[0]?.last && rows[0].last.slice(0, 24) >= segment) return;
      await sleep(50);
    }
  } finally {
    await client.end();
  }
}

interface Restoring {
  readonly base: string;
  readonly archive: string;
  /** For the restored server. */
  readonly dir: string;
  /** The lost server's, for its password. */
  readonly from: string;
  readonly port: number;
  /** As PostgreSQL writes a time: nothing that was committed later comes back. */
  readonly until: string;
}

/** Makes a server of a base backup and the archived log, as it was at a time, and waits until it takes writes. */
export async function restore({ base, archive, dir, from, port, until }: Restoring): Promise<EmbeddedPostgres> {
  await mkdir(dir, { mode: 0o711 });
  await copyData(base, join(dir, 'data'), () => false);
  await copyFile(join(from, 'password'), join(dir, 'password'));
  await addFile(join(dir, 'data'), 'recovery.signal', '');
  const settings = {
    restore_command: `cp ${archive}/%f %p`,
    recovery_target_time: until,
    recovery_target_action: 'promote',
  };
  const server = await startPostgres({ dir, port, settings });
  const client = await connect(server.url);
  try {
    while ((await client.query<{ is: boolean }>('select pg_is_in_recovery() as is')).rows[0]!.is) await sleep(50);
  } finally {
    await client.end();
  }
  return server;
}

/** A copy with owners and modes. What a running server removes meanwhile is not missed: the log says so too. */
async function copyData(from: string, to: string, isLeftOut: (path: string) => boolean, path = ''): Promise<void> {
  const source = join(from, path);
  const target = join(to, path);
  const found = await lstat(source).catch(gone);
  if (!found || isLeftOut(path)) return;
  if (found.isSymbolicLink()) await symlink(await readlink(source), target);
  else if (found.isDirectory()) {
    await mkdir(target, { mode: found.mode });
    for (const name of (await readdir(source).catch(gone)) ?? []) await copyData(from, to, isLeftOut, join(path, name));
  } else {
    const isThere = await copyFile(source, target).then(() => true, gone);
    if (!isThere) return;
    await chmod(target, found.mode);
    await utimes(target, found.atime, found.mtime);
  }
  if (process.getuid?.() === 0 && !found.isSymbolicLink()) await chown(target, found.uid, found.gid);
}

function gone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** A file beside the others, with their owner. */
async function addFile(data: string, name: string, text: string): Promise<void> {
  const { uid, gid } = await lstat(data);
  const file = join(data, name);
  await writeFile(file, text, { mode: 0o600 });
  if (process.getuid?.() === 0) await chown(file, uid, gid);
}
