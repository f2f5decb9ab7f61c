import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A disk of our own that can be filled without harm. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes every byte that is left. */
  fill(): Promise<void>;
  /** Gives back what was taken. */
  free(): Promise<void>;
  /** With a unit, such as `500m`. */
  resize(size: string): Promise<void>;
  close(): Promise<void>;
}

/** Why this machine lets nobody have such a disk. */
export const NO_DISK =
  'A disk that may be filled: run it as root where file systems may be mounted (docker: --privileged)';

/** A disk mounted on a folder; null where this machine does not let us have one. */
export async function openSmallDisk(folder: string, size: string): Promise<SmallDisk | null> {
  await mkdir(folder, { recursive: true });
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  if (!mounted) return null;
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a');
      try {
        for (const bytes of [1024 * 1024, 4096]) {
          const block = Buffer.alloc(bytes, 1);
          while (await file.write(block).then(({ bytesWritten }) => bytesWritten === bytes, isFull));
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    async resize(to) {
      await run('mount', ['-o', `remount,size=${to}`, folder]);
    },
    async close() {
      await rm(ballast, { force: true });
      await run('umount', [folder]);
    },
  };
}

function isFull(error: unknown): false {
  if ((error as { code?: unknown }).code !== 'ENOSPC') throw error;
  return false;
}
