import { base, type CallOptions, headersOf, type Options, read, type Variables } from './client.ts';
import type { AnyOperation } from './operation.ts';
import type { Result } from './result.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

interface Frame {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/**
 * A subscription over Server-Sent Events, which Node and browsers both read through fetch. A lost connection is opened again
 * and goes on after the last event that came; a refusal is the stream's last result.
 */
export async function* listen(
  options: Options,
  operation: AnyOperation,
  variables: Variables,
  { signal }: CallOptions,
): AsyncIterableIterator<Result<unknown>> {
  const {
    url,
    fetch: send = fetch,
    wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
  } = options;
  const leaving = new AbortController();
  const ended = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  let seen: string | null = null;
  let failed = 0;
  try {
    while (!ended.aborted) {
      try {
        const response: Response = await send(`${base(url)}/graphql`, {
          method: 'POST',
          headers: {
            ...headersOf(options),
            accept: 'text/event-stream',
            'content-type': 'application/json',
            ...(seen === null ? {} : { 'last-event-id': seen }),
          },
          body: JSON.stringify({ documentId: operation.id, variables }),
          signal: ended,
        });
        if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
          const { result, again } = read(await response.json(), response);
          if (!again) {
            yield result as Result<unknown>;
            return;
          }
          throw new Error('the shop is away for a moment');
        }
        for await (const { event, id, data } of framesOf(response.body!)) {
          failed = 0;
          if (id !== null) seen = id;
          if (event === 'complete') return;
          if (event !== 'next') continue;
          const body: unknown = JSON.parse(data);
          seen = eventIdIn(body) ?? seen;
          yield read(body, response).result as Result<unknown>;
        }
      } catch {
        if (ended.aborted) return;
      }
      failed++;
      await wait(Math.min(FIRST_WAIT_MS * 2 ** (failed - 1), LONGEST_WAIT_MS));
    }
  } finally {
    leaving.abort();
  }
}

/** The id that the event itself carries, for a shop that gives frames none. */
function eventIdIn(body: unknown): string | null {
  const { data } = body as { data?: Record<string, unknown> | null };
  const [event] = Object.values(data ?? {});
  const id = (event as { eventId?: unknown } | null | undefined)?.eventId;
  return typeof id === 'string' ? id : null;
}

/** The frames of an event stream; lines end as the standard lets them. */
export async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n\r\n|\n\n|\r\r/);
    rest = frames.pop()!;
    for (const text of frames) {
      const lines = text.split(/\r\n|\n|\r/);
      const of = (name: string): string[] =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
      const data = of('data').join('\n');
      const event = of('event').at(-1);
      if (event !== undefined || data !== '') yield { event: event ?? 'message', id: of('id').at(-1) ?? null, data };
    }
  }
}
