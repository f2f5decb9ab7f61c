import { randomUUID } from 'node:crypto';
import { anonymous, customer, exampleOf, guest, shapeOf, staff, statementsOf } from '@souk/kit/testing';
import { encodeId, type Fact, type FactType, type RefundId, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payments } from './index.ts';
import { brokenLaws, EUR_4950, eur, startTestPayments, type TestOrder, type TestPayments } from './payments.testing.ts';

let t: TestPayments;
beforeAll(async () => {
  t = await startTestPayments();
});
afterAll(() => t.stop());

async function paid(paymentMethod: string): Promise<TestOrder> {
  const order = await t.requested();
  await t.submitted(order, paymentMethod);
  await t.settled();
  await t.confirmed(order);
  await t.settled();
  return order;
}

describe('facts', () => {
  it('are said as their examples show them', async () => {
    await paid('pm_card_createDispute');
    const refunded = await paid('pm_card_visa');
    await t.refundRequested(refunded, eur(1000));
    await t.refundRequested(refunded, eur(10_000));
    await paid('pm_card_chargeDeclined').catch(() => undefined);
    const voided = await t.requested();
    await t.submitted(voided, 'pm_card_threeDSecure2Required');
    await t.settled();
    await t.cancelled(voided);
    await t.settled();
    const lost = await t.requested();
    await t.submitted(lost, 'pm_card_visa');
    await t.settled();
    await t.control('webhooks/pause');
    await t.control('expire', { intent: (await t.row(lost)).gateway_intent_id });
    await t.confirmed(lost);
    await t.settled();
    await t.control('webhooks/resume');
    await t.settled();
    const types = [
      'payments.PaymentAuthorized',
      'payments.PaymentDeclined',
      'payments.PaymentActionRequired',
      'payments.PaymentCaptured',
      'payments.CaptureFailed',
      'payments.PaymentVoided',
      'payments.RefundSettled',
      'payments.RefundFailed',
      'payments.PaymentDisputed',
    ] as const satisfies readonly FactType[];
    for (const type of types) {
      const [real] = await t.said('payments', type);
      expect(shapeOf(real)).toEqual(shapeOf(await exampleOf(type)));
    }
    expect(await brokenLaws(t)).toEqual([]);
  });

  it('of other houses are heard as their examples show them, twice as once', async () => {
    const inOrder: FactType[] = ['orders.PaymentRequested', 'orders.PaymentSubmitted', 'orders.OrderConfirmed'];
    const others = (Object.keys(payments.hears) as FactType[]).filter((type) => !inOrder.includes(type));
    for (const type of [...inOrder, ...others.sort((a) => (a === 'orders.RefundRequested' ? -1 : 1))]) {
      let fact: Fact = await exampleOf(type);
      // Each example stands alone; a refund that staff asked for and the one of a cancellation are never the same.
      if (type === 'orders.RefundRequested') {
        fact = { ...fact, data: { ...(fact.data as object), refundId: randomUUID() } };
      }
      await t.house('payments').ear.deliver([fact]);
      await t.settled();
      const said = (await t.said('payments')).length;
      await t.house('payments').ear.deliver([fact]);
      await t.settled();
      expect((await t.said('payments')).length).toBe(said);
    }
    const { key } = await exampleOf('orders.PaymentRequested');
    const types = (await t.said('payments')).filter((fact) => fact.key === key).map((fact) => fact.type);
    expect(types).toEqual([
      'payments.PaymentAuthorized',
      'payments.PaymentCaptured',
      'payments.RefundSettled',
      'payments.RefundSettled',
    ]);
  });

  it('that come again under other ids change nothing more', async () => {
    const order = await paid('pm_card_visa');
    const refundId = await t.refundRequested(order, eur(950));
    await t.settled();
    await t.cancelled(order);
    await t.settled();
    const before = await t.words(order);
    for (let again = 0; again < 2; again++) {
      await t.submitted(order, 'pm_card_visa');
      await t.confirmed(order);
      await t.refundRequested(order, eur(950), refundId as RefundId);
      await t.cancelled(order);
      await t.settled();
    }
    expect(await t.words(order)).toEqual(before);
  });

  it('that come before their payment are refused, so that the bus brings them again', async () => {
    const nobody: TestOrder = {
      orderId: randomUUID() as TestOrder['orderId'],
      refundId: randomUUID() as RefundId,
      viewer: guest(),
      amount: EUR_4950,
    };
    await expect(t.submitted(nobody, 'pm_card_visa')).rejects.toThrow('came before');
    await expect(t.refundRequested(nobody, eur(1))).rejects.toThrow('without a payment');
    await t.confirmed(nobody);
    await t.cancelled(nobody);
    expect(await t.words(nobody)).toEqual([]);
  });
});

