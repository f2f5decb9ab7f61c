import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Order<Ask> {
  readonly id: number;
  readonly ask: Ask;
}

type Report =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly progress: string };

/** A process of its own that is ordered about over its channel, so that its processor time is not mixed with the load's. */
export interface Child<Ask> {
  readonly pid: number;
  ask(what: Ask): Promise<unknown>;
  /** Says `last` to a process that still lives, and waits until it has ended. */
  stop(last: Ask): Promise<void>;
}

/** What is under way at the end may take that long. */
const STOP_MS = 20_000;

/** Only what a process needs: settings of the person's shell must not change what is measured. */
const environment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TZ: 'UTC',
  NODE_ENV: 'production',
  ...env,
});

export interface ChildOptions {
  /** What it is, for an error: "the server". */
  readonly name: string;
  /** Its program, beside this file. */
  readonly entry: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
}

export function startChild<Ask>({ name, entry, env = {}, onProgress }: ChildOptions): Child<Ask> {
  const flags = ['--expose-gc', '--conditions=source', '--import', '@oxc-node/core/register'];
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL(entry, import.meta.url))], {
    env: environment(env),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const ended = once(child, 'exit').then(([code, signal]) => {
    const error = new Error(`${name} ended by itself (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  child.on('message', (report: Report) => {
    if ('progress' in report) return onProgress?.(report.progress);
    const asked = waiting.get(report.id);
    waiting.delete(report.id);
    if ('error' in report) asked?.reject(new Error(report.error));
    else asked?.resolve(report.result);
  });
  let asked = 0;
  const ask = (what: Ask): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      child.send({ id, ask: what } satisfies Order<Ask>, (error) => error && reject(error));
    });
  return {
    pid: child.pid!,
    ask,
    async stop(last) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ask(last).catch(() => undefined);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(patience);
    },
  };
}

/** The child's side: obeys order by order until its parent is gone. */
export function obeyParent<Ask>(obey: (ask: Ask) => Promise<unknown>): { progress: (line: string) => void } {
  const tell = (report: Report): void => void process.send?.(report);
  process.on('message', ({ id, ask }: Order<Ask>) => {
    obey(ask).then(
      (result) => tell({ id, result: result ?? null }),
      (error: unknown) => tell({ id, error: error instanceof Error ? (error.stack ?? error.message) : 'it failed' }),
    );
  });
  // A bench that is killed takes its processes along.
  process.on('disconnect', () => process.exit());
  // A signal to the whole group is for the parent, which stops things in order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  return { progress: (line) => tell({ progress: line }) };
}
