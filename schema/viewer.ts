import type { Role } from './events/users.ts';
import type { AppId, ChannelId, UserId } from './ids.ts';
import type { CurrencyCode } from './money.ts';
import type { Scope } from './scopes.ts';

/** Where one sells: fixes currency, default locale, time zone and whether prices include tax. */
export interface Channel {
  readonly id: ChannelId;
  readonly code: string;
  readonly currency: CurrencyCode;
  readonly defaultLocale: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly pricesIncludeTax: boolean;
}

/**
 * Who asks, from where. Made by the router from a verified token, trusted by the houses.
 * `principal` owns carts and orders: `user:<uuid>`, `guest:<uuid>`, `app:<uuid>` where an app speaks for nobody but itself,
 * `system` (ears, ticks), or `anonymous`, which may not write.
 */
export interface Viewer {
  readonly principal: string;
  readonly userId: UserId | null;
  readonly guestId: string | null;
  readonly sessionId: string | null;
  readonly roles: readonly Role[];
  /** What an app's key lets it do; unsaid for people. */
  readonly scopes?: readonly Scope[];
  /** The app whose API key came with the request: for itself, or for the user or guest it acts for. Unsaid where none came. */
  readonly appId?: AppId;
  readonly channel: Channel;
  /** BCP 47 tag the viewer reads, such as `de` or `en-GB`. */
  readonly locale: string;
  readonly requestId: string;
  /** IP address the request came from, for limiters alone; null where there is none. Personal: never logged, stored or said. */
  readonly clientAddress: string | null;
  /** W3C traceparent of the request, or null. */
  readonly trace: string | null;
}

/** The channel every shop starts with. Its id is fixed so that houses agree on it before any fact has travelled. */
export const DEFAULT_CHANNEL: Channel = {
  id: '01900000-0000-7000-8000-000000000001' as ChannelId,
  code: 'default',
  currency: 'EUR' as CurrencyCode,
  defaultLocale: 'en',
  timeZone: 'Europe/Berlin',
  pricesIncludeTax: true,
};

/** Whether somebody works for the shop: a person by a role, an app by any scope. */
export const isStaff = ({ roles, scopes }: Viewer): boolean =>
  roles.some((role) => role !== 'CUSTOMER') || (scopes !== undefined && scopes.length > 0);
