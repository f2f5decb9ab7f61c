import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StartupError, systemCode } from '@souk/kit/startup-error';
import { people } from '../seed/people.ts';
import type { RunOptions } from './options.ts';

export interface App {
  readonly urls: { readonly graph: string; readonly console: string; readonly mailbox: string };
  readonly logins: readonly { readonly role: string; readonly email: string; readonly password: string }[];
  stop(): Promise<void>;
}

/** Throws a StartupError if the port cannot be had. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
  } catch (error) {
    throw explainListening(error, host, port);
  } finally {
    probe.close();
  }
}

function explainListening(error: unknown, host: string, port: number): unknown {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new StartupError(
        `Port ${port} is taken by another program.`,
        `Stop that program, or choose another port: npm start -- --port ${port < 65535 ? port + 1 : 4000}`,
        { cause: error },
      );
    case 'EACCES':
      return new StartupError(
        `This user may not listen on port ${port}.`,
        'Choose a port above 1023: npm start -- --port 4000',
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(
        `This machine has no address "${host}" to listen on.`,
        'Set SOUK_HOST to an address of this machine, such as 127.0.0.1.',
        { cause: error },
      );
    default:
      return error;
  }
}

/** A shop to try things on: what its own machine asks, seeding and importing among it, is held back by no rate. */
const ofOneMachine = { SOUK_UNLIMITED_ADDRESSES: '127.0.0.1,::1' };

/** Starts houses and router on a running database, and fills the shop if it was never filled. */
export async function startApp(
  options: RunOptions,
  postgresUrl: string,
  onProgress: (line: string) => void,
): Promise<App> {
  const { startEmbedded } = await import('@souk/router/embedded');
  const { dataDir, host, port, env } = options;
  const database = new URL(postgresUrl);
  database.pathname = '/souk';
  const app = await startEmbedded({
    postgresUrl: database.href,
    dataDir,
    port,
    env: { ...ofOneMachine, ...env },
    onProgress,
  }).catch((error: unknown) => {
    throw explainListening(error, host, port);
  });
  // Written only when seeding has ended, so that a start that was interrupted half way goes on with it.
  const seeded = join(dataDir, 'seeded');
  try {
    if (!existsSync(seeded)) {
      onProgress('Filling the demo shop');
      const { seed } = await import('../seed.ts');
      await seed('demo', { url: app.urls.graph, onProgress });
      await writeFile(seeded, 'demo\n');
    }
    return { ...app, logins: [...app.logins, ...people] };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** What a person needs to go on: addresses and demo logins. */
export function describeApp(app: Pick<App, 'urls' | 'logins'>, dataDir: string): string {
  const wide = (column: readonly string[]): number => Math.max(...column.map((cell) => cell.length));
  const roles = wide(app.logins.map(({ role }) => role));
  const emails = wide(app.logins.map(({ email }) => email));
  return [
    '',
    'Souk is running.',
    '',
    `  Graph    ${app.urls.graph}`,
    `  Console  ${app.urls.console}`,
    `  Mailbox  ${app.urls.mailbox}`,
    '',
    ...(app.logins.length > 0 ? ['Demo logins', ''] : []),
    ...app.logins.map(({ role, email, password }) => `  ${role.padEnd(roles)}  ${email.padEnd(emails)}  ${password}`),
    ...(app.logins.length > 0 ? [''] : []),
    `Data is kept in ${dataDir}; "npm start -- --fresh" starts over. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}
