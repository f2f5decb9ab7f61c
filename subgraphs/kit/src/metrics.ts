import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What this process measures of itself. Labels are of closed lists: subgraphs, registered names, codes; never what came in. */
const registry = new Registry();

export type Labels = Readonly<Record<string, string>>;

/** What the kit and the houses count and measure. */
const known = {
  souk_rejections_total: 'Mutations that answered with an error a person can mend.',
  souk_facts_heard_total: 'Facts that an ear took in.',
  souk_ear_failures_total: 'Deliveries of facts that failed; they are tried again.',
  souk_dead_letters_total: 'Facts that failed too often and were set aside.',
  souk_bus_terminated_total: 'Messages on the bus that are no facts.',
  souk_bus_pending_messages: 'Messages of a speaker that an ear has not settled.',
  souk_postgres_replica_lag_ms: 'How far the standby that queries read is behind.',
  souk_postgres_replica_reads_total: 'Queries that the standby answered.',
  souk_gateway_faults_total: 'Calls of the payment provider that failed.',
  souk_gateway_mismatches_total: 'Answers of the payment provider that do not fit what was asked.',
  souk_webhooks_refused_total: 'Webhooks whose signature or age is wrong.',
  souk_unregistered_operations_total: 'Operations that no manifest of registered ones holds.',
  souk_webhooks_quarantined_total: 'Webhooks about something else than what was asked.',
} as const satisfies Record<string, string>;

type Known = keyof typeof known;

/** Such as `souk_facts_total{subgraph="orders"}`: labels may be part of the name. */
type Measured = Known | `${Known}{${string}}`;

const values = new Map<string, number>();

/** Adds to a counter of this process. */
export function count(name: Measured, by = 1): void {
  values.set(name, (values.get(name) ?? 0) + by);
}

/** Sets what is measured rather than counted: a backlog, a number of connections. */
export function gauge(name: Measured, value: number): void {
  values.set(name, value);
}

/** What was counted and measured by name so far, for tests. */
export const counters = (): ReadonlyMap<string, number> => values;

interface Described<Label extends string> {
  readonly name: `souk_${string}`;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** One per name and process, however many shops run in it. */
function once<T>(name: string, make: () => T): T {
  return (registry.getSingleMetric(name) as T | undefined) ?? make();
}

/** How often something happened. */
export function counter<Label extends string = never>({ name, help, labels = [] }: Described<Label>): Counter<Label> {
  return once(name, () => new Counter({ name, help, labelNames: labels, registers: [registry] }));
}

/** From a quick read to the deadline of a call, seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How long something took, seconds. */
export function histogram<Label extends string = never>({
  name,
  help,
  labels = [],
}: Described<Label>): Histogram<Label> {
  return once(name, () => new Histogram({ name, help, labelNames: labels, buckets: BUCKETS, registers: [registry] }));
}

/** Something that is looked at when it is asked for, by everybody who runs in this process; the answer ends that. */
export function measured<Label extends string = never>(
  { name, help, labels = [] }: Described<Label>,
  look: () => Iterable<readonly [labels: Partial<Record<Label, string>>, value: number]>,
): () => void {
  const looks = lookers.get(name) ?? new Set();
  lookers.set(name, looks);
  looks.add(look as Look);
  once(
    name,
    () =>
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers: [registry],
        collect() {
          this.reset();
          for (const one of looks) for (const [at, value] of one()) this.inc(at as Record<Label, string>, value);
        },
      }),
  );
  return () => looks.delete(look as Look);
}

type Look = () => Iterable<readonly [labels: Record<string, string>, value: number]>;
const lookers = new Map<string, Set<Look>>();

let withDefaults = false;

/** Everything as Prometheus reads it. */
export async function metricsText(): Promise<string> {
  // Not before somebody asks: measuring the event loop has a price.
  if (!withDefaults) collectDefaultMetrics({ register: registry });
  withDefaults = true;
  const lines: string[] = [];
  for (const [name, help] of Object.entries(known)) {
    const of = [...values].filter(([key]) => key === name || key.startsWith(`${name}{`));
    if (of.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`);
    for (const [key, value] of of) lines.push(`${key} ${value}`);
  }
  return `${lines.map((line) => `${line}\n`).join('')}${await registry.metrics()}`;
}

export const METRICS_TYPE = registry.contentType;
