import { setTimeout as sleep } from 'node:timers/promises';
import { complaints, endsOf, openStock, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

/** Who keeps the database gives it up after six deaths within a minute. */
const DATABASE_DEATHS = 4;
/** Of twelve. Where fewer serve nothing is left to try: on a slow machine the next kill waits for a start. */
const DOWN_AT_ONCE = 4;
/** The short form kills each of these once: engines, and houses on an order's way. */
const FEW = ['PostgreSQL', 'NATS', 'Redis', 'router', 'orders', 'payments'];

export const killNine: Row = {
  name: 'kill-9',
  promise:
    'kill -9 of any process every 1–3 s during 300 checkouts: within 60 s nothing is open, the laws hold, every client has a final answer',
  run: (scene) =>
    withStack(scene, { ownPostgres: true, env: { SOUK_PAYMENT_DEADLINE_MINUTES: '0.5' } }, (stack) =>
      run(scene, stack),
    ),
};

async function run(scene: Scene, stack: Stack): Promise<Found> {
  const { chance, short, say } = scene;
  const [count, kills] = short ? [Number.POSITIVE_INFINITY, FEW.length] : [300, Number.POSITIVE_INFINITY];
  const shop = await openStock(stack);
  // Whoever leaves does so in time for the order to end with the others.
  const crowd = sendShoppers(stack, shop, {
    count,
    atOnce: short ? 4 : 12,
    leaves: (number) => number % 6 === 5 && number < count * 0.75,
  });
  let over = false;
  void crowd.done.then(() => {
    over = true;
  });
  const killed: string[] = [];
  let deaths: number[] = [];
  const since = performance.now();
  while (!over && killed.length < kills) {
    await Promise.race([sleep(1000 + chance.below(2001)), crowd.done]);
    deaths = deaths.filter((at) => performance.now() - at < 60_000);
    const { down } = stack;
    const victims = stack.names.filter(
      (name) =>
        !down.has(name) &&
        !(name === 'PostgreSQL' && deaths.length >= DATABASE_DEATHS) &&
        !(short && (killed.includes(name) || !FEW.includes(name))),
    );
    if (over || victims.length === 0 || down.size >= DOWN_AT_ONCE) continue;
    const victim = chance.pick(victims);
    if (!stack.signal(victim, 'SIGKILL')) continue;
    if (victim === 'PostgreSQL') deaths.push(performance.now());
    killed.push(victim);
    say(`${victim} is killed, the ${killed.length}th; ${crowd.logs.length} orders`);
  }
  const each = (performance.now() - since) / 1000 / killed.length;
  crowd.close();
  await crowd.done;
  say('Waiting for rest');
  // The short form measures no time: only a hang meets its limit.
  const rest = await stack.rest(short ? 150 : 60);
  const wrongs = [...rest.wrongs, ...(await complaints(stack, [crowd]))];
  const times = [...Map.groupBy(killed, (name) => name)].map(([name, all]) => `${name} ${all.length}`).sort();
  return {
    done: [
      `${crowd.logs.length} checkouts (${await endsOf(stack)})`,
      `${killed.length} kills, one in ${each.toFixed(1)} s (${times.join(', ')})`,
      `at rest after ${rest.seconds.toFixed(1)} s`,
    ].join('; '),
    wrongs,
  };
}
