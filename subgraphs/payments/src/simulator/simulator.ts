import { once } from 'node:events';
import { createServer } from 'node:http';
import type { PostgresPool } from 'kysely';
import { answerChallenge, type PageAnswer, type PageRequest } from './simulator.challenge.ts';
import { newFaultPlan } from './simulator.faults.ts';
import { type Serving, serve } from './simulator.http.ts';
import { openStore, readNow } from './simulator.store.ts';
import { sentTo, startWebhooks, type WebhookEndpoint } from './simulator.webhooks.ts';

export type { WebhookEndpoint } from './simulator.webhooks.ts';

export interface SimulatorOptions {
  /** Connections that may create the schema `stripe_simulator`; they stay the caller's to close. */
  readonly pool: PostgresPool;
  /** `sk_test_…`: every call must carry it. */
  readonly secretKey: string;
  /** Where events go; null keeps them in the list of events only. */
  readonly webhook: WebhookEndpoint | null;
  /** What the process believes to be: `production` in either is refused. */
  readonly environment: { readonly NODE_ENV?: string | undefined; readonly SOUK_ENV?: string | undefined };
  /** 0 or absent picks a free one. */
  readonly port?: number;
  /** 127.0.0.1 where absent. */
  readonly host?: string;
  /** Where a shopper's browser finds the 3-D Secure page, `answerPage` behind it; the address it listens on where absent. */
  readonly publicUrl?: string;
  readonly onError?: (message: string, error: unknown) => void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly publicUrl: string;
  /** What the 3-D Secure page below `publicUrl` answers, for a server that shows it under an address of its own. */
  answerPage(request: PageRequest): Promise<PageAnswer>;
  /** Events not delivered yet go to the new endpoint too. */
  deliverTo(webhook: WebhookEndpoint | null): void;
  /** Waits for running requests and deliveries. What is not delivered stays in the store. */
  stop(): Promise<void>;
}

/** The simulator stands where real money is meant: the message says what to change. */
export class SimulatorRefused extends Error {
  override readonly name = 'SimulatorRefused';
}

/**
 * Starts Stripe's stand-in. All it knows is in its own schema, so that a killed simulator goes on where it was.
 * Throws SimulatorRefused in production and for a key that is not a test key.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  refuseRealMoney(options);
  const host = options.host ?? '127.0.0.1';
  const onError = options.onError ?? (() => undefined);
  const db = await openStore(options.pool);
  const busy = new Set<Promise<unknown>>();
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const settled: Promise<unknown> = work.catch(() => undefined).finally(() => busy.delete(settled));
    busy.add(settled);
    return work;
  };
  let serving: Serving | undefined;
  const server = createServer((request, response) => {
    if (serving === undefined) {
      response.writeHead(503).end();
      return;
    }
    void tracked(serve(serving, request, response));
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening').catch((error: unknown) => {
    throw cannotListen(error, options.port ?? 0);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  const publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '');
  const webhooks = await startWebhooks(db, options.webhook, publicUrl, onError);
  const on: Serving = {
    db,
    webhooks,
    faults: newFaultPlan(),
    publicUrl,
    secretKey: options.secretKey,
    onError,
    write: async (work) => {
      const result = await db.transaction().execute(async (tx) =>
        work({
          tx,
          now: await readNow(tx),
          publicUrl,
          deliver: sentTo(webhooks.endpoint()),
          request: { id: null, idempotencyKey: null },
        }),
      );
      webhooks.nudge();
      return result;
    },
  };
  serving = on;
  return {
    url,
    port: address.port,
    publicUrl,
    answerPage: (request) => tracked(answerChallenge(on, request)),
    deliverTo: (webhook) => webhooks.deliverTo(webhook),
    stop: async () => {
      server.close();
      server.closeIdleConnections();
      await Promise.all(busy);
      server.closeAllConnections();
      await webhooks.stop();
    },
  };
}

function refuseRealMoney({ environment, secretKey }: SimulatorOptions): void {
  if (environment.NODE_ENV === 'production' || environment.SOUK_ENV === 'production') {
    throw new SimulatorRefused(
      'The Stripe simulator does not run in production: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to those of your Stripe account.',
    );
  }
  if (!/^(?:sk|rk)_test_\w+$/.test(secretKey)) {
    throw new SimulatorRefused(
      'The Stripe simulator takes a test key (sk_test_…) only: a live key belongs to Stripe itself.',
    );
  }
}

function cannotListen(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new Error(`The Stripe simulator cannot use port ${port}: another program listens on it.`, { cause: error });
}
