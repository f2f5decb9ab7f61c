import type { Duty, Tx } from '@souk/kit';
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
  claimOrder,
  deleteCart,
  deleteEmptyGuestCarts,
  forgetOrders,
  listCartsAfter,
  lockCarts,
  lockOrInsertCart,
  markAbandoned,
  postponeOrder,
  saveCart,
  takePostponed,
} from './cart.repository.ts';
import type { CartsDb } from './cart.tables.ts';
import { add, type Cart, clear, type GoodsOf, handOver, merge, removeLine, setQuantity, takeOut } from './cart.ts';

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

/** Saves a changed cart under its next version and tells; an unchanged one is left alone. */
async function keep(tx: CartsTx, before: Cart, after: Cart): Promise<CartId> {
  if (after === before) return before.id;
  const cart = { ...after, version: before.version + 1 };
  await saveCart(tx.db, tx.now, cart);
  if (told.some((field) => after[field] !== before[field])) tx.emit(cartUpdated(cart));
  tx.touch(cartTopic(cart.principal), cart.id, cart.version);
  return cart.id;
}

/** Whose change other houses may want to know. */
const told = ['principal', 'lines', 'codes', 'shippingAddress', 'billingAddress'] as const satisfies (keyof Cart)[];

/** Changes the viewer's cart under its lock. */
async function change(tx: CartsTx, viewer: Viewer, work: (cart: Cart, goodsOf: GoodsOf) => Cart): Promise<CartId> {
  const { carts, goods } = await lockCarts(tx.db, [viewer.principal]);
  const [cart] = carts;
  if (!cart) throw new Rejection('NOT_FOUND', 'You have no cart yet. Add an article first.');
  const after = work(cart, (variantId) => goods.get(variantId));
  return keep(tx, cart, after);
}

/** Adds an article to the viewer's cart, which is made where there is none. */
export async function addToCart(
  tx: CartsTx,
  viewer: Viewer,
  input: { cartId: CartId | null; variantId: VariantId; quantity: number },
): Promise<CartId> {
  const { cartId, variantId, quantity } = input;
  const made = { id: tx.newId<'Cart'>(), principal: viewer.principal };
  const { carts, goods } = await lockOrInsertCart(tx.db, tx.now, made, variantId);
  const cart = carts[0]!;
  if (cartId !== null && cartId !== cart.id) {
    throw new Rejection('NOT_FOUND', 'There is no such cart.', ['input', 'cartId']);
  }
  return keep(tx, cart, add(cart, goods.get(variantId), quantity, tx.newId));
}

/** Sets the quantity of a line of the viewer's cart; 0 takes it out. */
export const updateCartLine = (tx: CartsTx, viewer: Viewer, lineId: CartLineId, quantity: number): Promise<CartId> =>
  change(tx, viewer, (cart, goodsOf) => setQuantity(cart, lineId, goodsOf, quantity));

export const removeCartLine = (tx: CartsTx, viewer: Viewer, lineId: CartLineId): Promise<CartId> =>
  change(tx, viewer, (cart) => removeLine(cart, lineId));

export const clearCart = (tx: CartsTx, viewer: Viewer): Promise<CartId> => change(tx, viewer, clear);

/** Sets what is given; the same values again change nothing. */
const set = (tx: CartsTx, viewer: Viewer, fields: Partial<Cart>): Promise<CartId> =>
  change(tx, viewer, (cart) => {
    const differs = Object.entries(fields).some(([name, value]) => text(cart[name as keyof Cart]) !== text(value));
    return differs ? { ...cart, ...fields, notices: [] } : cart;
  });

/** What a field says, whatever the order of an address's parts. */
const text = (value: unknown): string =>
  JSON.stringify(value, value !== null && typeof value === 'object' ? Object.keys(value).sort() : null);

export const setCartEmail = (tx: CartsTx, viewer: Viewer, typed: string | null | undefined): Promise<CartId> =>
  set(tx, viewer, { email: email(typed) });

export const setCartNote = (tx: CartsTx, viewer: Viewer, typed: string | null | undefined): Promise<CartId> =>
  set(tx, viewer, { note: note(typed) });

export const setCartShippingMethod = (
  tx: CartsTx,
  viewer: Viewer,
  shippingMethodId: Id<'ShippingMethod'> | null,
): Promise<CartId> => set(tx, viewer, { shippingMethodId });

/** Sets the addresses that are given, forgets those that are null, leaves those that are not said. */
export function setCartAddress(
  tx: CartsTx,
  viewer: Viewer,
  typed: { shipping?: TypedAddress | null; billing?: TypedAddress | null },
): Promise<CartId> {
  const { shipping, billing } = typed;
  const checked = addresses({ ...(shipping ? { shipping } : {}), ...(billing ? { billing } : {}) });
  return set(tx, viewer, {
    ...(shipping === undefined ? {} : { shippingAddress: checked.shipping ?? null }),
    ...(billing === undefined ? {} : { billingAddress: checked.billing ?? null }),
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
    await keep(tx, guest, handOver(fresh, principal));
    return;
  }
  await deleteCart(tx.db, guest.id);
  await keep(
    tx,
    own,
    merge(own, fresh, (variantId) => goods.get(variantId), tx.newId),
  );
}

/** Takes out of the cart what was ordered from it, once per order. */
export async function removeOrdered(tx: CartsTx, { data }: OrderConfirmed): Promise<void> {
  const { orderId, cartId, principal, lines } = data;
  if (cartId === null) return;
  const ordered = lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  const { isNew, carts } = await claimOrder(tx.db, tx.now, { orderId, cartId, principal, lines: ordered });
  if (!isNew) return;
  const [cart] = carts;
  if (!cart) return postponeOrder(tx.db, orderId);
  await keep(tx, cart, takeOut(cart, ordered));
}

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
    more = await transact(
      async (tx) => (await deleteEmptyGuestCarts(tx.db, daysBefore(tx.now, EMPTY_GUEST_CART_DAYS), CHUNK)) === CHUNK,
    );
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
