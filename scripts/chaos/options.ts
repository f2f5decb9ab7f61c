import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import type { Row } from './row.ts';

export interface ChaosOptions {
  readonly rows: readonly Row[];
  readonly seed: number;
  readonly short: boolean;
  /** Leaves the rows' folders, with the logs of what ran, where they are. */
  readonly keep: boolean;
}

const usage = 'Use "npm run chaos", and after -- any of: names of rows, --seed N, --short, --keep.';

/** Throws a StartupError for what is not understood. `anySeed` is used where none is named. */
export function readChaosOptions(words: readonly string[], all: readonly Row[], anySeed: number): ChaosOptions {
  let values: { seed?: string | undefined; short?: boolean | undefined; keep?: boolean | undefined };
  let names: string[];
  try {
    ({ values, positionals: names } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { seed: { type: 'string' }, short: { type: 'boolean' }, keep: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new StartupError(`The arguments "${words.join(' ')}" are not understood.`, usage, { cause: error });
  }
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) {
    throw new StartupError('--seed takes a whole number from 0 on.', usage);
  }
  const unknown = names.find((name) => !all.some((row) => row.name === name));
  if (unknown !== undefined) {
    throw new StartupError(`There is no row "${unknown}".`, `The rows are ${all.map(({ name }) => name).join(', ')}.`);
  }
  return {
    rows: names.length === 0 ? all : all.filter(({ name }) => names.includes(name)),
    seed: values.seed === undefined ? anySeed : Number(values.seed),
    short: values.short === true,
    keep: values.keep === true,
  };
}
