import type { CurrencyCode, OrderId, PaymentId, RefundId, UserId } from '@souk/schema';
import type { Account } from './ledger.ts';
import type { PaymentStatus, TransactionKind, TransactionStatus } from './payment.ts';
import type { RefundStatus } from './refund.ts';

/** Amounts are minor units of the payment's currency. */
export interface PaymentTable {
  id: PaymentId;
  order_id: OrderId;
  order_number: string;
  principal: string;
  currency: CurrencyCode;
  amount: number;
  status: PaymentStatus;
  version: number;
  gateway_intent_id: string | null;
  client_secret: string | null;
  attempt: number;
  answered_attempt: number;
  payment_method: string | null;
  decline_code: string | null;
  decline_message: string | null;
  redirect_url: string | null;
  card_brand: string | null;
  card_last4: string | null;
  card_exp_month: number | null;
  card_exp_year: number | null;
  captured: number;
  refunded: number;
  refunding: number;
  capture_wanted: boolean;
  cancel_refund_id: RefundId | null;
  /** When a call about it was first begun. */
  asked_at: Date | null;
  due_at: Date | null;
  /** Until when whoever took it works on it alone; a crash only postpones it. */
  lease_until: Date | null;
  tries: number;
  created_at: Date;
  updated_at: Date;
}

export interface RefundTable {
  id: RefundId;
  payment_id: PaymentId;
  amount: number;
  currency: CurrencyCode;
  status: RefundStatus;
  reason: string | null;
  gateway_refund_id: string | null;
  failure: string | null;
  asked_at: Date | null;
  due_at: Date | null;
  lease_until: Date | null;
  tries: number;
  created_at: Date;
  updated_at: Date;
}

export interface TransactionTable {
  id: string;
  payment_id: PaymentId;
  refund_id: RefundId | null;
  kind: TransactionKind;
  status: TransactionStatus;
  amount: number;
  currency: CurrencyCode;
  reference: string | null;
  message: string | null;
  at: Date;
}

/** One row is one balanced entry: the same amount in a debit and a credit account. Never changed, never deleted. */
export interface LedgerEntryTable {
  id: string;
  payment_id: PaymentId;
  debit: Account;
  credit: Account;
  amount: number;
  currency: CurrencyCode;
  at: Date;
}

export interface DisputeTable {
  id: string;
  gateway_dispute_id: string;
  payment_id: PaymentId;
  amount: number;
  currency: CurrencyCode;
  reason: string;
  status: 'OPEN' | 'WON' | 'LOST';
  created_at: Date;
  updated_at: Date;
}

export type QuarantineReason = 'AMOUNT_MISMATCH' | 'UNKNOWN_INTENT' | 'UNKNOWN_REFUND' | 'AFTER_FAILURE';

/** Every event of the provider that was believed, once. */
export interface GatewayEventTable {
  id: string;
  type: 'INTENT_CHANGED' | 'REFUND_CHANGED' | 'DISPUTE_CHANGED';
  status: 'APPLIED' | 'KNOWN' | 'QUARANTINED';
  quarantine_reason: QuarantineReason | null;
  payment_id: PaymentId | null;
  /** The provider's id of what it is about. */
  reference: string;
  amount: number;
  currency: CurrencyCode;
  occurred_at: Date;
  received_at: Date;
  /** What a person noted about one that was quarantined. */
  resolution: string | null;
  resolved_at: Date | null;
  resolved_by: UserId | null;
}

/** Guests who turned out to be users: their payments are theirs from then on. */
export interface IdentifiedGuestTable {
  guest_principal: string;
  user_id: UserId;
  identified_at: Date;
}

export interface PaymentsDb {
  payments: PaymentTable;
  refunds: RefundTable;
  payment_transactions: TransactionTable;
  ledger_entries: LedgerEntryTable;
  disputes: DisputeTable;
  gateway_events: GatewayEventTable;
  identified_guests: IdentifiedGuestTable;
}
