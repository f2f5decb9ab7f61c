import type { OrderId, VariantId, WarehouseId } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import {
  cancel,
  confirm,
  expire,
  hold,
  type Reservation,
  type ReservationStatus,
  refund,
  ship,
} from './reservation.ts';
import { StockBook } from './stock.ts';

const orderId = 'o' as OrderId;
const variantId = 'v' as VariantId;
const warehouseId = 'w' as WarehouseId;
const now = new Date('2026-01-01T12:00:00.000Z');
const lines = [{ variantId, quantity: 2 }];
const statuses: ReservationStatus[] = ['NEW', 'HELD', 'ALLOCATED', 'SHIPPED', 'REFUSED', 'EXPIRED', 'CANCELLED'];
let ids = 0;
const newId = () => String(++ids);

/** A reservation of two in a status, and the books that go with it: ten on hand, or as many free as said. */
function given(status: ReservationStatus, free = 8): { reservation: Reservation; book: StockBook } {
  const promised = status === 'HELD' || status === 'ALLOCATED';
  const shipped = status === 'SHIPPED';
  const reservation: Reservation = {
    orderId,
    status,
    version: 3,
    parts: promised || shipped ? [{ variantId, warehouseId, quantity: 2, shipped: shipped ? 2 : 0 }] : [],
    applied: [],
    expiresAt: status === 'HELD' ? now : null,
  };
  const held = status === 'HELD' ? 2 : 0;
  const allocated = status === 'ALLOCATED' ? 2 : 0;
  const onHand = free + held + allocated;
  const book = new StockBook(
    [{ variantId, version: 7, onHand, available: free, lowStockAt: 0 }],
    [{ variantId, warehouseId, priority: 0, onHand, held, allocated, lowStockAt: null }],
  );
  return { reservation, book };
}

const table = (
  act: (reservation: Reservation, book: StockBook) => ReturnType<typeof hold>,
  free?: number,
): Record<string, [ReservationStatus, ...string[]]> =>
  Object.fromEntries(
    statuses.map((status) => {
      const { reservation, book } = given(status, free);
      const after = act(reservation, book);
      return [status, [after.reservation.status, ...after.say.map((fact) => fact.type)]];
    }),
  );

