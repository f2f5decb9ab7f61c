import type { OrderId } from '@souk/schema';
import { sql, type Transaction } from 'kysely';
import type { OrdersDb } from './order.tables.ts';
import type { Order } from './order.ts';

/**
 * Inserts finished orders with lines and a timeline entry each, skipping numbers that are known, in one statement. A dry
 * run only looks. Answers which were (or would be) inserted.
 */
export async function insertImportedOrders(
  db: Transaction<OrdersDb>,
  orders: readonly Order[],
  entries: readonly { readonly id: string; readonly orderId: OrderId }[],
  now: Date,
  dryRun: boolean,
): Promise<ReadonlySet<OrderId>> {
  // Of two with one number in a request the first is taken.
  const unique = [...new Map([...orders].reverse().map((order) => [order.orderNumber, order])).values()];
  if (dryRun) {
    const rows = await db
      .selectFrom('orders')
      .select('order_number')
      .where('order_number', 'in', ['', ...unique.map(({ orderNumber }) => orderNumber)])
      .execute();
    const known = new Set(rows.map((row) => row.order_number));
    return new Set(unique.filter(({ orderNumber }) => !known.has(orderNumber)).map(({ id }) => id));
  }
  const entryOf = new Map(entries.map(({ id, orderId }) => [orderId, id]));
  const { rows } = await sql<{ id: OrderId }>`
    with made as (
      insert into orders (id, order_number, user_id, principal, origin, channel_id, currency, prices_include_tax, locale,
        status, version, subtotal, discount, tax, shipping, shipping_gross, total, email, shipping_address,
        billing_address, cancel_reason, step, pay_within_ms, cancel_credit_id, placed_at, confirmed_at, created_at, updated_at)
      select id, "orderNumber", "userId", principal, origin, "channelId", currency, "pricesIncludeTax", locale, status, version,
        subtotal, discount, tax, shipping, "shippingGross", total, email, "shippingAddress", "billingAddress",
        "cancelReason", step, "payWithinMs", "cancelCreditId", "placedAt", "confirmedAt", "createdAt", "updatedAt"
      from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as o(id uuid, "orderNumber" text, "userId" uuid,
        principal text, origin text, "channelId" uuid, currency text, "pricesIncludeTax" boolean, locale text, status text,
        version bigint, subtotal bigint, discount bigint, tax bigint, shipping bigint, "shippingGross" bigint,
        total bigint, email text, "shippingAddress" jsonb, "billingAddress" jsonb, "cancelReason" text, step text,
        "payWithinMs" bigint, "cancelCreditId" uuid, "placedAt" timestamptz, "confirmedAt" timestamptz,
        "createdAt" timestamptz, "updatedAt" timestamptz)
      on conflict (order_number) do nothing returning id, placed_at
    ), items as (
      insert into order_items (id, order_id, position, product_variant_id, name, sku, quantity, unit_price, total_price,
        discount, net, tax, gross, tax_rate_bp, requires_shipping, shipped_quantity)
      select i.id, i."orderId", position, "variantId", name, sku, quantity, "unitPrice", "totalPrice", discount, net, tax,
        gross, "taxRateBp", "requiresShipping", case when delivered then quantity else 0 end
      from jsonb_to_recordset(${JSON.stringify(
        unique.flatMap(({ id, status, lines }) =>
          lines.map((line) => ({ ...line, orderId: id, delivered: status === 'DELIVERED' })),
        ),
      )}::jsonb) as i(id uuid, "orderId" uuid, position int, "variantId" uuid, name text, sku text, quantity int,
        "unitPrice" bigint, "totalPrice" bigint, discount bigint, net bigint, tax bigint, gross bigint, "taxRateBp" int,
        "requiresShipping" boolean, delivered boolean)
      join made on made.id = i."orderId"
    ), events as (
      insert into order_events (id, order_id, at, kind, actor, data)
      select e.id, e."orderId", ${now}, 'IMPORTED', 'STAFF', '{}'
      from jsonb_to_recordset(${JSON.stringify(
        unique.map(({ id }) => ({ id: entryOf.get(id), orderId: id })),
      )}::jsonb) as e(id uuid, "orderId" uuid) join made on made.id = e."orderId"
    )
    select id from made`.execute(db);
  return new Set(rows.map((row) => row.id));
}
