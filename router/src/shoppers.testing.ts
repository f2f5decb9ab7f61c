import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Callers } from './caller.testing.ts';
import { surely } from './killable.testing.ts';
import { attempt, fillCart, key, ORDER, pay, placeOrder, type Quoted, type Shop } from './shop.testing.ts';

/** What one shopper was told, kept on the shopper's side. */
export interface Log {
  readonly guest: Caller;
  readonly quoted: Quoted;
  readonly orderKey: string;
  readonly payKey: string;
  readonly orderId: string;
  /** True once paying was acknowledged. */
  paid: boolean;
}

export interface Crowd {
  readonly logs: Log[];
  /** Shoppers who were left without a final answer, each with why. */
  readonly stranded: string[];
  /** Answers so far. */
  readonly acknowledged: () => number;
  /** Never fails: who is stranded is listed. */
  readonly done: Promise<void>;
  /** Lets nobody in any more; who is inside goes on. */
  close(): void;
}

interface Sending {
  readonly count: number;
  /** So many at a time. */
  readonly atOnce?: number;
  /** Who leaves without paying, by number; every sixth if unsaid. */
  readonly leaves?: (number: number) => boolean;
  /** Each asks once: a shop that does not answer strands its shopper. */
  readonly impatient?: boolean;
  /** Between two shoppers in the same line. */
  readonly pauseMs?: number;
}

/**
 * Shoppers of variants A and B, each from a new session to a paid order. Each does everything again, by its key, until there is an
 * answer, as a patient client would.
 */
export function sendShoppers(
  souk: Pick<Callers, 'guest'>,
  shop: Shop,
  { count, atOnce = 6, leaves = (number) => number % 6 === 5, impatient = false, pauseMs = 0 }: Sending,
): Crowd {
  const logs: Log[] = [];
  const stranded: string[] = [];
  let answers = 0;
  let next = 0;
  let end = count;
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    const answer = await (impatient ? work() : surely(work));
    answers += 1;
    return answer;
  };
  async function buyOne(number: number): Promise<void> {
    const guest = await told(() => souk.guest());
    const quoted = await told(() => fillCart(guest, shop, number % 2 ? { A: 1, B: 1 } : { B: 1, A: 1 }));
    const [orderKey, payKey] = [key(), key()];
    const order = await told(() => placeOrder(guest, quoted, orderKey));
    const log: Log = { guest, quoted, orderKey, payKey, orderId: order.id, paid: false };
    logs.push(log);
    if (leaves(number)) return;
    const input = { idempotencyKey: payKey, orderId: order.id, paymentMethod: 'pm_card_visa' };
    const { errors } = await told(() => attempt(guest, 'payOrder', 'PayOrderInput', input, 'order { id }'));
    // After a long outage the deadline may have come first; that too is a final answer.
    if (errors.some(({ code }: { code: string }) => code !== 'NOT_PAYABLE')) throw new Error(JSON.stringify(errors));
    log.paid = errors.length === 0;
  }
  const shopper = async (): Promise<void> => {
    while (next < end) {
      const number = next++;
      await buyOne(number).catch((error: unknown) => {
        stranded.push(`Shopper ${number} was left without a final answer: ${String(error)}`);
      });
      if (pauseMs > 0) await sleep(pauseMs);
    }
  };
  return {
    logs,
    stranded,
    acknowledged: () => answers,
    done: Promise.all(Array.from({ length: atOnce }, shopper)).then(() => undefined),
    close() {
      end = Math.min(end, next);
    },
  };
}

/**
 * Acknowledgements that were not kept: the order is there, its keys lead to it, and who was told "paid" has it or the money. To be
 * asked at rest.
 */
export async function brokenWords(logs: readonly Log[]): Promise<string[]> {
  const broken: string[] = [];
  const held = (log: Log, isKept: boolean, what: string): void => {
    if (!isKept) broken.push(`Order ${log.orderId}: ${what}.`);
  };
  for (const log of logs) {
    const { guest, quoted, orderKey, payKey, orderId, paid } = log;
    try {
      const query = `query ($id: ID!) { order(id: $id) { ${ORDER} } }`;
      const { order } = await surely(() => guest.run(query, { id: orderId }));
      held(log, order?.id === orderId, 'it was acknowledged and is not there');
      if (!order) continue;
      const again = await surely(() => placeOrder(guest, quoted, orderKey));
      held(log, again.id === orderId, `its key now leads to ${again.id}`);
      const { status, cancelReason, payment, total } = order;
      const expired = status === 'CANCELLED' && cancelReason === 'EXPIRED';
      if (!paid) {
        held(log, expired, `nobody paid and it is ${status} (${cancelReason})`);
        continue;
      }
      const paidAgain = await surely(() => pay(guest, orderId, 'pm_card_visa', payKey));
      held(log, paidAgain.order.id === orderId, `the key of its payment now leads to ${paidAgain.order.id}`);
      const { status: standing, captured, refunded } = payment ?? {};
      const has =
        status === 'CONFIRMED'
          ? standing === 'CAPTURED' && captured.amount === total.amount
          : captured?.amount === refunded?.amount;
      held(
        log,
        has && (expired || status === 'CONFIRMED'),
        `paid, and it is ${status} (${cancelReason}), payment ${standing}`,
      );
    } catch (error) {
      broken.push(`Order ${orderId}: ${String(error)}`);
    }
  }
  return broken;
}

/** Lists what the provider did twice, told by the provider alone: one intent an order, and never more taken than it cost. */
export const CHARGED_TWICE = `
  with asked as (
    select p.order_id, p.amount, i.state,
      (select coalesce(sum((c->>'amountCaptured')::int), 0) from jsonb_array_elements(i.state->'charges') c) as taken,
      (select count(*) from jsonb_array_elements(i.state->'charges') c
        where (c->>'captured')::boolean or not (c->>'released')::boolean and c->'decline' = 'null') as charges
    from stripe_simulator.payment_intents i left join payments.payments p on p.gateway_intent_id = i.id)
  select * from asked where order_id is null or taken > amount or charges > 1
  union all select order_id, 0, null, 0, count(*) from asked group by order_id having count(*) > 1`;

/** Lists the orders that have not come to an end. */
export const OPEN_ORDERS = `select id, status from orders.orders where status in ('PENDING', 'AWAITING_PAYMENT')
  or (status = 'CONFIRMED' and step <> 'DONE')`;
