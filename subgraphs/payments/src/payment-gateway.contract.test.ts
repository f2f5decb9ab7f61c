import { randomUUID } from 'node:crypto';
import { currency, money, type OrderId, type RefundId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryProvider } from './payment-gateway.memory.ts';
import { stripeGateway } from './payment-gateway.stripe.ts';
import { assertTimely, type GatewayIntent, gatewayIntentId, type PaymentGateway } from './payment-gateway.ts';
import { startTestSimulator, TEST_KEY, TEST_SECRET, type TestSimulator } from './simulator/simulator.testing.ts';

const eur = (minor: number) => money(minor, currency('EUR'));
const returnUrl = 'https://shop.example/checkout';
const stripeKey = process.env.STRIPE_TEST_KEY ?? '';

interface Provider {
  gateway(): PaymentGateway;
  withKey(secretKey: string): PaymentGateway;
}

function gatewayContract(provider: Provider): void {
  const gateway = () => provider.gateway();
  const key = () => randomUUID();

  async function created(amount = eur(4950)): Promise<GatewayIntent> {
    const orderId = randomUUID() as OrderId;
    return gateway().createIntent({ orderId, amount, idempotencyKey: key(), description: 'Order S-1001' });
  }
  const confirm = (intent: GatewayIntent, paymentMethod: string, idempotencyKey = key()) =>
    gateway().confirm({ intentId: intent.intentId, paymentMethod, returnUrl, idempotencyKey });
  async function authorized(amount = eur(4950)): Promise<GatewayIntent> {
    return confirm(await created(amount), 'pm_card_visa');
  }
  async function captured(amount = eur(4950)): Promise<GatewayIntent> {
    const intent = await authorized(amount);
    const done = await gateway().capture({ intentId: intent.intentId, amount, idempotencyKey: key() });
    expect(done.outcome).toBe('CAPTURED');
    return done.intent;
  }
  const refund = (intent: GatewayIntent, amount: number, refundId = randomUUID() as RefundId, idempotencyKey = key()) =>
    gateway().refund({ intentId: intent.intentId, refundId, amount: eur(amount), idempotencyKey });

  it('makes an intent that knows its order and waits for a payment method', async () => {
    const orderId = randomUUID() as OrderId;
    const intent = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: key() });
    expect(intent).toMatchObject({ orderId, amount: eur(4950), card: null, state: { status: 'NEW' } });
    expect(intent.clientSecret).toMatch(new RegExp(`^${intent.intentId}_secret_`));
    expect(await gateway().retrieve(intent.intentId)).toEqual(intent);
  });

  it('holds the money on a good card and says until when', async () => {
    const intent = await authorized();
    expect(intent.state).toMatchObject({ status: 'AUTHORIZED', authorized: eur(4950), expiresAt: expect.any(Date) });
    expect(intent.card).toMatchObject({ brand: 'visa', last4: '4242' });
    expect(await gateway().retrieve(intent.intentId)).toEqual(intent);
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('declines %s with the code %s and takes another card on the same intent', async (card, code) => {
    const intent = await created();
    const declined = await confirm(intent, card);
    expect(declined.state).toEqual({ status: 'DECLINED', decline: { code, message: expect.stringMatching(/\.$/) } });
    expect((await gateway().retrieve(intent.intentId))?.state).toEqual(declined.state);
    expect((await confirm(intent, 'pm_card_visa')).state.status).toBe('AUTHORIZED');
  });

  it('declines a payment method that does not exist, and the intent can still be paid', async () => {
    const intent = await created();
    const declined = await confirm(intent, 'pm_card_doesNotExist');
    expect(declined.state).toMatchObject({ status: 'DECLINED', decline: { code: 'invalid_payment_method' } });
    expect((await confirm(intent, 'pm_card_visa')).state.status).toBe('AUTHORIZED');
  });

  it('sends the shopper to 3-D Secure where the bank asks for it', async () => {
    const asked = await confirm(await created(), 'pm_card_authenticationRequired');
    expect(asked.state).toEqual({ status: 'ACTION_REQUIRED', redirectUrl: expect.stringMatching(/^https?:\/\//) });
  });

  it('answers how an intent stands when it is confirmed once more', async () => {
    const intent = await authorized();
    expect((await confirm(intent, 'pm_card_visa')).state).toEqual(intent.state);
  });

  it('captures everything, once', async () => {
    const intent = await captured();
    expect(intent.state).toEqual({ status: 'CAPTURED', captured: eur(4950) });
    const again = await gateway().capture({ intentId: intent.intentId, amount: eur(4950), idempotencyKey: key() });
    expect(again).toMatchObject({ outcome: 'CAPTURED', captured: eur(4950) });
  });

  it('captures a part and releases the rest', async () => {
    const intent = await authorized();
    const done = await gateway().capture({ intentId: intent.intentId, amount: eur(3000), idempotencyKey: key() });
    expect(done).toMatchObject({ outcome: 'CAPTURED', captured: eur(3000), intent: { amount: eur(4950) } });
    const again = await gateway().capture({ intentId: intent.intentId, amount: eur(1950), idempotencyKey: key() });
    expect(again).toMatchObject({ outcome: 'CAPTURED', captured: eur(3000) });
  });

  it('refuses to capture more than is held, and what was never held', async () => {
    const held = await authorized();
    const more = await gateway().capture({ intentId: held.intentId, amount: eur(4951), idempotencyKey: key() });
    expect(more).toMatchObject({ outcome: 'REFUSED', intent: { state: { status: 'AUTHORIZED' } } });
    const fresh = await created();
    const none = await gateway().capture({ intentId: fresh.intentId, amount: eur(4950), idempotencyKey: key() });
    expect(none).toMatchObject({ outcome: 'REFUSED', intent: { state: { status: 'NEW' } } });
  });

  it('gives a hold up, once, and captures nothing afterwards', async () => {
    const { intentId } = await authorized();
    for (const idempotencyKey of [key(), key()]) {
      expect(await gateway().cancel({ intentId, idempotencyKey })).toMatchObject({
        outcome: 'CANCELLED',
        intent: { state: { status: 'CANCELLED', reason: 'REQUESTED' } },
      });
    }
    const late = await gateway().capture({ intentId, amount: eur(4950), idempotencyKey: key() });
    expect(late).toMatchObject({ outcome: 'REFUSED', intent: { state: { status: 'CANCELLED' } } });
  });

  it('refuses to cancel what is captured', async () => {
    const { intentId } = await captured();
    expect(await gateway().cancel({ intentId, idempotencyKey: key() })).toMatchObject({
      outcome: 'REFUSED',
      code: 'payment_intent_unexpected_state',
      intent: { state: { status: 'CAPTURED' } },
    });
  });

  it('gives money back in parts and refuses to give back more than was taken', async () => {
    const intent = await captured();
    const [first, second] = [randomUUID() as RefundId, randomUUID() as RefundId];
    expect(await refund(intent, 1000, first)).toMatchObject({
      outcome: 'SETTLED',
      refund: { refundId: first, intentId: intent.intentId, amount: eur(1000), state: { status: 'SETTLED' } },
    });
    expect((await refund(intent, 3951)).outcome).toBe('REFUSED');
    expect((await refund(intent, 3950, second)).outcome).toBe('SETTLED');
    expect(await refund(intent, 1)).toMatchObject({ outcome: 'REFUSED', code: 'charge_already_refunded' });
    const listed = await gateway().listRefunds(intent.intentId);
    expect(listed.map((r) => [r.refundId, r.amount])).toEqual([
      [first, eur(1000)],
      [second, eur(3950)],
    ]);
  });

  it('refuses to give back what was never taken', async () => {
    expect((await refund(await authorized(), 100)).outcome).toBe('REFUSED');
  });

  it('does the same call under the same idempotency key once', async () => {
    const orderId = randomUUID() as OrderId;
    const create = { orderId, amount: eur(4950), idempotencyKey: key() };
    const first = await gateway().createIntent(create);
    expect(await gateway().createIntent(create)).toEqual(first);

    const once = key();
    const declined = await confirm(first, 'pm_card_chargeDeclined', once);
    expect(await confirm(first, 'pm_card_chargeDeclined', once)).toEqual(declined);

    const intent = await captured();
    const [refundId, refundKey] = [randomUUID() as RefundId, key()];
    const refunded = await refund(intent, 1000, refundId, refundKey);
    expect(await refund(intent, 1000, refundId, refundKey)).toEqual(refunded);
    expect(await gateway().listRefunds(intent.intentId)).toHaveLength(1);
  });

  it('refuses another call under a used idempotency key', async () => {
    const orderId = randomUUID() as OrderId;
    const idempotencyKey = key();
    await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey });
    await expect(gateway().createIntent({ orderId, amount: eur(4951), idempotencyKey })).rejects.toMatchObject({
      name: 'GatewayFault',
      kind: 'IDEMPOTENCY_CONFLICT',
      retryable: false,
    });
  });

  it('does the same refund sent many times in parallel once', async () => {
    const intent = await captured();
    const [refundId, refundKey] = [randomUUID() as RefundId, key()];
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => refund(intent, 700, refundId, refundKey)));
    for (const done of tries) {
      if (done.status === 'fulfilled') expect(done.value.outcome).toBe('SETTLED');
      else expect(done.reason).toMatchObject({ kind: 'IN_PROGRESS', retryable: true });
    }
    expect((await gateway().listRefunds(intent.intentId)).map((r) => r.amount)).toEqual([eur(700)]);
  });

  it('tells an unknown intent and a wrong key apart from a provider that is down', async () => {
    const intentId = gatewayIntentId('pi_3doesNotExist0000000000');
    expect(await gateway().retrieve(intentId)).toBeNull();
    await expect(gateway().capture({ intentId, amount: eur(100), idempotencyKey: key() })).rejects.toMatchObject({
      kind: 'UNKNOWN_INTENT',
      retryable: false,
    });
    await expect(provider.withKey('sk_test_notTheKey').retrieve(intentId)).rejects.toMatchObject({
      kind: 'CREDENTIALS',
      retryable: false,
    });
    const nobody = stripeGateway({ secretKey: TEST_KEY, apiUrl: 'http://127.0.0.1:1', webhookSecrets: [] });
    await expect(nobody.retrieve(intentId)).rejects.toMatchObject({ kind: 'NETWORK', retryable: true });
  });

  it.each([
    ['JPY', 5000],
    ['KWD', 12_340],
    ['ISK', 5000],
  ])('charges exactly in %s', async (code, minor) => {
    const amount = money(minor, currency(code));
    const intent = await authorized(amount);
    expect(intent).toMatchObject({ amount, state: { status: 'AUTHORIZED', authorized: amount } });
  });

  it('refuses an amount that the provider cannot be told exactly', async () => {
    await expect(created(money(1234, currency('KWD')))).rejects.toMatchObject({
      kind: 'INVALID_CALL',
      retryable: false,
    });
  });
}

