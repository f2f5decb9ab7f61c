import { describe, expect, it } from 'vitest';
import { isWhole, readBenchOptions, SCENARIOS } from './options.ts';

describe('the arguments of the bench', () => {
  it('measure everything on the demo shop unless told otherwise', () => {
    expect(readBenchOptions([])).toEqual({
      size: 'demo',
      only: SCENARIOS,
      seconds: 5,
      rounds: 3,
      counts: 5,
      profile: false,
      fresh: false,
      executors: false,
    });
  });

  it('choose a size, scenarios in their order, and how long', () => {
    expect(
      readBenchOptions([
        '--size',
        'large',
        '--only',
        'checkout,list',
        '--seconds',
        '0.5',
        '--rounds',
        '1',
        '--profile',
      ]),
    ).toMatchObject({ size: 'large', only: ['list', 'checkout'], seconds: 0.5, rounds: 1, profile: true });
  });

  it('tell a whole run from a part or a profiled one', () => {
    const whole = (...words: string[]): boolean => isWhole(readBenchOptions(words));
    expect([whole(), whole('--only', 'list'), whole('--profile')]).toEqual([true, false, false]);
  });

  it.each([
    [['--size', 'huge'], 'There is no size "huge"'],
    [['--only', 'list,refund'], 'There is nothing called "refund" to measure'],
    [['--seconds', '0'], '--seconds takes a number above 0'],
    [['--rounds', '1.5'], '--rounds takes a whole number above 0'],
    [['--fast'], 'The arguments "--fast" are not understood.'],
  ])('refuse %j', (words, message) => {
    expect(() => readBenchOptions(words)).toThrow(message);
  });
});
