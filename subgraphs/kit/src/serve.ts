import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { sql } from 'kysely';
import { WebSocketServer } from 'ws';
import { systemViewer, verifyViewer } from './auth.ts';
import { sleep } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { deadLettersOf } from './dead-letters.ts';
import { parseOnce } from './documents.ts';
import { drainOf } from './drain.ts';
import { systemError, unauthenticated } from './errors.ts';
import { bearerIs, isLocal, mountHealth, serveHealth } from './health.ts';
import type { AnySubgraph, RunningHouse } from './house.ts';
import { viewerPublicKeys } from './keys.ts';
import { createLog } from './log.ts';
import { histogram } from './metrics.ts';
import { openPlatform } from './platform.distributed.ts';
import type { DeadLettersFrom } from './platform.ts';
import { runProcess } from './process.ts';
import { mountRoutes } from './routes.ts';
import { startSubgraph } from './subgraph.ts';
import { logSpans } from './telemetry.ts';
import { readTls } from './tls.ts';
import { DEADLINE, VIEWER } from './wire.ts';

/** What a house's process may do once the house stands, such as making the first administrator. */
export type Started = (house: RunningHouse, config: Config) => Promise<unknown>;

export interface ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly started?: Started | undefined;
  /** Off in tests that call ticks themselves. */
  readonly ticks?: boolean;
}

export interface Served {
  readonly url: string;
  readonly house: RunningHouse;
  /** Where health answers without a certificate, if anywhere. */
  readonly healthUrl: string | undefined;
  /** Tells readiness "no", lets what is under way end, and closes; within about ten seconds. */
  stop(): Promise<void>;
}

const DEADLINE_MS = 10_000;
/** What is left to the engines' clients when everything else is late. */
const LAST_MS = 500;
const BODY_LIMIT = 20 * 1024 * 1024;

/** A house in a process of its own: GraphQL over HTTP and WebSocket for the router alone, its routes, and its health. */
export async function serveHouse(definition: AnySubgraph, { env, started, ticks }: ServeOptions): Promise<Served> {
  const config = readConfig(env, definition.name);
  const log = createLog(config.SOUK_LOG_LEVEL).child({ process: definition.name });
  const keys = viewerPublicKeys(config);
  const tls = readTls(config);
  const unfollowed = config.SOUK_SPAN_LOG ? logSpans(log) : () => undefined;
  const distributed = await openPlatform(definition, config, log);
  const { platform, bus } = distributed;
  const house = await startSubgraph(definition, platform);
  await started?.(house, config);
  bus.attach(house.mouth, house.ear);
  await bus.start();
  if (ticks !== false) house.startTicks();

  const believe = (header: unknown) => (typeof header === 'string' ? verifyViewer(header, house.name, keys) : null);
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    // Its own words would not say that nothing was begun.
    return503OnClosing: false,
    ...(tls ? { https: { ...tls, requestCert: true, rejectUnauthorized: true } } : {}),
  }) as unknown as FastifyInstance;
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ error }, 'a request failed');
    return reply.code(status).send({ errors: [{ message: status === 401 ? REFUSED : 'The request failed.' }] });
  });
  const drain = drainOf(app, { lingerMs: config.SOUK_DRAIN_SECONDS * 1_000, refuse: true });
  const health = {
    draining: () => drain.draining,
    parts: async () => ({ ...(await distributed.health()), postgres: await isReachable(house) }),
    // Without Redis or NATS a house still answers and its facts wait; without its database it does nothing.
    works: ({ postgres }: Readonly<Record<string, boolean>>) => postgres === true,
  };
  const byBearer = bearerIs(config.SOUK_METRICS_TOKEN);
  mountHealth(app, health, (request) => isLocal(request) || byBearer(request));
  mountGraphql(app, house, believe);
  mountInternal(app, house, believe);
  await app.register(async (scope) =>
    mountRoutes(scope, house.routes, async (request) => {
      const viewer = believe(request.headers[VIEWER]);
      if (!viewer) throw Object.assign(new Error('not the router'), { statusCode: 401 });
      return viewer;
    }),
  );
  const closeSockets = serveSockets(app, house, believe);
  const { SOUK_PORT: port, SOUK_HOST: host, SOUK_HEALTH_PORT: healthPort } = config;
  const url = await app.listen({ port, host });
  const probes = healthPort === undefined ? undefined : await serveHealth(health, { port: healthPort, host });
  log.info({ url, ...(probes ? { health: probes.url } : {}) }, 'serving');

  return {
    url,
    house,
    healthUrl: probes?.url,
    async stop() {
      const drained = drain.run();
      // Streams go on at another process: nobody needs to wait for them.
      await closeSockets();
      await drained;
      await Promise.race([bus.stop(), drain.late]);
      await Promise.race([house.stop(), drain.late]);
      await Promise.race([distributed.close(), sleep(LAST_MS)]);
      unfollowed();
      await probes?.close();
    },
  };
}

