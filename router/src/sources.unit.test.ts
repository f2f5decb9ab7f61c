import { systemError, systemViewer } from '@souk/kit';
import type { ExecutionResult } from 'graphql';
import { expect, it } from 'vitest';
import { askOf, type Called } from './sources.ts';
import { routerContext, type Upstream } from './upstream.ts';

const context = routerContext(systemViewer);
const breaker = { failures: 2, openMs: 60_000 };

/** A subgraph that answers one thing after the other. */
function upstreamOf(...answers: (ExecutionResult | 'never')[]): { upstream: Upstream; calls: () => number } {
  let calls = 0;
  const execute: Upstream['execute'] = async () => {
    const answer = answers[calls++ % answers.length]!;
    return answer === 'never' ? new Promise(() => undefined) : answer;
  };
  const upstream = { name: 'orders', routes: [], execute, subscribe: async () => ({}) } as Upstream;
  return { upstream, calls: () => calls };
}

const away: ExecutionResult = { data: null, errors: [systemError('SUBGRAPH_UNAVAILABLE', 'away')] };

it('a subgraph that does not answer in time is an error that names it', async () => {
  const ask = askOf(upstreamOf('never').upstream, { deadlineMs: 1, breaker });
  expect(await ask({ query: '{ a }' }, context)).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'TIMEOUT', subgraph: 'orders' } }],
  });
});

it('one that fails again and again is not asked for a while', async () => {
  const { upstream, calls } = upstreamOf(away);
  const ask = askOf(upstream, { breaker });
  for (let one = 0; one < 5; one++) {
    expect(await ask({ query: '{ a }' }, context)).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'orders' } }],
    });
  }
  expect(calls()).toBe(2);
});

it('one that answers with errors of its fields is asked all the same', async () => {
  const failed = { data: null, errors: [systemError('INTERNAL', 'a fault')] };
  const { upstream, calls } = upstreamOf(failed, away, { data: { a: 1 } });
  const ask = askOf(upstream, { breaker });
  for (let one = 0; one < 9; one++) await ask({ query: '{ a }' }, context);
  expect(calls()).toBe(9);
});

it('what became of each call is told, by the viewer it was made for', async () => {
  const failed = { data: null, errors: [systemError('INTERNAL', 'a fault')] };
  const { upstream } = upstreamOf({ data: { a: 1 } }, failed, away);
  const told: Called[] = [];
  const ask = askOf(upstream, { breaker: { failures: 1, openMs: 60_000 }, told: (call) => void told.push(call) });
  for (let one = 0; one < 4; one++) await ask({ query: '{ a }' }, context);
  expect(told.map(({ subgraph, outcome, circuit }) => [subgraph, outcome, circuit])).toEqual([
    ['orders', 'OK', 'CLOSED'],
    ['orders', 'ERRORS', 'CLOSED'],
    ['orders', 'FAILED', 'OPEN'],
    ['orders', 'REFUSED', 'OPEN'],
  ]);
  expect(told.every(({ viewer, durationMs }) => viewer === context.viewer && durationMs >= 0)).toBe(true);
});
