import { type FactType, facts as registry } from '@souk/schema';
import { AckPolicy, type ConsumerMessages, type NatsConnection, nanos, ReplayPolicy } from 'nats';
import type { Bus, Ear } from './bus.ts';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import { gauge } from './metrics.ts';
import { hearerOf, OUTAGE_WAIT_MS } from './nats.ears.ts';
import { notFound, type Relay, relayOf } from './nats.relay.ts';
import { durableOf, NAMESPACE, PARTITIONS, streamOf, subjectOf } from './nats.ts';
import { semaphore } from './semaphore.ts';

export interface NatsBusOptions {
  readonly connection: NatsConnection;
  readonly log: Log;
  /** Waits between tries of one fact, ms; after the last it is parked. */
  readonly backoff?: readonly number[];
  /** How often the outbox is read for what nobody nudged, ms. */
  readonly sweepEvery?: number;
  /** Deliveries one ear has under way at a time. */
  readonly concurrency?: number;
  readonly namespace?: string;
  /** Copies of each stream: 1, or 3 in a cluster. */
  readonly replicas?: number;
  /** How long the broker waits for a sign of life before it gives a message to another process, ms. */
  readonly ackWait?: number;
  /** How often backlogs are measured and heard facts noted, ms. */
  readonly watchEvery?: number;
}

const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const speakersOf = (ear: Ear): readonly string[] => [...new Set(ear.hears.map((type) => type.split('.')[0]!))];

/**
 * The bus over NATS JetStream. PostgreSQL is the truth: a relay publishes each outbox to its house's stream, in order per key,
 * and marks what the broker has stored; inboxes make repetition harmless. A broker that lost its store, or its last moments, is
 * noticed and told again. Each ear pulls every partition with a durable consumer that has one message in flight, however many
 * processes the house has.
 */
export function natsBus({
  connection,
  log,
  backoff = [100, 500, 2_000, 10_000],
  sweepEvery = 5_000,
  concurrency = 4,
  namespace = NAMESPACE,
  replicas = 1,
  ackWait = 10_000,
  watchEvery = 15_000,
}: NatsBusOptions): Bus {
  const js = connection.jetstream({ timeout: 5_000 });
  // Without asking first whether JetStream is there, which each call would do again: the connection was checked.
  const managing = connection.jetstreamManager({ timeout: 5_000, checkAPI: false });
  const relays = new Map<string, Relay>();
  const ears: Ear[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const running: Promise<void>[] = [];
  const listeners = new Set<ConsumerMessages>();
  /** Speakers that cannot be heard just now: told once, not for each partition. */
  const waiting = new Set<string>();
  /** Messages being heard; a stop waits for them. */
  let hearing = 0;

  function listen(ear: Ear): void {
    const hear = hearerOf(ear, semaphore(concurrency), { log, backoff, ackWait, signal });
    for (const speaker of speakersOf(ear)) {
      for (const partition of partitions) running.push(pull(ear.house, speaker, partition, hear));
    }
  }

  async function pull(
    house: string,
    speaker: string,
    partition: number,
    hear: ReturnType<typeof hearerOf>,
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        const messages = await consume(house, speaker, partition);
        waiting.delete(speaker);
        listeners.add(messages);
        try {
          for await (const message of messages) {
            if (signal.aborted) break;
            hearing += 1;
            await hear(message).finally(() => {
              hearing -= 1;
            });
          }
        } finally {
          listeners.delete(messages);
        }
      } catch (error) {
        if (signal.aborted) return;
        // At a first start a house can be there before those it listens to.
        if (!waiting.has(speaker)) log.warn({ house, from: speaker, error }, 'an ear waits for the facts of a house');
        waiting.add(speaker);
        await sleep(OUTAGE_WAIT_MS, signal);
      }
    }
  }

  async function consume(house: string, speaker: string, partition: number): Promise<ConsumerMessages> {
    const stream = streamOf(namespace, speaker);
    const durable = durableOf(house, partition);
    await (await managing).consumers.add(stream, {
      durable_name: durable,
      filter_subject: subjectOf(namespace, speaker, partition),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWait),
      max_ack_pending: 1,
      max_deliver: -1,
      replay_policy: ReplayPolicy.Instant,
    });
    const consumer = await js.consumers.get(stream, durable);
    return consumer.consume({
      max_messages: 1,
      expires: 20_000,
      idle_heartbeat: 5_000,
      abort_on_missing_resource: true,
    });
  }

  /** What an ear had asked of the broker is gone with the connection: it asks again. */
  async function askAgainAfterLoss(): Promise<void> {
    for await (const { type } of connection.status()) {
      if (signal.aborted) return;
      if (type === 'reconnect') for (const messages of listeners) messages.stop();
    }
  }

  async function watchForever(): Promise<void> {
    for (;;) {
      await sleep(watchEvery, signal);
      if (signal.aborted) return;
      for (const work of [...[...relays.values()].map((relay) => relay.noteHeard), measure]) {
        await work().catch((error) => log.debug({ error }, 'the backlog could not be measured'));
      }
    }
  }

  /** Messages of a speaker that an ear has not settled; undefined where the ear has no consumer yet. */
  async function pendingOf(ear: Ear, speaker: string): Promise<number | undefined> {
    let pending = 0;
    for (const partition of partitions) {
      const info = await (await managing).consumers
        .info(streamOf(namespace, speaker), durableOf(ear.house, partition))
        .catch(notFound);
      if (!info) return undefined;
      pending += info.num_pending + info.num_ack_pending;
    }
    return pending;
  }

  async function measure(): Promise<void> {
    for (const ear of ears) {
      for (const speaker of speakersOf(ear)) {
        const pending = await pendingOf(ear, speaker);
        if (pending !== undefined) gauge(`souk_bus_pending_messages{ear="${ear.house}",from="${speaker}"}`, pending);
      }
    }
  }

  async function isDrained(): Promise<boolean> {
    if ([...relays.values()].some((relay) => !relay.idle) || hearing > 0) return false;
    for (const ear of ears) {
      for (const speaker of speakersOf(ear)) {
        const pending = await pendingOf(ear, speaker);
        if (pending) return false;
        // A house that was never there has said nothing.
        if (
          pending === undefined &&
          (await (await managing).streams.info(streamOf(namespace, speaker)).catch(notFound))
        ) {
          return false;
        }
      }
    }
    return true;
  }

  return {
    attach(mouth, ear) {
      for (const type of ear.hears) {
        if (!registry[type as FactType]) throw new Error(`${ear.house} hears ${type}, which nobody says`);
      }
      relays.set(
        mouth.house,
        relayOf(mouth, { connection, js, managing, log, namespace, replicas, sweepEvery, signal }),
      );
      ears.push(ear);
    },
    async start() {
      for (const relay of relays.values()) await relay.open();
      for (const relay of relays.values()) running.push(relay.run());
      for (const ear of ears) listen(ear);
      void askAgainAfterLoss();
      running.push(watchForever());
    },
    nudge(house) {
      relays.get(house)?.wake();
    },
    async drained() {
      for (let still = 0; still < 2 && !signal.aborted; ) {
        still = (await isDrained()) ? still + 1 : 0;
        await sleep(5, signal);
      }
    },
    async stop() {
      stopping.abort();
      for (const messages of listeners) messages.stop();
      while (hearing > 0) await sleep(5);
      await connection.close();
      await Promise.allSettled(running);
    },
  };
}
