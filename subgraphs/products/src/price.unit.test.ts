import { type ChannelId, type CurrencyCode, DEFAULT_CHANNEL, encodeId } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCurrent, lowestPrices, nextPriceChange, type Price, readPrice, replacePrices, setPrice } from './price.ts';
import { Problems } from './problems.ts';

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
const price = (amountMinor: number, from: number | null, to: number | null): Price => ({
  channelId: DEFAULT_CHANNEL.id,
  currency: DEFAULT_CHANNEL.currency,
  amountMinor,
  compareAtMinor: null,
  validFrom: from === null ? null : day(from),
  validTo: to === null ? null : day(to),
});
const at = (prices: readonly Price[], n: number) =>
  prices.filter((one) => isCurrent(one, new Date(day(n)))).map((one) => one.amountMinor);

describe('setting a price', () => {
  it('lays a sale over a standing price', () => {
    const prices = setPrice([price(1000, null, null)], price(800, 5, 10));
    expect(prices).toEqual([price(1000, null, 5), price(800, 5, 10), price(1000, 10, null)]);
  });
  it('covers what lies within', () => {
    expect(setPrice([price(1, 2, 3), price(2, 4, 5)], price(9, null, null))).toEqual([price(9, null, null)]);
  });
  it('leaves what only touches it', () => {
    expect(setPrice([price(1, 0, 5), price(2, 10, 15)], price(9, 5, 10))).toEqual([
      price(1, 0, 5),
      price(9, 5, 10),
      price(2, 10, 15),
    ]);
  });
  it('leaves other channels and currencies alone', () => {
    const dollars = { ...price(7, null, null), currency: 'USD' as CurrencyCode };
    const elsewhere = { ...price(8, null, null), channelId: '01900000-0000-7000-8000-000000000002' as ChannelId };
    expect(setPrice([dollars, elsewhere], price(9, null, null))).toHaveLength(3);
  });
  it('makes the last word hold at every moment, and never two', () => {
    const bound = fc.option(fc.integer({ min: 0, max: 30 }), { nil: null });
    const said = fc
      .tuple(fc.integer({ min: 0, max: 999 }), bound, bound)
      .filter(([, from, to]) => from === null || to === null || from < to)
      .map(([amount, from, to]) => price(amount, from, to));
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (all) => {
        const prices = all.reduce<Price[]>((known, one) => setPrice(known, one), []);
        for (let n = -1; n <= 31; n++) {
          const last = all.findLast((one) => isCurrent(one, new Date(day(n))));
          expect(at(prices, n)).toEqual(last ? [last.amountMinor] : []);
        }
      }),
    );
  });
});

describe('prices of a variant', () => {
  it('hold from their start until just before their end', () => {
    const prices = [price(5, 2, 4)];
    expect([1, 2, 3, 4].map((n) => at(prices, n))).toEqual([[], [5], [5], []]);
  });
  it('change next at the nearest start or end to come', () => {
    const prices = [price(1, null, 5), price(2, 5, 9)];
    expect(nextPriceChange(prices, new Date(day(0)))).toEqual(new Date(day(5)));
    expect(nextPriceChange(prices, new Date(day(5)))).toEqual(new Date(day(9)));
    expect(nextPriceChange(prices, new Date(day(9)))).toBeNull();
  });
  it('are lowest by channel and currency', () => {
    const dollars = { ...price(7, null, null), currency: 'USD' as CurrencyCode };
    expect(
      lowestPrices([price(5, null, null), price(3, null, null), price(1, 9, null), dollars], new Date(day(0))),
    ).toEqual([price(3, null, null), dollars]);
  });
  it('are replaced where they are told, and only there', () => {
    const dollars = { ...price(7, null, null), currency: 'USD' as CurrencyCode };
    expect(replacePrices([price(1, 0, 5), dollars], [price(2, null, null)])).toEqual([price(2, null, null), dollars]);
    expect(replacePrices([price(1, 0, 5)], [])).toEqual([price(1, 0, 5)]);
  });
});

describe('a price as written', () => {
  const read = (draft: Partial<Parameters<typeof readPrice>[1]>) => {
    const problems = new Problems();
    const found = readPrice(problems, { amount: '1', ...draft }, DEFAULT_CHANNEL);
    return { found, fields: problems.all.map((one) => one.field?.join('.')) };
  };
  it('is of the reader’s channel and its currency where it says nothing else', () => {
    expect(read({ amount: '12.34' }).found).toEqual(price(1234, null, null));
  });
  it.each([
    [{ amount: '-1' }, 'input.amount'],
    [{ amount: '1.001' }, 'input.amount'],
    [{ amount: '1000000000.01' }, 'input.amount'],
    [{ amount: '1.5', currency: 'JPY' }, 'input.amount'],
    [{ currency: 'euro' }, 'input.currency'],
    [{ compareAt: '1' }, 'input.compareAt'],
    [{ compareAt: '0.50' }, 'input.compareAt'],
    [{ channelId: encodeId('Product', DEFAULT_CHANNEL.id) }, 'input.channelId'],
    [{ channelId: encodeId('Channel', '01900000-0000-7000-8000-000000000002') }, 'input.currency'],
    [{ validFrom: new Date(5), validTo: new Date(5) }, 'input.validTo'],
  ])('is refused: %j', (draft, field) => {
    expect(read(draft)).toEqual({ found: null, fields: [field] });
  });
  it('may be nothing, or a thousand million', () => {
    expect(read({ amount: '0' }).found?.amountMinor).toBe(0);
    expect(read({ amount: '1000000000.00' }).found?.amountMinor).toBe(100_000_000_000);
  });
});
