import type { Found, Row } from './row.ts';

/** A row that was run. */
export interface Ran extends Found {
  readonly row: Row;
  readonly seed: number;
  readonly seconds: number;
}

/** How a wrong begins that says nothing of the promise: the row itself failed. */
export const UNFINISHED = 'The row did not come to its end:';

const WRONG = '    ✗ ';

/** The wrongs that a table lists. */
export const wrongsIn = (said: string): string[] =>
  said
    .split('\n')
    .filter((line) => line.startsWith(WRONG))
    .map((line) => line.slice(WRONG.length));

/** How to have it again. */
const again = ({ row, seed }: Ran, short: boolean): string =>
  `npm run chaos -- ${row.name} --seed ${seed}${short ? ' --short' : ''}`;

/** The table at the end, and each wrong after it. */
export function describeRuns(runs: readonly Ran[], short: boolean): string {
  const cells = [
    ['row', 'seed', 'wrong', 'time', 'what was done'],
    ...runs.map(({ row, seed, wrongs, seconds, done }) => [
      row.name,
      String(seed),
      wrongs.length === 0 ? '-' : String(wrongs.length),
      `${seconds.toFixed(1)} s`,
      done,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((line) => line[at]!.length))) as [
    number,
    number,
    number,
    number,
  ];
  const table = cells.map(([name, seed, wrong, time, done]) =>
    `  ${name!.padEnd(widths[0])}  ${seed!.padStart(widths[1])}  ${wrong!.padStart(widths[2])}  ${time!.padStart(widths[3])}  ${done}`.trimEnd(),
  );
  const failed = runs.filter(({ wrongs }) => wrongs.length > 0);
  const details = failed.flatMap((ran) => [
    `  ${ran.row.name}: ${ran.row.promise}`,
    ...ran.wrongs.map((wrong) => `${WRONG}${wrong}`),
    `    Again: ${again(ran, short)}`,
    '',
  ]);
  const verdict =
    failed.length === 0
      ? `${runs.length} rows: no promise was broken`
      : `${failed.length} of ${runs.length} rows broke a promise`;
  return ['', ...table, '', ...details, verdict, ''].join('\n');
}
