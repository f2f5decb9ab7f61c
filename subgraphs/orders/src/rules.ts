import { type CurrencyCode, fromDecimal, type Id, isCurrency, type Rejection } from '@souk/schema';
import { oneLine } from './address.ts';
import { isCountry } from './country.ts';
import type { ShippingMethodId } from './pricing.ts';
import { noRule, type RuleCode, refuse } from './rejections.ts';

export type TaxClassId = Id<'TaxClass'>;
export type TaxZoneId = Id<'TaxZone'>;
export type TaxRateId = Id<'TaxRate'>;
export type ShippingZoneId = Id<'ShippingZone'>;
export type ShippingTierId = Id<'ShippingTier'>;

export interface TaxClass {
  readonly id: TaxClassId;
  readonly code: string;
  readonly name: string;
  readonly archived: boolean;
}

/** A country, or a state of one. `state` is empty for the whole country. */
export interface Place {
  readonly country: string;
  readonly state: string;
}

export interface TaxRate {
  readonly id: TaxRateId;
  readonly zoneId: TaxZoneId;
  /** Code of the tax class. */
  readonly taxClass: string;
  readonly name: string;
  readonly basisPoints: number;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

export interface TaxZone {
  readonly id: TaxZoneId;
  readonly name: string;
  readonly places: readonly Place[];
  readonly rates: readonly TaxRate[];
}

export interface Tier {
  readonly id: ShippingTierId;
  readonly currency: CurrencyCode;
  readonly price: number;
  readonly weightFrom: number;
  readonly weightTo: number | null;
  readonly subtotalFrom: number;
  readonly subtotalTo: number | null;
}

export interface ShippingMethod {
  readonly id: ShippingMethodId;
  readonly zoneId: ShippingZoneId;
  readonly name: string;
  readonly description: string | null;
  readonly taxClass: string;
  readonly minDays: number | null;
  readonly maxDays: number | null;
  readonly position: number;
  readonly archived: boolean;
  readonly tiers: readonly Tier[];
}

export interface ShippingZone {
  readonly id: ShippingZoneId;
  readonly name: string;
  readonly countries: readonly string[];
  readonly everywhereElse: boolean;
  readonly archived: boolean;
}

/** Gathers mistakes with their paths below `input`. */
export class Check {
  readonly found: Rejection[] = [];

  no(code: RuleCode, message: string, ...field: string[]): void {
    this.found.push(noRule(code, message, ['input', ...field]));
  }

  name(typed: string, ...field: string[]): string {
    const text = oneLine(typed, 100);
    if (!text) this.no('INVALID_NAME', 'A name has 1 to 100 characters on one line.', ...field);
    return text ?? '';
  }

  done(): void {
    refuse(this.found);
  }
}

export function taxClassCode(check: Check, typed: string): string {
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(typed)) {
    const message =
      'A code starts with a letter and has at most 40 lower-case letters, digits, hyphens and underscores.';
    check.no('INVALID_CODE', message, 'code');
  }
  return typed;
}

/** State codes compare in upper case, as they are written on labels. */
export const stateOf = (typed: string | null | undefined): string => (typed ?? '').trim().toUpperCase();

export function places(
  check: Check,
  typed: readonly { country: string; state?: string | null }[],
  ...field: string[]
): Place[] {
  if (typed.length === 0 || typed.length > 300) check.no('INVALID_COUNTRY', 'Name 1 to 300 places.', ...field);
  const unique = new Map<string, Place>();
  for (const [i, { country, state }] of typed.entries()) {
    const place = { country: country.trim().toUpperCase(), state: stateOf(state) };
    if (!isCountry(place.country)) {
      check.no(
        'INVALID_COUNTRY',
        'Name the country by its ISO 3166-1 code, such as DE.',
        ...field,
        String(i),
        'country',
      );
    }
    if (place.state.length > 100)
      check.no('INVALID_COUNTRY', 'A state has at most 100 characters.', ...field, String(i), 'state');
    unique.set(`${place.country}/${place.state}`, place);
  }
  return [...unique.values()];
}

