import {
  batchById,
  batchManyBy,
  defineSubgraph,
  newSystemViewer,
  owned,
  type RunningHouse,
  StartupError,
} from '@souk/kit';
import type { AddressId, UserId } from '@souk/schema';
import { joseSigner } from './access-token.jose.ts';
import { listAddressesByIds, listAddressesByUserIds } from './address.repository.ts';
import { AddressResolver, findVisibleAddress } from './address.resolvers.ts';
import { UserAddressError } from './address.types.ts';
import { listApiKeysByAppIds, listApiKeysByIds, listAppsByIds } from './app.repository.ts';
import { AppResolver } from './app.resolvers.ts';
import { AppError } from './app.types.ts';
import { kvLimiter } from './attempt-limiter.kv.ts';
import { migrations } from './migrations/0001_users.ts';
import { apps } from './migrations/0002_apps.ts';
import { argon2Hasher } from './password-hasher.argon2.ts';
import { streamGuestIdentities } from './session.repository.ts';
import { SessionResolver } from './session.resolvers.ts';
import { publishRevocations, sweepSessions } from './session.service.ts';
import { SessionError } from './session.types.ts';
import { kvRevocations } from './session-revocations.kv.ts';
import { hasUsers, listUsersByIds, streamUsers } from './user.repository.ts';
import {
  findVisibleUser,
  UserResolver,
  type UsersContext,
  type UsersLoaders,
  type UsersPorts,
} from './user.resolvers.ts';
import { createFirstAdmin, type PreparedAccount, prepareAccount, sayRegistered, sayStatus } from './user.service.ts';
import type { UsersDb } from './user.tables.ts';
import { AccountError } from './user.types.ts';

export { verifyAccessToken } from './access-token.jose.ts';
export { type Claims, REVOCATIONS_PUBLISHED, revocableId, revokedKey } from './access-token.ts';

export const users = defineSubgraph<UsersDb, UsersLoaders, UsersPorts>({
  name: 'users',
  resolvers: [UserResolver, SessionResolver, AddressResolver, AppResolver],
  orphans: [AccountError, SessionError, UserAddressError, AppError],
  entities: {
    User: owned((id: UserId, ctx: UsersContext) => findVisibleUser(id, ctx)),
    UserAddress: owned((id: AddressId, ctx: UsersContext) => findVisibleAddress(id, ctx)),
  },
  migrations: { ...migrations, ...apps },
  hears: {},
  ticks: {
    publishRevocations: { everySeconds: 60, run: publishRevocations },
    sweepSessions: { everySeconds: 3_600, run: sweepSessions },
  },
  loaders: ({ db }) => ({
    userById: batchById((ids) => listUsersByIds(db, ids)),
    addressById: batchById((ids) => listAddressesByIds(db, ids)),
    addressesByUserId: batchManyBy(
      (ids) => listAddressesByUserIds(db, ids),
      (address) => address.userId,
    ),
    appById: batchById((ids) => listAppsByIds(db, ids)),
    apiKeyById: batchById((ids) => listApiKeysByIds(db, ids)),
    apiKeysByAppId: batchManyBy(
      (ids) => listApiKeysByAppIds(db, ids),
      (key) => key.appId,
    ),
  }),
  ports: async ({ kv, tokenKey }) => ({
    hasher: await argon2Hasher(),
    limiter: kvLimiter(kv),
    signer: joseSigner(tokenKey.privateKey),
    revocations: kvRevocations(kv),
  }),
  async *snapshot(db) {
    for await (const user of streamUsers(db)) {
      yield sayRegistered(user);
      yield sayStatus(user);
    }
    for await (const { guestId, userId, version } of streamGuestIdentities(db)) {
      yield { type: 'users.GuestIdentified', key: guestId, version, subject: userId, data: { guestId, userId } };
    }
  },
});

/**
 * Makes the shop's first account, an administrator, where there is no account at all; true where it did. For the composition
 * root, before anyone is let in. Throws a StartupError on an e-mail address or a password that no account may have.
 */
export async function ensureAdmin(house: RunningHouse, login: { email: string; password: string }): Promise<boolean> {
  const context: UsersContext = house.context(newSystemViewer());
  if (await hasUsers(context.db)) return false;
  let prepared: PreparedAccount;
  let made = false;
  const { errors } = await context.mutate(
    'ensureAdmin',
    {},
    async (tx) => {
      const id = await createFirstAdmin(tx, prepared);
      made = id !== null;
      return id;
    },
    () => ({}),
    {
      before: async () => {
        const account = { ...login, firstName: 'Shop', lastName: 'Administrator' };
        prepared = await prepareAccount(context.ports, context.viewer, account);
      },
    },
  );
  if (errors.length > 0) {
    throw new StartupError(
      'The first administrator could not be made.',
      `Correct SOUK_ADMIN_EMAIL and SOUK_ADMIN_PASSWORD: ${errors.map((error) => error.message).join(' ')}`,
    );
  }
  return made;
}
