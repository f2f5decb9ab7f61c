import type { Kv, Log } from '@souk/kit';
import { scopesOf } from '@souk/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { sendValidated } from '../cacheable.ts';
import { type Asker, httpOf, isReady, type Pipeline } from '../pipeline.ts';
import type { Credentials, Identify } from '../viewer.ts';
import { answerOf, BASE, ofProblem, type RestAnswer } from './answer.ts';
import { cartOf, cartSeenIn } from './checkout.ts';
import { type Operation, openApiOf } from './openapi.ts';
import { pageOf as docsOf, PAGE_POLICY } from './page.ts';
import { problemOf, problemOfError } from './problems.ts';
import { operationOf, variablesOf } from './request.ts';
import { type Route, routes } from './routes.ts';

/** What the routes need beside what every transport has. */
export interface Rest {
  /** The operations of schema/operations/rest.json. */
  readonly operations: readonly Operation[];
  readonly kv: Kv;
  /** Where browsers reach us. */
  readonly publicUrl: string;
  /** What clients may ask just now. */
  readonly schema: () => GraphQLSchema;
}

interface Options extends Rest {
  readonly pipeline: Pipeline;
  readonly identify: Identify;
  readonly credentialsOf: (request: FastifyRequest) => Credentials;
  readonly log: Log;
}

const VARY = 'origin, authorization, souk-api-key, souk-channel, souk-currency, souk-locale, accept-language';

