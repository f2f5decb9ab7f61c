import { Rejection, Rejections } from '@souk/schema';

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

export type TypedAddress = { readonly [K in keyof Address]?: string | null };

// Line breaks and control characters would break a label or a mail's header.
const CONTROL = /\p{Cc}|\p{Zl}|\p{Zp}/u;
const EMAIL = /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** Trimmed, null where nothing was written, undefined where it is too long or not on one line. */
function oneLine(typed: string | null | undefined, max: number): string | null | undefined {
  const text = tidy(typed);
  if (text === '') return null;
  return [...text].length > max || CONTROL.test(text) ? undefined : text;
}

const tidy = (typed: string | null | undefined): string => (typed ?? '').normalize('NFC').trim();

/** A checked e-mail address, or null for none. Throws INVALID_EMAIL. */
export function email(typed: string | null | undefined): string | null {
  const text = tidy(typed);
  if (text === '') return null;
  if (text.length > 254 || !EMAIL.test(text)) {
    throw new Rejection('INVALID_EMAIL', 'Write an e-mail address such as name@example.com.', ['input', 'email']);
  }
  return text;
}

const MAX_NOTE = 1000;

/** A checked note, which may have several lines, or null for none. Throws INVALID_NOTE. */
export function note(typed: string | null | undefined): string | null {
  const text = tidy(typed).replaceAll('\r\n', '\n');
  if (text === '') return null;
  if ([...text].length > MAX_NOTE || CONTROL.test(text.replaceAll(/[\n\t]/g, ''))) {
    throw new Rejection('INVALID_NOTE', `A note has at most ${MAX_NOTE} characters.`, ['input', 'note']);
  }
  return text;
}

const parts = [
  ['firstName', 'first name', 100, true],
  ['lastName', 'last name', 100, true],
  ['company', 'company', 200, false],
  ['addressLine1', 'street and number', 200, true],
  ['addressLine2', 'second line of the address', 200, false],
  ['city', 'city', 100, true],
  ['state', 'state or province', 100, false],
  ['postalCode', 'postal code', 20, false],
  ['phone', 'phone number', 40, false],
] as const;

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Regions that Intl names and no post serves. */
const NOWHERE = new Set(['ZZ', 'QO', 'EU', 'EZ', 'UN', 'XA', 'XB']);
const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) && !NOWHERE.has(code) && regions.of(code) !== undefined;

/** The addresses as they are kept. Throws Rejections INVALID_ADDRESS for every mistake in all of them at once. */
export function addresses(typed: Readonly<Record<string, TypedAddress>>): Record<string, Address> {
  const found: Rejection[] = [];
  const checked = Object.entries(typed).map(([name, fields]) => [name, address(fields, ['input', name], found)]);
  if (found.length > 0) throw new Rejections(found);
  return Object.fromEntries(checked);
}

function address(typed: TypedAddress, field: readonly string[], found: Rejection[]): Address {
  const text: Record<string, string | null> = {};
  for (const [name, label, max, required] of parts) {
    const value = oneLine(typed[name], max);
    if (value === undefined || (required && value === null)) {
      const message = required
        ? `Write the ${label} in 1 to ${max} characters on one line.`
        : `Write the ${label} in at most ${max} characters on one line.`;
      found.push(new Rejection('INVALID_ADDRESS', message, [...field, name]));
    }
    text[name] = value ?? null;
  }
  const country = tidy(typed.country).toUpperCase();
  if (!isCountry(country)) {
    const message = 'Name the country by its two-letter ISO 3166 code, such as DE.';
    found.push(new Rejection('INVALID_ADDRESS', message, [...field, 'country']));
  }
  const { firstName, lastName, addressLine1, city } = text;
  const { company, addressLine2, state, postalCode, phone } = text;
  return {
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    company: company ?? null,
    addressLine1: addressLine1 ?? '',
    addressLine2: addressLine2 ?? null,
    city: city ?? '',
    state: state ?? null,
    country,
    postalCode: postalCode ?? null,
    phone: phone ?? null,
  };
}
