import { systemError } from '@souk/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { headersOfExtensions, keptFor, sendValidated } from './cacheable.ts';
import { refusal } from './limits.ts';
import { streamFormat } from './live/formats.ts';
import { type HttpStreams, httpStreams } from './live/http-streams.ts';
import { type Answer, type Asked, type Asker, isReady, type Pipeline } from './pipeline.ts';
import type { Credentials, Identified } from './viewer.ts';

interface Options {
  readonly pipeline: Pipeline;
  readonly identify: (request: FastifyRequest) => Promise<Identified>;
  readonly credentialsOf: (request: FastifyRequest) => Credentials;
}

/** What decides about an answer beside its request. */
const VARY =
  'origin, accept, authorization, souk-api-key, souk-client, souk-channel, souk-currency, souk-locale, accept-language';

/** GraphQL over HTTP: queries by GET and POST, mutations by POST, and streams of whoever accepts one. */
export function serveGraph(app: FastifyInstance, { pipeline, identify, credentialsOf }: Options): HttpStreams {
  const streams = httpStreams(pipeline);
  const handler =
    (read: (request: FastifyRequest) => Asked) => async (request: FastifyRequest, reply: FastifyReply) => {
      const asked = read(request);
      const session = await identify(request);
      const { viewer } = session;
      const { method, headers } = request;
      const format = streamFormat(headers.accept);
      const after = headers['last-event-id'];
      const asker: Asker = {
        viewer,
        transport: format?.transport ?? (method === 'GET' ? 'GET' : 'POST'),
        credentials: credentialsOf(request),
        app: session.app,
        ...(format && typeof after === 'string' ? { after } : {}),
      };
      const ready = await pipeline.prepare(asked, asker);
      const respond = (answer: Answer): FastifyReply =>
        send(reply, answer, { accept: headers.accept, requestId: viewer.requestId });
      if (format) {
        const own = { 'x-request-id': viewer.requestId, vary: VARY };
        const look = () => identify(request);
        const answer = await streams.serve({ ready, asker, format, method, session, look, headers: own }, reply);
        return answer ? respond(answer) : reply;
      }
      if (!isReady(ready)) return respond(ready);
      if (ready.prepared.operation.operation === 'subscription') {
        return respond(pipeline.refuse(refusal(NO_STREAM), asker));
      }
      const answer = await pipeline.run(ready);
      const maxAge = method === 'GET' ? keptFor(ready, answer) : null;
      return maxAge === null ? respond(answer) : sendPublic(request, reply, answer, maxAge, viewer.requestId);
    };
  app.get('/graphql', handler(askedByQuery));
  app.post('/graphql', handler(askedByBody));
  app.get('/graphql/:id', handler(askedById));
  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: async () => {
      throw systemError('BAD_USER_INPUT', 'The graph is asked by GET or POST.', {
        http: { status: 405, headers: { allow: 'GET, POST' } },
      });
    },
  });
  return streams;
}

const NO_STREAM =
  'Subscriptions run over WebSocket at the same path, or here for who accepts text/event-stream or multipart/mixed;subscriptionSpec=1.0.';

const RESPONSE_TYPE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

/**
 * Whoever names `application/json` alone learns of a mistake by the body: such clients may take any other status for
 * one of a proxy's.
 */
function send(
  reply: FastifyReply,
  { status, headers, result }: Answer,
  { accept = '*/*', requestId }: { accept: string | undefined; requestId: string },
): FastifyReply {
  const type = accept.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : JSON_TYPE;
  const plain = type === JSON_TYPE && accept.includes(JSON_TYPE) && !accept.includes('*/*');
  return reply
    .code(status === 400 && plain ? 200 : status)
    .headers({ 'x-request-id': requestId, vary: VARY, 'cache-control': 'no-store', ...headers })
    .type(`${type}; charset=utf-8`)
    .send(JSON.stringify(result));
}

/** An answer that a CDN may hold: what differs with each request is not in its body. */
function sendPublic(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, result: { data, extensions } }: Answer,
  maxAge: number,
  requestId: string,
): FastifyReply {
  const accepted = request.headers.accept?.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : JSON_TYPE;
  reply
    .headers({ 'x-request-id': requestId, ...headersOfExtensions(extensions), ...headers, vary: VARY })
    .type(`${accepted}; charset=utf-8`);
  return sendValidated(request, reply, JSON.stringify({ data }), `public, max-age=${maxAge}`);
}

/**
 * A page of another site may make a browser send this without asking. It could only read, without anybody's rights, and
 * would not be shown the answer; still it has no business here.
 */
function refuseCrossSite({ headers }: FastifyRequest): void {
  if (headers['sec-fetch-site'] !== 'cross-site' || 'apollo-require-preflight' in headers || headers.origin) return;
  throw systemError('FORBIDDEN', 'Pages of another site may not call Souk this way.', { http: { status: 403 } });
}

function askedByQuery(request: FastifyRequest): Asked {
  refuseCrossSite(request);
  const { query, documentId, operationName, variables, extensions } = request.query as Record<string, unknown>;
  return asked({
    query,
    documentId,
    operationName,
    variables: parsed('variables', variables),
    extensions: parsed('extensions', extensions),
  });
}

/** A registered operation by its id in the path; its variables are in the query. */
function askedById(request: FastifyRequest): Asked {
  const { query: _, extensions: __, ...rest } = askedByQuery(request);
  return { ...rest, documentId: (request.params as { id: string }).id };
}

function parsed(name: string, text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(`\`${name}\` is not JSON.`);
  }
}

function askedByBody({ headers, body }: FastifyRequest): Asked {
  // A form, or text, is what a page of another site can send without asking.
  if (!/^application\/(graphql\+)?json\b/i.test(headers['content-type'] ?? '')) {
    throw systemError('BAD_USER_INPUT', 'Send the request as application/json.', { http: { status: 415 } });
  }
  if (Array.isArray(body)) throw refusal('Send one operation at a time.');
  if (!isRecord(body)) throw refusal('Send an object with the operation as `query`.');
  return asked(body);
}

function asked({ query, documentId, operationName, variables, extensions }: Record<string, unknown>): Asked {
  for (const [name, value] of Object.entries({ query, documentId, operationName })) {
    if (value !== undefined && value !== null && typeof value !== 'string') throw refusal(`\`${name}\` is a text.`);
  }
  for (const [name, value] of Object.entries({ variables, extensions })) {
    if (value !== undefined && value !== null && !isRecord(value)) throw refusal(`\`${name}\` is an object.`);
  }
  return {
    query: query ?? undefined,
    documentId: documentId ?? undefined,
    operationName,
    variables,
    extensions,
  } as Asked;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
