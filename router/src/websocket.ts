import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { mapIterator, sleep, systemError, unixSeconds } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { toClientError } from './errors.ts';
import { checkSubscriptionRoots, checkVariables, type Limits, rules } from './limits.ts';
import { answerExtensions } from './server.ts';
import type { Subscribe } from './subscriptions.ts';
import { type RouterContext, routerContext } from './upstream.ts';
import type { Identified, Identify } from './viewer.ts';

interface Options {
  readonly http: Server;
  readonly server: ApolloServer<RouterContext>;
  readonly schema: () => GraphQLSchema;
  readonly subscribe: Subscribe;
  readonly identify: Identify;
  readonly limits: Limits;
  readonly introspection: boolean;
  readonly originAllowed: (origin: string | undefined) => boolean;
}

const PATH = '/graphql';
const OPERATIONS_PER_SOCKET = 50;
const INIT_TIMEOUT_MS = 3_000;
/** Close code for a token that is no good, or no longer. */
const FORBIDDEN = 4403;
/** Close code for what cannot be told just now: clients come back by themselves. */
const TRY_AGAIN_LATER = 1013;

/** How often the session behind a socket is looked at: well within the minute that a revocation may take there. */
const LOOK_EVERY_SECONDS = 15;

/** What a socket is known by once its connection_init was accepted. */
type Session = {
  session?: Identified;
  /** Throws once the token or its session is no good any more. */
  look?: () => Promise<unknown>;
  /** Ends the wait for the session's end. */
  closed?: AbortController;
};

/** GraphQL over WebSocket (graphql-transport-ws) under the same limits and rights as HTTP. The answer ends every socket. */
export function serveWebSocket(options: Options): () => Promise<void> {
  const { http, server, subscribe, identify, limits, introspection, originAllowed } = options;
  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that goes away while it upgrades is no fault of ours.
    socket.on('error', () => socket.destroy());
    if (new URL(request.url ?? '/', 'http://router').pathname !== PATH) return refuseUpgrade(socket, '404 Not Found');
    if (!originAllowed(request.headers.origin)) return refuseUpgrade(socket, '403 Forbidden');
    wss.handleUpgrade(request, socket, head, (ws) => {
      wss.emit('connection', ws, request);
      // A broken or too large frame is its sender's mistake and closes the socket with its code; it is no line on stderr.
      ws.removeAllListeners('error').on('error', () => undefined);
    });
  });

  const clean = (errors: readonly unknown[], requestId: string): GraphQLError[] =>
    errors.map((error) => revive(toClientError(error, { requestId, suggestions: introspection })));

  function answer({ data, errors }: ExecutionResult, requestId: string): ExecutionResult {
    const cleaned = errors && clean(errors, requestId);
    return {
      ...(data === undefined ? {} : { data }),
      ...(cleaned ? { errors: cleaned } : {}),
      extensions: answerExtensions(cleaned, requestId),
    };
  }

  /** Parsed, validated and counted, or why not. */
  function prepare({
    query,
    variables,
    operationName,
  }: SubscribePayload): Omit<ExecutionArgs, 'contextValue'> | GraphQLError[] {
    try {
      checkVariables(variables, limits);
      const document = parse(query, { maxTokens: limits.tokens });
      checkSubscriptionRoots(document);
      const schema = options.schema();
      const errors = validate(schema, document, [...specifiedRules, ...rules(limits, introspection)], {
        maxErrors: 10,
      });
      if (errors.length > 0) return errors.map(asInput);
      if (!getOperationAST(document, operationName))
        return [systemError('BAD_USER_INPUT', 'Name the one operation to run.')];
      return { schema, document, variableValues: variables ?? {}, operationName: operationName ?? null };
    } catch (error) {
      if (error instanceof GraphQLError) return [asInput(error)];
      throw error;
    }
  }

  const served = useServer<Record<string, unknown>, Session>(
    {
      schema: options.schema,
      // Otherwise the message of a fault is told as the reason of the close.
      isProd: true,
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      async onConnect({ extra, connectionParams }) {
        const given = new Map(
          Object.entries(connectionParams ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        );
        const text = (name: string): string | undefined => {
          const value = given.get(name);
          return typeof value === 'string' ? value : undefined;
        };
        const credentials = {
          authorization: text('authorization'),
          channel: text('souk-channel'),
          currency: text('souk-currency'),
          locale: text('souk-locale'),
          clientAddress: extra.request.socket.remoteAddress ?? null,
        };
        try {
          extra.session = await identify(credentials);
        } catch (error) {
          closeBy(extra, error);
          return false;
        }
        if (extra.session.expiresAt !== null) extra.look = () => identify(credentials);
        void followSession(extra, extra.session);
        return true;
      },
      onClose({ extra }) {
        extra.closed?.abort();
      },
      async onSubscribe({ extra, subscriptions }, _id, payload) {
        const { viewer } = extra.session!;
        // Before anything is awaited: frames that come together are counted one by one.
        if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET) {
          return clean(
            [systemError('RATE_LIMITED', `One connection runs ${OPERATIONS_PER_SOCKET} operations at a time.`)],
            viewer.requestId,
          );
        }
        try {
          await extra.look?.();
        } catch (error) {
          closeBy(extra, error);
          return clean([error], viewer.requestId);
        }
        const prepared = prepare(payload);
        if (Array.isArray(prepared)) return clean(prepared, viewer.requestId);
        return { ...prepared, contextValue: { ...viewer, requestId: randomUUID() } satisfies Viewer };
      },
      async execute({ document, variableValues, operationName, contextValue }: ExecutionArgs) {
        const executed = server.executeOperation(
          {
            query: document.loc!.source.body,
            variables: variableValues as Record<string, unknown>,
            ...(operationName ? { operationName } : {}),
          },
          { contextValue: routerContext(contextValue as Viewer) },
        );
        // A fault of one operation is that operation's error; thrown, it would take the socket and all others with it.
        const body = await executed.then(
          (response) => response.body,
          () => null,
        );
        const { requestId } = contextValue as Viewer;
        if (body === null) return answer({ errors: [systemError('INTERNAL', '')] }, requestId);
        if (body.kind !== 'single') throw new Error('nothing here answers in increments');
        const { data, errors, extensions } = body.singleResult;
        return {
          ...(data === undefined ? {} : { data }),
          ...(errors ? { errors: errors.map(revive) } : {}),
          extensions,
        } as ExecutionResult;
      },
      async subscribe({ document, variableValues, operationName, contextValue }: ExecutionArgs) {
        const viewer = contextValue as Viewer;
        const stream = await subscribe({
          document,
          operationName,
          variables: variableValues as Record<string, unknown>,
          viewer,
        });
        return Symbol.asyncIterator in stream
          ? mapIterator(stream, (event) => answer(event, viewer.requestId))
          : answer(stream, viewer.requestId);
      },
    },
    wss,
  );
  return async () => served.dispose();
}

