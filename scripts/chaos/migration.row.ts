import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { fillCart, key, openShop, pay, placeOrder, type Shop } from '../../router/src/shop.testing.ts';
import { brokenWords, type Log } from '../../router/src/shoppers.testing.ts';
import { openEngines } from '../../router/src/souk.engines.testing.ts';
import { until, wrongsAtRest } from './rest.ts';
import type { Row, Scene } from './row.ts';

export const migration: Row = {
  name: 'migration',
  promise:
    'two versions serve at once while migrations expand and contract the tables under them, and no request fails',
  async run(scene) {
    const engines = await openEngines();
    const running: KillableSouk[] = [];
    const start = async (number: number): Promise<KillableSouk> => {
      const [beside] = running;
      const one = await startKillable(
        scene.postgresUrl,
        // Together they stay below what one server takes, migrations and all.
        { SOUK_POSTGRES_POOL: '36' },
        {
          reach: engines.reach,
          release: { module: new URL('./releases.ts', import.meta.url).href, number },
          ...(beside ? { beside } : {}),
        },
      );
      running.push(one);
      return one;
    };
    try {
      return await release(scene, start);
    } finally {
      // The first made the database, and takes it with it.
      for (const one of running.reverse()) await one.end();
      await engines.stop();
    }
  },
};

async function release({ say, short }: Scene, start: (number: number) => Promise<KillableSouk>) {
  const sales = short ? 6 : 60;
  say('the first release sells');
  const first = await start(1);
  const shop = await openShop(first, {
    A: { amount: '10.00', stock: 100_000 },
    B: { amount: '20.00', stock: 100_000 },
  });
  const atFirst = sendBuyers(first, shop);
  await atFirst.sells(sales);

  say('the second starts beside it and expands the tables');
  const second = await start(2);
  const atSecond = sendBuyers(second, shop);
  await Promise.all([atFirst.sells(sales), atSecond.sells(sales)]);

  say('the first ends, and comes back on tables that are newer than it');
  await atFirst.leave();
  await first.stop();
  await first.start();
  const atFirstAgain = sendBuyers(first, shop);
  await Promise.all([atFirstAgain.sells(sales), atSecond.sells(sales)]);
  await atFirstAgain.leave();
  await first.stop();

  say('the third starts beside the second and contracts the tables');
  const third = await start(3);
  say('the third serves');
  const atThird = sendBuyers(third, shop);
  await Promise.all([atSecond.sells(sales), atThird.sells(sales)]);
  await Promise.all([atSecond.leave(), atThird.leave()]);

  say('looking whether all is there');
  const all = [atFirst, atSecond, atFirstAgain, atThird];
  const wrongs = all.flatMap(({ failed }) => failed);
  // Who could not pay leaves an order open for as long as anybody may pay it.
  if (wrongs.length > 0) return { done: '', wrongs: [...new Set(wrongs)] };
  // Their sessions are with a process that serves.
  const logs = [...atSecond.logs, ...atThird.logs];
  wrongs.push(...(await wrongsAtRest(third)), ...(await brokenWords(logs)));
  const requests = all.reduce((sum, { requests }) => sum + requests(), 0);
  const sold = all.reduce((sum, { logs: own }) => sum + own.length, 0);
  return {
    done: `3 releases, 2 at a time; ${sold} checkouts in ${requests} steps, ${all.flatMap(({ failed }) => failed).length} failed`,
    wrongs,
  };
}

const BUYERS = 4;

/** Buyers who never ask twice: whatever fails, fails before somebody's eyes. */
function sendBuyers(souk: KillableSouk, shop: Shop) {
  const logs: Log[] = [];
  const failed: string[] = [];
  let requests = 0;
  let open = true;
  const step = async <T>(work: Promise<T>): Promise<T> => {
    requests += 1;
    return work;
  };
  async function buyOne(number: number): Promise<void> {
    const guest = await step(souk.guest());
    const quoted = await step(fillCart(guest, shop, number % 2 ? { A: 1, B: 1 } : { B: 1, A: 1 }));
    const [orderKey, payKey] = [key(), key()];
    const order = await step(placeOrder(guest, quoted, orderKey));
    await step(pay(guest, order.id, 'pm_card_visa', payKey));
    logs.push({ guest, quoted, orderKey, payKey, orderId: order.id, paid: true });
  }
  const buyers = Promise.all(
    Array.from({ length: BUYERS }, async (_, number) => {
      while (open) await buyOne(number++).catch((error: unknown) => failed.push(`A request failed: ${String(error)}.`));
    }),
  );
  return {
    logs,
    failed,
    requests: () => requests,
    /** Until so many more have bought, or somebody could not. */
    async sells(more: number) {
      const enough = logs.length + more;
      await until(
        async () => logs.length,
        (now) => now >= enough || failed.length > 0,
      );
    },
    async leave() {
      open = false;
      await buyers;
    },
  };
}
