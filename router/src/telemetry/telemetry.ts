import { counter, histogram, type Log, measured, readTraceparent, spanEnded } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import type { Circuit } from '../executor/breaker.ts';
import type { Observed } from '../pipeline.ts';
import type { SupergraphStatus } from '../reload.ts';
import type { Called } from '../sources.ts';
import { accessLine, isFault, isSampled, nameOf } from './access-log.ts';

/** What runs in this router now. */
export interface Standing {
  readonly streams: () => { readonly upstream: number; readonly clients: number };
  /** Streams over HTTP. */
  readonly httpStreams: () => number;
  readonly sockets: () => number;
  readonly load: () => { readonly running: number; readonly waiting: number };
  /** Of the entity cache, by name; undefined where there is none. */
  readonly cache: () => Readonly<Record<string, number>> | undefined;
  readonly supergraph: () => SupergraphStatus;
}

export interface Telemetry {
  /** What became of an operation. */
  observe(event: Observed): void;
  /** What became of a call of a subgraph. */
  called(call: Called): void;
  /** Shows what runs now on the metrics page, until `stop`. */
  stand(standing: Standing): void;
  stop(): void;
}

const operations = counter({
  name: 'souk_operations_total',
  help: 'Operations by how they ended: OK, or the code of the first error.',
  labels: ['operation', 'kind', 'transport', 'code'],
});
const durations = histogram({
  name: 'souk_operation_seconds',
  help: 'How long operations take; of a subscription, until it begins.',
  labels: ['operation', 'kind'],
});
const calls = counter({
  name: 'souk_subgraph_calls_total',
  help: 'Calls of subgraphs: OK, ERRORS in the answer, FAILED without one, REFUSED while the circuit is open.',
  labels: ['subgraph', 'outcome'],
});
const callDurations = histogram({
  name: 'souk_subgraph_seconds',
  help: 'How long a subgraph takes to answer.',
  labels: ['subgraph'],
});

const CIRCUIT: Readonly<Record<Circuit['state'], number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

interface Options {
  readonly log: Log;
  /** Share of operations that are written to the log. */
  readonly accessLog: number;
}

/** Counts, times and logs what the router does. No label and no line holds what a client made up. */
export function openTelemetry({ log, accessLog }: Options): Telemetry {
  /** Calls made for whoever asks: a viewer is one operation's. */
  const callsOf = new WeakMap<Viewer, number>();
  const circuits = new Map<string, Circuit['state']>();
  const ending: (() => void)[] = [];

  return {
    observe(event) {
      const { prepared, asker, durationMs, codes } = event;
      const kind = prepared?.operation.operation ?? 'none';
      const operation = nameOf(prepared) ?? 'other';
      const code = codes[0] ?? 'OK';
      operations.inc({ operation, kind, transport: asker.transport, code });
      durations.observe({ operation, kind }, durationMs / 1_000);
      const { trace } = asker.viewer;
      if (trace) {
        spanEnded({
          name: `${kind} ${operation}`,
          traceparent: trace,
          parent: readTraceparent(asker.credentials.trace) ? asker.credentials.trace! : null,
          durationMs,
          failed: isFault(codes),
          attributes: { transport: asker.transport, code },
        });
      }
      if (accessLog > 0 && (isFault(codes) || isSampled(trace, accessLog))) {
        log.info(accessLine(event, callsOf.get(asker.viewer) ?? 0), 'operation');
      }
    },
    called({ subgraph, durationMs, outcome, circuit, viewer }) {
      calls.inc({ subgraph, outcome });
      if (outcome !== 'REFUSED') callDurations.observe({ subgraph }, durationMs / 1_000);
      circuits.set(subgraph, circuit);
      callsOf.set(viewer, (callsOf.get(viewer) ?? 0) + 1);
    },
    stand({ streams, httpStreams, sockets, load, cache, supergraph }) {
      ending.push(
        measured(
          {
            name: 'souk_subgraph_circuit',
            help: 'Whether a subgraph is asked: 0 yes, 1 by one call that finds out, 2 not now.',
            labels: ['subgraph'],
          },
          () => [...circuits].map(([subgraph, state]) => [{ subgraph }, CIRCUIT[state]] as const),
        ),
        measured(
          {
            name: 'souk_streams',
            help: 'Open subscriptions: of clients, and upstream, where alike ones are one.',
            labels: ['side'],
          },
          () => Object.entries(streams()).map(([side, many]) => [{ side }, many] as const),
        ),
        measured(
          { name: 'souk_connections', help: 'Open connections that carry streams.', labels: ['transport'] },
          () => [
            [{ transport: 'websocket' }, sockets()],
            [{ transport: 'http' }, httpStreams()],
          ],
        ),
        measured(
          { name: 'souk_operations_under_way', help: 'Operations that run or wait now.', labels: ['state'] },
          () => {
            const { running, waiting } = load();
            return [
              [{ state: 'running' }, running],
              [{ state: 'waiting' }, waiting],
            ];
          },
        ),
        measured(
          {
            name: 'souk_entity_cache',
            help: 'The entity cache: what it did since the start, and holds.',
            labels: ['what'],
          },
          () => Object.entries(cache() ?? {}).map(([what, many]) => [{ what }, many] as const),
        ),
        measured(
          {
            name: 'souk_supergraph',
            help: 'Supergraphs by the first digits of their digest: the one that serves, and one that was refused.',
            labels: ['digest', 'state'],
          },
          () => {
            const { digest, refused } = supergraph();
            return [
              [{ digest: digest.slice(0, 12), state: 'serves' }, 1],
              ...(refused ? ([[{ digest: refused.digest.slice(0, 12), state: 'refused' }, 1]] as const) : []),
            ];
          },
        ),
        measured(
          { name: 'souk_supergraph_reloads', help: 'Supergraphs taken since the start, after the first.' },
          () => [[{}, supergraph().reloads]],
        ),
      );
    },
    stop() {
      for (const end of ending.splice(0)) end();
    },
  };
}
