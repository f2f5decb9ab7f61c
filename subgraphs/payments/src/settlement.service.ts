import { count, type Duty, databaseNow, newId, sleep } from '@souk/kit';
import { type Drained, drain } from './drain.service.ts';
import { isMismatch } from './gateway-event.ts';
import {
  type Claimed,
  claimPayments,
  lockPayment,
  recordIntent,
  releaseDue,
  releasePayment,
  savedChange,
} from './payment.repository.ts';
import { commit, dueAfter, endsRefunds, type PaymentsTx } from './payment.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import {
  type Change,
  type Decline,
  giveUp,
  hear,
  lookAgainAt,
  loseSight,
  mostTries,
  nextStep,
  type Payment,
  retryAt,
  type Step,
  schedule,
  unchanged,
} from './payment.ts';
import { type FaultKind, GatewayFault, type GatewayIntent, gatewayIntentId } from './payment-gateway.ts';
import type { PaymentsPorts } from './payments.ports.ts';

type PaymentsDuty = Duty<PaymentsDb, PaymentsPorts>;

const CALLS_AT_ONCE = 8;
const OWN_CALL_MS = 1_000;

/**
 * Makes every call to the provider that is due: intents, attempts, captures, voids, and looks at what has been silent. A
 * payment is taken for half a minute, called about outside any transaction under a key of its own, and its answer is
 * recorded; whoever dies in between leaves a call that is repeated under the same key and so done once.
 */
export const settlePayments = (duty: PaymentsDuty): Promise<void> =>
  drain(
    CALLS_AT_ONCE,
    (limit) => claimPayments(duty.db, limit),
    (claimed) => advance(duty, claimed),
    duty,
  );

async function advance(duty: PaymentsDuty, claimed: Claimed): Promise<Drained> {
  const { payment, at } = claimed;
  const next = nextStep(payment);
  if (next === null) return letGo(duty, payment, null, 0);
  const step = payment.intentId === null ? 'CREATE' : next;
  try {
    if (step !== 'CREATE') {
      await underWay(payment.intentId!, callAndRecord(duty, claimed, step));
      return 'DONE';
    }
    const intent = await duty.ports.gateway.createIntent({
      orderId: payment.orderId,
      amount: payment.amount,
      idempotencyKey: `${payment.id}:create`,
      description: `Order ${payment.orderNumber}`,
    });
    const created = await recordIntent(duty.db, payment.id, intent);
    if (!created) {
      await releaseDue(duty.db, payment.id);
      return 'MORE';
    }
    return nextStep(created) === null ? 'DONE' : advance(duty, { payment: created, at });
  } catch (error) {
    if (!(error instanceof GatewayFault)) throw error;
    return cope(duty, claimed, step, error);
  }
}

/** Lets go of a payment until its next call is due: at once where it changed meanwhile, for whoever changed it left that to us. */
async function letGo({ db }: PaymentsDuty, payment: Payment, dueAt: Date | null, tries: number): Promise<Drained> {
  if (await releasePayment(db, payment, dueAt, tries)) return 'DONE';
  await releaseDue(db, payment.id);
  return 'MORE';
}

const calls = new Map<string, Promise<void>>();

async function underWay(intentId: string, call: Promise<void>): Promise<void> {
  calls.set(intentId, call);
  await call.finally(() => calls.delete(intentId));
}

/**
 * Waits, but not for long, for a call of this process about the intent to be recorded: the webhook it set off then has
 * nothing new to tell. Without a process's memory the webhook would only look for itself, and more than once.
 */
export async function ownCall(intentId: string, { signal }: PaymentsDuty): Promise<void> {
  const call = calls.get(intentId);
  if (call) await Promise.race([call.catch(() => undefined), sleep(OWN_CALL_MS, signal)]);
}

async function callAndRecord(duty: PaymentsDuty, claimed: Claimed, step: Exclude<Step, 'CREATE'>): Promise<void> {
  const { payment } = claimed;
  const answer = await call(duty, payment, step);
  if (answer.intent !== null && isMismatch(payment, answer.intent)) {
    count('souk_gateway_mismatches_total');
    duty.log.error({ payment: payment.id }, 'the provider speaks of another amount than the payment has');
    await record(duty, claimed, step, unchanged);
    return;
  }
  // Attempts that came in during the call are not what the provider spoke of.
  const attempt = step === 'CONFIRM' ? payment.attempt : payment.answeredAttempt;
  await record(duty, claimed, step, (fresh, now) => {
    if (answer.refusal !== null) return giveUp(fresh, step, answer.refusal, now);
    return answer.intent === null ? unchanged(fresh) : hear(fresh, answer.intent, attempt, now);
  });
}

