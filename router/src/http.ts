import { randomUUID } from 'node:crypto';
import type { BlockList } from 'node:net';
import {
  type BoundRoute,
  bearerIs,
  type Drain,
  drainOf,
  type Health,
  type Log,
  mountHealth,
  systemError,
} from '@souk/kit';
import { mountRoutes } from '@souk/kit/routes';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { addressOf } from './admission/addresses.ts';
import { toClientError } from './errors.ts';
import { serveGraph } from './graph-http.ts';
import type { Limits } from './limits.ts';
import type { HttpStreams } from './live/http-streams.ts';
import { patience, refuseBytes } from './malformed.ts';
import { httpOf, type Pipeline } from './pipeline.ts';
import type { Rest } from './rest/serve.ts';
import { serveRest } from './rest/serve.ts';
import type { Credentials, Identify } from './viewer.ts';

interface Options {
  readonly pipeline: Pipeline;
  readonly identify: Identify;
  readonly limits: Limits;
  readonly originAllowed: (origin: string | undefined) => boolean;
  /** Proxies that are believed about whose request they pass on. */
  readonly trusted: BlockList;
  readonly routes: readonly BoundRoute[];
  readonly rest: Rest;
  readonly log: Log;
  /** What works beside this process, by name. */
  readonly health?: () => Promise<Readonly<Record<string, boolean>>>;
  /** How long it takes requests after it was told to stop, ms; unsaid, it ends at once and cuts what is under way. */
  readonly lingerMs?: number | undefined;
  /** Secret for which `/metrics` answers here; unsaid, it does not. */
  readonly metricsToken?: string | undefined;
}

const CORS_HEADERS =
  'content-type, authorization, souk-api-key, souk-client, souk-channel, souk-currency, souk-locale, apollo-require-preflight, idempotency-key, if-none-match, last-event-id, traceparent';

const EXPOSED_HEADERS =
  'x-request-id, etag, link, location, ratelimit, ratelimit-policy, retry-after, souk-cost, souk-degraded';

/** The front door over HTTP: the graph, the houses' own routes, health. Not yet listening. */
export async function makeHttp({
  pipeline,
  identify,
  limits,
  originAllowed,
  trusted,
  routes,
  rest,
  log,
  health = async () => ({}),
  lingerMs,
  metricsToken,
}: Options): Promise<{ app: FastifyInstance; drain: Drain; streams: HttpStreams; health: Health }> {
  const credentialsBy = (request: FastifyRequest): Credentials => credentialsOf(request, trusted);
  const app = Fastify({
    bodyLimit: limits.bodyBytes,
    // Long enough for a slow phone, short enough for a slow attack.
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: lingerMs === undefined ? true : 'idle',
    genReqId: () => randomUUID(),
    http: patience,
    clientErrorHandler: refuseBytes,
    // Such as an address that cannot be decoded.
    frameworkErrors: (error, _request, reply) => void answerError(error, reply, log),
    logger: false,
  });
  // Clients know nothing of other routers: what comes while it closes is answered as long as it can be.
  const drain = drainOf(app, { lingerMs: lingerMs ?? 0, refuse: false });
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, log));
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('There is nothing here. The graph is at /graphql.\n'),
  );
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!originAllowed(origin)) {
      await answerError(
        systemError('FORBIDDEN', 'Pages of this origin may not call Souk.', { http: { status: 403 } }),
        reply,
        log,
      );
      return reply;
    }
    reply.header('x-content-type-options', 'nosniff');
    if (!origin) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED_HEADERS,
      vary: 'Origin',
    });
    if (request.method === 'OPTIONS') {
      return reply
        .headers({
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers': CORS_HEADERS,
          'access-control-max-age': '600',
        })
        .code(204)
        .send();
    }
  });

  const streams = serveGraph(app, {
    pipeline,
    identify: (request) => identify(credentialsBy(request)),
    credentialsOf: credentialsBy,
  });
  await serveRest(app, { ...rest, pipeline, identify, credentialsOf: credentialsBy, log });
  const standing: Health = {
    draining: () => drain.draining,
    parts: health,
    // A subgraph that is away is a hole in an answer; the front door is ready as long as there is any to ask.
    works(parts) {
      const all = Object.values(parts);
      return all.length === 0 || all.some(Boolean);
    },
  };
  mountHealth(app, standing, bearerIs(metricsToken));
  await app.register(async (scope) =>
    mountRoutes(scope, routes, async (request) => (await identify(credentialsBy(request))).viewer),
  );
  return { app, drain, streams, health: standing };
}

export function credentialsOf({ headers, raw }: FastifyRequest, trusted: BlockList): Credentials {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    authorization: text('authorization'),
    apiKey: text('souk-api-key'),
    client: text('souk-client') ?? text('apollographql-client-name'),
    channel: text('souk-channel'),
    currency: text('souk-currency'),
    locale: text('souk-locale') ?? text('accept-language'),
    trace: text('traceparent'),
    clientAddress: addressOf(raw, trusted),
  };
}

/** Errors before the graph answers as JSON with a code of the closed list; nothing of ours leaves with them. */
function answerError(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const status = statusOf(error);
  if (status >= 500) log.error({ error }, 'a request failed before it reached the graph');
  const { headers = {} } = httpOf(error);
  const shown =
    error instanceof GraphQLError ? error : systemError(status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL', sentence(status));
  return reply
    .code(status)
    .headers(headers)
    .send({ errors: [toClientError(shown, { requestId: randomUUID(), suggestions: false })] });
}

function statusOf(error: unknown): number {
  if (error instanceof GraphQLError) return httpOf(error).status ?? 400;
  return (error as { statusCode?: number }).statusCode ?? 500;
}

function sentence(status: number): string {
  if (status === 413) return 'The request is too large.';
  if (status === 415) return 'Send the request as application/json.';
  return 'The request could not be read.';
}
