import { wireId } from '@souk/kit';
import { staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import {
  type CurrencyCode,
  DEFAULT_CHANNEL,
  decodeId,
  type FactOf,
  type OrderId,
  type ProductId,
  type VariantId,
  type Viewer,
  type WarehouseId,
} from '@souk/schema';
import { orders } from './index.ts';

export const uuid = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const CHAIR = uuid(0x101) as VariantId;
export const LAMP = uuid(0x102) as VariantId;
export const VOUCHER = uuid(0x103) as VariantId;
export const HIDDEN = uuid(0x104) as VariantId;
export const UNPRICED = uuid(0x105) as VariantId;
export const BERLIN = uuid(0x201) as WarehouseId;
export const HAMBURG = uuid(0x202) as WarehouseId;
export const EUR = 'EUR' as CurrencyCode;

export const PRICES: Readonly<Record<string, number>> = { [CHAIR]: 4999, [LAMP]: 1950, [VOUCHER]: 1000, [HIDDEN]: 100 };

export const address = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  addressLine1: 'Unter den Linden 1',
  city: 'Berlin',
  country: 'DE',
  postalCode: '10117',
};

/** Orders alone, with articles, German tax and two ways to ship within Germany. */
export async function startShop(env: Record<string, string> = {}): Promise<Shop> {
  const t = await startTestHouses([orders], { env: { SOUK_POSTGRES_POOL: '40', ...env } });
  const productId = uuid(0x100) as ProductId;
  const variant = (variantId: VariantId, sku: string, more: object = {}) => ({
    variantId,
    sku,
    name: null,
    weightGrams: 1000,
    requiresShipping: true,
    taxClass: 'standard',
    maxPerOrder: null,
    imageUrl: null,
    ...more,
  });
  await t.hear('orders', 'products.ProductPublished', {
    key: productId,
    version: 1,
    data: {
      productId,
      slug: 'things',
      name: 'Thing',
      categoryId: null,
      archivedVariantIds: [],
      variants: [
        variant(CHAIR, 'CHAIR', { weightGrams: 6000, name: 'Chair', maxPerOrder: 20 }),
        variant(LAMP, 'LAMP', { name: 'Lamp' }),
        variant(VOUCHER, 'VOUCHER', { requiresShipping: false, weightGrams: 0, taxClass: 'zero' }),
        variant(UNPRICED, 'UNPRICED'),
      ],
    },
  });
  await t.hear('orders', 'products.PriceChanged', {
    key: productId,
    version: 1,
    data: {
      productId,
      prices: Object.entries(PRICES).map(([id, amountMinor]) => ({
        variantId: id as VariantId,
        channelId: DEFAULT_CHANNEL.id,
        currency: EUR,
        amountMinor,
        compareAtMinor: null,
        validFrom: null,
        validTo: null,
      })),
    },
  });
  const finance = staff('FINANCE');
  const { createTaxZone } = await t.run(
    'orders',
    finance,
    `mutation { createTaxZone(input: { name: "Germany", places: [{ country: "de" }] }) { taxZone { id } errors { code } } }`,
  );
  for (const [taxClass, basisPoints] of [
    ['standard', 1900],
    ['reduced', 700],
  ]) {
    await t.run(
      'orders',
      finance,
      `mutation ($input: CreateTaxRateInput!) { createTaxRate(input: $input) { errors { code } } }`,
      { input: { zoneId: createTaxZone.taxZone.id, taxClass, name: 'VAT', basisPoints } },
    );
  }
  const { createShippingZone } = await t.run(
    'orders',
    finance,
    `mutation { createShippingZone(input: { name: "Germany", countries: ["DE"] }) { shippingZone { id } errors { code } } }`,
  );
  const methods: string[] = [];
  for (const method of [
    {
      name: 'Parcel',
      minDays: 2,
      maxDays: 4,
      tiers: [
        { price: { amount: '4.90', currency: 'EUR' }, weightGramsTo: 30_000 },
        { price: { amount: '0.00', currency: 'EUR' }, weightGramsTo: 30_000, subtotalFrom: '100.00' },
        { price: { amount: '19.90', currency: 'EUR' }, weightGramsFrom: 30_000, weightGramsTo: 100_000 },
      ],
    },
    { name: 'Express', maxDays: 1, tiers: [{ price: { amount: '12.90', currency: 'EUR' }, weightGramsTo: 30_000 }] },
  ]) {
    const { createShippingMethod } = await t.run(
      'orders',
      finance,
      `mutation ($input: CreateShippingMethodInput!) { createShippingMethod(input: $input) { shippingMethod { id } errors { code message field } } }`,
      { input: { zoneId: createShippingZone.shippingZone.id, ...method } },
    );
    methods.push(createShippingMethod.shippingMethod.id);
  }
  return new Shop(t, methods as [string, string]);
}

