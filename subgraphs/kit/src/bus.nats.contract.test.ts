import { randomUUID } from 'node:crypto';
import { connect } from 'nats';
import { afterEach, describe, expect, it } from 'vitest';
import { natsBus } from './bus.nats.ts';
import { A, fact, listener, outbox } from './bus.testing.ts';
import type { Bus } from './bus.ts';
import { sleep } from './clock.ts';
import { createLog } from './log.ts';
import { counters } from './metrics.ts';
import { partitionOf } from './nats.messages.ts';
import { hasNats, startNats, type TestNats } from './nats.testing.ts';
import { inboxOf, NAMESPACE, openNats, streamOf, subjectOf } from './nats.ts';

const log = createLog('silent');

if (!hasNats) {
  it('NATS JetStream keeps its promises', (test) => {
    test.task.meta.absentServer = 'nats-server: install the package nats-server';
    test.skip('the server is not installed');
  });
} else {
  describe('the bus over NATS JetStream', () => {
    const servers: TestNats[] = [];
    const running: Bus[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((bus) => bus.stop()));
      await Promise.all(servers.splice(0).map((server) => server.stop()));
    });

    const serve = async (options: Parameters<typeof startNats>[0] = {}): Promise<TestNats> => {
      const server = await startNats(options);
      servers.push(server);
      return server;
    };
    /** A process of one house: its outbox and its ear on a connection of its own. */
    const run = async (
      url: string,
      box: ReturnType<typeof outbox>,
      ear: ReturnType<typeof listener>,
      more: { replicas?: number; watchEvery?: number; ackWait?: number } = {},
    ): Promise<Bus> => {
      const connection = await openNats({ url, house: box.mouth.house, log });
      const bus = natsBus({ connection, log, backoff: [1, 1, 1, 1], sweepEvery: 50, ...more });
      running.push(bus);
      bus.attach(box.mouth, ear.ear);
      await bus.start();
      return bus;
    };
    const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
      while (!(await condition())) await sleep(10);
    };
    const ids = (facts: readonly { id: string }[]) => facts.map((one) => one.id);

    it('keeps facts in the outbox while the broker is away, and carries them in order when it is back', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      await run(server.url(), orders, listener('orders', []));
      await run(server.url(), outbox('inventory'), ear);
      const before = orders.say(fact(A, 'k'));
      await until(() => ear.heard.length === 1);
      await server.kill();
      const during = orders.say(...Array.from({ length: 300 }, () => fact(A, 'k')));
      await sleep(300);
      expect(orders.published.size).toBe(1);
      await server.start();
      await until(() => new Set(ear.heard).size === 301);
      // The fact of before is told again, for a broker that died may have lost it; an inbox would know it.
      const heard = ear.heard.filter((id) => id !== before[0]!.id);
      expect(heard).toEqual(ids(during));
    });

    it('notices a broker whose store was wiped, and says again what not every ear had heard', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      await run(server.url(), orders, listener('orders', []));
      await run(server.url(), outbox('inventory'), ear);
      orders.say(fact(A, 'heard'));
      await until(() => ear.heard.length === 1);
      ear.hold();
      const unheard = orders.say(fact(A, 'a'), fact(A, 'b'), fact(A, 'c'));
      await until(() => orders.published.size === 4);
      await server.kill();
      await server.wipe();
      await server.start();
      ear.letGo();
      await until(() => unheard.every((one) => ear.heard.includes(one.id)));
      const later = orders.say(fact(A, 'later'));
      await until(() => ear.heard.includes(later[0]!.id));
    });

    it('says to a wiped broker only what was not yet heard by all, once it has noted how far that is', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      const bus = await run(server.url(), orders, listener('orders', []), { watchEvery: 50 });
      await run(server.url(), outbox('inventory'), ear);
      const old = orders.say(fact(A, 'old'));
      await until(() => ear.heard.length === 1);
      await until(async () => ((await orders.mouth.findBroker())?.heardUntil ?? null) !== null);
      await bus.stop();
      // As if it had happened an hour ago: beyond what the clocks of broker and database may differ.
      orders.published.set(old[0]!.id, new Date(Date.now() - 3_600_000));
      const [late] = orders.say(fact(A, 'late'));
      orders.published.set(late!.id, new Date());
      await server.kill();
      await server.wipe();
      await server.start();
      await run(server.url(), orders, listener('orders', []));
      await until(() => ear.heard.includes(late!.id));
      expect(ear.heard.filter((id) => id === old[0]!.id)).toHaveLength(1);
    });

    it('gives a partition to one process at a time, in order, however many the house has', async () => {
      const server = await serve();
      const orders = outbox('orders');
      const order: string[] = [];
      const one = listener('inventory', [A]);
      const two = listener('inventory', [A]);
      for (const ear of [one, two]) {
        const deliver = ear.ear.deliver;
        ear.ear.deliver = async (facts) => {
          await sleep(1);
          order.push(...facts.map((each) => each.id));
          return deliver(facts);
        };
      }
      await run(server.url(), orders, listener('orders', []));
      await run(server.url(), outbox('inventory'), one);
      await run(server.url(), outbox('inventory'), two);
      const said = Array.from({ length: 400 }, (_, n) => fact(A, `key${n % 20}`));
      for (let at = 0; at < said.length; at += 20) {
        orders.say(...said.slice(at, at + 20));
        await sleep(5);
      }
      await until(() => order.length >= said.length);
      expect(order.toSorted()).toEqual(ids(said).toSorted());
      for (let key = 0; key < 20; key++) {
        const own = ids(said.filter((each) => each.key === `key${key}`));
        expect(order.filter((id) => own.includes(id))).toEqual(own);
      }
      expect(one.heard.length).toBeGreaterThan(0);
      expect(two.heard.length).toBeGreaterThan(0);
    });

    it('lets a process look again at what is parked when another of its house may have heard in between, and only then', async () => {
      const server = await serve();
      const [orders, one, two] = [outbox('orders'), listener('inventory', [A]), listener('inventory', [A])];
      const looked: string[] = [];
      for (const [name, { ear }] of Object.entries({ one, two })) {
        Object.assign(ear, {
          refresh: async (facts: readonly { id: string }[]) => void looked.push(name, ...ids(facts)),
        });
      }
      await run(server.url(), orders, listener('orders', []));
      const first = await run(server.url(), outbox('inventory'), one);
      const [a, b] = [fact(A, 'k'), fact(A, 'k')];
      orders.say(a);
      await until(() => one.heard.length === 1);
      orders.say(b);
      await until(() => one.heard.length === 2);
      expect(looked).toEqual(['one', a.id]);
      await first.stop();
      await run(server.url(), outbox('inventory'), two);
      const [c] = orders.say(fact(A, 'k'));
      await until(() => two.heard.length === 1);
      expect(looked).toEqual(['one', a.id, 'two', c!.id]);
    });

    it('brings a fact to another process when the one that had it died', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      const ackWait = 1_000;
      const first = await run(server.url(), outbox('inventory'), ear, { ackWait });
      await run(server.url(), orders, listener('orders', []));
      const [before] = orders.say(fact(A, 'k'));
      await until(() => ear.heard.length === 1);
      await first.stop();
      // Takes the next fact and dies with it: no acknowledgement, no sign of life.
      const dying = await connect({ servers: server.url() });
      const consumer = await dying
        .jetstream()
        .consumers.get(streamOf(NAMESPACE, 'orders'), `inventory-${partitionOf('k')}`);
      const [said] = orders.say(fact(A, 'k'));
      const taken = await consumer.next({ expires: 20_000 });
      expect(taken?.string()).toContain(said!.id);
      await dying.close();
      await run(server.url(), outbox('inventory'), ear, { ackWait });
      await until(() => ear.heard.length === 2);
      expect(ear.heard).toEqual([before!.id, said!.id]);
    });

    it('drops what is no fact, says so, and goes on', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      await run(server.url(), orders, listener('orders', []));
      await run(server.url(), outbox('inventory'), ear);
      const dropped = () => counters().get('souk_bus_terminated_total') ?? 0;
      const before = dropped();
      const stranger = await connect({ servers: server.url() });
      const js = stranger.jetstream();
      for (const body of ['', 'null', '{"id":1}', '[{"id":"x"}]', '\u0000']) {
        await js.publish(subjectOf(NAMESPACE, 'orders', partitionOf('k')), body);
      }
      const said = orders.say(fact(A, 'k'));
      await until(() => ear.heard.length === 1);
      expect(ear.heard).toEqual(ids(said));
      expect(dropped() - before).toBe(5);
      await stranger.close();
    });

    it('measures how far an ear is behind', async () => {
      const server = await serve();
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      ear.hold();
      await run(server.url(), orders, listener('orders', []));
      await run(server.url(), outbox('inventory'), ear, { watchEvery: 50 });
      const pending = () => counters().get('souk_bus_pending_messages{ear="inventory",from="orders"}');
      orders.say(fact(A, 'k'));
      await until(() => orders.published.size === 1);
      orders.say(fact(A, 'k'));
      await until(() => pending() === 2);
      ear.letGo();
      await until(() => pending() === 0);
    });

    it('lets a house publish and keep its own facts only', async () => {
      const server = await serve({ users: ['orders', 'inventory'] });
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      await run(server.url('orders'), orders, listener('orders', []));
      await run(server.url('inventory'), outbox('inventory'), ear, { watchEvery: 50 });
      const said = orders.say(fact(A, 'k'));
      await until(() => ear.heard.length === 1);
      expect(ear.heard).toEqual(ids(said));

      const thief = await openNats({ url: server.url('inventory'), house: 'inventory', log });
      const js = thief.jetstream({ timeout: 1_000 });
      await expect(js.publish(subjectOf(NAMESPACE, 'orders', 0), '[]')).rejects.toThrow();
      const manager = await thief.jetstreamManager({ timeout: 1_000 });
      const stream = streamOf(NAMESPACE, 'orders');
      await expect(manager.streams.purge(stream)).rejects.toThrow();
      await expect(manager.streams.delete(stream)).rejects.toThrow();
      await expect(manager.consumers.delete(stream, 'inventory-0')).rejects.toThrow();
      await expect(
        manager.consumers.add(stream, { durable_name: `spy-${randomUUID()}`, filter_subject: `${NAMESPACE}.>` }),
      ).rejects.toThrow();
      const overheard: string[] = [];
      const spy = thief.subscribe(`${inboxOf('orders')}.>`, {
        callback: (refused, message) => void (refused ?? overheard.push(message.subject)),
      });
      orders.say(fact(A, 'k'));
      await until(() => ear.heard.length === 2);
      expect(overheard).toEqual([]);
      spy.unsubscribe();
      await thief.close();
    });

    it('goes on in a cluster of three when one node is killed, and loses nothing that was stored', async () => {
      const server = await serve({ nodes: 3 });
      const [orders, ear] = [outbox('orders'), listener('inventory', [A])];
      const more = { replicas: 3 };
      await run(server.url(), orders, listener('orders', []), more);
      await run(server.url(), outbox('inventory'), ear, more);
      const said = Array.from({ length: 200 }, (_, n) => fact(A, `key${n % 10}`));
      for (const [n, one] of said.entries()) {
        orders.say(one);
        if (n === 70) await server.kill(0);
        if (n === 140) await server.start(0);
        await sleep(5);
      }
      await until(() => said.every((one) => ear.heard.includes(one.id)));
      for (let key = 0; key < 10; key++) {
        const own = ids(said.filter((one) => one.key === `key${key}`));
        const first = [...new Set(ear.heard.filter((id) => own.includes(id)))];
        expect(first).toEqual(own);
      }
    }, 120_000);
  });

  describe('a NATS server that cannot be used is told in a sentence', () => {
    it.each([
      ['no address at all', 'nonsense', 'The address of the NATS server is not one.'],
      ['another protocol', 'http://localhost:4222', 'The address of the NATS server is not one.'],
      ['nobody there', 'nats://127.0.0.1:1', 'No NATS server answers at 127.0.0.1:1.'],
    ])('%s', async (_, url, message) => {
      await expect(openNats({ url, house: 'orders', log })).rejects.toMatchObject({ name: 'StartupError', message });
    });

    it('a wrong password', async () => {
      const server = await startNats({ users: ['orders'] });
      const url = server.url('orders').replace('secret-orders', 'wrong');
      const { host } = new URL(url);
      await expect(openNats({ url, house: 'orders', log })).rejects.toMatchObject({
        name: 'StartupError',
        message: `The NATS server at ${host} refuses this user name or password.`,
      });
      await server.stop();
    });
  });
}
