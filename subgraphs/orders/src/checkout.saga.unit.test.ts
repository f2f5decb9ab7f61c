import {
  type CurrencyCode,
  type OrderId,
  type PaymentId,
  type RefundId,
  Rejection,
  type VariantId,
} from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { type Decision, decide, type Heard } from './checkout.saga.ts';
import { AT_PROVIDER } from './credit.ts';
import { type CheckoutStep, type Credit, canMove, moves, type Order, type OrderStatus } from './order.ts';

const now = new Date('2026-06-15T12:00:00Z');
const minutes = (n: number) => new Date(now.getTime() + n * 60_000);
const CREDIT = 'credit' as RefundId;
const orderId = 'o' as OrderId;
const paymentId = 'p' as PaymentId;
const EUR = 'EUR' as CurrencyCode;

const holding = {
  id: orderId,
  orderNumber: 'S-1',
  principal: 'guest:1',
  status: 'PENDING',
  version: 1,
  step: 'HOLDING',
  deadline: minutes(0.5),
  deadlinesMet: 0,
  attempt: 0,
  paymentMethod: null,
  authorized: false,
  captured: 0,
  credited: 0,
  refunded: 0,
  shippingRefunded: 0,
  cancelReason: null,
  missing: null,
  confirmedAt: null,
  updatedAt: now,
  currency: EUR,
  total: 1000,
  payWithinMs: 15 * 60_000,
  cancelCreditId: CREDIT,
  lines: [],
  credits: [],
} as unknown as Order;
const paying: Order = { ...holding, status: 'AWAITING_PAYMENT', step: 'PAYING', version: 2, deadline: minutes(15) };
const capturing: Order = {
  ...paying,
  status: 'CONFIRMED',
  step: 'CAPTURING',
  version: 3,
  authorized: true,
  confirmedAt: now,
};
const done: Order = { ...capturing, step: 'DONE', version: 4, captured: 1000, deadline: null };
const shipped: Order = { ...done, status: 'SHIPPED' };
const credit = (status: Credit['status']): Credit => ({
  id: CREDIT,
  kind: 'CANCELLATION',
  status,
  amount: 1000,
  shipping: 0,
  reason: null,
  failure: null,
  createdAt: now,
  settledAt: null,
});
const cancelled: Order = {
  ...paying,
  status: 'CANCELLED',
  step: 'CANCELLED',
  deadline: null,
  credited: 1000,
  cancelReason: 'EXPIRED',
  credits: [credit('NOT_DUE')],
};

const money = (amountMinor = 1000, currency = EUR) => ({ amountMinor, currency });
const stockHeld: Heard = {
  type: 'inventory.StockHeld',
  data: { orderId, parts: [], expiresAt: minutes(60).toISOString() },
};
const missing = [{ variantId: 'v' as VariantId, requested: 2, available: 1 }];
const stockRefused: Heard = { type: 'inventory.StockRefused', data: { orderId, missing } };
const authorized = (amount = money()): Heard => ({
  type: 'payments.PaymentAuthorized',
  data: { orderId, paymentId, amount },
});
const captured = (amount = money()): Heard => ({
  type: 'payments.PaymentCaptured',
  data: { orderId, paymentId, amount },
});
const declined = (attempt = 1): Heard => ({
  type: 'payments.PaymentDeclined',
  data: { orderId, paymentId, attempt, code: 'card_declined', message: 'No.' },
});
const action: Heard = { type: 'payments.PaymentActionRequired', data: { orderId, paymentId, attempt: 1 } };
const captureFailed: Heard = { type: 'payments.CaptureFailed', data: { orderId, paymentId, message: 'No.' } };
const voided: Heard = { type: 'payments.PaymentVoided', data: { orderId, paymentId } };
const settled: Heard = { type: 'payments.RefundSettled', data: { orderId, refundId: CREDIT, amount: money() } };
const failed: Heard = {
  type: 'payments.RefundFailed',
  data: { orderId, refundId: CREDIT, amount: money(), message: 'No.' },
};
const disputed: Heard = {
  type: 'payments.PaymentDisputed',
  data: { orderId, paymentId, amount: money(), reason: 'fraudulent' },
};
const deadline: Heard = { type: 'DEADLINE_PASSED' };
const pay: Heard = { type: 'PAY', paymentMethod: 'pm_1', actor: 'CUSTOMER' };
const cancel: Heard = { type: 'CANCEL', actor: 'CUSTOMER', actorId: null, why: null };

