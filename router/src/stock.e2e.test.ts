import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, fillCart, openShop, type Shop } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

describe.each(['stock', 'compiled'])('a shop whose router runs its plans by the %s executor', (executor) => {
  let souk: TestSouk;
  let shop: Shop;
  beforeAll(async () => {
    souk = await startSouk({ env: { ROUTER_EXECUTOR: executor } });
    shop = await openShop(souk, { MUG: { amount: '19.00', stock: 5 } });
  });
  afterAll(() => souk?.stop());

  it('sells: what houses know together, mutations, and an order that is watched', async () => {
    const guest = await souk.guest();
    const { quote, lines } = await fillCart(guest, shop, { MUG: 2 });
    expect([quote.total, lines]).toEqual([
      { amount: '42.90', amountMinor: 4290, currency: 'EUR' },
      [{ variantId: shop.variant('MUG'), quantity: 2 }],
    ]);
    const order = await buy(guest, shop, { MUG: 1 });
    expect(order).toMatchObject({ status: 'CONFIRMED', total: { amount: '61.90' } });
    await souk.quiet();
    const { variant } = await guest.run(
      'query ($id: ID!) { variant(id: $id) { called: name left: stock { available } } }',
      { id: shop.variant('MUG') },
    );
    expect(variant).toMatchObject({ called: expect.any(String), left: { available: 2 } });
  });
});
