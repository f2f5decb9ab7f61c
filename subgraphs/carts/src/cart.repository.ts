import { databaseNow, type Last, type Parts, violated } from '@souk/kit';
import type { CartId, CartLineId, OrderId, VariantId } from '@souk/schema';
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import type { CartsDb, CartsTable } from './cart.tables.ts';
import type { Cart, Goods, Line, Quantity } from './cart.ts';

type CartRow = Selectable<CartsTable>;

/** A cart with what is known of the variants in it. */
export interface StockedCart {
  readonly id: CartId;
  readonly cart: Cart;
  readonly goods: ReadonlyMap<VariantId, Goods>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What lost a race and is run again as a whole by the kit, like a serialization failure. */
class LostRace extends Error {
  override readonly name = 'LostRace';
  readonly code = '40001';
}

interface LineRow {
  id: CartLineId | null;
  variantId: VariantId;
  quantity: number | null;
  published: boolean | null;
  maxPerOrder: number | null;
  available: number | null;
}

const toCart = (row: CartRow, lines: readonly Line[]): Cart => ({
  id: row.id,
  principal: row.principal,
  version: row.version,
  lines,
  codes: row.codes,
  note: row.note,
  email: row.email,
  shippingAddress: row.shipping_address,
  billingAddress: row.billing_address,
  shippingMethodId: row.shipping_method_id,
  notices: row.notices,
  mergedIds: row.merged_ids,
  mergedPrincipals: row.merged_principals,
});

const linesOf = (rows: readonly LineRow[]): Line[] =>
  rows
    .filter((row) => row.id !== null)
    .map(({ id, variantId, quantity }) => ({ id: id!, variantId, quantity: quantity! }));

const goodsOf = (rows: readonly LineRow[]): Map<VariantId, Goods> =>
  new Map(
    rows
      .filter((row) => row.published !== null)
      .map(({ variantId, published, maxPerOrder, available }) => [
        variantId,
        { variantId, published: published!, maxPerOrder, available: available! },
      ]),
  );

const selectCarts = (db: Kysely<CartsDb>) =>
  db
    .selectFrom('carts as c')
    .selectAll('c')
    .select(
      sql<LineRow[]>`coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', l.id, 'variantId', l.variant_id, 'quantity', l.quantity,
          'published', case when v.product_version > 0 then v.published end, 'maxPerOrder', v.max_per_order, 'available', v.available
        ) order by l.id)
        from cart_lines l left join variants v on v.variant_id = l.variant_id where l.cart_id = c.id), '[]')`.as(
        'lines',
      ),
    );

const toStocked = ({ lines, ...row }: CartRow & { lines: LineRow[] }): StockedCart => ({
  id: row.id,
  cart: toCart(row, linesOf(lines)),
  goods: goodsOf(lines),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Reads for one viewer: a cart of somebody else is not there. */
export async function findCart(db: Kysely<CartsDb>, principal: string): Promise<StockedCart | undefined> {
  const row = await selectCarts(db).where('principal', '=', principal).executeTakeFirst();
  return row && toStocked(row);
}

/** Carts under lock with what is known of their variants. */
export interface LockedCarts {
  readonly carts: readonly Cart[];
  readonly goods: ReadonlyMap<VariantId, Goods>;
  /** Of the first cart, as it was locked. */
  readonly dates: { readonly createdAt: Date; readonly updatedAt: Date } | undefined;
}

/** Carts locked by a transaction's first statement, which tells its time too. */
export type OpenedCarts = LockedCarts & { readonly now: Date };

type LockedRow = CartRow & { seen: number | null; lines: LineRow[] };

/** Lines of the carts `c`, and of one variant more, with what is known of the variants: JSON rows. */
const linesAndGoods = (cartId: RawBuilder<unknown>, more: VariantId | null) => sql`
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', l.id, 'variantId', wanted.variant_id, 'quantity', l.quantity,
      'published', case when v.product_version > 0 then v.published end, 'maxPerOrder', v.max_per_order,
      'available', v.available) order by l.id)
    from (
      select variant_id from cart_lines where cart_id = ${cartId}
      union select ${more}::uuid where ${more}::uuid is not null
    ) wanted
    left join cart_lines l on l.cart_id = ${cartId} and l.variant_id = wanted.variant_id
    left join variants v on v.variant_id = wanted.variant_id), '[]')`;

/** What is selected of the locked carts `c`. `seen` is the version that the lines belong to. */
const locked = (more: VariantId | null) => sql`
  c.*, (select s.version from carts s where s.id = c.id) as seen, ${linesAndGoods(sql`c.id`, more)} as lines`;

/**
 * The lock is waited for, but a statement reads as of its beginning: where the cart moved on meanwhile, its lines are read
 * again.
 */
export async function settled(
  db: Transaction<CartsDb>,
  rows: readonly LockedRow[],
  more: VariantId | null = null,
): Promise<LockedCarts> {
  const fresh = await Promise.all(
    rows.map(async (row) => {
      if (row.version === (row.seen ?? 0)) return row;
      const again = await sql<{ lines: LineRow[] }>`select ${linesAndGoods(sql`${row.id}`, more)} as lines`.execute(db);
      return { ...row, lines: again.rows[0]!.lines };
    }),
  );
  return {
    carts: fresh.map((row) => toCart(row, linesOf(row.lines))),
    goods: new Map(fresh.flatMap((row) => [...goodsOf(row.lines)])),
    dates: fresh[0] && { createdAt: fresh[0].created_at, updatedAt: fresh[0].updated_at },
  };
}

/** Locks the principal's cart, which is made where there is none: its version is 0 until it is saved. */
export async function lockOrInsertCart(
  db: Transaction<CartsDb>,
  { id, principal }: { id: CartId; principal: string },
  more: VariantId,
): Promise<OpenedCarts> {
  const { rows } = await sql<LockedRow & { now: Date }>`
    with c as (
      insert into carts (id, principal, version, item_count, created_at, updated_at)
      values (${id}, ${principal}, 0, 0, ${databaseNow}, ${databaseNow})
      on conflict (principal) do update set updated_at = carts.updated_at
      returning *
    )
    select ${databaseNow} as now, ${locked(more)} from c`.execute(db);
  return { now: rows[0]!.now, ...(await settled(db, rows, more)) };
}

/** Locks the principal's cart, if there is one. */
export async function lockCart(db: Transaction<CartsDb>, principal: string): Promise<OpenedCarts> {
  const { rows } = await sql<{ now: Date } & (LockedRow | { id: null })>`
    with c as materialized (select * from carts where principal = ${principal} for update)
    select ${databaseNow} as now, ${locked(null)} from (select) as one left join c on true`.execute(db);
  return { now: rows[0]!.now, ...(await settled(db, found(rows))) };
}

/** What a left join found. */
export const found = (rows: readonly (LockedRow | { readonly id: null })[]): LockedRow[] =>
  rows.filter((row): row is LockedRow => row.id !== null);

/** Locks the carts of principals that have one, in order of id. */
export async function lockCarts(db: Transaction<CartsDb>, principals: readonly string[]): Promise<LockedCarts> {
  const { rows } = await sql<LockedRow>`
    with c as materialized (select * from carts where principal = any(${principals}::text[]) order by id for update)
    select ${locked(null)} from c order by c.id`.execute(db);
  return settled(db, rows);
}

/** Writes a locked cart and its lines. Somebody changed it, so it is not abandoned. */
export function savedCart(now: Date, cart: Cart): Last {
  const { lines, ...row } = cart;
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  const count = lines.reduce((sum, line) => sum + line.quantity, 0);
  return {
    with: [
      sql`line as (
        select * from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l(id uuid, "variantId" uuid, quantity int))`,
      sql`gone as (delete from cart_lines where cart_id = ${row.id} and id not in (select id from line))`,
      sql`put as (
        insert into cart_lines (id, cart_id, variant_id, quantity)
        select id, ${row.id}, "variantId", quantity from line
        on conflict (id) do update set quantity = excluded.quantity where cart_lines.quantity <> excluded.quantity)`,
      sql`saved as (
        update carts set
          principal = ${row.principal}, version = ${row.version}, item_count = ${count}, codes = ${row.codes},
          note = ${row.note}, email = ${row.email}, shipping_address = ${json(row.shippingAddress)}::jsonb,
          billing_address = ${json(row.billingAddress)}::jsonb, shipping_method_id = ${row.shippingMethodId},
          notices = ${JSON.stringify(row.notices)}::jsonb, merged_ids = ${row.mergedIds}::uuid[],
          merged_principals = ${row.mergedPrincipals}, abandoned_at = null, updated_at = ${now}
        where id = ${row.id} returning id)`,
    ],
    answer: 'saved',
    // The user filled a cart of their own just now: merge into that one.
    refused: (error) => (violated(error) === 'carts_principal' ? new LostRace('another cart came first') : error),
  };
}

export async function deleteCart(db: Transaction<CartsDb>, id: CartId): Promise<void> {
  await db.deleteFrom('carts').where('id', '=', id).execute();
}

/** The order's cart, if there is one. */
export type ClaimedRow = { readonly claimed: number } & (LockedRow | { readonly id: null });

export interface ConfirmedOrder {
  readonly orderId: OrderId;
  readonly cartId: CartId;
  readonly principal: string;
  readonly lines: readonly Quantity[];
}

/**
 * Remembers an order that was not heard of before, once, and locks the cart it came from: its own or the one that took it
 * in, if it is still the same person's. `claimed` is 0 where the order was known.
 */
export function claimOrder(order: ConfirmedOrder): Parts<ClaimedRow> {
  const { orderId, cartId, principal, lines } = order;
  return {
    with: [
      sql`claimed as (
        insert into ordered (order_id, cart_id, principal, lines, applied, at)
        select ${orderId}::uuid, ${cartId}::uuid, ${principal}, ${JSON.stringify(lines)}::jsonb, true, ${databaseNow} from taken
        on conflict do nothing returning 1)`,
      sql`c as materialized (
        select * from carts
        where exists (select from claimed)
          and (id = ${cartId} or merged_ids @> array[${cartId}]::uuid[])
          and (principal = ${principal} or ${principal} = any(merged_principals))
        for update)`,
      sql`found as (
        select n.claimed, ${locked(null)} from (select count(*) as claimed from claimed) n left join c on true)`,
    ],
    answer: 'found',
  };
}

/** The order's cart is not this person's yet: it will be when we hear who the guest is. */
export async function postponeOrder(db: Transaction<CartsDb>, orderId: OrderId): Promise<void> {
  await db.updateTable('ordered').set({ applied: false }).where('order_id', '=', orderId).execute();
}

/** Takes up what the person ordered from a cart before we heard that it is theirs. */
export async function takePostponed(
  db: Transaction<CartsDb>,
  cartId: CartId,
  principal: string,
): Promise<readonly Quantity[]> {
  const rows = await db
    .updateTable('ordered')
    .set({ applied: true })
    .where('cart_id', '=', cartId)
    .where('principal', '=', principal)
    .where('applied', '=', false)
    .returning('lines')
    .execute();
  return rows.flatMap((row) => row.lines);
}

/** Locks idle carts that hold something and marks them abandoned. */
export async function markAbandoned(
  db: Transaction<CartsDb>,
  now: Date,
  before: Date,
  limit: number,
): Promise<Pick<CartRow, 'id' | 'principal' | 'version'>[]> {
  return db
    .updateTable('carts')
    .set({ abandoned_at: now })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('carts')
        .select('id')
        .where('abandoned_at', 'is', null)
        .where('item_count', '>', 0)
        .where('updated_at', '<=', before)
        .orderBy('updated_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'principal', 'version'])
    .execute();
}

/** Deletes empty carts of guests who have not come back; whose they were. */
export async function deleteEmptyGuestCarts(db: Transaction<CartsDb>, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .deleteFrom('carts')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('carts')
        .select('id')
        .where('item_count', '=', 0)
        .where('principal', 'like', 'guest:%')
        .where('updated_at', '<=', before)
        .orderBy('updated_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning('principal')
    .execute();
  return rows.map(({ principal }) => principal);
}

export async function forgetOrders(db: Transaction<CartsDb>, before: Date): Promise<void> {
  await db.deleteFrom('ordered').where('at', '<=', before).execute();
}

/** A page of carts that hold something, by id, for re-saying them. */
export async function listCartsAfter(db: Kysely<CartsDb>, after: string | null, limit: number): Promise<Cart[]> {
  const rows = await selectCarts(db)
    .where('version', '>', 0)
    .$if(after !== null, (query) => query.where('id', '>', after as CartId))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => toStocked(row).cart);
}
