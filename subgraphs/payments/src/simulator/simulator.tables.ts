import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Intent, PaymentMethod } from './simulator.intents.ts';

/** The simulator's own schema: it stands for a company elsewhere, and shares no table with any house. */
export const SCHEMA = 'stripe_simulator';

type Written<T> = ColumnType<T, T, never>;

export interface SimulatorDb {
  payment_methods: { id: string; seq: Generated<string>; body: JSONColumnType<PaymentMethod> };
  payment_intents: {
    id: string;
    seq: Generated<string>;
    created_at: Written<Date>;
    state: ColumnType<Intent, string, string>;
  };
  /** Which intent a charge, refund or dispute belongs to. */
  intent_objects: { id: string; seq: Generated<string>; kind: ObjectKind; intent_id: string };
  events: {
    id: string;
    seq: Generated<string>;
    type: string;
    created_at: Written<Date>;
    /** The text that is signed and sent; kept as text so that every delivery is the same to the byte. */
    body: string;
  };
  deliveries: {
    event_id: string;
    attempts: number;
    next_attempt_at: Date;
    delivered_at: Date | null;
    given_up: boolean;
    last_result: string | null;
  };
  settlements: { refund_id: string; intent_id: string; outcome: 'succeeded' | 'failed'; due_at: Date };
  idempotency_keys: {
    key: string;
    endpoint: string;
    params_hash: string;
    request_id: string;
    status: number;
    body: string;
    created_at: Written<Date>;
  };
  settings: { only: boolean; webhooks_paused: boolean };
}

export type ObjectKind = 'charge' | 'refund' | 'dispute';
