import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { BlockList } from 'node:net';
import type { Duplex } from 'node:stream';
import { childOf, mapIterator, systemError } from '@souk/kit';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { addressOf } from './admission/addresses.ts';
import { toClientError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Lasting } from './live/lasting.ts';
import type { Places } from './live/places.ts';
import { followSession } from './live/session.ts';
import { untilOver } from './live/until-over.ts';
import { type Answer, type Asker, isReady, isStream, type Pipeline, type Ready, type Shown } from './pipeline.ts';
import type { Credentials, Identified, Identify } from './viewer.ts';

interface Options {
  readonly http: Server;
  readonly pipeline: Pipeline;
  /** Of sockets. */
  readonly places: Places;
  readonly identify: Identify;
  readonly limits: Limits;
  readonly originAllowed: (origin: string | undefined) => boolean;
  /** Proxies that are believed about whose connection they pass on. */
  readonly trusted: BlockList;
}

const PATH = '/graphql';
const OPERATIONS_PER_SOCKET = 50;
const INIT_TIMEOUT_MS = 3_000;
/** Close code for a token that is no good, or no longer. */
const FORBIDDEN = 4403;
/** Close code for what cannot be told just now: clients come back by themselves. */
const TRY_AGAIN_LATER = 1013;

/** What a socket is known by once its connection_init was accepted. */
type Session = {
  session?: Identified;
  credentials?: Credentials;
  /** Says who they are now; throws once the token or its session is no good any more. */
  look?: () => Promise<Identified>;
  /** Gives back its place, and ends the wait for the session's end. */
  closed?: AbortController;
  /** What is begun anew where the viewer's rights change. */
  streams?: Set<Lasting<Shown, Asker>>;
};

/** GraphQL over WebSocket (graphql-transport-ws) under the same limits and rights as HTTP. The answer ends every socket. */
export function serveWebSocket({
  http,
  pipeline,
  places,
  identify,
  limits,
  originAllowed,
  trusted,
}: Options): () => Promise<void> {
  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that goes away while it upgrades is no fault of ours.
    socket.on('error', () => socket.destroy());
    // An address that is none would throw where nobody catches it, and end the process.
    const { pathname } = URL.parse(request.url ?? '/', 'http://router') ?? {};
    if (pathname !== PATH) return refuseUpgrade(socket, '404 Not Found');
    if (!originAllowed(request.headers.origin)) return refuseUpgrade(socket, '403 Forbidden');
    wss.handleUpgrade(request, socket, head, (ws) => {
      wss.emit('connection', ws, request);
      // A broken or too large frame is its sender's mistake and closes the socket with its code; it is no line on stderr.
      ws.removeAllListeners('error').on('error', () => undefined);
    });
  });

  const served = useServer<Record<string, unknown>, Session>(
    {
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
          apiKey: text('souk-api-key'),
          client: text('souk-client'),
          channel: text('souk-channel'),
          currency: text('souk-currency'),
          locale: text('souk-locale'),
          trace: text('traceparent'),
          clientAddress: addressOf(extra.request, trusted),
        };
        extra.credentials = credentials;
        const closed = new AbortController();
        extra.closed = closed;
        extra.streams = new Set();
        try {
          extra.session = await identify(credentials);
          const giveBack = places.take(extra.session.viewer);
          // It may have gone while it was looked at who it is.
          if (extra.socket.readyState !== extra.socket.OPEN) giveBack();
          else closed.signal.addEventListener('abort', giveBack);
        } catch (error) {
          closeBy(extra, error);
          return false;
        }
        extra.look = () => identify(credentials);
        void followSession(extra.session, {
          look: extra.look,
          changed(viewer) {
            extra.session = { ...extra.session!, viewer };
            for (const stream of extra.streams!) void stream.renew(askerOf(extra));
          },
          ended: (error) => closeBy(extra, error),
          signal: closed.signal,
        });
        return true;
      },
      onClose({ extra }) {
        extra.closed?.abort();
      },
      async onSubscribe({ extra, subscriptions }, _id, payload) {
        const asker = askerOf(extra);
        // Before anything is awaited: frames that come together are counted one by one.
        if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET) {
          const many = `One connection runs ${OPERATIONS_PER_SOCKET} operations at a time.`;
          return errorsOf(pipeline.refuse(systemError('RATE_LIMITED', many), asker));
        }
        try {
          // Nobody in particular has nothing to lose.
          if (asker.viewer.principal !== 'anonymous') await extra.look?.();
        } catch (error) {
          closeBy(extra, error);
          return errorsOf(pipeline.refuse(error, asker));
        }
        const ready = await pipeline.prepare(payload, asker);
        if (!isReady(ready)) return errorsOf(ready);
        const { schema, document, operationName } = ready.prepared;
        return { schema, document, operationName, contextValue: { ready, extra } satisfies Asking };
      },
      execute: async ({ contextValue }: ExecutionArgs) =>
        asResult((await pipeline.run((contextValue as Asking).ready)).result),
      async subscribe({ contextValue }: ExecutionArgs) {
        const { ready, extra } = contextValue as Asking;
        const stream = await pipeline.stream(ready);
        if (!isStream(stream)) return asResult(stream.result);
        extra.streams!.add(stream);
        return mapIterator(
          untilOver(stream, () => extra.streams!.delete(stream)),
          asResult,
        );
      },
    },
    wss,
  );
  return async () => served.dispose();
}

interface Asking {
  readonly ready: Ready;
  readonly extra: Extra & Session;
}

/** An operation has a request id and a span of its own. */
const askerOf = ({ session, credentials }: Session): Asker => ({
  viewer: { ...session!.viewer, requestId: randomUUID(), trace: childOf(credentials!.trace) },
  transport: 'WEBSOCKET',
  credentials: credentials!,
  app: session!.app,
});

/** Closes with the reason for the person, and the code for the program. */
function closeBy({ socket }: Extra, error: unknown): void {
  const { message, extensions } = toClientError(error, { requestId: '', suggestions: false });
  const code =
    extensions?.code === 'UNAUTHENTICATED'
      ? FORBIDDEN
      : ['OVERLOADED', 'RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE'].includes(String(extensions?.code))
        ? TRY_AGAIN_LATER
        : CloseCode.BadRequest;
  // A close reason holds at most 123 bytes.
  socket.close(code, message.slice(0, 120));
}

/** graphql-ws sends instances of GraphQLError alone. */
const revive = ({ message, path, extensions }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { path: path ?? null, extensions: extensions ?? {} });

const errorsOf = ({ result }: Answer): GraphQLError[] => (result.errors ?? []).map(revive);

const asResult = ({ errors, ...result }: Shown): ExecutionResult =>
  ({ ...result, ...(errors ? { errors: errors.map(revive) } : {}) }) as ExecutionResult;

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