describe('a checkout', () => {
  it('costs this house 9 statements, and one for each webhook of what it knows', async () => {
    await paid('pm_card_visa');
    let order!: TestOrder;
    await t.control('webhooks/pause');
    const sent = await statementsOf(async () => {
      order = await t.requested();
      await t.quiet();
      await t.submitted(order, 'pm_card_visa');
      await t.quiet();
      await t.confirmed(order);
      await t.quiet();
    }, 'payments');
    const relayed = sent.filter((text) => text.includes('update outbox'));
    expect(sent.length - relayed.length).toBe(9);
    const heard = await statementsOf(async () => {
      await t.control('webhooks/resume');
      await t.settled();
    }, 'payments');
    expect(heard.filter((text) => !text.includes('update outbox'))).toHaveLength(2);
    expect(await t.types(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured']);
  });
});

describe('who may see', () => {
  const owner = guest();
  const strangers: [string, Viewer][] = [
    ['an anonymous viewer', anonymous()],
    ['another guest', guest()],
    ['a customer', customer()],
    ['a merchandiser', staff('MERCHANDISER')],
    ['the warehouse', staff('WAREHOUSE')],
  ];
  const helpers: [string, Viewer][] = [
    ['support', staff('SUPPORT')],
    ['finance', staff('FINANCE')],
    ['an administrator', staff('ADMIN')],
  ];
  let order: TestOrder;
  beforeAll(async () => {
    order = await t.requested(EUR_4950, owner);
    await t.submitted(order, 'pm_card_threeDSecure2Required');
    await t.settled();
  });

  const byNode = async (viewer: Viewer) => {
    const refs = [{ __typename: 'Payment', id: encodeId('Payment', (await t.row(order)).id) }];
    const document = 'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Payment { id status } } }';
    return (await t.run('payments', viewer, document, { refs }))._entities[0];
  };

  it.each(strangers)('a payment: not %s, by no path', async (_, viewer) => {
    expect(await t.see(order, 'id', viewer)).toBeNull();
    expect(await byNode(viewer)).toBeNull();
  });
  it('a payment: its owner, with the client secret', async () => {
    const seen = await t.see(order, 'status clientSecret nextAction { type }');
    expect(seen).toEqual({
      status: 'ACTION_REQUIRED',
      clientSecret: expect.stringMatching(/_secret_/),
      nextAction: { type: 'REDIRECT' },
    });
    expect((await byNode(owner)).status).toBe('ACTION_REQUIRED');
  });
  it.each(helpers)('a payment: %s, without the client secret', async (_, viewer) => {
    const seen = await t.see(order, 'status clientSecret transactions { providerReference }', viewer);
    expect(seen).toEqual({ status: 'ACTION_REQUIRED', clientSecret: null, transactions: [] });
  });

  const roots: Record<string, readonly Viewer['roles'][number][]> = {
    'ledger { nodes { id } }': ['FINANCE', 'ADMIN'],
    'ledgerBalances { balance { amountMinor } }': ['FINANCE', 'ADMIN'],
    'disputes { nodes { id } }': ['FINANCE', 'SUPPORT', 'ADMIN'],
    'quarantinedPaymentEvents { nodes { providerEventId } }': ['FINANCE', 'ADMIN'],
  };
  const roles = ['CUSTOMER', 'SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN'] as const;
  it.each(Object.entries(roots))('%s: only its roles', async (field, allowed) => {
    for (const role of roles) {
      const { errors } = await t.ask('payments', staff(role), `{ ${field} }`);
      expect(errors?.[0]?.extensions.code).toBe(allowed.includes(role) ? undefined : 'FORBIDDEN');
    }
    for (const viewer of [anonymous(), owner]) {
      const { errors } = await t.ask('payments', viewer, `{ ${field} }`);
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });
  it('the provider’s references: staff alone', async () => {
    const done = await paid('pm_card_visa');
    const refs = [{ __typename: 'Order', id: encodeId('Order', done.orderId) }];
    const document = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Order { payment { transactions { kind providerReference } } } } }`;
    const asked = await t.ask('payments', done.viewer, document, { refs });
    expect(asked.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const seen = await t.run('payments', staff('SUPPORT'), document, { refs });
    expect(seen._entities[0].payment.transactions[0].providerReference).toMatch(/^pi_/);
  });
  it('how to pay: everybody', async () => {
    const { paymentConfig } = await t.run(
      'payments',
      anonymous(),
      '{ paymentConfig { provider publishableKey testCards { paymentMethod } } }',
    );
    expect(paymentConfig).toMatchObject({ provider: 'SIMULATOR', publishableKey: null });
    expect(paymentConfig.testCards[0]).toEqual({ paymentMethod: 'pm_card_visa' });
  });
});

describe('the books', () => {
  it('are read in pages, newest first, without repeating or skipping', async () => {
    const page = async (after: string | null) => {
      const document = `query ($after: String) { ledger(first: 2, after: $after) {
        nodes { id debit credit amount { amount currency } order { id } } pageInfo { hasNextPage endCursor } count { value precision } } }`;
      return (await t.run('payments', staff('FINANCE'), document, { after })).ledger;
    };
    const ids: string[] = [];
    let at: string | null = null;
    let total = 0;
    for (;;) {
      const { nodes, pageInfo, count } = await page(at);
      total = count.value;
      ids.push(...nodes.map((node: { id: string }) => node.id));
      if (!pageInfo.hasNextPage) break;
      at = pageInfo.endCursor;
    }
    expect([new Set(ids).size, ids.length]).toEqual([total, total]);
    const { ledgerBalances } = await t.run(
      'payments',
      staff('FINANCE'),
      '{ ledgerBalances { account balance { amountMinor } } }',
    );
    const sum = ledgerBalances.reduce(
      (all: number, one: { balance: { amountMinor: number } }) => all + one.balance.amountMinor,
      0,
    );
    expect(sum).toBe(0);
  });

  it('cannot be changed, by nobody', async () => {
    await expect(t.sql('update payments.ledger_entries set amount = 1')).rejects.toThrow('stays as it was written');
    await expect(t.sql('delete from payments.ledger_entries')).rejects.toThrow('stays as it was written');
  });

  it.each([
    ['more captured than asked for', 'captured = amount + 1'],
    ['more refunded than captured', 'refunded = captured + 1'],
    ['more on its way back than there is', 'refunding = amount + 1'],
    ['a status that does not fit the money', `status = 'REFUNDED'`],
  ])('refuse %s', async (_, set) => {
    const order = await paid('pm_card_visa');
    await expect(t.sql(`update payments.payments set ${set} where order_id = $1`, [order.orderId])).rejects.toThrow(
      'check',
    );
  });

  it('are out of reach of the simulator, and the simulator of the house', async () => {
    const rights = await t.sql(`
      select has_schema_privilege('payments_app', 'stripe_simulator', 'usage') as house,
        has_schema_privilege('stripe_simulator', 'payments', 'usage') as simulator`);
    expect(rights).toEqual([{ house: false, simulator: false }]);
  });
});

describe('the page a bank leads back to', () => {
  it('says what the browser was told, echoes nothing and changes nothing', async () => {
    const route = t.house('payments').routes.find(({ path }) => path === '/payments/return')!;
    const open = (query: Record<string, string>) =>
      route.handle({ params: {}, query, headers: {}, body: Buffer.alloc(0), viewer: anonymous() });
    expect((await open({ redirect_status: 'failed' })).body).toContain('was not made');
    const odd = await open({ redirect_status: '<script>', payment_intent: '<script>' });
    expect(odd.body).not.toContain('<script>');
    expect(odd.headers?.['content-security-policy']).toContain("default-src 'none'");
  });
});
