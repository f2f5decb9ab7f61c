import type { TableRow } from './csv-text.ts';
import {
  generatedSku,
  isWeightUnit,
  limits,
  readBoolean,
  readInteger,
  readWeight,
  show,
  type WeightUnit,
} from './shopify-cells.ts';
import type { RowReader } from './shopify-rows.ts';

export interface ImportedVariant {
  sku: string;
  /** True where the file has no SKU and `sku` was made from the handle and the option values. */
  skuGenerated: boolean;
  optionValues: readonly string[];
  priceMinor: number;
  compareAtMinor: number | null;
  costMinor: number | null;
  weightGrams: number;
  weightUnit: WeightUnit;
  requiresShipping: boolean;
  taxable: boolean;
  taxCode: string | null;
  barcode: string | null;
  pictureUrl: string | null;
  /** Null where the file does not count stock. */
  quantity: number | null;
  sellWhenOutOfStock: boolean;
  /** Amounts of other markets as plain decimals: the file does not name their currency. */
  markets: readonly { market: string; included: boolean | null; price: string | null; compareAt: string | null }[];
}

export function readOptions(
  reader: RowReader,
  first: TableRow,
  variantRows: readonly TableRow[],
): { name: string; values: string[] }[] {
  const names = ([1, 2, 3] as const).map((number) => reader.bounded(first, `option${number}Name`, limits.optionName));
  const used = names.filter((name) => name !== '');
  const gap = names.findIndex((name, at) => name === '' && names.slice(at).some((later) => later !== ''));
  if (gap !== -1)
    reader.refuse(
      first,
      `option${(gap + 1) as 1 | 2 | 3}Name`,
      'An option has no name although a later option has one.',
    );
  if (new Set(used.map((name) => name.toLowerCase())).size < used.length) {
    reader.refuse(first, 'option1Name', `Two options have the same name: ${used.map(show).join(', ')}.`);
  }
  // “Title: Default Title” is how the format writes that there is nothing to choose.
  const sole =
    variantRows.length === 1 &&
    used.length === 1 &&
    reader.text(variantRows[0]!, 'option1Value').toLowerCase() === 'default title';
  return sole ? [] : used.map((name) => ({ name, values: [] }));
}

/** Fills `options` with the values in the order of their first use. */
export function readOptionValues(
  reader: RowReader,
  row: TableRow,
  options: { name: string; values: string[] }[],
): string[] {
  const values = options.map(({ name, values: known }, at) => {
    const field = `option${(at + 1) as 1 | 2 | 3}Value` as const;
    const text = reader.bounded(row, field, limits.option);
    if (text === '') reader.refuse(row, field, `The variant has no value for the option ${show(name)}.`);
    const same = known.find((value) => value.toLowerCase() === text.toLowerCase());
    if (same === undefined && text !== '') known.push(text);
    return same ?? text;
  });
  for (let at = options.length; at < 3; at++) {
    const field = `option${(at + 1) as 1 | 2 | 3}Value` as const;
    const text = reader.text(row, field);
    if (text !== '' && text.toLowerCase() !== 'default title') {
      reader.refuse(
        row,
        field,
        `The variant has the value ${show(text)} for an option that the product does not have.`,
      );
    }
  }
  return values;
}

function weightOf(reader: RowReader, row: TableRow): { weightGrams: number; weightUnit: WeightUnit } {
  const named = reader.text(row, 'weightUnit').toLowerCase();
  if (named !== '' && !isWeightUnit(named))
    reader.refuse(row, 'weightUnit', `${show(named)} is not a unit of weight; use g, kg, oz or lb.`);
  const weightUnit = isWeightUnit(named) ? named : 'g';
  // “Grams” are grams whatever unit the shop shows; only the plain weight column is in that unit.
  const grams = reader.read(row, 'grams', (text) => readWeight(text, 'g', reader.decimalComma));
  const weight = reader.read(row, 'weight', (text) => readWeight(text, weightUnit, reader.decimalComma));
  return { weightGrams: grams ?? weight ?? 0, weightUnit };
}

