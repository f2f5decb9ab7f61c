import { randomUUID } from 'node:crypto';
import { guest, startTestHouses, type TestHouses } from '@souk/kit/testing';
import {
  type CurrencyCode,
  encodeId,
  type FactOf,
  type Money,
  money,
  type OrderId,
  type RefundId,
  type Viewer,
} from '@souk/schema';
import { payments } from './index.ts';
import type { PaymentsPorts } from './payments.ports.ts';

export const eur = (minor: number): Money => money(minor, 'EUR' as CurrencyCode);
export const EUR_4950 = eur(4950);
const contact = { email: 'a@example.com', firstName: 'A', lastName: 'B', locale: 'en' };

/** An order as the payments house hears of it. */
export interface TestOrder {
  readonly orderId: OrderId;
  readonly viewer: Viewer;
  readonly amount: Money;
  readonly refundId: RefundId;
}

export interface TestPayments extends TestHouses {
  readonly ports: PaymentsPorts;
  /** Calls the simulator's control surface. */
  control<T = unknown>(path: string, params?: Readonly<Record<string, string>>): Promise<T>;
  /** Facts of the orders house, `times` deliveries each. They do not wait for what follows. */
  requested(amount?: Money, viewer?: Viewer, times?: number): Promise<TestOrder>;
  submitted(order: TestOrder, paymentMethod: string, attempt?: number, times?: number): Promise<void>;
  confirmed(order: TestOrder, times?: number): Promise<void>;
  cancelled(order: TestOrder, times?: number): Promise<void>;
  refundRequested(order: TestOrder, amount: Money, refundId?: RefundId, times?: number): Promise<RefundId>;
  /** Runs the ticks and delivers the simulator's webhooks until nothing moves. */
  settled(): Promise<void>;
  /** The facts said about an order, as `[type, data]` without the house's name, oldest first. */
  words(order: TestOrder): Promise<[string, Record<string, unknown>][]>;
  /** Their types alone. */
  types(order: TestOrder): Promise<string[]>;
  row(order: TestOrder): Promise<PaymentColumns>;
  /** The order's payment as a viewer sees it. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of a document it wrote itself
  see(order: TestOrder, fields: string, viewer?: Viewer): Promise<any>;
  /** Charges that hold or took money at the provider, and what it refunded, in minor units. */
  atProvider(order: TestOrder): Promise<{ status: string; charges: number; received: number; refunded: number }>;
  /** Makes everything that waits for its time due now. */
  hurry(): Promise<void>;
}

export interface PaymentColumns {
  readonly id: string;
  readonly status: string;
  readonly gateway_intent_id: string;
  readonly captured: string;
  readonly refunded: string;
  readonly refunding: string;
  readonly attempt: number;
  readonly tries: number;
  readonly due_at: Date | null;
  readonly lease_until: Date | null;
}

interface Shape {
  readonly status: string;
  readonly charges: readonly {
    captured: boolean;
    decline: object | null;
    amountCaptured: number;
    refunds: readonly { amount: number; status: string }[];
  }[];
}

