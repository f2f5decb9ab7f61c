import type { Money } from '@souk/schema';

/**
 * RECEIVABLE: what shoppers owe us. CLEARING: what the provider holds for us. REFUNDS: what went back to shoppers.
 * DISPUTES: what a bank took back while a dispute is open. LOSSES: what a lost dispute cost for good.
 */
export const accounts = ['RECEIVABLE', 'CLEARING', 'REFUNDS', 'DISPUTES', 'LOSSES'] as const;
export type Account = (typeof accounts)[number];

/** One movement of money, in both accounts at once: an entry that does not balance cannot be written down. */
export interface Entry {
  readonly debit: Account;
  readonly credit: Account;
  readonly amount: Money;
}

export type Movement = 'CAPTURED' | 'REFUNDED' | 'REFUND_RETURNED' | 'DISPUTE_OPENED' | 'DISPUTE_WON' | 'DISPUTE_LOST';

const sides = {
  CAPTURED: ['CLEARING', 'RECEIVABLE'],
  REFUNDED: ['REFUNDS', 'CLEARING'],
  REFUND_RETURNED: ['CLEARING', 'REFUNDS'],
  DISPUTE_OPENED: ['DISPUTES', 'CLEARING'],
  DISPUTE_WON: ['CLEARING', 'DISPUTES'],
  DISPUTE_LOST: ['LOSSES', 'DISPUTES'],
} as const satisfies Record<Movement, readonly [debit: Account, credit: Account]>;

/** The entry of a movement. Throws a RangeError on an amount that is not positive: nothing moved. */
export function entryOf(movement: Movement, amount: Money): Entry {
  if (!Number.isSafeInteger(amount.amountMinor) || amount.amountMinor <= 0) {
    throw new RangeError('a movement of money is a positive amount');
  }
  const [debit, credit] = sides[movement];
  return { debit, credit, amount };
}

/** Balance per account in minor units, debits positive. All entries are of one currency. */
export function balances(entries: readonly Entry[]): Readonly<Record<Account, number>> {
  const sums: Record<Account, number> = { RECEIVABLE: 0, CLEARING: 0, REFUNDS: 0, DISPUTES: 0, LOSSES: 0 };
  for (const { debit, credit, amount } of entries) {
    sums[debit] += amount.amountMinor;
    sums[credit] -= amount.amountMinor;
  }
  return sums;
}
