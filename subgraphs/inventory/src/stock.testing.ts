import { randomUUID } from 'node:crypto';
import { wireId } from '@souk/kit';
import { staff, type TestHouses } from '@souk/kit/testing';
import type {
  CurrencyCode,
  FactOf,
  FulfillmentId,
  Id,
  OrderId,
  ProductId,
  RefundId,
  StockPart,
  VariantId,
  WarehouseId,
} from '@souk/schema';
import { DEFAULT_CHANNEL } from '@souk/schema';

export const id = <Kind extends string>(): Id<Kind> => randomUUID() as Id<Kind>;
export const keeper = staff('WAREHOUSE');
const euro = { amountMinor: 100, currency: 'EUR' as CurrencyCode };
const contact = { email: 'a@example.com', firstName: 'A', lastName: 'B', locale: 'en' };

export interface Wanted {
  variantId: VariantId;
  quantity: number;
}

/** Facts of other houses, as short as a test wants to say them. */
export const created = (orderId: OrderId, lines: Wanted[], holdUntil = '2999-01-01T00:00:00.000Z') => ({
  key: orderId,
  data: {
    orderId,
    orderNumber: 'S-1',
    principal: 'guest:1',
    channelId: DEFAULT_CHANNEL.id,
    lines: lines.map((line) => ({ ...line, orderLineId: id<'OrderLine'>() })),
    total: euro,
    holdUntil,
  } satisfies FactOf<'orders.OrderCreated'>['data'],
});

export const confirmed = (orderId: OrderId, lines: Wanted[]) => ({
  key: orderId,
  version: 2,
  data: {
    orderId,
    orderNumber: 'S-1',
    principal: 'guest:1',
    cartId: null,
    lines: lines.map((line) => ({ ...line, orderLineId: id<'OrderLine'>() })),
    contact,
    readable: [],
    subtotal: euro,
    shipping: euro,
    tax: euro,
    total: euro,
  } satisfies FactOf<'orders.OrderConfirmed'>['data'],
});

export const cancelled = (orderId: OrderId) => ({
  key: orderId,
  version: 3,
  data: {
    orderId,
    orderNumber: 'S-1',
    reason: 'CUSTOMER',
    wasConfirmed: false,
    refundId: id<'Refund'>(),
    contact,
  } satisfies FactOf<'orders.OrderCancelled'>['data'],
});

export const shipped = (orderId: OrderId, warehouseId: WarehouseId, lines: Wanted[]) => ({
  key: orderId,
  version: 4,
  data: {
    orderId,
    orderNumber: 'S-1',
    fulfillmentId: id<'Fulfillment'>() as FulfillmentId,
    warehouseId,
    lines,
    tracking: null,
    contact,
    readable: [],
  } satisfies FactOf<'orders.OrderShipped'>['data'],
});

export const refunded = (orderId: OrderId, restock: StockPart[], release: StockPart[] = []) => ({
  key: orderId,
  version: 5,
  data: {
    orderId,
    refundId: id<'Refund'>() as RefundId,
    amount: euro,
    reason: null,
    restock,
    release,
  } satisfies FactOf<'orders.RefundRequested'>['data'],
});

export const published = (variantIds: readonly VariantId[], productId: ProductId = id<'Product'>(), version = 1) => ({
  key: productId,
  version,
  data: {
    productId,
    slug: 'mug',
    name: 'Mug',
    categoryId: null,
    variants: variantIds.map((variantId) => ({
      variantId,
      sku: variantId,
      name: null,
      weightGrams: 100,
      requiresShipping: true,
      taxClass: 'standard',
      maxPerOrder: null,
      imageUrl: null,
    })),
    archivedVariantIds: [],
  } satisfies FactOf<'products.ProductPublished'>['data'],
});

