import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  allocate,
  type CurrencyCode,
  compare,
  currency,
  equal,
  fractionDigits,
  fromDecimal,
  isCurrency,
  type Money,
  money,
  multiply,
  roundHalfUp,
  subtract,
  sum,
  toDecimal,
  zero,
} from './money.ts';

const code = fc.constantFrom(...['EUR', 'JPY', 'KWD', 'TND', 'USD'].map(currency));
const minor = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
const amount = fc.record({ amountMinor: minor, currency: code }) as fc.Arbitrary<Money>;
const weights = fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 20 });
const eur = (amountMinor: number) => money(amountMinor, currency('EUR'));

describe('allocate', () => {
  it('gives parts that sum to the whole, none of them further than one unit from its exact share', () => {
    fc.assert(
      fc.property(amount, weights, (whole, given) => {
        const parts = allocate(whole, given);
        expect(sum(parts, whole.currency)).toEqual(money(whole.amountMinor, whole.currency));
        const used = given.some((weight) => weight > 0) ? given : given.map(() => 1);
        const total = used.reduce((all, weight) => all + BigInt(weight), 0n);
        parts.forEach((part, index) => {
          const off = BigInt(part.amountMinor) * total - BigInt(whole.amountMinor) * BigInt(used[index]!);
          expect(off < total && off > -total).toBe(true);
          expect(Object.is(part.amountMinor, -0)).toBe(false);
        });
      }),
    );
  });
  it('keeps the order of the weights: a greater weight never gets less', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), code, weights, (whole, currencyCode, given) => {
        const parts = allocate(money(whole, currencyCode), given).map((part) => part.amountMinor);
        for (let a = 0; a < given.length; a++) {
          for (let b = 0; b < given.length; b++) {
            if (given[a]! > given[b]!) expect(parts[a]!).toBeGreaterThanOrEqual(parts[b]!);
          }
        }
      }),
    );
  });
  it('gives a debt the mirror image of a credit', () => {
    fc.assert(
      fc.property(amount, weights, (whole, given) => {
        const there = allocate(whole, given).map((part) => part.amountMinor);
        const back = allocate(multiply(whole, -1), given).map((part) => part.amountMinor);
        expect(there.map((part, index) => part + back[index]!)).toEqual(given.map(() => 0));
      }),
    );
  });
  it('gives nothing to a weight of 0 while another has any', () => {
    fc.assert(
      fc.property(amount, weights, (whole, given) => {
        fc.pre(given.some((weight) => weight > 0));
        allocate(whole, given).forEach((part, index) => {
          if (given[index] === 0) expect(part.amountMinor).toBe(0);
        });
      }),
    );
  });
  it.each<[number, number[], number[]]>([
    [100, [1, 1, 1], [34, 33, 33]],
    [5, [3, 7], [2, 3]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [2, [0, 0, 0], [1, 1, 0]],
    [0, [1, 2], [0, 0]],
    [7, [9], [7]],
  ])('splits %i by %j into %j', (whole, given, expected) => {
    expect(allocate(eur(whole), given)).toEqual(expected.map(eur));
  });
  it.each([[[]], [[1, -1]], [[0.5]], [[Number.NaN]]])('takes no weights such as %j', (given) => {
    expect(() => allocate(eur(1), given)).toThrow(RangeError);
  });
});

describe('decimals', () => {
  it('come back as they went, in every currency', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(fromDecimal(toDecimal(value), value.currency)).toEqual({ ...value, amountMinor: value.amountMinor + 0 });
      }),
    );
  });
  it.each<[number, string, string]>([
    [1234, 'EUR', '12.34'],
    [5, 'EUR', '0.05'],
    [-5, 'EUR', '-0.05'],
    [0, 'EUR', '0.00'],
    [1234, 'JPY', '1234'],
    [-7, 'JPY', '-7'],
    [1234, 'KWD', '1.234'],
  ])('show %i %s as %s', (value, currencyCode, text) => {
    expect(toDecimal(money(value, currency(currencyCode)))).toBe(text);
  });
  it.each<[string, string, number | null]>([
    ['12', 'EUR', 1200],
    ['12.3', 'EUR', 1230],
    [' 12.30 ', 'EUR', 1230],
    ['12.340', 'EUR', 1234],
    ['-0', 'EUR', 0],
    ['007', 'EUR', 700],
    ['12.345', 'EUR', null],
    ['12.5', 'JPY', null],
    ['12.0', 'JPY', 12],
    ['1e3', 'EUR', null],
    ['1,50', 'EUR', null],
    ['.5', 'EUR', null],
    ['5.', 'EUR', null],
    ['+5', 'EUR', null],
    ['', 'EUR', null],
    ['٣', 'EUR', null],
    ['12345678901234', 'EUR', null],
  ])('read %j in %s', (text, currencyCode, expected) => {
    const value = fromDecimal(text, currency(currencyCode));
    expect(value === null ? null : value.amountMinor).toBe(expected);
    if (value) expect(Object.is(value.amountMinor, -0)).toBe(false);
  });
});

describe('rounding half away from zero', () => {
  it.each<[bigint, bigint, number]>([
    [5n, 2n, 3],
    [-5n, 2n, -3],
    [4n, 3n, 1],
    [5n, 3n, 2],
    [0n, 7n, 0],
    [-1n, 3n, 0],
  ])('%i / %i', (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator) + 0).toBe(expected);
  });
  it('is never more than a half away, and mirrors', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (n, d) => {
          const off = 2n * (BigInt(roundHalfUp(n, d)) * d - n);
          expect(off <= d && off >= -d).toBe(true);
          expect(roundHalfUp(-n, d) + roundHalfUp(n, d)).toBe(0);
        },
      ),
    );
  });
});

describe('arithmetic', () => {
  it('adds and takes away without loss', () => {
    fc.assert(
      fc.property(minor, minor, code, (a, b, currencyCode) => {
        const [one, other] = [money(a, currencyCode), money(b, currencyCode)];
        expect(subtract(add(one, other), other)).toEqual(one);
        expect(add(one, other)).toEqual(add(other, one));
        expect(Math.sign(compare(one, other))).toBe(Math.sign(a - b));
        expect(equal(one, other)).toBe(a === b);
      }),
    );
  });
  it('never mixes currencies', () => {
    const [one, other] = [eur(1), money(1, currency('USD'))];
    for (const mix of [add, subtract, compare]) expect(() => mix(one, other)).toThrow(RangeError);
    expect(equal(one, other)).toBe(false);
    expect(sum([], currency('EUR'))).toEqual(zero(currency('EUR')));
  });
  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('takes no amount of %s', (value) => {
    expect(() => eur(value)).toThrow(RangeError);
  });
  it('does not run out of the safe integers silently', () => {
    expect(() => multiply(eur(Number.MAX_SAFE_INTEGER), 2)).toThrow(RangeError);
    expect(() => add(eur(Number.MAX_SAFE_INTEGER), eur(1))).toThrow(RangeError);
  });
});

describe('currencies', () => {
  it.each(['eur', 'EU', 'EURO', 'QQQ', '', 'E R'])('are not %j', (text) => {
    expect(isCurrency(text)).toBe(false);
    expect(() => currency(text)).toThrow(RangeError);
  });
  it('have the digits that ISO 4217 gives them', () => {
    const digits = (text: string) => fractionDigits(text as CurrencyCode);
    expect(['EUR', 'USD', 'JPY', 'KRW', 'KWD', 'TND', 'CLF'].map(digits)).toEqual([2, 2, 0, 0, 3, 3, 4]);
  });
});
