import { randomBytes } from 'node:crypto';
import { resourceMissing, StripeFault } from './simulator.errors.ts';
import type { Params } from './simulator.form.ts';
import type { Intent, Step, World } from './simulator.intents.ts';
import { API_VERSION, intentShape, objectShape } from './simulator.shapes.ts';
import { findIntentIdOf, insertEvents, lockIntent, type StoredEvent, saveStep, type Tx } from './simulator.store.ts';

/** What one write works with: everything it does is committed with its answer, or not at all. */
export interface Write {
  readonly tx: Tx;
  readonly now: Date;
  readonly publicUrl: string;
  /** Whether an event is delivered to a webhook endpoint, or only listed. */
  deliver(type: string): boolean;
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null };
}

export interface Call extends Write {
  readonly params: Params;
  readonly id: string;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
  /** The intent as it now stands, so that expanding needs no second look at it. */
  readonly intent?: Intent;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A prefix and 24 letters and digits, as in Stripe's ids. */
export function newId(prefix: string): string {
  let text = '';
  // 248 is the largest multiple of 62 in a byte: above it letters would not be equally likely.
  while (text.length < 24)
    for (const byte of randomBytes(32)) if (byte < 248 && text.length < 24) text += LETTERS[byte % 62]!;
  return prefix + text;
}

export const worldOf = (write: Write): World => ({ now: Math.floor(write.now.getTime() / 1000), newId });

/** Saves a step with the events it causes. */
export async function keep(write: Write, before: Intent | null, step: Step): Promise<Intent> {
  await saveStep(write.tx, before, step, write.now);
  const events = step.said.map(({ type, object }): StoredEvent => {
    const id = newId('evt_3');
    const shape = objectShape(step.intent, object, write.publicUrl);
    if (shape === null) throw new Error(`event ${type} names ${object}, which is not in ${step.intent.id}`);
    const body = {
      id,
      object: 'event',
      api_version: API_VERSION,
      created: Math.floor(write.now.getTime() / 1000),
      data: { object: shape },
      livemode: false,
      pending_webhooks: write.deliver(type) ? 1 : 0,
      request: { id: write.request.id, idempotency_key: write.request.idempotencyKey },
      type,
    };
    return { id, type, body: JSON.stringify(body, null, 2) };
  });
  await insertEvents(write.tx, events, write.now, (type) => write.deliver(type));
  return step.intent;
}

/** Locks the intent, takes the step and saves it; a refusal carries the intent as it stands, as Stripe's does. */
export async function change(
  write: Write,
  intentId: string,
  take: (intent: Intent) => Step,
): Promise<Answer & { intent: Intent }> {
  const before = await lockIntent(write.tx, intentId);
  if (before === undefined) throw resourceMissing('payment_intent', intentId, 'intent');
  try {
    const step = take(before);
    const intent = await keep(write, before, step);
    return { ...answerOf(step, write.publicUrl), intent };
  } catch (error) {
    if (!(error instanceof StripeFault) || !error.executed) throw error;
    const shown = { ...error.error, payment_intent: intentShape(before, write.publicUrl) };
    throw new StripeFault(error.status, shown, true);
  }
}

/** As `change`, for the intent that owns a charge, refund or dispute. */
export async function changeOwner(
  write: Write,
  kind: string,
  objectId: string,
  take: (intent: Intent) => Step,
): Promise<Answer & { intent: Intent }> {
  const intentId = await findIntentIdOf(write.tx, objectId);
  if (intentId === undefined) throw resourceMissing(kind, objectId, kind);
  return change(write, intentId, take);
}

/** The intent, or the 402 of a decline with the intent inside. Both are committed. */
export function answerOf(step: Step, publicUrl: string): Answer {
  const intent = intentShape(step.intent, publicUrl);
  if (step.decline === null) return { status: 200, body: intent, intent: step.intent };
  const { code, declineCode, message, charge } = step.decline;
  return {
    status: 402,
    body: {
      error: {
        type: 'card_error',
        code,
        ...(declineCode === null ? {} : { decline_code: declineCode }),
        message,
        doc_url: `https://docs.stripe.com/error-codes#${code.replaceAll('_', '-')}`,
        ...(charge === null ? {} : { charge }),
        payment_intent: intent,
        payment_method: intent.last_payment_error?.payment_method,
      },
    },
  };
}
