import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A load balancer on TCP, as stands before routers: it knows their readiness and nothing of what people ask. */
export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const LOOK_TIMEOUT_MS = 2_000;
/** Looks without an answer after which connections to it are given up. */
const SILENT_LOOKS = 3;

interface Behind {
  readonly url: URL;
  readonly open: Set<Socket>;
  ready: boolean;
  silent: number;
}

export async function openBalancer(urls: readonly string[]): Promise<Balancer> {
  const behind: Behind[] = urls.map((url) => ({ url: new URL(url), open: new Set(), ready: true, silent: 0 }));
  const stopping = new AbortController();
  let next = 0;

  async function look(one: Behind): Promise<void> {
    try {
      const answer = await fetch(new URL('/health/ready', one.url), {
        signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
        headers: { connection: 'close' },
      });
      await answer.body?.cancel();
      one.ready = answer.ok;
      one.silent = 0;
    } catch {
      one.ready = false;
      one.silent += 1;
      if (one.silent >= SILENT_LOOKS) for (const socket of one.open) socket.destroy();
    }
  }
  async function follow(one: Behind): Promise<void> {
    while (!stopping.signal.aborted) {
      await look(one);
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const server = createServer({ allowHalfOpen: false }, (client) => {
    const from = next++;
    const order = behind.map((_, at) => behind[(from + at) % behind.length]!);
    reach(client, [...order.filter(({ ready }) => ready), ...order.filter(({ ready }) => !ready)]);
  });
  /** Nothing was sent yet, so one that refuses is passed over. */
  function reach(client: Socket, [one, ...rest]: readonly Behind[]): void {
    client.on('error', () => client.destroy());
    if (!one) return void client.destroy();
    const socket = connect(Number(one.url.port), '127.0.0.1');
    socket.once('error', () => {
      if (socket.connecting || socket.bytesWritten === 0) reach(client, rest);
      else client.destroy();
    });
    socket.once('connect', () => {
      one.open.add(socket);
      socket.on('error', () => client.destroy());
      socket.on('close', () => {
        one.open.delete(socket);
        client.destroy();
      });
      client.on('close', () => socket.destroy());
      client.pipe(socket).pipe(client);
    });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const following = behind.map(follow);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      stopping.abort();
      server.close();
      for (const { open } of behind) for (const socket of open) socket.destroy();
      await Promise.all(following);
    },
  };
}
