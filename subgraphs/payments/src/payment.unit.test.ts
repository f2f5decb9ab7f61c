import type { CurrencyCode, OrderId, PaymentId, RefundId } from '@souk/schema';
import { money } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMismatch, judgeEvent, knownIn } from './gateway-event.ts';
import { balances } from './ledger.ts';
import {
  type Change,
  cancel,
  change,
  giveUp,
  hear,
  isOpen,
  isTaken,
  loseSight,
  mostTries,
  moves,
  nextStep,
  type Payment,
  type PaymentStatus,
  type ProviderState,
  retryAt,
  type Told,
} from './payment.ts';
import { adoptRefund, hearRefund, type Refund, refundable, whyNotRefundable } from './refund.ts';

const now = new Date('2026-01-01T00:00:00Z');
const eur = (minor: number) => money(minor, 'EUR' as CurrencyCode);
const refundId = 'r' as RefundId;

const pending: Payment = {
  id: 'p' as PaymentId,
  orderId: 'o' as OrderId,
  orderNumber: 'S-1',
  amount: eur(1000),
  status: 'PENDING',
  version: 1,
  intentId: 'pi_1',
  clientSecret: 'secret',
  attempt: 0,
  answeredAttempt: 0,
  paymentMethod: null,
  decline: null,
  redirectUrl: null,
  card: null,
  captured: 0,
  refunded: 0,
  refunding: 0,
  captureWanted: false,
  cancelRefundId: null,
  asked: true,
  dueAt: null,
  tries: 0,
};
const told = (state: ProviderState): Told => ({ intentId: 'pi_1', amount: eur(1000), card: null, state });
const AUTHORIZED = told({ status: 'AUTHORIZED', authorized: eur(1000) });
const CAPTURED = told({ status: 'CAPTURED', captured: eur(1000) });
const CANCELLED = told({ status: 'CANCELLED' });
const DECLINED = told({ status: 'DECLINED', decline: { code: 'no', message: 'No.' } });
const CHALLENGED = told({ status: 'ACTION_REQUIRED', redirectUrl: 'http://bank' });
const PROCESSING = told({ status: 'PROCESSING' });
const NEW = told({ status: 'NEW' });
const everything = { AUTHORIZED, CAPTURED, CANCELLED, DECLINED, CHALLENGED, PROCESSING, NEW };

const as = (status: PaymentStatus, more: Partial<Payment> = {}): Payment => ({
  ...pending,
  status,
  captured: isTaken(status) ? 1000 : 0,
  refunded: status === 'REFUNDED' ? 1000 : status === 'PARTIALLY_REFUNDED' ? 400 : 0,
  ...more,
});
const said = (so: Change) => so.say.map(({ type }) => type.replace('payments.', ''));
const statuses = Object.keys(moves) as PaymentStatus[];

