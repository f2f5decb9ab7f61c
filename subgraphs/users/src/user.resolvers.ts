import {
  badInput,
  type HouseContext,
  hasRole,
  mayChangeAs,
  PageArgs,
  requireId,
  SignedIn,
  Staff,
  type Tx,
  unauthenticated,
} from '@souk/kit';
import {
  type AddressId,
  type ApiKeyId,
  type AppId,
  decodeId,
  type Role,
  type UserId,
  type UserStatus,
  type Viewer,
} from '@souk/schema';
import type DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { TokenSigner } from './access-token.ts';
import type { UserAddress } from './address.ts';
import { UserAddressType } from './address.types.ts';
import type { ApiKey, App } from './app.ts';
import { listRevokedLately, type SignInPorts } from './session.service.ts';
import type { SessionRevocations } from './session-revocations.ts';
import { listUsers } from './user.repository.ts';
import {
  changePassword,
  changeStatus,
  editProfile,
  type ProvenPassword,
  provePasswordChange,
  setRoles,
} from './user.service.ts';
import type { UsersDb } from './user.tables.ts';
import type { User } from './user.ts';
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  ReactivateUserPayload,
  RoleEnum,
  SetUserRolesInput,
  SetUserRolesPayload,
  SuspendUserPayload,
  UpdateProfileInput,
  UpdateProfilePayload,
  UserConnection,
  UserStatusEnum,
  UserStatusInput,
  UserType,
} from './user.types.ts';

export interface UsersLoaders {
  userById: DataLoader<UserId, User | null>;
  addressById: DataLoader<AddressId, UserAddress | null>;
  addressesByUserId: DataLoader<UserId, UserAddress[]>;
  appById: DataLoader<AppId, App | null>;
  apiKeyById: DataLoader<ApiKeyId, ApiKey | null>;
  apiKeysByAppId: DataLoader<AppId, ApiKey[]>;
}
export interface UsersPorts extends SignInPorts {
  readonly signer: TokenSigner;
  readonly revocations: SessionRevocations;
}
export type UsersContext = HouseContext<UsersDb, UsersLoaders, UsersPorts>;

/** A viewer with an account; UNAUTHENTICATED for any other. */
export function signedIn(viewer: Viewer): Viewer & { readonly userId: UserId } {
  if (viewer.userId === null) throw unauthenticated();
  return { ...viewer, userId: viewer.userId };
}

export const maySeeUser = (viewer: Viewer, id: UserId): boolean => viewer.userId === id || hasRole(viewer, 'SUPPORT');

/** An account as the viewer may see it: their own, any for support, else null. */
export const findVisibleUser = async (id: UserId, { viewer, loaders }: UsersContext): Promise<User | null> =>
  maySeeUser(viewer, id) ? loaders.userById.load(id) : null;

/** Runs a change of an account that may end its sessions, and tells the router of them before the answer goes out. */
async function changeAccount(
  ctx: UsersContext,
  operation: string,
  run: (tx: Tx<UsersDb>) => Promise<UserId>,
  before?: () => Promise<void>,
) {
  let ended: string[] = [];
  return ctx.mutate(
    operation,
    {},
    async (tx) => {
      const id = await run(tx);
      ended = await listRevokedLately(tx, id);
      return id;
    },
    async (id) => {
      await ctx.ports.revocations.publish('session', ended);
      return { user: await ctx.loaders.userById.load(id as UserId) };
    },
    before ? { before } : {},
  );
}

