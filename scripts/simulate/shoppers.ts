import { parseId } from '@souk/schema';
import { type Client, failed, SignedOut } from './clients.ts';
import { type Answer, bearer, guest } from './graph.ts';

const CARDS = [
  ...Array(12).fill('pm_card_visa'),
  'pm_card_mastercard',
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
  'pm_card_threeDSecure2Required',
  'pm_card_threeDSecure2Required',
  'pm_card_threeDSecureRequiredChargeDeclined',
  'pm_card_pendingRefund',
  'pm_card_pendingRefund',
  'pm_card_refundFail',
  'pm_card_refundFail',
  'pm_card_createDispute',
  'pm_card_createDisputeProductNotReceived',
  'pm_card_unknown',
] as readonly string[];

const address = {
  firstName: 'Ada',
  lastName: 'Shopper',
  addressLine1: 'Marktstraße 1',
  city: 'Berlin',
  country: 'DE',
  postalCode: '10115',
};

const WIRE_CART = 'id version lines { quantity variant { id } } shippingAddress { country state }';
const QUOTE = `query ($cart: [_Any!]!) { _entities(representations: $cart) { ... on Cart { quote { total { amount currency } missing } } } }`;

/** Fills a cart, orders it, pays or does not, cancels or not; then perhaps once more. */
export async function shop(client: Client): Promise<void> {
  try {
    const { chance } = client;
    const visits = chance.flip(0.25) ? 2 : 1;
    // Guests for the most part; some have an account before they come, while they fill their cart, or once they have ordered.
    const identifies = chance.flip(0.35) ? chance.pick(['FIRST', 'FILLED', 'ORDERED'] as const) : 'NEVER';
    if (identifies === 'FIRST') await returnAsGuest(client);
    for (let round = 0; round < visits; round++) {
      await fill(client);
      if (round === 0) await client.mutate('carts', 'setCartAddress', { shipping: address }, 'cart { id }');
      if (round === 0 && (identifies === 'FIRST' || identifies === 'FILLED')) await identify(client);
      const orderId = await order(client);
      if (round === 0 && identifies === 'ORDERED') await identify(client);
      if (orderId !== null) await pursue(client, orderId);
    }
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error;
    client.scene.note(`  ${client.name} was signed out`);
  }
}

async function fill(client: Client): Promise<void> {
  const { scene, chance } = client;
  for (let n = 1 + chance.below(2); n > 0; n--) {
    const input = { variantId: chance.pick(scene.base.variants).id, quantity: 1 + chance.below(2) };
    await client.mutate('carts', 'addToCart', input, 'cart { id }');
  }
}

/** Makes an account and leaves something in its cart, then comes back with a device that does not know the account. */
async function returnAsGuest(client: Client): Promise<void> {
  const { viewer } = client;
  client.viewer = { ...viewer, ...guest(Number(BigInt(`0x${viewer.guestId!.slice(-6)}`)) + 0x1000) };
  await identify(client);
  await fill(client);
  client.viewer = viewer;
}

/** Signs in with the guest's token at hand, by a new account where there is none: the guest's cart and orders become the user's. */
async function identify(client: Client): Promise<void> {
  const { scene } = client;
  const login = { email: `${client.name.replaceAll(' ', '.')}@shopper.example`, password: 'a long walk by the sea' };
  const { guestId } = client.viewer;
  const opened = 'session { accessToken user { id } }';
  const made = await client.mutate('users', 'register', { ...login, firstName: 'Ada', lastName: 'Shopper' }, opened);
  // It may have been made by a request that was never answered.
  const { session, errors } = failed(made) ? await client.mutate('users', 'signIn', login, opened) : made;
  if (errors.length > 0) return;
  client.viewer = bearer(session.accessToken);
  scene.told.registered.add(session.user.id);
  scene.told.identified.set(guestId!, client.viewer.userId!);
}

async function order(client: Client): Promise<string | null> {
  const { scene } = client;
  for (let tries = 0; tries < 2; tries++) {
    const { cart } = await client.read('carts', 'reads the cart', `{ cart { ${WIRE_CART} } }`);
    // The guest's cart may not be the user's yet.
    if (!cart || cart.lines.length === 0) return null;
    const { _entities } = await client.read('orders', 'reads the quote', QUOTE, {
      cart: [{ __typename: 'Cart', ...cart }],
    });
    const { quote } = _entities[0];
    if (!quote || quote.missing.length > 0) return null;
    const idempotencyKey = client.key('order');
    const input = {
      idempotencyKey,
      cartId: cart.id,
      cartVersion: cart.version,
      lines: cart.lines.map(({ quantity, variant }: Answer) => ({ quantity, variantId: variant.id })),
      expectedTotal: { amount: quote.total.amount, currency: quote.total.currency },
      email: 'ada@shopper.example',
      shippingAddress: address,
    };
    const done = await client.mutate('orders', 'createOrder', input, 'order { id }', ({ order }) => order.id);
    if (failed(done)) continue;
    scene.told.orders.set(idempotencyKey, done.order.id);
    return done.order.id;
  }
  return null;
}

async function pursue(client: Client, orderId: string): Promise<void> {
  const { scene, chance } = client;
  const { told, provider } = scene;
  for (let moves = 1 + chance.below(3); moves > 0; moves--) {
    if (chance.flip(0.12)) {
      const done = await client.mutate(
        'orders',
        'cancelOrder',
        { idempotencyKey: client.key('cancel'), orderId },
        'order { id }',
      );
      if (!failed(done)) told.cancelled.add(orderId);
    } else if (chance.flip(0.1)) {
      await client.turn('waits');
    } else {
      const idempotencyKey = client.key('pay');
      const input = { idempotencyKey, orderId, paymentMethod: chance.pick(CARDS) };
      const done = await client.mutate('orders', 'payOrder', input, 'order { id }', ({ order }) => order.id);
      if (!failed(done)) told.paid.set(orderId, (told.paid.get(orderId) ?? new Set()).add(idempotencyKey));
    }
    await client.turn('looks at the bank’s page');
    const asked = provider.bank
      .intents()
      .find((intent) => intent.status === 'requires_action' && owns(intent, orderId));
    if (asked && chance.flip(0.8)) provider.bank.answer(asked.id, chance.flip(0.75) ? 'succeeded' : 'failed');
  }
}

/** Wire ids and UUIDs of one thing: the order knows its number, the provider the UUID. */
export const owns = (intent: { readonly metadata: Readonly<Record<string, string>> }, orderId: string): boolean =>
  parseId(orderId)?.uuid === intent.metadata.order_id;
