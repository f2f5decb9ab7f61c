import { expect, it } from 'vitest';
import { embeddedBus } from './bus.embedded.ts';
import type { Ear, Mouth } from './bus.ts';
import { createLog } from './log.ts';
import type { StoredFact } from './tx.ts';

const fact = (seq: number, type: string): StoredFact => ({
  id: `01900000-0000-7000-8000-00000000000${seq}`,
  seq,
  type,
  at: '2030-01-01T00:00:00.000Z',
  key: 'an order',
  version: seq,
  subject: null,
  trace: null,
  data: {},
});

it('a fact that nobody nudged goes before later ones of its key that failed without it', async () => {
  const [requested, submitted] = [fact(1, 'orders.PaymentRequested'), fact(2, 'orders.PaymentSubmitted')];
  const marked = new Set<string>();
  const outbox: StoredFact[] = [];
  const mouth: Mouth = {
    house: 'orders',
    listUnpublished: async () => outbox.filter(({ id }) => !marked.has(id)),
    async markPublished(ids) {
      for (const id of ids) marked.add(id);
    },
    unmark: async () => 0,
    findBroker: async () => undefined,
    saveBroker: async () => undefined,
  };
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
