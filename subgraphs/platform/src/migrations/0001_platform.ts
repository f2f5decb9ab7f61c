import type { Migrations } from '@souk/kit';
import { DEFAULT_CHANNEL } from '@souk/schema';
import { sql } from 'kysely';

export const migrations: Migrations = {
  '0001_platform': {
    async up(db) {
      await sql`
        create table channels (
          id uuid primary key,
          code text not null unique check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
          name text not null,
          currency text not null check (currency ~ '^[A-Z]{3}$'),
          default_locale text not null,
          time_zone text not null,
          prices_include_tax boolean not null,
          active boolean not null,
          version bigint not null,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
      const { id, code, currency, defaultLocale, timeZone, pricesIncludeTax } = DEFAULT_CHANNEL;
      // Every shop has a first channel before anybody signs in to make one.
      await sql`
        insert into channels values (${id}, ${code}, 'Default', ${currency}, ${defaultLocale}, ${timeZone}, ${pricesIncludeTax},
          true, 1, statement_timestamp(), statement_timestamp())`.execute(db);
    },
  },
};
