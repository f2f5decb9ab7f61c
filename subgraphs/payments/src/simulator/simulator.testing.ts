import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';
import { inject } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

export interface Delivered {
  readonly body: string;
  readonly signature: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly data: { readonly object: { readonly id: string } };
  };
}

/** A webhook endpoint that keeps what it is sent, and can be told to refuse. */
export interface Receiver {
  readonly url: string;
  readonly received: Delivered[];
  /** Answers the next `times` posts with this status. */
  refuse(status: number, times: number): void;
  /** Resolves once `wanted` holds for what was received so far. */
  until(wanted: (received: readonly Delivered[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Delivered[] = [];
  const refusals: number[] = [];
  let wake: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const refusal = refusals.shift();
    if (refusal === undefined) {
      const body = Buffer.concat(chunks).toString();
      received.push({ body, signature: String(request.headers['stripe-signature']), event: JSON.parse(body) });
    }
    response.writeHead(refusal ?? 200).end();
    for (const resolve of wake.splice(0)) resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    received,
    refuse: (status, times) => {
      refusals.push(...Array.from({ length: times }, () => status));
    },
    until: async (wanted) => {
      while (!wanted(received)) await new Promise<void>((resolve) => wake.push(resolve));
    },
    stop: async () => {
      wake = [];
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface TestSimulator {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly receiver: Receiver;
  readonly options: SimulatorOptions;
  simulator: Simulator;
  /** Calls the control surface and answers its JSON; throws where it refuses. */
  control<T = unknown>(path: string, params?: Readonly<Record<string, string>>): Promise<T>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const TEST_KEY = 'sk_test_simulator';
export const TEST_SECRET = 'whsec_simulator';

/** A simulator on a database of its own, with a receiver for its webhooks. */
export async function startTestSimulator(): Promise<TestSimulator> {
  const url = new URL(inject('postgresUrl'));
  const database = `t_stripe_${randomBytes(6).toString('hex')}`;
  const keeper = new pg.Client({ connectionString: url.toString() });
  await keeper.connect();
  await keeper.query(`create database ${database}`);
  url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.toString(), max: 12 });
  pool.on('error', () => undefined);
  const receiver = await startReceiver();
  const options: SimulatorOptions = {
    pool,
    secretKey: TEST_KEY,
    webhook: { url: receiver.url, secret: TEST_SECRET },
    environment: { SOUK_ENV: 'test' },
    onError: (message, error) => console.error(message, error),
  };
  const running: TestSimulator = {
    databaseUrl: url.toString(),
    pool,
    receiver,
    options,
    simulator: await startSimulator(options),
    control: async <T>(path: string, params: Readonly<Record<string, string>> = {}): Promise<T> => {
      const response = await fetch(`${running.simulator.url}/_simulator/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TEST_KEY}` },
        body: new URLSearchParams(params),
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(body));
      return body as T;
    },
    restart: async () => {
      await running.simulator.stop();
      running.simulator = await startSimulator({ ...options, port: running.simulator.port });
    },
    stop: async () => {
      await running.simulator.stop();
      await receiver.stop();
      await pool.end();
      await keeper.query(`drop database ${database} with (force)`);
      await keeper.end();
    },
  };
  return running;
}
