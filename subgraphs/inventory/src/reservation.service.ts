import type { Duty, HearUnderLock } from '@souk/kit';
import type {
  Fact,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderId,
  OrderShipped,
  RefundRequested,
  Saying,
  VariantId,
} from '@souk/schema';
import type { InventoryDb } from './inventory.tables.ts';
import { listDueHolds, listPromisesAfter } from './reservation.repository.ts';
import {
  cancel,
  confirm,
  type Decision,
  expire,
  hold,
  type Reservation,
  refund,
  ship,
  stockAllocated,
  stockHeld,
} from './reservation.ts';
import {
  type Locked,
  listStockAfter,
  lockStock,
  type OpenBook,
  openBook,
  type StockWanted,
  stockLocked,
} from './stock.repository.ts';
import { type InventoryTx, keep } from './stock.service.ts';
import { type StockBook, stockChanged } from './stock.ts';

interface Case {
  readonly orderId: OrderId;
  readonly variantIds: readonly VariantId[];
  readonly decide: (reservation: Reservation, book: StockBook) => Decision;
}

const wantedBy = (cases: readonly Case[]): StockWanted => ({
  orderIds: [...new Set(cases.map((one) => one.orderId))],
  variantIds: [...new Set(cases.flatMap((one) => one.variantIds))],
});

/** Decides many orders' cases one after another on one locked book, then writes and says everything once. */
async function settle(tx: InventoryTx, cases: readonly Case[], { reservations, book }: OpenBook): Promise<void> {
  const before = new Map(reservations.map((reservation) => [reservation.orderId, reservation]));
  const after = new Map(before);
  for (const { orderId, decide } of cases) {
    const { reservation, say } = decide(after.get(orderId)!, book);
    after.set(orderId, reservation);
    for (const saying of say) tx.emit(saying);
  }
  const changed = [...after.values()].filter((reservation) => reservation !== before.get(reservation.orderId));
  await keep(tx, book, changed);
}

/** An ear whose facts are each a case of an order, many at a time. */
const settling = <F extends Fact>(casesOf: (facts: readonly F[], newId: InventoryTx['newId']) => Case[]) =>
  ({
    many: true,
    lock: (facts, newId) => stockLocked(wantedBy(casesOf(facts, newId))),
    hear: (tx, facts, [locked]) => settle(tx, casesOf(facts, tx.newId), openBook(locked!)),
  }) satisfies HearUnderLock<InventoryDb, F, Locked>;

const variantsOf = (lines: readonly { variantId: VariantId }[]): VariantId[] => lines.map((line) => line.variantId);

/** Holds every line of each order, or none of it: says StockHeld or StockRefused. */
export const holdOrders = settling<OrderCreated>((facts) =>
  facts.map(({ data: { orderId, lines, holdUntil } }) => ({
    orderId,
    variantIds: variantsOf(lines),
    decide: (reservation, book) => hold(reservation, book, { lines, holdUntil: new Date(holdUntil) }),
  })),
);

/** Turns holds into allocations: says StockAllocated, or StockRefused where the hold was lost and stock is gone. */
export const confirmOrders = settling<OrderConfirmed>((facts) =>
  facts.map(({ data: { orderId, lines } }) => ({
    orderId,
    variantIds: variantsOf(lines),
    decide: (reservation, book) => confirm(reservation, book, { lines }),
  })),
);

/** Gives back what cancelled orders were promised: says StockReleased where there was anything. */
export const cancelOrders = settling<OrderCancelled>((facts) =>
  facts.map(({ data: { orderId } }) => ({ orderId, variantIds: [], decide: cancel })),
);

/** Takes shipped goods off the books. */
export const shipOrders = settling<OrderShipped>((facts, newId) =>
  facts.map(({ data: { orderId, ...shipment } }) => ({
    orderId,
    variantIds: variantsOf(shipment.lines),
    decide: (reservation, book) => ship(reservation, book, shipment, newId),
  })),
);

/** Puts refunded goods back and lets go of what need not be shipped, where the refund says so. */
export const applyRefunds = settling<RefundRequested>((facts, newId) =>
  facts.flatMap(({ data: { orderId, refundId, restock, release = [] } }) =>
    restock.length + release.length === 0
      ? []
      : [
          {
            orderId,
            variantIds: variantsOf([...restock, ...release]),
            decide: (reservation: Reservation, book: StockBook) =>
              refund(reservation, book, { refundId, restock, release }, newId),
          },
        ],
  ),
);

const CHUNK = 100;

/** Gives back holds that outlived their time, a chunk per transaction; each is looked at again under its lock. */
export async function expireHolds({ transact, signal }: Duty<InventoryDb, unknown>): Promise<void> {
  for (let more = true; more && !signal.aborted; ) {
    more = await transact(async (tx) => {
      const due = await listDueHolds(tx.db, tx.now, CHUNK);
      if (due.length === 0) return false;
      const cases: Case[] = due.map((orderId) => ({
        orderId,
        variantIds: [],
        decide: (reservation, book) => expire(reservation, book, tx.now),
      }));
      await settle(tx, cases, await lockStock(tx.db, wantedBy(cases)));
      return due.length === CHUNK;
    });
  }
}

/** Every variant's totals and every open promise, as they are now. */
export async function* resayStock(db: Duty<InventoryDb, unknown>['db']): AsyncIterable<Saying> {
  for (let after: string | null = null; ; ) {
    const rows = await listStockAfter(db, after, CHUNK);
    for (const row of rows) {
      const { id, version, on_hand, available, low_stock_at } = row;
      yield stockChanged({ variantId: id, version, onHand: on_hand, available, lowStockAt: low_stock_at });
    }
    if (rows.length < CHUNK) break;
    after = rows.at(-1)!.id;
  }
  for (let after: string | null = null; ; ) {
    const rows = await listPromisesAfter(db, after, CHUNK);
    for (const row of rows) yield row.status === 'HELD' ? stockHeld(row) : stockAllocated(row);
    if (rows.length < CHUNK) break;
    after = rows.at(-1)!.orderId;
  }
}
