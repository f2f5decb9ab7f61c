import type { KeyObject } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { signViewer } from './auth.ts';
import { sleep } from './clock.ts';
import { systemError } from './errors.ts';
import type { HttpAnswer } from './house.ts';
import type { Log } from './log.ts';
import { isOutage, Outage, unavailable } from './outage.ts';
import type { MutualTls } from './tls.ts';
import { DEADLINE, VIEWER } from './wire.ts';

export interface RemoteOptions {
  readonly name: string;
  /** Such as `http://127.0.0.1:4101`. */
  readonly url: string;
  /** Signs viewers; the house knows its public half. */
  readonly key: KeyObject;
  readonly tls?: MutualTls | undefined;
  readonly log: Log;
}

export interface RemoteOperation {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  readonly viewer: Viewer;
  readonly deadlineMs: number;
}

export interface RemoteRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly viewer: Viewer;
}

/** A house in another process. Late or away, it is an error of the answer and never a hang or a throw. */
export interface RemoteHouse {
  readonly name: string;
  execute(operation: RemoteOperation): Promise<ExecutionResult>;
  /** A stream that outlives the connection: lost, it is asked for anew and starts with the present state. */
  subscribe(operation: Omit<RemoteOperation, 'deadlineMs'>): AsyncIterableIterator<ExecutionResult>;
  /** Passes a request on to one of the house's own routes. */
  route(request: RemoteRequest): Promise<HttpAnswer>;
  /** Asks what only the product's own processes may ask. */
  ask<T>(path: string, body: object, viewer: Viewer): Promise<T>;
  /** What its readiness says at this moment. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const CONNECTIONS = 32;
const ROUTE_DEADLINE_MS = 30_000;
/** Waits before a lost stream is asked for again, ms. */
const AGAIN = [100, 250, 500, 1_000, 2_000] as const;
/** Spoken between two of our processes only, or about one connection. */
const HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  VIEWER,
  DEADLINE,
]);

