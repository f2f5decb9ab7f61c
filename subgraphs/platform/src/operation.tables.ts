import type { RegisteredOperationId } from '@souk/schema';
import type { Generated } from 'kysely';
import type { OperationKind } from './operation.ts';

export interface OperationsTable {
  id: RegisteredOperationId;
  client: string;
  document_id: string;
  name: string;
  type: OperationKind;
  owner: string;
  body: string;
  max_age: number | null;
  scopes: string[] | null;
  cost: number | null;
  /** Of the registry when it last changed by registering or retiring; use does not change it. */
  version: number;
  registered_at: Date;
  registered_by: string;
  retired_at: Date | null;
  retired_by: string | null;
  uses: Generated<number>;
  last_used_at: Date | null;
}

export interface OperationsVersionTable {
  single: boolean;
  version: number;
}
