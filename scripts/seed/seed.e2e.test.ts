import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSouk, type TestSouk } from '../../router/src/souk.testing.ts';
import { catalogue } from '../catalogue/index.ts';
import { localAdmin } from '../import/login.ts';
import { Shop } from '../import/shop.ts';
import { seed } from '../seed.ts';
import { fillLarge } from './large.ts';
import { customer, people } from './people.ts';
import { ensurePictures } from './pictures.ts';

let souk: TestSouk;
const admin = localAdmin({});
const silent = (): void => undefined;
const fill = (): Promise<void> => seed('small', { url: souk.urls.graph, onProgress: silent, admin });

beforeAll(async () => {
  souk = await startSouk();
});
afterAll(() => souk?.stop());

/** Everything said so far, and what is in the shop: alike twice means that nothing happened in between. */
async function state(): Promise<unknown> {
  await souk.quiet();
  return souk.sql(`select
    (select count(*) from users.outbox) said_by_users, (select count(*) from users.users) users,
    (select count(*) from users.user_addresses) addresses,
    (select count(*) from products.outbox) said_by_products, (select sum(version) from products.products) products,
    (select count(*) from products.categories) categories, (select sum(version) from products.collections) collections,
    (select count(*) from inventory.outbox) said_by_inventory, (select count(*) from inventory.movements) movements,
    (select count(*) from orders.tax_rates) rates, (select count(*) from orders.shipping_tiers) tiers,
    (select count(*) from orders.orders) orders, (select count(*) from platform.channels) channels`);
}

describe('npm run seed -- small', () => {
  it('knows the login of the shop that is started here', () => {
    expect(souk.logins).toEqual([{ role: 'ADMIN', ...admin }]);
  });

  it('fills a shop, and running it again changes nothing', async () => {
    await fill();
    const filled = await state();
    await fill();
    expect(await state()).toEqual(filled);
  });

  it('sells in two currencies', async () => {
    const query = 'query { products(first: 100) { nodes { slug price { currency } inStock } } }';
    for (const [channel, currency] of [
      ['default', 'EUR'],
      ['us', 'USD'],
    ]) {
      const { products } = await souk.caller(null, { 'souk-channel': channel! }).run(query);
      expect([channel, products.nodes.length]).toEqual([channel, 12]);
      expect(new Set(products.nodes.map((node: { price: { currency: string } }) => node.price.currency))).toEqual(
        new Set([currency]),
      );
    }
  });

  it('speaks four languages in part', async () => {
    const [first] = catalogue.products;
    const read = async (locale: string) => {
      const query = `query ($slug: String!) { productBySlug(slug: $slug) { name category { name } options { label values { label } } attributes { name } } }`;
      const { productBySlug } = await souk.caller(null, { 'souk-locale': locale }).run(query, { slug: first!.slug });
      return [productBySlug.name, productBySlug.category.name, productBySlug.options[0]?.label];
    };
    expect(await read('en')).toEqual(['Tide Mug', 'Mugs & Cups', 'Colour']);
    expect(await read('de')).toEqual(['Becher Gezeiten', 'Becher & Tassen', 'Farbe']);
    expect(await read('ja')).toEqual(['潮のマグカップ', 'マグとカップ', '色']);
    expect((await read('ar')).slice(1)).toEqual(['أكواب وفناجين', 'اللون']);
  });

  it('lets everybody in whose login it prints, with the role it prints', async () => {
    for (const { role, email, password } of people) {
      const { signIn } = await souk
        .caller(null)
        .run('mutation ($input: SignInInput!) { signIn(input: $input) { session { user { roles } } } }', {
          input: { email, password },
        });
      expect([email, signIn.session.user.roles.includes(role)]).toEqual([email, true]);
    }
  });

  it('quotes a cart with its taxes and shipping, for a customer with an address', async () => {
    const { email, password } = customer;
    const { signIn } = await souk
      .caller(null)
      .run('mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }', {
        input: { email, password },
      });
    const shopper = souk.caller(signIn.session.accessToken);
    const { productBySlug, me } = await shopper.run(
      `query { productBySlug(slug: "tide-mug") { variants { id stock { available } price { amount } } }
        me { addresses { type isDefault firstName lastName addressLine1 city country postalCode } } }`,
    );
    const variant = productBySlug.variants.find((one: { stock: { available: number } }) => one.stock.available > 2);
    const { type: _, isDefault: __, ...address } = me.addresses[0];
    expect(address.country).toBe('DE');
    await shopper.run('mutation ($input: AddToCartInput!) { addToCart(input: $input) { errors { message } } }', {
      input: { variantId: variant.id, quantity: 2 },
    });
    await shopper.run(
      'mutation ($input: SetCartAddressInput!) { setCartAddress(input: $input) { errors { message } } }',
      {
        input: { shipping: address },
      },
    );
    const { cart } = await shopper.run(
      `query { cart { quote { missing shippingMethods { name price { amount } } lines { taxRate } shipping { amount } } } }`,
    );
    expect(cart.quote.missing).toEqual([]);
    expect(cart.quote.shippingMethods).toEqual([
      { name: 'Standard', price: { amount: '4.90' } },
      { name: 'Express', price: { amount: '14.90' } },
    ]);
    expect(cart.quote.lines.map((line: { taxRate: string }) => Number(line.taxRate))).toEqual([19]);
  });

  it('leaves stock alone that was sold since', async () => {
    const [level] = await souk.sql<{ variant_id: string; warehouse_id: string; on_hand: number }>(
      'select variant_id, warehouse_id, on_hand from inventory.levels where on_hand > 5 order by variant_id limit 1',
    );
    await souk.sql('update inventory.levels set on_hand = on_hand - 1 where variant_id = $1 and warehouse_id = $2', [
      level!.variant_id,
      level!.warehouse_id,
    ]);
    await fill();
    const [after] = await souk.sql<{ on_hand: number }>(
      'select on_hand from inventory.levels where variant_id = $1 and warehouse_id = $2',
      [level!.variant_id, level!.warehouse_id],
    );
    expect(after!.on_hand).toBe(level!.on_hand - 1);
  });
});

