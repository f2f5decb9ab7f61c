import { requireId, Staff } from '@souk/kit';
import { money } from '@souk/schema';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  deliverOrder,
  fulfilOrder,
  type Packed,
  shipFulfillment,
  shipOrder,
  unpackFulfillment,
} from './fulfillment.service.ts';
import { findFulfillment, findOrderOfCredit } from './goods.repository.ts';
import { type ImportResult, importOrders } from './import.service.ts';
import { loadOrder, OrderResolver, type OrdersContext, orderIdOf } from './order.resolvers.ts';
import {
  CancelFulfillmentInput,
  CancelFulfillmentPayload,
  DeliverOrderInput,
  DeliverOrderPayload,
  FulfilOrderInput,
  FulfilOrderPayload,
  ImportOrdersInput,
  ImportOrdersPayload,
  type PackLineInput,
  RefundOrderInput,
  RefundOrderPayload,
  RetryRefundInput,
  RetryRefundPayload,
  ShipOrderInput,
  ShipOrderPayload,
} from './order-input.types.ts';
import { refundOrder, retryRefund } from './refund.service.ts';
import type { RefundPlan } from './refund.ts';
import { no } from './rejections.ts';
import { lineView } from './views.ts';

const view = new OrderResolver();

const fulfillmentIdOf = (wire: string) => requireId('Fulfillment', wire, ['input', 'fulfillmentId'], 'parcel');
const warehouseIdOf = (wire: string) => requireId('Warehouse', wire, ['input', 'warehouseId'], 'warehouse');
const packed = (lines: readonly PackLineInput[] | null | undefined) =>
  lines?.map(({ orderLineId, quantity }, i) => ({
    orderLineId: requireId('OrderLine', orderLineId, ['input', 'lines', String(i), 'orderLineId'], 'line'),
    quantity,
  })) ?? null;

/** A parcel's payload: the order and the parcel, read after commit. */
async function parcelPayload(ctx: OrdersContext, id: string) {
  const found = await findFulfillment(ctx.db, id as never);
  const order = found ? await loadOrder(ctx, found.orderId) : null;
  const fulfillment = order && (await view.fulfillments(order, ctx)).find((one) => one.id === id);
  return { order, fulfillment: fulfillment ?? null };
}

async function refundPayload(ctx: OrdersContext, id: string) {
  const orderId = await findOrderOfCredit(ctx.db, id as never);
  const order = orderId ? await loadOrder(ctx, orderId) : null;
  const refund = order && (await view.refunds(order, ctx)).find((one) => one.id === id);
  return { order, refund: refund ?? null };
}

const packPreview = ({ parcel }: Packed) =>
  parcel.lines.map(({ line, quantity }) => ({ orderLineId: line.id, sku: line.sku, quantity }));

@Resolver()
export class FulfillmentResolver {
  @Staff('WAREHOUSE')
  @Mutation(() => FulfilOrderPayload, { description: 'Packs a parcel: its units cannot be shipped otherwise.' })
  async fulfilOrder(
    @Arg('input', () => FulfilOrderInput, { description: 'What goes into it.' }) input: FulfilOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    let done: Packed | null = null;
    const payload = await ctx.mutate(
      'fulfilOrder',
      input.dryRun ? {} : input,
      async (tx) => {
        const wanted = {
          orderId: orderIdOf(input.orderId),
          warehouseId: warehouseIdOf(input.warehouseId),
          lines: packed(input.lines),
        };
        done = await fulfilOrder(tx, ctx.viewer, wanted, input.dryRun);
        return done.id;
      },
      (id) => parcelPayload(ctx, id),
    );
    return preview(ctx, payload, input.dryRun, done);
  }

  @Staff('WAREHOUSE')
  @Mutation(() => ShipOrderPayload, { description: 'Hands a parcel over: one packed before, or one packed now.' })
  async shipOrder(
    @Arg('input', () => ShipOrderInput, { description: 'Which parcel.' }) input: ShipOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    let done: Packed | null = null;
    const payload = await ctx.mutate(
      'shipOrder',
      input.dryRun ? {} : input,
      async (tx) => {
        done = await ship(tx, ctx, input);
        return input.dryRun ? null : done.id;
      },
      (id) => parcelPayload(ctx, id),
    );
    return preview(ctx, payload, input.dryRun, done);
  }

  @Staff('WAREHOUSE')
  @Mutation(() => CancelFulfillmentPayload, { description: 'Takes a packed parcel apart.' })
  cancelFulfillment(
    @Arg('input', () => CancelFulfillmentInput, { description: 'Which parcel.' }) input: CancelFulfillmentInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate(
      'cancelFulfillment',
      input,
      (tx) => unpackFulfillment(tx, ctx.viewer, fulfillmentIdOf(input.fulfillmentId)),
      async (id) => ({ order: await loadOrder(ctx, id) }),
    );
  }

