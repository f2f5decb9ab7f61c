import {
  type Connection,
  databaseNow,
  type Last,
  oneOf,
  type PageArgs,
  type Parts,
  paginate,
  statementOf,
} from '@souk/kit';
import type { OrderId, ProductId, VariantId, WarehouseId } from '@souk/schema';
import { type Kysely, type Selectable, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { InventoryDb, LevelsTable, MovementsTable } from './inventory.tables.ts';
import type { Reservation, ReservedPart } from './reservation.ts';
import { type Level, StockBook, type VariantStock } from './stock.ts';

export type LevelRow = Selectable<LevelsTable>;
export type MovementRow = MovementsTable;

/** What lost a race and is run again as a whole by the kit, like a serialization failure. */
class LostRace extends Error {
  override readonly name = 'LostRace';
  readonly code = '40001';
}

export interface Locked {
  reservations: {
    order_id: OrderId;
    status: Reservation['status'];
    version: number;
    parts: ReservedPart[];
    applied: string[];
    expires_at: string | null;
  }[];
  variants: { variant_id: VariantId; version: number; on_hand: number; available: number; low_stock_at: number }[];
  levels: {
    variant_id: VariantId;
    warehouse_id: WarehouseId;
    priority: number;
    on_hand: number;
    held: number;
    allocated: number;
    low_stock_at: number | null;
  }[];
}

export interface StockWanted {
  readonly orderIds: readonly OrderId[];
  readonly variantIds: readonly VariantId[];
}

export interface OpenBook {
  readonly reservations: readonly Reservation[];
  readonly book: StockBook;
}

/**
 * Locks the orders' reservations, then the variants (those named and those reserved), then their levels, each in order of
 * id, in one statement: everybody locks in this order, so nobody waits in a circle. A reservation that was not there is
 * there afterwards as NEW.
 */
export const stockLocked = (wanted: StockWanted): Parts<Locked> => ({
  // Each step reads the one before it, which makes PostgreSQL take the locks in this order.
  with: [
    sql`mine as materialized (
      insert into reservations (order_id, status, version, created_at, updated_at)
      select o, 'NEW', 0, ${databaseNow}, ${databaseNow}
      from unnest(${wanted.orderIds}::uuid[]) as o order by o
      on conflict (order_id) do update set updated_at = reservations.updated_at
      returning order_id, status, version, parts, applied, expires_at)`,
    sql`named as materialized (
      select
        (select coalesce(jsonb_agg(to_jsonb(mine)), '[]') from mine) as reservations,
        array(
          select unnest(${wanted.variantIds}::uuid[])
          union select (part->>'variantId')::uuid from mine, jsonb_array_elements(mine.parts) as part
        ) as variant_ids)`,
    sql`locked_variants as materialized (
      select variant_id, version, on_hand, available, low_stock_at from variants
      where variant_id = any((select variant_ids from named)::uuid[])
      order by variant_id for update)`,
    sql`locked_levels as materialized (
      select l.variant_id, l.warehouse_id, w.priority, l.on_hand, l.held, l.allocated, l.low_stock_at
      from levels l join warehouses w on w.id = l.warehouse_id
      where l.variant_id = any(array(select variant_id from locked_variants))
      order by l.variant_id, l.warehouse_id for update of l)`,
    sql`locked as (
      select
        (select reservations from named) as reservations,
        (select coalesce(jsonb_agg(to_jsonb(locked_variants)), '[]') from locked_variants) as variants,
        (select coalesce(jsonb_agg(to_jsonb(locked_levels)), '[]') from locked_levels) as levels)`,
  ],
  answer: 'locked',
});

/** The answer of `stockLocked` as the domain sees it. */
export const openBook = ({ reservations, variants, levels }: Locked): OpenBook => ({
  reservations: reservations.map(({ order_id, expires_at, ...row }) => ({
    ...row,
    orderId: order_id,
    expiresAt: expires_at === null ? null : new Date(expires_at),
  })),
  book: new StockBook(variants.map(toVariantStock), levels.map(toLevel)),
});

export async function lockStock(db: Transaction<InventoryDb>, wanted: StockWanted): Promise<OpenBook> {
  const { rows } = await statementOf(stockLocked(wanted)).execute(db);
  return openBook(rows[0]!);
}

const toVariantStock = (row: Locked['variants'][number]): VariantStock => ({
  variantId: row.variant_id,
  version: row.version,
  onHand: row.on_hand,
  available: row.available,
  lowStockAt: row.low_stock_at,
});

const toLevel = (row: Locked['levels'][number]): Level => ({
  variantId: row.variant_id,
  warehouseId: row.warehouse_id,
  priority: row.priority,
  onHand: row.on_hand,
  held: row.held,
  allocated: row.allocated,
  lowStockAt: row.low_stock_at,
});

/** What changed of locked stock and locked reservations, with the movements that explain it; null where nothing did. */
export function savedStock(
  now: Date,
  { book, reservations = [] }: { book: StockBook; reservations?: readonly Reservation[] },
): Last<{ levels: number; variants: number; reservations: number }> | null {
  const { levels, variants, movements } = book.changes();
  if (levels.length === 0 && reservations.length === 0) return null;
  return {
    with: [
      sql`level as (
      select * from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as l(
        "variantId" uuid, "warehouseId" uuid, "onHand" int, held int, allocated int, "lowStockAt" int, "isNew" boolean)
    )`,
      sql`changed as (
      update levels set
        on_hand = levels.on_hand + level."onHand",
        held = levels.held + level.held,
        allocated = levels.allocated + level.allocated,
        low_stock_at = level."lowStockAt",
        updated_at = ${now}
      from level
      where levels.variant_id = level."variantId" and levels.warehouse_id = level."warehouseId" and not level."isNew"
      returning 1
    )`,
      sql`made as (
      insert into levels (variant_id, warehouse_id, on_hand, held, allocated, low_stock_at, updated_at)
      select "variantId", "warehouseId", "onHand", held, allocated, "lowStockAt", ${now}::timestamptz
      from level where "isNew"
      on conflict do nothing returning 1
    )`,
      sql`totals as (
      update variants set
        version = v.version, on_hand = v."onHand", available = v.available, low_stock_at = v."lowStockAt",
        updated_at = ${now}
      from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb)
        as v("variantId" uuid, version bigint, "onHand" int, available int, "lowStockAt" int)
      where variants.variant_id = v."variantId"
      returning 1
    )`,
      sql`promised as (
      update reservations set
        status = r.status, version = r.version, parts = r.parts, expires_at = r."expiresAt", updated_at = ${now},
        applied = array(select jsonb_array_elements_text(r.applied)::uuid)
      from jsonb_to_recordset(${JSON.stringify(reservations)}::jsonb)
        as r("orderId" uuid, status text, version bigint, parts jsonb, applied jsonb, "expiresAt" timestamptz)
      where reservations.order_id = r."orderId"
      returning 1
    )`,
      sql`moved as (
      insert into movements (id, variant_id, warehouse_id, kind, quantity, order_id, reference, reason, actor_id, at)
      select id, "variantId", "warehouseId", kind, quantity, "orderId", reference, reason, "actorId", ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(movements)}::jsonb) as m(
        id uuid, "variantId" uuid, "warehouseId" uuid, kind text, quantity int, "orderId" uuid, reference uuid,
        reason text, "actorId" uuid)
    )`,
      sql`written as (
      select
        (select count(*) from changed) + (select count(*) from made) as levels,
        (select count(*) from totals) as variants,
        (select count(*) from promised) as reservations)`,
    ],
    answer: 'written',
    check([written]) {
      // A level that another transaction made while we waited for its variant was not in our snapshot.
      if (written!.levels !== levels.length) throw new LostRace('a level appeared meanwhile');
      if (written!.variants !== variants.length || written!.reservations !== reservations.length) {
        throw new Error('stock was written that had not been locked');
      }
    },
  };
}

/** Products' word on which variants there are. Older words are ignored. Rows are locked in order of id. */
export async function upsertVariants(
  db: Transaction<InventoryDb>,
  now: Date,
  variants: readonly { variantId: VariantId; productId: ProductId; productVersion: number }[],
): Promise<void> {
  await sql`
    insert into variants (variant_id, product_id, product_version, created_at, updated_at)
    select "variantId", "productId", "productVersion", ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb)
      as v("variantId" uuid, "productId" uuid, "productVersion" bigint)
    order by "variantId"
    on conflict (variant_id) do update
      set product_id = excluded.product_id, product_version = excluded.product_version
      where excluded.product_version > variants.product_version`.execute(db);
}

export interface StockRow {
  readonly id: VariantId;
  readonly version: number;
  readonly on_hand: number;
  readonly available: number;
  readonly low_stock_at: number;
}

/** Totals of the variants that are known. */
export const listStock = (db: Kysely<InventoryDb>, ids: readonly VariantId[]): Promise<StockRow[]> =>
  selectStock(db).where('variant_id', '=', oneOf<VariantId>(ids)).execute();

const selectStock = (db: Kysely<InventoryDb>): SelectQueryBuilder<InventoryDb, 'variants', StockRow> =>
  db.selectFrom('variants').select(['variant_id as id', 'version', 'on_hand', 'available', 'low_stock_at']);

/** A page of all variants' totals by id, for re-saying them. */
export const listStockAfter = (db: Kysely<InventoryDb>, after: string | null, limit: number): Promise<StockRow[]> =>
  selectStock(db)
    .$if(after !== null, (query) => query.where('variant_id', '>', after as VariantId))
    .where('version', '>', 0)
    .orderBy('variant_id')
    .limit(limit)
    .execute();

export const listLevels = (db: Kysely<InventoryDb>, variantIds: readonly VariantId[]): Promise<LevelRow[]> =>
  db
    .selectFrom('levels')
    .innerJoin('warehouses', 'warehouses.id', 'levels.warehouse_id')
    .selectAll('levels')
    .where('variant_id', '=', oneOf<VariantId>(variantIds))
    .orderBy('priority')
    .orderBy('code')
    .execute();

/** A page of the levels at or below their mark. */
export const pageLowLevels = (
  db: Kysely<InventoryDb>,
  warehouseId: WarehouseId | null,
  page: PageArgs,
): Promise<Connection<LevelRow>> =>
  paginate(
    db,
    db
      .selectFrom('levels')
      .selectAll()
      .where('low', '=', true)
      .$if(warehouseId !== null, (query) => query.where('warehouse_id', '=', warehouseId!)),
    [
      { sql: sql.ref('variant_id'), type: 'uuid', direction: 'asc' },
      { sql: sql.ref('warehouse_id'), type: 'uuid', direction: 'asc' },
    ],
    page,
  );

/** A page of a variant's movements, the newest first. */
export const pageMovements = (
  db: Kysely<InventoryDb>,
  variantId: VariantId,
  warehouseId: WarehouseId | null,
  page: PageArgs,
): Promise<Connection<MovementRow>> =>
  paginate(
    db,
    db
      .selectFrom('movements')
      .selectAll()
      .where('variant_id', '=', variantId)
      .$if(warehouseId !== null, (query) => query.where('warehouse_id', '=', warehouseId!)),
    [{ sql: sql.ref('id'), type: 'uuid', direction: 'desc' }],
    page,
  );
