import type { Hears } from '@souk/kit';
import { cancelPayment, capturePayment, identifyGuest, requestPayment, submitPayment } from './payment.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { requestRefund } from './refund.service.ts';

export const hears: Hears<PaymentsDb> = {
  'orders.PaymentRequested': requestPayment,
  'orders.PaymentSubmitted': submitPayment,
  'orders.OrderConfirmed': capturePayment,
  'orders.OrderCancelled': (tx, { data }) => cancelPayment(tx, data.orderId, data.refundId),
  'orders.VoidRequested': (tx, { data }) => cancelPayment(tx, data.orderId, data.refundId),
  'orders.RefundRequested': (tx, { data }) => requestRefund(tx, data),
  'users.GuestIdentified': (tx, { data }) => identifyGuest(tx, data),
};
