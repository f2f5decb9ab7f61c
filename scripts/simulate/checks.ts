import { fromDecimal, parseId } from '@souk/schema';
import type { MemoryProvider } from '../../subgraphs/payments/src/payment-gateway.memory.ts';
import { paidCharge, refundedAmount } from '../../subgraphs/payments/src/simulator/simulator.intents.ts';
import type { Acknowledged } from './clients.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Base } from './shop.ts';

/** Whatever still waits for its time, when that is, and the tick that looks after it. */
const DUE = `
  select 'orders.expireCheckouts' as tick, min(deadline) as at from orders.orders where deadline is not null
  union all select 'inventory.expireHolds', min(expires_at) from inventory.reservations where status = 'HELD'
  union all select 'payments.settlePayments', min(greatest(due_at, lease_until)) from payments.payments where due_at is not null
  union all select 'payments.settleRefunds', min(greatest(due_at, lease_until)) from payments.refunds where status = 'PENDING'
  union all select 'payments.readmitRefunds', min(e.received_at) from payments.gateway_events e join payments.payments p on p.id = e.payment_id
    where e.quarantine_reason = 'UNKNOWN_REFUND' and e.resolved_at is null and e.amount <= p.captured - p.refunded
  union all select 'notifications.sendMessages', min(next_attempt_at) from notifications.messages where status = 'PENDING'`;

/** What is not at its end. A credit that failed waits for a person, who is not there. */
const OPEN = `
  select 'order ' || order_number || ' is at ' || step as what from orders.orders where step in ('HOLDING', 'PAYING', 'CAPTURING')
  union all select 'a credit of ' || o.order_number || ' is asked for' from orders.credits c
    join orders.orders o on o.id = c.order_id where c.status = 'REQUESTED'
  union all select 'stock is held for ' || order_id from inventory.reservations where status = 'HELD'
  union all select 'a payment is due that is ' || status from payments.payments where due_at is not null
  union all select 'a refund pends' from payments.refunds where status = 'PENDING'
  union all select 'a word of the provider is set aside: ' || quarantine_reason from payments.gateway_events where status = 'QUARANTINED'
  union all select 'a mail waits' from notifications.messages where status = 'PENDING'`;

/** When each tick has something to do next, unix ms; those that wait for nothing are absent. */
export async function nextDue(database: SimulatedDatabase): Promise<Map<string, number>> {
  const rows = await database.prepared<{ tick: string; at: Date | null }>('due', DUE);
  return new Map(rows.flatMap(({ tick, at }) => (at === null ? [] : [[tick, at.getTime()] as const])));
}

export async function whatIsOpen(database: SimulatedDatabase): Promise<string[]> {
  return (await database.prepared<{ what: string }>('open', OPEN)).map(({ what }) => what);
}

/** Copies that law 6 does not speak of: what carts and orders know of products and stock. */
const PROJECTIONS = `
  select 'carts know another stock of ' || v.variant_id as what from inventory.variants v
    left join carts.variants c using (variant_id) where c.available is distinct from v.available
  union all select 'orders do not know ' || v.id from products.product_variants v
    where not exists (select from orders.variant_copies c where c.variant_id = v.id)`;

/** Each order is told of once: a mail per kind and thing, as often as there is cause. */
const MAILS = `
  select 'order ' || o.order_number || ' has ' || count(m.id) || ' mails ' || kind as what
  from orders.orders o cross join (values ('ORDER_CONFIRMED'), ('ORDER_CANCELLED')) as k (kind)
  left join notifications.messages m on m.order_id = o.id and m.template = kind
  group by o.id, kind
  having count(m.id) <> case kind when 'ORDER_CONFIRMED' then (o.confirmed_at is not null)::int else (o.status = 'CANCELLED')::int end
  union all select 'a mail was not sent: ' || template from notifications.messages where status <> 'SENT'`;

const DEAD = ['carts', 'inventory', 'orders', 'payments', 'notifications', 'products']
  .map(
    (house) =>
      `select '${house} parked ' || type || ': ' || coalesce(error, reason) as what from ${house}.dead_letters`,
  )
  .join(' union all ');