describe('what the provider tells', () => {
  it('leads from every status where the table says, and nowhere else', () => {
    const table = statuses.map((status) => [
      status,
      Object.entries(everything).map(([name, word]) => {
        const so = hear(as(status), word, 0, now);
        return `${name}→${so.payment.status}${so.payment.version === 1 ? '' : '!'}`;
      }),
    ]);
    const stay = (status: string) => Object.keys(everything).map((name) => `${name}→${status}`);
    const open = ['AUTHORIZED→AUTHORIZED!', 'CAPTURED→CAPTURED!', 'CANCELLED→VOIDED!'];
    expect(table).toEqual([
      [
        'PENDING',
        [...open, 'DECLINED→DECLINED!', 'CHALLENGED→ACTION_REQUIRED!', 'PROCESSING→PROCESSING!', 'NEW→PENDING'],
      ],
      [
        'PROCESSING',
        [...open, 'DECLINED→DECLINED!', 'CHALLENGED→ACTION_REQUIRED!', 'PROCESSING→PROCESSING', 'NEW→DECLINED!'],
      ],
      // The address of the bank's page is new.
      [
        'ACTION_REQUIRED',
        [...open, 'DECLINED→DECLINED!', 'CHALLENGED→ACTION_REQUIRED!', 'PROCESSING→PROCESSING!', 'NEW→DECLINED!'],
      ],
      [
        'DECLINED',
        [...open, 'DECLINED→DECLINED', 'CHALLENGED→ACTION_REQUIRED!', 'PROCESSING→PROCESSING!', 'NEW→DECLINED'],
      ],
      [
        'AUTHORIZED',
        ['AUTHORIZED→AUTHORIZED', 'CAPTURED→CAPTURED!', 'CANCELLED→VOIDED!', ...stay('AUTHORIZED').slice(3)],
      ],
      ...(['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'FAILED'] as const).map((status) => [
        status,
        stay(status),
      ]),
    ]);
  });

  it('never leads against the arrows, in any order, with any wishes', () => {
    const word = fc.constantFrom(...Object.values(everything));
    const act = fc.oneof(
      fc.tuple(fc.constant('hear' as const), word),
      fc.tuple(fc.constant('cancel' as const)),
      fc.tuple(fc.constant('submit' as const)),
      fc.tuple(fc.constant('capture' as const)),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        let payment = pending;
        let booked: Change['entries'] = [];
        let version = 1;
        const versions = new Set<number>();
        for (const [what, told_] of acts) {
          const before = payment;
          const so =
            what === 'hear'
              ? hear(payment, told_!, payment.attempt, now)
              : what === 'cancel'
                ? cancel(payment, refundId, now)
                : change(payment, what === 'submit' ? { attempt: payment.attempt + 1 } : { captureWanted: true }, now);
          payment = so.payment;
          booked = [...booked, ...so.entries];
          for (const saying of so.say) {
            expect(versions.has(saying.version)).toBe(false);
            versions.add(saying.version);
          }
          expect(payment.version).toBeGreaterThanOrEqual(version);
          version = payment.version;
          if (payment.status !== before.status) {
            expect(moves[before.status] as readonly string[]).toContain(payment.status);
          }
          expect(payment.captured).toBeLessThanOrEqual(payment.amount.amountMinor);
          expect(payment.refunded + payment.refunding).toBeLessThanOrEqual(payment.captured);
          expect(payment.dueAt === null).toBe(nextStep(payment) === null);
        }
        expect(balances(booked).CLEARING).toBe(payment.captured);
        expect(versions.size).toBeLessThanOrEqual(version);
      }),
    );
  });

  it('is said once, with the attempt it speaks of', () => {
    const twice = as('DECLINED', { attempt: 2, answeredAttempt: 1 });
    expect(said(hear(twice, DECLINED, 1, now))).toEqual([]);
    expect(hear(twice, DECLINED, 2, now).say[0]?.data).toMatchObject({ attempt: 2, code: 'no' });
    expect(said(hear(as('DECLINED', { attempt: 2, answeredAttempt: 2 }), DECLINED, 2, now))).toEqual([]);
  });

  it('of a capture that came before its authorization says both', () => {
    expect(said(hear(pending, CAPTURED, 0, now))).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
  });

  it('of a hold that ran out while it was to be taken says that the capture failed', () => {
    expect(said(hear(as('AUTHORIZED', { captureWanted: true }), CANCELLED, 0, now))).toEqual(['CaptureFailed']);
    expect(said(hear(as('AUTHORIZED'), CANCELLED, 0, now))).toEqual(['PaymentVoided']);
  });

  it.each([
    ['another amount', { ...AUTHORIZED, amount: eur(999) }, true],
    ['another hold', told({ status: 'AUTHORIZED', authorized: eur(999) }), true],
    ['more taken', told({ status: 'CAPTURED', captured: eur(1001) }), true],
    ['less taken', told({ status: 'CAPTURED', captured: eur(999) }), false],
    ['another currency', { ...AUTHORIZED, amount: money(1000, 'USD' as CurrencyCode) }, true],
    ['what was asked for', AUTHORIZED, false],
  ])('does not fit with %s: %#', (_, word, misfit) => {
    expect(isMismatch(pending, word)).toBe(misfit);
  });
});

describe('a cancellation', () => {
  it('of what the provider never heard of is done on the spot', () => {
    expect(said(cancel({ ...pending, asked: false }, refundId, now))).toEqual(['PaymentVoided']);
  });
  it('of an open or held payment asks the provider to void, and keeps quiet about a later authorization', () => {
    const { payment } = cancel(pending, refundId, now);
    expect(nextStep(payment)).toBe('VOID');
    const late = hear(payment, AUTHORIZED, 0, now);
    expect([said(late), nextStep(late.payment)]).toEqual([[], 'VOID']);
  });
  it('gives back what is left, once', () => {
    const so = cancel(as('PARTIALLY_REFUNDED', { refunding: 100 }), refundId, now);
    expect(so.refund).toEqual({ id: refundId, amount: eur(500) });
    expect(cancel(so.payment, 'other' as RefundId, now).payment).toBe(so.payment);
  });
  it('that finds nothing to give back says so, for its asker waits', () => {
    for (const payment of [as('REFUNDED'), as('CAPTURED', { refunding: 1000 })]) {
      const so = cancel(payment, refundId, now);
      expect([said(so), so.refund]).toEqual([['RefundFailed'], null]);
      expect(so.say[0]?.data).toMatchObject({ refundId, amount: eur(0) });
      expect(so.payment.version).toBe(so.say[0]?.version);
    }
  });
  it('gives back what turns out to be taken', () => {
    const { payment } = cancel(as('AUTHORIZED', { captureWanted: true }), refundId, now);
    expect(hear(payment, CAPTURED, 0, now).refund).toEqual({ id: refundId, amount: eur(1000) });
  });
  it('of what is over is answered again', () => {
    expect(said(cancel(as('VOIDED'), refundId, now))).toEqual(['PaymentVoided']);
  });
});

