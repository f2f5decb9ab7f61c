import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MARK = 'filled';

/** What makes the tables, as one short text: a shop filled with other ones cannot be used again. */
export async function digestTables(root: string): Promise<string> {
  const hash = createHash('sha256');
  const files: string[] = [];
  for await (const file of glob('subgraphs/*/src/**/{migrations/*,migrations}.ts', { cwd: root })) files.push(file);
  for (const file of files.sort()) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex');
}

/** Whether the shop that is kept in `folder` was filled to the end, and with the tables of that digest. */
export async function stateOf(folder: string, digest: string): Promise<'EMPTY' | 'FILLED' | 'STALE'> {
  const known = await readFile(join(folder, MARK), 'utf8').catch(() => undefined);
  if (known === undefined) return 'EMPTY';
  return known.trim() === digest ? 'FILLED' : 'STALE';
}

/** Written only when the shop is full: a filling that was interrupted is begun again with the next run. */
export const markFilled = (folder: string, digest: string): Promise<void> =>
  writeFile(join(folder, MARK), `${digest}\n`);
