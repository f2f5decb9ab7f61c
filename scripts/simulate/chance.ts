/** All chance of one stream: the same seed gives the same answers. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  flip(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32 over the seed and the stream's name: streams of one seed do not disturb each other. */
export function chanceOf(seed: number, stream: string): Chance {
  let state = hash(`${seed}/${stream}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { next, below, flip: (probability) => next() < probability, pick: (list) => list[below(list.length)]! };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

/** One of the options by their weights; weights above 0 only. */
export function weighted<T>(chance: Chance, options: readonly { readonly weight: number; readonly of: T }[]): T {
  const whole = options.reduce((sum, { weight }) => sum + weight, 0);
  let at = chance.next() * whole;
  for (const { weight, of } of options) {
    at -= weight;
    if (at < 0) return of;
  }
  return options.at(-1)!.of;
}
