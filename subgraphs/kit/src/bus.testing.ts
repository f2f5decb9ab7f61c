import { randomUUID } from 'node:crypto';
import type { Fact, FactType } from '@souk/schema';
import type { BrokerState, Ear, Mouth } from './bus.ts';
import { sleep } from './clock.ts';
import type { StoredFact } from './tx.ts';

export const A: FactType = 'orders.OrderCreated';
export const B: FactType = 'orders.OrderConfirmed';
let seq = 0;
export const fact = (type: FactType, key: string): StoredFact => ({
  id: randomUUID(),
  seq: ++seq,
  type,
  at: '2026-01-01T00:00:00.000Z',
  key,
  version: seq,
  subject: null,
  trace: null,
  data: { key },
});

/** An outbox in memory. */
export function outbox(house: string) {
  const facts: StoredFact[] = [];
  const published = new Map<string, Date>();
  let broker: BrokerState | undefined;
  const box = {
    published,
    /** Throws at the next marking. */
    failOnce: false,
    /** Milliseconds that a marking takes. */
    slowness: 0,
    mouth: {
      house,
      listUnpublished: async (limit: number) => facts.filter((one) => !published.has(one.id)).slice(0, limit),
      markPublished: async (ids: readonly string[]) => {
        await sleep(box.slowness);
        if (box.failOnce) {
          box.failOnce = false;
          throw new Error('the database went away');
        }
        for (const id of ids) published.set(id, new Date());
      },
      unmark: async (since) => {
        const from = since instanceof Date ? since.getTime() : since ? Date.now() - since.lastSeconds * 1_000 : 0;
        const again = [...published].filter(([, at]) => at.getTime() >= from);
        for (const [id] of again) published.delete(id);
        return again.length;
      },
      findBroker: async () => broker,
      saveBroker: async (state) => {
        broker = state;
      },
    } satisfies Mouth,
    say(...said: StoredFact[]): StoredFact[] {
      facts.push(...said);
      return said;
    },
  };
  return box;
}

/** An ear that remembers every delivery; `fails` tells which facts it cannot hear, and how often. */
export function listener(
  house: string,
  hears: FactType[],
  options: { batches?: FactType[]; fails?: Map<string, number>; how?: () => Error } = {},
) {
  const { batches = [], fails = new Map<string, number>(), how = () => new Error('cannot hear') } = options;
  const deliveries: string[][] = [];
  const parked: { id: string; tries: number }[] = [];
  let begun = 0;
  let release: (() => void) | undefined;
  let gate: Promise<void> = Promise.resolve();
  return {
    deliveries,
    parked,
    /** Deliveries that began, a held one included. */
    get begun(): number {
      return begun;
    },
    get heard(): string[] {
      return deliveries.flat();
    },
    hold() {
      gate = new Promise((resolve) => {
        release = resolve;
      });
    },
    letGo: () => release?.(),
    ear: {
      house,
      hears,
      batches,
      async deliver(facts: readonly Fact[]) {
        begun += 1;
        await gate;
        for (const one of facts) {
          const left = fails.get(one.id) ?? 0;
          if (left === 0) continue;
          fails.set(one.id, left - 1);
          throw how();
        }
        deliveries.push(facts.map((one) => one.id));
        return 'HEARD' as const;
      },
      async park(one: Fact, tries: number) {
        parked.push({ id: one.id, tries });
      },
    } satisfies Ear,
  };
}
