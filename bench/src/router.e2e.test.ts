import { expect, it } from 'vitest';
import { SIDES } from './router.names.ts';
import { startRouterBench } from './router.ts';

it('asks every router the same, is answered the same by all, and counts what that took', {
  timeout: 300_000,
}, async () => {
  const said: string[] = [];
  const bench = startRouterBench({
    seconds: 0.2,
    rounds: 1,
    sides: SIDES,
    profileTo: null,
    onProgress: (line) => said.push(line),
  });
  const { tasks } = await bench.done;
  expect(said).toContain('All routers answer the same');
  const calls = tasks.map(({ task: { query, texts }, figures }) => [
    query.id,
    texts,
    Object.fromEntries([...figures].map(([name, one]) => [name, one.calls])),
  ]);
  expect(calls.filter(([, texts]) => texts === 'fixed')).toEqual([
    ['heavy', 'fixed', { souk: 8, stock: 16, hive: expect.any(Number), 'hive-rust': 7 }],
    ['light', 'fixed', { souk: 2, stock: 2, hive: 2, 'hive-rust': 2 }],
    ['page', 'fixed', { 'souk-cached': 0, souk: 3, stock: 3 }],
    ['page-with-stock', 'fixed', { 'souk-cached': 1, souk: 4, stock: 4 }],
  ]);
  for (const { figures } of tasks)
    for (const { requests, cpuMs } of figures.values()) expect(requests * cpuMs).toBeGreaterThan(0);
});
