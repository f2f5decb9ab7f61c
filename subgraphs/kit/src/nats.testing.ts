import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nats';
import { sleep } from './clock.ts';
import { natsUsers } from './nats.ts';
import { freePorts } from './ports.ts';

/** Whether this machine has nats-server; where it is said to be CI's, its absence is an error of the machine. */
export const hasNats = spawnSync('nats-server', ['--version']).status === 0;

export interface TestNats {
  /** Of all nodes, as SOUK_NATS_URL takes them; with a user's name, that user's. */
  url(user?: string): string;
  /** SIGKILL. */
  kill(node?: number): Promise<void>;
  start(node?: number): Promise<void>;
  /** Removes what a killed node stored. */
  wipe(node?: number): Promise<void>;
  /** Ends all and removes everything. */
  stop(): Promise<void>;
}

interface Node {
  readonly dir: string;
  readonly config: string;
  readonly port: number;
  process?: ChildProcess;
}

/** Starts nats-server with JetStream on loopback: one node, or a cluster. `users` are houses with their own permissions. */
export async function startNats({
  nodes = 1,
  users = [],
}: {
  nodes?: number;
  users?: string[];
} = {}): Promise<TestNats> {
  const root = await mkdtemp(join(tmpdir(), 'souk-nats-'));
  const ports = await freePorts(nodes * 2);
  const cluster = Array.from({ length: nodes }, (_, node) => ports[nodes + node]!);
  const all: Node[] = [];
  for (let node = 0; node < nodes; node++) {
    const dir = join(root, `node${node}`);
    const config = join(root, `node${node}.conf`);
    await writeFile(
      config,
      [
        `server_name: node${node}`,
        `listen: 127.0.0.1:${ports[node]}`,
        `jetstream { store_dir: ${JSON.stringify(dir)} }`,
        ...(nodes === 1
          ? []
          : [
              'cluster {',
              '  name: test',
              `  listen: 127.0.0.1:${cluster[node]}`,
              `  routes: [${cluster.map((port) => `nats://127.0.0.1:${port}`).join(', ')}]`,
              '}',
            ]),
        ...(users.length === 0 ? [] : [natsUsers(users.map((house) => ({ house, password: `secret-${house}` })))]),
        '',
      ].join('\n'),
    );
    all.push({ dir, config, port: ports[node]! });
  }
  const url = (user?: string): string => {
    const login = user ? `${user}:secret-${user}@` : '';
    return all.map(({ port }) => `nats://${login}127.0.0.1:${port}`).join(',');
  };
  const start = async (at: number): Promise<void> => {
    const node = all[at]!;
    const child = spawn('nats-server', ['-c', node.config], { stdio: 'ignore' });
    node.process = child;
    // Whoever is stopped on the way ends it too.
    const end = () => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    await reachable(node.port);
  };
  const kill = async (at: number): Promise<void> => {
    const node = all[at]!;
    if (!node.process || node.process.exitCode !== null) return;
    const gone = once(node.process, 'exit');
    node.process.kill('SIGKILL');
    await gone;
    node.process = undefined;
  };
  await Promise.all(all.map((_, node) => start(node)));
  await jetStreamReady(url(users[0]), nodes);
  return {
    url,
    kill: (node = 0) => kill(node),
    start: (node = 0) => start(node),
    wipe: (node = 0) => rm(all[node]!.dir, { recursive: true, force: true }),
    async stop() {
      await Promise.all(all.map((_, node) => kill(node)));
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function reachable(port: number): Promise<void> {
  const { connect: open } = await import('node:net');
  for (;;) {
    const socket = open(port, '127.0.0.1');
    const ok = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (ok) return;
    await sleep(20);
  }
}

/** A cluster takes a moment to choose its leader. */
/** A cluster is ready when every node can hold a copy, which is later than when its leader answers. */
async function jetStreamReady(url: string, nodes: number): Promise<void> {
  const { username, password } = new URL(url.split(',')[0]!);
  for (;;) {
    const connection = await connect({
      servers: url.split(',').map((one) => new URL(one).host),
      ...(username ? { user: username, pass: password, inboxPrefix: `_INBOX_${username}` } : {}),
    });
    try {
      const manager = await connection.jetstreamManager({ timeout: 1_000 });
      if (nodes > 1) {
        await manager.streams.add({ name: 'ready', subjects: ['ready'], num_replicas: nodes });
        await manager.streams.delete('ready');
      }
      return;
    } catch {
      await sleep(50);
    } finally {
      await connection.close();
    }
  }
}
