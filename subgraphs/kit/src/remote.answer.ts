import { type ExecutionResult, GraphQLError } from 'graphql';
import { type Dispatcher, errors } from 'undici';
import { Outage } from './outage.ts';

/** More than any operation within the limits can bring; who sends more is broken, and is not read to its end. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads a subgraph's answer whole, in the time that is left and no longer than it may be: otherwise one that drips or never
 * ends would be held in memory after nobody waits for it. Throws where it is no GraphQL result.
 */
export async function readAnswer(
  { statusCode, body }: Dispatcher.ResponseData,
  leftMs: number,
  mostBytes = MOST_BYTES,
): Promise<ExecutionResult> {
  const text = await readText(body, leftMs, mostBytes);
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer) || (answer.data === undefined && !Array.isArray(answer.errors))) {
    // A house that is just closing, or a proxy before it, answers in words of its own.
    throw new Outage(`the subgraph answered ${statusCode}`);
  }
  const { data, errors: told, extensions } = answer;
  if (data !== undefined && data !== null && !isRecord(data)) throw new Error('the subgraph’s data are no object');
  return {
    ...(data === undefined ? {} : { data }),
    ...(Array.isArray(told) && told.length > 0 ? { errors: told.map(asError) } : {}),
    ...(isRecord(extensions) ? { extensions } : {}),
  } as ExecutionResult;
}

function readText(body: Dispatcher.ResponseData['body'], leftMs: number, mostBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const parts: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(new errors.BodyTimeoutError()), Math.max(1, leftMs));
  body.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > mostBytes) body.destroy(new Error(`the subgraph answered with more than ${mostBytes} bytes`));
    else parts.push(part);
  });
  body.on('end', () => resolve(Buffer.concat(parts).toString()));
  body.on('error', reject);
  body.on('close', () => {
    clearTimeout(timer);
    // Settled before, unless it broke off without a word.
    reject(new Outage('the subgraph’s answer broke off'));
  });
  return promise;
}

/** An error as a subgraph tells it, as far as it has the form of one. */
export function asError(told: unknown): GraphQLError {
  const { message, path, extensions } = isRecord(told) ? told : {};
  const isPath = Array.isArray(path) && path.every((part) => typeof part === 'string' || Number.isInteger(part));
  return new GraphQLError(typeof message === 'string' ? message : '', {
    path: isPath ? (path as (string | number)[]) : null,
    extensions: isRecord(extensions) ? extensions : null,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
