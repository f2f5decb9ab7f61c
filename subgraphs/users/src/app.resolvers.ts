import { badInput, forbidden, PageArgs, requireId, Staff, Under } from '@souk/kit';
import { type ApiKeyId, type AppId, decodeId, isUuid, scopes } from '@souk/schema';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { findApiKeyGrant, listApps } from './app.repository.ts';
import {
  editApp,
  type IssuedKey,
  issueApiKey,
  letAppIn,
  noteApiKeyUse,
  revokeApiKey,
  rotateApiKey,
} from './app.service.ts';
import type { App } from './app.ts';
import {
  ApiKeyGrantType,
  ApiKeyPayload,
  ApiKeyType,
  AppConnection,
  AppPayload,
  AppType,
  CreateApiKeyInput,
  CreateAppInput,
  IssuedApiKeyPayload,
  RevokeApiKeyInput,
  RotateApiKeyInput,
  UpdateAppInput,
} from './app.types.ts';
import type { UsersContext } from './user.resolvers.ts';

const HASH = /^[0-9a-f]{64}$/;
const MOST_IDS = 1_000;

const showApp = (ctx: UsersContext) => async (id: string) => ({ app: await ctx.loaders.appById.load(id as AppId) });
const keyOf = (ctx: UsersContext, id: string) => ctx.loaders.apiKeyById.load(id as ApiKeyId);

@Resolver(() => AppType)
export class AppResolver {
  @Staff('ADMIN')
  @Query(() => AppConnection, { description: 'The apps that were let in, newest first.' })
  apps(@Args(() => PageArgs) page: PageArgs, @Ctx() { db }: UsersContext) {
    return listApps(db, page);
  }

  @Staff('ADMIN')
  @Query(() => AppType, { nullable: true, description: 'An app by its id.' })
  app(@Arg('id', () => ID, { description: 'Which app.' }) id: string, @Ctx() { loaders }: UsersContext) {
    const uuid = decodeId('App', id);
    return uuid && loaders.appById.load(uuid);
  }

  @Query(() => [String], {
    description: 'Every scope an app can be granted: whose work it is, and whether it may look at it or change it.',
  })
  apiScopes() {
    return scopes;
  }

  @FieldResolver(() => [ApiKeyType], { description: 'Its keys, newest first, those that ended too.' })
  apiKeys(@Root() app: App, @Ctx() { loaders }: UsersContext) {
    return loaders.apiKeysByAppId.load(app.id);
  }

  @Staff('ADMIN')
  @Under('person')
  @Mutation(() => AppPayload, {
    description:
      'Lets an app in; issue it a key next. Example: `createApp(input: { name: "Stock sync", scopes: ["warehouse:write"] }) { app { id } errors { code message } }`.',
  })
  createApp(
    @Arg('input', () => CreateAppInput, { description: 'The app.' }) input: CreateAppInput,
    @Ctx() ctx: UsersContext,
  ) {
    return ctx.mutate('createApp', {}, (tx) => letAppIn(tx, ctx.viewer, input), showApp(ctx));
  }

  @Staff('ADMIN')
  @Under('person')
  @Mutation(() => AppPayload, {
    description: 'Changes an app. Its keys grant what it may do from now on, within seconds.',
  })
  updateApp(
    @Arg('id', () => ID, { description: 'Which app.' }) id: string,
    @Arg('input', () => UpdateAppInput, { description: 'What changes.' }) {
      expectedVersion,
      ...wanted
    }: UpdateAppInput,
    @Ctx() ctx: UsersContext,
  ) {
    return ctx.mutate(
      'updateApp',
      {},
      (tx) => editApp(tx, requireId('App', id, ['id'], 'app'), wanted, expectedVersion ?? null),
      showApp(ctx),
    );
  }

  @Staff('ADMIN')
  @Under('person')
  @Mutation(() => IssuedApiKeyPayload, {
    description:
      'Issues a key. It is shown in this answer alone. Example: `createApiKey(input: { appId: "app_…" }) { secret apiKey { id prefix } errors { message } }`.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'For which app.' }) input: CreateApiKeyInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { viewer } = ctx;
    let issued: IssuedKey;
    return ctx.mutate(
      'createApiKey',
      {},
      async (tx) => {
        const appId = requireId('App', input.appId, ['input', 'appId'], 'app');
        issued = await issueApiKey(tx, viewer, appId, input.expiresAt ?? null);
        return issued.id;
      },
      async (id) => ({ apiKey: await keyOf(ctx, id), secret: issued.secret }),
    );
  }

  @Staff('ADMIN')
  @Under('person')
  @Mutation(() => IssuedApiKeyPayload, {
    description: 'Replaces a key by a new one; for a while both are good, so that nothing stops.',
  })
  rotateApiKey(
    @Arg('input', () => RotateApiKeyInput, { description: 'Which key.' }) input: RotateApiKeyInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { viewer } = ctx;
    let issued: IssuedKey;
    return ctx.mutate(
      'rotateApiKey',
      {},
      async (tx) => {
        const id = requireId('ApiKey', input.id, ['input', 'id'], 'API key');
        issued = await rotateApiKey(tx, viewer, id, { ...input, expiresAt: input.expiresAt ?? null });
        return issued.id;
      },
      async (id) => ({ apiKey: await keyOf(ctx, id), secret: issued.secret }),
    );
  }

  @Staff('ADMIN')
  @Under('person')
  @Mutation(() => ApiKeyPayload, {
    description: 'Ends a key within seconds, its open connections too. Safe to repeat.',
  })
  revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which key.' }) input: RevokeApiKeyInput,
    @Ctx() ctx: UsersContext,
  ) {
    return ctx.mutate(
      'revokeApiKey',
      {},
      (tx) => revokeApiKey(tx, ctx.viewer, requireId('ApiKey', input.id, ['input', 'id'], 'API key')),
      async (id) => ({ apiKey: await keyOf(ctx, id) }),
    );
  }

  @Directive('@inaccessible')
  @Query(() => ApiKeyGrantType, {
    nullable: true,
    description: 'What a key grants, by its hash, for a router. Not part of the public graph: for the system alone.',
  })
  async apiKeyGrant(
    @Arg('hash', () => String, { description: 'SHA-256 of the key, in hexadecimal.' }) hash: string,
    @Ctx() { viewer, db }: UsersContext,
  ) {
    if (viewer.principal !== 'system') throw forbidden();
    if (!HASH.test(hash)) throw badInput('The hash is not one of a key.');
    return (await findApiKeyGrant(db, Buffer.from(hash, 'hex'))) ?? null;
  }

  @Directive('@inaccessible')
  @Mutation(() => Boolean, {
    description: 'Notes that keys were used lately, for a router. Not part of the public graph: for the system alone.',
  })
  async noteApiKeyUse(
    @Arg('ids', () => [String], { description: 'The bare UUIDs of keys.' }) ids: string[],
    @Ctx() ctx: UsersContext,
  ) {
    if (ctx.viewer.principal !== 'system') throw forbidden();
    if (ids.length === 0 || ids.length > MOST_IDS || !ids.every(isUuid)) throw badInput('These are no ids of keys.');
    await ctx.mutate(
      'noteApiKeyUse',
      {},
      async (tx) => {
        await noteApiKeyUse(tx, ids as ApiKeyId[]);
        return null;
      },
      () => ({}),
    );
    return true;
  }
}
