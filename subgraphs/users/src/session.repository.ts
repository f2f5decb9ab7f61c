import { databaseNow } from '@souk/kit';
import type { Role, UserId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Presented, SessionEnd } from './session.ts';
import type { UsersDb } from './user.tables.ts';

export async function readNow(db: Kysely<UsersDb>): Promise<Date> {
  const { now } = await db.selectNoFrom(databaseNow.as('now')).executeTakeFirstOrThrow();
  return now;
}

interface NewSession {
  readonly id: string;
  readonly userId: UserId;
  readonly expiresAt: Date;
  readonly now: Date;
}

export async function insertSession(
  db: Transaction<UsersDb>,
  { id, userId, expiresAt, now }: NewSession,
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ id, user_id: userId, created_at: now, expires_at: expiresAt, revoked_at: null, revoked_for: null })
    .execute();
}

export async function insertRefreshToken(
  db: Transaction<UsersDb>,
  token: { hash: Buffer; sessionId: string; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('refresh_tokens')
    .values({ token_hash: token.hash, session_id: token.sessionId, expires_at: token.expiresAt, used_at: null })
    .execute();
}

export interface PresentedToken extends Presented {
  readonly sessionId: string;
  readonly userId: UserId;
  readonly roles: readonly Role[];
}

/**
 * A presented token with its session and account, locked: user before session before token, as every other writer goes.
 * Two refreshes of one token so come one after the other, and the second sees the first.
 */
export async function lockPresented(db: Transaction<UsersDb>, hash: Buffer): Promise<PresentedToken | undefined> {
  const owner = await db
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .select(['sessions.id as sessionId', 'sessions.user_id as userId'])
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  if (!owner) return undefined;
  const user = await db
    .selectFrom('users')
    .select(['status', 'roles'])
    .where('id', '=', owner.userId)
    .forShare()
    .executeTakeFirst();
  const session = await db
    .selectFrom('sessions')
    .select(['revoked_at', 'expires_at'])
    .where('id', '=', owner.sessionId)
    .forUpdate()
    .executeTakeFirst();
  const token = await db
    .selectFrom('refresh_tokens')
    .select(['used_at', 'expires_at'])
    .where('token_hash', '=', hash)
    .forUpdate()
    .executeTakeFirst();
  if (!user || !session || !token) return undefined;
  return {
    ...owner,
    roles: user.roles,
    status: user.status,
    usedAt: token.used_at,
    expiresAt: token.expires_at,
    sessionRevokedAt: session.revoked_at,
    sessionExpiresAt: session.expires_at,
  };
}

export async function markUsed(db: Transaction<UsersDb>, hash: Buffer, now: Date): Promise<void> {
  await db.updateTable('refresh_tokens').set({ used_at: now }).where('token_hash', '=', hash).execute();
}

/** Ends sessions that are not ended yet and answers their ids. */
async function end(
  db: Transaction<UsersDb>,
  which: { sessionId: string } | { userId: UserId; except: string | null },
  why: SessionEnd,
  now: Date,
): Promise<string[]> {
  let query = db
    .updateTable('sessions')
    .set({ revoked_at: now, revoked_for: why })
    .where('revoked_at', 'is', null)
    .returning('id');
  if ('sessionId' in which) query = query.where('id', '=', which.sessionId);
  else {
    query = query.where('user_id', '=', which.userId);
    if (which.except) query = query.where('id', '!=', which.except);
  }
  return (await query.execute()).map((row) => row.id);
}

export const endSession = (db: Transaction<UsersDb>, sessionId: string, why: SessionEnd, now: Date) =>
  end(db, { sessionId }, why, now);

export const endSessionsOf = (
  db: Transaction<UsersDb>,
  userId: UserId,
  why: SessionEnd,
  now: Date,
  except: string | null = null,
) => end(db, { userId, except }, why, now);

export async function findSessionOfToken(db: Kysely<UsersDb>, hash: Buffer): Promise<string | undefined> {
  const row = await db
    .selectFrom('refresh_tokens')
    .select('session_id')
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  return row?.session_id;
}

/** Ends a guest; false where that was done before. */
export async function insertEndedGuestOnce(db: Transaction<UsersDb>, guestId: string, now: Date): Promise<boolean> {
  const row = await db
    .insertInto('ended_guests')
    .values({ guest_id: guestId, ended_at: now })
    .onConflict((conflict) => conflict.column('guest_id').doNothing())
    .returning('guest_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether a session or a guest was ended, whatever its tokens say. */
export async function findEnded(db: Kysely<UsersDb>, id: string): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    select exists (select from sessions where id = ${id} and revoked_at is not null)
      or exists (select from ended_guests where guest_id = ${id}) as ended`.execute(db);
  return rows[0]!.ended;
}

/** Guests ended since a moment, a page at a time. */
export async function* streamEndedGuests(db: Kysely<UsersDb>, since: Date): AsyncGenerator<string[]> {
  let after: string | undefined;
  for (;;) {
    let query = db
      .selectFrom('ended_guests')
      .select('guest_id')
      .where('ended_at', '>', since)
      .orderBy('guest_id')
      .limit(1_000);
    if (after) query = query.where('guest_id', '>', after);
    const ids = (await query.execute()).map((row) => row.guest_id);
    yield ids;
    if (ids.length < 1_000) return;
    after = ids.at(-1);
  }
}

/** Sessions ended since a moment: their access tokens may still look good. */
export async function listRevokedSince(db: Kysely<UsersDb>, since: Date, userId: UserId | null): Promise<string[]> {
  let query = db.selectFrom('sessions').select('id').where('revoked_at', '>', since);
  if (userId) query = query.where('user_id', '=', userId);
  return (await query.execute()).map((row) => row.id);
}

/**
 * Forgets at most `limit` tokens that nobody could use any more, then the sessions without any, then guests whose tokens have
 * expired; how many rows went.
 */
export async function deleteSpent(
  db: Transaction<UsersDb>,
  before: Date,
  guestsBefore: Date,
  limit: number,
): Promise<number> {
  const tokens = await sql`
    delete from refresh_tokens where token_hash in (
      select token_hash from refresh_tokens where expires_at < ${before} limit ${limit}
    )`.execute(db);
  const sessions = await sql`
    delete from sessions where id in (
      select id from sessions where expires_at < ${before} limit ${limit}
    )`.execute(db);
  const guests = await sql`
    delete from ended_guests where guest_id in (
      select guest_id from ended_guests where ended_at < ${guestsBefore} limit ${limit}
    )`.execute(db);
  return [tokens, sessions, guests].reduce((sum, { numAffectedRows }) => sum + Number(numAffectedRows ?? 0n), 0);
}

/** Notes who a guest turned out to be; answers the version of that knowledge, which rises each time. */
export async function upsertGuestIdentity(
  db: Transaction<UsersDb>,
  guestId: string,
  userId: UserId,
  now: Date,
): Promise<number> {
  const { version } = await db
    .insertInto('guest_identities')
    .values({ guest_id: guestId, user_id: userId, version: 1, identified_at: now })
    .onConflict((conflict) =>
      conflict.column('guest_id').doUpdateSet((set) => ({
        user_id: userId,
        version: set('guest_identities.version', '+', 1),
        identified_at: now,
      })),
    )
    .returning('version')
    .executeTakeFirstOrThrow();
  return version;
}

/** Every guest that turned out to be a user, a page at a time. */
export async function* streamGuestIdentities(
  db: Kysely<UsersDb>,
): AsyncGenerator<{ guestId: string; userId: UserId; version: number }> {
  let after: string | undefined;
  for (;;) {
    let query = db
      .selectFrom('guest_identities')
      .select(['guest_id as guestId', 'user_id as userId', 'version'])
      .orderBy('guest_id')
      .limit(500);
    if (after) query = query.where('guest_id', '>', after);
    const rows = await query.execute();
    yield* rows;
    if (rows.length < 500) return;
    after = rows.at(-1)!.guestId;
  }
}
