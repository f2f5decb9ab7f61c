import { currency } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedSku, limits, readBoolean, readInteger, readMoney, readUrl, readWeight } from './shopify-cells.ts';

const EUR = currency('EUR');

describe('an amount of money', () => {
  it.each([
    ['12', 1200],
    ['12.5', 1250],
    ['12.50', 1250],
    ['12.5000', 1250],
    ['.99', 99],
    ['0', 0],
    ['-0', 0],
    ['0012.10', 1210],
    ['99999999.99', 9_999_999_999],
  ])('%s is %i cents', (text, value) => expect(readMoney(text, EUR, false)).toEqual({ value }));

  it.each([
    ['€12', '“€12” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['1,234.50', '“1,234.50” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['12,50', '“12,50” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['1e3', '“1e3” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['NaN', '“NaN” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['١٢', '“١٢” is not an amount of money; write it like 1234.50, without a currency sign.'],
    ['-3', 'An amount of money cannot be negative, but this one is -3.'],
    ['12.345', '“12.345” has more decimals than EUR has.'],
    ['100000000', '“100000000” is too large an amount of money.'],
    ['9'.repeat(60), `“${'9'.repeat(39)}…” is too large an amount of money.`],
  ])('is refused as %s', (text, problem) => expect(readMoney(text, EUR, false)).toEqual({ problem }));

  it('may have a decimal comma in a file with semicolons, never a thousands separator', () => {
    expect(readMoney('12,50', EUR, true)).toEqual({ value: 1250 });
    expect(readMoney('1.234,50', EUR, true)).toHaveProperty('problem');
  });

  it('follows the decimals of its currency', () => {
    expect(readMoney('1200', currency('JPY'), false)).toEqual({ value: 1200 });
    expect(readMoney('12.5', currency('JPY'), false)).toEqual({ problem: '“12.5” has more decimals than JPY has.' });
    expect(readMoney('1.234', currency('KWD'), false)).toEqual({ value: 1234 });
  });

  it('of any minor units survives being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: limits.priceMinor }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect(readMoney(text, EUR, false)).toEqual({ value: minor });
        expect(readMoney(text.replace('.', ','), EUR, true)).toEqual({ value: minor });
      }),
    );
  });
});

describe('other cells', () => {
  it.each([
    ['1', 'g', 1],
    ['1.5', 'kg', 1500],
    ['1', 'lb', 454],
    ['3.5', 'oz', 99],
    ['0', 'kg', 0],
    ['0.0', 'g', 0],
  ] as const)('%s %s weigh %i grams', (text, unit, value) => expect(readWeight(text, unit, false)).toEqual({ value }));

  it.each([
    ['-1', 'A weight cannot be negative, but this one is -1.'],
    ['heavy', '“heavy” is not a weight; write a plain number.'],
    ['1001', '“1001” kg is more than a tonne, which is too heavy to ship.'],
  ])('the weight %s is refused', (text, problem) => expect(readWeight(text, 'kg', false)).toEqual({ problem }));

  it('whole numbers are whole, and within bounds', () => {
    expect(readInteger('3.0', 'A count', 0, 5)).toEqual({ value: 3 });
    expect(readInteger('1.5', 'A count', 0, 5)).toEqual({
      problem: 'A count must be a whole number, but this is “1.5”.',
    });
    expect(readInteger('2147483648', 'A count', 0, 5)).toEqual({
      problem: 'A count must lie between 0 and 5, but this is “2147483648”.',
    });
  });

  it('booleans are read in any case and nothing else is', () => {
    expect([readBoolean('TRUE'), readBoolean('false'), readBoolean('Yes')]).toEqual([
      { value: true },
      { value: false },
      { value: true },
    ]);
    expect(readBoolean('maybe')).toEqual({ problem: '“maybe” is neither TRUE nor FALSE.' });
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://x.example/a.jpg',
    '//x.example/a.jpg',
    'a.jpg',
    'https://user:pw@x.example/a.jpg',
    'http://',
  ])('a picture cannot be at %s', (text) =>
    expect(readUrl(text)).toEqual({ problem: `“${text}” is not a web address of a picture.` }),
  );

  it('a picture can be at an ordinary address', () => {
    expect(readUrl('https://cdn.example.com/a_925x@2x.jpg?v=1')).toEqual({
      value: 'https://cdn.example.com/a_925x@2x.jpg?v=1',
    });
  });
});

describe('a generated SKU', () => {
  it('is made of the handle and the option values', () => {
    expect(generatedSku('clay-plant-pot', [])).toBe('clay-plant-pot');
    expect(generatedSku('clay-plant-pot', ['Extra Large', 'Red'])).toBe('clay-plant-pot_extra-large_red');
  });

  it('tells values apart that only differ in what a slug drops, and ignores upper case', () => {
    const skus = ['S/M', 'S M', 'S-M', 'S.M', '日本', '日・本'].map((value) => generatedSku('shirt', [value]));
    expect(new Set(skus).size).toBe(skus.length);
    expect(generatedSku('shirt', ['S/M'])).toBe(generatedSku('shirt', ['s/m']));
  });

  it('is never longer than a SKU may be', () => {
    const sku = generatedSku('h'.repeat(90), ['Value '.repeat(30).trim()]);
    expect([sku.length, sku]).toEqual([100, generatedSku('h'.repeat(90), ['Value '.repeat(30).trim()])]);
  });

  it('differs for different values, whatever they are', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.array(value, { minLength: 1, maxLength: 3 }),
        (one, other) => {
          fc.pre(JSON.stringify(one).toLowerCase() !== JSON.stringify(other).toLowerCase());
          expect(generatedSku('h', one)).not.toBe(generatedSku('h', other));
        },
      ),
    );
  });
});
