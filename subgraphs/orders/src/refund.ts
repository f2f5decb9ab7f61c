import type { Money, RefundId, VariantId, WarehouseId } from '@souk/schema';
import type { Allocation, AllocationMove, Goods, LineMove, WantedLine } from './goods.ts';
import { matchLines, moved, statusOfGoods } from './goods.ts';
import type { Order, OrderLine, OrderStatus } from './order.ts';
import { shareOf } from './pricing.ts';
import { no } from './rejections.ts';
import { isOwn } from './sayings.ts';

export interface WantedRefundLine extends WantedLine {
  /** The units were shipped, came back and are sold again. */
  readonly restock: boolean;
  /** The units have not been shipped and will not be. */
  readonly cancelUnshipped: boolean;
}

export interface WantedRefund {
  readonly lines: readonly WantedRefundLine[];
  readonly shippingAmount: Money | null;
  /** Instead of what lines and shipping come to. */
  readonly amount: Money | null;
}

interface GoodsPart {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly quantity: number;
}

export interface RefundLine {
  readonly line: OrderLine;
  readonly quantity: number;
  readonly amount: number;
  readonly restocked: boolean;
}

/** A refund worked out but not done. Amounts in minor units, tax included. */
export interface RefundPlan {
  readonly id: RefundId | null;
  readonly amount: number;
  readonly shipping: number;
  readonly lines: readonly RefundLine[];
  readonly restock: readonly GoodsPart[];
  readonly release: readonly GoodsPart[];
  readonly lineMoves: readonly LineMove[];
  readonly allocationMoves: readonly AllocationMove[];
  readonly status: OrderStatus;
}

/** What may still be credited: captured and not credited yet. */
export const refundable = ({ captured, credited }: Pick<Order, 'captured' | 'credited'>): number =>
  Math.max(0, captured - credited);

/** Takes units from the warehouses that hold them, most first; fewer than wanted where they do not. */
function take(
  allocations: readonly Allocation[],
  variantId: VariantId,
  quantity: number,
  held: (part: Allocation) => number,
): GoodsPart[] {
  let left = quantity;
  return allocations
    .filter((part) => part.variantId === variantId && held(part) > 0)
    .sort((a, b) => held(b) - held(a))
    .flatMap((part) => {
      const some = Math.min(left, held(part));
      left -= some;
      return some > 0 ? [{ variantId, warehouseId: part.warehouseId, quantity: some }] : [];
    });
}

function minor(amount: Money, order: Order, field: string): number {
  if (amount.currency !== order.currency || amount.amountMinor < 0) {
    throw no('INVALID_AMOUNT', `Write an amount in ${order.currency} that is not negative.`, ['input', field]);
  }
  return amount.amountMinor;
}

/** Works a refund out against what was sold, shipped, returned and captured. Refuses what exceeds any of it. */
export function planRefund(order: Order, goods: Goods, wanted: WantedRefund): RefundPlan {
  const lines: RefundLine[] = [];
  const restock: GoodsPart[] = [];
  const release: GoodsPart[] = [];
  const lineMoves: LineMove[] = [];
  for (const {
    line,
    quantity,
    wanted: { restock: comesBack, cancelUnshipped },
    field,
  } of matchLines(wanted.lines, goods)) {
    const sold = line.quantity - line.refunded;
    if (quantity > sold) {
      throw no('EXCEEDS_SOLD', `Only ${sold} of this line can still be refunded.`, [...field, 'quantity']);
    }
    const unshipped = line.quantity - line.packed - line.shipped - line.cancelled;
    if (cancelUnshipped && quantity > unshipped) {
      throw no('EXCEEDS_UNSHIPPED', `Only ${unshipped} of this line are still to be shipped.`, [...field, 'quantity']);
    }
    const away = line.shipped - line.returned;
    if (comesBack && (cancelUnshipped || quantity > away)) {
      throw no('EXCEEDS_SHIPPED', `Only ${away} shipped units of this line can come back.`, [...field, 'restock']);
    }
    if (comesBack && isOwn(line)) {
      restock.push(...take(goods.allocations, line.variantId, quantity, (part) => part.shipped - part.returned));
    }
    if (cancelUnshipped && isOwn(line)) {
      const held = (part: Allocation) => part.quantity - part.packed - part.shipped - part.released;
      release.push(...take(goods.allocations, line.variantId, quantity, held));
    }
    lineMoves.push({
      id: line.id,
      refunded: quantity,
      ...(comesBack ? { returned: quantity } : {}),
      ...(cancelUnshipped ? { cancelled: quantity } : {}),
    });
    const amount = shareOf(line.gross, line.quantity, line.refunded, quantity);
    lines.push({ line, quantity, amount, restocked: comesBack });
  }

  const shipping = wanted.shippingAmount ? minor(wanted.shippingAmount, order, 'shippingAmount') : 0;
  const shippingLeft = order.shippingGross - order.shippingRefunded;
  if (shipping > shippingLeft) {
    throw no('EXCEEDS_SOLD', 'This is more than was paid for shipping and not refunded yet.', [
      'input',
      'shippingAmount',
    ]);
  }
  const worth = lines.reduce((sum, { amount }) => sum + amount, 0) + shipping;
  const amount = wanted.amount ? minor(wanted.amount, order, 'amount') : worth;
  if (amount === 0) {
    throw no('NOTHING_TO_REFUND', 'Name lines, shipping or an amount to refund.', ['input']);
  }
  if (order.captured === 0) {
    throw no('NOT_PAID', 'No money has been captured for this order, so none can go back.', ['input', 'orderId']);
  }
  if (amount > refundable(order)) {
    throw no('EXCEEDS_CAPTURED', 'This is more than was paid and not refunded yet.', ['input', 'amount'], {
      refundable: { amountMinor: refundable(order), currency: order.currency },
    });
  }
  const after = moved(goods, lineMoves);
  if (!after.some(({ shipped }) => shipped > 0) && after.every((line) => line.cancelled === line.quantity)) {
    throw no('USE_CANCEL', 'Nothing would be left of this order: cancel it instead.', ['input', 'lines']);
  }
  return {
    id: null,
    amount,
    shipping,
    lines,
    restock,
    release,
    lineMoves,
    allocationMoves: [
      ...restock.map(({ quantity, ...part }) => ({ ...part, returned: quantity })),
      ...release.map(({ quantity, ...part }) => ({ ...part, released: quantity })),
    ],
    status: statusOfGoods(after, order.status),
  };
}
