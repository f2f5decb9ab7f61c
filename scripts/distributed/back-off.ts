const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Whoever lived so long is forgiven what was before. */
const STABLE_MS = 60_000;

/** Waits between restarts: doubled from a quarter of a second to ten seconds, from the start again after a quiet minute. */
export function backOff(now: () => number = () => performance.now()): { next(): number } {
  let wait = FIRST_MS;
  let last = Number.NEGATIVE_INFINITY;
  return {
    next() {
      if (now() - last > STABLE_MS) wait = FIRST_MS;
      last = now();
      const due = wait;
      wait = Math.min(wait * 2, LONGEST_MS);
      return due;
    },
  };
}
