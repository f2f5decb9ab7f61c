import { systemError, systemViewer } from '@souk/kit';
import type { ExecutionResult } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askOf } from './sources.ts';
import { routerContext, type Upstream } from './upstream.ts';

const context = routerContext(systemViewer);
const breaker = { failures: 2, openMs: 1_000 };
const DEADLINE_MS = 500;
const whole: ExecutionResult = { data: { a: 1 } };
const away: ExecutionResult = { data: null, errors: [systemError('SUBGRAPH_UNAVAILABLE', 'away')] };

/** A subgraph whose every call waits for the test to answer it. */
function held() {
  const calls: { query: string; answer: (result: ExecutionResult) => void }[] = [];
  const execute: Upstream['execute'] = ({ query }) =>
    new Promise((answer) => {
      calls.push({ query, answer });
    });
  const upstream: Upstream = { name: 'orders', routes: [], execute, subscribe: async () => ({}) };
  const ask = askOf(upstream, { deadlineMs: DEADLINE_MS, breaker });
  return { calls, ask: (query = '{ a }') => ask({ query }, context) };
}

const codes = ({ errors = [] }: ExecutionResult): unknown[] => errors.map(({ extensions }) => extensions.code);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets the breaker open by calls that nobody answers. */
async function open({ ask }: ReturnType<typeof held>): Promise<void> {
  for (let one = 0; one < breaker.failures; one++) {
    const asked = ask();
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(codes(await asked)).toEqual(['TIMEOUT']);
  }
}

describe('an answer that comes too late', () => {
  it('is dropped: whoever asked has theirs, and the circuit does not hear of it', async () => {
    const subgraph = held();
    const asked = subgraph.ask();
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(await asked).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'TIMEOUT', subgraph: 'orders' } }],
    });
    const second = subgraph.ask();
    // Would it count as an answer, the next failure were the first.
    subgraph.calls[0]!.answer(whole);
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(codes(await second)).toEqual(['TIMEOUT']);
    expect(codes(await subgraph.ask())).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(subgraph.calls).toHaveLength(2);
  });

  it('leaves no timer behind, nor does one that comes in time', async () => {
    const subgraph = held();
    const inTime = subgraph.ask();
    subgraph.calls[0]!.answer(whole);
    expect(await inTime).toEqual(whole);
    const late = subgraph.ask();
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    await late;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of a mutation is not asked for again', async () => {
    const subgraph = held();
    const asked = subgraph.ask('mutation { pay }');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(codes(await asked)).toEqual(['TIMEOUT']);
    expect(subgraph.calls.map(({ query }) => query)).toEqual(['mutation { pay }']);
  });
});

describe('an open circuit', () => {
  it('asks nobody, and says when to come again', async () => {
    const subgraph = held();
    await open(subgraph);
    for (const query of ['{ a }', 'mutation { a }']) {
      expect(await subgraph.ask(query)).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'orders', retryAfterMs: 1_000 } }],
      });
    }
    expect(subgraph.calls).toHaveLength(breaker.failures);
  });

  it('lets one call find out after its time, and everybody when that was answered', async () => {
    const subgraph = held();
    await open(subgraph);
    await vi.advanceTimersByTimeAsync(breaker.openMs);
    const probe = subgraph.ask();
    expect(codes(await subgraph.ask())).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(subgraph.calls).toHaveLength(breaker.failures + 1);
    subgraph.calls.at(-1)!.answer(whole);
    expect(await probe).toEqual(whole);
    const [one, other] = [subgraph.ask(), subgraph.ask()];
    for (const { answer } of subgraph.calls.slice(-2)) answer(whole);
    expect([await one, await other]).toEqual([whole, whole]);
  });

  it('opens again where that call fails too', async () => {
    const subgraph = held();
    await open(subgraph);
    await vi.advanceTimersByTimeAsync(breaker.openMs);
    const probe = subgraph.ask();
    subgraph.calls.at(-1)!.answer(away);
    expect(codes(await probe)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await vi.advanceTimersByTimeAsync(breaker.openMs - 1);
    await subgraph.ask();
    expect(subgraph.calls).toHaveLength(breaker.failures + 1);
  });

  it('is not opened by answers that hold errors of fields, such as a refused payment', async () => {
    const subgraph = held();
    for (let one = 0; one < 5; one++) {
      const asked = subgraph.ask();
      subgraph.calls[one]!.answer({ data: { a: null }, errors: [systemError('TIMEOUT', 'a field was slow')] });
      await asked;
    }
    expect(subgraph.calls).toHaveLength(5);
  });
});
