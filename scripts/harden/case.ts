import type { Door } from '../../router/src/doors.testing.ts';
import type { Frail } from './frail.ts';

export const families = ['shape', 'values', 'http', 'sockets', 'subgraphs'] as const;
export type Family = (typeof families)[number];

/** What a case is given: a shop that runs, and the ways into it. */
export interface Scene {
  /** Where it answers, such as `http://localhost:4000`. */
  readonly origin: string;
  readonly graph: string;
  /** Every way by which an operation is sent as a text. */
  readonly doors: readonly Door[];
  /** The routes of /api/v1, where there are any. */
  readonly rest: boolean;
  /** A router of ours over a subgraph that can be told to answer nonsense; only where the shop was started here. */
  readonly frail: Frail | null;
  /** Small numbers, for `npm test`. */
  readonly short: boolean;
}

/** One kind of attack, and what must come of it. */
export interface Case {
  /** The word on the command line. */
  readonly name: string;
  readonly family: Family;
  /** Passes when this holds. */
  readonly promise: string;
  /** True for those that wait for the shop's own patience to end: not in short. */
  readonly long?: boolean;
  /** Each broken promise, as a sentence; empty where all was kept. */
  run(scene: Scene): Promise<readonly string[]>;
}

/** Runs every try of a table, all at once, and names each wrong by its try. */
export async function tryAll<T>(
  tries: readonly (readonly [name: string, one: T])[],
  work: (one: T, name: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const found = await Promise.all(
    tries.map(async ([name, one]) => {
      try {
        return (await work(one, name)).map((wrong) => `${name}: ${wrong}`);
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return found.flat();
}
