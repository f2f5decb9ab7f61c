import { hash as digest } from 'node:crypto';
import { mapIterator, monotonicMs, systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Engine } from './engine.ts';
import { asInput, toClientError } from './errors.ts';
import { Recent } from './executor/recent.ts';
import { checkSubscriptionRoots, checkVariables, type Limits, refusal, rules } from './limits.ts';
import { type Lasting, lasting } from './live/lasting.ts';
import type { Places } from './live/places.ts';
import { seenSince } from './live/queue.ts';
import type { Streams } from './live/share.ts';
import type { Credentials } from './viewer.ts';

/** An operation as a client sent it. */
export interface Asked {
  readonly query?: string | undefined;
  readonly documentId?: string | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export type Transport = 'GET' | 'POST' | 'WEBSOCKET' | 'SSE' | 'MULTIPART' | 'REST';

/** Who asks, and by which way. */
export interface Asker {
  readonly viewer: Viewer;
  readonly transport: Transport;
  readonly credentials: Credentials;
  /** The event id a stream before this one ended with, where the transport itself brings it. */
  readonly after?: string | undefined;
}

/** An operation of a manifest, known before anybody asked. */
export interface Registered {
  readonly id: string;
  readonly name: string;
  readonly client: string;
}

/** The text of an operation, and where it comes from. */
export interface Found {
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
  readonly registered: Registered | null;
}

/** An operation that was parsed, fits the schema and is within the limits. */
export interface Prepared extends Found {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly schema: GraphQLSchema;
}

/** What a stage before the run says of an operation it lets pass. */
export interface Admission {
  /** Runs instead of the document, which it must be a part of; `key` tells it from other parts of the same document. */
  readonly narrowed?: { readonly document: DocumentNode; readonly key: string };
  /** Join those of the answer, such as for fields that were taken away. */
  readonly errors?: readonly GraphQLError[];
  /** Called once with the answer, or with each event of a stream, as clients see it. */
  after?(result: Shown): Added | undefined;
}

export interface Added {
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Looks at an operation before it runs. It refuses by a GraphQLError, whose `extensions.http` may name a status and
 * headers.
 */
export type Admit = (
  prepared: Prepared,
  variables: Readonly<Record<string, unknown>>,
  asker: Asker,
) => Promise<Admission | undefined> | Admission | undefined;

/** A result as clients see it. */
export interface Shown {
  readonly errors?: readonly GraphQLFormattedError[];
  /** Absent where the operation did not begin. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What a transport sends. */
export interface Answer {
  /** HTTP's; 200 wherever the operation began. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly result: Shown;
}

/** An operation that may run, once. */
export interface Ready {
  readonly asked: Asked;
  readonly prepared: Prepared;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly asker: Asker;
  readonly admissions: readonly Admission[];
  readonly startedAt: number;
}

/** What became of an operation; nothing in it is a value that came in. */
export interface Observed {
  /** Null where it was refused before it was understood. */
  readonly prepared: Prepared | null;
  readonly asker: Asker;
  readonly status: number;
  /** Of the answer's errors. */
  readonly codes: readonly string[];
  readonly durationMs: number;
  readonly result: Shown;
}

interface Options {
  readonly engine: Engine;
  readonly streams: Streams;
  /** Of streams, on all transports together. */
  readonly places: Places;
  /** Tells when what clients may ask is another; the answer ends that. */
  readonly onReload: (listener: () => void) => () => void;
  /** The text of what was asked; throws a GraphQLError where there is none. */
  readonly find: (asked: Asked, asker: Asker) => Promise<Found> | Found;
  readonly admissions: readonly Admit[];
  readonly observe: (event: Observed) => void;
  readonly limits: Limits;
  readonly introspection: boolean;
}

/** The one way of an operation, whichever transport brings it: found, understood, admitted, run, shown. */
export interface Pipeline {
  /** Everything before the run. */
  prepare(asked: Asked, asker: Asker): Promise<Ready | Answer>;
  /** Runs a query or a mutation. Never throws. */
  run(ready: Ready): Promise<Answer>;
  /** Runs a subscription. It goes on over a new supergraph, and as whoever its asker becomes. Never throws. */
  stream(ready: Ready): Promise<Lasting<Shown, Asker> | Answer>;
  /** A mistake or a fault that was met before there was an operation. */
  refuse(error: unknown, asker: Asker | null): Answer;
}

export const isReady = (prepared: Ready | Answer): prepared is Ready => 'prepared' in prepared;
export const isStream = (stream: Lasting<Shown, Asker> | Answer): stream is Lasting<Shown, Asker> => 'renew' in stream;

/** Documents that are remembered. Longer ones are understood each time, so that memory stays small. */
const MOST_DOCUMENTS = 2_000;
const LONGEST_REMEMBERED = 20_000;
const MOST_MISTAKES = 10;

export const sha256 = (text: string): string => digest('sha256', text, 'hex');

export function makePipeline({
  engine,
  streams,
  places,
  onReload,
  find,
  admissions,
  observe,
  limits,
  introspection,
}: Options): Pipeline {
  const validationRules = [...specifiedRules, ...rules(limits, introspection)];
  let schema = engine.schema();
  let understood = new Recent<DocumentNode | readonly GraphQLError[]>(MOST_DOCUMENTS);

  function understand({ text, hash }: Found): DocumentNode {
    const current = engine.schema();
    if (current !== schema) {
      schema = current;
      understood = new Recent(MOST_DOCUMENTS);
    }
    const known = understood.get(hash) ?? parsed(text);
    if (text.length <= LONGEST_REMEMBERED) understood.set(hash, known);
    if (Array.isArray(known)) throw new Mistakes(known);
    return known as DocumentNode;
  }

  function parsed(text: string): DocumentNode | readonly GraphQLError[] {
    try {
      const document = parse(text, { maxTokens: limits.tokens });
      checkSubscriptionRoots(document);
      const errors = validate(schema, document, validationRules, { maxErrors: MOST_MISTAKES });
      return errors.length > 0 ? errors.map(asInput) : document;
    } catch (error) {
      if (error instanceof GraphQLError) return [asInput(error)];
      throw error;
    }
  }

  function understandOne(found: Found, operationName: string | null): Prepared {
    const document = understand(found);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw refusal('Name the one operation to run.');
    return { ...found, document, operation, operationName, schema };
  }

  const shown = (errors: readonly unknown[], { viewer: { requestId } }: Asker): GraphQLFormattedError[] =>
    errors.map((error) => toClientError(error, { requestId, suggestions: introspection }));

  function show({ data, errors = [], extensions }: ExecutionResult, { asker, admissions: admitted }: Ready): Shown {
    const all = [...admitted.flatMap((admission) => admission.errors ?? []), ...errors];
    const cleaned = all.length > 0 ? shown(all, asker) : undefined;
    return {
      ...(cleaned ? { errors: cleaned } : {}),
      ...(data === undefined ? {} : { data: data as Record<string, unknown> | null }),
      extensions: { ...extensionsOf(cleaned, asker.viewer.requestId), ...extensions },
    };
  }

  function complete(result: Shown, ready: Ready): { result: Shown; headers: Record<string, string> } {
    const added = ready.admissions.flatMap((admission) => admission.after?.(result) ?? []);
    return {
      result: { ...result, extensions: Object.assign({ ...result.extensions }, ...added.map((a) => a.extensions)) },
      headers: Object.assign({}, ...added.map((a) => a.headers)),
    };
  }

  function told(prepared: Prepared | null, asker: Asker, since: number, answer: Answer): Answer {
    const codes = answer.result.errors?.map(({ extensions }) => String(extensions?.code)) ?? [];
    const { status, result } = answer;
    observe({ prepared, asker, status, codes, durationMs: monotonicMs() - since, result });
    return answer;
  }

  function refuse(error: unknown, asker: Asker | null): Answer {
    const errors = error instanceof Mistakes ? error.mistakes : [error];
    const { status = statusOf(errors[0]), headers = {} } = httpOf(errors[0]);
    const requestId = asker?.viewer.requestId ?? requestIdOf(errors[0]);
    const formatted = errors.map((one) => toClientError(one, { requestId, suggestions: introspection }));
    return { status, headers, result: { errors: formatted, extensions: { requestId } } };
  }

  /** What is thrown while an operation runs is a fault of ours. */
  const broken = (error: unknown): ExecutionResult => ({
    errors: [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })],
    data: null,
  });

