import { createHash } from 'node:crypto';
import { access, constants, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartupError } from './startup-error.ts';

/** Whom PostgreSQL runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so root lends it the account that owns nothing. */
export const nobody: RunAs = { uid: 65534, gid: 65534 };

function mayEnter(entry: { mode: number; uid: number; gid: number }, who: RunAs): boolean {
  if (entry.uid === who.uid) return (entry.mode & 0o100) !== 0;
  if (entry.gid === who.gid) return (entry.mode & 0o010) !== 0;
  return (entry.mode & 0o001) !== 0;
}

/** Whether `who` can walk down to `path`: every folder above it, and itself, lets that user through. */
export async function isTraversable(path: string, who: RunAs): Promise<boolean> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (!mayEnter(await stat(folder), who)) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * A folder outside `path`, always the same one for the same path and user, that other users can walk through but not
 * write. `lasting` asks for a place that survives a reboot and a cleaning of temporary files.
 */
export async function placeOutside(path: string, lasting: boolean): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const candidates = lasting && uid === 0 ? ['/var/lib', '/var/tmp', tmpdir()] : ['/var/tmp', tmpdir()];
  const name = `souk-${uid}-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
  for (const parent of candidates) {
    if (!(await isWritable(parent)) || !(await isTraversable(parent, nobody))) continue;
    const place = join(parent, name);
    await mkdir(place, { mode: 0o711, recursive: true });
    // A shared temporary folder is anybody's: a stranger's folder or link of this name must not receive our data.
    const found = await lstat(place);
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0) return place;
    throw new StartupError(
      `${place} belongs to another user, and Souk needs it to run PostgreSQL.`,
      `Remove ${place} and start again.`,
    );
  }
  throw new StartupError(
    `PostgreSQL does not run as root, and no folder was found that its own user can reach (tried ${candidates.join(', ')}).`,
    'Start Souk as an ordinary user, or move the project to a folder that every user may enter.',
  );
}
