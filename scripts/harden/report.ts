import type { Ran } from './run.ts';

const WRONG = '    ✗ ';
/** Of one kind, enough to see what it is. */
const MOST_TOLD = 12;

/** The table at the end, and each wrong after it. */
export function describeRuns(runs: readonly Ran[]): string {
  const cells = [
    ['case', 'of', 'wrong', 'time', 'innocent', 'waited', 'memory'],
    ...runs.map(({ one, wrongs, seconds, innocent, peakMb }) => [
      one.name,
      one.family,
      wrongs.length === 0 ? '-' : String(wrongs.length),
      `${seconds.toFixed(1)} s`,
      String(innocent.answered),
      `${Math.round(innocent.worstMs)} ms`,
      peakMb === null ? '' : `${peakMb} MB`,
    ]),
  ];
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  const table = cells.map((line) =>
    `  ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`.trimEnd(),
  );
  const failed = runs.filter(({ wrongs }) => wrongs.length > 0);
  const details = failed.flatMap(({ one, wrongs }) => [
    `  ${one.name}: ${one.promise}`,
    ...wrongs.slice(0, MOST_TOLD).map((wrong) => `${WRONG}${wrong}`),
    ...(wrongs.length > MOST_TOLD ? [`      and ${wrongs.length - MOST_TOLD} more`] : []),
    `    Again: npm run harden -- ${one.name}`,
    '',
  ]);
  const verdict =
    failed.length === 0
      ? `${runs.length} cases: nothing gave way`
      : `${failed.length} of ${runs.length} cases broke a promise`;
  return ['', ...table, '', ...details, verdict, ''].join('\n');
}