describe('a reservation', () => {
  it('is made once, of an order that nothing was heard of', () => {
    expect(table((reservation, book) => hold(reservation, book, { lines, holdUntil: now }))).toEqual({
      NEW: ['HELD', 'inventory.StockHeld'],
      HELD: ['HELD'],
      ALLOCATED: ['ALLOCATED'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['REFUSED'],
      EXPIRED: ['EXPIRED'],
      CANCELLED: ['CANCELLED'],
    });
  });
  it('is confirmed from wherever stock can still be found', () => {
    expect(table((reservation, book) => confirm(reservation, book, { lines }))).toEqual({
      NEW: ['ALLOCATED', 'inventory.StockAllocated'],
      HELD: ['ALLOCATED', 'inventory.StockAllocated'],
      ALLOCATED: ['ALLOCATED'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['ALLOCATED', 'inventory.StockAllocated'],
      EXPIRED: ['ALLOCATED', 'inventory.StockAllocated'],
      CANCELLED: ['CANCELLED'],
    });
  });
  it('is refused on confirmation where nothing is held and nothing is free', () => {
    expect(table((reservation, book) => confirm(reservation, book, { lines }), 1)).toEqual({
      NEW: ['REFUSED', 'inventory.StockRefused'],
      HELD: ['ALLOCATED', 'inventory.StockAllocated'],
      ALLOCATED: ['ALLOCATED'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['REFUSED', 'inventory.StockRefused'],
      EXPIRED: ['REFUSED', 'inventory.StockRefused'],
      CANCELLED: ['CANCELLED'],
    });
  });
  it('is cancelled for good, and says so only where something was promised', () => {
    expect(table(cancel)).toEqual({
      NEW: ['CANCELLED'],
      HELD: ['CANCELLED', 'inventory.StockReleased'],
      ALLOCATED: ['CANCELLED', 'inventory.StockReleased'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['CANCELLED'],
      EXPIRED: ['CANCELLED'],
      CANCELLED: ['CANCELLED'],
    });
  });
  it('expires only while held, and only when its time has come', () => {
    expect(table((reservation, book) => expire(reservation, book, now))).toEqual({
      NEW: ['NEW'],
      HELD: ['EXPIRED', 'inventory.StockReleased'],
      ALLOCATED: ['ALLOCATED'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['REFUSED'],
      EXPIRED: ['EXPIRED'],
      CANCELLED: ['CANCELLED'],
    });
    const { reservation, book } = given('HELD');
    expect(expire(reservation, book, new Date(now.getTime() - 1)).reservation).toBe(reservation);
  });
  it('is shipped from any status, because the goods have left', () => {
    const shipment = { fulfillmentId: 'f', warehouseId, lines };
    expect(table((reservation, book) => ship(reservation, book, shipment, newId))).toEqual({
      NEW: ['NEW'],
      HELD: ['SHIPPED', 'inventory.StockAllocated'],
      ALLOCATED: ['SHIPPED'],
      SHIPPED: ['SHIPPED'],
      REFUSED: ['REFUSED'],
      EXPIRED: ['EXPIRED'],
      CANCELLED: ['CANCELLED'],
    });
  });
  it('promises only what is left where a parcel overtook the order', () => {
    const { reservation, book } = given('NEW', 2);
    const parcel = { fulfillmentId: 'f', warehouseId, lines: [{ variantId, quantity: 1 }] };
    const sent = ship(reservation, book, parcel, newId);
    const paid = confirm(sent.reservation, book, { lines });
    expect(paid.reservation.parts).toEqual([{ variantId, warehouseId, quantity: 2, shipped: 1 }]);
    expect(book.level(variantId, warehouseId)).toMatchObject({ onHand: 1, held: 0, allocated: 1 });
  });
  it('raises its version by one with each change and only then', () => {
    const { reservation, book } = given('HELD');
    const paid = confirm(reservation, book, { lines });
    expect(paid.reservation.version).toBe(4);
    expect(confirm(paid.reservation, book, { lines }).reservation).toBe(paid.reservation);
  });
  it('has each parcel and each refund in the books once', () => {
    const { reservation, book } = given('ALLOCATED');
    const parcel = { fulfillmentId: 'f', warehouseId, lines: [{ variantId, quantity: 1 }] };
    const sent = ship(reservation, book, parcel, newId).reservation;
    expect(ship(sent, book, parcel, newId).reservation).toBe(sent);
    const credit = { refundId: 'r', restock: [{ variantId, warehouseId, quantity: 1 }], release: [] };
    const back = refund(sent, book, credit, newId).reservation;
    expect(refund(back, book, credit, newId).reservation).toBe(back);
    expect(book.changes().movements.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['SHIPMENT', -1],
      ['RETURN', 1],
    ]);
  });
});

describe('a stock book', () => {
  it('refuses to promise twice or to give back twice', () => {
    const { book } = given('HELD', 1);
    expect(() => book.hold([{ variantId, warehouseId, quantity: 2 }])).toThrow(RangeError);
    expect(() => given('HELD').book.release([{ variantId, warehouseId, quantity: 3 }], 'held')).toThrow(RangeError);
  });
  it('names a variant only where its totals or its mark moved', () => {
    const { book } = given('HELD');
    book.confirm([{ variantId, warehouseId, quantity: 2 }]);
    expect(book.changes()).toMatchObject({
      levels: [{ onHand: 0, held: -2, allocated: 2, isNew: false }],
      variants: [],
      movements: [],
    });
    book.mark(variantId, warehouseId, 3);
    expect(book.changes().variants).toEqual([{ variantId, version: 8, onHand: 10, available: 8, lowStockAt: 3 }]);
  });
});
