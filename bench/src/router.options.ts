import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import { SIDES, type SideName } from './router.names.ts';

export interface RouterOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly sides: readonly SideName[];
  readonly profile: boolean;
  /** Whether its figures are what `results.md` is for. */
  readonly whole: boolean;
}

const USAGE = 'npm run bench -- router [--quick] [--only souk,stock] [--seconds 6] [--rounds 3] [--profile]';

/** The options of `router`, or null where the words ask for another bench. Throws a StartupError for what is not understood. */
export function readRouterOptions([first, ...words]: readonly string[]): RouterOptions | null {
  if (first !== 'router') return null;
  const { quick, only, seconds, rounds, profile } = readWords(words);
  const wanted = only.split(',').filter((name) => name !== '');
  const unknown = wanted.find((name) => !SIDES.some((side) => side === name));
  if (unknown !== undefined) throw wrong(`There is no router "${unknown}": choose among ${SIDES.join(', ')}.`);
  return {
    seconds: positive('seconds', seconds ?? (quick ? '0.3' : '6')),
    rounds: positive('rounds', rounds ?? (quick ? '1' : '3')),
    sides: wanted.length === 0 ? SIDES : SIDES.filter((side) => wanted.includes(side)),
    profile,
    whole: !quick && wanted.length === 0 && !profile,
  };
}

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        profile: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw wrong(`The arguments "${words.join(' ')}" are not understood.`, cause);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 3_600) return value;
  throw wrong(`--${name} takes a number above 0, up to 3600.`);
}

const wrong = (message: string, cause?: unknown): StartupError => new StartupError(message, `Use ${USAGE}`, { cause });
