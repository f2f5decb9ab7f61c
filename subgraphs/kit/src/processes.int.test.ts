import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { monotonicMs, sleep } from './clock.ts';
import { createLog } from './log.ts';
import { hasNats, startNats, type TestNats } from './nats.testing.ts';
import { freePorts } from './ports.ts';
import { hasRedis, sayAbsent, startRedis, type TestRedis } from './redis.testing.ts';
import { type RemoteHouse, remoteHouse } from './remote.ts';
import { guest } from './testing.ts';

const PROGRAM = fileURLToPath(new URL('./serve.child.testing.ts', import.meta.url));
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const STOPPED_MS = 10_000;

if (!hasNats || !hasRedis) describe('a house of several processes', () => it('keeps its promises', sayAbsent));

describe.runIf(hasNats && hasRedis)('a house of several processes', () => {
  let nats: TestNats;
  let redis: TestRedis;
  let admin: pg.Pool;
  let dataDir: string;
  let postgres: URL;
  let house: RemoteHouse;
  let ports: number[];
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ users: ['orders'] }), startRedis()]);
    dataDir = await mkdtemp(join(tmpdir(), 'souk-processes-'));
    postgres = new URL(inject('postgresUrl'));
    postgres.pathname = `/processes_${randomBytes(6).toString('hex')}`;
    admin = new pg.Pool({ connectionString: postgres.href, max: 2 });
    admin.on('error', () => undefined);
    ports = await freePorts(2);
    house = remoteHouse({ name: 'orders', urls: ports.map(urlOf), key: privateKey, log: createLog('silent') });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      await ended(child);
    }
  });
  afterAll(async () => {
    await house?.close();
    await admin?.end();
    await Promise.all([nats?.stop(), redis?.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
  const ended = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  async function start(port: number): Promise<ChildProcess> {
    const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
    const child = spawn(process.execPath, [...flags, PROGRAM], {
      env: {
        PATH: process.env.PATH,
        SOUK_ENV: 'test',
        SOUK_LOG_LEVEL: 'silent',
        SOUK_PORT: String(port),
        SOUK_DATA_DIR: dataDir,
        SOUK_POSTGRES_URL: postgres.href,
        SOUK_REDIS_URL: redis.url(),
        SOUK_NATS_URL: nats.url('orders'),
        SOUK_VIEWER_PUBLIC_KEYS: pem(publicKey),
        SOUK_SUBGRAPH_URLS: `orders=${ports.map(urlOf).join(',')}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout! })) if (line.startsWith('ready ')) return child;
    throw new Error('the house ended while it started');
  }

  /** People who ask and write without a pause, and some who watch. */
  function load() {
    const failed: string[] = [];
    const written: string[] = [];
    let asked = 0;
    let over = false;
    const ask = (query: string) => house.execute({ query, viewer: guest(), deadlineMs: 10_000 });
    const forever = async (one: () => Promise<void>): Promise<void> => {
      while (!over) await one();
    };
    const query = async (): Promise<void> => {
      const { errors } = await ask('{ who }');
      asked += 1;
      if (errors) failed.push(`query: ${errors[0]!.message}`);
    };
    const write = async (): Promise<void> => {
      const { data, errors } = await ask(`mutation { write(body: "hello", ms: ${1 + (written.length % 20)}) }`);
      if (errors) failed.push(`mutation: ${errors[0]!.message}`);
      else written.push(data!.write as string);
    };
    const streams = Array.from({ length: 3 }, () =>
      house.subscribe({ query: 'subscription { noteCame { note { id } } }', viewer: guest() }),
    );
    const seen = streams.map(() => new Set<string>());
    const watching = streams.map(async (stream, at) => {
      for await (const { data, errors } of stream) {
        if (errors) failed.push(`stream: ${errors[0]!.message}`);
        else seen[at]!.add((data as { noteCame: { note: { id: string } } }).noteCame.note.id);
      }
      if (!over) failed.push('a stream has ended');
    });
    const working = [query, query, write, write].map(forever);
    return {
      failed,
      written,
      asked: () => asked,
      /** Whether each stream has shown the note. */
      allSaw: (id: string) => seen.every((ids) => ids.has(id)),
      async end() {
        over = true;
        await Promise.all(working);
        for (const stream of streams) await stream.return?.();
        await Promise.all(watching);
      },
    };
  }

  const stored = async (): Promise<number> =>
    (await admin.query<{ n: number }>('select count(*)::int as n from orders.notes')).rows[0]!.n;

  it('is restarted process by process, and nobody who asks, writes or watches notices', async () => {
    const running = await Promise.all(ports.map(start));
    const before = await stored();
    const people = load();
    for (const [at, port] of ports.entries()) {
      const goal = people.written.length + 50;
      await expect.poll(() => people.written.length >= goal, { timeout: 60_000 }).toBe(true);
      const told = monotonicMs();
      running[at]!.kill('SIGTERM');
      await ended(running[at]!);
      expect(running[at]!.exitCode).toBe(0);
      expect(monotonicMs() - told).toBeLessThan(STOPPED_MS);
      await start(port);
      await expect.poll(() => house.isReady(), { timeout: 60_000 }).toBe(true);
    }
    const goal = people.written.length + 20;
    await expect.poll(() => people.written.length >= goal, { timeout: 60_000 }).toBe(true);
    const last = people.written.at(-1)!;
    await expect.poll(() => people.allSaw(last), { timeout: 60_000 }).toBe(true);
    await people.end();
    expect(people.failed).toEqual([]);
    expect(people.asked()).toBeGreaterThan(0);
    expect(await stored()).toBe(before + people.written.length);
  });

  it('has one that hangs: questions go to the other, and what it was told comes to it once', async () => {
    const [hanging] = await Promise.all(ports.map(start));
    const before = await stored();
    const people = load();
    await expect.poll(() => people.written.length >= 50, { timeout: 60_000 }).toBe(true);
    hanging!.kill('SIGSTOP');
    const goal = people.written.length + 200;
    await expect.poll(() => people.written.length >= goal, { timeout: 60_000 }).toBe(true);
    // Each writer was cut off from at most one answer: by the process that hangs, until it was known to.
    await expect.poll(() => people.allSaw(people.written.at(-1)!), { timeout: 60_000 }).toBe(true);
    hanging!.kill('SIGCONT');
    await sleep(500);
    await people.end();
    expect(people.failed.filter((failure) => !failure.startsWith('mutation'))).toEqual([]);
    expect(people.failed.length).toBeLessThanOrEqual(2);
    const between = (await stored()) - before - people.written.length;
    expect([0, 1, 2].slice(0, people.failed.length + 1)).toContain(between);
  });

  it('says so where none of its processes is left', async () => {
    const { errors } = await house.execute({ query: '{ who }', viewer: guest(), deadlineMs: 10_000 });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(await house.isReady()).toBe(false);
  });
});
