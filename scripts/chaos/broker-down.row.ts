import { setTimeout as sleep } from 'node:timers/promises';
import { startNats, type TestNats } from '@souk/kit/engines.testing';
import { complaints, endsOf, openStock, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

const DRAINED_WITHIN_SECONDS = 30;

export const brokerDown: Row = {
  name: 'broker-down',
  promise: 'NATS down for 60 s: people order and pay as before, what was said meanwhile is heard within 30 s after',
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
  // Longer than a relay waits for the broker's word.
  const seconds = short ? 8 : 60;
  const shop = await openStock(stack);
  // Everybody pays: nothing has to wait for a deadline afterwards.
  const crowd = sendShoppers(stack, shop, {
    count: Number.POSITIVE_INFINITY,
    atOnce: 3,
    pauseMs: 300,
    leaves: () => false,
    impatient: true,
  });
  await sleep(1000 + chance.below(2000));
  say(`NATS is killed for ${seconds} s`);
  await nats.kill();
  const before = crowd.logs.length;
  await sleep(seconds * 1000);
  const meanwhile = crowd.logs.length - before;
  const [{ waiting }] = (await stack.sql<{ waiting: number }>(
    'select count(*)::int as waiting from orders.outbox where published_at is null',
  )) as [{ waiting: number }];
  say('NATS is back');
  await nats.start();
  const since = performance.now();
  crowd.close();
  await crowd.done;
  await stack.heard(short ? 60 : 240);
  const drained = (performance.now() - since) / 1000;
  const rest = await stack.rest(short ? 120 : 240);
  const wrongs = [...rest.wrongs, ...(await complaints(stack, [crowd]))];
  if (meanwhile === 0) wrongs.push('Nobody could order while NATS was down.');
  if (waiting === 0) wrongs.push('Nothing waited for NATS, so nothing was shown.');
  // The short form measures no time.
  if (!short && drained > DRAINED_WITHIN_SECONDS) {
    wrongs.push(`What was said meanwhile was heard only after ${drained.toFixed(1)} s.`);
  }
  return {
    done: [
      `${seconds} s without NATS: ${meanwhile} orders meanwhile, ${waiting} facts of orders waiting`,
      `all heard ${drained.toFixed(1)} s after`,
      `${crowd.logs.length} checkouts (${await endsOf(stack)})`,
    ].join('; '),
    wrongs,
  };
}
