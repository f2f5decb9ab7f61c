import { type FactType, facts as registry } from '@souk/schema';
import type { Bus, Ear, Mouth } from './bus.ts';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import { count } from './metrics.ts';
import { isOutage } from './outage.ts';
import type { StoredFact } from './tx.ts';

interface Delivery {
  readonly fact: StoredFact;
  readonly house: string;
  tries: number;
}

interface Options {
  readonly log: Log;
  /** Waits between tries of one fact, ms; after the last it is parked. */
  readonly backoff?: readonly number[];
  /** How often the outboxes are read for what nobody nudged, ms. */
  readonly sweepEvery?: number;
  /** Transactions one ear runs at a time. */
  readonly concurrency?: number;
}

const BATCH = 100;
const SWEPT = 500;
/** A backlog stays in its tables; memory holds so much of it. */
const MOST_UNDER_WAY = 2_000;
/** Marking late costs nothing but another delivery after a crash, and many facts share one statement. */
const MARK_AFTER_MS = 1_000;
const MARK_AT_ONCE = 500;
/** Between two tries while a database is away. */
const OUTAGE_WAIT_MS = 1_000;

/**
 * The bus of one process: delivered from the outbox tables. A fact is marked published when every ear has committed an
 * inbox row or a dead letter, so a crash anywhere leads to another delivery, which the inbox makes harmless.
 */
