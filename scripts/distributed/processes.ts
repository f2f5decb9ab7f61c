import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '@souk/kit/startup-error';
import { root } from '../run/options.ts';
import { backOff } from './back-off.ts';

/** A process of Souk: a subgraph, or the router. */
export interface Plan {
  readonly name: string;
  /** Its program, from the project's root. */
  readonly program: string;
  readonly url: string;
  /** Where it says by plain HTTP that it lives. */
  readonly live: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Kept {
  readonly name: string;
  readonly url: string;
  /** Of the process that lives now. */
  readonly pid: number;
  stop(): Promise<void>;
}

interface Options {
  /** For logs, one per process. */
  readonly logDir: string;
  /** Compiled code of packages, kept between starts. */
  readonly cacheDir: string;
  readonly onProgress: (line: string) => void;
  /** How long a process may say nothing before it counts as hung and is started again, ms; Infinity lets it be. */
  readonly patienceMs?: number | undefined;
}

/** Longer than a process takes to drain. */
const PATIENCE_MS = 15_000;
/** A machine that is short of processor answers late; one that is stopped or turns in a circle never does. */
const SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
const LOG_BYTES = 20 * 1024 * 1024;

/**
 * Starts a process and keeps it: one that ends, or hangs, is started again at the same address, ever later if it does not stay.
 * Throws what the process itself says of a first start that failed.
 */
export async function keepProcess(
  plan: Plan,
  { logDir, cacheDir, onProgress, patienceMs = SILENCE_MS }: Options,
): Promise<Kept> {
  const log = join(logDir, `${plan.name}.log`);
  const stopping = new AbortController();
  const waits = backOff();
  let isUpNow = false;
  await rotate(log);
  let child = await launch();
  await isUp(child);
  const watch = async (): Promise<void> => {
    for (;;) {
      if (isRunning(child)) await once(child, 'exit');
      if (stopping.signal.aborted) return;
      onProgress(`${plan.name} ended unexpectedly; starting it again`);
      await sleep(waits.next(), undefined, { signal: stopping.signal });
      child = await launch();
      // Why a start failed is in its log; what failed once may work when an engine is back.
      const up = await isUp(child).then(
        () => true,
        () => false,
      );
      if (up) onProgress(`${plan.name} is back (process ${child.pid})`);
    }
  };
  const watching = Promise.all([watch(), watchLife()]).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    name: plan.name,
    url: plan.url,
    get pid() {
      return child.pid!;
    },
    async stop() {
      stopping.abort();
      await end(child);
      await watching;
      await end(child);
    },
  };

  /** Ends a process that says nothing any more; what ends is started again. */
  async function watchLife(): Promise<void> {
    const every = Math.min(LOOK_EVERY_MS, patienceMs / 4);
    for (let silent = 0, seen = child; patienceMs !== Number.POSITIVE_INFINITY; ) {
      const began = performance.now();
      const lives = await answers(plan.live, every);
      await sleep(Math.max(0, began + every - performance.now()), undefined, { signal: stopping.signal });
      // Counted in looks, not by the clock: if we were stopped ourselves, nobody else was silent. While it starts it has no voice.
      silent = lives || seen !== child || !isUpNow ? 0 : silent + every;
      seen = child;
      if (silent < patienceMs) continue;
      onProgress(`${plan.name} has said nothing for ${Math.round(patienceMs / 1000)} s; ending it`);
      silent = 0;
      child.kill('SIGKILL');
    }
  }

  async function launch(): Promise<ChildProcess> {
    isUpNow = false;
    const file = await open(log, 'a', 0o600);
    try {
      const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
      const born = spawn(process.execPath, [...flags, join(root, plan.program)], {
        cwd: root,
        env: { NODE_COMPILE_CACHE: cacheDir, ...plan.env },
        // By the channel it ends with us; a group of its own keeps Ctrl-C from it, for we stop things in order.
        stdio: ['ignore', 'pipe', file.fd, 'ipc'],
        detached: true,
      });
      await once(born, 'spawn');
      return born;
    } finally {
      await file.close();
    }
  }

  /** Waits for its word that it serves. */
  async function isUp(born: ChildProcess): Promise<void> {
    const from = (await stat(log)).size;
    const lines = createInterface({ input: born.stdout! });
    const ended = isRunning(born) ? once(born, 'exit') : Promise.resolve();
    const ready = new Promise<true>((resolve) => {
      lines.on('line', (line) => line.startsWith('ready ') && resolve(true));
    });
    if ((await Promise.race([ready, ended])) === true) {
      isUpNow = true;
      return;
    }
    throw reasonIn((await readFile(log, 'utf8')).slice(from), plan.name, log);
  }
}

const answers = (url: string, withinMs: number): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(withinMs) }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    },
    () => false,
  );

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(patience);
}

/** The sentence and the advice with which a process refused to start, or where to read on. */
export function reasonIn(said: string, name: string, log: string): StartupError {
  const [, message, advice] = /^✗ ([\s\S]+)\n {2}(.+)\n?$/m.exec(said) ?? [];
  if (message && advice) return new StartupError(message, advice);
  const last = said.trim().split('\n').at(-1) || 'it said nothing';
  return new StartupError(`${name} ended while it started: ${last}`, `${log} holds all it said.`);
}

async function rotate(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size > LOG_BYTES) await rename(log, `${log}.1`);
}
