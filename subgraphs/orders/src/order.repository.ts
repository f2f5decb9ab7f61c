import { type Last, type Parts, statementOf } from '@souk/kit';
import type { MissingLine, OrderId, UserId } from '@souk/schema';
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import type { CreditChange } from './credit.ts';
import type { OrdersDb, OrdersTable } from './order.tables.ts';
import type { Credit, CreditStatus, Entry, Order, OrderLine, OrderRow } from './order.ts';

/** A timeline entry with its id. */
export type StoredEntry = Entry & { readonly id: string };

export function toOrder(row: Selectable<OrdersTable>): OrderRow {
  return {
    id: row.id,
    orderNumber: row.order_number,
    userId: row.user_id,
    principal: row.principal,
    origin: row.origin,
    cartId: row.cart_id,
    cartVersion: row.cart_version,
    channelId: row.channel_id,
    currency: row.currency,
    pricesIncludeTax: row.prices_include_tax,
    locale: row.locale,
    status: row.status,
    version: row.version,
    subtotal: row.subtotal,
    discount: row.discount,
    tax: row.tax,
    shipping: row.shipping,
    shippingGross: row.shipping_gross,
    total: row.total,
    email: row.email,
    shippingAddress: row.shipping_address,
    billingAddress: row.billing_address,
    shippingMethodId: row.shipping_method_id,
    shippingMethodName: row.shipping_method_name,
    note: row.note,
    cancelReason: row.cancel_reason,
    missing: row.missing as MissingLine[] | null,
    step: row.step,
    deadline: row.deadline,
    deadlinesMet: row.deadlines_met,
    payWithinMs: row.pay_within_ms,
    attempt: row.attempt,
    paymentMethod: row.payment_method,
    authorized: row.authorized,
    captured: row.captured,
    credited: row.credited,
    refunded: row.refunded,
    shippingRefunded: row.shipping_refunded,
    cancelCreditId: row.cancel_credit_id,
    placedAt: row.placed_at,
    confirmedAt: row.confirmed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A line's terms as JSON under the domain's names. */
export const lineJson = sql`jsonb_build_object(
  'id', i.id, 'position', i.position, 'variantId', i.product_variant_id, 'name', i.name, 'sku', i.sku,
  'quantity', i.quantity, 'unitPrice', i.unit_price, 'totalPrice', i.total_price, 'discount', i.discount,
  'net', i.net, 'tax', i.tax, 'gross', i.gross, 'taxRateBp', i.tax_rate_bp, 'requiresShipping', i.requires_shipping,
  'packed', i.packed_quantity, 'shipped', i.shipped_quantity, 'cancelled', i.cancelled_quantity,
  'returned', i.returned_quantity, 'refunded', i.refunded_quantity)`;

export type Locked = Selectable<OrdersTable> & {
  lines: OrderLine[] | null;
  credits: (Omit<Credit, 'createdAt' | 'settledAt'> & { createdAt: string; settledAt: string | null })[] | null;
};

export const whole = ({ lines, credits, ...row }: Locked): Order => ({
  ...toOrder(row),
  lines: lines ?? [],
  credits: (credits ?? []).map((credit) => ({
    ...credit,
    createdAt: new Date(credit.createdAt),
    settledAt: credit.settledAt === null ? null : new Date(credit.settledAt),
  })),
});

/**
 * Lines' terms never change, so they may come from the same statement; what moves (`LineProgress`) may be older than the
 * lock and is read again by `listGoods` where it counts. A credit is only asked for once its own fact has travelled.
 */
const wholeOrders = sql`
  select o.*,
    (select jsonb_agg(${lineJson} order by i.position) from order_items i where i.order_id = o.id) as lines,
    (select jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'status', c.status, 'amount', c.amount,
      'shipping', c.shipping, 'reason', c.reason, 'failure', c.failure, 'createdAt', c.created_at,
      'settledAt', c.settled_at)) from credits c where c.order_id = o.id) as credits
  from orders o`;

/** The order under lock, with the inbox row of a fact about it. */
export const orderLocked = (id: OrderId): Parts<Locked> => ({
  with: [sql`locked as materialized (${wholeOrders} where o.id = ${id} for update of o)`],
  answer: 'locked',
});

/** The order under lock, or undefined. */
export async function lockOrder(db: Transaction<OrdersDb>, id: OrderId): Promise<Order | undefined> {
  const { rows } = await sql<Locked>`${wholeOrders} where o.id = ${id} for update of o`.execute(db);
  return rows[0] && whole(rows[0]);
}

/** The order as it is, unlocked: for previews. */
export async function findWholeOrder(db: Kysely<OrdersDb>, id: OrderId): Promise<Order | undefined> {
  const { rows } = await sql<Locked>`${wholeOrders} where o.id = ${id}`.execute(db);
  return rows[0] && whole(rows[0]);
}

/** Some orders whose deadline has passed, under lock; those that another worker holds are left to it. */
export async function lockDue(db: Transaction<OrdersDb>, now: Date, limit: number): Promise<Order[]> {
  const { rows } = await sql<Locked>`
    ${wholeOrders} where o.deadline <= ${now} order by o.deadline limit ${limit} for update of o skip locked`.execute(
    db,
  );
  return rows.map(whole);
}

/** Orders that are under way, by id after one. */
export async function listOpenOrders(db: Kysely<OrdersDb>, afterId: string, limit: number): Promise<Order[]> {
  const { rows } = await sql<Locked>`
    ${wholeOrders} where o.origin = 'SHOP' and o.id > ${afterId}
      and o.status in ('PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'PARTIALLY_SHIPPED')
    order by o.id limit ${limit}`.execute(db);
  return rows.map(whole);
}

const eventRows = (orderId: OrderId, at: Date, log: readonly StoredEntry[]) =>
  JSON.stringify(
    log.map(({ id, kind, actor, actorId = null, data = {} }) => ({
      id,
      order_id: orderId,
      at: at.toISOString(),
      kind,
      actor,
      actor_id: actorId,
      data,
    })),
  );

const insertEvents = (rows: string) => sql`
  insert into order_events (id, order_id, at, kind, actor, actor_id, data)
  select id, order_id, at, kind, actor, actor_id, data from jsonb_to_recordset(${rows}::jsonb)
    as e(id uuid, order_id uuid, at timestamptz, kind text, actor text, actor_id uuid, data jsonb)`;

function creditStatements(order: Order, change: CreditChange): RawBuilder<unknown>[] {
  const settledAt = (status: CreditStatus) => (status === 'SETTLED' || status === 'VOIDED' ? order.updatedAt : null);
  if ('insert' in change) {
    const { id, kind, status, amount, shipping, reason } = change.insert;
    const inserted = sql`
      insert into credits (id, order_id, kind, status, amount, shipping, reason, created_at, settled_at)
      values (${id}, ${order.id}, ${kind}, ${status}, ${amount}, ${shipping}, ${reason}, ${order.updatedAt},
        ${settledAt(status)}::timestamptz)`;
    if (change.linesOf === undefined) return [inserted];
    return [inserted, sql`update credit_lines set credit_id = ${id} where credit_id = ${change.linesOf}`];
  }
  const set =
    'left' in change
      ? sql`amount = ${change.left}`
      : sql`status = ${change.status}, failure = ${change.failure}, settled_at = ${settledAt(change.status)},
          amount = coalesce(${change.amount ?? null}::bigint, amount)`;
  return [sql`update credits set ${set} where id = ${change.id} and order_id = ${order.id}`];
}

/** What a decision changed: order, timeline and credits. The order's row is locked by the caller. */
export function savedOrder(
  order: Order,
  log: readonly StoredEntry[] = [],
  credits: readonly CreditChange[] = [],
): Last<{ id: string }> {
  const parts = log.length > 0 ? [insertEvents(eventRows(order.id, order.updatedAt, log))] : [];
  for (const change of credits) parts.push(...creditStatements(order, change));
  return {
    with: [
      ...parts.map((part, i) => sql`${sql.id(`w${i}`)} as (${part})`),
      sql`saved as (
        update orders set
          status = ${order.status}, version = ${order.version}, step = ${order.step}, deadline = ${order.deadline},
          deadlines_met = ${order.deadlinesMet}, attempt = ${order.attempt}, payment_method = ${order.paymentMethod},
          authorized = ${order.authorized}, captured = ${order.captured}, credited = ${order.credited},
          refunded = ${order.refunded}, shipping_refunded = ${order.shippingRefunded},
          cancel_reason = ${order.cancelReason},
          missing = ${order.missing === null ? null : JSON.stringify(order.missing)}::jsonb,
          confirmed_at = ${order.confirmedAt}, updated_at = ${order.updatedAt}
        where id = ${order.id} returning id)`,
    ],
    answer: 'saved',
    check(rows) {
      if (rows.length !== 1) throw new Error('an order that was locked is gone');
    },
  };
}

export async function saveOrder(db: Transaction<OrdersDb>, saved: Last<{ id: string }>): Promise<void> {
  const { rows } = await statementOf(saved).execute(db);
  saved.check?.(rows);
}

export type Inserted =
  | { readonly isNew: true; readonly orderNumber: string }
  | { readonly isNew: false; readonly id: OrderId; readonly requestHash: Buffer | null };

/** Inserts order, lines and first timeline entry in one statement, unless this cart version has a living order. */
export async function insertOrderOnce(
  db: Transaction<OrdersDb>,
  order: Omit<Order, 'orderNumber'>,
  requestHash: Buffer,
  log: readonly StoredEntry[],
): Promise<Inserted> {
  const row = {
    id: order.id,
    user_id: order.userId,
    principal: order.principal,
    origin: order.origin,
    cart_id: order.cartId,
    cart_version: order.cartVersion,
    channel_id: order.channelId,
    currency: order.currency,
    prices_include_tax: order.pricesIncludeTax,
    locale: order.locale,
    status: order.status,
    version: order.version,
    subtotal: order.subtotal,
    discount: order.discount,
    tax: order.tax,
    shipping: order.shipping,
    shipping_gross: order.shippingGross,
    total: order.total,
    email: order.email,
    shipping_address: order.shippingAddress && JSON.stringify(order.shippingAddress),
    billing_address: order.billingAddress && JSON.stringify(order.billingAddress),
    shipping_method_id: order.shippingMethodId,
    shipping_method_name: order.shippingMethodName,
    note: order.note,
    step: order.step,
    deadline: order.deadline,
    pay_within_ms: order.payWithinMs,
    cancel_credit_id: order.cancelCreditId,
    placed_at: order.placedAt,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    request_hash: requestHash,
  };
  const columns = Object.keys(row).map((name) => sql.id(name));
  const { rows } = await sql<{ order_number: string }>`
    with placed as (
      insert into orders (${sql.join(columns)}) values (${sql.join(Object.values(row))})
      on conflict (principal, cart_id, cart_version) where status <> 'CANCELLED' do nothing
      returning id, order_number
    ), items as (${insertItems(order.id, order.lines)} where exists (select from placed)
    ), events as (${insertEvents(eventRows(order.id, order.createdAt, log))} where exists (select from placed))
    select order_number from placed`.execute(db);
  if (rows[0]) return { isNew: true, orderNumber: rows[0].order_number };
  const earlier = await db
    .selectFrom('orders')
    .select(['id', 'request_hash'])
    .where('principal', '=', order.principal)
    .where('cart_id', '=', order.cartId)
    .where('cart_version', '=', order.cartVersion)
    .where('status', '<>', 'CANCELLED')
    .executeTakeFirstOrThrow();
  return { isNew: false, id: earlier.id, requestHash: earlier.request_hash };
}

export const insertItems = (orderId: OrderId, lines: readonly OrderLine[]) => sql`
  insert into order_items (id, order_id, position, product_variant_id, name, sku, quantity, unit_price, total_price,
    discount, net, tax, gross, tax_rate_bp, requires_shipping)
  select id, ${orderId}, position, "variantId", name, sku, quantity, "unitPrice", "totalPrice", discount, net, tax, gross,
    "taxRateBp", "requiresShipping"
  from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as i(id uuid, position int, "variantId" uuid, name text,
    sku text, quantity int, "unitPrice" bigint, "totalPrice" bigint, discount bigint, net bigint, tax bigint, gross bigint,
    "taxRateBp" int, "requiresShipping" boolean)`;

/**
 * A guest's orders become a user's. Where the user has a living order of the very same cart version, the guest's one no
 * longer stands for it.
 */
export async function adoptOrders(
  db: Transaction<OrdersDb>,
  guestId: string,
  userId: UserId,
  now: Date,
): Promise<{ id: OrderId; version: number }[]> {
  const [guest, user] = [`guest:${guestId}`, `user:${userId}`];
  const { rows } = await sql<{ id: OrderId; version: number }>`
    update orders o set principal = ${user}, user_id = ${userId}, version = version + 1, updated_at = ${now},
      cart_version = case when exists (
        select from orders u where u.principal = ${user} and u.cart_id = o.cart_id and u.cart_version = o.cart_version
          and u.status <> 'CANCELLED') then null else cart_version end
    where principal = ${guest} returning id, version`.execute(db);
  return rows;
}

/** Adds one entry to the timelines of many orders. */
export async function insertEntries(
  db: Transaction<OrdersDb>,
  at: Date,
  entries: readonly { readonly orderId: OrderId; readonly entry: StoredEntry }[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.flatMap(({ orderId, entry }) => JSON.parse(eventRows(orderId, at, [entry])) as unknown[]);
  await insertEvents(JSON.stringify(rows)).execute(db);
}