const given = (order: Order) => ({
  when: (heard: Heard, at = now) => {
    const decision = decide(order, heard, at);
    const says = decision.say.map(({ type }) => type.slice('orders.'.length));
    return {
      decision,
      becomes(status: OrderStatus, step: CheckoutStep, ...said: string[]): Decision {
        expect([decision.order.status, decision.order.step, ...says]).toEqual([status, step, ...said]);
        expect(decision.order.version).toBe(order.version + Math.max(1, said.length));
        return decision;
      },
      changesNothing() {
        expect(decision.order).toBe(order);
        expect([decision.say, decision.log, decision.credits]).toEqual([[], [], []]);
      },
    };
  },
});
const refuses = (order: Order, heard: Heard, code: string) => {
  expect(() => decide(order, heard, now)).toThrow(Rejection);
  expect(() => decide(order, heard, now)).toThrow(expect.objectContaining({ code }));
};

describe('the statuses of an order', () => {
  it('move along this table and no other way', () => {
    const all = Object.keys(moves) as OrderStatus[];
    const table = all.map((from) => [from, all.filter((to) => canMove(from, to))]);
    expect(Object.fromEntries(table)).toEqual({
      PENDING: ['AWAITING_PAYMENT', 'CONFIRMED', 'CANCELLED'],
      AWAITING_PAYMENT: ['CONFIRMED', 'CANCELLED'],
      CONFIRMED: ['PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED'],
      PARTIALLY_SHIPPED: ['SHIPPED'],
      SHIPPED: ['DELIVERED'],
      DELIVERED: [],
      CANCELLED: [],
    });
  });
  it('never move elsewhere by any fact in any state', () => {
    const states = [
      holding,
      paying,
      capturing,
      done,
      shipped,
      cancelled,
      { ...holding, authorized: true },
      { ...cancelled, credits: [credit('SETTLED')] },
    ];
    const facts = [
      stockHeld,
      stockRefused,
      authorized(),
      authorized(money(1)),
      captured(),
      captured(money(1)),
      declined(),
      action,
      captureFailed,
      voided,
      disputed,
      deadline,
    ];
    for (const state of states) {
      for (const fact of facts) {
        for (const at of [now, minutes(100_000)]) {
          const { order, credits } = decide(state, fact, at);
          if (order.status !== state.status) expect(canMove(state.status, order.status)).toBe(true);
          expect(order.status === 'CANCELLED').toBe(order.step === 'CANCELLED');
          expect(order.credited).toBeLessThanOrEqual(order.total);
          if (order.status === 'CANCELLED') expect(order.deadline).toBeNull();
          if (order.status === 'CANCELLED' && state.status !== 'CANCELLED') expect(credits).toHaveLength(1);
        }
      }
    }
  });
});

describe('checkout, while stock is being held', () => {
  it('asks for the payment when stock is held, and waits no longer than stock does', () => {
    expect(
      given(holding).when(stockHeld).becomes('AWAITING_PAYMENT', 'PAYING', 'PaymentRequested').order.deadline,
    ).toEqual(minutes(15));
    const short: Heard = { ...stockHeld, data: { orderId, parts: [], expiresAt: minutes(5).toISOString() } };
    expect(decide(holding, short, now).order.deadline).toEqual(minutes(5));
  });
  it('submits the payment that was chosen meanwhile', () => {
    const chosen = given(holding).when(pay).becomes('PENDING', 'HOLDING').order;
    expect(chosen.paymentMethod).toBe('pm_1');
    const { order } = given(chosen)
      .when(stockHeld)
      .becomes('AWAITING_PAYMENT', 'PAYING', 'PaymentRequested', 'PaymentSubmitted');
    expect([order.attempt, order.paymentMethod]).toEqual([1, null]);
  });
  it('confirms at once what costs nothing', () => {
    given({ ...holding, total: 0 })
      .when(stockHeld)
      .becomes('CONFIRMED', 'DONE', 'OrderConfirmed');
  });
  it('is cancelled with the missing lines when stock refuses', () => {
    const { order, credits } = given(holding).when(stockRefused).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled');
    expect([order.cancelReason, order.missing, order.credited]).toEqual(['OUT_OF_STOCK', missing, 1000]);
    expect(credits).toEqual([
      { insert: { id: CREDIT, kind: 'CANCELLATION', status: 'NOT_DUE', amount: 1000, shipping: 0, reason: null } },
    ]);
  });
  it('asks three times more, then gives up', () => {
    let order = holding;
    for (let i = 1; i <= 3; i++)
      order = given(order).when(deadline, minutes(i)).becomes('PENDING', 'HOLDING', 'OrderCreated').order;
    expect(
      given(order).when(deadline, minutes(9)).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled').order.cancelReason,
    ).toBe('EXPIRED');
  });
  it('keeps money that came early, and confirms when stock follows', () => {
    const early = given(holding).when(authorized()).becomes('PENDING', 'HOLDING').order;
    given(early).when(authorized()).changesNothing();
    given(early).when(stockHeld).becomes('CONFIRMED', 'CAPTURING', 'OrderConfirmed');
    const taken = given(holding).when(captured()).becomes('PENDING', 'HOLDING').order;
    given(taken).when(stockHeld).becomes('CONFIRMED', 'DONE', 'OrderConfirmed');
    expect(decide(early, stockRefused, now).credits).toMatchObject([{ insert: { status: 'REQUESTED' } }]);
  });
  it('can be cancelled by its owner', () => {
    expect(given(holding).when(cancel).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled').order.cancelReason).toBe(
      'CUSTOMER',
    );
  });
});

