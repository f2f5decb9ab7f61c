import { describe, expect, it } from 'vitest';
import { readChaosOptions } from './options.ts';
import { describeRuns, wrongsIn } from './report.ts';
import type { Row } from './row.ts';
import { rows } from './rows.ts';

const row = (name: string): Row => ({ name, promise: 'nobody drowns', run: async () => ({ done: '', wrongs: [] }) });
const all = [row('storm'), row('flood')];
const read = (...words: string[]) => {
  const { rows, ...rest } = readChaosOptions(words, all, 77);
  return { names: rows.map(({ name }) => name), ...rest };
};

describe('npm run chaos', () => {
  it('runs every row in full with a seed of its own choice', () => {
    expect(read()).toEqual({ names: ['storm', 'flood'], seed: 77, short: false, keep: false });
  });

  it('runs the rows that are named, each once, with the seed that is given', () => {
    expect(read('flood', '--seed', '0', '--short', '--keep', 'flood')).toEqual({
      names: ['flood'],
      seed: 0,
      short: true,
      keep: true,
    });
  });

  it.each([
    [['drought'], 'There is no row "drought".', 'The rows are storm, flood.'],
    [['--seed', '-1'], 'The arguments "--seed -1" are not understood.', undefined],
    [['--seed', '1.5'], '--seed takes a whole number from 0 on.', undefined],
    [['--seed', ''], '--seed takes a whole number from 0 on.', undefined],
    [['--seed', '1234567890'], '--seed takes a whole number from 0 on.', undefined],
    [['--luck'], 'The arguments "--luck" are not understood.', undefined],
  ])('refuses %j in a sentence', (words, message, advice) => {
    expect(() => read(...words)).toThrow(
      expect.objectContaining({
        message,
        advice: advice ?? 'Use "npm run chaos", and after -- any of: names of rows, --seed N, --short, --keep.',
      }),
    );
  });

  it('has rows with names of their own that can be typed', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    for (const { name } of rows) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('ends with a table, and says how to have a failed row again', () => {
    const good = { row: all[0]!, seed: 5, done: '3 kills', wrongs: [], seconds: 61.4 };
    const bad = { row: all[1]!, seed: 5, done: '', wrongs: ['An order is lost.'], seconds: 2 };
    expect(describeRuns([good, bad], true).split('\n')).toEqual([
      '',
      '  row    seed  wrong    time  what was done',
      '  storm     5      -  61.4 s  3 kills',
      '  flood     5      1   2.0 s',
      '',
      '  flood: nobody drowns',
      '    ✗ An order is lost.',
      '    Again: npm run chaos -- flood --seed 5 --short',
      '',
      '1 of 2 rows broke a promise',
      '',
    ]);
    expect(wrongsIn(describeRuns([good, bad], true))).toEqual(['An order is lost.']);
    expect(describeRuns([good], false)).toContain('no promise was broken');
  });
});
