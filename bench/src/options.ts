import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';

export const SIZES = ['small', 'demo', 'large'] as const;
export type Size = (typeof SIZES)[number];

export const SCENARIOS = ['list', 'product', 'search', 'cart', 'checkout', 'fanout'] as const;
export type ScenarioId = (typeof SCENARIOS)[number];

export interface BenchOptions {
  readonly size: Size;
  readonly only: readonly ScenarioId[];
  /** Of each round of each scenario. */
  readonly seconds: number;
  readonly rounds: number;
  /** Single operations whose statements are counted; the middle one is quoted. */
  readonly counts: number;
  readonly profile: boolean;
  readonly fresh: boolean;
  /** Compares the router's executors instead. */
  readonly executors: boolean;
}

const USAGE =
  'npm run bench -- [--size small|demo|large] [--only list,checkout] [--seconds 5] [--rounds 3] [--counts 5] [--profile] [--fresh] [--executors]';

/** Throws a StartupError that says how it is called. */
export function readBenchOptions(words: readonly string[]): BenchOptions {
  const values = readWords(words);
  const size = SIZES.find((one) => one === values.size);
  if (!size) throw wrong(`There is no size "${values.size}": choose ${SIZES.join(', ')}.`);
  const wanted = values.only.split(',').filter((id) => id !== '');
  for (const id of wanted) {
    if (!SCENARIOS.some((one) => one === id))
      throw wrong(`There is nothing called "${id}" to measure: choose among ${SCENARIOS.join(', ')}.`);
  }
  return {
    size,
    only: wanted.length === 0 ? SCENARIOS : SCENARIOS.filter((id) => wanted.includes(id)),
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds, true),
    counts: positive('counts', values.counts, true),
    profile: values.profile,
    fresh: values.fresh,
    executors: values.executors,
  };
}

/** Whether its figures are what `results.md` is for. */
export const isWhole = ({ only, profile }: BenchOptions): boolean => only.length === SCENARIOS.length && !profile;

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        size: { type: 'string', default: 'demo' },
        only: { type: 'string', default: '' },
        seconds: { type: 'string', default: '5' },
        rounds: { type: 'string', default: '3' },
        counts: { type: 'string', default: '5' },
        profile: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        executors: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw wrong(`The arguments "${words.join(' ')}" are not understood.`, cause);
  }
}

function positive(name: string, text: string, whole = false): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 3_600 && (!whole || Number.isInteger(value))) return value;
  throw wrong(`--${name} takes a ${whole ? 'whole ' : ''}number above 0, up to 3600.`);
}

const wrong = (message: string, cause?: unknown): StartupError => new StartupError(message, `Use ${USAGE}`, { cause });
