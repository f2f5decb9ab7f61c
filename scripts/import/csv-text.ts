import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** Opens the same bytes again each time it is called: a file is read once to survey it and once to import it. */
export type Source = () => AsyncIterable<Uint8Array>;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export type Delimiter = ',' | ';' | '\t';

export interface Table {
  encoding: Encoding;
  delimiter: Delimiter;
  /** What a person should know about how the file was read. */
  notices: readonly string[];
  /** Every row with anything in it, the header included. Throws UnreadableFile where the rest cannot be told apart. */
  rows(): AsyncGenerator<TableRow>;
}

export interface TableRow {
  /** As a spreadsheet counts: the header is row 1, and a line break inside a quoted text begins no new row. */
  row: number;
  cells: string[];
  /** Cells whose bytes are not in the file's encoding, with what they would say in Windows-1252. */
  undecodable: readonly { cell: number; reading: string }[];
  /** True for the last row of a file that does not end with a line break. */
  cutOff: boolean;
}

/** The file as a whole cannot be read. The message is a whole sentence for the person who chose the file. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly row: number;
  /** Zero-based, null where no cell is to blame. */
  readonly cell: number | null;

  constructor(message: string, row = 1, cell: number | null = null) {
    super(message);
    this.row = row;
    this.cell = cell;
  }
}

/** Bounds the memory one row can take, and with it what a quotation mark that is never closed can swallow. */
export const MAX_ROW_BYTES = 1_000_000;
const HEAD_BYTES = 65_536;

const signatures: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a ZIP archive. Export it as “CSV UTF-8” first'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook. Export it as “CSV UTF-8” first'],
  [[0x1f, 0x8b], 'a gzip archive. Unpack it first'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
];

async function headOf(source: Source): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

function detectEncoding(head: Buffer): { encoding: Encoding; bom: number; notice: string | null } {
  for (const [bytes, what] of signatures) {
    if (bytes.every((byte, at) => head[at] === byte)) throw new UnreadableFile(`This is not a CSV file but ${what}.`);
  }
  const utf16 = (encoding: 'utf-16le' | 'utf-16be', bom: number) => ({
    encoding,
    bom,
    notice: 'The file is written in UTF-16 instead of UTF-8 and was read as such.',
  });
  if (head[0] === 0xff && head[1] === 0xfe) return utf16('utf-16le', 2);
  if (head[0] === 0xfe && head[1] === 0xff) return utf16('utf-16be', 2);
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3, notice: null };
  if (!head.includes(0)) return { encoding: 'utf-8', bom: 0, notice: null };
  // A header is mostly ASCII, so in UTF-16 without a mark every other byte of it is zero.
  const start = head.subarray(0, 200);
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]! += 1;
  });
  const half = start.length / 2;
  if (zeros[1]! > half * 0.8 && zeros[0]! < half * 0.2) return utf16('utf-16le', 0);
  if (zeros[0]! > half * 0.8 && zeros[1]! < half * 0.2) return utf16('utf-16be', 0);
  throw new UnreadableFile('This is not a CSV file: it holds binary data.');
}

function detectDelimiter(head: string): Delimiter {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const char of head) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) {
      if (counts[','] + counts[';'] + counts['\t'] > 0) break;
    } else if (!quoted && (char === ',' || char === ';' || char === '\t')) counts[char] += 1;
  }
  if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';';
  return counts['\t'] > counts[','] ? '\t' : ',';
}

/** Ready for the parser: without a byte order mark, UTF-16 turned into UTF-8. Remembers whether a line break came last. */
class Bytes implements AsyncIterable<Uint8Array> {
  endsWithBreak = true;
  readonly #source: Source;
  readonly #encoding: Encoding;
  readonly #bom: number;

