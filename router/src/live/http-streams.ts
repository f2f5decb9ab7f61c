import { systemError } from '@souk/kit';
import type { FastifyReply } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { type Answer, type Asker, isReady, isStream, type Pipeline, type Ready, type Shown } from '../pipeline.ts';
import type { Identified } from '../viewer.ts';
import type { StreamFormat } from './formats.ts';
import { followSession } from './session.ts';
import { type Ending, writeStream } from './write.ts';

/** An operation whose answer is wanted as a stream. */
export interface StreamAsked {
  readonly ready: Ready | Answer;
  readonly asker: Asker;
  readonly format: StreamFormat;
  readonly method: string;
  readonly session: Identified;
  /** Says who they are now; throws once they may not be here any more. */
  readonly look: () => Promise<Identified>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpStreams {
  /** Answers as a stream; or with the answer to send in the usual way, where no stream begins. */
  serve(asked: StreamAsked, reply: FastifyReply): Promise<Answer | null>;
  readonly open: number;
  /** Ends every stream so that its client comes back elsewhere, and lets none begin. */
  close(): Promise<void>;
}

const RETRY_AFTER_MS = 1_000;
const leaving = () =>
  systemError('OVERLOADED', 'This server is going away. Subscribe again.', {
    retryAfterMs: RETRY_AFTER_MS,
    http: { status: 503, headers: { 'retry-after': String(RETRY_AFTER_MS / 1_000) } },
  });

/** What clients may try again with, as it is. */
const PASSING: ReadonlySet<unknown> = new Set(['OVERLOADED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT']);
const isPassing = (errors: readonly GraphQLFormattedError[]): boolean =>
  errors.every(({ extensions }) => PASSING.has(extensions?.code));

/** Subscriptions, and over Server-Sent Events any operation, as streams over HTTP. */
export function httpStreams(pipeline: Pipeline): HttpStreams {
  const endings = new Map<AbortController, Promise<void>>();
  let closing = false;

  const endingBy = (error: unknown, asker: Asker): Ending => {
    const { errors = [] } = pipeline.refuse(error, asker).result;
    return { errors, comeBack: isPassing(errors) };
  };

  /** What there is to stream, or an answer. */
  async function begin({ ready, method, asker }: StreamAsked) {
    if (!isReady(ready)) return ready;
    const { operation } = ready.prepared.operation;
    if (operation === 'mutation' && method === 'GET') {
      const http = { status: 405, headers: { allow: 'POST' } };
      return pipeline.refuse(systemError('BAD_USER_INPUT', 'A mutation is sent by POST.', { http }), asker);
    }
    if (operation !== 'subscription') return pipeline.run(ready);
    return closing ? pipeline.refuse(leaving(), asker) : pipeline.stream(ready);
  }

  return {
    get open() {
      return endings.size;
    },
    async serve(asked, reply) {
      const { asker, format, session, look, headers } = asked;
      const begun = await begin(asked);
      // A browser's EventSource is told nothing of an answer but 200: a mistake goes the way of an event. What is to
      // be tried again later, or not this way, has its status.
      const plain = !isStream(begun) && (format.transport === 'MULTIPART' || ![200, 400].includes(begun.status));
      if (plain) return begun;
      const ending = new AbortController();
      const gone = new AbortController();
      if (isStream(begun)) {
        void followSession(session, {
          look,
          changed: ({ requestId: _, ...viewer }) =>
            void begun.renew({ ...asker, viewer: { ...viewer, requestId: asker.viewer.requestId } }),
          ended: (error) => ending.abort(endingBy(error, asker)),
          signal: gone.signal,
        });
      }
      reply.hijack();
      const written = writeStream({
        response: reply.raw,
        headers: { ...(reply.getHeaders() as Record<string, string>), ...headers },
        format,
        stream: isStream(begun) ? begun : only(begun.result),
        signal: ending.signal,
      }).finally(() => {
        gone.abort();
        endings.delete(ending);
      });
      endings.set(ending, written);
      if (closing) ending.abort(endingBy(leaving(), asker));
      return null;
    },
    async close() {
      closing = true;
      const error = pipeline.refuse(leaving(), null).result.errors!;
      const written = [...endings.values()];
      for (const ending of endings.keys()) ending.abort({ errors: error, comeBack: true } satisfies Ending);
      await Promise.all(written);
    },
  };
}

async function* only(result: Shown): AsyncGenerator<Shown> {
  yield result;
}