  const requestOf = ({ prepared, variables, asker, admissions: admitted }: Ready) => {
    const narrowed = admitted.flatMap((admission) => admission.narrowed ?? []).at(-1);
    const remembered = prepared.text.length <= LONGEST_REMEMBERED;
    return {
      document: narrowed?.document ?? prepared.document,
      hash: remembered ? (narrowed ? `${prepared.hash} ${narrowed.key}` : prepared.hash) : null,
      operationName: prepared.operationName,
      variables,
      viewer: asker.viewer,
      schema: prepared.schema,
    };
  };

  const pipeline: Pipeline = {
    async prepare(asked, asker) {
      const startedAt = monotonicMs();
      let prepared: Prepared | null = null;
      try {
        const found = await find(asked, asker);
        prepared = understandOne(found, asked.operationName || null);
        if (asker.transport === 'GET' && prepared.operation.operation === 'mutation') throw mutationByGet();
        const variables = asked.variables ?? {};
        checkVariables(variables, limits);
        const admitted: Admission[] = [];
        for (const admit of admissions) {
          const admission = await admit(prepared, variables, asker);
          if (admission) admitted.push(admission);
        }
        return { asked, prepared, variables, asker, admissions: admitted, startedAt };
      } catch (error) {
        return told(prepared, asker, startedAt, refuse(error, asker));
      }
    },

    async run(ready) {
      const { prepared, asker, startedAt } = ready;
      const result = await engine.execute(requestOf(ready)).catch(broken);
      const { result: completed, headers } = complete(show(result, ready), ready);
      const status = completed.data === undefined ? statusOf(result.errors?.[0]) : 200;
      return told(prepared, asker, startedAt, { status, headers, result: completed });
    },

    async stream(ready) {
      const { asked, prepared, asker, startedAt } = ready;
      const seen = seenSince(asker.after ?? null);
      const begin = async (now: Ready): Promise<AsyncIterableIterator<Shown> | Answer> => {
        const source = await streams.subscribe({ ...requestOf(now), seen }).catch(broken);
        const completed = (result: ExecutionResult): Shown => complete(show(result, now), now).result;
        if (Symbol.asyncIterator in source) return mapIterator(source, completed);
        return { status: statusOf(source.errors?.[0]), headers: {}, result: completed(source) };
      };
      let giveBack: () => void;
      try {
        giveBack = places.take(asker.viewer);
      } catch (error) {
        return told(prepared, asker, startedAt, refuse(error, asker));
      }
      const first = await begin(ready);
      if (!(Symbol.asyncIterator in first)) {
        giveBack();
        return told(prepared, asker, startedAt, first);
      }
      told(prepared, asker, startedAt, { status: 200, headers: {}, result: { extensions: {} } });
      let by = asker;
      return lasting<Shown, Asker>(first, {
        async again(changed = by) {
          by = changed;
          const now = await pipeline.prepare(asked, by);
          const begun = isReady(now) ? await begin(now) : now;
          if (Symbol.asyncIterator in begun) return begun;
          // What is only away for a moment ends nobody's stream.
          return { last: begun.result.errors?.every(isOutage) ? undefined : begun.result };
        },
        changes(changed) {
          const ignore = onReload(changed);
          return () => {
            ignore();
            giveBack();
          };
        },
      });
    },

    refuse,
  };
  return pipeline;
}

/** All that is wrong with a text. */
class Mistakes extends Error {
  constructor(readonly mistakes: readonly GraphQLError[]) {
    super();
  }
}

interface Http {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a refusal asks of HTTP. */
export const httpOf = (error: unknown): Http =>
  error instanceof GraphQLError ? ((error.extensions.http as Http | undefined) ?? {}) : {};

const statusOf = (error: unknown): number =>
  error instanceof GraphQLError && error.extensions.code !== 'INTERNAL' && error.originalError === undefined
    ? (httpOf(error).status ?? 400)
    : 500;

const requestIdOf = (error: unknown): string =>
  error instanceof GraphQLError && typeof error.extensions.requestId === 'string' ? error.extensions.requestId : '';

const mutationByGet = (): GraphQLError =>
  systemError('BAD_USER_INPUT', 'A mutation is sent by POST.', { http: { status: 405, headers: { allow: 'POST' } } });

const OUTAGES = new Set(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'OVERLOADED']);

const isOutage = ({ extensions }: GraphQLFormattedError): boolean => OUTAGES.has(String(extensions?.code));

/** `degraded` names each hole of an answer: which subgraph is missing and where. */
function extensionsOf(
  errors: readonly GraphQLFormattedError[] | undefined,
  requestId: string,
): Record<string, unknown> {
  if (!errors) return { requestId };
  const holes = errors.filter(({ extensions }) => extensions?.subgraph && OUTAGES.has(String(extensions.code)));
  const degraded = holes.map(({ extensions, path }) => ({ subgraph: extensions!.subgraph, path: path ?? null }));
  return { requestId, ...(degraded.length > 0 ? { degraded } : {}) };
}
