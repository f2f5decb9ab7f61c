import { randomUUID } from 'node:crypto';
import { wireId } from '@souk/kit';
import type { TestHouses } from '@souk/kit/testing';
import type { CartId, CurrencyCode, FactOf, Id, OrderId, ProductId, UserId, VariantId, Viewer } from '@souk/schema';

export const id = <Kind extends string>(): Id<Kind> => randomUUID() as Id<Kind>;
const euro = { amountMinor: 100, currency: 'EUR' as CurrencyCode };

export const published = (
  variantId: VariantId,
  more: { productId?: ProductId; version?: number; maxPerOrder?: number | null; archived?: boolean } = {},
) => {
  const { productId = id<'Product'>(), version = 1, maxPerOrder = null, archived = false } = more;
  const variant = {
    variantId,
    sku: 'MUG',
    name: null,
    weightGrams: 100,
    requiresShipping: true,
    taxClass: 'standard',
    maxPerOrder,
    imageUrl: null,
  };
  return {
    key: productId,
    version,
    data: {
      productId,
      slug: 'mug',
      name: 'Mug',
      categoryId: null,
      variants: archived ? [] : [variant],
      archivedVariantIds: archived ? [variantId] : [],
    } satisfies FactOf<'products.ProductPublished'>['data'],
  };
};

export const unpublished = (variantId: VariantId, productId: ProductId, version: number) => ({
  key: productId,
  version,
  data: { productId, variantIds: [variantId] } satisfies FactOf<'products.ProductUnpublished'>['data'],
});

export const stock = (variantId: VariantId, available: number, version: number) => ({
  key: variantId,
  version,
  data: { variantId, available, onHand: available, lowStock: false } satisfies FactOf<'inventory.StockChanged'>['data'],
});

export const confirmed = (
  principal: string,
  cartId: CartId | null,
  lines: { variantId: VariantId; quantity: number }[],
  orderId: OrderId = id<'Order'>(),
) => ({
  key: orderId,
  version: 4,
  data: {
    orderId,
    orderNumber: 'S-1',
    principal,
    cartId,
    lines: lines.map((line) => ({ ...line, orderLineId: id<'OrderLine'>() })),
    contact: { email: 'a@example.com', firstName: 'A', lastName: 'B', locale: 'en' },
    readable: [],
    subtotal: euro,
    shipping: euro,
    tax: euro,
    total: euro,
  } satisfies FactOf<'orders.OrderConfirmed'>['data'],
});

export const identified = (guestId: string, userId: UserId) => ({
  key: guestId,
  data: { guestId, userId } satisfies FactOf<'users.GuestIdentified'>['data'],
});

/** A new variant on sale, so many of it in stock. */
export async function sell(t: TestHouses, available = 10, maxPerOrder: number | null = null): Promise<VariantId> {
  const variantId = id<'ProductVariant'>();
  await t.hear('carts', 'products.ProductPublished', published(variantId, { maxPerOrder }));
  await t.hear('carts', 'inventory.StockChanged', stock(variantId, available, 1));
  return variantId;
}

const CART = `cart { id version itemCount codes note email shippingMethodId
  shippingAddress { firstName country } billingAddress { firstName country }
  lines { id quantity variant { id } }
  problems { code message availableQuantity maxQuantity line { quantity } } }`;
const FIELDS = `${CART} warnings { code message availableQuantity line { quantity } }
  errors { code message field availableQuantity maxQuantity }`;

/** Runs a cart mutation as a viewer and answers its payload. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of a document it wrote itself
export async function mutate(t: TestHouses, viewer: Viewer, name: string, input?: object): Promise<any> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const document = input
    ? `mutation ($input: ${type}!) { ${name}(input: $input) { ${FIELDS} } }`
    : `mutation { ${name} { ${FIELDS} } }`;
  return (await t.run('carts', viewer, document, { input }))[name];
}

export const add = (t: TestHouses, viewer: Viewer, variantId: VariantId, quantity = 1) =>
  mutate(t, viewer, 'addToCart', { variantId: wireId('ProductVariant', variantId), quantity });

// biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of a document it wrote itself
export const read = async (t: TestHouses, viewer: Viewer): Promise<any> =>
  (await t.run('carts', viewer, `{ ${CART} }`)).cart;

/** `[variant, quantity]` of the lines, in their order. */
export const contents = (cart: { lines: { variant: { id: string }; quantity: number }[] } | null): [string, number][] =>
  cart?.lines.map((line) => [line.variant.id, line.quantity]) ?? [];
