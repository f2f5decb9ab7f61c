import { describe, expect, it } from 'vitest';
import { placesFor } from './places.ts';

const limits = { perViewer: 2, perAddress: 3, total: 5 };
const by = (principal: string, clientAddress: string | null = null) => ({ principal, clientAddress });
const codeOf = (take: () => unknown): unknown => {
  try {
    take();
    return null;
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe('places', () => {
  it('are counted by viewer, by address and together, and come back once', () => {
    const places = placesFor('streams', limits);
    const back = places.take(by('user:a', '1'));
    places.take(by('user:a', '2'));
    expect(codeOf(() => places.take(by('user:a', '3')))).toBe('RATE_LIMITED');
    back();
    back();
    expect(places.taken).toBe(1);
    places.take(by('user:a', '1'));
    places.take(by('user:b', '1'));
    places.take(by('anonymous', '1'));
    expect(codeOf(() => places.take(by('anonymous', '1')))).toBe('RATE_LIMITED');
    places.take(by('anonymous', '9'));
    expect(codeOf(() => places.take(by('anonymous')))).toBe('OVERLOADED');
  });

  it('count nobody in particular by address alone', () => {
    const places = placesFor('streams', { ...limits, total: 100 });
    for (let address = 0; address < 20; address++) places.take(by('anonymous', `${address}`));
    expect(places.taken).toBe(20);
  });

  it('refuse with when to try again, and take nothing then', () => {
    const places = placesFor('streams', { ...limits, perViewer: 0 });
    expect(() => places.take(by('user:a'))).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({
          retryAfterMs: 5_000,
          http: { status: 429, headers: { 'retry-after': '5' } },
        }),
      }),
    );
    expect(places.taken).toBe(0);
  });
});
