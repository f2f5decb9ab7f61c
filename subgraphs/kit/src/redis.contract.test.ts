import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { createLog, type Log } from './log.ts';
import { hasRedis, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { openRedis } from './redis.ts';
import { StartupError } from './startup-error.ts';

const log = createLog('silent');

/** What a person reads: one sentence, and what to do. */
async function refusal(url: string): Promise<string> {
  const error = await openRedis(url, log).then(
    async (redis) => {
      await redis.close();
      throw new Error('it was opened');
    },
    (error) => error,
  );
  expect(error).toBeInstanceOf(StartupError);
  expect(error.advice).toMatch(/\.$/);
  return error.message;
}

/** A server that answers every HELLO alike. */
async function pretender(answer: string): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${port}`, close: () => void server.close() };
}

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
const hello = (version: string) =>
  `*6\r\n${['server', 'redis', 'version', version, 'mode', 'standalone'].map(bulk).join('')}`;

describe('opening Redis', () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  it('is refused in one sentence where nothing listens', async () => {
    const server = await pretender('');
    server.close();
    const at = server.url;
    expect(await refusal(at)).toBe(`Nothing listens at ${at}: the connection was refused.`);
    expect(await refusal(at.replace('redis:', 'redis+cluster:'))).toBe(
      `Nothing listens at ${at.replace('redis:', 'redis+cluster:')}: the connection was refused.`,
    );
  });
  it('is refused in one sentence where the machine does not exist', async () => {
    expect(await refusal('redis://no-such-machine.invalid')).toBe(
      'No machine has the name in redis://no-such-machine.invalid:6379.',
    );
  });
  it.each(['-ERR unknown command `HELLO`, with args beginning with: `2`, \r\n', hello('6.0.16'), hello('5.0.14')])(
    'is refused in one sentence where the server is too old (%#)',
    async (answer) => {
      const server = await pretender(answer);
      open.push(server);
      expect(await refusal(server.url)).toMatch(/^Redis at \S+ is too old: it is .+, and Souk needs 6\.2 or newer\.$/);
    },
  );
  it('never repeats a password', async () => {
    expect(await refusal('redis://me:hunter2@127.0.0.1:1')).not.toContain('hunter2');
  });
});

if (!hasRedis) {
  describe('Redis behind a password, TLS and access lists', () => {
    it('keeps the same contract', sayAbsent);
  });
} else {
  describe('Redis behind a password', () => {
    let server: TestRedis;
    beforeAll(async () => {
      server = await startRedis({ args: () => ['--requirepass', 'p@ss:1'], adminPassword: 'p@ss:1' });
      await server.each(
        'ACL',
        'SETUSER',
        'shop',
        'on',
        '>s3cret',
        '~souk:*',
        '&souk:*',
        '+@all',
        '-@dangerous',
        '-@admin',
      );
    });
    afterAll(() => server?.stop());

    it('asks for it, refuses a wrong one, and takes the right one', async () => {
      expect(await refusal(server.url())).toBe(`Redis at ${server.url()} asks for a password.`);
      expect(await refusal(server.url(':wrong'))).toBe(`Redis at ${server.url()} refused the user or password.`);
      const redis = await openRedis(server.url(':p%40ss%3A1'), log);
      await redis.kv.set('a', 1, 60);
      expect(await redis.kv.get('a')).toBe(1);
      await redis.close();
    });
    it('serves a user who may do no more than Souk needs', async () => {
      expect(await refusal(server.url('shop:wrong'))).toBe(`Redis at ${server.url()} refused the user or password.`);
      const redis = await openRedis(server.url('shop:s3cret'), log);
      expect(await redis.kv.increment('n', 60)).toBe(1);
      for (let asked = true; asked; await sleep(20)) {
        asked = false;
        await redis.kv.hot('acl').get('key', async () => {
          asked = true;
          return { id: 'a', version: 1, value: 1 };
        });
      }
      const stream = redis.live.subscribe(['t']);
      await stream.listening;
      await redis.live.publish('t', { id: 'a', version: 1 });
      expect((await stream.next()).value).toEqual({ id: 'a', version: 1 });
      await redis.close();
    });
    it('is refused in one sentence to a user who may not listen', async () => {
      await server.each('ACL', 'SETUSER', 'deaf', 'on', '>s3cret', '~souk:*', 'resetchannels', '+@all');
      expect(await refusal(server.url('deaf:s3cret'))).toBe(
        'The user of SOUK_REDIS_URL may not listen to the channels that begin with souk:.',
      );
    });
    it('keeps shops with different prefixes apart', async () => {
      const [one, other] = await Promise.all([
        openRedis(`${server.url(':p%40ss%3A1')}?prefix=one`, log),
        openRedis(`${server.url(':p%40ss%3A1')}?prefix=other`, log),
      ]);
      await one.kv.set('a', 1, 60);
      expect(await other.kv.get('a')).toBeUndefined();
      const [mine, theirs] = [one.live.subscribe(['t']), other.live.subscribe(['t'])];
      await Promise.all([mine.listening, theirs.listening]);
      await other.live.publish('t', { id: 'a', version: 2 });
      await one.live.publish('t', { id: 'a', version: 1 });
      expect((await mine.next()).value).toEqual({ id: 'a', version: 1 });
      expect((await theirs.next()).value).toEqual({ id: 'a', version: 2 });
      await one.close();
      await other.close();
    });
    it('warns where keys are dropped when memory is full', async () => {
      await server.each('CONFIG', 'SET', 'maxmemory', '100mb');
      await server.each('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      const warned: string[] = [];
      const listening: Log = { ...log, warn: (_, message) => void warned.push(message), child: () => listening };
      await (await openRedis(server.url(':p%40ss%3A1'), listening)).close();
      expect(warned).toEqual([
        'this Redis drops keys when its memory is full, revoked sessions among them: set its maxmemory-policy to noeviction',
      ]);
    });
  });

  describe('Redis of the other kind', () => {
    it('is refused in one sentence', async () => {
      const one = await startRedis();
      const cluster = await startRedis({ nodes: 3 });
      const asCluster = one.url().replace('redis:', 'redis+cluster:');
      expect(await refusal(asCluster)).toBe(`Redis at ${asCluster} is one node and no Redis Cluster.`);
      const asOne = cluster.url().replace('+cluster', '').split(',')[0]!;
      expect(await refusal(asOne)).toBe(`Redis at ${asOne} belongs to a Redis Cluster.`);
      const replica = await startRedis({ args: () => ['--replicaof', ...one.url().slice(8).split(':')] });
      expect(await refusal(replica.url())).toBe(`Redis at ${replica.url()} is a replica, which cannot be written to.`);
      for (const server of [replica, cluster, one]) await server.stop();
    });
    it('opens with one of several nodes away', async () => {
      const cluster = await startRedis({ nodes: 3 });
      await cluster.kill(0);
      const redis = await openRedis(cluster.url(), log);
      await redis.close();
      await cluster.stop();
    });
  });

  describe('Redis over TLS', () => {
    let folder: string;
    let server: TestRedis;
    const authorities = getCACertificates('default');
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'souk-redis-tls-'));
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      execFileSync(
        'openssl',
        `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`.split(
          ' ',
        ),
        { stdio: 'ignore' },
      );
      server = await startRedis({
        scheme: 'rediss',
        host: 'localhost',
        args: (port) => [
          '--tls-port',
          `${port}`,
          '--tls-cert-file',
          cert,
          '--tls-key-file',
          key,
          '--tls-auth-clients',
          'no',
        ],
      });
    });
    afterAll(async () => {
      setDefaultCACertificates(authorities);
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('is refused where its certificate is signed by nobody known, and where it does not speak TLS', async () => {
      expect(await refusal(server.url())).toBe(`The certificate of Redis at ${server.url()} is not to be trusted.`);
      const plain = await startRedis({ scheme: 'rediss' });
      expect(await refusal(plain.url())).toBe(`Redis at ${plain.url()} does not answer, or does not speak TLS.`);
      await plain.stop();
    });
    it('serves where its authority is known', async () => {
      setDefaultCACertificates([...authorities, await readFile(join(folder, 'cert.pem'), 'utf8')]);
      const redis = await openRedis(server.url(), log);
      const stream = redis.live.subscribe(['t']);
      await stream.listening;
      await redis.live.publish('t', { id: 'a', version: 1 });
      expect((await stream.next()).value).toEqual({ id: 'a', version: 1 });
      await redis.kv.set('a', 1, 60);
      expect(await redis.kv.get('a')).toBe(1);
      await redis.close();
    });
  });
}
