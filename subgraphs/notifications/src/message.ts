import type { CancelReason, Money, OrderContact, OrderId, ReadableLine } from '@souk/schema';

export const templates = ['ORDER_CONFIRMED', 'ORDER_CANCELLED', 'ORDER_SHIPPED', 'ORDER_REFUNDED'] as const;
export type Template = (typeof templates)[number];

export const messageStatuses = ['PENDING', 'SENT', 'FAILED'] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export interface Tracking {
  readonly carrier: string;
  readonly number: string;
  readonly url: string | null;
}

/** What a message tells, as the fact said it. JSON. */
export type Content =
  | {
      readonly template: 'ORDER_CONFIRMED';
      readonly lines: readonly ReadableLine[];
      readonly subtotal: Money;
      readonly shipping: Money;
      readonly tax: Money;
      readonly total: Money;
    }
  | { readonly template: 'ORDER_CANCELLED'; readonly reason: CancelReason; readonly wasConfirmed: boolean }
  | { readonly template: 'ORDER_SHIPPED'; readonly lines: readonly ReadableLine[]; readonly tracking: Tracking | null }
  | { readonly template: 'ORDER_REFUNDED'; readonly amount: Money };

/** A message about an order. `referenceId` is what it tells of: the order, a parcel, a refund; each is told once. */
export interface Message {
  readonly id: string;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly referenceId: string;
  readonly contact: OrderContact;
  readonly content: Content;
  readonly status: MessageStatus;
  /** Tries so far, the one under way included. */
  readonly attempts: number;
  /** Why the last try failed: a code, never a sentence, for a server's words can hold an address. */
  readonly failure: string | null;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  /** Rises with every change. */
  readonly version: number;
}

/** Seconds from a failed try to the next; after the last one the message has failed. */
const BACKOFF_SECONDS = [60, 300, 1_800, 7_200, 21_600] as const;
export const MAX_ATTEMPTS = BACKOFF_SECONDS.length + 1;

/** Seconds a try may take before another process may take the message over: longer than the mailer's own limits together. */
export const LEASE_SECONDS = 180;

/** When to try again after a try that failed, or null for never. */
export function nextAttempt(attempts: number, permanent: boolean, now: Date): Date | null {
  const seconds = permanent ? undefined : BACKOFF_SECONDS[attempts - 1];
  return seconds === undefined ? null : new Date(now.getTime() + seconds * 1000);
}
