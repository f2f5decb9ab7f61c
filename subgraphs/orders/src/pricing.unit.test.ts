import { type CurrencyCode, DEFAULT_CHANNEL, type VariantId } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  priceAt,
  type Quoting,
  quote,
  type Rules,
  type ShippingMethodId,
  shareOf,
  taxOf,
  type VariantCopy,
} from './pricing.ts';

const now = new Date('2026-06-15T12:00:00Z');
const id = (n: number) => `v${n}` as VariantId;
const at = (amount: number, from: string | null = null, to: string | null = null) => ({
  amount,
  validFrom: from === null ? null : new Date(from),
  validTo: to === null ? null : new Date(to),
});
const copy = (n: number, amount: number, more: Partial<VariantCopy> = {}): VariantCopy => ({
  variantId: id(n),
  published: true,
  name: `Thing ${n}`,
  sku: `T${n}`,
  weightGrams: 500,
  requiresShipping: true,
  taxClass: 'standard',
  maxPerOrder: null,
  prices: [at(amount)],
  ...more,
});
const open = { weightFrom: 0, weightTo: null, subtotalFrom: 0, subtotalTo: null };
const method = (n: string, ...tiers: Rules['methods'][number]['tiers']) => ({
  id: n as ShippingMethodId,
  name: n,
  description: null,
  taxClass: 'standard',
  minDays: null,
  maxDays: null,
  tiers,
});
const quoting = (more: Partial<Quoting> = {}): Quoting => ({
  wanted: [{ variantId: id(1), quantity: 1 }],
  copies: [copy(1, 1000)],
  rules: { rates: { standard: 1900 }, methods: [method('post', { ...open, price: 500 })] },
  channel: DEFAULT_CHANNEL,
  hasDestination: true,
  methodId: null,
  now,
  ...more,
});
const net = { ...DEFAULT_CHANNEL, pricesIncludeTax: false };
const gapsOf = (more: Partial<Quoting>) => quote(quoting(more)).gaps.map(({ gap }) => gap);

describe('a quote', () => {
  it('holds the tax in the prices where the channel says so', () => {
    expect(quote(quoting())).toMatchObject({ subtotal: 1000, shipping: 500, tax: 160 + 80, total: 1500 });
  });
  it('adds the tax, of shipping too, where prices are without', () => {
    expect(quote(quoting({ channel: net }))).toMatchObject({
      subtotal: 1000,
      shipping: 500,
      tax: 190 + 95,
      total: 1785,
      shippingGross: 595,
    });
  });
  it('rounds tax once per line after discounts', () => {
    const wanted = [{ variantId: id(1), quantity: 3 }];
    const { lines } = quote(
      quoting({ channel: net, wanted, copies: [copy(1, 333)], discounts: [{ amount: 100, variantIds: null }] }),
    );
    expect(lines[0]).toMatchObject({ amount: 999, discount: 100, net: 899, tax: 171, gross: 1070 });
  });
  it('spreads a discount over the lines it names, never below zero', () => {
    const wanted = [1, 2, 3].map((n) => ({ variantId: id(n), quantity: 1 }));
    const copies = [copy(1, 100), copy(2, 100), copy(3, 100)];
    const off = (discounts: Quoting['discounts']) =>
      quote(quoting({ wanted, copies, discounts })).lines.map(({ discount }) => discount);
    expect(off([{ amount: 100, variantIds: null }])).toEqual([34, 33, 33]);
    expect(off([{ amount: 50, variantIds: [id(2)] }])).toEqual([0, 50, 0]);
    expect(
      off([
        { amount: 9999, variantIds: [id(2)] },
        { amount: 9999, variantIds: null },
      ]),
    ).toEqual([100, 100, 100]);
  });
  it('takes the cheapest tier that fits weight and subtotal, and the cheapest method where none is chosen', () => {
    const methods = [
      method(
        'slow',
        { ...open, price: 500, weightTo: 1000 },
        { ...open, price: 900, weightFrom: 1000 },
        { ...open, price: 0, subtotalFrom: 5000 },
      ),
      method('fast', { ...open, price: 800 }),
    ];
    const best = (quantity: number, price: number) => {
      const { method: chosen } = quote(
        quoting({ wanted: [{ variantId: id(1), quantity }], copies: [copy(1, price)], rules: { rates: {}, methods } }),
      );
      return [chosen?.name, chosen?.price];
    };
    expect(best(1, 100)).toEqual(['slow', 500]);
    expect(best(2, 100)).toEqual(['fast', 800]);
    expect(best(1, 5000)).toEqual(['slow', 0]);
    expect(best(1, 4999)).toEqual(['slow', 500]);
  });
  it('taxes a class without a rate by the standard rate, the zero class and an unknown zone not at all', () => {
    const rate = (taxClass: string, rates: Record<string, number>) =>
      quote(quoting({ copies: [copy(1, 1000, { taxClass })], rules: { rates, methods: [] } })).lines[0]!.taxRateBp;
    expect(rate('reduced', { standard: 1900, reduced: 700 })).toBe(700);
    expect(rate('books', { standard: 1900 })).toBe(1900);
    expect(rate('zero', { standard: 1900 })).toBe(0);
    expect(rate('standard', {})).toBe(0);
  });
  it('names why it cannot be ordered', () => {
    expect(gapsOf({})).toEqual([]);
    expect(gapsOf({ wanted: [] })).toEqual(['EMPTY']);
    expect(gapsOf({ copies: [] })).toEqual(['UNAVAILABLE']);
    expect(gapsOf({ copies: [copy(1, 1, { published: false })] })).toEqual(['UNAVAILABLE']);
    expect(gapsOf({ copies: [copy(1, 1, { prices: [] })] })).toEqual(['PRICE_UNKNOWN']);
    expect(gapsOf({ wanted: [{ variantId: id(1), quantity: 3 }], copies: [copy(1, 1, { maxPerOrder: 2 })] })).toEqual([
      'QUANTITY_LIMIT',
    ]);
    expect(gapsOf({ hasDestination: false })).toEqual(['NO_ADDRESS']);
    expect(gapsOf({ rules: { rates: {}, methods: [] } })).toEqual(['NOT_SHIPPABLE']);
    expect(gapsOf({ methodId: 'gone' as ShippingMethodId })).toEqual(['SHIPPING_METHOD_UNAVAILABLE']);
    expect(
      gapsOf({
        copies: [copy(1, 1, { requiresShipping: false })],
        hasDestination: false,
        rules: { rates: {}, methods: [] },
      }),
    ).toEqual([]);
  });
});

