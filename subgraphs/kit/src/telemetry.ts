import { AsyncLocalStorage } from 'node:async_hooks';
import { context, propagation, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { monotonicMs } from './clock.ts';
import type { Log } from './log.ts';
import { childOf, readTraceparent, toTraceparent } from './trace.ts';

const tracer = () => trace.getTracer('souk');
/** The traceparent of the span that runs, for facts and for what is asked of others to carry on. */
const running = new AsyncLocalStorage<string>();

type Attributes = Readonly<Record<string, string | number>>;

/** A piece of work that has ended. Nothing in it is a value that came in. */
export interface FinishedSpan {
  readonly name: string;
  /** The span itself, as others name it for their parent. */
  readonly traceparent: string;
  /** The span above it, or null where the trace began here. */
  readonly parent: string | null;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
}

const followers = new Set<(span: FinishedSpan) => void>();

/** Tells of every span that ends in this process, for whoever sends them somewhere; the answer ends that. */
export function followSpans(follower: (span: FinishedSpan) => void): () => void {
  followers.add(follower);
  return () => followers.delete(follower);
}

export function spanEnded(span: FinishedSpan): void {
  for (const follower of followers) follower(span);
}

/** Writes each span as a line, with the ids by which lines of all processes make one trace. */
export function logSpans(log: Log): () => void {
  return followSpans(({ name, traceparent: own, parent, durationMs, failed, attributes }) => {
    const { traceId, spanId } = readTraceparent(own)!;
    const parentId = readTraceparent(parent)?.spanId ?? null;
    log.info({ ...attributes, traceId, spanId, parentId, ms: Math.round(durationMs * 1000) / 1000, failed }, name);
  });
}

/**
 * Runs `work` in a span of its own below `parent`, or below the one that runs; else a trace begins. With an OpenTelemetry SDK
 * registered it is that SDK's span; without, an id that is carried on.
 */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  parent: string | null,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const above = parent ?? running.getStore() ?? null;
  const from = parent ? propagation.extract(context.active(), { traceparent: parent }) : context.active();
  return tracer().startActiveSpan(name, { attributes }, from, (span) => {
    const own = span.isRecording() ? fromSdk(span) : childOf(above);
    return running.run(own, async () => {
      const startedAt = monotonicMs();
      let failed = false;
      try {
        return await work(span);
      } catch (error) {
        failed = true;
        // The class only: a message can carry a value.
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
        throw error;
      } finally {
        span.end();
        if (followers.size > 0) {
          const durationMs = monotonicMs() - startedAt;
          spanEnded({ name, traceparent: own, parent: above, durationMs, failed, attributes });
        }
      }
    });
  });
}

function fromSdk(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return toTraceparent({ traceId, spanId, flags: traceFlags.toString(16).padStart(2, '0') });
}

/** The W3C traceparent of the span that runs; null outside any. */
export const traceparent = (): string | null => running.getStore() ?? null;

/** Libraries that report home about whoever runs them are told not to: Souk calls nobody that its owner did not name. */
export function silenceVendors(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
}
