import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_inventory': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table warehouses (
          id uuid primary key,
          code text not null check (code ~ '^[A-Z0-9][A-Z0-9_-]{0,31}$'),
          name text not null check (char_length(name) between 1 and 100),
          country text not null check (country ~ '^[A-Z]{2}$'),
          priority int not null check (priority between 0 and 1000),
          active boolean not null,
          version int not null check (version > 0),
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
      await sql`create unique index warehouses_code on warehouses (code)`.execute(db);
      // The variants products told us of, each with its totals over all warehouses. The row is the variant's lock: whoever
      // changes a level of it holds this row first, so version and totals move together.
      await sql`
        create table variants (
          variant_id uuid primary key,
          product_id uuid not null,
          product_version bigint not null,
          version bigint not null default 0 check (version >= 0),
          on_hand int not null default 0 check (on_hand >= 0),
          available int not null default 0 check (available >= 0),
          low_stock_at int not null default 0 check (low_stock_at >= 0),
          created_at timestamptz not null,
          updated_at timestamptz not null,
          check (available <= on_hand)
        ) with (fillfactor = 70)`.execute(db);
      await sql`
        create table levels (
          variant_id uuid not null references variants,
          warehouse_id uuid not null references warehouses,
          on_hand int not null check (on_hand >= 0),
          held int not null check (held >= 0),
          allocated int not null check (allocated >= 0),
          low_stock_at int check (low_stock_at > 0),
          -- A column of its own, so that a change that does not cross the mark stays off the index.
          low boolean not null generated always as (coalesce(on_hand - held - allocated <= low_stock_at, false)) stored,
          updated_at timestamptz not null,
          primary key (variant_id, warehouse_id),
          constraint levels_not_oversold check (on_hand - held - allocated >= 0)
        ) with (fillfactor = 70)`.execute(db);
      await sql`create index levels_low on levels (variant_id, warehouse_id) where low`.execute(db);
      await sql`
        create table movements (
          id uuid primary key,
          variant_id uuid not null references variants,
          warehouse_id uuid not null references warehouses,
          kind text not null check (kind in ('COUNT', 'ADJUSTMENT', 'TRANSFER', 'SHIPMENT', 'RETURN', 'CORRECTION')),
          quantity int not null check (quantity <> 0),
          order_id uuid,
          -- The adjustment, fulfilment or refund it belongs to.
          reference uuid not null,
          reason text check (char_length(reason) between 1 and 500),
          actor_id uuid,
          at timestamptz not null
        )`.execute(db);
      await sql`create unique index movements_once on movements (reference, variant_id, warehouse_id, kind)`.execute(
        db,
      );
      await sql`create index movements_variant on movements (variant_id, id desc)`.execute(db);
      await sql`
        create table adjustments (
          id uuid primary key,
          kind text not null check (kind in ('COUNT', 'ADJUSTMENT', 'TRANSFER')),
          reason text check (char_length(reason) between 1 and 500),
          actor_id uuid,
          entries jsonb not null check (jsonb_array_length(entries) > 0),
          created_at timestamptz not null
        )`.execute(db);
      // One row per order that was ever heard of. Its parts live in it, so that locking the row reads them fresh.
      await sql`
        create table reservations (
          order_id uuid primary key,
          status text not null
            check (status in ('NEW', 'HELD', 'ALLOCATED', 'SHIPPED', 'REFUSED', 'EXPIRED', 'CANCELLED')),
          version bigint not null check (version >= 0),
          parts jsonb not null default '[]',
          applied uuid[] not null default '{}',
          expires_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          check ((status = 'HELD') = (expires_at is not null))
        ) with (fillfactor = 70)`.execute(db);
      await sql`create index reservations_due on reservations (expires_at) where status = 'HELD'`.execute(db);
    },
  },
};
