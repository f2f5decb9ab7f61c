import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createLog } from './log.ts';

export const silent = createLog('silent');

/** A URL of a database that is not there yet, on the run's server; `drop` removes it with everybody in it. */
export function newDatabase(server: string = inject('postgresUrl')) {
  const url = new URL(server);
  const name = `t_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    name,
    drop: () => asAdministrator(`drop database if exists ${name} with (force)`, server),
  };
}

/** SQL as the administrator: of the run's server, or of a database. */
export async function asAdministrator<Row extends object>(
  text: string,
  url: string = inject('postgresUrl'),
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The administrator's URL with other words in it. */
export function varied(url: string, change: (url: URL) => void): string {
  const other = new URL(url);
  change(other);
  return other.toString();
}