/** Closes with the reason for the person, and the code for the program. */
function closeBy({ socket }: Extra, error: unknown): void {
  const { message, extensions } = toClientError(error, { requestId: '', suggestions: false });
  const code =
    extensions?.code === 'UNAUTHENTICATED'
      ? FORBIDDEN
      : extensions?.code === 'OVERLOADED' || extensions?.code === 'SUBGRAPH_UNAVAILABLE'
        ? TRY_AGAIN_LATER
        : CloseCode.BadRequest;
  // A close reason holds at most 123 bytes.
  socket.close(code, message.slice(0, 120));
}

/** A token that ends, and a session that is signed out, takes its open sockets with it. */
async function followSession(extra: Extra & Session, { expiresAt }: Identified): Promise<void> {
  if (expiresAt === null) return;
  const closed = new AbortController();
  extra.closed = closed;
  const { signal } = closed;
  for (;;) {
    const left = Math.max(0, expiresAt - unixSeconds());
    await sleep(Math.min(left, LOOK_EVERY_SECONDS) * 1_000, signal);
    if (signal.aborted) return;
    if (left <= LOOK_EVERY_SECONDS) return extra.socket.close(FORBIDDEN, 'Your session has ended. Sign in again.');
    try {
      await extra.look?.();
    } catch (error) {
      return closeBy(extra, error);
    }
  }
}

const asInput = (error: GraphQLError): GraphQLError =>
  error.extensions.code
    ? error
    : new GraphQLError(error.message, {
        nodes: error.nodes,
        source: error.source,
        positions: error.positions,
        extensions: { code: 'BAD_USER_INPUT' },
      });

/** graphql-ws sends instances of GraphQLError alone. */
const revive = ({ message, path, extensions }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { path: path ?? null, extensions: extensions ?? {} });

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
