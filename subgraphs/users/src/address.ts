import { type AddressId, Rejection, type UserId } from '@souk/schema';
import { line, Mistakes, phoneNumber } from './mistakes.ts';

export const addressTypes = ['BILLING', 'SHIPPING'] as const;
export type AddressType = (typeof addressTypes)[number];

/** An address book has an end, or one account could fill the disk. */
export const MAX_ADDRESSES = 50;

export interface AddressFields {
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

export interface UserAddress extends AddressFields {
  readonly id: AddressId;
  readonly userId: UserId;
  readonly type: AddressType;
  readonly isDefault: boolean;
}

/** Fields as they are typed in: what is left out of a change stays. */
export type AddressInput = { readonly [K in keyof AddressFields]?: string | null };

interface Rule {
  readonly code: string;
  readonly max: number;
  readonly required: boolean;
  readonly message: string;
}

const rules: { readonly [K in Exclude<keyof AddressFields, 'country' | 'phone'>]: Rule } = {
  firstName: {
    code: 'NAME_INVALID',
    max: 100,
    required: true,
    message: 'A first name has 1 to 100 characters on one line.',
  },
  lastName: {
    code: 'NAME_INVALID',
    max: 100,
    required: true,
    message: 'A last name has 1 to 100 characters on one line.',
  },
  company: {
    code: 'COMPANY_INVALID',
    max: 200,
    required: false,
    message: 'A company name has at most 200 characters on one line.',
  },
  addressLine1: {
    code: 'LINE_INVALID',
    max: 200,
    required: true,
    message: 'Write the street and number in 1 to 200 characters on one line.',
  },
  addressLine2: {
    code: 'LINE_INVALID',
    max: 200,
    required: false,
    message: 'The second line of an address has at most 200 characters on one line.',
  },
  city: {
    code: 'CITY_INVALID',
    max: 100,
    required: true,
    message: 'Name the city in 1 to 100 characters on one line.',
  },
  state: {
    code: 'STATE_INVALID',
    max: 100,
    required: false,
    message: 'A state or province has at most 100 characters on one line.',
  },
  postalCode: {
    code: 'POSTAL_CODE_INVALID',
    max: 20,
    required: false,
    message: 'A postal code has at most 20 characters on one line.',
  },
};

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const known = (code: string): boolean => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined;

/** The fields of an address from what was typed over what is there, or every mistake in them. */
export function addressFields(input: AddressInput, present: AddressFields | null): AddressFields {
  const mistakes = new Mistakes();
  const text = (name: keyof typeof rules): string | null => {
    const typed = input[name];
    if (typed === undefined && present) return present[name];
    const { code, max, required, message } = rules[name];
    if (!required && (typed == null || typed.trim() === '')) return null;
    const value = line(typed ?? '', required ? 1 : 0, max);
    if (value === null) mistakes.add(code, message, name);
    return value;
  };
  const country = (): string => {
    const typed = input.country === undefined && present ? present.country : (input.country ?? '').trim().toUpperCase();
    if (!known(typed))
      mistakes.add('COUNTRY_INVALID', 'Name the country by its two-letter code, such as DE.', 'country');
    return typed;
  };
  const phone = (): string | null => {
    if (input.phone === undefined && present) return present.phone;
    if (input.phone == null || input.phone.trim() === '') return null;
    const value = phoneNumber(input.phone);
    if (value === null)
      mistakes.add('PHONE_INVALID', 'Write the phone number with digits, such as +49 30 123456.', 'phone');
    return value;
  };
  const fields = {
    firstName: text('firstName') ?? '',
    lastName: text('lastName') ?? '',
    company: text('company'),
    addressLine1: text('addressLine1') ?? '',
    addressLine2: text('addressLine2'),
    city: text('city') ?? '',
    state: text('state'),
    country: country(),
    postalCode: text('postalCode'),
    phone: phone(),
  };
  mistakes.refuse();
  return fields;
}

export function roomForAnother(count: number): void {
  if (count >= MAX_ADDRESSES) {
    throw new Rejection('TOO_MANY', `An address book holds ${MAX_ADDRESSES} addresses. Remove one first.`, ['input']);
  }
}