export async function startTestPayments(): Promise<TestPayments> {
  const t = await startTestHouses([payments]);
  const ports = t.house('payments').context(guest()).ports as PaymentsPorts;
  const { url, secretKey } = ports.simulator!;

  const control: TestPayments['control'] = async <T>(path: string, params: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}/_simulator/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: new URLSearchParams(params),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(body));
    return body as T;
  };
  const hear = async (
    type: FactOf<'orders.OrderCreated'>['type'] | string,
    order: TestOrder,
    data: object,
    times = 1,
  ) => {
    await t.hear('payments', type as 'orders.PaymentRequested', { key: order.orderId, data: data as never }, times);
  };
  const orderNumberOf = ({ orderId }: TestOrder) => `S-${orderId.slice(-6)}`;

  const self: TestPayments = {
    ...t,
    ports,
    control,
    async requested(amount = EUR_4950, viewer = guest(), times = 1) {
      const order = { orderId: randomUUID() as OrderId, refundId: randomUUID() as RefundId, viewer, amount };
      const { principal } = viewer;
      const data = { orderId: order.orderId, orderNumber: orderNumberOf(order), principal, amount };
      await hear('orders.PaymentRequested', order, data, times);
      return order;
    },
    submitted: (order, paymentMethod, attempt = 1, times = 1) =>
      hear('orders.PaymentSubmitted', order, { orderId: order.orderId, attempt, paymentMethod }, times),
    confirmed: (order, times = 1) =>
      hear(
        'orders.OrderConfirmed',
        order,
        {
          orderId: order.orderId,
          orderNumber: orderNumberOf(order),
          principal: order.viewer.principal,
          cartId: null,
          lines: [],
          contact,
          readable: [],
          subtotal: order.amount,
          shipping: eur(0),
          tax: eur(0),
          total: order.amount,
        },
        times,
      ),
    cancelled: (order, times = 1) =>
      hear(
        'orders.OrderCancelled',
        order,
        {
          orderId: order.orderId,
          orderNumber: orderNumberOf(order),
          reason: 'CUSTOMER',
          wasConfirmed: false,
          refundId: order.refundId,
          contact,
        },
        times,
      ),
    async refundRequested(order, amount, refundId = randomUUID() as RefundId, times = 1) {
      const data = { orderId: order.orderId, refundId, amount, reason: null, restock: [], release: [] };
      await hear('orders.RefundRequested', order, data, times);
      return refundId;
    },
    async settled() {
      await t.quiet();
      await control('webhooks/flush');
      await t.quiet();
    },
    async words({ orderId }) {
      const said = await t.said('payments');
      return said
        .filter((fact) => fact.key === orderId)
        .map((fact) => [fact.type.replace('payments.', ''), fact.data as unknown as Record<string, unknown>]);
    },
    types: async (order) => (await self.words(order)).map(([type]) => type),
    async row({ orderId }) {
      const [row] = await t.sql<PaymentColumns>('select * from payments.payments where order_id = $1', [orderId]);
      return row!;
    },
    async see({ orderId, viewer }, fields, as = viewer) {
      const refs = [{ __typename: 'Order', id: encodeId('Order', orderId) }];
      const document = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { payment { ${fields} } } } }`;
      const { _entities } = await t.run('payments', as, document, { refs });
      return _entities[0].payment;
    },
    async atProvider(order) {
      const { gateway_intent_id: id } = await self.row(order);
      const [{ state } = { state: undefined }] = await t.sql<{ state: Shape }>(
        'select state from stripe_simulator.payment_intents where id = $1',
        [id],
      );
      const good = (state?.charges ?? []).filter((charge) => charge.decline === null);
      const refunds = good.flatMap((charge) => charge.refunds).filter((refund) => refund.status !== 'failed');
      return {
        status: state?.status ?? 'none',
        charges: good.length,
        received: good.reduce((sum, charge) => sum + charge.amountCaptured, 0),
        refunded: refunds.reduce((sum, refund) => sum + refund.amount, 0),
      };
    },
    async hurry() {
      await t.sql(`update payments.payments set due_at = now() - interval '1 second' where due_at is not null`);
      await t.sql(`update payments.refunds set due_at = now() - interval '1 second' where due_at is not null`);
      await t.house('payments').runTick('settlePayments');
      await t.house('payments').runTick('settleRefunds');
      await self.settled();
    },
  };
  return self;
}

/** What must hold of the whole house whenever nothing is under way. */
export async function brokenLaws(t: TestHouses): Promise<string[]> {
  const laws: Record<string, string> = {
    'the books of a currency sum to zero': `
      select currency from payments.ledger_balances group by currency having sum(balance) <> 0`,
    'clearing is what was captured, less what went back and what is disputed': `
      select p.id from payments.payments p
      left join payments.ledger_entries e on e.payment_id = p.id
      group by p.id, p.captured, p.refunded
      having coalesce(sum(case when e.debit = 'CLEARING' then e.amount when e.credit = 'CLEARING' then -e.amount end)
        filter (where 'DISPUTES' not in (e.debit, e.credit)), 0) <> p.captured - p.refunded`,
    'what is refunded is the sum of settled refunds': `
      select p.id from payments.payments p left join payments.refunds r on r.payment_id = p.id
      group by p.id, p.refunded, p.refunding
      having p.refunded <> coalesce(sum(r.amount) filter (where r.status = 'SETTLED'), 0)
        or p.refunding <> coalesce(sum(r.amount) filter (where r.status = 'PENDING'), 0)`,
    'one intent per order': `
      select state->'metadata'->>'order_id' from stripe_simulator.payment_intents group by 1 having count(*) > 1`,
    'captured is within the amount': 'select id from payments.payments where captured > amount or refunded > captured',
  };
  const broken: string[] = [];
  for (const [law, query] of Object.entries(laws)) {
    if ((await t.sql(query)).length > 0) broken.push(law);
  }
  return broken;
}
