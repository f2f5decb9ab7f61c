import { oneLine } from './address.ts';
import type { OrdersTx } from './order.service.ts';
import { type ShippingMethodId, STANDARD_TAX } from './pricing.ts';
import { noRule } from './rejections.ts';
import { listTaxClasses } from './rules.repository.ts';
import { Check, countries, days, type ShippingMethod, type ShippingZoneId, type TypedTier, tiers } from './rules.ts';
import {
  insertShippingZone,
  lockShippingMethod,
  lockShippingZone,
  replaceTiers,
  saveShippingMethod,
  updateShippingZone as updateZone,
} from './shipping.repository.ts';

export interface TypedZone {
  readonly name: string;
  readonly countries: readonly string[];
  readonly everywhereElse: boolean;
}

export async function createShippingZone(tx: OrdersTx, typed: TypedZone): Promise<ShippingZoneId> {
  const check = new Check();
  const { everywhereElse } = typed;
  const zone = { name: check.name(typed.name, 'name'), countries: countries(check, typed.countries, everywhereElse) };
  check.done();
  const id = tx.newId<'ShippingZone'>();
  await insertShippingZone(tx.db, { ...zone, id, everywhereElse, archived: false }, tx.now);
  return id;
}

/** Changes what is named. Archiving takes the zone's methods off all quotes; orders keep the name they were placed with. */
export async function updateShippingZone(
  tx: OrdersTx,
  id: ShippingZoneId,
  typed: { [K in keyof TypedZone]?: TypedZone[K] | null } & { archived?: boolean | null },
): Promise<ShippingZoneId> {
  const zone = await lockShippingZone(tx.db, id);
  if (!zone) throw noRule('NOT_FOUND', 'There is no such shipping zone.', ['id']);
  const check = new Check();
  const everywhereElse = typed.everywhereElse ?? zone.everywhereElse;
  const next = {
    ...zone,
    everywhereElse,
    name: typed.name == null ? zone.name : check.name(typed.name, 'name'),
    countries: countries(check, typed.countries ?? zone.countries, everywhereElse),
    archived: typed.archived ?? false,
  };
  check.done();
  await updateZone(tx.db, next, tx.now);
  return id;
}

export interface TypedMethod {
  readonly name: string;
  readonly description: string | null;
  readonly taxClass: string | null;
  readonly minDays: number | null;
  readonly maxDays: number | null;
  readonly position: number | null;
  readonly tiers: readonly TypedTier[];
}

const knowsClass = async (tx: OrdersTx, code: string): Promise<boolean> =>
  (await listTaxClasses(tx.db, null)).some((one) => one.code === code && !one.archived);

async function save(
  tx: OrdersTx,
  method: Omit<ShippingMethod, 'tiers'>,
  typedTiers: readonly TypedTier[] | null,
): Promise<void> {
  const check = new Check();
  const name = check.name(method.name, 'name');
  const description = oneLine(method.description, 500);
  if (description === undefined) {
    check.no('INVALID_NAME', 'A description has at most 500 characters on one line.', 'description');
  }
  days(check, method.minDays, method.maxDays);
  const checked = typedTiers && tiers(check, typedTiers);
  if (!(await knowsClass(tx, method.taxClass))) check.no('NOT_FOUND', 'There is no such tax class.', 'taxClass');
  check.done();
  await saveShippingMethod(tx.db, { ...method, name, description: description ?? null }, tx.now);
  if (checked) {
    const withIds = checked.map((tier) => ({ ...tier, id: tx.newId<'ShippingTier'>() }));
    await replaceTiers(tx.db, method.id, withIds);
  }
}

export async function createShippingMethod(
  tx: OrdersTx,
  zoneId: ShippingZoneId,
  typed: TypedMethod,
): Promise<ShippingMethodId> {
  if (!(await lockShippingZone(tx.db, zoneId))) {
    throw noRule('NOT_FOUND', 'There is no such shipping zone.', ['input', 'zoneId']);
  }
  const { tiers: typedTiers, taxClass, position, ...rest } = typed;
  const id = tx.newId<'ShippingMethod'>();
  const method = { ...rest, id, zoneId, taxClass: taxClass ?? STANDARD_TAX, position: position ?? 0, archived: false };
  await save(tx, method, typedTiers);
  return id;
}

/** Changes what is named; tiers are replaced as a whole. */
export async function updateShippingMethod(
  tx: OrdersTx,
  id: ShippingMethodId,
  typed: { [K in keyof TypedMethod]?: TypedMethod[K] | null } & { archived?: boolean | null },
): Promise<ShippingMethodId> {
  const method = await lockShippingMethod(tx.db, id);
  if (!method) throw noRule('NOT_FOUND', 'There is no such shipping method.', ['id']);
  const next = {
    ...method,
    name: typed.name ?? method.name,
    description: typed.description === undefined ? method.description : typed.description,
    taxClass: typed.taxClass ?? method.taxClass,
    minDays: typed.minDays === undefined ? method.minDays : typed.minDays,
    maxDays: typed.maxDays === undefined ? method.maxDays : typed.maxDays,
    position: typed.position ?? method.position,
    archived: typed.archived ?? false,
  };
  await save(tx, next, typed.tiers ?? null);
  return id;
}
