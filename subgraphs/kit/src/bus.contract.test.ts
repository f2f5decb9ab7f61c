import type { FactType } from '@souk/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { embeddedBus } from './bus.embedded.ts';
import { natsBus } from './bus.nats.ts';
import { A, B, fact, listener, outbox } from './bus.testing.ts';
import type { Bus } from './bus.ts';
import { sleep } from './clock.ts';
import { createLog } from './log.ts';
import { hasNats, startNats, type TestNats } from './nats.testing.ts';
import { openNats } from './nats.ts';
import type { StoredFact } from './tx.ts';

const log = createLog('silent');
const backoff = [1, 1, 1, 1];
let nats: TestNats;
let opened = 0;

/** Every implementation, opened with hardly any wait between tries and sweeps, on a broker or tables of its own. */
const implementations: { name: string; absent?: string; marksWhen: 'heard' | 'stored'; open: () => Promise<Bus> }[] = [
  {
    name: 'embedded',
    marksWhen: 'heard',
    open: async () => embeddedBus({ log, backoff, sweepEvery: 20 }),
  },
  {
    name: 'NATS JetStream',
    ...(hasNats ? {} : { absent: 'nats-server: install the package nats-server' }),
    marksWhen: 'stored',
    open: async () => {
      opened += 1;
      const connection = await openNats({ url: nats.url(), house: 'test', log });
      return natsBus({ connection, log, backoff, sweepEvery: 20, namespace: `test${opened}` });
    },
  },
];

beforeAll(async () => {
  if (hasNats) nats = await startNats();
});
afterAll(() => nats?.stop());