export function remoteHouse({ name, url, key, tls, log }: RemoteOptions): RemoteHouse {
  const { origin } = new URL(url);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    keepAliveTimeout: 30_000,
    ...(tls ? { connect: { ...tls, timeout: 2_000 } } : { connect: { timeout: 2_000 } }),
  });
  let sockets: Client | undefined;
  const signed = new WeakMap<Viewer, { text: string; until: number }>();

  /** One signature serves the fetches of one request. */
  function sign(viewer: Viewer): string {
    const known = signed.get(viewer);
    if (known && known.until > performance.now()) return known.text;
    const text = signViewer(viewer, name, key);
    signed.set(viewer, { text, until: performance.now() + 10_000 });
    return text;
  }

  async function execute({ query, variables, operationName, viewer, deadlineMs }: RemoteOperation) {
    const body = JSON.stringify({ query, variables, operationName });
    const send = () =>
      pool.request({
        method: 'POST',
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          [VIEWER]: sign(viewer),
          [DEADLINE]: String(Math.round(deadlineMs)),
          ...(viewer.trace ? { traceparent: viewer.trace } : {}),
        },
        body,
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
      });
    try {
      const answer = await send().catch((error: unknown) => {
        // A kept connection can be closed by the other side at the very moment it is used. What writes is never sent twice.
        if (isMutation(query) || !isCut(error)) throw error;
        return send();
      });
      const result = (await answer.body.json()) as ExecutionResult;
      // A house that is just closing, or a proxy before it, answers in words of its own.
      if (result.data === undefined && !result.errors) throw new Outage(`the subgraph answered ${answer.statusCode}`);
      return { ...result, errors: result.errors?.map(asError) } as ExecutionResult;
    } catch (error) {
      return { data: null, errors: [explain(error)] };
    }
  }

  function explain(error: unknown): GraphQLError {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return systemError('TIMEOUT', 'A part of the shop took too long to answer.');
    }
    log.warn({ subgraph: name, error }, 'a subgraph cannot be reached');
    return systemError(unavailable.code, unavailable.message, unavailable.more);
  }

  function socket(): Client {
    sockets ??= createClient({
      url: `${origin.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: tls ? withTls(tls) : WebSocket,
      retryAttempts: 0,
      keepAlive: 10_000,
      lazyCloseTimeout: 5_000,
    });
    return sockets;
  }

  function subscribe({ query, variables, operationName, viewer }: Omit<RemoteOperation, 'deadlineMs'>) {
    const ending = new AbortController();
    let inner: AsyncIterableIterator<ExecutionResult> | undefined;

    async function next(): Promise<IteratorResult<ExecutionResult>> {
      for (let tries = 0; !ending.signal.aborted; tries++) {
        inner ??= socket().iterate({
          query,
          variables: variables ?? null,
          operationName: operationName ?? null,
          extensions: { [VIEWER]: sign(viewer) },
        }) as AsyncIterableIterator<ExecutionResult>;
        try {
          const { value, done } = await inner.next();
          if (ending.signal.aborted || done) break;
          return { value: { ...value, errors: value.errors?.map(asError) } as ExecutionResult, done: false };
        } catch (error) {
          inner = undefined;
          // What the house itself refused is no loss of connection: it is the answer.
          if (Array.isArray(error)) {
            ending.abort();
            return { value: { errors: error.map(asError) }, done: false };
          }
          if (tries === 0) log.warn({ subgraph: name }, 'a live stream lost its subgraph and is asked for again');
          await sleep(AGAIN[Math.min(tries, AGAIN.length - 1)]!, ending.signal);
        }
      }
      return { value: undefined, done: true };
    }

    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next,
      async return() {
        ending.abort();
        await inner?.return?.();
        return { value: undefined, done: true as const };
      },
    };
  }

  return {
    name,
    execute,
    subscribe,
    async route({ method, url: path, headers, body, viewer }) {
      const passed = Object.entries(headers).filter(([header, value]) => value !== undefined && !HOP.has(header));
      try {
        const answer = await pool.request({
          method,
          path,
          headers: { ...(Object.fromEntries(passed) as Record<string, string>), [VIEWER]: sign(viewer) },
          ...(method === 'GET' ? {} : { body }),
          headersTimeout: ROUTE_DEADLINE_MS,
          bodyTimeout: ROUTE_DEADLINE_MS,
        });
        const back = Object.entries(answer.headers).filter(
          ([header, value]) => value !== undefined && !HOP.has(header),
        );
        return {
          status: answer.statusCode,
          headers: Object.fromEntries(back.map(([header, value]) => [header, String(value)])),
          body: answer.body,
        };
      } catch (error) {
        log.warn({ subgraph: name, error }, 'a subgraph cannot be reached');
        return {
          status: 503,
          headers: { 'content-type': 'application/json', 'retry-after': '2' },
          body: JSON.stringify({ errors: [{ message: unavailable.message, extensions: { code: unavailable.code } }] }),
        };
      }
    },
    async ask<T>(path: string, body: object, viewer: Viewer) {
      const answer = await pool.request({
        method: 'POST',
        path: `/internal${path}`,
        headers: { 'content-type': 'application/json', [VIEWER]: sign(viewer) },
        body: JSON.stringify(body),
        headersTimeout: ROUTE_DEADLINE_MS,
        bodyTimeout: ROUTE_DEADLINE_MS,
      });
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw new Error(`${name} answered ${path} with ${answer.statusCode}`);
      }
      return (await answer.body.json()) as T;
    },
    async isReady() {
      try {
        const { statusCode, body } = await pool.request({
          method: 'GET',
          path: '/health/ready',
          headersTimeout: 2_000,
        });
        await body.dump();
        return statusCode === 200;
      } catch {
        return false;
      }
    },
    async close() {
      await sockets?.dispose();
      await pool.destroy();
    },
  };
}

const asError = (error: {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}) => new GraphQLError(error.message, { path: error.path ?? null, extensions: error.extensions ?? null });

/** A query that only speaks of mutations loses its second try by this; no mutation gets one. */
const isMutation = (query: string): boolean => /\bmutation\b/.test(query);

const isCut = (error: unknown): boolean =>
  isOutage(error) || (error as { code?: unknown } | null)?.code === 'UND_ERR_SOCKET';

const withTls = (tls: MutualTls) =>
  class extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { ...tls });
    }
  };
