/** An operation that the shop knows by its id, with the types of its variables and its answer. */
export interface Operation<Kind extends 'query' | 'mutation' | 'subscription', Data, Variables> {
  readonly id: string;
  readonly kind: Kind;
  /** What it answers is everybody's and may come from a cache: it is asked for by GET. */
  readonly cached: boolean;
  /** Takes an idempotency key, and so may be sent again. */
  readonly keyed: boolean;
  /** For the compiler alone. */
  readonly types?: (variables: Variables) => Data;
}

// biome-ignore lint/suspicious/noExplicitAny: any operation, whatever its types
export type AnyOperation = Operation<'query' | 'mutation' | 'subscription', any, any>;

export type DataOf<O> = O extends Operation<infer _K, infer Data, infer _V> ? Data : never;

type RawVariables<O> = O extends Operation<infer _K, infer _D, infer Variables> ? Variables : never;

/** The variables of an operation. An idempotency key may be left out: the client makes one for each call. */
export type VariablesOf<O> =
  RawVariables<O> extends { readonly input: infer Input }
    ? Omit<RawVariables<O>, 'input'> & {
        readonly input: Input extends { readonly idempotencyKey: string }
          ? Omit<Input, 'idempotencyKey'> & { readonly idempotencyKey?: string }
          : Input;
      }
    : RawVariables<O>;

/** What a mutation's payload can say is wrong, over all payloads of an answer. */
export type MistakesOf<Data> = {
  [K in keyof Data]: NonNullable<Data[K]> extends { readonly errors: readonly (infer Mistake)[] } ? Mistake : never;
}[keyof Data];
