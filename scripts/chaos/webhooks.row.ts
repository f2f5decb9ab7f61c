import { parseId } from '@souk/schema';
import type { Caller } from '../../router/src/caller.testing.ts';
import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { fillCart, key, mutate, openShop, pay, placeOrder, type Shop } from '../../router/src/shop.testing.ts';
import { endsOf } from './clients.ts';
import { inspection, until, wrongsAtRest } from './rest.ts';
import type { Found, Row, Scene } from './row.ts';

/** How a shopper's payment goes while nothing comes from the provider. */
const ways = [
  /** Authorized by the direct answer; its events are old news. */
  'known',
  /** Approved at the bank; only an event tells. */
  'told',
  /** The same, after the order was cancelled and the provider could not be told. */
  'late',
] as const;

interface Sale {
  readonly way: (typeof ways)[number];
  readonly guest: Caller;
  /** Wire id, and the id in the tables. */
  readonly orderId: string;
  readonly uuid: string;
  readonly intent: string;
}

interface Replayed {
  readonly results: readonly { readonly status: number | null }[];
}

/** What nobody but the provider may say, and nobody at this time. */
const FALSE: readonly Readonly<Record<string, string>>[] = [
  { timestamp_offset: '3600' },
  { timestamp_offset: '-3600' },
  { signature: 'bad' },
];
const APPROVED = 'payment_intent.amount_capturable_updated';

export const webhooks: Row = {
  name: 'webhooks',
  promise:
    'webhooks ×100, shuffled, late, for another amount, from the future: one effect each, late money goes back, what does not fit is set aside',
  async run(scene) {
    const souk = await startKillable(scene.postgresUrl);
    try {
      return await run(scene, souk);
    } finally {
      await souk.end();
    }
  },
};

async function run({ chance, short, say }: Scene, souk: KillableSouk): Promise<Found> {
  const times = short ? 10 : 100;
  const { wrongs, expect } = inspection();
  const shop = await openShop(souk, { A: { amount: '10.00', stock: 1_000 } });
  await souk.control('webhooks/pause');
  // The provider cannot be told of a cancellation yet.
  await souk.control('faults', { kind: 'drop', times: '1000000', path: '/cancel' });
  const sales: Sale[] = [];
  for (let n = 0; n < (short ? 6 : 30); n++) sales.push(await sell(souk, shop, ways[n % ways.length]!));

  let sent = 0;
  const replay = async (event: string, params: Record<string, string>): Promise<(number | null)[]> => {
    const { results } = (await souk.control('webhooks/replay', { event, ...params })) as Replayed;
    sent += results.length;
    return [...new Set(results.map(({ status }) => status))];
  };
  const waiting = sales.filter(({ way }) => way === 'told');
  say('False ones: from the future, too old, signed by somebody else, for another amount');
  for (const { intent, orderId } of waiting) {
    const [approved] = await souk.sql<{ id: string }>(
      `select id from stripe_simulator.events where type = $1 and body::json->'data'->'object'->>'id' = $2`,
      [APPROVED, intent],
    );
    for (const how of FALSE) {
      const answers = await replay(approved!.id, { ...how, times: String(times) });
      expect(`${JSON.stringify(how)} for order ${orderId} is answered`, answers, [400]);
    }
    const kept = await souk.sql('select id from payments.gateway_events where id = $1', [approved!.id]);
    expect(`What was refused for order ${orderId} and is kept`, kept, []);
    const other = { amount: '1', fresh_id: 'true', times: String(times) };
    expect(`Another amount for order ${orderId} is answered`, await replay(approved!.id, other), [200]);
  }
  const aside = await souk.sql<{ reason: string; n: number }>(
    `select quarantine_reason as reason, count(*)::int as n from payments.gateway_events where status = 'QUARANTINED' group by 1`,
  );
  expect('Set aside', aside, [{ reason: 'AMOUNT_MISMATCH', n: waiting.length }]);

  const events = await souk.sql<{ id: string }>('select id from stripe_simulator.events order by seq');
  say(`All ${events.length} events, ${times} times each, shuffled, then under ids of their own`);
  for (const fresh of ['false', 'true']) {
    for (const { id } of shuffled(chance.below, events)) {
      expect(`Event ${id} is answered`, await replay(id, { times: String(times), fresh_id: fresh }), [200]);
    }
  }
  await souk.control('faults/clear');
  await souk.control('webhooks/resume');
  // As if the time had passed: what was tried in vain so often is tried ever less often.
  await souk.sql(`update payments.payments set due_at = now() - interval '1 second' where due_at is not null`);
  wrongs.push(...(await wrongsAtRest(souk)));
  for (const sale of sales) {
    const wanted = effects[sale.way];
    const found = await until(
      () => effectsOf(souk, sale),
      (now) => JSON.stringify(now) === JSON.stringify(wanted),
    );
    expect(`Order ${sale.orderId} (${sale.way})`, found, wanted);
  }
  return {
    done: `${sales.length} payments, ${events.length} events sent ${sent.toLocaleString('en')} times, ${waiting.length} set aside; ${await endsOf(souk)}`,
    wrongs,
  };
}

