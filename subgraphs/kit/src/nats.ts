import { connect, ErrorCode, type NatsConnection, type NatsError } from 'nats';
import { StartupError } from './errors.ts';
import type { Log } from './log.ts';

/** Facts of one key always share a partition, and a partition is heard in order. Changing it needs drained streams. */
export const PARTITIONS = 8;

/** Everything Souk has on a server begins with this, so that several shops can share one. */
export const NAMESPACE = 'souk';

export const streamOf = (namespace: string, speaker: string): string => `${namespace}_facts_${speaker}`;
export const subjectOf = (namespace: string, speaker: string, partition: number | '*'): string =>
  `${namespace}.facts.${speaker}.${partition}`;
export const durableOf = (house: string, partition: number): string => `${house}-${partition}`;

/**
 * What a house may do on the server: publish its own facts, keep its own stream, and pull with its own consumers. NATS matches
 * whole words only, so each consumer is named.
 */
export function natsPermissions(house: string, namespace = NAMESPACE): { publish: string[]; subscribe: string[] } {
  const api = '$JS.API';
  const own = streamOf(namespace, house);
  const consumers = Array.from({ length: PARTITIONS }, (_, partition) => durableOf(house, partition));
  return {
    publish: [
      subjectOf(namespace, house, '*'),
      `${api}.INFO`,
      `${api}.STREAM.INFO.*`,
      ...['CREATE', 'UPDATE', 'MSG.GET'].map((verb) => `${api}.STREAM.${verb}.${own}`),
      `${api}.CONSUMER.LIST.${own}`,
      ...consumers.flatMap((durable) => [
        `${api}.CONSUMER.CREATE.*.${durable}.>`,
        `${api}.CONSUMER.DURABLE.CREATE.*.${durable}`,
        `${api}.CONSUMER.INFO.*.${durable}`,
        `${api}.CONSUMER.MSG.NEXT.*.${durable}`,
        `$JS.ACK.*.${durable}.>`,
      ]),
    ],
    subscribe: [`${inboxOf(house)}.>`],
  };
}

/** The `authorization` block that lets each house do its own and nothing else. */
export function natsUsers(users: readonly { house: string; password: string }[]): string {
  const list = (subjects: readonly string[]) => `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;
  const lines = users.map(({ house, password }) => {
    const { publish, subscribe } = natsPermissions(house);
    return `  { user: ${house}, password: ${JSON.stringify(password)}, permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} } }`;
  });
  return `authorization {\n users: [\n${lines.join('\n')}\n ]\n}`;
}

/** Answers come to an inbox of the house's own, so that no other house can read them. */
export const inboxOf = (house: string): string => `_INBOX_${house}`;

export interface NatsOptions {
  /** `nats://user:password@host:port`, or several of one cluster, comma-separated. `tls://` asks for TLS. */
  readonly url: string;
  readonly house: string;
  readonly log: Log;
}

const OLDEST = [2, 9] as const;

/** A connection that comes back for ever once it was there. Throws a StartupError where it cannot be had at all. */
export async function openNats({ url, house, log }: NatsOptions): Promise<NatsConnection> {
  const servers = parseServers(url);
  const first = servers[0]!;
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers: servers.map(({ host, protocol }) => `${protocol}//${host}`),
      ...(first.username ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
      ...(first.protocol === 'tls:' ? { tls: {} } : {}),
      name: `souk ${house}`,
      inboxPrefix: inboxOf(house),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      pingInterval: 10_000,
      maxPingOut: 2,
      timeout: 5_000,
    });
  } catch (cause) {
    throw explain(cause, servers.map(({ host }) => host).join(', '));
  }
  const info = connection.info!;
  const [major = 0, minor = 0] = info.version.split('.').map(Number);
  const refuse = async (message: string, advice: string): Promise<never> => {
    await connection.close();
    throw new StartupError(message, advice);
  };
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    await refuse(
      `The NATS server at ${first.host} is version ${info.version}, and Souk needs ${OLDEST.join('.')} or newer.`,
      'Update nats-server.',
    );
  }
  if (!info.jetstream) {
    await refuse(
      `The NATS server at ${first.host} runs without JetStream, which carries the facts.`,
      'Start it with -js, or with a jetstream block in its configuration.',
    );
  }
  void watchStatus(connection, log);
  return connection;
}

async function watchStatus(connection: NatsConnection, log: Log): Promise<void> {
  for await (const { type, data } of connection.status()) {
    const words = typeof data === 'string' ? data : undefined;
    if (type === 'disconnect') log.warn({ server: words }, 'the NATS server is away; facts wait in the outbox');
    else if (type === 'reconnect') log.info({ server: words }, 'the NATS server is back');
    else if (type === 'error') log.error({ error: words }, 'NATS refused something');
  }
}

function parseServers(url: string): URL[] {
  try {
    const servers = url.split(',').map((one) => new URL(one.trim()));
    if (servers.some(({ protocol, host }) => (protocol !== 'nats:' && protocol !== 'tls:') || host === '')) throw url;
    return servers;
  } catch {
    throw new StartupError(
      'The address of the NATS server is not one.',
      'SOUK_NATS_URL takes nats://user:password@host:4222, or several of one cluster with commas between them.',
    );
  }
}

function explain(error: unknown, hosts: string): StartupError {
  const code = (error as NatsError | null)?.code;
  const options = { cause: error };
  switch (code) {
    case ErrorCode.AuthorizationViolation:
    case ErrorCode.BadAuthentication:
    case ErrorCode.AuthenticationTimeout:
      return new StartupError(
        `The NATS server at ${hosts} refuses this user name or password.`,
        "Correct them in SOUK_NATS_URL, or give the house its user in the server's configuration.",
        options,
      );
    case ErrorCode.Tls:
      return new StartupError(
        `The NATS server at ${hosts} and Souk found no TLS both accept.`,
        'Check the certificate, and whether the address begins with tls:// or nats://.',
        options,
      );
    default:
      return new StartupError(`No NATS server answers at ${hosts}.`, 'Start it, or correct SOUK_NATS_URL.', options);
  }
}
