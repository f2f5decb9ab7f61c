import { createHash } from 'node:crypto';
import {
  forbidden,
  type HearAtOnce,
  type HearUnderLock,
  type HouseContext,
  hasRole,
  mayChangeAs,
  type Tx,
} from '@souk/kit';
import type { CartId, FactOf, OrderId, OrderLineId, Rejection, Viewer } from '@souk/schema';
import { fromDecimal, isCurrency } from '@souk/schema';
import { checkAddress, email, oneLine, paragraph, type TypedAddress } from './address.ts';
import { type CheckoutFact, type Decision, decide, type Heard } from './checkout.saga.ts';
import { quoteGoods } from './copy.service.ts';
import { listGoods, moveGoods, savedAllocation, updateFulfillments } from './goods.repository.ts';
import {
  adoptOrders,
  insertEntries,
  insertOrderOnce,
  type Locked,
  listOpenOrders,
  lockDue,
  lockOrder,
  orderLocked,
  type StoredEntry,
  savedOrder,
  saveOrder,
  whole,
} from './order.repository.ts';
import type { OrdersDb } from './order.tables.ts';
import { joinLines, type Order, type OrderRow, type OrderStatus, place, refuseGaps, serving } from './order.ts';
import type { ShippingMethodId, Wanted } from './pricing.ts';
import { no, refuse } from './rejections.ts';
import { stateOf } from './rules.ts';
import { factOf } from './sayings.ts';

export type OrdersTx = Tx<OrdersDb>;

/** An order is its owner's and of staff who serve orders; for everyone else it does not exist. */
export const maySee = (viewer: Viewer, order: Pick<OrderRow, 'principal'>): boolean =>
  hasRole(viewer, ...serving) || (viewer.principal !== 'anonymous' && viewer.principal === order.principal);

export const touchOrder = (tx: Pick<OrdersTx, 'touch'>, { id, version }: { id: OrderId; version: number }): void =>
  tx.touch(`order:${id}`, id, version);

const withIds = (tx: OrdersTx, log: Decision['log']): StoredEntry[] =>
  log.map((entry) => ({ ...entry, id: tx.newId() }));

/**
 * Saves a decision, says its facts and tells who watches. Nothing where nothing follows. `moreFollows` where a later
 * statement of the transaction builds on what is saved; else it is saved with the facts, as the last one.
 */
export async function carryOut(
  tx: OrdersTx,
  before: Order,
  decision: Decision,
  { moreFollows = false } = {},
): Promise<void> {
  const { order, say, log, credits } = decision;
  if (order === before) return;
  const saved = savedOrder(order, withIds(tx, log), credits);
  await (moreFollows ? saveOrder(tx.db, saved) : tx.last(saved));
  for (const [i, one] of say.entries()) tx.emit(factOf(order, one, before.version + 1 + i, tx.now));
  touchOrder(tx, order);
}

/** An order as the transaction leaves it; null where it must be read. */
export interface Done {
  readonly id: OrderId;
  readonly order: OrderRow | null;
}

export interface CreateOrder {
  readonly cartId: CartId;
  readonly cartVersion: number;
  readonly lines: readonly Wanted[];
  readonly expectedTotal: { readonly amount: string; readonly currency: string };
  readonly email: string;
  readonly shippingAddress: TypedAddress | null;
  readonly billingAddress: TypedAddress | null;
  readonly shippingMethodId: ShippingMethodId | null;
  readonly note: string | null;
}

/** What two requests for the same cart version must share to be the same order. */
function hashRequest({ expectedTotal, ...rest }: CreateOrder & { checked: object }): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([rest.lines, expectedTotal, rest.checked, rest.shippingMethodId]))
    .digest();
}

/**
 * Turns lines into an order at our own prices and asks for their stock. Once per (principal, cart, version): a repeat
 * answers the first order and says nothing, with other details it is refused. Six statements with BEGIN and COMMIT.
 */
