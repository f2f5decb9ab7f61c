import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from '../router/src/laws.ts';
import {
  address,
  key,
  mutate,
  openShop,
  pay,
  placeOrder,
  QUOTE,
  readCart,
  type Shop,
  watchOrder,
} from '../router/src/shop.testing.ts';
import { startSouk, type TestSouk } from '../router/src/souk.testing.ts';
import { importFile } from './import/import-file.ts';
import { localAdmin } from './import/login.ts';

const real = fileURLToPath(new URL('../../shared/data/shopify/home-and-garden.csv', import.meta.url));
const sample = fileURLToPath(new URL('./import/sample.csv', import.meta.url));

let souk: TestSouk;
let shop: Shop;
beforeAll(async () => {
  souk = await startSouk();
  shop = await openShop(souk, { MUG: { amount: '1.00', stock: 1 } });
});
afterAll(() => souk?.stop());

it('a shop opens with a Shopify file, and a customer finds, buys, watches, gets and gives back', async () => {
  if (!existsSync(real))
    console.warn('The real Shopify file is not beside the project: this story imports the sample of the same format.');
  const imported = await importFile({
    url: souk.urls.graph,
    login: localAdmin({}),
    file: existsSync(real) ? real : sample,
    warehouse: 'BER',
    currency: 'EUR',
  });
  expect(imported.report.counts.created).toBeGreaterThan(0);
  await souk.quiet();

  const customer = await souk.customer();
  const { products } = await customer.run(`{
    products(first: 50, filter: { inStock: true }, sort: { field: PRICE, direction: DESC }) { nodes { name slug inStock price { amount amountMinor } variants { id sku } } }
  }`);
  const [found] = products.nodes;
  const { productBySlug: page, products: hits } = await customer.run(
    `query ($slug: String!, $search: String!) {
      productBySlug(slug: $slug) { name description variants { id stock { available inStock } price { amountMinor } } }
      products(first: 5, search: $search) { nodes { slug } }
    }`,
    { slug: found.slug, search: found.name },
  );
  expect(hits.nodes.map((one: { slug: string }) => one.slug)).toContain(found.slug);
  const variant = page.variants.find((one: { stock: { available: number } }) => one.stock.available > 0);
  const before: number = variant.stock.available;
  expect(before).toBeGreaterThan(0);

  const stock = customer.watch(
    'subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { variant { stock { available } product { name } } } }',
    { ids: [variant.id] },
  );
  await mutate(customer, 'addToCart', 'AddToCartInput', { variantId: variant.id, quantity: 1 }, 'cart { id }');
  const without = await customer.run(`{ ${QUOTE} }`);
  expect(without.cart.quote.missing).toEqual(['NO_ADDRESS']);
  await mutate(customer, 'setCartAddress', 'SetCartAddressInput', { shipping: address }, 'cart { id }');
  const quoted = await readCart(customer);
  expect(quoted.quote.missing).toEqual([]);
  expect(quoted.total.amountMinor).toBe(variant.price.amountMinor + 490);

  const order = await placeOrder(customer, quoted);
  const watching = watchOrder(customer, order.id);
  await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'AWAITING_PAYMENT');
  await pay(customer, order.id);
  await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'CONFIRMED');
  await stock.until(({ variantStockChanged }) => variantStockChanged.variant.stock.available === before - 1);
  await watching.until(({ orderUpdated }) => orderUpdated.order.payment.status === 'CAPTURED');
  await souk.quiet();
  const staff = shop.admin;
  await mutate(
    staff,
    'shipOrder',
    'ShipOrderInput',
    { idempotencyKey: key(), orderId: order.id, warehouseId: shop.warehouseId },
    'fulfillment { id }',
  );
  await mutate(
    staff,
    'deliverOrder',
    'DeliverOrderInput',
    { idempotencyKey: key(), orderId: order.id },
    'order { status }',
  );
  await watching.until(({ orderUpdated }) => orderUpdated.order.status === 'DELIVERED');
  const { order: seen } = await customer.run(
    'query ($id: ID!) { order(id: $id) { lines { id } customer { email } } }',
    { id: order.id },
  );
  expect(seen.customer.email).toBe(customer.email);
  await mutate(
    staff,
    'refundOrder',
    'RefundOrderInput',
    {
      idempotencyKey: key(),
      orderId: order.id,
      lines: [{ orderLineId: seen.lines[0].id, quantity: 1, restock: true }],
      reason: 'Changed their mind.',
    },
    'refund { id }',
  );
  await watching.until(({ orderUpdated }) => orderUpdated.order.payment.status === 'PARTIALLY_REFUNDED');
  await stock.until(({ variantStockChanged }) => variantStockChanged.variant.stock.available === before);
  await souk.quiet();
  const templates = await souk.sql<{ template: string }>(
    'select template from notifications.messages order by template',
  );
  expect(templates).toHaveLength(3);
  expect(await violations((sql) => souk.sql(sql))).toEqual([]);
});
