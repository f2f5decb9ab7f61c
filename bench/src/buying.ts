import { randomUUID } from 'node:crypto';
import { type Client, WrongAnswer } from './client.ts';
import { closedLoop, type Scenario } from './scenario.ts';
import { accepted, type Problem, type Shop } from './shop.ts';
import { yardsticks } from './yardsticks.ts';

const CLIENTS = 16;
const SHOPPERS = 8;

export const SESSION = 'mutation Session { startGuestSession { session { accessToken } errors { code message } } }';

export const ADD = `mutation Add($input: AddToCartInput!) { addToCart(input: $input) {
  cart { id version itemCount lines { id quantity variant { id name productName price { amount currency } } } }
  warnings { code message } errors { code message }
} }`;

export const CART = `query Cart { cart {
  id version itemCount
  lines { id quantity variant { id name productName price { amount currency } media { url(width: 200) alt } } }
  problems { code message }
  quote { subtotal { amount currency } tax { amount currency } total { amount currency } missing }
} }`;

/** Where to: the answer shows how it can be shipped and for how much. */
const DESTINATION = `mutation Destination($input: SetCartAddressInput!) { setCartAddress(input: $input) {
  cart { id version quote { shippingMethods { id name price { amount currency } } missing } }
  errors { code message }
} }`;

const SHIPPING = `mutation Shipping($input: SetCartShippingMethodInput!) { setCartShippingMethod(input: $input) {
  cart { id version lines { quantity variant { id } }
    quote { subtotal { amount } shipping { amount } tax { amount } total { amount currency } missing } }
  errors { code message }
} }`;

const ORDER = `mutation Order($input: CreateOrderInput!) { createOrder(input: $input) {
  order { id orderNumber status total { amount currency } } errors { code message }
} }`;

const PAY = `mutation Pay($input: PayOrderInput!) { payOrder(input: $input) {
  order { id status } errors { code message }
} }`;

const WATCH = `subscription Watch($id: ID!) { orderUpdated(id: $id) {
  eventId order { id status cancelReason payment { status } }
} }`;

interface CartView {
  readonly id: string;
  readonly version: number;
  readonly itemCount: number;
  readonly lines: readonly { readonly quantity: number; readonly variant: { readonly id: string } }[];
}
interface CartPayload {
  readonly cart: CartView;
  readonly errors: readonly Problem[];
}
interface Quoted {
  readonly total: { readonly amount: string; readonly currency: string };
  readonly shippingMethods: readonly { readonly id: string }[];
  readonly missing: readonly string[];
}

async function startSession(client: Client): Promise<string> {
  const { startGuestSession } = await client.run<{
    startGuestSession: { session: { accessToken: string }; errors: Problem[] };
  }>(SESSION);
  return accepted(startGuestSession).session.accessToken;
}

async function addToCart(client: Client, token: string, variantId: string): Promise<CartView> {
  const { addToCart: answer } = await client.run<{ addToCart: CartPayload }>(
    ADD,
    { input: { variantId, quantity: 1 } },
    token,
  );
  return accepted(answer).cart;
}

async function readCart(client: Client, token: string): Promise<void> {
  const { cart } = await client.run<{ cart: (CartView & { quote: Quoted | null }) | null }>(CART, {}, token);
  if (cart?.itemCount !== 1 || !cart.quote) throw new WrongAnswer('A cart with a line was read without it.');
}

function picker(variants: readonly string[]): () => string {
  let next = 0;
  return () => variants[next++ % variants.length]!;
}

export function cartScenario({ client, variants }: Shop): Scenario {
  const pick = picker(variants);
  const cartWithLine = async (): Promise<void> => {
    const token = await startSession(client);
    await addToCart(client, token, pick());
    await readCart(client, token);
  };
  return {
    id: 'cart',
    title: 'cart with a line',
    load: `${CLIENTS} new guests at a time: session, one thing into a fresh cart, the cart read with its quote; ${variants.length} variants in turn`,
    yardstick: yardsticks.cart,
    countables: [
      {
        title: 'cart with a line',
        yardstick: yardsticks.cart.statements,
        prepare: async () => cartWithLine,
      },
      {
        title: 'of it, add to cart',
        budget: 12,
        async prepare() {
          const token = await startSession(client);
          return async () => void (await addToCart(client, token, pick()));
        },
      },
    ],
    round: (seconds) => closedLoop(CLIENTS, seconds, cartWithLine),
  };
}

