import { type Answer, ask, staff } from './graph.ts';
import type { HouseName, Houses } from './houses.ts';

export interface Variant {
  readonly id: string;
  readonly sku: string;
}

/** What every run begins with. */
export interface Base {
  readonly variants: readonly Variant[];
  readonly warehouses: readonly string[];
  /** Units by `variant/warehouse`, wire ids. */
  readonly stock: Readonly<Record<string, number>>;
}

const admin = staff(0xa1, 'ADMIN');
export const merchandiser = staff(0xa2, 'MERCHANDISER');
export const warehouseman = staff(0xa3, 'WAREHOUSE');
export const supporter = staff(0xa4, 'SUPPORT', 'FINANCE');

/** Little of everything, so that shoppers meet: the last one is in one warehouse only. */
const goods: readonly { sku: string; amount: string; stock: readonly [number, number] }[] = [
  { sku: 'CUP', amount: '10.00', stock: [3, 2] },
  { sku: 'LAMP', amount: '24.90', stock: [2, 2] },
  { sku: 'BOOK', amount: '5.50', stock: [0, 3] },
];

/** German VAT, one parcel rate, two warehouses and three products. `quiet` lets facts travel. */
export async function openShop(houses: Houses, quiet: () => Promise<void>): Promise<Base> {
  const mutate = async (house: HouseName, name: string, type: string, input: object, selection: string) => {
    const data = await ask(
      houses,
      house,
      admin,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} errors { message } } }`,
      { input },
    );
    const payload: Answer = data[name];
    if (payload.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.errors)}`);
    return payload;
  };
  const warehouses: string[] = [];
  for (const [code, name] of [
    ['BER', 'Berlin'],
    ['HAM', 'Hamburg'],
  ]) {
    const { warehouse } = await mutate(
      'inventory',
      'createWarehouse',
      'CreateWarehouseInput',
      { code, name, country: 'DE' },
      'warehouse { id }',
    );
    warehouses.push(warehouse.id);
  }
  const { taxZone } = await mutate(
    'orders',
    'createTaxZone',
    'CreateTaxZoneInput',
    { name: 'Germany', places: [{ country: 'DE' }] },
    'taxZone { id }',
  );
  await mutate(
    'orders',
    'createTaxRate',
    'CreateTaxRateInput',
    { zoneId: taxZone.id, taxClass: 'standard', name: 'MwSt', basisPoints: 1900 },
    'taxZone { id }',
  );
  const { shippingZone } = await mutate(
    'orders',
    'createShippingZone',
    'CreateShippingZoneInput',
    { name: 'Germany', countries: ['DE'] },
    'shippingZone { id }',
  );
  await mutate(
    'orders',
    'createShippingMethod',
    'CreateShippingMethodInput',
    { zoneId: shippingZone.id, name: 'Parcel', tiers: [{ price: { amount: '4.90', currency: 'EUR' } }] },
    'shippingMethod { id }',
  );
  const { results } = await mutate(
    'products',
    'importProducts',
    'ImportProductsInput',
    {
      products: goods.map(({ sku, amount }) => ({
        handle: sku.toLowerCase(),
        name: `The ${sku.toLowerCase()}`,
        published: true,
        variants: [{ sku, prices: [{ amount }], weightGrams: 300 }],
      })),
    },
    'results { product { variants { id sku } } errors { message } }',
  );
  const variants: Variant[] = results.flatMap(({ product }: Answer) => product.variants);
  await quiet();
  const stock: Record<string, number> = {};
  const entries = goods.flatMap(({ sku, stock: of }) =>
    of.flatMap((quantity, at) => {
      const variantId = variants.find((variant) => variant.sku === sku)!.id;
      stock[`${variantId}/${warehouses[at]}`] = quantity;
      return quantity > 0 ? [{ variantId, warehouseId: warehouses[at], quantity, changeFromQuantity: 0 }] : [];
    }),
  );
  await mutate(
    'inventory',
    'setStockLevels',
    'SetStockLevelsInput',
    { idempotencyKey: 'base-stock', entries },
    'levels { onHand }',
  );
  await quiet();
  return { variants, warehouses, stock };
}
