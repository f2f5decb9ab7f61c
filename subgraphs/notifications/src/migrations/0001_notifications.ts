import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_notifications': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table messages (
          id uuid primary key,
          order_id uuid not null,
          order_number text not null,
          template text not null check (template in ('ORDER_CONFIRMED', 'ORDER_CANCELLED', 'ORDER_SHIPPED', 'ORDER_REFUNDED')),
          reference_id uuid not null,
          email text not null,
          first_name text not null,
          last_name text not null,
          locale text not null,
          content jsonb not null check (content->>'template' = template),
          status text not null check (status in ('PENDING', 'SENT', 'FAILED')),
          attempts int not null check (attempts >= 0),
          failure text,
          next_attempt_at timestamptz,
          sent_at timestamptz,
          version int not null check (version >= 1),
          created_at timestamptz not null,
          updated_at timestamptz not null,
          check ((status = 'PENDING') = (next_attempt_at is not null)),
          check ((status = 'SENT') = (sent_at is not null))
        )`.execute(db);
      await sql`create unique index messages_once on messages (template, reference_id)`.execute(db);
      await sql`create index messages_due on messages (next_attempt_at) where status = 'PENDING'`.execute(db);
      await sql`create index messages_order on messages (order_id, id)`.execute(db);
      await sql`create index messages_status on messages (status, id)`.execute(db);
      await sql`create index messages_template on messages (template, id)`.execute(db);
      await sql`create index messages_email on messages (email)`.execute(db);
      await sql`
        create table mailbox (
          id uuid primary key,
          seq bigint generated always as identity,
          recipient text not null,
          subject text not null,
          body_text text not null,
          body_html text not null,
          template text not null,
          at timestamptz not null
        )`.execute(db);
      await sql`create unique index mailbox_seq on mailbox (seq)`.execute(db);
    },
  },
};
