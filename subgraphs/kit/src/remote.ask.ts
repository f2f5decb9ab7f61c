import type { Dispatcher } from 'undici';
import { monotonicMs, sleep } from './clock.ts';
import { isOutage, Outage } from './outage.ts';
import type { Member, Members } from './remote.members.ts';
import { DEADLINE, DRAINING, NOT_BEGUN } from './wire.ts';

/** Something that is asked of whichever process of a house. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly deadlineMs: number;
  /** Whether it does no harm to be done twice, as no mutation may be. */
  readonly repeatable: boolean;
}

/** Another process takes the place of one that is being replaced within this time, or nobody does. */
const REPLACED_MS = 1_000;
const PAUSE_MS = 50;

/**
 * Asks one process, and another where that one cannot have begun: its connection was refused, or it said so itself. What is
 * repeatable is also asked again over a connection that was cut and of a process that hangs. Throws what happened last.
 */
export async function askOne<Answer extends Pick<Dispatcher.ResponseData, 'headers'>, T>(
  members: Members,
  question: Question,
  send: (member: Member, question: Question, leftMs: number) => Promise<Answer>,
  read: (answer: Answer) => Promise<T> | T,
): Promise<T> {
  const began = monotonicMs();
  const left = (): number => question.deadlineMs - (monotonicMs() - began);
  const tried = new Set<Member>();
  // One more than there are processes: one that was started again has the same address.
  for (let asked = 1; ; asked++) {
    const member = members.choose(tried);
    tried.add(member);
    member.busy += 1;
    try {
      const answer = await send(member, question, left());
      if (answer.headers[DRAINING] !== undefined) members.leave(member);
      if (answer.headers[NOT_BEGUN] === undefined) return await read(answer);
      if ('body' in answer) await (answer.body as Dispatcher.ResponseData['body']).dump();
      throw new NotBegun();
    } catch (error) {
      const again = judge(error, question.repeatable);
      if (again === 'NEVER') throw error;
      if (!(error instanceof NotBegun)) members.lose(member);
      const all = tried.size === members.size;
      if (error instanceof NotBegun && all && monotonicMs() - began < REPLACED_MS && left() > PAUSE_MS) {
        // Every process that is known says that another is coming.
        await sleep(PAUSE_MS);
        tried.clear();
      } else if (asked > 1 && all) {
        throw error;
      }
    } finally {
      member.busy -= 1;
    }
  }
}

/** Asks a process, and hands its answer over as it comes. */
export const askStream = (member: Member, { method, path, headers, body, repeatable }: Question, left: number) =>
  member.pool.request({
    method,
    path,
    headers: { ...headers, [DEADLINE]: String(Math.max(0, Math.round(left))) },
    ...(body === undefined ? {} : { body }),
    // Zero would mean for ever.
    headersTimeout: Math.max(1, left),
    bodyTimeout: Math.max(1, left),
    // Whoever has begun to write cannot be given up: nobody would know what became of it.
    ...(repeatable ? { signal: member.hung } : {}),
  });

/** The process said that it did not begin. */
class NotBegun extends Outage {
  constructor() {
    super('the subgraph is being stopped');
  }
}

function judge(error: unknown, repeatable: boolean): 'AGAIN' | 'NEVER' {
  if (error instanceof NotBegun || wasRefused(error)) return 'AGAIN';
  return repeatable && (isOutage(error) || isCut(error)) ? 'AGAIN' : 'NEVER';
}

/** There was no connection, so nothing went over it. */
function wasRefused(error: unknown): boolean {
  const { code, syscall, message } = (error ?? {}) as { code?: unknown; syscall?: unknown; message?: unknown };
  return (
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    /before secure TLS connection/.test(String(message))
  );
}

/** Also what hung was given up, and the pool of a process that went meanwhile. */
const isCut = (error: unknown): boolean => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return ['UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_ABORTED'].includes(String(code)) || name === 'AbortError';
};