describe('the payment gateway in memory', () => {
  const provider = memoryProvider({ clock: () => new Date() });
  gatewayContract({
    gateway: () => provider.gateway(),
    withKey: (secretKey) => provider.gateway(secretKey),
  });
});

describe('the payment gateway over the Stripe simulator', () => {
  let stripe: TestSimulator;
  const withKey = (secretKey: string) =>
    stripeGateway({ secretKey, apiUrl: stripe.simulator.url, webhookSecrets: [TEST_SECRET] });
  const gateway = () => withKey(TEST_KEY);

  beforeAll(async () => {
    stripe = await startTestSimulator();
  });
  afterAll(() => stripe.stop());

  gatewayContract({ gateway, withKey });

  it.each([
    ['succeeded', { status: 'AUTHORIZED' }],
    ['failed', { status: 'DECLINED', decline: { code: 'payment_intent_authentication_failure' } }],
  ])('brings the shopper back from 3-D Secure that %s', async (outcome, state) => {
    const orderId = randomUUID() as OrderId;
    const { intentId } = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: randomUUID() });
    const request = {
      intentId,
      paymentMethod: 'pm_card_threeDSecure2Required',
      returnUrl,
      idempotencyKey: randomUUID(),
    };
    const asked = await gateway().confirm(request);
    const url = asked.state.status === 'ACTION_REQUIRED' ? asked.state.redirectUrl : null;
    const page = await fetch(url!);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('€49.50');
    const answer = await fetch(url!, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });
    expect(answer.status).toBe(303);
    const back = new URL(answer.headers.get('location')!);
    expect(back.origin + back.pathname).toBe(returnUrl);
    expect(back.searchParams.get('redirect_status')).toBe(outcome);
    expect((await gateway().retrieve(intentId))?.state).toMatchObject(state);
    expect((await fetch(url!)).status).toBe(410);
  });

  it('says CANCELLED because of EXPIRED when a hold was not captured in time', async () => {
    const orderId = randomUUID() as OrderId;
    const { intentId } = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: randomUUID() });
    await gateway().confirm({ intentId, paymentMethod: 'pm_card_visa', returnUrl, idempotencyKey: randomUUID() });
    await stripe.control('expire', { intent: intentId });
    const late = await gateway().capture({ intentId, amount: eur(4950), idempotencyKey: randomUUID() });
    expect(late).toMatchObject({ outcome: 'REFUSED', intent: { state: { status: 'CANCELLED', reason: 'EXPIRED' } } });
  });

  it.each([
    [{ kind: 'error', status: '500', times: '3' }, 'PROVIDER'],
    [{ kind: 'error', status: '429', times: '3' }, 'RATE_LIMITED'],
    [{ kind: 'drop', times: '3' }, 'NETWORK'],
  ])('throws a retryable fault when the provider stays in trouble: %o', async (fault, kind) => {
    await stripe.control('faults', fault);
    await expect(gateway().retrieve(gatewayIntentId('pi_3x'))).rejects.toMatchObject({ kind, retryable: true });
    await stripe.control('faults/clear');
  });

  it('charges once when the answer to a charge is lost on its way', async () => {
    const orderId = randomUUID() as OrderId;
    const { intentId } = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: randomUUID() });
    await gateway().confirm({ intentId, paymentMethod: 'pm_card_visa', returnUrl, idempotencyKey: randomUUID() });
    await gateway().capture({ intentId, amount: eur(4950), idempotencyKey: randomUUID() });
    await stripe.control('faults', { kind: 'lose-answer', path: '/v1/refunds', times: '3' });
    const request = { intentId, refundId: randomUUID() as RefundId, amount: eur(500), idempotencyKey: randomUUID() };
    await expect(gateway().refund(request)).rejects.toMatchObject({ kind: 'NETWORK', retryable: true });
    expect((await gateway().refund(request)).outcome).toBe('SETTLED');
    expect(await gateway().listRefunds(intentId)).toHaveLength(1);
  });

  describe('webhooks', () => {
    const at = (header: string, offsetSeconds: number) =>
      new Date((Number(/t=(\d+)/.exec(header)![1]) + offsetSeconds) * 1000);

    it('tell what happened to an intent, in words of our own', async () => {
      const orderId = randomUUID() as OrderId;
      const { intentId } = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: randomUUID() });
      await gateway().confirm({
        intentId,
        paymentMethod: 'pm_card_createDispute',
        returnUrl,
        idempotencyKey: randomUUID(),
      });
      await gateway().capture({ intentId, amount: eur(4000), idempotencyKey: randomUUID() });
      const ours = () => stripe.receiver.received.filter(({ body }) => body.includes(intentId));
      await stripe.receiver.until(() => ours().length === 7);
      const said = ours().map(({ body, signature }) => gateway().verifyWebhook(body, signature).event);
      const byType = (type: string) => said.filter((event) => event.type === type);
      expect(byType('INTENT_CHANGED').map((event) => (event.type === 'INTENT_CHANGED' ? event.intent : null))).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ intentId, orderId, state: { status: 'NEW' } }),
          expect.objectContaining({
            intentId,
            orderId,
            state: { status: 'AUTHORIZED', authorized: eur(4950), expiresAt: null },
          }),
          expect.objectContaining({ intentId, orderId, state: { status: 'CAPTURED', captured: eur(4000) } }),
        ]),
      );
      expect(byType('DISPUTE_CHANGED')).toEqual([
        expect.objectContaining({ intentId, amount: eur(4000), reason: 'fraudulent', status: 'OPEN' }),
      ]);
      expect(byType('IGNORED')).toHaveLength(3);
      expect(new Set(said.map((event) => event.eventId)).size).toBe(7);
    });

    it.each([
      ['pm_card_pendingRefund', 'PENDING', ['PENDING', 'SETTLED', 'SETTLED']],
      ['pm_card_refundFail', 'SETTLED', ['SETTLED', 'FAILED', 'FAILED', 'FAILED']],
    ])('tell how a refund to %s ends', async (card, outcome, states) => {
      const orderId = randomUUID() as OrderId;
      const refundId = randomUUID() as RefundId;
      const { intentId } = await gateway().createIntent({ orderId, amount: eur(4950), idempotencyKey: randomUUID() });
      await gateway().confirm({ intentId, paymentMethod: card, returnUrl, idempotencyKey: randomUUID() });
      await gateway().capture({ intentId, amount: eur(4950), idempotencyKey: randomUUID() });
      const refunded = await gateway().refund({ intentId, refundId, amount: eur(100), idempotencyKey: randomUUID() });
      expect(refunded.outcome).toBe(outcome);
      const ours = () => stripe.receiver.received.filter(({ body }) => body.includes(refundId));
      await stripe.receiver.until(() => ours().length === states.length);
      const said = ours().map(({ body, signature }) => gateway().verifyWebhook(body, signature).event);
      expect(
        said.map((event) => (event.type === 'REFUND_CHANGED' ? event.refund.state.status : event.type)).sort(),
      ).toEqual([...states].sort());
    });

    it('are believed up to 5 minutes before and after they were signed, and no longer', async () => {
      await stripe.receiver.until((received) => received.length > 0);
      const { body, signature } = stripe.receiver.received[0]!;
      const { signedAt } = gateway().verifyWebhook(body, signature);
      const verify = (offset: number) => () => assertTimely(signedAt, at(signature, offset));
      expect(verify(300)).not.toThrow();
      expect(verify(-300)).not.toThrow();
      expect(verify(301)).toThrow(expect.objectContaining({ name: 'WebhookRefused', reason: 'TOO_OLD' }));
      expect(verify(-301)).toThrow(expect.objectContaining({ name: 'WebhookRefused', reason: 'FROM_THE_FUTURE' }));
      expect(verify(-3600)).toThrow(expect.objectContaining({ reason: 'FROM_THE_FUTURE' }));
    });

    it('are refused when anything about the signature is wrong', async () => {
      await stripe.receiver.until((received) => received.length > 0);
      const { body, signature } = stripe.receiver.received[0]!;
      const verify = (raw: string, header: string | undefined) => () => gateway().verifyWebhook(raw, header);
      const bad = (reason: string) => expect.objectContaining({ name: 'WebhookRefused', reason });
      const [time, hash] = signature.split(',');
      expect(verify(body, undefined)).toThrow(bad('NO_SIGNATURE'));
      expect(verify(body, '')).toThrow(bad('NO_SIGNATURE'));
      expect(verify(body, 'nonsense')).toThrow(bad('MALFORMED'));
      expect(verify(body, `${time},${time},${hash}`)).toThrow(bad('MALFORMED'));
      expect(verify(body, `t=1,${hash}`)).toThrow(bad('BAD_SIGNATURE'));
      expect(verify(body, time)).toThrow(bad('BAD_SIGNATURE'));
      expect(verify(body.replace('"livemode": false', '"livemode": true'), signature)).toThrow(bad('BAD_SIGNATURE'));
      const other = stripeGateway({
        secretKey: TEST_KEY,
        apiUrl: stripe.simulator.url,
        webhookSecrets: ['whsec_other'],
      });
      expect(() => other.verifyWebhook(body, signature)).toThrow(bad('BAD_SIGNATURE'));
      const rolled = stripeGateway({
        secretKey: TEST_KEY,
        apiUrl: stripe.simulator.url,
        webhookSecrets: ['whsec_other', TEST_SECRET],
      });
      expect(rolled.verifyWebhook(Buffer.from(body), signature).event.eventId).toMatch(/^evt_/);
      const live = stripeGateway({
        secretKey: 'sk_live_x',
        apiUrl: stripe.simulator.url,
        webhookSecrets: [TEST_SECRET],
      });
      expect(() => live.verifyWebhook(body, signature)).toThrow(bad('WRONG_MODE'));
    });
  });
});

describe('the payment gateway over Stripe itself', () => {
  if (stripeKey !== '') {
    const withKey = (secretKey: string) =>
      stripeGateway({ secretKey, apiUrl: 'https://api.stripe.com', webhookSecrets: [] });
    gatewayContract({ gateway: () => withKey(stripeKey), withKey });
  } else {
    it('keeps the same contract', (test) => {
      test.task.meta.absentServer = 'Stripe: give STRIPE_TEST_KEY, the secret test key of a Stripe account';
      test.skip('STRIPE_TEST_KEY is not given');
    });
  }
});
