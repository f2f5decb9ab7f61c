import { type Kysely, sql } from 'kysely';
import type { Migrations } from './db.ts';

/**
 * The tables every house carries. Outbox and inbox are partitioned by week on their fact id, which is a UUIDv7 and so
 * holds the time: rotating is attaching and dropping a partition, and a unique id stays unique over all of them.
 */
export const kitMigrations: Migrations = {
  '0000_kit': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table outbox (
          id uuid not null,
          seq bigint generated always as identity,
          type text not null,
          at timestamptz not null,
          key text not null,
          version bigint not null,
          subject text,
          trace text,
          data jsonb not null,
          published_at timestamptz,
          primary key (id)
        ) partition by range (id)`.execute(db);
      await sql`create index outbox_unpublished on outbox (seq) where published_at is null`.execute(db);
      await sql`create index outbox_subject on outbox (subject) where subject is not null`.execute(db);
      await sql`
        create table inbox (
          fact_id uuid not null,
          type text not null,
          heard_at timestamptz not null default now(),
          primary key (fact_id)
        ) partition by range (fact_id)`.execute(db);
      await sql`create table outbox_default partition of outbox default`.execute(db);
      await sql`create table inbox_default partition of inbox default`.execute(db);
      await sql`
        create table dead_letters (
          fact_id uuid primary key,
          seq bigint generated always as identity,
          type text not null,
          key text not null,
          fact jsonb not null,
          reason text not null check (reason in ('FAILED', 'KEY_PARKED')),
          error text,
          tries int not null,
          parked_at timestamptz not null default now(),
          redriven_at timestamptz
        )`.execute(db);
      await sql`create index dead_letters_key on dead_letters (key, seq)`.execute(db);
      await sql`
        create table idempotency (
          principal text not null,
          operation text not null,
          key text not null,
          input_hash bytea not null,
          result_id text,
          created_at timestamptz not null default now(),
          primary key (principal, operation, key)
        )`.execute(db);
      await sql`create index idempotency_created_at on idempotency (created_at)`.execute(db);
      // The runtime role may not change tables; rotation is the one thing it may ask for, and only in this shape.
      await sql`
        create function rotate_partitions(weeks_ahead int, keep_days int) returns void
        language plpgsql security definer as $$
        declare
          week timestamptz;
          stem text;
          part record;
          old_floor text;
          unpublished boolean;
        begin
          for n in 0..weeks_ahead loop
            week := date_trunc('week', now() at time zone 'utc') at time zone 'utc' + make_interval(weeks => n);
            foreach stem in array array['outbox', 'inbox'] loop
              if to_regclass(format('%I.%I', current_schema(), stem || '_' || to_char(week at time zone 'utc', 'IYYYIW'))) is null then
                execute format('create table %I partition of %I for values from (%L) to (%L)',
                  stem || '_' || to_char(week at time zone 'utc', 'IYYYIW'), stem, uuid_floor(week), uuid_floor(week + interval '7 days'));
              end if;
            end loop;
          end loop;
          old_floor := to_char((now() - make_interval(days => keep_days + 7)) at time zone 'utc', 'IYYYIW');
          for part in
            select c.relname, p.relname as stem from pg_inherits i
            join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
            join pg_namespace s on s.oid = c.relnamespace
            where s.nspname = current_schema() and p.relname in ('outbox', 'inbox')
              and right(c.relname, 6) ~ '^[0-9]{6}$' and right(c.relname, 6) < old_floor
          loop
            unpublished := false;
            if part.stem = 'outbox' then
              execute format('select exists (select from %I where published_at is null)', part.relname) into unpublished;
            end if;
            if not unpublished then execute format('drop table %I', part.relname); end if;
          end loop;
        end $$`.execute(db);
      await sql`
        create function uuid_floor(at timestamptz) returns uuid language sql immutable as $$
          select rpad(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
        $$`.execute(db);
      const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
      await sql`alter function rotate_partitions(int, int) set search_path = ${sql.id(rows[0]!.schema)}, pg_temp`.execute(
        db,
      );
      await sql`select rotate_partitions(3, 30)`.execute(db);
    },
  },
  '0000_kit_broker': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table broker (
          one boolean primary key check (one),
          made_at text not null,
          server_id text not null,
          heard_until timestamptz
        )`.execute(db);
    },
  },
};