/** A guest's way from an empty cart to a confirmed order. */
async function checkOut({ client, country }: Shop, variantId: string): Promise<void> {
  const token = await startSession(client);
  await addToCart(client, token, variantId);

  const shippingAddress = {
    firstName: 'Ada',
    lastName: 'Shopper',
    addressLine1: '1 Market Street',
    city: 'Springfield',
    ...(country === 'US' ? { state: 'CA' } : {}),
    country,
    postalCode: country === 'US' ? '94105' : '10115',
  };
  const { setCartAddress } = await client.run<{
    setCartAddress: { cart: { quote: Quoted | null }; errors: Problem[] };
  }>(DESTINATION, { input: { shipping: shippingAddress } }, token);
  const shippingMethodId = accepted(setCartAddress).cart.quote?.shippingMethods[0]?.id;
  if (!shippingMethodId) throw new WrongAnswer('A cart cannot be shipped.');

  const { setCartShippingMethod } = await client.run<{
    setCartShippingMethod: { cart: CartView & { quote: Quoted | null }; errors: Problem[] };
  }>(SHIPPING, { input: { shippingMethodId } }, token);
  const cart = accepted(setCartShippingMethod).cart;
  if (!cart.quote || cart.quote.missing.length > 0)
    throw new WrongAnswer(`A quote lacks ${cart.quote?.missing.join(', ') ?? 'everything'}.`);

  const { createOrder } = await client.run<{ createOrder: { order: { id: string }; errors: Problem[] } }>(
    ORDER,
    {
      input: {
        idempotencyKey: randomUUID(),
        cartId: cart.id,
        cartVersion: cart.version,
        lines: cart.lines.map(({ quantity, variant }) => ({ variantId: variant.id, quantity })),
        expectedTotal: cart.quote.total,
        email: `${randomUUID()}@shopper.example`,
        shippingAddress,
        shippingMethodId,
      },
    },
    token,
  );
  const { id } = accepted(createOrder).order;

  const { confirmed, stop } = watchOrder(client, token, id);
  try {
    const { payOrder } = await client.run<{ payOrder: { errors: Problem[] } }>(
      PAY,
      { input: { idempotencyKey: randomUUID(), orderId: id, paymentMethod: 'pm_card_visa' } },
      token,
    );
    accepted(payOrder);
    await confirmed;
  } finally {
    stop();
  }
}

interface OrderEvent {
  readonly orderUpdated: {
    readonly order: { readonly status: string; readonly cancelReason: string | null } | null;
  };
}

function watchOrder(client: Client, token: string, id: string): { confirmed: Promise<void>; stop: () => void } {
  let stop = (): void => undefined;
  const confirmed = new Promise<void>((resolve, reject) => {
    const watcher = client.watch<OrderEvent>(WATCH, { id }, token, ({ orderUpdated: { order } }) => {
      if (order?.status === 'CONFIRMED') resolve();
      if (!order || order.status === 'CANCELLED')
        reject(new WrongAnswer(`An order was not confirmed: ${order?.cancelReason ?? 'it is gone'}.`));
    });
    stop = watcher.stop;
    watcher.ended.then(() => reject(new WrongAnswer('An order was watched in vain.')), reject);
  });
  // It is awaited after payment; until then a failure must not end the process.
  confirmed.catch(() => undefined);
  return { confirmed, stop };
}

export function checkoutScenario(shop: Shop): Scenario {
  const pick = picker(shop.variants);
  const checkout = (): Promise<void> => checkOut(shop, pick());
  return {
    id: 'checkout',
    title: 'whole guest checkout',
    load: `${SHOPPERS} shoppers at a time: session, cart, address, shipping method, quote, order, card payment, the order watched over WebSocket until it is CONFIRMED; ${shop.variants.length} variants in turn`,
    yardstick: yardsticks.checkout,
    countables: [
      {
        title: 'whole guest checkout',
        budget: 90,
        yardstick: yardsticks.checkout.statements,
        prepare: async () => checkout,
      },
    ],
    round: (seconds) => closedLoop(SHOPPERS, seconds, checkout),
  };
}
