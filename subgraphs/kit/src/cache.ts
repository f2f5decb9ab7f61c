/** When something was looked for: what was evicted since is not put back. Null where nothing may be put. */
export type Mark = string | number | null;

/** A value that is true until one of the things its tags name changes, or its time is over. */
export interface Entry {
  readonly key: string;
  readonly tags: readonly string[];
  /** JSON. Whoever got it must not write into it. */
  readonly value: unknown;
  readonly ttlMs: number;
}

export interface Looked {
  readonly mark: Mark;
  /** In the order of the keys; undefined where nothing is known. */
  readonly found: readonly unknown[];
}

/**
 * Answers near at hand, found by key and forgotten by tag. A value whose reading began before an eviction of one of its tags is
 * never given to anybody after it. It may lose anything at any moment, and never fails: where it cannot be asked it knows nothing.
 */
export interface Cache {
  /** Marks this moment too: what is read from now on may be put with it. */
  look(keys: readonly string[]): Promise<Looked>;
  /** Answers how many were kept: whatever was evicted since the mark is not. */
  put(mark: Mark, entries: readonly Entry[]): Promise<number>;
  /** From when this resolves nobody who looks here is given what has one of these tags. */
  evict(tags: readonly string[]): Promise<void>;
  /** Begins a new epoch: everything known is void, and so is what is being read now. */
  forget(): Promise<void>;
  /** What this process keeps itself. */
  size(): { readonly entries: number; readonly bytes: number };
}

/** No value is kept for longer, whatever it says. */
export const MOST_TTL_MS = 3_600_000;

/** Evictions remembered one by one; with one more than these, everything is forgotten instead. */
export const MOST_EVICTED = 50_000;

export interface CacheBounds {
  readonly entries: number;
  readonly bytes: number;
}

export const defaultBounds: CacheBounds = { entries: 100_000, bytes: 64 * 1024 * 1024 };
