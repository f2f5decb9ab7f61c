import { hash as digest } from 'node:crypto';
import { mapIterator, monotonicMs, systemError } from '@souk/kit';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
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
import type {
  Admission,
  Admit,
  Answer,
  Asked,
  Asker,
  Enter,
  Found,
  Gate,
  Observed,
  Prepared,
  Ready,
  Shown,
} from './stages.ts';

export type * from './stages.ts';

interface Options {
  readonly engine: Engine;
  readonly streams: Streams;
  /** Of streams, on all transports together. */
  readonly places: Places;
  /** Tells when what clients may ask is another; the answer ends that. */
  readonly onReload: (listener: () => void) => () => void;
  /** The text of what was asked; throws a GraphQLError where there is none. */
  readonly find: (asked: Asked, asker: Asker) => Promise<Found> | Found;
  readonly gates: readonly Gate[];
  readonly admissions: readonly Admit[];
  readonly enter: Enter;
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
  gates,
  admissions,
  enter,
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

  function show(result: ExecutionResult, { asker, admissions: admitted }: Ready): Shown {
    const {
      data,
      errors = [],
      extensions,
    } = admitted.reduce((shaped, admission) => admission.reshape?.(shaped) ?? shaped, result);
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
      schema: prepared.schema,
      document: narrowed?.document ?? prepared.document,
      hash: remembered ? (narrowed ? `${prepared.hash} ${narrowed.key}` : prepared.hash) : null,
      operationName: prepared.operationName,
      variables,
      viewer: asker.viewer,
    };
  };

  /** A place for the run, or why there is none. */
  async function entered(ready: Ready): Promise<(() => void) | Answer> {
    const { prepared, asker } = ready;
    try {
      return await enter(prepared, asker);
    } catch (error) {
      const { status, headers, result } = refuse(error, asker);
      const { result: completed, headers: added } = complete(result, ready);
      return { status, headers: { ...added, ...headers }, result: completed };
    }
  }

  const pipeline: Pipeline = {
    async prepare(asked, asker) {
      const startedAt = monotonicMs();
      let prepared: Prepared | null = null;
      try {
        const admitted: Admission[] = [];
        for (const gate of gates) {
          const admission = await gate(asker);
          if (admission) admitted.push(admission);
        }
        const found = await find(asked, asker);
        prepared = understandOne(found, asked.operationName || null);
        if (asker.transport === 'GET' && prepared.operation.operation === 'mutation') throw mutationByGet();
        const variables = asked.variables ?? {};
        checkVariables(variables, limits);
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
      const leave = await entered(ready);
      if (typeof leave !== 'function') return told(prepared, asker, startedAt, leave);
      const result = await engine.execute(requestOf(ready)).catch(broken).finally(leave);
      const { result: completed, headers } = complete(show(result, ready), ready);
      const status = completed.data === undefined ? statusOf(result.errors?.[0]) : 200;
      return told(prepared, asker, startedAt, { status, headers, result: completed });
    },

    async stream(ready) {
      const { asked, prepared, asker, startedAt } = ready;
      const seen = seenSince(asker.after ?? null);
      const begin = async (now: Ready): Promise<AsyncIterableIterator<Shown> | Answer> => {
        const leave = await entered(now);
        if (typeof leave !== 'function') return leave;
        const source = await streams
          .subscribe({ ...requestOf(now), seen })
          .catch(broken)
          .finally(leave);
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
        async again(changed) {
          by = changed ?? by;
          const now = await pipeline.prepare(asked, by);
          if (!isReady(now)) return { last: now.result };
          const begun = await begin(now);
          if (Symbol.asyncIterator in begun) return begun;
          // A subgraph that is away for a moment ends nobody's stream; but whose rights are others may not keep what was.
          const stays = changed === undefined && begun.result.errors?.every(isOutage);
          return { last: stays ? undefined : begun.result };
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
