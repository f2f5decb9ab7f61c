import { createHash, randomBytes } from 'node:crypto';
import type { Duty, Tx } from '@souk/kit';
import { Rejection, type UserId, type Viewer } from '@souk/schema';
import { type Claims, REMEMBERED_SECONDS } from './access-token.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { PasswordHasher } from './password-hasher.ts';
import {
  deleteSpent,
  endSession,
  findSessionOfToken,
  insertEndedGuestOnce,
  insertRefreshToken,
  insertSession,
  listRevokedSince,
  lockPresented,
  markUsed,
  readNow,
  streamEndedGuests,
  upsertGuestIdentity,
} from './session.repository.ts';
import { judgeRefresh, refreshExpiry, secondsAfter, sessionExpiry, userClaims } from './session.ts';
import type { Revocable, SessionRevocations } from './session-revocations.ts';
import { type Credentials, findCredentials, lockUserWithPassword } from './user.repository.ts';
import type { UsersDb, UsersReads } from './user.tables.ts';
import { emailAddress, type User } from './user.ts';

export interface SignInPorts {
  readonly hasher: PasswordHasher;
  readonly limiter: AttemptLimiter;
}

/** A session as its owner gets it, once: the refresh token is kept nowhere in this form. */
export interface OpenedSession {
  readonly claims: Claims;
  readonly refreshToken: string;
  readonly issuedAt: Date;
}

const hashOf = (refreshToken: string): Buffer => createHash('sha256').update(refreshToken).digest();

async function issue(
  tx: Tx<UsersDb>,
  session: { id: string; expiresAt: Date },
  user: Pick<User, 'id' | 'roles'>,
): Promise<OpenedSession> {
  const refreshToken = randomBytes(32).toString('base64url');
  await insertRefreshToken(tx.db, {
    hash: hashOf(refreshToken),
    sessionId: session.id,
    expiresAt: refreshExpiry(tx.now, session.expiresAt),
  });
  return { claims: userClaims(user, session.id, tx.now), refreshToken, issuedAt: tx.now };
}

/** Opens a session for an account. A guest at hand turns out to be this user. */
export async function openSession(tx: Tx<UsersDb>, viewer: Viewer, user: User): Promise<OpenedSession> {
  const session = { id: tx.newId<'Session'>(), expiresAt: sessionExpiry(tx.now) };
  await insertSession(tx.db, { ...session, userId: user.id, now: tx.now });
  if (viewer.guestId !== null) await identifyGuest(tx, viewer.guestId, user.id);
  return issue(tx, session, user);
}

/**
 * Said each time, not once: a guest token may gather a new cart after a sign-out, and whoever signs in with it at hand
 * owns what the guest has by then.
 */
async function identifyGuest(tx: Tx<UsersDb>, guestId: string, userId: UserId): Promise<void> {
  const version = await upsertGuestIdentity(tx.db, guestId, userId, tx.now);
  tx.emit({ type: 'users.GuestIdentified', key: guestId, version, subject: userId, data: { guestId, userId } });
}

const wrongCredentials = () =>
  new Rejection('INVALID_CREDENTIALS', 'The e-mail address or the password is not right.', ['input']);
const suspended = () =>
  new Rejection('ACCOUNT_SUSPENDED', 'This account is suspended. Please write to our support.', ['input']);

/**
 * Outside a transaction, for it is slow on purpose: the account behind an e-mail address and a password. An unknown address
 * costs the same work and gets the same answer; that an account is suspended is said only to who knows its password.
 */
export async function proveSignIn(
  db: UsersReads,
  { hasher, limiter }: SignInPorts,
  viewer: Viewer,
  input: { email: string; password: string },
): Promise<Credentials> {
  const typed = input.email.trim();
  await limiter.count('SIGN_IN', typed, viewer.clientAddress);
  // A text that is no address, such as one with a zero byte, never reaches the database.
  const credentials = await findCredentials(db, { email: emailAddress(typed) ?? '' });
  const same = await hasher.verify(credentials?.passwordHash ?? null, input.password);
  if (!credentials || !same) throw wrongCredentials();
  await limiter.forgive('SIGN_IN', typed);
  if (credentials.status !== 'ACTIVE') throw suspended();
  return credentials;
}

