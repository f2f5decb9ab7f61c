import { describe, expect, it } from 'vitest';
import { type BenchResult, describeResult, mergeSection, overBudget, table } from './report.ts';

const measured = {
  operations: 300,
  perSecond: 100,
  p50: 5,
  p99: 20,
  serverCpu: 4,
  postgresCpu: 1,
  serverMemory: 104_857_600,
  postgresMemory: 52_428_800,
};
const counted = { least: 4, most: 6, beforeAnswer: 3, log: [] };
const result: BenchResult = {
  size: 'small',
  shop: '12 products',
  machine: 'a machine',
  rounds: '3 rounds.',
  idle: 1.5,
  results: [
    {
      scenario: { id: 'list', title: 'list', load: '16 clients', yardstick: { cpu: 25 } },
      measured,
      counted: [
        { ...counted, title: 'list', statements: 4, budget: 4, yardstick: undefined },
        { ...counted, title: 'page', statements: 9, budget: 8, yardstick: 10 },
        { ...counted, title: 'free', statements: 900, budget: undefined, yardstick: undefined },
      ],
    },
  ],
};

describe('the report', () => {
  it('names what is over its budget, and nothing at its edge', () => {
    expect(overBudget(result).map(({ title }) => title)).toEqual(['page']);
  });

  it('sets each figure beside its yardstick', () => {
    const text = describeResult(result);
    expect(text).toContain('0.20 |'); // (4 + 1) / 25
    expect(text).toMatch(/\| page +\| +9 \| +4–6 \| +3 \| +8 \| +OVER \| +10 \| +0\.90 \|/);
    expect(text).toMatch(/\| free +\| +900 \| +4–6 \| +3 \| +– \| +– \| +– \| +– \|/);
  });

  it('pads its tables', () => {
    expect(table(['a', 'b'], [['long', '1']])).toBe('| a    |   b |\n| ---- | --: |\n| long |   1 |');
  });

  it('renews one size and keeps the others, in order', () => {
    const first = mergeSection('', 'large', '## large\n\nslow\n');
    const second = mergeSection(first, 'small', '## small\n\nfast\n');
    const third = mergeSection(second, 'large', '## large\n\nfaster\n');
    expect(third.match(/^## .*\n\n.*$/gm)).toEqual(['## small\n\nfast', '## large\n\nfaster']);
    expect(third.startsWith('# What Souk costs')).toBe(true);
  });
});
