import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isSystemCode } from '@souk/kit';
import WebSocket from 'ws';
import type { Answer } from './caller.testing.ts';

/** What a door said to one request: an answer, or a closed socket. */
export interface Said {
  /** HTTP's status, or null over WebSocket. */
  readonly status: number | null;
  /** HTTP's, in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** The code a socket was closed with. */
  readonly closed: number | null;
  readonly errors: Answer[];
  readonly data: Answer;
  readonly extensions: Answer;
  /** Everything that came, for looking for what must not be in it. */
  readonly text: string;
}

export interface Asking {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly extensions?: unknown;
}

/** One of the two ways to the graph; `headers` are connectionParams over WebSocket. */
export interface Door {
  readonly name: string;
  ask(payload: Asking, headers?: Record<string, string>): Promise<Said>;
}

export const httpDoor = (graph: () => string): Door => ({
  name: 'HTTP',
  async ask(payload, headers = {}) {
    return post(graph(), JSON.stringify(payload), { 'content-type': 'application/json', ...headers });
  },
});

export async function post(url: string, body: string | undefined, headers: Record<string, string>): Promise<Said> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body ? { body } : {}),
  });
  const text = await response.text();
  const { data = null, errors = [], extensions = null } = JSON.parse(text);
  const said = { status: response.status, headers: Object.fromEntries(response.headers), closed: null };
  return { ...said, data, errors, extensions, text };
}

/** A socket that has said connection_init, spoken to in frames. */
export interface Socket {
  readonly ws: WebSocket;
  send(message: object | string): void;
  /** The next frame, or the code of the close. */
  next(): Promise<{ frame: Answer } | { closed: number }>;
}

export async function openSocket(
  graph: string,
  connectionParams: Record<string, string> = {},
  origin?: string,
): Promise<Socket> {
  const ws = new WebSocket(graph.replace(/^http/, 'ws'), 'graphql-transport-ws', origin ? { origin } : {});
  const frames: ({ frame: Answer } | { closed: number })[] = [];
  const waiting: ((frame: { frame: Answer } | { closed: number }) => void)[] = [];
  const take = (one: { frame: Answer } | { closed: number }) => {
    const waiter = waiting.shift();
    if (waiter) waiter(one);
    else frames.push(one);
  };
  ws.on('message', (data) => take({ frame: JSON.parse(String(data)) }));
  ws.on('close', (code) => take({ closed: code }));
  await once(ws, 'open');
  const send = (message: object | string) => ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  send({ type: 'connection_init', payload: connectionParams });
  return {
    ws,
    send,
    next: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

export const socketDoor = (graph: () => string): Door => ({
  name: 'WebSocket',
  async ask(payload, headers = {}) {
    const socket = await openSocket(graph(), headers);
    try {
      const nothing = { status: null, headers: {}, closed: null, errors: [], data: null, extensions: null, text: '' };
      const first = await socket.next();
      if ('closed' in first) return { ...nothing, closed: first.closed };
      socket.send({ id: '1', type: 'subscribe', payload });
      const answer = await socket.next();
      if ('closed' in answer) return { ...nothing, closed: answer.closed };
      const { type, payload: said } = answer.frame;
      const text = JSON.stringify(answer.frame);
      if (type === 'error') return { ...nothing, errors: said, text };
      return { ...nothing, errors: said.errors ?? [], data: said.data ?? null, extensions: said.extensions, text };
    } finally {
      socket.ws.terminate();
    }
  },
});

const OURS =
  /\bat \S+ \(|\.[mc]?[jt]s:\d+|node_modules|stacktrace|"stack"|"exception"|\bselect\b .+ \bfrom\b|_app\b|relation "/i;
const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** What is wrong with how something was refused, in sentences. */
export function uncleanIn({ errors, text }: Pick<Said, 'errors' | 'text'>, ...secrets: string[]): string[] {
  const wrongs: string[] = [];
  for (const { message, extensions } of errors) {
    const code = extensions?.code;
    if (typeof code !== 'string' || !isSystemCode(code)) wrongs.push(`The code ${code} is not of the closed list.`);
    if (!REQUEST_ID.test(extensions?.requestId)) wrongs.push(`An error of ${code} names no request.`);
    if (typeof message !== 'string' || message.trim() === '') wrongs.push(`An error of ${code} says nothing.`);
  }
  const [ours] = OURS.exec(text) ?? [];
  if (ours) wrongs.push(`Something of ours came out: ${ours}`);
  for (const secret of secrets) if (text.includes(secret)) wrongs.push(`What came in was said again: ${secret}`);
  return wrongs;
}

/** Every error has a code of the closed list and a request id; nothing of ours and nothing of what came in leaves with it. */
export const expectClean = (said: Said, ...secrets: string[]): void =>
  assert.deepEqual(uncleanIn(said, ...secrets), []);

/** The codes of an answer's errors. */
export const codesOf = ({ errors }: Said): unknown[] => errors.map(({ extensions }) => extensions?.code);