export async function createOrder(
  tx: OrdersTx,
  viewer: Viewer,
  input: CreateOrder,
  payWithinMs: number,
): Promise<Done> {
  const wanted = joinLines(input.lines);
  const found: Rejection[] = [];
  const mail = email(input.email);
  if (mail === null)
    found.push(no('INVALID_EMAIL', 'Write an e-mail address such as name@example.com.', ['input', 'email']));
  const typed = (address: TypedAddress | null, name: string) =>
    address && checkAddress(address, ['input', name], found);
  const shippingAddress = typed(input.shippingAddress, 'shippingAddress');
  const billingAddress = typed(input.billingAddress, 'billingAddress') ?? shippingAddress;
  const note = paragraph(input.note, 1000);
  if (note === undefined) found.push(no('INVALID_TEXT', 'A note has at most 1000 characters.', ['input', 'note']));
  const { amount, currency } = input.expectedTotal;
  const expectedTotal = isCurrency(currency) ? fromDecimal(amount, currency) : null;
  if (!expectedTotal) {
    const message = 'Write the expected total as an amount of a currency, such as 12.50 EUR.';
    found.push(no('INVALID_AMOUNT', message, ['input', 'expectedTotal']));
  }
  refuse(found);

  const destination = shippingAddress ?? billingAddress;
  const quoted = await quoteGoods(
    tx.db,
    {
      channel: viewer.channel,
      wanted,
      destination: destination && { country: destination.country, state: stateOf(destination.state) },
      shipsThere: shippingAddress !== null,
      methodId: input.shippingMethodId,
    },
    tx.now,
  );
  refuseGaps(quoted, (variantId) => String(input.lines.findIndex((line) => line.variantId === variantId)));
  const order = place({
    id: tx.newId<'Order'>(),
    lineIds: wanted.map((): OrderLineId => tx.newId<'OrderLine'>()),
    cancelCreditId: tx.newId<'Refund'>(),
    principal: viewer.principal,
    userId: viewer.userId,
    cartId: input.cartId,
    cartVersion: input.cartVersion,
    locale: viewer.locale,
    quote: quoted,
    expectedTotal: expectedTotal!,
    email: mail!,
    shippingAddress,
    billingAddress,
    note: note ?? null,
    payWithinMs,
    now: tx.now,
  });
  const hash = hashRequest({ ...input, lines: wanted, checked: { mail, shippingAddress, billingAddress, note } });
  const log = withIds(tx, [{ kind: 'PLACED', actor: 'CUSTOMER' }]);
  const stored = await insertOrderOnce(tx.db, order, hash, log);
  if (!stored.isNew) {
    if (stored.requestHash?.equals(hash)) return { id: stored.id, order: null };
    throw no(
      'CART_ALREADY_ORDERED',
      'This cart was already ordered with other details. Pay or cancel that order first.',
      ['input', 'cartId'],
      { orderId: stored.id },
    );
  }
  const placed: Order = { ...order, orderNumber: stored.orderNumber };
  tx.emit(factOf(placed, { type: 'orders.OrderCreated' }, placed.version, tx.now));
  touchOrder(tx, placed);
  return { id: placed.id, order: placed };
}

/** Lets the checkout act on a fact of another house. A fact about an order that is not ours changes nothing. */
export const advanceCheckout: HearUnderLock<OrdersDb, CheckoutFact, Locked> = {
  lock: ([fact]) => orderLocked(fact!.data.orderId),
  async hear(tx, [fact], [locked]) {
    const order = locked && whole(locked);
    if (!order || order.origin === 'IMPORTED') return;
    await decideAndCarryOut(tx, (await withLaterCredits(tx, order, fact!)) ?? order, fact!);
  },
};

/** A refund that is not known yet is booked against the other credits, so those must be of now and not of before the lock. */
const withLaterCredits = async (
  tx: OrdersTx,
  order: Order,
  { type, data }: CheckoutFact,
): Promise<Order | undefined> =>
  type === 'payments.RefundSettled' && !order.credits.some(({ id }) => id === data.refundId)
    ? lockOrder(tx.db, order.id)
    : undefined;

async function decideAndCarryOut(tx: OrdersTx, order: Order, heard: Heard): Promise<Order> {
  const decision = decide(order, heard, tx.now);
  await carryOut(tx, order, decision);
  if (decision.order.status === 'CANCELLED' && order.status === 'CONFIRMED') await unpackAll(tx, order);
  return decision.order;
}

/** What was packed for an order that will not happen goes back on its shelf. */
async function unpackAll(tx: OrdersTx, order: Order): Promise<void> {
  const goods = await listGoods(tx.db, order.id);
  const packed = goods.fulfillments.filter(({ status }) => status === 'PACKED').map(({ id }) => id);
  if (packed.length === 0) return;
  await updateFulfillments(tx.db, packed, 'CANCELLED', tx.now);
  await moveGoods(
    tx.db,
    order.id,
    goods.lines.filter(({ packed }) => packed > 0).map(({ id, packed }) => ({ id, packed: -packed })),
    goods.allocations
      .filter(({ packed }) => packed > 0)
      .map(({ variantId, warehouseId, packed }) => ({ variantId, warehouseId, packed: -packed })),
  );
}

/** Locks an order that the viewer may see; NOT_FOUND otherwise. */
export async function lockVisible(tx: OrdersTx, viewer: Viewer, id: OrderId): Promise<Order> {
  const order = await lockOrder(tx.db, id);
  if (!order || !maySee(viewer, order)) throw no('NOT_FOUND', 'There is no such order.', ['input', 'orderId']);
  if (order.principal !== viewer.principal && !mayChangeAs(viewer, ...serving)) {
    throw forbidden('This app may look at orders, and not change them.');
  }
  return order;
}

const CARD_NUMBER = /(?:\d[ -]?){12,19}/;

