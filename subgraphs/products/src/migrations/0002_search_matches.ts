import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

/**
 * Products whose documents match, found by the index of words however many they are. The settings keep the planner from
 * looking into every document instead; a function that has settings is not dissolved into the statement that calls it.
 */
export const searchMatches: Migrations = {
  '0002_search_matches': {
    async up(db: Kysely<unknown>) {
      await sql
        .raw(`create function search_matches(wanted tsquery) returns table (product_id uuid)
          language sql stable rows 1000 cost 1000
          set enable_seqscan = off set max_parallel_workers_per_gather = 0
          as 'select s.product_id from product_search as s where s.document @@ wanted'`)
        .execute(db);
    },
  },
};
