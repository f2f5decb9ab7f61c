import { describe, expect, it } from 'vitest';
import { median, percentile, show, showBytes } from './figures.ts';

describe('figures', () => {
  it('finds percentiles by nearest rank in any order of samples', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([1, 100, 198, 200]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBe(0);
  });

  it('finds medians of odd, even and no values', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0]);
  });

  it('shows no more digits than a measurement is worth', () => {
    expect([0, 1.234, 12.34, 123.4, 1_234.5].map(show)).toEqual(['0.00', '1.23', '12.3', '123', '1,235']);
    expect(showBytes(157_286_400)).toBe('150 MB');
  });
});