/** Submits the shopper's way to pay; while stock is still being held it is kept and submitted with the hold. */
export async function payOrder(tx: OrdersTx, viewer: Viewer, id: OrderId, paymentMethod: string): Promise<Done> {
  const token = paymentMethod.trim();
  if (!/^[A-Za-z][A-Za-z0-9_:-]{2,254}$/.test(token) || CARD_NUMBER.test(token)) {
    throw no('INVALID_PAYMENT_METHOD', 'This is not a payment method of the payment provider.', [
      'input',
      'paymentMethod',
    ]);
  }
  const order = await lockVisible(tx, viewer, id);
  const actor = order.principal === viewer.principal ? 'CUSTOMER' : 'STAFF';
  return { id, order: await decideAndCarryOut(tx, order, { type: 'PAY', paymentMethod: token, actor }) };
}

/** Who may cancel: the owner, and staff who speak with customers or keep the books. */
const mayCancel = (viewer: Viewer, order: Pick<OrderRow, 'principal'>): boolean =>
  order.principal === viewer.principal || mayChangeAs(viewer, 'SUPPORT', 'FINANCE');

export async function cancelOrder(tx: OrdersTx, viewer: Viewer, id: OrderId, reason: string | null): Promise<OrderId> {
  const why = oneLine(reason, 500);
  if (why === undefined) {
    throw no('INVALID_TEXT', 'A reason has at most 500 characters on one line.', ['input', 'reason']);
  }
  const order = await lockVisible(tx, viewer, id);
  if (!mayCancel(viewer, order)) {
    throw no('NOT_CANCELLABLE', 'Your role may not cancel orders.', ['input', 'orderId']);
  }
  const actor = order.principal === viewer.principal ? 'CUSTOMER' : 'STAFF';
  await decideAndCarryOut(tx, order, { type: 'CANCEL', actor, actorId: viewer.userId, why });
  return id;
}

/** The statuses this viewer could move the order to now. */
export function allowedTransitions(viewer: Viewer, order: OrderRow): OrderStatus[] {
  const allowed: OrderStatus[] = [];
  const { status, step, origin } = order;
  if (origin === 'IMPORTED') return allowed;
  if (mayChangeAs(viewer, 'WAREHOUSE') && step === 'DONE') {
    if (status === 'CONFIRMED') allowed.push('PARTIALLY_SHIPPED', 'SHIPPED');
    if (status === 'PARTIALLY_SHIPPED') allowed.push('SHIPPED');
    if (status === 'SHIPPED') allowed.push('DELIVERED');
  }
  const undoable = status === 'PENDING' || status === 'AWAITING_PAYMENT' || status === 'CONFIRMED';
  if (undoable && mayCancel(viewer, order)) allowed.push('CANCELLED');
  return allowed;
}

const DUE_AT_ONCE = 20;

/** Moves some checkouts whose deadline has passed; true while more may be due. */
export async function expireSome(tx: OrdersTx): Promise<boolean> {
  const due = await lockDue(tx.db, tx.now, DUE_AT_ONCE);
  for (const order of due) await decideAndCarryOut(tx, order, { type: 'DEADLINE_PASSED' });
  return due.length === DUE_AT_ONCE;
}

/** A guest turned out to be a user: the guest's orders are the user's from now on; their e-mail stays as it was given. */
export async function adoptGuestOrders(tx: OrdersTx, { data }: FactOf<'users.GuestIdentified'>): Promise<void> {
  const adopted = await adoptOrders(tx.db, data.guestId, data.userId, tx.now);
  await insertEntries(
    tx.db,
    tx.now,
    adopted.map(({ id }) => ({ orderId: id, entry: { id: tx.newId(), kind: 'ACCOUNT_LINKED', actor: 'SYSTEM' } })),
  );
  for (const order of adopted) touchOrder(tx, order);
}

/** Remembers from which warehouses a confirmed order will be shipped. */
export const learnAllocation: HearAtOnce<FactOf<'inventory.StockAllocated'>, { version: number }> = {
  atOnce: ([fact]) => savedAllocation(fact!.data.orderId, fact!.data.parts),
  after(aftermath, [fact], [changed]) {
    if (changed) touchOrder(aftermath, { id: fact!.data.orderId, version: changed.version });
  },
};

const OPEN_FACTS = {
  PENDING: ['orders.OrderCreated'],
  AWAITING_PAYMENT: ['orders.OrderCreated', 'orders.PaymentRequested'],
  CONFIRMED: ['orders.OrderConfirmed'],
  PARTIALLY_SHIPPED: ['orders.OrderConfirmed'],
} as const;

/** What orders under way have said last, for a new house or a wiped broker. Finished ones want nothing of anybody. */
export async function* sayAgain(db: HouseContext<OrdersDb>['db']) {
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const open = await listOpenOrders(db, last, 200);
    for (const order of open) {
      const types = OPEN_FACTS[order.status as keyof typeof OPEN_FACTS];
      for (const type of types) yield factOf(order, { type }, order.version, order.updatedAt);
    }
    if (open.length < 200) return;
    last = open.at(-1)!.id;
  }
}
