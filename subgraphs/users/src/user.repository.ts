import { type Connection, type PageArgs, paginate } from '@souk/kit';
import type { Role, UserId, UserStatus } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { UsersDb, UsersTable } from './user.tables.ts';
import type { Profile, User } from './user.ts';

const columns = [
  'id',
  'email',
  'first_name',
  'last_name',
  'phone',
  'locale',
  'status',
  'status_reason',
  'roles',
  'version',
  'created_at',
  'updated_at',
] as const;
type Row = Pick<Selectable<UsersTable>, (typeof columns)[number]>;

const toUser = (row: Row): User => ({
  id: row.id,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  phone: row.phone,
  locale: row.locale,
  status: row.status,
  statusReason: row.status_reason,
  roles: row.roles,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export async function listUsersByIds(db: Kysely<UsersDb>, ids: readonly UserId[]): Promise<User[]> {
  const rows = await db.selectFrom('users').select(columns).where('id', 'in', ids).execute();
  return rows.map(toUser);
}

export interface UserCriteria {
  readonly search?: string | null;
  readonly role?: Role | null;
  readonly status?: UserStatus | null;
}

const likeText = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/** Newest first: UUIDv7s sort by the time they were made. */
export async function listUsers(
  db: Kysely<UsersDb>,
  { search, role, status }: UserCriteria,
  page: PageArgs,
): Promise<Connection<User>> {
  let query = db.selectFrom('users').select(columns);
  if (search) {
    query = query.where(
      sql<boolean>`lower(first_name || ' ' || last_name || ' ' || email::text) like ${likeText(search)}`,
    );
  }
  if (role) query = query.where(sql<boolean>`roles @> array[${role}]::text[]`);
  if (status) query = query.where('status', '=', status);
  const found = await paginate(db, query, [{ sql: sql.ref('id'), type: 'uuid', direction: 'desc' }], page);
  const edges = found.edges.map(({ node, cursor }) => ({ node: toUser(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}

export interface Credentials {
  readonly id: UserId;
  readonly email: string;
  readonly passwordHash: string;
  readonly status: UserStatus;
}

export async function findCredentials(
  db: Kysely<UsersDb>,
  by: { email: string } | { id: UserId },
): Promise<Credentials | undefined> {
  const query = db.selectFrom('users').select(['id', 'email', 'password_hash as passwordHash', 'status']);
  return 'email' in by
    ? query.where('email', '=', by.email).executeTakeFirst()
    : query.where('id', '=', by.id).executeTakeFirst();
}

/** False where the e-mail address has an account already: the unique index decides, not a prior read. */
export async function insertUserOnce(db: Transaction<UsersDb>, user: User, passwordHash: string): Promise<boolean> {
  const row = await db
    .insertInto('users')
    .values({
      id: user.id,
      email: user.email,
      password_hash: passwordHash,
      first_name: user.firstName,
      last_name: user.lastName,
      phone: user.phone,
      locale: user.locale,
      status: user.status,
      status_reason: user.statusReason,
      roles: [...user.roles],
      version: user.version,
      created_at: user.createdAt,
      updated_at: user.updatedAt,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function lockUser(db: Transaction<UsersDb>, id: UserId): Promise<User | undefined> {
  const row = await db.selectFrom('users').select(columns).where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toUser(row);
}

/** An account's row, only while its password is still the one that was compared outside the transaction. */
export async function lockUserWithPassword(
  db: Transaction<UsersDb>,
  id: UserId,
  passwordHash: string,
): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .select(columns)
    .where('id', '=', id)
    .where('password_hash', '=', passwordHash)
    .forUpdate()
    .executeTakeFirst();
  return row && toUser(row);
}

/**
 * The account and all active administrators, locked in one order by one statement: whoever counts administrators to take
 * one away waits for whoever does the same.
 */
export async function lockUserAndAdmins(
  db: Transaction<UsersDb>,
  id: UserId,
): Promise<{ user: User | undefined; activeAdmins: number }> {
  const rows = await db
    .selectFrom('users')
    .select(columns)
    .where((where) =>
      where.or([
        where('id', '=', id),
        where.and([where('status', '=', 'ACTIVE'), sql<boolean>`roles @> array['ADMIN']::text[]`]),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
  const users = rows.map(toUser);
  return {
    user: users.find((user) => user.id === id),
    activeAdmins: users.filter((user) => user.status === 'ACTIVE' && user.roles.includes('ADMIN')).length,
  };
}

type Change = Partial<Pick<UsersTable, 'status' | 'status_reason' | 'roles' | 'password_hash'>> & Partial<ProfileRow>;
type ProfileRow = Pick<UsersTable, 'first_name' | 'last_name' | 'phone' | 'locale'>;

/** Writes the change and answers the account's new version. The row was locked before. */
async function update(db: Transaction<UsersDb>, id: UserId, change: Change, now: Date): Promise<number> {
  const { version } = await db
    .updateTable('users')
    .set({ ...change, updated_at: now })
    .set((set) => ({ version: set('version', '+', 1) }))
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow();
  return version;
}

export const updateProfile = (db: Transaction<UsersDb>, id: UserId, profile: Profile, now: Date): Promise<number> =>
  update(
    db,
    id,
    { first_name: profile.firstName, last_name: profile.lastName, phone: profile.phone, locale: profile.locale },
    now,
  );

export const updatePassword = (db: Transaction<UsersDb>, id: UserId, hash: string, now: Date): Promise<number> =>
  update(db, id, { password_hash: hash }, now);

export const updateStatus = (
  db: Transaction<UsersDb>,
  id: UserId,
  status: UserStatus,
  reason: string,
  now: Date,
): Promise<number> => update(db, id, { status, status_reason: reason }, now);

export const updateRoles = (db: Transaction<UsersDb>, id: UserId, roles: Role[], now: Date): Promise<number> =>
  update(db, id, { roles }, now);

export async function hasUsers(db: Kysely<UsersDb>): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Keeps others from making an account until the transaction ends; true where there is none yet. */
export async function lockEmptyUsers(db: Transaction<UsersDb>): Promise<boolean> {
  await sql`lock table users in share row exclusive mode`.execute(db);
  return !(await hasUsers(db));
}

/** All accounts in the order they were made, a page at a time. */
export async function* streamUsers(db: Kysely<UsersDb>): AsyncGenerator<User> {
  let after: UserId | undefined;
  for (;;) {
    let query = db.selectFrom('users').select(columns).orderBy('id').limit(500);
    if (after) query = query.where('id', '>', after);
    const rows = await query.execute();
    for (const row of rows) yield toUser(row);
    if (rows.length < 500) return;
    after = rows.at(-1)!.id;
  }
}
