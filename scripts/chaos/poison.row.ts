import type { Caller } from '../../router/src/caller.testing.ts';
import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { fillCart, key, mutate, openShop, pay, placeOrder, type Shop } from '../../router/src/shop.testing.ts';
import { openEngines } from '../../router/src/souk.engines.testing.ts';
import { inspection, until, wrongsAtRest } from './rest.ts';
import type { Row } from './row.ts';

interface Letter {
  readonly id: string;
  readonly house: string;
  readonly type: string;
  readonly reason: string;
  readonly tries: number;
}

/** What is wrong with a row that an ear would write. Each try is counted, for a sequence forgets nothing on a rollback. */
interface Poison {
  readonly name: string;
  readonly table: string;
  /** SQL over `new`. */
  readonly when: string;
}

/** How often a fact is tried before it is set aside. */
const TRIES = 5;

export const poison: Row = {
  name: 'poison',
  promise:
    'a fact that an ear cannot hear is set aside after five tries, other keys flow, it is counted, and heard once when it is driven again',
  async run({ postgresUrl, say, chance, short }) {
    const engines = await openEngines();
    const souk = await startKillable(postgresUrl, {}, { reach: engines.reach });
    try {
      return await tell(souk, { say, others: short ? 3 : 12, repeats: short ? 4 : 20, pick: chance.below });
    } finally {
      await souk.end();
      await engines.stop();
    }
  },
};

interface Scale {
  readonly say: (line: string) => void;
  /** Keys beside the poisoned ones. */
  readonly others: number;
  /** Persons who drive the same letter again at once. */
  readonly repeats: number;
  readonly pick: (below: number) => number;
}

async function tell(souk: KillableSouk, { say, others, repeats, pick }: Scale) {
  const { wrongs, expect } = inspection();
  const skus = Array.from({ length: others + 1 }, (_, number) => `P${number}`);
  const shop = await openShop(souk, Object.fromEntries(skus.map((sku) => [sku, { amount: '10.00', stock: 100 }])));
  const bad = skus[pick(skus.length)]!;
  const good = skus.filter((sku) => sku !== bad);
  const orders = await Promise.all(skus.map((sku) => buyOne(souk, shop, sku)));
  const sick = orders[pick(orders.length)]!;
  await souk.quiet();

  say('two ears cannot bear what they hear');
  const uuidOf = async (orderNumber: string) =>
    (await souk.sql<{ id: string }>('select id from orders.orders where order_number = $1', [orderNumber]))[0]!.id;
  const sickId = await uuidOf(sick.orderNumber);
  const variantId = (
    await souk.sql<{ id: string }>('select id from products.product_variants where sku = $1', [bad])
  )[0]!.id;
  const poisons: Poison[] = [
    { name: 'stock', table: 'carts.variants', when: `new.variant_id = '${variantId}'` },
    { name: 'mail', table: 'notifications.messages', when: `new.order_id = '${sickId}'` },
  ];
  for (const one of poisons) await souk.sql(poisonous(one));
  const before = await metrics(souk);

  // What follows the poisoned fact is about the same key and waits behind it, though by itself it could be heard as badly.
  await Promise.all(skus.map((sku) => shop.stock(sku, 90)));
  await Promise.all(orders.map(({ id }) => ship(shop.admin, shop, id)));
  const flow = async () => ({
    stock: (await souk.sql<{ n: number }>(KNOWN_STOCK, [89]))[0]!.n,
    mails: (await souk.sql<{ n: number }>(SHIPPED_MAILS))[0]!.n,
  });
  const wanted = { stock: good.length, mails: orders.length - 1 };
  expect(
    'keys beside the poisoned ones that were heard meanwhile',
    await until(flow, (now) => JSON.stringify(now) === JSON.stringify(wanted), 60_000),
    wanted,
  );
  say('waiting for five tries');
  const letters = () => deadLetters(shop.admin);
  await until(letters, (found) => found.length >= poisons.length, 120_000);
  await shop.stock(bad, 80);
  await mutate(
    shop.admin,
    'deliverOrder',
    'DeliverOrderInput',
    { idempotencyKey: key(), orderId: sick.id },
    'order { id }',
  );
  await mutate(
    shop.admin,
    'refundOrder',
    'RefundOrderInput',
    { idempotencyKey: key(), orderId: sick.id, amount: { amount: '1.00', currency: 'EUR' }, reason: 'GOODWILL' },
    'order { id }',
  );
  await souk.quiet();
  const found = await letters();
  expect(
    'what was set aside',
    found.map(describe).sort(),
    [
      `carts inventory.StockChanged FAILED after ${TRIES}`,
      ...Array(2).fill('carts inventory.StockChanged KEY_PARKED after 0'),
      `notifications orders.OrderShipped FAILED after ${TRIES}`,
      'notifications orders.OrderRefunded KEY_PARKED after 0',
    ].sort(),
  );
  for (const { name } of poisons) {
    const [row] = await souk.sql<{ n: number }>(`select last_value::int as n from ext.poison_${name}`);
    expect(`tries of the fact about ${name}`, row!.n, TRIES);
  }
  const after = await metrics(souk);
  expect('dead letters that were counted', after.dead - before.dead, poisons.length);
  expect('failures of ears that were counted', after.failed - before.failed, poisons.length * TRIES);

  say('the cause is mended, and the letters are driven again');
  const first = (house: string) => found.find((letter) => letter.house === house && letter.reason === 'FAILED');
  const still = first('carts');
  expect('driven again before it is mended', still && (await redrive(shop.admin, still)), { heard: 0, failed: true });
  for (const { name, table } of poisons) await souk.sql(`drop trigger poison_${name} on ${table}`);
  for (const [house, waiting] of [
    ['carts', 3],
    ['notifications', 2],
  ] as const) {
    const letter = first(house);
    if (!letter) continue;
    const told = await Promise.all(Array.from({ length: repeats }, () => redrive(shop.admin, letter)));
    expect(
      `facts that ${house} heard when driven ${repeats} times at once`,
      told.reduce((sum, { heard }) => sum + heard, 0),
      waiting,
    );
  }
  await souk.quiet();
  expect('letters that are left', (await letters()).map(describe), []);
  expect(
    'what carts know of the stock',
    await souk.sql('select available from carts.variants where variant_id = $1', [variantId]),
    [{ available: 80 }],
  );
  expect(
    'mails of the poisoned order',
    await souk.sql(
      'select template, count(*)::int as n from notifications.messages where order_id = $1 group by 1 order by 1',
      [sickId],
    ),
    ['ORDER_CONFIRMED', 'ORDER_REFUNDED', 'ORDER_SHIPPED'].map((template) => ({ template, n: 1 })),
  );
  wrongs.push(...(await wrongsAtRest(souk)));
  return {
    done: `2 poisoned keys beside ${others * 2} sound ones, each tried ${TRIES} times, 5 dead letters driven again ${repeats} times at once`,
    wrongs,
  };
}

