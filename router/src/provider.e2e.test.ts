import { systemViewer } from '@souk/kit';
import type { PaymentsPorts } from '@souk/payments';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './laws.ts';
import { buy, fillCart, key, mutate, openShop, pay, placeOrder, type Shop } from './shop.testing.ts';
import { type Answer, startSouk, type TestSouk } from './souk.testing.ts';

describe('what happens at the payment provider', () => {
  let souk: TestSouk;
  let shop: Shop;
  beforeAll(async () => {
    souk = await startSouk();
    shop = await openShop(souk, { MUG: { amount: '19.00', stock: 50 } });
  });
  afterAll(async () => {
    await souk?.stop();
  });
  const keepsTheLaws = async (): Promise<void> => {
    await souk.quiet();
    expect(await violations((sql) => souk.sql(sql))).toEqual([]);
    expect(await souk.sql('select * from orders.dead_letters')).toEqual([]);
  };

  /** A merchant gives money back in the provider's own dashboard: Souk was not asked. */
  async function refundAtProvider(orderNumber: string, amountMinor: number): Promise<void> {
    const { simulator } = souk.houses.get('payments')!.context(systemViewer).ports as PaymentsPorts;
    const [payment] = await souk.sql<{ intent: string }>(
      'select gateway_intent_id as intent from payments.payments where order_number = $1',
      [orderNumber],
    );
    const response = await fetch(`${simulator!.url}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator!.secretKey}` },
      body: new URLSearchParams({ payment_intent: payment!.intent, amount: String(amountMinor) }),
    });
    expect(response.status).toBe(200);
  }
  const see = async (id: string): Promise<Answer> =>
    (
      await shop.admin.run(
        `query ($id: ID!) { order(id: $id) { status total { amountMinor } totalRefunded { amountMinor } refundable { amountMinor }
          refunds { status amount { amountMinor } reason lines { quantity } } timeline { kind message }
          payment { status refunded { amountMinor } } messages { template } } }`,
        { id },
      )
    ).order;
  const bought = async (): Promise<Answer> => {
    const order = await buy(await souk.guest(), shop, { MUG: 2 });
    await souk.quiet();
    return order;
  };

  it('a refund made there by hand shows on the order as a credit of its own, and the shopper gets the mail', async () => {
    const { id, orderNumber } = await bought();
    await refundAtProvider(orderNumber, 500);
    await expect.poll(async () => (await see(id)).totalRefunded).toEqual({ amountMinor: 500 });
    await keepsTheLaws();
    const order = await see(id);
    expect(order.status).toBe('CONFIRMED');
    expect(order.refundable.amountMinor).toBe(order.total.amountMinor - 500);
    expect(order.refunds).toEqual([
      {
        status: 'SETTLED',
        amount: { amountMinor: 500 },
        reason: 'Refunded at the payment provider, not by this shop.',
        lines: [],
      },
    ]);
    expect(order.timeline.at(-1)).toEqual({
      kind: 'REFUNDED_AT_PROVIDER',
      message: 'A refund was made at the payment provider.',
    });
    expect(order.payment).toEqual({ status: 'PARTIALLY_REFUNDED', refunded: { amountMinor: 500 } });
    expect(order.messages.map(({ template }: { template: string }) => template)).toEqual(
      expect.arrayContaining(['ORDER_CONFIRMED', 'ORDER_REFUNDED']),
    );
  });

  it('the rest goes back once when such an order is cancelled, and refunds go on being possible up to what is left', async () => {
    const [one, other] = [await bought(), await bought()];
    await refundAtProvider(one.orderNumber, 700);
    await refundAtProvider(other.orderNumber, 700);
    await expect.poll(async () => (await see(one.id)).totalRefunded).toEqual({ amountMinor: 700 });
    await expect.poll(async () => (await see(other.id)).totalRefunded).toEqual({ amountMinor: 700 });
    const cancelling = { idempotencyKey: key(), orderId: one.id, reason: 'Asked for it.' };
    await mutate(shop.admin, 'cancelOrder', 'CancelOrderInput', cancelling, 'order { id }');
    await expect.poll(async () => (await see(one.id)).payment.status).toBe('REFUNDED');
    const refunding = {
      idempotencyKey: key(),
      orderId: other.id,
      lines: [],
      amount: { amount: '1.00', currency: 'EUR' },
      reason: 'A scratch.',
    };
    await mutate(shop.admin, 'refundOrder', 'RefundOrderInput', refunding, 'order { id }');
    await expect.poll(async () => (await see(other.id)).totalRefunded).toEqual({ amountMinor: 800 });
    await keepsTheLaws();
    const { total, totalRefunded } = await see(one.id);
    expect(totalRefunded).toEqual(total);
  });

  it('the whole of it made there by hand leaves nothing to refund, and a cancellation then has nothing to send', async () => {
    const { id, orderNumber } = await bought();
    const { total } = await see(id);
    await refundAtProvider(orderNumber, total.amountMinor);
    await expect.poll(async () => (await see(id)).totalRefunded).toEqual(total);
    expect((await see(id)).refundable).toEqual({ amountMinor: 0 });
    const cancelling = { idempotencyKey: key(), orderId: id, reason: null };
    await mutate(shop.admin, 'cancelOrder', 'CancelOrderInput', cancelling, 'order { id }');
    await keepsTheLaws();
    expect(await see(id)).toMatchObject({ status: 'CANCELLED', totalRefunded: total, payment: { refunded: total } });
  });

  it('the bank’s page lives under the shop’s own address, outlives a restart, and answers once', async () => {
    const guest = await souk.guest();
    const { id } = await placeOrder(guest, await fillCart(guest, shop, { MUG: 1 }));
    await souk.quiet();
    await pay(guest, id, 'pm_card_threeDSecure2Required');
    const query = 'query ($id: ID!) { order(id: $id) { status payment { nextAction { redirectUrl } } } }';
    await expect.poll(async () => (await guest.run(query, { id })).order.payment.nextAction).not.toBeNull();
    const { redirectUrl } = (await guest.run(query, { id })).order.payment.nextAction;
    expect(redirectUrl.startsWith(`${souk.url}/simulator/3d-secure/pi_`)).toBe(true);
    const page = await fetch(redirectUrl);
    expect([page.status, page.headers.get('content-type'), page.headers.get('referrer-policy')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'same-origin',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('€');
    expect((await fetch(`${souk.url}/simulator/3d-secure/pi_nobody/x`)).status).toBe(404);
    expect((await fetch(redirectUrl.slice(0, -1))).status).toBe(410);
    // Nothing else of the simulator is there: no API, no control surface.
    for (const path of ['v1/payment_intents', '_simulator/faults'])
      expect((await fetch(`${souk.url}/simulator/${path}`, { method: 'POST' })).status).toBe(404);

    souk = await souk.restart();
    const here = new URL(redirectUrl);
    here.port = new URL(souk.url).port;
    const approve = () =>
      fetch(here, {
        method: 'POST',
        headers: { origin: souk.url, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'outcome=succeeded',
        redirect: 'manual',
      });
    expect((await approve()).status).toBe(303);
    await expect
      .poll(async () => (await souk.sql('select status from orders.orders order by placed_at desc limit 1'))[0])
      .toEqual({ status: 'CONFIRMED' });
    expect((await approve()).status).toBe(410);
    await keepsTheLaws();
  });
});
