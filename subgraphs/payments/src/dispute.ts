import type { Money } from '@souk/schema';
import { type Entry, entryOf } from './ledger.ts';
import { type Change, change, type NewTransaction, type Payment } from './payment.ts';

export type DisputeStatus = 'OPEN' | 'WON' | 'LOST';

export interface DisputeTold {
  readonly disputeId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly status: DisputeStatus;
}

const lines = { OPEN: 'PENDING', WON: 'SUCCEEDED', LOST: 'FAILED' } as const;

/**
 * What a dispute does to the payment it is about. `known` is its status so far, null for a new one. The bank takes the money
 * when it opens; the end of it decides who keeps the money. Null where nothing is new, or the word is older than what is known.
 */
export function hearDispute(
  payment: Payment,
  known: DisputeStatus | null,
  { disputeId, amount, reason, status }: DisputeTold,
  now: Date,
): Change | null {
  if (known === status || (known !== null && known !== 'OPEN')) return null;
  const entries: Entry[] = [];
  if (known === null) entries.push(entryOf('DISPUTE_OPENED', amount));
  if (status === 'WON') entries.push(entryOf('DISPUTE_WON', amount));
  if (status === 'LOST') entries.push(entryOf('DISPUTE_LOST', amount));
  const history: NewTransaction[] = [
    { kind: 'DISPUTE', status: lines[status], amount, reference: disputeId, message: reason },
  ];
  const { orderId, id: paymentId } = payment;
  const said = { type: 'payments.PaymentDisputed', data: { orderId, paymentId, amount, reason } } as const;
  return change(payment, {}, now, known === null ? [said] : [], { history, entries });
}