@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, { nullable: true, description: 'The viewer’s own account; null for a guest.' })
  me(@Ctx() ctx: UsersContext) {
    return ctx.viewer.userId && findVisibleUser(ctx.viewer.userId, ctx);
  }

  @Query(() => UserType, { nullable: true, description: 'An account, for its owner and for support.' })
  user(@Arg('id', () => ID, { description: 'Whose.' }) id: string, @Ctx() ctx: UsersContext) {
    const uuid = decodeId('User', id);
    return uuid && findVisibleUser(uuid, ctx);
  }

  @Staff('SUPPORT')
  @Query(() => UserConnection, { description: 'Accounts, newest first.' })
  users(
    @Arg('search', () => String, {
      nullable: true,
      description: 'Part of a name or an e-mail address, 2 to 100 characters.',
    })
    search: string | null,
    @Arg('role', () => RoleEnum, { nullable: true, description: 'Only those with the role.' }) role: Role | null,
    @Arg('status', () => UserStatusEnum, { nullable: true, description: 'Only those of the status.' })
    status: UserStatus | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { db }: UsersContext,
  ) {
    const words = search?.trim().replaceAll('\u0000', '') || null;
    if (words !== null && (words.length < 2 || words.length > 100)) {
      throw badInput('Search for 2 to 100 characters.');
    }
    return listUsers(db, { search: words, role, status }, page);
  }

  @FieldResolver(() => [UserAddressType], { description: 'The address book, oldest first.' })
  addresses(@Root() user: User, @Ctx() { loaders }: UsersContext) {
    return loaders.addressesByUserId.load(user.id);
  }

  @SignedIn()
  @Mutation(() => UpdateProfilePayload, {
    description:
      'Changes the viewer’s profile. Example: `updateProfile(input: { firstName: "Aiko" }) { user { firstName } errors { message } }`.',
  })
  updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'What changes.' }) input: UpdateProfileInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { userId } = signedIn(ctx.viewer);
    return ctx.mutate(
      'updateProfile',
      {},
      async (tx) => {
        await editProfile(tx, userId, input);
        return userId;
      },
      async () => ({ user: await ctx.loaders.userById.load(userId) }),
    );
  }

  @SignedIn()
  @Mutation(() => ChangePasswordPayload, {
    description: 'Changes the viewer’s password and ends all other sessions of the account.',
  })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The present and the new password.' })
    input: ChangePasswordInput,
    @Ctx() ctx: UsersContext,
  ) {
    const viewer = signedIn(ctx.viewer);
    let proven: ProvenPassword;
    return changeAccount(
      ctx,
      'changePassword',
      async (tx) => {
        await changePassword(tx, viewer, proven);
        return viewer.userId;
      },
      async () => {
        proven = await provePasswordChange(ctx.db, ctx.ports, viewer, input);
      },
    );
  }

  @Staff('SUPPORT')
  @Mutation(() => SuspendUserPayload, {
    description: 'Shuts an account and ends its sessions at once. A colleague’s account takes an administrator.',
  })
  suspendUser(
    @Arg('input', () => UserStatusInput, { description: 'Whose, and why.' }) input: UserStatusInput,
    @Ctx() ctx: UsersContext,
  ) {
    return this.setStatus(ctx, 'suspendUser', input, 'SUSPENDED');
  }

  @Staff('SUPPORT')
  @Mutation(() => ReactivateUserPayload, {
    description: 'Takes an account back into service. A colleague’s account takes an administrator.',
  })
  reactivateUser(
    @Arg('input', () => UserStatusInput, { description: 'Whose, and why.' }) input: UserStatusInput,
    @Ctx() ctx: UsersContext,
  ) {
    return this.setStatus(ctx, 'reactivateUser', input, 'ACTIVE');
  }

  private setStatus(ctx: UsersContext, operation: string, input: UserStatusInput, to: UserStatus) {
    return changeAccount(ctx, operation, async (tx) => {
      const id = requireId('User', input.id, ['input', 'id'], 'user');
      const by = { isAdmin: mayChangeAs(ctx.viewer, 'ADMIN') };
      await changeStatus(tx, by, id, to, input.reason, input.expectedVersion ?? null);
      return id;
    });
  }

  @Staff('ADMIN')
  @Mutation(() => SetUserRolesPayload, {
    description:
      'Sets an account’s roles. One that is taken away ends the account’s sessions at once; one that is given is in its next access token. The last active administrator stays one.',
  })
  setUserRoles(
    @Arg('input', () => SetUserRolesInput, { description: 'Whose roles become which.' }) input: SetUserRolesInput,
    @Ctx() ctx: UsersContext,
  ) {
    return changeAccount(ctx, 'setUserRoles', async (tx) => {
      const id = requireId('User', input.id, ['input', 'id'], 'user');
      await setRoles(tx, id, input.roles, input.expectedVersion ?? null);
      return id;
    });
  }
}