export function embeddedBus({
  log,
  backoff = [100, 500, 2_000, 10_000],
  sweepEvery = 5_000,
  concurrency = 3,
}: Options): Bus {
  const mouths = new Map<string, Mouth>();
  const ears = new Map<string, Lane>();
  /** Ears still to settle, by fact id. */
  const underWay = new Map<string, { house: string; left: number }>();
  const carried = new Map<string, string[]>();
  const waiters: (() => void)[] = [];
  const stopping = new AbortController();
  let started = false;
  let marking: Promise<void> | undefined;
  /** Ends the wait of the marking under way. */
  let hurry = new AbortController();
  /** Facts that some ear has still to settle. */
  let unheard = 0;
  let sweeping: Promise<void> = Promise.resolve();

  const earsOf = (type: string): Lane[] => [...ears.values()].filter((lane) => lane.ear.hears.includes(type));

  function settled(fact: StoredFact): void {
    const open = underWay.get(fact.id);
    if (!open) return;
    open.left -= 1;
    if (open.left > 0) return;
    unheard -= 1;
    const list = carried.get(open.house) ?? [];
    list.push(fact.id);
    carried.set(open.house, list);
    marking ??= mark();
    if (list.length >= MARK_AT_ONCE) hurry.abort();
    hastenForWaiters();
  }

  /** Whoever waits for silence waits for the marks too, but not for their time: once all is heard they are made at once. */
  function hastenForWaiters(): void {
    if (waiters.length > 0 && unheard === 0) hurry.abort();
  }

  function takeCarried(): [string, string[]] | undefined {
    const [entry] = carried;
    if (entry) carried.delete(entry[0]);
    return entry;
  }

  /** Marks in batches: one statement a house for all that settled meanwhile. */
  async function mark(): Promise<void> {
    hurry = new AbortController();
    await sleep(MARK_AFTER_MS, AbortSignal.any([stopping.signal, hurry.signal]));
    marking = undefined;
    // Another marking may run beside this one: each list is taken by whoever removes it, never from a copy of the map.
    for (let taken = takeCarried(); taken; taken = takeCarried()) {
      const [house, ids] = taken;
      try {
        await mouths.get(house)!.markPublished(ids);
        for (const id of ids) underWay.delete(id);
      } catch (error) {
        // The facts stay unpublished in the table; forgetting them here lets the next sweep bring them again.
        for (const id of ids) underWay.delete(id);
        log.warn({ house, error }, 'could not mark facts as published; they will be swept');
      }
    }
    wake();
  }

  function take(house: string, facts: readonly StoredFact[]): void {
    for (const fact of facts) {
      if (underWay.has(fact.id)) continue;
      const lanes = earsOf(fact.type);
      underWay.set(fact.id, { house, left: Math.max(lanes.length, 1) });
      unheard += 1;
      if (lanes.length === 0) settled(fact);
      for (const lane of lanes) lane.add({ fact, house, tries: 0 });
    }
  }

  /** `whole` waits for room until nothing is left; else true says that something is. */
  async function sweep(whole: boolean): Promise<boolean> {
    for (const mouth of mouths.values()) {
      for (;;) {
        // One more than is taken tells whether there are more.
        const facts = await mouth.listUnpublished(SWEPT + 1 + underWay.size);
        const fresh = facts.filter((fact) => !underWay.has(fact.id));
        take(mouth.house, fresh.slice(0, SWEPT));
        if (fresh.length <= SWEPT) break;
        if (underWay.size > MOST_UNDER_WAY && !whole) return true;
        while (underWay.size > MOST_UNDER_WAY && !stopping.signal.aborted) await sleep(20, stopping.signal);
      }
    }
    return false;
  }

  async function sweepForever(isMoreLeft: boolean): Promise<void> {
    for (let wait = isMoreLeft ? 0 : sweepEvery; !stopping.signal.aborted; wait = sweepEvery) {
      if (wait > 0) await sleep(wait, stopping.signal);
      if (stopping.signal.aborted) return;
      await sweep(true).catch((error) => log.warn({ error }, 'the sweep of the outboxes failed and will run again'));
    }
  }

  const idle = () => underWay.size === 0;
  const wake = () => {
    if (idle()) for (const resolve of waiters.splice(0)) resolve();
  };

  /** One ear's queues: per key in order, several keys at a time. */
  class Lane {
    private readonly queues = new Map<string, Delivery[]>();
    private readonly ready: string[] = [];
    private readonly underDelivery = new Set<string>();
    private running = 0;
    readonly ear: Ear;
    constructor(ear: Ear) {
      this.ear = ear;
    }

    add(delivery: Delivery): void {
      const key = delivery.fact.key;
      const queue = this.queues.get(key);
      if (!queue) {
        this.queues.set(key, [delivery]);
        this.ready.push(key);
        this.pump();
        return;
      }
      // A swept fact can be older than a nudged one: nobody nudges what a commit did whose answer was lost. It goes before
      // even a head that failed without it and waits for its next try; one that is being delivered stays.
      const first = this.underDelivery.has(key) ? 1 : 0;
      let at = queue.length;
      while (at > first && queue[at - 1]!.house === delivery.house && queue[at - 1]!.fact.seq > delivery.fact.seq)
        at -= 1;
      queue.splice(at, 0, delivery);
    }

    private pump(): void {
      while (started && !stopping.signal.aborted && this.running < concurrency && this.ready.length > 0) {
        const batch = this.nextBatch();
        this.running += 1;
        for (const { fact } of batch) this.underDelivery.add(fact.key);
        void this.run(batch).finally(() => {
          this.running -= 1;
          for (const { fact } of batch) this.underDelivery.delete(fact.key);
          this.pump();
        });
      }
    }

    begin(): void {
      this.pump();
    }

    /** The head of one key, joined by the heads of other keys where the ear takes that type many at a time. */
    private nextBatch(): Delivery[] {
      const first = this.queues.get(this.ready.shift()!)![0]!;
      const batch = [first];
      if (!this.ear.batches.includes(first.fact.type)) return batch;
      const rest: string[] = [];
      while (batch.length < BATCH && this.ready.length > 0) {
        const key = this.ready.shift()!;
        const head = this.queues.get(key)![0]!;
        if (head.fact.type === first.fact.type && head.tries === 0) batch.push(head);
        else rest.push(key);
      }
      this.ready.unshift(...rest);
      return batch;
    }

    private async run(batch: Delivery[]): Promise<void> {
      try {
        await this.ear.deliver(batch.map((delivery) => delivery.fact));
        for (const delivery of batch) this.done(delivery);
      } catch (error) {
        count('souk_ear_failures_total');
        if (isOutage(error)) return this.later(batch, error);
        if (batch.length > 1) {
          // One of them is at fault: each goes alone from now on.
          for (const delivery of batch) {
            delivery.tries = 1;
            this.ready.push(delivery.fact.key);
          }
          return;
        }
        await this.failed(batch[0]!, error);
      }
    }

    /** An ear whose database is away has tried nothing: the facts wait for it, however long, and are never parked. */
    private later(batch: readonly Delivery[], error: unknown): void {
      log.warn({ house: this.ear.house, facts: batch.length, error }, 'an ear cannot reach its database; facts wait');
      void sleep(Math.min(OUTAGE_WAIT_MS, backoff.at(-1) ?? OUTAGE_WAIT_MS), stopping.signal).then(() => {
        this.ready.push(...batch.map(({ fact }) => fact.key));
        this.pump();
      });
    }

    private async failed(delivery: Delivery, error: unknown): Promise<void> {
      const { fact } = delivery;
      delivery.tries += 1;
      log.warn(
        { house: this.ear.house, fact: fact.type, id: fact.id, tries: delivery.tries, error },
        'an ear failed to hear a fact',
      );
      const wait = backoff[delivery.tries - 1];
      if (wait === undefined) {
        try {
          await this.ear.park(fact, delivery.tries, error);
          count('souk_dead_letters_total');
          this.done(delivery);
          return;
        } catch (parkError) {
          log.error(
            { house: this.ear.house, id: fact.id, error: parkError },
            'could not park a fact; it stays in line',
          );
        }
      }
      // The key waits, the lane does not.
      void sleep(wait ?? 5_000, stopping.signal).then(() => {
        this.ready.push(fact.key);
        this.pump();
      });
    }

    private done(delivery: Delivery): void {
      const { key } = delivery.fact;
      const queue = this.queues.get(key)!;
      queue.shift();
      if (queue.length === 0) this.queues.delete(key);
      else this.ready.push(key);
      settled(delivery.fact);
    }

    get busy(): boolean {
      return this.running > 0;
    }
  }

  return {
    attach(mouth, ear) {
      mouths.set(mouth.house, mouth);
      ears.set(ear.house, new Lane(ear));
      for (const type of ear.hears) {
        if (!registry[type as FactType]) throw new Error(`${ear.house} hears ${type}, which nobody says`);
      }
    },
    async start() {
      const isMoreLeft = await sweep(false);
      started = true;
      for (const lane of ears.values()) lane.begin();
      sweeping = sweepForever(isMoreLeft);
    },
    nudge(house, facts) {
      if (started && !stopping.signal.aborted) take(house, facts);
    },
    async drained() {
      if (idle()) return;
      const empty = new Promise<void>((resolve) => waiters.push(resolve));
      hastenForWaiters();
      await empty;
    },
    async stop() {
      stopping.abort();
      await sweeping;
      while ([...ears.values()].some((lane) => lane.busy)) await sleep(5);
      await marking;
      for (const resolve of waiters.splice(0)) resolve();
    },
  };
}
