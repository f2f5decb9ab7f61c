import { cp, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './options.ts';

const own = new Set(['node_modules', '.git', '.souk', 'dist', 'coverage']);

/**
 * A copy of the project that may be changed: its files, and for each workspace folder the links of its packages. The packages
 * themselves are shared; the links between workspace folders lead into the copy, as they are relative. Its bootstrap must
 * not run: it would install into what is shared.
 */
export async function copyProject(to: string): Promise<void> {
  await cp(root, to, { recursive: true, filter: (path) => !own.has(path.slice(path.lastIndexOf('/') + 1)) });
  const houses = await readdir(join(root, 'subgraphs'), { withFileTypes: true });
  const folders = ['.', 'schema', 'router', 'bench'].concat(
    houses.filter((entry) => entry.isDirectory()).map(({ name }) => `subgraphs/${name}`),
  );
  for (const folder of folders) await copyLinks(join(root, folder, 'node_modules'), join(to, folder, 'node_modules'));
  await symlink(join(root, 'node_modules/.pnpm'), join(to, 'node_modules/.pnpm'));
}

async function copyLinks(from: string, to: string): Promise<void> {
  // A workspace folder without dependencies has none.
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  if (entries.length > 0) await mkdir(to);
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    const [there, here] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) await symlink(await readlink(there), here);
    else if (entry.isDirectory() && entry.name.startsWith('@')) await copyLinks(there, here);
  }
}