describe('checkout, while paying', () => {
  it('confirms when payment is authorized', () => {
    const { order } = given(paying).when(authorized()).becomes('CONFIRMED', 'CAPTURING', 'OrderConfirmed');
    expect([order.confirmedAt, order.deadline]).toEqual([now, minutes(15)]);
  });
  it('confirms and is done when the money was captured at once', () => {
    given(paying).when(captured()).becomes('CONFIRMED', 'DONE', 'OrderConfirmed');
  });
  it('ignores a second StockHeld', () => given(paying).when(stockHeld).changesNothing());
  it('waits for another card after a decline', () =>
    given({ ...paying, attempt: 1 })
      .when(declined())
      .becomes('AWAITING_PAYMENT', 'PAYING'));
  it('ignores the decline of an earlier try', () =>
    given({ ...paying, attempt: 2 })
      .when(declined(1))
      .changesNothing());
  it('rises when the bank asks for a confirmation, so that it is shown', () =>
    given(paying).when(action).becomes('AWAITING_PAYMENT', 'PAYING'));
  it('counts every try', () => {
    const { order, say } = given({ ...paying, attempt: 1 })
      .when(pay)
      .becomes('AWAITING_PAYMENT', 'PAYING', 'PaymentSubmitted');
    expect([order.attempt, say[0]]).toEqual([
      2,
      { type: 'orders.PaymentSubmitted', attempt: 2, paymentMethod: 'pm_1' },
    ]);
  });
  it('cancels at the deadline, so that stock is released', () => {
    given(paying).when(deadline).changesNothing();
    expect(
      given(paying).when(deadline, minutes(15)).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled').order.cancelReason,
    ).toBe('EXPIRED');
  });
  it('takes a payment after the deadline, where nobody has looked yet', () => {
    given(paying).when(authorized(), minutes(20)).becomes('CONFIRMED', 'CAPTURING', 'OrderConfirmed');
  });
  it.each([money(999), money(1000, 'USD' as CurrencyCode)])(
    'cancels and gives back a payment of another amount',
    (amount) => {
      const { order, credits } = given(paying)
        .when(authorized(amount))
        .becomes('CANCELLED', 'CANCELLED', 'OrderCancelled');
      expect(order.cancelReason).toBe('PAYMENT_FAILED');
      expect(credits).toMatchObject([{ insert: { status: 'REQUESTED' } }]);
    },
  );
  it('is cancelled when stock takes its word back', () => {
    given(paying).when(stockRefused).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled');
  });
});

