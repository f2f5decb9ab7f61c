import { IdField, Node, UserError } from '@souk/kit';
import type { AddressId } from '@souk/schema';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { AddressType } from './address.ts';
import { UserType } from './user.types.ts';

export const AddressTypeEnum: { readonly [T in AddressType]: T } = { BILLING: 'BILLING', SHIPPING: 'SHIPPING' };
registerEnumType(AddressTypeEnum, {
  name: 'AddressType',
  description: 'What an address is for.',
  valuesConfig: {
    BILLING: { description: 'Invoices go there.' },
    SHIPPING: { description: 'Parcels go there.' },
  },
});

export enum UserAddressErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  TOO_MANY = 'TOO_MANY',
  NAME_INVALID = 'NAME_INVALID',
  COMPANY_INVALID = 'COMPANY_INVALID',
  LINE_INVALID = 'LINE_INVALID',
  CITY_INVALID = 'CITY_INVALID',
  STATE_INVALID = 'STATE_INVALID',
  POSTAL_CODE_INVALID = 'POSTAL_CODE_INVALID',
  COUNTRY_INVALID = 'COUNTRY_INVALID',
  PHONE_INVALID = 'PHONE_INVALID',
}
registerEnumType(UserAddressErrorCode, {
  name: 'UserAddressErrorCode',
  description: 'What can be wrong with a change to an address book.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such address.' },
    TOO_MANY: { description: 'The address book is full.' },
    NAME_INVALID: { description: 'A name is empty, too long, or not on one line.' },
    COMPANY_INVALID: { description: 'The company name is too long or not on one line.' },
    LINE_INVALID: { description: 'A line of the address is empty or too long.' },
    CITY_INVALID: { description: 'The city is empty, too long, or not on one line.' },
    STATE_INVALID: { description: 'The state is too long or not on one line.' },
    POSTAL_CODE_INVALID: { description: 'The postal code is too long or not on one line.' },
    COUNTRY_INVALID: { description: 'No ISO 3166-1 alpha-2 code.' },
    PHONE_INVALID: { description: 'No telephone number.' },
  },
});

@ObjectType('UserAddress', { implements: Node, description: 'An address in the address book of an account.' })
@Directive('@key(fields: "id")')
export class UserAddressType {
  @IdField('UserAddress')
  id!: AddressId;
  @Field(() => AddressTypeEnum, { description: 'What it is for.' })
  type!: AddressType;
  @Field(() => String, { description: 'First name of the recipient.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name of the recipient.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company!: string | null;
  @Field(() => String, { description: 'Street and number.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  addressLine2!: string | null;
  @Field(() => String, { description: 'City.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state!: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number for the carrier.' })
  phone!: string | null;
  @Field(() => Boolean, { description: 'Whether it is the one suggested for its type.' })
  isDefault!: boolean;
}

@ObjectType({ implements: UserError, description: 'A mistake in a change to an address book.' })
export class UserAddressError extends UserError {
  @Field(() => UserAddressErrorCode, { description: 'What is wrong.' })
  code!: UserAddressErrorCode;
}

@InputType({ description: 'A new address.' })
export class AddAddressInput {
  @Field(() => AddressTypeEnum, { description: 'What it is for; for good.' })
  type!: AddressType;
  @Field(() => String, { description: 'First name of the recipient.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name of the recipient.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company?: string | null;
  @Field(() => String, { description: 'Street and number.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  addressLine2?: string | null;
  @Field(() => String, { description: 'City.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state?: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number for the carrier.' })
  phone?: string | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether it becomes the default of its type. The first one does anyway.',
  })
  isDefault!: boolean;
}

@InputType({ description: 'What changes; unnamed fields stay, null empties those that may be empty.' })
export class UpdateAddressInput {
  @Field(() => String, { nullable: true, description: 'First name of the recipient.' })
  firstName?: string | null;
  @Field(() => String, { nullable: true, description: 'Last name of the recipient.' })
  lastName?: string | null;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company?: string | null;
  @Field(() => String, { nullable: true, description: 'Street and number.' })
  addressLine1?: string | null;
  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  addressLine2?: string | null;
  @Field(() => String, { nullable: true, description: 'City.' })
  city?: string | null;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state?: string | null;
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2 code.' })
  country?: string | null;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number for the carrier.' })
  phone?: string | null;
}

@InputType({ description: 'Which address.' })
export class AddressIdInput {
  @Field(() => ID, { description: 'Which address.' })
  id!: string;
}

@ObjectType({ description: 'The new address, or why there is none.' })
export class AddAddressPayload {
  @Field(() => UserAddressType, { nullable: true, description: 'The new address.' })
  address!: UserAddressType | null;
  @Field(() => [UserAddressError], { description: 'What to correct.' })
  errors!: UserAddressError[];
}

@ObjectType({ description: 'The changed address, or why it did not change.' })
export class UpdateAddressPayload {
  @Field(() => UserAddressType, { nullable: true, description: 'The changed address.' })
  address!: UserAddressType | null;
  @Field(() => [UserAddressError], { description: 'What to correct.' })
  errors!: UserAddressError[];
}

@ObjectType({ description: 'The account without the address, or why it is still there.' })
export class RemoveAddressPayload {
  @Field(() => UserType, { nullable: true, description: 'The account, with the addresses that are left.' })
  user!: UserType | null;
  @Field(() => [UserAddressError], { description: 'What to correct.' })
  errors!: UserAddressError[];
}

@ObjectType({ description: 'The new default address, or why it is none.' })
export class SetDefaultAddressPayload {
  @Field(() => UserAddressType, { nullable: true, description: 'The new default address.' })
  address!: UserAddressType | null;
  @Field(() => [UserAddressError], { description: 'What to correct.' })
  errors!: UserAddressError[];
}
