import { type ChannelId, type CurrencyCode, decodeId, fromDecimal, isCurrency, type Money, money } from '@souk/schema';
import type { Problems } from './problems.ts';

export const PRICE_MAX = 100_000_000_000;

/** What a variant costs in a channel and currency, from `validFrom` until just before `validTo` (ISO-8601 UTC; null is open). */
export interface Price {
  readonly channelId: ChannelId;
  readonly currency: CurrencyCode;
  readonly amountMinor: number;
  readonly compareAtMinor: number | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** Where a price is meant where it says nothing else. */
export interface PricePlace {
  readonly id: ChannelId;
  readonly currency: string;
}

/** A price as a client writes it: channel as a wire id. */
export interface PriceDraft {
  readonly channelId?: string | null;
  readonly currency?: string | null;
  readonly amount: string;
  readonly compareAt?: string | null;
  readonly validFrom?: Date | null;
  readonly validTo?: Date | null;
}

const startOf = (price: Price): number => (price.validFrom === null ? -Infinity : Date.parse(price.validFrom));
const endOf = (price: Price): number => (price.validTo === null ? Infinity : Date.parse(price.validTo));
const moment = (at: number): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null);

export const isCurrent = (price: Price, at: Date): boolean =>
  startOf(price) <= at.getTime() && at.getTime() < endOf(price);

const samePlace = (a: Price, b: Price): boolean => a.channelId === b.channelId && a.currency === b.currency;

/**
 * A variant's prices after `set` was said: within its validity it is the price of its channel and currency, before and
 * after it everything is as it was. So a sale can be laid over a standing price, and validities never overlap.
 */
export function setPrice(prices: readonly Price[], set: Price): Price[] {
  const [from, to] = [startOf(set), endOf(set)];
  const kept = prices.flatMap((price) => {
    if (!samePlace(price, set) || endOf(price) <= from || startOf(price) >= to) return [price];
    const rest: Price[] = [];
    if (startOf(price) < from) rest.push({ ...price, validTo: moment(from) });
    if (endOf(price) > to) rest.push({ ...price, validFrom: moment(to) });
    return rest;
  });
  return inOrder([...kept, set]);
}

/** The prices said for a channel and currency become all it has there. */
export function replacePrices(prices: readonly Price[], said: readonly Price[]): Price[] {
  const kept = prices.filter((price) => !said.some((one) => samePlace(one, price)));
  return inOrder(said.reduce<Price[]>((all, one) => setPrice(all, one), kept));
}

const inOrder = (prices: readonly Price[]): Price[] =>
  [...prices].sort(
    (a, b) =>
      a.channelId.localeCompare(b.channelId) || a.currency.localeCompare(b.currency) || startOf(a) - startOf(b) || 0,
  );

/** The next moment at which one of these prices starts or ends, or null. */
export function nextPriceChange(prices: readonly Price[], now: Date): Date | null {
  const after = prices.flatMap((price) => [startOf(price), endOf(price)]).filter((at) => at > now.getTime());
  const next = Math.min(...after);
  return Number.isFinite(next) ? new Date(next) : null;
}

/** The lowest price that holds now in each channel and currency. */
export function lowestPrices(prices: readonly Price[], now: Date): Price[] {
  const lowest = new Map<string, Price>();
  for (const price of prices) {
    if (!isCurrent(price, now)) continue;
    const place = `${price.channelId} ${price.currency}`;
    const known = lowest.get(place);
    if (!known || price.amountMinor < known.amountMinor) lowest.set(place, price);
  }
  return [...lowest.values()];
}

const amountOf = (problems: Problems, text: string, currency: CurrencyCode): number | null => {
  const amount = fromDecimal(text, currency)?.amountMinor;
  if (amount !== undefined && amount >= 0 && amount <= PRICE_MAX) return amount;
  problems.no(
    'INVALID',
    'An amount is not negative, below a thousand million, and has no more digits than its currency.',
  );
  return null;
};

/** A price as written → the price meant, or null where it was refused. Another channel's currency must be said. */
export function readPrice(problems: Problems, draft: PriceDraft, place: PricePlace): Price | null {
  const channelId = draft.channelId == null ? place.id : decodeId('Channel', draft.channelId);
  if (!channelId) {
    problems.at('channelId').no('NOT_FOUND', 'There is no such channel.');
    return null;
  }
  const currency = draft.currency ?? (channelId === place.id ? place.currency : '');
  if (!isCurrency(currency)) {
    problems.at('currency').no('INVALID', 'A currency is an ISO 4217 code, such as EUR.');
    return null;
  }
  const amountMinor = amountOf(problems.at('amount'), draft.amount, currency);
  const compareAtMinor = draft.compareAt == null ? null : amountOf(problems.at('compareAt'), draft.compareAt, currency);
  if (amountMinor === null) return null;
  if (compareAtMinor !== null && compareAtMinor <= amountMinor) {
    problems.at('compareAt').no('INVALID', 'The price to compare with is higher than the price itself.');
    return null;
  }
  const validFrom = draft.validFrom?.toISOString() ?? null;
  const validTo = draft.validTo?.toISOString() ?? null;
  const price = { channelId, currency, amountMinor, compareAtMinor, validFrom, validTo };
  if (startOf(price) >= endOf(price)) {
    problems.at('validTo').no('INVALID', 'A price ends after it starts.');
    return null;
  }
  return price;
}

/** A cost as written → the cost meant: undefined leaves what is known, null clears it. */
export function readCost(
  problems: Problems,
  draft: { readonly amount: string; readonly currency: string } | null | undefined,
  known: Money | null,
): Money | null {
  if (draft === undefined) return known;
  if (draft === null) return null;
  if (!isCurrency(draft.currency)) {
    problems.at('currency').no('INVALID', 'A currency is an ISO 4217 code, such as EUR.');
    return known;
  }
  const amount = amountOf(problems.at('amount'), draft.amount, draft.currency);
  return amount === null ? known : money(amount, draft.currency);
}
