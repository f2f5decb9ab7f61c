import { violated } from '@souk/kit';
import type { OrdersTx } from './order.service.ts';
import { STANDARD_TAX } from './pricing.ts';
import { noRule } from './rejections.ts';
import {
  deleteTaxRate as deleteRate,
  deleteTaxZone as deleteZone,
  insertTaxClass,
  insertTaxRate,
  insertTaxZone,
  listTaxClasses,
  lockTaxRate,
  replacePlaces,
  touchTaxZone,
  updateTaxClass as updateClass,
  updateTaxRate as updateRate,
} from './rules.repository.ts';
import {
  basisPoints,
  Check,
  places,
  ratePeriod,
  type TaxClassId,
  type TaxRateId,
  type TaxZoneId,
  taxClassCode,
} from './rules.ts';

export interface TypedPlace {
  readonly country: string;
  readonly state?: string | null;
}

export async function createTaxClass(tx: OrdersTx, typed: { code: string; name: string }): Promise<TaxClassId> {
  const check = new Check();
  const [code, name] = [taxClassCode(check, typed.code), check.name(typed.name, 'name')];
  check.done();
  const id = tx.newId<'TaxClass'>();
  if (!(await insertTaxClass(tx.db, { id, code, name }, tx.now))) {
    throw noRule('CODE_TAKEN', 'Another tax class has this code.', ['input', 'code']);
  }
  return id;
}

/** Archiving keeps a class for what is sold by it and hides it from new choices. */
export async function updateTaxClass(
  tx: OrdersTx,
  id: TaxClassId,
  typed: { name?: string | null; archived?: boolean | null },
): Promise<TaxClassId> {
  const check = new Check();
  const name = typed.name == null ? undefined : check.name(typed.name, 'name');
  check.done();
  const [known] = await listTaxClasses(tx.db, [id]);
  if (!known) throw noRule('NOT_FOUND', 'There is no such tax class.', ['id']);
  if (known.code === STANDARD_TAX && typed.archived) {
    throw noRule('DEFAULT_CLASS', 'The standard tax class cannot be archived.', ['input', 'archived']);
  }
  const archived = typed.archived == null ? {} : { archived_at: typed.archived ? tx.now : null };
  await updateClass(tx.db, id, { ...(name === undefined ? {} : { name }), ...archived }, tx.now);
  return id;
}

const PLACE_TAKEN = () =>
  noRule('PLACE_TAKEN', 'Another tax zone holds one of these places. A place is taxed by one zone.', [
    'input',
    'places',
  ]);

async function taken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const constraint = violated(error);
    if (constraint === 'tax_zone_places_pkey') throw PLACE_TAKEN();
    if (constraint === 'tax_rates_overlap') {
      throw noRule('RATE_OVERLAP', 'Another rate of this class holds in the zone during the period.', [
        'input',
        'validFrom',
      ]);
    }
    throw error;
  }
}

export async function createTaxZone(
  tx: OrdersTx,
  typed: { name: string; places: readonly TypedPlace[] },
): Promise<TaxZoneId> {
  const check = new Check();
  const [name, all] = [check.name(typed.name, 'name'), places(check, typed.places, 'places')];
  check.done();
  const id = tx.newId<'TaxZone'>();
  await insertTaxZone(tx.db, id, name, tx.now);
  await taken(replacePlaces(tx.db, id, all));
  return id;
}

export async function updateTaxZone(
  tx: OrdersTx,
  id: TaxZoneId,
  typed: { name?: string | null; places?: readonly TypedPlace[] | null },
): Promise<TaxZoneId> {
  const check = new Check();
  const name = typed.name == null ? undefined : check.name(typed.name, 'name');
  const all = typed.places ? places(check, typed.places, 'places') : null;
  check.done();
  if (!(await touchTaxZone(tx.db, id, name, tx.now))) throw noRule('NOT_FOUND', 'There is no such tax zone.', ['id']);
  if (all) await taken(replacePlaces(tx.db, id, all));
  return id;
}

export async function deleteTaxZone(tx: OrdersTx, id: TaxZoneId): Promise<TaxZoneId> {
  if (!(await deleteZone(tx.db, id))) throw noRule('NOT_FOUND', 'There is no such tax zone.', ['id']);
  return id;
}

export interface TypedRate {
  readonly name: string;
  readonly basisPoints: number;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** Adds a rate and answers its zone. */
export async function createTaxRate(
  tx: OrdersTx,
  zoneId: TaxZoneId,
  taxClass: string,
  typed: TypedRate,
): Promise<TaxZoneId> {
  const check = new Check();
  const name = check.name(typed.name, 'name');
  basisPoints(check, typed.basisPoints);
  ratePeriod(check, typed.validFrom, typed.validTo);
  const known = (await listTaxClasses(tx.db, null)).some(({ code, archived }) => code === taxClass && !archived);
  if (!known) check.no('NOT_FOUND', 'There is no such tax class.', 'taxClass');
  check.done();
  if (!(await touchTaxZone(tx.db, zoneId, undefined, tx.now))) {
    throw noRule('NOT_FOUND', 'There is no such tax zone.', ['input', 'zoneId']);
  }
  await taken(insertTaxRate(tx.db, { ...typed, id: tx.newId<'TaxRate'>(), zoneId, taxClass, name }, tx.now));
  return zoneId;
}

/** Changes what is named of a rate and answers its zone. An explicit null opens a period's end. */
export async function updateTaxRate(
  tx: OrdersTx,
  id: TaxRateId,
  typed: { name?: string | null; basisPoints?: number | null; validFrom?: Date | null; validTo?: Date | null },
): Promise<TaxZoneId> {
  const rate = await lockTaxRate(tx.db, id);
  if (!rate) throw noRule('NOT_FOUND', 'There is no such tax rate.', ['id']);
  const check = new Check();
  const next = {
    ...rate,
    name: typed.name == null ? rate.name : check.name(typed.name, 'name'),
    basisPoints: typed.basisPoints == null ? rate.basisPoints : basisPoints(check, typed.basisPoints),
    validFrom: typed.validFrom === undefined ? rate.validFrom : typed.validFrom,
    validTo: typed.validTo === undefined ? rate.validTo : typed.validTo,
  };
  ratePeriod(check, next.validFrom, next.validTo);
  check.done();
  await taken(updateRate(tx.db, next, tx.now));
  return rate.zoneId;
}

export async function deleteTaxRate(tx: OrdersTx, id: TaxRateId): Promise<TaxZoneId> {
  const zoneId = await deleteRate(tx.db, id);
  if (!zoneId) throw noRule('NOT_FOUND', 'There is no such tax rate.', ['id']);
  return zoneId;
}
