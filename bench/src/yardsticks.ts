/** The best open peer on this kind of machine: 2 cores, PostgreSQL with fsync, 2,000 products with 3 variants each. */
export interface Yardstick {
  /** Processor time of server and PostgreSQL together for one operation, ms. */
  readonly cpu: number;
  readonly statements?: number;
}

export const yardsticks = {
  list: { cpu: 25 },
  product: { cpu: 17 },
  search: { cpu: 14 },
  cart: { cpu: 53, statements: 66 },
  checkout: { cpu: 244, statements: 318 },
} satisfies Record<string, Yardstick>;

/** What an operation should cost of its yardstick, at most. */
export const AIM = 0.25;
