import { describe, expect, it } from 'vitest';
import { mergeSection } from './report.ts';
import { SIDES } from './router.names.ts';
import { readRouterOptions } from './router.options.ts';
import { heavy, page } from './router.queries.ts';
import { describeRouter, targetsOf } from './router.report.ts';
import type { Figures, RouterResult } from './router.ts';

const figures = (cpuMs: number, more: Partial<Figures> = {}): Figures => ({
  requests: 100,
  perSecond: 100,
  p50: 2,
  p99: 9,
  bytes: 53_000,
  cpuMs,
  calls: 8,
  rss: 300 * 1024 * 1024,
  ...more,
});

const result = (souk: Partial<Figures> = {}): RouterResult => ({
  machine: '2 × processor',
  rounds: '3 alternating rounds.',
  loadAverage: [0.5, 2.25],
  tasks: [
    {
      task: { query: heavy, texts: 'fixed', sides: ['souk', 'stock', 'hive-rust'] },
      figures: new Map([
        ['souk', figures(4, souk)],
        ['stock', figures(24, { calls: 16 })],
        ['hive-rust', figures(5, { calls: 7 })],
      ]),
    },
    {
      task: { query: page, texts: 'fixed', sides: ['souk-cached', 'stock'] },
      figures: new Map([
        ['souk-cached', figures(0.2, { perSecond: 4_000, calls: 0 })],
        ['stock', figures(4, { perSecond: 201 })],
      ]),
    },
  ],
});

describe('the options of the bench of routers', () => {
  it('are those of another bench where the first word is not its name', () => {
    expect(readRouterOptions([])).toBeNull();
    expect(readRouterOptions(['--size', 'demo', 'router'])).toBeNull();
  });
  it('measure everything in full where nothing is said, and that alone is written down', () => {
    expect(readRouterOptions(['router'])).toEqual({ seconds: 6, rounds: 3, sides: SIDES, profile: false, whole: true });
    expect(readRouterOptions(['router', '--quick'])).toMatchObject({ seconds: 0.3, rounds: 1, whole: false });
    expect(readRouterOptions(['router', '--only', 'stock,souk'])).toMatchObject({
      sides: ['souk', 'stock'],
      whole: false,
    });
    expect(readRouterOptions(['router', '--profile'])).toMatchObject({ profile: true, whole: false });
  });
  it.each([
    [['router', '--only', 'cosmo'], /no router "cosmo"/],
    [['router', '--seconds', '0'], /--seconds takes a number above 0/],
    [['router', '--round', '2'], /not understood/],
  ])('%j are a mistake that is told in a sentence', (words, sentence) => {
    expect(() => readRouterOptions(words)).toThrow(sentence);
  });
});

describe('the table of routers', () => {
  it('tells who is how many times better, and what of the targets was met', () => {
    const text = describeRouter(result());
    expect(text).toMatch(/heavy, fixed text\s+\|\s+Souk \|\s+4\.00 \|\s+6\.0× \|/);
    expect(text).toMatch(
      /page, fixed text\s+\|\s+Souk, entity cache warm \|\s+0\.20 \|\s+20\.0× \|\s+4,000 \|\s+19\.9× \|/,
    );
    expect(text).toContain('Load average 0.50 at the start, 2.25 at the end.');
    expect(targetsOf(result()).map(({ reached, ok }) => [reached, ok])).toEqual([
      ['6.0×', true],
      ['1.3×', true],
      ['8.00 of 16.0', true],
      ['19.9×', false],
    ]);
    expect(targetsOf(result({ cpuMs: 5.1, calls: 8.1 })).map(({ ok }) => ok)).toEqual([false, false, false, false]);
  });
  it('is a section of its own after the others', () => {
    const merged = mergeSection('## demo\n\nold\n', 'router', describeRouter(result()));
    expect(merged.indexOf('## router')).toBeGreaterThan(merged.indexOf('## demo'));
    expect(mergeSection(merged, 'router', '## router\n\nnew\n')).toContain('\nnew\n');
  });
});