describe('the next call', () => {
  it.each([
    ['CREATE', { ...pending, intentId: null }],
    [null, pending],
    ['CONFIRM', { ...pending, attempt: 1 }],
    ['CONFIRM', as('DECLINED', { attempt: 2, answeredAttempt: 1 })],
    ['CONFIRM', as('ACTION_REQUIRED', { attempt: 2, answeredAttempt: 1 })],
    [null, as('DECLINED', { attempt: 1, answeredAttempt: 1 })],
    ['RETRIEVE', as('ACTION_REQUIRED')],
    ['RETRIEVE', as('PROCESSING')],
    ['RETRIEVE', as('AUTHORIZED')],
    ['CAPTURE', as('AUTHORIZED', { captureWanted: true })],
    ['VOID', as('AUTHORIZED', { captureWanted: true, cancelRefundId: refundId })],
    ['VOID', { ...pending, attempt: 1, cancelRefundId: refundId }],
    [null, as('CAPTURED', { captureWanted: true })],
    [null, as('VOIDED', { cancelRefundId: refundId })],
    [null, as('FAILED', { attempt: 3 })],
  ] as const)('is %s for %#', (step, payment) => {
    expect(nextStep(payment)).toBe(step);
  });

  it('waits ever longer, up to five minutes', () => {
    const waits = [1, 2, 3, 9, 10, 1000].map((tries) => (retryAt(tries, now).getTime() - now.getTime()) / 1000);
    expect(waits).toEqual([1, 2, 4, 256, 300, 300]);
  });

  it('is given up after bounded tries, but never a void or a look', () => {
    expect(mostTries).toEqual({ CREATE: 10, CONFIRM: 10, CAPTURE: 30, VOID: null, RETRIEVE: null });
    const cause = { code: 'provider', message: 'No answer.' };
    expect(said(giveUp({ ...pending, intentId: null }, 'CREATE', cause, now))).toEqual(['PaymentDeclined']);
    expect(said(giveUp(as('AUTHORIZED', { captureWanted: true }), 'CAPTURE', cause, now))).toEqual(['CaptureFailed']);
    const lost = loseSight({ ...pending, attempt: 1 }, now);
    expect([said(lost), nextStep(lost.payment)]).toEqual([[], 'RETRIEVE']);
    expect(said(hear(lost.payment, NEW, 1, now))).toEqual(['PaymentDeclined']);
  });
});

describe('an event of any age', () => {
  it('is known, applied, or a reason to look', () => {
    const verdicts = Object.fromEntries(
      statuses.map((status) => [
        status,
        Object.values(everything)
          .map(({ state }) => judgeEvent(as(status), state)[0])
          .join(''),
      ]),
    );
    // In the order AUTHORIZED, CAPTURED, CANCELLED, DECLINED, ACTION_REQUIRED, PROCESSING, NEW.
    expect(verdicts).toEqual({
      PENDING: 'AAALLLK',
      PROCESSING: 'AAALLKK',
      ACTION_REQUIRED: 'AAALKLK',
      DECLINED: 'AAAKLLK',
      AUTHORIZED: 'KAAKKKK',
      CAPTURED: 'KKKKKKK',
      PARTIALLY_REFUNDED: 'KKKKKKK',
      REFUNDED: 'KKKKKKK',
      VOIDED: 'KKKKKKK',
      FAILED: 'KKKKKKK',
    });
  });
  it('is called known without a lock only where the judge calls it known', () => {
    for (const { state } of Object.values(everything)) {
      for (const status of knownIn(state.status)) expect(judgeEvent(as(status), state)).toBe('KNOWN');
    }
  });
  it('of a decline during our own call is left to the call', () => {
    expect(judgeEvent(as('ACTION_REQUIRED', { attempt: 2, answeredAttempt: 1 }), DECLINED.state)).toBe('KNOWN');
  });
});

