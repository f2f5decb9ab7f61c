import { facts } from '@souk/schema';

/** What must hold at rest, as one statement that lists what breaks it. Read as the administrator: no house sees all of it. */
export interface Law {
  readonly number: number;
  readonly text: string;
  readonly sql: string;
}

export interface Violation {
  readonly law: Law;
  /** At most ten rows that break it. */
  readonly examples: readonly object[];
}

const sold = `('CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED')`;
const speakers = [...new Set(Object.keys(facts).map((type) => type.split('.')[0]!))];
const hearers = [...new Set(Object.values(facts).flatMap((info) => info.heardBy))].sort();

/** Law 5 over all houses: nothing is left in an outbox, and each ear has each fact meant for it once. */
function deliveries(): string {
  const said = speakers
    .map((house) => `select id, type, published_at, '${house}' as house from ${house}.outbox`)
    .join(' union all ');
  const wanted = Object.entries(facts).flatMap(([type, { heardBy }]) => heardBy.map((ear) => `('${type}', '${ear}')`));
  const got = hearers
    .flatMap((ear) => [
      `select fact_id, '${ear}' as ear from ${ear}.inbox`,
      `select fact_id, '${ear}' from ${ear}.dead_letters`,
    ])
    .join(' union all ');
  return `
    with said as (${said}), wanted (type, ear) as (values ${wanted.join(', ')}), got as (${got}),
    counted as (
      select s.id, s.type, w.ear, count(g.fact_id) as times from said s
      join wanted w on w.type = s.type left join got g on g.fact_id = s.id and g.ear = w.ear
      group by s.id, s.type, w.ear)
    select id, type, 'unpublished' as what from said where published_at is null
    union all select id, type, 'heard ' || times || ' times by ' || ear from counted where times <> 1`;
}

