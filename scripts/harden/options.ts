import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import { type Case, families } from './case.ts';

export interface HardenOptions {
  readonly cases: readonly Case[];
  readonly short: boolean;
  /** A shop that runs already; one is started where it is left out. */
  readonly url?: string;
}

const usage = 'Use "npm run harden", and after -- any of: names of cases or families, --url http://HOST:PORT, --short.';

/** Throws a StartupError for what is not understood. */
export function readHardenOptions(words: readonly string[], all: readonly Case[]): HardenOptions {
  let values: { url?: string | undefined; short?: boolean | undefined };
  let names: string[];
  try {
    ({ values, positionals: names } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { url: { type: 'string' }, short: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new StartupError(`The arguments "${words.join(' ')}" are not understood.`, usage, { cause: error });
  }
  const unknown = names.find((name) => !all.some((one) => one.name === name || one.family === name));
  if (unknown !== undefined) {
    throw new StartupError(
      `There is no case "${unknown}".`,
      `The cases are ${all.map(({ name }) => name).join(', ')}; their families ${families.join(', ')}.`,
    );
  }
  const { url, short = false } = values;
  if (url !== undefined && !/^https?:\/\//.test(url)) {
    throw new StartupError('--url takes an address that begins with http:// or https://.', usage);
  }
  const chosen =
    names.length === 0 ? all : all.filter(({ name, family }) => names.some((n) => n === name || n === family));
  return { cases: short ? chosen.filter((one) => !one.long) : chosen, short, ...(url ? { url } : {}) };
}
