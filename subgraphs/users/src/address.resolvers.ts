import { requireId, SignedIn } from '@souk/kit';
import type { AddressId } from '@souk/schema';
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { addAddress, editAddress, makeDefault, removeAddress } from './address.service.ts';
import type { UserAddress } from './address.ts';
import {
  AddAddressInput,
  AddAddressPayload,
  AddressIdInput,
  RemoveAddressPayload,
  SetDefaultAddressPayload,
  UpdateAddressInput,
  UpdateAddressPayload,
  UserAddressType,
} from './address.types.ts';
import { maySeeUser, signedIn, type UsersContext } from './user.resolvers.ts';

/** An address as the viewer may see it: their own, any for support, else null. */
export async function findVisibleAddress(id: AddressId, ctx: UsersContext): Promise<UserAddress | null> {
  const address = await ctx.loaders.addressById.load(id);
  return address && maySeeUser(ctx.viewer, address.userId) ? address : null;
}

const requireAddress = (id: string, ...field: string[]): AddressId => requireId('UserAddress', id, field, 'address');

@Resolver(() => UserAddressType)
export class AddressResolver {
  @SignedIn()
  @Mutation(() => AddAddressPayload, { description: 'Adds an address to the viewer’s address book.' })
  addAddress(
    @Arg('input', () => AddAddressInput, { description: 'The new address.' }) input: AddAddressInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { userId } = signedIn(ctx.viewer);
    return ctx.mutate(
      'addAddress',
      {},
      (tx) => addAddress(tx, userId, input.type, input, input.isDefault),
      async (id) => ({ address: await ctx.loaders.addressById.load(id as AddressId) }),
    );
  }

  @SignedIn()
  @Mutation(() => UpdateAddressPayload, { description: 'Changes an address of the viewer’s.' })
  updateAddress(
    @Arg('id', () => ID, { description: 'Which address.' }) id: string,
    @Arg('input', () => UpdateAddressInput, { description: 'What changes.' }) input: UpdateAddressInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { userId } = signedIn(ctx.viewer);
    return ctx.mutate(
      'updateAddress',
      {},
      async (tx) => {
        const uuid = requireAddress(id, 'id');
        await editAddress(tx, userId, uuid, input);
        return uuid;
      },
      async (uuid) => ({ address: await ctx.loaders.addressById.load(uuid as AddressId) }),
    );
  }

  @SignedIn()
  @Mutation(() => RemoveAddressPayload, {
    description: 'Removes an address of the viewer’s. The newest left of its type takes the place of a default.',
  })
  removeAddress(
    @Arg('input', () => AddressIdInput, { description: 'Which address.' }) input: AddressIdInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { userId } = signedIn(ctx.viewer);
    return ctx.mutate(
      'removeAddress',
      {},
      async (tx) => {
        await removeAddress(tx, userId, requireAddress(input.id, 'input', 'id'));
        return userId;
      },
      async () => ({ user: await ctx.loaders.userById.load(userId) }),
    );
  }

  @SignedIn()
  @Mutation(() => SetDefaultAddressPayload, {
    description: 'Makes an address of the viewer’s the default of its type.',
  })
  setDefaultAddress(
    @Arg('input', () => AddressIdInput, { description: 'Which address.' }) input: AddressIdInput,
    @Ctx() ctx: UsersContext,
  ) {
    const { userId } = signedIn(ctx.viewer);
    return ctx.mutate(
      'setDefaultAddress',
      {},
      async (tx) => {
        const id = requireAddress(input.id, 'input', 'id');
        await makeDefault(tx, userId, id);
        return id;
      },
      async (id) => ({ address: await ctx.loaders.addressById.load(id as AddressId) }),
    );
  }
}
