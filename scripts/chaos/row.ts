import type { Chance } from '../simulate/chance.ts';

/** How much of it is done: `short` is the selection of `npm test` and of the mutants, otherwise the promise's own numbers. */
export interface Scale {
  readonly short: boolean;
}

/** What a row is given to make its own world in. */
export interface Scene extends Scale {
  readonly seed: number;
  /** The row's own stream of the seed. */
  readonly chance: Chance;
  /** A server to make databases in; never one to kill. */
  readonly postgresUrl: string;
  /** Its own temporary folder, removed after it. */
  readonly folder: string;
  /** Says what is going on. */
  say(line: string): void;
}

export interface Found {
  /** What was done, in figures, on one line. */
  readonly done: string;
  /** Each broken promise, as a sentence; empty where all was kept. */
  readonly wrongs: readonly string[];
}

/** One way for things to go wrong, and what must hold all the same. */
export interface Row {
  /** The word on the command line. */
  readonly name: string;
  /** Passes when this holds. */
  readonly promise: string;
  run(scene: Scene): Promise<Found>;
}
