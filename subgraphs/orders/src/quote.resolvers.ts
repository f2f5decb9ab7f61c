import { hasRole, PageArgs } from '@souk/kit';
import { decodeId, type UserId } from '@souk/schema';
import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { quoteGoods } from './copy.service.ts';
import { type OrdersContext, shown } from './order.resolvers.ts';
import { serving } from './order.ts';
import { OrderConnection, OrderCustomer } from './order.types.ts';
import { listOrders } from './order-list.repository.ts';
import { Quote, QuotedCart } from './quote.types.ts';
import { stateOf } from './rules.ts';
import { quoteView } from './views.ts';

type Place = { readonly country: string; readonly state: string | null };

/** A cart as the router hands it over: ids in wire form. */
interface CartReference {
  readonly lines?: readonly { readonly quantity: number; readonly variant: { readonly id: string } | null }[] | null;
  readonly shippingAddress?: Place | null;
  readonly billingAddress?: Place | null;
  readonly shippingMethodId?: string | null;
}

@Resolver(() => QuotedCart)
export class CartQuoteResolver {
  @Directive(
    '@requires(fields: "lines { quantity variant { id } } shippingAddress { country state } billingAddress { country state } shippingMethodId")',
  )
  @FieldResolver(() => Quote, { nullable: true, description: 'What it would cost if it were ordered now.' })
  async quote(@Root() cart: CartReference, @Ctx() { db, viewer }: OrdersContext) {
    const wanted = (cart.lines ?? []).flatMap(({ quantity, variant }) => {
      const variantId = variant && decodeId('ProductVariant', variant.id);
      return variantId ? [{ variantId, quantity }] : [];
    });
    const to = cart.shippingAddress ?? cart.billingAddress;
    const quoted = await quoteGoods(
      db,
      {
        channel: viewer.channel,
        wanted,
        destination: to ? { country: to.country, state: stateOf(to.state) } : null,
        shipsThere: cart.shippingAddress != null,
        methodId: cart.shippingMethodId == null ? null : decodeId('ShippingMethod', cart.shippingMethodId),
      },
      null,
    );
    return quoteView(quoted);
  }
}

@Resolver(() => OrderCustomer)
export class UserOrdersResolver {
  @FieldResolver(() => OrderConnection, {
    nullable: true,
    description: 'Orders of the account, newest first. For itself and staff who serve orders.',
  })
  async orders(
    @Root() { id }: { id: UserId },
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { db, viewer }: OrdersContext,
  ) {
    if (viewer.userId !== id && !hasRole(viewer, ...serving)) return null;
    return shown(await listOrders(db, { userId: id, newestFirst: true }, page));
  }
}
