import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;

/** The kit's own tables, present in every house's schema. */
export interface KitTables {
  outbox: {
    id: string;
    seq: Generated<number>;
    type: string;
    at: Date;
    key: string;
    version: number;
    subject: string | null;
    trace: string | null;
    data: Json<unknown>;
    published_at: Date | null;
  };
  inbox: { fact_id: string; type: string; heard_at: Generated<Date> };
  dead_letters: {
    fact_id: string;
    seq: Generated<number>;
    type: string;
    key: string;
    fact: Json<unknown>;
    reason: 'FAILED' | 'KEY_PARKED';
    error: string | null;
    tries: number;
    parked_at: Generated<Date>;
    redriven_at: Date | null;
  };
  /** At most one row: what the relay knows of its broker. */
  broker: { one: boolean; made_at: string; server_id: string; heard_until: Date | null };
  idempotency: {
    principal: string;
    operation: string;
    key: string;
    input_hash: Buffer;
    result_id: string | null;
    created_at: Generated<Date>;
  };
}