/** The REST routes: each runs one persisted operation through the pipeline that everything runs through. */
export async function serveRest(app: FastifyInstance, options: Options): Promise<void> {
  const byName = new Map(options.operations.map(({ name, id }) => [name, id]));
  const maxAges = new Map(options.operations.map(({ name, maxAge }) => [name, maxAge]));
  const { pipeline, identify, credentialsOf, kv, log } = options;
  const docs = documentation(options);

  /** Runs an operation as whoever asks. */
  async function ask(operation: string, variables: Record<string, unknown>, asker: Asker) {
    const ready = await pipeline.prepare({ documentId: byName.get(operation)!, variables }, asker);
    return isReady(ready) ? pipeline.run(ready) : ready;
  }

  async function answer(route: Route, request: FastifyRequest, asker: Asker): Promise<[RestAnswer, string]> {
    const { body, params, query, url } = request;
    const { requestId, principal } = asker.viewer;
    const operation = chooseOperation(route, asker, body);
    const shown = { ...route, query: operation === route.own?.operation ? pageOf(route) : route.query };
    const key = request.headers['idempotency-key'];
    const variables = variablesOf(shown, {
      params: params as Record<string, string>,
      query: query as Record<string, unknown>,
      body,
      idempotencyKey: typeof key === 'string' ? key : undefined,
    });
    if (route.ofCart) {
      const input = variables.input as { idempotencyKey: string; cartVersion?: unknown };
      let failed: RestAnswer | undefined;
      const cart = await cartOf(kv, { principal, ...input, cartVersion: input.cartVersion }, async () => {
        const read = await ask('GetCart', {}, asker);
        if (read.result.errors && !read.result.data?.cart) failed = answerOf(route, read, { requestId, url });
        return cartSeenIn(read.result.data?.cart);
      });
      if (failed) return [failed, operation];
      if (!cart) {
        return [ofProblem(problemOf('NOT_FOUND', { detail: route.missing!, requestId })), operation];
      }
      variables.input = { ...input, ...cart };
    }
    return [answerOf(route, await ask(operation, variables, asker), { requestId, url }), operation];
  }

  await app.register(
    async (scope) => {
      scope.setErrorHandler((error, request, reply) => {
        // Who asks is not known where the body could not even be read.
        const { requestId } = (request as WithAsker).asker?.viewer ?? { requestId: request.id };
        const answered = ofError(error, requestId);
        if (answered.status >= 500 && !(error instanceof GraphQLError))
          log.error({ error, requestId }, 'a REST request failed');
        send(reply, answered, requestId);
      });
      for (const route of routes) {
        scope.route({
          method: route.method,
          url: route.path,
          handler: async (request, reply) => {
            const credentials = credentialsOf(request);
            const session = await identify(credentials);
            const { viewer, app: by } = session;
            const asker: Asker = { viewer, app: by, transport: 'REST', credentials };
            (request as WithAsker).asker = asker;
            requireJson(request);
            const [answered, operation] = await answer(route, request, asker);
            const maxAge = viewer.principal === 'anonymous' ? (maxAges.get(operation) ?? null) : null;
            return send(reply, answered, viewer.requestId, route.method === 'GET' ? { request, maxAge } : undefined);
          },
        });
      }
      scope.get('/openapi.json', async (request, reply) =>
        sendValidated(request, reply.type('application/json; charset=utf-8'), docs().json, 'public, max-age=60'),
      );
      scope.get('/docs', async (request, reply) => {
        reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8');
        return sendValidated(request, reply, docs().html, 'public, max-age=60');
      });
      const paths = Map.groupBy(routes, ({ path }) => path);
      for (const [path, known] of paths) {
        const allowed = known.map(({ method }) => method);
        scope.route({
          method: (['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const).filter(
            (method) => !allowed.includes(method as (typeof allowed)[number]),
          ),
          url: path,
          handler: async (request, reply) => {
            const allow = allowed.join(', ');
            const problem = problemOf('BAD_USER_INPUT', {
              detail: `This path takes ${allow}.`,
              requestId: request.id,
              status: 405,
            });
            return send(reply, ofProblem(problem, { allow }), request.id);
          },
        });
      }
      scope.all('/*', async (request, reply) => {
        const problem = problemOf('NOT_FOUND', {
          detail: `There is no such route. ${BASE}/docs names them all.`,
          requestId: request.id,
        });
        return send(reply, ofProblem(problem), request.id);
      });
    },
    { prefix: BASE },
  );
  app.get('/api', (_request, reply) => reply.redirect(`${BASE}/docs`, 308));
}

const PAGE_HEADERS = {
  'content-security-policy': PAGE_POLICY,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The OpenAPI document and its page, made once for each supergraph. */
function documentation({ schema, operations, publicUrl }: Rest): () => { json: string; html: string } {
  let made: { of: GraphQLSchema; json: string; html: string } | undefined;
  return () => {
    const of = schema();
    if (made?.of !== of) {
      const document = openApiOf(of, operations, publicUrl);
      made = { of, json: JSON.stringify(document), html: docsOf(document) };
    }
    return made;
  };
}

type WithAsker = FastifyRequest & { asker?: Asker };

function chooseOperation(route: Route, { viewer }: Asker, body: unknown): string {
  if (!route.own) return operationOf(route, body);
  const mine = scopesOf(viewer);
  return route.own.scopes.some((scope) => mine.has(scope)) ? route.operation : route.own.operation;
}

/** Whoever is shown only what is theirs has nothing to choose from but the page. */
const pageOf = ({ query = {} }: Route): Route['query'] =>
  Object.fromEntries(
    Object.entries(query).filter(([, { into }]) => ['first', 'after', 'last', 'before'].includes(into)),
  );

function requireJson({ method, headers, body }: FastifyRequest): void {
  if (method === 'GET' || body === undefined || body === null) return;
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new GraphQLError('Send the body as application/json.', {
      extensions: { code: 'BAD_USER_INPUT', http: { status: 415 } },
    });
  }
}

/** What is thrown before the graph was asked. */
function ofError(error: unknown, requestId: string): RestAnswer {
  if (error instanceof GraphQLError) {
    const { status = 400, headers = {} } = httpOf(error);
    return ofProblem(problemOfError(error.toJSON(), requestId, status), headers);
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status >= 500) return ofProblem(problemOf('INTERNAL', { detail: 'Please try again.', requestId }));
  const detail =
    status === 413
      ? 'The request is too large.'
      : status === 415
        ? 'Send the body as application/json.'
        : 'The body is no JSON.';
  return ofProblem(problemOf('BAD_USER_INPUT', { detail, requestId, status }));
}

interface Cacheable {
  readonly request: FastifyRequest;
  readonly maxAge: number | null;
}

function send(
  reply: FastifyReply,
  { status, headers, body }: RestAnswer,
  requestId: string,
  cacheable?: Cacheable,
): FastifyReply {
  const text = JSON.stringify(body);
  reply.headers({ 'x-request-id': requestId, vary: VARY, 'cache-control': 'no-store' });
  reply.type('application/json; charset=utf-8').headers({ ...headers });
  if (!cacheable || status !== 200) return reply.code(status).send(text);
  const { request, maxAge } = cacheable;
  // What has a hole must not outlive it, and what is one viewer's own is looked after each time.
  const whole = headers['souk-degraded'] === undefined;
  const kept = maxAge !== null && whole ? `public, max-age=${maxAge}` : 'private, no-cache';
  return whole ? sendValidated(request, reply, text, kept) : reply.code(200).send(text);
}
