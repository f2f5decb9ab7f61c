import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chanceOf } from '../simulate/chance.ts';
import { type Ran, UNFINISHED } from './report.ts';
import type { Row, Scale } from './row.ts';

interface Options extends Scale {
  readonly seed: number;
  readonly postgresUrl: string;
  /** Where the row's own folder is made. */
  readonly home: string;
  /** Leaves the row's folder. */
  readonly keep?: boolean;
  readonly say: (line: string) => void;
}

/** Runs a row in a world of its own. What it throws is a wrong of its own: the promise was not shown. */
export async function runRow(row: Row, { seed, short, postgresUrl, home, keep = false, say }: Options): Promise<Ran> {
  const folder = await mkdtemp(join(home, `${row.name}-`));
  // Under root a PostgreSQL of the row's own is another user, who must get through.
  await chmod(folder, 0o711);
  const since = performance.now();
  const scene = { seed, short, postgresUrl, folder, chance: chanceOf(seed, row.name), say };
  const seconds = () => (performance.now() - since) / 1000;
  try {
    return { row, seed, ...(await row.run(scene)), seconds: seconds() };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { row, seed, done: '', wrongs: [`${UNFINISHED} ${why}`], seconds: seconds() };
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}
