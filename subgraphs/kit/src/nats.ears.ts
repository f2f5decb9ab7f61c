import type { Fact } from '@souk/schema';
import type { JsMsg } from 'nats';
import type { Ear } from './bus.ts';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import { count } from './metrics.ts';
import { read } from './nats.messages.ts';
import { isOutage } from './outage.ts';
import type { Semaphore } from './semaphore.ts';

/** Between two tries while a broker or a database is away. */
export const OUTAGE_WAIT_MS = 1_000;

interface Hearing {
  readonly log: Log;
  readonly backoff: readonly number[];
  readonly ackWait: number;
  readonly signal: AbortSignal;
}

/** Hears messages for one ear: in order per key, tries again, parks, and acknowledges when all is settled. */
export function hearerOf(ear: Ear, slots: Semaphore, { log, backoff, ackWait, signal }: Hearing) {
  /** The number of each consumer's delivery that was heard here last. */
  const last = new Map<string, number>();

  /** Whether another process may have had a delivery in between: their numbers are the consumer's, whoever gets them. */
  function wasElsewhere({ info }: JsMsg): boolean {
    const consumer = `${info.stream}/${info.consumer}`;
    const before = last.get(consumer);
    last.set(consumer, info.deliverySequence);
    return before === undefined || info.deliverySequence !== before + 1;
  }

  async function hear(message: JsMsg): Promise<void> {
    const facts = read(message);
    if (!facts) {
      log.error(
        { house: ear.house, subject: message.subject, sequence: message.seq },
        'a message is no fact; it is dropped',
      );
      count('souk_bus_terminated_total');
      message.term();
      return;
    }
    // However long it takes, the broker gives the partition to nobody else meanwhile.
    const holding = setInterval(() => message.working(), ackWait / 3);
    try {
      const wanted = facts.filter((fact) => ear.hears.includes(fact.type));
      const elsewhere = wasElsewhere(message);
      if (elsewhere && wanted.length > 0) await lookAgain(wanted);
      if (await hearAll(wanted)) message.ack();
    } finally {
      clearInterval(holding);
    }
  }

  async function lookAgain(facts: readonly Fact[]): Promise<void> {
    while (!signal.aborted) {
      try {
        return await ear.refresh?.(facts);
      } catch (error) {
        log.warn({ house: ear.house, error }, 'an ear cannot reach its database; facts wait');
        await sleep(OUTAGE_WAIT_MS, signal);
      }
    }
  }

  /** Delivers in order per key. False where a stop came first: what is left comes again to the next process. */
  async function hearAll(facts: readonly Fact[]): Promise<boolean> {
    let left: readonly Fact[] = facts;
    const tries = new Map<string, number>();
    while (left.length > 0) {
      const waiting: Fact[] = [];
      const keys = new Set<string>();
      let wait = 0;
      let rest = left;
      while (rest.length > 0) {
        if (signal.aborted) return false;
        const [batch, after] = nextBatch(ear, rest, tries);
        rest = after;
        if (batch.some((fact) => keys.has(fact.key))) {
          for (const fact of batch) keys.add(fact.key);
          waiting.push(...batch);
          continue;
        }
        const failed = await slots(() => deliver(batch, tries));
        for (const { fact, waitMs } of failed) {
          waiting.push(fact);
          keys.add(fact.key);
          wait = Math.max(wait, waitMs);
        }
      }
      left = waiting;
      if (left.length > 0) await sleep(wait, signal);
    }
    return true;
  }

  /** What could not be delivered and how long it waits; what failed too often is parked and done with. */
  async function deliver(
    batch: readonly Fact[],
    tries: Map<string, number>,
  ): Promise<readonly { fact: Fact; waitMs: number }[]> {
    try {
      await ear.deliver(batch);
      return [];
    } catch (error) {
      count('souk_ear_failures_total');
      if (isOutage(error)) {
        log.warn({ house: ear.house, facts: batch.length, error }, 'an ear cannot reach its database; facts wait');
        const waitMs = Math.min(OUTAGE_WAIT_MS, backoff.at(-1) ?? OUTAGE_WAIT_MS);
        return batch.map((fact) => ({ fact, waitMs }));
      }
      if (batch.length > 1) {
        // One of them is at fault: each goes alone from now on.
        for (const fact of batch) tries.set(fact.id, 1);
        return batch.map((fact) => ({ fact, waitMs: 0 }));
      }
      return failed(batch[0]!, tries, error);
    }
  }

  async function failed(
    fact: Fact,
    tries: Map<string, number>,
    error: unknown,
  ): Promise<readonly { fact: Fact; waitMs: number }[]> {
    const tried = (tries.get(fact.id) ?? 0) + 1;
    tries.set(fact.id, tried);
    log.warn({ house: ear.house, fact: fact.type, id: fact.id, tries: tried, error }, 'an ear failed to hear a fact');
    const waitMs = backoff[tried - 1];
    if (waitMs !== undefined) return [{ fact, waitMs }];
    try {
      await ear.park(fact, tried, error);
      count('souk_dead_letters_total');
      return [];
    } catch (parkError) {
      log.error({ house: ear.house, id: fact.id, error: parkError }, 'could not park a fact; it stays in line');
      return [{ fact, waitMs: OUTAGE_WAIT_MS }];
    }
  }

  return hear;
}

/** The first fact, joined by those that follow it directly where the ear takes their type many at a time. */
function nextBatch(
  ear: Ear,
  facts: readonly Fact[],
  tries: ReadonlyMap<string, number>,
): [batch: readonly Fact[], rest: readonly Fact[]] {
  const [first] = facts as [Fact];
  if (!ear.batches.includes(first.type) || tries.has(first.id)) return [[first], facts.slice(1)];
  const keys = new Set<string>();
  let at = 0;
  for (const fact of facts) {
    if (fact.type !== first.type || keys.has(fact.key) || tries.has(fact.id)) break;
    keys.add(fact.key);
    at += 1;
  }
  return [facts.slice(0, at), facts.slice(at)];
}
