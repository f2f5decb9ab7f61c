import { describe, expect, it } from 'vitest';
import { StripeFault } from './simulator.errors.ts';
import * as machine from './simulator.intents.ts';
import { intentShape } from './simulator.shapes.ts';

let made = 0;
const world: machine.World = {
  now: 1_000,
  newId: (prefix) => {
    made += 1;
    return `${prefix}${made}`;
  },
};

const card = (name: string): machine.PaymentMethod => ({
  id: `pm_${name}`,
  created: 1_000,
  card: name,
  expMonth: 12,
  expYear: 2050,
  billing: { name: null, email: null, phone: null },
  metadata: {},
});

const fresh = (captureMethod: 'manual' | 'automatic' = 'manual') =>
  machine.create(
    {
      amount: 1000,
      currency: 'eur',
      captureMethod,
      description: null,
      receiptEmail: null,
      metadata: {},
      allowedMethodTypes: null,
      paymentMethod: null,
    },
    world,
  ).intent;
const confirm = (intent: machine.Intent, name: string) =>
  machine.confirm(intent, { paymentMethod: card(name), returnUrl: 'https://shop.example/' }, world);
const types = (step: machine.Step) => step.said.map(({ type }) => type);

const held = () => confirm(fresh(), 'visa').intent;

const states: Record<machine.IntentStatus, () => machine.Intent> = {
  requires_payment_method: () => fresh(),
  requires_confirmation: (): machine.Intent => ({
    ...fresh(),
    status: 'requires_confirmation',
    paymentMethod: card('visa'),
  }),
  requires_action: () => confirm(fresh(), 'threeDSecure2Required').intent,
  requires_capture: held,
  succeeded: () => machine.capture(held(), null, world).intent,
  canceled: () => machine.cancel(fresh(), null, world).intent,
};

const refundOf = (intent: machine.Intent, amount: number | null) =>
  machine.refund(intent, { amount, reason: null, metadata: {} }, world);

const moves = {
  confirm: (intent: machine.Intent) => confirm(intent, 'visa'),
  authenticate: (intent: machine.Intent) => machine.completeAuthentication(intent, 'succeeded', world),
  capture: (intent: machine.Intent) => machine.capture(intent, null, world),
  cancel: (intent: machine.Intent) => machine.cancel(intent, null, world),
  expire: (intent: machine.Intent) => machine.expire(intent, world),
  refund: (intent: machine.Intent) => refundOf(intent, null),
} as const;

const allowed: Record<machine.IntentStatus, Partial<Record<keyof typeof moves, machine.IntentStatus>>> = {
  requires_payment_method: { confirm: 'requires_capture', cancel: 'canceled' },
  requires_confirmation: { confirm: 'requires_capture', cancel: 'canceled' },
  requires_action: { confirm: 'requires_capture', authenticate: 'requires_capture', cancel: 'canceled' },
  requires_capture: { capture: 'succeeded', cancel: 'canceled', expire: 'canceled' },
  succeeded: { refund: 'succeeded' },
  canceled: {},
};