const describe = ({ house, type, reason, tries }: Letter): string => `${house} ${type} ${reason} after ${tries}`;

const poisonous = ({ name, table, when }: Poison): string => `
  create sequence ext.poison_${name};
  create function ext.poison_${name}() returns trigger language plpgsql security definer as
    $$ begin perform nextval('ext.poison_${name}'); raise exception 'this cannot be borne'; end $$;
  create trigger poison_${name} before insert or update on ${table} for each row when (${when})
    execute function ext.poison_${name}()`;

const KNOWN_STOCK = 'select count(*)::int as n from carts.variants where available = $1';
const SHIPPED_MAILS = `select count(*)::int as n from notifications.messages where template = 'ORDER_SHIPPED'`;

/** All houses share a process here, and with it its counters. */
async function metrics(souk: KillableSouk): Promise<{ dead: number; failed: number }> {
  return {
    dead: await souk.metric('carts', 'souk_dead_letters_total'),
    failed: await souk.metric('carts', 'souk_ear_failures_total'),
  };
}

async function buyOne(souk: KillableSouk, shop: Shop, sku: string): Promise<{ id: string; orderNumber: string }> {
  const guest = await souk.guest();
  const order = await placeOrder(guest, await fillCart(guest, shop, { [sku]: 1 }));
  await pay(guest, order.id);
  await until(
    () => guest.run('query ($id: ID!) { order(id: $id) { status payment { status } } }', { id: order.id }),
    ({ order: now }) => now.status === 'CONFIRMED' && now.payment?.status === 'CAPTURED',
  );
  return { id: order.id, orderNumber: order.orderNumber };
}

async function ship(admin: Caller, shop: Shop, orderId: string): Promise<void> {
  const input = { idempotencyKey: key(), orderId, warehouseId: shop.warehouseId };
  await mutate(admin, 'shipOrder', 'ShipOrderInput', input, 'fulfillment { id }');
}

async function deadLetters(admin: Caller): Promise<Letter[]> {
  return (await admin.run('{ deadLetters { nodes { id house type reason tries } } }')).deadLetters.nodes;
}

async function redrive(admin: Caller, { id, house }: Letter): Promise<{ heard: number; failed: boolean }> {
  const { redriveDeadLetter: done } = await admin.run(
    `mutation ($input: RedriveDeadLetterInput!) { redriveDeadLetter(input: $input) { heard deadLetter { id } errors { code } } }`,
    { input: { id, house } },
  );
  return { heard: done.heard ?? 0, failed: done.deadLetter !== null };
}
