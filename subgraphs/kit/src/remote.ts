import type { KeyObject } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Dispatcher } from 'undici';
import { signViewer } from './auth.ts';
import { systemError } from './errors.ts';
import type { HttpAnswer } from './house.ts';
import type { Log } from './log.ts';
import { unavailable } from './outage.ts';
import { asError, MOST_BYTES, resultOf } from './remote.answer.ts';
import { askOne, askStream, type Question } from './remote.ask.ts';
import { type Member, membersOf } from './remote.members.ts';
import { streamFrom } from './remote.stream.ts';
import { askWhole, type Whole } from './remote.whole.ts';
import type { MutualTls } from './tls.ts';
import { DEADLINE, DRAINING, NOT_BEGUN, VIEWER } from './wire.ts';

export interface RemoteOptions {
  readonly name: string;
  /** Of each of its processes, such as `http://127.0.0.1:4101`. */
  readonly urls: readonly string[];
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

const ROUTE_DEADLINE_MS = 30_000;
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
  DRAINING,
  NOT_BEGUN,
]);

const whole = (member: Member, question: Question, leftMs: number): Promise<Whole> =>
  askWhole(member, question, leftMs, MOST_BYTES);

export function remoteHouse({ name, urls, key, tls, log }: RemoteOptions): RemoteHouse {
  const members = membersOf({ name, urls, tls, log });
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
    const question: Question = {
      method: 'POST',
      path: '/graphql',
      headers: {
        'content-type': 'application/json',
        [VIEWER]: sign(viewer),
        ...(viewer.trace ? { traceparent: viewer.trace } : {}),
      },
      body: JSON.stringify({ query, variables, operationName }),
      deadlineMs,
      repeatable: !isMutation(query),
    };
    try {
      return await askOne(members, question, whole, resultOf);
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

  return {
    name,
    execute,
    subscribe: ({ query, variables, operationName, viewer }) =>
      streamFrom(members, {
        // Signed anew each time it is asked for: a signature lives for half a minute.
        payload: () => ({
          query,
          variables: variables ?? null,
          operationName: operationName ?? null,
          extensions: { [VIEWER]: sign(viewer) },
        }),
        asError,
        onLost: () => log.warn({ subgraph: name }, 'a live stream lost its subgraph and is asked for again'),
      }),
    async route({ method, url: path, headers, body, viewer }) {
      const passed = Object.entries(headers).filter(([header, value]) => value !== undefined && !HOP.has(header));
      const question: Question = {
        method,
        path,
        headers: { ...(Object.fromEntries(passed) as Record<string, string>), [VIEWER]: sign(viewer) },
        ...(method === 'GET' ? {} : { body }),
        deadlineMs: ROUTE_DEADLINE_MS,
        repeatable: method === 'GET',
      };
      try {
        const answer = await askOne(members, question, askStream, (head) => head);
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
      const question: Question = {
        method: 'POST',
        path: `/internal${path}`,
        headers: { 'content-type': 'application/json', [VIEWER]: sign(viewer) },
        body: JSON.stringify(body),
        deadlineMs: ROUTE_DEADLINE_MS,
        repeatable: false,
      };
      return askOne(members, question, askStream, async (answer: Dispatcher.ResponseData) => {
        if (answer.statusCode === 200) return (await answer.body.json()) as T;
        await answer.body.dump();
        throw new Error(`${name} answered ${path} with ${answer.statusCode}`);
      });
    },
    isReady: () => members.isReady(),
    close: () => members.close(),
  };
}

/** A query that only speaks of mutations loses its second try by this; no mutation gets one. */
const isMutation = (query: string): boolean => /\bmutation\b/.test(query);
