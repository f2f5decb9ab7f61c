import { describe, expect, it } from 'vitest';
import { count, counter, counters, gauge, histogram, measured, metricsText } from './metrics.ts';

const lineOf = async (start: string): Promise<string[]> =>
  (await metricsText()).split('\n').filter((line) => line.startsWith(start));

describe('metrics', () => {
  it('are read as Prometheus writes them: what is counted, measured, timed and looked at', async () => {
    count('souk_facts_heard_total', 2);
    count('souk_facts_heard_total');
    gauge('souk_bus_pending_messages{ear="carts",from="orders"}', 7);
    counter({ name: 'souk_test_total', help: 'Tests.', labels: ['code'] }).inc({ code: 'OK' });
    histogram({ name: 'souk_test_seconds', help: 'How long.', labels: ['kind'] }).observe({ kind: 'query' }, 0.02);
    const text = await metricsText();
    expect(text).toContain(
      '# HELP souk_facts_heard_total Facts that an ear took in.\n# TYPE souk_facts_heard_total counter\nsouk_facts_heard_total 3\n',
    );
    expect(text).toContain('# TYPE souk_bus_pending_messages gauge\n');
    expect(text).toContain('souk_bus_pending_messages{ear="carts",from="orders"} 7\n');
    expect(text).toContain('souk_test_total{code="OK"} 1\n');
    expect(text).toContain('souk_test_seconds_bucket{le="0.025",kind="query"} 1\n');
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
    expect(counters().get('souk_facts_heard_total')).toBe(3);
  });

  it('hold every name once, however many ask for it', async () => {
    const described = { name: 'souk_again_total', help: 'Again.' } as const;
    expect(counter(described)).toBe(counter(described));
    const text = (await metricsText()).split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(new Set(text).size).toBe(text.length);
  });

  it('look at what is open now, at everybody’s who runs here, until they stop', async () => {
    const described = { name: 'souk_open', help: 'Open.', labels: ['side'] } as const;
    const stop = measured(described, () => [[{ side: 'clients' }, 3]]);
    const stopOther = measured(described, () => [[{ side: 'clients' }, 4]]);
    expect(await lineOf('souk_open')).toEqual(['souk_open{side="clients"} 7']);
    stop();
    expect(await lineOf('souk_open')).toEqual(['souk_open{side="clients"} 4']);
    stopOther();
    expect(await lineOf('souk_open')).toEqual([]);
  });
});