/** What is a guest's. */
const GUESTS = `
  select substr(principal, 7) as guest, 'an order' as what from orders.orders where principal like 'guest:%'
  union all select substr(principal, 7), 'a payment' from payments.payments p where principal like 'guest:%'
    and not exists (select from payments.identified_guests g where g.guest_principal = p.principal)
  union all select substr(principal, 7), 'a cart' from carts.carts where principal like 'guest:%'`;

interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly submitted: number;
}

/** What is wrong with a run that has come to rest. */
export async function wrongs(
  database: SimulatedDatabase,
  bank: MemoryProvider,
  told: Acknowledged,
  base: Base,
): Promise<string[]> {
  const texts = async (name: string, text: string) =>
    (await database.prepared<{ what: string }>(name, text)).map(({ what }) => what);
  return [
    ...(await database.brokenLaws()),
    ...(await texts('projections', PROJECTIONS)),
    ...(await texts('mails', MAILS)),
    ...(await texts('dead', DEAD)),
    ...(await booksAgainstBank(database, bank)),
    ...(await wordsAgainstTables(database, told)),
    ...(await stockAgainstWords(database, told, base)),
    ...told.contradictions,
  ];
}

/** The provider's books and ours: one intent an order, and the same money taken and given back. */
async function booksAgainstBank(database: SimulatedDatabase, bank: MemoryProvider): Promise<string[]> {
  const wrong: string[] = [];
  const rows = await database.prepared<{ id: string; captured: string; refunded: string; intent: string | null }>(
    'books',
    'select order_id as id, captured, refunded, gateway_intent_id as intent from payments.payments',
  );
  const ours = new Map(rows.map((row) => [row.id, row]));
  const disputes = await database.prepared<{ id: string; status: string }>(
    'disputes',
    'select gateway_dispute_id as id, status from payments.disputes',
  );
  const seen = new Set<string>();
  for (const intent of bank.intents()) {
    const orderId = intent.metadata.order_id!;
    if (seen.has(orderId)) wrong.push(`order ${orderId} has two intents at the provider`);
    seen.add(orderId);
    const charge = paidCharge(intent);
    const [taken, back] = charge ? [charge.amountCaptured, refundedAmount(charge)] : [0, 0];
    const row = ours.get(orderId);
    if (Number(row?.captured ?? 0) !== taken)
      wrong.push(`the provider took ${taken} for ${orderId}, we booked ${row?.captured}`);
    if (Number(row?.refunded ?? 0) !== back)
      wrong.push(`the provider gave ${back} back for ${orderId}, we booked ${row?.refunded}`);
    const dispute = charge?.dispute;
    if (dispute) {
      const known = disputes.find(({ id }) => id === dispute.id)?.status;
      const status = dispute.status === 'needs_response' ? 'OPEN' : dispute.status.toUpperCase();
      if (known !== status) wrong.push(`a dispute about ${orderId} is ${status}, and we know it as ${known}`);
    }
    if (intent.status === 'requires_capture') wrong.push(`the provider still holds money for ${orderId}`);
  }
  return wrong;
}

const uuid = (wire: string): string => parseId(wire)!.uuid;

