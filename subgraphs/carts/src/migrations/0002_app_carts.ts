import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const appCarts: Migrations = {
  '0002_app_carts': {
    async up(db: Kysely<unknown>) {
      await sql`alter table carts drop constraint carts_principal_check`.execute(db);
      // The rows that are there passed the narrower one.
      await sql`
        alter table carts add constraint carts_principal_check
        check (principal ~ '^(user|guest|app):') not valid`.execute(db);
    },
  },
};