/** `main.ts` of a house: serves until SIGTERM or SIGINT; a start that fails is told in a sentence. */
export async function serve(definition: AnySubgraph, started?: Started): Promise<void> {
  await runProcess((env) => serveHouse(definition, { env, started }));
}

const REFUSED = 'This subgraph answers the router alone.';

type Believe = (header: unknown) => ReturnType<typeof verifyViewer>;

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

function mountGraphql(app: FastifyInstance, house: RunningHouse, believe: Believe): void {
  app.post('/graphql', async (request: FastifyRequest, reply) => {
    const viewer = believe(request.headers[VIEWER]);
    if (!viewer) return reply.code(401).send({ errors: [unauthenticated(REFUSED).toJSON()] });
    const left = Number(request.headers[DEADLINE] ?? DEADLINE_MS);
    const { query, variables, operationName } = request.body as Operation;
    const timed = served.startTimer({ subgraph: house.name });
    const work = house.execute({
      document: parseOnce(query),
      ...(variables ? { variables } : {}),
      ...(operationName ? { operationName } : {}),
      context: house.context(viewer),
    });
    return reply.send(await within(work, left).finally(() => timed()));
  });
}

const served = histogram({
  name: 'souk_subgraph_served_seconds',
  help: 'How long this process takes for an operation of the router.',
  labels: ['subgraph'],
});

/** The answer, or TIMEOUT when the caller no longer waits. A transaction under way ends by itself, whole or not at all. */
async function within(work: Promise<ExecutionResult>, ms: number): Promise<ExecutionResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(
      () => resolve({ data: null, errors: [systemError('TIMEOUT', 'A part of the shop took too long to answer.')] }),
      Math.max(0, Math.min(ms, 60_000)),
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What only the product's own processes may ask, as the system. */
function mountInternal(app: FastifyInstance, house: RunningHouse, believe: Believe): void {
  const letters = () => deadLettersOf(house.name, house.context(systemViewer).db);
  const routes: Record<string, (body: never) => unknown> = {
    '/about': () => ({ name: house.name, ownedTypes: house.ownedTypes }),
    '/redrive': ({ factId }: { factId: string }) => house.redrive(factId),
    '/dead-letters': ({ from, limit }: { from: DeadLettersFrom | null; limit: number }) =>
      letters().deadLetters(from, limit),
    '/dead-letters/count': () => letters().countDeadLetters(),
  };
  for (const [path, handle] of Object.entries(routes)) {
    app.post(`/internal${path}`, async (request, reply) => {
      const viewer = believe(request.headers[VIEWER]);
      if (viewer?.principal !== 'system') return reply.code(401).send({ errors: [unauthenticated(REFUSED).toJSON()] });
      return reply.send(JSON.stringify((await handle(request.body as never)) ?? null));
    });
  }
}

function serveSockets(app: FastifyInstance, house: RunningHouse, believe: Believe): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  app.server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/graphql') return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const server = useServer(
    {
      schema: house.schema,
      validate: () => [],
      onSubscribe: (_context, _id, { query, variables, operationName, extensions }) => {
        const viewer = believe(extensions?.[VIEWER]);
        if (!viewer) return [new GraphQLError(REFUSED, { extensions: { code: 'UNAUTHENTICATED' } })];
        return {
          schema: house.schema,
          document: parseOnce(query),
          variableValues: variables ?? {},
          operationName: operationName ?? undefined,
          contextValue: house.context(viewer),
        };
      },
      subscribe: (({ document, variableValues, operationName, contextValue }: never) =>
        house.subscribe({
          document,
          variables: variableValues,
          operationName,
          context: contextValue,
        })) as never,
      execute: (({ document, variableValues, operationName, contextValue }: never) =>
        house.execute({ document, variables: variableValues, operationName, context: contextValue })) as never,
    },
    sockets,
    10_000,
  );
  return async () => server.dispose();
}

async function isReachable(house: RunningHouse): Promise<boolean> {
  const { db } = house.context(systemViewer);
  return Promise.race([
    sql`select 1`.execute(db).then(
      () => true,
      () => false,
    ),
    sleep(1_000).then(() => false),
  ]);
}
