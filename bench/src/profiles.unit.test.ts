import { describe, expect, it } from 'vitest';
import { readProfilesOptions } from './profiles.options.ts';
import { describeProfiles } from './profiles.report.ts';
import type { ProfileFigures } from './profiles.ts';
import { mergeSection } from './report.ts';

describe('the bench of both profiles', () => {
  it('is asked for by --profile distributed, and by nothing else', () => {
    expect(readProfilesOptions(['--profile'])).toBeNull();
    expect(readProfilesOptions(['--size', 'demo'])).toBeNull();
    expect(readProfilesOptions(['--profile', 'distributed'])).toMatchObject({
      size: 'demo',
      fresh: false,
      backlogs: [10_000, 100_000],
      whole: true,
    });
    expect(readProfilesOptions(['--quick', '--profile=distributed', '--size', 'small', '--fresh'])).toMatchObject({
      size: 'small',
      fresh: true,
      whole: false,
    });
  });

  it('says how it is called', () => {
    expect(() => readProfilesOptions(['--profile', 'distributed', '--size', 'huge'])).toThrow('no size "huge"');
    expect(() => readProfilesOptions(['--profile', 'distributed', '--hurry'])).toThrow('not understood');
  });

  const figures = (name: string, more: Partial<ProfileFigures> = {}): ProfileFigures => ({
    name,
    shop: '84 products, 283 orders',
    perSecond: 20,
    p50: 300,
    p99: 500,
    cpu: { souk: 60, engines: 0, postgres: 40 },
    delay: { p50: 5, p99: 20 },
    drained: [
      { facts: 10_000, seconds: 5, peak: 200 * 1024 * 1024 },
      { facts: 100_000, seconds: 40, peak: 250 * 1024 * 1024 },
    ],
    memory: { souk: 1024 * 1024, engines: 1024 * 1024, postgres: 1024 * 1024 },
    processes: 1,
    ...more,
  });
  const section = describeProfiles({
    machine: 'a machine',
    rounds: 'Once.',
    profiles: [figures('embedded'), figures('distributed', { cpu: { souk: 90, engines: 10, postgres: 50 } })],
  });

  it('shows them side by side', () => {
    const row = (title: string): string[] =>
      section
        .split('\n')
        .find((line) => line.startsWith(`| ${title}`))!
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim());
    expect(row('figure')).toEqual(['embedded', 'distributed']);
    expect(row('CPU ms per checkout')).toEqual(['100', '150']);
    expect(row('of it, NATS and Redis')).toEqual(['–', '10.0']);
    expect(row('of it, facts per s')).toEqual(['2,500', '2,500']);
    expect(row('the one against the other')).toEqual(['1.25', '1.25']);
  });

  it('has a section of its own in the results, which the other benches keep', () => {
    const known = mergeSection(mergeSection('', 'demo', '## demo\n\nfast\n'), 'profiles', section);
    const again = mergeSection(known, 'demo', '## demo\n\nfaster\n');
    expect(again).toContain('| CPU ms per checkout, all processes');
    expect(again).toContain('faster');
  });
});
