import { isSystemCode, type SystemCode } from '@souk/kit';
import type { GraphQLFormattedError } from 'graphql';

/** Problem details as RFC 9457 has them, with the graph's code and request id. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  /** What to correct in the body, each with where. */
  readonly errors?: readonly Mistake[];
  readonly retryAfterMs?: number;
}

export interface Mistake {
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the body; null where it is about the request as a whole. */
  readonly pointer: string | null;
  readonly [data: string]: unknown;
}

/** A mistake as a payload of the graph has it. */
export interface PayloadMistake {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly [data: string]: unknown;
}

interface Kind {
  readonly status: number;
  readonly title: string;
}

/** Every kind of problem there is: the graph's closed list, and INVALID for what a body got wrong. */
export const problemKinds: Readonly<Record<SystemCode | 'INVALID', Kind>> = {
  BAD_USER_INPUT: { status: 400, title: 'The request cannot be understood' },
  UNAUTHENTICATED: { status: 401, title: 'Nobody is signed in' },
  FORBIDDEN: { status: 403, title: 'This is not allowed' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  PERSISTED_QUERY_NOT_FOUND: { status: 404, title: 'This route is retired' },
  PERSISTED_QUERY_REQUIRED: { status: 400, title: 'Only registered operations run' },
  CONFLICT: { status: 409, title: 'Something else came first' },
  INVALID: { status: 422, title: 'Something has to be corrected' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  COST_EXCEEDED: { status: 429, title: 'Too much is asked' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
  SUBGRAPH_UNAVAILABLE: { status: 503, title: 'A part of the shop is away' },
  OVERLOADED: { status: 503, title: 'The shop is busy' },
  TIMEOUT: { status: 504, title: 'A part of the shop took too long' },
};

const DOCS = '/api/v1/docs';

interface Of {
  readonly detail: string;
  readonly requestId: string;
  /** Where another than the kind's own was decided. */
  readonly status?: number;
  readonly errors?: readonly Mistake[];
  readonly retryAfterMs?: unknown;
}

export function problemOf(
  code: SystemCode | 'INVALID',
  { detail, requestId, errors, retryAfterMs, status = problemKinds[code].status }: Of,
): Problem {
  return {
    type: `${DOCS}#${code}`,
    title: problemKinds[code].title,
    status,
    detail,
    code,
    requestId,
    ...(errors ? { errors } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  };
}

/** The first error of an answer without data decides. A status of success is none for REST. */
export function problemOfError(error: GraphQLFormattedError | undefined, requestId: string, status: number): Problem {
  const { code, retryAfterMs } = error?.extensions ?? {};
  const known = isSystemCode(code) ? code : 'INTERNAL';
  const own = problemKinds[known].status;
  return problemOf(known, {
    detail: error?.message ?? problemKinds.INTERNAL.title,
    requestId,
    // What was decided for HTTP says more than the code does, but for the 400 that any mistake has.
    status: status >= 401 ? status : own,
    retryAfterMs,
  });
}

const CONFLICTS = new Set(['CONFLICT', 'IDEMPOTENCY_CONFLICT', 'CART_ALREADY_ORDERED', 'SLUG_TAKEN', 'SKU_TAKEN']);

/** What a payload's mistakes are for REST: what the path names is not there, something came first, or the body is wrong. */
export function problemOfMistakes(
  mistakes: readonly PayloadMistake[],
  { requestId, pathField }: { requestId: string; pathField: string | undefined },
): Problem {
  const first = mistakes[0]!;
  const errors = mistakes.map(({ code, message, field, ...data }) => ({
    code,
    message,
    pointer: pointerOf(field),
    ...withoutNulls(data),
  }));
  const detail = mistakes.map(({ message }) => message).join(' ');
  const missing = first.code === 'NOT_FOUND' && pathField !== undefined && isAbout(first.field, pathField);
  const code = missing ? 'NOT_FOUND' : CONFLICTS.has(first.code) ? 'CONFLICT' : 'INVALID';
  return problemOf(code, { detail, requestId, errors });
}

/** Some houses name the field alone, others the path from `input` on. */
const isAbout = (field: readonly string[] | null, name: string): boolean =>
  field === null || field.at(-1) === name.split('.').at(-1);

function pointerOf(field: readonly string[] | null): string | null {
  const names = field?.[0] === 'input' ? field.slice(1) : field;
  if (!names || names.length === 0) return null;
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const withoutNulls = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null && value !== undefined));
