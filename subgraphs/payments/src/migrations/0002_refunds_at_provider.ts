import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

/** A refund made at the provider may take what ours, asked for and under way, will then be refused. */
export const refundsAtProvider: Migrations = {
  '0002_refunds_at_provider': {
    async up(db: Kysely<unknown>) {
      const run = (text: string) => sql.raw(text).execute(db);
      await run(`alter table payments drop constraint payments_refunding,
        add constraint payments_refunding check (refunding between 0 and amount)`);
      await run(`create index gateway_events_early on gateway_events (payment_id, received_at)
        where quarantine_reason = 'UNKNOWN_REFUND' and resolved_at is null`);
      await run(`create index gateway_events_of on gateway_events (reference) where quarantine_reason is not null`);
    },
  },
};
