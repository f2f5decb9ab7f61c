import { randomUUID } from 'node:crypto';
import type { Answer, Caller, TestSouk } from './souk.testing.ts';

export interface Shop {
  readonly admin: Caller;
  readonly warehouseId: string;
  /** Variant ids by SKU. */
  readonly variants: ReadonlyMap<string, string>;
  variant(sku: string): string;
  /** Counts a variant's stock in the shop's warehouse. */
  stock(sku: string, quantity: number): Promise<void>;
}

export const address = {
  firstName: 'Ada',
  lastName: 'Shopper',
  addressLine1: 'Marktstraße 1',
  city: 'Berlin',
  country: 'DE',
  postalCode: '10115',
};

export const key = (): string => randomUUID();

/** Runs a mutation with one `input`; throws where the payload holds errors. */
export async function mutate(
  caller: Caller,
  name: string,
  inputType: string,
  input: object,
  selection: string,
): Promise<Answer> {
  const payload = await attempt(caller, name, inputType, input, selection);
  if (payload.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.errors)}`);
  return payload;
}

/** The same, with the payload's errors for the test to read. */
export async function attempt(
  caller: Caller,
  name: string,
  inputType: string,
  input: object,
  selection: string,
): Promise<Answer> {
  const data = await caller.run(
    `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} errors { code message field } } }`,
    { input },
  );
  return data[name];
}

/** German VAT, one parcel rate, one warehouse and products with a stock: `{ MUG: { amount: '19.00', stock: 5 } }`. */
export async function openShop(
  souk: Pick<TestSouk, 'admin' | 'quiet'>,
  products: Record<string, { amount: string; stock: number }>,
): Promise<Shop> {
  const admin = await souk.admin();
  const { warehouse } = await mutate(
    admin,
    'createWarehouse',
    'CreateWarehouseInput',
    { code: 'BER', name: 'Berlin', country: 'DE' },
    'warehouse { id }',
  );
  const { taxZone } = await mutate(
    admin,
    'createTaxZone',
    'CreateTaxZoneInput',
    { name: 'Germany', places: [{ country: 'DE' }] },
    'taxZone { id }',
  );
  await mutate(
    admin,
    'createTaxRate',
    'CreateTaxRateInput',
    { zoneId: taxZone.id, taxClass: 'standard', name: 'MwSt', basisPoints: 1900 },
    'taxZone { id }',
  );
  const { shippingZone } = await mutate(
    admin,
    'createShippingZone',
    'CreateShippingZoneInput',
    { name: 'Germany', countries: ['DE'] },
    'shippingZone { id }',
  );
  await mutate(
    admin,
    'createShippingMethod',
    'CreateShippingMethodInput',
    { zoneId: shippingZone.id, name: 'Parcel', tiers: [{ price: { amount: '4.90', currency: 'EUR' } }] },
    'shippingMethod { id }',
  );
  const { results } = await mutate(
    admin,
    'importProducts',
    'ImportProductsInput',
    {
      products: Object.entries(products).map(([sku, { amount }]) => ({
        handle: sku.toLowerCase(),
        name: `The ${sku.toLowerCase()}`,
        published: true,
        variants: [{ sku, prices: [{ amount }], weightGrams: 300 }],
      })),
    },
    'results { handle outcome product { variants { id sku } } errors { message } }',
  );
  const variants = new Map<string, string>();
  for (const { product } of results) for (const { id, sku } of product.variants) variants.set(sku, id);
  // Stock is taken for variants that inventory has heard of.
  await souk.quiet();
  const shop: Shop = {
    admin,
    warehouseId: warehouse.id,
    variants,
    variant: (sku) => variants.get(sku)!,
    async stock(sku, quantity) {
      const { variant } = await admin.run(
        'query ($id: ID!) { variant(id: $id) { levels { onHand warehouse { id } } } }',
        { id: variants.get(sku) },
      );
      const before = variant.levels?.find((level: Answer) => level.warehouse.id === warehouse.id)?.onHand ?? 0;
      await mutate(
        admin,
        'setStockLevels',
        'SetStockLevelsInput',
        {
          idempotencyKey: key(),
          entries: [{ variantId: variants.get(sku), warehouseId: warehouse.id, quantity, changeFromQuantity: before }],
        },
        'levels { onHand }',
      );
    },
  };
  for (const [sku, { stock }] of Object.entries(products)) if (stock > 0) await shop.stock(sku, stock);
  await souk.quiet();
  return shop;
}

export interface Quoted {
  readonly cartId: string;
  readonly version: number;
  readonly lines: readonly { variantId: string; quantity: number }[];
  readonly total: { amount: string; currency: string; amountMinor: number };
  readonly quote: Answer;
}

export const QUOTE = `cart { id version itemCount lines { id quantity variant { id sku name } } problems { code }
  quote { subtotal { amount } shipping { amount } tax { amount } total { amount amountMinor currency } missing
    shippingMethods { id name price { amount } } lines { quantity unitPrice { gross { amount } } } } }`;

/** Fills a cart with SKUs and reads what it would cost. */
export async function fillCart(caller: Caller, shop: Shop, wanted: Record<string, number>): Promise<Quoted> {
  for (const [sku, quantity] of Object.entries(wanted)) {
    await mutate(caller, 'addToCart', 'AddToCartInput', { variantId: shop.variant(sku), quantity }, 'cart { id }');
  }
  await mutate(caller, 'setCartAddress', 'SetCartAddressInput', { shipping: address }, 'cart { id }');
  return readCart(caller);
}

export async function readCart(caller: Caller): Promise<Quoted> {
  const { cart } = await caller.run(`{ ${QUOTE} }`);
  return {
    cartId: cart.id,
    version: cart.version,
    lines: cart.lines.map((line: Answer) => ({ variantId: line.variant.id, quantity: line.quantity })),
    total: cart.quote.total,
    quote: cart.quote,
  };
}

export const orderInput = ({ cartId, version, lines, total }: Quoted, idempotencyKey = key()) => ({
  idempotencyKey,
  cartId,
  cartVersion: version,
  lines,
  expectedTotal: { amount: total.amount, currency: total.currency },
  email: 'ada@shopper.example',
  shippingAddress: address,
});

export const placeOrder = async (caller: Caller, quoted: Quoted, idempotencyKey = key()): Promise<Answer> =>
  (
    await mutate(
      caller,
      'createOrder',
      'CreateOrderInput',
      orderInput(quoted, idempotencyKey),
      'order { id orderNumber status version total { amount } }',
    )
  ).order;

export const pay = (
  caller: Caller,
  orderId: string,
  paymentMethod = 'pm_card_visa',
  idempotencyKey = key(),
): Promise<Answer> =>
  mutate(caller, 'payOrder', 'PayOrderInput', { idempotencyKey, orderId, paymentMethod }, 'order { id status }');

export const ORDER = `id orderNumber status version cancelReason missingLines { requested available variant { sku } }
  total { amount } totalRefunded { amount } allowedTransitions
  timeline { kind } payment { status declineMessage captured { amount } refunded { amount } nextAction { type redirectUrl } }`;

export const watchOrder = (caller: Caller, id: string) =>
  caller.watch(`subscription ($id: ID!) { orderUpdated(id: $id) { eventId order { ${ORDER} } } }`, { id });

/** Orders, waits for the hold, pays and waits until it is confirmed; the order as last seen. */
export async function buy(caller: Caller, shop: Shop, wanted: Record<string, number>): Promise<Answer> {
  const order = await placeOrder(caller, await fillCart(caller, shop, wanted));
  const watching = watchOrder(caller, order.id);
  await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
  await pay(caller, order.id);
  const { orderUpdated } = await watching.until(({ orderUpdated: { order: now } }) => now.status === 'CONFIRMED');
  watching.stop();
  return orderUpdated.order;
}
