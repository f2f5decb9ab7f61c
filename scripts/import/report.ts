import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export type Outcome = 'created' | 'updated' | 'unchanged' | 'refused' | 'notice';

export interface ReportLine {
  outcome: Outcome;
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  lastRow?: number;
  column: string | null;
  handle: string | null;
  /** A whole sentence; empty where the outcome says it all. */
  message: string;
}

/** As many refusals and notices as a screen holds; all of them go to the file. */
const SHOWN = 20;

/**
 * What a cell of the report may not do: begin with a character that a spreadsheet takes for a formula. The texts in it come
 * from the imported file, and the report is opened in a spreadsheet.
 */
export function reportCell(text: string): string {
  const defused = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}

const csvLine = ({ outcome, row, lastRow, column, handle, message }: ReportLine): string =>
  `${[outcome, `${row}`, `${lastRow ?? row}`, column ?? '', handle ?? '', message].map(reportCell).join(',')}\r\n`;

/** Counts what happened and tells it twice: in short on the screen, line by line in a CSV file. Memory stays bounded. */
export class ImportReport {
  readonly counts: Record<Outcome, number> = { created: 0, updated: 0, unchanged: 0, refused: 0, notice: 0 };
  /** Levels that were set, and those that were so already. */
  readonly stock = { set: 0, unchanged: 0 };
  readonly #shown: ReportLine[] = [];
  readonly #refused = new Set<string>();
  readonly #file: WriteStream | null;
  #failed: Error | null = null;

  constructor(path: string | null) {
    this.#file = path === null ? null : createWriteStream(path);
    this.#file?.on('error', (error) => {
      this.#failed = error;
    });
    // The mark makes spreadsheets read UTF-8 as UTF-8.
    this.#file?.write('\ufeffOutcome,First row,Last row,Column,Handle,Message\r\n');
  }

  async tell(line: ReportLine): Promise<void> {
    this.counts[line.outcome] += 1;
    if (line.outcome === 'refused') this.#refused.add(line.handle ?? `\0${line.row}`);
    if (line.message !== '' && this.#shown.length < SHOWN) this.#shown.push(line);
    if (this.#failed) throw this.#failed;
    if (this.#file && !this.#file.write(csvLine(line))) await once(this.#file, 'drain');
  }

  /** Throws where the report could not be written, for a report that is not there must not look like an empty one. */
  async close(): Promise<void> {
    if (this.#failed) throw this.#failed;
    if (!this.#file) return;
    this.#file.end();
    await finished(this.#file);
  }

  /** 0 where everything was imported, 1 where something was refused. */
  get exitCode(): 0 | 1 {
    return this.counts.refused > 0 ? 1 : 0;
  }

  /** Refused products and rows; one product may have several problems. */
  get refused(): number {
    return this.#refused.size;
  }

  /** The report for people, in lines of at most `width` characters as far as words allow. */
  summary(width: number, dryRun = false): string {
    const { created, updated, unchanged, notice } = this.counts;
    const lines = this.#shown.map(({ outcome, row, column, handle, message }) => {
      const where = [`row ${row}`, column && `“${column}”`, handle].filter(Boolean).join(' · ');
      return wrap(`${outcome === 'refused' ? '✗' : '·'} ${where}: ${message}`, width);
    });
    const told = this.counts.refused + notice;
    if (told > this.#shown.length)
      lines.push(`… and ${told - this.#shown.length} more; --report FILE writes them all.`);
    const would = dryRun ? 'would be ' : '';
    const counted = [
      [created, `${would}created`],
      [updated, `${would}updated`],
      [unchanged, 'unchanged'],
      [this.refused, `${would}refused`],
    ] as const;
    const digits = Math.max(...counted.map(([count]) => count.toLocaleString('en').length));
    const table = counted.map(([count, label]) => `  ${count.toLocaleString('en').padStart(digits)}  ${label}`);
    const { set, unchanged: kept } = this.stock;
    const stock = set + kept === 0 ? [] : [`Stock    ${count(set)} ${would}set, ${count(kept)} unchanged`];
    return [...lines, ...(lines.length > 0 ? [''] : []), 'Products', ...table, ...stock].join('\n');
  }
}

const count = (number: number): string => `${number.toLocaleString('en')} ${number === 1 ? 'level' : 'levels'}`;

/** Breaks at blanks and indents what follows, so that the signs in front stand free. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
