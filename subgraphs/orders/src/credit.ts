import type { RefundId } from '@souk/schema';
import type { Credit, CreditStatus, Order } from './order.ts';
import { refundable } from './refund.ts';

/** A new credit, another status of one that is known, or what is left of one. */
export type CreditChange =
  | {
      readonly insert: Pick<Credit, 'id' | 'kind' | 'status' | 'amount' | 'shipping' | 'reason'>;
      /** A credit whose lines are this one's from now on. */
      readonly linesOf?: RefundId;
    }
  | { readonly id: RefundId; readonly status: CreditStatus; readonly failure: string | null }
  | { readonly id: RefundId; readonly left: number };

export const AT_PROVIDER = 'Refunded at the payment provider, not by this shop.';

/** What a failed credit would send when it was tried again. */
const openAmount = ({ kind, amount }: Credit, { captured, refunded }: Order): number =>
  kind === 'CANCELLATION' ? captured - refunded : amount;

/**
 * The credit for money that went back without having been asked for here, such as by a refund in the provider's dashboard. It
 * stands in for a failed credit of the same amount. Else it is a new one; what exceeds the money not credited yet is what other
 * credits were waiting for, and they wait for less. `added` is what is credited anew.
 */
export function creditAtProvider(
  order: Order,
  id: RefundId,
  amount: number,
): { readonly added: number; readonly credits: readonly CreditChange[] } {
  const failed = order.credits.filter(({ status }) => status === 'FAILED');
  const same = failed.find((credit) => openAmount(credit, order) === amount);
  if (same) {
    const { kind, shipping, reason, failure } = same;
    return {
      added: 0,
      credits: [
        { id: same.id, status: 'RETRIED', failure },
        { insert: { id, kind, status: 'SETTLED', amount: same.amount, shipping, reason }, linesOf: same.id },
      ],
    };
  }
  const added = Math.min(amount, refundable(order));
  const waiting = [...failed, ...order.credits.filter(({ status }) => status === 'REQUESTED')];
  let excess = amount - added;
  const credits: CreditChange[] = [];
  for (const credit of waiting) {
    const part = Math.min(excess, credit.amount);
    if (part > 0) credits.push({ id: credit.id, left: credit.amount - part });
    excess -= part;
  }
  credits.push({ insert: { id, kind: 'REFUND', status: 'SETTLED', amount, shipping: 0, reason: AT_PROVIDER } });
  return { added, credits };
}
