import { type LiveEvent, notFound, requireId, unauthenticated, watch } from '@souk/kit';
import { type CartId, decodeId, type VariantId } from '@souk/schema';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { OpenedCarts, StockedCart } from './cart.repository.ts';
import {
  addToCart,
  type CartChange,
  cartTopic,
  clearCart,
  removeCartLine,
  setCartAddress,
  setCartEmail,
  setCartNote,
  setCartShippingMethod,
  updateCartLine,
} from './cart.service.ts';
import { type Cart, type Goods, itemCount, type Line, noticed, type Problem, problemsOf } from './cart.ts';
import {
  AddToCartInput,
  CartEvent,
  type CartLineType,
  CartPayload,
  CartProblem,
  CartType,
  RemoveCartLineInput,
  SetCartAddressInput,
  SetCartEmailInput,
  SetCartNoteInput,
  SetCartShippingMethodInput,
  UpdateCartLineInput,
} from './cart.types.ts';
import type { CartsContext, SeenCart } from './hot-cart.repository.ts';

const toLine = ({ id, quantity, variantId }: Line): CartLineType => ({ id, quantity, variant: { id: variantId } });
const toProblem = ({ line, ...problem }: Problem): CartProblem => ({ ...problem, line: line && toLine(line) });

/** A cart of the graph; its problems are computed where somebody asks for them. */
type CartView = Omit<CartType, 'problems'> & Pick<SeenCart, 'cart' | 'goods'>;

function toCart({ cart, goods, createdAt, updatedAt }: SeenCart): CartView {
  const { id, version, note, email, shippingAddress, billingAddress, shippingMethodId } = cart;
  return {
    id,
    version,
    lines: cart.lines.map(toLine),
    itemCount: itemCount(cart),
    codes: [...cart.codes],
    note,
    email,
    shippingAddress,
    billingAddress,
    shippingMethodId,
    createdAt,
    updatedAt,
    cart,
    goods,
  };
}

/** The viewer's cart by id; null for anybody else's. */
export async function loadCart(id: CartId, ctx: CartsContext): Promise<CartView | null> {
  const found = await ctx.loaders.cartById.load(id);
  return found && toCart(found);
}

async function goodsOf({ lines }: Cart, { goodsById }: CartsContext['loaders']): Promise<Map<VariantId, Goods>> {
  const found = await Promise.all(lines.map(({ variantId }) => goodsById.load(variantId)));
  return new Map(found.flatMap((goods) => (goods ? [[goods.variantId, goods] as const] : [])));
}

const requireLine = (wire: string) => requireId('CartLine', wire, ['input', 'lineId'], 'line in your cart');

/** Changes the viewer's cart and answers it, as it was committed, with what was done otherwise than asked. */
async function change(ctx: CartsContext, operation: string, prepare: () => CartChange) {
  let wanted: CartChange;
  let opened: OpenedCarts;
  let done: StockedCart;
  return ctx.mutate(
    operation,
    {},
    async (tx) => {
      done = await wanted.change(tx, opened);
      return done.id;
    },
    () => ({ cart: toCart(done), warnings: noticed(done.cart).map(toProblem) }),
    {
      before: async () => {
        wanted = prepare();
      },
      opening: async (db, newId) => {
        opened = await wanted.lock(db, newId);
        return opened.now;
      },
    },
  );
}

@Resolver(() => CartType)
export class CartResolver {
  @Query(() => CartType, { nullable: true, description: 'The viewer’s cart; null where there is none yet.' })
  async cart(@Ctx() ctx: CartsContext): Promise<CartView | null> {
    const found = await ctx.ports.findCart(ctx.viewer.principal);
    return found ? toCart(found) : null;
  }

  @FieldResolver(() => [CartProblem])
  async problems(@Root() { cart, goods }: CartView, @Ctx() { loaders }: CartsContext): Promise<CartProblem[]> {
    const known = goods ?? (await goodsOf(cart, loaders));
    return problemsOf(cart, (variantId) => known.get(variantId)).map(toProblem);
  }

