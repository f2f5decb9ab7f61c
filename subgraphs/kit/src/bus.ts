import type { Fact } from '@souk/schema';
import type { StoredFact } from './tx.ts';

/** What became of a fact at one ear: its effect is committed, or it is parked as a dead letter. Either way it is settled. */
export type Settled = 'HEARD' | 'PARKED';

/** One house as the bus sees it. */
export interface Ear {
  readonly house: string;
  /** Fact types it hears. */
  readonly hears: readonly string[];
  /** Fact types whose deliveries it takes many at a time. */
  readonly batches: readonly string[];
  /**
   * Delivers facts of one type in one transaction, once each however often it is called. Throws where the effect could
   * not be committed; the bus tries again and at last calls `park`.
   */
  deliver(facts: readonly Fact[]): Promise<Settled>;
  /** Sets a fact aside as a dead letter; later facts of its key follow it. */
  park(fact: Fact, tries: number, error: unknown): Promise<void>;
  /** Told before facts are delivered where another process of the house may have heard of their keys since this one did. */
  refresh?(facts: readonly Fact[]): Promise<void>;
}

/** One house's outbox as the bus sees it. */
export interface Mouth {
  readonly house: string;
  /** Facts not yet carried, oldest first. */
  listUnpublished(limit: number): Promise<StoredFact[]>;
  markPublished(ids: readonly string[]): Promise<void>;
  /**
   * Takes the marks off what was published since a time, in the last seconds, or ever since facts are kept, so that it is
   * carried again; returns how many. Inboxes make the repetition harmless.
   */
  unmark(since: Date | { readonly lastSeconds: number } | null): Promise<number>;
  /** What was last known of the broker's store; undefined before the first time. */
  findBroker(): Promise<BrokerState | undefined>;
  saveBroker(state: BrokerState): Promise<void>;
}

/** What tells a broker that kept everything from one that forgot. */
export interface BrokerState {
  /** When the broker made the stream: another time is another, empty store. */
  readonly madeAt: string;
  /** Changes with every start of the broker. */
  readonly serverId: string;
  /** Whatever was published before it, every ear has settled. */
  readonly heardUntil: Date | null;
}

/** Carries committed facts from outboxes to ears, at least once, in order per key. */
export interface Bus {
  attach(mouth: Mouth, ear: Ear): void;
  /** Starts carrying; what an earlier process left in the outboxes comes first. */
  start(): Promise<void>;
  /** Facts that were committed just now. */
  nudge(house: string, facts: readonly StoredFact[]): void;
  /** Resolves when nothing is under way, for tests and for a graceful stop. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}
