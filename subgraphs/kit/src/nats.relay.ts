import {
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
  nanos,
  RetentionPolicy,
  StorageType,
} from 'nats';
import type { Mouth } from './bus.ts';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import { OUTAGE_WAIT_MS } from './nats.ears.ts';
import { messagesOf, partitionOf } from './nats.messages.ts';
import { streamOf, subjectOf } from './nats.ts';
import type { StoredFact } from './tx.ts';

const READ_AT_ONCE = 2_000;
const KEEP_DAYS = 7;
const DEDUPE_MINUTES = 2;
/** A broker says "stored" before its disk does: what it was told in this time before it started anew is told again. */
const FSYNC_MARGIN_SECONDS = 300;
/** The broker's clock against the database's. */
const CLOCK_MARGIN_MS = 600_000;

interface RelayOptions {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly managing: Promise<JetStreamManager>;
  readonly log: Log;
  readonly namespace: string;
  readonly replicas: number;
  /** How often the outbox is read for what nobody nudged, ms. */
  readonly sweepEvery: number;
  readonly signal: AbortSignal;
}

/** Carries one house's outbox to its stream. */
export interface Relay {
  /** Makes or finds the stream, and takes back marks where the broker has forgotten. */
  open(): Promise<void>;
  /** Carries until the signal; never throws. */
  run(): Promise<void>;
  wake(): void;
  /** Remembers up to when every ear has heard this house, so that a wiped broker need not be told everything. */
  noteHeard(): Promise<void>;
  readonly idle: boolean;
}

/** In order per key: a partition's messages go one after the other, and one that fails keeps what follows back. */
export function relayOf(mouth: Mouth, options: RelayOptions): Relay {
  const { connection, js, managing, log, namespace, replicas, sweepEvery, signal } = options;
  const stream = streamOf(namespace, mouth.house);
  let woken = true;
  let busy = true;
  let wake: () => void = () => undefined;
  let reachable = false;

  async function open(): Promise<void> {
    const manager = await managing;
    const found = await manager.streams.info(stream).catch(notFound);
    const made =
      found === undefined
        ? await manager.streams.add({
            name: stream,
            subjects: [subjectOf(namespace, mouth.house, '*')],
            retention: RetentionPolicy.Limits,
            discard: DiscardPolicy.Old,
            storage: StorageType.File,
            max_age: nanos(KEEP_DAYS * 86_400_000),
            duplicate_window: nanos(DEDUPE_MINUTES * 60_000),
            num_replicas: replicas,
          })
        : found.config.num_replicas === replicas
          ? found
          : await manager.streams.update(stream, { ...found.config, num_replicas: replicas });
    await takeBack(made.created);
    reachable = true;
  }

  /** What the broker may have forgotten since it was last looked at goes into the outbox again. */
  async function takeBack(madeAt: string): Promise<void> {
    const serverId = connection.info!.server_id;
    const known = await mouth.findBroker();
    if (known?.madeAt === madeAt && known.serverId === serverId) return;
    if (known) {
      const wiped = known.madeAt !== madeAt;
      const since = known.heardUntil && new Date(known.heardUntil.getTime() - CLOCK_MARGIN_MS);
      const facts = await mouth.unmark(wiped ? since : { lastSeconds: FSYNC_MARGIN_SECONDS });
      const told = wiped
        ? 'the broker lost its store: facts are said again'
        : 'the broker is another: late facts are said again';
      log.warn({ house: mouth.house, facts }, told);
    }
    await mouth.saveBroker({ madeAt, serverId, heardUntil: known?.heardUntil ?? null });
  }

  async function carry(): Promise<void> {
    if (!reachable) await open();
    for (;;) {
      const facts = await mouth.listUnpublished(READ_AT_ONCE);
      if (facts.length === 0 || signal.aborted) return;
      const { stored, failure } = await publish(facts);
      if (stored.length > 0) await mouth.markPublished(stored);
      if (failure) throw failure;
    }
  }

  async function publish(facts: readonly StoredFact[]): Promise<{ stored: string[]; failure: unknown }> {
    const stored: string[] = [];
    let failure: unknown;
    await Promise.all(
      [...Map.groupBy(facts, (fact) => partitionOf(fact.key))].map(async ([partition, own]) => {
        try {
          for (const message of messagesOf(own)) {
            await js.publish(subjectOf(namespace, mouth.house, partition), message.body, {
              msgID: message.id,
              expect: { streamName: stream },
              timeout: 5_000,
            });
            stored.push(...message.facts);
          }
        } catch (error) {
          failure ??= error;
        }
      }),
    );
    return { stored, failure };
  }

  async function lookAgainAfterLoss(): Promise<void> {
    for await (const { type } of connection.status()) {
      if (signal.aborted) return;
      if (type !== 'reconnect') continue;
      reachable = false;
      woken = true;
      wake();
    }
  }

  return {
    open,
    async run() {
      void lookAgainAfterLoss();
      while (!signal.aborted) {
        woken = false;
        try {
          await carry();
          busy = woken;
          const asked = new Promise<void>((resolve) => {
            wake = resolve;
          });
          if (!woken) await Promise.race([sleep(sweepEvery, signal), asked]);
          busy = true;
        } catch (error) {
          if (signal.aborted) return;
          // Whatever it was, the stream may be another one when it is over.
          reachable = false;
          log.warn({ house: mouth.house, error }, 'facts cannot be carried and wait in the outbox');
          await sleep(OUTAGE_WAIT_MS, signal);
        }
      }
    },
    wake() {
      woken = true;
      busy = true;
      wake();
    },
    async noteHeard() {
      const known = await mouth.findBroker();
      if (!known) return;
      const manager = await managing;
      const { state } = await manager.streams.info(stream);
      let floor = state.last_seq;
      for await (const { num_pending, num_ack_pending, ack_floor } of manager.consumers.list(stream)) {
        if (num_pending + num_ack_pending > 0) floor = Math.min(floor, ack_floor.stream_seq);
      }
      if (floor === 0 || floor < state.first_seq) return;
      const { time } = await manager.streams.getMessage(stream, { seq: floor });
      await mouth.saveBroker({ ...known, heardUntil: time });
    },
    get idle() {
      return !busy;
    },
  };
}

/** Undefined for what the server does not have; other errors go on. */
export const notFound = (error: unknown): undefined => {
  const code = (error as { api_error?: { code?: number } } | null)?.api_error?.code;
  if (code === 404) return undefined;
  throw error;
};
