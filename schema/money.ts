/** ISO 4217 code, upper case. */
export type CurrencyCode = string & { readonly __currency: true };

/** An amount in the currency's minor unit (cents, yen). An integer, never a float. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: CurrencyCode;
}

/** Minor-unit digits of the currencies that do not have two (ISO 4217, 2024 list of active codes). */
const ODD_DIGITS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

const KNOWN: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export const isCurrency = (code: string): code is CurrencyCode => /^[A-Z]{3}$/.test(code) && KNOWN.has(code);

/** Throws a RangeError on anything that is not an ISO 4217 code: callers check user input with `isCurrency` first. */
export function currency(code: string): CurrencyCode {
  if (!isCurrency(code)) throw new RangeError('not an ISO 4217 currency code');
  return code;
}

/** Digits after the decimal point: EUR 2, JPY 0, KWD 3. */
export const fractionDigits = (code: CurrencyCode): number => ODD_DIGITS[code] ?? 2;

/** Throws a RangeError unless the amount is a safe integer. */
export function money(amountMinor: number, code: CurrencyCode): Money {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError('an amount of money is a safe integer of minor units');
  return { amountMinor, currency: code };
}

export const zero = (code: CurrencyCode): Money => ({ amountMinor: 0, currency: code });

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
}

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amountMinor + b.amountMinor, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.amountMinor - b.amountMinor, a.currency);
}

export const multiply = (a: Money, by: number): Money => money(a.amountMinor * by, a.currency);

export const sum = (amounts: readonly Money[], code: CurrencyCode): Money => amounts.reduce(add, zero(code));

export const equal = (a: Money, b: Money): boolean => a.amountMinor === b.amountMinor && a.currency === b.currency;

/** Negative, zero or positive, as for Array.sort. Amounts of two currencies do not compare. */
export function compare(a: Money, b: Money): number {
  sameCurrency(a, b);
  return a.amountMinor - b.amountMinor;
}

/**
 * Splits an amount by integer weights so that the parts sum to the whole: largest remainder, ties to the first.
 * All-zero weights split evenly. Throws a RangeError on no weights or a negative one.
 */
export function allocate(whole: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0 || weights.some((w) => !Number.isSafeInteger(w) || w < 0)) {
    throw new RangeError('weights are one or more non-negative integers');
  }
  const given = weights.some((w) => w > 0) ? weights : weights.map(() => 1);
  const total = given.reduce((sum, w) => sum + BigInt(w), 0n);
  const sign = whole.amountMinor < 0 ? -1 : 1;
  const amount = BigInt(Math.abs(whole.amountMinor));
  const parts = given.map((w, index) => {
    const exact = amount * BigInt(w);
    return { index, floor: exact / total, remainder: exact % total };
  });
  let left = Number(amount - parts.reduce((sum, p) => sum + p.floor, 0n));
  const extra = new Set(
    [...parts]
      .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .filter((p) => p.remainder > 0n && left-- > 0)
      .map((p) => p.index),
  );
  return parts.map((p) => money(sign * (Number(p.floor) + (extra.has(p.index) ? 1 : 0)) + 0, whole.currency));
}

/** Half away from zero of `numerator / denominator` in integers, as tax authorities round. Denominator > 0. */
export function roundHalfUp(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n;
  const n = negative ? -numerator : numerator;
  const rounded = (2n * n + denominator) / (2n * denominator);
  return Number(negative ? -rounded : rounded);
}

/** `1234` EUR → `"12.34"`, `1234` JPY → `"1234"`. */
export function toDecimal(a: Money): string {
  const digits = fractionDigits(a.currency);
  const text = Math.abs(a.amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const sign = a.amountMinor < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `"12.34"` in a currency → minor units, or null where the text is no plain decimal or has too many digits. */
export function fromDecimal(text: string, code: CurrencyCode): Money | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const digits = fractionDigits(code);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const amount = Number(match[2]! + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(amount)) return null;
  return { amountMinor: match[1] && amount !== 0 ? -amount : amount, currency: code };
}
