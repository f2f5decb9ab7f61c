import { type Client, failed, type Scene } from './clients.ts';
import type { Answer } from './graph.ts';
import { owns } from './shoppers.ts';

const ordersOf = ({ told }: Scene): string[] => [...told.orders.values()];

const LOOK = 'query ($id: ID!) { order(id: $id) { status lines { id quantity } refunds { id status } } }';

/** An order whose time has come, as far as one can see; null where there is none yet. */
async function findOrder(client: Client, wanted: readonly string[]): Promise<{ id: string; order: Answer } | null> {
  await client.turn('looks for orders');
  const known = ordersOf(client.scene);
  if (known.length === 0) return null;
  const id = client.chance.pick(known);
  const { order } = await client.read('orders', 'reads an order', LOOK, { id });
  return wanted.includes(order.status) || client.chance.flip(0.1) ? { id, order } : null;
}

/** Counts goods in and out, packs, ships and delivers. */
export async function keepGoods(client: Client): Promise<void> {
  const { scene, chance } = client;
  const { told, base } = scene;
  for (let moves = 5 + chance.below(4); moves > 0; moves--) {
    if (chance.flip(0.2)) {
      const [variantId, warehouseId] = [chance.pick(base.variants).id, chance.pick(base.warehouses)];
      const delta = chance.pick([-1, 1, 1, 2]);
      const idempotencyKey = client.key('stock');
      const done = await client.mutate(
        'inventory',
        'adjustStock',
        { idempotencyKey, entries: [{ variantId, warehouseId, delta }] },
        'levels { onHand }',
      );
      if (!failed(done)) told.stock.set(idempotencyKey, { level: `${variantId}/${warehouseId}`, delta });
      continue;
    }
    const found = await findOrder(client, ['CONFIRMED', 'PARTIALLY_SHIPPED']);
    if (found) await send(client, found.id);
  }
}

async function send(client: Client, orderId: string): Promise<void> {
  const { scene, chance } = client;
  const { told, base } = scene;
  const warehouseId = chance.pick(base.warehouses);
  const parcel = ({ fulfillment }: Answer) => fulfillment.id;
  const keep = (done: Answer, status: 'PACKED' | 'SHIPPED') => {
    if (!failed(done)) told.parcels.set(done.fulfillment.id, status);
  };
  if (chance.flip(0.3)) {
    const input = { idempotencyKey: client.key('pack'), orderId, warehouseId };
    const packed = await client.mutate('orders', 'fulfilOrder', input, 'fulfillment { id }', parcel);
    keep(packed, 'PACKED');
    if (failed(packed) || chance.flip(0.2)) return;
    const later = { idempotencyKey: client.key('ship'), fulfillmentId: packed.fulfillment.id };
    keep(await client.mutate('orders', 'shipOrder', later, 'fulfillment { id }', parcel), 'SHIPPED');
  } else {
    const input = { idempotencyKey: client.key('ship'), orderId, warehouseId };
    keep(await client.mutate('orders', 'shipOrder', input, 'fulfillment { id }', parcel), 'SHIPPED');
  }
  if (chance.flip(0.4)) {
    const input = { idempotencyKey: client.key('deliver'), orderId };
    const done = await client.mutate('orders', 'deliverOrder', input, 'order { id }');
    if (!failed(done)) told.delivered.add(orderId);
  }
}

/** Changes prices. One merchandiser, so that the last word is known. */
export async function keepPrices(client: Client): Promise<void> {
  const { scene, chance } = client;
  for (let moves = 1 + chance.below(3); moves > 0; moves--) {
    const variantId = scene.base.variants[chance.below(2)]!.id;
    const amount = `${5 + chance.below(20)}.50`;
    const done = await client.mutate('products', 'setPrices', { entries: [{ variantId, amount }] }, 'variants { id }');
    if (!failed(done)) scene.told.prices.set(variantId, amount);
  }
}

