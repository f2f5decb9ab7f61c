import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import { SIZES, type Size } from './options.ts';

export interface ProfilesOptions {
  readonly size: Size;
  readonly fresh: boolean;
  /** Seconds of each round of checkouts. */
  readonly seconds: number;
  readonly rounds: number;
  /** Changes whose way to a subscriber is timed. */
  readonly events: number;
  /** Facts of the backlogs, one after the other: memory must not grow with them. */
  readonly backlogs: readonly [number, number];
  /** Whether its figures are what `results.md` is for. */
  readonly whole: boolean;
}

const USAGE = 'npm run bench -- --profile distributed [--size small|demo|large] [--quick] [--fresh]';
const FULL = { seconds: 10, rounds: 3, events: 200, backlogs: [10_000, 100_000] } as const;
const QUICK = { seconds: 2, rounds: 1, events: 5, backlogs: [500, 2_000] } as const;

/** The options of `--profile distributed`, or null where the words ask for another bench. Throws a StartupError for what is not understood. */
export function readProfilesOptions(words: readonly string[]): ProfilesOptions | null {
  const at = words.findIndex(
    (word, index) => word === '--profile=distributed' || (word === '--profile' && words[index + 1] === 'distributed'),
  );
  if (at === -1) return null;
  const rest = words.toSpliced(at, words[at] === '--profile' ? 2 : 1);
  let values: { size: string; quick: boolean; fresh: boolean };
  try {
    ({ values } = parseArgs({
      args: rest,
      options: {
        size: { type: 'string', default: 'demo' },
        quick: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    throw new StartupError(`The arguments "${words.join(' ')}" are not understood.`, `Use ${USAGE}`, { cause });
  }
  const size = SIZES.find((one) => one === values.size);
  if (!size) throw new StartupError(`There is no size "${values.size}": choose ${SIZES.join(', ')}.`, `Use ${USAGE}`);
  return { size, fresh: values.fresh, ...(values.quick ? QUICK : FULL), whole: !values.quick };
}