/** Everything clients were told succeeded is there. */
async function wordsAgainstTables(database: SimulatedDatabase, told: Acknowledged): Promise<string[]> {
  const wrong: string[] = [];
  const orders = await database.prepared<OrderRow>(
    'told orders',
    `select o.id, o.status, count(e.id) filter (where e.kind = 'PAYMENT_SUBMITTED')::int as submitted
     from orders.orders o left join orders.order_events e on e.order_id = o.id group by o.id`,
  );
  const byId = new Map(orders.map((row) => [row.id, row]));
  for (const id of told.orders.values())
    if (!byId.has(uuid(id))) wrong.push(`the order ${id} was acknowledged and is gone`);
  for (const id of told.cancelled) {
    const status = byId.get(uuid(id))?.status;
    if (status !== 'CANCELLED') wrong.push(`the cancellation of ${id} was acknowledged, and it is ${status}`);
  }
  for (const [id, keys] of told.paid) {
    const submitted = byId.get(uuid(id))?.submitted ?? 0;
    if (submitted !== keys.size) wrong.push(`${id} was paid ${keys.size} times by its shopper and notes ${submitted}`);
  }
  const parcels = await database.prepared<{ id: string; order_id: string; status: string }>(
    'told parcels',
    'select id, order_id, status from orders.fulfillments',
  );
  for (const [id, status] of told.parcels) {
    const now = parcels.find((parcel) => parcel.id === uuid(id))?.status;
    if (!now || (status === 'SHIPPED' && now !== 'SHIPPED' && now !== 'DELIVERED')) {
      wrong.push(`the parcel ${id} was told to be ${status}, and it is ${now}`);
    }
  }
  for (const id of told.delivered) {
    // Another parcel may have left since: what was delivered stays so.
    if (!parcels.some((parcel) => parcel.order_id === uuid(id) && parcel.status === 'DELIVERED')) {
      wrong.push(`${id} was told to be delivered, and no parcel of it is`);
    }
  }
  const credits = await database.prepared<{ id: string }>('told credits', 'select id from orders.credits');
  for (const id of told.refunds.values()) {
    if (!credits.some((credit) => credit.id === uuid(id))) wrong.push(`the refund ${id} was acknowledged and is gone`);
  }
  const accounts = await database.prepared<{ id: string; status: string; sessions: number }>(
    'told accounts',
    `select u.id, u.status, count(s.id) filter (where s.revoked_at is null)::int as sessions
     from users.users u left join users.sessions s on s.user_id = u.id group by u.id`,
  );
  for (const id of told.registered) {
    const account = accounts.find((row) => row.id === uuid(id));
    const wanted = told.suspended.has(id) ? 'SUSPENDED' : account?.status;
    if (!account || account.status !== wanted) wrong.push(`the account ${id} should be ${wanted}: ${account?.status}`);
    if (account?.status === 'SUSPENDED' && account.sessions > 0) wrong.push(`${id} is suspended and has a session`);
  }
  for (const { guest, what } of await database.prepared<{ guest: string; what: string }>('told guests', GUESTS)) {
    if (told.identified.has(guest)) wrong.push(`the guest ${guest} is known to be a user and still has ${what}`);
  }
  const prices = await database.prepared<{ variant_id: string; amount: string }>(
    'told prices',
    'select variant_id, amount_minor::text as amount from products.product_prices',
  );
  for (const [id, amount] of told.prices) {
    const minor = String(fromDecimal(amount, 'EUR' as never)!.amountMinor);
    const now = prices.filter((price) => price.variant_id === uuid(id)).map((price) => price.amount);
    if (now.length !== 1 || now[0] !== minor)
      wrong.push(`the price ${minor} of ${id} was acknowledged, and it is ${now}`);
  }
  return wrong;
}

/** What is on the shelves is what was there, what clients added, what left and what came back: counted beside inventory. */
async function stockAgainstWords(database: SimulatedDatabase, told: Acknowledged, base: Base): Promise<string[]> {
  const expected = new Map<string, number>();
  const add = (level: string, units: number) => expected.set(level, (expected.get(level) ?? 0) + units);
  for (const [level, units] of Object.entries(base.stock)) add(level.split('/').map(uuid).join('/'), units);
  for (const { level, delta } of told.stock.values()) add(level.split('/').map(uuid).join('/'), delta);
  const moved = await database.prepared<{ level: string; units: number }>(
    'moved',
    `select variant_id || '/' || warehouse_id as level, sum(returned - shipped)::int as units
     from orders.order_allocations group by 1`,
  );
  for (const { level, units } of moved) add(level, units);
  const levels = await database.prepared<{ level: string; on_hand: number }>(
    'levels',
    `select variant_id || '/' || warehouse_id as level, on_hand from inventory.levels`,
  );
  const actual = new Map(levels.map(({ level, on_hand }) => [level, on_hand]));
  return [...expected].flatMap(([level, units]) =>
    (actual.get(level) ?? 0) === units ? [] : [`${level} should hold ${units} and holds ${actual.get(level) ?? 0}`],
  );
}
