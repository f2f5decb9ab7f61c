import { connect, must, type Partner } from '../src/index.ts';

/** What the example needs to know of the shop. */
export interface Shop {
  readonly url: string;
  readonly apiKey: string;
}

/** Where the order goes. */
const address = {
  firstName: 'Ada',
  lastName: 'Shopper',
  addressLine1: 'Marktstraße 1',
  city: 'Berlin',
  country: 'DE',
  postalCode: '10115',
};

/**
 * Sells one article from end to end in a shop whose money is not real: lists products, checks the stock, fills a cart, places
 * the order, pays it with a test card and reads it until it is confirmed. Answers what happened, line by line.
 */
export async function sell(
  { url, apiKey }: Shop,
  say: (line: string) => void = console.log,
): Promise<{ id: string; status: string }> {
  const app = connect({ url, apiKey });

  const { products } = must(await app.products({ first: 5, filter: { inStock: true } }));
  for (const { name, price } of products.nodes) say(`${name}: ${price?.amount ?? 'no price'} ${price?.currency ?? ''}`);
  const product = products.nodes[0];
  if (!product) throw new Error('This shop has nothing in stock.');

  const [first] = product.variants;
  const { variant } = must(await app.variantStock({ id: first!.id }));
  say(`${variant!.sku}: ${variant!.stock?.available ?? 0} in stock`);

  // Each shopper has a cart of their own, so each gets a session; a user's own token does as well.
  const { startGuestSession } = must(await app.startGuestSession());
  const shopper = app.with({ token: startGuestSession.session!.accessToken });

  must(await shopper.addToCart({ input: { variantId: first!.id, quantity: 1 } }));
  const addressed = must(await shopper.setCartAddress({ input: { shipping: address, billing: address } }));
  const [method] = addressed.setCartAddress.cart!.quote!.shippingMethods;
  const chosen = must(await shopper.setCartShippingMethod({ input: { shippingMethodId: method!.id } }));
  const cart = chosen.setCartShippingMethod.cart!;
  const { amount, currency } = cart.quote!.total;
  say(`The cart comes to ${amount} ${currency}.`);

  const { createOrder } = must(
    await shopper.createOrder({
      input: {
        cartId: cart.id,
        cartVersion: cart.version,
        lines: cart.lines.map((line) => ({ variantId: line.variant!.id, quantity: line.quantity })),
        expectedTotal: { amount, currency },
        email: 'ada@shopper.example',
        shippingAddress: address,
        billingAddress: address,
        shippingMethodId: method!.id,
      },
    }),
  );
  const { id, orderNumber } = createOrder.order!;
  say(`Order ${orderNumber} is placed.`);

  await until(shopper, id, 'AWAITING_PAYMENT', say);
  const { paymentConfig } = must(await shopper.paymentConfig());
  const card = paymentConfig.testCards?.[0];
  if (!card) throw new Error('Money is real here: this example pays with test cards only.');
  must(await shopper.payOrder({ input: { orderId: id, paymentMethod: card.paymentMethod } }));
  await until(shopper, id, 'CONFIRMED', say);

  const { order } = must(await shopper.order({ id }));
  say(
    `Order ${order!.orderNumber} is ${order!.status}: ${order!.lines.map((line) => `${line.quantity} × ${line.name}`).join(', ')}.`,
  );
  return { id, status: order!.status };
}

/** Follows an order until it has a status. */
async function until(shopper: Partner, id: string, wanted: string, say: (line: string) => void): Promise<void> {
  for await (const event of shopper.orderUpdated({ id })) {
    const { order } = must(event).orderUpdated;
    if (!order) continue;
    say(`  ${order.status}`);
    if (order.status === wanted) return;
    if (order.status === 'CANCELLED')
      throw new Error(`The order was cancelled: ${order.cancelReason ?? 'no reason given'}.`);
  }
  throw new Error('The shop ended the stream.');
}

const [url, apiKey] = process.argv.slice(2);
if (import.meta.main && url && apiKey) await sell({ url, apiKey });
else if (import.meta.main)
  console.error('Say where the shop is, and the key of your app: sell.ts http://localhost:4000 souk_…');
