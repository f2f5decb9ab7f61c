import { diskFull, StartupError, systemCode } from './startup-error.ts';

/** Where the parts of an embedded database lie. `data` alone belongs to the server's own user. */
export interface Paths {
  readonly dir: string;
  readonly data: string;
  readonly password: string;
  readonly log: string;
  readonly owner: string;
}

export function broken(paths: Paths, why: string, cause?: unknown): StartupError {
  return new StartupError(
    `The data folder ${paths.data} cannot be used: ${why}.`,
    `Put back a backup of ${paths.dir}, or start over with "npm start -- --fresh", which deletes what it holds.`,
    { cause },
  );
}

export function cannotRun(error: unknown): unknown {
  // The file is there, so what "is not there" is its loader: a system without glibc.
  if (systemCode(error) !== 'ENOENT') return error;
  return new StartupError(
    "Souk's own PostgreSQL needs the GNU C library, which this system does not have.",
    'Use a Debian, Ubuntu, Fedora or similar system or image instead of Alpine.',
    { cause: error },
  );
}

export function isPortTaken(said: string): boolean {
  return /Address already in use|could not create any TCP\/IP sockets/.test(said);
}

/** Turns the last words of a server or of initdb into one sentence. */
export function explainServer(said: string, paths: Paths, port: number | undefined): StartupError {
  if (/No space left on device|Disk quota exceeded/.test(said)) return diskFull(paths.dir);
  if (port !== undefined && isPortTaken(said)) {
    return new StartupError(
      `Port ${port}, which the database should use, is taken by another program.`,
      `Stop that program, or choose another port.`,
    );
  }
  if (/Permission denied|wrong ownership|invalid permissions/.test(said)) {
    return new StartupError(
      `PostgreSQL is not permitted to use the data folder ${paths.data}.`,
      'Start Souk as the user who made that folder, or give the folder to this user with chown.',
    );
  }
  const error = /initdb: error: (.*)/.exec(said)?.[1];
  if (error !== undefined) {
    return new StartupError(
      `The database could not be created: ${error}.`,
      'Run "npm run doctor" to see what this machine lacks.',
    );
  }
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.findLast((line) => /(FATAL|PANIC):/.test(line)) ?? lines[0];
  const why = telling?.replace(/^(.*?(FATAL|PANIC): *|postgres: )/, '').trim() ?? 'nothing at all';
  return broken(paths, `PostgreSQL says "${why}" (see ${paths.log})`);
}
