import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { monotonicMs, systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { admit, type BreakerPolicy, type Circuit, closed, defaultBreaker, settle } from './executor/breaker.ts';
import type { Operation, RouterContext, Upstream } from './upstream.ts';

export const DEADLINE_MS = 10_000;

/** Asks a subgraph. Late or broken, it is an error of its own fields and never a hang or a throw. */
export type Ask = (operation: Operation, context: RouterContext) => Promise<ExecutionResult>;

interface AskOptions {
  /** After which an answer is no longer waited for, of every operation or of each. */
  readonly deadlineMs?: number | ((operation: Operation) => number) | undefined;
  readonly breaker?: BreakerPolicy;
  readonly told?: ((call: Called) => void) | undefined;
}

/** One call of a subgraph, for whoever counts. */
export interface Called {
  readonly subgraph: string;
  /** Who it was made for; others may share its answer. */
  readonly viewer: Viewer;
  readonly durationMs: number;
  /** `FAILED` where nobody answered, `REFUSED` where nobody was asked. */
  readonly outcome: 'OK' | 'ERRORS' | 'FAILED' | 'REFUSED';
  readonly circuit: Circuit['state'];
}

/** How a subgraph is asked by either executor. One that fails again and again is left alone for a while. */
export function askOf(
  upstream: Upstream,
  { deadlineMs = DEADLINE_MS, breaker = defaultBreaker, told }: AskOptions = {},
): Ask {
  const deadlineOf = typeof deadlineMs === 'number' ? () => deadlineMs : deadlineMs;
  let circuit: Circuit = closed;
  return async (operation, context) => {
    const allowedMs = deadlineOf(operation);
    const startedAt = monotonicMs();
    const entered = admit(circuit, startedAt, breaker);
    circuit = entered.circuit;
    const result = entered.admitted ? await inTime(upstream.execute(operation, context, allowedMs), allowedMs) : away;
    const endedAt = monotonicMs();
    const failed = isFailure(result);
    if (entered.admitted) circuit = settle(circuit, !failed, endedAt, breaker);
    told?.({
      subgraph: upstream.name,
      viewer: context.viewer,
      durationMs: endedAt - startedAt,
      outcome: !entered.admitted ? 'REFUSED' : failed ? 'FAILED' : result.errors ? 'ERRORS' : 'OK',
      circuit: circuit.state,
    });
    return result.errors
      ? { data: result.data ?? null, errors: result.errors.map((error) => named(error, upstream.name)) }
      : result;
  };
}

const late = {
  data: null,
  errors: [systemError('TIMEOUT', 'A part of the shop took too long to answer.')],
} satisfies ExecutionResult;

const away = {
  data: null,
  errors: [
    systemError(
      'SUBGRAPH_UNAVAILABLE',
      'This part of the shop cannot answer right now. Please try again in a moment.',
      {
        retryAfterMs: defaultBreaker.openMs,
      },
    ),
  ],
} satisfies ExecutionResult;

/** A timer, for it is set with every call and nearly never rings: an abort signal makes an error with its stack each time. */
function inTime(work: Promise<ExecutionResult>, deadlineMs: number): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const OUTAGES: ReadonlySet<unknown> = new Set(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);

/** Nobody answered. A subgraph that says which of its fields failed is there. */
const isFailure = ({ data, errors }: ExecutionResult): boolean =>
  !data && errors !== undefined && errors.every(({ path, extensions }) => !path && OUTAGES.has(extensions?.code));

/** A subgraph as Apollo's gateway calls it. */
export function sourceOf(ask: Ask): GraphQLDataSource<RouterContext> {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions<RouterContext>) {
      const { query, variables } = request;
      return (await ask({ query: query!, variables }, context as RouterContext)) as never;
    },
  };
}

function named(error: GraphQLError, subgraph: string): GraphQLError {
  return new GraphQLError(error.message, { path: error.path, extensions: { ...error.extensions, subgraph } });
}