/** Cancels for shoppers, gives money back, and sends again what a bank refused or returned. */
export async function serve(client: Client): Promise<void> {
  const { scene, chance } = client;
  for (let moves = 3 + chance.below(4); moves > 0; moves--) {
    if (chance.flip(0.12)) {
      await suspend(client);
      continue;
    }
    const cancels = chance.flip(0.3);
    const wanted = cancels
      ? ['AWAITING_PAYMENT', 'CONFIRMED']
      : ['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED'];
    const found = await findOrder(client, wanted);
    if (!found) continue;
    if (cancels) {
      const input = { idempotencyKey: client.key('cancel'), orderId: found.id, reason: 'as asked' };
      const done = await client.mutate('orders', 'cancelOrder', input, 'order { id }');
      if (!failed(done)) scene.told.cancelled.add(found.id);
      if (!failed(done) && chance.flip(0.3)) refundBeside(client, found.id);
      continue;
    }
    const refused = found.order.refunds.filter(({ status }: Answer) => status === 'FAILED');
    if (refused.length > 0 && chance.flip(0.8)) await retry(client, chance.pick<Answer>(refused).id);
    else await refund(client, found.id, found.order);
  }
}

/** Whoever it is may be in the middle of a checkout. */
async function suspend(client: Client): Promise<void> {
  const { told } = client.scene;
  await client.turn('looks for accounts');
  const known = [...told.registered].filter((id) => !told.suspended.has(id));
  if (known.length === 0) return;
  const input = { id: client.chance.pick(known), reason: 'a word from the bank' };
  const done = await client.mutate('users', 'suspendUser', input, 'user { id }');
  if (!failed(done)) told.suspended.add(input.id);
}

async function retry(client: Client, refundId: string): Promise<void> {
  const idempotencyKey = client.key('retry');
  const input = { idempotencyKey, refundId };
  const done = await client.mutate('orders', 'retryRefund', input, 'refund { id }', (payload) => payload.refund.id);
  if (!failed(done)) client.scene.told.refunds.set(idempotencyKey, done.refund.id);
}

async function refund(client: Client, orderId: string, order: Answer): Promise<void> {
  const { scene, chance } = client;
  const line = chance.pick<Answer>(order.lines);
  const idempotencyKey = client.key('refund');
  const wanted = chance.flip(0.7)
    ? { lines: [{ orderLineId: line.id, quantity: 1, restock: chance.flip(0.5), cancelUnshipped: chance.flip(0.5) }] }
    : { amount: { amount: chance.pick(['1.00', '7.50', '12.00']), currency: 'EUR' } };
  const input = { idempotencyKey, orderId, ...wanted };
  const done = await client.mutate('orders', 'refundOrder', input, 'refund { id }', (payload) => payload.refund.id);
  if (failed(done)) return;
  scene.told.refunds.set(idempotencyKey, done.refund.id);
  if (chance.flip(0.2)) refundBeside(client, orderId);
}

/** A colleague has the same thought, and another tool. */
function refundBeside({ scene, name }: Client, orderId: string): void {
  const { bank } = scene.provider;
  const intent = bank.intents().find((one) => owns(one, orderId));
  if (intent) scene.note(`  a colleague of ${name} refunds the rest: ${bank.refundByHand(intent.id, null)}`);
}

/** Works at the provider, past the shop: gives money back in its dashboard, and hears what banks decide on disputes and refunds. */
export async function workAtProvider(client: Client): Promise<void> {
  const { scene, chance } = client;
  const { bank } = scene.provider;
  for (let moves = 3 + chance.below(6); moves > 0; moves--) {
    await client.turn('looks at the provider’s dashboard');
    const taken = bank.intents().filter(({ status }) => status === 'succeeded');
    if (taken.length === 0) continue;
    const { id } = chance.pick(taken);
    const kind = chance.below(4);
    if (kind === 0) bank.settleRefunds((word) => (word === 'failed' && chance.flip(0.4) ? 'succeeded' : word));
    else if (kind === 1) bank.closeDispute(id, chance.flip(0.5) ? 'won' : 'lost');
    else {
      const minor = chance.pick([100, 1500, null]);
      scene.note(`  ${client.name} refunds ${minor ?? 'the rest'}: ${bank.refundByHand(id, minor)}`);
    }
  }
}
