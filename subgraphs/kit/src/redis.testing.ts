import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { TestContext } from 'vitest';
import { sleep } from './clock.ts';
import { freePorts } from './ports.ts';

/** Whether this machine has redis-server. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** The one test of a suite whose server is absent: a loud skip on a person's machine, a failure where CI should have installed it. */
export function sayAbsent({ task, skip }: TestContext): void {
  task.meta.absentServer = 'Redis: install the package redis-server';
  if (process.env.CI === 'true') throw new Error('redis-server is not installed');
  skip('redis-server is not installed');
}

export interface TestRedis {
  /** As SOUK_REDIS_URL takes it; `login` is `user:password`, or `:password`. */
  url(login?: string): string;
  /** Ends without saving; what it kept in memory is gone. */
  kill(node?: number): Promise<void>;
  /** Stops answering without closing anything, and goes on. */
  freeze(node?: number): void;
  thaw(node?: number): void;
  start(node?: number): Promise<void>;
  /** Runs a command as the administrator on every node; the answers. */
  each(command: string, ...args: (string | number)[]): Promise<unknown[]>;
  /** Ends all and removes everything. */
  stop(): Promise<void>;
}

interface Node {
  readonly dir: string;
  readonly port: number;
  readonly args: readonly string[];
  process?: ChildProcess | undefined;
}

interface Options {
  /** Masters of a Redis Cluster; one is no cluster. */
  readonly nodes?: number;
  /** More arguments of redis-server; `port` is where it listens. */
  readonly args?: (port: number) => readonly string[];
  /** Lets the administrator in where a password is set. */
  readonly adminPassword?: string;
  readonly scheme?: string;
  readonly host?: string;
}

/** Starts redis-server on loopback: one node, or a cluster of masters that share the slots. */
export async function startRedis(options: Options = {}): Promise<TestRedis> {
  const { nodes = 1, args = () => [], adminPassword, host = '127.0.0.1' } = options;
  const scheme = options.scheme ?? (nodes > 1 ? 'redis+cluster' : 'redis');
  const root = await mkdtemp(join(tmpdir(), 'souk-redis-'));
  const ports = await freePorts(nodes * 3);
  const all: Node[] = [];
  for (let at = 0; at < nodes; at++) {
    const [port, plain, bus] = ports.slice(at * 3, at * 3 + 3) as [number, number, number];
    const dir = join(root, String(at));
    await mkdir(dir);
    const cluster =
      nodes > 1 ? ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--cluster-node-timeout', '2000'] : [];
    const more = args(port);
    // Where TLS has the port that clients are told, the administrator comes by another.
    const own = more.includes('--tls-port') ? plain : port;
    all.push({
      dir,
      port: own,
      args: ['--port', `${own}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...cluster, ...more],
    });
  }
  const admin = async <T>({ port }: Node, work: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis({
      port,
      host: '127.0.0.1',
      ...(adminPassword === undefined ? {} : { password: adminPassword }),
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
    });
    client.on('error', () => undefined);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  };
  const start = async (at: number): Promise<void> => {
    const node = all[at]!;
    const child = spawn('redis-server', [...node.args], { cwd: node.dir, stdio: 'ignore' });
    node.process = child;
    // A test that fails on its way ends it too.
    const end = () => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    await admin(node, (client) => client.ping());
  };
  const kill = async (at: number): Promise<void> => {
    const node = all[at]!;
    if (!node.process || node.process.exitCode !== null || node.process.signalCode !== null) return;
    const gone = once(node.process, 'exit');
    node.process.kill('SIGKILL');
    await gone;
    node.process = undefined;
  };
  await Promise.all(all.map((_, at) => start(at)));
  if (nodes > 1) {
    await Promise.all(all.map((node, at) => admin(node, (client) => share(client, at, all, ports))));
    await Promise.all(all.map((node) => admin(node, (client) => agreed(client, nodes))));
  }
  return {
    url: (login) =>
      `${scheme}://${login === undefined ? '' : `${login}@`}${all.map((_, at) => `${host}:${ports[at * 3]}`).join(',')}`,
    kill: (at = 0) => kill(at),
    freeze: (at = 0) => void all[at]!.process?.kill('SIGSTOP'),
    thaw: (at = 0) => void all[at]!.process?.kill('SIGCONT'),
    start: (at = 0) => start(at),
    each: (command, ...rest) => Promise.all(all.map((node) => admin(node, (client) => client.call(command, ...rest)))),
    async stop() {
      await Promise.all(all.map((_, at) => kill(at)));
      await rm(root, { recursive: true, force: true });
    },
  };
}

const SLOTS = 16_384;

/** Gives a node its part of the slots and makes it known to the others. */
async function share(client: Redis, at: number, all: readonly Node[], ports: readonly number[]): Promise<void> {
  const part = SLOTS / all.length;
  const [first, next] = [Math.floor(at * part), Math.floor((at + 1) * part)];
  await client.call('CLUSTER', 'ADDSLOTSRANGE', first, next - 1);
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
  for (const [other, { port }] of all.entries()) {
    if (other !== at) await client.call('CLUSTER', 'MEET', '127.0.0.1', port, ports[other * 3 + 2]!);
  }
}

async function agreed(client: Redis, nodes: number): Promise<void> {
  for (;;) {
    const info = String(await client.call('CLUSTER', 'INFO'));
    const slots = (await client.call('CLUSTER', 'SLOTS')) as unknown[];
    if (info.includes('cluster_state:ok') && slots.length === nodes) return;
    await sleep(20);
  }
}

/** A wire to a server of one node that can be cut while the server goes on. */
export async function startWire(url: string): Promise<{ url: string; cut(): void; mend(): void; close(): void }> {
  const { port } = new URL(url);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket.on('error', () => undefined));
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      whole = true;
    },
    close() {
      cut();
      server.close();
    },
  };
}

/** One node and a cluster, for suites that run over both. */
export const redisKinds = [
  { name: 'Redis, one node', nodes: 1 },
  { name: 'a Redis Cluster of three masters', nodes: 3 },
] as const;
