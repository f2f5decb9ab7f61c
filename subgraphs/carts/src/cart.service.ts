import type { Duty, HearUnderLock, Tx } from '@souk/kit';
import type {
  CartAbandoned,
  CartId,
  CartLineId,
  CartUpdated,
  GuestIdentified,
  Id,
  OrderConfirmed,
  Saying,
  VariantId,
  Viewer,
} from '@souk/schema';
import { Rejection } from '@souk/schema';
import { addresses, email, note, type TypedAddress } from './address.ts';
import {
  type ClaimedRow,
  claimOrder,
  deleteCart,
  deleteEmptyGuestCarts,
  forgetOrders,
  found,
  listCartsAfter,
  lockCart,
  lockCarts,
  lockOrInsertCart,
  markAbandoned,
  type OpenedCarts,
  postponeOrder,
  type StockedCart,
  savedCart,
  settled,
  takePostponed,
} from './cart.repository.ts';
import type { CartsDb } from './cart.tables.ts';
import { add, type Cart, clear, type GoodsOf, handOver, merge, removeLine, setQuantity, takeOut } from './cart.ts';
import { copyOf } from './hot-cart.repository.ts';

type CartsTx = Tx<CartsDb>;

/** Live topic of a principal's cart. */
export const cartTopic = (principal: string): string => `cart:${principal}`;

const cartUpdated = (cart: Cart): Saying<CartUpdated> => ({
  type: 'carts.CartUpdated',
  key: cart.id,
  version: cart.version,
  data: {
    cartId: cart.id,
    principal: cart.principal,
    lines: cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
  },
});

/**
 * Saves a changed cart under its next version and tells; an unchanged one is left alone. Where it is not known since when
 * the cart is there, its hot copy goes, and the next reader brings it back.
 */
async function keep(tx: CartsTx, before: Cart, after: Cart, createdAt: Date | undefined): Promise<Cart> {
  if (after === before) return before;
  const cart = { ...after, version: before.version + 1 };
  await tx.last(savedCart(tx.now, cart));
  if (told.some((field) => after[field] !== before[field])) tx.emit(cartUpdated(cart));
  tx.hot(cart.principal, createdAt ? copyOf({ cart, createdAt, updatedAt: tx.now }) : null);
  if (cart.principal !== before.principal) tx.hot(before.principal, null);
  tx.touch(cartTopic(cart.principal), cart.id, cart.version);
  return cart;
}

/** Whose change other houses may want to know. */
const told = ['principal', 'lines', 'codes', 'shippingAddress', 'billingAddress'] as const satisfies (keyof Cart)[];

/** A change of the viewer's cart: the lock that its transaction opens with, and what is done under it. */
export interface CartChange {
  readonly lock: (db: CartsTx['db'], newId: CartsTx['newId']) => Promise<OpenedCarts>;
  readonly change: (tx: CartsTx, opened: OpenedCarts) => Promise<StockedCart>;
}

const change = ({ principal }: Viewer, work: (cart: Cart, goodsOf: GoodsOf, tx: CartsTx) => Cart): CartChange => ({
  lock: (db) => lockCart(db, principal),
  async change(tx, opened) {
    const [cart] = opened.carts;
    if (!cart) throw new Rejection('NOT_FOUND', 'You have no cart yet. Add an article first.');
    return kept(
      tx,
      opened,
      cart,
      work(cart, (variantId) => opened.goods.get(variantId), tx),
    );
  },
});

async function kept(tx: CartsTx, { goods, dates }: OpenedCarts, before: Cart, after: Cart): Promise<StockedCart> {
  const cart = await keep(tx, before, after, dates?.createdAt);
  return { id: cart.id, cart, goods, ...dates!, ...(cart === before ? {} : { updatedAt: tx.now }) };
}

/** Adds an article to the viewer's cart, which is made where there is none. */
export function addToCart(
  viewer: Viewer,
  input: { cartId: CartId | null; variantId: VariantId; quantity: number },
): CartChange {
  const { cartId, variantId, quantity } = input;
  return {
    lock: (db, newId) => lockOrInsertCart(db, { id: newId<'Cart'>(), principal: viewer.principal }, variantId),
    async change(tx, opened) {
      const cart = opened.carts[0]!;
      if (cartId !== null && cartId !== cart.id) {
        throw new Rejection('NOT_FOUND', 'There is no such cart.', ['input', 'cartId']);
      }
      return kept(tx, opened, cart, add(cart, opened.goods.get(variantId), quantity, tx.newId));
    },
  };
}

/** Sets the quantity of a line of the viewer's cart; 0 takes it out. */
export const updateCartLine = (viewer: Viewer, lineId: CartLineId, quantity: number): CartChange =>
  change(viewer, (cart, goodsOf) => setQuantity(cart, lineId, goodsOf, quantity));

export const removeCartLine = (viewer: Viewer, lineId: CartLineId): CartChange =>
  change(viewer, (cart) => removeLine(cart, lineId));

export const clearCart = (viewer: Viewer): CartChange => change(viewer, clear);

/** Sets what is given; the same values again change nothing. */
const set = (viewer: Viewer, fieldsOf: () => Partial<Cart>): CartChange =>
  change(viewer, (cart) => {
    const fields = fieldsOf();
    const differs = Object.entries(fields).some(([name, value]) => text(cart[name as keyof Cart]) !== text(value));
    return differs ? { ...cart, ...fields, notices: [] } : cart;
  });

