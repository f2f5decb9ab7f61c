import type { OrderId } from '../ids.ts';
import type { Fact } from './envelope.ts';

/** A message could not be delivered after every try. State. Keyed by messageId. */
export type NotificationFailed = Fact<
  'notifications.NotificationFailed',
  { messageId: string; template: string; orderId: OrderId | null }
>;

export type NotificationsFact = NotificationFailed;