function marketsOf(reader: RowReader, row: TableRow): ImportedVariant['markets'] {
  const found = new Map<
    string,
    { market: string; included: boolean | null; price: string | null; compareAt: string | null }
  >();
  for (const { cell, market, kind } of reader.terms.columns.markets) {
    const text = (row.cells[cell] ?? '').trim();
    if (text === '') continue;
    const entry = found.get(market) ?? { market, included: null, price: null, compareAt: null };
    found.set(market, entry);
    const column = reader.terms.columns.header[cell]!;
    if (kind === 'included') {
      const read = readBoolean(text);
      if ('value' in read) entry.included = read.value;
      else reader.problems.push({ row: row.row, column, problem: read.problem });
    } else {
      const decimal = reader.decimalComma ? text.replace(/^(\d+),(\d{1,4})$/, '$1.$2') : text;
      if (/^\d{1,10}(\.\d{1,4})?$/.test(decimal)) entry[kind] = decimal;
      else
        reader.problems.push({
          row: row.row,
          column,
          problem: `${show(text)} is not an amount of money; write it like 1234.50, without a currency sign.`,
        });
    }
  }
  return [...found.values()];
}

function quantityOf(reader: RowReader, row: TableRow): number | null {
  const quantity = reader.read(row, 'inventoryQty', (text) =>
    readInteger(text, 'A stock quantity', -limits.quantity, limits.quantity),
  );
  if (quantity !== null && quantity < 0) {
    reader.notice(row, 'inventoryQty', `More was sold than there was: the quantity ${quantity} is imported as 0.`);
    return 0;
  }
  return quantity;
}

function sellsWhenOut(reader: RowReader, row: TableRow): boolean {
  const text = reader.text(row, 'inventoryPolicy').toLowerCase();
  if (['', 'deny', 'false', 'no'].includes(text)) return false;
  if (['continue', 'true', 'yes'].includes(text)) return true;
  reader.refuse(row, 'inventoryPolicy', `${show(text)} is neither “deny” nor “continue”.`);
  return false;
}

export function readVariant(
  reader: RowReader,
  row: TableRow,
  handle: string,
  optionValues: readonly string[],
): ImportedVariant {
  if (reader.text(row, 'price') === '') reader.refuse(row, 'price', 'The variant has no price.');
  const priceMinor = reader.money(row, 'price') ?? 0;
  const compareAt = reader.money(row, 'compareAt');
  if (compareAt !== null && compareAt > 0 && compareAt <= priceMinor) {
    reader.notice(row, 'compareAt', 'The price to compare with is not above the price and was left out.');
  }
  // A spreadsheet that took a barcode or an SKU for a number writes 5.06E+12: its digits are lost.
  const barcode = reader.bounded(row, 'barcode', limits.sku).replace(/^'/, '');
  if (/^\d(\.\d+)?E\+\d+$/i.test(barcode))
    reader.refuse(
      row,
      'barcode',
      `A spreadsheet turned the barcode into the number ${show(barcode)}; its digits are lost.`,
    );
  const sku = reader.bounded(row, 'sku', limits.sku).replace(/^'/, '');
  return {
    sku: sku === '' ? generatedSku(handle, optionValues) : sku,
    skuGenerated: sku === '',
    optionValues,
    priceMinor,
    compareAtMinor: compareAt !== null && compareAt > priceMinor ? compareAt : null,
    costMinor: reader.money(row, 'cost'),
    ...weightOf(reader, row),
    requiresShipping: reader.read(row, 'requiresShipping', readBoolean) ?? true,
    taxable: reader.read(row, 'taxable', readBoolean) ?? true,
    taxCode: reader.bounded(row, 'taxCode', limits.tag) || null,
    barcode: barcode || null,
    pictureUrl: reader.url(row, 'variantImage'),
    quantity: quantityOf(reader, row),
    sellWhenOutOfStock: sellsWhenOut(reader, row),
    markets: marketsOf(reader, row),
  };
}
