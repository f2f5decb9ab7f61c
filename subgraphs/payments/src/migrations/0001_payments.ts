import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_payments': {
    async up(db: Kysely<unknown>) {
      const run = (text: string) => sql.raw(text).execute(db);
      await run(`
        create table payments (
          id uuid primary key,
          order_id uuid not null unique,
          order_number text not null,
          principal text not null,
          currency text not null check (currency ~ '^[A-Z]{3}$'),
          amount bigint not null check (amount > 0),
          status text not null check (status in ('PENDING', 'PROCESSING', 'ACTION_REQUIRED', 'DECLINED', 'AUTHORIZED',
            'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'FAILED')),
          version bigint not null check (version > 0),
          gateway_intent_id text unique,
          client_secret text,
          attempt int not null check (attempt >= 0),
          answered_attempt int not null check (answered_attempt >= 0),
          payment_method text,
          decline_code text,
          decline_message text,
          redirect_url text,
          card_brand text,
          card_last4 text check (card_last4 ~ '^[0-9]{4}$'),
          card_exp_month int,
          card_exp_year int,
          captured bigint not null,
          refunded bigint not null,
          refunding bigint not null,
          capture_wanted boolean not null,
          cancel_refund_id uuid,
          asked_at timestamptz,
          due_at timestamptz,
          lease_until timestamptz,
          tries int not null check (tries >= 0),
          created_at timestamptz not null,
          updated_at timestamptz not null,
          constraint payments_captured check (captured between 0 and amount),
          constraint payments_refunded check (refunded between 0 and captured),
          constraint payments_refunding check (refunding between 0 and amount - refunded),
          constraint payments_taken check ((captured > 0) = (status in ('CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'))),
          constraint payments_given_back check (
            case status when 'REFUNDED' then refunded = captured
                        when 'PARTIALLY_REFUNDED' then refunded > 0 and refunded < captured
                        else refunded = 0 end)
        )`);
      await run(`create index payments_due on payments (due_at) where due_at is not null`);
      await run(`
        create table refunds (
          id uuid primary key,
          payment_id uuid not null references payments,
          amount bigint not null check (amount > 0),
          currency text not null,
          status text not null check (status in ('PENDING', 'SETTLED', 'FAILED')),
          reason text,
          gateway_refund_id text unique,
          failure text,
          asked_at timestamptz,
          due_at timestamptz,
          lease_until timestamptz,
          tries int not null check (tries >= 0),
          created_at timestamptz not null,
          updated_at timestamptz not null,
          constraint refunds_failure check ((status = 'FAILED') = (failure is not null)),
          constraint refunds_due check (status = 'PENDING' or due_at is null)
        )`);
      await run(`create index refunds_payment on refunds (payment_id)`);
      await run(`create index refunds_due_at on refunds (due_at) where due_at is not null`);
      await run(`
        create table payment_transactions (
          id uuid primary key,
          payment_id uuid not null references payments,
          refund_id uuid,
          kind text not null check (kind in ('AUTHORIZATION', 'CAPTURE', 'REFUND', 'VOID', 'DISPUTE')),
          status text not null check (status in ('SUCCEEDED', 'FAILED', 'PENDING')),
          amount bigint not null check (amount > 0),
          currency text not null,
          reference text,
          message text,
          at timestamptz not null
        )`);
      await run(`create index payment_transactions_payment on payment_transactions (payment_id, at, id)`);
      // An entry balances because it is one row; nobody can write half of it, and nobody may change it later.
      await run(`
        create table ledger_entries (
          id uuid primary key,
          payment_id uuid not null references payments,
          debit text not null,
          credit text not null,
          amount bigint not null check (amount > 0),
          currency text not null,
          at timestamptz not null,
          constraint ledger_accounts check (
            debit in ('RECEIVABLE', 'CLEARING', 'REFUNDS', 'DISPUTES', 'LOSSES') and
            credit in ('RECEIVABLE', 'CLEARING', 'REFUNDS', 'DISPUTES', 'LOSSES') and debit <> credit)
        )`);
      await run(`create index ledger_entries_at on ledger_entries (at, id)`);
      await run(`create index ledger_entries_payment on ledger_entries (payment_id)`);
      await run(`create function refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'an entry of the ledger stays as it was written: write another one against it'; end $$`);
      await run(`create trigger ledger_entries_stay before update or delete on ledger_entries
        for each row execute function refuse_change()`);
      // The books by account: each entry seen from both sides. Over all accounts of a currency it sums to zero.
      await run(`create view ledger_balances as
        select account, currency, sum(amount)::bigint as balance from (
          select debit as account, currency, amount from ledger_entries
          union all select credit, currency, -amount from ledger_entries) as sides
        group by account, currency`);
      await run(`
        create table disputes (
          id uuid primary key,
          gateway_dispute_id text not null unique,
          payment_id uuid not null references payments,
          amount bigint not null check (amount > 0),
          currency text not null,
          reason text not null,
          status text not null check (status in ('OPEN', 'WON', 'LOST')),
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`);
      await run(`create index disputes_created on disputes (created_at, id)`);
      await run(`create index disputes_payment on disputes (payment_id)`);
      await run(`
        create table gateway_events (
          id text primary key,
          type text not null check (type in ('INTENT_CHANGED', 'REFUND_CHANGED', 'DISPUTE_CHANGED')),
          status text not null check (status in ('APPLIED', 'KNOWN', 'QUARANTINED')),
          quarantine_reason text check (quarantine_reason in
            ('AMOUNT_MISMATCH', 'UNKNOWN_INTENT', 'UNKNOWN_REFUND', 'AFTER_FAILURE')),
          payment_id uuid references payments,
          reference text not null,
          amount bigint not null,
          currency text not null,
          occurred_at timestamptz not null,
          received_at timestamptz not null,
          resolution text,
          resolved_at timestamptz,
          resolved_by uuid,
          constraint gateway_events_reason check ((status = 'QUARANTINED') = (quarantine_reason is not null)),
          constraint gateway_events_resolution check (
            (resolution is null) = (resolved_at is null) and (resolution is null or status = 'QUARANTINED'))
        )`);
      await run(
        `create index gateway_events_quarantined on gateway_events (received_at, id) where status = 'QUARANTINED'`,
      );
      await run(`create index gateway_events_unresolved on gateway_events (received_at, id)
        where status = 'QUARANTINED' and resolved_at is null`);
      await run(`
        create table identified_guests (
          guest_principal text primary key,
          user_id uuid not null,
          identified_at timestamptz not null
        )`);
    },
  },
};
