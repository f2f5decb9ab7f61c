import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Viewer } from '@souk/schema';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { signViewer, systemViewer } from './auth.ts';
import { sleep, unixSeconds } from './clock.ts';
import { createLog } from './log.ts';
import { hasNats, startNats, type TestNats } from './nats.testing.ts';
import { hasRedis, sayAbsent, startRedis, startWire, type TestRedis } from './redis.testing.ts';
import { type RemoteHouse, remoteHouse } from './remote.ts';
import { begun, notes } from './serve.testing.ts';
import { type Served, serveHouse } from './serve.ts';
import { type FinishedSpan, followSpans } from './telemetry.ts';
import { anonymous, customer, guest } from './testing.ts';
import { childOf, readTraceparent } from './trace.ts';
import { DEADLINE, VIEWER } from './wire.ts';

const log = createLog('silent');
const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' } as never).toString();
const [router, next, stranger] = [1, 2, 3].map(() => generateKeyPairSync('ed25519')) as [Pair, Pair, Pair];
type Pair = { privateKey: KeyObject; publicKey: KeyObject };

if (!hasNats || !hasRedis) describe('a house in a process of its own', () => it('keeps its promises', sayAbsent));

describe.runIf(hasNats && hasRedis)('a house in a process of its own', () => {
  let nats: TestNats;
  let redis: TestRedis;
  let admin: pg.Pool;
  let dataDir: string;
  let postgres: URL;
  const open: { stop?: () => Promise<void>; close?: () => Promise<void> }[] = [];

  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ users: ['orders'] }), startRedis()]);
    dataDir = await mkdtemp(join(tmpdir(), 'souk-serve-'));
    postgres = new URL(inject('postgresUrl'));
    postgres.pathname = `/serve_${randomBytes(6).toString('hex')}`;
    admin = new pg.Pool({ connectionString: postgres.href, max: 2 });
    admin.on('error', () => undefined);
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await (one.stop ?? one.close)!();
  });
  afterAll(async () => {
    await admin?.end();
    await Promise.all([nats?.stop(), redis?.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  async function serve(env: Record<string, string> = {}): Promise<Served> {
    const served = await serveHouse(notes, {
      env: {
        SOUK_ENV: 'test',
        SOUK_LOG_LEVEL: 'silent',
        SOUK_PORT: '0',
        SOUK_DRAIN_SECONDS: '0',
        SOUK_DATA_DIR: dataDir,
        SOUK_POSTGRES_URL: postgres.href,
        SOUK_REDIS_URL: redis.url(),
        SOUK_NATS_URL: nats.url('orders'),
        SOUK_VIEWER_PUBLIC_KEYS: pem(router.publicKey),
        ...env,
      },
    });
    open.push(served);
    return served;
  }
  function remote(
    url: string,
    key = router.privateKey,
    more: Partial<Parameters<typeof remoteHouse>[0]> = {},
  ): RemoteHouse {
    const house = remoteHouse({ name: 'orders', urls: [url], key, log, ...more });
    open.push(house);
    return house;
  }
  const ask = (house: RemoteHouse, query: string, viewer: Viewer = guest(), deadlineMs = 10_000) =>
    house.execute({ query, viewer, deadlineMs });
  const codes = ({ errors }: Awaited<ReturnType<typeof ask>>) =>
    (errors ?? []).map(({ extensions }) => extensions.code);
  const write = (ms = 0) => `mutation { write(body: "hello", ms: ${ms}) }`;

  /** A viewer's header with claims of our choosing. */
  function forged(key: KeyObject, change: Record<string, unknown> = {}): string {
    const claims = { viewer: systemViewer, aud: 'orders', exp: unixSeconds() + 20, ...change };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
  }
  const whole = (): string => signViewer(systemViewer, 'orders', router.privateKey);
  const bad: Record<string, () => string | undefined> = {
    none: () => undefined,
    'one of another key': () => forged(stranger.privateKey),
    'one that has expired': () => forged(router.privateKey, { exp: unixSeconds() - 60 }),
    'one that lives too long': () => forged(router.privateKey, { exp: unixSeconds() + 3600 }),
    'one for another house': () => forged(router.privateKey, { aud: 'payments' }),
    'one that was changed': () => whole().replace(/^[^.]+/, forged(stranger.privateKey).split('.')[0]!),
    'one without a signature': () => whole().split('.')[0]!,
    'one that is no claims at all': () => {
      const body = Buffer.from('not json').toString('base64url');
      return `${body}.${sign(null, Buffer.from(body), router.privateKey).toString('base64url')}`;
    },
  };

  describe('answers the router alone', () => {
    const query = (text: string) => ({ path: '/graphql', body: { query: text } });
    const doors = {
      'the graph': query('{ who }'),
      _service: query('{ _service { sdl } }'),
      _entities: query('{ _entities(representations: [{ __typename: "Order", id: "x" }]) { __typename } }'),
      'what is internal': { path: '/internal/about', body: {} },
      'a route': { path: '/notes/whose', body: null },
    };

    it.each(Object.entries(bad))('and refuses a viewer that is %s', async (_, header) => {
      const { url } = await serve();
      const text = header();
      for (const [door, { path, body }] of Object.entries(doors)) {
        const answer = await fetch(`${url}${path}`, {
          method: body ? 'POST' : 'GET',
          headers: { 'content-type': 'application/json', ...(text === undefined ? {} : { [VIEWER]: text }) },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        expect([door, answer.status]).toEqual([door, 401]);
        expect(await answer.text()).toContain('This subgraph answers the router alone.');
      }
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init' }));
      await once(socket, 'message');
      const payload = { query: 'subscription { noteCame { eventId } }', extensions: text ? { [VIEWER]: text } : {} };
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      const [said] = await once(socket, 'message');
      expect(JSON.parse(String(said))).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
      socket.terminate();
    });

    it('as whoever the router says, at each door', async () => {
      const { url } = await serve();
      const house = remote(url);
      const viewer = customer();
      expect((await ask(house, '{ who }', viewer)).data).toEqual({ who: viewer.principal });
      const { body } = await house.route({
        method: 'GET',
        url: '/notes/whose',
        headers: {},
        body: Buffer.alloc(0),
        viewer,
      });
      expect(await new Response(body as never).text()).toBe(viewer.principal);
    });

    it('and what is internal to the system alone, whatever the router says of a person', async () => {
      const { url } = await serve();
      const house = remote(url);
      await expect(house.ask('/about', {}, { ...customer(), roles: ['ADMIN'] })).rejects.toThrow('401');
      expect(await house.ask('/about', {}, systemViewer)).toEqual({ name: 'orders', ownedTypes: ['Order'] });
    });

    it('whose key may be changed while it runs: two are believed at a time', async () => {
      const { url } = await serve({ SOUK_VIEWER_PUBLIC_KEYS: `${pem(router.publicKey)}\n${pem(next.publicKey)}` });
      for (const { privateKey } of [router, next]) {
        expect((await ask(remote(url, privateKey), '{ who }', anonymous())).data).toEqual({ who: 'anonymous' });
      }
      expect(codes(await ask(remote(url, stranger.privateKey), '{ who }'))).toEqual(['UNAUTHENTICATED']);
    });
  });

  describe('keeps to the time the caller has', () => {
    it('and answers TIMEOUT; the transaction under way ends whole', async () => {
      const { url } = await serve();
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [VIEWER]: signViewer(guest(), 'orders', router.privateKey),
          [DEADLINE]: '100',
        },
        body: JSON.stringify({ query: write(600) }),
      });
      expect(await answer.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'TIMEOUT' } }] });
      const stored = async () =>
        (
          await admin.query(
            'select (select count(*)::int from orders.notes) as notes, (select count(*)::int from orders.outbox) as facts',
          )
        ).rows[0];
      await expect.poll(stored, { timeout: 20_000 }).toEqual({ notes: 1, facts: 1 });
    });

    it('where the house does not answer at all', async () => {
      const silent = createServer(() => undefined).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const house = remote(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
      expect(codes(await ask(house, '{ who }', guest(), 300))).toEqual(['TIMEOUT']);
      silent.close();
    });
  });

  it('carries the trace of whoever asked into the facts it leads to, as a span of its own below theirs', async () => {
    const { url } = await serve();
    const trace = childOf(null);
    const spans: FinishedSpan[] = [];
    const unfollow = followSpans((span) => void spans.push(span));
    expect((await ask(remote(url), write(), { ...guest(), trace })).errors).toBeUndefined();
    unfollow();
    const { rows } = await admin.query('select trace from orders.outbox order by seq desc limit 1');
    const [said, asked] = [readTraceparent(rows[0].trace)!, readTraceparent(trace)!];
    expect(said).toMatchObject({ traceId: asked.traceId, flags: asked.flags });
    expect(said.spanId).not.toBe(asked.spanId);
    expect(spans).toContainEqual(expect.objectContaining({ traceparent: rows[0].trace, parent: trace, failed: false }));
  });

  it('shows its metrics to its own machine, and to others by the secret alone', async () => {
    const { url } = await serve({ SOUK_METRICS_TOKEN: 'a secret of the watchers' });
    const read = (headers: Record<string, string> = {}) => fetch(`${url}/metrics`, { headers });
    expect((await ask(remote(url), '{ who }')).errors).toBeUndefined();
    const text = await (await read()).text();
    expect(text).toContain('souk_subgraph_served_seconds_count{subgraph="orders"}');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    // Whoever is spoken for by a proxy is not of this machine.
    expect((await read({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
    const from = { 'x-forwarded-for': '203.0.113.9' };
    for (const authorization of ['Bearer ', 'Bearer undefined', 'a secret of the watchers']) {
      expect((await read({ ...from, authorization })).status).toBe(404);
    }
    expect((await read({ ...from, authorization: 'Bearer a secret of the watchers' })).status).toBe(200);
  });

  describe('over a connection that is cut', () => {
    async function cutting(answers: readonly boolean[]): Promise<{ url: string; asked: () => number; close(): void }> {
      let asked = 0;
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => {
          const body = '{"data":{"who":"x"}}';
          if (answers[asked++])
            socket.end(
              `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
            );
          else socket.destroy();
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        asked: () => asked,
        close: () => server.close(),
      };
    }

    it.each([
      ['a query is asked once more', '{ who }', [false, true], 2, []],
      ['a query is asked once more and no oftener', '{ who }', [false, false, true], 2, ['SUBGRAPH_UNAVAILABLE']],
      ['a mutation is never sent twice', write(), [false, true], 1, ['SUBGRAPH_UNAVAILABLE']],
      [
        'not even one behind its fragments',
        `fragment F on Query { who } ${write()}`,
        [false, true],
        1,
        ['SUBGRAPH_UNAVAILABLE'],
      ],
    ])('%s', async (_, query, answers, asked, expected) => {
      const server = await cutting(answers);
      expect(codes(await ask(remote(server.url), query))).toEqual(expected);
      expect(server.asked()).toBe(asked);
      server.close();
    });
  });

  describe('when it is told to stop', () => {
    it('ends what is under way first, and takes nothing new', async () => {
      const served = await serve();
      const house = remote(served.url);
      const before = begun.count;
      const slow = ask(house, '{ slow(ms: 700) }');
      while (begun.count === before) await sleep(5);
      const stopped = served.stop();
      expect(await slow).toMatchObject({ data: { slow: 700 } });
      await stopped;
      open.splice(open.indexOf(served), 1);
      expect(codes(await ask(house, '{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
      expect(await house.isReady()).toBe(false);
    });

    it('a live stream goes on with the house that comes after it', async () => {
      const first = await serve();
      const house = remote(first.url);
      await ask(house, write());
      const stream = house.subscribe({ query: 'subscription { noteCame { note { id } } }', viewer: guest() });
      const seen = new Set<string>();
      const until = async (id: string): Promise<void> => {
        while (!seen.has(id)) {
          const { value, done } = await stream.next();
          if (done) throw new Error('the stream has ended');
          seen.add((value.data as { noteCame: { note: { id: string } } }).noteCame.note.id);
        }
      };
      const { data } = await ask(house, write());
      await until(data!.write as string);
      await first.stop();
      open.splice(open.indexOf(first), 1);
      await serve({ SOUK_PORT: new URL(first.url).port });
      const after = await ask(house, write());
      await until(after.data!.write as string);
      await stream.return?.();
    });
  });

  describe('says whether it can work', () => {
    const health = async (url: string) => {
      const answer = await fetch(`${url}/health/ready`);
      return [answer.status, await answer.json()] as const;
    };
    const parts = { redis: true, nats: true, postgres: true };

    it('without Redis or NATS it answers on, and says which is away', async () => {
      const { url } = await serve();
      expect(await health(url)).toEqual([200, { status: 'ready', parts }]);
      await nats.kill();
      await expect
        .poll(() => health(url), { timeout: 20_000 })
        .toEqual([200, { status: 'ready', parts: { ...parts, nats: false } }]);
      await redis.kill();
      await expect
        .poll(() => health(url), { timeout: 20_000 })
        .toEqual([200, { status: 'ready', parts: { ...parts, nats: false, redis: false } }]);
      expect((await ask(remote(url), write())).errors).toBeUndefined();
      await Promise.all([nats.start(), redis.start()]);
      await expect.poll(() => health(url), { timeout: 20_000 }).toEqual([200, { status: 'ready', parts }]);
    });

    it('without its database it does not, until that is back', async () => {
      const wire = await startWire(postgres.href);
      const through = new URL(postgres);
      through.port = new URL(wire.url).port;
      const { url } = await serve({ SOUK_POSTGRES_URL: through.href });
      expect(await health(url)).toEqual([200, { status: 'ready', parts }]);
      wire.cut();
      expect(await health(url)).toEqual([503, { status: 'not ready', parts: { ...parts, postgres: false } }]);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      wire.mend();
      await expect.poll(() => health(url), { timeout: 20_000 }).toEqual([200, { status: 'ready', parts }]);
      await open.pop()!.stop!();
      wire.close();
    });
  });

  describe('with certificates on both sides', () => {
    let folder: string;
    const file = (name: string): string => join(folder, name);
    const openssl = (...words: string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
    const certify = (name: string, authority: string): void => {
      openssl(
        'req',
        '-newkey',
        'ed25519',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      );
      const signer = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
      openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-out', `${name}.crt`, '-days', '1', '-extfile', 'san');
    };
    const tlsOf = (name: string, authority = 'souk') => ({
      cert: readFileSync(file(`${name}.crt`)),
      key: readFileSync(file(`${name}.key`)),
      ca: readFileSync(file(`${authority}.crt`)),
      minVersion: 'TLSv1.3' as const,
    });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'souk-tls-'));
      await writeFile(file('san'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
      for (const name of ['souk', 'elsewhere']) {
        const words = ['-nodes', '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`, '-days', '1'];
        openssl('req', '-x509', '-newkey', 'ed25519', ...words);
      }
      certify('house', 'souk');
      certify('router', 'souk');
      certify('foreign', 'elsewhere');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const secured = (more: Record<string, string> = {}) =>
      serve({
        SOUK_TLS_CERT: file('house.crt'),
        SOUK_TLS_KEY: file('house.key'),
        SOUK_TLS_CA: file('souk.crt'),
        ...more,
      });
    /** What a client with these options gets to hear of one request. */
    const knock = async (url: string, options: ConnectionOptions): Promise<string> => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(url).port), ...options });
      return new Promise((told) => {
        socket.on('secureConnect', () =>
          socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
        );
        socket.on('data', (data) => told(String(data).split('\r\n')[0]!));
        socket.on('error', (error: Error & { code?: string }) => told(error.code ?? error.message));
        socket.on('close', () => told('closed'));
      });
    };

    it('lets the router in, by HTTP and by WebSocket', async () => {
      const { url } = await secured();
      expect(url).toMatch(/^https:/);
      const house = remote(url, router.privateKey, { tls: tlsOf('router') });
      expect((await ask(house, '{ who }', anonymous())).data).toEqual({ who: 'anonymous' });
      await ask(house, write());
      const stream = house.subscribe({ query: 'subscription { noteCame { note { body } } }', viewer: guest() });
      expect((await stream.next()).value).toMatchObject({ data: { noteCame: { note: { body: 'hello' } } } });
      await stream.return?.();
    });

    it('and nobody without a certificate, with a foreign one, or by TLS 1.2', async () => {
      const { url } = await secured();
      const ca = readFileSync(file('souk.crt'));
      expect(await knock(url, { ...tlsOf('router') })).toBe('HTTP/1.1 200 OK');
      expect(await knock(url, { ca })).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
      expect(await knock(url, { ...tlsOf('foreign'), ca })).toMatch(/^(closed|ERR_SSL_.*ALERT.*|ECONNRESET|EPIPE)$/);
      const old = { ...tlsOf('router'), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
      expect(await knock(url, old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    });

    it('but tells its health by plain HTTP at a port of its own, and nothing else there', async () => {
      expect((await secured()).healthUrl).toBeUndefined();
      const { healthUrl } = await secured({ SOUK_HEALTH_PORT: '0' });
      const paths = ['/health/live', '/health/ready', '/metrics', '/graphql', '/internal/about', '/notes/whose'];
      const answers = await Promise.all(paths.map((path) => fetch(`${healthUrl}${path}`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404, 404]);
    });

    it('and the router asks no house whose certificate another authority signed', async () => {
      const { url } = await secured();
      const house = remote(url, router.privateKey, {
        tls: { ...tlsOf('router'), ca: readFileSync(file('elsewhere.crt')) },
      });
      expect(codes(await ask(house, '{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    });
  });
});
