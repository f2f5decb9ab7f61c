import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import { chooseLogin, localGraph } from '../import/login.ts';
import type { Login } from '../import/shop.ts';

export const sizes = ['small', 'demo', 'large'] as const;
export type Size = (typeof sizes)[number];

const usage = `npm run seed -- small|demo|large [options]

Fills a running shop. What is there already stays as it is, so it can be run again, and goes on where it was stopped.

  small   a dozen products, without pictures
  demo    the whole demo catalogue with its pictures
  large   the demo catalogue without pictures, 50,000 generated products and 100,000 past orders

  --url URL            the shop's graph      (http://localhost:4000/graphql)
  --email, --password  an administrator      (the local shop's)
`;

const wrong = (message: string): StartupError =>
  new StartupError(message, 'Ask "npm run seed -- --help" what there is.');
const isSize = (word: string | undefined): word is Size => sizes.some((size) => size === word);

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        email: { type: 'string' },
        password: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrong(`The arguments are not understood: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a person typed → what is to be done, or the text of the help. Throws a StartupError. */
export function readSeedOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { size: Size; url: string; admin: Login } | string {
  const { values, positionals } = parse(words);
  if (values.help) return usage;
  const [size, more] = positionals;
  if (!isSize(size) || more !== undefined) throw wrong(`Name one size: ${sizes.join(', ')}.`);
  return { size, url: values.url ?? localGraph(env), admin: chooseLogin(values, env) };
}
