import { setTimeout as sleep } from 'node:timers/promises';
import { startNats, type TestNats } from '@souk/kit/engines.testing';
import { mutate } from '../../router/src/shop.testing.ts';
import { complaints, endsOf, openStock, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

export const brokerWiped: Row = {
  name: 'broker-wiped',
  promise: 'NATS comes back without its store: what nobody had heard is said again, projections equal their source',
  async run(scene) {
    const nats = await startNats();
    try {
      return await withStack(scene, { env: { SOUK_NATS_URL: nats.url() } }, (stack) => run(scene, stack, nats));
    } finally {
      await nats.stop();
    }
  },
};

async function run({ chance, short, say }: Scene, stack: Stack, nats: TestNats): Promise<Found> {
  const rounds = short ? 1 : 4;
  const shop = await openStock(stack);
  const crowds: ReturnType<typeof sendShoppers>[] = [];
  let unheard = 0;
  const shoppers = async (count: number): Promise<void> => {
    const crowd = sendShoppers(stack, shop, { count, atOnce: 4, leaves: () => false });
    crowds.push(crowd);
    await crowd.done;
  };
  /** Waits until the broker alone is left with what a house said. */
  const published = async (house: string): Promise<void> => {
    const left = `select from ${house}.outbox where published_at is null limit 1`;
    const since = performance.now();
    while ((await stack.sql(left)).length > 0 && performance.now() - since < 60_000) await sleep(50);
  };
  for (let round = 1; round <= rounds; round++) {
    await shoppers(short ? 2 : 6);
    say(`Round ${round}: inventory and orders are halted, so that their facts stay at NATS`);
    stack.signal('inventory', 'SIGSTOP');
    await shoppers(4 + chance.below(5));
    await published('orders');
    stack.signal('orders', 'SIGSTOP');
    // Carts are told too, and hear it: whoever has heard must not be disturbed by hearing it again.
    for (const sku of ['A', 'B']) await changePrice(sku, chance.below(9_000) + 1_000);
    await published('products');
    const [{ n }] = (await stack.sql<{ n: number }>(`
      select (select count(*) from orders.outbox o where type = 'orders.OrderCreated'
          and not exists (select from inventory.inbox i where i.fact_id = o.id))
        + (select count(*) from products.outbox p where type = 'products.PriceChanged'
          and not exists (select from orders.inbox i where i.fact_id = p.id)) as n`)) as [{ n: number }];
    unheard += Number(n);
    say(`Round ${round}: NATS is killed, its store removed`);
    await nats.kill();
    await nats.wipe();
    for (const house of ['inventory', 'orders']) stack.signal(house, 'SIGCONT');
    await sleep(chance.below(2000));
    await nats.start();
    await stack.rest(120);
  }
  await shoppers(2);
  const rest = await stack.rest(short ? 120 : 240);
  const wrongs = [...rest.wrongs, ...(await complaints(stack, crowds))];
  if (unheard === 0) wrongs.push('Everything was heard before the store was gone, so nothing was shown.');
  const checkouts = crowds.reduce((sum, { logs }) => sum + logs.length, 0);
  return {
    done: `store wiped ${rounds} times with ${unheard} facts in it that nobody had heard; ${checkouts} checkouts (${await endsOf(stack)})`,
    wrongs,
  };

  async function changePrice(sku: string, minor: number): Promise<void> {
    const entry = { variantId: shop.variant(sku), amount: (minor / 100).toFixed(2) };
    await mutate(shop.admin, 'setPrices', 'SetPricesInput', { entries: [entry] }, '');
  }
}
