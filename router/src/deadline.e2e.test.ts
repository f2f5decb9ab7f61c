import { systemViewer } from '@souk/kit';
import type { PaymentsPorts } from '@souk/payments';
import { decodeId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './laws.ts';
import {
  attempt,
  fillCart,
  key,
  mutate,
  openShop,
  pay,
  placeOrder,
  readCart,
  type Shop,
  watchOrder,
} from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

describe('an order whose payment does not come in time', () => {
  let souk: TestSouk;
  let shop: Shop;
  beforeAll(async () => {
    souk = await startSouk();
    shop = await openShop(souk, { MUG: { amount: '19.00', stock: 10 }, BOWL: { amount: '24.50', stock: 10 } });
  });
  afterAll(async () => {
    await souk?.quiet();
    const broken = souk ? await violations((sql) => souk.sql(sql)) : [];
    await souk?.stop();
    expect(broken).toEqual([]);
  });

  /** Plans a trouble of the provider's next calls. */
  async function fault(params: Record<string, string>): Promise<void> {
    const { simulator } = souk.houses.get('payments')!.context(systemViewer).ports as PaymentsPorts;
    const { url, secretKey } = simulator!;
    const response = await fetch(`${url}/_simulator/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: new URLSearchParams(params),
    });
    expect(response.status).toBe(200);
  }
  /** The time to pay is over: no test waits for it, and none is outrun by it. */
  async function passDeadline(orderId: string): Promise<void> {
    await souk.sql(`update orders.orders set deadline = now() where id = $1 and step = 'PAYING'`, [
      decodeId('Order', orderId),
    ]);
    await souk.houses.get('orders')!.runTick('expireCheckouts');
  }
  const available = async (sku: string): Promise<number> =>
    (
      await souk
        .caller(null)
        .run('query ($id: ID!) { variant(id: $id) { stock { available } } }', { id: shop.variant(sku) })
    ).variant.stock.available;
  const stateOf = async (orderNumber: string) =>
    (
      await souk.sql<{ status: string; captured: number; refunded: number }>(
        'select status, captured::int, refunded::int from payments.payments where order_number = $1',
        [orderNumber],
      )
    )[0];

  it('is cancelled as EXPIRED before the shopper’s eyes; its stock is back, its cart untouched, and it cannot be paid', async () => {
    const guest = await souk.guest();
    const stock = guest.watch(
      'subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { variant { stock { available } } } }',
      { ids: [shop.variant('MUG')] },
    );
    const seen = (n: number) => stock.until((e) => e.variantStockChanged.variant.stock.available === n);
    const order = await placeOrder(guest, await fillCart(guest, shop, { MUG: 3 }));
    const watching = watchOrder(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    await seen(7);
    await passDeadline(order.id);
    const { orderUpdated } = await watching.until(({ orderUpdated: { order: now } }) => now.status === 'CANCELLED');
    expect(orderUpdated.order).toMatchObject({
      cancelReason: 'EXPIRED',
      missingLines: null,
      totalRefunded: { amount: '0.00' },
    });
    await seen(10);
    await souk.quiet();
    expect((await readCart(guest)).lines).toMatchObject([{ quantity: 3 }]);
    const input = { idempotencyKey: key(), orderId: order.id, paymentMethod: 'pm_card_visa' };
    const late = await attempt(guest, 'payOrder', 'PayOrderInput', input, 'order { id }');
    expect(late).toMatchObject({ order: null, errors: [{ code: 'NOT_PAYABLE' }] });
    watching.stop();
    stock.stop();
  });

  it('is not paid by an authorization that comes after its cancellation: the hold on the card is let go', async () => {
    const guest = await souk.guest();
    const order = await placeOrder(guest, await fillCart(guest, shop, { BOWL: 1 }));
    const watching = watchOrder(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    await fault({ kind: 'delay', path: '/confirm', delay_ms: '6000' });
    await pay(guest, order.id);
    await passDeadline(order.id);
    const { orderUpdated } = await watching.until(({ orderUpdated: { order: now } }) => now.status === 'CANCELLED');
    expect(orderUpdated.order.cancelReason).toBe('EXPIRED');
    await expect
      .poll(() => stateOf(order.orderNumber), { timeout: 90_000, interval: 250 })
      .toMatchObject({ status: 'VOIDED', captured: 0, refunded: 0 });
    const [intent] = await souk.sql<{ status: string }>(
      `select i.state->>'status' as status from stripe_simulator.payment_intents i
       join payments.payments p on p.gateway_intent_id = i.id where p.order_number = $1`,
      [order.orderNumber],
    );
    expect(intent).toEqual({ status: 'canceled' });
    await souk.quiet();
    expect(await available('BOWL')).toBe(10);
    const { order: now } = await guest.run('query ($id: ID!) { order(id: $id) { status cancelReason } }', {
      id: order.id,
    });
    expect(now).toEqual({ status: 'CANCELLED', cancelReason: 'EXPIRED' });
    watching.stop();
  });

  it('gives back what was taken while it was being cancelled', async () => {
    const guest = await souk.guest();
    const order = await placeOrder(guest, await fillCart(guest, shop, { BOWL: 2 }));
    const watching = watchOrder(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
    await fault({ kind: 'delay', path: '/capture', delay_ms: '2000' });
    await pay(guest, order.id);
    await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'CONFIRMED');
    await mutate(
      guest,
      'cancelOrder',
      'CancelOrderInput',
      { idempotencyKey: key(), orderId: order.id },
      'order { id }',
    );
    await watching.until(({ orderUpdated }) => orderUpdated.order.payment?.status === 'REFUNDED');
    await souk.quiet();
    expect(await stateOf(order.orderNumber)).toMatchObject({ status: 'REFUNDED', captured: 5390, refunded: 5390 });
    expect(await available('BOWL')).toBe(10);
    watching.stop();
  });
});