  @Staff('WAREHOUSE', 'SUPPORT')
  @Mutation(() => DeliverOrderPayload, { description: 'Marks parcels as arrived; the last one delivers the order.' })
  deliverOrder(
    @Arg('input', () => DeliverOrderInput, { description: 'What arrived.' }) input: DeliverOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate(
      'deliverOrder',
      input,
      (tx) => {
        const parcel = input.fulfillmentId == null ? null : fulfillmentIdOf(input.fulfillmentId);
        return deliverOrder(tx, ctx.viewer, orderIdOf(input.orderId), parcel);
      },
      async (id) => ({ order: await loadOrder(ctx, id) }),
    );
  }

  @Staff('SUPPORT', 'FINANCE')
  @Mutation(() => RefundOrderPayload, {
    description:
      'Sends money back for lines, shipping or an amount; never more than was captured and not credited yet.',
  })
  async refundOrder(
    @Arg('input', () => RefundOrderInput, { description: 'What for.' }) input: RefundOrderInput,
    @Ctx() ctx: OrdersContext,
  ) {
    let plan: RefundPlan | null = null;
    const payload = await ctx.mutate(
      'refundOrder',
      input.dryRun ? {} : input,
      async (tx) => {
        plan = await refundOrder(
          tx,
          ctx.viewer,
          {
            orderId: orderIdOf(input.orderId),
            lines: (input.lines ?? []).map((line, i) => ({
              ...line,
              orderLineId: requireId(
                'OrderLine',
                line.orderLineId,
                ['input', 'lines', String(i), 'orderLineId'],
                'line',
              ),
            })),
            shippingAmount: input.shippingAmount ?? null,
            amount: input.amount ?? null,
            reason: input.reason ?? null,
          },
          input.dryRun,
        );
        return plan.id;
      },
      (id) => refundPayload(ctx, id),
    );
    const worked = plan as RefundPlan | null;
    if (!input.dryRun || !worked) return payload;
    const order = await loadOrder(ctx, orderIdOf(input.orderId));
    const lines = order ? await ctx.loaders.linesByOrder.load(order.id) : [];
    return {
      ...payload,
      order,
      preview: order && {
        amount: money(worked.amount, order.row.currency),
        shipping: money(worked.shipping, order.row.currency),
        lines: worked.lines.map(({ line, quantity, amount, restocked }) => ({
          line: lineView(order.row, lines.find(({ id }) => id === line.id)!),
          quantity,
          amount: money(amount, order.row.currency),
          restocked,
        })),
      },
    };
  }

  @Staff('SUPPORT', 'FINANCE')
  @Mutation(() => RetryRefundPayload, {
    description: 'Replaces a refund that the payment provider refused by a new one.',
  })
  retryRefund(
    @Arg('input', () => RetryRefundInput, { description: 'Which refund.' }) input: RetryRefundInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate(
      'retryRefund',
      input,
      (tx) => retryRefund(tx, ctx.viewer, requireId('Refund', input.refundId, ['input', 'refundId'], 'refund')),
      (id) => refundPayload(ctx, id),
    );
  }

  @Staff('ADMIN')
  @Mutation(() => ImportOrdersPayload, {
    description: 'Takes finished orders over from elsewhere. Repeatable: a known number is left as it is.',
  })
  async importOrders(
    @Arg('input', () => ImportOrdersInput, { description: 'The orders.' }) { orders, dryRun }: ImportOrdersInput,
    @Ctx() ctx: OrdersContext,
  ) {
    let results: readonly ImportResult[] = [];
    const payload = await ctx.mutate(
      'importOrders',
      {},
      async (tx) => {
        const typed = orders.map(({ customerId, ...one }, i) => ({
          ...one,
          customerId:
            customerId == null
              ? null
              : requireId('User', customerId, ['input', 'orders', String(i), 'customerId'], 'customer'),
        }));
        results = await importOrders(tx, typed, dryRun);
        return null;
      },
      () => ({}),
    );
    return { ...payload, results: payload.errors.length > 0 ? null : results };
  }
}

function ship(tx: Parameters<typeof shipOrder>[0], ctx: OrdersContext, input: ShipOrderInput): Promise<Packed> {
  const tracking = input.tracking ?? null;
  if (input.fulfillmentId != null) {
    return shipFulfillment(tx, ctx.viewer, fulfillmentIdOf(input.fulfillmentId), tracking, input.dryRun);
  }
  if (input.orderId == null) throw no('NOT_FOUND', 'Name the order or a packed parcel.', ['input', 'orderId']);
  if (input.warehouseId == null) {
    throw no('NOT_FOUND', 'Name the warehouse it leaves from.', ['input', 'warehouseId']);
  }
  const wanted = {
    orderId: orderIdOf(input.orderId),
    warehouseId: warehouseIdOf(input.warehouseId),
    lines: packed(input.lines),
  };
  return shipOrder(tx, ctx.viewer, { ...wanted, tracking }, input.dryRun);
}

async function preview<P extends object>(ctx: OrdersContext, payload: P, dryRun: boolean, done: Packed | null) {
  if (!dryRun || !done) return payload;
  return { ...payload, order: await loadOrder(ctx, done.orderId), fulfillment: null, preview: packPreview(done) };
}
