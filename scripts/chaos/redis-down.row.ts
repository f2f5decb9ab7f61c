import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type TestRedis } from '@souk/kit/engines.testing';
import type { Asked, Caller, Watching } from '../../router/src/caller.testing.ts';
import { fillCart, readCart } from '../../router/src/shop.testing.ts';
import { complaints, endsOf, openStock, type Shop, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

/** Of all that is asked while people browse. */
const FINE = 0.999;
const WATCHERS = 5;
const SHELF = `query ($id: ID!) { products(first: 24) { nodes { name price { amount } } }
  variant(id: $id) { sku name product { name } stock { available } } }`;
const STOCK = `subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { eventId variant { stock { available } } } }`;

export const redisDown: Row = {
  name: 'redis-down',
  promise:
    'Redis hangs, is down, and comes back empty: browsing is fine 999 times in 1,000, carts are all there, subscriptions read again by themselves',
  async run(scene) {
    const redis = await startRedis();
    try {
      return await withStack(scene, { env: { SOUK_REDIS_URL: redis.url() } }, (stack) => run(scene, stack, redis));
    } finally {
      await redis.stop();
    }
  },
};

async function run({ chance, short, say }: Scene, stack: Stack, redis: TestRedis): Promise<Found> {
  const seconds = short ? 5 : 30;
  const shop = await openStock(stack);
  const crowd = sendShoppers(stack, shop, {
    count: Number.POSITIVE_INFINITY,
    atOnce: 1,
    pauseMs: 500,
    leaves: () => false,
  });
  const shelves = browse(stack, shop, await stack.guest());
  const carts = await fillCarts(stack, shop, short ? 5 : 20);
  const watching = await watchStock(shop);
  await sleep(2000);
  const unseen: string[] = [];
  const count = async (units: number): Promise<void> => {
    await shop.stock('A', units).catch((error: unknown) => unseen.push(`Stock could not be counted: ${String(error)}`));
  };
  const seen = async (units: number, when: string): Promise<void> => {
    await count(units);
    unseen.push(...(await watching.see(units, when)));
  };
  await seen(50_000, 'before Redis went');

  say(`Redis hangs for ${seconds} s`);
  redis.freeze();
  await sleep(seconds * 1000);
  await carts.add(chance.below(3) + 1);
  redis.thaw();
  await seen(40_000, 'after Redis had hung');

  say(`Redis is down for ${seconds} s`);
  await redis.kill();
  await sleep((seconds * 1000) / 2);
  await carts.add(chance.below(3) + 1);
  // Said into the void: nobody will say it again.
  await count(30_000);
  await stack.heard(30);
  await sleep((seconds * 1000) / 2);
  say('Redis is back, empty');
  await redis.start();
  unseen.push(...(await watching.see(30_000, 'what was said while Redis was down')));
  await carts.add(1);
  await sleep(short ? 2000 : 15_000);
  await seen(20_000, 'after Redis was back');
  watching.stop();
  const lost = await carts.lost();
  const { asked, wrong } = await shelves.stop();
  crowd.close();
  await crowd.done;
  const rest = await stack.rest(short ? 120 : 240);
  const wrongs = [...rest.wrongs, ...(await complaints(stack, [crowd])), ...unseen, ...lost];
  if (wrong.length > asked * (1 - FINE)) {
    wrongs.push(`Of ${asked} looks at the shop ${wrong.length} were not fine, such as: ${wrong[0]}`);
  }
  return {
    done: [
      `Redis hung ${seconds} s and was down ${seconds} s`,
      `${asked - wrong.length} of ${asked} looks at the shop fine`,
      `${carts.count} carts and ${WATCHERS} subscriptions kept`,
      `${crowd.logs.length} checkouts (${await endsOf(stack)})`,
    ].join('; '),
    wrongs,
  };
}

/** Somebody unknown and a guest who look at the shop all the time; each answer must be whole. */
function browse(stack: Stack, shop: Shop, guest: Caller): { stop(): Promise<{ asked: number; wrong: string[] }> } {
  let over = false;
  let asked = 0;
  const wrong: string[] = [];
  const look = async (visitor: Caller): Promise<void> => {
    while (!over) {
      asked += 1;
      const flaw = await visitor.ask(SHELF, { id: shop.variant('B') }).then(flawOf, String);
      if (flaw !== null) wrong.push(flaw);
      await sleep(10);
    }
  };
  const looking = Promise.all([look(stack.caller(null)), look(guest)]);
  return {
    async stop() {
      over = true;
      await looking;
      return { asked, wrong };
    },
  };
}

function flawOf({ status, data, errors, extensions }: Asked): string | null {
  if (errors) return `${errors[0]!.message} (${String(errors[0]!.extensions.code)})`;
  if (status !== 200 || extensions?.degraded) return `status ${status}, ${JSON.stringify(extensions)}`;
  const whole = data.products.nodes.length === 2 && data.variant.product.name && data.variant.stock.available > 0;
  return whole ? null : JSON.stringify(data);
}

/** Guests with carts that are added to; at the end each must hold what its guest was told. */
async function fillCarts(stack: Stack, shop: Shop, count: number) {
  const carts: { readonly guest: Caller; units: number }[] = [];
  const refused: string[] = [];
  for (let n = 0; n < count; n++) {
    const guest = await stack.guest();
    await fillCart(guest, shop, { B: 1 });
    carts.push({ guest, units: 1 });
  }
  return {
    count,
    async add(units: number): Promise<void> {
      for (const cart of carts) {
        try {
          await fillCart(cart.guest, shop, { B: units });
          cart.units += units;
        } catch (error) {
          refused.push(`A guest could not add to a cart: ${String(error)}`);
        }
      }
    },
    async lost(): Promise<string[]> {
      const lost = [...refused];
      for (const { guest, units } of carts) {
        const there = (await readCart(guest)).lines.reduce((sum, { quantity }) => sum + quantity, 0);
        if (there !== units) lost.push(`A cart holds ${there} units, and its guest was told of ${units}.`);
      }
      return lost;
    },
  };
}

/** People who watch the stock of A, each by a socket of their own. */
async function watchStock(shop: Shop) {
  const watches: Watching[] = Array.from({ length: WATCHERS }, () =>
    shop.admin.watch(STOCK, { ids: [shop.variant('A')] }),
  );
  await Promise.all(watches.map((watching) => watching.next()));
  return {
    /** Who does not see that there are so many, each with why. */
    async see(units: number, when: string): Promise<string[]> {
      const late = new AbortController();
      const limit = sleep(30_000, 'nothing came for 30 s', { signal: late.signal }).catch(() => '');
      const sights = await Promise.all(
        watches.map((watching) =>
          Promise.race([
            watching
              .until(({ variantStockChanged: { variant } }) => near(variant.stock.available, units))
              .then(() => null, String),
            limit,
          ]),
        ),
      );
      late.abort();
      return sights.filter((why) => why !== null).map((why) => `A subscriber did not see the stock ${when}: ${why}.`);
    },
    stop: () => {
      for (const watching of watches) watching.stop();
    },
  };
}

/** Shoppers take some of it meanwhile. */
const near = (available: number, units: number): boolean => available <= units && available > units - 5_000;
