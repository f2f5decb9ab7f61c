import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './options.ts';

/** A command of package.json as a process of its own. */
export interface Run {
  readonly child: ChildProcess;
  /** What it printed so far, on both streams. */
  said(): string;
  /** Waits until it has printed this after what `from` had printed; throws if it ends first. */
  until(text: string | RegExp, from?: number): Promise<void>;
  readonly ended: Promise<number | null>;
}

const running = new Set<Run>();

/** Runs `scripts/<command>.ts` of the project at `at` as the bootstrap does. */
export function launch(
  command: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  at: string = root,
): Run {
  const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
  const child = spawn(process.execPath, [...flags, `${at.replace(/\/$/, '')}/scripts/${command}.ts`, ...words], {
    cwd: at,
    // By the channel it ends with us, as it does with the bootstrap.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, SOUK_LOG_LEVEL: 'silent', ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const run: Run = {
    child,
    said: () => said,
    ended: once(child, 'close').then(([code]) => code as number | null),
    async until(text, from = 0) {
      for (;;) {
        const news = said.slice(from);
        if (typeof text === 'string' ? news.includes(text) : text.test(news)) return;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended, having said: ${said}`);
        await sleep(20);
      }
    },
  };
  running.add(run);
  return run;
}

/** Kills what a failed test left running. */
export async function killLaunched(): Promise<void> {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
}

/** The last words of a command that failed: the sentence and the advice, without the progress before them. */
export const lastWords = (run: Run): string[] => run.said().trim().split('\n').slice(-2);

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The graph's answer to a document, over HTTP as any client gets it. */
export async function askGraph(
  port: number,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<GraphAnswer> {
  const answer = await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as GraphAnswer;
}

export interface GraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}