/** What the provider says: how the intent stands, or why it will never do what was asked. */
interface Answer {
  readonly intent: GatewayIntent | null;
  readonly refusal: Decline | null;
}

async function call({ ports }: PaymentsDuty, payment: Payment, step: Exclude<Step, 'CREATE'>): Promise<Answer> {
  const { gateway, returnUrl } = ports;
  const intentId = gatewayIntentId(payment.intentId!);
  switch (step) {
    case 'CONFIRM': {
      const intent = await gateway.confirm({
        intentId,
        paymentMethod: payment.paymentMethod!,
        returnUrl,
        idempotencyKey: `${payment.id}:confirm:${payment.attempt}`,
      });
      return { intent, refusal: null };
    }
    case 'CAPTURE': {
      const { amount } = payment;
      const done = await gateway.capture({ intentId, amount, idempotencyKey: `${payment.id}:capture` });
      if (done.outcome === 'CAPTURED') return { intent: done.intent, refusal: null };
      // A hold that ran out is told by the intent itself; any other refusal is for good.
      const gone = done.intent.state.status === 'CANCELLED';
      return { intent: done.intent, refusal: gone ? null : { code: done.code, message: done.message } };
    }
    case 'VOID': {
      const { intent } = await gateway.cancel({ intentId, idempotencyKey: `${payment.id}:void` });
      return { intent, refusal: null };
    }
    case 'RETRIEVE':
      return { intent: await gateway.retrieve(intentId), refusal: null };
  }
}

/**
 * Records what a call led to, and lets go of the payment. By one statement where the payment is still at the version that was
 * taken; what changed meanwhile (a webhook, a cancellation) is read under the lock, with which a transaction opens.
 */
async function record(
  duty: PaymentsDuty,
  { payment, at }: Claimed,
  step: Step,
  decide: (payment: Payment, now: Date) => Change,
): Promise<void> {
  const change = decide(payment, at);
  if (change.payment !== payment && !endsRefunds(change.payment)) {
    const saved = savedChange(payment, change, { now: databaseNow, newId, release: true });
    const following = { say: change.say, nudge: dueAfter(change, at) };
    if ((await duty.writeAtOnce(saved, following)).length > 0) return;
  }
  const { id } = payment;
  let locked: Payment;
  await duty.transact(
    (tx) => settle(tx, locked, step, decide(locked, tx.now)),
    async (db) => {
      const { payment, now } = await lockPayment(db, id);
      locked = payment;
      return now;
    },
  );
}

async function settle(tx: PaymentsTx, before: Payment, step: Step, change: Change): Promise<void> {
  if (change.payment !== before) return commit(tx, before, change, true);
  const again = nextStep(before) === step;
  const tries = again ? before.tries + 1 : 0;
  const dueAt = !again
    ? schedule(before, tx.now).dueAt
    : step === 'RETRIEVE'
      ? lookAgainAt(before, tx.now)
      : retryAt(tries, tx.now);
  await releasePayment(tx.db, before, dueAt, tries);
  if (dueAt !== null && dueAt <= tx.now) tx.nudge('settlePayments');
}

/** Sentences for the shopper; what went wrong in detail is in the log. */
const sentences: Partial<Record<FaultKind, string>> = {
  INVALID_CALL: 'The payment provider cannot take this payment. Please try another way to pay.',
};
const NO_ANSWER = 'The payment provider does not answer. Please try again later.';

/** A call without an answer: later again under the same key, or no more. */
async function cope(duty: PaymentsDuty, claimed: Claimed, step: Step, fault: GatewayFault): Promise<Drained> {
  const { payment, at } = claimed;
  count('souk_gateway_faults_total');
  const tries = payment.tries + 1;
  duty.log.warn(
    { payment: payment.id, step, kind: fault.kind, tries, providerRequest: fault.requestId },
    'a call to the payment provider had no answer',
  );
  const most = mostTries[step];
  // A key that is not accepted is a mistake of ours and is corrected: no order is lost for it.
  const worthRepeating = fault.retryable || fault.kind === 'CREDENTIALS' || most === null;
  if (worthRepeating && (most === null || tries < most)) {
    return letGo(duty, payment, retryAt(tries, at), tries);
  }
  const cause: Decline = { code: fault.kind.toLowerCase(), message: sentences[fault.kind] ?? NO_ANSWER };
  // The key served for a call of another shape: what that one did can only be looked up.
  const unknown = worthRepeating || fault.kind === 'IDEMPOTENCY_CONFLICT';
  await record(duty, claimed, step, (fresh, now) =>
    step === 'CONFIRM' && unknown ? loseSight(fresh, now) : giveUp(fresh, step, cause, now),
  );
  return 'DONE';
}
