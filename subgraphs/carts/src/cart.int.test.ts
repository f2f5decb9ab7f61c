import { randomUUID } from 'node:crypto';
import { wireId } from '@souk/kit';
import {
  anonymous,
  customer,
  exampleOf,
  guest,
  shapeOf,
  staff,
  startTestHouses,
  statementsOf,
  type TestHouses,
} from '@souk/kit/testing';
import type { CartId, FactType, UserId, VariantId, Viewer } from '@souk/schema';
import { decodeId } from '@souk/schema';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  confirmed,
  contents,
  id,
  identified,
  mutate,
  published,
  read,
  sell,
  stock,
  unpublished,
} from './cart.testing.ts';
import { carts } from './index.ts';

const variant = (uuid: string) => wireId('ProductVariant', uuid);
const uuidOf = (cart: { id: string }) => decodeId('Cart', cart.id)!;

describe('a cart', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([carts], { env: { SOUK_POSTGRES_POOL: '16' } });
  });
  afterAll(() => t.stop());

  const everything = () =>
    t.sql(`select (select jsonb_agg(c order by id) from carts.carts c) as carts,
      (select jsonb_agg(l order by id) from carts.cart_lines l) as lines, (select count(*) from carts.outbox) as said`);
  const saidOf = async (cart: { id: string }) =>
    (await t.said('carts'))
      .filter((fact) => fact.key === uuidOf(cart))
      .map(({ type, version, data }) => ({ type, version, data }));

  it('is made by the first thing in it, and told', async () => {
    const [shopper, mug] = [guest(), await sell(t)];
    expect(await read(t, shopper)).toBeNull();
    const { cart, warnings, errors } = await add(t, shopper, mug, 2);
    expect([errors, warnings, cart.version, cart.itemCount, cart.problems]).toEqual([[], [], 1, 2, []]);
    expect(contents(cart)).toEqual([[variant(mug), 2]]);
    expect(await read(t, shopper)).toEqual(cart);
    expect(await saidOf(cart)).toEqual([
      {
        type: 'carts.CartUpdated',
        version: 1,
        data: { cartId: uuidOf(cart), principal: shopper.principal, lines: [{ variantId: mug, quantity: 2 }] },
      },
    ]);
  });
  it('is changed, emptied and filled again in versions without a gap', async () => {
    const [shopper, mug, plate] = [customer(), await sell(t), await sell(t)];
    await add(t, shopper, mug, 2);
    const { cart } = await add(t, shopper, plate);
    const [first, second] = cart.lines;
    expect(contents((await mutate(t, shopper, 'updateCartLine', { lineId: first.id, quantity: 5 })).cart)).toEqual([
      [variant(mug), 5],
      [variant(plate), 1],
    ]);
    expect((await mutate(t, shopper, 'updateCartLine', { lineId: first.id, quantity: 5 })).cart.version).toBe(3);
    expect(contents((await mutate(t, shopper, 'updateCartLine', { lineId: first.id, quantity: 0 })).cart)).toEqual([
      [variant(plate), 1],
    ]);
    expect(contents((await mutate(t, shopper, 'removeCartLine', { lineId: second.id })).cart)).toEqual([]);
    await add(t, shopper, mug);
    const { cart: cleared } = await mutate(t, shopper, 'clearCart');
    expect([cleared.version, cleared.itemCount]).toEqual([7, 0]);
    expect((await saidOf(cart)).map((fact) => fact.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
  it('takes what there is, warns, and shows it again until the next change', async () => {
    const [shopper, mug, plate] = [guest(), await sell(t, 3), await sell(t)];
    const { cart, warnings } = await add(t, shopper, mug, 5);
    const adjusted = {
      code: 'ADJUSTED',
      message: 'The quantity was set to 3, which is all that can be had.',
      availableQuantity: 3,
      line: { quantity: 3 },
    };
    expect(warnings).toEqual([adjusted]);
    expect(contents(cart)).toEqual([[variant(mug), 3]]);
    expect((await read(t, shopper)).problems).toEqual([{ ...adjusted, maxQuantity: null }]);
    expect((await add(t, shopper, plate)).cart.problems).toEqual([]);
  });
  it('shows what came between it and an order, and that it is over', async () => {
    const shopper = guest();
    const [mug, productId] = [id<'ProductVariant'>(), id<'Product'>()];
    const problems = async () =>
      (await read(t, shopper)).problems.map((one: Record<string, unknown>) => [
        one.code,
        one.availableQuantity,
        one.maxQuantity,
      ]);
    await t.hear('carts', 'inventory.StockChanged', stock(mug, 9, 1));
    expect((await add(t, shopper, mug)).errors[0].code).toBe('NOT_FOUND');
    await t.hear('carts', 'products.ProductPublished', published(mug, { productId, version: 2 }), 2);
    await add(t, shopper, mug, 5);
    expect(await problems()).toEqual([]);
    await t.hear('carts', 'inventory.StockChanged', stock(mug, 2, 3), 2);
    expect(await problems()).toEqual([['INSUFFICIENT_STOCK', 2, null]]);
    await t.hear('carts', 'inventory.StockChanged', stock(mug, 9, 2));
    expect(await problems()).toEqual([['INSUFFICIENT_STOCK', 2, null]]);
    await t.hear('carts', 'inventory.StockChanged', stock(mug, 9, 4));
    await t.hear('carts', 'products.ProductPublished', published(mug, { productId, version: 3, maxPerOrder: 4 }));
    expect(await problems()).toEqual([['QUANTITY_LIMIT', null, 4]]);
    await t.hear('carts', 'products.ProductUnpublished', unpublished(mug, productId, 5), 2);
    await t.hear('carts', 'products.ProductPublished', published(mug, { productId, version: 4 }));
    expect(await problems()).toEqual([['UNAVAILABLE', null, null]]);
    await t.hear('carts', 'products.ProductPublished', published(mug, { productId, version: 6 }));
    expect(await problems()).toEqual([]);
    await t.hear('carts', 'products.ProductPublished', published(mug, { productId, version: 7, archived: true }));
    expect(await problems()).toEqual([['UNAVAILABLE', null, null]]);
  });
  it('keeps e-mail, addresses, method and note, and forgets them on null', async () => {
    const [shopper, mug] = [guest(), await sell(t)];
    await add(t, shopper, mug);
    const address = { firstName: 'Ada', lastName: 'L', addressLine1: 'Street 1', city: 'Berlin', country: 'de' };
    const method = wireId('ShippingMethod', randomUUID());
    await mutate(t, shopper, 'setCartEmail', { email: ' ada@example.com ' });
    await mutate(t, shopper, 'setCartNote', { note: 'Ring twice.' });
    await mutate(t, shopper, 'setCartShippingMethod', { shippingMethodId: method });
    await mutate(t, shopper, 'setCartAddress', { shipping: address, billing: { ...address, firstName: 'Bob' } });
    const { cart } = await mutate(t, shopper, 'setCartAddress', { shipping: address });
    expect(cart).toMatchObject({
      version: 5,
      email: 'ada@example.com',
      note: 'Ring twice.',
      shippingMethodId: method,
      shippingAddress: { firstName: 'Ada', country: 'DE' },
      billingAddress: { firstName: 'Bob', country: 'DE' },
    });
    expect((await mutate(t, shopper, 'setCartAddress', { billing: null })).cart).toMatchObject({
      version: 6,
      shippingAddress: { firstName: 'Ada' },
      billingAddress: null,
    });
    await mutate(t, shopper, 'setCartEmail', { email: null });
    await mutate(t, shopper, 'setCartNote', {});
    expect((await mutate(t, shopper, 'setCartShippingMethod', {})).cart).toMatchObject({
      email: null,
      note: null,
      shippingMethodId: null,
    });
  });

  describe('given nonsense, changes nothing and says nothing', () => {
    const unknown = variant(randomUUID());
    it.each<[string, string, (mug: VariantId, line: string) => object, string, string[] | null, object]>([
      ['an unknown variant', 'addToCart', () => ({ variantId: unknown }), 'NOT_FOUND', ['input', 'variantId'], {}],
      [
        'an id of another kind',
        'addToCart',
        (mug) => ({ variantId: wireId('Cart', mug) }),
        'NOT_FOUND',
        ['input', 'variantId'],
        {},
      ],
      ['an empty id', 'addToCart', () => ({ variantId: '' }), 'NOT_FOUND', ['input', 'variantId'], {}],
      [
        '0 of it',
        'addToCart',
        (mug) => ({ variantId: variant(mug), quantity: 0 }),
        'INVALID_QUANTITY',
        ['input', 'quantity'],
        {},
      ],
      [
        '−1 of it',
        'addToCart',
        (mug) => ({ variantId: variant(mug), quantity: -1 }),
        'INVALID_QUANTITY',
        ['input', 'quantity'],
        {},
      ],
      [
        '1000 of it',
        'addToCart',
        (mug) => ({ variantId: variant(mug), quantity: 1000 }),
        'QUANTITY_LIMIT',
        ['input', 'quantity'],
        { maxQuantity: 4 },
      ],
      [
        'more than one order takes',
        'addToCart',
        (mug) => ({ variantId: variant(mug), quantity: 3 }),
        'QUANTITY_LIMIT',
        ['input', 'quantity'],
        { maxQuantity: 4 },
      ],
      [
        'a foreign cart',
        'addToCart',
        (mug) => ({ variantId: variant(mug), cartId: wireId('Cart', randomUUID()) }),
        'NOT_FOUND',
        ['input', 'cartId'],
        {},
      ],
      [
        '−1 of a line',
        'updateCartLine',
        (_, line) => ({ lineId: line, quantity: -1 }),
        'INVALID_QUANTITY',
        ['input', 'quantity'],
        {},
      ],
      [
        '5 of a line',
        'updateCartLine',
        (_, line) => ({ lineId: line, quantity: 5 }),
        'QUANTITY_LIMIT',
        ['input', 'quantity'],
        { maxQuantity: 4 },
      ],
      [
        'a foreign line',
        'updateCartLine',
        () => ({ lineId: wireId('CartLine', randomUUID()), quantity: 1 }),
        'NOT_FOUND',
        ['input', 'lineId'],
        {},
      ],
      [
        'a foreign line',
        'removeCartLine',
        () => ({ lineId: wireId('CartLine', randomUUID()) }),
        'NOT_FOUND',
        ['input', 'lineId'],
        {},
      ],
      ['no line', 'removeCartLine', () => ({ lineId: 'x' }), 'NOT_FOUND', ['input', 'lineId'], {}],
      ['no e-mail address', 'setCartEmail', () => ({ email: 'nope' }), 'INVALID_EMAIL', ['input', 'email'], {}],
      ['a note too long', 'setCartNote', () => ({ note: 'x'.repeat(1001) }), 'INVALID_NOTE', ['input', 'note'], {}],
      [
        'no shipping method',
        'setCartShippingMethod',
        () => ({ shippingMethodId: 'x' }),
        'NOT_FOUND',
        ['input', 'shippingMethodId'],
        {},
      ],
    ])('%s in %s', async (_what, name, input, code, field, data) => {
      const [shopper, mug] = [guest(), await sell(t, 10, 4)];
      const { cart } = await add(t, shopper, mug, 2);
      const before = await everything();
      const payload = await mutate(t, shopper, name, input(mug, cart.lines[0].id));
      expect(payload).toMatchObject({ cart: null, errors: [{ code, field, ...data }] });
      expect(await everything()).toEqual(before);
    });
    it('a number that is no Int', async () => {
      const [shopper, mug] = [guest(), await sell(t)];
      for (const quantity of [2 ** 31, 1.5, '2', null]) {
        const { errors } = await t.ask(
          'carts',
          shopper,
          'mutation ($input: AddToCartInput!) { addToCart(input: $input) { errors { code } } }',
          {
            input: { variantId: variant(mug), quantity },
          },
        );
        expect(errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
      }
      expect(await read(t, shopper)).toBeNull();
    });
    it('a refused first article leaves no cart behind', async () => {
      const shopper = guest();
      expect((await add(t, shopper, id<'ProductVariant'>())).errors[0].code).toBe('NOT_FOUND');
      expect(await t.sql('select 1 from carts.carts where principal = $1', [shopper.principal])).toEqual([]);
    });
    it('a change to no cart at all', async () => {
      const requests: [string, object?][] = [
        ['updateCartLine', { lineId: wireId('CartLine', randomUUID()), quantity: 1 }],
        ['removeCartLine', { lineId: wireId('CartLine', randomUUID()) }],
        ['clearCart'],
        ['setCartEmail', { email: 'a@example.com' }],
        ['setCartNote', { note: 'x' }],
        ['setCartAddress', {}],
        ['setCartShippingMethod', {}],
      ];
      for (const [name, input] of requests) {
        expect((await mutate(t, guest(), name, input)).errors.map((error: { code: string }) => error.code)).toEqual([
          'NOT_FOUND',
        ]);
      }
    });
  });

  describe('belongs to its owner', () => {
    const load = async (viewer: Viewer, wire: string) =>
      (
        await t.run(
          'carts',
          viewer,
          'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Cart { id itemCount } } }',
          {
            refs: [{ __typename: 'Cart', id: wire }],
          },
        )
      )._entities[0];
    it('and is null for everybody else, staff included', async () => {
      const [shopper, mug] = [customer(), await sell(t)];
      const { cart } = await add(t, shopper, mug);
      expect(await load(shopper, cart.id)).toEqual({ id: cart.id, itemCount: 1 });
      for (const viewer of [anonymous(), guest(), customer(), staff('SUPPORT'), staff('ADMIN')]) {
        expect(await load(viewer, cart.id)).toBeNull();
        expect((await read(t, viewer))?.id).not.toBe(cart.id);
      }
    });
    it('and nobody else changes it, by line or by cart', async () => {
      const [shopper, thief, mug] = [guest(), guest(), await sell(t)];
      const { cart } = await add(t, shopper, mug);
      await add(t, thief, mug);
      const before = await everything();
      const lineId = cart.lines[0].id;
      const attempts = [
        await mutate(t, thief, 'updateCartLine', { lineId, quantity: 3 }),
        await mutate(t, thief, 'removeCartLine', { lineId }),
        await mutate(t, thief, 'addToCart', { variantId: variant(mug), cartId: cart.id }),
      ];
      const none = await mutate(t, thief, 'removeCartLine', { lineId: wireId('CartLine', randomUUID()) });
      expect(attempts[1]).toEqual(none);
      for (const attempt of attempts) expect(attempt.errors[0].code).toBe('NOT_FOUND');
      expect(await everything()).toEqual(before);
    });
    it('and the anonymous have none', async () => {
      const mug = await sell(t);
      const before = await everything();
      for (const document of [
        `mutation { addToCart(input: { variantId: "${variant(mug)}" }) { errors { code } } }`,
        'mutation { clearCart { errors { code } } }',
      ]) {
        const { errors } = await t.ask('carts', anonymous(), document);
        expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      }
      expect(await everything()).toEqual(before);
    });
  });

  describe('in a race', () => {
    it('is one cart for twenty first articles at once, and counts every one', async () => {
      const [shopper, mug] = [guest(), await sell(t, 100)];
      const answers = await Promise.all(Array.from({ length: 20 }, () => add(t, shopper, mug)));
      expect(answers.flatMap((answer) => answer.errors)).toEqual([]);
      const cart = await read(t, shopper);
      expect([cart.version, contents(cart)]).toEqual([20, [[variant(mug), 20]]]);
      expect((await saidOf(cart)).map((fact) => fact.version)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    });
    it('keeps every change of ten lines at once', async () => {
      const shopper = guest();
      const articles = await Promise.all(Array.from({ length: 10 }, () => sell(t, 100)));
      for (const article of articles) await add(t, shopper, article);
      const { lines } = await read(t, shopper);
      const changes = lines.map((line: { id: string }) =>
        mutate(t, shopper, 'updateCartLine', { lineId: line.id, quantity: 3 }),
      );
      expect((await Promise.all(changes)).flatMap((answer) => answer.errors)).toEqual([]);
      const cart = await read(t, shopper);
      expect([cart.version, contents(cart)]).toEqual([20, articles.map((article) => [variant(article), 3])]);
    });
    it('never holds more than one order takes', async () => {
      const [shopper, mug] = [guest(), await sell(t, 100, 7)];
      const answers = await Promise.all(Array.from({ length: 20 }, () => add(t, shopper, mug)));
      const codes = answers.flatMap((answer) => answer.errors.map((error: { code: string }) => error.code));
      expect(codes).toEqual(Array(13).fill('QUANTITY_LIMIT'));
      expect((await read(t, shopper)).itemCount).toBe(7);
    });
    it('loses nothing where the guest is identified while both carts are filled', async () => {
      const mug = await sell(t, 500);
      for (let round = 0; round < 5; round++) {
        const [visitor, user] = [guest(), customer()];
        const fact = identified(visitor.guestId!, user.userId!);
        await Promise.all([
          ...Array.from({ length: 5 }, () => add(t, visitor, mug)),
          ...Array.from({ length: 5 }, () => add(t, user, mug)),
          t.hear('carts', 'users.GuestIdentified', fact),
        ]);
        await t.hear('carts', 'users.GuestIdentified', fact);
        expect(await read(t, visitor)).toBeNull();
        expect(contents(await read(t, user))).toEqual([[variant(mug), 10]]);
      }
    });
  });

  describe('of a guest who signs in', () => {
    it('becomes the user’s as it is where they had none', async () => {
      const [visitor, user, mug] = [guest(), customer(), await sell(t)];
      const { cart } = await add(t, visitor, mug, 2);
      await t.hear('carts', 'users.GuestIdentified', identified(visitor.guestId!, user.userId!), 2);
      expect(await read(t, visitor)).toBeNull();
      expect(await read(t, user)).toMatchObject({ id: cart.id, version: 2, itemCount: 2, problems: [] });
    });
    it('goes into the one they had, capped, with a word about it until the next change', async () => {
      const [visitor, user] = [guest(), customer()];
      const [mug, plate] = [await sell(t, 5), await sell(t)];
      const { cart: own } = await add(t, user, mug, 3);
      await add(t, visitor, mug, 4);
      await add(t, visitor, plate, 2);
      await mutate(t, visitor, 'setCartEmail', { email: 'ada@example.com' });
      await t.hear('carts', 'users.GuestIdentified', identified(visitor.guestId!, user.userId!), 2);
      const cart = await read(t, user);
      expect([cart.id, cart.version, cart.email]).toEqual([own.id, 2, 'ada@example.com']);
      expect(contents(cart)).toEqual([
        [variant(mug), 5],
        [variant(plate), 2],
      ]);
      expect(cart.problems.map((one: Record<string, unknown>) => [one.code, one.availableQuantity])).toEqual([
        ['MERGED', null],
        ['ADJUSTED', 5],
      ]);
      expect((await add(t, user, plate)).cart.problems).toEqual([]);
      expect(await read(t, visitor)).toBeNull();
    });
    it('does nothing where the guest had none', async () => {
      const [visitor, user, mug] = [guest(), customer(), await sell(t)];
      await add(t, user, mug);
      await t.hear('carts', 'users.GuestIdentified', identified(visitor.guestId!, user.userId!));
      expect((await read(t, user)).version).toBe(1);
    });
  });

  describe('that was ordered', () => {
    const order = (viewer: Viewer, cart: { id: string }, variantId: VariantId, quantity: number) =>
      confirmed(viewer.principal, uuidOf(cart), [{ variantId, quantity }]);
    it('loses what was ordered, once, and keeps what came since', async () => {
      const [shopper, mug, plate] = [guest(), await sell(t), await sell(t)];
      const { cart } = await add(t, shopper, mug, 2);
      await add(t, shopper, mug, 1);
      await add(t, shopper, plate, 1);
      const fact = order(shopper, cart, mug, 2);
      await t.hear('carts', 'orders.OrderConfirmed', fact, 2);
      await t.hear('carts', 'orders.OrderConfirmed', fact);
      const left = await read(t, shopper);
      expect([left.version, contents(left)]).toEqual([
        4,
        [
          [variant(mug), 1],
          [variant(plate), 1],
        ],
      ]);
    });
    it('is left alone by the order of somebody else, and by one without a cart', async () => {
      const [shopper, mug] = [guest(), await sell(t)];
      const { cart } = await add(t, shopper, mug, 2);
      await t.hear('carts', 'orders.OrderConfirmed', order(guest(), cart, mug, 2));
      await t.hear(
        'carts',
        'orders.OrderConfirmed',
        confirmed(shopper.principal, null, [{ variantId: mug, quantity: 2 }]),
      );
      await t.hear(
        'carts',
        'orders.OrderConfirmed',
        confirmed(shopper.principal, id<'Cart'>() as CartId, [{ variantId: mug, quantity: 2 }]),
      );
      expect((await read(t, shopper)).itemCount).toBe(2);
    });
    it.each([
      ['had none', false],
      ['had one', true],
    ])('by a guest who signed in meanwhile and %s, loses it in whatever order we hear', async (_what, hadOne) => {
      for (const asUser of [false, true]) {
        for (const orderFirst of [false, true]) {
          const [visitor, user] = [guest(), customer()];
          const [mug, plate] = [await sell(t, 50), await sell(t, 50)];
          if (hadOne) await add(t, user, plate, 1);
          const { cart } = await add(t, visitor, mug, 2);
          await add(t, visitor, mug, 3);
          const ordered = order(asUser ? user : visitor, cart, mug, 2);
          const signedIn = identified(visitor.guestId!, user.userId as UserId);
          const hearOrder = () => t.hear('carts', 'orders.OrderConfirmed', ordered, 2);
          if (orderFirst) await hearOrder();
          await t.hear('carts', 'users.GuestIdentified', signedIn, 2);
          if (!orderFirst) await hearOrder();
          const left = contents(await read(t, user)).sort();
          expect(left).toEqual([[variant(mug), 3], ...(hadOne ? [[variant(plate), 1]] : [])].sort());
        }
      }
    });
  });

  it('is told as abandoned once, a day after its last change, and once more after another', async () => {
    const [shopper, other, mug] = [guest(), guest(), await sell(t)];
    const { cart } = await add(t, shopper, mug);
    await add(t, other, mug);
    const age = (days: number, principal: string) =>
      t.sql(`update carts.carts set updated_at = updated_at - make_interval(days => $1) where principal = $2`, [
        days,
        principal,
      ]);
    const abandoned = async () => (await saidOf(cart)).filter((fact) => fact.type === 'carts.CartAbandoned').length;
    await age(1, shopper.principal);
    for (let again = 0; again < 2; again++) await t.house('carts').runTick('sweepCarts');
    expect(await abandoned()).toBe(1);
    expect((await read(t, shopper)).version).toBe(1);
    await add(t, shopper, mug);
    await t.house('carts').runTick('sweepCarts');
    expect(await abandoned()).toBe(1);
    await age(2, shopper.principal);
    await t.house('carts').runTick('sweepCarts');
    expect(await abandoned()).toBe(2);
    const [row] = await t.sql<{ told: boolean }>(
      'select abandoned_at is not null as told from carts.carts where principal = $1',
      [other.principal],
    );
    expect(row).toEqual({ told: false });
  });
  it('of a guest is forgotten when it was empty for sixty days; a user’s and a full one stay', async () => {
    const [visitor, full, user, mug] = [guest(), guest(), customer(), await sell(t)];
    for (const viewer of [visitor, full, user]) await add(t, viewer, mug);
    for (const viewer of [visitor, user]) await mutate(t, viewer, 'clearCart');
    const principals = [visitor, full, user].map((viewer) => viewer.principal);
    await t.sql(`update carts.carts set updated_at = updated_at - interval '60 days' where principal = any($1)`, [
      principals,
    ]);
    await t.house('carts').runTick('sweepCarts');
    expect(await read(t, visitor)).toBeNull();
    expect((await read(t, full)).itemCount).toBe(1);
    expect((await read(t, user)).itemCount).toBe(0);
  });

  describe('watched', () => {
    const watch = async (viewer: Viewer, after: string | null = null) => {
      const house = t.house('carts');
      return (await house.subscribe({
        document: parse(
          'subscription ($after: String) { cartUpdated(after: $after) { eventId cart { version itemCount } } }',
        ),
        variables: { after },
        context: house.context(viewer),
      })) as AsyncIterableIterator<{ data: { cartUpdated: { eventId: string; cart: object } } }>;
    };
    it('tells its owner each version, and nobody else', async () => {
      const [shopper, mug] = [guest(), await sell(t)];
      const [stream, stranger] = [await watch(shopper), await watch(guest())];
      const first = stream.next();
      const silent = stranger.next();
      const { cart } = await add(t, shopper, mug);
      const at = (version: number, count: number) => ({
        eventId: `${version}-${uuidOf(cart)}`,
        cart: { version, itemCount: count },
      });
      expect((await first).value.data.cartUpdated).toEqual(at(1, 1));
      await add(t, shopper, mug, 2);
      expect((await stream.next()).value.data.cartUpdated).toEqual(at(2, 3));
      await t.hear(
        'carts',
        'orders.OrderConfirmed',
        confirmed(shopper.principal, uuidOf(cart), [{ variantId: mug, quantity: 3 }]),
      );
      expect((await stream.next()).value.data.cartUpdated).toEqual(at(3, 0));
      await stream.return?.();
      const resumed = await watch(shopper, at(2, 3).eventId);
      expect((await resumed.next()).value.data.cartUpdated).toEqual(at(3, 0));
      await resumed.return?.();
      await stranger.return?.();
      expect((await silent).done).toBe(true);
    });
    it('is refused to the anonymous', async () => {
      expect(await watch(anonymous())).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });
  });

  it('is never answered older than it was before, whatever reads, changes, orders and sign-ins meet', async () => {
    const [mug, user] = [await sell(t, 900), customer()];
    let person: Viewer = guest();
    const { guestId } = person;
    let floor = 0;
    const look = async (viewer: Viewer) => {
      const least = viewer === person ? floor : 0;
      const { cart } = await t.run('carts', viewer, '{ cart { version itemCount } }');
      if (viewer === person) {
        expect(cart?.version ?? 0).toBeGreaterThanOrEqual(least);
        floor = Math.max(floor, cart?.version ?? 0);
      }
    };
    const change = async (viewer: Viewer) => {
      const { cart } = await add(t, viewer, mug);
      if (viewer === person) floor = Math.max(floor, cart.version);
      return cart;
    };
    const order = async (cartId: CartId) => {
      const before = floor;
      await t.hear(
        'carts',
        'orders.OrderConfirmed',
        confirmed(person.principal, cartId, [{ variantId: mug, quantity: 1 }]),
      );
      floor = Math.max(floor, before + 1);
    };
    const cart = await change(person);
    const many = async () => {
      for (let round = 0; round < 8; round++) {
        await Promise.all([
          look(person),
          change(person),
          look(person),
          order(uuidOf(cart)),
          look(person),
          change(person),
        ]);
        await look(person);
      }
    };
    await many();
    await t.hear('carts', 'users.GuestIdentified', identified(guestId!, user.userId!));
    const [before, gone] = [floor, person];
    person = user;
    floor = before + 1;
    await look(user);
    expect(await read(t, gone)).toBeNull();
    await many();
    const [row] = await t.sql<{ version: number; count: number }>(
      'select version::int, item_count::int as count from carts.carts where principal = $1',
      [user.principal],
    );
    const seen = await read(t, user);
    expect([seen.version, seen.itemCount]).toEqual([row!.version, row!.count]);
  });

  it('costs five statements to add to, reading and telling included, and none to read again', async () => {
    const [shopper, mug, plate] = [guest(), await sell(t), await sell(t)];
    await t.quiet();
    const cost = async (work: () => Promise<unknown>) =>
      (
        await statementsOf(async () => {
          await work();
          await t.quiet();
        })
      ).length;
    const { cart } = await add(t, shopper, mug);
    await t.quiet();
    expect(await cost(() => add(t, guest(), mug))).toBe(5);
    expect(await cost(() => add(t, shopper, plate))).toBe(5);
    expect(await cost(() => mutate(t, shopper, 'setCartEmail', { email: 'a@example.com' }))).toBe(4);
    const lines = '{ cart { id version itemCount email lines { quantity } } }';
    // The commit left a hot copy; what stands in the way of ordering is asked of the table.
    expect(await cost(() => t.run('carts', shopper, lines))).toBe(0);
    expect(await cost(() => read(t, shopper))).toBe(1);
    const quoted = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Cart { version lines { quantity } } } }`;
    expect(await cost(() => t.run('carts', shopper, quoted, { refs: [{ __typename: 'Cart', id: cart.id }] }))).toBe(0);
    expect(await cost(() => t.run('carts', guest(), lines))).toBe(1);
    expect(await cost(() => t.run('carts', anonymous(), lines))).toBe(0);
    const order = confirmed(shopper.principal, uuidOf(cart), [{ variantId: mug, quantity: 1 }]);
    expect(await cost(() => t.hear('carts', 'orders.OrderConfirmed', order))).toBe(5);
  });

  it('is said as its examples show, and again as it stands', async () => {
    for (const type of ['carts.CartUpdated', 'carts.CartAbandoned'] satisfies FactType[]) {
      const real = (await t.said('carts', type)).find(
        (fact) => type !== 'carts.CartUpdated' || JSON.stringify(fact.data).includes('quantity'),
      );
      expect(shapeOf(real)).toEqual(shapeOf(await exampleOf(type)));
    }
    const before = (await t.said('carts')).length;
    const [{ count }] = (await t.sql<{ count: number }>('select count(*)::int as count from carts.carts')) as [
      { count: number },
    ];
    expect(await t.house('carts').resay()).toBe(count);
    expect((await t.said('carts')).length).toBe(before + count);
  });
  it.each(Object.keys(carts.hears) as FactType[])('hears the example of %s, twice as once', async (type) => {
    const example = await exampleOf(type);
    await t.house('carts').ear.deliver([example]);
    const after = await everything();
    await t.house('carts').ear.deliver([example]);
    expect(await everything()).toEqual(after);
  });
});
