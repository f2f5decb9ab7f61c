import { Rejection, Rejections, type UserId, type VariantId, type WarehouseId } from '@souk/schema';
import { availableOf, type Level, type StockBook } from './stock.ts';

export const stockErrorCodes = [
  'NOT_FOUND',
  'NO_ENTRIES',
  'TOO_MANY_ENTRIES',
  'DUPLICATE_ENTRY',
  'INVALID_QUANTITY',
  'INVALID_LOW_STOCK_MARK',
  'INVALID_REASON',
  'SAME_WAREHOUSE',
  'WAREHOUSE_CLOSED',
  'STALE_QUANTITY',
  'INSUFFICIENT_STOCK',
  'IDEMPOTENCY_CONFLICT',
] as const;
export type StockErrorCode = (typeof stockErrorCodes)[number];

export type AdjustmentKind = 'COUNT' | 'ADJUSTMENT' | 'TRANSFER';

/** A level as a person found it: `quantity` are on hand, where the books said `changeFromQuantity`. */
export interface CountEntry {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly quantity: number;
  readonly changeFromQuantity: number;
  /** Null takes the mark away, undefined leaves it. */
  readonly lowStockAt?: number | null;
}

export interface DeltaEntry {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly delta: number;
}

export interface TransferEntry {
  readonly variantId: VariantId;
  readonly quantity: number;
}

/** Who changes stock, why, and under which id. */
export interface Author {
  readonly reference: string;
  readonly reason: string | null;
  readonly actorId: UserId | null;
  readonly newId: () => string;
}

export const MAX_QUANTITY = 1_000_000;
const MAX_ENTRIES = 100;

const no = (
  code: StockErrorCode,
  message: string,
  field: readonly (string | number)[],
  data: { onHand?: number; available?: number } = {},
): Rejection => new Rejection(code, message, ['input', ...field.map(String)], data);

/** Blank is none. Throws INVALID_REASON. */
export function reasonOf(text: string | null | undefined): string | null {
  const reason = text?.trim() ?? '';
  if ([...reason].length > 500) throw no('INVALID_REASON', 'A reason has at most 500 characters.', ['reason']);
  return reason === '' ? null : reason;
}

/** Throws unless there are 1 to 100 entries, each of another place. */
export function checkEntries(keys: readonly string[]): void {
  if (keys.length === 0) throw no('NO_ENTRIES', 'Name at least one level to change.', ['entries']);
  if (keys.length > MAX_ENTRIES) {
    throw no('TOO_MANY_ENTRIES', `Change at most ${MAX_ENTRIES} levels at a time.`, ['entries']);
  }
  const twice = keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [no('DUPLICATE_ENTRY', 'The same variant is named twice for one warehouse.', ['entries', index])]
      : [],
  );
  if (twice.length > 0) throw new Rejections(twice);
}

function everyEntry<T>(entries: readonly T[], check: (entry: T, index: number) => Rejection | undefined): void {
  const found = entries.map(check).filter((mistake) => mistake !== undefined);
  if (found.length > 0) throw new Rejections(found);
}

const unknown = (book: StockBook, variantId: VariantId, index: number): Rejection | undefined =>
  book.knows(variantId)
    ? undefined
    : no('NOT_FOUND', 'There is no such variant on sale yet.', ['entries', index, 'variantId']);

const whole = (quantity: number, least: number): boolean =>
  Number.isSafeInteger(quantity) && quantity >= least && quantity <= MAX_QUANTITY;

/** What a level would be left with, where that is too much or less than it owes to orders. */
function unfit(level: Level, delta: number, field: readonly (string | number)[]): Rejection | undefined {
  if (level.onHand + delta > MAX_QUANTITY) {
    return no('INVALID_QUANTITY', `A level holds at most ${MAX_QUANTITY}.`, field);
  }
  const available = availableOf(level);
  if (available + delta < 0) {
    return no('INSUFFICIENT_STOCK', `Only ${available} are free: the rest is promised to orders.`, field, {
      onHand: level.onHand,
      available,
    });
  }
  return undefined;
}

