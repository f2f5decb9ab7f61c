import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { Outage } from './outage.ts';
import type { Question } from './remote.ask.ts';
import type { Member } from './remote.members.ts';
import { DEADLINE } from './wire.ts';

/** An answer that was read to its end. */
export interface Whole {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Asks a process and reads its answer whole, in the time that is left and no longer than it may be: otherwise one that drips
 * or never ends would be held in memory after nobody waits for it. Spoken to the pool itself, for a stream would cost more than
 * all else that is done for an answer.
 */
export function askWhole(
  { pool, hung }: Member,
  { method, path, headers, body, repeatable }: Question,
  leftMs: number,
  mostBytes: number,
): Promise<Whole> {
  const { promise, resolve, reject } = Promise.withResolvers<Whole>();
  const parts: Buffer[] = [];
  let bytes = 0;
  let head: Pick<Whole, 'statusCode' | 'headers'> | undefined;
  let controller: Dispatcher.DispatchController | undefined;
  let ended: Error | undefined;

  const timer = setTimeout(
    () => give(head ? new errors.BodyTimeoutError() : new errors.HeadersTimeoutError()),
    Math.max(1, leftMs),
  );
  const giveUp = (): void => give(new errors.RequestAbortedError());
  // Whoever has begun to write cannot be given up: nobody would know what became of it.
  if (repeatable) hung.addEventListener('abort', giveUp, { once: true });

  function settle(): void {
    clearTimeout(timer);
    if (repeatable) hung.removeEventListener('abort', giveUp);
  }
  function give(error: Error): void {
    ended = error;
    controller?.abort(error);
    settle();
    reject(error);
  }

  pool.dispatch(
    {
      method,
      path,
      headers: { ...headers, [DEADLINE]: String(Math.max(0, Math.round(leftMs))) },
      body: body ?? null,
      // The timer above is the only one.
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    {
      onRequestStart(begun) {
        controller = begun;
        if (ended) begun.abort(ended);
      },
      onResponseStart(_controller, statusCode, answered) {
        head = { statusCode, headers: answered };
      },
      onResponseData(_controller, part) {
        bytes += part.length;
        if (bytes > mostBytes) give(new Error(`the subgraph answered with more than ${mostBytes} bytes`));
        else parts.push(part);
      },
      onResponseEnd() {
        settle();
        if (!head) return reject(new Outage('the subgraph’s answer broke off'));
        resolve({ ...head, text: parts.length === 1 ? parts[0]!.toString() : Buffer.concat(parts).toString() });
      },
      onResponseError(_controller, error) {
        settle();
        reject(error);
      },
    },
  );
  return promise;
}
