import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';
import type { ImportOptions } from './import-file.ts';
import { chooseLogin, localGraph } from './login.ts';

const usage = `npm run import -- FILE [options]

Brings the products and the stock of a running shop to what a product CSV in Shopify's format says.
The same file again changes nothing.

  --url URL            the shop's graph                    (http://localhost:4000/graphql)
  --email, --password  an account that may import          (the local shop's administrator)
  --channel CODE       the channel the prices are for      (default)
  --currency CODE      refuse unless the channel sells in it
  --warehouse CODE     where the quantities are counted    (the first one)
  --no-stock           leave stock alone
  --dry-run            say what would happen and change nothing
  --abort              import nothing where anything would be refused
  --continue           import whatever can be              (so it is)
  --report FILE        write what became of every row to a CSV file
  --encoding windows-1252   for a file that is not UTF-8
`;

const wrong = (message: string): StartupError =>
  new StartupError(message, 'Ask "npm run import -- --help" what there is.');

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        email: { type: 'string' },
        password: { type: 'string' },
        channel: { type: 'string' },
        currency: { type: 'string' },
        warehouse: { type: 'string' },
        encoding: { type: 'string' },
        report: { type: 'string' },
        'no-stock': { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        abort: { type: 'boolean' },
        continue: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrong(`The arguments are not understood: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a person typed → what is to be done, or the text of the help. Paths are meant from `folder`. Throws a StartupError. */
export function readImportOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): ImportOptions | string {
  const { values, positionals } = parse(words);
  if (values.help) return usage;
  const [file, more] = positionals;
  if (file === undefined) throw wrong('No file was named.');
  if (more !== undefined) throw wrong('Import one file at a time; a name with blanks needs quotation marks.');
  if (values.abort && values.continue) throw wrong('Choose --abort or --continue.');
  const { encoding } = values;
  if (encoding !== undefined && encoding !== 'windows-1252') {
    throw wrong('The only --encoding to be named is windows-1252; UTF-8 and UTF-16 are recognised.');
  }
  return {
    file: resolve(folder, file),
    url: values.url ?? localGraph(env),
    login: chooseLogin(values, env),
    stock: !values['no-stock'],
    dryRun: values['dry-run'] ?? false,
    errorPolicy: values.abort ? 'ABORT' : 'CONTINUE',
    ...(values.channel === undefined ? {} : { channel: values.channel }),
    ...(values.currency === undefined ? {} : { currency: values.currency.toUpperCase() }),
    ...(values.warehouse === undefined ? {} : { warehouse: values.warehouse }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(values.report === undefined ? {} : { report: resolve(folder, values.report) }),
  };
}
