/** Short-lived values a house can lose: caches, limiters, revocations. JSON values; keys are the caller's, prefixed by its house. */
export interface Kv {
  get<T>(key: string): Promise<T | undefined>;
  /** Lives `ttlSeconds`, then is gone. */
  set(key: string, value: unknown, ttlSeconds: number): Promise<void>;
  /** Sets only where nothing is set; true when it was this call that set it. */
  setOnce(key: string, value: unknown, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Adds one and returns the sum; the first call starts the window of `ttlSeconds`. */
  increment(key: string, ttlSeconds: number): Promise<number>;
  close(): Promise<void>;
}
