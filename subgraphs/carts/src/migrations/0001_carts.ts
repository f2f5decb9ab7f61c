import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_carts': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table carts (
          id uuid primary key,
          principal text not null check (principal ~ '^(user|guest):'),
          version int not null check (version >= 0),
          item_count int not null check (item_count >= 0),
          codes text[] not null default '{}',
          note text check (char_length(note) between 1 and 1000),
          email text check (char_length(email) between 3 and 254),
          shipping_address jsonb,
          billing_address jsonb,
          shipping_method_id uuid,
          notices jsonb not null default '[]',
          -- What was merged into it: an order of such a cart is an order of this one.
          merged_ids uuid[] not null default '{}',
          merged_principals text[] not null default '{}',
          abandoned_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
      await sql`create unique index carts_principal on carts (principal)`.execute(db);
      await sql`create index carts_merged on carts using gin (merged_ids)`.execute(db);
      await sql`create index carts_idle on carts (updated_at) where abandoned_at is null and item_count > 0`.execute(
        db,
      );
      await sql`create index carts_empty on carts (updated_at) where item_count = 0`.execute(db);
      await sql`
        create table cart_lines (
          id uuid primary key,
          cart_id uuid not null references carts on delete cascade,
          variant_id uuid not null,
          quantity int not null check (quantity between 1 and 999),
          unique (cart_id, variant_id)
        )`.execute(db);
      // Products' and inventory's word on a variant, each with its own version. Either may be heard first.
      await sql`
        create table variants (
          variant_id uuid primary key,
          product_id uuid,
          product_version bigint not null default 0,
          published boolean not null default false,
          max_per_order int check (max_per_order > 0),
          stock_version bigint not null default 0,
          available int not null default 0 check (available >= 0)
        )`.execute(db);
      // Orders whose quantities left a cart, or will once the cart is found (not applied yet).
      await sql`
        create table ordered (
          order_id uuid primary key,
          cart_id uuid not null,
          principal text not null,
          lines jsonb not null,
          applied boolean not null,
          at timestamptz not null
        )`.execute(db);
      await sql`create index ordered_waiting on ordered (cart_id) where not applied`.execute(db);
      await sql`create index ordered_at on ordered (at)`.execute(db);
    },
  },
};
