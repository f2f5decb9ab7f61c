import type { CartsFact } from './carts.ts';
import type { FactInfo } from './envelope.ts';
import type { InventoryFact } from './inventory.ts';
import type { NotificationsFact } from './notifications.ts';
import type { OrdersFact } from './orders.ts';
import type { PaymentsFact } from './payments.ts';
import type { PlatformFact } from './platform.ts';
import type { ProductsFact } from './products.ts';
import type { UsersFact } from './users.ts';

export * from './carts.ts';
export * from './envelope.ts';
export * from './inventory.ts';
export * from './notifications.ts';
export * from './orders.ts';
export * from './payments.ts';
export * from './platform.ts';
export * from './products.ts';
export * from './users.ts';

export type AnyFact =
  | CartsFact
  | InventoryFact
  | NotificationsFact
  | OrdersFact
  | PaymentsFact
  | PlatformFact
  | ProductsFact
  | UsersFact;
export type FactType = AnyFact['type'];
export type FactOf<T extends FactType> = Extract<AnyFact, { type: T }>;

const state = (heardBy: string[], personal: string[] = []): FactInfo => ({ kind: 'state', heardBy, personal });

/** Every fact there is: who listens and what is personal in it. A test holds this table against the houses' doors. */
export const facts: { readonly [T in FactType]: FactInfo } = {
  'users.UserRegistered': state([], ['email', 'firstName', 'lastName']),
  'users.UserStatusChanged': state([]),
  'users.GuestIdentified': state(['carts', 'orders', 'payments']),
  'products.ProductPublished': state(['carts', 'orders', 'inventory']),
  'products.ProductUnpublished': state(['carts', 'orders']),
  'products.PriceChanged': state(['orders']),
  'inventory.StockHeld': state(['orders']),
  'inventory.StockRefused': state(['orders']),
  'inventory.StockReleased': state([]),
  'inventory.StockAllocated': state(['orders']),
  'inventory.StockChanged': state(['products', 'carts']),
  'carts.CartUpdated': state([]),
  'carts.CartAbandoned': state([]),
  'orders.OrderCreated': state(['inventory']),
  'orders.PaymentRequested': state(['payments']),
  'orders.PaymentSubmitted': state(['payments']),
  'orders.OrderConfirmed': state(['inventory', 'payments', 'carts', 'notifications'], ['contact']),
  'orders.OrderCancelled': state(['inventory', 'payments', 'notifications'], ['contact']),
  'orders.VoidRequested': state(['payments']),
  'orders.OrderShipped': state(['inventory', 'notifications'], ['contact']),
  'orders.OrderDelivered': state([]),
  'orders.RefundRequested': state(['payments', 'inventory']),
  'orders.OrderRefunded': state(['notifications'], ['contact']),
  'payments.PaymentAuthorized': state(['orders']),
  'payments.PaymentDeclined': state(['orders']),
  'payments.PaymentActionRequired': state(['orders']),
  'payments.PaymentCaptured': state(['orders']),
  'payments.CaptureFailed': state(['orders']),
  'payments.PaymentVoided': state(['orders']),
  'payments.RefundSettled': state(['orders']),
  'payments.RefundFailed': state(['orders']),
  'payments.PaymentDisputed': state(['orders']),
  'notifications.NotificationFailed': state([]),
  'platform.ChannelChanged': state([]),
};
