/** Where files of pictures live. A key names one content for good: it is written once and never changed. */
export interface MediaStorage {
  /** Stores bytes under a key; the same key again is the same content. */
  put(key: string, bytes: Buffer): Promise<void>;
  /** The bytes of a key, or null where there is nothing. */
  get(key: string): Promise<Buffer | null>;
  /** Removes a key; one that is not there is removed already. */
  remove(key: string): Promise<void>;
}
