import { type ExecutionResult, GraphQLError } from 'graphql';
import { Outage } from './outage.ts';
import type { Whole } from './remote.whole.ts';

/** More than any operation within the limits can bring; who sends more is broken, and is not read to its end. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** What a subgraph's answer says. Throws where it is no GraphQL result. */
export function resultOf({ statusCode, text }: Whole): ExecutionResult {
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer) || (answer.data === undefined && !Array.isArray(answer.errors))) {
    // A house that is just closing, or a proxy before it, answers in words of its own.
    throw new Outage(`the subgraph answered ${statusCode}`);
  }
  const { data, errors: told, extensions } = answer;
  if (data !== undefined && data !== null && !isRecord(data)) throw new Error('the subgraph’s data are no object');
  return {
    ...(data === undefined ? {} : { data }),
    ...(Array.isArray(told) && told.length > 0 ? { errors: told.map(asError) } : {}),
    ...(isRecord(extensions) ? { extensions } : {}),
  } as ExecutionResult;
}

/** An error as a subgraph tells it, as far as it has the form of one. */
export function asError(told: unknown): GraphQLError {
  const { message, path, extensions } = isRecord(told) ? told : {};
  const isPath = Array.isArray(path) && path.every((part) => typeof part === 'string' || Number.isInteger(part));
  return new GraphQLError(typeof message === 'string' ? message : '', {
    path: isPath ? (path as (string | number)[]) : null,
    extensions: isRecord(extensions) ? extensions : null,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
