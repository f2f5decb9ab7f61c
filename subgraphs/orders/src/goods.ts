import type { FulfillmentId, OrderLineId, VariantId, WarehouseId } from '@souk/schema';
import type { LineProgress, Order, OrderLine, OrderStatus } from './order.ts';
import { no } from './rejections.ts';
import { isOwn } from './sayings.ts';

export type FulfillmentStatus = 'PACKED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';

/** Units of a variant that a warehouse set aside for an order, and what became of them. */
export interface Allocation {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly quantity: number;
  readonly packed: number;
  readonly shipped: number;
  readonly released: number;
  readonly returned: number;
}

export interface Fulfillment {
  readonly id: FulfillmentId;
  readonly warehouseId: WarehouseId;
  readonly status: FulfillmentStatus;
  readonly lines: readonly { readonly orderLineId: OrderLineId; readonly quantity: number }[];
}

/** Where an order's goods are. Read after its row is locked, for they change under that lock alone. */
export interface Goods {
  readonly lines: readonly (OrderLine & LineProgress)[];
  readonly allocations: readonly Allocation[];
  readonly fulfillments: readonly Fulfillment[];
}

/** What is added to a line's or an allocation's counts. */
export interface LineMove extends Partial<LineProgress> {
  readonly id: OrderLineId;
}
export interface AllocationMove extends Partial<Omit<Allocation, 'variantId' | 'warehouseId' | 'quantity'>> {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
}

export interface Parcel {
  readonly lines: readonly { readonly line: OrderLine & { variantId: VariantId }; readonly quantity: number }[];
}

export interface Tracking {
  readonly carrier: string;
  readonly number: string;
  readonly url: string | null;
}

export interface WantedLine {
  readonly orderLineId: OrderLineId;
  readonly quantity: number;
}

const unshipped = (line: LineProgress & { quantity: number }) =>
  line.quantity - line.packed - line.shipped - line.cancelled;

/** Only what is paid for leaves. */
export function checkShippable({ status, step }: Order): void {
  if (status !== 'CONFIRMED' && status !== 'PARTIALLY_SHIPPED') {
    throw no('NOT_SHIPPABLE_NOW', 'Only a confirmed order that has not been shipped can be packed or shipped.', [
      'input',
      'orderId',
    ]);
  }
  if (step !== 'DONE') {
    throw no('NOT_PAID', 'The money for this order has not been captured yet. Try again in a moment.', [
      'input',
      'orderId',
    ]);
  }
}

/** A parcel of the wanted units, or of all that a warehouse still has for the order where none are named. */
export function pack(goods: Goods, warehouseId: WarehouseId, wanted: readonly WantedLine[] | null): Parcel {
  const free = (variantId: VariantId): number => {
    const part = goods.allocations.find((one) => one.variantId === variantId && one.warehouseId === warehouseId);
    return part ? part.quantity - part.packed - part.shipped - part.released : 0;
  };
  const lines = goods.lines.filter(isOwn);
  if (wanted === null) {
    const all = lines.flatMap((line) => {
      const quantity = Math.min(free(line.variantId), unshipped(line));
      return quantity > 0 ? [{ line, quantity }] : [];
    });
    if (all.length === 0) {
      throw no('NOT_ALLOCATED', 'This warehouse has nothing set aside for the order.', ['input', 'warehouseId']);
    }
    return { lines: all };
  }
  if (wanted.length === 0) throw no('INVALID_QUANTITY', 'Name at least one line to pack.', ['input', 'lines']);
  return {
    lines: matchLines(wanted, goods).map(({ line, quantity, field }) => {
      if (!isOwn(line)) throw no('NOT_ALLOCATED', 'This line cannot be shipped from here.', [...field, 'orderLineId']);
      if (quantity > unshipped(line)) {
        throw no('EXCEEDS_UNSHIPPED', `Only ${unshipped(line)} of this line are still to be shipped.`, [
          ...field,
          'quantity',
        ]);
      }
      if (quantity > free(line.variantId)) {
        throw no('NOT_ALLOCATED', `This warehouse has ${free(line.variantId)} of this line set aside.`, [
          ...field,
          'quantity',
        ]);
      }
      return { line, quantity };
    }),
  };
}

/** Finds the line of each wanted one; refuses unknown lines, lines named twice and quantities that are none. */
export function matchLines<W extends WantedLine>(
  wanted: readonly W[],
  goods: Goods,
): { line: OrderLine & LineProgress; quantity: number; wanted: W; field: string[] }[] {
  const seen = new Set<string>();
  return wanted.map((one, i) => {
    const field = ['input', 'lines', String(i)];
    const line = goods.lines.find(({ id }) => id === one.orderLineId);
    if (!line) throw no('NOT_FOUND', 'There is no such line in this order.', [...field, 'orderLineId']);
    if (!Number.isSafeInteger(one.quantity) || one.quantity < 1 || one.quantity > line.quantity) {
      throw no('INVALID_QUANTITY', `A quantity is a whole number from 1 to ${line.quantity} here.`, [
        ...field,
        'quantity',
      ]);
    }
    if (seen.has(line.id)) throw no('INVALID_QUANTITY', 'Name each line once.', [...field, 'orderLineId']);
    seen.add(line.id);
    return { line, quantity: one.quantity, wanted: one, field };
  });
}

/** The status of an order whose goods have moved: shipped when every unit has left or never will. */
export function statusOfGoods(
  lines: readonly (LineProgress & { quantity: number })[],
  present: OrderStatus,
): OrderStatus {
  if (!lines.some(({ shipped }) => shipped > 0)) return present;
  const whole = lines.every(({ quantity, shipped, cancelled }) => shipped + cancelled === quantity);
  if (present === 'CONFIRMED' || present === 'PARTIALLY_SHIPPED') return whole ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  return present;
}

/** The lines with moves applied, as they will be stored. */
export const moved = (goods: Goods, moves: readonly LineMove[]): (OrderLine & LineProgress)[] =>
  goods.lines.map((line) => {
    const move = moves.find(({ id }) => id === line.id);
    if (!move) return line;
    return {
      ...line,
      packed: line.packed + (move.packed ?? 0),
      shipped: line.shipped + (move.shipped ?? 0),
      cancelled: line.cancelled + (move.cancelled ?? 0),
      returned: line.returned + (move.returned ?? 0),
      refunded: line.refunded + (move.refunded ?? 0),
    };
  });