describe.each(implementations)('a bus that is $name', ({ open, absent, marksWhen }) => {
  if (absent !== undefined) {
    it('keeps the same contract', (test) => {
      test.task.meta.absentServer = absent;
      test.skip('the server is not installed');
    });
    return;
  }
  const embedded = marksWhen === 'heard';
  const running: Bus[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((bus) => bus.stop()));
  });
  async function start(
    pairs: readonly [ReturnType<typeof outbox>, ReturnType<typeof listener>][],
    before: () => void = () => undefined,
  ): Promise<Bus> {
    const bus = await open();
    running.push(bus);
    for (const [box, ear] of pairs) bus.attach(box.mouth, ear.ear);
    before();
    await bus.start();
    return bus;
  }
  const until = async (condition: () => boolean) => {
    while (!condition()) await sleep(2);
  };
  const ids = (facts: readonly StoredFact[]) => facts.map((one) => one.id);

  it('marks every fact when markings of two houses overlap', async () => {
    const [orders, inventory] = [outbox('orders'), outbox('inventory')];
    const bus = await start([
      [orders, listener('orders', [A])],
      [inventory, listener('inventory', [A])],
    ]);
    const say = (box: ReturnType<typeof outbox>, times: number) => {
      const said = Array.from({ length: times }, (_, n) => fact(A, `k${n}`));
      bus.nudge(box.mouth.house, box.say(...said));
    };
    // A slow marking of one house while the other's facts are taken by a second marking, and one more settles after it.
    orders.slowness = 500;
    say(orders, 499);
    await sleep(50);
    say(inventory, 1);
    await sleep(50);
    say(orders, 1);
    await sleep(50);
    say(inventory, 500);
    await until(() => inventory.published.size > 0);
    say(inventory, 1);
    await until(() => orders.published.size === 500);
    await bus.drained();
    expect([orders.published.size, inventory.published.size]).toEqual([500, 502]);
  });

  it('brings a fact to every ear that hears it and to no other, then marks it', async () => {
    const [orders, inventory, carts] = [outbox('orders'), outbox('inventory'), outbox('carts')];
    const [deaf, first, second] = [listener('orders', []), listener('inventory', [A, B]), listener('carts', [B])];
    const bus = await start([
      [orders, deaf],
      [inventory, first],
      [carts, second],
    ]);
    const said = orders.say(fact(A, 'k'), fact(B, 'k'));
    bus.nudge('orders', said);
    await until(() => orders.published.size === 2);
    await bus.drained();
    expect(first.heard).toEqual(ids(said));
    expect(second.heard).toEqual([said[1]!.id]);
    expect(deaf.heard).toEqual([]);
  });
  it('marks what nobody hears', async () => {
    const orders = outbox('orders');
    const bus = await start([[orders, listener('orders', [])]]);
    bus.nudge('orders', orders.say(fact(A, 'k')));
    await until(() => orders.published.size === 1);
  });
  if (embedded) {
    it('does not mark while an ear has not settled', async () => {
      const orders = outbox('orders');
      const [quick, slow] = [listener('inventory', [A]), listener('carts', [A])];
      slow.hold();
      const bus = await start([
        [orders, quick],
        [outbox('carts'), slow],
      ]);
      bus.nudge('orders', orders.say(fact(A, 'k')));
      await until(() => quick.heard.length === 1);
      // Nobody hears this one, so its marking tells that whatever counts as heard by now is marked too.
      const [later] = orders.say(fact(B, 'other'));
      bus.nudge('orders', [later!]);
      await until(() => orders.published.has(later!.id));
      expect(orders.published.size).toBe(1);
      slow.letGo();
      await until(() => orders.published.size === 2);
    });
  }
  it('begins with what an earlier process left, and finds what nobody told it of', async () => {
    const orders = outbox('orders');
    const ear = listener('inventory', [A]);
    const left = orders.say(fact(A, 'k'), fact(A, 'k'));
    await start([[orders, ear]]);
    await until(() => orders.published.size === 2);
    const later = orders.say(fact(A, 'k'));
    await until(() => orders.published.size === 3);
    await until(() => ear.heard.length === 3);
    expect(ear.heard).toEqual(ids([...left, ...later]));
  });
  it('keeps the order of each key at each ear', async () => {
    const orders = outbox('orders');
    const [one, other] = [listener('inventory', [A, B]), listener('carts', [A, B])];
    const bus = await start([
      [orders, one],
      [outbox('carts'), other],
    ]);
    const said = Array.from({ length: 120 }, (_, n) => fact(n % 3 === 0 ? B : A, `key${n % 5}`));
    for (let at = 0; at < said.length; at += 7) bus.nudge('orders', orders.say(...said.slice(at, at + 7)));
    await until(() => orders.published.size === said.length);
    await bus.drained();
    for (const ear of [one, other]) {
      expect(ear.heard.toSorted()).toEqual(ids(said).toSorted());
      for (let key = 0; key < 5; key++) {
        const mine = ids(said.filter((fact) => fact.key === `key${key}`));
        expect(ear.heard.filter((id) => mine.includes(id))).toEqual(mine);
      }
    }
  });
  it('tries again after a failure; what follows under the key waits, other keys do not', async () => {
    const orders = outbox('orders');
    const [bad, behind, free] = [fact(A, 'bad'), fact(A, 'bad'), fact(A, 'free')];
    const ear = listener('inventory', [A], { fails: new Map([[bad.id, 3]]) });
    const bus = await start([[orders, ear]]);
    bus.nudge('orders', orders.say(bad, behind, free));
    await until(() => orders.published.size === 3);
    await bus.drained();
    expect(ear.heard.toSorted()).toEqual(ids([bad, behind, free]).toSorted());
    expect(ear.heard.indexOf(bad.id)).toBeLessThan(ear.heard.indexOf(behind.id));
    expect(ear.heard.indexOf(free.id)).toBeLessThan(ear.heard.indexOf(bad.id));
    expect(ear.parked).toEqual([]);
  });
  it('parks what fails five times, at that ear alone, and goes on behind it', async () => {
    const orders = outbox('orders');
    const [bad, behind] = [fact(A, 'k'), fact(A, 'k')];
    const ear = listener('inventory', [A], { fails: new Map([[bad.id, 99]]) });
    const healthy = listener('carts', [A]);
    const bus = await start([
      [orders, ear],
      [outbox('carts'), healthy],
    ]);
    bus.nudge('orders', orders.say(bad, behind));
    await until(() => orders.published.size === 2);
    await bus.drained();
    expect(ear.parked).toEqual([{ id: bad.id, tries: 5 }]);
    expect(ear.heard).toEqual([behind.id]);
    expect(healthy.heard).toEqual([bad.id, behind.id]);
  });
  it.each([
    { batches: [], many: 'one at a time' },
    { batches: [A], many: 'many at a time' },
  ])('waits for an ear whose database is away, however long, and parks nothing: $many', async ({ batches }) => {
    const orders = outbox('orders');
    const said = Array.from({ length: 5 }, (_, n) => fact(A, `key${n}`));
    const how = () => Object.assign(new Error('No space left on device'), { code: '53100' });
    const ear = listener('inventory', [A], { batches, how, fails: new Map(said.map(({ id }) => [id, 20])) });
    const bus = await start([[orders, ear]], () => orders.say(...said));
    await until(() => orders.published.size === said.length);
    await bus.drained();
    expect(ear.heard.toSorted()).toEqual(ids(said).toSorted());
    expect(ear.parked).toEqual([]);
  });
  it('brings many at a time where the ear takes them so, never two of one key or of two types', async () => {
    const orders = outbox('orders');
    const ear = listener('inventory', [A, B], { batches: [A] });
    ear.hold();
    const bus = await start([[orders, ear]]);
    const said = [
      ...Array.from({ length: 30 }, (_, n) => fact(A, `key${n}`)),
      ...Array.from({ length: 5 }, (_, n) => fact(A, `key${n}`)),
      ...Array.from({ length: 5 }, (_, n) => fact(B, `other${n}`)),
    ];
    bus.nudge('orders', orders.say(...said));
    await until(() => ear.begun > 0);
    ear.letGo();
    await until(() => orders.published.size === said.length);
    await bus.drained();
    expect(ear.heard.toSorted()).toEqual(ids(said).toSorted());
    expect(ear.deliveries.some((delivery) => delivery.length > 1)).toBe(true);
    const byId = new Map(said.map((one) => [one.id, one]));
    for (const delivery of ear.deliveries) {
      const facts = delivery.map((id) => byId.get(id)!);
      expect(new Set(facts.map((one) => one.type)).size).toBe(1);
      expect(new Set(facts.map((one) => one.key)).size).toBe(facts.length);
      if (facts[0]!.type === B) expect(facts.length).toBe(1);
    }
  });
  it('singles out the one of a batch that cannot be heard', async () => {
    const orders = outbox('orders');
    const said = Array.from({ length: 10 }, (_, n) => fact(A, `key${n}`));
    const ear = listener('inventory', [A], { batches: [A], fails: new Map([[said[4]!.id, 99]]) });
    const bus = await start([[orders, ear]], () => orders.say(...said));
    await until(() => orders.published.size === said.length);
    await bus.drained();
    expect(ear.parked.map((one) => one.id)).toEqual([said[4]!.id]);
    expect(ear.heard.toSorted()).toEqual(ids(said.filter((_, n) => n !== 4)).toSorted());
  });
  it('brings a fact again that it could not mark: at least once, never not at all', async () => {
    const orders = outbox('orders');
    const ear = listener('inventory', [A]);
    const bus = await start([[orders, ear]]);
    orders.failOnce = true;
    const [one] = orders.say(fact(A, 'k'));
    bus.nudge('orders', [one!]);
    await until(() => orders.published.size === 1);
    await bus.drained();
    expect(new Set(ear.heard)).toEqual(new Set([one!.id]));
    // A broker knows the fact by its id and keeps the second saying to itself.
    expect(ear.heard.length).toBe(embedded ? 2 : 1);
  });
  it('finishes what it is at when it stops, and begins nothing after', async () => {
    const orders = outbox('orders');
    const ear = listener('inventory', [A]);
    ear.hold();
    const bus = await start([[orders, ear]]);
    const said = orders.say(fact(A, 'k'), fact(A, 'k'));
    bus.nudge('orders', said);
    await until(() => ear.begun > 0);
    const stopped = bus.stop();
    ear.letGo();
    await stopped;
    bus.nudge('orders', orders.say(fact(A, 'other')));
    await sleep(30);
    expect(ear.heard).toEqual([said[0]!.id]);
  });
  it('refuses an ear for what nobody says', async () => {
    const bus = await open();
    running.push(bus);
    const ear = listener('inventory', ['orders.Nothing' as FactType]);
    expect(() => bus.attach(outbox('inventory').mouth, ear.ear)).toThrow('nobody says');
  });
});
