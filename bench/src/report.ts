import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Database } from './database.ts';
import { show, showBytes } from './figures.ts';
import type { Counted, Measured } from './measure.ts';
import type { Size } from './options.ts';
import { canMeasure } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { AIM } from './yardsticks.ts';

export interface ScenarioResult {
  readonly scenario: Pick<Scenario, 'id' | 'title' | 'load' | 'latency' | 'yardstick'>;
  readonly measured: Measured;
  readonly counted: readonly Counted[];
}

export interface BenchResult {
  readonly size: Size;
  /** What the shop holds, in words. */
  readonly shop: string;
  readonly machine: string;
  readonly rounds: string;
  readonly idle: number;
  readonly results: readonly ScenarioResult[];
}

export function describeMachine({ version, settings }: Database): string {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB memory`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${version} (${Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')})`,
  ].join(' · ');
}

export const isOver = ({ statements, budget }: Counted): boolean => budget !== undefined && statements > budget;

export const overBudget = ({ results }: BenchResult): readonly Counted[] =>
  results.flatMap(({ counted }) => counted.filter(isOver));

const cpuOf = ({ serverCpu, postgresCpu }: Measured): number => serverCpu + postgresCpu;

function speedRow({ scenario, measured }: ScenarioResult): string[] {
  const { yardstick } = scenario;
  const cpu = cpuOf(measured);
  const ratio = yardstick && cpu / yardstick.cpu;
  return [
    scenario.title,
    show(measured.perSecond),
    show(measured.p50),
    show(measured.p99),
    ...(canMeasure
      ? [
          show(measured.serverCpu),
          show(measured.postgresCpu),
          show(cpu),
          yardstick ? String(yardstick.cpu) : '–',
          ratio === undefined ? '–' : `${ratio.toFixed(2)}${ratio <= AIM ? '' : ratio <= 1 ? ' (aim 0.25)' : ' (!)'}`,
          showBytes(measured.serverMemory),
          showBytes(measured.postgresMemory),
        ]
      : Array.from({ length: 7 }, () => 'not told')),
  ];
}

const SPEED_HEAD = [
  'operation',
  'per s',
  'p50 ms',
  'p99 ms',
  'CPU ms server',
  'CPU ms PostgreSQL',
  'CPU ms both',
  'best open peer',
  'ratio',
  'memory server',
  'memory PostgreSQL',
];

function statementRow(counted: Counted): string[] {
  const { title, statements, least, most, beforeAnswer, budget, yardstick } = counted;
  return [
    title,
    String(statements),
    least === most ? String(least) : `${least}–${most}`,
    String(beforeAnswer),
    budget === undefined ? '–' : String(budget),
    budget === undefined ? '–' : isOver(counted) ? 'OVER' : 'ok',
    yardstick === undefined ? '–' : String(yardstick),
    yardstick === undefined ? '–' : (statements / yardstick).toFixed(2),
  ];
}

const STATEMENT_HEAD = [
  'operation',
  'SQL statements',
  'single runs',
  'before the answer',
  'budget',
  '',
  'best open peer',
  'ratio',
];

/** A table as Markdown, padded so that a terminal shows it as well. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, 3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** One size's section of `results.md`, and what the terminal shows. */
export function describeResult(result: BenchResult): string {
  const { size, shop, machine, rounds, results, idle } = result;
  const latencies = results.flatMap(({ scenario: { title, latency } }) => (latency ? [`${title}: ${latency}.`] : []));
  return [
    `## ${size}`,
    '',
    `${shop}. ${machine}. ${rounds}`,
    '',
    table(SPEED_HEAD, results.map(speedRow)),
    '',
    ...results.map(({ scenario: { title, load } }) => `- ${title}: ${load}.`),
    ...latencies.map((line) => `- Latency of ${line}`),
    '',
    table(
      STATEMENT_HEAD,
      results.flatMap(({ counted }) => counted.map(statementRow)),
    ),
    '',
    `An idle server sends ${show(idle)} statements per second, by its sweeps.`,
    '',
  ].join('\n');
}

const INTRODUCTION = `# What Souk costs

Written by \`npm run bench -- --size small|demo|large\`; each whole run renews its own section. Load and server share the
machine. Medians of alternating rounds. Processor time is the server's and PostgreSQL's, in ms for one operation with
everything it sets off: relay, ears, ticks and webhooks. The payment simulator runs in a process and on a database of its
own, as a provider does on machines of its own, and is not counted.

Statements are counted from PostgreSQL's own log, BEGIN and COMMIT included, one operation at a time from silence to
silence, on a server whose ticks run when a commit asks for them but not by time. Sweeps are left out.

The best open peer is what Vendure 3.7.3 or Medusa 2.21.2, whichever was cheaper, took on 2 cores for the same operation on
2,000 products: compare ratios, not machines.
`;

/** Puts a size's section into `results.md`; the other sizes' stay. */
export async function writeResult(file: string, result: BenchResult): Promise<void> {
  await writeSection(file, result.size, describeResult(result));
}

export async function writeSection(file: string, name: SectionName, section: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch(() => '');
  await writeFile(file, mergeSection(known, name, section));
}

/** What `results.md` has a section for. */
export type SectionName = Size | 'profiles' | 'router';

const ORDER: readonly SectionName[] = ['small', 'demo', 'large', 'profiles', 'router'];

export function mergeSection(known: string, size: SectionName, section: string): string {
  const sections = new Map(
    known
      .split(/^(?=## )/m)
      .filter((part) => part.startsWith('## '))
      .map((part) => [/^## (\w+)/.exec(part)?.[1], `${part.trimEnd()}\n`]),
  );
  sections.set(size, `${section.trimEnd()}\n`);
  return [INTRODUCTION, ...ORDER.flatMap((one) => sections.get(one) ?? [])].join('\n');
}