export const ORDER = `id orderNumber status version cancelReason total { amountMinor } tax { amountMinor }
  shipping { amountMinor } subtotal { amountMinor } totalRefunded { amountMinor } allowedTransitions
  lines { id sku quantity fulfilledQuantity refundedQuantity } refunds { id status amount { amountMinor } }
  missingLines { requested available } timeline { kind actor message }`;
const ERRORS = 'errors { code message field retryable currentTotal { amountMinor } refundable { amountMinor } }';

let keys = 0;
export const key = (): string => `test-key-${++keys}`;

export class Shop {
  constructor(
    readonly t: TestHouses,
    readonly methods: readonly [string, string],
  ) {}

  private carts = 0;

  input(wanted: [VariantId, number][] = [[LAMP, 2]], more: object = {}) {
    const goods = wanted.reduce((sum, [id, n]) => sum + (PRICES[id] ?? 0) * n, 0);
    const shipping = goods >= 10_000 ? 0 : 490;
    return {
      idempotencyKey: key(),
      cartId: wireId('Cart', uuid(0x9000 + ++this.carts)),
      cartVersion: 1,
      lines: wanted.map(([id, quantity]) => ({ variantId: wireId('ProductVariant', id), quantity })),
      expectedTotal: { amount: ((goods + shipping) / 100).toFixed(2), currency: 'EUR' },
      email: 'ada@example.com',
      shippingAddress: address,
      ...more,
    };
  }

  async mutate(viewer: Viewer, name: string, type: string, input: object, selection = `order { ${ORDER} }`) {
    const answer = await this.t.run(
      'orders',
      viewer,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} ${ERRORS} } }`,
      { input },
    );
    return answer[name];
  }

  create(viewer: Viewer, input: object = this.input()) {
    return this.mutate(viewer, 'createOrder', 'CreateOrderInput', input);
  }

  /** A placed order's UUID and total. */
  async placed(viewer: Viewer, wanted: [VariantId, number][] = [[LAMP, 2]]): Promise<{ id: OrderId; total: number }> {
    const { order, errors } = await this.create(viewer, this.input(wanted));
    if (!order) throw new Error(JSON.stringify(errors));
    return { id: decodeId('Order', order.id)!, total: order.total.amountMinor };
  }

  say<T extends Parameters<TestHouses['hear']>[1]>(type: T, orderId: OrderId, data: object, times = 2) {
    return this.t.hear(
      'orders',
      type,
      { key: orderId, data: { orderId, ...data } as unknown as FactOf<T>['data'] },
      times,
    );
  }

  held(id: OrderId) {
    return this.say('inventory.StockHeld', id, { parts: [], expiresAt: '2999-01-01T00:00:00.000Z' });
  }
  authorized(id: OrderId, total: number) {
    return this.say('payments.PaymentAuthorized', id, {
      paymentId: uuid(7),
      amount: { amountMinor: total, currency: 'EUR' },
    });
  }
  captured(id: OrderId, total: number) {
    return this.say('payments.PaymentCaptured', id, {
      paymentId: uuid(7),
      amount: { amountMinor: total, currency: 'EUR' },
    });
  }

  async awaiting(viewer: Viewer, wanted?: [VariantId, number][]) {
    const placed = await this.placed(viewer, wanted);
    await this.held(placed.id);
    return placed;
  }
  async confirmed(viewer: Viewer, wanted?: [VariantId, number][]) {
    const placed = await this.awaiting(viewer, wanted);
    await this.authorized(placed.id, placed.total);
    return placed;
  }
  /** Confirmed, paid and set aside: `parts` names who has what. */
  async paid(viewer: Viewer, wanted: [VariantId, number][], parts: [VariantId, WarehouseId, number][]) {
    const placed = await this.confirmed(viewer, wanted);
    await this.captured(placed.id, placed.total);
    await this.say('inventory.StockAllocated', placed.id, {
      parts: parts.map(([variantId, warehouseId, quantity]) => ({ variantId, warehouseId, quantity })),
    });
    return placed;
  }

  async read(viewer: Viewer, id: OrderId) {
    return (
      await this.t.run('orders', viewer, `query ($id: ID!) { order(id: $id) { ${ORDER} } }`, {
        id: wireId('Order', id),
      })
    ).order;
  }

  async saidOf(id: OrderId): Promise<string[]> {
    return (await this.t.said('orders'))
      .filter((fact) => fact.key === id)
      .map(({ type }) => type.slice('orders.'.length));
  }

  stop() {
    return this.t.stop();
  }
}
