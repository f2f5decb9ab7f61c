import type { Duty } from '@souk/kit';
import { listReadmittable, lockSetAside, passEventsOf, updateEvent } from './early-refund.repository.ts';
import { insertEventOnce, type NewEvent } from './gateway-event.repository.ts';
import { lockPayment } from './payment.repository.ts';
import type { PaymentsTx } from './payment.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import type { Payment } from './payment.ts';
import type { GatewayRefund } from './payment-gateway.ts';
import type { PaymentsPorts } from './payments.ports.ts';
import { findRefundIdOfGateway, insertRefundOnce } from './refund.repository.ts';
import { commitRefund, toldOf } from './refund.service.ts';
import { AT_PROVIDER, adoptRefund } from './refund.ts';

type PaymentsDuty = Duty<PaymentsDb, PaymentsPorts>;
type Adopted = NonNullable<ReturnType<typeof adoptRefund>>;

/**
 * Books a refund that was made at the provider, such as in its dashboard, once it is settled there. False, and nothing is
 * written, where our books have no money left for it: what took it, or was returned, is still to be heard.
 */
export async function adopt(tx: PaymentsTx, payment: Payment, row: NewEvent, told: GatewayRefund): Promise<boolean> {
  const adopted = adoptRefund(payment, tx.newId<'Refund'>(), told.amount, toldOf(told));
  if (!adopted && told.state.status === 'SETTLED') return false;
  const outcome = { status: adopted ? 'APPLIED' : 'KNOWN', quarantine_reason: null, payment_id: payment.id } as const;
  if (!(await insertEventOnce(tx.db, row, outcome, tx.now))) return true;
  if (adopted) await book(tx, payment, adopted);
  else if (told.state.status === 'FAILED') await noteFailed(tx, payment, told);
  return true;
}

async function book(tx: PaymentsTx, payment: Payment, { refund, change }: Adopted): Promise<void> {
  const { id, amount } = refund;
  const made = { id, paymentId: payment.id, amount, reason: AT_PROVIDER, failure: null, gatewayRefundId: null };
  await insertRefundOnce(tx.db, made, tx.now);
  await commitRefund(tx, payment, change);
}

/** It failed before it was booked: kept, so that an older word of it, still on its way, is known to be old. */
async function noteFailed(tx: PaymentsTx, payment: Payment, told: GatewayRefund): Promise<void> {
  const { state, amount, gatewayRefundId } = told;
  const failure = state.status === 'FAILED' ? state.message : '';
  const id = tx.newId<'Refund'>();
  const made = { id, paymentId: payment.id, amount, reason: AT_PROVIDER, failure, gatewayRefundId };
  await insertRefundOnce(tx.db, made, tx.now);
  await passEventsOf(tx.db, gatewayRefundId);
}

/** Looks again at refunds that were made at the provider before our books had money for them, and books what fits now. */
export async function readmitRefunds(duty: PaymentsDuty): Promise<void> {
  for (const { id, paymentId } of await listReadmittable(duty.db, 100)) {
    if (duty.signal.aborted) return;
    await duty.transact((tx) => readmit(tx, id, paymentId));
  }
}

async function readmit(tx: PaymentsTx, id: string, paymentId: Payment['id']): Promise<void> {
  const { payment } = await lockPayment(tx.db, paymentId);
  const event = await lockSetAside(tx.db, id);
  if (!event) return;
  const { gatewayRefundId, amount } = event;
  if (await findRefundIdOfGateway(tx.db, gatewayRefundId)) return updateEvent(tx.db, id, 'KNOWN');
  const told = { gatewayRefundId, state: { status: 'SETTLED' } } as const;
  const adopted = adoptRefund(payment, tx.newId<'Refund'>(), amount, told);
  if (!adopted) return;
  await updateEvent(tx.db, id, 'APPLIED');
  await book(tx, payment, adopted);
}