describe('the price that holds', () => {
  it('begins with its validFrom and ends just before its validTo', () => {
    const row = [at(5, '2026-06-15T12:00:00Z', '2026-06-15T13:00:00Z')];
    expect(priceAt(row, now)).toBe(5);
    expect(priceAt(row, new Date('2026-06-15T11:59:59.999Z'))).toBeNull();
    expect(priceAt(row, new Date('2026-06-15T13:00:00Z'))).toBeNull();
  });
  it('is the one that began last', () => {
    expect(priceAt([at(10), at(8, '2026-06-01T00:00:00Z'), at(6, '2026-07-01T00:00:00Z')], now)).toBe(8);
  });
});

describe('money laws', () => {
  const line = fc.record({
    price: fc.integer({ min: 0, max: 10_000_000 }),
    quantity: fc.integer({ min: 1, max: 999 }),
  });
  const cart = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    included: fc.boolean(),
    standard: fc.integer({ min: 0, max: 10_000 }),
    shipping: fc.integer({ min: 0, max: 100_000 }),
    off: fc.integer({ min: 0, max: 1_000_000_000 }),
  });
  it('every amount is an integer, none is negative, and the parts sum to the total', () => {
    fc.assert(
      fc.property(cart, ({ lines, included, standard, shipping, off }) => {
        const result = quote(
          quoting({
            wanted: lines.map(({ quantity }, n) => ({ variantId: id(n), quantity })),
            copies: lines.map(({ price }, n) => copy(n, price)),
            rules: { rates: { standard }, methods: [method('post', { ...open, price: shipping })] },
            channel: { ...DEFAULT_CHANNEL, pricesIncludeTax: included },
            discounts: [{ amount: off, variantIds: null }],
          }),
        );
        const sum = (of: (l: (typeof result.lines)[number]) => number) => result.lines.reduce((n, l) => n + of(l), 0);
        expect(result.total).toBe(result.subtotal - result.discount + result.shipping + (included ? 0 : result.tax));
        expect(result.total).toBe(sum((l) => l.gross) + result.shippingGross);
        expect(result.discount).toBe(Math.min(off, result.subtotal));
        for (const l of result.lines) {
          expect(
            [l.net, l.tax, l.discount, l.amount - l.discount].every((n) => Number.isSafeInteger(n) && n >= 0),
          ).toBe(true);
          expect(l.gross).toBe(l.net + l.tax);
        }
      }),
    );
  });
  it('tax with and without prices meets within a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 10_000 }), (amount, rate) => {
        const { gross } = taxOf(amount, rate, false);
        expect(Math.abs(taxOf(gross, rate, true).net - amount)).toBeLessThanOrEqual(1);
      }),
    );
  });
  it('shares of a line sum to the line, however it is taken apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 }),
        (amount, parts) => {
          const quantity = parts.reduce((n, part) => n + part, 0);
          let before = 0;
          let sum = 0;
          for (const part of parts) {
            const share = shareOf(amount, quantity, before, part);
            expect(share).toBeGreaterThanOrEqual(0);
            sum += share;
            before += part;
          }
          expect(sum).toBe(amount);
        },
      ),
    );
  });
  it('keeps currencies of no and of three digits in their own minor units', () => {
    for (const currency of ['JPY', 'KWD'] as CurrencyCode[]) {
      expect(quote(quoting({ channel: { ...net, currency } })).total).toBe(1785);
    }
  });
});
