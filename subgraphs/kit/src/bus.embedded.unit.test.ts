import { expect, it } from 'vitest';
import { embeddedBus } from './bus.embedded.ts';
import type { Ear, Mouth } from './bus.ts';
import { createLog } from './log.ts';
import type { StoredFact } from './tx.ts';

const fact = (seq: number, type: string, key = 'an order'): StoredFact => ({
  id: `01900000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
  seq,
  type,
  at: '2030-01-01T00:00:00.000Z',
  key,
  version: seq,
  subject: null,
  trace: null,
  data: {},
});

/** An outbox in memory. */
function mouthOver(outbox: readonly StoredFact[]): { mouth: Mouth; marked: Set<string> } {
  const marked = new Set<string>();
  const mouth: Mouth = {
    house: 'orders',
    listUnpublished: async (limit) => outbox.filter(({ id }) => !marked.has(id)).slice(0, limit),
    async markPublished(ids) {
      for (const id of ids) marked.add(id);
    },
    unmark: async () => 0,
    findBroker: async () => undefined,
    saveBroker: async () => undefined,
  };
  return { mouth, marked };
}

it('a backlog is heard whole and in the order of its keys by one sweep, and most of it waits in its table', async () => {
  const outbox = Array.from({ length: 7_000 }, (_, i) => fact(i + 1, 'orders.PaymentRequested', `order ${i % 50}`));
  const { mouth, marked } = mouthOver(outbox);
  const heard = new Map<string, number[]>();
  let taken = 0;
  let ahead = 0;
  const list = mouth.listUnpublished.bind(mouth);
  const ear: Ear = {
    house: 'payments',
    hears: ['orders.PaymentRequested'],
    batches: [],
    async deliver([one]) {
      const { key, seq } = one as StoredFact;
      heard.set(key, [...(heard.get(key) ?? []), seq]);
      taken += 1;
      return 'HEARD';
    },
    park: async () => undefined,
  };
  const bus = embeddedBus({ log: createLog('silent'), sweepEvery: 3_600_000 });
  const watched: Mouth = {
    ...mouth,
    async listUnpublished(limit) {
      ahead = Math.max(ahead, limit);
      return list(limit);
    },
  };
  bus.attach(watched, ear);
  await bus.start();
  while (taken < outbox.length) await new Promise((resolve) => setTimeout(resolve, 5));
  await bus.drained();
  await bus.stop();
  expect(marked.size).toBe(7_000);
  for (const seqs of heard.values()) expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(ahead).toBeLessThan(4_000);
});

it('a fact that nobody nudged goes before later ones of its key that failed without it', async () => {
  const [requested, submitted] = [fact(1, 'orders.PaymentRequested'), fact(2, 'orders.PaymentSubmitted')];
  const outbox: StoredFact[] = [];
  const { mouth, marked } = mouthOver(outbox);
  const heard: number[] = [];
  let parked = 0;
  let failures = 0;
  const ear: Ear = {
    house: 'payments',
    hears: [requested.type, submitted.type],
    batches: [],
    async deliver(facts) {
      const { seq } = facts[0] as StoredFact;
      if (seq === 2 && !heard.includes(1)) {
        failures += 1;
        throw new Error('an attempt to pay came before the payment was requested');
      }
      heard.push(seq);
      return 'HEARD';
    },
    async park() {
      parked += 1;
    },
  };
  const bus = embeddedBus({ log: createLog('silent'), backoff: [200, 200, 200, 200], sweepEvery: 20 });
  bus.attach(mouth, ear);
  await bus.start();
  // The commit of the first lost its answer: it is in the outbox, and only the second is nudged.
  bus.nudge('orders', [submitted]);
  while (failures === 0) await new Promise((resolve) => setImmediate(resolve));
  outbox.push(requested, submitted);
  while (marked.size < 2 && parked === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await bus.stop();
  expect(heard).toEqual([1, 2]);
  expect(parked).toBe(0);
});
