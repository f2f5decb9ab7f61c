/** Tells how far long work is: the rate, and the time that is left at that rate. */
export class Meter {
  readonly #label: string;
  readonly #total: number;
  readonly #tell: (line: string) => void;
  readonly #since = performance.now();
  readonly #from: number;
  #told = 0;
  #done: number;

  constructor(label: string, total: number, tell: (line: string) => void, from = 0) {
    this.#label = label;
    this.#total = total;
    this.#tell = tell;
    this.#from = from;
    this.#done = from;
  }

  /** So many more are done. At most one line a second, and always the last. */
  add(count: number): void {
    this.#done += count;
    const now = performance.now();
    if (this.#done < this.#total && now - this.#told < 1000) return;
    this.#told = now;
    this.#tell(describeProgress(this.#label, this.#done, this.#total, (this.#done - this.#from) / (now - this.#since)));
  }
}

/** `perMs` is the rate; the words stay the same from line to line, so that a terminal can put one over the other. */
export function describeProgress(label: string, done: number, total: number, perMs: number): string {
  const number = (value: number): string => Math.round(value).toLocaleString('en');
  const seconds = perMs > 0 ? Math.ceil((total - done) / perMs / 1000) : 0;
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${label} ${number(done)} of ${number(total)}, ${number(perMs * 1000)}/s, ${left} min left`;
}

/** Does `work` for each item, at most `width` at a time. The first failure ends it when what is under way has ended. */
export async function parallel<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && failures.length === 0; next = rest.next()) {
      await work(next.value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failures.length > 0) throw failures[0];
}
