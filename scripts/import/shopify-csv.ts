import { createReadStream } from 'node:fs';
import type { CurrencyCode } from '@souk/schema';
import {
  type Delimiter,
  type Encoding,
  openTable,
  type Source,
  type Table,
  type TableRow,
  UnreadableFile,
} from './csv-text.ts';
import { show } from './shopify-cells.ts';
import { type Columns, readColumns } from './shopify-columns.ts';
import { type ImportedProduct, type Origin, readProduct } from './shopify-product.ts';
import type { Terms } from './shopify-rows.ts';

export type { Source } from './csv-text.ts';
export type { Columns, Field } from './shopify-columns.ts';
export type { ImportedProduct, Origin } from './shopify-product.ts';
export type { ImportedVariant } from './shopify-variants.ts';

export interface ReadOptions {
  /** The file does not name the currency of its prices. */
  currency: CurrencyCode;
  /** For a file that is not UTF-8. UTF-16 is recognised by itself. */
  encoding?: 'windows-1252';
}

export type ShopifyItem = FileItem | ProductItem | RefusedItem | NoticeItem;

/** Comes first, once the whole file has been looked through: the basis of a progress bar. */
export interface FileItem {
  kind: 'file';
  /** Rows below the header that hold anything. */
  rows: number;
  products: number;
  encoding: Encoding;
  delimiter: Delimiter;
  columns: Columns;
}

export interface ProductItem {
  kind: 'product';
  handle: string;
  rows: readonly [first: number, last: number];
  product: ImportedProduct;
  origin: Origin;
}

/** A row, a product or (with row 1 and no handle) a whole file that is not imported. */
export interface RefusedItem {
  kind: 'refused';
  row: number;
  column: string | null;
  handle: string | null;
  /** A whole sentence. */
  problem: string;
}

/** Imported, but not quite as the file says. */
export interface NoticeItem {
  kind: 'notice';
  row: number;
  column: string | null;
  handle: string | null;
  problem: string;
}

/** Rows that wait for the rest of their products, over the whole file: what bounds the memory of an unsorted file. */
export const MAX_WAITING_ROWS = 20_000;
/** More rows than a product's variants and pictures could fill. */
export const MAX_PRODUCT_ROWS = 500;

export const fromFile =
  (path: string): Source =>
  () =>
    createReadStream(path, { highWaterMark: 65_536 });

const handleOf = (row: TableRow, columns: Columns): string =>
  (row.cells[columns.at.get('handle')!] ?? '').trim().toLowerCase();

/** Where each product ends, and which products' rows do not stand together. */
interface Survey {
  columns: Columns;
  rows: number;
  lastRow: ReadonlyMap<string, number>;
  scattered: ReadonlySet<string>;
  /**
   * Products that are followed by a row with neither handle nor title: most likely a further row of theirs, without which
   * they would be imported in part.
   */
  torn: ReadonlyMap<string, number>;
}

async function survey(table: Table): Promise<Survey | RefusedItem[]> {
  let columns: Columns | null = null;
  let rows = 0;
  let previous = '';
  const lastRow = new Map<string, number>();
  const scattered = new Set<string>();
  const torn = new Map<string, number>();
  for await (const row of table.rows()) {
    if (!columns) {
      const read = readColumns(row.cells);
      if ('problems' in read) {
        return read.problems.map(({ cell, problem }) => ({
          kind: 'refused',
          row: row.row,
          column: cell === null ? null : (row.cells[cell] ?? null),
          handle: null,
          problem,
        }));
      }
      const [bad] = row.undecodable;
      if (bad) {
        const problem = `The name of a column is not UTF-8. Read as Windows-1252 it says ${show(bad.reading)}; if that is right, import with --encoding windows-1252, or save the file as UTF-8.`;
        return [{ kind: 'refused', row: row.row, column: bad.reading, handle: null, problem }];
      }
      columns = read.columns;
      continue;
    }
    rows += 1;
    const handle = handleOf(row, columns);
    if (handle === '') {
      if (previous !== '' && (row.cells[columns.at.get('title')!] ?? '').trim() === '') torn.set(previous, row.row);
      continue;
    }
    if (handle !== previous && lastRow.has(handle)) scattered.add(handle);
    lastRow.set(handle, row.row);
    previous = handle;
  }
  return { columns: columns!, rows, lastRow, scattered, torn };
}

function* fileNotices(table: Table, columns: Columns): Generator<NoticeItem> {
  for (const problem of table.notices) yield { kind: 'notice', row: 1, column: null, handle: null, problem };
  for (const column of columns.unknown) {
    yield {
      kind: 'notice',
      row: 1,
      column,
      handle: null,
      problem: 'The column does not belong to the format and was not imported.',
    };
  }
}

function unreadable(error: unknown, header: readonly string[]): RefusedItem {
  if (!(error instanceof UnreadableFile)) throw error;
  return {
    kind: 'refused',
    row: error.row,
    column: error.cell === null ? null : (header[error.cell] ?? null),
    handle: null,
    problem: error.message,
  };
}

