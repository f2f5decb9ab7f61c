import { Rejection, Rejections, type Viewer } from '@souk/schema';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { isSystemCode } from './errors.ts';
import type { Log } from './log.ts';
import { isOutage, isTimeout, tooSlow, unavailable } from './outage.ts';

/** The expected "no" an error stands for, or null for a fault. */
export function rejectionsOf(error: unknown): readonly Rejection[] | null {
  if (error instanceof Rejection) return [error];
  if (error instanceof Rejections) return error.all;
  return null;
}
/** Nothing of ours leaves by an error: what is not meant for the client becomes INTERNAL and is logged once, with its cause. */
export function masked(result: ExecutionResult, viewer: Viewer, log: Log): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => maskError(error, viewer, log)) };
}

export function maskError(error: GraphQLError, viewer: Viewer, log: Log): GraphQLError {
  const { requestId } = viewer;
  const again = (message: string, code: string, more: object = {}) =>
    new GraphQLError(message, {
      nodes: error.nodes,
      path: error.path,
      extensions: { ...more, code, requestId },
    });
  const cause = error.originalError;
  const rejections = rejectionsOf(cause);
  if (rejections) return again(rejections.map((one) => one.message).join(' '), 'BAD_USER_INPUT');
  const own = cause instanceof GraphQLError ? cause : cause ? null : error;
  if (own && isSystemCode(own.extensions.code)) return again(own.message, own.extensions.code, own.extensions);
  // Without a path nothing was run yet: variables that do not fit. GraphQL's own message would repeat their values.
  if (!error.path) return again('The variables do not fit what the operation asks for.', 'BAD_USER_INPUT');
  log.error({ requestId, path: error.path, error: cause ?? error }, 'a request failed');
  if (isOutage(cause)) return again(unavailable.message, unavailable.code, unavailable.more);
  if (isTimeout(cause)) return again(tooSlow.message, tooSlow.code, tooSlow.more);
  return again('Something went wrong on our side. Please try again.', 'INTERNAL');
}
