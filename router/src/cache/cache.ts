import type { Cache, Entry, Looked, Mark } from '@souk/kit';
import { withLists } from './policy.ts';

/** What became of what was looked for; since the process began. */
export interface CacheCounters {
  readonly hits: number;
  readonly misses: number;
  /** Values that were put in. */
  readonly fills: number;
  /** Values that were not, for what they show was evicted, or its time was over, while they were fetched. */
  readonly discarded: number;
  /** Tags that commits evicted. */
  readonly evictions: number;
  /** How often everything was forgotten. */
  readonly epochs: number;
  /** What this process keeps in its own memory. */
  readonly entries: number;
  readonly bytes: number;
}

/** The entity cache of a router: what public fetches brought, until a commit evicts it. */
export interface EntityCache {
  look(keys: readonly string[]): Promise<Looked>;
  /** Nobody waits for it. */
  put(mark: Mark, entries: readonly Entry[]): void;
  /** Tags as houses say them. From when it resolves nobody here is given what they changed. */
  evict(tags: readonly string[]): Promise<void>;
  /** Everything, and whatever is being fetched. */
  forget(): Promise<void>;
  /** Evictions may be missed from now on: nothing is given or kept until `rejoin`. */
  leave(): void;
  rejoin(): Promise<void>;
  counters(): CacheCounters;
}

export function entityCache(store: Cache): EntityCache {
  let [hits, misses, fills, discarded, evictions, epochs] = [0, 0, 0, 0, 0, 0];
  let apart = false;

  const forget = async (): Promise<void> => {
    epochs += 1;
    await store.forget();
  };

  return {
    async look(keys) {
      const looked = apart ? undefined : await store.look(keys);
      // It may have been left while the store was asked.
      const { mark, found } = looked && !apart ? looked : { mark: null, found: keys.map(() => undefined) };
      for (const value of found) {
        if (value === undefined) misses += 1;
        else hits += 1;
      }
      return { mark, found };
    },
    put(mark, entries) {
      if (mark === null || apart) {
        discarded += entries.length;
        return;
      }
      void store.put(mark, entries).then((kept) => {
        fills += kept;
        discarded += entries.length - kept;
      });
    },
    async evict(tags) {
      evictions += tags.length;
      await store.evict(withLists(tags));
    },
    forget,
    leave() {
      apart = true;
    },
    async rejoin() {
      await forget();
      apart = false;
    },
    counters: () => ({ hits, misses, fills, discarded, evictions, epochs, ...store.size() }),
  };
}