/** Orders and pays with nothing coming from the provider. */
async function sell(souk: KillableSouk, shop: Shop, way: Sale['way']): Promise<Sale> {
  const guest = await souk.guest();
  const { id } = await placeOrder(guest, await fillCart(guest, shop, { A: 1 }));
  const { uuid } = parseId(id)!;
  const reaches = async (column: string, wanted: string): Promise<void> => {
    const read = () =>
      souk.sql<{ is: string }>(
        `select ${column} as is from orders.orders o join payments.payments p on p.order_id = o.id where o.id = $1`,
        [uuid],
      );
    const last = await until(read, ([row]) => row?.is === wanted);
    if (last[0]?.is !== wanted) throw new Error(`${column} of ${id} stays ${last[0]?.is}, not ${wanted}`);
  };
  await pay(guest, id, way === 'known' ? 'pm_card_visa' : 'pm_card_threeDSecure2Required');
  await reaches('p.status', way === 'known' ? 'CAPTURED' : 'ACTION_REQUIRED');
  const [{ intent }] = (await souk.sql<{ intent: string }>(
    'select gateway_intent_id as intent from payments.payments where order_id = $1',
    [uuid],
  )) as [{ intent: string }];
  if (way === 'late') {
    await mutate(guest, 'cancelOrder', 'CancelOrderInput', { idempotencyKey: key(), orderId: id }, 'order { id }');
    await reaches('o.status', 'CANCELLED');
  }
  if (way !== 'known') await souk.control('complete-3ds', { intent, outcome: 'succeeded' });
  return { way, guest, orderId: id, uuid, intent };
}

/** What came of a sale: once each, however often it was told. */
const effects = {
  known: { status: 'CONFIRMED', said: ['PaymentAuthorized', 'PaymentCaptured'], captures: 1, mails: 1 },
  told: {
    status: 'CONFIRMED',
    said: ['PaymentActionRequired', 'PaymentAuthorized', 'PaymentCaptured'],
    captures: 1,
    mails: 1,
  },
  late: { status: 'CANCELLED', said: ['PaymentActionRequired', 'PaymentVoided'], captures: 0, mails: 1 },
} as const satisfies Record<Sale['way'], object>;

async function effectsOf(souk: KillableSouk, { uuid }: Sale): Promise<object> {
  const [found] = await souk.sql<{ effects: object }>(
    `select json_build_object(
      'status', (select status from orders.orders where id = $1::uuid),
      'said', (select json_agg(replace(type, 'payments.', '') order by seq) from payments.outbox where key = $1::text),
      'captures', (select count(*) from payments.payment_transactions t join payments.payments p on p.id = t.payment_id
        where p.order_id = $1::uuid and t.kind = 'CAPTURE' and t.status = 'SUCCEEDED'),
      'mails', (select count(*) from notifications.messages where order_id = $1::uuid)) as effects`,
    [uuid],
  );
  return found!.effects;
}

function shuffled<T>(below: (n: number) => number, list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(below(left.length), 1)[0]!);
}
