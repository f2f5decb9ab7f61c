import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const operations: Migrations = {
  '0002_operations': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table operations (
          id uuid primary key,
          client text not null check (client ~ '^[a-z][a-z0-9-]{0,39}$'),
          document_id text not null check (char_length(document_id) between 1 and 128),
          name text not null check (char_length(name) between 1 and 200),
          type text not null check (type in ('QUERY', 'MUTATION', 'SUBSCRIPTION')),
          owner text not null check (char_length(owner) between 1 and 100),
          body text not null check (octet_length(body) between 1 and 100000),
          max_age int check (max_age between 1 and 31536000),
          scopes text[],
          cost int,
          version bigint not null,
          registered_at timestamptz not null,
          registered_by text not null,
          retired_at timestamptz,
          retired_by text,
          uses bigint not null default 0,
          last_used_at timestamptz,
          check ((retired_at is null) = (retired_by is null))
        )`.execute(db);
      await sql`create unique index operations_document on operations (client, document_id)`.execute(db);
      await sql`create unique index operations_changes on operations (version)`.execute(db);
      await sql`create index operations_order on operations (client, name, id)`.execute(db);
      // One row: whoever changes the registry takes its next version here, so that versions become visible in their order.
      await sql`create table operations_version (single boolean primary key check (single), version bigint not null)`.execute(
        db,
      );
      await sql`insert into operations_version values (true, 0)`.execute(db);
    },
  },
};
