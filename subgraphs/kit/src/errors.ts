import { GraphQLError } from 'graphql';

/** The closed list of `extensions.code` a client can meet. */
export const systemCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'COST_EXCEEDED',
  'PERSISTED_QUERY_REQUIRED',
  'PERSISTED_QUERY_NOT_FOUND',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT',
  'OVERLOADED',
  'INTERNAL',
] as const;
export type SystemCode = (typeof systemCodes)[number];

export const isSystemCode = (code: unknown): code is SystemCode => systemCodes.includes(code as SystemCode);

/** A top-level error with a code of the closed list. The message is shown to people and names no input value. */
export const systemError = (code: SystemCode, message: string, more: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more } });

export const unauthenticated = (message = 'Sign in to do this.'): GraphQLError =>
  systemError('UNAUTHENTICATED', message);
export const forbidden = (message = 'Your account may not do this.'): GraphQLError => systemError('FORBIDDEN', message);
export const badInput = (message: string): GraphQLError => systemError('BAD_USER_INPUT', message);

export { StartupError } from './startup-error.ts';
