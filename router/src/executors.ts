import { readFile } from 'node:fs/promises';
import type { Log, RunningHouse } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { type ExecutionResult, parse } from 'graphql';
import { asksOf, type EngineKind, openEngine } from './engine.ts';
import { defaultLimits } from './limits.ts';
import { placesFor, streamPlaces } from './live/places.ts';
import { shareStreams } from './live/share.ts';
import { isReady, makePipeline, sha256 } from './pipeline.ts';
import { DEADLINE_MS } from './sources.ts';
import { judgeSupergraph } from './supergraph.ts';
import { localUpstream, type Operation, routerContext, type Upstream } from './upstream.ts';

/** One way to answer an operation without a network. */
export type Answering = (operation: Operation, viewer: Viewer) => Promise<ExecutionResult>;

/** The ways to compare: what each adds to the one before it is what it costs. */
export interface Executors {
  /** The calls that a plan makes of the houses, and nothing else. */
  readonly houses: Answering;
  readonly compiled: Answering;
  readonly stock: Answering;
  /** The pipeline over the executor: parsed, validated and within the limits, as by HTTP. */
  readonly servedCompiled: Answering;
  readonly servedStock: Answering;
}

const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url);

/** Both executors over the same houses in this process, for measuring them side by side. */
export async function openExecutors(
  houses: ReadonlyMap<string, RunningHouse>,
  log: Log,
): Promise<Executors & { stop(): Promise<void> }> {
  const supergraphSdl = await readFile(SUPERGRAPH, 'utf8');
  const calls: { upstream: Upstream; operation: Operation }[] = [];
  const upstreams = new Map(
    [...houses].map(([name, house]) => {
      const upstream = localUpstream(house);
      const watched: Upstream = {
        ...upstream,
        execute(operation, context, deadlineMs) {
          calls.push({ upstream, operation });
          return upstream.execute(operation, context, deadlineMs);
        },
      };
      return [name, watched] as const;
    }),
  );

  async function open(kind: EngineKind): Promise<{ bare: Answering; served: Answering; stop(): Promise<void> }> {
    const supergraph = await judgeSupergraph(supergraphSdl, new Set(upstreams.keys()));
    const engine = await openEngine(kind, { supergraph, asks: asksOf(upstreams), upstreams, log });
    const pipeline = makePipeline({
      engine,
      streams: shareStreams(engine.subscribe, log),
      places: placesFor('streams', streamPlaces),
      onReload: () => () => undefined,
      find: ({ query = '' }) => ({ text: query, hash: sha256(query), registered: null }),
      gates: [],
      admissions: [],
      enter: () => () => undefined,
      observe: () => undefined,
      limits: defaultLimits,
      introspection: true,
    });
    const documents = new Map<string, ReturnType<typeof parse>>();
    return {
      async bare({ query, variables = {} }, viewer) {
        const document = documents.get(query) ?? parse(query);
        documents.set(query, document);
        const schema = engine.schema();
        return engine.execute({ document, hash: query, operationName: null, variables, viewer, schema });
      },
      async served({ query, variables }, viewer) {
        const ready = await pipeline.prepare(
          { query, variables },
          { viewer, transport: 'POST', credentials: { clientAddress: null } },
        );
        const { result } = isReady(ready) ? await pipeline.run(ready) : ready;
        return result as unknown as ExecutionResult;
      },
      stop: () => engine.stop(),
    };
  }

  const stock = await open('stock');
  const compiled = await open('compiled');
  const plans = new Map<string, Promise<typeof calls>>();
  let recording: Promise<unknown> = Promise.resolve();

  /** The calls an operation makes; one operation is watched at a time. */
  function record(operation: Operation, viewer: Viewer): Promise<typeof calls> {
    const recorded = recording.then(async () => {
      calls.length = 0;
      await compiled.bare(operation, viewer);
      return calls.splice(0);
    });
    recording = recorded;
    return recorded;
  }

  return {
    stock: stock.bare,
    compiled: compiled.bare,
    servedStock: stock.served,
    servedCompiled: compiled.served,
    async houses(operation, viewer) {
      const key = JSON.stringify(operation);
      const plan = plans.get(key) ?? record(operation, viewer);
      plans.set(key, plan);
      const context = routerContext(viewer);
      let last: ExecutionResult = { data: null };
      for (const call of await plan) last = await call.upstream.execute(call.operation, context, DEADLINE_MS);
      return last;
    },
    async stop() {
      await stock.stop();
      await compiled.stop();
    },
  };
}
