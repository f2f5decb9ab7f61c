import { type Connection, oneOf, type PageArgs, paginate } from '@souk/kit';
import type { OrderId, OrderLineId, RefundId, UserId, VariantId, WarehouseId } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import type { Allocation, Fulfillment, FulfillmentStatus, Tracking } from './goods.ts';
import { lineJson, toOrder } from './order.repository.ts';
import type { OrdersDb } from './order.tables.ts';
import type { Credit, LineProgress, OrderEvent, OrderLine, OrderRow, OrderStatus } from './order.ts';

type Db = Kysely<OrdersDb>;

export async function listOrdersByIds(db: Db, ids: readonly OrderId[]): Promise<OrderRow[]> {
  const rows = await db.selectFrom('orders').selectAll().where('id', '=', oneOf<OrderId>(ids)).execute();
  return rows.map(toOrder);
}

export async function findOrder(db: Db, id: OrderId): Promise<OrderRow | undefined> {
  return (await listOrdersByIds(db, [id]))[0];
}

/** The order of a number, if it was placed with this e-mail address. */
export async function findOrderByNumber(db: Db, orderNumber: string, email: string): Promise<OrderRow | undefined> {
  const row = await db
    .selectFrom('orders')
    .selectAll()
    .where('order_number', '=', orderNumber)
    .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
    .executeTakeFirst();
  return row && toOrder(row);
}

export interface OrderFilter {
  readonly status?: OrderStatus | null;
  readonly userId?: UserId | null;
  readonly principal?: string | null;
  readonly email?: string | null;
  readonly placedFrom?: Date | null;
  readonly placedTo?: Date | null;
  /** An order number or an e-mail address, whole. */
  readonly search?: string | null;
  readonly newestFirst: boolean;
}

/** One page of orders by the time they were placed; every filter has its index in that order. */
export async function listOrders(db: Db, filter: OrderFilter, page: PageArgs): Promise<Connection<OrderRow>> {
  const { status, userId, principal, email, placedFrom, placedTo, search, newestFirst } = filter;
  let query = db.selectFrom('orders').selectAll();
  if (status) query = query.where('status', '=', status);
  if (userId) query = query.where('user_id', '=', userId);
  if (principal) query = query.where('principal', '=', principal);
  if (email) query = query.where(sql<boolean>`lower(email) = ${email.toLowerCase()}`);
  if (placedFrom) query = query.where('placed_at', '>=', placedFrom);
  if (placedTo) query = query.where('placed_at', '<', placedTo);
  if (search?.includes('@')) query = query.where(sql<boolean>`lower(email) = ${search.trim().toLowerCase()}`);
  else if (search?.trim()) query = query.where('order_number', '=', search.trim().toUpperCase());
  const direction = newestFirst ? 'desc' : 'asc';
  const connection = await paginate(
    db,
    query,
    [
      { sql: sql.ref('orders.placed_at'), type: 'timestamptz', direction },
      { sql: sql.ref('orders.id'), type: 'uuid', direction },
    ],
    page,
  );
  const edges = connection.edges.map(({ node, cursor }) => ({ node: toOrder(node), cursor }));
  return { ...connection, edges, nodes: edges.map(({ node }) => node) };
}

export type LineView = OrderLine & LineProgress & { readonly orderId: OrderId };

export async function listLinesByOrders(db: Db, orderIds: readonly OrderId[]): Promise<LineView[]> {
  const { rows } = await sql<{ order_id: OrderId; line: OrderLine & LineProgress }>`
    select i.order_id, ${lineJson} as line from order_items i where i.order_id = ${oneOf(orderIds)}
    order by i.order_id, i.position`.execute(db);
  return rows.map(({ order_id, line }) => ({ ...line, orderId: order_id }));
}

export async function listEventsByOrders(
  db: Db,
  orderIds: readonly OrderId[],
): Promise<(OrderEvent & { orderId: OrderId })[]> {
  const rows = await db
    .selectFrom('order_events')
    .selectAll()
    .where('order_id', '=', oneOf<OrderId>(orderIds))
    .orderBy('order_id')
    .orderBy('id')
    .execute();
  return rows.map(({ id, order_id, at, kind, actor, data }) => ({ id, orderId: order_id, at, kind, actor, data }));
}

export interface FulfillmentView extends Fulfillment {
  readonly orderId: OrderId;
  readonly tracking: Tracking | null;
  readonly createdAt: Date;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
}

export async function listFulfillmentsByOrders(db: Db, orderIds: readonly OrderId[]): Promise<FulfillmentView[]> {
  const { rows } = await sql<{
    id: FulfillmentView['id'];
    order_id: OrderId;
    warehouse_id: WarehouseId;
    status: FulfillmentStatus;
    carrier: string | null;
    tracking_number: string | null;
    tracking_url: string | null;
    created_at: Date;
    shipped_at: Date | null;
    delivered_at: Date | null;
    lines: { orderLineId: OrderLineId; quantity: number }[];
  }>`
    select f.*, (select jsonb_agg(jsonb_build_object('orderLineId', l.order_line_id, 'quantity', l.quantity))
      from fulfillment_lines l where l.fulfillment_id = f.id) as lines
    from fulfillments f where f.order_id = ${oneOf(orderIds)} order by f.order_id, f.id`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    warehouseId: row.warehouse_id,
    status: row.status,
    lines: row.lines,
    tracking:
      row.carrier !== null && row.tracking_number !== null
        ? { carrier: row.carrier, number: row.tracking_number, url: row.tracking_url }
        : null,
    createdAt: row.created_at,
    shippedAt: row.shipped_at,
    deliveredAt: row.delivered_at,
  }));
}

export interface RefundView extends Credit {
  readonly orderId: OrderId;
  readonly lines: readonly { orderLineId: OrderLineId; quantity: number; amount: number; restocked: boolean }[];
}

/** Credits for which money had to travel. */
export async function listRefundsByOrders(db: Db, orderIds: readonly OrderId[]): Promise<RefundView[]> {
  const { rows } = await sql<{
    id: RefundId;
    order_id: OrderId;
    kind: Credit['kind'];
    status: Credit['status'];
    amount: number;
    shipping: number;
    reason: string | null;
    failure: string | null;
    created_at: Date;
    settled_at: Date | null;
    lines: RefundView['lines'] | null;
  }>`
    select c.*, (select jsonb_agg(jsonb_build_object('orderLineId', l.order_line_id, 'quantity', l.quantity,
        'amount', l.amount, 'restocked', l.restocked)) from credit_lines l where l.credit_id = c.id) as lines
    from credits c where c.order_id = ${oneOf(orderIds)} and not (c.status = 'NOT_DUE' and c.kind = 'CANCELLATION')
    order by c.order_id, c.id`.execute(db);
  return rows.map(({ order_id, created_at, settled_at, lines, ...row }) => ({
    ...row,
    orderId: order_id,
    createdAt: created_at,
    settledAt: settled_at,
    lines: lines ?? [],
  }));
}

export async function listAllocationsByOrders(
  db: Db,
  orderIds: readonly OrderId[],
): Promise<(Allocation & { orderId: OrderId })[]> {
  const rows = await db
    .selectFrom('order_allocations')
    .selectAll()
    .where('order_id', '=', oneOf<OrderId>(orderIds))
    .orderBy('order_id')
    .orderBy('variant_id')
    .orderBy('warehouse_id')
    .execute();
  return rows.map(({ order_id, variant_id, warehouse_id, ...counts }) => ({
    ...counts,
    orderId: order_id,
    variantId: variant_id as VariantId,
    warehouseId: warehouse_id,
  }));
}
