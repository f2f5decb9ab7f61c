import { createHmac } from 'node:crypto';
import {
  claimDeliveries,
  countUndelivered,
  type DueDelivery,
  deleteSettlement,
  hurryDeliveries,
  lockDueSettlements,
  markDelivered,
  postponeDelivery,
  readDue,
  readPaused,
  savePaused,
} from './simulator.deliveries.ts';
import { settleRefund } from './simulator.intents.ts';
import { type Db, readNow } from './simulator.store.ts';
import { change } from './simulator.write.ts';

export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_…`, the key of the HMAC that both sides know. */
  readonly secret: string;
  /** Stripe's `enabled_events`: the types it is sent; all of them where absent. */
  readonly events?: readonly string[];
}

/** Which events an endpoint is sent. */
export const sentTo =
  (endpoint: WebhookEndpoint | null) =>
  (type: string): boolean =>
    endpoint !== null && (endpoint.events === undefined || endpoint.events.includes(type));

export interface Webhooks {
  /** Says that something may be due; returns at once. */
  nudge(): void;
  deliverTo(endpoint: WebhookEndpoint | null): void;
  endpoint(): WebhookEndpoint | null;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Tries everything undelivered now, also what waits for a later retry. Returns how many are still undelivered. */
  flush(): Promise<number>;
  status(): Promise<{ paused: boolean; undelivered: number }>;
  stop(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const LEASE_MS = 15_000;
const BATCH = 20;
const LONGEST_WAIT_MS = 300_000;

/** Stripe's signature scheme: HMAC-SHA256 over `timestamp.body`. */
export function signatureHeader(body: string, secret: string, atSeconds: number): string {
  const signature = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');
  return `t=${atSeconds},v1=${signature}`;
}

/** Posts one event; resolves to the HTTP status, or to null with the reason where there was no answer. */
export async function post(
  url: string,
  body: string,
  signature: string,
  stop?: AbortSignal,
): Promise<{ status: number | null; result: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (+https://docs.stripe.com/webhooks)',
      },
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stop === undefined ? [] : [stop])]),
    });
    await response.arrayBuffer();
    return { status: response.status, result: `HTTP ${response.status}` };
  } catch (error) {
    return { status: null, result: error instanceof Error ? error.message : String(error) };
  }
}

/** One second after the first failure, doubled up to five minutes. */
export const backoffMs = (attempts: number): number =>
  Math.min(1000 * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT_MS);

/** Delivers events at least once, from the store: a killed process loses none and the next one goes on. */
export async function startWebhooks(
  db: Db,
  first: WebhookEndpoint | null,
  publicUrl: string,
  onError: (message: string, error: unknown) => void,
): Promise<Webhooks> {
  const stopping = new AbortController();
  let endpoint = first;
  let paused = await readPaused(db);
  let nudged = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** True when the endpoint took it; else it is put off. */
  async function deliver(to: WebhookEndpoint, due: DueDelivery, now: Date): Promise<boolean> {
    const signature = signatureHeader(due.body, to.secret, Math.floor(now.getTime() / 1000));
    const { status, result } = await post(to.url, due.body, signature, stopping.signal);
    if (status !== null && status >= 200 && status < 300) return true;
    await postponeDelivery(db, due, now, backoffMs(due.attempts), result);
    return false;
  }

  async function deliverAll(to: WebhookEndpoint, now: Date): Promise<void> {
    const claimed = await claimDeliveries(db, now, LEASE_MS, BATCH);
    const taken = await Promise.all(claimed.map((due) => deliver(to, due, now)));
    const delivered = claimed.filter((_, index) => taken[index]).map(({ id }) => id);
    if (delivered.length > 0) await markDelivered(db, delivered, now);
  }

  async function settle(now: Date): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const write = { tx, now, publicUrl, deliver: sentTo(endpoint), request: { id: null, idempotencyKey: null } };
      for (const { intent_id, refund_id, outcome } of await lockDueSettlements(tx, now)) {
        await change(write, intent_id, (intent) => settleRefund(intent, refund_id, outcome));
        await deleteSettlement(tx, refund_id);
      }
    });
  }

  async function run(): Promise<void> {
    clearTimeout(timer);
    while (!stopping.signal.aborted) {
      nudged = false;
      const { now, delivery, settlement } = await readDue(db);
      const to = paused ? null : endpoint;
      if (settlement !== null && settlement <= now) {
        await settle(now);
      } else if (to !== null && delivery !== null && delivery <= now) {
        await deliverAll(to, now);
      } else if (!nudged) {
        const next = [settlement, to === null ? null : delivery].filter((at) => at !== null).map((at) => at.getTime());
        if (next.length > 0) wakeIn(Math.min(...next) - now.getTime());
        return;
      }
    }
  }

  function wakeIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(nudge, Math.min(Math.max(ms, 0) + 5, LONGEST_WAIT_MS));
    timer.unref();
  }

  function nudge(): void {
    nudged = true;
    if (running !== null || stopping.signal.aborted) return;
    running = run()
      .catch((error: unknown) => {
        nudged = false;
        if (stopping.signal.aborted) return;
        onError('The Stripe simulator could not deliver its webhooks and tries again in a second.', error);
        wakeIn(1000);
      })
      .finally(() => {
        running = null;
        if (nudged) nudge();
      });
  }

  async function idle(): Promise<void> {
    while (running !== null) await running;
  }

  nudge();
  return {
    nudge,
    deliverTo: (next) => {
      endpoint = next;
      nudge();
    },
    endpoint: () => endpoint,
    pause: async () => {
      await savePaused(db, true);
      paused = true;
      await idle();
    },
    resume: async () => {
      await savePaused(db, false);
      paused = false;
      nudge();
    },
    flush: async () => {
      await idle();
      await hurryDeliveries(db, await readNow(db));
      nudge();
      await idle();
      return countUndelivered(db);
    },
    status: async () => ({ paused, undelivered: await countUndelivered(db) }),
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await idle();
    },
  };
}