/** What a field says, whatever the order of an address's parts. */
const text = (value: unknown): string =>
  JSON.stringify(value, value !== null && typeof value === 'object' ? Object.keys(value).sort() : null);

export const setCartEmail = (viewer: Viewer, typed: string | null | undefined): CartChange =>
  set(viewer, () => ({ email: email(typed) }));

export const setCartNote = (viewer: Viewer, typed: string | null | undefined): CartChange =>
  set(viewer, () => ({ note: note(typed) }));

export const setCartShippingMethod = (viewer: Viewer, shippingMethodId: Id<'ShippingMethod'> | null): CartChange =>
  set(viewer, () => ({ shippingMethodId }));

/** Sets the addresses that are given, forgets those that are null, leaves those that are not said. */
export function setCartAddress(
  viewer: Viewer,
  typed: { shipping?: TypedAddress | null; billing?: TypedAddress | null },
): CartChange {
  const { shipping, billing } = typed;
  return set(viewer, () => {
    const checked = addresses({ ...(shipping ? { shipping } : {}), ...(billing ? { billing } : {}) });
    return {
      ...(shipping === undefined ? {} : { shippingAddress: checked.shipping ?? null }),
      ...(billing === undefined ? {} : { billingAddress: checked.billing ?? null }),
    };
  });
}

/** A guest turned out to be a user: their carts become one. */
export async function mergeCarts(tx: CartsTx, { data }: GuestIdentified): Promise<void> {
  const guestPrincipal = `guest:${data.guestId}`;
  const principal = `user:${data.userId}`;
  const { carts, goods } = await lockCarts(tx.db, [guestPrincipal, principal]);
  const guest = carts.find((cart) => cart.principal === guestPrincipal);
  const own = carts.find((cart) => cart.principal === principal);
  if (!guest) return;
  const fresh = takeOut(guest, await takePostponed(tx.db, guest.id, principal));
  tx.touch(cartTopic(guestPrincipal), guest.id, guest.version + 1);
  if (!own) {
    await keep(tx, guest, handOver(fresh, principal), undefined);
    return;
  }
  await deleteCart(tx.db, guest.id);
  tx.hot(guestPrincipal, null);
  await keep(
    tx,
    own,
    merge(own, fresh, (variantId) => goods.get(variantId), tx.newId),
    undefined,
  );
}

/** Takes out of the cart what was ordered from it, once per order. */
export const removeOrdered: HearUnderLock<CartsDb, OrderConfirmed, ClaimedRow> = {
  lock: ([fact]) => {
    const { orderId, cartId, principal, lines } = fact!.data;
    // An order that came from no cart names none that could be found.
    return claimOrder({
      orderId,
      cartId: cartId ?? (orderId as string as CartId),
      principal,
      lines: quantities(lines),
    });
  },
  async hear(tx, [fact], rows) {
    const { orderId, cartId, lines } = fact!.data;
    if (cartId === null || !rows[0]?.claimed) return;
    const { carts, dates } = await settled(tx.db, found(rows));
    const [cart] = carts;
    if (!cart) return postponeOrder(tx.db, orderId);
    await keep(tx, cart, takeOut(cart, quantities(lines)), dates?.createdAt);
  },
};

const quantities = (lines: OrderConfirmed['data']['lines']) =>
  lines.map(({ variantId, quantity }) => ({ variantId, quantity }));

const DAY_MS = 86_400_000;
const ABANDONED_AFTER_DAYS = 1;
const EMPTY_GUEST_CART_DAYS = 60;
const ORDER_MEMORY_DAYS = 90;
const CHUNK = 200;

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

/** Tells of carts nobody came back to, and forgets empty ones of guests and orders of long ago. */
export async function sweepCarts({ transact, signal }: Duty<CartsDb, unknown>): Promise<void> {
  for (let more = true; more && !signal.aborted; ) {
    more = await transact(async (tx) => {
      const rows = await markAbandoned(tx.db, tx.now, daysBefore(tx.now, ABANDONED_AFTER_DAYS), CHUNK);
      for (const { id, principal, version } of rows) tx.emit(cartAbandoned(id, principal, version));
      return rows.length === CHUNK;
    });
  }
  for (let more = true; more && !signal.aborted; ) {
    more = await transact(async (tx) => {
      const principals = await deleteEmptyGuestCarts(tx.db, daysBefore(tx.now, EMPTY_GUEST_CART_DAYS), CHUNK);
      for (const principal of principals) tx.hot(principal, null);
      return principals.length === CHUNK;
    });
  }
  await transact((tx) => forgetOrders(tx.db, daysBefore(tx.now, ORDER_MEMORY_DAYS)));
}

const cartAbandoned = (cartId: CartId, principal: string, version: number): Saying<CartAbandoned> => ({
  type: 'carts.CartAbandoned',
  key: cartId,
  version,
  data: { cartId, principal },
});

/** Every cart as it is now. */
export async function* resayCarts(db: Duty<CartsDb, unknown>['db']): AsyncIterable<Saying> {
  for (let after: string | null = null; ; ) {
    const carts: Cart[] = await listCartsAfter(db, after, CHUNK);
    for (const cart of carts) yield cartUpdated(cart);
    if (carts.length < CHUNK) return;
    after = carts.at(-1)!.id;
  }
}