  constructor(source: Source, encoding: Encoding, bom: number) {
    this.#source = source;
    this.#encoding = encoding;
    this.#bom = bom;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const wide = this.#encoding === 'utf-16le' || this.#encoding === 'utf-16be';
    const decoder = wide ? new TextDecoder(this.#encoding, { ignoreBOM: true }) : null;
    let skip = this.#bom;
    for await (const chunk of this.#source()) {
      const rest = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      const bytes = decoder ? Buffer.from(decoder.decode(rest, { stream: true }), 'utf8') : rest;
      if (bytes.length === 0) continue;
      const last = bytes[bytes.length - 1];
      this.endsWithBreak = last === 0x0a || last === 0x0d;
      yield bytes;
    }
    const end = decoder?.decode() ?? '';
    if (end !== '') yield Buffer.from(end, 'utf8');
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const western = new TextDecoder('windows-1252');

/** `latin1` carries one byte per character, so a cell can be turned back into its bytes and decoded by itself. */
function decodeCells(raw: readonly string[], encoding: Encoding): Pick<TableRow, 'cells' | 'undecodable'> {
  const undecodable: { cell: number; reading: string }[] = [];
  const cells = raw.map((text, cell) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of plain ASCII is meant
    if (/^[\x00-\x7f]*$/.test(text)) return text;
    const bytes = Buffer.from(text, 'latin1');
    if (encoding === 'windows-1252') return western.decode(bytes);
    try {
      return strict.decode(bytes);
    } catch {
      const reading = western.decode(bytes);
      undecodable.push({ cell, reading });
      return reading;
    }
  });
  return { cells, undecodable };
}

interface ParserError extends Error {
  code: string;
  column?: unknown;
}

const isParserError = (error: unknown): error is ParserError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^CSV_/.test(error.code);

async function* readRows(bytes: Bytes, encoding: Encoding, delimiter: Delimiter): AsyncGenerator<TableRow> {
  // Counted while parsing: rows that wait in the stream are dropped when an error ends it.
  let parsed = 0;
  const parser = parse({
    delimiter,
    encoding: 'latin1',
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_ROW_BYTES,
    on_record: (record: string[]) => {
      parsed += 1;
      return record;
    },
  });
  // An error of either end destroys both, and the loop below throws it.
  pipeline(Readable.from(bytes, { objectMode: false }), parser, () => {});
  let row = 0;
  let held: TableRow | null = null;
  try {
    for await (const record of parser) {
      row += 1;
      const raw = record as string[];
      if (raw.every((cell) => cell === '')) continue;
      if (held) yield held;
      held = { row, cutOff: false, ...decodeCells(raw, encoding) };
    }
  } catch (error) {
    if (!isParserError(error)) throw error;
    const cell = typeof error.column === 'number' ? error.column : null;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE') {
      throw new UnreadableFile(
        'A quotation mark opens here and is not closed, so the rows after it cannot be told apart. Nothing of the file was imported.',
        parsed + 1,
        cell,
      );
    }
    throw new UnreadableFile(
      'The file is not well-formed CSV from here on. Nothing of it was imported.',
      parsed + 1,
      cell,
    );
  }
  if (held) yield { ...held, cutOff: !bytes.endsWithBreak };
}

/**
 * Finds out how a CSV file is written: its encoding and its delimiter. Throws UnreadableFile for an empty or binary file.
 * With `encoding` the bytes are read in it, whatever they look like.
 */
export async function openTable(source: Source, encoding?: 'windows-1252'): Promise<Table> {
  const head = await headOf(source);
  if (head.length === 0) throw new UnreadableFile('The file is empty.');
  const found = detectEncoding(head);
  const used = encoding && found.encoding === 'utf-8' ? encoding : found.encoding;
  const text = new TextDecoder(used === 'windows-1252' ? 'windows-1252' : found.encoding).decode(
    head.subarray(found.bom),
  );
  if (text.trim() === '') throw new UnreadableFile('The file is empty: it holds nothing but blank space.');
  const delimiter = detectDelimiter(text);
  const notices = found.notice ? [found.notice] : [];
  if (delimiter !== ',') {
    notices.push(
      `The cells are separated by ${delimiter === ';' ? 'semicolons' : 'tabs'} instead of commas and were read as such.`,
    );
  }
  return {
    encoding: used,
    delimiter,
    notices,
    rows: () => readRows(new Bytes(source, used, found.bom), used, delimiter),
  };
}
