import { describe, expect, it } from 'vitest';
import { childOf, readTraceparent, toTraceparent } from './trace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is read as the specification writes it', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(readTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, flags: '01' });
    expect(toTraceparent(readTraceparent(text)!)).toBe(text);
  });

  it.each([
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\nx`,
    '',
    null,
    undefined,
  ])('is none in %j', (text) => {
    expect(readTraceparent(text)).toBeNull();
  });
});

describe('a child', () => {
  it('is a span of its own in the same trace, and keeps whether the trace is recorded', () => {
    const [one, other] = [childOf(`00-${TRACE}-${SPAN}-00`), childOf(`00-${TRACE}-${SPAN}-00`)].map(readTraceparent);
    for (const child of [one!, other!]) expect(child).toMatchObject({ traceId: TRACE, flags: '00' });
    expect(new Set([one!.spanId, other!.spanId, SPAN]).size).toBe(3);
  });

  it('of nothing, or of nonsense, begins a trace', () => {
    const traces = [null, 'nonsense', `00-${'0'.repeat(32)}-${SPAN}-01`].map((parent) =>
      readTraceparent(childOf(parent)),
    );
    expect(traces).not.toContain(null);
    expect(new Set(traces.map((trace) => trace!.traceId)).size).toBe(3);
  });

  it('never has the id of another, over many', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => childOf(null))).size).toBe(10_000);
  });
});
