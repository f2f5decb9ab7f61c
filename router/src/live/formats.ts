/** How a stream is written as an HTTP answer. Texts of payloads are JSON. */
export interface StreamFormat {
  readonly transport: 'SSE' | 'MULTIPART';
  readonly contentType: string;
  /** Says at once that the stream has begun. */
  readonly opening: string;
  /** Says that it is still there, where nothing else is to be said. */
  readonly heartbeat: string;
  readonly heartbeatMs: number;
  event(payload: string, eventId: string | null): string;
  /** All was said. */
  readonly completed: string;
  /** It may not go on: `errors` say why. Whoever comes back alike is refused. */
  ended(errors: string): string;
  /** It goes on elsewhere, or here later: clients come back by themselves. */
  leaving(errors: string): string;
}

const RETRY_MS = 1_000;

const sseEvent = (name: string, data: string, id = ''): string => `event: ${name}\n${id}data:${data && ` ${data}`}\n\n`;
const SSE_COMPLETE = sseEvent('complete', '');

/** An id that could break out of its line is none of ours. */
const idLine = (eventId: string | null): string =>
  eventId !== null && /^[\w-]+$/.test(eventId) ? `id: ${eventId}\n` : '';

/**
 * GraphQL over Server-Sent Events, distinct connections mode. A browser's EventSource gives the last `id` back as
 * `Last-Event-ID` when it connects again, which it does, as other clients do, unless it was told `complete`.
 */
export const sse: StreamFormat = {
  transport: 'SSE',
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  heartbeatMs: 12_000,
  event: (payload, eventId) => sseEvent('next', payload, idLine(eventId)),
  completed: SSE_COMPLETE,
  ended: (errors) => `${sseEvent('next', `{"errors":${errors}}`)}${SSE_COMPLETE}`,
  leaving: () => `retry: ${RETRY_MS}\n\n`,
};

const BOUNDARY = 'graphql';
/** The boundary goes with the part before it: a client shows a part when it has read to its end. */
const part = (json: string): string =>
  `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n--${BOUNDARY}`;
const LAST = '--\r\n';

/** Apollo's subscriptions over multipart HTTP, version 1.0. An answer about the stream itself has no payload. */
export const multipart: StreamFormat = {
  transport: 'MULTIPART',
  contentType: `multipart/mixed;boundary="${BOUNDARY}";subscriptionSpec=1.0`,
  opening: `--${BOUNDARY}${part('{}')}`,
  heartbeat: part('{}'),
  heartbeatMs: 5_000,
  event: (payload) => part(`{"payload":${payload}}`),
  completed: LAST,
  ended: (errors) => `${part(`{"payload":null,"errors":${errors}}`)}${LAST}`,
  leaving: (errors) => multipart.ended(errors),
};

/** The stream a client asks for by its `Accept`, or null where it asks for a plain answer. */
export function streamFormat(accept: string | undefined): StreamFormat | null {
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((text) => text.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) continue;
    if (type === 'text/event-stream') return sse;
    if (type === 'multipart/mixed' && parameters.some((parameter) => /^subscriptionspec="?1\.0"?$/.test(parameter))) {
      return multipart;
    }
  }
  return null;
}
