import type { ChannelId, CurrencyCode } from '@souk/schema';

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
}
