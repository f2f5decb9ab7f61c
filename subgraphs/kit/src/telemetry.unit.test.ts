import { afterEach, describe, expect, it } from 'vitest';
import type { Log } from './log.ts';
import { type FinishedSpan, followSpans, logSpans, traced, traceparent } from './telemetry.ts';
import { childOf, readTraceparent } from './trace.ts';

const ending: (() => void)[] = [];
afterEach(() => {
  for (const end of ending.splice(0)) end();
});

function spans(): FinishedSpan[] {
  const seen: FinishedSpan[] = [];
  ending.push(followSpans((span) => void seen.push(span)));
  return seen;
}

describe('a span', () => {
  it('is a child of what it is told, and what runs inside a child of it', async () => {
    const seen = spans();
    const parent = childOf(null);
    const [outer, inner] = await traced('outer', { house: 'orders' }, parent, async () => {
      const own = traceparent();
      return [own, await traced('inner', {}, null, async () => traceparent())];
    });
    const ids = [parent, outer, inner].map((one) => readTraceparent(one)!);
    expect(new Set(ids.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(3);
    expect(seen).toMatchObject([
      { name: 'inner', traceparent: inner, parent: outer },
      { name: 'outer', traceparent: outer, parent, attributes: { house: 'orders' } },
    ]);
    expect(traceparent()).toBeNull();
  });

  it('begins a trace where there is none', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => traced('tick', {}, null, async () => traceparent())));
    expect(readTraceparent(one)!.traceId).not.toBe(readTraceparent(other)!.traceId);
  });

  it('that fails says so, and nothing of why', async () => {
    const lines: object[] = [];
    const log = { info: (fields: object, message: string) => void lines.push({ ...fields, message }) } as Log;
    ending.push(logSpans(log));
    const secret = 'hunter2';
    await expect(
      traced('orders.createOrder', {}, null, async () => {
        throw new Error(secret);
      }),
    ).rejects.toThrow(secret);
    expect(lines).toEqual([
      {
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        parentId: null,
        ms: expect.any(Number),
        failed: true,
        message: 'orders.createOrder',
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });
});
