import { type Session, session } from './session.ts';
import { pageStore } from './store.ts';
import type { GraphAnswer } from './wire.ts';

/** What was answered to a run, by the names under which logs and traces know it. */
export interface Activity {
  readonly at: number;
  readonly tab: string;
  readonly name: string;
  readonly durationMs: number;
  readonly requestId: string;
  readonly traceId: string;
  /** Codes of its errors. */
  readonly codes: readonly string[];
  /** Subgraphs that were missing. */
  readonly degraded: readonly string[];
  readonly cost: Cost | null;
}

/** As `extensions.cost` has it. */
export interface Cost {
  readonly requested: number;
  readonly actual: number | null;
  readonly limit: number | null;
  readonly available: number | null;
}

const MOST = 50;

/** Newest first. */
export const activities = pageStore<readonly Activity[]>([]);

const hex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A trace of its own for a run, so that it can be found among the others. */
export function beginTrace(): { traceId: string; traceparent: string } {
  const traceId = hex(16);
  return { traceId, traceparent: `00-${traceId}-${hex(8)}-01` };
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function costIn(extensions: GraphAnswer['extensions']): Cost | null {
  const { requested, actual, limit, available } = (extensions?.cost ?? {}) as Record<string, unknown>;
  return typeof requested === 'number'
    ? { requested, actual: number(actual), limit: number(limit), available: number(available) }
    : null;
}

export function noteAnswer(
  run: Pick<Activity, 'tab' | 'name' | 'durationMs' | 'traceId'>,
  { errors = [], extensions }: GraphAnswer,
): void {
  const degraded = Array.isArray(extensions?.degraded) ? extensions.degraded : [];
  const activity: Activity = {
    ...run,
    at: Date.now(),
    requestId: String(extensions?.requestId ?? ''),
    codes: [...new Set(errors.map((error) => String(error.extensions?.code ?? 'ERROR')))],
    degraded: [...new Set(degraded.map((hole: { subgraph?: unknown }) => String(hole.subgraph)))],
    cost: costIn(extensions),
  };
  activities.set([activity, ...activities.get()].slice(0, MOST));
}

const whoIs = (current: Session): string => (current.kind === 'user' ? current.email : current.kind);

// What one person ran is not the next one's to see.
let owner = whoIs(session.get());
session.subscribe(() => {
  const now = whoIs(session.get());
  if (now !== owner && owner !== 'anonymous') activities.set([]);
  owner = now;
});
