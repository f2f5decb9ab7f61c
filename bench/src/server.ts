import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the server process can be asked. */
export type Ask =
  | { readonly kind: 'start'; readonly postgresUrl: string; readonly dataDir: string; readonly ticks: boolean }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'save-profile'; readonly file: string }
  | { readonly kind: 'collect' }
  | { readonly kind: 'stop' };

export interface Order {
  readonly id: number;
  readonly ask: Ask;
}

export type Report =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly progress: string };

export interface Login {
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** Souk in a process of its own, so that its processor time and memory are not mixed with the load's. */
export interface Server {
  readonly pid: number;
  /** URL of the graph. */
  readonly url: string;
  readonly logins: readonly Login[];
  /** Resolves when no fact is under way and no tick runs. */
  quiet(): Promise<void>;
  /** Collects garbage, so that one scenario's is not another's memory. */
  collect(): Promise<void>;
  /** Begins to write down where processor time goes; the answer ends it and writes `file`. */
  profile(file: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

interface Start {
  readonly postgresUrl: string;
  readonly dataDir: string;
  /** False leaves out what runs by time alone; what a commit asks for runs all the same. */
  readonly ticks: boolean;
  readonly onProgress: (line: string) => void;
}

/** What is under way at the end may take that long. */
const STOP_MS = 20_000;
const ENTRY = fileURLToPath(new URL('./server.process.ts', import.meta.url));

/** Only what a process needs: settings of the person's shell must not change what is measured. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TZ: 'UTC',
  NODE_ENV: 'production',
  // The embedded profile and the payment simulator refuse production; what it costs is the same.
  SOUK_ENV: 'development',
  SOUK_LOG_LEVEL: 'silent',
});

export async function startServer({ postgresUrl, dataDir, ticks, onProgress }: Start): Promise<Server> {
  const flags = ['--expose-gc', '--conditions=source', '--import', '@oxc-node/core/register'];
  const child = spawn(process.execPath, [...flags, ENTRY], {
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const ended = once(child, 'exit').then(([code, signal]) => {
    const error = new Error(`the server ended by itself (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  child.on('message', (report: Report) => {
    if ('progress' in report) return onProgress(report.progress);
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
      child.send({ id, ask: what } satisfies Order, (error) => error && reject(error));
    });

  try {
    const started = (await ask({ kind: 'start', postgresUrl, dataDir, ticks })) as { url: string; logins: Login[] };
    return {
      pid: child.pid!,
      // The name would be looked up for each connection.
      url: started.url.replace('//localhost', '//127.0.0.1'),
      logins: started.logins,
      quiet: async () => void (await ask({ kind: 'quiet' })),
      collect: async () => void (await ask({ kind: 'collect' })),
      async profile(file) {
        await ask({ kind: 'profile' });
        return async () => void (await ask({ kind: 'save-profile', file }));
      },
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await ask({ kind: 'stop' }).catch(() => undefined);
        if (child.connected) child.disconnect();
        await ended;
        clearTimeout(patience);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