/** Sets levels to what was counted. Refused as a whole where the books moved since the counter looked. */
export function count(book: StockBook, entries: readonly CountEntry[], author: Author): void {
  everyEntry(entries, ({ variantId, warehouseId, quantity, changeFromQuantity, lowStockAt }, index) => {
    const at = (name: string) => ['entries', index, name];
    if (!whole(quantity, 0)) {
      return no('INVALID_QUANTITY', `A quantity lies between 0 and ${MAX_QUANTITY}.`, at('quantity'));
    }
    if (lowStockAt != null && !whole(lowStockAt, 1)) {
      return no('INVALID_LOW_STOCK_MARK', `A low-stock mark lies between 1 and ${MAX_QUANTITY}.`, at('lowStockAt'));
    }
    const strange = unknown(book, variantId, index);
    if (strange) return strange;
    const level = book.level(variantId, warehouseId);
    if (level.onHand !== changeFromQuantity) {
      const message = 'The quantity on hand changed since you looked. Look at it again before you save.';
      const data = { onHand: level.onHand, available: availableOf(level) };
      return no('STALE_QUANTITY', message, at('changeFromQuantity'), data);
    }
    return unfit(level, quantity - level.onHand, at('quantity'));
  });
  for (const { variantId, warehouseId, quantity, lowStockAt } of entries) {
    const { onHand } = book.level(variantId, warehouseId);
    book.mark(
      variantId,
      warehouseId,
      lowStockAt === undefined ? book.level(variantId, warehouseId).lowStockAt : lowStockAt,
    );
    book.move(movement(author, 'COUNT', variantId, warehouseId, quantity - onHand));
  }
}

/** Adds to levels or takes from them, from whatever they are. */
export function adjust(book: StockBook, entries: readonly DeltaEntry[], author: Author): void {
  everyEntry(entries, ({ variantId, warehouseId, delta }, index) => {
    const field = ['entries', index, 'delta'];
    if (delta === 0 || !whole(Math.abs(delta), 1)) {
      return no('INVALID_QUANTITY', `Add or take between 1 and ${MAX_QUANTITY}.`, field);
    }
    return unknown(book, variantId, index) ?? unfit(book.level(variantId, warehouseId), delta, field);
  });
  for (const { variantId, warehouseId, delta } of entries) {
    book.move(movement(author, 'ADJUSTMENT', variantId, warehouseId, delta));
  }
}

/** Moves free stock from one warehouse to another. */
export function transfer(
  book: StockBook,
  from: WarehouseId,
  to: WarehouseId,
  entries: readonly TransferEntry[],
  author: Author,
): void {
  everyEntry(entries, ({ variantId, quantity }, index) => {
    const field = ['entries', index, 'quantity'];
    if (!whole(quantity, 1)) {
      return no('INVALID_QUANTITY', `Transfer between 1 and ${MAX_QUANTITY}.`, field);
    }
    return (
      unknown(book, variantId, index) ??
      unfit(book.level(variantId, from), -quantity, field) ??
      unfit(book.level(variantId, to), quantity, field)
    );
  });
  for (const { variantId, quantity } of entries) {
    book.move(movement(author, 'TRANSFER', variantId, from, -quantity));
    book.move(movement(author, 'TRANSFER', variantId, to, quantity));
  }
}

/** Where stock changes, whether it comes in there, and which input says so. */
export interface Place {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly takes: boolean;
  readonly field: readonly (string | number)[];
}

/** Throws where a warehouse is unknown, or closed and would take stock. */
export function checkOpen(open: ReadonlyMap<WarehouseId, boolean>, places: readonly Place[]): void {
  everyEntry(places, ({ warehouseId, takes, field }) => {
    const active = open.get(warehouseId);
    if (active === undefined) return no('NOT_FOUND', 'There is no such warehouse.', field);
    if (active || !takes) return undefined;
    return no('WAREHOUSE_CLOSED', 'This warehouse is closed and takes no stock.', field);
  });
}

export const sameWarehouse = (): Rejection =>
  no('SAME_WAREHOUSE', 'Transfer to another warehouse than the one the stock is in.', ['toWarehouseId']);

const movement = (
  { newId, reference, reason, actorId }: Author,
  kind: AdjustmentKind,
  variantId: VariantId,
  warehouseId: WarehouseId,
  quantity: number,
) => ({ id: newId(), variantId, warehouseId, kind, quantity, orderId: null, reference, reason, actorId });
