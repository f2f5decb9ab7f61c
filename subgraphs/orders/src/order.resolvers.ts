import { createHash } from 'node:crypto';
import {
  type HouseContext,
  PageArgs,
  type PayloadError,
  requireId,
  SortDirection,
  Staff,
  systemError,
  unauthenticated,
  watch,
} from '@souk/kit';
import { decodeId, isStaff, money, type OrderId, type Viewer } from '@souk/schema';
import type DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Allocation } from './goods.ts';
import { allowedTransitions, cancelOrder, createOrder, type Done, maySee, payOrder } from './order.service.ts';
import type { OrdersDb } from './order.tables.ts';
import { type OrderEvent as Event, internalKinds, type OrderRow } from './order.ts';
import {
  Fulfillment,
  OrderAllocation,
  OrderConnection,
  OrderError,
  OrderEvent,
  OrderLine,
  OrderType,
  Refund,
} from './order.types.ts';
import {
  CancelOrderInput,
  CancelOrderPayload,
  CreateOrderInput,
  CreateOrderPayload,
  OrderFilter,
  OrderSort,
  OrderUpdate,
  PayOrderInput,
  PayOrderPayload,
} from './order-input.types.ts';
import {
  type FulfillmentView,
  findOrder,
  findOrderByNumber,
  type LineView,
  listOrders,
  type RefundView,
} from './order-list.repository.ts';
import type { ShippingMethod, ShippingZone, TaxClass, TaxZone } from './rules.ts';
import { eventView, lineView, type OrderView, orderView } from './views.ts';

export interface OrdersLoaders {
  /** Orders the viewer may see. */
  orderById: DataLoader<OrderId, OrderRow | null>;
  linesByOrder: DataLoader<OrderId, LineView[]>;
  eventsByOrder: DataLoader<OrderId, (Event & { orderId: OrderId })[]>;
  fulfillmentsByOrder: DataLoader<OrderId, FulfillmentView[]>;
  refundsByOrder: DataLoader<OrderId, RefundView[]>;
  allocationsByOrder: DataLoader<OrderId, (Allocation & { orderId: OrderId })[]>;
  taxClassById: DataLoader<TaxClass['id'], TaxClass | null>;
  taxZoneById: DataLoader<TaxZone['id'], TaxZone | null>;
  shippingZoneById: DataLoader<ShippingZone['id'], ShippingZone | null>;
  shippingMethodById: DataLoader<ShippingMethod['id'], ShippingMethod | null>;
  methodsByZone: DataLoader<ShippingZone['id'], ShippingMethod[]>;
}
export type OrdersContext = HouseContext<OrdersDb, OrdersLoaders>;

export async function loadOrder(ctx: OrdersContext, id: string): Promise<OrderView | null> {
  const row = await ctx.loaders.orderById.load(id as OrderId);
  return row && orderView(row);
}

/** Answers an order as it was just committed; a repeat of an earlier request reads it as it is now. */
async function answerOrder(
  ctx: OrdersContext,
  id: string,
  done: Done | undefined,
): Promise<{ order: OrderView | null }> {
  if (done?.order) ctx.loaders.orderById.prime(done.id, done.order);
  return { order: await loadOrder(ctx, id) };
}