/**
 * Reads a product CSV of Shopify's format, product by product, in bounded memory: the file is read twice, first to learn
 * where each product ends and whether it can be read to its end at all, then to give the products out. Nothing is given
 * out of a file that is broken further down. Every row ends in a product or in a refusal; nothing is dropped in silence.
 */
export async function* readShopifyCsv(source: Source, options: ReadOptions): AsyncGenerator<ShopifyItem> {
  let table: Table;
  let found: Survey | RefusedItem[];
  try {
    table = await openTable(source, options.encoding);
    found = await survey(table);
  } catch (error) {
    yield unreadable(error, []);
    return;
  }
  if (Array.isArray(found)) {
    yield* found;
    return;
  }
  const { columns, rows, lastRow } = found;
  yield { kind: 'file', rows, products: lastRow.size, encoding: table.encoding, delimiter: table.delimiter, columns };
  yield* fileNotices(table, columns);
  if (rows === 0) {
    yield { kind: 'refused', row: 1, column: null, handle: null, problem: 'The file has a header but no products.' };
    return;
  }
  yield* products(table, found, { columns, delimiter: table.delimiter, currency: options.currency });
}

/** Which SKU was given to which product, over the whole file. */
class SkuBook {
  readonly #owners = new Map<string, { handle: string; row: number }>();

  /** Takes a product's SKUs, all or none: the first that is taken is answered. */
  take(product: ImportedProduct, row: number): { sku: string; handle: string; row: number } | null {
    for (const { sku } of product.variants) {
      const owner = this.#owners.get(sku);
      if (owner) return { sku, ...owner };
    }
    for (const { sku } of product.variants) this.#owners.set(sku, { handle: product.handle, row });
    return null;
  }
}

async function* products(table: Table, survey: Survey, terms: Terms): AsyncGenerator<ShopifyItem> {
  const { columns, lastRow } = survey;
  const skus = new SkuBook();
  const waiting = new Map<string, TableRow[]>();
  const refused = new Set<string>();
  let held = 0;
  let header = true;
  for await (const row of table.rows()) {
    if (header) {
      header = false;
      continue;
    }
    const handle = handleOf(row, columns);
    const column = columns.header[columns.at.get('handle')!]!;
    if (handle === '') {
      yield {
        kind: 'refused',
        row: row.row,
        column,
        handle: null,
        problem: 'The row has no handle, so it cannot be told which product it belongs to.',
      };
      continue;
    }
    if (refused.has(handle)) {
      yield {
        kind: 'refused',
        row: row.row,
        column,
        handle,
        problem: `The product ${show(handle)} was refused above, and this row with it.`,
      };
      continue;
    }
    const rows = waiting.get(handle) ?? [];
    waiting.set(handle, rows);
    rows.push(row);
    held += 1;
    const tooMany = rows.length > MAX_PRODUCT_ROWS;
    if (!tooMany && lastRow.get(handle) === row.row) {
      yield* finish(handle, rows, terms, skus, survey);
    } else if (tooMany || held > MAX_WAITING_ROWS) {
      const problem = tooMany
        ? `The product ${show(handle)} has more than ${MAX_PRODUCT_ROWS} rows.`
        : `The rows of the product ${show(handle)} lie too far apart; sort the file by “${column}”.`;
      yield { kind: 'refused', row: rows[0]!.row, column, handle, problem };
      refused.add(handle);
    } else continue;
    waiting.delete(handle);
    held -= rows.length;
  }
}

function* finish(
  handle: string,
  rows: readonly TableRow[],
  terms: Terms,
  skus: SkuBook,
  { scattered, torn }: Survey,
): Generator<ShopifyItem> {
  const [first, last] = [rows[0]!.row, rows.at(-1)!.row] as const;
  const { product, origin, problems, notices } = readProduct(handle, rows, terms);
  for (const { row, column, problem } of problems) yield { kind: 'refused', row, column, handle, problem };
  const part = torn.get(handle);
  if (part !== undefined) {
    yield {
      kind: 'refused',
      row: first,
      column: null,
      handle,
      problem: `Row ${part} has no handle and may be a part of this product, which is therefore not imported.`,
    };
  }
  if (!product || part !== undefined) return;
  const taken = skus.take(product, first);
  if (taken) {
    const column = terms.columns.at.get('sku');
    const row = rows.find((one) => column !== undefined && one.cells[column]?.trim() === taken.sku)?.row ?? first;
    yield {
      kind: 'refused',
      row,
      column: column === undefined ? null : terms.columns.header[column]!,
      handle,
      problem: `The SKU ${show(taken.sku)} already belongs to the product ${show(taken.handle)} of row ${taken.row}.`,
    };
    return;
  }
  for (const { row, column, problem } of notices) yield { kind: 'notice', row, column, handle, problem };
  if (scattered.has(handle)) {
    yield {
      kind: 'notice',
      row: first,
      column: null,
      handle,
      problem: `The rows of this product do not stand together (rows ${first} to ${last}); they were put together.`,
    };
  }
  yield { kind: 'product', handle, rows: [first, last], product, origin };
}
