import { Rejection, type Role, type UserId, type UserStatus } from '@souk/schema';
import { line, Mistakes, phoneNumber } from './mistakes.ts';
import { checkPassword } from './password.ts';

export const roles = [
  'CUSTOMER',
  'SUPPORT',
  'MERCHANDISER',
  'WAREHOUSE',
  'FINANCE',
  'ADMIN',
] as const satisfies readonly Role[];

export interface User {
  readonly id: UserId;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly locale: string;
  readonly status: UserStatus;
  readonly statusReason: string | null;
  readonly roles: readonly Role[];
  /** Rises with every change of the account. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly locale: string;
}

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone?: string | null;
  readonly locale?: string | null;
}

/** What of a profile shall change; what is left out stays. A phone of null goes. */
export interface ProfileChange {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly phone?: string | null;
  readonly locale?: string | null;
}

const EMAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,}$/;

/** An address as it is kept: trimmed, the case as typed. Null where no mail could reach it. */
export function emailAddress(text: string): string | null {
  const trimmed = line(text, 3, 254);
  return trimmed && EMAIL.test(trimmed) && !/\.\.|\.@|@\.|^\.|@-|-\./.test(trimmed) ? trimmed : null;
}

function localeTag(text: string): string | null {
  if (text.length > 35) return null;
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    return null;
  }
}

function checkName(text: string, field: 'firstName' | 'lastName', mistakes: Mistakes): string {
  const name = line(text, 1, 100);
  if (name !== null) return name;
  const which = field === 'firstName' ? 'first' : 'last';
  mistakes.add('NAME_INVALID', `A ${which} name has between 1 and 100 characters on one line.`, field);
  return '';
}

function checkPhone(text: string | null | undefined, mistakes: Mistakes): string | null {
  if (text == null || text.trim() === '') return null;
  const phone = phoneNumber(text);
  if (phone === null) {
    mistakes.add('PHONE_INVALID', 'Write the phone number with digits, such as +49 30 123456.', 'phone');
  }
  return phone;
}

function checkLocale(text: string, mistakes: Mistakes): string {
  const locale = localeTag(text);
  if (locale === null) mistakes.add('LOCALE_INVALID', 'Name the language as a tag, such as en or de-AT.', 'locale');
  return locale ?? '';
}

/** The account of a registration, or every mistake in it. */
export function register(input: Registration, defaultLocale: string): Profile & { readonly email: string } {
  const mistakes = new Mistakes();
  const email = emailAddress(input.email);
  if (email === null) {
    mistakes.add('EMAIL_INVALID', 'This is not an e-mail address that mail can reach.', 'email');
  }
  checkPassword(input.password, email ?? '', mistakes, 'password');
  const profile = {
    firstName: checkName(input.firstName, 'firstName', mistakes),
    lastName: checkName(input.lastName, 'lastName', mistakes),
    phone: checkPhone(input.phone, mistakes),
    locale: checkLocale(input.locale ?? defaultLocale, mistakes),
  };
  mistakes.refuse();
  return { ...profile, email: email! };
}

/** The profile after a change, or every mistake in it. */
export function changeProfile(user: Profile, change: ProfileChange): Profile {
  const mistakes = new Mistakes();
  const profile = {
    firstName: change.firstName == null ? user.firstName : checkName(change.firstName, 'firstName', mistakes),
    lastName: change.lastName == null ? user.lastName : checkName(change.lastName, 'lastName', mistakes),
    phone: change.phone === undefined ? user.phone : checkPhone(change.phone, mistakes),
    locale: change.locale == null ? user.locale : checkLocale(change.locale, mistakes),
  };
  mistakes.refuse();
  return profile;
}

/** A new password in place of a known one. */
export function checkNewPassword(email: string, current: string, next: string): void {
  const mistakes = new Mistakes();
  checkPassword(next, email, mistakes, 'newPassword');
  if (current === next) {
    mistakes.add('PASSWORD_UNCHANGED', 'Choose a password that differs from the present one.', 'newPassword');
  }
  mistakes.refuse();
}

export const isStaffAccount = (user: Pick<User, 'roles'>): boolean => user.roles.some((role) => role !== 'CUSTOMER');

const isActiveAdmin = (user: Pick<User, 'roles' | 'status'>): boolean =>
  user.status === 'ACTIVE' && user.roles.includes('ADMIN');

/** A shop without an administrator could not be run any more, by nobody. */
function keepAnAdmin(user: User, activeAdmins: number, field: readonly string[]): void {
  if (isActiveAdmin(user) && activeAdmins <= 1) {
    throw new Rejection('LAST_ADMIN', 'The last active administrator stays one. Appoint another first.', field);
  }
}

export function statusReason(text: string): string {
  const reason = line(text, 1, 500);
  if (reason === null) {
    throw new Rejection('REASON_INVALID', 'Give a reason of 1 to 500 characters on one line.', ['input', 'reason']);
  }
  return reason;
}

/** Throws VERSION_CONFLICT where the caller saw another version; null for one who did not say. */
export function asExpected(user: Pick<User, 'version'>, expectedVersion: number | null): void {
  if (expectedVersion !== null && expectedVersion !== user.version) {
    throw new Rejection('VERSION_CONFLICT', 'Someone changed this account meanwhile. Look at it again first.', [
      'input',
      'expectedVersion',
    ]);
  }
}

interface Actor {
  readonly isAdmin: boolean;
}

/** Colleagues are an administrator's to suspend; customers are support's as well. */
export function mayChangeStatus(user: User, to: UserStatus, by: Actor, activeAdmins: number): void {
  if (isStaffAccount(user) && !by.isAdmin) {
    throw new Rejection('STAFF_ACCOUNT', 'Only an administrator can do this to the account of a colleague.', [
      'input',
      'id',
    ]);
  }
  if (to === 'SUSPENDED') keepAnAdmin(user, activeAdmins, ['input', 'id']);
}

/** Roles in their one order, CUSTOMER always among them. */
export function rolesOf(wanted: readonly Role[]): Role[] {
  const set = new Set<Role>([...wanted, 'CUSTOMER']);
  return roles.filter((role) => set.has(role));
}

/** What of the roles is lost by the change: such a loss must take effect at once. */
export function changeRoles(user: User, wanted: readonly Role[], expectedVersion: number | null, activeAdmins: number) {
  asExpected(user, expectedVersion);
  const next = rolesOf(wanted);
  const lost = user.roles.filter((role) => !next.includes(role));
  if (lost.includes('ADMIN')) keepAnAdmin(user, activeAdmins, ['input', 'roles']);
  const gained = next.filter((role) => !user.roles.includes(role));
  return { next, lost, changed: lost.length + gained.length > 0 };
}