describe('a refund', () => {
  const refund: Refund = {
    id: refundId,
    amount: eur(400),
    status: 'PENDING',
    gatewayRefundId: null,
    tries: 0,
    askedAt: now,
  };
  const ask = (payment: Payment) => ({ ...payment, refunding: 400 });

  it('is only of what was taken, or is about to be', () => {
    expect(statuses.filter((status) => refundable(as(status)) > 0)).toEqual(['CAPTURED', 'PARTIALLY_REFUNDED']);
    expect(refundable(as('AUTHORIZED', { captureWanted: true, refunding: 100 }))).toBe(900);
    expect(refundable(as('AUTHORIZED', { captureWanted: true, cancelRefundId: refundId }))).toBe(0);
    expect(whyNotRefundable(as('CAPTURED'), eur(1000))).toBeNull();
    for (const amount of [eur(1001), eur(0), eur(-1), money(1, 'USD' as CurrencyCode)]) {
      expect(whyNotRefundable(as('CAPTURED'), amount)).toMatch(/\.$/);
    }
  });

  it('settles, and may come back', () => {
    const settled = hearRefund(ask(as('CAPTURED')), refund, { gatewayRefundId: 're', state: { status: 'SETTLED' } })!;
    expect([settled.payment.status, settled.payment.refunded, settled.payment.refunding]).toEqual([
      'PARTIALLY_REFUNDED',
      400,
      0,
    ]);
    expect(
      hearRefund(settled.payment, settled.refund, { gatewayRefundId: 're', state: { status: 'SETTLED' } }),
    ).toBeNull();
    const back = hearRefund(settled.payment, settled.refund, {
      gatewayRefundId: 're',
      state: { status: 'FAILED', message: 'Came back.' },
    })!;
    expect([back.payment.status, back.payment.refunded, back.say[0]?.type]).toEqual([
      'CAPTURED',
      0,
      'payments.RefundFailed',
    ]);
    expect(balances([...settled.entries, ...back.entries])).toEqual(balances([]));
  });

  it('made at the provider is booked although one of ours is under way, for which nothing may be left then', () => {
    const settled = { gatewayRefundId: 're_hand', state: { status: 'SETTLED' } } as const;
    const hand = adoptRefund(ask(as('CAPTURED')), 'hand' as RefundId, eur(700), settled)!.change;
    expect([hand.payment.refunded, hand.payment.refunding]).toEqual([700, 400]);
    expect(whyNotRefundable(hand.payment, eur(1))).toMatch(/\.$/);
    // The provider cannot have made both: word that the other came back is still on its way.
    const early = hearRefund(hand.payment, refund, { gatewayRefundId: 're', state: { status: 'SETTLED' } })!;
    expect([early.refund, early.payment, early.say]).toEqual([{ ...refund, gatewayRefundId: 're' }, hand.payment, []]);
    const refused = hearRefund(hand.payment, refund, {
      gatewayRefundId: null,
      state: { status: 'FAILED', message: 'No.' },
    })!;
    expect([refused.payment.status, refused.payment.refunded, refused.payment.refunding]).toEqual([
      'PARTIALLY_REFUNDED',
      700,
      0,
    ]);
  });

  it('made at the provider waits while our books have no money for it', () => {
    const settled = { gatewayRefundId: 're_hand', state: { status: 'SETTLED' } } as const;
    const id = 'hand' as RefundId;
    expect(adoptRefund(as('AUTHORIZED', { captureWanted: true }), id, eur(700), settled)).toBeNull();
    expect(adoptRefund(as('CAPTURED', { refunded: 400 }), id, eur(700), settled)).toBeNull();
    expect(adoptRefund(as('CAPTURED'), id, eur(700), { ...settled, state: { status: 'PENDING' } })).toBeNull();
  });

  it('that failed books nothing', () => {
    const failed = hearRefund(ask(as('CAPTURED')), refund, {
      gatewayRefundId: null,
      state: { status: 'FAILED', message: 'No.' },
    })!;
    expect([failed.entries, failed.payment.refunding, failed.payment.status]).toEqual([[], 0, 'CAPTURED']);
  });
});

describe('open and taken', () => {
  it('share no status', () => {
    expect(statuses.filter((status) => isOpen(status) && isTaken(status))).toEqual([]);
  });
});
