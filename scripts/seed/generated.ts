import { currency, money, toDecimal } from '@souk/schema';
import { toSlug } from '../catalogue/define.ts';
import type { ImportOrderInput, ImportProductInput } from '../gql/graphql.ts';
import { brands, colours, kinds, looks, materials, origins, series, sizes } from './generated-words.ts';

/** What is generated is the same in every shop: a number says all of a product or an order. */
export const PRODUCTS = 50_000;
export const ORDERS = 100_000;

/** Whole numbers from a seed, by mulberry32: small, fast, and the same everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
}

const pick = <T>(from: readonly T[], roll: (sides: number) => number): T => from[roll(from.length)]!;

function some<T>(from: readonly T[], count: number, roll: (sides: number) => number): T[] {
  const start = roll(from.length);
  const step = 1 + roll(from.length - 1);
  const chosen = Array.from({ length: count }, (_, at) => from[(start + at * step) % from.length]!);
  return [...new Set(chosen)];
}

const decimal = (minor: number, code: 'EUR' | 'USD'): string => toDecimal(money(minor, currency(code)));
/** Prices people set: 4.90, 12.50, 89.00. */
const tag = (minor: number): number => (minor < 2_000 ? Math.round(minor / 10) * 10 : Math.round(minor / 100) * 100);

interface GeneratedVariant {
  readonly sku: string;
  readonly values: readonly string[];
  readonly eur: number;
}

interface Generated {
  readonly handle: string;
  readonly name: string;
  readonly variants: readonly GeneratedVariant[];
}

const skuOf = (index: number, at: number): string => `G${String(index).padStart(6, '0')}-${at + 1}`;

/** Name and variants of a product; what orders need of it too. */
function outline(index: number) {
  const roll = dice(index + 1);
  const kind = pick(kinds, roll);
  const [look, material, line] = [pick(looks, roll), pick(materials[kind.of], roll), pick(series, roll)];
  const name = `${look} ${material} ${kind.noun}, ${line}`;
  const values = kind.sized ? sizes.slice(0, 2 + roll(3)) : some(colours, 1 + roll(5), roll);
  const base = tag(kind.eur * (0.6 + roll(100) / 100));
  const variants = values.map((value, at) => ({
    sku: skuOf(index, at),
    values: [value],
    eur: tag(base * (1 + (kind.sized ? at * 0.08 : 0))),
  }));
  const generated: Generated = { handle: `${toSlug(name)}-${index}`, name, variants };
  return { ...generated, kind, look, material, line, roll };
}

/** Product number `index` of the generated catalogue. `channels` is by currency. */
export function generateProduct(
  index: number,
  channels: Readonly<Record<'EUR' | 'USD', string>>,
  categories: ReadonlyMap<string, readonly { readonly name: string; readonly slug: string }[]>,
): ImportProductInput {
  const { handle, name, variants, kind, look, material, line, roll } = outline(index);
  const [brand, origin] = [pick(brands, roll), pick(origins, roll)];
  const isReduced = roll(10) === 0;
  const was = (minor: number): number | null => (isReduced ? tag(minor * 1.25) : null);
  const price = (code: 'EUR' | 'USD', minor: number, before: number | null) => ({
    channelId: channels[code],
    currency: code,
    amount: decimal(minor, code),
    compareAt: before === null || before <= minor ? null : decimal(before, code),
  });
  return {
    handle,
    name,
    description: `<p>A ${look.toLowerCase()} ${kind.noun.toLowerCase()} in ${material.toLowerCase()}, from the ${line} series by ${brand}. ${kind.says}</p><p>Made in ${origin}.</p>`,
    vendor: brand,
    productType: kind.noun,
    tags: [kind.noun.toLowerCase(), material.toLowerCase(), line.toLowerCase()],
    published: true,
    categoryPath: [...categories.get(kind.category)!],
    options: [{ name: kind.sized ? 'Size' : 'Colour', values: variants.flatMap((variant) => variant.values) }],
    attributes: [
      { code: 'material', value: material, name: 'Material', type: 'TEXT' },
      { code: 'origin', value: origin, name: 'Made in', type: 'TEXT' },
    ],
    variants: variants.map(({ sku, values, eur }) => ({
      sku,
      optionValues: values,
      weightGrams: Math.round(kind.grams * (0.8 + roll(40) / 100)),
      cost: { amount: decimal(Math.round(eur * 0.42), 'EUR'), currency: 'EUR' },
      prices: [price('EUR', eur, was(eur)), price('USD', tag(eur * 1.12), was(tag(eur * 1.12)))],
    })),
  };
}

/** How many of each variant there are; a few have none. */
export function stockOf(index: number): { sku: string; quantity: number }[] {
  const roll = dice(index + 7_000_001);
  return outline(index).variants.map(({ sku }) => ({ sku, quantity: roll(20) === 0 ? 0 : 1 + roll(120) }));
}

const FIRST_DAY = Date.UTC(2023, 0, 1);
const SPAN_MINUTES = 2 * 365 * 24 * 60;
const CUSTOMERS = 20_000;

export const orderNumberOf = (index: number): string => `H-${String(index + 1).padStart(6, '0')}`;

/** Past order number `index`: of products below `products`, in two years that are over. */
export function generateOrder(index: number, products = PRODUCTS): ImportOrderInput {
  const roll = dice(index + 40_000_003);
  const lines = Array.from({ length: 1 + roll(4) }, () => {
    const { name, variants } = outline(roll(products));
    const { sku, values, eur } = pick(variants, roll);
    return {
      sku,
      name: `${name} (${values.join(' / ')})`,
      quantity: 1 + roll(3),
      unitPrice: decimal(eur, 'EUR'),
      taxRate: '19',
    };
  });
  const goods = lines.reduce((sum, line) => sum + Number(line.unitPrice) * line.quantity, 0);
  return {
    orderNumber: orderNumberOf(index),
    // The older an order, the lower its number.
    placedAt: new Date(FIRST_DAY + Math.floor((index / ORDERS) * SPAN_MINUTES) * 60_000).toISOString(),
    cancelled: roll(25) === 0,
    currency: 'EUR',
    email: `shopper-${1 + roll(CUSTOMERS)}@shoppers.example`,
    lines: lines.filter((line, at) => lines.findIndex((one) => one.sku === line.sku) === at),
    shipping: goods >= 60 ? '0.00' : '4.90',
  };
}
