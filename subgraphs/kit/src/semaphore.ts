export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many work at a time; the rest wait in line, or are refused where the line is bounded and full. */
export function semaphore(most: number, line?: { readonly most: number; readonly refusal: () => Error }): Semaphore {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy < most) busy += 1;
    else {
      if (line && waiting.length >= line.most) throw line.refusal();
      // Whoever ends hands its place over, so nobody can slip in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}
