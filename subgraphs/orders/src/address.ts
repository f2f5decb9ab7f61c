import type { Rejection } from '@souk/schema';
import { isCountry } from './country.ts';
import { no } from './rejections.ts';

/** Where parcels or bills go. Personal. */
export interface Address {
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string | null;
  readonly addressLine1: string;
  readonly addressLine2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly country: string;
  readonly postalCode: string | null;
  readonly phone: string | null;
}

/** An address as it was typed. */
export type TypedAddress = { readonly [K in keyof Address]?: string | null };

// Line breaks and control characters would break a label or a mail's header.
const CONTROL = /\p{Cc}|\p{Zl}|\p{Zp}/u;

/** Trimmed text on one line, null where nothing was written, undefined where it is too long or holds control characters. */
export function oneLine(typed: string | null | undefined, max: number): string | null | undefined {
  const text = (typed ?? '').normalize('NFC').trim();
  if (text === '') return null;
  return [...text].length > max || CONTROL.test(text) ? undefined : text;
}

/** Trimmed text that may hold line breaks; null where nothing was written, undefined where it is too long. */
export function paragraph(typed: string | null | undefined, max: number): string | null | undefined {
  const text = (typed ?? '').normalize('NFC').trim();
  if (text === '') return null;
  return [...text].length > max || CONTROL.test(text.replace(/[\n\t]/g, '')) ? undefined : text;
}

const EMAIL = /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** A checked e-mail address, or null. */
export function email(typed: string): string | null {
  const text = typed.normalize('NFC').trim();
  return text.length <= 254 && EMAIL.test(text) ? text : null;
}

const parts = [
  ['firstName', 'first name', 100, true],
  ['lastName', 'last name', 100, true],
  ['company', 'company', 200, false],
  ['addressLine1', 'first address line', 200, true],
  ['addressLine2', 'second address line', 200, false],
  ['city', 'city', 100, true],
  ['state', 'state', 100, false],
  ['postalCode', 'postal code', 20, false],
  ['phone', 'phone number', 40, false],
] as const;

/** The address as it is kept; adds every mistake, with its path, to `found`. */
export function checkAddress(typed: TypedAddress, field: readonly string[], found: Rejection[]): Address {
  const address: Record<string, string | null> = {};
  for (const [name, label, max, required] of parts) {
    const text = oneLine(typed[name], max);
    if (text === undefined || (required && text === null)) {
      const message = required
        ? `Write the ${label} in 1 to ${max} characters on one line.`
        : `The ${label} has at most ${max} characters on one line.`;
      found.push(no('INVALID_ADDRESS', message, [...field, name]));
    }
    address[name] = text ?? null;
  }
  const country = (typed.country ?? '').trim().toUpperCase();
  if (!isCountry(country)) {
    const message = 'Name the country by its two-letter ISO 3166-1 code, such as DE.';
    found.push(no('INVALID_ADDRESS', message, [...field, 'country']));
  }
  return { ...address, country } as unknown as Address;
}
