import { databaseNow, oneOf } from '@souk/kit';
import type { CurrencyCode } from '@souk/schema';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { OrdersDb } from './order.tables.ts';
import type { Rules, ShippingMethodId, ShippingRule } from './pricing.ts';
import type {
  Place,
  ShippingMethod,
  ShippingZone,
  ShippingZoneId,
  TaxClass,
  TaxClassId,
  TaxRate,
  TaxRateId,
  TaxZone,
  TaxZoneId,
  Tier,
} from './rules.ts';

type Db = Kysely<OrdersDb>;
type Trx = Transaction<OrdersDb>;

export interface Destination {
  readonly country: string;
  /** Upper case; empty where none is known. */
  readonly state: string;
}

/**
 * The tax rates and shipping methods of a destination at a moment (the database's, if none is given), with that moment.
 * The zone of a state goes before the zone of its country. `copies` is read along: one statement.
 */
export async function getRules<Copies>(
  db: Db,
  destination: Destination | null,
  currency: CurrencyCode,
  at: Date | null,
  copies: RawBuilder<Copies>,
): Promise<Rules & { now: Date; copies: Copies }> {
  const { country, state } = destination ?? { country: '', state: '' };
  const moment = at ? sql`${at}::timestamptz` : databaseNow;
  const { rows } = await sql<{
    now: Date;
    copies: Copies;
    rates: Record<string, number> | null;
    methods: ShippingRule[] | null;
  }>`
    select ${moment} as now, ${copies} as copies,
      (select jsonb_object_agg(r.tax_class, r.basis_points) from tax_rates r
        where r.zone_id = (select zone_id from tax_zone_places where country = ${country} and state in (${state}, '')
            order by state desc limit 1)
          and tstzrange(r.valid_from, r.valid_to) @> ${moment}) as rates,
      (select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'description', m.description,
          'taxClass', m.tax_class, 'minDays', m.min_days, 'maxDays', m.max_days, 'tiers', t.tiers))
        from shipping_methods m join shipping_zones z on z.id = m.zone_id
        join lateral (select jsonb_agg(jsonb_build_object('price', s.price, 'weightFrom', s.weight_from,
            'weightTo', s.weight_to, 'subtotalFrom', s.subtotal_from, 'subtotalTo', s.subtotal_to)) as tiers
          from shipping_tiers s where s.method_id = m.id and s.currency = ${currency}) t on t.tiers is not null
        where m.archived_at is null and z.archived_at is null and (${country} = any(z.countries)
          or z.everywhere_else and not exists (select from shipping_zones o
            where o.archived_at is null and ${country} = any(o.countries)))) as methods`.execute(db);
  const { now, copies: known, rates, methods } = rows[0]!;
  return { now, copies: known, rates: rates ?? {}, methods: methods ?? [] };
}

export async function listTaxClasses(db: Db, ids: readonly TaxClassId[] | null): Promise<TaxClass[]> {
  let query = db.selectFrom('tax_classes').select(['id', 'code', 'name', 'archived_at']).orderBy('code');
  if (ids) query = query.where('id', '=', oneOf<TaxClassId>(ids));
  const rows = await query.execute();
  return rows.map(({ archived_at, ...row }) => ({ ...row, archived: archived_at !== null }));
}

