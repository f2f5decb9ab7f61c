import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { type ExecutionResult, getOperationAST, type OperationTypeNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { beginTrace, noteAnswer } from './activity.ts';
import { answerIn, type Connection, follow, forgetAnswer, openTab, stop, textOfAnswer } from './answers.ts';
import { contextHeaders } from './context.ts';
import { learn } from './examples.ts';
import { adoptFrom, freshBearer, postAsSession } from './session.ts';
import type { Headers } from './wire.ts';

/** Sends what the editor runs: queries and mutations by HTTP, subscriptions by WebSocket, both as the present session. */
export const fetcher: Fetcher = async (asked, options) => {
  // GraphiQL reads the schema through this too, and that belongs to no tab.
  const tab = asked.operationName === 'IntrospectionQuery' ? '' : openTab.id;
  const { operation, params } = settle(asked);
  const { traceId, traceparent } = beginTrace();
  const headers: Headers = {
    ...contextHeaders(),
    ...(tab && { traceparent }),
    ...Object.fromEntries(
      Object.entries(options?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
  };
  if (operation === 'subscription') {
    void follow(tab, params.operationName ?? 'subscription', (connection) => subscribe(params, headers, connection));
    return nothing();
  }
  if (tab) {
    stop(tab);
    forgetAnswer(tab);
  }
  const began = performance.now();
  const answer = await postAsSession(params, headers);
  if (tab) {
    const durationMs = performance.now() - began;
    noteAnswer({ tab, name: params.operationName || operation || 'operation', durationMs, traceId }, answer);
  }
  adoptFrom(answer.data);
  learn(params.operationName, answer.data);
  if (!tab || tab === openTab.id) return answer as ExecutionResult;
  answerIn(tab, textOfAnswer(answer));
  return nothing();
};

/** Tells GraphiQL that a run is over without an answer to write anywhere. */
async function* nothing(): AsyncGenerator<ExecutionResult> {}

/**
 * Which operation is meant. The editor learns its operation's name a moment after the text changed, so right after a
 * tab was changed it still names the last tab's; a text with one operation leaves no doubt.
 */
function settle(asked: FetcherParams): { operation: OperationTypeNode | undefined; params: FetcherParams } {
  try {
    const document = parse(asked.query);
    const node = getOperationAST(document, asked.operationName) ?? getOperationAST(document);
    return { operation: node?.operation, params: node ? { ...asked, operationName: node.name?.value ?? null } : asked };
  } catch {
    return { operation: undefined, params: asked }; // The graph tells what is wrong with it.
  }
}

/**
 * One socket per running subscription: it opens with the session and context of that moment, takes a renewed token
 * when it reconnects, and closes with the subscription.
 */
function subscribe(params: FetcherParams, headers: Headers, connection: Connection): AsyncIterator<ExecutionResult> {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const client = createClient({
    url: url.href,
    connectionParams: async () => ({ ...(await freshBearer()), ...headers }),
    retryAttempts: 5,
    keepAlive: 15_000,
    on: {
      connecting: (isRetry) => isRetry && connection.lost(),
      connected: (_socket, _payload, wasRetry) => wasRetry && connection.back(),
    },
  });
  const events = client.iterate<Record<string, unknown>>({
    query: params.query,
    operationName: params.operationName,
    variables: params.variables,
  });
  return {
    async next() {
      try {
        const step = await events.next();
        if (step.done) return { done: true, value: undefined };
        return { done: false, value: step.value as ExecutionResult };
      } catch (cause) {
        throw readable(cause);
      }
    },
    async return() {
      await events.return?.();
      await client.dispose();
      return { done: true, value: undefined };
    },
  };
}

/** graphql-ws ends a stream with a close event, with the graph's errors, or with an Error; the editor shows Errors. */
function readable(cause: unknown): Error {
  if (cause instanceof Error) return cause;
  if (Array.isArray(cause))
    return new Error(cause.map((error: { message?: unknown }) => String(error.message)).join(' '));
  if (cause instanceof CloseEvent) {
    const reason = cause.reason ? `: ${cause.reason}` : '';
    return new Error(`The live connection was closed with code ${cause.code}${reason}. Run the subscription again.`);
  }
  return new Error('The live connection failed. Is Souk still running?');
}