/** The conservation laws. Orders imported from elsewhere were paid elsewhere: the money laws speak of our own. */
export const laws: readonly Law[] = [
  {
    number: 1,
    text: 'per order: captured ≤ total, captured − refunded = total − credits, every refund names a credit; what a failed one owes waits for staff',
    sql: `
      with money as (
        select o.id, o.status, o.total, o.credited, coalesce(p.captured, 0) as captured, coalesce(p.refunded, 0) as refunded,
          coalesce((select sum(c.amount) from orders.credits c where c.order_id = o.id and c.status in ('SETTLED', 'NOT_DUE', 'VOIDED')), 0) as settled,
          exists (select from orders.credits c where c.order_id = o.id and c.status = 'FAILED') as failed
        from orders.orders o left join payments.payments p on p.order_id = o.id where o.origin = 'SHOP')
      select id, 'captured more than the total' as what from money where captured > total
      union all select id, 'captured less refunded is not what is owed' from money
        where status in ${sold} and captured - refunded <> total - settled
      union all select id, 'money kept of a cancelled order' from money where status = 'CANCELLED' and captured <> refunded and not failed
      union all select r.id, 'a refund without a credit' from payments.refunds r
        where r.status <> 'FAILED' and not exists (select from orders.credits c where c.id = r.id)`,
  },
  {
    number: 2,
    text: 'no capture without an order confirmed or later, or a refund for it',
    sql: `
      select p.id, coalesce(o.status, 'no order') as what from payments.payments p left join orders.orders o on o.id = p.order_id
      where p.captured > 0 and (o.id is null or o.status not in ${sold}) and p.refunded <> p.captured
        and not exists (select from orders.credits c where c.order_id = o.id and c.status = 'FAILED')`,
  },
  {
    number: 3,
    text: 'per variant and warehouse: on hand = Σ movements, available = on hand − held − allocated ≥ 0; a variant is the sum of its levels',
    sql: `
      with moved as (select variant_id, warehouse_id, sum(quantity) as quantity from inventory.movements group by 1, 2)
      select l.variant_id as id, 'on hand is not the sum of movements' as what from inventory.levels l
        left join moved m using (variant_id, warehouse_id) where l.on_hand <> coalesce(m.quantity, 0)
      union all select l.variant_id, 'promised more than is there' from inventory.levels l where on_hand - held - allocated < 0
      union all select v.variant_id, 'a variant is not the sum of its levels' from inventory.variants v
        left join (select variant_id, sum(on_hand) as on_hand, sum(on_hand - held - allocated) as available from inventory.levels group by 1) l
          using (variant_id)
        where v.on_hand <> coalesce(l.on_hand, 0) or v.available <> coalesce(l.available, 0)
      union all select f.id, 'a shipment is not one movement' from orders.fulfillments f
        where f.status in ('SHIPPED', 'DELIVERED') and exists (select from orders.orders o where o.id = f.order_id and o.origin = 'SHOP')
          and not exists (select from inventory.movements m where m.reference = f.id and m.kind = 'SHIPMENT')`,
  },
  {
    number: 4,
    text: 'held ⇔ an order awaiting payment, unexpired; allocated ⇔ confirmed, unshipped quantity',
    sql: `
      with parts as (
        select r.order_id, r.status, (p->>'variantId')::uuid as variant_id, (p->>'warehouseId')::uuid as warehouse_id,
          (p->>'quantity')::int - (p->>'shipped')::int as open
        from inventory.reservations r, jsonb_array_elements(r.parts) p),
      sums as (
        select variant_id, warehouse_id, coalesce(sum(open) filter (where status = 'HELD'), 0) as held,
          coalesce(sum(open) filter (where status = 'ALLOCATED'), 0) as allocated
        from parts group by 1, 2)
      select l.variant_id as id, 'held or allocated is not what orders were promised' as what from inventory.levels l
        left join sums s using (variant_id, warehouse_id)
        where l.held <> coalesce(s.held, 0) or l.allocated <> coalesce(s.allocated, 0)
      union all select r.order_id, 'held for an order that is ' || coalesce(o.status, 'unknown') from inventory.reservations r
        left join orders.orders o on o.id = r.order_id where r.status = 'HELD' and o.status is distinct from 'AWAITING_PAYMENT'
      union all select r.order_id, 'allocated to an order that is ' || coalesce(o.status, 'unknown') from inventory.reservations r
        left join orders.orders o on o.id = r.order_id
        where r.status = 'ALLOCATED' and (o.status is null or o.status not in ('CONFIRMED', 'PARTIALLY_SHIPPED'))
      union all select o.id, 'nothing is allocated to a confirmed order' from orders.orders o
        where o.origin = 'SHOP' and o.status in ('CONFIRMED', 'PARTIALLY_SHIPPED')
          and not exists (select from inventory.reservations r where r.order_id = o.id and r.status in ('ALLOCATED', 'SHIPPED'))
      union all select o.id, 'nothing is held for an order that awaits payment' from orders.orders o
        where o.status = 'AWAITING_PAYMENT'
          and not exists (select from inventory.reservations r where r.order_id = o.id and r.status = 'HELD')`,
  },
  {
    number: 5,
    text: 'every outbox row is published; per ear each fact has one inbox row or one dead letter',
    sql: deliveries(),
  },
  {
    number: 6,
    text: "projections equal their source: orders' price copy = products' prices, products' and carts' stock = inventory's",
    sql: `
      with theirs as (select variant_id, channel_id, currency, amount, valid_from, valid_to from orders.price_copies),
      ours as (
        select p.variant_id, p.channel_id, p.currency, p.amount_minor, p.valid_from, p.valid_to from products.product_prices p
        join products.product_variants v on v.id = p.variant_id
        where exists (select from products.outbox b where b.type = 'products.PriceChanged' and b.key = v.product_id::text))
      select variant_id as id, 'orders knows another price' as what from (select * from theirs except select * from ours) x
      union all select variant_id, 'orders does not know a price' from (select * from ours except select * from theirs) x
      union all select v.id, 'products shows another stock than inventory has' from products.product_variants v
        join inventory.variants i on i.variant_id = v.id where v.stock_quantity <> i.available`,
  },
  {
    number: 7,
    text: 'one result per (principal, operation, idempotency key); one payment per order',
    sql: `
      select order_id as id, 'two payments of one order' as what from payments.payments group by order_id having count(*) > 1
      union all select id, 'two orders of one cart version' from (
        select min(id::text)::uuid as id from orders.orders where status <> 'CANCELLED' and cart_id is not null
        group by principal, cart_id, cart_version having count(*) > 1) x`,
  },
  {
    number: 8,
    text: 'the double-entry ledger sums to zero, and holds what was captured and refunded',
    sql: `
      select null::uuid as id, 'the ledger does not sum to zero in ' || currency as what from payments.ledger_balances
        group by currency having sum(balance) <> 0
      union all select p.id, 'the ledger knows another captured amount' from payments.payments p
        where p.captured <> coalesce((select sum(amount) from payments.ledger_entries e where e.payment_id = p.id and e.credit = 'RECEIVABLE' and e.debit = 'CLEARING'), 0)`,
  },
];

/** Runs every law over a database at rest. An empty answer means that all hold. */
export async function violations(query: (sql: string) => Promise<object[]>): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const law of laws) {
    const examples = await query(`select * from (${law.sql}) as broken limit 10`);
    if (examples.length > 0) found.push({ law, examples });
  }
  return found;
}