export function countries(check: Check, typed: readonly string[], everywhereElse: boolean): string[] {
  const codes = [...new Set(typed.map((code) => code.trim().toUpperCase()))];
  if (codes.length === 0 && !everywhereElse) {
    check.no('INVALID_COUNTRY', 'Name at least one country, or serve everywhere else.', 'countries');
  }
  if (!codes.every(isCountry)) {
    check.no('INVALID_COUNTRY', 'Name countries by their ISO 3166-1 codes, such as DE.', 'countries');
  }
  return codes;
}

export function ratePeriod(check: Check, from: Date | null, to: Date | null): void {
  if (from && to && from >= to) check.no('INVALID_PERIOD', 'A period ends after it begins.', 'validTo');
}

export function basisPoints(check: Check, typed: number): number {
  if (!Number.isInteger(typed) || typed < 0 || typed > 10_000) {
    check.no('INVALID_RATE', 'A rate is 0 to 10000 basis points; 1900 is 19 percent.', 'basisPoints');
  }
  return typed;
}

export function days(check: Check, min: number | null, max: number | null): void {
  const wrong = (n: number | null) => n !== null && (n < 0 || n > 365);
  if (wrong(min) || wrong(max) || (min !== null && max !== null && min > max)) {
    check.no('INVALID_DAYS', 'A delivery time is 0 to 365 days, and ends no earlier than it begins.', 'minDays');
  }
}

export interface TypedTier {
  readonly price: { readonly amount: string; readonly currency: string };
  readonly weightGramsFrom?: number | null;
  readonly weightGramsTo?: number | null;
  readonly subtotalFrom?: string | null;
  readonly subtotalTo?: string | null;
}

export const MAX_TIERS = 100;

export function tiers(check: Check, typed: readonly TypedTier[]): Omit<Tier, 'id'>[] {
  if (typed.length === 0 || typed.length > MAX_TIERS) {
    check.no('INVALID_TIER', `A shipping method has 1 to ${MAX_TIERS} tiers.`, 'tiers');
  }
  return typed.map((tier, i): Omit<Tier, 'id'> => {
    const path = ['tiers', String(i)];
    const { currency } = tier.price;
    if (!isCurrency(currency)) {
      check.no('INVALID_TIER', 'A currency is an ISO 4217 code, such as EUR.', ...path, 'price', 'currency');
      return {
        currency: 'EUR' as CurrencyCode,
        price: 0,
        weightFrom: 0,
        weightTo: null,
        subtotalFrom: 0,
        subtotalTo: null,
      };
    }
    const amount = (text: string, ...field: string[]): number => {
      const minor = fromDecimal(text, currency)?.amountMinor ?? -1;
      if (minor < 0) {
        check.no(
          'INVALID_TIER',
          'An amount is not negative and has no more digits than its currency.',
          ...path,
          ...field,
        );
      }
      return minor;
    };
    const [weightFrom, weightTo] = [tier.weightGramsFrom ?? 0, tier.weightGramsTo ?? null];
    const subtotalFrom = tier.subtotalFrom == null ? 0 : amount(tier.subtotalFrom, 'subtotalFrom');
    const subtotalTo = tier.subtotalTo == null ? null : amount(tier.subtotalTo, 'subtotalTo');
    if (weightFrom < 0 || (weightTo !== null && weightTo <= weightFrom)) {
      check.no(
        'INVALID_TIER',
        'A weight range begins at 0 or above and ends above its begin.',
        ...path,
        'weightGramsTo',
      );
    }
    if (subtotalTo !== null && subtotalTo <= subtotalFrom) {
      check.no('INVALID_TIER', 'A subtotal range ends above its begin.', ...path, 'subtotalTo');
    }
    return {
      currency,
      price: amount(tier.price.amount, 'price', 'amount'),
      weightFrom,
      weightTo,
      subtotalFrom,
      subtotalTo,
    };
  });
}
