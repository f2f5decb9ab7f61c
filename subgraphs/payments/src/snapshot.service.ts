import { money, type Saying } from '@souk/schema';
import { listDisputesAfter } from './gateway-event.repository.ts';
import { type Db, listPaymentsAfter } from './payment.repository.ts';
import type { Payment } from './payment.ts';
import { listRefundsAfter } from './refund.repository.ts';
import { standing } from './standing.ts';

const PAGE = 500;

/** Every row, in pages by id. */
async function* every<Row extends { id: string }>(
  list: (after: Row['id'] | null, limit: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let after: Row['id'] | null = null; ; ) {
    const rows: Row[] = await list(after, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

/** The present state of the whole house as facts: payments, then refunds, then disputes. */
export async function* snapshot(db: Db): AsyncGenerator<Saying> {
  for await (const payment of every<Payment>((after, limit) => listPaymentsAfter(db, after as Payment['id'], limit))) {
    const saying = standing(payment);
    if (saying) yield saying;
  }
  type RefundRow = Awaited<ReturnType<typeof listRefundsAfter>>[number];
  for await (const row of every<RefundRow>((after, limit) => listRefundsAfter(db, after as RefundRow['id'], limit))) {
    const data = { orderId: row.order_id, refundId: row.id, amount: money(row.amount, row.currency) };
    const said = { key: row.order_id, version: row.version };
    yield row.failure === null
      ? { ...said, type: 'payments.RefundSettled', data }
      : { ...said, type: 'payments.RefundFailed', data: { ...data, message: row.failure } };
  }
  type DisputeRow = Awaited<ReturnType<typeof listDisputesAfter>>[number];
  for await (const row of every<DisputeRow>((after, limit) => listDisputesAfter(db, after, limit))) {
    const { order_id: orderId, payment_id: paymentId, reason, version } = row;
    const amount = money(row.amount, row.currency);
    yield { key: orderId, version, type: 'payments.PaymentDisputed', data: { orderId, paymentId, amount, reason } };
  }
}
