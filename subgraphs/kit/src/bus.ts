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
}

/** One house's outbox as the bus sees it. */
export interface Mouth {
  readonly house: string;
  /** Facts not yet carried, oldest first. */
  listUnpublished(limit: number): Promise<StoredFact[]>;
  markPublished(ids: readonly string[]): Promise<void>;
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
