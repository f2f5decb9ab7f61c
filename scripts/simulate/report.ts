import type { Outcome } from './run.ts';
import type { Counts } from './stage.ts';

/** What all runs together came to. */
export interface Tally {
  runs: number;
  readonly counts: Record<keyof Counts, number>;
  readonly orders: Record<string, number>;
  readonly failed: Outcome[];
}

export const newTally = (): Tally => ({
  runs: 0,
  counts: {
    steps: 0,
    crashes: 0,
    lostAnswers: 0,
    restarts: 0,
    deliveries: 0,
    duplicates: 0,
    drops: 0,
    providerFaults: 0,
    webhooks: 0,
    webhookRepeats: 0,
    ticks: 0,
    redriven: 0,
    minutes: 0,
  },
  orders: {},
  failed: [],
});

export function add(tally: Tally, outcome: Outcome): void {
  tally.runs += 1;
  for (const [name, n] of Object.entries(outcome.counts)) tally.counts[name as keyof Counts] += n;
  for (const [status, n] of Object.entries(outcome.orders)) tally.orders[status] = (tally.orders[status] ?? 0) + n;
  if (outcome.wrongs.length > 0) tally.failed.push(outcome);
}

const rows: readonly (readonly [keyof Counts, string])[] = [
  ['steps', 'steps'],
  ['deliveries', 'facts delivered'],
  ['duplicates', 'delivered again'],
  ['drops', 'lost on the way'],
  ['ticks', 'ticks by time'],
  ['redriven', 'dead letters driven again'],
  ['crashes', 'crashes of a house'],
  ['lostAnswers', 'commits without an answer'],
  ['providerFaults', 'provider calls without an answer'],
  ['webhooks', 'webhooks sent'],
  ['webhookRepeats', 'of them again'],
];

/** The table at the end. */
export function describeTally({ runs, counts, orders, failed }: Tally, seconds: number): string {
  const per = (n: number) => (runs === 0 ? '0' : (n / runs).toFixed(1));
  const lines: (readonly [string, string, string])[] = rows.map(([name, text]) => [
    text,
    counts[name].toLocaleString('en'),
    per(counts[name]),
  ]);
  const hours = counts.minutes / 60;
  lines.push(['hours of their own time', Math.round(hours).toLocaleString('en'), per(hours)]);
  for (const [status, n] of Object.entries(orders).sort()) {
    lines.push([`orders ${status}`, n.toLocaleString('en'), per(n)]);
  }
  const [a, b] = [0, 1].map((at) => Math.max(...lines.map((line) => line[at]!.length))) as [number, number];
  const table = lines.map(([text, n, each]) => `  ${text.padEnd(a)}  ${n.padStart(b)}  ${each.padStart(8)}`);
  const verdict = failed.length === 0 ? 'no law was broken' : `${failed.length} broke a law`;
  return [
    '',
    `${runs} seeds in ${seconds.toFixed(0)} s (${(runs / Math.max(seconds, 0.001)).toFixed(1)} a second): ${verdict}`,
    '',
    `  ${''.padEnd(a)}  ${'in all'.padStart(b)}  ${'per seed'.padStart(8)}`,
    ...table,
    '',
  ].join('\n');
}

/** A seed that failed: what is wrong, and how to have it again. */
export const describeFailure = ({ seed, wrongs, fingerprint }: Outcome): string =>
  [
    `\n✗ seed ${seed} (trace ${fingerprint})`,
    ...wrongs.map((wrong) => `    ${wrong}`),
    `  Again, with every step: npm run simulate -- --seed ${seed} --verbose`,
  ].join('\n');
