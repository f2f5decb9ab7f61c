import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { systemError } from '@souk/kit';
import { toClientError } from './errors.ts';

/** Headers are small: whoever needs longer for them is no slow phone. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often connections that are too slow are looked for. */
const LOOK_EVERY_MS = 2_000;

/** For Node's server: how long it waits, which by itself it checks twice a minute. */
export const patience = { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LOOK_EVERY_MS };

const SENTENCES: Readonly<Record<number, string>> = {
  408: 'The request took too long to arrive.',
  431: 'The headers of the request are too large.',
};

/** What came is no HTTP request, so that no handler sees it: it is answered like any other mistake, and its connection ended. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const mistake = systemError('BAD_USER_INPUT', SENTENCES[status] ?? 'The request could not be read.');
  const errors = [toClientError(mistake, { requestId: randomUUID(), suggestions: false })];
  const body = JSON.stringify({ errors });
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
