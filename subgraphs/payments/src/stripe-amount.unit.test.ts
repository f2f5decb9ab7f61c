import { currency, fractionDigits, money } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts';

const CHARGED = [
  'EUR',
  'USD',
  'HUF',
  'TWD',
  'JPY',
  'KRW',
  'XOF',
  'MGA',
  'ISK',
  'UGX',
  'KWD',
  'BHD',
  'TND',
  'JOD',
  'OMR',
];

describe('amounts told to Stripe', () => {
  it.each([
    ['EUR', 1234, 1234],
    ['JPY', 500, 500],
    ['KRW', 500, 500],
    ['ISK', 5, 500],
    ['UGX', 5, 500],
    ['MGA', 500, 5],
    ['KWD', 5120, 5120],
    ['HUF', 1045, 1045],
  ])('%s: our %i are their %i', (code, ours, theirs) => {
    const amount = money(ours, currency(code));
    expect(toStripeAmount(amount)).toBe(theirs);
    expect(fromStripeAmount(theirs, code.toLowerCase())).toEqual(amount);
  });

  it.each([
    ['KWD', 5124],
    ['MGA', 550],
    ['EUR', 0],
    ['EUR', -1],
    ['IQD', 1000],
  ])('%s %i are refused rather than rounded', (code, ours) => {
    expect(() => toStripeAmount(money(ours, currency(code)))).toThrow(
      expect.objectContaining({ name: 'GatewayFault', kind: 'INVALID_CALL', retryable: false }),
    );
  });

  it('come back as they went, in every currency', () => {
    const whole = fc.record({ code: fc.constantFrom(...CHARGED), units: fc.integer({ min: 1, max: 9_999_999 }) });
    fc.assert(
      fc.property(whole, ({ code, units }) => {
        const amount = money(units * 10 ** fractionDigits(currency(code)), currency(code));
        expect(fromStripeAmount(toStripeAmount(amount), code)).toEqual(amount);
      }),
    );
  });
});