type Listed = Awaited<ReturnType<typeof listOrders>>;
export const shown = (page: Listed) => {
  const edges = page.edges.map(({ node, cursor }) => ({ node: orderView(node), cursor }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
};

const WINDOW_SECONDS = 900;
const TRIES_PER_NUMBER = 10;
const TRIES_PER_EMAIL = 30;

/** Neither one number nor one e-mail address can be tried against many of the other. */
async function limitLookups({ platform }: OrdersContext, orderNumber: string, email: string): Promise<void> {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  const [byNumber, byEmail] = await Promise.all([
    platform.kv.increment(`orders:lookup:number:${hash(orderNumber)}`, WINDOW_SECONDS),
    platform.kv.increment(`orders:lookup:email:${hash(email)}`, WINDOW_SECONDS),
  ]);
  if (byNumber > TRIES_PER_NUMBER || byEmail > TRIES_PER_EMAIL) {
    throw systemError('RATE_LIMITED', 'Too many look-ups. Please try again later.', {
      retryAfterMs: WINDOW_SECONDS * 1000,
    });
  }
}

async function watchOrder(ctx: OrdersContext, wire: string, after: string | null) {
  const id = decodeId('Order', wire);
  const read = async () => {
    // One context serves a whole subscription: what an earlier event loaded is stale now.
    for (const loader of Object.values(ctx.loaders)) (loader as DataLoader<string, unknown>).clearAll();
    const order = id && (await findOrder(ctx.db, id));
    return order && maySee(ctx.viewer, order) ? [{ id: order.id, version: order.version, value: order }] : [];
  };
  // It listens before it looks; the first look also tells whether there is anything to watch.
  const events = watch({ live: ctx.platform.live, topics: [`order:${id}`], after, read });
  if (await events.begin()) return events;
  await events.return?.();
  throw systemError('NOT_FOUND', 'There is no such order.');
}

@Resolver(() => OrderType)
export class OrderResolver {
  @Query(() => OrderType, { nullable: true, description: 'One order, for its owner and staff who serve orders.' })
  order(@Arg('id', () => ID, { description: 'Which order.' }) id: string, @Ctx() ctx: OrdersContext) {
    const uuid = decodeId('Order', id);
    return uuid && loadOrder(ctx, uuid);
  }

  @Query(() => OrderType, {
    nullable: true,
    description: 'The order of a number for whoever knows the e-mail address it was placed with. Limited per hour.',
  })
  async orderByNumber(
    @Arg('number', () => String, { description: 'Such as S-100042.' }) number: string,
    @Arg('email', () => String, { description: 'The address it was placed with.' }) email: string,
    @Ctx() ctx: OrdersContext,
  ) {
    const [orderNumber, address] = [number.trim().toUpperCase(), email.trim().toLowerCase()];
    await limitLookups(ctx, orderNumber, address);
    const order = await findOrderByNumber(ctx.db, orderNumber, address);
    return order ? orderView(order) : null;
  }

  @Query(() => OrderConnection, { description: 'Your own orders, newest first.' })
  async myOrders(@Args(() => PageArgs) page: PageArgs, @Ctx() ctx: OrdersContext) {
    const { principal } = ctx.viewer;
    if (principal === 'anonymous') throw unauthenticated('Start a guest session or sign in first.');
    return shown(await listOrders(ctx.db, { principal, newestFirst: true }, page));
  }

  @Staff('SUPPORT', 'WAREHOUSE', 'FINANCE')
  @Query(() => OrderConnection, { description: 'Orders of the shop, newest first unless sorted otherwise.' })
  async orders(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: OrdersContext,
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which orders.' }) filter?: OrderFilter | null,
    @Arg('sort', () => OrderSort, { nullable: true, description: 'In which order.' }) sort?: OrderSort | null,
    @Arg('search', () => String, { nullable: true, description: 'A whole order number or e-mail address.' })
    search?: string | null,
  ) {
    const { customerId, ...rest } = filter ?? {};
    const userId = customerId == null ? null : decodeId('User', customerId);
    if (customerId != null && !userId) throw systemError('BAD_USER_INPUT', 'There is no such customer.');
    const newestFirst = sort?.direction !== SortDirection.ASC;
    return shown(await listOrders(ctx.db, { ...rest, userId, search, newestFirst }, page));
  }

  @FieldResolver(() => [OrderLine])
  async lines(@Root() { id, row }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return (await loaders.linesByOrder.load(id)).map((line) => lineView(row, line));
  }

  @FieldResolver(() => [OrderEvent])
  async timeline(@Root() { id }: OrderView, @Ctx() { loaders, viewer }: OrdersContext) {
    const events = await loaders.eventsByOrder.load(id);
    return events.filter(({ kind }) => isStaff(viewer) || !internalKinds.has(kind)).map(eventView);
  }

  @FieldResolver()
  allowedTransitions(@Root() { row }: OrderView, @Ctx() { viewer }: { viewer: Viewer }): string[] {
    return allowedTransitions(viewer, row);
  }

  @FieldResolver(() => [Fulfillment])
  async fulfillments(@Root() { id, row }: OrderView, @Ctx() { loaders }: OrdersContext) {
    const parcels = await loaders.fulfillmentsByOrder.load(id);
    const lines = parcels.length > 0 ? await loaders.linesByOrder.load(id) : [];
    return parcels.map(({ warehouseId, lines: packed, ...parcel }) => ({
      ...parcel,
      warehouse: { id: warehouseId },
      lines: packed.map(({ orderLineId, quantity }) => ({
        line: lineView(row, lines.find((line) => line.id === orderLineId)!),
        quantity,
      })),
    }));
  }

  @FieldResolver(() => [Refund])
  async refunds(@Root() { id, row }: OrderView, @Ctx() { loaders }: OrdersContext) {
    const refunds = await loaders.refundsByOrder.load(id);
    const lines = refunds.length > 0 ? await loaders.linesByOrder.load(id) : [];
    return refunds.map((refund) => ({
      ...refund,
      amount: money(refund.amount, row.currency),
      shipping: money(refund.shipping, row.currency),
      lines: refund.lines.map(({ orderLineId, quantity, amount, restocked }) => ({
        line: lineView(row, lines.find((line) => line.id === orderLineId)!),
        quantity,
        amount: money(amount, row.currency),
        restocked,
      })),
    }));
  }

  @FieldResolver(() => [OrderAllocation], { nullable: true })
  async allocations(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return (await loaders.allocationsByOrder.load(id)).map(({ variantId, warehouseId, ...counts }) => ({
      ...counts,
      variant: { id: variantId },
      warehouse: { id: warehouseId },
    }));
  }

  @Mutation(() => CreateOrderPayload, {
    description: 'Turns a cart into an order and reserves its stock. Watch `orderUpdated` for what becomes of it.',
  })
  createOrder(
    @Arg('input', () => CreateOrderInput, { description: 'The order.' }) input: CreateOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const payWithinMs = Math.round(ctx.platform.config.SOUK_PAYMENT_DEADLINE_MINUTES * 60_000);
    let done: Done | undefined;
    return ctx.mutate(
      'createOrder',
      input,
      async (tx) => {
        const { cartId, shippingMethodId, shippingAddress, billingAddress, note, ...rest } = input;
        done = await createOrder(
          tx,
          ctx.viewer,
          {
            ...rest,
            cartId: requireId('Cart', cartId, ['input', 'cartId'], 'cart'),
            lines: input.lines.map(({ variantId, quantity }, i) => ({
              variantId: requireId('ProductVariant', variantId, ['input', 'lines', String(i), 'variantId'], 'article'),
              quantity,
            })),
            shippingAddress: shippingAddress ?? null,
            billingAddress: billingAddress ?? null,
            shippingMethodId:
              shippingMethodId == null
                ? null
                : requireId('ShippingMethod', shippingMethodId, ['input', 'shippingMethodId'], 'shipping method'),
            note: note ?? null,
          },
          payWithinMs,
        );
        return done.id;
      },
      (id) => answerOrder(ctx, id, done),
    );
  }

  @Mutation(() => PayOrderPayload, {
    description: 'Submits a payment for an order. After a decline, submit another one until `paymentDeadline`.',
  })
  payOrder(
    @Arg('input', () => PayOrderInput, { description: 'Which order, and how.' }) input: PayOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    let done: Done | undefined;
    return ctx.mutate(
      'payOrder',
      input,
      async (tx) => {
        done = await payOrder(tx, ctx.viewer, orderIdOf(input.orderId), input.paymentMethod);
        return done.id;
      },
      (id) => answerOrder(ctx, id, done),
    );
  }

  @Mutation(() => CancelOrderPayload, {
    description: 'Cancels an order of which nothing has been shipped. Its stock is released and money goes back.',
  })
  cancelOrder(
    @Arg('input', () => CancelOrderInput, { description: 'Which order.' }) input: CancelOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate(
      'cancelOrder',
      input,
      (tx) => cancelOrder(tx, ctx.viewer, orderIdOf(input.orderId), input.reason ?? null),
      async (id) => ({ order: await loadOrder(ctx, id) }),
    );
  }

  @Subscription(() => OrderUpdate, {
    description: 'An order now and as it changes, for its owner and staff who serve orders.',
    subscribe: ({ context, args }) => watchOrder(context as OrdersContext, args.id, args.after ?? null) as never,
  })
  orderUpdated(
    @Arg('id', () => ID, { description: 'Which order.' }) _id: string,
    @Root() event: { eventId: string; value: OrderRow },
    @Arg('after', () => String, {
      nullable: true,
      description: 'The eventId you have seen: starts with what is newer.',
    })
    _after?: string | null,
  ) {
    return { eventId: event.eventId, order: orderView(event.value) };
  }
}

export const orderIdOf = (wire: string): OrderId => requireId('Order', wire, ['input', 'orderId'], 'order');

@Resolver(() => OrderError)
export class OrderErrorResolver {
  @FieldResolver(() => Boolean)
  retryable(@Root() { code }: PayloadError): boolean {
    return code === 'PRICE_UNKNOWN' || code === 'NOT_PAID';
  }

  @FieldResolver(() => OrderType, { nullable: true })
  order(@Root() { orderId }: PayloadError & { orderId?: string }, @Ctx() ctx: OrdersContext) {
    return orderId ? loadOrder(ctx, orderId) : null;
  }
}
