import { type Channel, isCurrency, Rejection, Rejections } from '@souk/schema';

/** A channel with what the merchant manages of it. */
export interface ManagedChannel extends Channel {
  readonly name: string;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ChannelDraft {
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly defaultLocale: string;
  readonly timeZone: string;
  readonly pricesIncludeTax: boolean;
}

export interface ChannelChange {
  readonly name?: string | null;
  readonly defaultLocale?: string | null;
  readonly timeZone?: string | null;
  readonly active?: boolean | null;
}

const ZONES: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

const CONTROL = /\p{Cc}|\p{Zl}|\p{Zp}/u;

/** Every mistake in a draft; none means it can be stored. */
function mistakes({ code, name, currency, defaultLocale, timeZone }: Partial<ChannelDraft>): Rejection[] {
  const found: Rejection[] = [];
  const no = (kind: string, message: string, field: string) =>
    found.push(new Rejection(kind, message, ['input', field]));
  if (code !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(code)) {
    no(
      'INVALID_CODE',
      'A code starts with a letter and has at most 40 lower-case letters, digits and hyphens.',
      'code',
    );
  }
  if (name !== undefined && (name.trim() === '' || name.length > 100 || CONTROL.test(name))) {
    no('INVALID_NAME', 'A name has between 1 and 100 characters on one line.', 'name');
  }
  if (currency !== undefined && !isCurrency(currency)) {
    no('INVALID_CURRENCY', 'A currency is an ISO 4217 code, such as EUR.', 'currency');
  }
  if (defaultLocale !== undefined && !isLocale(defaultLocale)) {
    no('INVALID_LOCALE', 'A locale is a language tag, such as de or en-GB.', 'defaultLocale');
  }
  if (timeZone !== undefined && !ZONES.has(timeZone)) {
    no('INVALID_TIME_ZONE', 'A time zone is an IANA name, such as Europe/Berlin.', 'timeZone');
  }
  return found;
}

function isLocale(tag: string): boolean {
  try {
    return tag.length <= 35 && Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

function refuse(found: readonly Rejection[]): void {
  if (found.length > 0) throw new Rejections(found);
}

export function create(draft: ChannelDraft, id: Channel['id'], now: Date): ManagedChannel {
  refuse(mistakes(draft));
  return {
    ...draft,
    name: draft.name.trim(),
    id,
    currency: draft.currency as Channel['currency'],
    active: true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** Code and currency stay for good: prices and orders were made in them. */
export function change(channel: ManagedChannel, wanted: ChannelChange, now: Date): ManagedChannel {
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null));
  refuse(mistakes(given));
  const name = wanted.name?.trim() ?? channel.name;
  return { ...channel, ...given, name, version: channel.version + 1, updatedAt: now };
}
