import type {
  InventoryFact,
  MissingLine,
  OrderId,
  Saying,
  StockPart,
  StockReleased,
  VariantId,
  WarehouseId,
} from '@souk/schema';
import type { Wanted } from './allocation.ts';
import type { StockBook } from './stock.ts';

/**
 * NEW: nothing was promised yet. HELD: promised until `expiresAt`. ALLOCATED: promised for good, not all shipped.
 * SHIPPED: nothing is left to ship. REFUSED, EXPIRED, CANCELLED: nothing is promised.
 */
export type ReservationStatus = 'NEW' | 'HELD' | 'ALLOCATED' | 'SHIPPED' | 'REFUSED' | 'EXPIRED' | 'CANCELLED';

/** What one warehouse gives of one variant, and how much of it left the house. */
export interface ReservedPart extends StockPart {
  shipped: number;
}

/** What an order was promised. */
export interface Reservation {
  readonly orderId: OrderId;
  readonly status: ReservationStatus;
  readonly version: number;
  readonly parts: readonly ReservedPart[];
  /** Fulfilments and refunds whose effect is in the books. */
  readonly applied: readonly string[];
  readonly expiresAt: Date | null;
}

export interface Decision {
  readonly reservation: Reservation;
  readonly say: readonly Saying<Exclude<InventoryFact, { type: 'inventory.StockChanged' }>>[];
}

/** Orders wins its own deadline: we let go only of what it forgot, this long after. */
const GRACE_MS = 5 * 60_000;

const unchanged = (reservation: Reservation): Decision => ({ reservation, say: [] });

/** What is promised and has not left the house. */
const unshipped = (parts: readonly ReservedPart[]): StockPart[] =>
  parts
    .map(({ variantId, warehouseId, quantity, shipped }) => ({ variantId, warehouseId, quantity: quantity - shipped }))
    .filter((part) => part.quantity > 0);

const onlyShipped = (parts: readonly ReservedPart[]): ReservedPart[] =>
  parts.filter((part) => part.shipped > 0).map((part) => ({ ...part, quantity: part.shipped }));

/** What is still to be promised of an order's lines, where some of it was shipped before we heard of the order. */
function outstanding(lines: readonly Wanted[], parts: readonly ReservedPart[]): Wanted[] {
  const shipped = new Map<VariantId, number>();
  for (const part of parts) shipped.set(part.variantId, (shipped.get(part.variantId) ?? 0) + part.shipped);
  return lines
    .map(({ variantId, quantity }) => {
      const done = Math.min(quantity, shipped.get(variantId) ?? 0);
      shipped.set(variantId, (shipped.get(variantId) ?? 0) - done);
      return { variantId, quantity: quantity - done };
    })
    .filter((line) => line.quantity > 0);
}

/** One part per variant and warehouse. */
function join(parts: readonly ReservedPart[], more: readonly StockPart[]): ReservedPart[] {
  const joined = parts.map((part) => ({ ...part }));
  for (const part of more) {
    const same = joined.find((one) => one.variantId === part.variantId && one.warehouseId === part.warehouseId);
    if (same) same.quantity += part.quantity;
    else joined.push({ ...part, shipped: 0 });
  }
  return joined;
}

const plain = (parts: readonly ReservedPart[]): StockPart[] =>
  parts.map(({ variantId, warehouseId, quantity }) => ({ variantId, warehouseId, quantity }));

function next(reservation: Reservation, change: Partial<Reservation>): Reservation {
  return { ...reservation, expiresAt: null, ...change, version: reservation.version + 1 };
}

export const stockHeld = (held: Reservation): Decision['say'][number] => ({
  type: 'inventory.StockHeld',
  key: held.orderId,
  version: held.version,
  data: { orderId: held.orderId, parts: plain(held.parts), expiresAt: held.expiresAt!.toISOString() },
});

export const stockAllocated = (allocated: Reservation): Decision['say'][number] => ({
  type: 'inventory.StockAllocated',
  key: allocated.orderId,
  version: allocated.version,
  data: { orderId: allocated.orderId, parts: plain(allocated.parts) },
});

function refused(reservation: Reservation, missing: MissingLine[]): Decision {
  const after = next(reservation, { status: 'REFUSED', parts: onlyShipped(reservation.parts) });
  const { orderId, version } = after;
  return {
    reservation: after,
    say: [{ type: 'inventory.StockRefused', key: orderId, version, data: { orderId, missing } }],
  };
}

