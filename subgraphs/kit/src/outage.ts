/**
 * Said by an adapter whose engine is away: what was asked was not done, or nobody can tell whether it was. Holds no key, no
 * value and no error of the engine's client, which would hold both.
 */
export class Outage extends Error {
  override readonly name = 'Outage';
}

/** What a client is asked to wait before it tries again. */
const RETRY_AFTER_MS = 2_000;

/** A dropped or refused connection, as Node names it. */
const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/** The same of a socket of this machine: its server is away, or has too many at its door. */
const shut = new Set(['ENOENT', 'EAGAIN']);

/** SQLSTATEs of a server that cannot work just now: shutting down, starting, out of disk's reach, only readable, tired of waiting for us. */
const unable = new Set(['57P01', '57P02', '57P03', '58030', '25006', '25P03']);

/** pg's own words for a connection that is gone or was not to be had in time; it gives them no code. */
const gone =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/**
 * True for an error that says nothing about what was asked: the database is away, restarting, out of disk, memory or
 * connections (SQLSTATE classes 08 and 53). The same may be asked again, and will work when that has passed.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Outage) return true;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|53)[0-9A-Z]{3}$/.test(code) ||
    unable.has(code) ||
    lost.has(code) ||
    (shut.has(code) && 'syscall' in error && error.syscall === 'connect') ||
    gone.test(error.message) ||
    isOutage(error.cause)
  );
}

/** An outage as a client sees it: a code that says "not you, not for good", and when to come again. */
export const unavailable = {
  message: 'This part of the shop cannot answer right now. Please try again in a moment.',
  code: 'SUBGRAPH_UNAVAILABLE',
  more: { retryAfterMs: RETRY_AFTER_MS },
} as const;

/** SQLSTATEs of a statement that was stopped, or of a lock that was not to be had, in the time that its role allows. */
const stopped = new Set(['57014', '55P03']);

/** True for a statement that took too long, by itself or behind others: it did nothing, and may be asked again. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return stopped.has('code' in error ? String(error.code) : '') || isTimeout(error.cause);
}

/** A timeout as a client sees it. */
export const tooSlow = {
  message: 'This took too long and was stopped. Please try again in a moment.',
  code: 'TIMEOUT',
  more: { retryAfterMs: RETRY_AFTER_MS },
} as const;
