import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { StartupError } from './errors.ts';

/** Both sides show a certificate of one authority; nothing older than TLS 1.3 is spoken. */
export interface MutualTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  readonly minVersion: 'TLSv1.3';
}

/** The files between router and subgraphs, or undefined where plain HTTP is meant. Throws a StartupError for a file that cannot be read. */
export function readTls(config: Config): MutualTls | undefined {
  const { SOUK_TLS_CERT: cert, SOUK_TLS_KEY: key, SOUK_TLS_CA: ca } = config;
  if (!cert || !key || !ca) return undefined;
  const read = (name: string, path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new StartupError(
        `${name} names a file that cannot be read.`,
        `Correct ${name}, or the rights of the file.`,
        {
          cause,
        },
      );
    }
  };
  return {
    cert: read('SOUK_TLS_CERT', cert),
    key: read('SOUK_TLS_KEY', key),
    ca: read('SOUK_TLS_CA', ca),
    minVersion: 'TLSv1.3',
  };
}