export async function insertTaxClass(db: Trx, made: Omit<TaxClass, 'archived'>, now: Date): Promise<boolean> {
  const inserted = await db
    .insertInto('tax_classes')
    .values({ ...made, archived_at: null, created_at: now, updated_at: now })
    .onConflict((on) => on.column('code').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function updateTaxClass(
  db: Trx,
  id: TaxClassId,
  set: { name?: string; archived_at?: Date | null },
  now: Date,
): Promise<boolean> {
  const row = await db
    .updateTable('tax_classes')
    .set({ ...set, updated_at: now })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function listTaxZones(db: Db, ids: readonly TaxZoneId[] | null): Promise<TaxZone[]> {
  const wanted = ids ? sql`where z.id = ${oneOf(ids)}` : sql``;
  const { rows } = await sql<{ id: TaxZoneId; name: string; places: Place[] | null }>`
    select z.id, z.name, (select jsonb_agg(jsonb_build_object('country', p.country, 'state', p.state)
      order by p.country, p.state) from tax_zone_places p where p.zone_id = z.id) as places
    from tax_zones z ${wanted} order by z.id`.execute(db);
  if (rows.length === 0) return [];
  const rates = await db
    .selectFrom('tax_rates')
    .selectAll()
    .where('zone_id', '=', oneOf(rows.map((row) => row.id)))
    .orderBy('tax_class')
    .orderBy(sql`valid_from nulls first`)
    .execute();
  return rows.map(({ places, ...zone }) => ({
    ...zone,
    places: places ?? [],
    rates: rates
      .filter((rate) => rate.zone_id === zone.id)
      .map(
        (rate): TaxRate => ({
          id: rate.id,
          zoneId: rate.zone_id,
          taxClass: rate.tax_class,
          name: rate.name,
          basisPoints: rate.basis_points,
          validFrom: rate.valid_from,
          validTo: rate.valid_to,
        }),
      ),
  }));
}

export const insertTaxZone = (db: Trx, id: TaxZoneId, name: string, now: Date) =>
  db.insertInto('tax_zones').values({ id, name, created_at: now, updated_at: now }).execute();

/** Takes the zone's row, so that two changes of it go one after the other; false where there is none. */
export async function touchTaxZone(db: Trx, id: TaxZoneId, name: string | undefined, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('tax_zones')
    .set({ updated_at: now, ...(name === undefined ? {} : { name }) })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Throws the violation of the primary key where another zone holds one of the places. */
export async function replacePlaces(db: Trx, zoneId: TaxZoneId, places: readonly Place[]): Promise<void> {
  await db.deleteFrom('tax_zone_places').where('zone_id', '=', zoneId).execute();
  await db
    .insertInto('tax_zone_places')
    .values(places.map(({ country, state }) => ({ zone_id: zoneId, country, state })))
    .execute();
}

export async function deleteTaxZone(db: Trx, id: TaxZoneId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('tax_zones').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Throws the violation of the exclusion where another rate of the class holds in the period. */
export const insertTaxRate = (db: Trx, rate: TaxRate, now: Date) =>
  db
    .insertInto('tax_rates')
    .values({
      id: rate.id,
      zone_id: rate.zoneId,
      tax_class: rate.taxClass,
      name: rate.name,
      basis_points: rate.basisPoints,
      valid_from: rate.validFrom,
      valid_to: rate.validTo,
      created_at: now,
      updated_at: now,
    })
    .execute();

export async function lockTaxRate(db: Trx, id: TaxRateId): Promise<TaxRate | undefined> {
  const row = await db.selectFrom('tax_rates').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return (
    row && {
      id: row.id,
      zoneId: row.zone_id,
      taxClass: row.tax_class,
      name: row.name,
      basisPoints: row.basis_points,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    }
  );
}

export const updateTaxRate = (db: Trx, { id, name, basisPoints, validFrom, validTo }: TaxRate, now: Date) =>
  db
    .updateTable('tax_rates')
    .set({ name, basis_points: basisPoints, valid_from: validFrom, valid_to: validTo, updated_at: now })
    .where('id', '=', id)
    .execute();

/** Deletes a rate and answers its zone, or undefined. */
export async function deleteTaxRate(db: Trx, id: TaxRateId): Promise<TaxZoneId | undefined> {
  const row = await db.deleteFrom('tax_rates').where('id', '=', id).returning('zone_id').executeTakeFirst();
  return row?.zone_id;
}

export async function listShippingZones(db: Db, ids: readonly ShippingZoneId[] | null): Promise<ShippingZone[]> {
  let query = db.selectFrom('shipping_zones').selectAll().orderBy('id');
  query = ids ? query.where('id', '=', oneOf<ShippingZoneId>(ids)) : query.where('archived_at', 'is', null);
  const rows = await query.execute();
  return rows.map(({ id, name, countries, everywhere_else, archived_at }) => ({
    id,
    name,
    countries,
    everywhereElse: everywhere_else,
    archived: archived_at !== null,
  }));
}

export async function listShippingMethods(
  db: Db,
  by: { ids: readonly ShippingMethodId[] } | { zones: readonly ShippingZoneId[] },
): Promise<ShippingMethod[]> {
  const wanted =
    'ids' in by ? sql`m.id = ${oneOf(by.ids)}` : sql`m.zone_id = ${oneOf(by.zones)} and m.archived_at is null`;
  const { rows } = await sql<Omit<ShippingMethod, 'tiers'> & { tiers: Tier[] | null }>`
    select m.id, m.zone_id as "zoneId", m.name, m.description, m.tax_class as "taxClass", m.min_days as "minDays",
      m.max_days as "maxDays", m.position, m.archived_at is not null as archived,
      (select jsonb_agg(jsonb_build_object('id', t.id, 'currency', t.currency, 'price', t.price,
        'weightFrom', t.weight_from, 'weightTo', t.weight_to, 'subtotalFrom', t.subtotal_from,
        'subtotalTo', t.subtotal_to) order by t.currency, t.price, t.id) from shipping_tiers t where t.method_id = m.id) as tiers
    from shipping_methods m where ${wanted} order by m.zone_id, m.position, m.id`.execute(db);
  return rows.map(({ tiers, ...method }) => ({ ...method, tiers: tiers ?? [] }));
}
