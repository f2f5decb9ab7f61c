import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres, startPostgres } from '@souk/kit/postgres';
import { explainFileError, StartupError } from '@souk/kit/startup-error';

/** Marks a folder as Souk's, so that `--fresh` never deletes somebody's home by a slip in SOUK_DATA_DIR. */
const mark = 'made-by-souk';

/** Makes the folder that keeps everything; `fresh` empties it first. Throws a StartupError while another Souk uses it. */
export async function prepareDataDir(
  dataDir: string,
  fresh: boolean,
  onProgress: (line: string) => void,
): Promise<void> {
  const database = join(dataDir, 'postgres');
  const holder = await whoStays(database, onProgress);
  if (holder !== null) {
    throw new StartupError(
      `Another Souk (process ${holder}) is already running on ${dataDir}.`,
      'Stop it first with Ctrl-C in its window, or use that one.',
    );
  }
  try {
    if (fresh && existsSync(dataDir)) {
      const isOurs = existsSync(join(dataDir, mark)) || (await readdir(dataDir)).length === 0;
      if (!isOurs) {
        throw new StartupError(
          `${dataDir} holds files that Souk did not put there, so it is not emptied.`,
          'Set SOUK_DATA_DIR to a folder of its own, or remove the folder yourself.',
        );
      }
      await removePostgres(database);
      await rm(dataDir, { recursive: true, force: true });
    }
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, mark), 'Souk keeps its data here. "npm start -- --fresh" deletes this folder.\n');
  } catch (error) {
    throw explainFileError(error, dataDir);
  }
}

/** The process that uses the database and does not end within seconds: one that was just told to stop takes a moment. */
async function whoStays(database: string, onProgress: (line: string) => void): Promise<number | null> {
  for (let waited = 0; ; waited += 100) {
    const { holder } = await inspectPostgres(database);
    if (holder === null || waited >= 5000) return holder;
    if (waited === 500) onProgress(`Waiting for another Souk (process ${holder}) to end`);
    await sleep(100);
  }
}

export interface Database {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The embedded PostgreSQL of a running Souk: a server that dies is started again on the same port, so that pools find
 * it under the same URL. `onLost` is called if that fails.
 */
export async function keepDatabase(
  dataDir: string,
  onProgress: (line: string) => void,
  onLost: (error: unknown) => void,
): Promise<Database> {
  const dir = join(dataDir, 'postgres');
  let server = await startPostgres({ dir, onProgress });
  let stopping = false;
  let deaths: number[] = [];
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping) return;
      deaths = [...deaths.filter((at) => performance.now() - at < 60_000), performance.now()];
      if (deaths.length > 5) {
        throw new StartupError(
          'The database server ended six times within a minute.',
          `Read the end of ${server.logFile}, and run "npm run doctor".`,
        );
      }
      onProgress('The database server ended unexpectedly; starting it again');
      await server.stop();
      server = await startPostgres({ dir, port: server.port, onProgress });
    }
  };
  watch().catch(onLost);
  return {
    url: server.url,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}
