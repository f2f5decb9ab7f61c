import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { sleep } from '@souk/kit';
import type { GraphQLFormattedError } from 'graphql';
import type { Shown } from '../pipeline.ts';
import type { StreamFormat } from './formats.ts';

/** What all who listen to one shared stream are shown is the same object, and becomes text once. */
const texts = new WeakMap<object, string>();

export function textOf({ errors, data, extensions }: Shown): string {
  const start = errors ? `{"errors":${JSON.stringify(errors)},` : '{';
  if (data === undefined) return `${start}"extensions":${JSON.stringify(extensions)}}`;
  let text = data === null ? 'null' : texts.get(data);
  if (text === undefined) {
    text = JSON.stringify(data);
    texts.set(data!, text);
  }
  return `${start}"data":${text},"extensions":${JSON.stringify(extensions)}}`;
}

/** Why a stream is ended from this side. */
export interface Ending {
  readonly errors: readonly GraphQLFormattedError[];
  /** Whether the same client may have it again at once, here or elsewhere. */
  readonly comeBack: boolean;
}

interface Options {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  readonly format: StreamFormat;
  readonly stream: AsyncIterator<Shown>;
  /** Its reason is an `Ending`. */
  readonly signal: AbortSignal;
  /** How long a reader may read nothing before it is cut off, ms. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;

const eventIdOf = ({ extensions }: Shown): string | null =>
  typeof extensions.eventId === 'string' ? extensions.eventId : null;

/**
 * Writes a stream to its reader, and no faster than it reads: the next event is taken when the one before has left this
 * process. Resolves when it is over, for whatever reason; the stream is ended then. Never rejects.
 */
export async function writeStream({
  response,
  headers,
  format,
  stream,
  signal,
  patienceMs = PATIENCE_MS,
}: Options): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  // A peer that goes away while it is written to is no fault of ours; `close` follows.
  response.on('error', () => closed.abort());
  if (response.destroyed) closed.abort();
  const over = AbortSignal.any([signal, closed.signal]);
  const leave = (): void => void stream.return?.();
  over.addEventListener('abort', leave, { once: true });
  if (over.aborted) leave();
  response.writeHead(200, {
    ...headers,
    'content-type': format.contentType,
    'cache-control': 'no-cache, no-store, no-transform',
    // Proxies that gather answers would hold events back.
    'x-accel-buffering': 'no',
  });
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(format.heartbeat);
  }, format.heartbeatMs);

  /** False where the reader is gone, or may as well be. */
  async function write(text: string): Promise<boolean> {
    if (response.destroyed) return false;
    if (response.write(text)) return true;
    const read = once(response, 'drain', { signal: closed.signal }).then(
      () => true,
      () => false,
    );
    const patience = new AbortController();
    const wasRead = await Promise.race([read, sleep(patienceMs, patience.signal).then(() => false)]);
    patience.abort();
    if (!wasRead) response.destroy();
    return wasRead;
  }

  try {
    let reading = await write(format.opening);
    while (reading && !over.aborted) {
      const { value, done } = await stream.next();
      if (done) break;
      reading = await write(format.event(textOf(value), eventIdOf(value)));
      beat.refresh();
    }
    if (response.destroyed) return;
    response.end(signal.aborted ? farewell(format, signal.reason as Ending) : format.completed);
  } catch {
    // A stream that breaks is cut, so that its reader comes back; what broke was told where it did.
    response.destroy();
  } finally {
    clearInterval(beat);
    over.removeEventListener('abort', leave);
    leave();
  }
}

const farewell = (format: StreamFormat, { errors, comeBack }: Ending): string =>
  (comeBack ? format.leaving : format.ended)(JSON.stringify(errors));