  @Mutation(() => CartPayload, {
    description: 'Adds units of an article to the viewer’s cart, which is made where there is none.',
  })
  addToCart(
    @Arg('input', () => AddToCartInput, { description: 'What to add.' }) input: AddToCartInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'addToCart', () =>
      addToCart(ctx.viewer, {
        variantId: decodeId('ProductVariant', input.variantId) ?? notFound('article', ['input', 'variantId']),
        cartId: input.cartId == null ? null : requireId('Cart', input.cartId, ['input', 'cartId'], 'cart'),
        quantity: input.quantity,
      }),
    );
  }

  @Mutation(() => CartPayload, { description: 'Sets the quantity of a line; 0 takes it out.' })
  updateCartLine(
    @Arg('input', () => UpdateCartLineInput, { description: 'The line and its quantity.' }) input: UpdateCartLineInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'updateCartLine', () => updateCartLine(ctx.viewer, requireLine(input.lineId), input.quantity));
  }

  @Mutation(() => CartPayload, { description: 'Takes a line out.' })
  removeCartLine(
    @Arg('input', () => RemoveCartLineInput, { description: 'The line.' }) input: RemoveCartLineInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'removeCartLine', () => removeCartLine(ctx.viewer, requireLine(input.lineId)));
  }

  @Mutation(() => CartPayload, { description: 'Takes every line out.' })
  clearCart(@Ctx() ctx: CartsContext) {
    return change(ctx, 'clearCart', () => clearCart(ctx.viewer));
  }

  @Mutation(() => CartPayload, { description: 'Sets where the confirmation goes.' })
  setCartEmail(
    @Arg('input', () => SetCartEmailInput, { description: 'The address.' }) input: SetCartEmailInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'setCartEmail', () => setCartEmail(ctx.viewer, input.email));
  }

  @Mutation(() => CartPayload, { description: 'Sets where the parcel goes, and the bill.' })
  setCartAddress(
    @Arg('input', () => SetCartAddressInput, { description: 'The addresses.' }) input: SetCartAddressInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'setCartAddress', () => setCartAddress(ctx.viewer, input));
  }

  @Mutation(() => CartPayload, { description: 'Chooses how the cart is to be shipped.' })
  setCartShippingMethod(
    @Arg('input', () => SetCartShippingMethodInput, { description: 'The method.' }) input: SetCartShippingMethodInput,
    @Ctx() ctx: CartsContext,
  ) {
    const { shippingMethodId: wire } = input;
    const field = ['input', 'shippingMethodId'];
    return change(ctx, 'setCartShippingMethod', () =>
      setCartShippingMethod(
        ctx.viewer,
        wire == null ? null : requireId('ShippingMethod', wire, field, 'shipping method'),
      ),
    );
  }

  @Mutation(() => CartPayload, { description: 'Leaves a word to the merchant.' })
  setCartNote(
    @Arg('input', () => SetCartNoteInput, { description: 'The note.' }) input: SetCartNoteInput,
    @Ctx() ctx: CartsContext,
  ) {
    return change(ctx, 'setCartNote', () => setCartNote(ctx.viewer, input.note));
  }

  @Subscription(() => CartEvent, {
    description: 'The viewer’s cart: as it is, then each time it changes, on whichever device.',
    subscribe: ({ args, context }) => watchCart(args.after, context as CartsContext),
  })
  cartUpdated(
    @Root() event: LiveEvent<CartView>,
    @Arg('after', () => String, {
      nullable: true,
      description: 'An `eventId` seen before: its state is not sent again if nothing is newer.',
    })
    _after: string | null,
  ): { eventId: string; cart: CartView } {
    return { eventId: event.eventId, cart: event.value };
  }
}

function watchCart(after: string | null | undefined, ctx: CartsContext) {
  const { principal } = ctx.viewer;
  if (principal === 'anonymous') throw unauthenticated('Start a guest session or sign in first.');
  return watch<CartView>({
    live: ctx.platform.live,
    topics: [cartTopic(principal)],
    after: after ?? null,
    read: async () => {
      const found = await ctx.ports.findCart(principal);
      return found ? [{ id: found.id, version: found.cart.version, value: toCart(found) }] : [];
    },
  });
}
