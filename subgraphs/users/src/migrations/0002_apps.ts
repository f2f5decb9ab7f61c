import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const apps: Migrations = {
  '0002_apps': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table apps (
          id uuid primary key,
          name text not null check (char_length(name) between 1 and 100),
          client text check (client ~ '^[a-z][a-z0-9-]{0,39}$'),
          scopes text[] not null,
          requests_per_minute int check (requests_per_minute between 1 and 1000000),
          cost_per_minute int check (cost_per_minute between 1 and 1000000000),
          active boolean not null,
          version int not null check (version >= 1),
          created_by text not null,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
      await sql`
        create table api_keys (
          id uuid primary key,
          app_id uuid not null references apps,
          prefix text not null check (char_length(prefix) between 4 and 20),
          key_hash bytea not null check (octet_length(key_hash) = 32),
          created_by text not null,
          created_at timestamptz not null,
          expires_at timestamptz,
          revoked_at timestamptz,
          revoked_by text,
          last_used_at timestamptz,
          check ((revoked_at is null) = (revoked_by is null))
        )`.execute(db);
      await sql`create unique index api_keys_hash on api_keys (key_hash)`.execute(db);
      await sql`create index api_keys_app on api_keys (app_id, id)`.execute(db);
    },
  },
};
