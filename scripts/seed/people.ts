import type { AddAddressInput, Role } from '../gql/graphql.ts';

export interface Person {
  readonly role: Role;
  readonly email: string;
  /** For a demo on one's own machine: it stands in the source for everybody to read. */
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly locale: string;
}

const staff = (role: Role, firstName: string, lastName: string): Person => ({
  role,
  email: `${role.toLowerCase()}@souk.example`,
  password: `souk-demo-${role.toLowerCase()}`,
  firstName,
  lastName,
  locale: 'en',
});

export const customer: Person = {
  role: 'CUSTOMER',
  email: 'customer@souk.example',
  password: 'souk-demo-customer',
  firstName: 'Leila',
  lastName: 'Brandt',
  locale: 'de',
};

/** One account for each role but ADMIN, which the shop comes with. */
export const people: readonly Person[] = [
  staff('SUPPORT', 'Sam', 'Okoro'),
  staff('MERCHANDISER', 'Mina', 'Castellano'),
  staff('WAREHOUSE', 'Wim', 'de Boer'),
  staff('FINANCE', 'Farid', 'Haddad'),
  customer,
];

export const addresses: readonly AddAddressInput[] = [
  {
    type: 'SHIPPING',
    firstName: 'Leila',
    lastName: 'Brandt',
    addressLine1: 'Musterstraße 12',
    addressLine2: 'Hinterhaus',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
    phone: '+49 30 1234567',
    isDefault: true,
  },
  {
    type: 'BILLING',
    firstName: 'Leila',
    lastName: 'Brandt',
    company: 'Studio Brandt',
    addressLine1: 'Musterallee 3',
    city: 'Berlin',
    postalCode: '10117',
    country: 'DE',
    isDefault: true,
  },
  {
    type: 'SHIPPING',
    firstName: 'Leila',
    lastName: 'Brandt',
    addressLine1: '200 Example Avenue',
    city: 'Brooklyn',
    state: 'NY',
    postalCode: '11201',
    country: 'US',
    isDefault: false,
  },
];
