import type { ExecutionResult } from 'graphql';
import type { HouseContext } from './house.ts';
import type { Live } from './live.ts';

/** What a house tells the router beside an answer; no client ever sees it. */
export interface Notes {
  /** How long the answer holds, where that is not for ever. */
  readonly holdsMs?: number;
  /** What the commit behind it changed: whoever keeps something of these forgets it before passing the answer on. */
  readonly evicted?: readonly string[];
}

const NAME = 'souk';

/** Where every house says, after each commit, what it changed of that which caches may hold. */
export const EVICTIONS_TOPIC = 'evictions';

/** A context for one execution, and what was noted in it when that is over. */
export function noting(context: HouseContext): { contextValue: HouseContext; noted(): Notes | null } {
  let least: number | null = null;
  const contextValue: HouseContext = {
    ...context,
    holds(ms) {
      if (ms !== null && (least === null || ms < least)) least = ms;
    },
  };
  return {
    contextValue,
    noted() {
      const evicted = [...context.evicted];
      context.evicted.clear();
      if (least === null && evicted.length === 0) return null;
      return {
        ...(least === null ? {} : { holdsMs: Math.max(0, least) }),
        ...(evicted.length === 0 ? {} : { evicted }),
      };
    },
  };
}

export const withNotes = (result: ExecutionResult, notes: Notes | null): ExecutionResult =>
  notes ? { ...result, extensions: { ...result.extensions, [NAME]: notes } } : result;

/** What a house noted beside an answer of its own. */
export function notesOf({ extensions }: ExecutionResult): Notes {
  return (extensions?.[NAME] as Notes | undefined) ?? nothing;
}

const nothing: Notes = {};

/** One touch for all that a commit changed. */
export const tellEvicted = (live: Live, tags: readonly string[]): Promise<void> =>
  live.publish(EVICTIONS_TOPIC, { id: tags.join(' '), version: 0 });
