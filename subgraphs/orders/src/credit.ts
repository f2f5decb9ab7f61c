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
  | {
      readonly id: RefundId;
      readonly status: CreditStatus;
      readonly failure: string | null;
      /** What it came to, where that is not what it was for. */
      readonly amount?: number;
    }
  | { readonly id: RefundId; readonly left: number };

export const AT_PROVIDER = 'Refunded at the payment provider, not by this shop.';

/** What a failed credit would send when it was tried again. */
export const openAmount = (
  { kind, amount }: Pick<Credit, 'kind' | 'amount'>,
  { captured, refunded }: Pick<Order, 'captured' | 'refunded'>,
): number => (kind === 'CANCELLATION' ? captured - refunded : amount);

/** What credits that wait for their money wait for less, because it went back by another one: failed ones first. */
function drawn(order: Order, excess: number, by: RefundId): CreditChange[] {
  const of = (wanted: CreditStatus) => order.credits.filter(({ id, status }) => status === wanted && id !== by);
  let rest = excess;
  const changes: CreditChange[] = [];
  for (const credit of [...of('FAILED'), ...of('REQUESTED')]) {
    const part = Math.min(rest, credit.amount);
    if (part <= 0) continue;
    rest -= part;
    const left = credit.amount - part;
    const isOver = left === 0 && credit.status === 'FAILED' && credit.kind === 'REFUND';
    // Nobody need look after what is not owed any more; one that is under way has its own end.
    changes.push(isOver ? { id: credit.id, status: 'NOT_DUE', failure: null, amount: 0 } : { id: credit.id, left });
  }
  return changes;
}

/**
 * The end of a credit whose money went back. Where refunds at the provider had left less for it, and it came to more after
 * all, its amount is what was sent, and others wait for less.
 */
export function settle(
  order: Order,
  credit: Credit,
  sent: number,
): { readonly added: number; readonly credits: readonly CreditChange[] } {
  const settled = { id: credit.id, status: 'SETTLED', failure: null } as const;
  const more = credit.kind === 'REFUND' ? sent - credit.amount : 0;
  if (more === 0) return { added: 0, credits: [settled] };
  const added = Math.min(more, refundable(order));
  return { added, credits: [{ ...settled, amount: sent }, ...drawn(order, more - added, credit.id)] };
}

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
  const credit = { id, kind: 'REFUND', status: 'SETTLED', amount, shipping: 0, reason: AT_PROVIDER } as const;
  return { added, credits: [...drawn(order, amount - added, id), { insert: credit }] };
}
