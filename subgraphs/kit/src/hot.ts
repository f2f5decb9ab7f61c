/** A durable thing as it was at a version, which rises with each of its changes. */
export interface Copy<T> {
  /** Which thing: where another takes its place under the same key, versions say nothing. */
  readonly id: string;
  readonly version: number;
  readonly value: T;
}

/**
 * Copies of durable things near at hand, that are never older than what anybody was answered: the tables stay the truth.
 * Whoever commits a change hands over the new copy before answering; where it cannot, because what keeps the copies is
 * away, nobody uses any of them until all are known to be gone. Values are JSON.
 */
export interface Hot {
  /**
   * The copy under `key`, or what `read` finds in the durable tables (undefined where there is nothing), which is kept unless
   * somebody changed it since the reading began. Fails only where `read` fails.
   */
  get<T>(key: string, read: () => Promise<Copy<T> | undefined>): Promise<Copy<T> | undefined>;
  /**
   * The thing is committed as `copy`, or gone for null. From when this resolves nobody is given an older one. Never fails; it
   * takes longer, some three seconds at most, in the moment in which the keeper of copies goes away.
   */
  replace<T>(key: string, copy: Copy<T> | null): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for any visit; being right does not rest on it. */
export const COPY_SECONDS = 900;
/** A thing that is gone keeps its key shut for longer than a reading may take whose answer is still kept. */
export const GONE_SECONDS = 10;
export const READING_MS = 5_000;

/** Whose copy is kept where there is nothing. */
export const NOBODY = '';
