import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';
import { type RedisAddress, shownAddress } from './redis.url.ts';
import { StartupError, systemCode } from './startup-error.ts';

const OLDEST = [6, 2] as const;
const CONNECT_MS = 2_000;
/** A connection on which something was asked and nothing came back is given up. */
const SILENCE_MS = 2_000;

/** What every connection has in common. Node's own certificate authorities, NODE_EXTRA_CA_CERTS included, judge TLS. */
export const connectionOptions = ({ username, password, tls, db }: RedisAddress): RedisOptions => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls ? { tls: {} } : {}),
  db,
  connectTimeout: CONNECT_MS,
  socketTimeout: SILENCE_MS,
  connectionName: 'souk',
  disableClientInfo: true,
});

interface Greeting {
  readonly version: string;
  readonly mode: string;
  readonly role: string;
}

/**
 * Says hello before anything is opened, so that what is wrong can be said in one sentence. In a cluster one node is enough.
 * Answers whether this user may ask for INFO.
 */
export async function probeRedis(address: RedisAddress, log: Log): Promise<boolean> {
  let failure: unknown;
  for (const node of address.nodes) {
    try {
      return await probe(address, node, log);
    } catch (error) {
      failure = error;
      if (error instanceof StartupError && !(error instanceof Unreachable)) break;
    }
  }
  throw failure;
}

/** Another node of the same cluster may answer. */
class Unreachable extends StartupError {
  override readonly name = 'Unreachable';
}

async function probe(address: RedisAddress, node: { host: string; port: number }, log: Log): Promise<boolean> {
  const at = shownAddress({ ...address, nodes: [node] });
  const { username: _user, password: _password, ...anonymous } = connectionOptions(address);
  const client = new Redis({
    ...anonymous,
    ...node,
    db: 0,
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
  });
  let cause: unknown;
  client.on('error', (error) => {
    cause = error;
  });
  try {
    await client.connect().catch((error) => {
      throw unreachable(address, at, cause ?? error);
    });
    const greeting = await hello(client, address, at);
    judge(greeting, address, at);
    if (address.db > 0) await client.select(address.db).catch((error) => Promise.reject(noSuchDb(at, error)));
    return await warnOfEviction(client, log, at);
  } finally {
    client.disconnect();
  }
}

async function hello(client: Redis, address: RedisAddress, at: string): Promise<Greeting> {
  const { username = 'default', password } = address;
  const login = password === undefined ? [] : ['AUTH', username, password];
  try {
    const answer = (await client.call('HELLO', '2', ...login)) as unknown[];
    const told = new Map<unknown, unknown>();
    for (let i = 0; i + 1 < answer.length; i += 2) told.set(answer[i], answer[i + 1]);
    const text = (name: string) => String(told.get(name) ?? '');
    return { version: text('version'), mode: text('mode'), role: text('role') };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    if (/unknown command/i.test(said)) throw tooOld(at, 'older than 6.0');
    if (/^(WRONGPASS|NOAUTH|ERR invalid password)/.test(said)) {
      throw new StartupError(
        password === undefined ? `Redis at ${at} asks for a password.` : `Redis at ${at} refused the user or password.`,
        'Put the right ones into SOUK_REDIS_URL, as in redis://user:password@host:6379, or redis://:password@host:6379 without a user.',
      );
    }
    throw unreachable(address, at, error);
  }
}

function judge({ version, mode, role }: Greeting, { cluster }: RedisAddress, at: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) throw tooOld(at, version);
  if (cluster && mode !== 'cluster') {
    throw new StartupError(
      `Redis at ${at} is one node and no Redis Cluster.`,
      'Write redis:// or rediss:// instead of redis+cluster:// in SOUK_REDIS_URL.',
    );
  }
  if (!cluster && mode === 'cluster') {
    throw new StartupError(
      `Redis at ${at} belongs to a Redis Cluster.`,
      'Write redis+cluster:// with some of its nodes, separated by commas, in SOUK_REDIS_URL.',
    );
  }
  if (!cluster && role !== 'master') {
    throw new StartupError(
      `Redis at ${at} is a replica, which cannot be written to.`,
      'Give SOUK_REDIS_URL the address of its master.',
    );
  }
}

const tooOld = (at: string, version: string): StartupError =>
  new StartupError(
    `Redis at ${at} is too old: it is ${version}, and Souk needs ${OLDEST.join('.')} or newer.`,
    'Upgrade the server, or give SOUK_REDIS_URL another one.',
  );

const noSuchDb = (at: string, cause: unknown): StartupError =>
  new StartupError(
    `Redis at ${at} has no database of that number.`,
    'Leave the number out of SOUK_REDIS_URL, or allow more databases in the configuration of the server.',
    { cause },
  );

function unreachable({ tls }: RedisAddress, at: string, cause: unknown): StartupError {
  const code = systemCode(cause) ?? '';
  if (tls && /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    const untrusted = /CERT|SELF_SIGNED|UNABLE_TO/.test(code);
    return new Unreachable(
      untrusted ? `The certificate of Redis at ${at} is not to be trusted.` : `Redis at ${at} does not speak TLS.`,
      untrusted
        ? 'Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS, and reach the server by a name that is in the certificate.'
        : 'Write redis:// instead of rediss:// in SOUK_REDIS_URL, or turn TLS on at the server.',
    );
  }
  if (tls && code === 'ETIMEDOUT') {
    return new Unreachable(
      `Redis at ${at} does not answer, or does not speak TLS.`,
      'Start Redis there, or correct SOUK_REDIS_URL: redis:// instead of rediss:// where the server has no TLS.',
    );
  }
  const said =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? `No machine has the name in ${at}.`
      : code === 'ECONNREFUSED'
        ? `Nothing listens at ${at}: the connection was refused.`
        : `Redis at ${at} does not answer.`;
  return new Unreachable(said, 'Start Redis there, or correct SOUK_REDIS_URL.');
}

/** A server that drops keys when its memory is full would forget revoked sessions before their time. */
async function warnOfEviction(client: Redis, log: Log, at: string): Promise<boolean> {
  // Not everybody may ask, and not knowing is no reason not to start.
  const info = await client.info('memory').catch(() => '');
  if (info === '') return false;
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'noeviction';
  const bounded = !/maxmemory:0\s/.test(info);
  if (bounded && policy !== 'noeviction') {
    log.warn(
      { redis: at, policy },
      'this Redis drops keys when its memory is full, revoked sessions among them: set its maxmemory-policy to noeviction',
    );
  }
  return true;
}
