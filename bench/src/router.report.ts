import { show, showBytes } from './figures.ts';
import { table } from './report.ts';
import { type SideName, titles } from './router.names.ts';
import type { Figures, RouterResult } from './router.ts';

/** How many times less, or more, than `other`. */
const times = (own: number, other: number): string => `${(other / own).toFixed(1)}×`;

type Measured = RouterResult['tasks'][number];

/** What must be reached, and whether it was. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly ok: boolean;
}

const find = ({ tasks }: RouterResult, id: string, texts: 'fixed' | 'never repeated' = 'fixed'): Measured | undefined =>
  tasks.find(({ task }) => task.query.id === id && task.texts === texts);

/** The targets that this run can judge. */
export function targetsOf(result: RouterResult): Target[] {
  const targets: Target[] = [];
  const judge = (
    measured: Measured | undefined,
    own: SideName,
    other: SideName,
    of: (a: Figures, b: Figures) => Omit<Target, 'what'> & { readonly what: string },
  ): void => {
    const [a, b] = [measured?.figures.get(own), measured?.figures.get(other)];
    if (a && b) targets.push(of(a, b));
  };
  for (const id of ['heavy', 'light']) {
    judge(find(result, id), 'souk', 'stock', (a, b) => ({
      what: `CPU of a ${id} request against stock`,
      wanted: '≥ 6× less',
      reached: times(a.cpuMs, b.cpuMs),
      ok: b.cpuMs / a.cpuMs >= 6,
    }));
    judge(find(result, id), 'souk', 'hive-rust', (a, b) => ({
      what: `CPU of a ${id} request against Hive's Rust planner`,
      wanted: 'not above',
      reached: times(a.cpuMs, b.cpuMs),
      ok: a.cpuMs <= b.cpuMs,
    }));
  }
  judge(find(result, 'heavy'), 'souk', 'stock', (a, b) => ({
    what: 'subgraph calls of the heavy query against stock',
    wanted: '≤ half',
    reached: `${show(a.calls)} of ${show(b.calls)}`,
    ok: a.calls <= b.calls / 2,
  }));
  judge(find(result, 'page'), 'souk-cached', 'stock', (a, b) => ({
    what: 'throughput of a product page with the cache warm against stock',
    wanted: '≥ 20×',
    reached: times(b.perSecond, a.perSecond),
    ok: a.perSecond / b.perSecond >= 20,
  }));
  return targets;
}

/** The section of `results.md`, and what the terminal shows. */
export function describeRouter(result: RouterResult): string {
  const { machine, rounds, loadAverage, tasks } = result;
  const rows = tasks.flatMap(({ task, figures }) => {
    const stock = figures.get('stock');
    return [...figures].map(([name, one]) => [
      `${task.query.id}, ${task.texts} text${task.texts === 'fixed' ? '' : 's'}`,
      titles[name],
      show(one.cpuMs),
      stock ? times(one.cpuMs, stock.cpuMs) : '–',
      show(one.perSecond),
      stock ? times(stock.perSecond, one.perSecond) : '–',
      show(one.p50),
      show(one.p99),
      show(one.calls),
      showBytes(one.rss),
    ]);
  });
  const targets = targetsOf(result).map(({ what, wanted, reached, ok }) => [what, wanted, reached, ok ? 'yes' : 'no']);
  const sizes = tasks.map(({ task, figures }) => {
    const [one] = figures.values();
    return `${task.query.id}: ${task.query.title.replace(/^\w+: /, '')}${one ? `, ${(one.bytes / 1_024).toFixed(1)} KB` : ''}`;
  });
  return [
    '## router',
    '',
    `${machine}. ${rounds} Load average ${loadAverage.map(show).join(' at the start, ')} at the end.`,
    '',
    table(
      [
        'query',
        'router',
        'CPU ms',
        'less than stock',
        'per s',
        'more than stock',
        'p50 ms',
        'p99 ms',
        'calls',
        'memory',
      ],
      rows,
    ),
    '',
    table(['target', 'wanted', 'reached', 'met'], targets),
    '',
    ...[...new Set(sizes)].map((size) => `- ${size}.`),
    '- CPU is that of the router process alone, for one request; subgraphs and load have processes of their own. Ratios are of this run.',
    '- Four synthetic subgraphs, in memory, answer every router in the same way, by plain HTTP. Calls are counted there, for one request.',
    '- In-flight sharing is off on all sides: it is switched off in Hive, stock has none, and each request to Souk is that of another identity. Souk runs its whole front door: limits, admission, signed viewers for every subgraph. Its cache is off where it is not named.',
    '',
  ].join('\n');
}
