import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';

export interface SimulateOptions {
  /** The first seed, and how many; a time limit ends it earlier. */
  readonly from: number;
  readonly seeds: number;
  readonly minutes: number | null;
  /** Prints every step. */
  readonly verbose: boolean;
  /** Prints each seed's fingerprint: equal where two runs did the same. */
  readonly traces: boolean;
  readonly workers: number;
}

const usage =
  'Use "npm run simulate", and after -- any of: --seed N, --seeds 200, --from 1, --minutes 10, --workers 2, --traces, --verbose.';

/** Throws a StartupError for what is not understood. */
export function readSimulateOptions(words: readonly string[]): SimulateOptions {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        seed: { type: 'string' },
        seeds: { type: 'string' },
        from: { type: 'string' },
        minutes: { type: 'string' },
        workers: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        traces: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new StartupError(`The arguments "${words.join(' ')}" are not understood.`, usage, { cause: error });
  }
  const whole = (name: string, least: number): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (typeof text !== 'string' || !/^\d{1,9}$/.test(text) || Number(text) < least) {
      throw new StartupError(`--${name} takes a whole number from ${least} on.`, usage);
    }
    return Number(text);
  };
  const seed = whole('seed', 0);
  const minutes = whole('minutes', 1) ?? null;
  const wanted = whole('seeds', 1);
  const seeds = seed === undefined ? (wanted ?? (minutes === null ? 200 : 1_000_000_000)) : 1;
  return {
    from: seed ?? whole('from', 0) ?? 1,
    seeds,
    minutes,
    verbose: values.verbose === true,
    traces: values.traces === true,
    workers: Math.min(whole('workers', 1) ?? availableParallelism(), seeds),
  };
}
