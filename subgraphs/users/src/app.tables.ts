import type { ApiKeyId, AppId, Scope } from '@souk/schema';

export interface AppsTable {
  id: AppId;
  name: string;
  client: string | null;
  scopes: Scope[];
  requests_per_minute: number | null;
  cost_per_minute: number | null;
  active: boolean;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export interface ApiKeysTable {
  id: ApiKeyId;
  app_id: AppId;
  prefix: string;
  /** SHA-256 of a key that holds 256 random bits: nothing that could be presented is kept. */
  key_hash: Buffer;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
  last_used_at: Date | null;
}
