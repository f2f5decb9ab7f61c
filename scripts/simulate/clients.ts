import { parseId, type Viewer } from '@souk/schema';
import { type Chance, chanceOf } from './chance.ts';
import { type Answer, ask } from './graph.ts';
import type { HouseName, Houses } from './houses.ts';
import { type Points, tasks } from './lives.ts';
import type { Provider } from './provider.ts';
import type { Base } from './shop.ts';

/** What clients were told, kept by themselves: it must hold whatever happened to the houses. */
export interface Acknowledged {
  /** Orders by the key they were asked for with, wire ids. */
  readonly orders: Map<string, string>;
  readonly cancelled: Set<string>;
  /** Attempts that were taken, by order. */
  readonly paid: Map<string, Set<string>>;
  readonly stock: Map<string, { readonly level: string; readonly delta: number }>;
  /** The last price each variant was given, major unit. */
  readonly prices: Map<string, string>;
  readonly parcels: Map<string, 'PACKED' | 'SHIPPED'>;
  readonly delivered: Set<string>;
  readonly refunds: Map<string, string>;
  /** Where the same key had two results. */
  readonly contradictions: string[];
}

export const nothingAcknowledged = (): Acknowledged => ({
  orders: new Map(),
  cancelled: new Set(),
  paid: new Map(),
  stock: new Map(),
  prices: new Map(),
  parcels: new Map(),
  delivered: new Set(),
  refunds: new Map(),
  contradictions: [],
});

export interface Scene {
  readonly seed: number;
  readonly houses: Houses;
  readonly points: Points;
  readonly provider: Provider;
  readonly base: Base;
  readonly told: Acknowledged;
  /** Writes a line into the trace. */
  note(line: string): void;
}

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

/** One person who uses the shop: each of its moves waits for its turn. */
export class Client {
  readonly chance: Chance;
  private keys = 0;

  constructor(
    readonly scene: Scene,
    readonly name: string,
    readonly viewer: Viewer,
  ) {
    this.chance = chanceOf(scene.seed, name);
  }

  key(what: string): string {
    this.keys += 1;
    return `${this.name.replaceAll(' ', '-')}-${what}-${this.keys}`;
  }

  turn(what: string): Promise<void> {
    return tasks.run({ label: this.name, life: null }, () => this.scene.points.wait('turn', what, null));
  }

  /** Asks until there is an answer; a read may be asked as often as one likes. */
  async read(house: HouseName, what: string, text: string, variables?: Record<string, unknown>): Promise<Answer> {
    for (;;) {
      await this.turn(what);
      const data = await this.once(house, what, text, variables);
      if (data !== undefined) return data;
    }
  }

  private once(house: HouseName, what: string, text: string, variables?: Record<string, unknown>) {
    return tasks.run({ label: `${this.name} ${what}`, life: null }, () =>
      ask(this.scene.houses, house, this.viewer, text, variables),
    );
  }

  /**
   * Sends a mutation until it is answered, under one key: now and then twice at once, or again although it was answered.
   * Answers are compared by `resultOf`: one key, one result.
   */
  async mutate(
    house: HouseName,
    name: string,
    input: Readonly<Record<string, unknown>>,
    selection: string,
    resultOf: (payload: Answer) => string | null = () => null,
  ): Promise<Answer> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} errors { code message } } }`;
    const results = new Set<string>();
    const answers: Answer[] = [];
    const send = async () => {
      const data = await this.once(house, name, text, { input });
      const payload = data?.[name];
      if (payload === undefined) return;
      answers.push(payload);
      if (payload.errors.length === 0) {
        const result = resultOf(payload);
        if (result !== null) results.add(result);
      }
      const codes = payload.errors.map(({ code }: Answer) => code).join(' ');
      this.scene.note(`  ${this.name} ${name}: ${codes || 'ok'}`);
    };
    const keyed = input.idempotencyKey !== undefined;
    for (;;) {
      await this.turn(name);
      if (keyed && this.chance.flip(0.12)) await Promise.all([send(), send()]);
      else await send();
      if (answers.length > 0 && !(keyed && answers.length < 3 && this.chance.flip(0.12))) break;
    }
    if (results.size > 1) this.scene.told.contradictions.push(`${name} under one key had ${results.size} results`);
    return answers.find(({ errors }) => errors.length === 0) ?? answers.at(-1);
  }
}

export const failed = (payload: Answer): boolean => payload.errors.length > 0;

/** Fills a cart, orders it, pays or does not, cancels or not; then perhaps once more. */
export async function shop(client: Client): Promise<void> {
  const { scene, chance } = client;
  for (let round = 0; round < (chance.flip(0.25) ? 2 : 1); round++) {
    for (let n = 1 + chance.below(2); n > 0; n--) {
      const input = { variantId: chance.pick(scene.base.variants).id, quantity: 1 + chance.below(2) };
      await client.mutate('carts', 'addToCart', input, 'cart { id }');
    }
    if (round === 0) await client.mutate('carts', 'setCartAddress', { shipping: address }, 'cart { id }');
    const orderId = await order(client);
    if (orderId !== null) await pursue(client, orderId);
  }
}

async function order(client: Client): Promise<string | null> {
  const { scene } = client;
  for (let tries = 0; tries < 2; tries++) {
    const { cart } = await client.read('carts', 'reads the cart', `{ cart { ${WIRE_CART} } }`);
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
const owns = (intent: { readonly metadata: Readonly<Record<string, string>> }, orderId: string): boolean =>
  parseId(orderId)?.uuid === intent.metadata.order_id;
