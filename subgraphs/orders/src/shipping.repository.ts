import { sql, type Transaction } from 'kysely';
import type { OrdersDb } from './order.tables.ts';
import type { ShippingMethodId } from './pricing.ts';
import type { ShippingMethod, ShippingZone, ShippingZoneId, Tier } from './rules.ts';

type Trx = Transaction<OrdersDb>;

export const insertShippingZone = (db: Trx, { id, name, countries, everywhereElse }: ShippingZone, now: Date) =>
  db
    .insertInto('shipping_zones')
    .values({
      id,
      name,
      countries: [...countries],
      everywhere_else: everywhereElse,
      archived_at: null,
      created_at: now,
      updated_at: now,
    })
    .execute();

export async function lockShippingZone(db: Trx, id: ShippingZoneId): Promise<ShippingZone | undefined> {
  const row = await db
    .selectFrom('shipping_zones')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      name: row.name,
      countries: row.countries,
      everywhereElse: row.everywhere_else,
      archived: false,
    }
  );
}

export const updateShippingZone = (
  db: Trx,
  { id, name, countries, everywhereElse, archived }: ShippingZone,
  now: Date,
) =>
  db
    .updateTable('shipping_zones')
    .set({
      name,
      countries: [...countries],
      everywhere_else: everywhereElse,
      archived_at: archived ? now : null,
      updated_at: now,
    })
    .where('id', '=', id)
    .execute();

export async function lockShippingMethod(
  db: Trx,
  id: ShippingMethodId,
): Promise<Omit<ShippingMethod, 'tiers'> | undefined> {
  const row = await db
    .selectFrom('shipping_methods')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      zoneId: row.zone_id,
      name: row.name,
      description: row.description,
      taxClass: row.tax_class,
      minDays: row.min_days,
      maxDays: row.max_days,
      position: row.position,
      archived: false,
    }
  );
}

/** Writes a method, new or known, under its id. */
export async function saveShippingMethod(db: Trx, method: Omit<ShippingMethod, 'tiers'>, now: Date): Promise<void> {
  const columns = {
    zone_id: method.zoneId,
    name: method.name,
    description: method.description,
    tax_class: method.taxClass,
    min_days: method.minDays,
    max_days: method.maxDays,
    position: method.position,
    archived_at: method.archived ? now : null,
    updated_at: now,
  };
  await db
    .insertInto('shipping_methods')
    .values({ id: method.id, ...columns, created_at: now })
    .onConflict((on) => on.column('id').doUpdateSet(columns))
    .execute();
}

export async function replaceTiers(db: Trx, methodId: ShippingMethodId, tiers: readonly Tier[]): Promise<void> {
  await db.deleteFrom('shipping_tiers').where('method_id', '=', methodId).execute();
  await sql`
    insert into shipping_tiers (id, method_id, currency, price, weight_from, weight_to, subtotal_from, subtotal_to)
    select id, ${methodId}, currency, price, "weightFrom", "weightTo", "subtotalFrom", "subtotalTo"
    from jsonb_to_recordset(${JSON.stringify(tiers)}::jsonb) as t(id uuid, currency text, price bigint, "weightFrom" int,
      "weightTo" int, "subtotalFrom" bigint, "subtotalTo" bigint)`.execute(db);
}
