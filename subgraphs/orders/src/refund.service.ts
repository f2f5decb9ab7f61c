import { fromDecimal, isCurrency, type Money, type OrderId, type RefundId, type Viewer } from '@souk/schema';
import { oneLine } from './address.ts';
import { change } from './checkout.saga.ts';
import { findOrderOfCredit, insertCreditLines, listGoods, moveGoods } from './goods.repository.ts';
import { carryOut, lockVisible, type OrdersTx } from './order.service.ts';
import { planRefund, type RefundPlan, type WantedRefundLine } from './refund.ts';
import { no } from './rejections.ts';

type TypedAmount = { readonly amount: string; readonly currency: string } | null;

export interface RefundOrder {
  readonly orderId: OrderId;
  readonly lines: readonly WantedRefundLine[];
  readonly shippingAmount: TypedAmount;
  readonly amount: TypedAmount;
  readonly reason: string | null;
}

function read(typed: TypedAmount, field: string): Money | null {
  if (!typed) return null;
  const amount = isCurrency(typed.currency) ? fromDecimal(typed.amount, typed.currency) : null;
  if (!amount) {
    throw no('INVALID_AMOUNT', 'Write an amount of a currency, such as 12.50 EUR.', ['input', field]);
  }
  return amount;
}

/**
 * Credits money back and asks payments to send it. The order's row is locked first, so two refunds at once cannot exceed
 * what was captured. A dry run works it out and changes nothing.
 */
export async function refundOrder(
  tx: OrdersTx,
  viewer: Viewer,
  input: RefundOrder,
  dryRun: boolean,
): Promise<RefundPlan> {
  const reason = oneLine(input.reason, 500);
  if (reason === undefined) {
    throw no('INVALID_TEXT', 'A reason has at most 500 characters on one line.', ['input', 'reason']);
  }
  const [shippingAmount, amount] = [read(input.shippingAmount, 'shippingAmount'), read(input.amount, 'amount')];
  const order = await lockVisible(tx, viewer, input.orderId);
  const goods = await listGoods(tx.db, order.id);
  const plan = planRefund(order, goods, { lines: input.lines, shippingAmount, amount });
  if (dryRun) return plan;
  const id = tx.newId<'Refund'>();
  await moveGoods(tx.db, order.id, plan.lineMoves, plan.allocationMoves);
  const patch = {
    status: plan.status,
    credited: order.credited + plan.amount,
    shippingRefunded: order.shippingRefunded + plan.shipping,
  };
  const { restock, release, shipping } = plan;
  const decision = change(order, patch, tx.now, {
    say: [{ type: 'orders.RefundRequested', refundId: id, amount: plan.amount, reason, restock, release }],
    log: [
      {
        kind: 'REFUND_REQUESTED',
        actor: 'STAFF',
        actorId: viewer.userId,
        data: { refundId: id, amountMinor: plan.amount },
      },
    ],
    credits: [{ insert: { id, kind: 'REFUND', status: 'REQUESTED', amount: plan.amount, shipping, reason } }],
  });
  await carryOut(tx, order, decision, { moreFollows: true });
  await insertCreditLines(tx.db, id, plan.lines);
  return { ...plan, id };
}

/**
 * Replaces a refund that the provider refused by a new one of the same lines: providers remember a refused request by its
 * id. What was credited stays credited, and goods have moved already. Answers the new refund.
 */
export async function retryRefund(tx: OrdersTx, viewer: Viewer, refused: RefundId): Promise<RefundId> {
  const field = ['input', 'refundId'];
  const orderId = await findOrderOfCredit(tx.db, refused);
  if (!orderId) throw no('NOT_FOUND', 'There is no such refund.', field);
  const order = await lockVisible(tx, viewer, orderId);
  const credit = order.credits.find((one) => one.id === refused);
  if (credit?.status !== 'FAILED') throw no('NOT_RETRYABLE', 'Only a failed refund can be tried again.', field);
  const id = tx.newId<'Refund'>();
  const { kind, shipping, reason } = credit;
  const amount = kind === 'CANCELLATION' ? order.captured - order.refunded : credit.amount;
  const decision = change(order, {}, tx.now, {
    say: [{ type: 'orders.RefundRequested', refundId: id, amount, reason, restock: [], release: [] }],
    log: [{ kind: 'REFUND_RETRIED', actor: 'STAFF', actorId: viewer.userId, data: { refundId: id } }],
    credits: [
      { id: refused, status: 'RETRIED', failure: credit.failure },
      { insert: { id, kind, status: 'REQUESTED', amount, shipping, reason }, linesOf: refused },
    ],
  });
  await carryOut(tx, order, decision);
  return id;
}
