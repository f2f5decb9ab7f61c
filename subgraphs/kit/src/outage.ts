/** What a client is asked to wait before it tries again. */
const RETRY_AFTER_MS = 2_000;

/** A dropped or refused connection, as Node names it. */
const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/** SQLSTATEs of a server that cannot work just now: shutting down, starting, out of disk's reach, only readable. */
const unable = new Set(['57P01', '57P02', '57P03', '58030', '25006']);

/** pg's own words for a connection that is gone or was not to be had in time; it gives them no code. */
const gone =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * True for an error that says nothing about what was asked: the database is away, restarting, out of disk, memory or
 * connections (SQLSTATE classes 08 and 53). The same may be asked again, and will work when that has passed.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|53)[0-9A-Z]{3}$/.test(code) ||
    unable.has(code) ||
    lost.has(code) ||
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
