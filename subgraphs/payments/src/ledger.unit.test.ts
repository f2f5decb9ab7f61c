import { type CurrencyCode, money } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, entryOf, type Movement } from './ledger.ts';

const movements: readonly Movement[] = [
  'CAPTURED',
  'REFUNDED',
  'REFUND_RETURNED',
  'DISPUTE_OPENED',
  'DISPUTE_WON',
  'DISPUTE_LOST',
];
const eur = (minor: number) => money(minor, 'EUR' as CurrencyCode);

describe('the ledger', () => {
  it('sums to zero over all accounts whatever moved', () => {
    const moved = fc.tuple(fc.constantFrom(...movements), fc.integer({ min: 1, max: 1_000_000_000 }));
    fc.assert(
      fc.property(fc.array(moved), (all) => {
        const sums = balances(all.map(([movement, amount]) => entryOf(movement, eur(amount))));
        expect(Object.values(sums).reduce((a, b) => a + b, 0)).toBe(0);
      }),
    );
  });

  it.each([
    ['CAPTURED', 'REFUNDED', { RECEIVABLE: -5, REFUNDS: 5 }],
    ['REFUNDED', 'REFUND_RETURNED', {}],
    ['DISPUTE_OPENED', 'DISPUTE_WON', {}],
    ['DISPUTE_OPENED', 'DISPUTE_LOST', { LOSSES: 5, CLEARING: -5 }],
  ] as const)('after %s and %s leaves what it should', (first, second, left) => {
    const zero = { RECEIVABLE: 0, CLEARING: 0, REFUNDS: 0, DISPUTES: 0, LOSSES: 0 };
    expect(balances([entryOf(first, eur(5)), entryOf(second, eur(5))])).toEqual({ ...zero, ...left });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a movement of %s', (minor) => {
    const amount = { amountMinor: minor, currency: 'EUR' as CurrencyCode };
    expect(() => entryOf('CAPTURED', amount)).toThrow(RangeError);
  });
});
