import { type Kysely, sql } from 'kysely';
import { SCHEMA, type SimulatorDb } from '../simulator.tables.ts';

/** `all` reaches the database; the builder below puts every table into the simulator's own schema. */
export async function up(all: Kysely<unknown>): Promise<void> {
  const db = all.withSchema(SCHEMA).withTables<Pick<SimulatorDb, 'settings'>>();
  const sequenced = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.generatedAlwaysAsIdentity().notNull().unique());

  await sequenced('payment_methods')
    .addColumn('body', 'jsonb', (c) => c.notNull())
    .execute();
  await sequenced('payment_intents')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('state', 'jsonb', (c) => c.notNull())
    .execute();
  await sequenced('intent_objects')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('intent_id', 'text', (c) => c.notNull().references('payment_intents.id'))
    .execute();
  await db.schema.createIndex('intent_objects_kind_seq').on('intent_objects').columns(['kind', 'seq']).execute();
  await db.schema
    .createIndex('intent_objects_intent')
    .on('intent_objects')
    .columns(['intent_id', 'kind', 'seq'])
    .execute();
  await sequenced('events')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('events_type_seq').on('events').columns(['type', 'seq']).execute();
  await db.schema
    .createTable('deliveries')
    .addColumn('event_id', 'text', (c) => c.primaryKey().references('events.id'))
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_attempt_at', 'timestamptz', (c) => c.notNull())
    .addColumn('delivered_at', 'timestamptz')
    .addColumn('given_up', 'boolean', (c) => c.notNull())
    .addColumn('last_result', 'text')
    .execute();
  await db.schema
    .createIndex('deliveries_due')
    .on('deliveries')
    .column('next_attempt_at')
    .where(sql<boolean>`delivered_at is null and not given_up`)
    .execute();
  await db.schema
    .createTable('settlements')
    .addColumn('refund_id', 'text', (c) => c.primaryKey())
    .addColumn('intent_id', 'text', (c) => c.notNull().references('payment_intents.id'))
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('due_at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('params_hash', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('status', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('settings')
    .addColumn('only', 'boolean', (c) => c.primaryKey().check(sql`"only"`))
    .addColumn('webhooks_paused', 'boolean', (c) => c.notNull())
    .execute();
  await db.insertInto('settings').values({ only: true, webhooks_paused: false }).execute();
}
