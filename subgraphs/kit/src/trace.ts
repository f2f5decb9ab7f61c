import { randomFillSync } from 'node:crypto';

/** One span's place in a trace, as W3C Trace Context writes it. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Two hex digits; the last bit says that whoever began the trace records it. */
  readonly flags: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const RECORDED = '01';

/** Null for what is no `traceparent` of the version that is known, and for one whose ids are all zero, which is none. */
export function readTraceparent(text: string | null | undefined): TraceContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  if (!traceId || !spanId || !flags || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, flags };
}

export const toTraceparent = ({ traceId, spanId, flags }: TraceContext): string => `00-${traceId}-${spanId}-${flags}`;

const pool = Buffer.alloc(8_192);
let used = pool.length;

/** Drawn ahead: an id is needed with every operation. */
function newId(bytes: 8 | 16): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** A new span of the same trace; of a trace of its own where there is none. */
export function childOf(parent: string | null | undefined): string {
  const above = readTraceparent(parent);
  return toTraceparent({
    traceId: above?.traceId ?? newId(16),
    spanId: newId(8),
    flags: above?.flags ?? RECORDED,
  });
}