describe('a payment intent', () => {
  const table = Object.entries(states).flatMap(([status, make]) =>
    Object.entries(moves).map(([name, move]) => ({
      status,
      name,
      make,
      move,
      to: allowed[status as machine.IntentStatus][name as keyof typeof moves] ?? null,
    })),
  );
  it.each(table.filter(({ to }) => to !== null))('in $status can $name and is then $to', ({ make, move, to }) => {
    expect(move(make()).intent.status).toBe(to);
  });
  it.each(table.filter(({ to }) => to === null))('in $status refuses to $name', ({ make, move }) => {
    expect(() => move(make())).toThrow(expect.objectContaining({ name: 'StripeFault', status: 400, executed: true }));
  });

  it('says what happened when money is held, taken and given back', () => {
    const held = confirm(fresh(), 'visa');
    expect(types(held)).toEqual(['charge.succeeded', 'payment_intent.amount_capturable_updated']);
    const taken = machine.capture(held.intent, 600, world);
    expect(types(taken)).toEqual(['charge.captured', 'payment_intent.succeeded']);
    expect(types(refundOf(taken.intent, 100))).toEqual(['refund.created', 'charge.refunded']);
    expect(intentShape(held.intent, 'http://x')).toMatchObject({ amount_capturable: 1000, amount_received: 0 });
    expect(intentShape(taken.intent, 'http://x')).toMatchObject({
      amount: 1000,
      amount_capturable: 0,
      amount_received: 600,
    });
  });

  it('captures at once when it is told to', () => {
    const done = confirm(fresh('automatic'), 'visa');
    expect(done.intent.status).toBe('succeeded');
    expect(types(done)).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
  });

  it('waits for another card after a decline, and forgets the decline when that card is good', () => {
    const declined = confirm(fresh(), 'chargeDeclined');
    expect(declined.decline).toMatchObject({ code: 'card_declined', declineCode: 'generic_decline' });
    expect(declined.intent).toMatchObject({ status: 'requires_payment_method', paymentMethod: null });
    expect(types(declined)).toEqual(['charge.failed', 'payment_intent.payment_failed']);
    const held = confirm(declined.intent, 'visa');
    expect(held.intent).toMatchObject({ status: 'requires_capture', lastError: null });
    expect(held.intent.charges).toHaveLength(2);
  });

  it('can be declined after 3-D Secure was passed', () => {
    const asked = confirm(fresh(), 'authenticationRequiredChargeDeclinedInsufficientFunds');
    expect(types(asked)).toEqual(['payment_intent.requires_action']);
    const answered = machine.completeAuthentication(asked.intent, 'succeeded', world);
    expect(answered.decline?.declineCode).toBe('insufficient_funds');
    expect(answered.intent).toMatchObject({ status: 'requires_payment_method', authentication: null });
  });

  it('makes no charge when 3-D Secure fails', () => {
    const failed = machine.completeAuthentication(states.requires_action(), 'failed', world);
    expect(failed.intent).toMatchObject({ status: 'requires_payment_method', charges: [] });
    expect(failed.intent.lastError?.code).toBe('payment_intent_authentication_failure');
  });

  it.each([0, 1001])('does not capture %i of 1000', (amount) => {
    expect(() => machine.capture(states.requires_capture(), amount, world)).toThrow(StripeFault);
  });

  it('gives back no more than was captured, counting refunds on their way and not failed ones', () => {
    let intent = machine.capture(confirm(fresh(), 'refundFail').intent, 600, world).intent;
    const first = refundOf(intent, 400);
    expect(() => refundOf(first.intent, 201)).toThrow(StripeFault);
    expect(first.settles).toEqual({ refund: first.intent.charges[0]!.refunds[0]!.id, outcome: 'failed' });
    const failed = machine.settleRefund(first.intent, first.settles!.refund, 'failed');
    expect(types(failed)).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed']);
    intent = refundOf(failed.intent, 600).intent;
    expect(() => refundOf(intent, 1)).toThrow(
      expect.objectContaining({ error: expect.objectContaining({ code: 'charge_already_refunded' }) }),
    );
  });

  it('settles a refund once', () => {
    const pending = refundOf(machine.capture(confirm(fresh(), 'pendingRefund').intent, null, world).intent, 100);
    const settled = machine.settleRefund(pending.intent, pending.settles!.refund, 'succeeded');
    expect(types(settled)).toEqual(['refund.updated', 'charge.refund.updated']);
    expect(machine.settleRefund(settled.intent, pending.settles!.refund, 'succeeded')).toEqual({
      intent: settled.intent,
      said: [],
      decline: null,
    });
  });

  it('is disputed when the money is taken, by a card that disputes', () => {
    const held = confirm(fresh(), 'createDispute');
    expect(types(held)).not.toContain('charge.dispute.created');
    const taken = machine.capture(held.intent, 700, world);
    expect(types(taken).slice(2)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
    const dispute = taken.intent.charges[0]!.dispute!;
    expect(dispute).toMatchObject({ amount: 700, status: 'needs_response' });
    expect(types(machine.closeDispute(taken.intent, dispute.id, 'lost'))).toEqual(['charge.dispute.closed']);
    expect(types(machine.closeDispute(taken.intent, dispute.id, 'won'))).toEqual([
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
  });
});
