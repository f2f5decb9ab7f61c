import type { ExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { sleep } from './clock.ts';
import type { Member, Members } from './remote.members.ts';

/** Waits before a lost stream is asked for again where every process was tried, ms. */
const AGAIN = [100, 250, 500, 1_000, 2_000] as const;
/** A server's close code for "going away". */
const GOING_AWAY = 1001;

interface StreamOptions {
  /** What is asked for, made anew each time. */
  readonly payload: () => SubscribePayload;
  readonly asError: (error: GraphQLError) => GraphQLError;
  /** Told once for each loss. */
  readonly onLost: () => void;
}

/**
 * A stream that outlives the connection and the process: lost, it is asked for anew, of another process where there is one,
 * and starts with the present state. What a house itself refuses is its answer and ends it.
 */
export function streamFrom(
  members: Members,
  { payload, asError, onLost }: StreamOptions,
): AsyncIterableIterator<ExecutionResult> {
  const ending = new AbortController();
  let from: Member | undefined;
  let inner: AsyncIterableIterator<ExecutionResult> | undefined;
  const tried = new Set<Member>();

  function open(): AsyncIterableIterator<ExecutionResult> {
    from = members.choose(tried);
    from.busy += 1;
    tried.add(from);
    return from.sockets.iterate(payload()) as AsyncIterableIterator<ExecutionResult>;
  }

  function leave(): void {
    if (from) from.busy -= 1;
    from = undefined;
    inner = undefined;
  }

  async function next(): Promise<IteratorResult<ExecutionResult>> {
    for (let rounds = 0; !ending.signal.aborted; ) {
      inner ??= open();
      try {
        const { value, done } = await inner.next();
        if (ending.signal.aborted || done) break;
        tried.clear();
        return { value: { ...value, errors: value.errors?.map(asError) } as ExecutionResult, done: false };
      } catch (error) {
        const lost = from!;
        leave();
        if (Array.isArray(error)) {
          ending.abort();
          return { value: { errors: (error as GraphQLError[]).map(asError) }, done: false };
        }
        if (tried.size === 1 && rounds === 0) onLost();
        if ((error as { code?: unknown } | null)?.code === GOING_AWAY) members.leave(lost);
        else members.lose(lost);
        if (tried.size < members.size) continue;
        tried.clear();
        await sleep(AGAIN[Math.min(rounds++, AGAIN.length - 1)]!, ending.signal);
      }
    }
    leave();
    return { value: undefined, done: true };
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next,
    async return() {
      ending.abort();
      const open = inner;
      leave();
      await open?.return?.();
      return { value: undefined, done: true as const };
    },
  };
}
