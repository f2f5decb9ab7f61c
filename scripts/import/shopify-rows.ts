import type { CurrencyCode } from '@souk/schema';
import type { Delimiter, TableRow } from './csv-text.ts';
import { type Read, readMoney, readUrl, show } from './shopify-cells.ts';
import type { Columns, Field } from './shopify-columns.ts';

export interface CellProblem {
  row: number;
  /** The column as the file's header names it, null where no single cell is to blame. */
  column: string | null;
  problem: string;
}

export interface Terms {
  columns: Columns;
  delimiter: Delimiter;
  currency: CurrencyCode;
}

/** Reads cells of one product's rows and gathers everything that is wrong or worth knowing. */
export class RowReader {
  readonly problems: CellProblem[] = [];
  readonly notices: CellProblem[] = [];
  readonly terms: Terms;
  readonly decimalComma: boolean;

  constructor(terms: Terms) {
    this.terms = terms;
    this.decimalComma = terms.delimiter === ';';
  }

  text(row: TableRow, field: Field): string {
    const cell = this.terms.columns.at.get(field);
    return cell === undefined ? '' : (row.cells[cell] ?? '').trim();
  }

  #column(field: Field): string | null {
    const cell = this.terms.columns.at.get(field);
    return cell === undefined ? null : this.terms.columns.header[cell]!;
  }

  refuse(row: TableRow, field: Field | null, problem: string): void {
    this.problems.push({ row: row.row, column: field && this.#column(field), problem });
  }

  notice(row: TableRow, field: Field | null, problem: string): void {
    this.notices.push({ row: row.row, column: field && this.#column(field), problem });
  }

  /** The cell's value; null for an empty cell, and after refusing the product for a bad one. */
  read<T>(row: TableRow, field: Field, how: (text: string) => Read<T>): T | null {
    const text = this.text(row, field);
    if (text === '') return null;
    const read = how(text);
    if ('value' in read) return read.value;
    this.refuse(row, field, read.problem);
    return null;
  }

  bounded(row: TableRow, field: Field, most: number): string {
    const text = this.text(row, field);
    if (text.length > most) this.refuse(row, field, `The text has ${text.length} characters; ${most} are allowed.`);
    return text;
  }

  money = (row: TableRow, field: Field): number | null =>
    this.read(row, field, (text) => readMoney(text, this.terms.currency, this.decimalComma));

  /** What is wrong with a row as such, before its cells mean anything. */
  checkRow(row: TableRow): void {
    const { header, at } = this.terms.columns;
    for (const { cell, reading } of row.undecodable) {
      this.problems.push({
        row: row.row,
        column: header[cell] ?? null,
        problem: `The text is not UTF-8. Read as Windows-1252 it says ${show(reading)}; if that is right, import with --encoding windows-1252, or save the file as UTF-8.`,
      });
    }
    const extra = row.cells.slice(header.length);
    if (extra.some((cell) => cell.trim() !== '')) {
      this.problems.push({
        row: row.row,
        column: null,
        problem: `The row has ${row.cells.length} cells and the header only ${header.length}; a text with a comma in it is probably not in quotation marks.`,
      });
    } else if (row.cells.length < header.length) {
      const sentence = `The row has ${row.cells.length} cells and the header ${header.length}`;
      if (row.cutOff)
        this.problems.push({ row: row.row, column: null, problem: `${sentence}; the file seems to be cut off here.` });
      else
        this.notices.push({ row: row.row, column: null, problem: `${sentence}; the missing ones were read as empty.` });
    }
    row.cells.forEach((text, cell) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text)) {
        this.problems.push({
          row: row.row,
          column: header[cell] ?? null,
          problem: 'The text holds a control character, which no text of a shop needs.',
        });
      } else if (/\ufffd/.test(text)) {
        this.notices.push({
          row: row.row,
          column: header[cell] ?? null,
          problem: `A letter was lost before this file was written: ${show(text)}.`,
        });
      } else if (cell !== at.get('imageSrc') && /[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac/.test(text)) {
        this.notices.push({
          row: row.row,
          column: header[cell] ?? null,
          problem: `The text looks as if it had been decoded wrongly before this file was written: ${show(text)}.`,
        });
      }
    });
    const fourth = this.terms.columns.moreOptions.find((cell) => (row.cells[cell] ?? '').trim() !== '');
    if (fourth !== undefined) {
      this.problems.push({
        row: row.row,
        column: header[fourth]!,
        problem: 'A product can have three options at most.',
      });
    }
  }

  url(row: TableRow, field: 'imageSrc' | 'variantImage'): string | null {
    const text = this.text(row, field);
    if (text === '') return null;
    const read = readUrl(text);
    if ('value' in read) return read.value;
    this.notice(row, field, `${read.problem} The picture was left out.`);
    return null;
  }
}
