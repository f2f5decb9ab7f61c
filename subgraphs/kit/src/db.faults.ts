import { StartupError, systemCode } from './startup-error.ts';

/** Statements of the houses say RETURNING OLD and NEW, which came with 18. */
export const OLDEST = 18;

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up just now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'no way leads to that host',
  ENETUNREACH: 'no way leads to that network',
  ECONNRESET: 'it closed the connection',
};

/** Host, port and database of a URL, which may be shown: never its user's password. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(hostname)}:${port || 5432}${pathname}`;
}

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);
const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

export const notUrl = (setting: string): StartupError =>
  new StartupError(
    `${setting} is not the URL of a PostgreSQL database.`,
    `It looks like postgres://user:password@host:5432/souk; signs such as @, / and # in the password are written %40, %2F and %23.`,
  );

/** Turns what PostgreSQL or a pooler answers at the start into a sentence; anything else comes back as it was. */
export function explainPostgres(error: unknown, setting: string, url: string): unknown {
  if (error instanceof StartupError || !(error instanceof Error)) return error;
  const code = systemCode(error) ?? '';
  const say = (message: string, advice: string) => new StartupError(message, advice, { cause: error });
  const at = placeOf(url);
  const away = unreachable[code];
  if (away !== undefined) {
    return say(`PostgreSQL cannot be reached at ${at}: ${away}.`, `Start it, or correct host and port in ${setting}.`);
  }
  if (/timeout exceeded when trying to connect|timeout expired/.test(error.message)) {
    return say(
      `PostgreSQL at ${at} did not answer in time.`,
      `See whether it is overloaded or behind a firewall, or correct ${setting}.`,
    );
  }
  if (code === '3D000' || /^no such database/.test(error.message)) {
    return say(
      `There is no database '${databaseOf(url)}' at ${at}, and the role '${userOf(url)}' may not make one.`,
      `Make it (CREATE DATABASE), or correct the last part of ${setting}.`,
    );
  }
  // The last three are a pooler's words, which have no code of their own.
  if (
    code === '28P01' ||
    code === '28000' ||
    /^(SASL|no such user|password authentication|.*auth failed)/i.test(error.message)
  ) {
    return say(
      `PostgreSQL at ${at} refuses the role '${userOf(url)}': its name, its password or its way of coming in is wrong.`,
      `Correct user and password in ${setting}, or let that role in (pg_hba.conf; the pooler's list of users).`,
    );
  }
  if (/does not support SSL connections|certificate|self.signed/i.test(error.message)) {
    return say(
      `The encrypted connection to PostgreSQL at ${at} could not be made: ${firstLine(error.message)}.`,
      `Correct sslmode, sslrootcert and the like in ${setting}.`,
    );
  }
  if (code === '42501') {
    return say(
      `The role '${userOf(url)}' may not set up its database at ${at}: ${firstLine(error.message)}.`,
      `Give ${setting} a role that may, or let the administrator do this once; the decision on PostgreSQL in docs/decisions says what each kind of role needs.`,
    );
  }
  if (code === '57P03') {
    return say(`PostgreSQL at ${at} is starting or stopping.`, 'Wait a moment and start again.');
  }
  if (code === '53300' || /no more connections allowed/.test(error.message)) {
    return say(
      `PostgreSQL at ${at} has no connection left.`,
      'Lower SOUK_POSTGRES_POOL, or raise max_connections there.',
    );
  }
  if (/^(08|53)/.test(code) || /^Connection terminated/.test(error.message)) {
    return say(
      `PostgreSQL at ${at} ended the connection: ${firstLine(error.message)}.`,
      `See its log, and whether ${setting} leads to a PostgreSQL at all.`,
    );
  }
  return error;
}

export function tooOld(version: number, setting: string, url: string): StartupError {
  // 170004 is 17.4; before 10 the second number belonged to the name too.
  const name = version >= 100_000 ? `${Math.floor(version / 10_000)}` : `${Math.floor(version / 10_000)}.x`;
  return new StartupError(
    `PostgreSQL at ${placeOf(url)} is version ${name}, and Souk needs ${OLDEST} or newer.`,
    `Upgrade it, or let ${setting} name a newer one.`,
  );
}

export const lacksExtension = (extension: string, url: string, cause: unknown): StartupError =>
  new StartupError(
    `PostgreSQL at ${placeOf(url)} lacks the extension ${extension}.`,
    'Install the contributed extensions there (the package postgresql-contrib), or let them be allowed by whoever runs it.',
    { cause },
  );

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/[.]$/, '');
