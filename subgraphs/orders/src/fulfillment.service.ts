import type { FulfillmentId, OrderId, Viewer, WarehouseId } from '@souk/schema';
import { oneLine } from './address.ts';
import { change } from './checkout.saga.ts';
import { findFulfillment, insertFulfillment, listGoods, moveGoods, updateFulfillments } from './goods.repository.ts';
import {
  type AllocationMove,
  checkShippable,
  type Fulfillment,
  type Goods,
  type LineMove,
  moved,
  type Parcel,
  pack,
  statusOfGoods,
  type Tracking,
  type WantedLine,
} from './goods.ts';
import { carryOut, lockVisible, type OrdersTx } from './order.service.ts';
import type { Order } from './order.ts';
import { no } from './rejections.ts';
import { isOwn } from './sayings.ts';

export interface PackOrder {
  readonly orderId: OrderId;
  readonly warehouseId: WarehouseId;
  /** Null packs whatever the warehouse still has for the order. */
  readonly lines: readonly WantedLine[] | null;
}

export interface ShipOrder extends PackOrder {
  readonly tracking: { readonly carrier: string; readonly number: string; readonly url?: string | null } | null;
}

/** What a parcel holds, before or after it exists. */
export interface Packed {
  readonly id: FulfillmentId | null;
  readonly orderId: OrderId;
  readonly parcel: Parcel;
}

function checkTracking(typed: ShipOrder['tracking']): Tracking | null {
  if (!typed) return null;
  const [carrier, number, url] = [oneLine(typed.carrier, 100), oneLine(typed.number, 100), oneLine(typed.url, 500)];
  if (!carrier) throw no('INVALID_TEXT', 'Name the carrier in 1 to 100 characters.', ['input', 'tracking', 'carrier']);
  if (!number) {
    throw no('INVALID_TEXT', 'Write the tracking number in 1 to 100 characters.', ['input', 'tracking', 'number']);
  }
  if (url === undefined || (url !== null && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))) {
    throw no('INVALID_TEXT', 'A tracking page is an http or https address.', ['input', 'tracking', 'url']);
  }
  return { carrier, number, url };
}

const lineMoves = (parcel: Parcel, moves: (quantity: number) => Omit<LineMove, 'id'>): LineMove[] =>
  parcel.lines.map(({ line, quantity }) => ({ id: line.id, ...moves(quantity) }));
const allocationMoves = (
  parcel: Parcel,
  warehouseId: WarehouseId,
  moves: (quantity: number) => Omit<AllocationMove, 'variantId' | 'warehouseId'>,
): AllocationMove[] =>
  parcel.lines.map(({ line, quantity }) => ({ variantId: line.variantId, warehouseId, ...moves(quantity) }));

/** Puts units into a parcel that has not left: nobody else can ship them. */
export async function fulfilOrder(tx: OrdersTx, viewer: Viewer, input: PackOrder, dryRun: boolean): Promise<Packed> {
  const order = await lockVisible(tx, viewer, input.orderId);
  checkShippable(order);
  const goods = await listGoods(tx.db, order.id);
  const parcel = pack(goods, input.warehouseId, input.lines);
  if (dryRun) return { id: null, orderId: order.id, parcel };
  const id = tx.newId<'Fulfillment'>();
  const made = {
    id,
    orderId: order.id,
    warehouseId: input.warehouseId,
    status: 'PACKED',
    tracking: null,
    parcel,
  } as const;
  await insertFulfillment(tx.db, made, tx.now);
  const move = (packed: number) => ({ packed });
  await moveGoods(tx.db, order.id, lineMoves(parcel, move), allocationMoves(parcel, input.warehouseId, move));
  const log = [{ kind: 'PACKED', actor: 'STAFF', actorId: viewer.userId, data: { fulfillmentId: id } }] as const;
  await carryOut(tx, order, change(order, {}, tx.now, { log }));
  return { id, orderId: order.id, parcel };
}

/** Packs and ships in one go. */
export async function shipOrder(tx: OrdersTx, viewer: Viewer, input: ShipOrder, dryRun: boolean): Promise<Packed> {
  const tracking = checkTracking(input.tracking);
  const order = await lockVisible(tx, viewer, input.orderId);
  checkShippable(order);
  const goods = await listGoods(tx.db, order.id);
  const { warehouseId } = input;
  const parcel = pack(goods, warehouseId, input.lines);
  if (dryRun) return { id: null, orderId: order.id, parcel };
  const id = tx.newId<'Fulfillment'>();
  await insertFulfillment(tx.db, { id, orderId: order.id, warehouseId, status: 'SHIPPED', tracking, parcel }, tx.now);
  const move = (shipped: number) => ({ shipped });
  await leave(tx, viewer, { order, goods, parcel, id, warehouseId, tracking, move });
  return { id, orderId: order.id, parcel };
}

