import { readTraceparent } from '@souk/kit';
import { isStaff, type Viewer } from '@souk/schema';
import type { Observed, Prepared } from '../pipeline.ts';

/** What a log line says of an operation. Nothing in it came from a client but the trace's id, which is hex. */
export interface AccessLine {
  /** Of a registered operation; whatever else a client calls it is no name of ours. */
  readonly operation: string | null;
  /** SHA-256 of its text; null where no text was found. */
  readonly hash: string | null;
  readonly kind: 'query' | 'mutation' | 'subscription' | null;
  readonly transport: string;
  readonly status: number;
  readonly codes: readonly string[];
  readonly ms: number;
  readonly cost: number | null;
  readonly subgraphCalls: number;
  readonly requestId: string;
  readonly traceId: string | null;
  readonly viewer: ViewerKind;
}

export type ViewerKind = 'anonymous' | 'guest' | 'customer' | 'staff' | 'app' | 'system';

/** What somebody is, never who. */
export function viewerKind(viewer: Viewer): ViewerKind {
  const { principal } = viewer;
  if (principal === 'anonymous' || principal === 'system') return principal;
  if (principal.startsWith('guest:')) return 'guest';
  if (principal.startsWith('app:')) return 'app';
  return isStaff(viewer) ? 'staff' : 'customer';
}

export const nameOf = (prepared: Prepared | null): string | null => prepared?.registered?.name ?? null;

export function accessLine(
  { prepared, asker, status, codes, durationMs, result }: Observed,
  subgraphCalls: number,
): AccessLine {
  const { viewer, transport } = asker;
  return {
    operation: nameOf(prepared),
    hash: prepared?.hash ?? null,
    kind: prepared?.operation.operation ?? null,
    transport,
    status,
    codes: [...new Set(codes)],
    ms: Math.round(durationMs * 100) / 100,
    cost: costOf(result.extensions.cost),
    subgraphCalls,
    requestId: viewer.requestId,
    traceId: readTraceparent(viewer.trace)?.traceId ?? null,
    viewer: viewerKind(viewer),
  };
}

function costOf(cost: unknown): number | null {
  const { actual, requested } = (cost ?? {}) as { actual?: unknown; requested?: unknown };
  const found = actual ?? requested;
  return typeof found === 'number' ? found : null;
}

const FAULTS: ReadonlySet<string> = new Set(['INTERNAL', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);

/** Whether something of ours went wrong, which is always worth a line. */
export const isFault = (codes: readonly string[]): boolean => codes.some((code) => FAULTS.has(code));

/** By the trace's id, so that all routers write of the same traces. */
export function isSampled(trace: string | null, share: number): boolean {
  if (share >= 1) return true;
  const { traceId } = readTraceparent(trace) ?? {};
  return traceId !== undefined && Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32;
}
