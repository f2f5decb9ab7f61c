import type { Hears } from '@souk/kit';
import { tell } from './message.service.ts';
import type { NotificationsDb } from './message.tables.ts';

export const hears: Hears<NotificationsDb> = {
  'orders.OrderConfirmed': tell(({ data }) => {
    const { orderId, orderNumber, contact, readable: lines, subtotal, shipping, tax, total } = data;
    const content = { template: 'ORDER_CONFIRMED', lines, subtotal, shipping, tax, total } as const;
    return { orderId, orderNumber, contact, referenceId: orderId, content };
  }),
  'orders.OrderCancelled': tell(({ data }) => {
    const { orderId, orderNumber, contact, reason, wasConfirmed } = data;
    const content = { template: 'ORDER_CANCELLED', reason, wasConfirmed } as const;
    return { orderId, orderNumber, contact, referenceId: orderId, content };
  }),
  'orders.OrderShipped': tell(({ data }) => {
    const { orderId, orderNumber, contact, fulfillmentId, readable: lines, tracking } = data;
    const content = { template: 'ORDER_SHIPPED', lines, tracking } as const;
    return { orderId, orderNumber, contact, referenceId: fulfillmentId, content };
  }),
  'orders.OrderRefunded': tell(({ data }) => {
    const { orderId, orderNumber, contact, refundId, amount } = data;
    const content = { template: 'ORDER_REFUNDED', amount } as const;
    return { orderId, orderNumber, contact, referenceId: refundId, content };
  }),
};
