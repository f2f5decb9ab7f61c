import { randomUUID } from 'node:crypto';
import type { Answer } from './caller.testing.ts';
import { openSocket } from './doors.testing.ts';

/** What a stream said. */
export type Heard =
  | { readonly kind: 'payload'; readonly data: Answer; readonly errors: Answer[]; readonly extensions: Answer }
  /** Refused before it was a stream. */
  | { readonly kind: 'refused'; readonly status: number; readonly codes: unknown[] }
  /** Over: `done` where nobody shall come back. */
  | { readonly kind: 'over'; readonly done: boolean; readonly codes: unknown[]; readonly closed: number | null };

export interface Listening {
  hear(): Promise<Heard>;
  /** Reads on until a payload satisfies; throws where it is over before. */
  until(
    wanted: (payload: Extract<Heard, { kind: 'payload' }>) => boolean,
  ): Promise<Extract<Heard, { kind: 'payload' }>>;
  /** Reads on until it is over. */
  end(): Promise<Extract<Heard, { kind: 'over' }>>;
  leave(): void;
}

export interface StreamAsk {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly token?: string | null;
  /** For the way that knows a last event id of its own. */
  readonly after?: string;
  readonly headers?: Record<string, string>;
}

/** One of the ways a stream goes. */
export interface StreamWay {
  readonly name: 'WebSocket' | 'SSE' | 'multipart';
  open(ask: StreamAsk): Promise<Listening>;
}

function listening(hear: () => Promise<Heard>, leave: () => void): Listening {
  return {
    hear,
    leave,
    async until(wanted) {
      for (;;) {
        const heard = await hear();
        if (heard.kind !== 'payload') throw new Error(`the stream is over: ${JSON.stringify(heard)}`);
        if (wanted(heard)) return heard;
      }
    },
    async end() {
      for (;;) {
        const heard = await hear();
        if (heard.kind === 'refused') throw new Error(`there was no stream: ${JSON.stringify(heard)}`);
        if (heard.kind === 'over') return heard;
      }
    },
  };
}

const payloadOf = ({ data = null, errors = [], extensions = {} }: Answer): Heard => ({
  kind: 'payload',
  data,
  errors,
  extensions,
});
const codesIn = (errors: Answer[] = []): unknown[] => errors.map(({ extensions }) => extensions?.code);

const socketWay = (graph: () => string): StreamWay => ({
  name: 'WebSocket',
  async open({ query, variables, token, headers = {} }) {
    const socket = await openSocket(graph(), { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers });
    await socket.next();
    socket.send({ id: randomUUID(), type: 'subscribe', payload: { query, variables } });
    return listening(
      async () => {
        const said = await socket.next();
        if ('closed' in said) return { kind: 'over', done: said.closed !== 1001, codes: [], closed: said.closed };
        const { type, payload } = said.frame;
        if (type === 'next') return payloadOf(payload);
        return { kind: 'over', done: true, codes: codesIn(type === 'error' ? payload : []), closed: null };
      },
      () => socket.ws.terminate(),
    );
  },
});

/** The blocks of a streamed answer as they come, and then null. */
async function* blocksOf(body: ReadableStream<Uint8Array>, end: string): AsyncGenerator<string> {
  let text = '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const at = text.indexOf(end);
    if (at >= 0) {
      yield text.slice(0, at);
      text = text.slice(at + end.length);
      continue;
    }
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  if (text) yield text;
}

function httpWay(
  name: 'SSE' | 'multipart',
  accept: string,
  end: string,
  read: (block: string) => Heard | null,
): (graph: () => string) => StreamWay {
  return (graph) => ({
    name,
    async open({ query, variables, token, after, headers = {} }) {
      const leaving = new AbortController();
      const response = await fetch(graph(), {
        method: 'POST',
        headers: {
          accept,
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(after ? { 'last-event-id': after } : {}),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
        signal: leaving.signal,
      });
      const leave = (): void => leaving.abort();
      if (!response.headers.get('content-type')?.startsWith(accept.split(/[;,]/)[0]!)) {
        const { errors } = (await response.json()) as Answer;
        const refused: Heard = { kind: 'refused', status: response.status, codes: codesIn(errors) };
        return listening(async () => refused, leave);
      }
      const blocks = blocksOf(response.body!, end);
      let codes: unknown[] = [];
      return listening(async () => {
        for (;;) {
          // A connection that is cut is over as well; whoever reads may come back.
          const { value, done } = await blocks.next().catch(() => ({ value: undefined, done: true as const }));
          if (done) return { kind: 'over', done: false, codes, closed: null };
          const heard = read(value as string);
          if (heard?.kind === 'payload') codes = codesIn(heard.errors);
          if (heard) return heard.kind === 'over' && heard.codes.length === 0 ? { ...heard, codes } : heard;
        }
      }, leave);
    },
  });
}

const sseWay = httpWay('SSE', 'text/event-stream', '\n\n', (block) => {
  const lines = Object.fromEntries(block.split('\n').map((line) => line.split(/:\s?(.*)/s).slice(0, 2)));
  if (lines.event === 'next') return payloadOf(JSON.parse(lines.data));
  return lines.event === 'complete' ? { kind: 'over', done: true, codes: [], closed: null } : null;
});

const multipartWay = httpWay(
  'multipart',
  'multipart/mixed;subscriptionSpec=1.0, application/json',
  '--graphql',
  (block) => {
    if (block.startsWith('--')) return { kind: 'over', done: true, codes: [], closed: null };
    const body = block.split('\r\n\r\n')[1]?.trim();
    if (!body || body === '{}') return null;
    const { payload, errors } = JSON.parse(body);
    return payload ? payloadOf(payload) : { kind: 'over', done: true, codes: codesIn(errors), closed: null };
  },
);

/** Every way a stream goes. */
export const streamWays = (graph: () => string): readonly StreamWay[] => [
  socketWay(graph),
  sseWay(graph),
  multipartWay(graph),
];
