/** The closed list of what a shop answers when it runs nothing. */
export type Code =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'COST_EXCEEDED'
  | 'PERSISTED_QUERY_REQUIRED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'TIMEOUT'
  | 'OVERLOADED'
  | 'INTERNAL';

/** Nobody answered, or what answered is no shop. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly message: string;
}

/** The shop ran nothing, or could not read all of what was asked. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: Code;
  readonly message: string;
  /** Name it when you ask for help. */
  readonly requestId: string | null;
  /** When a repeat may do better. */
  readonly retryAfterMs: number | null;
}

/** The shop understood and says no: what to correct, each with its code and its place in the input. */
export interface Rejected<Mistake> {
  readonly kind: 'rejected';
  readonly message: string;
  readonly errors: readonly [Mistake, ...Mistake[]];
}

export type Failure<Mistake = never> = Unreachable | Refused | ([Mistake] extends [never] ? never : Rejected<Mistake>);

/** What became of a call. Nothing is thrown: a failure is a value. */
export type Result<Data, Mistake = never> =
  | {
      readonly ok: true;
      readonly data: Data /** Parts of the shop that were away: their fields are null. */;
      readonly degraded: readonly string[];
    }
  | { readonly ok: false; readonly failure: Failure<Mistake> };

/** The data, or a throw: for scripts that stop at the first failure. */
export function must<Data, Mistake>(result: Result<Data, Mistake>): Data {
  if (result.ok) return result.data;
  const failure = result.failure as Failure<unknown>;
  throw new Error(failure.message, { cause: failure });
}
