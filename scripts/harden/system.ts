import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@souk/kit/ports';
import pg from 'pg';
import { callersOf } from '../../router/src/caller.testing.ts';
import { openShop } from '../../router/src/shop.testing.ts';
import { root } from '../run/options.ts';
import type { Look, Order, Told, Word } from './child.ts';
import type { Frail } from './frail.ts';

/** A look into the process that is attacked. */
export interface Inside {
  readonly alive: boolean;
  look(): Promise<Look>;
  /** The most memory its process had since this was last asked, bytes. */
  peak(): number;
}

/** A shop to attack. */
export interface System {
  readonly origin: string;
  readonly frail: Frail | null;
  /** Null where it is not ours to look into. */
  readonly inside: Inside | null;
  stop(): Promise<void>;
}

/** One that runs already: it is attacked from outside alone. */
export const attach = (url: string): System => ({
  origin: new URL(url).origin,
  frail: null,
  inside: null,
  stop: async () => undefined,
});

export interface Starting {
  readonly postgresUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Builds the console's pages and serves them. */
  readonly console?: boolean;
}

/**
 * As production has it: introspection off. No rate is counted and nothing is shed, for that would hide what the limits of one
 * operation do.
 */
const SETTINGS = {
  SOUK_ENV: 'test',
  SOUK_LOG_LEVEL: 'silent',
  SOUK_INTROSPECTION: 'false',
  SOUK_UNLIMITED_ADDRESSES: '127.0.0.0/8,::1',
  SOUK_OVERLOAD_DELAY_MS: '0',
  // A slow machine is no broken promise.
  SOUK_QUERY_DEADLINE_MS: '5000',
};

/** Starts a shop of ours in a process of its own, with something to sell. */
export async function startSystem({ postgresUrl, env = {}, console = false }: Starting): Promise<System> {
  const database = new URL(postgresUrl);
  database.pathname = `/harden_${randomBytes(6).toString('hex')}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-harden-'));
  const [port, frailPort] = (await freePorts(2)) as [number, number];
  const order: Order = {
    postgresUrl: database.href,
    dataDir,
    port,
    frailPort,
    env: { ...SETTINGS, ...env },
    console,
  };
  const outside = Object.entries(process.env).filter(([name]) => !/^(VITEST|SOUK_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  const flags = ['--expose-gc', '--conditions=source', '--import', '@oxc-node/core/register'];
  const program = fileURLToPath(new URL('./child.ts', import.meta.url));
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(order)], {
    cwd: root,
    env: Object.fromEntries(outside),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { told, ask, peak } = listen(child);
  const { admin } = await told;
  const origin = `http://localhost:${port}`;
  const callers = callersOf(`${origin}/graphql`);
  const quiet = async (): Promise<void> => void (await ask({ word: 'quiet' }));
  await openShop(
    { admin: () => callers.signedIn(admin.email, admin.password), quiet },
    { MUG: { amount: '19.00', stock: 40 }, BOWL: { amount: '24.50', stock: 3 } },
  );
  await quiet();
  callers.stop();
  return {
    origin,
    frail: {
      graph: `http://localhost:${frailPort}/graphql`,
      mangle: async (how) => void (await ask({ word: 'mangle', how })),
      mutations: async () => (await ask({ word: 'mutations' })) as number,
    },
    inside: {
      get alive() {
        return child.exitCode === null && child.signalCode === null;
      },
      look: async () => (await ask({ word: 'look' })) as Look,
      peak,
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        // One that is broken may not hear it.
        const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await ask({ word: 'stop' }).catch(() => undefined);
        child.kill('SIGKILL');
        await gone;
        clearTimeout(late);
      }
      const keeper = new pg.Client({ connectionString: postgresUrl });
      await keeper.connect();
      await keeper.query(`drop database if exists ${database.pathname.slice(1)} with (force)`);
      await keeper.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

type Ready = Extract<Told, { kind: 'ready' }>;
type Answer = Extract<Told, { kind: 'answer' }>['answer'];

function listen(child: ChildProcess): {
  told: Promise<Ready>;
  ask(word: Word): Promise<Answer>;
  peak(): number;
} {
  const ready = Promise.withResolvers<Ready>();
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let most = 0;
  child.on('message', (told: Told) => {
    if (told.kind === 'ready') ready.resolve(told);
    else if (told.kind === 'size') most = Math.max(most, told.bytes);
    else waiting.shift()?.resolve(told.answer);
  });
  child.on('exit', (code, signal) => {
    const why = new Error(`The shop that is attacked has ended (${code ?? signal}).`);
    ready.reject(why);
    for (const one of waiting.splice(0)) one.reject(why);
  });
  return {
    told: ready.promise,
    ask(word) {
      const asked = Promise.withResolvers<Answer>();
      if (!child.connected) asked.reject(new Error('The shop that is attacked has ended.'));
      else {
        waiting.push(asked);
        child.send(word);
      }
      return asked.promise;
    },
    peak() {
      const seen = most;
      most = 0;
      return seen;
    },
  };
}
