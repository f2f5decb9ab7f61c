import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, isAlive, markOf } from '@souk/kit/distributed';
import { listens } from '@souk/kit/ports';
import { StartupError } from '@souk/kit/startup-error';
import { backOff } from './back-off.ts';

/** An engine that runs because we started it. */
export interface LocalServer {
  /** Of the server that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly name: string;
  /** Found on PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** One of `args`, by which a server that was left behind is known for ours. */
  readonly config: string;
  readonly port: number;
  /** What the server says, and its process id, go beside each other under this name. */
  readonly base: string;
  readonly onProgress: (line: string) => void;
}

/** Where Debian and Homebrew put servers that a person's PATH may not name. */
const elsewhere = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The whole path of a program on this machine, or null. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of [...path.split(delimiter), ...elsewhere]) {
    const file = join(folder, name);
    try {
      if (folder !== '') accessSync(file, constants.X_OK);
      else continue;
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * A server outlives a parent that dies by SIGKILL, so a shell stands between them: the pipe to it closes with the parent, and
 * it then ends the server. It leads a process group of its own, so that Ctrl-C reaches only the parent, which stops things in order.
 */
const supervisor = `
exec 3<&0
pidfile=$1; shift
"$@" </dev/null 3<&- &
server=$!
echo "$server" >"$pidfile"
( read -r _ <&3; kill -TERM "$server" ) </dev/null >/dev/null 2>&1 &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/** Starts a server and keeps it: one that ends is started again on the same port. Takes over from what a killed start left. */
export async function keepServer(options: ServerOptions): Promise<LocalServer> {
  const { name, port, base, onProgress } = options;
  const stopping = new AbortController();
  let pid = 0;
  await endOrphan(options);
  let child = await launch(options);
  const waits = backOff();
  const watch = async (): Promise<void> => {
    for (;;) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (stopping.signal.aborted) return;
      onProgress(`${name} ended unexpectedly; starting it again`);
      await sleep(waits.next(), undefined, { signal: stopping.signal });
      try {
        child = await launch(options);
        onProgress(`${name} is back (process ${pid})`);
      } catch (error) {
        onProgress(`${name} did not come back; trying again. ${error instanceof Error ? error.message : ''}`);
      }
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    get pid() {
      return pid;
    },
    async stop() {
      stopping.abort();
      child.ref();
      await end(await pidOf(base));
      await watching;
      // It may have been starting again just then.
      await end(await pidOf(base));
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };

  async function launch(server: ServerOptions): Promise<ChildProcess> {
    const log = await open(`${base}.log`, 'a', 0o600);
    const from = (await log.stat()).size;
    try {
      const born = spawn('/bin/sh', ['-c', supervisor, 'souk', `${base}.pid`, server.program, ...server.args], {
        cwd: '/',
        stdio: ['pipe', log.fd, log.fd],
        detached: true,
      });
      await once(born, 'spawn');
      born.unref();
      born.stdin?.on('error', () => undefined);
      while (!(await listens(port))) {
        if (born.exitCode !== null || born.signalCode !== null) {
          const said = (await readFile(`${base}.log`, 'utf8')).slice(from).trim().split('\n').at(-1) ?? '';
          throw new StartupError(`${name} could not start here: ${said}`, `${base}.log holds all it said.`);
        }
        await sleep(20);
      }
      pid = await pidOf(base);
      return born;
    } finally {
      await log.close();
    }
  }
}

const pidOf = async (base: string): Promise<number> =>
  Number.parseInt(await readFile(`${base}.pid`, 'utf8').catch(() => ''), 10);

/** Only while the folder is ours: then a server that lives on it has lost its parent. */
async function endOrphan({ name, base, config, onProgress }: ServerOptions): Promise<void> {
  const pid = await pidOf(base);
  if (!markOf(pid) || !commandOf(pid).includes(config)) return;
  onProgress(`Stopping ${name} that an earlier Souk left behind (process ${pid})`);
  await end(pid);
}

async function end(pid: number): Promise<void> {
  const mark = markOf(pid);
  if (!mark) return;
  for (const [signal, seconds] of [
    ['SIGTERM', 10],
    ['SIGKILL', 10],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (let waited = 0; waited < seconds * 1000 && isAlive(mark); waited += 20) await sleep(20);
  }
}
