import { databaseNow, type Parts } from '@souk/kit';
import type { FulfillmentId, OrderId, RefundId, StockPart, WarehouseId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type {
  Allocation,
  AllocationMove,
  Fulfillment,
  FulfillmentStatus,
  Goods,
  LineMove,
  Parcel,
  Tracking,
} from './goods.ts';
import { lineJson } from './order.repository.ts';
import type { OrdersDb } from './order.tables.ts';
import type { LineProgress, OrderLine } from './order.ts';

/** Where an order's goods are. In a write its row must be locked before. */
export async function listGoods(db: Kysely<OrdersDb>, orderId: OrderId): Promise<Goods> {
  const { rows } = await sql<{
    lines: (OrderLine & LineProgress)[] | null;
    allocations: Allocation[] | null;
    fulfillments: Fulfillment[] | null;
  }>`
    select
      (select jsonb_agg(${lineJson} order by i.position) from order_items i where i.order_id = ${orderId}) as lines,
      (select jsonb_agg(jsonb_build_object('variantId', a.variant_id, 'warehouseId', a.warehouse_id,
        'quantity', a.quantity, 'packed', a.packed, 'shipped', a.shipped, 'released', a.released,
        'returned', a.returned)) from order_allocations a where a.order_id = ${orderId}) as allocations,
      (select jsonb_agg(jsonb_build_object('id', f.id, 'warehouseId', f.warehouse_id, 'status', f.status, 'lines',
        (select jsonb_agg(jsonb_build_object('orderLineId', l.order_line_id, 'quantity', l.quantity))
          from fulfillment_lines l where l.fulfillment_id = f.id)) order by f.id)
        from fulfillments f where f.order_id = ${orderId}) as fulfillments`.execute(db);
  const { lines, allocations, fulfillments } = rows[0]!;
  return { lines: lines ?? [], allocations: allocations ?? [], fulfillments: fulfillments ?? [] };
}

/**
 * Records a confirmed order's allocated parts and raises its version; no row where the order wants none, or the fact was
 * heard before. Parts whose goods have begun to move stay as they are: a fact said again must not undo a shipment.
 */
export const savedAllocation = (orderId: OrderId, parts: readonly StockPart[]): Parts<{ version: number }> => ({
  with: [
    sql`changed as (
      update orders set version = version + 1, updated_at = ${databaseNow}
      where id = ${orderId} and status in ('CONFIRMED', 'PARTIALLY_SHIPPED') and exists (select from taken)
      returning id, version)`,
    sql`parts as (
      insert into order_allocations (order_id, variant_id, warehouse_id, quantity)
      select changed.id, p."variantId", p."warehouseId", p.quantity
      from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as p("variantId" uuid, "warehouseId" uuid, quantity int), changed
      on conflict (order_id, variant_id, warehouse_id) do update set quantity = excluded.quantity
      where order_allocations.packed = 0 and order_allocations.shipped = 0 and order_allocations.released = 0)`,
  ],
  answer: 'changed',
});

/** Adds moves to the counts of lines and allocations. The CHECK constraints hold what the plan promised. */
export async function moveGoods(
  db: Transaction<OrdersDb>,
  orderId: OrderId,
  lines: readonly LineMove[],
  allocations: readonly AllocationMove[],
): Promise<void> {
  if (lines.length > 0) {
    await sql`
      update order_items i set
        packed_quantity = packed_quantity + coalesce(m.packed, 0), shipped_quantity = shipped_quantity + coalesce(m.shipped, 0),
        cancelled_quantity = cancelled_quantity + coalesce(m.cancelled, 0),
        returned_quantity = returned_quantity + coalesce(m.returned, 0),
        refunded_quantity = refunded_quantity + coalesce(m.refunded, 0)
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
        as m(id uuid, packed int, shipped int, cancelled int, returned int, refunded int)
      where i.id = m.id and i.order_id = ${orderId}`.execute(db);
  }
  if (allocations.length > 0) {
    await sql`
      update order_allocations a set packed = a.packed + coalesce(m.packed, 0), shipped = a.shipped + coalesce(m.shipped, 0),
        released = a.released + coalesce(m.released, 0), returned = a.returned + coalesce(m.returned, 0)
      from jsonb_to_recordset(${JSON.stringify(allocations)}::jsonb)
        as m("variantId" uuid, "warehouseId" uuid, packed int, shipped int, released int, returned int)
      where a.order_id = ${orderId} and a.variant_id = m."variantId" and a.warehouse_id = m."warehouseId"`.execute(db);
  }
}

export interface NewFulfillment {
  readonly id: FulfillmentId;
  readonly orderId: OrderId;
  readonly warehouseId: WarehouseId;
  readonly status: 'PACKED' | 'SHIPPED';
  readonly tracking: Tracking | null;
  readonly parcel: Parcel;
}

export async function insertFulfillment(db: Transaction<OrdersDb>, made: NewFulfillment, now: Date): Promise<void> {
  const { id, orderId, warehouseId, status, tracking, parcel } = made;
  await db
    .with('made', (q) =>
      q.insertInto('fulfillments').values({
        id,
        order_id: orderId,
        warehouse_id: warehouseId,
        status,
        carrier: tracking?.carrier ?? null,
        tracking_number: tracking?.number ?? null,
        tracking_url: tracking?.url ?? null,
        created_at: now,
        shipped_at: status === 'SHIPPED' ? now : null,
        delivered_at: null,
      }),
    )
    .insertInto('fulfillment_lines')
    .values(parcel.lines.map(({ line, quantity }) => ({ fulfillment_id: id, order_line_id: line.id, quantity })))
    .execute();
}

export async function updateFulfillments(
  db: Transaction<OrdersDb>,
  ids: readonly FulfillmentId[],
  status: FulfillmentStatus,
  now: Date,
  tracking: Tracking | null = null,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('fulfillments')
    .set({
      status,
      ...(status === 'SHIPPED' ? { shipped_at: now } : {}),
      ...(status === 'DELIVERED' ? { delivered_at: now } : {}),
      ...(tracking ? { carrier: tracking.carrier, tracking_number: tracking.number, tracking_url: tracking.url } : {}),
    })
    .where('id', 'in', ids)
    .execute();
}

export async function insertCreditLines(
  db: Transaction<OrdersDb>,
  creditId: RefundId,
  lines: readonly { line: OrderLine; quantity: number; amount: number; restocked: boolean }[],
): Promise<void> {
  if (lines.length === 0) return;
  await db
    .insertInto('credit_lines')
    .values(
      lines.map(({ line, quantity, amount, restocked }) => ({
        credit_id: creditId,
        order_line_id: line.id,
        quantity,
        amount,
        restocked,
      })),
    )
    .execute();
}

/** The order that a credit belongs to, or undefined. */
export async function findOrderOfCredit(db: Kysely<OrdersDb>, creditId: RefundId): Promise<OrderId | undefined> {
  const row = await db.selectFrom('credits').select('order_id').where('id', '=', creditId).executeTakeFirst();
  return row?.order_id;
}

/** The order and warehouse of a fulfillment, or undefined. */
export async function findFulfillment(
  db: Kysely<OrdersDb>,
  id: FulfillmentId,
): Promise<{ orderId: OrderId; warehouseId: WarehouseId } | undefined> {
  const row = await db
    .selectFrom('fulfillments')
    .select(['order_id', 'warehouse_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { orderId: row.order_id, warehouseId: row.warehouse_id };
}
