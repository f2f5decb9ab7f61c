import { connectionOf, DateTime, IdField, Node, Staff, UserError } from '@souk/kit';
import type { Role, UserId, UserStatus } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export const RoleEnum: { readonly [R in Role]: R } = {
  CUSTOMER: 'CUSTOMER',
  SUPPORT: 'SUPPORT',
  MERCHANDISER: 'MERCHANDISER',
  WAREHOUSE: 'WAREHOUSE',
  FINANCE: 'FINANCE',
  ADMIN: 'ADMIN',
};
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What an account may do in the shop.',
  valuesConfig: {
    CUSTOMER: { description: 'Buys. Every account may.' },
    SUPPORT: { description: 'Helps customers: sees accounts and orders, cancels, suspends customers.' },
    MERCHANDISER: { description: 'Keeps the catalogue and its prices.' },
    WAREHOUSE: { description: 'Keeps the stock and ships.' },
    FINANCE: { description: 'Keeps taxes and shipping rates, refunds, reads the ledger.' },
    ADMIN: { description: 'May whatever any role may, and sets roles.' },
  },
});

export const UserStatusEnum: { readonly [S in UserStatus]: S } = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' };
registerEnumType(UserStatusEnum, {
  name: 'UserStatus',
  description: 'Whether an account may be used.',
  valuesConfig: {
    ACTIVE: { description: 'In service.' },
    SUSPENDED: { description: 'Shut by staff: nobody can sign in with it.' },
  },
});

export enum AccountErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  EMAIL_INVALID = 'EMAIL_INVALID',
  EMAIL_TAKEN = 'EMAIL_TAKEN',
  PASSWORD_TOO_SHORT = 'PASSWORD_TOO_SHORT',
  PASSWORD_TOO_LONG = 'PASSWORD_TOO_LONG',
  PASSWORD_TOO_COMMON = 'PASSWORD_TOO_COMMON',
  PASSWORD_WRONG = 'PASSWORD_WRONG',
  PASSWORD_UNCHANGED = 'PASSWORD_UNCHANGED',
  NAME_INVALID = 'NAME_INVALID',
  PHONE_INVALID = 'PHONE_INVALID',
  LOCALE_INVALID = 'LOCALE_INVALID',
  REASON_INVALID = 'REASON_INVALID',
  STAFF_ACCOUNT = 'STAFF_ACCOUNT',
  LAST_ADMIN = 'LAST_ADMIN',
  VERSION_CONFLICT = 'VERSION_CONFLICT',
}
registerEnumType(AccountErrorCode, {
  name: 'AccountErrorCode',
  description: 'What can be wrong with a change to an account.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such user.' },
    EMAIL_INVALID: { description: 'No e-mail address that mail can reach.' },
    EMAIL_TAKEN: { description: 'The e-mail address has an account already.' },
    PASSWORD_TOO_SHORT: { description: 'Fewer than 10 characters.' },
    PASSWORD_TOO_LONG: { description: 'More than 200 characters.' },
    PASSWORD_TOO_COMMON: { description: 'Among the first that anyone would guess.' },
    PASSWORD_WRONG: { description: 'Not the present password.' },
    PASSWORD_UNCHANGED: { description: 'The same as the present password.' },
    NAME_INVALID: { description: 'A name is empty, too long, or not on one line.' },
    PHONE_INVALID: { description: 'No telephone number.' },
    LOCALE_INVALID: { description: 'No language tag.' },
    REASON_INVALID: { description: 'The reason is empty, too long, or not on one line.' },
    STAFF_ACCOUNT: { description: 'The account is a colleague’s: only an administrator may.' },
    LAST_ADMIN: { description: 'The shop would have no active administrator left.' },
    VERSION_CONFLICT: { description: 'It changed since you read it.' },
  },
});

@ObjectType('User', {
  implements: Node,
  description: 'An account. Its owner and support see it; for others it is null.',
})
@Directive('@key(fields: "id")')
export class UserType {
  @IdField('User')
  id!: UserId;
  @Field(() => String, { description: 'E-mail address, unique without regard to case.' })
  email!: string;
  @Field(() => String, { description: 'First name.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone!: string | null;
  @Field(() => String, { description: 'Language tag in which we write to this person.' })
  locale!: string;
  @Field(() => UserStatusEnum, { description: 'Whether the account may be used.' })
  status!: UserStatus;
  @Staff('SUPPORT')
  @Field(() => String, { nullable: true, description: 'Why staff last changed the status.' })
  statusReason!: string | null;
  @Field(() => [RoleEnum], { description: 'What it may do. CUSTOMER is always among them.' })
  roles!: readonly Role[];
  @Field(() => Int, { description: 'Rises with every change: give it as expectedVersion.' })
  version!: number;
  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const { Connection: UserConnection } = connectionOf('User', () => UserType);

@ObjectType({ implements: UserError, description: 'A mistake in a change to an account.' })
export class AccountError extends UserError {
  @Field(() => AccountErrorCode, { description: 'What is wrong.' })
  code!: AccountErrorCode;
}

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => String, { description: 'E-mail address.' })
  email!: string;
  @Field(() => String, { description: '10 to 200 characters of any kind, and none of the well-known ones.' })
  password!: string;
  @Field(() => String, { description: 'First name.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone?: string | null;
  @Field(() => String, { nullable: true, description: 'Language tag; that of the request if unsaid.' })
  locale?: string | null;
}

@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'First name.' })
  firstName?: string | null;
  @Field(() => String, { nullable: true, description: 'Last name.' })
  lastName?: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number; null takes it away.' })
  phone?: string | null;
  @Field(() => String, { nullable: true, description: 'Language tag.' })
  locale?: string | null;
}

@InputType({ description: 'A new password for the viewer’s account.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The present password.' })
  currentPassword!: string;
  @Field(() => String, { description: '10 to 200 characters, other than the present one.' })
  newPassword!: string;
}

@InputType({ description: 'Whose account is suspended or taken back, and why.' })
export class UserStatusInput {
  @Field(() => ID, { description: 'Whose account.' })
  id!: string;
  @Field(() => String, { description: 'Why, for colleagues to read.' })
  reason!: string;
  @Field(() => Int, { nullable: true, description: 'Refuses the change where the account has another version by now.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'Whose roles become which.' })
export class SetUserRolesInput {
  @Field(() => ID, { description: 'Whose account.' })
  id!: string;
  @Field(() => [RoleEnum], { description: 'All roles the account shall have; CUSTOMER stays, named or not.' })
  roles!: Role[];
  @Field(() => Int, { nullable: true, description: 'Refuses the change where the account has another version by now.' })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'The changed account, or why it did not change.' })
export class UpdateProfilePayload {
  @Field(() => UserType, { nullable: true, description: 'The changed account.' })
  user!: UserType | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}

@ObjectType({ description: 'The account with its new password, or why it keeps the old one.' })
export class ChangePasswordPayload {
  @Field(() => UserType, { nullable: true, description: 'The account.' })
  user!: UserType | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}

@ObjectType({ description: 'The suspended account, or why it is not.' })
export class SuspendUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The suspended account.' })
  user!: UserType | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}

@ObjectType({ description: 'The account back in service, or why it is not.' })
export class ReactivateUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The account back in service.' })
  user!: UserType | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}

@ObjectType({ description: 'The account with its new roles, or why it keeps the old ones.' })
export class SetUserRolesPayload {
  @Field(() => UserType, { nullable: true, description: 'The account.' })
  user!: UserType | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}
