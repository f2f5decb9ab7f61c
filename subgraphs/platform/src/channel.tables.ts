import type { ChannelId, CurrencyCode } from '@souk/schema';
import type { OperationsTable, OperationsVersionTable } from './operation.tables.ts';
import type { SharedOperationTable } from './shared-operation.tables.ts';

export interface ChannelTable {
  id: ChannelId;
  code: string;
  name: string;
  currency: CurrencyCode;
  default_locale: string;
  time_zone: string;
  prices_include_tax: boolean;
  active: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface PlatformDb {
  channels: ChannelTable;
  operations: OperationsTable;
  operations_version: OperationsVersionTable;
  shared_operations: SharedOperationTable;
}
