import type { SharedOperationId } from '@souk/schema';

export interface SharedOperationTable {
  id: SharedOperationId;
  name: string;
  description: string;
  body: string;
  variables: string | null;
  version: number;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
}
