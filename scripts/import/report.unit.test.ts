import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { progressBar } from './progress-bar.ts';
import { ImportReport, type ReportLine, reportCell } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'souk-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refused = (row: number, handle: string | null, message = 'The variant has no price.'): ReportLine => ({
  outcome: 'refused',
  row,
  column: 'Variant Price',
  handle,
  message,
});
const created = (row: number, lastRow: number, handle: string): ReportLine => ({
  outcome: 'created',
  row,
  lastRow,
  column: null,
  handle,
  message: '',
});

describe('the report of an import', () => {
  it('tells the counts, and what was refused with row, column and sentence', async () => {
    const report = new ImportReport(null);
    await report.tell(created(2, 4, 'mug'));
    await report.tell({ ...created(5, 5, 'cup'), outcome: 'unchanged' });
    await report.tell(refused(6, 'bowl'));
    await report.tell(refused(7, 'bowl'));
    await report.tell(refused(8, null));
    expect(report.summary(60)).toBe(
      [
        '✗ row 6 · “Variant Price” · bowl: The variant has no price.',
        '✗ row 7 · “Variant Price” · bowl: The variant has no price.',
        '✗ row 8 · “Variant Price”: The variant has no price.',
        '',
        'Products',
        '  1  created',
        '  0  updated',
        '  1  unchanged',
        '  2  refused',
      ].join('\n'),
    );
    expect(report.exitCode).toBe(1);
  });

  it('breaks long sentences, shows twenty and counts the rest', async () => {
    const report = new ImportReport(null);
    for (let row = 2; row < 1502; row++) await report.tell(refused(row, `p-${row}`));
    const lines = report.summary(40).split('\n');
    expect(lines.slice(0, 2)).toEqual(['✗ row 2 · “Variant Price” · p-2: The', '  variant has no price.']);
    expect(lines).toContain('… and 1480 more; --report FILE writes them all.');
    expect(lines.at(-1)).toBe('  1,500  refused');
  });

  it('ends well where nothing was refused, and says what a trial run would do', async () => {
    const report = new ImportReport(null);
    await report.tell(created(2, 2, 'mug'));
    expect(report.exitCode).toBe(0);
    expect(report.summary(80, true)).toBe(
      'Products\n  1  would be created\n  0  would be updated\n  0  unchanged\n  0  would be refused',
    );
  });

  it('writes every line to a file that a spreadsheet reads', async () => {
    const path = join(folder, 'report.csv');
    const report = new ImportReport(path);
    await report.tell(created(2, 4, 'mug'));
    for (let row = 5; row < 3000; row++) await report.tell(refused(row, 'bowl', 'The value “a, "b"” is\nnot a price.'));
    await report.close();
    const rows = parse(readFileSync(path), { bom: true });
    expect(rows.length).toBe(2997);
    expect(rows.slice(0, 3)).toEqual([
      ['Outcome', 'First row', 'Last row', 'Column', 'Handle', 'Message'],
      ['created', '2', '4', '', 'mug', ''],
      ['refused', '5', '5', 'Variant Price', 'bowl', 'The value “a, "b"” is\nnot a price.'],
    ]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['plain', 'plain'],
  ])('gives a spreadsheet no formula: %s', (text, cell) => expect(reportCell(text)).toBe(cell));

  it('does not keep quiet when the file cannot be written', async () => {
    const report = new ImportReport(join(folder, 'no-such-folder', 'report.csv'));
    await expect(report.close()).rejects.toThrow('ENOENT');
  });
});

describe('the progress of an import', () => {
  const written = (isTTY: boolean, total: number, steps: readonly number[]): string[] => {
    const texts: string[] = [];
    const bar = progressBar({ isTTY, columns: 60, write: (text) => texts.push(text) }, 'Products', total);
    for (const done of steps) bar.at(done);
    bar.end();
    return texts;
  };

  it('grows on one line of a terminal', () => {
    expect(written(true, 4, [0, 2, 4])).toEqual([
      '\r\u001b[KProducts ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 4'.replace(/░+/, '░'.repeat(38)),
      `\r\u001b[KProducts ${'█'.repeat(19)}${'░'.repeat(19)} 2 of 4`,
      `\r\u001b[KProducts ${'█'.repeat(38)} 4 of 4`,
      '\n',
    ]);
  });

  it('is a line for every tenth in a log', () => {
    const lines = written(
      false,
      1000,
      Array.from({ length: 1001 }, (_, done) => done),
    );
    expect([lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([
      11,
      'Products: 0 of 1,000\n',
      'Products: 100 of 1,000\n',
      'Products: 1,000 of 1,000\n',
    ]);
  });

  it('of nothing is complete at once', () => {
    expect(written(false, 0, [0])).toEqual(['Products: 0 of 0\n']);
  });
});
