import { AsyncLocalStorage } from 'node:async_hooks';
import { context, propagation, type Span, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = () => trace.getTracer('souk');
/** The trace that came with the work, for facts to carry on where no SDK is registered that would. */
const came = new AsyncLocalStorage<string>();
const meter = new Map<string, number>();

/** Runs `work` in a span. Without an OpenTelemetry SDK registered this costs a function call. */
export async function traced<T>(
  name: string,
  attributes: Record<string, string | number>,
  parent: string | null,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  if (parent && came.getStore() !== parent) return came.run(parent, () => traced(name, attributes, parent, work));
  const from = parent ? propagation.extract(context.active(), { traceparent: parent }) : context.active();
  return tracer().startActiveSpan(name, { attributes }, from, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // The class only: a message can carry a value.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The W3C traceparent of the running span, or where none is recorded that of whoever asked; null outside both. */
export function traceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? came.getStore() ?? null;
}

/** Adds to a process-wide counter, read by `counters()` for the metrics page. */
export function count(name: string, by = 1): void {
  meter.set(name, (meter.get(name) ?? 0) + by);
}

/** Sets what is measured rather than counted: a backlog, a number of connections. */
export function gauge(name: string, value: number): void {
  meter.set(name, value);
}

export const counters = (): ReadonlyMap<string, number> => meter;

/** Libraries that report home about whoever runs them are told not to: Souk calls nobody that its owner did not name. */
export function silenceVendors(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
}
