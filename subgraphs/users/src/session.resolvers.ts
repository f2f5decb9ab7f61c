import { badInput, forbidden, newId } from '@souk/kit';
import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Claims } from './access-token.ts';
import { findEnded, readNow } from './session.repository.ts';
import {
  type Ended,
  type OpenedSession,
  proveSignIn,
  publishAllRevocations,
  type Refreshed,
  refreshSession,
  signIn,
  signOut,
} from './session.service.ts';
import { guestClaims } from './session.ts';
import {
  RefreshSessionInput,
  RefreshSessionPayload,
  RegisterPayload,
  Session,
  SessionErrorCode,
  SignInInput,
  SignInPayload,
  SignOutInput,
  SignOutPayload,
  StartGuestSessionPayload,
} from './session.types.ts';
import type { Credentials } from './user.repository.ts';
import type { UsersContext } from './user.resolvers.ts';
import { type PreparedAccount, prepareAccount, registerUser } from './user.service.ts';
import { RegisterInput } from './user.types.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

async function show(ctx: UsersContext, claims: Claims, issuedAt: Date, refreshToken: string | null): Promise<Session> {
  const { userId, guestId, expiresAt } = claims;
  return {
    accessToken: await ctx.ports.signer.sign(claims, issuedAt),
    refreshToken,
    expiresAt,
    user: userId && (await ctx.loaders.userById.load(userId)),
    guestId,
  };
}

const showOpened = async (ctx: UsersContext, { claims, issuedAt, refreshToken }: OpenedSession) => ({
  session: await show(ctx, claims, issuedAt, refreshToken),
});

@Resolver()
export class SessionResolver {
  @Mutation(() => StartGuestSessionPayload, {
    description:
      'Starts a session without an account. Its token owns a cart and orders for 30 days; register or sign in with it at hand to keep them.',
  })
  async startGuestSession(@Ctx() ctx: UsersContext) {
    // Nothing is kept of a guest who comes: the signed token is all there is, so it takes no transaction.
    const now = await readNow(ctx.db);
    return { session: await show(ctx, guestClaims(newId<'Guest'>(), now), now, null), errors: [] };
  }

  @Mutation(() => RegisterPayload, {
    description:
      'Makes an account and signs it in. Example: `register(input: { email: "aiko@example.org", password: "…", firstName: "Aiko", lastName: "Sato" }) { session { accessToken refreshToken } errors { code message field } }`.',
  })
  register(
    @Arg('input', () => RegisterInput, { description: 'The new account.' }) input: RegisterInput,
    @Ctx() ctx: UsersContext,
  ) {
    let prepared: PreparedAccount;
    let session: OpenedSession;
    return ctx.mutate(
      'register',
      {},
      async (tx) => {
        const made = await registerUser(tx, ctx.viewer, prepared);
        session = made.session;
        return made.user.id;
      },
      () => showOpened(ctx, session),
      {
        anonymous: true,
        before: async () => {
          prepared = await prepareAccount(ctx.ports, ctx.viewer, input);
        },
      },
    );
  }

  @Mutation(() => SignInPayload, {
    description:
      'Opens a session. An unknown e-mail address and a wrong password get one answer after the same work. RATE_LIMITED after 10 wrong tries in a quarter of an hour.',
  })
  signIn(
    @Arg('input', () => SignInInput, { description: 'Who signs in.' }) input: SignInInput,
    @Ctx() ctx: UsersContext,
  ) {
    let proven: Credentials;
    let session: OpenedSession;
    return ctx.mutate(
      'signIn',
      {},
      async (tx) => {
        session = await signIn(tx, ctx.viewer, proven);
        return proven.id;
      },
      () => showOpened(ctx, session),
      {
        anonymous: true,
        before: async () => {
          proven = await proveSignIn(ctx.db, ctx.ports, ctx.viewer, input);
        },
      },
    );
  }

  @Mutation(() => RefreshSessionPayload, {
    description:
      'Swaps a refresh token for new tokens. A token is good once: presented again, also in parallel, it ends the session, for somebody has a copy. So let one tab or process refresh for all.',
  })
  async refreshSession(
    @Arg('input', () => RefreshSessionInput, { description: 'The refresh token.' }) input: RefreshSessionInput,
    @Ctx() ctx: UsersContext,
  ) {
    let refreshed: Refreshed = { outcome: 'REFUSED' };
    const answer = await ctx.mutate(
      'refreshSession',
      {},
      async (tx) => {
        refreshed = await refreshSession(tx, input.refreshToken);
        return refreshed.outcome;
      },
      async () => {
        if (refreshed.outcome === 'REUSED') await ctx.ports.revocations.publish('session', refreshed.ended);
        return refreshed.outcome === 'ROTATED' ? showOpened(ctx, refreshed.session) : { session: null };
      },
      { anonymous: true },
    );
    if (answer.session) return answer;
    const refusal = {
      code: SessionErrorCode.INVALID_REFRESH_TOKEN,
      message: 'This session has ended. Please sign in again.',
      field: ['input', 'refreshToken'],
    };
    return { session: null, errors: [refusal] };
  }

  @Mutation(() => SignOutPayload, {
    description:
      'Ends the session of the request, its access token included, at once. A guest’s token ends too: the cart is gone with it, and orders are found again by `orderByNumber`.',
  })
  signOut(
    @Arg('input', () => SignOutInput, { nullable: true, description: 'What else to end.' }) input: SignOutInput | null,
    @Ctx() ctx: UsersContext,
  ) {
    let ended: Ended = { session: [], guest: [] };
    return ctx.mutate(
      'signOut',
      {},
      async (tx) => {
        ended = await signOut(tx, ctx.viewer, input?.refreshToken ?? null);
        return 'signedOut';
      },
      async () => {
        const { revocations } = ctx.ports;
        await Promise.all([revocations.publish('session', ended.session), revocations.publish('guest', ended.guest)]);
        return { signedOut: ended.session.length + ended.guest.length > 0 };
      },
      { anonymous: true },
    );
  }

  @Directive('@inaccessible')
  @Mutation(() => Boolean, {
    description:
      'Publishes every revocation in force, for a router that finds none in the kv. Not part of the public graph: for the system alone.',
  })
  async publishRevocations(@Ctx() { viewer, db, ports }: UsersContext) {
    if (viewer.principal !== 'system') throw forbidden();
    await publishAllRevocations(db, ports.revocations);
    return true;
  }

  @Directive('@inaccessible')
  @Query(() => Boolean, {
    description:
      'Whether a session or a guest, by its bare id, was ended: for a router whose kv is away. Not part of the public graph: for the system alone.',
  })
  async isSessionEnded(
    @Arg('id', () => ID, { description: 'The bare UUID of the session or the guest.' }) id: string,
    @Ctx() { viewer, db }: UsersContext,
  ) {
    if (viewer.principal !== 'system') throw forbidden();
    if (!UUID.test(id)) throw badInput('The id is not one of a session or a guest.');
    return findEnded(db, id);
  }
}
