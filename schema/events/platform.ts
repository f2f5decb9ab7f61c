import type { ChannelId } from '../ids.ts';
import type { CurrencyCode } from '../money.ts';
import type { Fact } from './envelope.ts';

/** A channel came to be or changed. State. Keyed by channelId. */
export type ChannelChanged = Fact<
  'platform.ChannelChanged',
  {
    channelId: ChannelId;
    code: string;
    currency: CurrencyCode;
    defaultLocale: string;
    timeZone: string;
    pricesIncludeTax: boolean;
    active: boolean;
  }
>;

export type PlatformFact = ChannelChanged;
