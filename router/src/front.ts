import type { KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Cache, type Config, type Kv, type Live, type Log, logSpans, serveHealth } from '@souk/kit';
import type { GraphQLSchema } from 'graphql';
import { openAdmissions } from './admission/admission.ts';
import { followApiKeys } from './api-keys.ts';
import { type CacheCounters, entityCache } from './cache/cache.ts';
import { followEvictions } from './cache/evictions.ts';
import { followChannels } from './channels.ts';
import { buildConsole, registerConsole } from './console.ts';
import { asksOf, deadlinesOf, openEngine } from './engine.ts';
import { type Explained, serveExplanations } from './explain.ts';
import { credentialsOf, makeHttp } from './http.ts';
import { defaultLimits } from './limits.ts';
import { placesFor, socketPlaces, streamPlaces } from './live/places.ts';
import { shareStreams } from './live/share.ts';
import { openOperations } from './operations/operations.ts';
import { originCheck } from './origin.ts';
import { makePipeline } from './pipeline.ts';
import { serveSupergraph } from './reload.ts';
import { followRevocations } from './revocations.ts';
import { openTelemetry } from './telemetry/telemetry.ts';
import type { Upstream } from './upstream.ts';
import { identifier } from './viewer.ts';
import { serveWebSocket } from './websocket.ts';

export interface FrontOptions {
  readonly config: Config;
  readonly log: Log;
  readonly kv: Kv;
  readonly live: Live;
  /** Where answers are kept, and how it is told that touches may be missed; null keeps none. */
  readonly keep: { readonly store: Cache; readonly onLiveLost?: (listener: () => void) => void } | null;
  /** Proves access tokens. */
  readonly publicKey: KeyObject;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly port: number;
  /** Where browsers reach us. */
  readonly publicUrl: string;
  /** Folder for the console's built pages; null leaves the console out. */
  readonly consoleRoot: string | null;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** What works beside this process; readiness tells it. */
  readonly health?: (() => Promise<Readonly<Record<string, boolean>>>) | undefined;
  /** How long it takes requests after it was told to close, ms; unsaid, it ends at once and cuts what is under way. */
  readonly lingerMs?: number | undefined;
}

export interface Front {
  /** Of the entity cache, for metrics; undefined where there is none. */
  cacheCounters(): CacheCounters | undefined;
  close(): Promise<void>;
}

const SUPERGRAPH = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

