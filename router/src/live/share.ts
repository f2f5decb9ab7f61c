import { randomUUID } from 'node:crypto';
import { type Log, mapIterator, systemError } from '@souk/kit';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { EngineRequest } from '../engine.ts';
import { identityOf } from '../executor/run.ts';
import { type LiveDocument, liveDocument } from './document.ts';
import { type Event, type Seen, seenSince } from './queue.ts';
import { type SharedStream, sharedStream } from './shared.ts';
import { untilOver } from './until-over.ts';

/** A subscription as one client asks for it. */
export interface StreamRequest extends EngineRequest {
  /** What this client was shown by a stream before this one. */
  readonly seen?: Seen | undefined;
}

type Stream = AsyncIterableIterator<ExecutionResult>;
type Subscribe = (request: EngineRequest) => Promise<Stream | ExecutionResult>;

/** Shared streams of this process. */
export interface Streams {
  /** Each payload's `extensions` hold its `eventId`, and where states were passed over for a slow reader how many: `leftOut`. */
  subscribe(request: StreamRequest): Promise<Stream | ExecutionResult>;
  /** Subscriptions upstream, and who listens. */
  counts(): { readonly upstream: number; readonly clients: number };
}

const lost: ExecutionResult = {
  errors: [
    systemError('SUBGRAPH_UNAVAILABLE', 'This part of the shop cannot answer right now. Subscribe again shortly.'),
  ],
};

/** One subscription upstream, and one completion of each event, for all who ask for the same as the same viewer. */
export function shareStreams(subscribe: Subscribe, log: Log): Streams {
  /** A new supergraph begins streams of its own. */
  const shared = new WeakMap<GraphQLSchema, Map<string, SharedStream>>();
  const documents = new WeakMap<DocumentNode, Map<string, LiveDocument | null>>();
  let upstream = 0;
  let clients = 0;

  function liveOf({ schema, document, operationName }: EngineRequest): LiveDocument | null {
    const known = documents.get(document) ?? new Map<string, LiveDocument | null>();
    documents.set(document, known);
    const name = operationName ?? '';
    const operation = getOperationAST(document, operationName) as OperationDefinitionNode;
    if (!known.has(name)) known.set(name, liveDocument(schema, document, operation));
    return known.get(name)!;
  }

  function streamOf(request: EngineRequest, live: LiveDocument): SharedStream {
    const { schema, variables, hash, operationName, viewer } = request;
    const here = shared.get(schema) ?? new Map<string, SharedStream>();
    shared.set(schema, here);
    const deciding = live.variables.map((name) => variables[name] ?? null);
    const key = JSON.stringify([hash ?? print(live.document), operationName, deciding, identityOf(viewer)]);
    const known = here.get(key);
    if (known) return known;
    const begun = sharedStream({
      open: async () => {
        // Of nobody in particular among those who are alike.
        const forAll = { ...viewer, requestId: randomUUID(), trace: null, clientAddress: null };
        const document = { document: live.document, hash: hash && `${hash} live` };
        const source = await subscribe({ ...request, ...document, viewer: forAll }).catch((error: unknown) => {
          log.error({ error }, 'a stream could not begin');
          return lost;
        });
        if (!(Symbol.asyncIterator in source)) return source;
        upstream++;
        return untilOver(
          mapIterator(source, (result) => named(result, live)),
          () => void upstream--,
        );
      },
      empty: () => void here.delete(key),
      broke: (error) => log.warn({ error }, 'a stream broke and is begun again'),
      lost,
    });
    here.set(key, begun);
    return begun;
  }

  return {
    counts: () => ({ upstream, clients }),
    async subscribe({ seen, ...request }) {
      const live = liveOf(request);
      const after = live?.after(request.variables);
      if (!live || after === undefined) return subscribe(request);
      const known = seen ?? seenSince(null);
      if (after !== null) known.add(after);
      const joined = await streamOf(request, live).join(known);
      if (!('next' in joined)) return joined;
      clients++;
      const shown = mapIterator(joined, ({ eventId, leftOut, value }) => withExtensions(value, eventId, leftOut));
      return untilOver(shown, () => void clients--);
    },
  };
}

function named(result: ExecutionResult, live: LiveDocument): Event<ExecutionResult> {
  const eventId = result.data ? live.takeEventId(result.data as Record<string, unknown>) : null;
  return { eventId, value: result };
}

function withExtensions(result: ExecutionResult, eventId: string | null, leftOut: number): ExecutionResult {
  if (eventId === null && leftOut === 0) return result;
  const extensions = { ...(eventId === null ? {} : { eventId }), ...(leftOut > 0 ? { leftOut } : {}) };
  return { ...result, extensions };
}
