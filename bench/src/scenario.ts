import type { Yardstick } from './yardsticks.ts';

/** How one stretch of load went. */
export interface Round {
  readonly operations: number;
  /** From the first operation's start to the last one's end. */
  readonly seconds: number;
  /** Milliseconds, one for each sample. */
  readonly latencies: readonly number[];
}

/** Something whose statements are counted alone, from a silent server to a silent server. */
export interface Countable {
  readonly title: string;
  /** The most statements it may take. */
  readonly budget?: number;
  readonly yardstick?: number;
  /** Makes ready what is not counted and answers the operation that is. */
  prepare(): Promise<() => Promise<void>>;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is done at once, in words. */
  readonly load: string;
  /** What a latency is from and to, where it is not simply the operation's. */
  readonly latency?: string;
  readonly yardstick?: Yardstick;
  readonly countables: readonly Countable[];
  /** What must be there before a round and is not measured. */
  prepare?(): Promise<void>;
  /** Loads the server for about that long. */
  round(seconds: number): Promise<Round>;
  /** Takes away what `prepare` made, so that other scenarios do not pay for it. */
  leave?(): Promise<void>;
}

/** Each of so many clients does one operation after the other until time is up. */
export async function closedLoop(
  clients: number,
  seconds: number,
  operation: (client: number) => Promise<void>,
): Promise<Round> {
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < until) {
        const began = performance.now();
        await operation(client);
        latencies.push(performance.now() - began);
      }
    }),
  );
  return { operations: latencies.length, seconds: (performance.now() - start) / 1000, latencies };
}

/** A countable without anything to make ready. */
export const simply = (
  title: string,
  run: () => Promise<void>,
  limits: Pick<Countable, 'budget' | 'yardstick'> = {},
): Countable => ({ title, ...limits, prepare: async () => run });
