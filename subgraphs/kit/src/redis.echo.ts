import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import { sleep } from './clock.ts';
import type { RedisLink } from './redis.ts';

const QUIET_MS = 2_000;
const EAGER_MS = 100;
const STEP_MS = 10;

interface Path {
  sent: number;
  heard: number;
  /** The beat after which an echo proves that the path is whole again; null where nothing is in doubt. */
  doubtedAt: number | null;
}

/**
 * In a Redis Cluster what is published at one node comes to subscribers at another by the bus between the nodes, which
 * loses without a word while a node restarts or the network breaks. So each process publishes a beat at each master and
 * listens for its echo: where one stays away, or a node went, the next that comes means that touches may have been lost.
 */
export interface Echoes {
  /** To be subscribed to with everything else. */
  readonly channel: string;
  /** The subscriber's own connection was lost: every path is in doubt. */
  doubtAll(): void;
  /** Resolves when every path has proved whole, or after two seconds. */
  whole(): Promise<void>;
  stop(): void;
}

export function followEchoes({ commands, subscriber, prefix, onLost }: RedisLink, tellLost: () => void): Echoes {
  const channel = `${prefix}:live-echo:${randomUUID()}`;
  const paths = new Map<string, Path>();
  const stopping = new AbortController();
  let waking = new AbortController();

  const doubt = (path: Path) => {
    path.doubtedAt ??= path.sent;
  };
  const doubtAll = () => {
    for (const path of paths.values()) doubt(path);
    waking.abort();
  };

  function beat(cluster: Cluster): void {
    for (const node of cluster.nodes('master')) {
      const name = `${node.options.host}:${node.options.port}`;
      const path = paths.get(name) ?? { sent: 0, heard: 0, doubtedAt: 0 };
      paths.set(name, path);
      if (path.heard < path.sent) doubt(path);
      path.sent += 1;
      node.publish(channel, `${path.sent} ${name}`).catch(() => doubt(path));
    }
  }

  async function follow(cluster: Cluster): Promise<void> {
    for (let eager = 0; !stopping.signal.aborted; ) {
      beat(cluster);
      const doubtful = [...paths.values()].some((path) => path.doubtedAt !== null);
      eager = doubtful ? Math.min(QUIET_MS, eager === 0 ? EAGER_MS : eager * 1.5) : 0;
      waking = new AbortController();
      await sleep(doubtful ? eager : QUIET_MS, AbortSignal.any([stopping.signal, waking.signal]));
    }
  }

  subscriber.on('message', (on: string, message: string) => {
    if (on !== channel) return;
    const [beat, name] = message.split(' ') as [string, string];
    const path = paths.get(name);
    if (!path) return;
    path.heard = Number(beat);
    if (path.doubtedAt === null || path.heard <= path.doubtedAt) return;
    path.doubtedAt = null;
    tellLost();
  });
  onLost(doubtAll);
  if (commands instanceof Cluster) void follow(commands);
  return {
    channel,
    doubtAll,
    async whole() {
      const isWhole = () => [...paths.values()].every((path) => path.doubtedAt === null);
      for (let waited = 0; !isWhole() && waited < QUIET_MS; waited += STEP_MS) await sleep(STEP_MS);
    },
    stop: () => stopping.abort(),
  };
}
