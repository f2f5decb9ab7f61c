import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Ready } from './pipeline.ts';

/** A strong validator: the same bytes have the same, whichever router serves them. */
export const etagOf = (body: string): string => `"${hash('sha256', body, 'base64url')}"`;

/** Whether an If-None-Match names these bytes. */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);

/**
 * Seconds for which everybody may be shown this answer: what the operation's manifest says, where the answer is whole, and
 * nobody in particular asked. Else null.
 */
export function keptFor({ prepared, asker }: Ready, { status, result }: Answer): number | null {
  const isPublic = asker.viewer.principal === 'anonymous' && status === 200 && !result.errors;
  return isPublic ? (prepared.registered?.maxAge ?? null) : null;
}

/** What differs with each request goes to headers where the body is kept for others. */
export function headersOfExtensions({ cost }: Readonly<Record<string, unknown>>): Record<string, string> {
  if (typeof cost !== 'object' || cost === null) return {};
  const said = Object.entries(cost).map(([name, value]) => `${name}=${String(value)}`);
  return { 'souk-cost': said.join(', ') };
}

/** Sends bytes with their validator, or word that the client has them. */
export function sendValidated(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
  cacheControl: string,
): FastifyReply {
  const etag = etagOf(body);
  reply.headers({ etag, 'cache-control': cacheControl });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).removeHeader('content-type').send();
  return reply.code(200).send(body);
}