describe('checkout, once confirmed', () => {
  it('is done when the money is captured', () => {
    const { order } = given(capturing).when(captured()).becomes('CONFIRMED', 'DONE');
    expect([order.captured, order.deadline]).toEqual([1000, null]);
    given(order).when(captured()).changesNothing();
  });
  it('ignores replays', () => {
    for (const heard of [stockHeld, authorized(), declined(), action]) given(capturing).when(heard).changesNothing();
  });
  it('warns when capture is late and waits on', () => {
    const { order } = given(capturing).when(deadline, minutes(15)).becomes('CONFIRMED', 'CAPTURING');
    expect(order.deadline).toEqual(minutes(15 + 24 * 60));
  });
  it.each([captureFailed, voided])('is cancelled where the money cannot be taken', (heard) => {
    expect(given(capturing).when(heard).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled').order.cancelReason).toBe(
      'PAYMENT_FAILED',
    );
  });
  it('is cancelled and refunded where stock was gone by then', () => {
    const { credits } = given(done).when(stockRefused).becomes('CANCELLED', 'CANCELLED', 'OrderCancelled');
    expect(credits).toMatchObject([{ insert: { id: CREDIT, status: 'REQUESTED', amount: 1000 } }]);
  });
  it('credits only the rest when it is cancelled after a refund', () => {
    const { order, credits } = given({ ...done, credited: 300 })
      .when(cancel)
      .becomes('CANCELLED', 'CANCELLED', 'OrderCancelled');
    expect([order.credited, credits]).toMatchObject([1000, [{ insert: { amount: 700 } }]]);
  });
  it('cannot be cancelled once something was shipped, nor fall back', () => {
    refuses(shipped, cancel, 'NOT_CANCELLABLE');
    for (const heard of [stockRefused, captureFailed, voided, deadline]) given(shipped).when(heard).changesNothing();
  });
  it('is not paid again', () => {
    refuses(capturing, pay, 'NOT_PAYABLE');
    refuses(cancelled, pay, 'NOT_PAYABLE');
  });
  it('tells staff of a dispute', () =>
    expect(given(shipped).when(disputed).becomes('SHIPPED', 'DONE').log[0]!.kind).toBe('DISPUTED'));
});

describe('checkout, once cancelled', () => {
  it('gives money back that arrives too late', () => {
    for (const late of [authorized(), captured()]) {
      const { credits } = given(cancelled).when(late).becomes('CANCELLED', 'CANCELLED', 'VoidRequested');
      expect(credits).toEqual([{ id: CREDIT, status: 'REQUESTED', failure: null }]);
    }
  });
  it('asks once for each kind of money', () => {
    const { order } = decide(cancelled, authorized(), now);
    given(order).when(authorized()).changesNothing();
    const taken = given(order).when(captured()).becomes('CANCELLED', 'CANCELLED', 'VoidRequested').order;
    given(taken).when(captured()).changesNothing();
  });
  it('records money that was seen only after it had gone back, and asks for nothing', () => {
    const back = { ...cancelled, credits: [credit('SETTLED')] };
    expect(given(back).when(captured()).becomes('CANCELLED', 'CANCELLED').order.captured).toBe(1000);
    given({ ...cancelled, credits: [credit('VOIDED')] })
      .when(authorized())
      .changesNothing();
  });
  it('stays cancelled by whatever comes', () => {
    for (const heard of [stockHeld, stockRefused, declined(), action, captureFailed, deadline])
      given(cancelled).when(heard).changesNothing();
    refuses(cancelled, cancel, 'NOT_CANCELLABLE');
  });
  it('notes that the payment was given up, once', () => {
    const owed = { ...cancelled, authorized: true, credits: [credit('REQUESTED')] };
    given(owed).when(voided).becomes('CANCELLED', 'CANCELLED');
    given({ ...cancelled, credits: [credit('VOIDED')] })
      .when(voided)
      .changesNothing();
  });
});

describe('refunds', () => {
  const owed: Order = { ...cancelled, captured: 1000, credits: [credit('REQUESTED')] };
  it('are said once when they are settled', () => {
    const { order, credits } = given(owed).when(settled).becomes('CANCELLED', 'CANCELLED', 'OrderRefunded');
    expect([order.refunded, credits]).toEqual([1000, [{ id: CREDIT, status: 'SETTLED', failure: null }]]);
    given({ ...order, credits: [credit('SETTLED')] })
      .when(settled)
      .changesNothing();
  });
  it('are kept for another try when the provider refuses', () => {
    expect(given(owed).when(failed).becomes('CANCELLED', 'CANCELLED').credits).toEqual([
      { id: CREDIT, status: 'FAILED', failure: 'No.' },
    ]);
    given({ ...owed, credits: [credit('FAILED')] })
      .when(failed)
      .changesNothing();
    given({ ...owed, credits: [credit('FAILED')] })
      .when(settled)
      .becomes('CANCELLED', 'CANCELLED', 'OrderRefunded');
  });
  it('that come back from a bank after they were settled are owed again', () => {
    const back = { ...owed, refunded: 1000, credits: [credit('SETTLED')] };
    const { order, credits } = given(back).when(failed).becomes('CANCELLED', 'CANCELLED');
    expect([order.refunded, credits]).toEqual([0, [{ id: CREDIT, status: 'FAILED', failure: 'No.' }]]);
  });
});

