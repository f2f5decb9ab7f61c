import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_users': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table users (
          id uuid primary key,
          email citext not null,
          email_index bytea,
          password_hash text not null check (password_hash like '$argon2id$%'),
          first_name text not null check (char_length(first_name) between 1 and 100),
          last_name text not null check (char_length(last_name) between 1 and 100),
          phone text check (char_length(phone) <= 32),
          locale text not null check (char_length(locale) between 2 and 35),
          status text not null check (status in ('ACTIVE', 'SUSPENDED')),
          status_reason text check (char_length(status_reason) <= 500),
          roles text[] not null check (
            roles <@ array['CUSTOMER', 'SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN'] and 'CUSTOMER' = any(roles)
          ),
          version int not null check (version >= 1),
          created_at timestamptz not null,
          updated_at timestamptz not null,
          constraint users_email_length check (char_length(email) between 3 and 254)
        )`.execute(db);
      await sql`create unique index users_email on users (email)`.execute(db);
      await sql`create unique index users_email_index on users (email_index)`.execute(db);
      await sql`create index users_status on users (status, id)`.execute(db);
      await sql`create index users_roles on users using gin (roles)`.execute(db);
      await sql`
        create index users_search on users
        using gin (lower(first_name || ' ' || last_name || ' ' || email::text) gin_trgm_ops)`.execute(db);

      await sql`
        create table user_addresses (
          id uuid primary key,
          user_id uuid not null references users,
          type text not null check (type in ('BILLING', 'SHIPPING')),
          first_name text not null check (char_length(first_name) between 1 and 100),
          last_name text not null check (char_length(last_name) between 1 and 100),
          company text check (char_length(company) <= 200),
          address_line_1 text not null check (char_length(address_line_1) between 1 and 200),
          address_line_2 text check (char_length(address_line_2) <= 200),
          city text not null check (char_length(city) between 1 and 100),
          state text check (char_length(state) <= 100),
          country text not null check (country ~ '^[A-Z]{2}$'),
          postal_code text check (char_length(postal_code) <= 20),
          phone text check (char_length(phone) <= 32),
          is_default boolean not null,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
      await sql`create index user_addresses_user on user_addresses (user_id, id)`.execute(db);
      await sql`create unique index user_addresses_default on user_addresses (user_id, type) where is_default`.execute(
        db,
      );

      await sql`
        create table sessions (
          id uuid primary key,
          user_id uuid not null references users,
          created_at timestamptz not null,
          expires_at timestamptz not null,
          revoked_at timestamptz,
          revoked_for text check (revoked_for in ('SIGNED_OUT', 'REUSED', 'SUSPENDED', 'PASSWORD_CHANGED', 'ROLE_LOST')),
          check ((revoked_at is null) = (revoked_for is null))
        )`.execute(db);
      await sql`create index sessions_user on sessions (user_id) where revoked_at is null`.execute(db);
      await sql`create index sessions_revoked on sessions (revoked_at) where revoked_at is not null`.execute(db);
      await sql`create index sessions_expires on sessions (expires_at)`.execute(db);
      await sql`
        create table refresh_tokens (
          token_hash bytea primary key check (octet_length(token_hash) = 32),
          session_id uuid not null references sessions on delete cascade,
          expires_at timestamptz not null,
          used_at timestamptz
        )`.execute(db);
      await sql`create unique index refresh_tokens_good on refresh_tokens (session_id) where used_at is null`.execute(
        db,
      );
      await sql`create index refresh_tokens_session on refresh_tokens (session_id)`.execute(db);
      await sql`create index refresh_tokens_expires on refresh_tokens (expires_at)`.execute(db);

      await sql`
        create table guest_identities (
          guest_id uuid primary key,
          user_id uuid not null references users,
          version int not null check (version >= 1),
          identified_at timestamptz not null
        )`.execute(db);
      await sql`
        create table ended_guests (
          guest_id uuid primary key,
          ended_at timestamptz not null
        )`.execute(db);
      await sql`create index ended_guests_at on ended_guests (ended_at)`.execute(db);
    },
  },
};