function released(after: Reservation, reason: StockReleased['data']['reason']): Decision {
  const { orderId, version } = after;
  return {
    reservation: after,
    say: [{ type: 'inventory.StockReleased', key: orderId, version, data: { orderId, reason } }],
  };
}

/** An order was placed: all of its lines are held, or none. An order that is known already, or cancelled, is left alone. */
export function hold(
  reservation: Reservation,
  book: StockBook,
  order: { lines: readonly Wanted[]; holdUntil: Date },
): Decision {
  if (reservation.status !== 'NEW') return unchanged(reservation);
  const { parts, missing } = book.allocate(outstanding(order.lines, reservation.parts));
  if (missing) return refused(reservation, missing);
  book.hold(parts);
  const held = next(reservation, {
    status: 'HELD',
    parts: join(reservation.parts, parts),
    expiresAt: new Date(order.holdUntil.getTime() + GRACE_MS),
  });
  return { reservation: held, say: [stockHeld(held)] };
}

/**
 * An order was paid: what is held is set aside for good. Where nothing is held any more, stock is looked for again, and a
 * StockRefused tells that there is none.
 */
export function confirm(reservation: Reservation, book: StockBook, order: { lines: readonly Wanted[] }): Decision {
  switch (reservation.status) {
    case 'HELD': {
      book.confirm(unshipped(reservation.parts));
      return allocated(reservation, reservation.parts);
    }
    case 'NEW':
    case 'EXPIRED':
    case 'REFUSED': {
      const { parts, missing } = book.allocate(outstanding(order.lines, reservation.parts));
      if (missing) return refused(reservation, missing);
      book.setAside(parts);
      return allocated(reservation, join(reservation.parts, parts));
    }
    case 'ALLOCATED':
    case 'SHIPPED':
    case 'CANCELLED':
      return unchanged(reservation);
  }
}

function allocated(reservation: Reservation, parts: readonly ReservedPart[]): Decision {
  const status = unshipped(parts).length > 0 ? 'ALLOCATED' : 'SHIPPED';
  const after = next(reservation, { status, parts });
  return { reservation: after, say: [stockAllocated(after)] };
}

/** An order was cancelled: what has not left the house is given back. It stays cancelled, whatever is heard later. */
export function cancel(reservation: Reservation, book: StockBook): Decision {
  const { status, parts } = reservation;
  if (status === 'CANCELLED' || status === 'SHIPPED') return unchanged(reservation);
  const after = next(reservation, { status: 'CANCELLED', parts: onlyShipped(parts) });
  if (status !== 'HELD' && status !== 'ALLOCATED') return unchanged(after);
  book.release(unshipped(parts), status === 'HELD' ? 'held' : 'allocated');
  return released(after, 'CANCELLED');
}

/** The net under orders' own deadline: a hold nobody confirmed or cancelled is given back. */
export function expire(reservation: Reservation, book: StockBook, now: Date): Decision {
  const { status, parts, expiresAt } = reservation;
  if (status !== 'HELD' || expiresAt! > now) return unchanged(reservation);
  book.release(unshipped(parts), 'held');
  return released(next(reservation, { status: 'EXPIRED', parts: onlyShipped(parts) }), 'EXPIRED');
}

export interface Shipment {
  readonly fulfillmentId: string;
  readonly warehouseId: WarehouseId;
  readonly lines: readonly Wanted[];
}

/**
 * Goods left a warehouse. What was set aside there goes first; what left it though it was set aside elsewhere is taken from
 * free stock and given back there. What left is gone even where the books had less: a correction says so.
 */
