import { timingSafeEqual } from 'node:crypto';
import { cardByName } from './simulator.cards.ts';
import type { Controlled } from './simulator.control.ts';
import { StripeFault } from './simulator.errors.ts';
import { parseForm } from './simulator.form.ts';
import { completeAuthentication, type Intent } from './simulator.intents.ts';
import { challengePage, displayAmount, donePage, PAGE_POLICY } from './simulator.page.ts';
import { findIntent } from './simulator.store.ts';
import { change, worldOf } from './simulator.write.ts';

export interface PageRequest {
  readonly method: string;
  /** Below the simulator's public address. */
  readonly path: string;
  readonly body: string;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The bank's 3-D Secure page: whoever has the link of the intent's `next_action` may answer it, once. */
export async function answerChallenge(on: Controlled, { method, path, body }: PageRequest): Promise<PageAnswer> {
  const [, intentId, token] = /^\/3d-secure\/(pi_[A-Za-z0-9]+)\/([A-Za-z0-9]+)$/.exec(path) ?? [];
  const intent = intentId === undefined ? undefined : await findIntent(on.db, intentId);
  if (intent === undefined) {
    return html(404, donePage('Page not found', 'This link belongs to no payment.', null));
  }
  if (!opens(intent, token ?? '')) {
    const text = 'This payment was already answered, or another card was tried meanwhile.';
    return html(410, donePage('Nothing to confirm', text, null));
  }
  if (method !== 'POST') return html(200, challengePage(shown(intent)));
  const outcome = parseForm(body).outcome;
  if (outcome !== 'succeeded' && outcome !== 'failed') return html(400, challengePage(shown(intent)));
  const after = await answered(on, intent, token ?? '', outcome);
  const redirect = outcome === 'succeeded' && after.lastError === null ? 'succeeded' : 'failed';
  if (after.returnUrl === null) {
    const text =
      redirect === 'succeeded'
        ? 'The payment was approved. You can close this page.'
        : 'The payment was not made. You can close this page.';
    return html(200, donePage('Thank you', text, null));
  }
  const back = new URL(after.returnUrl);
  back.searchParams.set('payment_intent', after.id);
  back.searchParams.set('payment_intent_client_secret', after.clientSecret);
  back.searchParams.set('redirect_status', redirect);
  return { status: 303, headers: { location: back.href, 'cache-control': 'no-store' }, body: '' };
}

async function answered(
  on: Controlled,
  intent: Intent,
  token: string,
  outcome: 'succeeded' | 'failed',
): Promise<Intent> {
  try {
    const done = await on.write((write) =>
      change(write, intent.id, (locked) => {
        if (!opens(locked, token))
          throw new StripeFault(410, { type: 'invalid_request_error', message: 'already answered' });
        return completeAuthentication(locked, outcome, worldOf(write));
      }),
    );
    return done.intent;
  } catch (error) {
    // A second click lost the race for the lock: it is led to where the first one led.
    if (error instanceof StripeFault && error.status === 410) return (await findIntent(on.db, intent.id)) ?? intent;
    throw error;
  }
}

function opens(intent: Intent, token: string): boolean {
  const wanted = intent.authentication?.token;
  return (
    wanted !== undefined && wanted.length === token.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(token))
  );
}

function shown(intent: Intent) {
  const card = intent.paymentMethod === null ? null : cardByName(intent.paymentMethod.card);
  return {
    amount: displayAmount(intent.amount, intent.currency),
    card:
      card === null
        ? 'Your card'
        : `${card.brand.charAt(0).toUpperCase()}${card.brand.slice(1)} ending in ${card.last4}`,
    description: intent.description,
  };
}

const html = (status: number, body: string): PageAnswer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': PAGE_POLICY,
    // The link is a secret. Stricter still, and the form would be sent with the origin "null".
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  },
  body,
});
