import { StartupError } from './startup-error.ts';

/** Where Redis is and how to get in. */
export interface RedisAddress {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly cluster: boolean;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  /** What every key and channel begins with, so that shops can share a server. */
  readonly prefix: string;
}

const FORM =
  'Write redis://user:password@host:6379/0 for one node or redis+cluster://user:password@host1:6379,host2:6379 for a Redis Cluster, rediss for TLS; ?prefix=shop keeps shops on one server apart.';

const wrong = (what: string): StartupError => new StartupError(`SOUK_REDIS_URL ${what}.`, FORM);

const shape = /^redis(s?)(\+cluster)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+?)(?:\/(\d*))?(?:\?([^#]*))?$/;
const node = /^(\[[\da-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/;

/** Reads SOUK_REDIS_URL. Throws a StartupError that repeats nothing of it: it holds a password. */
export function parseRedisUrl(url: string): RedisAddress {
  const match = shape.exec(url.trim());
  if (!match) throw wrong('is not the URL of a Redis server');
  const [, tls, cluster, login = '', hosts = '', db = '', query = ''] = match;
  const nodes = hosts.split(',').map((text) => {
    const [, host, port = '6379'] = node.exec(text) ?? [];
    if (!host || Number(port) < 1 || Number(port) > 65_535) throw wrong('names a host or port that cannot be');
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  if (!cluster && nodes.length > 1) throw wrong('names several hosts, which only redis+cluster:// may');
  if (cluster && Number(db) > 0) throw wrong('names a database number, which a Redis Cluster does not have');
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].filter((name) => name !== 'prefix');
  if (unknown.length > 0) throw wrong('has an option that is not known: prefix is the only one');
  const prefix = options.get('prefix') ?? 'souk';
  if (!/^[\w.-]{1,40}$/.test(prefix)) throw wrong('has a prefix that is not 1 to 40 letters, digits, dots and dashes');
  const colon = login.indexOf(':');
  const username = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? undefined : decoded(login.slice(colon + 1));
  if (username !== undefined && password === undefined) {
    throw wrong('has a user but no password; a password without a user is written :password@');
  }
  return { nodes, cluster: Boolean(cluster), tls: Boolean(tls), username, password, db: Number(db), prefix };
}

export function isRedisUrl(url: string): boolean {
  try {
    return parseRedisUrl(url).nodes.length > 0;
  } catch {
    return false;
  }
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('has a user or password with a stray %, which is written %25');
  }
}

/** The address without its secrets, for people. */
export const shownAddress = ({ tls, cluster, nodes, db }: RedisAddress): string => {
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  return `redis${tls ? 's' : ''}${cluster ? '+cluster' : ''}://${hosts}${db > 0 ? `/${db}` : ''}`;
};
