import type { Tx } from '@souk/kit';
import { Rejection, type Role, type UserId, type UserStatus, type Viewer } from '@souk/schema';
import { endSessionsOf } from './session.repository.ts';
import { type OpenedSession, openSession, type SignInPorts } from './session.service.ts';
import {
  type Credentials,
  findCredentials,
  insertUserOnce,
  lockEmptyUsers,
  lockUser,
  lockUserAndAdmins,
  lockUserWithPassword,
  updatePassword,
  updateProfile,
  updateRoles,
  updateStatus,
} from './user.repository.ts';
import type { UsersDb, UsersReads } from './user.tables.ts';
import {
  asExpected,
  changeProfile,
  changeRoles,
  checkNewPassword,
  mayChangeStatus,
  type Profile,
  type ProfileChange,
  type Registration,
  register,
  statusReason,
  type User,
} from './user.ts';

/** A registration that is in order, its password hashed. */
export interface PreparedAccount {
  readonly account: Profile & { readonly email: string };
  readonly passwordHash: string;
}

/** Outside a transaction: checks a registration and hashes its password, whether or not the address is taken. */
export async function prepareAccount(
  { hasher, limiter }: SignInPorts,
  viewer: Viewer,
  input: Registration,
): Promise<PreparedAccount> {
  const account = register(input, viewer.locale);
  // An administrator who takes over a customer list is no guesser.
  if (!viewer.roles.includes('ADMIN')) await limiter.count('REGISTER', account.email, viewer.clientAddress);
  return { account, passwordHash: await hasher.hash(input.password) };
}

export const sayRegistered = ({ id: userId, version, email, firstName, lastName, locale }: User) => ({
  type: 'users.UserRegistered' as const,
  key: userId,
  version,
  subject: userId,
  data: { userId, email, firstName, lastName, locale },
});

export const sayStatus = ({ id: userId, version, status }: Pick<User, 'id' | 'version' | 'status'>) => ({
  type: 'users.UserStatusChanged' as const,
  key: userId,
  version,
  subject: userId,
  data: { userId, status },
});

async function createUser(
  tx: Tx<UsersDb>,
  { account, passwordHash }: PreparedAccount,
  roles: readonly Role[],
): Promise<User | null> {
  const user: User = {
    ...account,
    id: tx.newId<'User'>(),
    status: 'ACTIVE',
    statusReason: null,
    roles,
    version: 1,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  if (!(await insertUserOnce(tx.db, user, passwordHash))) return null;
  tx.emit(sayRegistered(user));
  return user;
}

/** Makes an account and opens its first session. A taken e-mail address is said: see the house's README for why. */
export async function registerUser(
  tx: Tx<UsersDb>,
  viewer: Viewer,
  prepared: PreparedAccount,
): Promise<{ user: User; session: OpenedSession }> {
  const user = await createUser(tx, prepared, ['CUSTOMER']);
  if (!user) {
    throw new Rejection('EMAIL_TAKEN', 'There is an account with this e-mail address. Sign in instead.', [
      'input',
      'email',
    ]);
  }
  return { user, session: await openSession(tx, viewer, user) };
}

/** Makes the shop's first account, an administrator; null where there is any account already. */
export async function createFirstAdmin(tx: Tx<UsersDb>, prepared: PreparedAccount): Promise<UserId | null> {
  if (!(await lockEmptyUsers(tx.db))) return null;
  const user = await createUser(tx, prepared, ['CUSTOMER', 'ADMIN']);
  return user?.id ?? null;
}

const noSuchUser = () => new Rejection('NOT_FOUND', 'There is no such user.', ['input', 'id']);
const signInAgain = () => new Rejection('NOT_FOUND', 'Your account is not there any more.', ['input']);

export async function editProfile(tx: Tx<UsersDb>, userId: UserId, change: ProfileChange): Promise<void> {
  const user = await lockUser(tx.db, userId);
  if (!user) throw signInAgain();
  await updateProfile(tx.db, userId, changeProfile(user, change), tx.now);
}

const wrongPassword = () =>
  new Rejection('PASSWORD_WRONG', 'This is not your present password.', ['input', 'currentPassword']);

export interface ProvenPassword {
  readonly credentials: Credentials;
  readonly newHash: string;
}

/** Outside a transaction: proves the present password and hashes the new one. Guesses count as at sign-in. */
export async function provePasswordChange(
  db: UsersReads,
  { hasher, limiter }: SignInPorts,
  viewer: Viewer & { readonly userId: UserId },
  input: { currentPassword: string; newPassword: string },
): Promise<ProvenPassword> {
  await limiter.count('PASSWORD', viewer.userId, viewer.clientAddress);
  const credentials = await findCredentials(db, { id: viewer.userId });
  const same = await hasher.verify(credentials?.passwordHash ?? null, input.currentPassword);
  if (!credentials || !same) throw wrongPassword();
  await limiter.forgive('PASSWORD', viewer.userId);
  checkNewPassword(credentials.email, input.currentPassword, input.newPassword);
  return { credentials, newHash: await hasher.hash(input.newPassword) };
}

/** Changes the password and ends every other session of the account. */
export async function changePassword(
  tx: Tx<UsersDb>,
  viewer: Viewer,
  { credentials, newHash }: ProvenPassword,
): Promise<void> {
  const user = await lockUserWithPassword(tx.db, credentials.id, credentials.passwordHash);
  if (!user) throw wrongPassword();
  await updatePassword(tx.db, user.id, newHash, tx.now);
  await endSessionsOf(tx.db, user.id, 'PASSWORD_CHANGED', tx.now, viewer.sessionId);
}

/** Suspends an account, which ends all its sessions, or takes it back into service. A repeat changes and says nothing. */
export async function changeStatus(
  tx: Tx<UsersDb>,
  by: { readonly isAdmin: boolean },
  userId: UserId,
  to: UserStatus,
  why: string,
  expectedVersion: number | null,
): Promise<void> {
  const reason = statusReason(why);
  const { user, activeAdmins } = await lockUserAndAdmins(tx.db, userId);
  if (!user) throw noSuchUser();
  asExpected(user, expectedVersion);
  mayChangeStatus(user, to, by, activeAdmins);
  if (user.status === to) return;
  const version = await updateStatus(tx.db, userId, to, reason, tx.now);
  if (to === 'SUSPENDED') await endSessionsOf(tx.db, userId, 'SUSPENDED', tx.now);
  tx.emit(sayStatus({ id: userId, version, status: to }));
}

/**
 * Sets an account's roles. A role that is lost ends the account's sessions at once; one that is gained is in the next
 * access token.
 */
export async function setRoles(
  tx: Tx<UsersDb>,
  userId: UserId,
  wanted: readonly Role[],
  expectedVersion: number | null,
): Promise<void> {
  const { user, activeAdmins } = await lockUserAndAdmins(tx.db, userId);
  if (!user) throw noSuchUser();
  const { next, lost, changed } = changeRoles(user, wanted, expectedVersion, activeAdmins);
  if (!changed) return;
  await updateRoles(tx.db, userId, next, tx.now);
  if (lost.length > 0) await endSessionsOf(tx.db, userId, 'ROLE_LOST', tx.now);
}