/** The front door over subgraphs wherever they run: identity, limits, planning, HTTP, WebSocket and console. */
export async function openFrontDoor({
  config,
  log,
  kv,
  live,
  keep,
  publicKey,
  upstreams,
  port,
  publicUrl,
  consoleRoot,
  onProgress,
  health,
  lingerMs,
}: FrontOptions): Promise<Front> {
  const limits = defaultLimits;
  const introspection = config.SOUK_INTROSPECTION ?? config.SOUK_ENV !== 'production';
  const channels = await followChannels(upstreams.get('platform')!, live, log);
  const revocations = followRevocations({ kv, users: upstreams.get('users')!, log });
  // Before the first request: a kv that starts empty knows of no token that was ended before.
  // Users may be away just now: then each token is asked about, and nobody is let in unchecked.
  await revocations.load().catch((error: unknown) => log.warn({ error }, 'revocations could not be loaded'));
  const operations = await openOperations({ mode: config.SOUK_PERSISTED_OPERATIONS, upstreams, kv, live, log });
  const apiKeys = followApiKeys({ users: upstreams.get('users')!, live, log, used: operations.keyUsed });
  const identify = identifier({ channels, revocations, apiKeys, publicKey });
  const originAllowed = originCheck(publicUrl, config.SOUK_ALLOWED_ORIGINS);
  const admissions = openAdmissions({ config, kv, log });
  const telemetry = openTelemetry({
    log,
    accessLog: config.SOUK_ACCESS_LOG ?? (config.SOUK_ENV === 'production' ? 1 : 0),
  });
  const unfollowSpans = config.SOUK_SPAN_LOG ? logSpans(log) : () => undefined;
  const asks = asksOf(upstreams, deadlinesOf(config), telemetry.called);
  const cache = keep ? entityCache(keep.store) : undefined;
  const evictions = cache && (await followEvictions(cache, live, keep?.onLiveLost));
  const plans = new WeakMap<GraphQLSchema, Explained>();
  const supergraph = await serveSupergraph({
    path: config.SOUK_SUPERGRAPH ?? SUPERGRAPH,
    async open(fit) {
      const opened = await openEngine(config.ROUTER_EXECUTOR, { supergraph: fit, asks, upstreams, log, cache });
      admissions.learn(opened.schema(), fit.linked);
      plans.set(opened.schema(), fit.operations);
      return opened;
    },
    subgraphs: new Set(upstreams.keys()),
    log,
    pollSeconds: config.SOUK_SUPERGRAPH_POLL_SECONDS,
  });
  const { engine } = supergraph;
  // Its subgraphs may answer the same texts otherwise.
  supergraph.onReload(() => void cache?.forget());
  const streams = shareStreams(engine.subscribe, log);
  const pipeline = makePipeline({
    engine,
    streams,
    places: placesFor('streams', streamPlaces),
    onReload: supergraph.onReload,
    find: operations.find,
    gates: admissions.gates,
    admissions: [...admissions.admits, operations.counting(admissions.learned)],
    enter: admissions.keeper.enter,
    observe: telemetry.observe,
    limits,
    introspection,
  });
  const {
    app: http,
    drain,
    streams: httpStreams,
    health: standing,
  } = await makeHttp({
    pipeline,
    identify,
    limits,
    originAllowed,
    trusted: config.SOUK_TRUSTED_PROXIES,
    routes: [...upstreams.values()].flatMap((upstream) => upstream.routes),
    rest: { operations: operations.rest, kv, publicUrl, schema: engine.schema },
    log,
    ...(health ? { health } : {}),
    metricsToken: config.SOUK_METRICS_TOKEN,
    lingerMs,
  });
  if (consoleRoot !== null) {
    await registerConsole(http, await buildConsole({ outRoot: consoleRoot, onProgress }), (scope) =>
      serveExplanations(scope, {
        schema: engine.schema,
        known: (schema) => ({ operations: plans.get(schema)!, ...admissions.learned(schema) }),
        credentialsOf: (request) => credentialsOf(request, config.SOUK_TRUSTED_PROXIES),
        identify,
        gates: admissions.gates,
        limits,
        introspection,
        traceUrl: config.SOUK_TRACE_URL ?? null,
      }),
    );
  }
  await http.ready();
  const sockets = placesFor('connections', socketPlaces);
  const closeSockets = serveWebSocket({
    http: http.server,
    pipeline,
    places: sockets,
    identify,
    limits,
    originAllowed,
    trusted: config.SOUK_TRUSTED_PROXIES,
  });
  await http.listen({ port, host: config.SOUK_HOST });
  telemetry.stand({
    streams: streams.counts,
    httpStreams: () => httpStreams.open,
    sockets: () => sockets.taken,
    load: () => admissions.keeper.load,
    cache: () => cache && { ...cache.counters() },
    supergraph: supergraph.status,
  });
  const { SOUK_HEALTH_PORT: healthPort, SOUK_HOST: host } = config;
  const probes = healthPort === undefined ? undefined : await serveHealth(standing, { port: healthPort, host });
  return {
    cacheCounters: () => cache?.counters(),
    async close() {
      // Whoever balances has noticed by then, so that a socket that is opened again is another router's.
      await drain.run(async () => void (await Promise.all([httpStreams.close(), closeSockets()])));
      admissions.stop();
      await supergraph.stop();
      await evictions?.stop();
      await operations.stop();
      await apiKeys.stop();
      await channels.stop();
      telemetry.stop();
      unfollowSpans();
      await probes?.close();
    },
  };
}
