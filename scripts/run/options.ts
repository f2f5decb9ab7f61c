import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '@souk/kit/config';
import { explainFileError, StartupError } from '@souk/kit/startup-error';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunOptions {
  readonly fresh: boolean;
  readonly host: string;
  readonly port: number;
  /** Where everything that is kept lies. */
  readonly dataDir: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the `.env` file into the environment; what the environment already says wins. */
export function loadEnvFile(): void {
  const file = join(root, '.env');
  try {
    if (existsSync(file)) process.loadEnvFile(file);
  } catch (error) {
    throw explainFileError(error, file);
  }
}

/** Arguments and environment of `start` and `dev`. Throws a StartupError that names every mistake. */
export function readOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  defaultDir = '.souk',
): RunOptions {
  const { fresh, port } = readWords(words);
  const used = port === undefined ? env : { ...env, SOUK_PORT: port };
  const config = readConfig(used);
  return {
    fresh,
    host: config.SOUK_HOST,
    port: config.SOUK_PORT,
    dataDir: resolve(root, config.SOUK_DATA_DIR ?? defaultDir),
    config,
    env: used,
  };
}

function readWords(words: readonly string[]): { fresh: boolean; port: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { fresh: { type: 'boolean', default: false }, port: { type: 'string' } },
    });
    const { port } = values;
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65535)) {
      throw new StartupError(`"${port}" is not a port.`, 'Give a number from 1 to 65535, such as --port 4001.');
    }
    return { fresh: values.fresh, port };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The arguments "${words.join(' ')}" are not understood.`,
      'Use "npm start", "npm start -- --port 4001" or "npm start -- --fresh".',
      { cause: error },
    );
  }
}
