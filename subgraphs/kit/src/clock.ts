/** The process's own clock: for waiting, expiry of in-memory entries and durations. What the business calls time is the database's. */
export const monotonicMs = (): number => performance.now();
/** Unix seconds of this process, for token lifetimes only. */
export const unixSeconds = (): number => Math.floor(Date.now() / 1000);

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