/** A warehouse made through the graph. */
export async function openWarehouse(t: TestHouses, priority = 0, country = 'DE'): Promise<WarehouseId> {
  const code = `W${randomUUID().slice(0, 8).toUpperCase()}`;
  const { createWarehouse } = await t.run(
    'inventory',
    keeper,
    `mutation ($input: CreateWarehouseInput!) { createWarehouse(input: $input) { warehouse { id } errors { code } } }`,
    { input: { code, name: code, country, priority } },
  );
  const [row] = await t.sql<{ id: WarehouseId }>('select id from inventory.warehouses where code = $1', [code]);
  if (createWarehouse.warehouse.id !== wireId('Warehouse', row!.id)) throw new Error('another warehouse came back');
  return row!.id;
}

/** New variants that are on sale. */
export async function sell(t: TestHouses, count: number): Promise<VariantId[]> {
  const variantIds = Array.from({ length: count }, () => id<'ProductVariant'>()).sort();
  await t.hear('inventory', 'products.ProductPublished', published(variantIds));
  return variantIds;
}

/** Adds stock through the graph. */
export async function receive(
  t: TestHouses,
  entries: readonly { variantId: VariantId; warehouseId: WarehouseId; quantity: number }[],
): Promise<void> {
  const { adjustStock } = await t.run(
    'inventory',
    keeper,
    `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { errors { code message } } }`,
    {
      input: {
        idempotencyKey: randomUUID(),
        entries: entries.map(({ variantId, warehouseId, quantity }) => ({
          variantId: wireId('ProductVariant', variantId),
          warehouseId: wireId('Warehouse', warehouseId),
          delta: quantity,
        })),
      },
    },
  );
  if (adjustStock.errors.length > 0) throw new Error(adjustStock.errors[0].message);
}

/** `[on hand, held, allocated]` of a level. */
export async function level(t: TestHouses, variantId: VariantId, warehouseId: WarehouseId): Promise<number[]> {
  const [row] = await t.sql<{ on_hand: number; held: number; allocated: number }>(
    'select on_hand, held, allocated from inventory.levels where variant_id = $1 and warehouse_id = $2',
    [variantId, warehouseId],
  );
  return row ? [row.on_hand, row.held, row.allocated] : [];
}

/** Every level and total that breaks the law: none, ever. */
export const lawless = (t: TestHouses): Promise<object[]> =>
  t.sql(`
    with promised as (
      select (p->>'variantId')::uuid as variant_id, (p->>'warehouseId')::uuid as warehouse_id, r.status,
        (p->>'quantity')::int - (p->>'shipped')::int as units
      from inventory.reservations r, jsonb_array_elements(r.parts) p
    ), moved as (
      select variant_id, warehouse_id, sum(quantity) as units from inventory.movements group by 1, 2
    ), broken_levels as (
      select l.variant_id, l.warehouse_id from inventory.levels l
      left join moved m using (variant_id, warehouse_id)
      where l.on_hand <> coalesce(m.units, 0)
        or l.held <> (select coalesce(sum(units), 0) from promised p
          where p.variant_id = l.variant_id and p.warehouse_id = l.warehouse_id and p.status = 'HELD')
        or l.allocated <> (select coalesce(sum(units), 0) from promised p
          where p.variant_id = l.variant_id and p.warehouse_id = l.warehouse_id and p.status = 'ALLOCATED')
    ), broken_totals as (
      select v.variant_id, null::uuid from inventory.variants v
      left join (select variant_id, sum(on_hand) as on_hand, sum(on_hand - held - allocated) as available,
          sum(coalesce(low_stock_at, 0)) as low_stock_at from inventory.levels group by 1) l using (variant_id)
      where (v.on_hand, v.available, v.low_stock_at)
        <> (coalesce(l.on_hand, 0), coalesce(l.available, 0), coalesce(l.low_stock_at, 0))
    )
    select * from broken_levels union all select * from broken_totals
    union all select (p->>'variantId')::uuid, r.order_id from inventory.reservations r, jsonb_array_elements(r.parts) p
      where r.status not in ('HELD', 'ALLOCATED') and (p->>'quantity')::int <> (p->>'shipped')::int`);
