import { ChannelsDocument } from '@souk/admin';
import { isRecord, sessionStore } from './store.ts';
import { type Headers, post } from './wire.ts';

/** What a person shops in; an empty text leaves the choice to the graph. */
export interface ShopContext {
  channel: string;
  currency: string;
  locale: string;
}

export interface Channel {
  code: string;
  currency: string;
  defaultLocale: string;
}

const isContext = (value: unknown): value is ShopContext =>
  isRecord(value) && [value.channel, value.currency, value.locale].every((part) => typeof part === 'string');

export const shopContext = sessionStore<ShopContext>(
  'souk.console.context',
  { channel: '', currency: '', locale: '' },
  isContext,
);

/** The context as the graph reads it, on HTTP and in `connectionParams` alike. */
export function contextHeaders({ channel, currency, locale }: ShopContext = shopContext.get()): Headers {
  return {
    ...(channel && { 'souk-channel': channel }),
    ...(currency && { 'souk-currency': currency }),
    ...(locale && { 'souk-locale': locale }),
  };
}

/** The shop's channels, or the sentence that says why there are none. */
export async function listChannels(): Promise<Channel[]> {
  const answer = await post({ query: String(ChannelsDocument).trim() }, {});
  const channels = answer.data?.channels;
  if (!Array.isArray(channels)) throw new Error(answer.errors?.[0]?.message ?? 'The graph named no channels.');
  return channels.filter(isRecord).map(({ code, currency, defaultLocale }) => ({
    code: String(code),
    currency: String(currency),
    defaultLocale: String(defaultLocale),
  }));
}
