import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const sharedOperations: Migrations = {
  '0003_shared_operations': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table shared_operations (
          id uuid primary key,
          name text not null check (char_length(name) between 1 and 100),
          description text not null check (char_length(description) <= 500),
          body text not null check (octet_length(body) between 1 and 20000),
          variables text check (octet_length(variables) between 2 and 20000),
          version int not null,
          created_at timestamptz not null,
          created_by text not null,
          updated_at timestamptz not null,
          updated_by text not null
        )`.execute(db);
      await sql`create unique index shared_operations_name on shared_operations (lower(name))`.execute(db);
    },
  },
};