describe('the pictures of the demo', () => {
  it('are drawn, uploaded once, and shown by the variants they belong to', async () => {
    const shop = await Shop.connect({ url: souk.urls.graph, login: admin });
    const product = catalogue.products.find(({ slug }) => slug === 'tide-mug')!;
    const read = async () => {
      const { productBySlug } = await (await souk.admin()).run(
        `query { productBySlug(slug: "tide-mug") { id media { id alt url status position } variants { id sku media { id alt } } } }`,
      );
      return productBySlug;
    };
    const before = await read();
    await ensurePictures(shop, [product], new Map([['tide-mug', before]]), silent);
    const once = await read();
    await ensurePictures(shop, [product], new Map([['tide-mug', once]]), silent);
    expect(await read()).toEqual(once);
    expect(once.media.map(({ alt, status, position }: Record<string, unknown>) => [alt, status, position])).toEqual(
      product.pictures.map(({ alt }, at) => [alt, 'READY', at + 1]),
    );
    const shown = new Map(
      once.variants.map((variant: { sku: string; media: { alt: string } }) => [variant.sku, variant.media.alt]),
    );
    expect(shown).toEqual(
      new Map(
        product.variants.map(({ sku, picture }) => [sku, product.pictures.find(({ key }) => key === picture)!.alt]),
      ),
    );
    const file = await fetch(new URL(once.media[0].url, souk.url));
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });
});

describe('the generated part of a large shop', () => {
  it('goes on where it was stopped, and running it again changes nothing', async () => {
    const shop = await Shop.connect({ url: souk.urls.graph, login: admin });
    const { channels, warehouses } = await (await souk.admin()).run('query { channels { id code } warehouses { id } }');
    const id = (code: string): string => channels.find((one: { code: string }) => one.code === code).id;
    const told: string[] = [];
    const large = {
      shop,
      channels: { EUR: id('default'), USD: id('us') },
      warehouses: warehouses.map((one: { id: string }) => one.id),
      catalogue,
      onProgress: (line: string) => told.push(line),
    };
    const count = async () =>
      souk.sql(`select (select count(*)::int from products.products where slug like '%-%' and sku like '%-%' and vendor is not null
        and product_type is not null) products, (select count(*)::int from orders.orders) orders`);
    await fillLarge(large, { products: 150, orders: 120 });
    expect(await count()).toEqual([{ products: 150, orders: 120 }]);
    await fillLarge(large, { products: 350, orders: 320 });
    expect(await count()).toEqual([{ products: 350, orders: 320 }]);
    const filled = await state();
    await fillLarge(large, { products: 350, orders: 320 });
    expect(await state()).toEqual(filled);
    expect(told.filter((line) => line.startsWith('Generated products')).length).toBeGreaterThan(0);

    const shopper = souk.caller(null);
    const { products } = await shopper.run('query { products(search: "jumper", first: 5) { nodes { name inStock } } }');
    expect(products.nodes.every(({ name }: { name: string }) => /jumper/i.test(name))).toBe(true);
    expect(products.nodes.length).toBeGreaterThan(0);
  });
});