export async function signIn(tx: Tx<UsersDb>, viewer: Viewer, proven: Credentials): Promise<OpenedSession> {
  const user = await lockUserWithPassword(tx.db, proven.id, proven.passwordHash);
  if (!user) throw wrongCredentials();
  if (user.status !== 'ACTIVE') throw suspended();
  return openSession(tx, viewer, user);
}

export type Refreshed =
  | { readonly outcome: 'ROTATED'; readonly session: OpenedSession }
  | { readonly outcome: 'REUSED'; readonly ended: readonly string[] }
  | { readonly outcome: 'REFUSED' };

/** Swaps a refresh token for the next. A reuse must be committed, so it is an answer and no Rejection. */
export async function refreshSession(tx: Tx<UsersDb>, refreshToken: string): Promise<Refreshed> {
  const hash = hashOf(refreshToken);
  const presented = await lockPresented(tx.db, hash);
  switch (judgeRefresh(presented, tx.now)) {
    case 'REFUSE':
      return { outcome: 'REFUSED' };
    case 'REUSE':
      return { outcome: 'REUSED', ended: await endSession(tx.db, presented!.sessionId, 'REUSED', tx.now) };
    case 'ROTATE': {
      const { sessionId, sessionExpiresAt, userId, roles } = presented!;
      await markUsed(tx.db, hash, tx.now);
      const session = await issue(tx, { id: sessionId, expiresAt: sessionExpiresAt }, { id: userId, roles });
      return { outcome: 'ROTATED', session };
    }
  }
}

/** What a sign-out ended. */
export type Ended = { readonly [R in Revocable]: readonly string[] };

/**
 * Ends the viewer's session, or the guest that the viewer is, and the session of the refresh token; answers those that it
 * ended.
 */
export async function signOut(tx: Tx<UsersDb>, viewer: Viewer, refreshToken: string | null): Promise<Ended> {
  const ofToken = refreshToken === null ? undefined : await findSessionOfToken(tx.db, hashOf(refreshToken));
  const ids = [...new Set([viewer.sessionId, ofToken])].filter((id) => id != null).sort();
  const session: string[] = [];
  for (const id of ids) session.push(...(await endSession(tx.db, id, 'SIGNED_OUT', tx.now)));
  const { guestId } = viewer;
  const guest = guestId !== null && (await insertEndedGuestOnce(tx.db, guestId, tx.now)) ? [guestId] : [];
  return { session, guest };
}

/** How far back a revocation may still be needed. */
const revocable = (now: Date, kind: Revocable): Date => secondsAfter(now, -REMEMBERED_SECONDS[kind]);

/** All sessions of an account that ended lately: publishing them again is harmless, so a repeat mends a failed publish. */
export const listRevokedLately = (tx: Tx<UsersDb>, userId: UserId): Promise<string[]> =>
  listRevokedSince(tx.db, revocable(tx.now, 'session'), userId);

/** Publishes every revocation in force, and notes that it did. */
export async function publishAllRevocations(db: UsersReads, revocations: SessionRevocations): Promise<void> {
  const now = await readNow(db);
  await revocations.publish('session', await listRevokedSince(db, revocable(now, 'session'), null));
  for await (const ids of streamEndedGuests(db, revocable(now, 'guest'))) await revocations.publish('guest', ids);
  await revocations.markPublished();
}

type SessionDuty = Duty<UsersDb, { readonly revocations: SessionRevocations }>;

/** The net under every publish: a kv that was lost, or a crash between commit and publish, is mended within a minute. */
export async function publishRevocations({ db, ports: { revocations } }: SessionDuty): Promise<void> {
  if (!(await revocations.arePublished())) return publishAllRevocations(db, revocations);
  const lately = revocable(await readNow(db), 'session');
  await revocations.publish('session', await listRevokedSince(db, lately, null));
  for await (const ids of streamEndedGuests(db, lately)) await revocations.publish('guest', ids);
}

const KEEP_DAYS = 30;

/** Forgets sessions and refresh tokens a month after they expired, and ended guests once their tokens have. */
export async function sweepSessions({ transact, signal }: SessionDuty): Promise<void> {
  while (!signal.aborted) {
    const gone = await transact((tx) =>
      deleteSpent(tx.db, secondsAfter(tx.now, -KEEP_DAYS * 86_400), revocable(tx.now, 'guest'), 1_000),
    );
    if (gone === 0) return;
  }
}
