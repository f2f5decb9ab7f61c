import { money, type PaymentsFact, type Saying } from '@souk/schema';
import { isTaken, type Payment } from './payment.ts';

/** How a payment stands, as a fact; null where nothing was said of it yet. */
export function standing(payment: Payment): Saying<PaymentsFact> | null {
  const { id: paymentId, orderId, amount, status, answeredAttempt: attempt, version, decline } = payment;
  const said = { key: orderId, version };
  const base = { orderId, paymentId };
  if (isTaken(status)) {
    const captured = money(payment.captured, amount.currency);
    return { ...said, type: 'payments.PaymentCaptured', data: { ...base, amount: captured } };
  }
  switch (status) {
    case 'AUTHORIZED':
      return { ...said, type: 'payments.PaymentAuthorized', data: { ...base, amount } };
    case 'ACTION_REQUIRED':
      return { ...said, type: 'payments.PaymentActionRequired', data: { ...base, attempt } };
    case 'VOIDED':
      return { ...said, type: 'payments.PaymentVoided', data: base };
    case 'DECLINED':
    case 'FAILED':
      return decline && { ...said, type: 'payments.PaymentDeclined', data: { ...base, attempt, ...decline } };
    default:
      return null;
  }
}
