import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cardByInput, cardByToken } from './simulator.cards.ts';
import { checkAmount } from './simulator.currencies.ts';
import { newFaultPlan } from './simulator.faults.ts';
import { challengePage, displayAmount, donePage } from './simulator.page.ts';
import { backoffMs, signatureHeader } from './simulator.webhooks.ts';

describe('test cards', () => {
  it.each([
    ['pm_card_visa', null, 'optional'],
    ['tok_visa', null, 'optional'],
    ['pm_card_chargeDeclined', 'generic_decline', 'unsupported'],
    ['pm_card_visa_chargeDeclined', 'generic_decline', 'unsupported'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds', 'unsupported'],
    ['pm_card_threeDSecure2Required', null, 'required'],
    ['pm_card_authenticationRequired', null, 'required'],
  ])('%s declines with %s and 3-D Secure is %s', (token, code, authentication) => {
    const card = cardByToken(token);
    expect([card?.decline?.declineCode ?? null, card?.authentication]).toEqual([code, authentication]);
  });

  it.each(['pm_card_', 'pm_card_nothing', 'visa', 'pm_card_constructor', 'src_visa'])('%s is none', (token) => {
    expect(cardByToken(token)).toBeNull();
  });

  it.each([
    [{ number: '4242424242424242' }, null],
    [{ number: '4242-4242-4242-4242' }, null],
    [{ number: '4242424242424241' }, 'incorrect_number'],
    [{ number: '4242' }, 'incorrect_number'],
    [{ expMonth: 13 }, 'invalid_expiry_month'],
    [{ expYear: 2025 }, 'invalid_expiry_year'],
    [{ expMonth: 5, expYear: 2026 }, 'invalid_expiry_year'],
    [{ expMonth: 6, expYear: 2026 }, null],
    [{ cvc: '12' }, 'invalid_cvc'],
  ])('typed as %o in June 2026 are answered with %s', (differs, code) => {
    const type = () =>
      cardByInput({ number: '4242424242424242', expMonth: 12, expYear: 2030, cvc: '123', ...differs }, 2026, 6);
    if (code === null) expect(type().brand).toBe('visa');
    else expect(type).toThrow(expect.objectContaining({ status: 402, error: expect.objectContaining({ code }) }));
  });
});

describe('amounts', () => {
  it.each([
    [50, 'eur'],
    [50, 'jpy'],
    [99_999_999, 'usd'],
    [1230, 'kwd'],
    [500, 'isk'],
  ])('take %i %s', (amount, code) => {
    expect(() => checkAmount(amount, code, true)).not.toThrow();
  });
  it.each([
    [49, 'eur'],
    [0, 'eur'],
    [100_000_000, 'usd'],
    [1234, 'kwd'],
    [550, 'isk'],
    [1000, 'xxq'],
    [1000, 'clf'],
  ])('refuse %i %s', (amount, code) => {
    expect(() => checkAmount(amount, code, true)).toThrow(expect.objectContaining({ status: 400 }));
  });
  it.each([
    [4950, 'eur', '€49.50'],
    [5000, 'jpy', '¥5,000'],
    [12_340, 'kwd', 'KWD 12.340'],
    [500, 'isk', 'ISK 5'],
  ])('show %i %s as %s', (amount, code, text) => {
    expect(displayAmount(amount, code).replaceAll('\u00a0', ' ')).toBe(text);
  });
});

describe('webhooks', () => {
  it('are signed over time and body', () => {
    const expected = createHmac('sha256', 'whsec_x').update('1700000000.{"a":1}').digest('hex');
    expect(signatureHeader('{"a":1}', 'whsec_x', 1_700_000_000)).toBe(`t=1700000000,v1=${expected}`);
  });
  it('wait one second, then twice as long each time, up to five minutes', () => {
    expect([1, 2, 3, 9, 10, 1000].map(backoffMs)).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000]);
  });
});

describe('planned faults', () => {
  it('happen as often as planned, in order, only where they are planned', () => {
    const plan = newFaultPlan();
    const fault = { kind: 'error', status: 500, delayMs: 0 } as const;
    plan.add({ ...fault, times: 2, path: '/refunds' });
    plan.add({ ...fault, status: 503, times: 1, path: '' });
    expect(plan.take('/v1/events')?.status).toBe(503);
    expect(plan.take('/v1/events')).toBeNull();
    expect([plan.take('/v1/refunds')?.status, plan.take('/v1/refunds')?.status, plan.take('/v1/refunds')]).toEqual([
      500,
      500,
      null,
    ]);
  });
});

describe('pages', () => {
  it('show what others wrote as text', () => {
    const html = challengePage({ amount: '€1', card: 'visa', description: '<script>alert("1")</script>' });
    expect(html).not.toContain('<script>');
    expect(donePage('t', 'x', 'https://shop.example/?a=1&b="2"')).toContain(
      'href="https://shop.example/?a=1&amp;b=&quot;2&quot;"',
    );
  });
});
