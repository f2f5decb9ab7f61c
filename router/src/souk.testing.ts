import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { inject } from 'vitest';
import WebSocket from 'ws';
import { type RunningSouk, startEmbedded } from './embedded.ts';

// biome-ignore lint/suspicious/noExplicitAny: a story reads the answer of a document it wrote itself
export type Answer = any;

export interface Asked {
  readonly status: number;
  readonly data: Answer;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: Record<string, unknown>;
  }[];
  readonly extensions: Record<string, unknown>;
}

export interface Watching {
  /** The next event's data; throws on an event with errors or when the stream has ended. */
  next(): Promise<Answer>;
  /** Reads on until an event satisfies. */
  until(wanted: (data: Answer) => boolean): Promise<Answer>;
  stop(): void;
}

/** A person or program at the front door. */
export interface Caller {
  readonly token: string | null;
  /** Data of an answer without top-level errors. */
  run(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** The whole answer. */
  ask(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Asked>;
  watch(query: string, variables?: Record<string, unknown>): Watching;
}

export interface TestSouk extends RunningSouk {
  readonly url: string;
  caller(token: string | null, headers?: Record<string, string>): Caller;
  /** A guest with a session of their own. */
  guest(headers?: Record<string, string>): Promise<Caller>;
  /** A newly registered customer. */
  customer(): Promise<Caller & { email: string }>;
  /** The administrator who came with the shop. */
  admin(): Promise<Caller>;
  quiet(): Promise<void>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface SoukOptions {
  readonly env?: Record<string, string>;
  readonly ticks?: boolean;
  /** Keeps the database, so that another start can go on with it. */
  readonly keep?: { readonly database: string; readonly dataDir: string };
}

/** The whole embedded profile on a database of its own, spoken to over HTTP and WebSocket alone. */
export async function startSouk({ env = {}, ticks = true, keep }: SoukOptions = {}): Promise<TestSouk> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${keep?.database ?? `e2e_${randomBytes(6).toString('hex')}`}`;
  const dataDir = keep?.dataDir ?? (await mkdtemp(join(tmpdir(), 'souk-e2e-')));
  const souk = await startEmbedded({
    postgresUrl: url.toString(),
    dataDir,
    port: 0,
    env: { SOUK_ENV: 'test', SOUK_LOG_LEVEL: 'silent', ...env },
    console: false,
    ticks,
  });
  const database = new pg.Pool({ connectionString: url.toString(), max: 2 });
  database.on('error', () => undefined);
  const graph = souk.urls.graph;
  const watches = new Set<Watching>();

  const caller = (token: string | null, extra: Record<string, string> = {}): Caller => {
    const ask: Caller['ask'] = async (query, variables, headers) => {
      const response = await fetch(graph, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...extra,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Asked, 'status'>) };
    };
    return {
      token,
      ask,
      async run(query, variables) {
        const { data, errors } = await ask(query, variables);
        if (errors)
          throw new Error(
            errors
              .map((error) => `${error.path?.join('.') ?? ''}: ${error.message} ${error.extensions.code}`)
              .join('\n'),
          );
        return data;
      },
      watch(query, variables) {
        const client = createClient({
          url: graph.replace(/^http/, 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...extra },
          retryAttempts: 0,
        });
        const events = client.iterate<Answer>({ query, ...(variables ? { variables } : {}) });
        const watching: Watching = {
          async next() {
            const { value, done } = await events.next();
            if (done) throw new Error('the stream has ended');
            if (value.errors)
              throw new Error(value.errors.map((error: { message: string }) => error.message).join('\n'));
            return value.data;
          },
          async until(wanted) {
            for (;;) {
              const data = await watching.next();
              if (wanted(data)) return data;
            }
          },
          stop() {
            watches.delete(watching);
            void client.dispose();
          },
        };
        watches.add(watching);
        return watching;
      },
    };
  };

  const signedIn = async (email: string, password: string): Promise<Caller> => {
    const { signIn } = await caller(null).run(
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { message } } }',
      { input: { email, password } },
    );
    if (!signIn.session) throw new Error(signIn.errors[0].message);
    return caller(signIn.session.accessToken);
  };
  let administrator: Promise<Caller> | undefined;

  return {
    ...souk,
    url: new URL(graph).origin,
    caller,
    async guest(headers) {
      const { startGuestSession } = await caller(null).run(
        'mutation { startGuestSession { session { accessToken } } }',
      );
      return caller(startGuestSession.session.accessToken, headers);
    },
    async customer() {
      const email = `${randomUUID()}@shopper.example`;
      const { register } = await caller(null).run(
        'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } errors { message } } }',
        { input: { email, password: 'a long enough passphrase', firstName: 'Ada', lastName: 'Shopper' } },
      );
      return { ...caller(register.session.accessToken), email };
    },
    admin() {
      const { email, password } = souk.logins.find((login) => login.role === 'ADMIN')!;
      administrator ??= signedIn(email, password);
      return administrator;
    },
    quiet: () => souk.embedded.quiet(),
    async sql(text, values) {
      return (await database.query(text, values)).rows;
    },
    async stop() {
      for (const watching of [...watches]) watching.stop();
      await souk.stop();
      await database.end();
      if (keep) return;
      const home = new URL(url);
      home.pathname = '/postgres';
      const keeper = new pg.Client({ connectionString: home.toString() });
      await keeper.connect();
      await keeper.query(`drop database if exists ${url.pathname.slice(1)} with (force)`);
      await keeper.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
