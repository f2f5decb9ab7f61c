import type { ExecutionResult, GraphQLError } from 'graphql';
import { copy } from './data.ts';

/** A query to a subgraph, as far as it decides the answer. */
export interface Question {
  readonly service: string;
  readonly query: string;
  readonly variables: object;
  readonly identity: string;
}

/**
 * Asks by `ask`, or takes the answer that somebody else's `ask` brings to the same question. `writes` says that whoever
 * asks will write into the answer, and needs one of its own.
 */
export type Share = (
  question: Question,
  writes: boolean,
  ask: () => Promise<ExecutionResult>,
) => Promise<ExecutionResult>;

interface Waiting {
  readonly writes: boolean;
  readonly ask: () => Promise<ExecutionResult>;
  readonly resolve: (result: ExecutionResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A call under way and who waits for the next one. */
interface Line {
  readonly waiting: Waiting[];
  patience: NodeJS.Timeout | undefined;
  readonly leave: () => void;
}

/** How long a question waits for a call to end that began before it, ms: a stuck call holds up nobody but its own. */
const PATIENCE_MS = 50;

/** What went wrong for everybody alike; any other error may be meant for whoever asked. */
const EVERYBODYS = new Set(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'OVERLOADED', 'INTERNAL']);

const isShareable = (error: GraphQLError): boolean => EVERYBODYS.has(String(error.extensions?.code));

/**
 * One call to a subgraph at a time for the same question of the same identity. Whoever comes while it is under way waits
 * for the next one, which begins after they came and serves all who did: an answer is never older than its question, so
 * that whoever was told of a change and reads again sees it.
 */
export function sharing(): Share {
  const lines = new Map<string, Line>();

  async function lead<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const line: Line = { waiting: [], patience: undefined, leave };
    function leave(): void {
      // Somebody lost patience before.
      if (lines.get(key) !== line) return;
      clearTimeout(line.patience);
      lines.delete(key);
      if (line.waiting.length > 0) void lead(key, () => askForAll(line.waiting));
    }
    lines.set(key, line);
    try {
      return await ask();
    } finally {
      leave();
    }
  }

  return ({ service, query, variables, identity }, writes, ask) => {
    const key = `${service}\n${identity}\n${query}\n${JSON.stringify(variables)}`;
    const line = lines.get(key);
    if (!line) return lead(key, ask);
    line.patience ??= setTimeout(line.leave, PATIENCE_MS);
    return new Promise<ExecutionResult>((resolve, reject) => line.waiting.push({ writes, ask, resolve, reject }));
  };
}

async function askForAll(line: readonly Waiting[]): Promise<void> {
  const [first, ...others] = line;
  try {
    const result = await first!.ask();
    const shareable = !result.errors?.some((error) => !isShareable(error));
    for (const one of others) {
      if (!shareable) one.ask().then(one.resolve, one.reject);
      else one.resolve(one.writes ? copyOf(result) : result);
    }
    // Its copy comes last: whoever reads only must not see what the first writes.
    first!.resolve(first!.writes && shareable && others.length > 0 ? copyOf(result) : result);
  } catch (error) {
    for (const one of line) one.reject(error);
  }
}

const copyOf = (result: ExecutionResult): ExecutionResult => ({ ...result, data: copy(result.data) });
