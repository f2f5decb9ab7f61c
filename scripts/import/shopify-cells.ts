import { createHash } from 'node:crypto';
import { type CurrencyCode, fractionDigits, fromDecimal } from '@souk/schema';

/** A cell's meaning, or a whole sentence that says why it has none. */
export type Read<T> = { value: T } | { problem: string };

/** What the shop takes. Known here too, so that a person reads about all of it in one go, before anything is sent. */
export const limits = {
  title: 300,
  vendor: 200,
  handle: 200,
  sku: 100,
  optionName: 100,
  option: 200,
  tag: 100,
  tags: 100,
  seoTitle: 300,
  seoDescription: 1000,
  alt: 500,
  url: 2000,
  body: 100_000,
  variants: 100,
  pictures: 100,
  priceMinor: 9_999_999_999,
  quantity: 1_000_000,
  grams: 1_000_000,
} as const;

/** Shortened for a report, so that a cell of a megabyte does not fill the screen. */
export const show = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;

/** `1.234,5` of a German spreadsheet is never guessed at; a single decimal comma in a semicolon file is plain enough. */
function plainDecimal(text: string, decimalComma: boolean): string | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  if (/^-?\.\d+$/.test(text)) return text.replace('.', '0.');
  return decimalComma && /^-?\d+,\d{1,4}$/.test(text) ? text.replace(',', '.') : null;
}

export function readMoney(text: string, currency: CurrencyCode, decimalComma: boolean): Read<number> {
  const decimal = plainDecimal(text, decimalComma);
  if (decimal === null)
    return { problem: `${show(text)} is not an amount of money; write it like 1234.50, without a currency sign.` };
  if (decimal.startsWith('-') && Number(decimal) !== 0)
    return { problem: `An amount of money cannot be negative, but this one is ${decimal}.` };
  if (Number(decimal) * 10 ** fractionDigits(currency) > limits.priceMinor) {
    return { problem: `${show(text)} is too large an amount of money.` };
  }
  const money = fromDecimal(decimal, currency);
  if (money) return { value: money.amountMinor };
  return { problem: `${show(text)} has more decimals than ${currency} has.` };
}

export function readInteger(text: string, what: string, from: number, to: number): Read<number> {
  if (!/^-?\d+(\.0+)?$/.test(text)) return { problem: `${what} must be a whole number, but this is ${show(text)}.` };
  const value = Number(text);
  if (value < from || value > to)
    return { problem: `${what} must lie between ${from} and ${to}, but this is ${show(text)}.` };
  return { value };
}

const gramsPer: Readonly<Record<string, number>> = { g: 1, kg: 1000, oz: 28.349523125, lb: 453.59237 };
export type WeightUnit = 'g' | 'kg' | 'oz' | 'lb';

export const isWeightUnit = (text: string): text is WeightUnit => Object.hasOwn(gramsPer, text);

/** Whole grams, rounded half up. */
export function readWeight(text: string, unit: WeightUnit, decimalComma: boolean): Read<number> {
  const decimal = plainDecimal(text, decimalComma);
  if (decimal === null) return { problem: `${show(text)} is not a weight; write a plain number.` };
  const grams = Math.round(Number(decimal) * gramsPer[unit]!);
  if (grams < 0) return { problem: `A weight cannot be negative, but this one is ${decimal}.` };
  if (grams > limits.grams)
    return { problem: `${show(text)} ${unit} is more than a tonne, which is too heavy to ship.` };
  return { value: grams };
}

export function readBoolean(text: string): Read<boolean> {
  const lower = text.toLowerCase();
  if (['true', 'yes', '1'].includes(lower)) return { value: true };
  if (['false', 'no', '0'].includes(lower)) return { value: false };
  return { problem: `${show(text)} is neither TRUE nor FALSE.` };
}

/** Only addresses a server may later fetch from: http or https, no user name, not endless. */
export function readUrl(text: string): Read<string> {
  if (text.length > limits.url)
    return { problem: `The address of a picture may have ${limits.url} characters at most.` };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.hostname === '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    return { problem: `${show(text)} is not a web address of a picture.` };
  }
  return { value: text };
}

const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/**
 * The SKU of a variant whose file gives it none: the same for the same handle and option values, whatever else the file
 * holds, so that importing again finds the variant. Where the slug drops characters (`S/M`, `S M`), a short digest of the
 * exact values keeps two variants apart.
 */
export function generatedSku(handle: string, values: readonly string[]): string {
  const sku = [handle, ...values.map(slugOf)].filter((part) => part !== '').join('_');
  const lossless = values.every((value) => /^[a-z0-9]+( [a-z0-9]+)*$/i.test(value));
  if (lossless && sku.length <= limits.sku) return sku;
  const digest = createHash('sha256')
    .update(JSON.stringify([handle, ...values.map((value) => value.toLowerCase())]))
    .digest('hex')
    .slice(0, 8);
  return `${[...sku].slice(0, limits.sku - 9).join('')}_${digest}`;
}