export function ship(reservation: Reservation, book: StockBook, shipment: Shipment, newId: () => string): Decision {
  const { fulfillmentId, warehouseId, lines } = shipment;
  if (reservation.applied.includes(fulfillmentId)) return unchanged(reservation);
  const say: Decision['say'][number][] = [];
  let current = reservation;
  if (current.status === 'HELD') {
    const confirmed = confirm(current, book, { lines: [] });
    current = confirmed.reservation;
    say.push(...confirmed.say);
  }
  const parts = current.parts.map((part) => ({ ...part }));
  const { orderId } = current;
  for (const { variantId, quantity } of merged(lines)) {
    const here = partAt(parts, variantId, warehouseId);
    const own = Math.min(quantity, here.quantity - here.shipped);
    book.release([{ variantId, warehouseId, quantity: own }], 'allocated');
    const rest = quantity - own;
    const elsewhere = parts.filter((part) => part !== here && part.variantId === variantId);
    giveBack(elsewhere, book, rest, 'allocated');
    const short = quantity - available(book, variantId, warehouseId);
    const movement = { variantId, warehouseId, orderId, reference: fulfillmentId, actorId: null };
    if (short > 0) {
      const reason = 'More was shipped than the books had.';
      book.move({ ...movement, id: newId(), kind: 'CORRECTION', quantity: short, reason });
    }
    book.move({ ...movement, id: newId(), kind: 'SHIPMENT', quantity: -quantity, reason: null });
    here.quantity += rest;
    here.shipped += quantity;
  }
  const kept = parts.filter((part) => part.quantity > 0);
  const done = current.status === 'ALLOCATED' && unshipped(kept).length === 0;
  const after = next(current, {
    parts: kept,
    applied: [...current.applied, fulfillmentId],
    status: done ? 'SHIPPED' : current.status,
  });
  return { reservation: after, say };
}

export interface Refund {
  readonly refundId: string;
  /** Came back into these warehouses. */
  readonly restock: readonly StockPart[];
  /** Will not be shipped: what was set aside for it is free again. */
  readonly release: readonly StockPart[];
}

/** A refund made goods sellable again: what came back, and what need not leave. Never more than was set aside is let go. */
export function refund(reservation: Reservation, book: StockBook, asked: Refund, newId: () => string): Decision {
  const { refundId, restock, release } = asked;
  if (reservation.applied.includes(refundId)) return unchanged(reservation);
  const parts = reservation.parts.map((part) => ({ ...part }));
  for (const { variantId, warehouseId, quantity } of plain(join([], restock))) {
    const { orderId } = reservation;
    const movement = { variantId, warehouseId, quantity, orderId, reference: refundId, reason: null, actorId: null };
    book.move({ ...movement, id: newId(), kind: 'RETURN' });
  }
  const promised = reservation.status === 'HELD' || reservation.status === 'ALLOCATED';
  for (const { variantId, warehouseId, quantity } of promised ? release : []) {
    const from = reservation.status === 'HELD' ? 'held' : 'allocated';
    const here = (part: ReservedPart) => (part.warehouseId === warehouseId ? 0 : 1);
    const candidates = parts.filter((part) => part.variantId === variantId).sort((a, b) => here(a) - here(b));
    giveBack(candidates, book, quantity, from);
  }
  const kept = parts.filter((part) => part.quantity > 0);
  const done = reservation.status === 'ALLOCATED' && unshipped(kept).length === 0;
  return unchanged(
    next(reservation, {
      parts: kept,
      applied: [...reservation.applied, refundId],
      status: done ? 'SHIPPED' : reservation.status,
      expiresAt: reservation.expiresAt,
    }),
  );
}

/** Lets go of up to `wanted` unshipped units, from the first part on. */
function giveBack(parts: readonly ReservedPart[], book: StockBook, wanted: number, from: 'held' | 'allocated'): void {
  let left = wanted;
  for (const part of parts) {
    const taken = Math.min(left, part.quantity - part.shipped);
    if (taken === 0) continue;
    left -= taken;
    part.quantity -= taken;
    book.release([{ variantId: part.variantId, warehouseId: part.warehouseId, quantity: taken }], from);
  }
}

const available = (book: StockBook, variantId: VariantId, warehouseId: WarehouseId): number => {
  const { onHand, held, allocated } = book.level(variantId, warehouseId);
  return onHand - held - allocated;
};

function partAt(parts: ReservedPart[], variantId: VariantId, warehouseId: WarehouseId): ReservedPart {
  const found = parts.find((part) => part.variantId === variantId && part.warehouseId === warehouseId);
  if (found) return found;
  const made = { variantId, warehouseId, quantity: 0, shipped: 0 };
  parts.push(made);
  return made;
}

const merged = (lines: readonly Wanted[]): Wanted[] =>
  [...Map.groupBy(lines, (line) => line.variantId)].map(([variantId, same]) => ({
    variantId,
    quantity: same.reduce((sum, line) => sum + line.quantity, 0),
  }));
