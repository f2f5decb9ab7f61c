import { createHash } from 'node:crypto';
import { monotonicMs } from '@souk/kit';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  print,
} from 'graphql';
import type { EntityCache } from '../cache/cache.ts';
import { asInput } from '../errors.ts';
import type { Ask } from '../sources.ts';
import type { RouterContext } from '../upstream.ts';
import { Bare, copy, type Fetched } from './data.ts';
import { pickVariables } from './entities.ts';
import { cachingOf } from './keeping.ts';
import { clientPath, merge } from './merge.ts';
import { type Compiled, compileOperations, type Known, type Operations } from './operation.ts';
import type { DecideLabel } from './overrides.ts';
import { identityOf, type Run, subgraphError } from './run.ts';
import { sharing } from './sharing.ts';

/** An operation as a transport hands it over: parsed, validated, within the limits. */
export interface Request {
  readonly document: DocumentNode;
  /** Of the document's text, made here where it is not known; null where this document is not worth remembering. */
  readonly hash?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: RouterContext;
}

/** What to ask a house for a subscription, and what to make of each of its events. */
export interface Subscribed {
  readonly service: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Errors of the house, in the client's names. */
  place(errors: readonly GraphQLError[]): GraphQLError[];
  /** Completes one event; a context of its own, for loaders that lived longer would answer with the past. */
  complete(event: ExecutionResult, context: RouterContext): Promise<ExecutionResult>;
}

/** Queries, mutations and the rest of subscriptions, compiled once and run many times. */
export interface Executor {
  /** What clients may ask. */
  schema(): GraphQLSchema;
  execute(request: Request): Promise<ExecutionResult>;
  /** An error result where the variables do not fit. */
  subscribe(request: Request): Subscribed | ExecutionResult;
}

export interface ExecutorOptions {
  readonly supergraphSdl: string;
  /** How each subgraph is asked. It answers errors and throws none. */
  readonly asks: ReadonlyMap<string, Ask>;
  /** Decides the labels of `@override(label:)` that are no `percent(…)`; none of them holds where it is left out. */
  readonly decideLabel?: DecideLabel;
  /** The supergraph as it was compiled elsewhere. */
  readonly operations?: Operations;
  /** What public fetches brought; nothing is kept where it is left out. */
  readonly cache?: EntityCache | undefined;
  /** False lets nobody wait for what another asks. */
  readonly share?: boolean;
}

export function makeExecutor({
  supergraphSdl,
  asks,
  decideLabel,
  operations = compileOperations(supergraphSdl, decideLabel),
  cache,
  share: shares = true,
}: ExecutorOptions): Executor {
  const share = shares ? sharing() : undefined;
  const evict = async (tags: readonly string[]): Promise<void> => cache?.evict(tags);
  const ask = (service: string): Ask | undefined => asks.get(service);

  function prepare(request: Request): { compiled: Compiled; variables: Fetched } | { errors: readonly GraphQLError[] } {
    const { document, operationName, context } = request;
    const hash = request.hash === undefined ? hashOf(document) : request.hash;
    const known = operations.find(document, hash, operationName);
    const variables = (request.variables ?? {}) as Fetched;
    const checked = check(operations, known, variables);
    if ('errors' in checked) return checked;
    return { compiled: known.compile(checked.conditions, operations.overrides(context)), variables };
  }

  /** A mistake of the operation is an answer; anything else that goes wrong here is a fault. */
  function prepareOrRefuse(request: Request): ReturnType<typeof prepare> {
    try {
      return prepare(request);
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }

  const runOf = (
    data: Fetched,
    variables: Fetched,
    context: RouterContext,
    { mayShare, mayKeep }: { mayShare: boolean; mayKeep: boolean },
  ): Run => {
    const identity = mayShare ? identityOf(context.viewer) : '';
    return {
      data,
      errors: [],
      variables,
      context,
      ask,
      share: mayShare ? share : undefined,
      caching: mayKeep && cache ? cachingOf(cache, context.viewer, identity) : undefined,
      evict,
      identity,
      startedAt: monotonicMs(),
      meetings: new Map(),
    };
  };

  return {
    schema: () => operations.schema,

    async execute(request) {
      const prepared = prepareOrRefuse(request);
      if ('errors' in prepared) return { errors: prepared.errors };
      const { compiled, variables } = prepared;
      if (compiled.kind === 'subscription') throw new Error('a subscription is subscribed to, not executed');
      const isQuery = compiled.kind === 'query';
      const run = runOf(new Bare(), variables, request.context, { mayShare: isQuery, mayKeep: isQuery });
      await compiled.step?.(run);
      return shape(compiled, run);
    },

    subscribe(request) {
      const prepared = prepareOrRefuse(request);
      if ('errors' in prepared) return { errors: prepared.errors };
      const { compiled, variables } = prepared;
      const { source } = compiled;
      if (!source) throw new Error('only a subscription is subscribed to');
      const { service, query, shape: brings, clientName } = source;
      const place = (errors: readonly GraphQLError[]): GraphQLError[] =>
        errors.map((error) =>
          subgraphError(error, service, error.path ? clientPath([], [], error.path, clientName) : null),
        );
      return {
        service,
        query,
        variables: pickVariables({ variables }, source.variables, compiled.variables),
        place,
        async complete({ data, errors = [] }, context) {
          // Whoever is told of a change must not be shown what was kept before it.
          const run = runOf(new Bare(), variables, context, { mayShare: true, mayKeep: false });
          run.errors.push(...place(errors));
          // Whoever else hears this event must not see what is written into it here.
          if (data) merge(run.data, (compiled.step ? copy(data) : data) as Fetched, brings);
          await compiled.step?.(run);
          return shape(compiled, run);
        },
      };
    },
  };
}

const hashOf = (document: DocumentNode): string =>
  createHash('sha256')
    .update(document.loc?.source.body ?? print(document))
    .digest('hex');

/** Whether the variables fit, and what those among them are that conditions hang on. */
function check(
  { schema }: Operations,
  { variableDefinitions, conditions }: Known,
  variables: Fetched,
): { conditions: ReadonlyMap<string, boolean> } | { errors: readonly GraphQLError[] } {
  if (variableDefinitions.length === 0) return { conditions: nothing };
  const { errors, coerced } = getVariableValues(schema, variableDefinitions, variables);
  if (errors) return { errors: errors.map(asInput) };
  if (conditions.length === 0) return { conditions: nothing };
  return { conditions: new Map(conditions.map((name) => [name, coerced[name] === true])) };
}

const nothing: ReadonlyMap<string, boolean> = new Map();

function shape({ project, introspect }: Compiled, { data: fetched, errors, variables, context }: Run): ExecutionResult {
  const introspected = introspect?.(variables, context.viewer) ?? null;
  const { data, violated } = project(fetched, introspected, false);
  const all = violated ? [...errors, ...unexplained(project(fetched, introspected, true).violations, errors)] : errors;
  return (all.length > 0 ? { errors: all, data } : { data }) as ExecutionResult;
}

/** Nulls that no error of a subgraph accounts for: one without a path may account for all. */
function unexplained(violations: readonly GraphQLError[], errors: readonly GraphQLError[]): readonly GraphQLError[] {
  if (errors.some(({ path }) => !path)) return [];
  return violations.filter(
    ({ path }) => !errors.some((error) => isWithin(path!, error.path!) || isWithin(error.path!, path!)),
  );
}

const isWithin = (path: readonly (string | number)[], other: readonly (string | number)[]): boolean =>
  other.every((part, index) => path[index] === part);
