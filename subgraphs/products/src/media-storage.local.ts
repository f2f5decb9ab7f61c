import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MediaStorage } from './media-storage.ts';

const KEY = /^[0-9a-z][0-9a-z-]{2,80}\.[a-z0-9]{2,5}$/;

/** Files in a folder, spread over subfolders by the first letters of their keys. */
export function localMediaStorage(folder: string): MediaStorage {
  function pathOf(key: string): string {
    // Keys are ours; one that is not could lead out of the folder.
    if (!KEY.test(key)) throw new TypeError('not a key of a picture');
    return join(folder, key.slice(0, 2), key);
  }
  const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';
  return {
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      // Renaming is atomic: nobody reads half a file, and a crash leaves none under the key.
      const partial = `${path}.${randomUUID()}.part`;
      await writeFile(partial, bytes);
      await rename(partial, path);
    },
    async get(key) {
      return readFile(pathOf(key)).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}
