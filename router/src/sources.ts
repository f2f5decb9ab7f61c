import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { systemError } from '@souk/kit';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { RouterContext, Upstream } from './upstream.ts';

export const DEADLINE_MS = 10_000;

/** A subgraph as the gateway calls it. Late or broken, it is an error of its own fields and never a hang. */
export function sourceOf(upstream: Upstream): GraphQLDataSource<RouterContext> {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions<RouterContext>) {
      const { query, variables } = request;
      const work = upstream.execute({ query: query!, variables }, context as RouterContext, DEADLINE_MS);
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
      return {
        data: result.data as Record<string, unknown> | null,
        ...(result.errors ? { errors: result.errors.map((error) => named(error, upstream.name)) } : {}),
      } as never;
    },
  };
}

function named(error: GraphQLError, subgraph: string): GraphQLError {
  return new GraphQLError(error.message, { path: error.path, extensions: { ...error.extensions, subgraph } });
}
