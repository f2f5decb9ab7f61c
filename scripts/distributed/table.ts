/** A line of the table: what runs, as which process, where. */
export interface Row {
  readonly name: string;
  /** Null where somebody else runs it. */
  readonly pid: number | null;
  readonly where: string;
  readonly what: string;
}

/** What runs where, in columns. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['', 'Process', 'Where', ''],
    ...rows.map(({ name, pid, where, what }) => [name, pid === null ? '-' : String(pid), where, what]),
  ];
  const widths = [0, 1, 2].map((at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells
    .map(([name, pid, where, what]) =>
      `  ${name!.padEnd(widths[0]!)}  ${pid!.padStart(widths[1]!)}  ${where!.padEnd(widths[2]!)}  ${what}`.trimEnd(),
    )
    .join('\n');
}
