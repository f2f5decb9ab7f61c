import { operations } from './gql/operations.ts';
import { listen } from './live.ts';
import type { AnyOperation, DataOf, MistakesOf, VariablesOf } from './operation.ts';
import type { Code, Failure, Refused, Result } from './result.ts';

export interface Options {
  /** Where the shop is, such as https://shop.example. */
  readonly url: string;
  /** The key of your app. Keep it out of browsers: there, sign shoppers in and use their tokens. */
  readonly apiKey?: string;
  /** The access token of a user or a guest whom the app acts for. */
  readonly token?: string;
  readonly channel?: string;
  readonly locale?: string;
  /** Tries of what may be tried again, the first included; 3 if unsaid. */
  readonly tries?: number;
  /** After which a try is given up, ms; 15,000 if unsaid. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /** For tests: waits so many ms. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type All = typeof operations;
type OfKind<Kind> = { [K in keyof All]: All[K] extends { readonly kind: Kind } ? K : never }[keyof All];
/** Variables may be left out where none is needed. */
type Args<O> =
  Record<string, never> extends VariablesOf<O>
    ? [variables?: VariablesOf<O>, options?: CallOptions]
    : [variables: VariablesOf<O>, options?: CallOptions];

/** One function for each operation of the manifest. */
export type Partner = {
  readonly [K in OfKind<'query' | 'mutation'>]: (
    ...args: Args<All[K]>
  ) => Promise<Result<DataOf<All[K]>, MistakesOf<DataOf<All[K]>>>>;
} & {
  /** A stream of results. It goes on by itself after a lost connection; leaving the loop ends it. */
  readonly [K in OfKind<'subscription'>]: (...args: Args<All[K]>) => AsyncIterableIterator<Result<DataOf<All[K]>>>;
} & {
  /** The same shop with other options, such as the token of another shopper. */
  with(options: Partial<Options>): Partner;
};

const TRIES = 3;
const TIMEOUT_MS = 15_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;

/** A shop, as its partner speaks to it. */
export function connect(options: Options): Partner {
  const functions: Record<string, unknown> = { with: (more: Partial<Options>) => connect({ ...options, ...more }) };
  for (const [name, operation] of Object.entries(operations as Record<string, AnyOperation>)) {
    functions[name] =
      operation.kind === 'subscription'
        ? (variables: Variables = {}, call: CallOptions = {}) => listen(options, operation, variables, call)
        : (variables: Variables = {}, call: CallOptions = {}) => ask(options, operation, variables, call);
  }
  return functions as unknown as Partner;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Headers that say who asks, from where. */
export function headersOf({ apiKey, token, channel, locale }: Options): Record<string, string> {
  return {
    ...(apiKey ? { 'souk-api-key': apiKey } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(channel ? { 'souk-channel': channel } : {}),
    ...(locale ? { 'souk-locale': locale } : {}),
    'souk-client': 'partner',
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(
  options: Options,
  operation: AnyOperation,
  given: Variables,
  { signal }: CallOptions,
): Promise<Result<unknown, unknown>> {
  const { tries = TRIES, wait = sleep } = options;
  // One key for all tries: whichever arrives, it is done once.
  const variables = operation.keyed ? withKey(given) : given;
  const safe = operation.kind === 'query' || operation.keyed;
  for (let tried = 1; ; tried++) {
    const { result, again } = await once(options, operation, variables, signal);
    if (result.ok || !again || !safe || tried >= tries || signal?.aborted) return result;
    await wait(pauseOf(result.failure, tried));
  }
}

function withKey(variables: Variables): Variables {
  const input = variables.input as Variables | undefined;
  return { ...variables, input: { idempotencyKey: crypto.randomUUID(), ...input } };
}

/** What the shop asks for, else longer each time, and never for all clients at once. */
function pauseOf(failure: Failure<unknown>, tried: number): number {
  if (failure.kind === 'refused' && failure.retryAfterMs !== null)
    return Math.min(failure.retryAfterMs, LONGEST_WAIT_MS);
  return FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}

interface Tried {
  readonly result: Result<unknown, unknown>;
  /** Whether another try may do better. */
  readonly again: boolean;
}

async function once(
  options: Options,
  operation: AnyOperation,
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  const { url, fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = {
    headers: { ...headersOf(options), accept: 'application/graphql-response+json, application/json' },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  try {
    const response = await (operation.cached
      ? send(
          `${base(url)}/graphql/${operation.id}?${new URLSearchParams({ variables: JSON.stringify(variables) })}`,
          request,
        )
      : send(`${base(url)}/graphql`, {
          ...request,
          method: 'POST',
          headers: { ...request.headers, 'content-type': 'application/json' },
          body: JSON.stringify({ documentId: operation.id, variables }),
        }));
    return read(await response.json(), response);
  } catch (error) {
    const message = signal?.aborted ? 'The call was given up.' : `The shop cannot be reached: ${messageOf(error)}`;
    return { result: { ok: false, failure: { kind: 'unreachable', message } }, again: !signal?.aborted };
  }
}

export const base = (url: string): string => url.replace(/\/+$/, '');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const PASSING: ReadonlySet<Code> = new Set(['RATE_LIMITED', 'OVERLOADED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);

/** An answer of the graph as a value, and whether another try may do better. */
export function read(body: unknown, response: { readonly status: number; readonly headers: Headers }): Tried {
  if (typeof body !== 'object' || body === null || (!('data' in body) && !('errors' in body))) {
    const message = `What answers is no shop (HTTP ${response.status}).`;
    return { result: { ok: false, failure: { kind: 'unreachable', message } }, again: response.status >= 500 };
  }
  const { data, errors, extensions } = body as {
    data?: Record<string, unknown> | null;
    errors?: readonly RawError[];
    extensions?: { degraded?: readonly { subgraph: string }[] };
  };
  if (!data || (errors?.length && Object.values(data).every((value) => value === null))) {
    const failure = refusedBy(errors?.[0], response);
    return { result: { ok: false, failure }, again: PASSING.has(failure.code) };
  }
  const mistakes = Object.values(data).flatMap((payload) =>
    typeof payload === 'object' && payload !== null && 'errors' in payload && Array.isArray(payload.errors)
      ? (payload.errors as { message?: unknown }[])
      : [],
  );
  if (mistakes.length > 0) {
    const message = mistakes.map((mistake) => String(mistake.message)).join(' ');
    const rejected = { kind: 'rejected', message, errors: mistakes as [unknown, ...unknown[]] } as const;
    return { result: { ok: false, failure: rejected }, again: false };
  }
  const degraded = [...new Set(extensions?.degraded?.map(({ subgraph }) => subgraph) ?? [])];
  return { result: { ok: true, data, degraded }, again: false };
}

interface RawError {
  readonly message?: string;
  readonly extensions?: { readonly code?: Code; readonly requestId?: string; readonly retryAfterMs?: number };
}

function refusedBy(error: RawError | undefined, { headers }: { readonly headers: Headers }): Refused {
  const { code = 'INTERNAL', requestId = null, retryAfterMs } = error?.extensions ?? {};
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    code,
    message: error?.message ?? 'The shop gave no reason.',
    requestId,
    retryAfterMs: retryAfterMs ?? (Number.isFinite(seconds) ? seconds * 1000 : null),
  };
}
