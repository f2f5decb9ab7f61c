import type { Warehouse } from '../catalogue/index.ts';
import { warehouses } from '../import/documents.ts';
import { accepted, type Shop } from '../import/shop.ts';
import {
  channels,
  createChannel,
  createShippingMethod,
  createShippingZone,
  createTaxClass,
  createTaxRate,
  createTaxZone,
  createWarehouse,
  shippingRules,
  taxRules,
} from './documents.ts';
import { parallel } from './meter.ts';
import { shippingZones } from './shipping.ts';
import { type TaxZone, taxZones } from './tax.ts';

const AT_ONCE = 4;
const midnight = (day: string | undefined): string | null => (day === undefined ? null : `${day}T00:00:00.000Z`);

const dayOf = (time: string | null): string | null => time && new Date(time).toISOString().slice(0, 10);

/** The channels of the demo: code → id. The shop comes with the first one. */
export async function ensureChannels(shop: Shop): Promise<ReadonlyMap<string, string>> {
  const known = new Map((await shop.run(channels, {})).channels.map(({ id, code }) => [code, id]));
  if (!known.has('us')) {
    const input = {
      code: 'us',
      name: 'United States',
      currency: 'USD',
      defaultLocale: 'en-US',
      timeZone: 'America/New_York',
      pricesIncludeTax: false,
    };
    const { channel } = accepted((await shop.run(createChannel, { input })).createChannel, 'The channel "us"');
    known.set(channel!.code, channel!.id);
  }
  return known;
}

/** Code → id. */
export async function ensureWarehouses(shop: Shop, wanted: readonly Warehouse[]): Promise<ReadonlyMap<string, string>> {
  const known = new Map((await shop.run(warehouses, {})).warehouses.map(({ id, code }) => [code, id]));
  for (const { code, name, country, priority } of wanted) {
    if (known.has(code.toUpperCase())) continue;
    const input = { code, name, country, priority };
    const { warehouse } = accepted((await shop.run(createWarehouse, { input })).createWarehouse, `Warehouse ${name}`);
    known.set(warehouse!.code, warehouse!.id);
  }
  return known;
}

export async function ensureTaxes(shop: Shop): Promise<void> {
  const known = await shop.run(taxRules, {});
  for (const code of ['standard', 'reduced']) {
    if (known.taxClasses.some((one) => one.code === code)) continue;
    const input = { code, name: code === 'standard' ? 'Standard' : 'Reduced' };
    accepted((await shop.run(createTaxClass, { input })).createTaxClass, `The tax class ${code}`);
  }
  const zones = new Map(known.taxZones.map((zone) => [zone.name, zone]));
  await parallel(taxZones, AT_ONCE, (zone) => ensureTaxZone(shop, zone, zones.get(zone.name)));
}

async function ensureTaxZone(
  shop: Shop,
  { name, places, tax, rates }: TaxZone,
  known?: {
    readonly id: string;
    readonly rates: readonly { readonly taxClass: string; readonly validFrom: string | null }[];
  },
): Promise<void> {
  let zoneId = known?.id;
  if (zoneId === undefined) {
    const made = (await shop.run(createTaxZone, { input: { name, places } })).createTaxZone;
    zoneId = accepted(made, `The tax zone ${name}`).taxZone!.id;
  }
  for (const { taxClass, basisPoints, from, to } of rates) {
    const validFrom = midnight(from);
    const isThere = known?.rates.some((rate) => rate.taxClass === taxClass && dayOf(rate.validFrom) === (from ?? null));
    if (isThere) continue;
    const input = { zoneId, taxClass, name: tax, basisPoints, validFrom, validTo: midnight(to) };
    accepted((await shop.run(createTaxRate, { input })).createTaxRate, `The tax rate of ${name}`);
  }
}

export async function ensureShipping(shop: Shop): Promise<void> {
  const known = new Map((await shop.run(shippingRules, {})).shippingZones.map((zone) => [zone.name, zone]));
  for (const { name, countries, everywhereElse, methods } of shippingZones) {
    const zone = known.get(name);
    let zoneId = zone?.id;
    if (zoneId === undefined) {
      const input = { name, countries, everywhereElse };
      const made = (await shop.run(createShippingZone, { input })).createShippingZone;
      zoneId = accepted(made, `The shipping zone ${name}`).shippingZone!.id;
    }
    for (const [position, method] of methods.entries()) {
      if (zone?.methods.some((one) => one.name === method.name)) continue;
      const input = { zoneId, position, taxClass: 'standard', ...method };
      accepted((await shop.run(createShippingMethod, { input })).createShippingMethod, `Shipping by ${method.name}`);
    }
  }
}
