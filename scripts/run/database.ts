import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  inspectPostgres,
  type PostgresOptions,
  removePostgres,
  startPostgres,
} from '@souk/kit/postgres';
import { DiskFullError, diskFull, explainFileError, StartupError } from '@souk/kit/startup-error';

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
  /** The cheapest way to it from this machine. */
  readonly nearUrl: string;
  /** Of the server that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * The embedded PostgreSQL of a running Souk: a server that dies is started again on the same port, so that pools find
 * it under the same URL. One that died of a full disk waits for space; any other failure to start is told to `onLost`.
 */
export async function keepDatabase(
  dataDir: string,
  onProgress: (line: string) => void,
  onLost: (error: unknown) => void,
): Promise<Database> {
  const dir = join(dataDir, 'postgres');
  const stopping = new AbortController();
  let server = await startPostgres({ dir, socket: true, onProgress });
  let deaths: number[] = [];
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (stopping.signal.aborted) return;
      deaths = [...deaths.filter((at) => performance.now() - at < 60_000), performance.now()];
      if (deaths.length > 5) {
        throw new StartupError(
          'The database server ended six times within a minute.',
          `Read the end of ${server.logFile}, and run "npm run doctor".`,
        );
      }
      onProgress('The database server ended unexpectedly; starting it again');
      await server.stop();
      server = await startWithRoom({ dir, port: server.port, socket: true, onProgress }, stopping.signal);
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) onLost(error);
  });
  return {
    url: server.url,
    nearUrl: server.nearUrl,
    get pid() {
      return server.pid;
    },
    async stop() {
      stopping.abort();
      await server.stop();
      await watching;
      // It may have been starting again just then.
      await server.stop();
    },
  };
}

/** Starts the server, or waits until the disk has room for it: shoppers are told to come again meanwhile. */
async function startWithRoom(options: PostgresOptions, signal: AbortSignal): Promise<EmbeddedPostgres> {
  for (let told = false; ; told = true) {
    try {
      return await startPostgres(options);
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error;
      if (!told) options.onProgress?.(`${error.message} The shop goes on by itself as soon as there is room.`);
      await sleep(1000, undefined, { signal });
    }
  }
}

/**
 * What a start fails with where the disk is to blame: of what breaks when nothing can be written, little says so. Any other
 * error comes back as it was.
 */
export async function blameDisk(error: unknown, dataDir: string): Promise<unknown> {
  if (error instanceof StartupError) return error;
  const space = await statfs(dataDir).catch(() => undefined);
  return space && space.bavail * space.bsize < 16 * 1024 * 1024 ? diskFull(dataDir, error) : error;
}
