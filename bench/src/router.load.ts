import { Agent, request } from 'node:http';
import { WrongAnswer } from './client.ts';
import { percentile } from './figures.ts';

/** Posts to a router over kept connections, so many at a time. */
export interface Load {
  post(body: string, locale: string | null): Promise<string>;
  /** Opens connections anew: a server may close those that were idle while the others were asked. */
  reconnect(): void;
  close(): void;
}

export function openLoad(url: string, connections: number): Load {
  const open = (): Agent => new Agent({ keepAlive: true, maxSockets: connections });
  let agent = open();
  const { hostname, port, pathname } = new URL(url);
  return {
    post: (body, locale) =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          accept: 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(locale === null ? {} : { 'souk-locale': locale }),
        };
        const sent = request({ agent, hostname, port, path: pathname, method: 'POST', headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    reconnect() {
      agent.destroy();
      agent = open();
    },
    close: () => agent.destroy(),
  };
}

export interface Loaded {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of one answer. */
  readonly bytes: number;
}

/** One request after the other on each connection, until the time is over. An answer with an error ends it. */
export async function loadFor(seconds: number, connections: number, ask: () => Promise<string>): Promise<Loaded> {
  const latencies: number[] = [];
  let bytes = 0;
  const began = performance.now();
  const until = began + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const sent = performance.now();
        const text = await ask();
        latencies.push(performance.now() - sent);
        bytes += text.length;
        if (!text.includes('"data":{') || text.includes('"errors":')) throw new WrongAnswer(text.slice(0, 500));
      }
    }),
  );
  return {
    requests: latencies.length,
    perSecond: (latencies.length / (performance.now() - began)) * 1_000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    bytes: Math.round(bytes / latencies.length),
  };
}
