import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { systemError } from '@souk/kit';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Operation, RouterContext, Upstream } from './upstream.ts';

export const DEADLINE_MS = 10_000;

/** Asks a subgraph. Late or broken, it is an error of its own fields and never a hang or a throw. */
export type Ask = (operation: Operation, context: RouterContext) => Promise<ExecutionResult>;

export function askOf(upstream: Upstream): Ask {
  return async (operation, context) => {
    const work = upstream.execute(operation, context, DEADLINE_MS);
    // A timer, for it is set with every call and nearly never rings: an abort signal makes an error with its stack each time.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ExecutionResult>((resolve) => {
      timer = setTimeout(
        () =>
          resolve({
            data: null,
            errors: [systemError('TIMEOUT', 'A part of the shop took too long to answer.')],
          }),
        DEADLINE_MS,
      );
    });
    const result = await Promise.race([work, late]);
    clearTimeout(timer);
    return result.errors
      ? { data: result.data ?? null, errors: result.errors.map((error) => named(error, upstream.name)) }
      : result;
  };
}

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
