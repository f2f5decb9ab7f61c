import { describe, expect, it } from 'vitest';
import { MAX_ROW_BYTES, openTable, type Source, UnreadableFile } from './csv-text.ts';

/** The bytes, in pieces of a given size: what is right for one size must be right for every size. */
const bytes = (content: string | Uint8Array, piece = 65_536): Source =>
  async function* () {
    const all = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < all.length; at += piece) yield all.subarray(at, at + piece);
  };

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const cellsOf = async (source: Source, encoding?: 'windows-1252') => {
  const table = await openTable(source, encoding);
  return (await collect(table.rows())).map(({ cells }) => cells);
};

const failure = async (source: Source): Promise<UnreadableFile> => {
  try {
    await cellsOf(source);
  } catch (error) {
    if (error instanceof UnreadableFile) return error;
    throw error;
  }
  throw new Error('The file was read.');
};

const utf16 = (text: string, mark: boolean, big: boolean): Buffer => {
  const little = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return big ? little.swap16() : little;
};

describe('the text of a CSV file', () => {
  it.each([1, 2, 3, 7, 65_536])('is read alike in pieces of %i bytes', async (piece) => {
    const text = '\ufeffa,b\r\n"one, ""two""","line\r\nbreak"\nCafé,日本\r\rlast,"😀"';
    expect(await cellsOf(bytes(text, piece))).toEqual([
      ['a', 'b'],
      ['one, "two"', 'line\r\nbreak'],
      ['Café', '日本'],
      ['last', '😀'],
    ]);
  });

  it('counts rows as a spreadsheet does: empty lines count, line breaks inside a text do not', async () => {
    const table = await openTable(bytes('a,b\n"x\ny",1\n\n,\nz,2\n'));
    expect((await collect(table.rows())).map(({ row, cells }) => [row, cells[0]])).toEqual([
      [1, 'a'],
      [2, 'x\ny'],
      [5, 'z'],
    ]);
  });

  it.each([
    ['with a mark, little-endian', true, false],
    ['with a mark, big-endian', true, true],
    ['without a mark, little-endian', false, false],
    ['without a mark, big-endian', false, true],
  ])('in UTF-16 %s is read, and it says so', async (_, mark, big) => {
    const table = await openTable(bytes(utf16('Handle,Title\ncafe,Café 日本 😀\n', mark, big), 5));
    expect((await collect(table.rows())).map(({ cells }) => cells)).toEqual([
      ['Handle', 'Title'],
      ['cafe', 'Café 日本 😀'],
    ]);
    expect(table.notices).toEqual(['The file is written in UTF-16 instead of UTF-8 and was read as such.']);
  });

  it('names the cells that are not UTF-8 instead of garbling them', async () => {
    const table = await openTable(bytes(Buffer.from('Handle,Title\ncafe,Caf\xe9\n', 'latin1')));
    expect((await collect(table.rows())).map(({ row, undecodable }) => [row, undecodable])).toEqual([
      [1, []],
      [2, [{ cell: 1, reading: 'Café' }]],
    ]);
  });

  it('is read as Windows-1252 when told to, with its own quotation marks and euro sign', async () => {
    const source = bytes(Buffer.from('Handle,Title\ncafe,\x93Caf\xe9\x94 \x80\n', 'latin1'));
    expect(await cellsOf(source, 'windows-1252')).toEqual([
      ['Handle', 'Title'],
      ['cafe', '“Café” €'],
    ]);
  });

  it.each([
    [',', 'Handle,Title;x\na,b\n'],
    [';', 'Handle;Title;"a,b,c,d"\n1;2;3\n'],
    ['\t', 'Handle\tTitle\n1\t2\n'],
    [',', '\n\nHandle,Title\n1;2;3;4,5\n'],
    [',', 'Handle\n1\n'],
  ])('has the delimiter %j of its first row', async (delimiter, text) => {
    expect((await openTable(bytes(text))).delimiter).toBe(delimiter);
  });

  it('says where the last row is not ended, so that a cut-off file can be told', async () => {
    const ends = async (text: string) =>
      (await collect((await openTable(bytes(text))).rows())).map(({ cutOff }) => cutOff);
    expect(await ends('a,b\n1,2')).toEqual([false, true]);
    expect(await ends('a,b\n1,2\r\n')).toEqual([false, false]);
  });

  it('keeps a stray quotation mark inside a cell', async () => {
    expect(await cellsOf(bytes('a,b\n5" pipe,2\n"x"y,3\n'))).toEqual([
      ['a', 'b'],
      ['5" pipe', '2'],
      ['"x"y', '3'],
    ]);
  });

  it.each([
    ['an empty file', '', 'The file is empty.'],
    ['blank space', ' \r\n\r\n ', 'The file is empty: it holds nothing but blank space.'],
    [
      'a workbook',
      'PK\u0003\u0004xl/workbook.xml',
      'This is not a CSV file but an Excel workbook or a ZIP archive. Export it as “CSV UTF-8” first.',
    ],
    ['a document', '%PDF-1.7', 'This is not a CSV file but a PDF document.'],
  ])('is refused where it is %s', async (_, text, message) => {
    expect((await failure(bytes(text))).message).toBe(message);
  });

  it('is refused where it is binary', async () => {
    const noise = Uint8Array.from({ length: 400 }, (_, at) => (at * 7) % 256);
    expect((await failure(bytes(noise))).message).toBe('This is not a CSV file: it holds binary data.');
  });

  it('names the row and the cell of a quotation mark that is never closed', async () => {
    const { row, cell, message } = await failure(bytes('a,b\n1,2\n3,"open\n4,5\n'));
    expect([row, cell]).toEqual([3, 1]);
    expect(message).toBe(
      'A quotation mark opens here and is not closed, so the rows after it cannot be told apart. Nothing of the file was imported.',
    );
  });

  it('does not let an open quotation mark swallow a large file', async () => {
    let asked = 0;
    const endless: Source = async function* () {
      yield Buffer.from('a,b\n1,"');
      for (; asked < 1000; asked++) yield Buffer.alloc(65_536, 'x');
    };
    const table = await openTable(endless);
    asked = 0;
    await expect(collect(table.rows())).rejects.toThrow(UnreadableFile);
    expect(asked * 65_536 < MAX_ROW_BYTES + 20 * 65_536).toBe(true);
  });

  it('stops reading when nobody listens any more', async () => {
    let closed = false;
    const table = await openTable(async function* () {
      try {
        yield Buffer.from('a,b\n');
        for (let at = 0; at < 10_000; at++) yield Buffer.from('1,2\n'.repeat(1000));
      } finally {
        closed = true;
      }
    });
    closed = false;
    for await (const { row } of table.rows()) if (row === 3) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  it('passes on an error of the source', async () => {
    let opened = 0;
    const table = await openTable(async function* () {
      yield Buffer.from('a,b\n1,2\n');
      opened += 1;
      if (opened > 1) throw new Error('The disk is gone.');
    });
    await expect(collect(table.rows())).rejects.toThrow('The disk is gone.');
  });
});
