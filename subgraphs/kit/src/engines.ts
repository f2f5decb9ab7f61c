import { Redis } from 'ioredis';
import { explainPostgres } from './db.faults.ts';
import { connect } from './db.prepare.ts';
import type { Log } from './log.ts';
import { openNats } from './nats.ts';
import { connectionOptions, probeRedis } from './redis.probe.ts';
import { parseRedisUrl } from './redis.url.ts';

/** What the server at `url` says it is, such as `18.4`. Throws a StartupError, which names `setting`, where it cannot be asked. */
export async function postgresVersion(setting: string, url: string): Promise<string> {
  try {
    const client = await connect(url).catch((error: { code?: unknown }) => {
      // A database that is not there yet is made when a house starts.
      if (error.code !== '3D000') throw error;
      return connect(Object.assign(new URL(url), { pathname: '/postgres' }).href);
    });
    try {
      const { rows } = await client.query<{ server_version: string }>('show server_version');
      return rows[0]!.server_version.split(' ')[0]!;
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainPostgres(error, setting, url);
  }
}

/** What NATS says it is. Throws a StartupError where it is away, too old, without JetStream or lets this house not in. */
export async function natsVersion(url: string, house: string, log: Log): Promise<string> {
  const connection = await openNats({ url, house, log });
  const { version } = connection.info!;
  await connection.close();
  return version;
}

/** What Redis says it is. Throws a StartupError where `openRedis` would. */
export async function redisVersion(url: string, log: Log): Promise<string> {
  const address = parseRedisUrl(url);
  await probeRedis(address, log);
  const client = new Redis({
    ...address.nodes[0]!,
    ...connectionOptions(address),
    lazyConnect: true,
    retryStrategy: () => null,
  });
  client.on('error', (error) => log.debug({ error }, 'Redis did not say its version'));
  try {
    await client.connect();
    return (
      /^redis_version:(\S+)/m.exec(await client.info('server').catch(() => ''))?.[1] ?? 'of a version it does not tell'
    );
  } finally {
    client.disconnect();
  }
}
