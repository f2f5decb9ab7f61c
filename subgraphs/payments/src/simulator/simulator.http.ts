import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Reading, type Route, routes } from './simulator.api.ts';
import { answerChallenge } from './simulator.challenge.ts';
import { type Controlled, control } from './simulator.control.ts';
import {
  badKey,
  internalError,
  keyInUse,
  keyReused,
  parameterInvalid,
  StripeFault,
  unknownUrl,
} from './simulator.errors.ts';
import { expand } from './simulator.expand.ts';
import { canonical, Params, parseForm } from './simulator.form.ts';
import { API_VERSION } from './simulator.shapes.ts';
import { beginWrite, deleteKey, findKey, insertKey } from './simulator.store.ts';
import { sentTo } from './simulator.webhooks.ts';
import { type Answer, newId } from './simulator.write.ts';

export interface Serving extends Controlled {
  readonly secretKey: string;
  onError(message: string, error: unknown): void;
}

interface Sent {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MAX_BODY = 1024 * 1024;
const KEY_LIFETIME_MS = 24 * 3600 * 1000;

/** Serves one request; never throws: whatever goes wrong becomes Stripe's error envelope. */
export async function serve(on: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newId('req_');
  try {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const body = await readBody(request);
    if (url.pathname.startsWith('/3d-secure/')) {
      const page = await answerChallenge(on, { method: request.method ?? '', path: url.pathname, body });
      response.writeHead(page.status, page.headers).end(page.body);
      return;
    }
    authorize(request.headers.authorization, on.secretKey);
    if (url.pathname.startsWith('/_simulator/')) {
      const params = new Params({ ...parseForm(url.search.slice(1)), ...parseForm(body) });
      send(response, requestId, json(200, await control(on, request.method ?? '', url.pathname, params)));
      return;
    }
    await serveApi(on, request, response, url, body, requestId);
  } catch (error) {
    send(response, requestId, faultAnswer(on, error));
  }
}

async function serveApi(
  on: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: string,
  requestId: string,
): Promise<void> {
  const fault = on.faults.take(url.pathname);
  if (fault?.kind === 'delay') await sleep(fault.delayMs);
  if (fault?.kind === 'drop') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'error') {
    const type = fault.status >= 500 || fault.status === 429 ? 'api_error' : 'invalid_request_error';
    throw new StripeFault(fault.status, { type, message: 'A planned fault of the simulator.' });
  }
  const sent = await answer(on, request, url, body, requestId);
  if (fault?.kind === 'lose-answer') request.socket.destroy();
  else send(response, requestId, sent);
}

async function answer(on: Serving, request: IncomingMessage, url: URL, body: string, requestId: string): Promise<Sent> {
  const method = request.method ?? '';
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (match === null) continue;
    const id = match[1] ?? '';
    if (route.method === 'GET') {
      const reading: Reading = {
        db: on.db,
        id,
        publicUrl: on.publicUrl,
        params: new Params(parseForm(url.search.slice(1))),
      };
      const found = await route.read(reading);
      await expand(on.db, found, reading.params.expand(), on.publicUrl);
      return json(200, found);
    }
    const key = idempotencyKey(request);
    const sent = await writeOnce(on, route, { id, body, key, requestId, endpoint: `${method} ${url.pathname}` });
    on.webhooks.nudge();
    return sent;
  }
  throw unknownUrl(method, url.pathname);
}

function idempotencyKey(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return null;
  if (key.length > 255) throw parameterInvalid('', 'An idempotency key has at most 255 characters.');
  return key;
}

interface Writing {
  readonly id: string;
  readonly body: string;
  readonly key: string | null;
  readonly requestId: string;
  readonly endpoint: string;
}

/** Runs a write, its events and its kept answer in one transaction: a repeat finds all of it or none. */
async function writeOnce(on: Serving, route: Extract<Route, { method: 'POST' }>, given: Writing): Promise<Sent> {
  const tree = parseForm(given.body);
  const hash = createHash('sha256').update(canonical(tree)).digest('hex');
  const { key, endpoint, requestId } = given;
  return on.db.transaction().execute(async (tx) => {
    const { now, alone } = await beginWrite(tx, key);
    if (key !== null) {
      if (!alone) throw keyInUse(key);
      const kept = await findKey(tx, key);
      if (kept !== undefined && now.getTime() - kept.created_at.getTime() > KEY_LIFETIME_MS) await deleteKey(tx, key);
      else if (kept !== undefined) {
        if (kept.endpoint !== endpoint) throw keyReused(key, 'endpoint');
        if (kept.params_hash !== hash) throw keyReused(key, 'parameters');
        const headers = { 'idempotency-key': key, 'idempotent-replayed': 'true', 'original-request': kept.request_id };
        return { status: kept.status, body: kept.body, headers };
      }
    }
    const params = new Params(tree);
    const deliver = sentTo(on.webhooks.endpoint());
    const request = { id: requestId, idempotencyKey: key };
    const call = { tx, now, publicUrl: on.publicUrl, deliver, request, params, id: given.id };
    const done = await route.write(call).catch((error: unknown): Answer => {
      if (error instanceof StripeFault && error.executed) return { status: error.status, body: { error: error.error } };
      throw error;
    });
    if (done.status === 200) await expand(tx, done.body, params.expand(), on.publicUrl, done.intent);
    const { status, body } = json(done.status, done.body);
    if (key === null) return { status, body };
    await insertKey(tx, { key, endpoint, params_hash: hash, request_id: requestId, status, body, created_at: now });
    return { status, body, headers: { 'idempotency-key': key } };
  });
}

function authorize(header: string | undefined, secretKey: string): void {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  const basic = scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().split(':')[0]! : null;
  const key = basic ?? (scheme.toLowerCase() === 'bearer' ? value : '');
  if (key === '') throw badKey('You did not provide an API key. Send it as "Authorization: Bearer YOUR_SECRET_KEY".');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(key), digest(secretKey))) {
    throw badKey(`Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY)
      throw new StripeFault(413, { type: 'invalid_request_error', message: 'The request is too large.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const json = (status: number, body: object): Sent => ({ status, body: `${JSON.stringify(body, null, 2)}\n` });

function faultAnswer(on: Serving, error: unknown): Sent {
  if (error instanceof StripeFault) return json(error.status, { error: error.error });
  on.onError('The Stripe simulator failed while serving a request.', error);
  const fault = internalError();
  return json(fault.status, { error: fault.error });
}

function send(response: ServerResponse, requestId: string, { status, body, headers }: Sent): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, no-store',
    'request-id': requestId,
    'stripe-version': API_VERSION,
    ...headers,
  });
  response.end(body);
}