/** Ships a parcel that was packed before. */
export async function shipFulfillment(
  tx: OrdersTx,
  viewer: Viewer,
  id: FulfillmentId,
  typed: ShipOrder['tracking'],
  dryRun: boolean,
): Promise<Packed> {
  const tracking = checkTracking(typed);
  const { order, goods, fulfillment } = await lockFulfillment(tx, viewer, id);
  checkShippable(order);
  const parcel = parcelOf(goods, fulfillment);
  if (dryRun) return { id, orderId: order.id, parcel };
  const { warehouseId } = fulfillment;
  await updateFulfillments(tx.db, [id], 'SHIPPED', tx.now, tracking);
  const move = (quantity: number) => ({ packed: -quantity, shipped: quantity });
  await leave(tx, viewer, { order, goods, parcel, id, warehouseId, tracking, move });
  return { id, orderId: order.id, parcel };
}

/** Takes a packed parcel apart again. */
export async function unpackFulfillment(tx: OrdersTx, viewer: Viewer, id: FulfillmentId): Promise<OrderId> {
  const { order, goods, fulfillment } = await lockFulfillment(tx, viewer, id);
  const parcel = parcelOf(goods, fulfillment);
  await updateFulfillments(tx.db, [id], 'CANCELLED', tx.now);
  const move = (quantity: number) => ({ packed: -quantity });
  await moveGoods(tx.db, order.id, lineMoves(parcel, move), allocationMoves(parcel, fulfillment.warehouseId, move));
  const log = [{ kind: 'UNPACKED', actor: 'STAFF', actorId: viewer.userId, data: { fulfillmentId: id } }] as const;
  await carryOut(tx, order, change(order, {}, tx.now, { log }));
  return order.id;
}

async function lockFulfillment(
  tx: OrdersTx,
  viewer: Viewer,
  id: FulfillmentId,
): Promise<{ order: Order; goods: Goods; fulfillment: Fulfillment }> {
  const field = ['input', 'fulfillmentId'];
  const found = await findFulfillment(tx.db, id);
  if (!found) throw no('NOT_FOUND', 'There is no such parcel.', field);
  const order = await lockVisible(tx, viewer, found.orderId);
  const goods = await listGoods(tx.db, order.id);
  const fulfillment = goods.fulfillments.find((one) => one.id === id)!;
  if (fulfillment.status !== 'PACKED') throw no('NOT_SHIPPABLE_NOW', 'This parcel has left or was unpacked.', field);
  return { order, goods, fulfillment };
}

const parcelOf = (goods: Goods, { lines }: Fulfillment): Parcel => ({
  lines: lines.flatMap(({ orderLineId, quantity }) => {
    const line = goods.lines.find(({ id }) => id === orderLineId);
    return line && isOwn(line) ? [{ line, quantity }] : [];
  }),
});

interface Leaving {
  readonly order: Order;
  readonly goods: Goods;
  readonly parcel: Parcel;
  readonly id: FulfillmentId;
  readonly warehouseId: WarehouseId;
  readonly tracking: Tracking | null;
  readonly move: (quantity: number) => { packed?: number; shipped: number };
}

async function leave(tx: OrdersTx, viewer: Viewer, leaving: Leaving): Promise<void> {
  const { order, goods, parcel, id, warehouseId, tracking, move } = leaving;
  const moves = lineMoves(parcel, move);
  await moveGoods(tx.db, order.id, moves, allocationMoves(parcel, warehouseId, move));
  const status = statusOfGoods(moved(goods, moves), order.status);
  const decision = change(order, { status }, tx.now, {
    say: [{ type: 'orders.OrderShipped', fulfillmentId: id, warehouseId, lines: parcel.lines, tracking }],
    log: [{ kind: 'SHIPPED', actor: 'STAFF', actorId: viewer.userId, data: { fulfillmentId: id } }],
  });
  await carryOut(tx, order, decision);
}

/**
 * Marks a parcel, or all that are on their way, as delivered. When every unit was shipped and every parcel has arrived the
 * order is delivered.
 */
export async function deliverOrder(
  tx: OrdersTx,
  viewer: Viewer,
  orderId: OrderId,
  fulfillmentId: FulfillmentId | null,
): Promise<OrderId> {
  const order = await lockVisible(tx, viewer, orderId);
  const { fulfillments } = await listGoods(tx.db, orderId);
  const onTheWay = fulfillments.filter(({ status }) => status === 'SHIPPED');
  const arrived = onTheWay.filter(({ id }) => fulfillmentId === null || id === fulfillmentId);
  if (arrived.length === 0 && !(fulfillmentId === null && order.status === 'SHIPPED')) {
    throw no('NOT_DELIVERABLE', 'Nothing of this order is on its way.', [
      'input',
      fulfillmentId === null ? 'orderId' : 'fulfillmentId',
    ]);
  }
  const ids = arrived.map(({ id }) => id);
  await updateFulfillments(tx.db, ids, 'DELIVERED', tx.now);
  const whole = order.status === 'SHIPPED' && arrived.length === onTheWay.length;
  const decision = change(order, whole ? { status: 'DELIVERED' } : {}, tx.now, {
    say: whole ? [{ type: 'orders.OrderDelivered' }] : [],
    log: [{ kind: 'DELIVERED', actor: 'STAFF', actorId: viewer.userId, data: { parcels: ids.length } }],
  });
  await carryOut(tx, order, decision);
  return orderId;
}