describe('a refund made at the provider', () => {
  const BY_HAND = 'by hand' as RefundId;
  const byHand = (amountMinor: number): Heard => ({
    type: 'payments.RefundSettled',
    data: { orderId, refundId: BY_HAND, amount: { amountMinor, currency: EUR } },
  });
  const insert = (amount: number) => ({
    insert: { id: BY_HAND, kind: 'REFUND', status: 'SETTLED', amount, shipping: 0, reason: AT_PROVIDER },
  });
  const refund = (id: string, status: Credit['status'], amount: number): Credit => ({
    ...credit(status),
    id: id as RefundId,
    kind: 'REFUND',
    amount,
  });

  it('gets a credit of its own, is said, and stands on the timeline', () => {
    const { order, credits, log } = given(done).when(byHand(300)).becomes('CONFIRMED', 'DONE', 'OrderRefunded');
    expect([order.refunded, order.credited, credits]).toEqual([300, 300, [insert(300)]]);
    expect(log.map(({ kind }) => kind)).toEqual(['REFUNDED_AT_PROVIDER']);
    given({ ...order, credits: [refund('by hand', 'SETTLED', 300)] })
      .when(byHand(300))
      .changesNothing();
  });
  it('stands in for a failed refund of the same amount, with its lines', () => {
    const order = {
      ...done,
      credited: 300,
      credits: [{ ...refund('r', 'FAILED', 300), failure: 'No.', shipping: 50 }],
    };
    const { order: after, credits } = given(order).when(byHand(300)).becomes('CONFIRMED', 'DONE', 'OrderRefunded');
    expect([after.refunded, after.credited]).toEqual([300, 300]);
    expect(credits).toEqual([
      { id: 'r', status: 'RETRIED', failure: 'No.' },
      { insert: { ...insert(300).insert, shipping: 50, reason: null }, linesOf: 'r' },
    ]);
  });
  it('of a cancelled order is what its cancellation owed, whole or in part', () => {
    const order = { ...cancelled, captured: 1000, credits: [credit('FAILED')] };
    const whole = given(order).when(byHand(1000)).becomes('CANCELLED', 'CANCELLED', 'OrderRefunded');
    expect([whole.order.refunded, whole.order.credited]).toEqual([1000, 1000]);
    expect(whole.credits[0]).toEqual({ id: CREDIT, status: 'RETRIED', failure: null });
    const part = given(order).when(byHand(400)).becomes('CANCELLED', 'CANCELLED', 'OrderRefunded');
    expect([part.order.refunded, part.order.credited]).toEqual([400, 1000]);
    expect(part.credits).toEqual([{ id: CREDIT, left: 600 }, insert(400)]);
  });
  it('takes first what was not credited yet, then from failed refunds, then from those under way', () => {
    const order = {
      ...done,
      credited: 700,
      credits: [refund('under way', 'REQUESTED', 400), refund('failed', 'FAILED', 200), refund('old', 'SETTLED', 100)],
      refunded: 100,
    };
    const { order: after, credits } = given(order).when(byHand(800)).becomes('CONFIRMED', 'DONE', 'OrderRefunded');
    expect([after.refunded, after.credited]).toEqual([900, 1000]);
    expect(credits).toEqual([
      { id: 'failed', status: 'NOT_DUE', failure: null, amount: 0 },
      { id: 'under way', left: 100 },
      insert(800),
    ]);
  });
  it('leaves nothing to look after of a refund under way that is refused for it', () => {
    const order = { ...done, credited: 300, refunded: 300, credits: [refund('r', 'REQUESTED', 0)] };
    const refused: Heard = {
      type: 'payments.RefundFailed',
      data: { orderId, refundId: 'r' as RefundId, amount: { amountMinor: 300, currency: EUR }, message: 'No.' },
    };
    const { credits, log } = given(order).when(refused).becomes('CONFIRMED', 'DONE');
    expect([credits, log]).toEqual([[{ id: 'r', status: 'NOT_DUE', failure: null }], []]);
  });
  it('that a bank returned lets the refund under way come to what was asked, and is owed for the rest', () => {
    const waiting = [refund('under way', 'REQUESTED', 400), refund('by hand', 'FAILED', 600)];
    const order = { ...done, credited: 1000, credits: waiting };
    const settled: Heard = {
      type: 'payments.RefundSettled',
      data: { orderId, refundId: 'under way' as RefundId, amount: { amountMinor: 700, currency: EUR } },
    };
    const { order: after, credits } = given(order).when(settled).becomes('CONFIRMED', 'DONE', 'OrderRefunded');
    expect([after.refunded, after.credited]).toEqual([700, 1000]);
    expect(credits).toEqual([
      { id: 'under way', status: 'SETTLED', failure: null, amount: 700 },
      { id: 'by hand', left: 300 },
    ]);
  });
});
